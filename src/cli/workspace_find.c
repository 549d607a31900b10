/* Where the contract is, and whose it may be. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "env.h"
#include "workspace.h"

/* Who may write a contract that is found above: us, root, and who became root through sudo. */
static bool is_trusted(const struct env *env, uid_t uid)
{
    uid_t self = geteuid();
    if (uid == self || uid == 0) {
        return true;
    }
    return self == 0 && env->sudo_uid != NULL &&
           strtoul(env->sudo_uid, NULL, 10) == (unsigned long)uid;
}

/*
 * What lies above the working directory may be anybody's (/tmp, a shared disk), and would say where
 * secrets are written and read from. Neither the file nor a link to it may be another user's.
 */
static bool check_owner(const struct invocation *in, const char *folder, const char *name,
                        struct bulla_error *err)
{
    struct stat st;
    bulla_auto_str path = bulla_path_join(folder, name, err);
    if (path == NULL) {
        return false;
    }
    bool is_theirs = lstat(path, &st) == 0 && !is_trusted(in->env, st.st_uid);
    is_theirs = is_theirs || (stat(path, &st) == 0 && !is_trusted(in->env, st.st_uid));
    if (!is_theirs) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "belongs to another user, and is not taken from a folder above");
    bulla_auto_str word = bulla_word(folder, err);
    return word != NULL && bulla_error_hint(err, "where that is meant: bulla -C %s", word);
}

static bool has(const char *folder, const char *name, bool *ret_has, struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(folder, name, err);
    *ret_has = path != NULL && access(path, F_OK) == 0;
    return path != NULL;
}

/* Takes the last name off FOLDER; false at "/". */
static bool go_up(char *folder)
{
    char *slash = strrchr(folder, '/');
    if (slash == NULL || (slash == folder && folder[1] == '\0')) {
        return false;
    }
    slash[slash == folder ? 1 : 0] = '\0';
    return true;
}

bool workspace_find(const struct invocation *in, char **ret_root, struct bulla_error *err)
{
    bulla_auto_str here = getcwd(NULL, 0);
    if (here == NULL) {
        return bulla_error_sys(err, NULL, "cannot tell which folder this is");
    }
    bool is_above = false;
    bool is_end = false;
    do {
        bool is_there = false;
        /* Anything of that name is taken, so that a folder in its place is an error, not a miss. */
        if (!has(here, WORKSPACE_CONTRACT, &is_there, err)) {
            return false;
        }
        if (is_there) {
            if (is_above && (!check_owner(in, here, WORKSPACE_CONTRACT, err) ||
                             !check_owner(in, here, WORKSPACE_VAULT_FOLDER, err))) {
                return false;
            }
            *ret_root = BULLA_STEAL(here);
            return true;
        }
        /* What is above a work tree is another project. */
        if (!has(here, ".git", &is_end, err)) {
            return false;
        }
        is_above = true;
    } while (!is_end && go_up(here));
    (void)bulla_error(err, BULLA_E_MISSING, "no %s here or in a folder above%s", WORKSPACE_CONTRACT,
                      is_end ? " in the git work tree" : "");
    return bulla_error_hint(err, "bulla init writes one");
}
