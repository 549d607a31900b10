/*
 * A vault that does not open, because git left its marks or lines are gone: what is there, without
 * the marks, and what other states of the file and the journal have of what is missed. Lines are
 * added and marks taken out; no record is ever dropped.
 */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "vault/gather.h"
#include "vault/judge.h"
#include "vault/lines.h"
#include "vault/memory.h"

#include "base/banned.h"

struct mend {
    struct line_index index;
    uint32_t *wanted; /* of INDEX: what has to be in the file whether it is named or not */
    size_t wanted_count, wanted_cap;
    bool has_journal;
    struct bulla_mend_report report;
};

void mend_free(struct mend *mend)
{
    if (mend != NULL) {
        index_release(&mend->index);
        bulla_free(mend->wanted);
    }
}

/* One line of the file: kept and read, or left out because git put it there. */
static bool take_line(struct bulla_vault *vault, struct bulla_bytes line, bool has_end,
                      uint32_t number, const char *environment, struct bulla_error *err)
{
    struct bulla_mend_report *report = &vault->mend->report;
    bool has_header = vault->header.len > 0;
    if (vault_is_marker(line)) {
        report->markers++;
        return true;
    }
    if (has_header && vault_is_header(line) && bulla_bytes_equal(line, vault_header_line(vault))) {
        report->headers++;
        return true;
    }
    /* There is room for the whole file, so that what was read before stays where it is. */
    size_t start = vault->text.len;
    bulla_buf_add_bytes(&vault->text, line);
    bulla_buf_puts(&vault->text, has_end ? "\n" : "");
    if (!bulla_buf_ok(&vault->text, err)) {
        return false;
    }
    struct bulla_bytes kept = bulla_bytes(vault->text.data + start, line.len);
    return has_header ? vault_read_line(vault, kept, number, err)
                      : vault_set_header(vault, kept, environment, err);
}

static bool take_lines(struct bulla_vault *vault, const char *environment, struct bulla_error *err)
{
    struct bulla_bytes rest = bulla_buf_view(&vault->original);
    if (bulla_buf_reserve(&vault->text, rest.len + 1) == NULL) {
        return bulla_buf_ok(&vault->text, err);
    }
    for (uint32_t number = 1; rest.len > 0; number++) {
        const uint8_t *end = memchr(rest.data, '\n', rest.len);
        size_t len = end == NULL ? rest.len : (size_t)(end - rest.data);
        if (!take_line(vault, bulla_bytes(rest.data, len), end != NULL, number, environment, err)) {
            return false;
        }
        rest = bulla_bytes_slice(rest, end == NULL ? len : len + 1, SIZE_MAX);
    }
    return vault->header.len > 0 || bulla_error_at(err, BULLA_E_SYNTAX, vault->path,
                                                   (struct bulla_pos){1, 1}, "the vault is empty");
}

static bool open_damaged(struct bulla_vault *vault, const struct bulla_vault_place *place,
                         struct bulla_error *err)
{
    bulla_buf_init(&vault->original, BULLA_MAX_VAULT_BYTES * 2);
    vault->mend = pool_alloc(vault->pool, sizeof *vault->mend, err);
    return vault->mend != NULL && index_init(&vault->mend->index, vault->pool, err) &&
           intern_init(&vault->ids, 64, err) &&
           (vault->access != BULLA_VAULT_WRITE || vault_lock(vault, err)) &&
           bulla_vault_read_file(vault->path, &vault->original, err) &&
           take_lines(vault, place->environment, err) && memory_load(vault, place, err);
}

struct bulla_vault *bulla_vault_mend_open(const struct bulla_vault_place *place,
                                          enum bulla_vault_access access, struct bulla_error *err)
{
    struct bulla_vault *vault = vault_new(place, access, err);
    if (vault != NULL && !open_damaged(vault, place, err)) {
        bulla_vault_close(vault);
        vault_add_remedy(place, err);
        return NULL;
    }
    return vault;
}

