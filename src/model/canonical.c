/* Short forms into long ones, what is left out into defaults, and what may not stand together. */
#include <string.h>

#include "model/shape.h"

#include "base/banned.h"

typedef struct bulla_value *(*change_fn)(struct model *m, struct bulla_value *value,
                                         const struct path *at);

static struct bulla_value *canonical(struct model *m, struct bulla_value *value,
                                     const struct path *at);

static struct bulla_value *refuse_type(struct model *m, struct bulla_value *value,
                                       const struct path *at)
{
    (void)refuse(m, value, "%b: invalid type", path_show(&m->store, at));
    return value;
}

static struct bulla_value *change_inside(struct model *m, struct bulla_value *value,
                                         const struct path *at)
{
    bool map = value->kind == BULLA_VALUE_MAP;
    for (size_t i = 0; (map || value->kind == BULLA_VALUE_LIST) && i < value->count; i++) {
        struct path here = {.up = at, .key = map ? value->entries[i].key : bulla_bytes_of("[]")};
        value->entries[i].value = canonical(m, value->entries[i].value, &here);
    }
    return value;
}

static struct bulla_value *wrap(struct model *m, struct bulla_value *value, const char *key)
{
    struct bulla_value *map = value_placed(value_new(&m->store, BULLA_VALUE_MAP), value);
    value_put(&m->store, map, key, value);
    return map;
}

static struct bulla_value *change_build(struct model *m, struct bulla_value *value,
                                        const struct path *at)
{
    return value->kind == BULLA_VALUE_TEXT  ? wrap(m, value, "context")
           : value->kind == BULLA_VALUE_MAP ? change_inside(m, value, at)
                                            : refuse_type(m, value, at);
}

static struct bulla_value *change_extends(struct model *m, struct bulla_value *value,
                                          const struct path *at)
{
    return value->kind == BULLA_VALUE_TEXT  ? wrap(m, value, "service")
           : value->kind == BULLA_VALUE_MAP ? value
                                            : refuse_type(m, value, at);
}

static struct bulla_value *change_mount(struct model *m, struct bulla_value *value,
                                        const struct path *at)
{
    return value->kind == BULLA_VALUE_TEXT  ? wrap(m, value, "source")
           : value->kind == BULLA_VALUE_MAP ? value
                                            : refuse_type(m, value, at);
}

static struct bulla_value *change_to_text(struct model *m, struct bulla_value *value,
                                          const struct path *at)
{
    (void)at;
    return value->kind == BULLA_VALUE_TEXT
               ? value
               : value_placed(value_text(&m->store, value_show(&m->store, value)), value);
}

static struct bulla_value *change_to_list(struct model *m, struct bulla_value *value,
                                          const struct path *at)
{
    (void)at;
    if (value->kind != BULLA_VALUE_TEXT) {
        return value;
    }
    struct bulla_value *list = value_placed(value_new(&m->store, BULLA_VALUE_LIST), value);
    value_push(&m->store, list, value);
    return list;
}

static struct bulla_value *change_contexts(struct model *m, struct bulla_value *value,
                                           const struct path *at)
{
    if (value->kind != BULLA_VALUE_LIST) {
        return value->kind == BULLA_VALUE_MAP ? value : refuse_type(m, value, at);
    }
    struct bulla_value *map = value_placed(value_new(&m->store, BULLA_VALUE_MAP), value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        const uint8_t *mark = item->kind == BULLA_VALUE_TEXT && item->text.len > 0
                                  ? memchr(item->text.data, '=', item->text.len)
                                  : NULL;
        if (mark == NULL) {
            (void)refuse(m, item, "%b: invalid value %v, expected key=value",
                         path_show(&m->store, at), value_show(&m->store, item));
            return map;
        }
        size_t len = (size_t)(mark - item->text.data);
        struct bulla_value *text =
            value_text(&m->store, bulla_bytes_slice(item->text, len + 1, item->text.len));
        value_set(&m->store, map, bulla_bytes(item->text.data, len), value_placed(text, item));
    }
    return map;
}

static struct bulla_value *change_ssh(struct model *m, struct bulla_value *value,
                                      const struct path *at)
{
    if (value->kind != BULLA_VALUE_LIST) {
        return value->kind == BULLA_VALUE_MAP ? value : refuse_type(m, value, at);
    }
    struct bulla_value *map = value_placed(value_new(&m->store, BULLA_VALUE_MAP), value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        const uint8_t *mark =
            item->text.len > 0 ? memchr(item->text.data, '=', item->text.len) : NULL;
        if (item->kind != BULLA_VALUE_TEXT ||
            (mark == NULL && !bulla_bytes_are(item->text, "default"))) {
            (void)refuse(m, item, "invalid ssh key %Q", item->text);
            return map;
        }
        size_t len = mark != NULL ? (size_t)(mark - item->text.data) : item->text.len;
        value_set(&m->store, map, bulla_bytes(item->text.data, len),
                  mark == NULL ? value_new(&m->store, BULLA_VALUE_NULL)
                               : value_text(&m->store, bulla_bytes_slice(item->text, len + 1,
                                                                         item->text.len)));
    }
    return map;
}

