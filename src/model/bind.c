/* A model in its final form: types, and what is left out because it is empty. */
#include <string.h>

#include "bulla/limits.h"
#include "dotenv/words.h"
#include "model/shape.h"

#include "base/banned.h"

struct binder {
    struct model *m;
    struct store *store;
    struct bulla_buf at; /* what is bound now */
    struct bulla_buf full;
    struct bulla_buf masked;
    const struct bulla_value *first; /* that was rejected */
    size_t count;
};

static struct bulla_value *bind_value(struct binder *b, const struct member *member,
                                      struct bulla_value *value);

/*
 * Notes why what is bound now cannot be what it has to be; all such reasons make one failure. What
 * is unknown stays.
 */
static struct bulla_value *reject(struct binder *b, const struct bulla_value *value,
                                  const char *before, struct bulla_bytes quoted, const char *after)
{
    if (value->unknown) {
        return (struct bulla_value *)(uintptr_t)value;
    }
    bulla_buf_puts(&b->full, b->count > 0 ? "\n'" : "'");
    bulla_buf_puts(&b->masked, b->count++ > 0 ? "\n'" : "'");
    bulla_buf_add_bytes(&b->full, bulla_buf_view(&b->at));
    bulla_buf_add_bytes(&b->masked, bulla_buf_view(&b->at));
    for (int i = 0; i < 2; i++) {
        struct bulla_buf *out = i == 0 ? &b->full : &b->masked;
        bulla_buf_puts(out, "' ");
        bulla_buf_puts(out, before);
        words_value(quoted, i == 1, out);
        bulla_buf_puts(out, after);
    }
    b->first = b->first != NULL ? b->first : value;
    return NULL;
}

static struct bulla_value *reject_number(struct binder *b, const struct bulla_value *value,
                                         const char *before, const char *why)
{
    bulla_auto_buf quoted;
    bulla_buf_init(&quoted, BULLA_MAX_TEXT_BYTES);
    words_quote(value_show(b->store, value), &quoted);
    return reject(b, value, before, bulla_buf_view(&quoted),
                  (const char *)store_printf(b->store, ": %s", why).data);
}

static struct bulla_value *reject_kind(struct binder *b, const struct bulla_value *value,
                                       const char *wanted)
{
    static const char *const names[] = {[BULLA_VALUE_NULL] = "nil",
                                        [BULLA_VALUE_BOOL] = "bool",
                                        [BULLA_VALUE_INT] = "int",
                                        [BULLA_VALUE_FLOAT] = "float64",
                                        [BULLA_VALUE_TEXT] = "string",
                                        [BULLA_VALUE_LIST] = "[]interface {}",
                                        [BULLA_VALUE_MAP] = "map[string]interface {}"};
    return reject(b, value,
                  (const char *)store_printf(b->store,
                                             "expected type '%s', got unconvertible type '%s'",
                                             wanted, names[value->kind])
                      .data,
                  bulla_bytes("", 0), "");
}

/* Steps inside: the name of a member, or a key or number in brackets. Returns where to go back to.
 */
static size_t enter(struct binder *b, bool member, struct bulla_bytes key)
{
    size_t before = bulla_buf_view(&b->at).len;
    bulla_buf_puts(&b->at, !member ? "[" : before > 0 ? "." : "");
    bulla_buf_add_bytes(&b->at, key);
    bulla_buf_puts(&b->at, member ? "" : "]");
    return before;
}

static size_t enter_item(struct binder *b, size_t index)
{
    return enter(b, false, store_printf(b->store, "%zu", index));
}

static struct bulla_value *fresh(struct binder *b, enum bulla_value_kind kind,
                                 const struct bulla_value *from)
{
    return value_placed(value_new(b->store, kind), from);
}

/* --- scalars ---------------------------------------------------------------------------------- */

static struct bulla_value *bind_text(struct binder *b, const struct member *member,
                                     struct bulla_value *value)
{
    if (value->kind == BULLA_VALUE_INT) {
        value = value_placed(value_text(b->store, value_show(b->store, value)), value);
    }
    (void)member;
    if (value->kind != BULLA_VALUE_TEXT || value->timestamp) {
        return reject_kind(b, value, "string");
    }
    return value->text.len > 0 ? value : NULL;
}

