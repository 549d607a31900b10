#include "candidates.h"

#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/secret.h"
#include "output.h"
#include "when.h"

#define LETTERS 26

void candidates_release(struct candidates *candidates)
{
    bulla_free(candidates->items);
    *candidates = (struct candidates){0};
}

/* The letter of the first candidate with the same value, or the next one. */
static void give_letter(struct candidates *candidates, size_t index)
{
    struct candidate *mine = &candidates->items[index];
    char next = 'A';
    mine->letter = '?';
    for (size_t i = 0; i < index && !mine->sealed; i++) {
        const struct candidate *other = &candidates->items[i];
        if (!other->sealed && bulla_secret_bytes_equal(other->value, mine->value)) {
            mine->letter = other->letter;
            return;
        }
        next = !other->sealed && other->letter >= next ? (char)(other->letter + 1) : next;
    }
    if (!mine->sealed) {
        mine->letter = next < 'A' + LETTERS ? next : 'Z';
    }
}

static bool add(struct candidates *candidates, struct bulla_vault *vault,
                const struct bulla_version_info *version, struct bulla_error *err)
{
    struct candidate *candidate = &candidates->items[candidates->count];
    *candidate = (struct candidate){.version = *version};
    if (!bulla_vault_get_by_id(vault, version->id, &candidate->value, err)) {
        /* A version whose ciphertext is not its own, too: it must not keep others from being taken.
         */
        if (err->code != BULLA_E_IDENTITY && err->code != BULLA_E_VERIFY) {
            return false;
        }
        bulla_error_clear(err);
        candidate->sealed = true;
    }
    give_letter(candidates, candidates->count++);
    return true;
}

/* The same value, or none is: a deletion is another thing than any value. */
static bool are_equal(const struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++) {
        if (candidates->items[i].sealed || candidates->items[i].letter != 'A') {
            return false;
        }
    }
    return candidates->count > 1 && !candidates->unset;
}

bool candidates_collect(struct candidates *ret, struct bulla_vault *vault, const char *name,
                        struct bulla_error *err)
{
    struct bulla_secret_info secret;
    struct bulla_version_info version;
    bool any_counts = false;
    if (!bulla_vault_find(vault, name, &secret)) {
        return bulla_error(err, BULLA_E_BUG, "no secret '%s'", name);
    }
    *ret = (struct candidates){.unset = secret.unset_on_a_branch};
    ret->items = bulla_alloc(secret.version_count + 1, sizeof *ret->items, err);
    if (ret->items == NULL) {
        return false;
    }
    for (size_t i = 0; bulla_vault_version(vault, name, i, &version); i++) {
        if (version.contested) {
            any_counts = any_counts || version.counts;
            if (!add(ret, vault, &version, err)) {
                return false;
            }
        }
    }
    ret->equal = are_equal(ret);
    for (size_t i = 0; !any_counts && bulla_vault_version(vault, name, i, &version); i++) {
        if (version.counts && !version.contested && version.state != BULLA_VERSION_PENDING) {
            return add(ret, vault, &version, err);
        }
    }
    return true;
}

static void write_row(struct table *table, size_t number, const struct candidate *candidate)
{
    const struct bulla_version_info *version = &candidate->version;
    char text[64];
    char at[WHEN_BYTES];
    (void)snprintf(text, sizeof text, "%zu", number);
    table_styled(table, STYLE_STRONG, text);
    (void)snprintf(text, sizeof text, "%u", version->number);
    table_cell(table, text);
    (void)snprintf(text, sizeof text, "%.8s", version->id);
    table_cell(table, text);
    table_cell(table, when_minute(version->at, at));
    table_cell(table, version->by);
    if (candidate->sealed) {
        (void)snprintf(text, sizeof text, "sealed");
    } else {
        (void)snprintf(text, sizeof text, "%c, %zu bytes", candidate->letter, candidate->value.len);
    }
    table_cell(table, text);
    (void)snprintf(text, sizeof text, "%s%s%s",
                   version->contested ? "contested" : bulla_version_state_name(version->state),
                   version->exposed ? ", exposed" : "", version->counts ? "" : ", does not count");
    table_styled(table, version->exposed || !version->counts ? STYLE_WARNING : STYLE_PLAIN, text);
}

bool candidates_write(const struct candidates *candidates, const char *name, struct output *out,
                      struct bulla_error *err)
{
    static const char *const headings[] = {"#", "V", "ID", "SET", "BY", "VALUE", "STATE"};
    output_styled(out, STYLE_STRONG, name);
    output_text(out, candidates->unset ? ": set on one branch, unset on another\n"
                                       : ": which value is it?\n");
    auto_table table;
    table_init(&table, out, headings, sizeof headings / sizeof *headings);
    table_keep_whole(&table, 3);
    for (size_t i = 0; i < candidates->count; i++) {
        write_row(&table, i + 1, &candidates->items[i]);
    }
    return table_write(&table, err);
}
