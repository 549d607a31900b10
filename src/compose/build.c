/* How a service's image is built: `build`. */
#include "compose/internal.h"

#include <string.h>

#include "base/banned.h"

/* --- args ------------------------------------------------------------------------------------- */

static bool add_arg(struct reading *r, const char *name, bool passed_through, struct bulla_pos pos,
                    struct bulla_error *err)
{
    struct list *args = &r->service->build->args;
    struct bulla_project_build_arg *arg = pool_alloc(r->loader->pool, sizeof *arg, err);
    if (arg == NULL) {
        return false;
    }
    *arg = (struct bulla_project_build_arg){
        .name = name, .passed_through = passed_through, .file = &r->file->info, .pos = pos};
    return list_add(args, arg, err);
}

static bool read_arg_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                          struct bulla_error *err)
{
    struct reading *r = ctx;
    return add_arg(r, key->text, is_null(value), key->pos, err) &&
           (!is_null(value) || pass_through(r, BULLA_USE_BUILD_ARG, "build.args", key, err));
}

static bool read_arg_item(struct reading *r, struct yaml_node *item, struct bulla_error *err)
{
    if (item->kind != YAML_SCALAR || item->len == 0) {
        return true;
    }
    const char *equals = memchr(item->text, '=', item->len);
    size_t len = equals != NULL ? (size_t)(equals - item->text) : item->len;
    const char *name = pool_strndup(r->loader->pool, item->text, len, err);
    return name != NULL && add_arg(r, name, equals == NULL, item->pos, err) &&
           (equals != NULL || pass_through(r, BULLA_USE_BUILD_ARG, "build.args", item, err));
}

static bool read_args(struct reading *r, struct yaml_node *value, struct bulla_error *err)
{
    if (!note_literals(r->loader, r->file, r->service, BULLA_LITERAL_BUILD_ARG, value, err)) {
        return false;
    }
    if (value->kind == YAML_MAPPING) {
        return each_pair(value, read_arg_pair, r, err);
    }
    struct yaml_node *item = value->kind == YAML_SEQUENCE ? value->first : NULL;
    for (; item != NULL; item = item->next) {
        if (!read_arg_item(r, yaml_follow(item), err)) {
            return false;
        }
    }
    return true;
}

/* --- build ------------------------------------------------------------------------------------ */

static bool is_remote(const char *context)
{
    return strstr(context, "://") != NULL || strncmp(context, "git@", 4) == 0 ||
           strncmp(context, "github.com/", 11) == 0;
}

static bool read_context(struct reading *r, const struct yaml_node *value, struct bulla_error *err)
{
    struct build *build = r->service->build;
    const char *context = NULL;
    bool hidden = false;
    if (!resolve_text(r->loader, r->file->scope, value, &context, &hidden, err)) {
        return false;
    }
    build->from = r->file;
    build->info.context = NULL;
    if (context == NULL || hidden || is_remote(context)) {
        return true;
    }
    build->info.context = path_clean(r->loader, r->file->workdir, context, err);
    return build->info.context != NULL;
}

static bool read_build_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                            struct bulla_error *err)
{
    struct reading *r = ctx;
    struct build *build = r->service->build;
    struct bulla_bytes name = yaml_text(key);
    if (bulla_bytes_are(name, "secrets")) {
        return read_resources(r, value, false, true, err);
    }
    if (bulla_bytes_are(name, "args")) {
        return read_args(r, value, err);
    }
    if (bulla_bytes_are(name, "labels")) {
        return note_literals(r->loader, r->file, r->service, BULLA_LITERAL_LABEL, value, err);
    }
    if (value->kind != YAML_SCALAR) {
        return true;
    }
    if (bulla_bytes_are(name, "context")) {
        return read_context(r, value, err);
    }
    if (bulla_bytes_are(name, "dockerfile")) {
        return resolve_text(r->loader, r->file->scope, value, &build->dockerfile, &build->hidden,
                            err);
    }
    /* With references it is another text for the builder: Compose expands them first. */
    return !bulla_bytes_are(name, "dockerfile_inline") ||
           read_text(r->loader, r->file, value, &build->info.inlined, err);
}

bool read_build(struct reading *r, struct yaml_node *value, struct bulla_error *err)
{
    struct service *service = r->service;
    if (service->build == NULL) {
        service->build = pool_alloc(r->loader->pool, sizeof *service->build, err);
        if (service->build == NULL) {
            return false;
        }
        service->build->info.file = &r->file->info;
        service->build->info.pos = value->pos;
    }
    if (value->kind == YAML_SCALAR) {
        return read_context(r, value, err);
    }
    return value->kind != YAML_MAPPING || each_pair(value, read_build_pair, r, err);
}

bool inherit_build(struct loader *loader, struct service *service, const struct service *base,
                   struct bulla_error *err)
{
    if (base->build == NULL) {
        return true;
    }
    if (service->build == NULL) {
        service->build = pool_alloc(loader->pool, sizeof *service->build, err);
        if (service->build == NULL) {
            return false;
        }
        service->build->info.file = base->build->info.file;
        service->build->info.pos = base->build->info.pos;
    }
    struct build *build = service->build;
    if (build->from == NULL) {
        build->from = base->build->from;
        build->info.context = base->build->info.context;
    }
    if (build->dockerfile == NULL && build->info.inlined.text == NULL) {
        build->dockerfile = base->build->dockerfile;
        build->info.inlined = base->build->info.inlined;
        build->hidden = base->build->hidden;
    }
    for (size_t i = 0; i < base->build->args.count; i++) {
        if (!list_add(&build->args, base->build->args.items[i], err)) {
            return false;
        }
    }
    loader->uses += base->build->args.count;
    return check_uses(loader, service->file, err);
}

bool finish_build(struct loader *loader, struct service *service, struct bulla_error *err)
{
    struct build *build = service->build;
    if (build == NULL) {
        return true;
    }
    struct bulla_project_build *info = &build->info;
    if (build->from == NULL) {
        info->context = service->file->workdir;
    }
    if (info->inlined.text == NULL && info->context != NULL && !build->hidden) {
        info->dockerfile =
            path_clean(loader, info->context,
                       build->dockerfile != NULL ? build->dockerfile : "Dockerfile", err);
        if (info->dockerfile == NULL) {
            return false;
        }
    }
    struct bulla_project_build_arg *args =
        pool_alloc(loader->pool, (build->args.count + 1) * sizeof *args, err);
    if (args == NULL) {
        return false;
    }
    for (size_t i = 0; i < build->args.count; i++) {
        const struct bulla_project_build_arg *arg = build->args.items[i];
        args[i] = *arg;
    }
    info->args = args;
    info->arg_count = build->args.count;
    service->info.build = info;
    return true;
}
