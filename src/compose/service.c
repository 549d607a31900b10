/* One service of one file: what of it matters for variables. */
#include "compose/internal.h"

#include <string.h>

#include "base/banned.h"

enum attribute {
    IMAGE,
    PROFILES,
    ENVIRONMENT,
    ENV_FILE,
    LABEL_FILE,
    SECRETS,
    CONFIGS,
    BUILD,
    EXTENDS,
    COMMAND,
    ENTRYPOINT,
    HEALTHCHECK,
    LABELS,
    DEPLOY,
    READ_ONLY,
    VOLUMES,
    ATTRIBUTES
};
static const char *const attribute_names[ATTRIBUTES] = {
    "image",   "profiles", "environment", "env_file", "label_file", "secrets",
    "configs", "build",    "extends",     "command",  "entrypoint", "healthcheck",
    "labels",  "deploy",   "read_only",   "volumes"};

static bool has_dollar(const struct yaml_node *node)
{
    return node->len > 0 && memchr(node->text, '$', node->len) != NULL;
}

bool pass_through(struct reading *r, enum bulla_use_kind kind, const char *where,
                  struct yaml_node *name, struct bulla_error *err)
{
    if (name->len == 0 || has_dollar(name)) {
        return true;
    }
    const char *path = pool_printf(r->loader->pool, err, "services.%s.%s.%s", r->service->info.name,
                                   where, name->text);
    return path != NULL && add_named_use(r->loader, r->file, r->service, kind, name, path, err);
}

/* --- environment ------------------------------------------------------------------------------ */

static bool put_environment(struct reading *r, const struct bulla_project_env *entry,
                            struct bulla_error *err)
{
    struct loader *loader = r->loader;
    struct bulla_bytes key = bulla_bytes_of(entry->key);
    struct env_entry *kept = names_find(&loader->names, r->service, key);
    if (kept != NULL && kept->document == loader->document) {
        return true;
    }
    if (kept == NULL) {
        kept = pool_alloc(loader->pool, sizeof *kept, err);
        if (kept == NULL || !names_put(&loader->names, r->service, key, kept, err) ||
            !list_add(&r->service->environment, kept, err)) {
            return false;
        }
    }
    kept->info = *entry;
    kept->document = loader->document;
    return true;
}

static bool read_environment_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                                  struct bulla_error *err)
{
    struct reading *r = ctx;
    struct bulla_project_env entry = {
        .key = key->text, .file = &r->file->info, .pos = key->pos, .value_pos = value->pos};
    if (value->kind != YAML_SCALAR) {
        return true;
    }
    if (is_null(value)) {
        return put_environment(r, &entry, err) &&
               pass_through(r, BULLA_USE_PASS_THROUGH, "environment", key, err);
    }
    entry.value = value->text;
    entry.value_len = value->len;
    return put_environment(r, &entry, err);
}

static bool read_environment_item(struct reading *r, struct yaml_node *item,
                                  struct bulla_error *err)
{
    if (item->kind != YAML_SCALAR || item->len == 0) {
        return true;
    }
    struct bulla_project_env entry = {
        .key = item->text, .file = &r->file->info, .pos = item->pos, .value_pos = item->pos};
    const char *equals = memchr(item->text, '=', item->len);
    if (equals == NULL) {
        return has_dollar(item) ||
               (put_environment(r, &entry, err) &&
                pass_through(r, BULLA_USE_PASS_THROUGH, "environment", item, err));
    }
    size_t len = (size_t)(equals - item->text);
    entry.key = pool_strndup(r->loader->pool, item->text, len, err);
    entry.value = equals + 1;
    entry.value_len = item->len - len - 1;
    return entry.key != NULL && put_environment(r, &entry, err);
}

static bool read_environment(struct reading *r, struct yaml_node *value, struct bulla_error *err)
{
    if (value->kind == YAML_MAPPING) {
        return each_pair(value, read_environment_pair, r, err);
    }
    struct yaml_node *item = value->kind == YAML_SEQUENCE ? value->first : NULL;
    for (; item != NULL; item = item->next) {
        if (!read_environment_item(r, yaml_follow(item), err)) {
            return false;
        }
    }
    return true;
}

/* --- env_file --------------------------------------------------------------------------------- */

