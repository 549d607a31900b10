/* What a model's parts say of one another: Compose's last check. */
#include <string.h>

#include "model/internal.h"

#include "base/banned.h"

#define INVALID "invalid compose project"

struct checker {
    struct model *m;
    const struct bulla_value *model;
    const struct bulla_value *services;
    const struct bulla_value *disabled;
};

static const struct bulla_value *top(const struct checker *c, const char *kind,
                                     struct bulla_bytes name)
{
    return value_find(value_at(c->model, kind), name);
}

static void check_build(struct checker *c, struct bulla_bytes name,
                        const struct bulla_value *service)
{
    const struct bulla_value *build = value_at(service, "build");
    if (build == NULL) {
        return;
    }
    if (value_at(build, "dockerfile_inline") != NULL && value_at(build, "dockerfile") != NULL) {
        (void)refuse(
            c->m, build,
            "service %q declares mutualy exclusive dockerfile and dockerfile_inline: " INVALID,
            name);
    }
    const struct bulla_value *contexts = value_at(build, "additional_contexts");
    for (size_t i = 0; contexts != NULL && i < contexts->count; i++) {
        struct bulla_bytes text = contexts->entries[i].value->text;
        if (!bulla_bytes_start(text, "service:")) {
            continue;
        }
        struct bulla_bytes target = bulla_bytes_slice(text, 8, text.len);
        const struct bulla_value *other = value_find(c->services, target);
        if (other == NULL || value_at(other, "build") == NULL) {
            (void)refuse(c->m, contexts->entries[i].value,
                         other == NULL
                             ? "service %q declares unknown service %Q as additional contexts %b"
                             : "service %q declares non-buildable service %Q as additional "
                               "contexts %b",
                         name, target, contexts->entries[i].key);
        }
    }
    const struct bulla_value *platform = value_at(service, "platform");
    const struct bulla_value *platforms = value_at(build, "platforms");
    bool found = platform == NULL || platforms == NULL;
    for (size_t i = 0; !found && i < platforms->count; i++) {
        found = value_equal(platforms->entries[i].value, platform);
    }
    if (!found) {
        (void)refuse(c->m, platform,
                     "service.build.platforms MUST include service.platform %Q: " INVALID,
                     platform->text);
    }
}

static void check_networks(struct checker *c, struct bulla_bytes name,
                           const struct bulla_value *service)
{
    const struct bulla_value *networks = value_at(service, "networks");
    const struct bulla_value *mode = value_at(service, "network_mode");
    if (mode != NULL && networks != NULL && networks->count > 0) {
        (void)refuse(
            c->m, mode,
            "service %b declares mutually exclusive `network_mode` and `networks`: " INVALID, name);
    }
    for (size_t i = 0; networks != NULL && i < networks->count; i++) {
        const struct bulla_value *network = networks->entries[i].value;
        if (top(c, "networks", networks->entries[i].key) == NULL) {
            (void)refuse(c->m, network,
                         network->veiled ? "service %q refers to undefined network %v: " INVALID
                                         : "service %q refers to undefined network %b: " INVALID,
                         name, networks->entries[i].key);
        }
    }
    if (value_is(mode, BULLA_VALUE_TEXT) && bulla_bytes_start(mode->text, "service:")) {
        struct bulla_bytes other = bulla_bytes_slice(mode->text, 8, mode->text.len);
        if (value_find(c->services, other) == NULL) {
            (void)refuse(c->m, mode, "service %Q not found for network_mode 'service:%v'", other,
                         other);
        }
    }
}

static void check_dependencies(struct checker *c, struct bulla_bytes name,
                               const struct bulla_value *service)
{
    const struct bulla_value *list = value_at(service, "depends_on");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        struct bulla_bytes other = list->entries[i].key;
        const struct bulla_value *dependency = list->entries[i].value;
        const struct bulla_value *required = value_at(dependency, "required");
        bool optional = value_is(required, BULLA_VALUE_BOOL) && required->number == 0;
        if (value_find(c->services, other) == NULL &&
            !(optional && value_find(c->disabled, other) != NULL)) {
            (void)refuse(c->m, dependency,
                         dependency->veiled
                             ? "service %q depends on undefined service %Q: " INVALID
                             : "service %q depends on undefined service %q: " INVALID,
                         name, other);
        }
    }
}

static void check_mounts(struct checker *c, struct bulla_bytes name,
                         const struct bulla_value *service, const char *list_name, const char *kind,
                         const char *word)
{
    const struct bulla_value *list = value_at(service, list_name);
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct bulla_value *source = value_at(list->entries[i].value, "source");
        if (strcmp(kind, "volumes") == 0 &&
            (source == NULL ||
             !value_is_text(value_at(list->entries[i].value, "type"), "volume"))) {
            continue;
        }
        struct bulla_bytes text = source != NULL ? source->text : bulla_bytes("", 0);
        if (top(c, kind, text) == NULL) {
            bool literal = source != NULL && source->literal;
            (void)refuse(c->m, list->entries[i].value,
                         "service %q refers to undefined %s %w: " INVALID, name, word, text,
                         literal ? text : bulla_bytes_of("\xe2\x80\xa6"));
        }
    }
}

