#include "git.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "env.h"

#define ANSWER_MAX ((size_t)64 * 1024)
#define ENVIRONMENT_MAX 1024

/*
 * Our environment without the variables that would point git elsewhere, in KEPT, which is cut at
 * ENVIRONMENT_MAX entries. A clone that fetches its objects when they are asked for would start
 * what its config names for that: no transport is allowed. Returns KEPT.
 */
static char **own_environment(char *kept[static ENVIRONMENT_MAX + 1])
{
    static const char *const added[] = {"GIT_ALLOW_PROTOCOL=", "GIT_NO_LAZY_FETCH=1",
                                        "GIT_OPTIONAL_LOCKS=0"};
    static const char *const steering[] = {
        "GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_COMMON_DIR=", "GIT_PREFIX="};
    /* The first of a name counts. posix_spawn takes char *const [] and does not write through it.
     */
    size_t count = sizeof added / sizeof *added;
    memcpy(kept, added, sizeof added);
    for (char *const *entry = env_all(); *entry != NULL && count < ENVIRONMENT_MAX; entry++) {
        bool steers = false;
        for (size_t i = 0; i < sizeof steering / sizeof *steering; i++) {
            steers = steers || strncmp(*entry, steering[i], strlen(steering[i])) == 0;
        }
        if (!steers) {
            kept[count++] = *entry;
        }
    }
    kept[count] = NULL;
    return kept;
}

bool git_start(const char *const *args, int input, int *ret_output, pid_t *ret_child,
               struct bulla_error *err)
{
    int ends[2];
    *ret_output = -1;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return bulla_error_sys(err, NULL, "cannot make a pipe");
    }
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return bulla_error_nomem(err);
    }
    char *inherited[ENVIRONMENT_MAX + 1];
    /* posix_spawn takes char *const [] and does not write through it. */
    char *argv[GIT_ARGS];
    memcpy(argv, args, sizeof argv);
    bool started =
        (input < 0 ? posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0
                   : posix_spawn_file_actions_adddup2(&actions, input, 0) == 0) &&
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1) == 0 &&
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawnp(ret_child, "git", &actions, NULL, argv, own_environment(inherited)) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    if (!started) {
        (void)close(ends[0]);
        return true;
    }
    *ret_output = ends[0];
    return true;
}

int git_wait(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool git_run(const char *const *args, struct bulla_buf *answer, int *ret_status,
             struct bulla_error *err)
{
    int output = -1;
    pid_t child = 0;
    *ret_status = -1;
    if (!git_start(args, -1, &output, &child, err)) {
        return false;
    }
    if (output < 0) {
        return true;
    }
    bool ok = bulla_fd_read(output, "git", answer->max, answer, err);
    (void)close(output);
    *ret_status = git_wait(child);
    return ok;
}

bool git_user_name(char **ret_name, struct bulla_error *err)
{
    static const char *const args[GIT_ARGS] = {"git", "config", "user.name", NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    *ret_name = NULL;
    if (!git_run(args, &answer, &status, err)) {
        return false;
    }
    const char *text = status == 0 ? bulla_buf_text(&answer, err) : NULL;
    if (text == NULL || text[0] == '\0') {
        return true;
    }
    *ret_name = bulla_strndup(text, strcspn(text, "\n"), err);
    return *ret_name != NULL;
}

bool git_find_work_tree(const char *folder, char **ret_tree, char **ret_below,
                        struct bulla_error *err)
{
    bulla_auto_str tree = realpath(folder, NULL);
    bulla_auto_str whole = tree != NULL ? bulla_strdup(tree, err) : NULL;
    *ret_tree = NULL;
    *ret_below = NULL;
    if (tree == NULL || whole == NULL) {
        /* A folder that is not there lies in no work tree. */
        return tree == NULL;
    }
    for (;;) {
        bulla_auto_str path = bulla_path_join(tree, ".git", err);
        if (path == NULL) {
            return false;
        }
        if (access(path, F_OK) == 0) {
            break;
        }
        char *slash = strrchr(tree, '/');
        if (slash == NULL || (slash == tree && tree[1] == '\0')) {
            return true;
        }
        slash[slash == tree ? 1 : 0] = '\0';
    }
    const char *below = whole + strlen(tree);
    below += *below == '/' ? 1 : 0;
    *ret_below = bulla_asprintf(err, "%s%s", below, *below != '\0' ? "/" : "");
    if (*ret_below == NULL) {
        return false;
    }
    *ret_tree = BULLA_STEAL(tree);
    return true;
}

bool git_file_state(const char *path, enum bulla_git_state *ret_state, struct bulla_error *err)
{
    *ret_state = BULLA_GIT_UNKNOWN;
    bulla_auto_str folder = bulla_path_dir(path, err);
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    if (folder == NULL || !git_find_work_tree(folder, &tree, &below, err)) {
        return false;
    }
    if (tree == NULL) {
        return true;
    }
    bulla_auto_str name = bulla_asprintf(err, "%s%s", below, bulla_path_base(path));
    if (name == NULL) {
        return false;
    }
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    if (access(path, F_OK) == 0) {
        /* "H path": tracked; "? path": neither tracked nor ignored; nothing: ignored. */
        const char *const args[GIT_ARGS] = {GIT_GUARDED,          tree, "ls-files", "-tco",
                                            "--exclude-standard", "--", name,       NULL};
        if (!git_run(args, &answer, &status, err)) {
            return false;
        }
        struct bulla_bytes said = bulla_buf_view(&answer);
        if (status == 0) {
            *ret_state = said.len == 0                  ? BULLA_GIT_IGNORED
                         : bulla_bytes_start(said, "?") ? BULLA_GIT_SEEN
                                                        : BULLA_GIT_TRACKED;
        }
        return true;
    }
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "check-ignore", "-q", "--", name, NULL};
    if (!git_run(args, &answer, &status, err)) {
        return false;
    }
    if (status == 0 || status == 1) {
        *ret_state = status == 0 ? BULLA_GIT_IGNORED : BULLA_GIT_SEEN;
    }
    return true;
}
