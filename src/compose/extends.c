/* `extends`: what a service takes from another one, in its file or elsewhere. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/file.h"

#include "base/banned.h"

struct extending {
    struct yaml_node *service;
    struct yaml_node *file;
};

static bool read_extends_attribute(void *ctx, struct yaml_node *key, struct yaml_node *value,
                                   struct bulla_error *err)
{
    (void)err;
    struct extending *extending = ctx;
    if (bulla_bytes_are(yaml_text(key), "service")) {
        extending->service = value;
    } else if (bulla_bytes_are(yaml_text(key), "file")) {
        extending->file = value;
    }
    return true;
}

/* The file that `extends` names, read once for each that names it from the same variables. */
static bool open_extended(struct loader *loader, const struct service *service,
                          struct yaml_node *node, struct compose_file **ret_file,
                          struct bulla_error *err)
{
    struct compose_file *by = service->extends_file;
    const char *name = NULL;
    const char *path = NULL;
    *ret_file = NULL;
    if (!resolve_path(loader, by, node, by->workdir, &name, &path, err)) {
        return false;
    }
    if (path == NULL) {
        return true;
    }
    *ret_file = names_find(&loader->names, by->scope, bulla_bytes_of(path));
    if (*ret_file != NULL) {
        return true;
    }
    struct problem problem = {.kind = BULLA_PROBLEM_UNREADABLE,
                              .fatal = true,
                              .file = &by->info,
                              .pos = node->pos,
                              .name = shown_text(node, name),
                              .service = service->info.name};
    struct bulla_error cause = BULLA_ERROR_INIT;
    struct compose_file *file =
        file_open(loader, display_name(loader, path), path, BULLA_PROJECT_EXTENDED, &cause);
    if (file == NULL && cause.code == BULLA_E_LIMIT && cause.file[0] == '\0') {
        *err = cause;
        return false;
    }
    if (file == NULL) {
        return add_problem_error(loader, &problem, &cause, err);
    }
    file->foreign = true;
    file->scope = by->scope;
    file->workdir = path_dir(loader, path, err);
    if (file->workdir == NULL || !read_file(loader, file, err) ||
        !names_put(&loader->names, by->scope, bulla_bytes_of(path), file, err)) {
        return false;
    }
    *ret_file = file;
    return true;
}

static bool link_service(struct loader *loader, struct service *service, struct bulla_error *err)
{
    struct yaml_node *node = service->extends;
    struct extending extending = {.service = node->kind == YAML_SCALAR ? node : NULL};
    if (node->kind == YAML_MAPPING && !each_pair(node, read_extends_attribute, &extending, err)) {
        return false;
    }
    struct compose_file *file = service->extends_file;
    const char *name = NULL;
    bool hidden = false;
    if (extending.service == NULL) {
        return true;
    }
    if (!resolve_text(loader, file->scope, extending.service, &name, &hidden, err)) {
        return false;
    }
    if (name == NULL) {
        return true;
    }
    if (extending.file != NULL) {
        if (!open_extended(loader, service, extending.file, &file, err)) {
            return false;
        }
        if (file == NULL) {
            return true;
        }
    }
    const void *owner = file->foreign ? (const void *)file : (const void *)&loader->services;
    service->base = names_find(&loader->names, owner, bulla_bytes_of(name));
    if (service->base != NULL) {
        return true;
    }
    const char *shown = shown_text(extending.service, name);
    const struct problem problem = {.kind = BULLA_PROBLEM_EXTENDS,
                                    .fatal = true,
                                    .file = &service->extends_file->info,
                                    .pos = extending.service->pos,
                                    .name = shown,
                                    .service = service->info.name};
    return add_problem(loader, &problem, err, "service '%s' extends '%s', which '%s' does not have",
                       service->info.name, shown, file->info.name);
}

enum { UNSEEN, QUEUED, ON_PATH, DONE };

static bool inherit_environment(struct loader *loader, struct service *service,
                                struct bulla_error *err)
{
    const struct list *from = &service->base->environment;
    for (size_t i = 0; i < from->count; i++) {
        const struct env_entry *entry = from->items[i];
        struct bulla_bytes key = bulla_bytes_of(entry->info.key);
        if (names_find(&loader->names, service, key) == NULL &&
            (!names_put(&loader->names, service, key, from->items[i], err) ||
             !list_add(&service->environment, from->items[i], err))) {
            return false;
        }
    }
    return true;
}

