/* Questions to a loaded project. */
#include "bulla/compose.h"

#include <string.h>

#include "base/banned.h"

const struct bulla_project_service *bulla_project_find_service(const struct bulla_project *project,
                                                               const char *name)
{
    for (size_t i = 0; i < project->service_count; i++) {
        if (strcmp(project->services[i]->name, name) == 0) {
            return project->services[i];
        }
    }
    return NULL;
}

static bool tell_ref(const struct bulla_project_ref *ref, bulla_project_use_fn fn, void *ctx,
                     struct bulla_error *err)
{
    struct bulla_project_use use = {
        .kind = ref->kind, .ref = ref, .file = ref->file, .pos = ref->pos};
    if (ref->service_count == 0) {
        return fn(ctx, &use, err);
    }
    for (size_t i = 0; i < ref->service_count; i++) {
        use.service = ref->services[i];
        if (!fn(ctx, &use, err)) {
            return false;
        }
    }
    return true;
}

struct bulla_project_use bulla_project_read_use(const struct bulla_project_service *service,
                                                const struct bulla_project_read *read)
{
    const struct bulla_project_env_file *entry = read->env_file;
    struct bulla_project_use use = {.kind = BULLA_USE_FILE,
                                    .service = service,
                                    .read = read,
                                    .file = read->named_in,
                                    .pos = read->pos};
    if (entry != NULL) {
        use.kind = BULLA_USE_ENV_FILE;
        use.file = entry->file != NULL ? entry->file : read->named_in;
        use.pos = (struct bulla_pos){0, 0};
    }
    return use;
}

/* The last key of NAME in ENTRY, or NULL. Services that read one file share its keys. */
struct key_search {
    const char *name;
    const struct bulla_project_env_key *keys; /* that were searched last */
    const struct bulla_project_env_key *found;
};

static const struct bulla_project_env_key *find_key(struct key_search *search,
                                                    const struct bulla_project_env_file *entry)
{
    if (entry->keys != search->keys) {
        search->keys = entry->keys;
        search->found = NULL;
        for (size_t i = entry->key_count; i > 0 && search->found == NULL; i--) {
            bool is_it = strcmp(entry->keys[i - 1].name, search->name) == 0;
            search->found = is_it ? &entry->keys[i - 1] : NULL;
        }
    }
    return search->found;
}

static bool tell_read(const struct bulla_project_service *service,
                      const struct bulla_project_read *read, struct key_search *search,
                      bulla_project_use_fn fn, void *ctx, struct bulla_error *err)
{
    struct bulla_project_use use = bulla_project_read_use(service, read);
    const struct bulla_project_env_key *key =
        read->env_file != NULL ? find_key(search, read->env_file) : NULL;
    use.pos = key != NULL ? key->pos : use.pos;
    return (key == NULL && !read->rendered) || fn(ctx, &use, err);
}

bool bulla_project_uses(const struct bulla_project *project, const char *name,
                        bulla_project_use_fn fn, void *ctx, struct bulla_error *err)
{
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (!ref->in_key && strcmp(ref->name, name) == 0 && !tell_ref(ref, fn, ctx, err)) {
            return false;
        }
    }
    struct key_search search = {.name = name};
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t j = 0; j < service->read_count; j++) {
            if (!tell_read(service, &service->reads[j], &search, fn, ctx, err)) {
                return false;
            }
        }
    }
    return true;
}

const char *bulla_project_file_name(const struct bulla_project_file *file, const char *root)
{
    size_t len = root != NULL ? strlen(root) : 0;
    if (len > 0 && strncmp(file->path, root, len) == 0 && file->path[len] == '/') {
        return file->path + len + 1;
    }
    return file->name;
}
