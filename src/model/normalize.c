/* What a model leaves unsaid: networks, dependencies, names, values that are passed through. */
#include <string.h>

#include "model/internal.h"

#include "base/banned.h"

static struct bulla_value *new_default(struct model *m)
{
    struct bulla_value *map = value_new(&m->store, BULLA_VALUE_MAP);
    value_put(&m->store, map, "default", value_new(&m->store, BULLA_VALUE_NULL));
    return map;
}

static void normalize_networks(struct model *m, struct bulla_value *model)
{
    struct store *store = &m->store;
    const struct bulla_value *services = value_at(model, "services");
    struct bulla_value *networks = value_at(model, "networks");
    bool used = false;
    for (size_t i = 0; value_is(services, BULLA_VALUE_MAP) && i < services->count; i++) {
        struct bulla_value *service = services->entries[i].value;
        if (value_at(service, "provider") != NULL || value_at(service, "network_mode") != NULL) {
            continue;
        }
        const struct bulla_value *own = value_at(service, "networks");
        if (own == NULL || own->count == 0) {
            value_put(store, service, "networks", new_default(m));
            used = true;
        } else {
            used = used || value_at(own, "default") != NULL;
        }
    }
    if (!value_is(networks, BULLA_VALUE_MAP)) {
        networks = value_new(store, BULLA_VALUE_MAP);
    }
    if (used && value_at(networks, "default") == NULL) {
        value_put(store, networks, "default", value_new(store, BULLA_VALUE_NULL));
    }
    if (networks->count > 0) {
        value_put(store, model, "networks", networks);
    }
}

/* Gives names without a value what the project's variables have. */
static struct bulla_value *fill_values(struct model *m, struct bulla_value *value, bool keep_empty)
{
    struct store *store = &m->store;
    struct bulla_value *filled = value_placed(value_new(store, value->kind), value);
    for (size_t i = 0; i < value->count; i++) {
        struct bulla_value *item = value->entries[i].value;
        struct bulla_bytes key = value->entries[i].key;
        struct bulla_bytes found;
        if (value->kind == BULLA_VALUE_MAP) {
            if (item->kind == BULLA_VALUE_NULL && variables_find(&m->variables, key, &found)) {
                item = value_placed(value_text(store, found), item);
            }
            if (item->kind != BULLA_VALUE_NULL || keep_empty) {
                value_set(store, filled, key, item);
            }
            continue;
        }
        bool name = item->kind == BULLA_VALUE_TEXT &&
                    (item->text.len == 0 || memchr(item->text.data, '=', item->text.len) == NULL);
        if (name && variables_find(&m->variables, item->text, &found)) {
            value_push(store, filled, pair_of(m, item, found));
        } else if (!name || keep_empty) {
            value_push(store, filled, item);
        }
    }
    return filled;
}

static void normalize_build(struct model *m, struct bulla_value *service)
{
    struct bulla_value *build = value_at(service, "build");
    if (!value_is(build, BULLA_VALUE_MAP)) {
        return;
    }
    const struct bulla_value *context = value_at(build, "context");
    if (context == NULL || context->kind == BULLA_VALUE_NULL) {
        value_put(&m->store, build, "context", value_string(&m->store, "."));
    }
    if (value_at(build, "dockerfile") == NULL && value_at(build, "dockerfile_inline") == NULL) {
        value_put(&m->store, build, "dockerfile", value_string(&m->store, "Dockerfile"));
    }
    struct bulla_value *args = value_at(build, "args");
    if (args != NULL && (args->kind == BULLA_VALUE_MAP || args->kind == BULLA_VALUE_LIST)) {
        value_put(&m->store, build, "args", fill_values(m, args, false));
    }
}

/* NAME is a part of FROM. */
static void depend(struct model *m, struct bulla_value *dependencies, struct bulla_bytes name,
                   const struct bulla_value *from, bool restart)
{
    if (value_find(dependencies, name) != NULL) {
        return;
    }
    struct bulla_value *dependency = value_new(&m->store, BULLA_VALUE_MAP);
    dependency->veiled = !from->literal;
    value_put(&m->store, dependency, "condition", value_string(&m->store, "service_started"));
    value_put(&m->store, dependency, "restart", value_bool(&m->store, restart));
    value_put(&m->store, dependency, "required", value_bool(&m->store, true));
    value_set(&m->store, dependencies, name, dependency);
}

static struct bulla_bytes before_colon(struct bulla_bytes text)
{
    const uint8_t *colon = text.len > 0 ? memchr(text.data, ':', text.len) : NULL;
    return bulla_bytes(text.data, colon != NULL ? (size_t)(colon - text.data) : text.len);
}

