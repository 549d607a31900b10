#include <string.h>

#include "base/ascii.h"
#include "bulla/buf.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/suggest.h"
#include "template/template.h"
#include "values/values_internal.h"

#include "base/banned.h"

#define MAX_NEEDS 1024 /* different names in one template */

/* One template being read. */
struct reading {
    const struct bulla_values *values;
    size_t *needs;
    size_t count;
    size_t cap;
};

static const char *nearest_name(const struct bulla_values *values, struct bulla_bytes name)
{
    char text[BULLA_MAX_NAME_BYTES + 1];
    size_t len = name.len < sizeof text - 1 ? name.len : sizeof text - 1;
    memcpy(text, name.data, len);
    text[len] = '\0';
    const char *best = NULL;
    for (size_t i = 0; i < values->count; i++) {
        best = bulla_suggest_next(text, best, values->rows[i].variable.name);
    }
    return best;
}

static bool take_name(void *ctx, struct bulla_bytes name, struct bulla_pos pos,
                      struct bulla_error *err)
{
    struct reading *reading = ctx;
    const struct bulla_values *values = reading->values;
    size_t index = 0;
    if (!values_find(values, name, &index)) {
        (void)bulla_error_at(err, BULLA_E_INVALID, values->file, pos,
                             "no variable of the contract is called '%.*s'", (int)name.len,
                             (const char *)name.data);
        return bulla_suggest_hint(err, nearest_name(values, name), "give it a section of its own");
    }
    for (size_t i = 0; i < reading->count; i++) {
        if (reading->needs[i] == index) {
            return true;
        }
    }
    if (reading->count == MAX_NEEDS) {
        return bulla_error_at(err, BULLA_E_LIMIT, values->file, pos,
                              "a template names at most %d variables", MAX_NEEDS);
    }
    if (!bulla_grow(&reading->needs, &reading->cap, reading->count + 1, sizeof *reading->needs,
                    err)) {
        return false;
    }
    reading->needs[reading->count++] = index;
    return true;
}

/* The name in "${NAME}" or "${NAME:-…}" at the start of TEXT; empty where none stands there. */
static struct bulla_bytes compose_reference(struct bulla_bytes text)
{
    static const char ends[] = "}:-?+";
    size_t len = 2;
    while (len < text.len && (ascii_is_letter(text.data[len]) || ascii_is_digit(text.data[len]) ||
                              text.data[len] == '_')) {
        len++;
    }
    bool is_closed = len < text.len && memchr(ends, text.data[len], sizeof ends - 1) != NULL;
    return is_closed ? bulla_bytes_slice(text, 2, len - 2) : bulla_bytes(NULL, 0);
}

/* What Compose would replace is text here: taken so, the value would be wrong without a word. */
static bool refuse_compose_references(const struct bulla_values *values,
                                      const struct bulla_setting *setting, struct bulla_error *err)
{
    const char *text = setting->text;
    for (const char *at = strstr(text, "${"); at != NULL; at = strstr(at + 2, "${")) {
        struct bulla_bytes name = compose_reference(bulla_bytes_of(at));
        size_t index = 0;
        if ((at > text && at[-1] == '$') || !values_find(values, name, &index)) {
            continue;
        }
        const char *found = values->rows[index].variable.name;
        (void)bulla_error_at(err, BULLA_E_INVALID, values->file,
                             bulla_setting_pos(setting, (size_t)(at - text)),
                             "'${%s}' is no reference in this file", found);
        return bulla_error_hint(err, "write {{ %s }}, and {{ %s | url }} inside a URL", found,
                                found);
    }
    return true;
}

static bool read_template(struct bulla_values *values, size_t index, struct bulla_error *err)
{
    const struct bulla_setting *text = &values->rows[index].variable.value;
    if (!refuse_compose_references(values, text, err)) {
        return false;
    }
    struct reading reading = {.values = values};
    bool ok = template_names(bulla_bytes_of(text->text), values->file, (struct bulla_pos){1, 1},
                             take_name, &reading, err);
    if (!ok && err->pos.line > 0) {
        err->pos = values_place(text, err->pos);
    }
    struct values_links *links = &values->needs[index];
    if (ok && reading.count > 0) {
        links->others = pool_alloc(values->pool, reading.count * sizeof *links->others, err);
        ok = links->others != NULL;
    }
    if (ok && reading.count > 0) {
        memcpy(links->others, reading.needs, reading.count * sizeof *links->others);
        links->count = reading.count;
    }
    bulla_free(reading.needs);
    return ok;
}

/* Turns needs around. */
static bool invert(struct bulla_values *values, struct bulla_error *err)
{
    size_t *counts = pool_alloc(values->pool, (values->count + 1) * sizeof *counts, err);
    if (counts == NULL) {
        return false;
    }
    for (size_t i = 0; i < values->count; i++) {
        for (size_t j = 0; j < values->needs[i].count; j++) {
            counts[values->needs[i].others[j]]++;
        }
    }
    for (size_t i = 0; i < values->count; i++) {
        struct values_links *links = &values->needed_by[i];
        if (counts[i] == 0) {
            continue;
        }
        links->others = pool_alloc(values->pool, counts[i] * sizeof *links->others, err);
        if (links->others == NULL) {
            return false;
        }
    }
    for (size_t i = 0; i < values->count; i++) {
        for (size_t j = 0; j < values->needs[i].count; j++) {
            struct values_links *links = &values->needed_by[values->needs[i].others[j]];
            links->others[links->count++] = i;
        }
    }
    return true;
}