static const struct bulla_value *scale_of(const struct bulla_value *service)
{
    const struct bulla_value *scale = value_at(service, "scale");
    return scale != NULL ? scale : value_at(value_at(service, "deploy"), "replicas");
}

static void check_scale(struct checker *c, struct bulla_bytes name,
                        const struct bulla_value *service)
{
    struct bulla_value *deploy = value_at(service, "deploy");
    struct bulla_value *scale = value_at(service, "scale");
    const struct bulla_value *replicas = value_at(deploy, "replicas");
    if (scale != NULL && replicas != NULL && scale->number != replicas->number) {
        (void)refuse(
            c->m, scale,
            "services.%b: can't set distinct values on 'scale' and 'deploy.replicas': " INVALID,
            name);
    }
    if (scale != NULL && deploy != NULL) {
        value_put(&c->m->store, deploy, "replicas", scale);
    }
    if (scale != NULL && scale->number < 0) {
        (void)refuse(c->m, scale, "services.%b.scale: must be greater than or equal to 0", name);
    }
    if (scale == NULL && replicas != NULL && replicas->number < 0) {
        (void)refuse(c->m, replicas,
                     "services.%b.deploy.replicas: must be greater than or equal to 0", name);
    }
    const struct bulla_value *count = scale_of(service);
    if (count != NULL && count->number > 1 && value_at(service, "container_name") != NULL) {
        (void)refuse(c->m, count,
                     "services.%s: can't set container_name and %b as container name must be "
                     "unique: " INVALID,
                     scale != NULL ? "scale" : "deploy.replicas", name);
    }
}

/* The same limit said in two places: they have to agree. */
static void check_limits(struct checker *c, struct bulla_bytes name,
                         const struct bulla_value *service)
{
    static const struct {
        const char *name;
        const char *group;
        const char *other;
    } pairs[] = {{"cpus", "limits", "cpus"},
                 {"mem_limit", "limits", "memory"},
                 {"mem_reservation", "reservations", "memory"},
                 {"pids_limit", "limits", "pids"}};
    const struct bulla_value *resources = value_at(value_at(service, "deploy"), "resources");
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct bulla_value *own = value_at(service, pairs[i].name);
        const struct bulla_value *group = value_at(resources, pairs[i].group);
        const struct bulla_value *other = value_at(group, pairs[i].other);
        bool differ = own != NULL && group != NULL && (other == NULL || !value_equal(own, other));
        if (differ && !(other != NULL && other->unknown)) {
            (void)refuse(c->m, own,
                         "services.%b: can't set distinct values on '%s' and "
                         "'deploy.resources.%s.%s': " INVALID,
                         name, pairs[i].name, pairs[i].group, pairs[i].other);
        }
    }
}

static void check_targets(struct checker *c, struct bulla_bytes name,
                          const struct bulla_value *service)
{
    struct store *store = &c->m->store;
    struct bulla_value *mounts = value_new(store, BULLA_VALUE_MAP);
    for (int pass = 0; pass < 2; pass++) {
        const char *kind = pass == 0 ? "tmpfs" : "volumes";
        const struct bulla_value *list = value_at(service, kind);
        for (size_t i = 0; list != NULL && i < list->count; i++) {
            const struct bulla_value *item = list->entries[i].value;
            const struct bulla_value *at = pass == 0 ? item : value_at(item, "target");
            struct bulla_bytes target = at != NULL ? at->text : bulla_bytes("", 0);
            const uint8_t *colon =
                pass == 0 && target.len > 0 ? memchr(target.data, ':', target.len) : NULL;
            target.len = colon != NULL ? (size_t)(colon - target.data) : target.len;
            struct bulla_value *place = value_printf(store, "services.%.*s.%s[%zu]", (int)name.len,
                                                     (const char *)name.data, kind, i);
            const struct bulla_value *before = value_find(mounts, target);
            if (before != NULL) {
                (void)refuse(c->m, item, "%b: target %v already mounted as %b", place->text, target,
                             before->text);
            }
            value_set(store, mounts, target, place);
        }
    }
}

static void check_health(struct checker *c, const struct bulla_value *service)
{
    const struct bulla_value *test = value_at(value_at(service, "healthcheck"), "test");
    const struct bulla_value *first =
        test != NULL && test->count > 0 ? test->entries[0].value : NULL;
    if (first != NULL && !value_is_text(first, "CMD") && !value_is_text(first, "CMD-SHELL") &&
        !value_is_text(first, "NONE")) {
        (void)refuse(c->m, first,
                     "healthcheck.test must start either by \"CMD\", \"CMD-SHELL\" or \"NONE\"");
    }
}

