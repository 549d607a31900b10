/* Whether a text is, or was, what a name has: for a derived one, whether it is made of such. */
#include <string.h>

#include "bulla/limits.h"
#include "template/filter.h"
#include "values/values_internal.h"

#include "base/banned.h"

#define TELLING_BYTES 8 /* a shorter one stands in a text by chance */

/* True where a version of VARIABLE may stand under NAME. */
static bool is_of(const struct bulla_variable *variable, const char *name)
{
    const char *shown = variable->previous_as.text;
    return strcmp(variable->name, name) == 0 || (shown != NULL && strcmp(shown, name) == 0);
}

/* A version that no key opens, or that is not what its record says, may have been any value. */
static bool is_passing(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

static bool ask_versions(struct bulla_vault *vault, const char *name, bulla_value_is_fn is,
                         void *ctx, enum bulla_held *ret_held, struct bulla_error *err)
{
    struct bulla_version_info version;
    for (size_t i = 0; *ret_held != BULLA_HELD && bulla_vault_version(vault, name, i, &version);
         i++) {
        struct bulla_bytes bytes;
        bool is_it = false;
        if (!bulla_vault_get_by_id(vault, version.id, &bytes, err)) {
            if (!is_passing(err)) {
                return false;
            }
            *ret_held = BULLA_HELD_UNKNOWN;
        } else if (!is(ctx, bytes, &is_it, err)) {
            return false;
        }
        *ret_held = is_it ? BULLA_HELD : *ret_held;
    }
    return true;
}

/* Calls FN with each variable whose values NAME has, or once had. */
typedef bool (*owner_fn)(const struct bulla_values *values, const char *owner,
                         struct bulla_bytes text, enum bulla_held *ret_held,
                         struct bulla_error *err);

static bool ask_owners(const struct bulla_values *values, const char *name, owner_fn fn,
                       struct bulla_bytes text, enum bulla_held *ret_held, struct bulla_error *err)
{
    *ret_held = BULLA_HELD_NEVER;
    for (size_t i = 0; i < values->section_count && *ret_held != BULLA_HELD; i++) {
        const struct bulla_variable *variable = &values->rows[i].variable;
        enum bulla_held held = BULLA_HELD_NEVER;
        if (!is_of(variable, name)) {
            continue;
        }
        if (!fn(values, variable->name, text, &held, err)) {
            return false;
        }
        *ret_held = held != BULLA_HELD_NEVER ? held : *ret_held;
    }
    return true;
}

static bool had(const struct bulla_values *values, const char *owner, struct bulla_bytes text,
                enum bulla_held *ret_held, struct bulla_error *err)
{
    return bulla_vault_held(values->vault, owner, text, ret_held, err);
}

static bool contains(struct bulla_bytes text, struct bulla_bytes piece)
{
    for (size_t at = 0; piece.len > 0 && at + piece.len <= text.len; at++) {
        if (bulla_secret_bytes_equal(bulla_bytes_slice(text, at, piece.len), piece)) {
            return true;
        }
    }
    return false;
}

/* VALUE stands in TEXT as it is, or as a filter of templates writes it. */
static bool is_part(struct bulla_bytes text, struct bulla_bytes value, bool *ret_is,
                    struct bulla_error *err)
{
    static const char *const filters[] = {"url",  "base64", "base64url", "hex",
                                          "json", "upper",  "lower",     "trim"};
    bulla_auto_buf filtered;
    bulla_buf_init_secret(&filtered, BULLA_MAX_TEXT_BYTES);
    *ret_is = contains(text, value);
    for (size_t i = 0; i < sizeof filters / sizeof *filters && !*ret_is; i++) {
        bulla_buf_clear(&filtered);
        const char *fault = filter_find(bulla_bytes_of(filters[i]))->apply(value, &filtered);
        if (!bulla_buf_ok(&filtered, err)) {
            return false;
        }
        *ret_is = fault == NULL && contains(text, bulla_buf_view(&filtered));
    }
    return true;
}

/* A text, and how many bytes of it a value has to be to count. */
struct search {
    struct bulla_bytes text;
    size_t least;
};

static bool stands_there(void *ctx, struct bulla_bytes value, bool *ret_is, struct bulla_error *err)
{
    const struct search *search = ctx;
    *ret_is = false;
    return value.len < search->least || is_part(search->text, value, ret_is, err);
}

static bool stood_in(const struct bulla_values *values, const char *owner, struct bulla_bytes text,
                     enum bulla_held *ret_held, struct bulla_error *err)
{
    struct search search = {.text = text, .least = 1};
    return ask_versions(values->vault, owner, stands_there, &search, ret_held, err);
}

static bool is_derived(const struct bulla_value *row)
{
    return row->variable.role == BULLA_ROLE_DERIVED;
}

/* True where a filter hides what the derived ROW makes of the derived PART. */
static bool is_hidden(const struct bulla_value *row, const struct bulla_value *part)
{
    return row->state == BULLA_VALUE_SET && part->state == BULLA_VALUE_SET &&
           !contains(row->bytes, part->bytes);
}

/* Whether each secret that row INDEX is made of stands in TEXT; of a hidden one nobody can tell. */
static bool find_parts(const struct bulla_values *values, size_t index, struct bulla_bytes text,
                       enum bulla_held *ret_held, struct bulla_error *err)
{
    const struct values_links *needs = &values->needs[index];
    *ret_held = BULLA_HELD;
    for (size_t i = 0; i < needs->count; i++) {
        const struct bulla_value *part = &values->rows[needs->others[i]];
        enum bulla_held held = BULLA_HELD;
        if (is_derived(part) && is_hidden(&values->rows[index], part)) {
            held = BULLA_HELD_UNKNOWN;
        } else if (is_derived(part)) {
            if (!find_parts(values, needs->others[i], text, &held, err)) {
                return false;
            }
        } else if (part->variable.role != BULLA_ROLE_SETTING &&
                   !ask_owners(values, part->variable.name, stood_in, text, &held, err)) {
            return false;
        }
        *ret_held = held < *ret_held ? held : *ret_held;
    }
    return true;
}

/* Where the template was another one, any secret of the vault may be what TEXT is made of. */
static bool find_any(const struct bulla_values *values, size_t index, struct bulla_bytes text,
                     enum bulla_held *ret_held, struct bulla_error *err)
{
    struct search search = {.text = text, .least = TELLING_BYTES};
    for (size_t i = 0; *ret_held == BULLA_HELD_NEVER && i < bulla_vault_count(values->vault); i++) {
        struct bulla_secret_info info;
        bulla_vault_secret(values->vault, i, &info);
        const struct values_links *needs = &values->needs[index];
        bool is_needed = false;
        for (size_t k = 0; k < needs->count; k++) {
            is_needed =
                is_needed || strcmp(values->rows[needs->others[k]].variable.name, info.name) == 0;
        }
        if (!is_needed &&
            !ask_versions(values->vault, info.name, stands_there, &search, ret_held, err)) {
            return false;
        }
    }
    return true;
}

bool bulla_values_held(const struct bulla_values *values, const char *name,
                       struct bulla_bytes value, enum bulla_held *ret_held, struct bulla_error *err)
{
    size_t index = 0;
    const struct bulla_value *row =
        values_find(values, bulla_bytes_of(name), &index) ? &values->rows[index] : NULL;
    *ret_held = BULLA_HELD_NEVER;
    if (row != NULL && row->state == BULLA_VALUE_SET &&
        bulla_secret_bytes_equal(row->bytes, value)) {
        *ret_held = BULLA_HELD;
        return true;
    }
    if (values->vault == NULL) {
        return true;
    }
    if (row != NULL && is_derived(row)) {
        return find_parts(values, index, value, ret_held, err) &&
               find_any(values, index, value, ret_held, err);
    }
    return ask_owners(values, name, had, value, ret_held, err);
}

bool bulla_values_held_by(const struct bulla_values *values, const char *name, bulla_value_is_fn is,
                          void *ctx, enum bulla_held *ret_held, struct bulla_error *err)
{
    const struct bulla_value *row = bulla_values_find(values, name);
    bool is_it = false;
    if (row != NULL && row->state == BULLA_VALUE_SET && !is(ctx, row->bytes, &is_it, err)) {
        return false;
    }
    *ret_held = is_it ? BULLA_HELD : BULLA_HELD_NEVER;
    for (size_t i = 0; values->vault != NULL && i < values->section_count; i++) {
        const struct bulla_variable *variable = &values->rows[i].variable;
        if (is_of(variable, name) &&
            !ask_versions(values->vault, variable->name, is, ctx, ret_held, err)) {
            return false;
        }
    }
    return true;
}
