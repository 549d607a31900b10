/*
 * Where new lines go: docs/vault.5.md 10. Existing bytes are never moved, changed or dropped, so
 * that git's union merge loses nothing; new lines go under the "# " line of their block, the newest
 * first.
 */
#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "vault/write.h"

#include "base/banned.h"

/* In the order of their blocks. */
enum block_class { CLASS_MEMBER, CLASS_KEYS, CLASS_JOINS, CLASS_NAME, CLASS_NONE };

struct block {
    enum block_class class;
    struct bulla_bytes name; /* of the member or secret */
};

struct header {
    struct block block;
    size_t start; /* of its line */
    size_t end;   /* behind its LF */
};

struct insertion {
    size_t offset;
    bool fresh; /* its block has no header yet */
    struct block block;
    const struct record *record;
    size_t order;
};

static struct block block_of(const struct record *record)
{
    struct bulla_bytes subject = record_subject(&record->t);
    if (record_is_value(record)) {
        return (struct block){CLASS_NAME, subject};
    }
    if (record->t.kind == RECORD_KEY || record->t.kind == RECORD_JOIN) {
        return (struct block){record->t.kind == RECORD_KEY ? CLASS_KEYS : CLASS_JOINS,
                              bulla_bytes("", 0)};
    }
    return (struct block){CLASS_MEMBER, subject};
}

static struct block block_of_header(struct bulla_bytes line)
{
    struct bulla_bytes title = bulla_bytes_slice(line, strlen("# "), SIZE_MAX);
    if (bulla_bytes_are(title, "keys")) {
        return (struct block){CLASS_KEYS, bulla_bytes("", 0)};
    }
    if (bulla_bytes_are(title, "joins")) {
        return (struct block){CLASS_JOINS, bulla_bytes("", 0)};
    }
    if (bulla_bytes_start(title, "member ")) {
        return (struct block){CLASS_MEMBER, bulla_bytes_slice(title, strlen("member "), SIZE_MAX)};
    }
    return (struct block){text_is_name(title) ? CLASS_NAME : CLASS_NONE, title};
}

static int compare_blocks(const struct block *a, const struct block *b)
{
    if (a->class != b->class) {
        return a->class < b->class ? -1 : 1;
    }
    size_t common = a->name.len < b->name.len ? a->name.len : b->name.len;
    int order = common == 0 ? 0 : memcmp(a->name.data, b->name.data, common);
    return order != 0 ? order : (a->name.len > b->name.len) - (a->name.len < b->name.len);
}

/* The headers of a text: as they stand there, and how a block finds its own among many. */
struct headers {
    struct header *all;
    size_t count;
    size_t cap;
    uint32_t *sorted; /* by block; of one block the first in the text comes first */
    uint32_t *above;  /* each one that is greater than all before it, as they stand */
    size_t above_count;
};

static void release_headers(struct headers *headers)
{
    bulla_free(headers->all);
    bulla_free(headers->sorted);
    bulla_free(headers->above);
}

static int compare_headers(const void *a, const void *b, void *all)
{
    const struct header *left = (const struct header *)all + *(const uint32_t *)a;
    const struct header *right = (const struct header *)all + *(const uint32_t *)b;
    int order = compare_blocks(&left->block, &right->block);
    return order != 0 ? order : (left > right) - (left < right);
}

static bool read_headers(struct bulla_bytes text, struct headers *headers, struct bulla_error *err)
{
    for (size_t at = 0; at < text.len;) {
        const uint8_t *end = memchr(text.data + at, '\n', text.len - at);
        size_t next = end == NULL ? text.len : (size_t)(end - text.data) + 1;
        struct bulla_bytes line = bulla_bytes(text.data + at, next - at - (end != NULL));
        if (bulla_bytes_start(line, "# ")) {
            if (!bulla_grow(&headers->all, &headers->cap, headers->count + 1, sizeof *headers->all,
                            err)) {
                return false;
            }
            headers->all[headers->count] = (struct header){block_of_header(line), at, next};
            headers->count += headers->all[headers->count].block.class != CLASS_NONE;
        }
        at = next;
    }
    return true;
}

/* A merge may leave the blocks in any order. */
static bool find_headers(struct bulla_bytes text, struct headers *headers, struct bulla_error *err)
{
    if (!read_headers(text, headers, err)) {
        return false;
    }
    headers->sorted = bulla_alloc(headers->count, sizeof *headers->sorted, err);
    headers->above =
        headers->sorted == NULL ? NULL : bulla_alloc(headers->count, sizeof *headers->above, err);
    if (headers->above == NULL) {
        return false;
    }
    for (size_t i = 0; i < headers->count; i++) {
        headers->sorted[i] = (uint32_t)i;
        const struct block *greatest =
            i == 0 ? NULL : &headers->all[headers->above[headers->above_count - 1]].block;
        if (i == 0 || compare_blocks(greatest, &headers->all[i].block) < 0) {
            headers->above[headers->above_count++] = (uint32_t)i;
        }
    }
    if (headers->count > 1) {
        qsort_r(headers->sorted, headers->count, sizeof *headers->sorted, compare_headers,
                headers->all);
    }
    return true;
}

