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
    struct bulla_bytes subject = record_span(&record->t, record->t.subject);
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

static struct header *find_headers(struct bulla_bytes text, size_t *ret_count,
                                   struct bulla_error *err)
{
    struct header *headers = NULL;
    size_t cap = 0;
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        const uint8_t *end = memchr(text.data + at, '\n', text.len - at);
        size_t next = end == NULL ? text.len : (size_t)(end - text.data) + 1;
        struct bulla_bytes line = bulla_bytes(text.data + at, next - at - (end != NULL));
        if (bulla_bytes_start(line, "# ")) {
            if (!bulla_grow(&headers, &cap, count + 1, sizeof *headers, err)) {
                bulla_free(headers);
                return NULL;
            }
            headers[count] = (struct header){block_of_header(line), at, next};
            count += headers[count].block.class != CLASS_NONE;
        }
        at = next;
    }
    *ret_count = count;
    return headers != NULL ? headers : bulla_alloc(1, sizeof *headers, err);
}

static struct insertion place_record(const struct record *record, size_t order,
                                     const struct header *headers, size_t count, size_t end)
{
    struct insertion place = {end, true, block_of(record), record, order};
    for (size_t i = 0; i < count; i++) {
        if (compare_blocks(&headers[i].block, &place.block) == 0) {
            place.offset = headers[i].end;
            place.fresh = false;
            return place;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (compare_blocks(&headers[i].block, &place.block) > 0) {
            place.offset = headers[i].start;
            break;
        }
    }
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
    size_t header_count = 0;
    struct header *headers = find_headers(text, &header_count, err);
    struct insertion *insertions =
        headers == NULL ? NULL : bulla_alloc(vault->added, sizeof *insertions, err);
    bool ok = insertions != NULL;
    if (ok) {
        size_t count = 0;
        for (size_t i = 0; i < vault->count && count < vault->added; i++) {
            if (vault->records[i].added) {
                insertions[count] =
                    place_record(&vault->records[i], count, headers, header_count, text.len);
                count++;
            }
        }
        qsort(insertions, count, sizeof *insertions, compare_insertions);
        weave(text, insertions, count, out);
        ok = bulla_buf_ok(out, err);
    }
    bulla_free(headers);
    bulla_free(insertions);
    return ok;
}