static void check_watch(struct checker *c, struct bulla_bytes name,
                        const struct bulla_value *service)
{
    const struct bulla_value *watch = value_at(value_at(service, "develop"), "watch");
    for (size_t i = 0; watch != NULL && i < watch->count; i++) {
        const struct bulla_value *item = watch->entries[i].value;
        const struct bulla_value *action = value_at(item, "action");
        if (value_at(item, "target") == NULL && !value_is_text(action, "rebuild") &&
            !value_is_text(action, "restart")) {
            (void)refuse(c->m, item,
                         "services.%b.develop.watch: target is required for non-rebuild "
                         "actions: " INVALID,
                         name);
        }
    }
}

static void check_service(struct checker *c, struct bulla_bytes name,
                          const struct bulla_value *service)
{
    if (value_at(service, "build") == NULL && value_at(service, "image") == NULL &&
        value_at(service, "provider") == NULL) {
        (void)refuse(c->m, service,
                     "service %q has neither an image nor a build context specified: " INVALID,
                     name);
    }
    check_build(c, name, service);
    check_networks(c, name, service);
    check_health(c, service);
    check_dependencies(c, name, service);
    check_mounts(c, name, service, "volumes", "volumes", "volume");
    check_mounts(c, name, value_at(service, "build"), "secrets", "secrets", "build secret");
    check_mounts(c, name, service, "configs", "configs", "config");
    check_mounts(c, name, service, "secrets", "secrets", "secret");
    check_scale(c, name, service);
    check_limits(c, name, service);
    check_watch(c, name, service);
    check_targets(c, name, service);
}

/* --- cycles ----------------------------------------------------------------------------------- */

struct chain {
    const struct chain *up;
    struct bulla_bytes name;
    size_t depth;
};

static struct bulla_bytes show_chain(struct store *store, const struct chain *chain,
                                     struct bulla_bytes from)
{
    struct bulla_bytes before = bulla_bytes("", 0);
    if (!bulla_bytes_equal(chain->name, from) && chain->up != NULL) {
        before = show_chain(store, chain->up, from);
    }
    return store_printf(store, "%s%s -> ", stored(before), store_string(store, chain->name));
}

/* The first cycle from CHAIN's service on, in the order of names; DONE are those without. */
static bool find_cycle(struct checker *c, struct bulla_value *done, const struct chain *chain)
{
    struct store *store = &c->m->store;
    struct bulla_value *list = value_at(value_find(c->services, chain->name), "depends_on");
    /* Deeper chains are left to the places that walk them. */
    if (list == NULL || value_find(done, chain->name) != NULL || chain->depth > 1000) {
        return false;
    }
    value_sort(list);
    for (size_t i = 0; i < list->count; i++) {
        struct chain next = {.up = chain, .name = list->entries[i].key, .depth = chain->depth + 1};
        for (const struct chain *l = chain; l != NULL; l = l->up) {
            if (bulla_bytes_equal(l->name, next.name)) {
                (void)refuse(c->m, list->entries[i].value, "dependency cycle detected: %b%b",
                             show_chain(store, chain, next.name), next.name);
                return true;
            }
        }
        if (value_find(c->services, next.name) != NULL && find_cycle(c, done, &next)) {
            return true;
        }
    }
    value_set(store, done, chain->name, value_bool(store, true));
    return false;
}

static void check_cycles(struct checker *c, struct bulla_value *services)
{
    struct bulla_value *done = value_new(&c->m->store, BULLA_VALUE_MAP);
    value_sort(services);
    for (size_t i = 0; i < services->count; i++) {
        const struct chain chain = {.name = services->entries[i].key};
        if (find_cycle(c, done, &chain)) {
            return;
        }
    }
}

bool check_consistency(struct model *m, struct bulla_value *model, struct bulla_value *disabled)
{
    struct checker c = {
        .m = m, .model = model, .services = value_at(model, "services"), .disabled = disabled};
    m->step = BULLA_MODEL_PARTS;
    for (size_t i = 0; c.services != NULL && i < c.services->count; i++) {
        check_service(&c, c.services->entries[i].key, c.services->entries[i].value);
    }
    const struct bulla_value *secrets = value_at(model, "secrets");
    for (size_t i = 0; secrets != NULL && i < secrets->count; i++) {
        const struct bulla_value *secret = secrets->entries[i].value;
        if (value_at(secret, "external") == NULL && value_at(secret, "file") == NULL &&
            value_at(secret, "environment") == NULL) {
            (void)refuse(m, secret,
                         "secret %q must declare either `file` or `environment`: " INVALID,
                         secrets->entries[i].key);
        }
    }
    if (go_on(m) && value_at(model, "services") != NULL) {
        check_cycles(&c, value_at(model, "services"));
    }
    return go_on(m);
}
