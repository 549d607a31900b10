#include "usage_map.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/shape.h"
#include "usage.h"

static bool add(struct usage_map *map, const char *name, const struct bulla_project_use *use,
                struct bulla_error *err)
{
    if (!bulla_grow(&map->rows, &map->cap, map->count + 1, sizeof *map->rows, err)) {
        return false;
    }
    map->rows[map->count] = (struct usage_row){.name = name, .use = *use, .order = map->count};
    map->count++;
    return true;
}

static bool add_reference(struct usage_map *map, const struct bulla_project_ref *ref,
                          struct bulla_error *err)
{
    struct bulla_project_use use = {
        .kind = ref->kind, .ref = ref, .file = ref->file, .pos = ref->pos};
    if (ref->in_key || ref->name[0] == '\0') {
        return true;
    }
    if (ref->service_count == 0) {
        return add(map, ref->name, &use, err);
    }
    for (size_t i = 0; i < ref->service_count; i++) {
        use.service = ref->services[i];
        if (!add(map, ref->name, &use, err)) {
            return false;
        }
    }
    return true;
}

static bool add_read(struct usage_map *map, const struct bulla_project_service *service,
                     const struct bulla_project_read *read, struct bulla_error *err)
{
    struct bulla_project_use use = bulla_project_read_use(service, read);
    const struct bulla_pos pos = use.pos;
    const struct bulla_project_env_file *entry = read->env_file;
    /* The last of a name counts: it comes first here, and the sorted map keeps the first. */
    for (size_t i = entry != NULL ? entry->key_count : 0; i > 0; i--) {
        use.pos = entry->keys[i - 1].pos;
        if (!add(map, entry->keys[i - 1].name, &use, err)) {
            return false;
        }
    }
    use.pos = pos;
    size_t count = read->rendered && map->values != NULL ? bulla_values_count(map->values) : 0;
    for (size_t i = 0; i < count; i++) {
        if (!add(map, bulla_values_get(map->values, i)->variable.name, &use, err)) {
            return false;
        }
    }
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct usage_row *a = left;
    const struct usage_row *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/* Rows of one name stand together, and those of one env file behind each other. */
static bool repeats(const struct usage_row *before, const struct usage_row *row)
{
    return row->use.read != NULL && row->use.read == before->use.read &&
           row->use.service == before->use.service && strcmp(row->name, before->name) == 0;
}

static void drop_repeats(struct usage_map *map)
{
    size_t kept = 0;
    for (size_t i = 0; i < map->count; i++) {
        if (kept == 0 || !repeats(&map->rows[kept - 1], &map->rows[i])) {
            map->rows[kept++] = map->rows[i];
        }
    }
    map->count = kept;
}

static struct usage_slice slice_at(const struct usage_map *map, size_t start)
{
    struct usage_slice slice = {.name = map->rows[start].name, .rows = &map->rows[start]};
    while (start + slice.count < map->count &&
           strcmp(map->rows[start + slice.count].name, slice.name) == 0) {
        slice.count++;
    }
    return slice;
}

static bool names_it(const struct usage_slice *slice, const struct bulla_project_service *service)
{
    for (size_t i = 0; i < slice->count; i++) {
        if (slice->rows[i].use.ref != NULL && slice->rows[i].use.service == service) {
            return true;
        }
    }
    return false;
}

static void mark_unreferenced(struct usage_map *map)
{
    for (size_t start = 0; start < map->count;) {
        struct usage_slice slice = slice_at(map, start);
        for (size_t i = start; i < start + slice.count; i++) {
            struct usage_row *row = &map->rows[i];
            row->is_unreferenced =
                row->use.kind == BULLA_USE_ENV_FILE && !names_it(&slice, row->use.service);
        }
        start += slice.count;
    }
}

bool usage_map_collect(struct usage_map *ret, const struct bulla_project *project,
                       const struct bulla_values *values, struct bulla_error *err)
{
    ret->values = values;
    for (size_t i = 0; i < project->ref_count; i++) {
        if (!add_reference(ret, &project->refs[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t k = 0; k < service->read_count; k++) {
            if (!add_read(ret, service, &service->reads[k], err)) {
                return false;
            }
        }
    }
    if (ret->count > 0) {
        qsort(ret->rows, ret->count, sizeof *ret->rows, compare);
    }
    drop_repeats(ret);
    mark_unreferenced(ret);
    return true;
}

void usage_map_release(struct usage_map *map)
{
    bulla_free(map->rows);
    *map = (struct usage_map){0};
}

struct usage_slice usage_map_find(const struct usage_map *map, const char *name)
{
    size_t low = 0;
    size_t high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(map->rows[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < map->count && strcmp(map->rows[low].name, name) == 0) {
        return slice_at(map, low);
    }
    return (struct usage_slice){.name = name};
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

bool usage_map_each(const struct usage_map *map, usage_slice_fn fn, void *ctx,
                    struct bulla_error *err)
{
    size_t listed = map->values != NULL ? bulla_values_count(map->values) : 0;
    const char **names = bulla_alloc(map->count + listed + 1, sizeof *names, err);
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < map->count; i++) {
        names[i] = map->rows[i].name;
    }
    for (size_t i = 0; i < listed; i++) {
        names[map->count + i] = bulla_values_get(map->values, i)->variable.name;
    }
    qsort(names, map->count + listed, sizeof *names, compare_names);
    bool ok = true;
    for (size_t i = 0; ok && i < map->count + listed; i++) {
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0) {
            const struct usage_slice slice = usage_map_find(map, names[i]);
            ok = fn(ctx, &slice, err);
        }
    }
    bulla_free(names);
    return ok;
}

bool usage_is_secret(const struct usage_map *map, const char *name)
{
    const struct bulla_value *value =
        map->values != NULL ? bulla_values_find(map->values, name) : NULL;
    return value != NULL ? value->variable.role != BULLA_ROLE_SETTING : bulla_name_is_secret(name);
}

const char *usage_row_kind(const struct usage_map *map, const struct usage_row *row)
{
    return row->is_unreferenced && usage_is_secret(map, row->name) ? "env-file only"
                                                                   : usage_kind_name(row->use.kind);
}
