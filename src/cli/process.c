#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file opened later must not land on a standard descriptor: output would go into it. */
static bool fill_standard_descriptors(struct bulla_error *err)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) {
            continue;
        }
        int got = open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
        if (got != fd) {
            return bulla_error_sys(err, "/dev/null", "cannot stand in for a closed descriptor");
        }
    }
    return true;
}

bool process_harden(struct process *ret_before, struct bulla_error *err)
{
    *ret_before = (struct process){.umask = umask(077)};
    if (!fill_standard_descriptors(err)) {
        return false;
    }
    ret_before->has_core = getrlimit(RLIMIT_CORE, &ret_before->core) == 0;
    /* Only the soft limit: an unprivileged process could not raise the hard one for a child. */
    struct rlimit no_core = {.rlim_cur = 0, .rlim_max = ret_before->core.rlim_max};
    if (!ret_before->has_core || setrlimit(RLIMIT_CORE, &no_core) != 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return bulla_error_sys(err, NULL, "cannot switch core dumps off");
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    if (sigprocmask(SIG_BLOCK, NULL, &ret_before->mask) != 0 ||
        sigaction(SIGPIPE, &ignore, &ret_before->sigpipe) != 0) {
        return bulla_error_sys(err, NULL, "cannot set signals up");
    }
    return true;
}

bool process_restore(const struct process *before, struct bulla_error *err)
{
    (void)umask(before->umask);
    if ((before->has_core && setrlimit(RLIMIT_CORE, &before->core) != 0) ||
        sigaction(SIGPIPE, &before->sigpipe, NULL) != 0 ||
        sigprocmask(SIG_SETMASK, &before->mask, NULL) != 0) {
        return bulla_error_sys(err, NULL, "cannot give limits and signals back");
    }
    return true;
}
