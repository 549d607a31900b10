/* The file that is rendered for an environment. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

/*
 * The file that is rendered for ENVIRONMENT, whose project is loaded: `.env` where its services
 * read that by env_file, whatever the environment is called.
 */
bool survey_choose_output(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                          struct bulla_error *err)
{
    bool is_dev = strcmp(environment->name, "dev") == 0;
    environment->output =
        is_dev ? ".env" : pool_printf(survey->pool, err, ".env.%s", environment->name);
    bulla_auto_str common = bulla_path_join(survey->folder, ".env", err);
    if (environment->output == NULL || common == NULL) {
        return false;
    }
    bool reads_common = false;
    bool reads_own = false;
    for (size_t i = 0; i < environment->project->service_count; i++) {
        const struct bulla_project_service *service = environment->project->services[i];
        for (size_t k = 0; k < service->env_file_count; k++) {
            const char *path = service->env_files[k].path;
            reads_common = reads_common || (path != NULL && strcmp(path, common) == 0);
            reads_own = reads_own ||
                        (path != NULL && strcmp(bulla_path_base(path), environment->output) == 0);
        }
    }
    if (reads_common && !reads_own) {
        environment->output = ".env";
    }
    return true;
}
