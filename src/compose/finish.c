/* From what was read to what the caller sees. */
#include "compose/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* --- services --------------------------------------------------------------------------------- */

/* The items of LIST as an array of pointers in the pool. */
static void *copy_list(struct loader *loader, const struct list *list, struct bulla_error *err)
{
    void **items = pool_alloc(loader->pool, (list->count + 1) * sizeof *items, err);
    if (items != NULL && list->count > 0) {
        memcpy(items, list->items, list->count * sizeof *items);
    }
    return items;
}

static bool finish_environment(struct loader *loader, struct service *service,
                               struct bulla_error *err)
{
    size_t count = service->environment.count;
    struct bulla_project_env *all = pool_alloc(loader->pool, (count + 1) * sizeof *all, err);
    if (all == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct env_entry *entry = service->environment.items[i];
        all[i] = entry->info;
    }
    service->info.environment = all;
    service->info.environment_count = count;
    return true;
}

/*
 * Of entries with one path Compose keeps the last, at the place of the first: a later file may say
 * another format. Source: compose-go override/uncity.go.
 */
static bool merge_env_files(struct loader *loader, struct list *list, struct bulla_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct env_file_entry *entry = list->items[i];
        struct bulla_bytes path = bulla_bytes_of(entry->info.path != NULL ? entry->info.path : "");
        void **before = path.len > 0 ? names_find(&loader->names, list, path) : NULL;
        if (before != NULL) {
            *before = entry;
            continue;
        }
        list->items[kept] = entry;
        if (path.len > 0 && !names_put(&loader->names, list, path, &list->items[kept], err)) {
            return false;
        }
        kept++;
    }
    list->count = kept;
    return true;
}

static bool finish_env_files(struct loader *loader, struct service *service, const char *rendered,
                             struct bulla_error *err)
{
    if (!merge_env_files(loader, &service->env_files, err)) {
        return false;
    }
    size_t count = service->env_files.count;
    struct bulla_project_env_file *all = pool_alloc(loader->pool, (count + 1) * sizeof *all, err);
    if (all == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct env_file_entry *entry = service->env_files.items[i];
        struct bulla_project_env_file *info = &entry->info;
        info->rendered =
            rendered != NULL && info->path != NULL && strcmp(info->path, rendered) == 0;
        if (info->path != NULL && info->file == NULL &&
            !env_file_read(loader, service, entry, err)) {
            return false;
        }
        all[i] = *info;
    }
    service->info.env_files = all;
    service->info.env_file_count = count;
    return true;
}

static bool finish_resources(struct loader *loader, struct service *service,
                             struct bulla_error *err)
{
    struct list found = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < service->resources.count; i++) {
        const struct resource_use *use = service->resources.items[i];
        const void *owner = use->config ? (const void *)&loader->project->resources
                                        : (const void *)&loader->resources;
        struct resource *resource = names_find(&loader->names, owner, bulla_bytes_of(use->name));
        if (resource == NULL) {
            continue;
        }
        if (resource->info.service == NULL && service->info.active) {
            resource->info.service = service->info.name;
        }
        ok = list_add(&found, &resource->info, err) &&
             (resource->place == NULL || resource->place->ref_count == 0 ||
              place_add_service(loader, resource->place, service, err));
    }
    service->info.resources = ok ? copy_list(loader, &found, err) : NULL;
    service->info.resource_count = found.count;
    list_release(&found);
    return service->info.resources != NULL;
}

/* What it is given at run time: the secrets of its build are not there. */
static bool finish_grants(struct loader *loader, struct service *service, struct bulla_error *err)
{
    struct bulla_project_grant *grants =
        pool_alloc(loader->pool, (service->resources.count + 1) * sizeof *grants, err);
    size_t count = 0;
    if (grants == NULL) {
        return false;
    }
    for (size_t i = 0; i < service->resources.count; i++) {
        const struct resource_use *use = service->resources.items[i];
        const void *owner = use->config ? (const void *)&loader->project->resources
                                        : (const void *)&loader->resources;
        const struct resource *resource =
            use->build ? NULL : names_find(&loader->names, owner, bulla_bytes_of(use->name));
        if (resource != NULL) {
            grants[count] = use->grant;
            grants[count++].resource = &resource->info;
        }
    }
    service->info.grants = grants;
    service->info.grant_count = count;
    return true;
}

static bool finish_services(struct loader *loader, struct bulla_error *err)
{
    const char *rendered = NULL;
    if (loader->options->rendered != NULL) {
        rendered = path_clean(loader, loader->project->directory, loader->options->rendered, err);
        if (rendered == NULL) {
            return false;
        }
    }
    struct list own = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < loader->services.count; i++) {
        struct service *service = loader->services.items[i];
        service->info.active = is_active(loader, service);
        if (service->foreign) {
            continue;
        }
        service->info.profiles = copy_list(loader, &service->profiles, err);
        service->info.profile_count = service->profiles.count;
        service->info.number = own.count;
        ok = service->info.profiles != NULL && list_add(&own, &service->info, err) &&
             finish_environment(loader, service, err) &&
             finish_env_files(loader, service, rendered, err) &&
             (!service->info.active || check_label_files(loader, service, err)) &&
             finish_resources(loader, service, err) && finish_grants(loader, service, err) &&
             finish_reads(loader, service, rendered, err) && finish_build(loader, service, err);
    }
    loader->project->services = ok ? copy_list(loader, &own, err) : NULL;
    loader->project->service_count = own.count;
    list_release(&own);
    return loader->project->services != NULL;
}

