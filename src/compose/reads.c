/*
 * Which files of the host a service is given whole: its env files, its bind mounts, the files of
 * its secrets and configs. A folder that is mounted counts for none of the files in it.
 */
#include "compose/internal.h"

#include <string.h>

#include "bulla/file.h"

#include "base/banned.h"

/* --- volumes ---------------------------------------------------------------------------------- */

static bool keep_mount(struct reading *r, const struct yaml_node *node, const char *source,
                       const char *target, struct bulla_error *err)
{
    struct loader *loader = r->loader;
    struct mount *mount = pool_alloc(loader->pool, sizeof *mount, err);
    if (mount == NULL) {
        return false;
    }
    *mount = (struct mount){.named_in = &r->file->info, .pos = node->pos};
    mount->target = path_clean(loader, "/", target, err);
    /* "~" is the home folder of who runs Compose, whom nobody knows here. */
    bool is_path = source != NULL && source[0] != '\0' && source[0] != '~';
    mount->path = is_path ? path_clean(loader, r->file->workdir, source, err) : NULL;
    return mount->target != NULL && (!is_path || mount->path != NULL) &&
           list_add(&r->service->mounts, mount, err);
}

/* "[SOURCE:]TARGET[:MODE]"; a source that is no path is the name of a volume. */
static bool read_short_mount(struct reading *r, const struct yaml_node *node,
                             struct bulla_error *err)
{
    const char *text = NULL;
    bool hidden = false;
    if (!resolve_text(r->loader, r->file->scope, node, &text, &hidden, err)) {
        return false;
    }
    if (text == NULL) {
        return true;
    }
    size_t source_len = strcspn(text, ":");
    const char *rest = text[source_len] == ':' ? text + source_len + 1 : text;
    const char *source = pool_strndup(r->loader->pool, text, source_len, err);
    const char *target =
        source != NULL ? pool_strndup(r->loader->pool, rest, strcspn(rest, ":"), err) : NULL;
    bool is_path = rest != text && (text[0] == '.' || text[0] == '/');
    return target != NULL && keep_mount(r, node, is_path ? source : NULL, target, err);
}

/* One entry of `volumes` in the long form. */
struct mounting {
    struct yaml_node *type;
    struct yaml_node *source;
    struct yaml_node *target;
};

static bool read_mount_attribute(void *ctx, struct yaml_node *key, struct yaml_node *value,
                                 struct bulla_error *err)
{
    (void)err;
    struct mounting *mounting = ctx;
    static const char *const names[] = {"type", "source", "target"};
    struct yaml_node **const nodes[] = {&mounting->type, &mounting->source, &mounting->target};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (*nodes[i] == NULL && bulla_bytes_are(yaml_text(key), names[i])) {
            *nodes[i] = value;
        }
    }
    return true;
}

static bool read_long_mount(struct reading *r, const struct yaml_node *node,
                            struct bulla_error *err)
{
    struct mounting mounting = {0};
    if (!each_pair(node, read_mount_attribute, &mounting, err)) {
        return false;
    }
    const char *texts[3] = {0};
    const struct yaml_node *const nodes[] = {mounting.type, mounting.source, mounting.target};
    for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
        bool hidden = false;
        if (nodes[i] != NULL &&
            !resolve_text(r->loader, r->file->scope, nodes[i], &texts[i], &hidden, err)) {
            return false;
        }
    }
    bool is_bind = texts[0] != NULL && strcmp(texts[0], "bind") == 0;
    return texts[2] == NULL || keep_mount(r, mounting.source != NULL ? mounting.source : node,
                                          is_bind ? texts[1] : NULL, texts[2], err);
}

bool read_volumes(struct reading *r, const struct yaml_node *value, struct bulla_error *err)
{
    struct yaml_node *item = value->kind == YAML_SEQUENCE ? value->first : NULL;
    for (; item != NULL; item = item->next) {
        const struct yaml_node *node = yaml_follow(item);
        bool is_long = node->kind == YAML_MAPPING;
        if (!(is_long ? read_long_mount : read_short_mount)(r, node, err)) {
            return false;
        }
    }
    return true;
}

/* --- all of them ------------------------------------------------------------------------------ */

struct collecting {
    struct loader *loader;
    struct bulla_project_read *reads;
    size_t count;
    const char *rendered;
};

static void add(struct collecting *c, struct bulla_project_read read)
{
    read.rendered = c->rendered != NULL && read.path != NULL && strcmp(read.path, c->rendered) == 0;
    if (read.path != NULL) {
        c->reads[c->count++] = read;
    }
}

static void add_env_files(struct collecting *c, const struct bulla_project_service *info)
{
    for (size_t i = 0; i < info->env_file_count; i++) {
        const struct bulla_project_env_file *entry = &info->env_files[i];
        add(c, (struct bulla_project_read){.path = entry->path,
                                           .env_file = entry,
                                           .named_in = entry->named_in,
                                           .pos = entry->pos});
    }
}

/* Of those with one target Compose keeps the last. Source: compose-go override/uncity.go. */
static bool add_mounts(struct collecting *c, const struct list *mounts, struct bulla_error *err)
{
    struct names *names = &c->loader->names;
    for (size_t i = mounts->count; i > 0; i--) {
        struct mount *mount = mounts->items[i - 1];
        struct bulla_bytes target = bulla_bytes_of(mount->target);
        if (names_find(names, mounts, target) != NULL) {
            continue;
        }
        if (!names_put(names, mounts, target, mount, err)) {
            return false;
        }
        add(c, (struct bulla_project_read){
                   .path = mount->path, .named_in = mount->named_in, .pos = mount->pos});
    }
    return true;
}

static void add_resources(struct collecting *c, const struct bulla_project_service *info)
{
    for (size_t i = 0; i < info->resource_count; i++) {
        const struct bulla_project_resource *resource = info->resources[i];
        bool is_file = resource->source == BULLA_RESOURCE_FILE;
        add(c, (struct bulla_project_read){.path = is_file ? resource->path : NULL,
                                           .named_in = resource->file,
                                           .pos = resource->path_pos});
    }
}

bool finish_reads(struct loader *loader, struct service *service, const char *rendered,
                  struct bulla_error *err)
{
    struct bulla_project_service *info = &service->info;
    size_t most = info->env_file_count + service->mounts.count + info->resource_count;
    struct collecting c = {.loader = loader, .rendered = rendered};
    c.reads = pool_alloc(loader->pool, (most + 1) * sizeof *c.reads, err);
    if (c.reads == NULL) {
        return false;
    }
    add_env_files(&c, info);
    if (!add_mounts(&c, &service->mounts, err)) {
        return false;
    }
    add_resources(&c, info);
    info->reads = c.reads;
    info->read_count = c.count;
    return true;
}

/* --- questions -------------------------------------------------------------------------------- */

bool bulla_project_reads(const struct bulla_project_read *read, const char *path)
{
    return strcmp(read->path, path) == 0 || bulla_file_is_same(read->path, path);
}

const struct bulla_project_service *bulla_project_reader(const struct bulla_project *project,
                                                         const char *path)
{
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t k = 0; service->active && k < service->read_count; k++) {
            if (bulla_project_reads(&service->reads[k], path)) {
                return service;
            }
        }
    }
    return NULL;
}