static void normalize_dependencies(struct model *m, struct bulla_value *service)
{
    static const char *const spaces[] = {"network_mode", "ipc", "pid", "uts", "cgroup", NULL};
    struct bulla_value *dependencies = value_at(service, "depends_on");
    if (!value_is(dependencies, BULLA_VALUE_MAP)) {
        dependencies = value_new(&m->store, BULLA_VALUE_MAP);
    }
    const struct bulla_value *links = value_at(service, "links");
    for (size_t i = 0; value_is(links, BULLA_VALUE_LIST) && i < links->count; i++) {
        struct bulla_bytes link = links->entries[i].value->text;
        struct bulla_bytes name = before_colon(link);
        bool one = name.len < link.len &&
                   memchr(link.data + name.len + 1, ':', link.len - name.len - 1) == NULL;
        depend(m, dependencies, one ? name : link, links->entries[i].value, true);
    }
    for (size_t i = 0; spaces[i] != NULL; i++) {
        const struct bulla_value *mode = value_at(service, spaces[i]);
        if (value_is(mode, BULLA_VALUE_TEXT) && bulla_bytes_start(mode->text, "service:")) {
            depend(m, dependencies, bulla_bytes_slice(mode->text, 8, mode->text.len), mode, true);
        }
    }
    const struct bulla_value *from = value_at(service, "volumes_from");
    for (size_t i = 0; value_is(from, BULLA_VALUE_LIST) && i < from->count; i++) {
        struct bulla_bytes name = from->entries[i].value->text;
        if (!bulla_bytes_start(name, "container:")) {
            depend(m, dependencies, before_colon(name), from->entries[i].value, false);
        }
    }
    if (dependencies->count > 0) {
        value_put(&m->store, service, "depends_on", dependencies);
    }
}

static void normalize_service(struct model *m, struct bulla_value *service)
{
    if (value_is_text(value_at(service, "pull_policy"), "if_not_present")) {
        value_put(&m->store, service, "pull_policy", value_string(&m->store, "missing"));
    }
    normalize_build(m, service);
    struct bulla_value *environment = value_at(service, "environment");
    if (environment != NULL && environment->kind != BULLA_VALUE_NULL) {
        value_put(&m->store, service, "environment", fill_values(m, environment, true));
    }
    normalize_dependencies(m, service);
    const struct bulla_value *volumes = value_at(service, "volumes");
    for (size_t i = 0; value_is(volumes, BULLA_VALUE_LIST) && i < volumes->count; i++) {
        struct bulla_value *target = value_at(volumes->entries[i].value, "target");
        if (value_is(target, BULLA_VALUE_TEXT)) {
            target->text = clean_path(m, target->text);
        }
    }
    const struct bulla_value *hooks = m->compose_2 ? NULL : value_at(service, "pre_start");
    struct bulla_value *image = value_at(service, "image");
    for (size_t i = 0; hooks != NULL && value_is(hooks, BULLA_VALUE_LIST) && i < hooks->count;
         i++) {
        struct bulla_value *hook = hooks->entries[i].value;
        if (value_is(image, BULLA_VALUE_TEXT) && image->text.len > 0 &&
            value_at(hook, "image") == NULL) {
            value_put(&m->store, hook, "image", image);
        }
    }
}

static void name_resources(struct model *m, struct bulla_value *model, const char *kind)
{
    struct bulla_value *table = value_at(model, kind);
    for (size_t i = 0; value_is(table, BULLA_VALUE_MAP) && i < table->count; i++) {
        struct bulla_value *resource = table->entries[i].value;
        if (resource->kind == BULLA_VALUE_NULL) {
            resource = table->entries[i].value =
                value_placed(value_new(&m->store, BULLA_VALUE_MAP), resource);
        }
        const struct bulla_value *name = value_at(resource, "name");
        if (name != NULL && name->kind != BULLA_VALUE_NULL) {
            continue;
        }
        const struct bulla_value *external = value_at(resource, "external");
        struct bulla_bytes key = table->entries[i].key;
        bool alone = value_is(external, BULLA_VALUE_BOOL) && external->number != 0;
        value_put(&m->store, resource, "name",
                  alone ? value_text(&m->store, key)
                        : value_printf(&m->store, "%s_%.*s", m->name, (int)key.len,
                                       (const char *)key.data));
    }
}

void normalize_model(struct model *m, struct bulla_value *model)
{
    static const char *const kinds[] = {"networks", "volumes", "configs", "secrets", NULL};
    normalize_networks(m, model);
    const struct bulla_value *services = value_at(model, "services");
    for (size_t i = 0; value_is(services, BULLA_VALUE_MAP) && i < services->count; i++) {
        if (services->entries[i].value->kind == BULLA_VALUE_MAP) {
            normalize_service(m, services->entries[i].value);
        }
    }
    for (size_t i = 0; kinds[i] != NULL; i++) {
        name_resources(m, model, kinds[i]);
    }
}
