/* Whether a text is, or was, what a name has: for a derived one, whether it is made of such. */
#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
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
typedef bool (*owner_fn)(const struct bulla_values *values, const char *owner, void *ctx,
                         enum bulla_held *ret_held, struct bulla_error *err);

static bool ask_owners(const struct bulla_values *values, const char *name, owner_fn fn, void *ctx,
                       enum bulla_held *ret_held, struct bulla_error *err)
{
    *ret_held = BULLA_HELD_NEVER;
    for (size_t i = 0; i < values->section_count && *ret_held != BULLA_HELD; i++) {
        const struct bulla_variable *variable = &values->rows[i].variable;
        enum bulla_held held = BULLA_HELD_NEVER;
        if (!is_of(variable, name)) {
            continue;
        }
        if (!fn(values, variable->name, ctx, &held, err)) {
            return false;
        }
        *ret_held = held != BULLA_HELD_NEVER ? held : *ret_held;
    }
    return true;
}

static bool had(const struct bulla_values *values, const char *owner, void *ctx,
                enum bulla_held *ret_held, struct bulla_error *err)
{
    const struct bulla_bytes *value = ctx;
    return bulla_vault_held(values->vault, owner, *value, ret_held, err);
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

/* Of a URL with a password that one is the secret, of another text all of it. */
static struct bulla_bytes secret_of(struct bulla_bytes text)
{
    struct bulla_url url;
    return bulla_url_split(text, &url) && url.password.len > 0 ? url.password : text;
}

/* A text, and what is looked for in it. */
struct search {
    struct bulla_bytes text;
    size_t least;               /* how many bytes a value has to have to count */
    struct bulla_buf *filtered; /* one for all: each of them is locked memory */
};

/* VALUE stands in the text as it is, or as a filter of templates writes it. */
static bool is_part(const struct search *search, struct bulla_bytes value, bool *ret_is,
                    struct bulla_error *err)
{
    static const char *const filters[] = {"trim",  "url", "json",   "upper",
                                          "lower", "hex", "base64", "base64url"};
    bool is_counted = value.len > 0 && value.len >= search->least;
    *ret_is = is_counted && contains(search->text, value);
    /* The first one alone makes a value shorter. */
    size_t count = value.len > search->text.len ? 1 : sizeof filters / sizeof *filters;
    for (size_t i = 0; is_counted && i < count && !*ret_is; i++) {
        bulla_buf_clear(search->filtered);
        const char *fault = filter_find(bulla_bytes_of(filters[i]))->apply(value, search->filtered);
        if (!bulla_buf_ok(search->filtered, err)) {
            return false;
        }
        struct bulla_bytes filtered = bulla_buf_view(search->filtered);
        *ret_is = fault == NULL && !bulla_secret_bytes_equal(filtered, value) &&
                  contains(search->text, filtered);
    }
    return true;
}

static bool stands_there(void *ctx, struct bulla_bytes value, bool *ret_is, struct bulla_error *err)
{
    struct bulla_bytes secret = secret_of(value);
    return is_part(ctx, value, ret_is, err) &&
           (*ret_is || secret.len == value.len || is_part(ctx, secret, ret_is, err));
}

static bool stood_in(const struct bulla_values *values, const char *owner, void *ctx,
                     enum bulla_held *ret_held, struct bulla_error *err)
{
    return ask_versions(values->vault, owner, stands_there, ctx, ret_held, err);
}

static bool is_derived(const struct bulla_value *row)
{
    return row->variable.role == BULLA_ROLE_DERIVED;
}

/* Marks what row INDEX is made of, also through others: each is looked at once. */
static void mark_parts(const struct bulla_values *values, size_t index, bool *parts)
{
    const struct values_links *needs = &values->needs[index];
    for (size_t i = 0; i < needs->count; i++) {
        size_t other = needs->others[i];
        if (!parts[other]) {
            parts[other] = true;
            mark_parts(values, other, parts);
        }
    }
}

static bool is_secret_part(const struct bulla_values *values, const bool *parts, size_t index)
{
    const struct bulla_value *row = &values->rows[index];
    return parts[index] && !is_derived(row) && row->variable.role != BULLA_ROLE_SETTING;
}

/* Where a row's secrets stand today, and where they have to have stood then. */
struct place {
    struct bulla_bytes shown; /* no data: any counts as shown */
    size_t least;             /* a shorter one may stand there by chance */
    struct search then;
};

static bool is_shown(const struct place *place, struct bulla_bytes value, bool *ret_is,
                     struct bulla_error *err)
{
    struct search today = {place->shown, place->least, place->then.filtered};
    *ret_is = place->shown.data == NULL;
    return *ret_is || stands_there(&today, value, ret_is, err);
}

/* Whether each secret of PARTS that is shown at PLACE stood there then; if none is, both stay. */
static bool find_parts(const struct bulla_values *values, const bool *parts, struct place *place,
                       bool *ret_any, enum bulla_held *ret_held, struct bulla_error *err)
{
    enum bulla_held least = BULLA_HELD;
    for (size_t i = 0; least != BULLA_HELD_NEVER && i < values->count; i++) {
        const struct bulla_value *part = &values->rows[i];
        enum bulla_held held = BULLA_HELD;
        bool is_here = false;
        bool is_same = false;
        if (!is_secret_part(values, parts, i)) {
            continue;
        }
        if (!is_shown(place, part->bytes, &is_here, err) ||
            (is_here && !stands_there(&place->then, part->bytes, &is_same, err)) ||
            (is_here && !is_same &&
             !ask_owners(values, part->variable.name, stood_in, &place->then, &held, err))) {
            return false;
        }
        *ret_any = *ret_any || is_here;
        least = held < least ? held : least;
    }
    *ret_held = *ret_any ? least : *ret_held;
    return true;
}

/* Where the template was another one, any other secret of the vault may be what it is made of. */
static bool find_any(const struct bulla_values *values, const bool *parts, struct search *search,
                     enum bulla_held *ret_held, struct bulla_error *err)
{
    for (size_t i = 0; *ret_held == BULLA_HELD_NEVER && i < bulla_vault_count(values->vault); i++) {
        struct bulla_secret_info info;
        size_t index = 0;
        bulla_vault_secret(values->vault, i, &info);
        bool is_known = values_find(values, bulla_bytes_of(info.name), &index);
        if (is_known && (parts[index] || values->rows[index].variable.role == BULLA_ROLE_SETTING)) {
            continue;
        }
        if (!ask_versions(values->vault, info.name, stands_there, search, ret_held, err)) {
            return false;
        }
    }
    return true;
}

/* A row without secrets: its settings may have been others, what is no secret is no loss. */
static enum bulla_held judge_open(const struct bulla_value *row, struct bulla_bytes text)
{
    bool is_same = row->state == BULLA_VALUE_SET &&
                   bulla_secret_bytes_equal(secret_of(row->bytes), secret_of(text));
    return is_same || bulla_secret_in_clear(row->variable.name, text) == NULL ? BULLA_HELD
                                                                              : BULLA_HELD_NEVER;
}

static bool has_secrets(const struct bulla_values *values, const bool *parts)
{
    size_t i = 0;
    while (i < values->count && !is_secret_part(values, parts, i)) {
        i++;
    }
    return i < values->count;
}

static bool find_made(const struct bulla_values *values, size_t index, struct bulla_bytes text,
                      bool *parts, struct bulla_buf *filtered, enum bulla_held *ret_held,
                      struct bulla_error *err)
{
    const struct bulla_value *row = &values->rows[index];
    struct bulla_bytes shown = row->state == BULLA_VALUE_SET ? row->bytes : bulla_bytes(NULL, 0);
    mark_parts(values, index, parts);
    bool is_any = false;
    *ret_held = has_secrets(values, parts) ? BULLA_HELD_UNKNOWN : judge_open(row, text);
    struct place places[] = {
        {secret_of(shown), TELLING_BYTES, {secret_of(text), 1, filtered}},
        {secret_of(shown), 1, {secret_of(text), 1, filtered}},
        {shown, TELLING_BYTES, {text, 1, filtered}},
        {shown, 1, {text, 1, filtered}},
    };
    /* Where no secret is shown a filter hides it: nobody can tell. */
    for (size_t i = shown.data != NULL ? 0 : 3; !is_any && i < 4; i++) {
        if (!find_parts(values, parts, &places[i], &is_any, ret_held, err)) {
            return false;
        }
    }
    struct search any = {secret_of(text), TELLING_BYTES, filtered};
    return find_any(values, parts, &any, ret_held, err);
}

static bool ask_made(const struct bulla_values *values, size_t index, struct bulla_bytes text,
                     enum bulla_held *ret_held, struct bulla_error *err)
{
    bulla_auto_buf filtered;
    bulla_buf_init_secret(&filtered, BULLA_MAX_TEXT_BYTES);
    bool *parts = bulla_alloc(values->count, sizeof *parts, err);
    bool ok = parts != NULL && find_made(values, index, text, parts, &filtered, ret_held, err);
    bulla_free(parts);
    return ok;
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
    if (!ask_owners(values, name, had, &value, ret_held, err)) {
        return false;
    }
    return *ret_held != BULLA_HELD_NEVER || row == NULL || !is_derived(row) ||
           ask_made(values, index, value, ret_held, err);
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
