/* Family 1, missing: the files that secrets and configs are taken from. B109. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "check/families.h"

#include "base/banned.h"

/* What is wrong with PATH as a file that a container is given; NULL where nothing is. */
static const char *fault_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return errno == ENOENT || errno == ENOTDIR ? "is not there" : NULL;
    }
    return S_ISDIR(st.st_mode) ? "is a folder" : NULL;
}

/* What the environment is rendered to is made by that. */
static bool is_output(const struct check *check, const char *path)
{
    const char *output = check->input->output.path;
    return output != NULL && strcmp(check_relative_name(check, path), output) == 0;
}

bool check_resource_files(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->resource_count; i++) {
        const struct bulla_project_resource *resource = project->resources[i];
        bool is_file = resource->source == BULLA_RESOURCE_FILE && resource->path != NULL &&
                       resource->service != NULL && !is_output(check, resource->path);
        const char *fault = is_file ? fault_of(resource->path) : NULL;
        struct place place = {.file = check_file_name(check, resource->file),
                              .pos = resource->path_pos,
                              .service = resource->service};
        if (fault != NULL &&
            !check_add(check, RULE_SECRET_FILE_MISSING, &place, NULL, err,
                       "'%s', the file of the %s '%s', %s", resource->text,
                       resource->config ? "config" : "secret", resource->name, fault)) {
            return false;
        }
    }
    return true;
}