/* Whether TEXT is a vault by itself, which all that it has may be taken from. */
static bool check_sound(const struct bulla_vault *vault, struct bulla_bytes text, bool *ret_sound,
                        struct bulla_error *err)
{
    struct bulla_error refusal = BULLA_ERROR_INIT;
    const struct bulla_vault_place place = {.path = vault->path,
                                            .text = text,
                                            .environment = vault->environment,
                                            .trust_new_root = true};
    bulla_auto_vault other = bulla_vault_open(&place, BULLA_VAULT_VERIFY, &refusal);
    *ret_sound = other != NULL;
    return refusal.code != BULLA_E_NOMEM || bulla_error_nomem(err);
}

/* LINE, or what stands in its place in the index, as something to take from ORIGIN. */
static bool index_line(struct bulla_vault *vault, struct bulla_bytes line, uint32_t origin,
                       bool is_trusted, uint32_t *ret_number, struct bulla_error *err)
{
    struct line_index *index = &vault->mend->index;
    size_t before = index->ids.count;
    if (!index_add(vault, index, line, origin, ret_number, err) || *ret_number == NONE) {
        return err->code == BULLA_OK;
    }
    struct known_line *known = &index->lines[*ret_number];
    bool is_new = index->ids.count > before;
    /* An id does not cover the signature: a copy from a text that verifies is the better one. */
    if (!is_new && (!is_trusted || known->is_wanted)) {
        return true;
    }
    const char *copy = pool_strndup(vault->pool, line.data, line.len, err);
    if (copy == NULL) {
        return false;
    }
    known->text.line = copy;
    known->origin = origin;
    return true;
}

/* The records of TEXT that VAULT lacks: into the index, and their numbers there into NUMBERS. */
static bool index_missing(struct bulla_vault *vault, struct bulla_bytes text, uint32_t origin,
                          bool is_trusted, struct bulla_buf *numbers, struct bulla_error *err)
{
    bulla_buf_clear(numbers);
    while (text.len > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.data);
        uint32_t number = NONE;
        if (len > 0 &&
            !index_line(vault, bulla_bytes(text.data, len), origin, is_trusted, &number, err)) {
            return false;
        }
        text = bulla_bytes_slice(text, end == NULL ? len : len + 1, SIZE_MAX);
        if (number == NONE) {
            continue;
        }
        const struct intern_entry *id = &vault->mend->index.ids.entries[number];
        if (intern_find(&vault->ids, bulla_bytes(id->text, id->len)) == NONE) {
            bulla_buf_add(numbers, &number, sizeof number);
        }
    }
    return bulla_buf_ok(numbers, err);
}

static bool add_wanted(struct mend *mend, uint32_t number, size_t *ret_missing,
                       struct bulla_error *err)
{
    struct known_line *line = &mend->index.lines[number];
    if (line->is_wanted) {
        return true;
    }
    if (!bulla_grow(&mend->wanted, &mend->wanted_cap, mend->wanted_count + 1, sizeof *mend->wanted,
                    err)) {
        return false;
    }
    line->is_wanted = true;
    mend->wanted[mend->wanted_count++] = number;
    ++*ret_missing;
    return true;
}

/* True where TEXT begins as this vault does, marks of git aside. */
static bool is_of_this_vault(const struct bulla_vault *vault, struct bulla_bytes text)
{
    while (text.len > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.data);
        struct bulla_bytes line = bulla_bytes(text.data, len);
        if (!vault_is_marker(line)) {
            return bulla_bytes_equal(line, vault_header_line(vault));
        }
        text = bulla_bytes_slice(text, end == NULL ? len : len + 1, SIZE_MAX);
    }
    return false;
}

