#include "env_states.h"

#include <string.h>
#include <sys/stat.h>

#include "bulla/mem.h"
#include "git.h"

void env_states_release(struct env_states *states)
{
    bulla_free(states->files);
}

/* The permission bits of the file at PATH; false where there is none, or something else. */
static bool read_mode(const char *path, unsigned *ret_mode)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return false;
    }
    *ret_mode = status.st_mode & 07777;
    return true;
}

static bool collect(struct env_states *states, const struct bulla_project *project,
                    const char *output, struct bulla_error *err)
{
    states->files = bulla_alloc(project->file_count + 1, sizeof *states->files, err);
    for (size_t i = 0; states->files != NULL && i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        bool is_env = file->kind == BULLA_PROJECT_ENV || file->kind == BULLA_PROJECT_ENV_FILE;
        bool is_output = output != NULL && strcmp(file->path, output) == 0;
        struct bulla_check_file *found = &states->files[states->count];
        *found = (struct bulla_check_file){.file = file};
        states->count += is_env && file->read && !is_output && read_mode(file->path, &found->mode);
    }
    return states->files != NULL;
}

/* The rendered file comes first: what git says of it hangs on no other's name. */
static bool ask_git(struct env_states *states, struct bulla_check_output *output,
                    struct key_files *keys, struct bulla_error *err)
{
    size_t before = output->opens != NULL ? 1 : 0;
    size_t files = before + states->count;
    size_t asked = files + keys->count;
    const char **paths = bulla_alloc(asked + 1, sizeof *paths, err);
    enum bulla_git_state *found = bulla_alloc(asked + 1, sizeof *found, err);
    bool ok = paths != NULL && found != NULL;
    for (size_t i = 0; ok && i < files; i++) {
        paths[i] = i < before ? output->opens : states->files[i - before].file->path;
    }
    for (size_t i = files; ok && i < asked; i++) {
        paths[i] = keys->items[i - files].path;
    }
    ok = ok && git_file_states(paths, asked, found, err);
    for (size_t i = 0; ok && i < states->count; i++) {
        states->files[i].git = found[before + i];
    }
    for (size_t i = 0; ok && i < keys->count; i++) {
        keys->items[i].git = found[files + i];
    }
    if (ok && output->opens != NULL) {
        output->git = found[0];
    }
    bulla_free(found);
    bulla_free(paths);
    return ok;
}

bool env_states_look(struct env_states *ret, const struct bulla_project *project,
                     struct bulla_check_output *output, struct key_files *keys,
                     struct bulla_error *err)
{
    *ret = (struct env_states){.files = NULL};
    output->exists = output->opens != NULL && read_mode(output->opens, &output->mode);
    return collect(ret, project, output->opens, err) && ask_git(ret, output, keys, err);
}
