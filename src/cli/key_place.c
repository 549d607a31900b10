#include "key_place.h"

#include "bulla/file.h"
#include "bulla/mem.h"
#include "git.h"
#include "message.h"

bool key_place_warn(const struct invocation *in, const char *path, struct bulla_error *err)
{
    enum bulla_git_state state = BULLA_GIT_UNKNOWN;
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL || !git_find_work_tree(folder, &tree, &below, err) ||
        !git_file_state(path, &state, err)) {
        return false;
    }
    if (tree != NULL && (state == BULLA_GIT_SEEN || state == BULLA_GIT_TRACKED)) {
        message_warn(in, "git does not ignore %s, and it is a private key", path);
        message_hint(in, "add the line '/%s%s' to %s/.gitignore, or keep it elsewhere", below,
                     bulla_path_base(path), tree);
    }
    return true;
}
