/*
 * The check of a merged model against its shape. Compose reports the failure that lies deepest, the
 * first of several.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bulla/limits.h"
#include "dotenv/words.h"
#include "model/shape.h"

#include "base/banned.h"

/* One of the failures that lie deepest: which of them Compose names is left to chance. */
struct violation {
    struct bulla_bytes text;
    enum pattern pattern; /* that VALUE's text does not match */
    const struct bulla_value *value;
    struct violation *next;
};

struct check {
    struct model *m;
    size_t depth;
    struct violation *violations;
};

static void check_value(struct check *c, const struct shape *shape, const struct bulla_value *value,
                        const struct path *at, size_t depth);

/* TEXT as the schema's library quotes it: as Go does, with "'" around it. */
static struct bulla_bytes quote(struct model *m, struct bulla_bytes text)
{
    bulla_auto_buf quoted;
    bulla_auto_buf out;
    bulla_buf_init(&quoted, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&out, BULLA_MAX_OUTPUT_BYTES);
    words_quote(text, &quoted);
    struct bulla_bytes all = bulla_buf_view(&quoted);
    bulla_buf_putc(&out, '\'');
    for (size_t i = 1; i + 1 < all.len; i++) {
        uint8_t c = all.data[i];
        if (c == '\'' || (c == '\\' && all.data[i + 1] != '"')) {
            bulla_buf_putc(&out, '\\');
        }
        if (c != '\\') {
            bulla_buf_putc(&out, (char)c);
        } else if (all.data[i + 1] != '"') {
            bulla_buf_putc(&out, (char)all.data[++i]);
        }
    }
    bulla_buf_putc(&out, '\'');
    return store_copy(&m->store, bulla_buf_view(&out));
}

static void add_violation(struct check *c, const struct bulla_value *value, size_t depth,
                          const struct path *at, struct bulla_bytes why, enum pattern pattern)
{
    struct store *store = &c->m->store;
    if (value->unknown || (c->violations != NULL && depth < c->depth)) {
        return;
    }
    struct violation *violation = store_alloc(store, sizeof *violation);
    if (violation == NULL) {
        return;
    }
    struct bulla_bytes path = path_show(store, at);
    *violation = (struct violation){.text = store_printf(store, "%.*s %.*s", (int)path.len,
                                                         (const char *)path.data, (int)why.len,
                                                         (const char *)why.data),
                                    .pattern = pattern,
                                    .value = value,
                                    .next = depth == c->depth ? c->violations : NULL};
    c->violations = violation;
    c->depth = depth;
}

static void fail(struct check *c, const struct bulla_value *value, size_t depth,
                 const struct path *at, struct bulla_bytes why)
{
    add_violation(c, value, depth, at, why, PATTERN_NONE);
}

static unsigned kind_of(const struct bulla_value *value)
{
    switch (value->kind) {
    case BULLA_VALUE_NULL:
        return Z;
    case BULLA_VALUE_BOOL:
        return B;
    case BULLA_VALUE_INT:
        return I | N;
    case BULLA_VALUE_FLOAT:
        return floor(value->real) == value->real ? I | N : N;
    case BULLA_VALUE_TEXT:
        return T;
    case BULLA_VALUE_LIST:
        return L;
    case BULLA_VALUE_MAP:
        break;
    }
    return M;
}

static void fail_kind(struct check *c, const struct shape *shape, const struct bulla_value *value,
                      const struct path *at, size_t depth)
{
    static const struct {
        unsigned kind;
        const char *name;
    } names[] = {{L, "array"}, {B, "boolean"}, {I, "integer"}, {M, "mapping"},
                 {Z, "null"},  {N, "number"},  {T, "string"}};
    unsigned kinds = shape->first != 0 ? shape->first : shape->kinds;
    struct bulla_bytes text = bulla_bytes_of("must be a ");
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((kinds & names[i].kind) == 0) {
            continue;
        }
        kinds &= ~names[i].kind;
        text = store_printf(&c->m->store, "%.*s%s%s", (int)text.len, (const char *)text.data,
                            !any         ? ""
                            : kinds == 0 ? " or "
                                         : ", ",
                            names[i].name);
        any = true;
    }
    fail(c, value, depth, at, text);
}

/* A failure of VALUE itself: of alternatives, the first is named. */
static void fail_itself(struct check *c, const struct shape *shape, const struct bulla_value *value,
                        const struct path *at, size_t depth, struct bulla_bytes why)
{
    if (shape->first != 0 && (kind_of(value) & shape->first) == 0) {
        fail_kind(c, shape, value, at, depth);
    } else {
        fail(c, value, depth, at, why);
    }
}

/* --- texts ------------------------------------------------------------------------------------ */

static bool is_word(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_container_name(struct bulla_bytes text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (is_word(text.data[i]) &&
            (is_word(text.data[i + 1]) || memchr("_.-", text.data[i + 1], 3) != NULL)) {
            return true;
        }
    }
    return false;
}