static bool read_env_file_attribute(void *ctx, struct yaml_node *key, struct yaml_node *value,
                                    struct bulla_error *err)
{
    struct reading *r = ctx;
    struct bulla_bytes name = yaml_text(key);
    if (bulla_bytes_are(name, "path")) {
        r->entry_path = value;
    } else if (bulla_bytes_are(name, "required")) {
        return read_flag(r->loader, r->file, value, &r->entry->required, err);
    } else if (bulla_bytes_are(name, "format")) {
        r->entry->raw = bulla_bytes_are(yaml_text(value), "raw");
        const struct problem problem = {.kind = BULLA_PROBLEM_SHAPE,
                                        .fatal = true,
                                        .file = &r->file->info,
                                        .pos = value->pos,
                                        .name = value->text,
                                        .service = r->service->info.name};
        return r->entry->raw || value->len == 0 ||
               add_problem(r->loader, &problem, err, "the only format of an env_file is 'raw'");
    }
    return true;
}

static bool read_env_file(struct reading *r, struct yaml_node *node, struct bulla_error *err)
{
    struct loader *loader = r->loader;
    struct env_file_entry *kept = pool_alloc(loader->pool, sizeof *kept, err);
    if (kept == NULL) {
        return false;
    }
    struct bulla_project_env_file *entry = &kept->info;
    kept->file = r->file;
    entry->required = true;
    entry->named_in = &r->file->info;
    r->entry = entry;
    r->entry_path = node->kind == YAML_SCALAR ? node : NULL;
    if (node->kind == YAML_MAPPING && !each_pair(node, read_env_file_attribute, r, err)) {
        return false;
    }
    if (r->entry_path == NULL) {
        return true;
    }
    entry->pos = r->entry_path->pos;
    const char *name = NULL;
    bool hidden = false;
    if (!resolve_text(loader, r->file->scope, r->entry_path, &name, &hidden, err)) {
        return false;
    }
    if (hidden) {
        const struct problem problem = {.kind = BULLA_PROBLEM_HIDDEN,
                                        .file = &r->file->info,
                                        .pos = entry->pos,
                                        .service = r->service->info.name};
        if (!add_problem(loader, &problem, err,
                         "the path of this env_file depends on a value that is not known")) {
            return false;
        }
    }
    if (name != NULL && name[0] != '\0') {
        entry->path = path_clean(loader, r->file->workdir, name, err);
        if (entry->path == NULL) {
            return false;
        }
        kept->shown = shown_text(r->entry_path, display_name(loader, entry->path));
    }
    return list_add(&r->service->env_files, kept, err);
}

static bool read_env_files(struct reading *r, struct yaml_node *value, struct bulla_error *err)
{
    if (value->kind != YAML_SEQUENCE) {
        return read_env_file(r, value, err);
    }
    for (struct yaml_node *item = value->first; item != NULL; item = item->next) {
        if (!read_env_file(r, yaml_follow(item), err)) {
            return false;
        }
    }
    return true;
}

/* --- the rest --------------------------------------------------------------------------------- */

static bool read_profiles(struct reading *r, struct yaml_node *value, struct bulla_error *err)
{
    struct yaml_node *item = value->kind == YAML_SEQUENCE ? value->first : NULL;
    for (; item != NULL; item = item->next) {
        const char *name = NULL;
        bool hidden = false;
        if (!resolve_text(r->loader, r->file->scope, yaml_follow(item), &name, &hidden, err) ||
            (name != NULL && !list_add_text(&r->service->profiles, name, err))) {
            return false;
        }
    }
    return true;
}

/* One entry of `secrets` in the long form. */
struct granting {
    struct yaml_node *source;
    bool owned;
};

static bool read_grant(void *ctx, struct yaml_node *key, struct yaml_node *value,
                       struct bulla_error *err)
{
    (void)err;
    struct granting *granting = ctx;
    struct bulla_bytes name = yaml_text(key);
    if (granting->source == NULL && bulla_bytes_are(name, "source")) {
        granting->source = value;
    }
    granting->owned = granting->owned || bulla_bytes_are(name, "uid") ||
                      bulla_bytes_are(name, "gid") || bulla_bytes_are(name, "mode");
    return true;
}

