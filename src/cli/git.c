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

static bool collect(int fd, pid_t child, struct bulla_buf *answer, int *ret_status,
                    struct bulla_error *err)
{
    bool ok = bulla_fd_read(fd, "git", ANSWER_MAX, answer, err);
    (void)close(fd);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    *ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ok;
}

/*
 * Runs git with ARGS; its output goes to ANSWER, its messages nowhere. *RET_STATUS is -1 where it
 * could not be started.
 */
static bool run_git(const char *const *args, struct bulla_buf *answer, int *ret_status,
                    struct bulla_error *err)
{
    int ends[2];
    *ret_status = -1;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return bulla_error_sys(err, NULL, "cannot make a pipe");
    }
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return bulla_error_nomem(err);
    }
    pid_t child = 0;
    /* posix_spawn takes char *const [] and does not write through it. */
    char *argv[8];
    memcpy(argv, args, sizeof argv);
    bool started = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
                   posix_spawn_file_actions_adddup2(&actions, ends[1], 1) == 0 &&
                   posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
                   posix_spawnp(&child, "git", &actions, NULL, argv, env_all()) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    if (!started) {
        (void)close(ends[0]);
        return true;
    }
    return collect(ends[0], child, answer, ret_status, err);
}

bool git_user_name(char **ret_name, struct bulla_error *err)
{
    static const char *const args[8] = {"git", "config", "user.name", NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    *ret_name = NULL;
    if (!run_git(args, &answer, &status, err)) {
        return false;
    }
    const char *text = status == 0 ? bulla_buf_text(&answer, err) : NULL;
    if (text == NULL || text[0] == '\0') {
        return true;
    }
    *ret_name = bulla_strndup(text, strcspn(text, "\n"), err);
    return *ret_name != NULL;
}

/* True where FOLDER or one above it holds `.git`: else there is nothing to ask. */
static bool is_in_work_tree(const char *folder)
{
    char *resolved = realpath(folder, NULL);
    bool found = false;
    while (resolved != NULL && !found) {
        struct bulla_error ignored = BULLA_ERROR_INIT;
        bulla_auto_str path = bulla_path_join(resolved, ".git", &ignored);
        found = path != NULL && access(path, F_OK) == 0;
        char *slash = strrchr(resolved, '/');
        if (slash == NULL || (slash == resolved && resolved[1] == '\0')) {
            break;
        }
        slash[slash == resolved ? 1 : 0] = '\0';
    }
    bulla_free(resolved);
    return found;
}

bool git_file_state(const char *path, enum bulla_git_state *ret_state, struct bulla_error *err)
{
    *ret_state = BULLA_GIT_UNKNOWN;
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL) {
        return false;
    }
    if (!is_in_work_tree(folder)) {
        return true;
    }
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_MAX);
    if (access(path, F_OK) == 0) {
        /* "H path": tracked; "? path": neither tracked nor ignored; nothing: ignored. */
        const char *const args[8] = {
            "git", "-C", folder, "ls-files", "-tco", "--exclude-standard", bulla_path_base(path),
            NULL};
        if (!run_git(args, &answer, &status, err)) {
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
    const char *const args[8] = {"git", "-C", folder, "check-ignore", "-q", bulla_path_base(path),
                                 NULL};
    if (!run_git(args, &answer, &status, err)) {
        return false;
    }
    if (status == 0 || status == 1) {
        *ret_state = status == 0 ? BULLA_GIT_IGNORED : BULLA_GIT_SEEN;
    }
    return true;
}