static bool is_pull_policy(struct bulla_bytes text)
{
    static const char *const words[] = {"always",         "never",   "build",
                                        "if_not_present", "missing", "refresh",
                                        "daily",          "weekly",  NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        if (memmem(text.data, text.len, words[i], strlen(words[i])) != NULL) {
            return true;
        }
    }
    const uint8_t *every = memmem(text.data, text.len, "every_", 6);
    size_t at = every != NULL ? (size_t)(every - text.data) + 6 : text.len;
    size_t digits = 0;
    while (at + digits < text.len && text.data[at + digits] >= '0' &&
           text.data[at + digits] <= '9') {
        digits++;
    }
    return digits > 0 && at + digits < text.len &&
           memchr("wdhms", text.data[at + digits], 5) != NULL;
}

static void check_text(struct check *c, const struct shape *shape, const struct bulla_value *value,
                       const struct path *at, size_t depth)
{
    bool known = shape->choices == NULL;
    for (size_t i = 0; !known && shape->choices[i] != NULL; i++) {
        known = bulla_bytes_are(value->text, shape->choices[i]);
    }
    if (!known) {
        struct bulla_bytes list = bulla_bytes("", 0);
        for (size_t i = 0; shape->choices[i] != NULL; i++) {
            list = store_printf(&c->m->store, "%.*s%s'%s'", (int)list.len, (const char *)list.data,
                                i > 0 ? ", " : "", shape->choices[i]);
        }
        fail_itself(c, shape, value, at, depth,
                    store_printf(&c->m->store, "value must be %s%.*s",
                                 shape->choices[1] != NULL ? "one of " : "", (int)list.len,
                                 (const char *)list.data));
    }
    bool fits = shape->pattern == PATTERN_CONTAINER ? is_container_name(value->text)
                : shape->pattern == PATTERN_PULL    ? is_pull_policy(value->text)
                                                    : true;
    if (!fits) {
        add_violation(c, value, depth, at, bulla_bytes("", 0), shape->pattern);
    }
}

/* --- collections ------------------------------------------------------------------------------ */

static void check_unique(struct check *c, const struct shape *shape,
                         const struct bulla_value *value, const struct path *at, size_t depth)
{
    struct bulla_value *seen = value_new(&c->m->store, BULLA_VALUE_MAP);
    for (size_t i = 0; i < value->count; i++) {
        const struct bulla_value *item = value->entries[i].value;
        if (item->kind == BULLA_VALUE_LIST || item->kind == BULLA_VALUE_MAP) {
            for (size_t j = 0; j < i; j++) {
                if (value_equal(value->entries[j].value, item)) {
                    fail_itself(c, shape, value, at, depth,
                                store_printf(&c->m->store, "items at %zu and %zu are equal", j, i));
                }
            }
            continue;
        }
        struct bulla_bytes shown = value_show(&c->m->store, item);
        struct bulla_bytes key =
            store_printf(&c->m->store, "%d%.*s", item->kind == BULLA_VALUE_TEXT, (int)shown.len,
                         (const char *)shown.data);
        const struct bulla_value *before = value_find(seen, key);
        if (before != NULL) {
            fail_itself(c, shape, value, at, depth,
                        store_printf(&c->m->store, "items at %d and %zu are equal",
                                     (int)before->number, i));
        }
        value_set(&c->m->store, seen, key, value_int(&c->m->store, (int64_t)i));
    }
}

static void check_list(struct check *c, const struct shape *shape, const struct bulla_value *value,
                       const struct path *at, size_t depth)
{
    const struct shape *items = shape->items != NULL ? shape->items : shape->each;
    if (shape->unique) {
        check_unique(c, shape, value, at, depth);
    }
    for (size_t i = 0; items != NULL && i < value->count; i++) {
        struct path here = {.up = at, .key = store_printf(&c->m->store, "%zu", i)};
        check_value(c, items, value->entries[i].value, &here, depth + 1);
    }
}

static bool fits_keys(enum keys keys, struct bulla_bytes key)
{
    bool fits = keys == KEYS_ANY || key.len > 0;
    for (size_t i = 0; fits && i < key.len; i++) {
        uint8_t c = key.data[i];
        fits = keys == KEYS_NAME    ? is_word(c) || memchr("._-", c, 3) != NULL
               : keys == KEYS_LOWER ? c >= 'a' && c <= 'z'
                                    : true;
    }
    return fits;
}

