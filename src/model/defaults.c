/* What a model says where nothing is written, and what may not stand together in it. */
#include <string.h>

#include "model/internal.h"

#include "base/banned.h"

typedef void (*visit_fn)(struct model *m, struct bulla_value *value, const struct path *at);

struct visit {
    struct key_pattern path;
    visit_fn fn;
};

/* Calls the first of VISITS whose path it is, and then does not look inside. */
static void visit_all(struct model *m, const struct visit *visits, size_t count,
                      struct bulla_value *value, const struct path *at)
{
    for (size_t i = 0; at != NULL && i < count; i++) {
        if (path_is(at, visits[i].path)) {
            visits[i].fn(m, value, at);
            return;
        }
    }
    bool map = value->kind == BULLA_VALUE_MAP;
    for (size_t i = 0; (map || value->kind == BULLA_VALUE_LIST) && go_on(m) && i < value->count;
         i++) {
        struct path here = {.up = at, .key = map ? value->entries[i].key : bulla_bytes_of("[]")};
        visit_all(m, visits, count, value->entries[i].value, &here);
    }
}

/* --- defaults --------------------------------------------------------------------------------- */

static void fill(struct model *m, struct bulla_value *map, const char *key, const char *text)
{
    if (map->kind == BULLA_VALUE_MAP && value_at(map, key) == NULL) {
        value_put(&m->store, map, key, value_string(&m->store, text));
    }
}

static void fill_build(struct model *m, struct bulla_value *value, const struct path *at)
{
    (void)at;
    fill(m, value, "context", ".");
}

static void fill_secret(struct model *m, struct bulla_value *value, const struct path *at)
{
    (void)at;
    const struct bulla_value *source = value_at(value, "source");
    if (value->kind == BULLA_VALUE_MAP && value_at(value, "target") == NULL) {
        struct bulla_bytes name =
            source != NULL ? value_show(&m->store, source) : bulla_bytes_of("%!s(<nil>)");
        value_put(
            &m->store, value, "target",
            value_printf(&m->store, "/run/secrets/%.*s", (int)name.len, (const char *)name.data));
    }
}

static void fill_port(struct model *m, struct bulla_value *value, const struct path *at)
{
    (void)at;
    fill(m, value, "protocol", "tcp");
    fill(m, value, "mode", "ingress");
}

static void fill_devices(struct model *m, struct bulla_value *value, const struct path *at)
{
    (void)at;
    if (value_at(value, "device_ids") == NULL) {
        fill(m, value, "count", "all");
    }
}

static void fill_bind(struct model *m, struct bulla_value *value, const struct path *at)
{
    (void)at;
    if (!m->compose_2 && value->kind == BULLA_VALUE_MAP &&
        value_at(value, "create_host_path") == NULL) {
        value_put(&m->store, value, "create_host_path", value_bool(&m->store, true));
    }
}

void set_defaults(struct model *m, struct bulla_value *model)
{
    static const struct visit visits[] = {
        {KEYS("services.*.build"), fill_build},
        {KEYS("services.*.secrets.*"), fill_secret},
        {KEYS("services.*.ports.*"), fill_port},
        {KEYS("services.*.deploy.resources.reservations.devices.*"), fill_devices},
        {KEYS("services.*.gpus.*"), fill_devices},
        {KEYS("services.*.volumes.*.bind"), fill_bind},
    };
    visit_all(m, visits, sizeof visits / sizeof visits[0], model, NULL);
}

/* --- what may not stand together -------------------------------------------------------------- */

static bool is_extension_key(struct bulla_bytes key)
{
    return bulla_bytes_start(key, "x-");
}

static void check_volume(struct model *m, struct bulla_value *value, const struct path *at)
{
    const struct bulla_value *external = value_at(value, "external");
    if (!value_is(external, BULLA_VALUE_BOOL) || external->number == 0) {
        return;
    }
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_bytes key = value->entries[i].key;
        if (!bulla_bytes_are(key, "name") && !bulla_bytes_are(key, "external") &&
            !is_extension_key(key)) {
            (void)refuse(m, value->entries[i].value,
                         "%b: conflicting parameters \"external\" and %q specified",
                         path_show(&m->store, at), key);
        }
    }
}

static void check_sources(struct model *m, struct bulla_value *value, const struct path *at,
                          const char *const *keys, const char *list)
{
    size_t count = 0;
    for (size_t i = 0; keys[i] != NULL; i++) {
        count += value_at(value, keys[i]) != NULL ? 1 : 0;
    }
    if (count > 1) {
        (void)refuse(m, value, "%b: %s attributes are mutually exclusive", path_show(&m->store, at),
                     list);
    } else if (count == 0 && value_at(value, "driver") == NULL &&
               value_at(value, "external") == NULL) {
        (void)refuse(m, value, "%b: one of %s must be set", path_show(&m->store, at), list);
    }
}

static void check_config(struct model *m, struct bulla_value *value, const struct path *at)
{
    static const char *const keys[] = {"file", "environment", "content", NULL};
    check_sources(m, value, at, keys, "file|environment|content");
}

static void check_secret(struct model *m, struct bulla_value *value, const struct path *at)
{
    static const char *const keys[] = {"file", "environment", NULL};
    check_sources(m, value, at, keys, "file|environment");
}

static void check_address(struct model *m, struct bulla_value *value, const struct path *at)
{
    const struct bulla_value *ip = value_at(value, "host_ip");
    if (value_is(ip, BULLA_VALUE_TEXT) && !is_address(ip->text)) {
        (void)refuse(m, ip, "%b: invalid ip address: %v", path_show(&m->store, at), ip->text);
    }
}

static void check_watch(struct model *m, struct bulla_value *value, const struct path *at)
{
    if (value->kind == BULLA_VALUE_TEXT && value->text.len == 0) {
        (void)refuse(m, value, "%b: value can't be blank", path_show(&m->store, at));
    }
}

static void check_devices(struct model *m, struct bulla_value *value, const struct path *at)
{
    if (value_at(value, "count") != NULL && value_at(value, "device_ids") != NULL) {
        (void)refuse(m, value, "%b: \"count\" and \"device_ids\" attributes are exclusive",
                     path_show(&m->store, at));
    }
}

void validate_model(struct model *m, struct bulla_value *model)
{
    static const struct visit visits[] = {
        {KEYS("volumes.*"), check_volume},
        {KEYS("configs.*"), check_config},
        {KEYS("secrets.*"), check_secret},
        {KEYS("services.*.ports.*"), check_address},
        {KEYS("services.*.develop.watch.*.path"), check_watch},
        {KEYS("services.*.deploy.resources.reservations.devices.*"), check_devices},
        {KEYS("services.*.gpus.*"), check_devices},
    };
    visit_all(m, visits, sizeof visits / sizeof visits[0], model, NULL);
}