/* --- references ------------------------------------------------------------------------------- */

/* Adds to PLACE the services that extend one of its own, and theirs. */
static bool spread(struct loader *loader, struct place *place, size_t stamp,
                   struct bulla_error *err)
{
    for (size_t i = 0; i < place->services.count; i++) {
        struct service *service = place->services.items[i];
        service->stamp = stamp;
    }
    for (size_t i = 0; i < place->services.count; i++) {
        const struct service *service = place->services.items[i];
        for (size_t j = 0; j < service->extenders.count; j++) {
            struct service *extender = service->extenders.items[j];
            if (extender->stamp != stamp) {
                extender->stamp = stamp;
                if (!place_add_service(loader, place, extender, err)) {
                    return false;
                }
            }
        }
    }
    return true;
}

static int compare_places(const void *a, const void *b)
{
    const struct place *left = *(struct place *const *)a;
    const struct place *right = *(struct place *const *)b;
    if (left->file->index != right->file->index) {
        return left->file->index < right->file->index ? -1 : 1;
    }
    struct bulla_pos x = left->ref_count > 0 ? left->refs[0].pos : (struct bulla_pos){0, 0};
    struct bulla_pos y = right->ref_count > 0 ? right->refs[0].pos : (struct bulla_pos){0, 0};
    if (x.line != y.line) {
        return x.line < y.line ? -1 : 1;
    }
    return x.col < y.col ? -1 : x.col > y.col;
}

static bool finish_place(struct loader *loader, struct place *place, struct bulla_project_ref *refs,
                         struct bulla_error *err)
{
    const struct bulla_project_service **services =
        pool_alloc(loader->pool, (place->services.count + 1) * sizeof *services, err);
    if (services == NULL) {
        return false;
    }
    size_t count = 0;
    bool active = place->services.count == 0;
    for (size_t i = 0; i < place->services.count; i++) {
        const struct service *service = place->services.items[i];
        if (!service->foreign) {
            services[count++] = &service->info;
            active = active || service->info.active;
        }
    }
    for (size_t i = 0; i < place->ref_count; i++) {
        refs[i] = place->refs[i];
        refs[i].services = services;
        refs[i].service_count = count;
        /* Compose reads the whole of a file that is extended, whoever uses it. */
        refs[i].active = active || count == 0;
    }
    return true;
}

static bool finish_refs(struct loader *loader, struct bulla_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < loader->places.count; i++) {
        struct place *place = loader->places.items[i];
        count += place->ref_count;
        if (!spread(loader, place, i + 1, err)) {
            return false;
        }
    }
    if (loader->places.count > 1) {
        qsort(loader->places.items, loader->places.count, sizeof(void *), compare_places);
    }
    struct bulla_project_ref *refs = pool_alloc(loader->pool, (count + 1) * sizeof *refs, err);
    if (refs == NULL) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < loader->places.count; i++) {
        struct place *place = loader->places.items[i];
        if (!finish_place(loader, place, refs + at, err)) {
            return false;
        }
        at += place->ref_count;
    }
    loader->project->refs = refs;
    loader->project->ref_count = count;
    return true;
}

/* --- the rest --------------------------------------------------------------------------------- */

static bool finish_literals(struct loader *loader, struct bulla_error *err)
{
    size_t count = loader->literals.count;
    struct bulla_project_literal *all = pool_alloc(loader->pool, (count + 1) * sizeof *all, err);
    if (all == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bulla_project_literal *literal = loader->literals.items[i];
        all[i] = *literal;
    }
    loader->project->literals = all;
    loader->project->literal_count = count;
    return true;
}

static bool finish_problems(struct loader *loader, struct bulla_error *err)
{
    size_t count = loader->problems.count;
    struct bulla_project_problem *all = pool_alloc(loader->pool, (count + 1) * sizeof *all, err);
    if (all == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bulla_project_problem *problem = loader->problems.items[i];
        all[i] = *problem;
    }
    loader->project->problems = all;
    loader->project->problem_count = count;
    return true;
}

bool finish_project(struct loader *loader, struct bulla_error *err)
{
    struct bulla_project *project = loader->project;
    if (!settle_profiles(loader, err) || !finish_services(loader, err) ||
        !finish_refs(loader, err) || !finish_unread_env(loader, err) ||
        !finish_literals(loader, err) || !finish_problems(loader, err)) {
        return false;
    }
    project->files = copy_list(loader, &loader->files, err);
    project->file_count = loader->files.count;
    project->resources = copy_list(loader, &loader->resources, err);
    project->resource_count = loader->resources.count;
    return project->files != NULL && project->resources != NULL;
}
