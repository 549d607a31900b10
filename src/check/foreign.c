/* Files of another environment that a service would read. B211. */
#include <string.h>

#include "check/families.h"

#include "base/banned.h"

/* True where PATH is the file OUTPUT in the project directory. */
static bool is_output(const struct bulla_project *project, const char *path, const char *output)
{
    size_t len = strlen(project->directory);
    if (strncmp(path, project->directory, len) == 0 && path[len] == '/') {
        path += len + 1;
    }
    path += strncmp(path, "./", 2) == 0 ? 2 : 0;
    return strcmp(path, output) == 0;
}

/* The other environment that renders to PATH, or NULL; this one's own file is none. */
static const char *renders_to(const struct check *check, const char *path)
{
    const struct bulla_contract *contract = check->input->contract;
    const char *found = NULL;
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        const struct bulla_environment *other = bulla_contract_environment(contract, i);
        if (!is_output(check->input->project, path, other->output)) {
            continue;
        }
        if (strcmp(other->name, check->input->environment) == 0) {
            return NULL;
        }
        found = other->name;
    }
    return found;
}

static bool check_service(struct check *check, const struct bulla_project_service *service,
                          struct bulla_error *err)
{
    for (size_t i = 0; i < service->env_file_count; i++) {
        const struct bulla_project_env_file *file = &service->env_files[i];
        const char *other = file->path != NULL ? renders_to(check, file->path) : NULL;
        if (other == NULL) {
            continue;
        }
        struct place place = {.file = check_file_name(check, file->named_in),
                              .pos = file->pos,
                              .service = service->name};
        if (!check_add(check, RULE_FOREIGN_ENV_FILE, &place, NULL, err,
                       "service '%s' reads the file that '%s' renders to, not that of '%s'",
                       service->name, other, check->input->environment)) {
            return false;
        }
    }
    return true;
}

bool check_foreign_files(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    if (project == NULL || check->input->contract == NULL || check->input->environment == NULL) {
        return true;
    }
    for (size_t i = 0; i < project->service_count; i++) {
        if (!check_service(check, project->services[i], err)) {
            return false;
        }
    }
    return true;
}