bool bulla_vault_mend_add(struct bulla_vault *vault, struct bulla_bytes text, uint32_t origin,
                          bool is_wanted, size_t *ret_missing, struct bulla_error *err)
{
    *ret_missing = 0;
    if (vault->mend == NULL || vault->judged != NULL) {
        return bulla_error(err, BULLA_E_BUG, "the vault is not open to be mended");
    }
    if (!is_of_this_vault(vault, text)) {
        return true;
    }
    bulla_auto_buf numbers;
    bulla_buf_init(&numbers, BULLA_MAX_VAULT_BYTES);
    if (!index_missing(vault, text, origin, false, &numbers, err)) {
        return false;
    }
    bool is_sound = false;
    if (!is_wanted || numbers.len == 0) {
        return true;
    }
    if (!check_sound(vault, text, &is_sound, err)) {
        return false;
    }
    if (!is_sound) {
        return true;
    }
    if (!index_missing(vault, text, origin, true, &numbers, err)) {
        return false;
    }
    for (size_t at = 0; at < numbers.len; at += sizeof(uint32_t)) {
        uint32_t number = 0;
        memcpy(&number, numbers.data + at, sizeof number);
        if (!add_wanted(vault->mend, number, ret_missing, err)) {
            return false;
        }
    }
    return true;
}

/* All that has to come in, and what it names, as far as it is known. */
static bool gather(struct bulla_vault *vault, struct gathering *gathering, struct bulla_error *err)
{
    struct mend *mend = vault->mend;
    if (!mend->has_journal &&
        !recover_index_journal(vault, &mend->index, BULLA_MEND_JOURNAL, err)) {
        return false;
    }
    mend->has_journal = true;
    if (!gather_begin(gathering, vault, &mend->index, err)) {
        return false;
    }
    for (size_t i = 0; i < vault->remembered_count; i++) {
        gather_want(gathering, bulla_bytes_of(vault->remembered[i]));
    }
    mend->report.forgotten = gathering->missing;
    for (size_t i = 0; i < mend->wanted_count; i++) {
        const struct intern_entry *id = &mend->index.ids.entries[mend->wanted[i]];
        gather_want(gathering, bulla_bytes(id->text, id->len));
    }
    for (size_t i = 0; i < vault->count; i++) {
        gather_want_links(gathering, &vault->records[i].t);
    }
    gather_follow(gathering);
    return true;
}

bool bulla_vault_mend_lacks(struct bulla_vault *vault, bool *ret_lacks, struct bulla_error *err)
{
    struct gathering gathering;
    if (!gather(vault, &gathering, err)) {
        return false;
    }
    *ret_lacks = gathering.missing > 0;
    return true;
}

static bool take_gathered(struct bulla_vault *vault, const struct gathering *gathering,
                          struct bulla_error *err)
{
    for (size_t i = 0; i < gathering->count; i++) {
        const struct known_line *line = &gathering->index->lines[gathering->queue[i]];
        uint32_t number = NONE;
        size_t before = vault->count;
        if (!vault_add_line(vault, bulla_bytes(line->text.line, line->text.len), 0, &number, err)) {
            return false;
        }
        if (vault->count > before) {
            struct record *record = &vault->records[number];
            record->added = true;
            record->restored = line->origin == BULLA_MEND_JOURNAL;
            record->origin = line->origin;
            vault->added++;
            vault->mend->report.added++;
        }
    }
    return true;
}

bool bulla_vault_mend_finish(struct bulla_vault *vault, const struct bulla_vault_place *place,
                             struct bulla_mend_report *ret_report, struct bulla_error *err)
{
    struct gathering gathering;
    if (vault->mend == NULL || vault->judged != NULL) {
        return bulla_error(err, BULLA_E_BUG, "the vault is not open to be mended");
    }
    if (!gather(vault, &gathering, err) || !take_gathered(vault, &gathering, err) ||
        !vault_judge(vault, err) || !memory_check_root(vault, place, err)) {
        return false;
    }
    if (bulla_bytes_equal(bulla_buf_view(&vault->original), bulla_buf_view(&vault->text))) {
        bulla_buf_release(&vault->original);
    }
    *ret_report = vault->mend->report;
    return true;
}