static void fill(struct model *m, struct bulla_value *map, const char *key,
                 struct bulla_value *value)
{
    if (value_at(map, key) == NULL) {
        value_put(&m->store, map, key, value);
    }
}

static struct bulla_value *change_depends(struct model *m, struct bulla_value *value,
                                          const struct path *at)
{
    struct store *store = &m->store;
    struct bulla_value *map = value;
    if (value->kind == BULLA_VALUE_LIST) {
        map = value_placed(value_new(store, BULLA_VALUE_MAP), value);
        for (size_t i = 0; i < value->count; i++) {
            struct bulla_value *item = value->entries[i].value;
            value_set(store, map, item->text, value_named(value_new(store, BULLA_VALUE_MAP), item));
        }
    }
    if (map->kind != BULLA_VALUE_MAP) {
        return refuse_type(m, value, at);
    }
    for (size_t i = 0; i < map->count; i++) {
        struct bulla_value *dependency = map->entries[i].value;
        if (dependency->kind != BULLA_VALUE_MAP) {
            (void)refuse(m, dependency, "%b.%b: unsupported value", path_show(store, at),
                         map->entries[i].key);
            return map;
        }
        fill(m, dependency, "condition", value_string(store, "service_started"));
        fill(m, dependency, "required", value_bool(store, true));
    }
    return map;
}

static struct bulla_value *change_env_file(struct model *m, struct bulla_value *value,
                                           const struct path *at)
{
    struct bulla_value *list = change_to_list(m, value, at);
    if (list->kind != BULLA_VALUE_LIST) {
        return refuse_type(m, value, at);
    }
    for (size_t i = 0; i < list->count; i++) {
        struct bulla_value *item = list->entries[i].value;
        item = item->kind == BULLA_VALUE_TEXT ? wrap(m, item, "path") : item;
        if (item->kind == BULLA_VALUE_MAP) {
            fill(m, item, "required", value_bool(&m->store, true));
        }
        list->entries[i].value = item;
    }
    return list;
}

static struct bulla_value *change_gpus(struct model *m, struct bulla_value *value,
                                       const struct path *at)
{
    if (value->kind != BULLA_VALUE_TEXT) {
        return value->kind == BULLA_VALUE_LIST ? value : refuse_type(m, value, at);
    }
    struct bulla_value *list = value_placed(value_new(&m->store, BULLA_VALUE_LIST), value);
    value_push(&m->store, list,
               wrap(m, value_placed(value_string(&m->store, "all"), value), "count"));
    return list;
}

static struct bulla_value *change_names(struct model *m, struct bulla_value *value,
                                        const struct path *at)
{
    (void)at;
    if (value->kind != BULLA_VALUE_LIST) {
        return value;
    }
    struct bulla_value *map = value_placed(value_new(&m->store, BULLA_VALUE_MAP), value);
    for (size_t i = 0; i < value->count; i++) {
        const struct bulla_value *item = value->entries[i].value;
        value_set(&m->store, map, item->text,
                  value_named(value_new(&m->store, BULLA_VALUE_NULL), item));
    }
    return map;
}

static struct bulla_value *change_volume(struct model *m, struct bulla_value *value,
                                         const struct path *at)
{
    return value->kind == BULLA_VALUE_TEXT  ? parse_volume(m, value, value->text)
           : value->kind == BULLA_VALUE_MAP ? value
                                            : refuse_type(m, value, at);
}

static struct bulla_value *change_device(struct model *m, struct bulla_value *value,
                                         const struct path *at)
{
    if (value->kind != BULLA_VALUE_TEXT) {
        return value->kind == BULLA_VALUE_MAP ? value : refuse_type(m, value, at);
    }
    struct bulla_bytes parts[4] = {0};
    struct bulla_bytes rest = value->text;
    size_t count = 0;
    for (bool more = true; more && count < 4; count++) {
        const uint8_t *colon = rest.len > 0 ? memchr(rest.data, ':', rest.len) : NULL;
        size_t len = colon != NULL ? (size_t)(colon - rest.data) : rest.len;
        parts[count] = bulla_bytes(rest.data, len);
        rest = bulla_bytes_slice(rest, len + 1, rest.len);
        more = colon != NULL;
    }
    if (count > 3) {
        (void)refuse(m, value, "confusing device mapping, please use long syntax: %v", value->text);
        return value;
    }
    struct bulla_value *map = wrap(m, value_text(&m->store, parts[0]), "source");
    struct bulla_bytes target = count > 1 && parts[1].len > 0 ? parts[1] : parts[0];
    value_put(&m->store, map, "target", value_text(&m->store, target));
    value_put(&m->store, map, "permissions",
              value_text(&m->store, count > 2 ? parts[2] : bulla_bytes_of("rwm")));
    return map;
}

