/* What a compose file says beside its references: services, secrets, configs, includes. */
#include "compose/internal.h"

#include <string.h>

#include "base/banned.h"

bool is_merge_key(const struct yaml_node *key)
{
    return key->kind == YAML_SCALAR && key->style == YAML_PLAIN &&
           (key->tag == NULL || strcmp(key->tag, "tag:yaml.org,2002:merge") == 0) &&
           bulla_bytes_are(yaml_text(key), "<<");
}

bool is_null(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && yaml_scalar_type(node) == YAML_NULL;
}

static bool is_reset(const struct yaml_node *node)
{
    return node->tag != NULL && strcmp(node->tag, "!reset") == 0;
}

static bool each_merged(struct yaml_node *source, pair_fn fn, void *ctx, struct bulla_error *err)
{
    if (source->kind == YAML_MAPPING) {
        return each_pair(source, fn, ctx, err);
    }
    struct yaml_node *item = source->kind == YAML_SEQUENCE ? source->first : NULL;
    for (; item != NULL; item = item->next) {
        const struct yaml_node *mapping = yaml_follow(item);
        if (mapping->kind == YAML_MAPPING && !each_pair(mapping, fn, ctx, err)) {
            return false;
        }
    }
    return true;
}

bool each_pair(const struct yaml_node *mapping, pair_fn fn, void *ctx, struct bulla_error *err)
{
    for (struct yaml_node *key = mapping->first; key != NULL; key = key->next) {
        struct yaml_node *name = yaml_follow(key);
        struct yaml_node *value = yaml_follow(key->value);
        if (!is_merge_key(key) && name->kind == YAML_SCALAR && !is_reset(value) &&
            !fn(ctx, name, value, err)) {
            return false;
        }
    }
    for (struct yaml_node *key = mapping->first; key != NULL; key = key->next) {
        if (is_merge_key(key) && !each_merged(yaml_follow(key->value), fn, ctx, err)) {
            return false;
        }
    }
    return true;
}

struct service *get_service(struct loader *loader, struct compose_file *file,
                            const struct yaml_node *key, struct bulla_error *err)
{
    const void *owner = file->foreign ? (const void *)file : (const void *)&loader->services;
    /* By the C string: a NUL inside ends the name for every reader of the project. */
    struct bulla_bytes name = bulla_bytes_of(key->text);
    struct service *service = names_find(&loader->names, owner, name);
    if (service != NULL) {
        return service;
    }
    service = pool_alloc(loader->pool, sizeof *service, err);
    if (service == NULL || !list_add(&loader->services, service, err) ||
        !names_put(&loader->names, owner, name, service, err)) {
        return NULL;
    }
    service->info.name = key->text;
    service->info.file = &file->info;
    service->info.pos = key->pos;
    service->file = file;
    service->foreign = file->foreign;
    return service;
}

/* --- secrets and configs ---------------------------------------------------------------------- */

struct model {
    struct loader *loader;
    struct compose_file *file;
    bool configs; /* in `configs`, else `secrets` */
    struct resource *resource;
};

/* "~" is the home folder of who runs Compose, whom nobody knows here. */
static bool read_path(struct model *m, const struct yaml_node *value, struct bulla_error *err)
{
    const char *path = NULL;
    bool hidden = false;
    if (!resolve_text(m->loader, m->file->scope, value, &path, &hidden, err)) {
        return false;
    }
    if (path == NULL || hidden || path[0] == '\0' || path[0] == '~') {
        return true;
    }
    m->resource->info.path = path_clean(m->loader, m->file->workdir, path, err);
    return m->resource->info.path != NULL;
}

static bool read_resource_attribute(void *ctx, struct yaml_node *key, struct yaml_node *value,
                                    struct bulla_error *err)
{
    struct model *m = ctx;
    struct bulla_project_resource *info = &m->resource->info;
    struct bulla_bytes name = yaml_text(key);
    if (value->kind != YAML_SCALAR) {
        return true;
    }
    if (bulla_bytes_are(name, "external")) {
        bool external = false;
        if (!read_flag(m->loader, m->file, value, &external, err)) {
            return false;
        }
        info->source = external ? BULLA_RESOURCE_EXTERNAL : info->source;
    } else if (bulla_bytes_are(name, "file")) {
        info->source = BULLA_RESOURCE_FILE;
        info->text = value->text;
        info->path_pos = value->pos;
        return read_path(m, value, err);
    } else if (bulla_bytes_are(name, "content") && m->configs) {
        info->source = BULLA_RESOURCE_CONTENT;
        return note_literal(m->loader, m->file, NULL, BULLA_LITERAL_CONTENT, info->name, value,
                            err);
    } else if (bulla_bytes_are(name, "environment")) {
        info->source = BULLA_RESOURCE_ENVIRONMENT;
        info->text = value->text;
        if (value->len == 0 || memchr(value->text, '$', value->len) != NULL) {
            return true;
        }
        const char *path = pool_printf(m->loader->pool, err, "%s.%s.environment",
                                       m->configs ? "configs" : "secrets", info->name);
        size_t before = m->loader->places.count;
        if (path == NULL ||
            !add_named_use(m->loader, m->file, NULL,
                           m->configs ? BULLA_USE_CONFIG_ENVIRONMENT : BULLA_USE_SECRET_ENVIRONMENT,
                           value, path, err)) {
            return false;
        }
        if (m->loader->places.count > before) {
            m->resource->place = m->loader->places.items[before];
        }
    }
    return true;
}