static struct bulla_value *bind_bool(struct binder *b, const struct member *member,
                                     struct bulla_value *value)
{
    bool kept = member->bind == BIND_BOOL_KEPT;
    int truth = value->kind == BULLA_VALUE_BOOL   ? (int)value->number
                : value->kind == BULLA_VALUE_TEXT ? parse_bool(b->m, value->text)
                                                  : -1;
    if (truth < 0) {
        return reject(b, value, "invalid boolean: ", value_show(b->store, value), "");
    }
    bool inverse =
        member->bind == BIND_OPT_OUT || (member->bind == BIND_HOST_PATH && !b->m->compose_2);
    bool shown = inverse ? truth == 0 : kept || truth == 1;
    return shown ? value_placed(value_bool(b->store, truth == 1), value) : NULL;
}

static struct bulla_value *bind_int(struct binder *b, const struct member *member,
                                    struct bulla_value *value)
{
    bool kept = member->bind == BIND_INT_KEPT || member->bind == BIND_UINT_KEPT;
    bool whole = member->bind == BIND_UINT || member->bind == BIND_UINT_KEPT;
    int64_t number = value->number;
    if (value->kind == BULLA_VALUE_FLOAT) {
        number = (int64_t)value->real;
    } else if (value->kind == BULLA_VALUE_TEXT && !whole) {
        const char *why = parse_int(value->text, &number);
        if (why != NULL) {
            return reject_number(b, value,
                                 member->bind == BIND_INT_KEPT ? "strconv.Atoi: parsing "
                                                               : "strconv.ParseInt: parsing ",
                                 why);
        }
    } else if (value->kind != BULLA_VALUE_INT) {
        return reject_kind(b, value, whole ? "uint64" : "int");
    }
    if (whole && number < 0) {
        return reject(b, value, "cannot parse value as 'uint64': ", value_show(b->store, value),
                      " overflows uint");
    }
    return kept || number != 0 ? value_placed(value_int(b->store, number), value) : NULL;
}

static struct bulla_value *bind_float(struct binder *b, const struct member *member,
                                      struct bulla_value *value)
{
    double real = value->real;
    if (value->kind == BULLA_VALUE_INT) {
        real = (double)value->number;
    } else if (value->kind == BULLA_VALUE_TEXT) {
        const char *why = parse_float(value->text, &real);
        if (why != NULL) {
            return reject_number(b, value, "strconv.ParseFloat: parsing ", why);
        }
    } else if (value->kind != BULLA_VALUE_FLOAT) {
        return reject_kind(b, value, "float32");
    }
    (void)member;
    real = (double)(float)real;
    return real < 0 || real > 0 ? value_placed(value_float(b->store, real, true), value) : NULL;
}

static struct bulla_value *bind_bytes(struct binder *b, const struct member *member,
                                      struct bulla_value *value)
{
    int64_t bytes = value->kind == BULLA_VALUE_INT ? value->number : 0;
    struct bulla_bytes quoted;
    (void)member;
    if (value->kind == BULLA_VALUE_TEXT) {
        switch (parse_bytes(b->m, value->text, &bytes, &quoted)) {
        case SIZE_OK:
            break;
        case SIZE_INVALID:
            return reject(b, value, "invalid size: '", quoted, "'");
        case SIZE_SUFFIX:
            return reject(b, value, "invalid suffix: '", quoted, "'");
        case SIZE_NUMBER:
            return reject_number(b, value_text(b->store, quoted), "strconv.ParseFloat: parsing ",
                                 "invalid syntax");
        }
    }
    return bytes != 0
               ? value_placed(
                     value_text(b->store, value_show(b->store, value_int(b->store, bytes))), value)
               : NULL;
}