static bool append(struct list *to, const struct list *from, struct bulla_error *err)
{
    for (size_t i = 0; i < from->count; i++) {
        if (!list_add(to, from->items[i], err)) {
            return false;
        }
    }
    return true;
}

/* The base's files come before the service's own. */
static bool inherit_files(struct list *own, const struct list *base, struct bulla_error *err)
{
    struct list both = {0};
    if (!append(&both, base, err) || !append(&both, own, err)) {
        list_release(&both);
        return false;
    }
    list_release(own);
    *own = both;
    return true;
}

static bool inherit(struct loader *loader, struct service *service, struct bulla_error *err)
{
    struct service *base = service->base;
    if (service->info.image == NULL) {
        service->info.image = base->info.image;
    }
    service->info.read_only = service->info.read_only || base->info.read_only;
    service->info.for_swarm = service->info.for_swarm || base->info.for_swarm;
    if (!inherit_build(loader, service, base, err)) {
        return false;
    }
    loader->uses += base->environment.count + base->env_files.count + base->resources.count +
                    base->mounts.count;
    return check_uses(loader, service->file, err) && list_add(&base->extenders, service, err) &&
           inherit_environment(loader, service, err) &&
           inherit_files(&service->env_files, &base->env_files, err) &&
           inherit_files(&service->label_files, &base->label_files, err) &&
           inherit_files(&service->mounts, &base->mounts, err) &&
           append(&service->resources, &base->resources, err) &&
           append(&service->profiles, &base->profiles, err);
}

/*
 * Whether the services of CHAIN from AT on say so in one document: Compose looks at one after the
 * other, and what an earlier one extends is settled then.
 */
static bool is_circle(const struct list *chain, const struct service *at)
{
    bool inside = false;
    for (size_t i = 0; i < chain->count; i++) {
        const struct service *service = chain->items[i];
        inside = inside || service == at;
        if (inside && service->extends_document != at->extends_document) {
            return false;
        }
    }
    return true;
}

/* Bases first: down the chain from SERVICE to what is done, then back up. */
static bool inherit_chain(struct loader *loader, struct service *service, struct bulla_error *err)
{
    struct list chain = {0};
    bool ok = true;
    for (struct service *at = service; ok && at != NULL && at->state != DONE; at = at->base) {
        if (at->state == ON_PATH) {
            struct service *last = chain.items[chain.count - 1];
            const struct problem problem = {.kind = BULLA_PROBLEM_EXTENDS,
                                            .fatal = true,
                                            .file = &last->extends_file->info,
                                            .pos = last->extends->pos,
                                            .name = at->info.name,
                                            .service = last->info.name};
            ok = !is_circle(&chain, at) ||
                 add_problem(loader, &problem, err, "service '%s' extends itself by way of '%s'",
                             last->info.name, at->info.name);
            last->base = NULL;
            break;
        }
        at->state = ON_PATH;
        ok = list_add(&chain, at, err);
    }
    for (size_t i = chain.count; i > 0; i--) {
        struct service *at = chain.items[i - 1];
        ok = ok && (at->base == NULL || inherit(loader, at, err));
        at->state = DONE;
    }
    list_release(&chain);
    return ok;
}

bool link_extends(struct loader *loader, struct bulla_error *err)
{
    struct list queue = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < loader->services.count; i++) {
        struct service *service = loader->services.items[i];
        if (!service->foreign && service->extends != NULL) {
            service->state = QUEUED;
            ok = list_add(&queue, service, err);
        }
    }
    /* A base in another file may extend in its turn; others there are of no concern. */
    for (size_t i = 0; ok && i < queue.count; i++) {
        struct service *service = queue.items[i];
        ok = link_service(loader, service, err);
        struct service *base = service->base;
        if (ok && base != NULL && base->state == UNSEEN && base->extends != NULL) {
            base->state = QUEUED;
            ok = list_add(&queue, base, err);
        }
    }
    for (size_t i = 0; ok && i < queue.count; i++) {
        ok = inherit_chain(loader, queue.items[i], err);
    }
    list_release(&queue);
    return ok;
}
