/* Files of another environment that a service would read. B211. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "check/families.h"

#include "base/banned.h"

/* *RET_IS where READ is what ENVIRONMENT is rendered to. */
static bool is_output(const struct check *check, const struct bulla_environment *environment,
                      const struct bulla_project_read *read, bool *ret_is, struct bulla_error *err)
{
    bulla_auto_str path =
        bulla_path_resolve(check->input->project->directory, environment->output, err);
    if (path == NULL) {
        return false;
    }
    *ret_is = bulla_project_reads(read, path);
    return true;
}

/* The other environment that renders to what READ is, or NULL; this one's own file is none. */
static bool find_other(const struct check *check, const struct bulla_project_read *read,
                       const char **ret_other, struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    const char *found = NULL;
    *ret_other = NULL;
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        const struct bulla_environment *other = bulla_contract_environment(contract, i);
        bool is_read = false;
        if (!is_output(check, other, read, &is_read, err)) {
            return false;
        }
        if (is_read && strcmp(other->name, check->input->environment) == 0) {
            return true;
        }
        found = is_read ? other->name : found;
    }
    *ret_other = found;
    return true;
}

static bool check_service(struct check *check, const struct bulla_project_service *service,
                          struct bulla_error *err)
{
    for (size_t i = 0; i < service->read_count; i++) {
        const struct bulla_project_read *read = &service->reads[i];
        const char *other = NULL;
        if (!find_other(check, read, &other, err)) {
            return false;
        }
        const struct place place = {.file = check_file_name(check, read->named_in),
                                    .pos = read->pos,
                                    .service = service->name};
        if (other != NULL &&
            !check_add(check, RULE_FOREIGN_ENV_FILE, &place, NULL, err,
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
        const struct bulla_project_service *service = project->services[i];
        if (service->active && !check_service(check, service, err)) {
            return false;
        }
    }
    return true;
}