static struct bulla_value *bind_duration(struct binder *b, const struct member *member,
                                         struct bulla_value *value)
{
    bool zero = false;
    struct bulla_bytes text = value_show(b->store, value);
    struct bulla_bytes unit;
    const char *why = NULL;
    struct bulla_value *shown = show_duration(b->m, text, &zero, &why, &unit);
    if (shown == NULL) {
        /* Quotation marks around it, and nothing escaped. */
        bulla_auto_buf quoted;
        bulla_buf_init(&quoted, BULLA_MAX_TEXT_BYTES);
        bulla_buf_puts(&quoted, "\"");
        if (unit.len > 0) {
            bulla_buf_add_bytes(&quoted, unit);
            bulla_buf_puts(&quoted, "\" in duration \"");
        }
        bulla_buf_add_bytes(&quoted, text);
        bulla_buf_puts(&quoted, "\"");
        return reject(b, value, why, bulla_buf_view(&quoted), "");
    }
    return zero && member->bind == BIND_DURATION ? NULL : value_placed(shown, value);
}

static struct bulla_value *bind_mode(struct binder *b, const struct member *member,
                                     struct bulla_value *value)
{
    int64_t mode = value->number;
    (void)member;
    if (value->kind != BULLA_VALUE_TEXT && value->kind != BULLA_VALUE_INT) {
        return reject_kind(b, value, "int");
    }
    bool octal = value->kind == BULLA_VALUE_INT || value->text.len > 0;
    for (size_t i = 0; octal && value->kind == BULLA_VALUE_TEXT && i < value->text.len; i++) {
        uint8_t c = value->text.data[i];
        octal = c >= '0' && c <= '7' && mode <= INT64_MAX >> 4;
        mode = mode * 8 + (c - '0');
    }
    if (!octal) {
        return reject_number(b, value, "strconv.ParseInt: parsing ", "invalid syntax");
    }
    return value_placed(value_printf(b->store, "0%llo", (unsigned long long)mode), value);
}

static struct bulla_value *bind_count(struct binder *b, const struct member *member,
                                      struct bulla_value *value)
{
    int64_t count = value->number;
    (void)member;
    if (value->kind == BULLA_VALUE_TEXT) {
        bool all =
            value->text.len == 3 && strncasecmp((const char *)value->text.data, "all", 3) == 0;
        count = -1;
        if (!all && parse_int(value->text, &count) != NULL) {
            bulla_auto_buf quoted;
            bulla_buf_init(&quoted, BULLA_MAX_TEXT_BYTES);
            words_quote(value->text, &quoted);
            return reject(b, value, "invalid value ", bulla_buf_view(&quoted),
                          ", the only value allowed is 'all' or a number");
        }
    }
    return count != 0 ? value_placed(value_int(b->store, count), value) : NULL;
}

/* --- tables of texts -------------------------------------------------------------------------- */

/* KEY=VALUE of ITEM into MAP; a key alone gets OTHERWISE. */
static void add_pair(struct binder *b, struct bulla_value *map, const struct bulla_value *item,
                     struct bulla_value *otherwise)
{
    struct bulla_bytes text = value_show(b->store, item);
    const uint8_t *mark = text.len > 0 ? memchr(text.data, '=', text.len) : NULL;
    size_t len = mark != NULL ? (size_t)(mark - text.data) : text.len;
    value_set(
        b->store, map, bulla_bytes(text.data, len),
        mark != NULL
            ? value_placed(value_text(b->store, bulla_bytes_slice(text, len + 1, text.len)), item)
            : otherwise);
}

static struct bulla_value *bind_table(struct binder *b, const struct member *member,
                                      struct bulla_value *value)
{
    bool environment = member->bind == BIND_ENVIRONMENT;
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        struct bulla_value *nothing = environment ? fresh(b, BULLA_VALUE_NULL, item)
                                                  : value_placed(value_string(b->store, ""), item);
        if (value->kind == BULLA_VALUE_LIST) {
            add_pair(b, map, item, nothing);
        } else if (item->kind == BULLA_VALUE_NULL) {
            value_set(b->store, map, value->entries[i].key, nothing);
        } else {
            value_set(b->store, map, value->entries[i].key,
                      value_placed(value_text(b->store, value_show(b->store, item)), item));
        }
    }
    for (size_t i = 0; environment && value->kind == BULLA_VALUE_LIST && i < map->count; i++) {
        struct bulla_bytes key = map->entries[i].key;
        if (key.len > 0 && memchr(" \t\n\v\f\r\x85\xa0", key.data[key.len - 1], 8) != NULL) {
            return reject(b, value, "environment variable ", key,
                          " is declared with a trailing space");
        }
    }
    return map->count > 0 ? map : NULL;
}

