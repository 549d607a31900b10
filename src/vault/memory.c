/* Roots, heads and journal as opening and committing see them: docs/vault.5.md 9. */
#include "vault/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"
#include "state/state.h"
#include "vault/judge.h"
#include "vault/seal.h"

#include "base/banned.h"

#define MAX_OWN_TRIED 16

void memory_note(struct bulla_vault *vault, const char *fmt, ...)
{
    char text[512];
    struct bulla_error ignored = BULLA_ERROR_INIT;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    char *note = pool_printf(vault->pool, &ignored, "%s%s%s", vault->note,
                             vault->note[0] == '\0' ? "" : "; ", text);
    if (note != NULL) {
        vault->note = note;
    }
}

static struct state_place place_of(const struct bulla_vault *vault)
{
    return (struct state_place){vault->state_folder, vault->vault_id, vault->absolute,
                                vault->branch, vault->tree};
}

/*
 * Reading goes on without its memory and says so. Verifying and writing, which would replace what
 * they could not read, do not.
 */
static bool forgo(struct bulla_vault *vault, struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    if (vault->access != BULLA_VAULT_READ) {
        if (err->hint[0] == '\0') {
            (void)bulla_error_hint(err,
                                   "the machine remembers the vault there; make that readable");
        }
        return false;
    }
    memory_note(vault, "what this machine remembers of the vault cannot be read: %s: %s", err->file,
                err->message);
    bulla_error_clear(err);
    return true;
}

bool memory_load(struct bulla_vault *vault, const struct bulla_vault_place *place,
                 struct bulla_error *err)
{
    vault->accept_missing = place->accept_missing;
    if (place->state_folder == NULL) {
        return true;
    }
    vault->absolute = state_absolute(place->path, err);
    vault->branch =
        vault->absolute == NULL ? NULL : state_branch(vault->absolute, &vault->tree, err);
    vault->state_folder = vault->branch == NULL ? NULL : bulla_strdup(place->state_folder, err);
    if (vault->state_folder == NULL) {
        return forgo(vault, err);
    }
    struct state_place where = place_of(vault);
    if (!state_read_heads(&where, vault->pool, &vault->remembered, &vault->remembered_count, err)) {
        return forgo(vault, err);
    }
    for (size_t i = 0; i < vault->remembered_count && vault->access == BULLA_VAULT_WRITE; i++) {
        uint32_t record = intern_find(&vault->ids, bulla_bytes_of(vault->remembered[i]));
        if (record != NONE) {
            vault->records[record].known = true;
        }
    }
    return true;
}

/* True when one of the identities signed a record: what it signed has the root below it. */
static bool is_signed_by_us(struct bulla_vault *vault)
{
    size_t identities = vault->identities == NULL ? 0 : bulla_identities_count(vault->identities);
    size_t tried = 0;
    for (size_t i = 0; i < identities; i++) {
        uint32_t key = intern_find(&vault->signs, bulla_bytes_of(author_sign(vault, i)));
        for (size_t j = 0; key != NONE && j < vault->count && tried < MAX_OWN_TRIED; j++) {
            struct record *record = &vault->records[j];
            if (!trust_is_signed_by(vault, record, key)) {
                continue;
            }
            tried++;
            if (record->checked || trust_check_signature(vault, record, key)) {
                return true;
            }
        }
    }
    return false;
}

/* True when a "# bulla-root" line of the identity file names ROOT. */
static bool is_beside_identity(const struct bulla_identities *identities, const char *root)
{
    const char *beside = identities == NULL ? NULL : bulla_identities_root(identities, 0);
    for (size_t i = 1; beside != NULL && strcmp(beside, root) != 0; i++) {
        beside = bulla_identities_root(identities, i);
    }
    return beside != NULL;
}

