#include "vault/gather.h"

#include <string.h>

#include "bulla/mem.h"
#include "crypto/prim.h"

#include "base/banned.h"

bool index_init(struct line_index *index, struct pool *pool, struct bulla_error *err)
{
    *index = (struct line_index){.pool = pool};
    return intern_init(&index->ids, 64, err);
}

void index_release(struct line_index *index)
{
    intern_release(&index->ids);
    bulla_free(index->lines);
}

bool index_add(const struct bulla_vault *vault, struct line_index *index, struct bulla_bytes line,
               uint32_t origin, uint32_t *ret_number, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    struct record_text record;
    *ret_number = NONE;
    if (!record_parse(line, NULL, 0, &record, &ignored)) {
        return true;
    }
    uint8_t hash[32];
    char id[TEXT_ID_CHARS + 1];
    const struct bulla_bytes parts[] = {bulla_buf_view(&vault->header), record_signed(&record)};
    prim_hash(hash, parts, sizeof parts / sizeof *parts);
    text_format_id(hash, id);
    size_t before = index->ids.count;
    if (!intern_add(&index->ids, index->pool, bulla_bytes(id, TEXT_ID_CHARS), ret_number, err) ||
        !bulla_grow(&index->lines, &index->cap, index->ids.count, sizeof *index->lines, err)) {
        return false;
    }
    if (index->ids.count > before) {
        index->lines[*ret_number] = (struct known_line){.text = record, .origin = origin};
    }
    return true;
}

bool index_add_text(const struct bulla_vault *vault, struct line_index *index,
                    struct bulla_bytes text, uint32_t origin, struct bulla_error *err)
{
    while (text.len > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.len);
        size_t len = end == NULL ? text.len : (size_t)(end - text.data);
        uint32_t number = NONE;
        if (len > 0 &&
            !index_add(vault, index, bulla_bytes(text.data, len), origin, &number, err)) {
            return false;
        }
        text = bulla_bytes_slice(text, end == NULL ? len : len + 1, SIZE_MAX);
    }
    return true;
}

bool gather_begin(struct gathering *ret, const struct bulla_vault *vault,
                  const struct line_index *index, struct bulla_error *err)
{
    size_t count = index->ids.count;
    *ret = (struct gathering){.vault = vault, .index = index};
    ret->queue = pool_alloc(index->pool, (count + 1) * sizeof *ret->queue, err);
    ret->taken = pool_alloc(index->pool, count + 1, err);
    return ret->queue != NULL && ret->taken != NULL;
}

void gather_want(struct gathering *gathering, struct bulla_bytes id)
{
    if (id.len == 0 || intern_find(&gathering->vault->ids, id) != NONE) {
        return;
    }
    uint32_t number = intern_find(&gathering->index->ids, id);
    if (number == NONE) {
        gathering->missing++;
    } else if (gathering->taken[number] == 0) {
        gathering->taken[number] = 1;
        gathering->queue[gathering->count++] = number;
    }
}

void gather_want_links(struct gathering *gathering, const struct record_text *record)
{
    static const enum meta_key links[] = {META_FROM, META_KEEP, META_OF};
    for (uint32_t i = 0; i < record->parent_count; i++) {
        gather_want(gathering, record_parent(record, i));
    }
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        gather_want(gathering, record_value(record, links[i]));
    }
}

void gather_follow(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->count; i++) {
        gather_want_links(gathering, &gathering->index->lines[gathering->queue[i]].text);
    }
}