bool read_resources(struct reading *r, struct yaml_node *value, bool config, bool build,
                    struct bulla_error *err)
{
    struct yaml_node *item = value->kind == YAML_SEQUENCE ? value->first : NULL;
    for (; item != NULL; item = item->next) {
        struct yaml_node *node = yaml_follow(item);
        struct granting granting = {.source = node->kind == YAML_SCALAR ? node : NULL};
        if (node->kind == YAML_MAPPING && !each_pair(node, read_grant, &granting, err)) {
            return false;
        }
        if (granting.source == NULL || granting.source->kind != YAML_SCALAR) {
            continue;
        }
        struct resource_use *use = pool_alloc(r->loader->pool, sizeof *use, err);
        bool hidden = false;
        if (use == NULL ||
            !resolve_text(r->loader, r->file->scope, granting.source, &use->name, &hidden, err)) {
            return false;
        }
        use->config = config;
        use->build = build;
        use->grant.owned = granting.owned;
        use->grant.file = &r->file->info;
        use->grant.pos = granting.source->pos;
        if (use->name != NULL && !list_add(&r->service->resources, use, err)) {
            return false;
        }
    }
    return true;
}

static bool read_healthcheck_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                                  struct bulla_error *err)
{
    struct reading *r = ctx;
    return !bulla_bytes_are(yaml_text(key), "test") ||
           note_literals(r->loader, r->file, r->service, BULLA_LITERAL_HEALTHCHECK, value, err);
}

/* What Compose passes over and only `docker stack deploy` does. */
static bool read_deploy_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                             struct bulla_error *err)
{
    static const char *const swarm[] = {"placement", "update_config", "rollback_config",
                                        "endpoint_mode"};
    struct reading *r = ctx;
    struct bulla_bytes name = yaml_text(key);
    for (size_t i = 0; i < sizeof swarm / sizeof *swarm; i++) {
        r->service->info.for_swarm = r->service->info.for_swarm || bulla_bytes_are(name, swarm[i]);
    }
    return !bulla_bytes_are(name, "labels") ||
           note_literals(r->loader, r->file, r->service, BULLA_LITERAL_LABEL, value, err);
}

static bool read_attribute(struct reading *r, enum attribute attribute, struct yaml_node *value,
                           struct bulla_error *err)
{
    switch (attribute) {
    case IMAGE:
        r->service->info.image = value->kind == YAML_SCALAR ? value->text : NULL;
        return true;
    case PROFILES:
        return read_profiles(r, value, err);
    case ENVIRONMENT:
        return read_environment(r, value, err) &&
               note_literals(r->loader, r->file, r->service, BULLA_LITERAL_ENVIRONMENT, value, err);
    case ENV_FILE:
        return read_env_files(r, value, err);
    case LABEL_FILE:
        return read_label_files(r->loader, r->file, r->service, value, err);
    case SECRETS:
    case CONFIGS:
        return read_resources(r, value, attribute == CONFIGS, false, err);
    case BUILD:
        return read_build(r, value, err);
    case COMMAND:
        return note_literals(r->loader, r->file, r->service, BULLA_LITERAL_COMMAND, value, err);
    case ENTRYPOINT:
        return note_literals(r->loader, r->file, r->service, BULLA_LITERAL_ENTRYPOINT, value, err);
    case LABELS:
        return note_literals(r->loader, r->file, r->service, BULLA_LITERAL_LABEL, value, err);
    case HEALTHCHECK:
        return value->kind != YAML_MAPPING || each_pair(value, read_healthcheck_pair, r, err);
    case DEPLOY:
        return value->kind != YAML_MAPPING || each_pair(value, read_deploy_pair, r, err);
    case READ_ONLY:
        return read_flag(r->loader, r->file, value, &r->service->info.read_only, err);
    case VOLUMES:
        return read_volumes(r, value, err);
    case EXTENDS:
        r->service->extends = value;
        r->service->extends_file = r->file;
        r->service->extends_document = r->loader->document;
        return true;
    case ATTRIBUTES:
        break;
    }
    return true;
}

static bool read_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                      struct bulla_error *err)
{
    struct reading *r = ctx;
    for (enum attribute i = 0; i < ATTRIBUTES; i++) {
        if (!bulla_bytes_are(yaml_text(key), attribute_names[i])) {
            continue;
        }
        uint32_t bit = UINT32_C(1) << i;
        bool again = (r->seen & bit) != 0;
        r->seen |= bit;
        return again || read_attribute(r, i, value, err);
    }
    return true;
}

bool read_service(struct loader *loader, struct compose_file *file, struct service *service,
                  const struct yaml_node *mapping, struct bulla_error *err)
{
    struct reading r = {.loader = loader, .file = file, .service = service};
    return each_pair(mapping, read_pair, &r, err);
}
