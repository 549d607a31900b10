#include "git_run.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "env.h"

#define ENVIRONMENT_MAX 1024
#define USUAL_PATH "/usr/bin:/bin" /* of who has none */

/*
 * Our environment without the variables that would point git elsewhere, in KEPT, which is cut at
 * ENVIRONMENT_MAX entries, and with INDEX ("GIT_INDEX_FILE=…") where that is not NULL. A clone that
 * fetches its objects when they are asked for would start what its config names for that: no
 * transport is allowed. Returns KEPT.
 */
static char **own_environment(char *kept[static ENVIRONMENT_MAX + 1], char *index)
{
    static const char *const added[] = {"GIT_ALLOW_PROTOCOL=", "GIT_NO_LAZY_FETCH=1",
                                        "GIT_OPTIONAL_LOCKS=0"};
    static const char *const steering[] = {
        "GIT_DIR=", "GIT_WORK_TREE=", "GIT_INDEX_FILE=", "GIT_COMMON_DIR=", "GIT_PREFIX="};
    /* The first of a name counts. posix_spawn takes char *const [] and does not write through it.
     */
    size_t count = sizeof added / sizeof *added;
    memcpy(kept, added, sizeof added);
    if (index != NULL) {
        kept[count++] = index;
    }
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

static void free_argv(char ***argv)
{
    bulla_free(*argv);
}

/* ARGS as posix_spawn takes them; the texts are borrowed. */
static char **copy_argv(const char *const *args, struct bulla_error *err)
{
    size_t count = 1;
    while (args[count - 1] != NULL) {
        count++;
    }
    char **argv = bulla_alloc(count, sizeof *argv, err);
    if (argv != NULL) {
        memcpy(argv, args, count * sizeof *argv);
    }
    return argv;
}

bool git_start_on(const char *index_file, const char *const *args, int input,
                  struct git_child *ret_child, struct bulla_error *err)
{
    int ends[2];
    *ret_child = (struct git_child){.fd = -1};
    /* posix_spawn takes char *const [] and does not write through it. */
    BULLA_AUTO(free_argv) char **argv = copy_argv(args, err);
    if (argv == NULL) {
        return false;
    }
    const char *path = env_lookup("PATH");
    bulla_auto_str program = NULL;
    if (!bulla_program_find(path != NULL ? path : USUAL_PATH, "git", &program, err)) {
        return false;
    }
    if (program == NULL) {
        return true;
    }
    bulla_auto_str index =
        index_file != NULL ? bulla_asprintf(err, "GIT_INDEX_FILE=%s", index_file) : NULL;
    if (index_file != NULL && index == NULL) {
        return false;
    }
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
    bool started = (input >= 0 ? posix_spawn_file_actions_adddup2(&actions, input, 0)
                               : posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
                                                                  O_RDONLY, 0)) == 0 &&
                   posix_spawn_file_actions_adddup2(&actions, ends[1], 1) == 0 &&
                   posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
                   posix_spawn(&ret_child->pid, program, &actions, NULL, argv,
                               own_environment(inherited, index)) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(ends[1]);
    if (started) {
        ret_child->fd = ends[0];
    } else {
        (void)close(ends[0]);
    }
    return true;
}

bool git_start(const char *const *args, int input, struct git_child *ret_child,
               struct bulla_error *err)
{
    return git_start_on(NULL, args, input, ret_child, err);
}

int git_end(struct git_child *child)
{
    int status = 0;
    (void)close(child->fd);
    child->fd = -1;
    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool git_run_on(const char *index_file, const char *const *args, int input, size_t max,
                struct bulla_buf *answer, int *ret_status, struct bulla_error *err)
{
    struct git_child child;
    *ret_status = -1;
    if (!git_start_on(index_file, args, input, &child, err) || child.fd < 0) {
        return err->code == BULLA_OK;
    }
    bool ok = bulla_fd_read(child.fd, "git", max, answer, err);
    *ret_status = git_end(&child);
    return ok;
}

bool git_run(const char *const *args, int input, size_t max, struct bulla_buf *answer,
             int *ret_status, struct bulla_error *err)
{
    return git_run_on(NULL, args, input, max, answer, ret_status, err);
}