/* The first of the COUNT headers that INDEX lists in rising order and that is not below BLOCK. */
static const struct header *first_not_below(const struct headers *headers, const uint32_t *index,
                                            size_t count, const struct block *block)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_blocks(&headers->all[index[middle]].block, block) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count ? &headers->all[index[low]] : NULL;
}

static struct insertion place_record(const struct record *record, size_t order,
                                     const struct headers *headers, size_t end)
{
    struct insertion place = {end, true, block_of(record), record, order};
    const struct header *same =
        first_not_below(headers, headers->sorted, headers->count, &place.block);
    if (same != NULL && compare_blocks(&same->block, &place.block) == 0) {
        place.offset = same->end;
        place.fresh = false;
        return place;
    }
    const struct header *next =
        first_not_below(headers, headers->above, headers->above_count, &place.block);
    place.offset = next == NULL ? end : next->start;
    return place;
}

static int compare_insertions(const void *a, const void *b)
{
    const struct insertion *left = a;
    const struct insertion *right = b;
    if (left->offset != right->offset) {
        return left->offset < right->offset ? -1 : 1;
    }
    if (left->fresh != right->fresh) {
        return left->fresh ? 1 : -1;
    }
    int order = compare_blocks(&left->block, &right->block);
    if (order != 0) {
        return order;
    }
    return left->order < right->order ? 1 : -1;
}

static void put_title(const struct block *block, struct bulla_buf *out)
{
    bulla_buf_puts(out, "# ");
    switch (block->class) {
    case CLASS_MEMBER:
        bulla_buf_puts(out, "member ");
        break;
    case CLASS_KEYS:
        bulla_buf_puts(out, "keys");
        break;
    case CLASS_JOINS:
        bulla_buf_puts(out, "joins");
        break;
    case CLASS_NAME:
    case CLASS_NONE:
        break;
    }
    bulla_buf_add_bytes(out, block->name);
    bulla_buf_putc(out, '\n');
}

/* TEXT with the COUNT insertions, which are sorted. */
static void weave(struct bulla_bytes text, const struct insertion *insertions, size_t count,
                  struct bulla_buf *out)
{
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
        const struct insertion *place = &insertions[i];
        bulla_buf_add(out, text.data + done, place->offset - done);
        done = place->offset;
        if (done > 0 && text.data[done - 1] != '\n' &&
            (i == 0 || insertions[i - 1].offset != done)) {
            bulla_buf_putc(out, '\n');
        }
        bool first = place->fresh && (i == 0 || insertions[i - 1].offset != place->offset ||
                                      compare_blocks(&insertions[i - 1].block, &place->block) != 0);
        bool last = place->fresh && (i + 1 == count || insertions[i + 1].offset != place->offset ||
                                     compare_blocks(&insertions[i + 1].block, &place->block) != 0);
        if (first) {
            bulla_buf_puts(out, done == text.len ? "\n" : "");
            put_title(&place->block, out);
        }
        bulla_buf_add(out, place->record->t.line, place->record->t.len);
        bulla_buf_putc(out, '\n');
        if (last && done < text.len) {
            bulla_buf_putc(out, '\n');
        }
    }
    bulla_buf_add(out, text.data + done, text.len - done);
}

bool layout_format(const struct bulla_vault *vault, struct bulla_buf *out, struct bulla_error *err)
{
    struct bulla_bytes text =
        bulla_buf_view(vault->written.len > 0 ? &vault->written : &vault->text);
    struct headers headers = {0};
    struct insertion *insertions = find_headers(text, &headers, err)
                                       ? bulla_alloc(vault->added, sizeof *insertions, err)
                                       : NULL;
    bool ok = insertions != NULL;
    if (ok) {
        size_t count = 0;
        for (size_t i = 0; i < vault->count && count < vault->added; i++) {
            if (vault->records[i].added) {
                insertions[count] = place_record(&vault->records[i], count, &headers, text.len);
                count++;
            }
        }
        qsort(insertions, count, sizeof *insertions, compare_insertions);
        weave(text, insertions, count, out);
        ok = bulla_buf_ok(out, err);
    }
    release_headers(&headers);
    bulla_free(insertions);
    return ok;
}
