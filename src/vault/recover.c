/* What the journal has of records that the file has lost. */
#include "vault/gather.h"
#include "vault/judge.h"
#include "vault/lines.h"
#include "vault/memory.h"

#include "base/banned.h"

#define MAX_JOURNAL_BYTES ((size_t)1024 * 1024 * 1024)

/* The lines are handed out, so they live in the pool and not in a buffer. */
bool recover_index_journal(const struct bulla_vault *vault, struct line_index *index,
                           uint32_t origin, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_JOURNAL_BYTES);
    if (!memory_read_journal(vault, &text, err)) {
        return false;
    }
    const char *kept = pool_strndup(index->pool, text.data, text.len, err);
    return kept != NULL && index_add_text(vault, index, bulla_bytes(kept, text.len), origin, err);
}

static bool find_lines(const struct bulla_vault *vault, const struct line_index *index,
                       struct bulla_bytes **ret_lines, size_t *ret_count, bool *ret_complete,
                       struct bulla_error *err)
{
    struct gathering gathering;
    if (!gather_begin(&gathering, vault, index, err)) {
        return false;
    }
    for (size_t i = 0; i < vault->remembered_count; i++) {
        gather_want(&gathering, bulla_bytes_of(vault->remembered[i]));
    }
    gather_follow(&gathering);
    struct bulla_bytes *lines = pool_alloc(index->pool, (gathering.count + 1) * sizeof *lines, err);
    for (size_t i = 0; lines != NULL && i < gathering.count; i++) {
        const struct record_text *record = &index->lines[gathering.queue[i]].text;
        lines[i] = bulla_bytes(record->line, record->len);
    }
    *ret_lines = lines;
    *ret_count = gathering.count;
    *ret_complete = gathering.missing == 0;
    return lines != NULL;
}

bool recover_find(struct bulla_vault *vault, struct pool *pool, struct bulla_bytes **ret_lines,
                  size_t *ret_count, bool *ret_complete, struct bulla_error *err)
{
    struct line_index index;
    if (!index_init(&index, pool, err)) {
        return false;
    }
    bool ok = recover_index_journal(vault, &index, 0, err) &&
              find_lines(vault, &index, ret_lines, ret_count, ret_complete, err);
    index_release(&index);
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