static struct bulla_value *bind_texts(struct binder *b, const struct member *member,
                                      struct bulla_value *value)
{
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    if (value->kind != BULLA_VALUE_LIST) {
        value_push(b->store, list, value);
        return list;
    }
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        bool text = item->kind == BULLA_VALUE_TEXT;
        if (!text && member->bind == BIND_TEXTS && item->kind != BULLA_VALUE_INT) {
            return reject_kind(b, item, "string");
        }
        value_push(b->store, list,
                   text ? item
                        : value_placed(value_text(b->store, value_show(b->store, item)), item));
    }
    return list->count > 0 ? list : NULL;
}

static struct bulla_value *bind_multi(struct binder *b, const struct member *member,
                                      struct bulla_value *value)
{
    static const struct member items = {.name = "options", .bind = BIND_NUMBERS};
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    (void)member;
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        if (item->kind != BULLA_VALUE_LIST) {
            item = value_placed(value_text(b->store, value_show(b->store, item)), item);
        }
        value_set(b->store, map, value->entries[i].key, bind_texts(b, &items, item));
    }
    return map->count > 0 ? map : NULL;
}

static struct bulla_value *bind_command(struct binder *b, struct bulla_value *value)
{
    if (value->kind != BULLA_VALUE_TEXT) {
        return value;
    }
    struct bulla_value *list = split_command(b->m, value->text);
    if (list == NULL) {
        return reject(b, value, "invalid command line string", bulla_bytes("", 0), "");
    }
    return value_placed(list, value);
}

static struct bulla_value *bind_test(struct binder *b, struct bulla_value *value)
{
    if (value->kind != BULLA_VALUE_TEXT) {
        return value->count > 0 ? value : NULL;
    }
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    value_push(b->store, list, value_placed(value_string(b->store, "CMD-SHELL"), value));
    value_push(b->store, list, value);
    return list;
}

/* --- hosts and limits ------------------------------------------------------------------------- */

static void add_host(struct binder *b, struct bulla_value *list, const struct bulla_value *from,
                     struct bulla_bytes host, struct bulla_bytes address)
{
    if (host.len == 0 || memchr(host.data, ':', host.len) != NULL ||
        memchr(host.data, '=', host.len) != NULL) {
        (void)reject(b, from, "bad host name '", host, "'");
        return;
    }
    if (address.len > 2 && address.data[0] == '[' && address.data[address.len - 1] == ']') {
        address = bulla_bytes_slice(address, 1, address.len - 2);
    }
    struct bulla_value name = {.text = host, .file = from->file, .pos = from->pos};
    value_push(b->store, list, pair_of(b->m, &name, address));
}

static void add_host_line(struct binder *b, struct bulla_value *list, struct bulla_value *item)
{
    struct bulla_bytes text = value_show(b->store, item);
    const uint8_t *mark = text.len > 0 ? memchr(text.data, '=', text.len) : NULL;
    mark = mark == NULL && text.len > 0 ? memchr(text.data, ':', text.len) : mark;
    if (mark == NULL) {
        (void)reject(b, item, "invalid additional host, missing IP: ", text, "");
        return;
    }
    size_t len = (size_t)(mark - text.data);
    struct bulla_bytes rest = bulla_bytes_slice(text, len + 1, text.len);
    for (bool more = true; more;) {
        const uint8_t *comma = rest.len > 0 ? memchr(rest.data, ',', rest.len) : NULL;
        size_t part = comma != NULL ? (size_t)(comma - rest.data) : rest.len;
        add_host(b, list, item, bulla_bytes(text.data, len), bulla_bytes(rest.data, part));
        rest = bulla_bytes_slice(rest, part + 1, rest.len);
        more = comma != NULL;
    }
}

