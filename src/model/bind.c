/* A model in its final form: types, and what is left out because it is empty. */
#include "model/bind.h"

#include <string.h>

#include "bulla/limits.h"
#include "dotenv/words.h"

#include "base/banned.h"

static struct bulla_value *bind_value(struct binder *b, const struct member *member,
                                      struct bulla_value *value);

/* One failure of all that was rejected since the last. */
static void refuse_rejected(struct binder *b)
{
    if (!bulla_buf_ok(&b->full, b->store->err) || !bulla_buf_ok(&b->masked, b->store->err)) {
        b->store->stopped = true;
    } else if (b->first != NULL) {
        (void)refuse(b->m, b->first, "decoding failed due to the following error(s):\n\n%w",
                     bulla_buf_view(&b->full), bulla_buf_view(&b->masked));
    }
    bulla_buf_truncate(&b->full, 0);
    bulla_buf_truncate(&b->masked, 0);
    b->first = NULL;
}

struct bulla_value *reject(struct binder *b, const struct bulla_value *value, const char *before,
                           struct bulla_bytes quoted, const char *after)
{
    if (value->unknown) {
        return (struct bulla_value *)(uintptr_t)value;
    }
    const char *lead = b->count++ > 0 && !b->m->judging ? "\n'" : "'";
    for (int i = 0; i < 2; i++) {
        struct bulla_buf *out = i == 0 ? &b->full : &b->masked;
        bulla_buf_puts(out, lead);
        bulla_buf_add_bytes(out, bulla_buf_view(&b->at));
        bulla_buf_puts(out, "' ");
        bulla_buf_puts(out, before);
        words_value(quoted, i == 1, out);
        bulla_buf_puts(out, after);
    }
    b->first = b->first != NULL ? b->first : value;
    if (b->m->judging) {
        refuse_rejected(b);
    }
    return NULL;
}

struct bulla_value *reject_number(struct binder *b, const struct bulla_value *value,
                                  const char *before, const char *why)
{
    bulla_auto_buf quoted;
    bulla_buf_init(&quoted, BULLA_MAX_TEXT_BYTES);
    words_quote(value_show(b->store, value), &quoted);
    return reject(b, value, before, bulla_buf_view(&quoted),
                  (const char *)store_printf(b->store, ": %s", why).data);
}

struct bulla_value *reject_kind(struct binder *b, const struct bulla_value *value,
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

struct bulla_value *fresh(struct binder *b, enum bulla_value_kind kind,
                          const struct bulla_value *from)
{
    return value_placed(value_new(b->store, kind), from);
}

static struct bulla_value *bind_object(struct binder *b, const struct shape *shape,
                                       struct bulla_value *value)
{
    struct bulla_value *map = fresh(b, BULLA_VALUE_MAP, value);
    for (const struct member *member = shape->members; member != NULL && member->name != NULL;
         member++) {
        if (member->only_5 && b->m->compose_2) {
            continue;
        }
        size_t before = enter(b, true, bulla_bytes_of(member->name));
        struct bulla_value *part = value_at(value, member->name);
        bool nothing = part == NULL || part->kind == BULLA_VALUE_NULL;
        if (!nothing) {
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
        bool veiled = item->veiled;
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
        item->veiled = veiled;
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
    refuse_rejected(&b);
    if (!bulla_buf_ok(&b.at, m->store.err)) {
        m->store.stopped = true;
    }
    bulla_buf_release(&b.at);
    bulla_buf_release(&b.full);
    bulla_buf_release(&b.masked);
    return go_on(m) ? bound : NULL;
}