static bool read_resource(void *ctx, struct yaml_node *key, struct yaml_node *value,
                          struct bulla_error *err)
{
    struct model *m = ctx;
    struct loader *loader = m->loader;
    if (m->file->foreign) {
        return true;
    }
    const void *owner =
        m->configs ? (const void *)&loader->project->resources : (const void *)&loader->resources;
    m->resource = names_find(&loader->names, owner, yaml_text(key));
    if (m->resource == NULL) {
        m->resource = pool_alloc(loader->pool, sizeof *m->resource, err);
        if (m->resource == NULL || !list_add(&loader->resources, m->resource, err) ||
            !names_put(&loader->names, owner, yaml_text(key), m->resource, err)) {
            return false;
        }
    }
    m->resource->info = (struct bulla_project_resource){.name = key->text,
                                                        .config = m->configs,
                                                        .source = BULLA_RESOURCE_UNKNOWN,
                                                        .file = &m->file->info,
                                                        .pos = key->pos};
    return value->kind != YAML_MAPPING || each_pair(value, read_resource_attribute, m, err);
}

/* --- a document ------------------------------------------------------------------------------- */

static bool note_shape(struct model *m, const struct yaml_node *node, const char *message,
                       const char *name, struct bulla_error *err)
{
    const struct problem problem = {.kind = BULLA_PROBLEM_SHAPE,
                                    .fatal = true,
                                    .file = &m->file->info,
                                    .pos = node->pos,
                                    .name = name};
    return name != NULL ? add_problem(m->loader, &problem, err, "%s: '%s'", message, name)
                        : add_problem(m->loader, &problem, err, "%s", message);
}

static bool read_service_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                              struct bulla_error *err)
{
    struct model *m = ctx;
    if (yaml_scalar_type(key) != YAML_STRING) {
        return note_shape(m, key, "the name of a service has to be a string; quote it", key->text,
                          err);
    }
    if (value->kind != YAML_MAPPING) {
        return note_shape(m, key, "a service has to be a mapping", key->text, err);
    }
    struct service *service = get_service(m->loader, m->file, key, err);
    return service != NULL && read_service(m->loader, m->file, service, value, err);
}

static bool read_top_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                          struct bulla_error *err)
{
    struct model *m = ctx;
    struct bulla_bytes name = yaml_text(key);
    bool mapping = value->kind == YAML_MAPPING;
    if (bulla_bytes_are(name, "services")) {
        if (!mapping) {
            return is_null(value) ||
                   note_shape(m, value, "'services' has to be a mapping", NULL, err);
        }
        return each_pair(value, read_service_pair, m, err);
    }
    m->configs = bulla_bytes_are(name, "configs");
    if (m->configs || bulla_bytes_are(name, "secrets")) {
        return !mapping || each_pair(value, read_resource, m, err);
    }
    /* `include` of a file that is read for `extends` only is not followed. */
    if (bulla_bytes_are(name, "include") && !m->file->foreign) {
        return read_includes(m->loader, m->file, value, err);
    }
    return true;
}

bool read_model(struct loader *loader, struct compose_file *file, struct bulla_error *err)
{
    struct model m = {.loader = loader, .file = file};
    if (file->first == NULL) {
        const struct yaml_node start = {.pos = {1, 1}};
        return note_shape(&m, &start, "the file is empty", NULL, err);
    }
    for (struct yaml_document *document = file->first; document != NULL;
         document = document->next) {
        loader->document++;
        if (document->root->kind != YAML_MAPPING) {
            if (!note_shape(&m, document->root,
                            is_null(document->root) ? "an empty document: Compose wants a mapping"
                                                    : "the top level has to be a mapping",
                            NULL, err)) {
                return false;
            }
            continue;
        }
        if (!each_pair(document->root, read_top_pair, &m, err)) {
            return false;
        }
    }
    return true;
}
