#include "rendered_git.h"

#include <stdlib.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "git.h"
#include "message.h"

/* What was sealed is a secret whatever the contract calls it. */
bool rendered_git_has_secrets(const struct bulla_values *values)
{
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (value->state == BULLA_VALUE_SET &&
            (value->variable.role != BULLA_ROLE_SETTING || value->source != BULLA_FROM_CONTRACT)) {
            return true;
        }
    }
    return false;
}

/* Where there is a work tree somebody has to know; a deploy goes on without git. */
static bool warn_of_unknown(const struct invocation *in, const char *written, const char *path,
                            enum bulla_git_state state, struct bulla_error *err)
{
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    bulla_auto_str folder = bulla_path_dir(written, err);
    if (folder == NULL || !git_find_work_tree(folder, &tree, &below, err)) {
        return false;
    }
    bulla_auto_str word = bulla_word(tree != NULL ? tree : "", err);
    if (word == NULL) {
        return false;
    }
    if (state == BULLA_GIT_REFUSED) {
        message_warn(in, "git does not say whether it tracks %s, and it holds secrets", path);
        message_hint(in,
                     "git status says why; in another user's folder that you trust: git "
                     "config --global --add safe.directory %s",
                     word);
    } else if (state == BULLA_GIT_UNKNOWN && tree != NULL) {
        message_warn(in, "there is no git to say whether it tracks %s, and it holds secrets", path);
    }
    return true;
}

bool rendered_git_warn(const struct invocation *in, const struct bulla_values *values,
                       const char *path, struct bulla_error *err)
{
    enum bulla_git_state state = BULLA_GIT_UNKNOWN;
    if (!rendered_git_has_secrets(values)) {
        return true;
    }
    /* Where the path is a link, the file that it leads to was written. */
    bulla_auto_str target = realpath(path, NULL);
    const char *written = target != NULL ? target : path;
    if (!git_file_state(written, &state, err)) {
        return false;
    }
    if (state == BULLA_GIT_TRACKED) {
        bulla_auto_str word = git_path_word(path, err);
        if (word == NULL) {
            return false;
        }
        message_warn(in, "git tracks %s, and it holds secrets", path);
        message_hint(in, "git rm --cached %s, and add it to .gitignore", word);
    } else if (state == BULLA_GIT_SEEN) {
        message_warn(in, "git does not ignore %s, and it holds secrets", path);
        message_hint(in, "add it to .gitignore");
    } else {
        return warn_of_unknown(in, written, path, state, err);
    }
    return true;
}