bool values_link(struct bulla_values *values, struct bulla_error *err)
{
    size_t size = (values->count + 1) * sizeof *values->needs;
    values->needs = pool_alloc(values->pool, size, err);
    values->needed_by = values->needs == NULL ? NULL : pool_alloc(values->pool, size, err);
    if (values->needed_by == NULL) {
        return false;
    }
    for (size_t i = 0; i < values->section_count; i++) {
        if (values->rows[i].variable.role == BULLA_ROLE_DERIVED && !read_template(values, i, err)) {
            return false;
        }
    }
    return invert(values, err);
}

/* The first of what row AT needs that is still waiting. */
static size_t waiting_need(const struct bulla_values *values, const size_t *open, size_t at)
{
    for (size_t i = 0; i < values->needs[at].count; i++) {
        size_t other = values->needs[at].others[i];
        if (open[other] > 0) {
            return other;
        }
    }
    return at;
}

/* Every row with OPEN needs waits for one that waits too: following them ends in the circle. */
static bool refuse_circle(const struct bulla_values *values, const size_t *open,
                          struct bulla_error *err)
{
    size_t at = 0;
    while (open[at] == 0) {
        at++;
    }
    for (size_t i = 0; i < values->count; i++) {
        at = waiting_need(values, open, at);
    }
    size_t first = at;
    for (size_t next = waiting_need(values, open, at); next != at;
         next = waiting_need(values, open, next)) {
        first = next < first ? next : first;
    }
    bulla_auto_buf names = {0};
    bulla_buf_init(&names, 4096);
    bulla_buf_puts(&names, values->rows[first].variable.name);
    size_t next = first;
    do {
        next = waiting_need(values, open, next);
        bulla_buf_printf(&names, " needs %s", values->rows[next].variable.name);
    } while (next != first);
    struct bulla_error ignored = BULLA_ERROR_INIT;
    const char *text = bulla_buf_text(&names, &ignored);
    (void)bulla_error_at(err, BULLA_E_INVALID, values->file, values->rows[first].variable.value.pos,
                         "variables are derived from each other: %s",
                         text == NULL ? values->rows[first].variable.name : text);
    return bulla_error_hint(err, "one of them needs a value of its own");
}

bool values_order(const struct bulla_values *values, size_t *order, size_t *ret_count,
                  struct bulla_error *err)
{
    /* Kahn's algorithm; what is not derived has no needs and no place in the order. */
    size_t *open = bulla_alloc(values->count + 1, sizeof *open, err);
    if (open == NULL) {
        return false;
    }
    size_t derived = 0;
    size_t count = 0;
    for (size_t i = 0; i < values->count; i++) {
        for (size_t j = 0; j < values->needs[i].count; j++) {
            open[i] += values->rows[values->needs[i].others[j]].source == BULLA_FROM_DERIVED;
        }
        if (values->rows[i].source == BULLA_FROM_DERIVED) {
            derived++;
            if (open[i] == 0) {
                order[count++] = i;
            }
        }
    }
    for (size_t done = 0; done < count; done++) {
        const struct values_links *links = &values->needed_by[order[done]];
        for (size_t j = 0; j < links->count; j++) {
            if (--open[links->others[j]] == 0) {
                order[count++] = links->others[j];
            }
        }
    }
    bool ok = count == derived || refuse_circle(values, open, err);
    bulla_free(open);
    if (ok) {
        *ret_count = count;
    }
    return ok;
}

bool bulla_values_needs(const struct bulla_values *values, size_t index, bulla_name_fn fn,
                        void *ctx, struct bulla_error *err)
{
    for (size_t i = 0; i < values->needs[index].count; i++) {
        if (!fn(ctx, values->rows[values->needs[index].others[i]].variable.name, err)) {
            return false;
        }
    }
    return true;
}

/* Sets MARKS of everything that needs row INDEX, however indirectly. */
static bool mark_dependents(const struct bulla_values *values, size_t index, bool *marks,
                            struct bulla_error *err)
{
    size_t *queue = bulla_alloc(values->count + 1, sizeof *queue, err);
    if (queue == NULL) {
        return false;
    }
    size_t count = 0;
    queue[count++] = index;
    for (size_t done = 0; done < count; done++) {
        const struct values_links *links = &values->needed_by[queue[done]];
        for (size_t i = 0; i < links->count; i++) {
            if (!marks[links->others[i]]) {
                marks[links->others[i]] = true;
                queue[count++] = links->others[i];
            }
        }
    }
    bulla_free(queue);
    return true;
}

bool bulla_values_dependents(const struct bulla_values *values, const char *name, bulla_name_fn fn,
                             void *ctx, struct bulla_error *err)
{
    size_t index = 0;
    if (!values_find(values, bulla_bytes_of(name), &index)) {
        return true;
    }
    bool *marks = bulla_alloc(values->count + 1, sizeof *marks, err);
    if (marks == NULL) {
        return false;
    }
    bool ok = mark_dependents(values, index, marks, err);
    for (size_t i = 0; i < values->count && ok; i++) {
        ok = !marks[i] || fn(ctx, values->rows[i].variable.name, err);
    }
    bulla_free(marks);
    return ok;
}
