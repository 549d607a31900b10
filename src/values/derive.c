#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "template/template.h"
#include "values/values_internal.h"

#include "base/banned.h"

static bool give_value(void *ctx, struct bulla_bytes name, struct bulla_bytes *ret_value,
                       struct bulla_error *err)
{
    const struct bulla_values *values = ctx;
    size_t index = 0;
    if (!values_find(values, name, &index) || values->rows[index].state != BULLA_VALUE_SET) {
        return bulla_error(err, BULLA_E_BUG, "'%.*s' was to be there", (int)name.len,
                           (const char *)name.data);
    }
    *ret_value = values->rows[index].bytes;
    return true;
}

/* How much a state is in the way of what is derived from it. */
static int weight(enum bulla_value_state state)
{
    switch (state) {
    case BULLA_VALUE_SET:
        return 0;
    case BULLA_VALUE_SEALED:
        return 1;
    case BULLA_VALUE_CONTESTED:
        return 2;
    case BULLA_VALUE_UNSET:
    case BULLA_VALUE_MISSING:
        break;
    }
    return 3;
}

/* Sets ROW's state after what it needs; true where all of that is there. */
static bool take_state(const struct bulla_values *values, struct bulla_value *row,
                       const struct values_links *needs)
{
    int worst = 0;
    row->state = BULLA_VALUE_SET;
    for (size_t i = 0; i < needs->count; i++) {
        const struct bulla_value *other = &values->rows[needs->others[i]];
        if (weight(other->state) > worst) {
            worst = weight(other->state);
            row->state = other->state;
            row->because = other->variable.name;
        }
    }
    if (worst == weight(BULLA_VALUE_MISSING)) {
        row->state = row->variable.optional ? BULLA_VALUE_UNSET : BULLA_VALUE_MISSING;
    }
    return worst == 0;
}

static bool derive(struct bulla_values *values, size_t index, struct bulla_buf *text, size_t *total,
                   struct bulla_error *err)
{
    struct bulla_value *row = &values->rows[index];
    if (!take_state(values, row, &values->needs[index])) {
        return true;
    }
    const struct bulla_setting *template = &row->variable.value;
    bulla_buf_clear(text);
    if (!template_render(bulla_bytes_of(template->text), values->file, (struct bulla_pos){1, 1},
                         give_value, values, text, err)) {
        if (err->pos.line > 0) {
            err->pos = values_place(template, err->pos);
        }
        return bulla_error_while(err, "deriving '%s'", row->variable.name);
    }
    struct bulla_bytes derived = bulla_buf_view(text);
    *total += derived.len;
    if (*total > VALUES_MAX_DERIVED_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, values->file, template->pos,
                              "the derived values have more than %zu bytes together",
                              VALUES_MAX_DERIVED_BYTES);
    }
    return bulla_arena_add(values->arena, derived, &row->bytes, err);
}

static bool derive_all(struct bulla_values *values, const size_t *order, size_t count,
                       struct bulla_error *err)
{
    values->arena = bulla_arena_new(count * 128, err);
    if (values->arena == NULL) {
        return false;
    }
    bulla_auto_buf text = {0};
    bulla_buf_init_secret(&text, BULLA_MAX_VALUE_BYTES);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        if (!derive(values, order[i], &text, &total, err)) {
            return false;
        }
    }
    return true;
}

bool values_derive(struct bulla_values *values, struct bulla_error *err)
{
    size_t *order = pool_alloc(values->pool, (values->count + 1) * sizeof *order, err);
    size_t count = 0;
    if (order == NULL || !values_order(values, order, &count, err)) {
        return false;
    }
    return count == 0 || derive_all(values, order, count, err);
}
