#include "reveal.h"

#include <sys/stat.h>

#include "message.h"
#include "output.h"

void reveal_warn_readers(const struct invocation *in)
{
    struct stat st;
    if (fstat(in->out->fd, &st) == 0 && S_ISREG(st.st_mode) &&
        (st.st_mode & (S_IRGRP | S_IROTH)) != 0) {
        message_warn(in, "others may read the file that this goes to: chmod 600 it, or umask 077 "
                         "before");
    }
}

bool reveal_allow(const struct invocation *in, bool reveal, struct bulla_error *err)
{
    if (in->out->is_terminal && !reveal) {
        (void)bulla_error(err, BULLA_E_REFUSED,
                          "standard output is a terminal, which shows and "
                          "keeps what it prints");
        return bulla_error_hint(err, "--reveal prints it anyway; or send it to a file or program");
    }
    return true;
}

bool reveal_write(const struct invocation *in, struct bulla_bytes secret, struct bulla_error *err)
{
    reveal_warn_readers(in);
    return output_secret(in->out, secret, err);
}