static bool refuse_other_root(const struct bulla_vault *vault, const char *why, const char *known,
                              const char *root, struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_VERIFY, vault->path, (struct bulla_pos){1, 1},
                         "the root is %s, but %s %s", root, why, known);
    return bulla_error_hint(err,
                            "this may be another vault under the old name; if your team "
                            "replaced it, pass --root %s",
                            root);
}

static bool know_root(struct bulla_vault *vault, const struct bulla_vault_place *place,
                      const struct state_root *known, const char *root, struct bulla_error *err)
{
    if (place->pinned_root != NULL) {
        return strcmp(place->pinned_root, root) == 0 ||
               refuse_other_root(vault, "the pinned one is", place->pinned_root, root, err);
    }
    if (known->by_path[0] != '\0') {
        return strcmp(known->by_path, root) == 0 ||
               refuse_other_root(vault, "this path had", known->by_path, root, err);
    }
    if (known->by_vault[0] != '\0') {
        return strcmp(known->by_vault, root) == 0 ||
               refuse_other_root(vault, "this vault-id had", known->by_vault, root, err);
    }
    if (is_beside_identity(place->identities, root) || is_signed_by_us(vault)) {
        return true;
    }
    vault->root_is_new = true;
    if (place->trust_new_root) {
        return true;
    }
    if (vault->access == BULLA_VAULT_VERIFY) {
        memory_note(vault, "the root %s is not known on this machine", root);
        return true;
    }
    if (place->ret_unknown_root != NULL) {
        memcpy(place->ret_unknown_root, root, BULLA_VAULT_ID_CHARS + 1);
    }
    const char *beside =
        place->identities == NULL ? NULL : bulla_identities_root(place->identities, 0);
    if (beside != NULL) {
        /* A CI's identity names its vaults: another one is likelier an attack than a new vault. */
        (void)bulla_error_at(
            err, BULLA_E_VERIFY, vault->path, (struct bulla_pos){0, 0},
            "the root %s is not known on this machine, nor to the identity, which "
            "names %s%s",
            root, beside, bulla_identities_root(place->identities, 1) != NULL ? " and others" : "");
        return bulla_error_hint(err, "this may be another vault under the old name: ask your team "
                                     "before you pass another --root");
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, vault->path, (struct bulla_pos){0, 0},
                         "the root %s is not known on this machine", root);
    return bulla_error_hint(
        err,
        "a member sees it with 'bulla verify'; if it is the same, take it: bulla verify -e %s "
        "--root %s",
        place->environment, root);
}

bool memory_check_root(struct bulla_vault *vault, const struct bulla_vault_place *place,
                       struct bulla_error *err)
{
    const char *root = vault->records[vault->graph.root].id;
    struct state_root known = {"", ""};
    bool read = true;
    if (vault->state_folder != NULL) {
        struct state_place where = place_of(vault);
        read = state_read_root(&where, &known, err);
        if (!read && !forgo(vault, err)) {
            return false;
        }
    }
    if (!know_root(vault, place, &known, root, err)) {
        return false;
    }
    bool taken = !vault->root_is_new || place->trust_new_root;
    if (taken && read && (strcmp(known.by_path, root) != 0 || strcmp(known.by_vault, root) != 0)) {
        memory_keep_root(vault);
    }
    return true;
}

/* The note that WHAT could not be kept, and where it could be. */
static void forgo_writing(struct bulla_vault *vault, const char *what,
                          const struct bulla_error *err)
{
    memory_note(vault, "the %s cannot be remembered: %s: %s; XDG_STATE_HOME names another folder",
                what, err->file, err->message);
}

void memory_keep_root(struct bulla_vault *vault)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct state_place where = place_of(vault);
    if (vault->state_folder != NULL &&
        !state_write_root(&where, vault->records[vault->graph.root].id, &err)) {
        forgo_writing(vault, "root", &err);
    }
}