static struct bulla_value *bind_hosts(struct binder *b, struct bulla_value *value)
{
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        if (value->kind == BULLA_VALUE_LIST) {
            add_host_line(b, list, item);
        } else if (item->kind == BULLA_VALUE_LIST) {
            for (size_t j = 0; j < item->count; j++) {
                add_host(b, list, item, value->entries[i].key,
                         value_show(b->store, item->entries[j].value));
            }
        } else {
            add_host(b, list, item, value->entries[i].key,
                     item->kind == BULLA_VALUE_NULL ? bulla_bytes("", 0)
                                                    : value_show(b->store, item));
        }
    }
    sort_texts(list);
    return list->count > 0 ? list : NULL;
}

static struct bulla_value *bind_ulimits(struct binder *b, struct bulla_value *value)
{
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        struct bulla_value *limit = item;
        if (item->kind == BULLA_VALUE_MAP || item->number == 0) {
            static const char *const names[] = {"soft", "hard", NULL};
            limit = fresh(b, BULLA_VALUE_MAP, item);
            for (size_t j = 0; names[j] != NULL; j++) {
                struct bulla_value *part = value_at(item, names[j]);
                if (part != NULL && part->kind != BULLA_VALUE_INT) {
                    return reject_kind(b, part, "int");
                }
                if (part != NULL && part->number != 0) {
                    value_put(b->store, limit, names[j], part);
                }
            }
        }
        value_set(b->store, map, value->entries[i].key, limit);
    }
    return map->count > 0 ? map : NULL;
}

static struct bulla_value *bind_ssh(struct binder *b, struct bulla_value *value)
{
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    for (size_t i = 0; i < value->count; i++) {
        value_push(b->store, list, value_text(b->store, value->entries[i].key));
    }
    return list->count > 0 ? list : NULL;
}

/* --- objects ---------------------------------------------------------------------------------- */

static struct bulla_value *bind_object(struct binder *b, const struct shape *shape,
                                       struct bulla_value *value)
{
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    for (const struct member *member = shape->members; member != NULL && member->name != NULL;
         member++) {
        size_t before = enter(b, true, bulla_bytes_of(member->name));
        struct bulla_value *part = value_at(value, member->name);
        bool late = member->only_5 && b->m->compose_2;
        bool nothing = part == NULL || part->kind == BULLA_VALUE_NULL;
        if (late) {
            part = NULL;
        } else if (!nothing) {
            part = bind_value(b, member, part);
        } else if (member->bind == BIND_COMMAND) {
            part = fresh(b, BULLA_VALUE_NULL, value);
        } else if (member->bind == BIND_STRUCT) {
            part = bind_object(b, member->shape, fresh(b, BULLA_VALUE_MAP, value));
        } else {
            part = NULL;
        }
        if (part != NULL) {
            value_put(b->store, map, member->name, part);
        }
        bulla_buf_truncate(&b->at, before);
    }
    return map;
}

static struct bulla_value *bind_objects(struct binder *b, const struct member *member,
                                        struct bulla_value *value)
{
    const struct shape *shape =
        member->shape->items != NULL ? member->shape->items : member->shape->each;
    struct bulla_value *list = fresh(b, BULLA_VALUE_LIST, value);
    for (size_t i = 0; value->kind == BULLA_VALUE_LIST && i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        size_t before = enter_item(b, i);
        if (item->kind != BULLA_VALUE_MAP) {
            return reject_kind(b, item, "map");
        }
        value_push(b->store, list, bind_object(b, shape, item));
        bulla_buf_truncate(&b->at, before);
    }
    return list->count > 0 ? list : NULL;
}

