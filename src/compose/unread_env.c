/* An env file that lies where we are, and is not the one that Compose reads. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"

#include "base/banned.h"

/* True where a service reads PATH by env_file, wherever it lies. */
static bool is_env_file(const struct bulla_project *project, const char *path)
{
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t k = 0; k < service->env_file_count; k++) {
            const char *read = service->env_files[k].path;
            if (read != NULL && strcmp(read, path) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool finish_unread_env(struct loader *loader, struct bulla_error *err)
{
    const char *here = path_clean(loader, loader->cwd, ".env", err);
    const char *there = path_clean(loader, loader->project->directory, ".env", err);
    if (here == NULL || there == NULL) {
        return false;
    }
    if (loader->explicit_env || strcmp(here, there) == 0 ||
        (loader->project->env_before != NULL && strcmp(here, loader->project->env_before) == 0) ||
        !bulla_file_is_regular(here)) {
        return true;
    }
    if (is_env_file(loader->project, here)) {
        /* Services read it all the same: it is missed only where something is referred to. */
        bulla_auto_str word = bulla_word(display_name(loader, here), err);
        if (word == NULL) {
            return false;
        }
        const struct problem problem = {
            .kind = BULLA_PROBLEM_ENV_NOT_READ,
            .name = display_name(loader, here),
            .hint = pool_printf(loader->pool, err,
                                "give it to Compose: docker compose --env-file %s", word)};
        return loader->project->ref_count == 0 ||
               (problem.hint != NULL &&
                add_problem(loader, &problem, err,
                            "what is referred to comes from '%s', and not from '%s' here",
                            display_name(loader, there), display_name(loader, here)));
    }
    const struct problem problem = {
        .kind = BULLA_PROBLEM_ENV_NOT_READ,
        .name = display_name(loader, here),
        .hint = "put it beside the compose file, or give Compose '--project-directory .'"};
    return add_problem(loader, &problem, err, "Compose does not read '%s' here but '%s'",
                       display_name(loader, here), display_name(loader, there));
}