static struct bulla_value *change_ports(struct model *m, struct bulla_value *value,
                                        const struct path *at)
{
    if (value->kind != BULLA_VALUE_LIST) {
        return refuse_type(m, value, at);
    }
    struct bulla_value *list = value_placed(value_new(&m->store, BULLA_VALUE_LIST), value);
    for (size_t i = 0; i < value->count && go_on(m); i++) {
        struct bulla_value *item = value->entries[i].value;
        if (item->kind == BULLA_VALUE_MAP) {
            value_push(&m->store, list, item);
        } else if (item->kind == BULLA_VALUE_TEXT || item->kind == BULLA_VALUE_INT) {
            (void)parse_port(m, item, value_show(&m->store, item), list);
        } else {
            (void)refuse_type(m, item, at);
        }
    }
    return list;
}

static struct bulla_value *change_ulimit(struct model *m, struct bulla_value *value,
                                         const struct path *at)
{
    bool fine = value->kind == BULLA_VALUE_MAP || value->kind == BULLA_VALUE_INT;
    return fine ? value : refuse_type(m, value, at);
}

static struct bulla_value *change_external(struct model *m, struct bulla_value *value,
                                           const struct path *at)
{
    struct bulla_value *external = value_at(value, "external");
    if (!value_is(external, BULLA_VALUE_MAP)) {
        return value;
    }
    struct bulla_value *name = value_at(value, "name");
    struct bulla_value *old = value_at(external, "name");
    value_put(&m->store, value, "external", value_bool(&m->store, true));
    if (old == NULL) {
        return value;
    }
    struct bulla_bytes path = path_show(&m->store, at);
    warn(m, "%b: external.name is deprecated. Please set name and external: true", path);
    if (name == NULL) {
        value_put(&m->store, value, "name", old);
    } else if (!value_equal(name, old)) {
        (void)refuse(m, old, "%b: name and external.name conflict; only use name", path);
    }
    return value;
}

static const struct {
    struct key_pattern path;
    change_fn change;
} changes[] = {
    {KEYS("services.*.build.secrets.*"), change_mount},
    {KEYS("services.*.build.provenance"), change_to_text},
    {KEYS("services.*.build.sbom"), change_to_text},
    {KEYS("services.*.build.additional_contexts"), change_contexts},
    {KEYS("services.*.depends_on"), change_depends},
    {KEYS("services.*.env_file"), change_env_file},
    {KEYS("services.*.label_file"), change_to_list},
    {KEYS("services.*.extends"), change_extends},
    {KEYS("services.*.gpus"), change_gpus},
    {KEYS("services.*.networks"), change_names},
    {KEYS("services.*.models"), change_names},
    {KEYS("services.*.volumes.*"), change_volume},
    {KEYS("services.*.dns"), change_to_list},
    {KEYS("services.*.devices.*"), change_device},
    {KEYS("services.*.secrets.*"), change_mount},
    {KEYS("services.*.configs.*"), change_mount},
    {KEYS("services.*.ports"), change_ports},
    {KEYS("services.*.build"), change_build},
    {KEYS("services.*.build.ssh"), change_ssh},
    {KEYS("services.*.ulimits.*"), change_ulimit},
    {KEYS("services.*.build.ulimits.*"), change_ulimit},
    {KEYS("services.*.develop.watch.*.ignore"), change_to_list},
    {KEYS("services.*.develop.watch.*.include"), change_to_list},
    {KEYS("volumes.*"), change_external},
    {KEYS("networks.*"), change_external},
    {KEYS("secrets.*"), change_external},
    {KEYS("configs.*"), change_external},
};

static struct bulla_value *canonical(struct model *m, struct bulla_value *value,
                                     const struct path *at)
{
    if (!go_on(m)) {
        return value;
    }
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        if (path_is(at, changes[i].path)) {
            return changes[i].change(m, value, at);
        }
    }
    return change_inside(m, value, at);
}

/* Empty addresses of name servers are left out. */
static void drop_empty_dns(struct model *m, struct bulla_value *model)
{
    struct bulla_value *services = value_at(model, "services");
    for (size_t i = 0; value_is(services, BULLA_VALUE_MAP) && i < services->count; i++) {
        struct bulla_value *dns = value_at(services->entries[i].value, "dns");
        size_t kept = 0;
        for (size_t j = 0; value_is(dns, BULLA_VALUE_LIST) && j < dns->count; j++) {
            struct bulla_value *item = dns->entries[j].value;
            bool empty = item->kind == BULLA_VALUE_NULL ||
                         (item->kind == BULLA_VALUE_TEXT && item->text.len == 0);
            if (!empty) {
                dns->entries[kept++].value = item;
            }
        }
        if (value_is(dns, BULLA_VALUE_LIST)) {
            dns->count = kept;
        }
    }
    (void)m;
}

void make_canonical(struct model *m, struct bulla_value *model)
{
    (void)change_inside(m, model, NULL);
    drop_empty_dns(m, model);
}
