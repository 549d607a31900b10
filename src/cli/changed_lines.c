/*
 * E. Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), section 3, with the furthest
 * reaching paths of every step kept to walk back along them.
 */
#include "changed_lines.h"

#include <string.h>

#include "bulla/mem.h"
#include "bulla/secret.h"

#define STEPS_MAX 1000 /* insertions and deletions; memory grows with its square */

/* Lines as views into a text. */
struct lines {
    struct bulla_bytes *items;
    size_t count;
};

static bool split(struct bulla_bytes text, struct lines *ret, struct bulla_error *err)
{
    size_t count = text.len > 0 && text.data[text.len - 1] != '\n' ? 1 : 0;
    for (size_t i = 0; i < text.len; i++) {
        count += text.data[i] == '\n';
    }
    ret->items = bulla_alloc(count + 1, sizeof *ret->items, err);
    if (ret->items == NULL) {
        return false;
    }
    size_t start = 0;
    for (size_t i = 0; i <= text.len && ret->count < count; i++) {
        if (i < text.len && text.data[i] != '\n') {
            continue;
        }
        size_t end = i > start && text.data[i - 1] == '\r' ? i - 1 : i;
        ret->items[ret->count++] = bulla_bytes(text.data + start, end - start);
        start = i + 1;
    }
    return true;
}

static bool is_same(const struct lines *a, size_t i, const struct lines *b, size_t k)
{
    return bulla_secret_bytes_equal(a->items[i], b->items[k]);
}

/* What is left of two texts without what they share at both ends. */
struct comparison {
    struct lines older, newer;
    bool *is_changed;                   /* of all lines of the newer text */
    size_t before;                      /* lines shared at the beginning */
    ptrdiff_t older_count, newer_count; /* of lines between the shared ones */
    ptrdiff_t **steps; /* [d][k + d]: how far into the older text diagonal k gets in d steps */
    ptrdiff_t step_count;
};

static void trim(struct comparison *c)
{
    size_t older = c->older.count;
    size_t newer = c->newer.count;
    while (c->before < older && c->before < newer &&
           is_same(&c->older, c->before, &c->newer, c->before)) {
        c->before++;
    }
    while (older > c->before && newer > c->before &&
           is_same(&c->older, older - 1, &c->newer, newer - 1)) {
        older--;
        newer--;
    }
    c->older_count = (ptrdiff_t)(older - c->before);
    c->newer_count = (ptrdiff_t)(newer - c->before);
}

/* Where step D came from on diagonal K: true for a line of the newer text that was put in. */
static bool comes_down(const struct comparison *c, ptrdiff_t d, ptrdiff_t k)
{
    const ptrdiff_t *last = c->steps[d - 1];
    return k == -d || (k != d && last[k - 1 + d - 1] < last[k + 1 + d - 1]);
}

static ptrdiff_t step_from(const struct comparison *c, ptrdiff_t d, ptrdiff_t k)
{
    if (d == 0) {
        return 0;
    }
    const ptrdiff_t *last = c->steps[d - 1];
    return comes_down(c, d, k) ? last[k + 1 + d - 1] : last[k - 1 + d - 1] + 1;
}

/* Walks back from the end and marks what was put in. */
static void mark(struct comparison *c)
{
    ptrdiff_t k = c->older_count - c->newer_count;
    for (ptrdiff_t d = c->step_count; d > 0; d--) {
        bool is_down = comes_down(c, d, k);
        if (is_down) {
            ptrdiff_t line = step_from(c, d, k) - k - 1;
            c->is_changed[c->before + (size_t)line] = true;
        }
        k += is_down ? 1 : -1;
    }
}

/*
 * One round of the algorithm: true when a path of D steps reaches the end. Paths may leave the
 * texts; they never come back, and lose against one that went straight.
 */
static bool advance(struct comparison *c, ptrdiff_t d)
{
    bool is_done = false;
    for (ptrdiff_t k = -d; k <= d; k += 2) {
        ptrdiff_t x = step_from(c, d, k);
        ptrdiff_t y = x - k;
        while (x < c->older_count && y < c->newer_count && y >= 0 &&
               is_same(&c->older, c->before + (size_t)x, &c->newer, c->before + (size_t)y)) {
            x++;
            y++;
        }
        c->steps[d][k + d] = x;
        is_done = is_done || (k == c->older_count - c->newer_count && x >= c->older_count);
    }
    return is_done;
}

static bool compare(struct comparison *c, struct bulla_error *err)
{
    c->steps = bulla_alloc(STEPS_MAX + 1, sizeof *c->steps, err);
    if (c->steps == NULL) {
        return false;
    }
    for (ptrdiff_t d = 0; d <= STEPS_MAX; d++) {
        c->steps[d] = bulla_alloc(2 * (size_t)d + 1, sizeof **c->steps, err);
        if (c->steps[d] == NULL) {
            return false;
        }
        c->step_count = d;
        if (advance(c, d)) {
            mark(c);
            return true;
        }
    }
    for (ptrdiff_t i = 0; i < c->newer_count; i++) {
        c->is_changed[c->before + (size_t)i] = true;
    }
    return true;
}

bool changed_lines_find(struct bulla_bytes older, struct bulla_bytes newer,
                        struct changed_lines *ret, struct bulla_error *err)
{
    struct comparison c = {0};
    bool ok = split(older, &c.older, err) && split(newer, &c.newer, err);
    if (ok) {
        c.is_changed = bulla_alloc(c.newer.count + 1, sizeof *c.is_changed, err);
        ok = c.is_changed != NULL;
    }
    if (ok) {
        trim(&c);
        ok = compare(&c, err);
    }
    for (ptrdiff_t d = 0; c.steps != NULL && d <= c.step_count; d++) {
        bulla_free(c.steps[d]);
    }
    bulla_free(c.steps);
    bulla_free(c.older.items);
    bulla_free(c.newer.items);
    if (!ok) {
        bulla_free(c.is_changed);
        return false;
    }
    *ret = (struct changed_lines){.count = c.newer.count, .is_changed = c.is_changed};
    return true;
}

void changed_lines_release(struct changed_lines *lines)
{
    bulla_free(lines->is_changed);
    *lines = (struct changed_lines){0};
}

bool changed_lines_touch(const struct changed_lines *lines, uint32_t first, uint32_t last)
{
    last = last < first ? first : last;
    if (first == 0 || last > lines->count) {
        return true;
    }
    for (uint32_t line = first; line <= last; line++) {
        if (lines->is_changed[line - 1]) {
            return true;
        }
    }
    return false;
}