static struct bulla_value *bind_named(struct binder *b, const struct member *member,
                                      struct bulla_value *value)
{
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    for (size_t i = 0; value->kind == BULLA_VALUE_MAP && i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        size_t before = enter(b, false, value->entries[i].key);
        if (item->kind != BULLA_VALUE_NULL) {
            item = bind_object(b, member->shape->each, item);
        } else if (member->bind == BIND_TABLE_FULL) {
            item = bind_object(b, member->shape->each, fresh(b, BULLA_VALUE_MAP, item));
        }
        if (member->bind == BIND_TABLE_FULL && strcmp(member->name, "depends_on") == 0 &&
            value_at(item, "required") == NULL) {
            value_put(b->store, item, "required", value_bool(b->store, false));
        }
        value_set(b->store, map, value->entries[i].key, item);
        bulla_buf_truncate(&b->at, before);
    }
    return map->count > 0 ? map : NULL;
}

static struct bulla_value *bind_value(struct binder *b, const struct member *member,
                                      struct bulla_value *value)
{
    switch (member->bind) {
    case BIND_TEXT:
        return bind_text(b, member, value);
    case BIND_BOOL:
    case BIND_BOOL_KEPT:
    case BIND_OPT_OUT:
    case BIND_HOST_PATH:
        return bind_bool(b, member, value);
    case BIND_INT:
    case BIND_INT_KEPT:
    case BIND_UINT:
    case BIND_UINT_KEPT:
        return bind_int(b, member, value);
    case BIND_FLOAT:
    case BIND_CPUS:
        return bind_float(b, member, value);
    case BIND_BYTES:
        return bind_bytes(b, member, value);
    case BIND_DURATION:
    case BIND_DURATION_KEPT:
        return bind_duration(b, member, value);
    case BIND_MAPPING:
    case BIND_LABELS:
    case BIND_ENVIRONMENT:
    case BIND_OPTIONS:
        return bind_table(b, member, value);
    case BIND_MULTI_OPTIONS:
        return bind_multi(b, member, value);
    case BIND_TEXTS:
    case BIND_NUMBERS:
        return bind_texts(b, member, value);
    case BIND_COMMAND:
        return bind_command(b, value);
    case BIND_TEST:
        return bind_test(b, value);
    case BIND_HOSTS:
        return bind_hosts(b, value);
    case BIND_ULIMITS:
        return bind_ulimits(b, value);
    case BIND_MODE:
        return bind_mode(b, member, value);
    case BIND_COUNT:
        return bind_count(b, member, value);
    case BIND_SSH:
        return bind_ssh(b, value);
    case BIND_OBJECT:
    case BIND_STRUCT:
        return value->kind == BULLA_VALUE_MAP ? bind_object(b, member->shape, value)
                                              : reject_kind(b, value, "map");
    case BIND_OBJECTS:
        return bind_objects(b, member, value);
    case BIND_TABLE:
    case BIND_TABLE_FULL:
        return bind_named(b, member, value);
    case BIND_DROP:
        break;
    }
    return NULL;
}

struct bulla_value *bind_model(struct model *m, struct bulla_value *model)
{
    struct binder b = {.m = m, .store = &m->store};
    bulla_buf_init(&b.at, BULLA_MAX_TEXT_BYTES);
    bulla_buf_init(&b.full, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init(&b.masked, BULLA_MAX_OUTPUT_BYTES);
    struct bulla_value *bound = bind_object(&b, &shape_project, model);
    for (size_t i = 0; i < model->count; i++) {
        if (is_extension(model->entries[i].key)) {
            value_set(&m->store, bound, model->entries[i].key, model->entries[i].value);
        }
    }
    if (!bulla_buf_ok(&b.full, m->store.err) || !bulla_buf_ok(&b.masked, m->store.err) ||
        !bulla_buf_ok(&b.at, m->store.err)) {
        m->store.stopped = true;
    } else if (b.count > 0) {
        (void)refuse(m, b.first, "decoding failed due to the following error(s):\n\n%w",
                     bulla_buf_view(&b.full), bulla_buf_view(&b.masked));
    }
    bulla_buf_release(&b.at);
    bulla_buf_release(&b.full);
    bulla_buf_release(&b.masked);
    return go_on(m) ? bound : NULL;
}