bool memory_check_heads(struct bulla_vault *vault, struct bulla_error *err)
{
    size_t missing = 0;
    const char *first = NULL;
    for (size_t i = 0; i < vault->remembered_count; i++) {
        if (intern_find(&vault->ids, bulla_bytes_of(vault->remembered[i])) == NONE) {
            first = missing++ == 0 ? vault->remembered[i] : first;
        }
    }
    if (missing == 0) {
        return true;
    }
    if (vault->accept_missing) {
        memory_note(vault, "%zu remembered heads are gone and forgotten now", missing);
        return true;
    }
    auto_pool pool = pool_new(err);
    struct bulla_bytes *lines = NULL;
    size_t count = 0;
    bool complete = false;
    if (pool == NULL || !recover_find(vault, pool, &lines, &count, &complete, err)) {
        return false;
    }
    if (complete) {
        memory_note(vault,
                    "%zu line%s that this vault had here %s only in this machine's journal now: "
                    "'bulla restore' brings %s back, or merge the branch that has %s",
                    count, count == 1 ? "" : "s", count == 1 ? "is" : "are",
                    count == 1 ? "it" : "them", count == 1 ? "it" : "them");
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, vault->path, (struct bulla_pos){0, 0},
                         "the vault was rolled back: it had record %.8s%s here, which is gone",
                         first, missing > 1 ? " and others" : "");
    return bulla_error_hint(err, "'bulla git fix' looks for it in git; if it is meant to be gone: "
                                 "'bulla verify --accept'");
}

void memory_keep_heads(struct bulla_vault *vault)
{
    if (vault->state_folder == NULL) {
        return;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    struct state_place where = place_of(vault);
    size_t room = vault->graph.head_count + vault->remembered_count;
    const char **heads = pool_alloc(vault->pool, (room + 1) * sizeof *heads, &err);
    size_t count = 0;
    for (size_t i = 0; heads != NULL && i < vault->graph.head_count; i++) {
        heads[count++] = vault->records[vault->graph.heads[i]].id;
    }
    /* What is missing stays remembered until it is restored or accepted. */
    for (size_t i = 0; heads != NULL && i < vault->remembered_count && !vault->accept_missing;
         i++) {
        if (intern_find(&vault->ids, bulla_bytes_of(vault->remembered[i])) == NONE) {
            heads[count++] = vault->remembered[i];
        }
    }
    bool same = heads != NULL && count == vault->remembered_count;
    for (size_t i = 0; same && i < count; i++) {
        same = strcmp(heads[i], vault->remembered[i]) == 0;
    }
    if (same) {
        return;
    }
    if (heads == NULL || !state_write_heads(&where, heads, count, &err)) {
        forgo_writing(vault, "heads", &err);
        return;
    }
    vault->remembered = heads;
    vault->remembered_count = count;
}

bool memory_journal(const struct bulla_vault *vault, struct bulla_bytes lines,
                    struct bulla_error *err)
{
    struct state_place where = place_of(vault);
    return vault->state_folder == NULL || state_append_journal(&where, lines, err);
}

bool memory_read_journal(const struct bulla_vault *vault, struct bulla_buf *text,
                         struct bulla_error *err)
{
    struct state_place where = place_of(vault);
    return vault->state_folder == NULL || state_read_journal(&where, text, err);
}

bool bulla_vault_was_here(const struct bulla_vault_place *place, bool *ret_was,
                          struct bulla_error *err)
{
    *ret_was = false;
    if (place->state_folder == NULL) {
        return true;
    }
    bulla_auto_str absolute = state_absolute(place->path, err);
    if (absolute == NULL) {
        /* Without its folder nothing can be said of the path that was remembered. */
        bool is_missing = err->code != BULLA_E_NOMEM;
        if (is_missing) {
            bulla_error_clear(err);
        }
        return is_missing;
    }
    struct state_root known = {"", ""};
    const struct state_place where = {place->state_folder, "", absolute, ""};
    if (!state_read_root(&where, &known, err)) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
    }
    *ret_was = known.by_path[0] != '\0';
    return true;
}
