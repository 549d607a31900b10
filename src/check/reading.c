#include "check/reading.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"

#include "base/banned.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_name(void *ctx, const char *name, struct bulla_error *err)
{
    struct reading *reading = ctx;
    if (!bulla_grow(&reading->names, &reading->cap, reading->count + 1, sizeof *reading->names,
                    err)) {
        return false;
    }
    reading->names[reading->count++] = name;
    return true;
}

static bool has_name(const struct reading *reading, const char *name)
{
    return reading->count > 0 && bsearch(&name, reading->names, reading->count,
                                         sizeof *reading->names, compare_names) != NULL;
}

/* True where the path is `.env`, or another file that the project is interpolated with. */
static bool is_projects_own(const struct bulla_project *project, const char *path)
{
    bool is_own = strcmp(bulla_path_base(path), ".env") == 0;
    for (size_t i = 0; !is_own && i < project->file_count; i++) {
        is_own = project->files[i]->kind == BULLA_PROJECT_ENV &&
                 strcmp(project->files[i]->path, path) == 0;
    }
    return is_own;
}

/* A file that is mounted hands over all of it: of `.env`, or of what is rendered. */
static void add_mounts(struct reading *reading, const struct bulla_project *project,
                       const struct bulla_project_service *service)
{
    for (size_t i = 0; i < service->read_count && !reading->everything; i++) {
        const struct bulla_project_read *read = &service->reads[i];
        reading->everything =
            read->env_file == NULL && (read->rendered || is_projects_own(project, read->path));
    }
}

/* An env_file does so, too, and may where it is not here to be looked at. */
static bool add_env_file(struct reading *reading, const struct bulla_project *project,
                         const struct bulla_project_env_file *entry, struct bulla_error *err)
{
    bool is_own = entry->rendered || entry->path == NULL || entry->file == NULL ||
                  !entry->file->read || is_projects_own(project, entry->path);
    reading->everything = reading->everything || is_own;
    for (size_t i = 0; i < entry->key_count; i++) {
        if (!add_name(reading, entry->keys[i].name, err)) {
            return false;
        }
    }
    return true;
}

/* What else of the contract needs a variable: templates, live services, older names. */
static bool add_contract(const struct check *check, struct reading *reading,
                         struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    const struct bulla_values *values = check->input->values;
    for (size_t i = 0; values != NULL && i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (value->variable.role == BULLA_ROLE_DERIVED &&
            !bulla_values_needs(values, i, add_name, reading, err)) {
            return false;
        }
    }
    size_t applies = contract != NULL ? bulla_contract_apply_count(contract) : 0;
    for (size_t i = 0; i < applies; i++) {
        struct bulla_apply apply;
        bulla_contract_apply(contract, i, check->input->environment, &apply);
        if (apply.admin.text != NULL && !add_name(reading, apply.admin.text, err)) {
            return false;
        }
    }
    return true;
}

static bool add_reference(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    struct scanning *scanning = ctx;
    char *name = bulla_strndup(ref->name.data, ref->name.len, err);
    if (name == NULL || !bulla_grow(&scanning->owned, &scanning->cap, scanning->count + 1,
                                    sizeof *scanning->owned, err)) {
        bulla_free(name);
        return false;
    }
    scanning->owned[scanning->count++] = name;
    return true;
}

static void release_scanning(struct scanning *scanning)
{
    for (size_t i = 0; i < scanning->count; i++) {
        bulla_free(scanning->owned[i]);
    }
    bulla_free(scanning->owned);
}

/* Adds what the values of TEXT refer to: they are expanded too. */
static bool scan_text(struct scanning *scanning, const struct env_text *text,
                      struct bulla_error *err)
{
    for (size_t i = 0; !text->raw && i < text->sorted_count; i++) {
        const struct bulla_dotenv_entry *entry = text->sorted[i];
        if (entry->references > 0 &&
            !bulla_interpolate_scan(entry->value, add_reference, scanning, NULL, err)) {
            return false;
        }
    }
    return true;
}

static bool scan_env_files(const struct check *check, struct scanning *scanning,
                           struct bulla_error *err)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use != ENV_OTHER && !scan_text(scanning, text, err)) {
            return false;
        }
    }
    return true;
}

bool reading_collect(struct reading *ret, const struct check *check,
                     const struct bulla_project *project, struct bulla_error *err)
{
    struct reading *reading = ret;
    *reading = (struct reading){.names = NULL};
    if (!scan_env_files(check, &reading->scanned, err)) {
        return false;
    }
    for (size_t i = 0; i < reading->scanned.count; i++) {
        if (!add_name(reading, reading->scanned.owned[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < project->ref_count; i++) {
        if (!project->refs[i].in_key && !add_name(reading, project->refs[i].name, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        add_mounts(reading, project, service);
        for (size_t j = 0; j < service->env_file_count; j++) {
            if (!add_env_file(reading, project, &service->env_files[j], err)) {
                return false;
            }
        }
    }
    if (!add_contract(check, reading, err)) {
        return false;
    }
    if (reading->count > 1) {
        qsort(reading->names, reading->count, sizeof *reading->names, compare_names);
    }
    return true;
}

void reading_release(struct reading *reading)
{
    bulla_free(reading->names);
    release_scanning(&reading->scanned);
}

bool reading_has(const struct reading *reading, const char *name)
{
    return strncmp(name, "COMPOSE_", 8) == 0 || strncmp(name, "DOCKER_", 7) == 0 ||
           strncmp(name, "BUILDKIT_", 9) == 0 || has_name(reading, name);
}
