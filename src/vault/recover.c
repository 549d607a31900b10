/* What the journal has of records that the file has lost. */
#include <string.h>

#include "bulla/mem.h"
#include "crypto/prim.h"
#include "vault/vault_internal.h"

#include "base/banned.h"

#define MAX_JOURNAL_BYTES ((size_t)1024 * 1024 * 1024)

struct journal {
    struct pool *pool;
    struct intern ids;
    struct record_text *lines; /* as ids */
    size_t cap;
};

/* A line that is no record of this vault is passed over: the journal is read for what it has. */
static bool index_line(const struct bulla_vault *vault, struct journal *journal,
                       struct bulla_bytes line, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    struct record_text record;
    if (!record_parse(line, NULL, 0, &record, &ignored)) {
        return true;
    }
    uint8_t hash[32];
    char id[TEXT_ID_CHARS + 1];
    const struct bulla_bytes parts[] = {bulla_buf_view(&vault->header),
                                        bulla_bytes(line.data, record.signed_len)};
    prim_hash(hash, parts, sizeof parts / sizeof *parts);
    text_format_id(hash, id);
    uint32_t number = 0;
    if (!intern_add(&journal->ids, journal->pool, bulla_bytes(id, TEXT_ID_CHARS), &number, err) ||
        !bulla_grow(&journal->lines, &journal->cap, journal->ids.count, sizeof *journal->lines,
                    err)) {
        return false;
    }
    journal->lines[number] = record;
    return true;
}

static bool index_journal(const struct bulla_vault *vault, struct journal *journal,
                          struct bulla_bytes text, struct bulla_error *err)
{
    while (text.len > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.data);
        if (len > 0 && !index_line(vault, journal, bulla_bytes(text.data, len), err)) {
            return false;
        }
        text = bulla_bytes_slice(text, end == NULL ? len : len + 1, SIZE_MAX);
    }
    return true;
}

/* Queues record ID where the file lacks it; *COMPLETE falls where the journal lacks it too. */
static void want(const struct bulla_vault *vault, const struct journal *journal,
                 struct bulla_bytes id, uint32_t *queue, size_t *queued, uint8_t *taken,
                 bool *complete)
{
    if (id.len == 0 || intern_find(&vault->ids, id) != NONE) {
        return;
    }
    uint32_t number = intern_find(&journal->ids, id);
    if (number == NONE) {
        *complete = false;
    } else if (taken[number] == 0) {
        taken[number] = 1;
        queue[(*queued)++] = number;
    }
}

static bool follow(const struct bulla_vault *vault, const struct journal *journal,
                   struct bulla_bytes **ret_lines, size_t *ret_count, bool *ret_complete,
                   struct bulla_error *err)
{
    static const enum meta_key links[] = {META_FROM, META_KEEP, META_OF};
    size_t count = journal->ids.count;
    uint32_t *queue = pool_alloc(journal->pool, (count + 1) * sizeof *queue, err);
    uint8_t *taken = pool_alloc(journal->pool, count + 1, err);
    struct bulla_bytes *lines = pool_alloc(journal->pool, (count + 1) * sizeof *lines, err);
    if (queue == NULL || taken == NULL || lines == NULL) {
        return false;
    }
    size_t queued = 0;
    *ret_complete = true;
    for (size_t i = 0; i < vault->remembered_count; i++) {
        want(vault, journal, bulla_bytes_of(vault->remembered[i]), queue, &queued, taken,
             ret_complete);
    }
    for (size_t i = 0; i < queued; i++) {
        const struct record_text *record = &journal->lines[queue[i]];
        lines[i] = bulla_bytes(record->line, record->len);
        for (uint32_t j = 0; j < record->parent_count; j++) {
            want(vault, journal, record_parent(record, j), queue, &queued, taken, ret_complete);
        }
        for (size_t j = 0; j < sizeof links / sizeof *links; j++) {
            want(vault, journal, record_span(record, record->values[links[j]]), queue, &queued,
                 taken, ret_complete);
        }
    }
    *ret_lines = lines;
    *ret_count = queued;
    return true;
}

bool recover_find(struct bulla_vault *vault, struct pool *pool, struct bulla_bytes **ret_lines,
                  size_t *ret_count, bool *ret_complete, struct bulla_error *err)
{
    struct journal journal = {.pool = pool};
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_JOURNAL_BYTES);
    if (!memory_read_journal(vault, &text, err) || !intern_init(&journal.ids, 64, err)) {
        return false;
    }
    /* The lines are handed out, so they live in the pool and not in the buffer. */
    const char *kept = pool_strndup(pool, text.data, text.len, err);
    bool ok = kept != NULL && index_journal(vault, &journal, bulla_bytes(kept, text.len), err) &&
              follow(vault, &journal, ret_lines, ret_count, ret_complete, err);
    intern_release(&journal.ids);
    bulla_free(journal.lines);
    return ok;
}

bool bulla_vault_restore(struct bulla_vault *vault, size_t *ret_count, struct bulla_error *err)
{
    *ret_count = 0;
    if (vault->access != BULLA_VAULT_WRITE || vault->broken) {
        return bulla_error(err, BULLA_E_BUG, "the vault is not open for writing");
    }
    struct bulla_bytes *lines = NULL;
    size_t count = 0;
    bool complete = false;
    if (!recover_find(vault, vault->pool, &lines, &count, &complete, err)) {
        return false;
    }
    for (size_t i = 0; i < count && complete; i++) {
        uint32_t record = 0;
        size_t before = vault->count;
        if (!vault_add_line(vault, lines[i], 0, &record, err)) {
            vault->broken = true;
            return false;
        }
        if (vault->count > before) {
            vault->records[record].added = true;
            vault->records[record].restored = true;
            vault->added++;
            ++*ret_count;
        }
    }
    if (*ret_count > 0 && !vault_judge(vault, err)) {
        vault->broken = true;
        return false;
    }
    return true;
}