static void check_required(struct check *c, const struct shape *shape,
                           const struct bulla_value *value, const struct path *at, size_t depth)
{
    struct bulla_bytes list = bulla_bytes("", 0);
    size_t missing = 0;
    for (size_t i = 0; i < 3 && shape->required[i] != NULL; i++) {
        if (value_at(value, shape->required[i]) == NULL) {
            list = store_printf(&c->m->store, "%.*s%s'%s'", (int)list.len, (const char *)list.data,
                                missing > 0 ? ", " : "", shape->required[i]);
            missing++;
        }
    }
    if (missing > 0) {
        fail_itself(c, shape, value, at, depth,
                    store_printf(&c->m->store, "missing propert%s %.*s", missing > 1 ? "ies" : "y",
                                 (int)list.len, (const char *)list.data));
    }
}

/* The key of VALUE as a value of its own, for what is wrong with the key. */
static struct bulla_value *key_of(struct check *c, const struct entry *entry)
{
    struct bulla_value *key = value_text(&c->m->store, entry->key);
    key->file = entry->value->file;
    key->pos = entry->value->key.line > 0 ? entry->value->key : entry->value->pos;
    return key;
}

/*
 * Keys of VALUE that nothing allows, which Compose names in one sentence. A checker is told of each
 * where it stands.
 */
static void fail_keys(struct check *c, const struct bulla_value *value, const struct path *at,
                      size_t depth, const struct bulla_value *keys)
{
    struct store *store = &c->m->store;
    struct bulla_bytes list = bulla_bytes("", 0);
    for (size_t i = 0; i < keys->count && !value->unknown; i++) {
        const struct bulla_value *key = keys->entries[i].value;
        list = store_printf(store, "%s%s%s", stored(list), list.len > 0 ? ", " : "",
                            stored(quote(c->m, key->text)));
        if (c->m->judging || i + 1 == keys->count) {
            fail(c, c->m->judging ? key : keys->entries[0].value, depth, at,
                 store_printf(store, "additional properties %s not allowed", stored(list)));
            list = bulla_bytes("", 0);
        }
    }
}

static void check_mapping(struct check *c, const struct shape *shape,
                          const struct bulla_value *value, const struct path *at, size_t depth)
{
    struct bulla_value *others = value_new(&c->m->store, BULLA_VALUE_LIST);
    check_required(c, shape, value, at, depth);
    for (size_t i = 0; i < value->count; i++) {
        struct path here = {.up = at, .key = value->entries[i].key};
        const struct member *member = shape_member(shape, here.key);
        if (member != NULL && !(member->only_5 && c->m->compose_2)) {
            check_value(c, member->shape, value->entries[i].value, &here, depth + 1);
        } else if (shape->each != NULL && fits_keys(shape->keys, here.key)) {
            check_value(c, shape->each, value->entries[i].value, &here, depth + 1);
        } else if (shape->closed && (shape->plain || !is_extension(here.key))) {
            value_push(&c->m->store, others, key_of(c, &value->entries[i]));
        }
    }
    fail_keys(c, value, at, depth + 1, others);
}

static void check_value(struct check *c, const struct shape *shape, const struct bulla_value *value,
                        const struct path *at, size_t depth)
{
    if (value->timestamp && c->m->compose_2) {
        fail(c, value, depth, at, bulla_bytes_of("invalid jsonType time.Time"));
        return;
    }
    if ((kind_of(value) & shape->kinds) == 0) {
        fail_kind(c, shape, value, at, depth);
        return;
    }
    if (value->kind == BULLA_VALUE_TEXT) {
        check_text(c, shape, value, at, depth);
    } else if (value->kind == BULLA_VALUE_LIST) {
        check_list(c, shape, value, at, depth);
    } else if (value->kind == BULLA_VALUE_MAP) {
        check_mapping(c, shape, value, at, depth);
    }
    if (shape->has_range && value->kind == BULLA_VALUE_INT &&
        (value->number < shape->least || value->number > shape->most)) {
        fail_itself(c, shape, value, at, depth,
                    value->number < shape->least
                        ? store_printf(&c->m->store, "must be greater than or equal to %" PRId64,
                                       shape->least)
                        : store_printf(&c->m->store, "must be less than or equal to %" PRId64,
                                       shape->most));
    }
}

bool validate_schema(struct model *m, struct bulla_value *model, const char *file)
{
    struct check c = {.m = m};
    check_value(&c, &shape_project, model, NULL, 0);
    for (const struct violation *v = c.violations; v != NULL; v = v->next) {
        if (v->pattern == PATTERN_NONE) {
            /* Keys are shown, values are not: they do not occur in these sentences. */
            (void)refuse(m, v->value, "validating %s: %b", file, v->text);
            continue;
        }
        (void)refuse(m, v->value, "validating %s: %b%w does not match pattern '%s'", file, v->text,
                     quote(m, v->value->text), bulla_bytes_of("'\xe2\x80\xa6'"),
                     v->pattern == PATTERN_CONTAINER
                         ? "[a-zA-Z0-9][a-zA-Z0-9_.-]+"
                         : "always|never|build|if_not_present|missing|refresh|daily|weekly|"
                           "every_([0-9]+[wdhms])+");
    }
    return go_on(m);
}
