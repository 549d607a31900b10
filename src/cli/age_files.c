#include "age_files.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"
#include "value_input.h"

static bool is_standard(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0;
}

static bool open_input(struct age_files *files, const char *input, struct bulla_error *err)
{
    files->in = (struct bulla_age_place){.fd = STDIN_FILENO, .name = "standard input"};
    if (is_standard(input)) {
        return true;
    }
    files->owned_in = open(input, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (files->owned_in < 0) {
        return bulla_error_sys(err, input, "cannot open");
    }
    struct stat st;
    if (fstat(files->owned_in, &st) == 0 && S_ISDIR(st.st_mode)) {
        return bulla_file_refuse(input, st.st_mode, err);
    }
    files->in = (struct bulla_age_place){.fd = files->owned_in, .name = input};
    return true;
}

static bool open_output(struct age_files *files, const struct invocation *in, const char *output,
                        mode_t mode, struct bulla_error *err)
{
    struct stat st;
    if (is_standard(output)) {
        files->out = (struct bulla_age_place){.fd = in->out->fd, .name = "standard output"};
        return true;
    }
    files->out.name = output;
    /* A device or a pipe is written to, not replaced. */
    if (stat(output, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)) {
        files->owned_out = open(output, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        files->out.fd = files->owned_out;
        return files->owned_out >= 0 || bulla_error_sys(err, output, "cannot open");
    }
    bool ok = bulla_replacement_begin(&files->replacement, output, mode, err);
    files->out.fd = files->replacement.fd;
    return ok;
}

bool age_files_open(struct age_files *files, const struct invocation *in, const char *input,
                    const char *output, mode_t mode, struct bulla_error *err)
{
    *files =
        (struct age_files){.owned_in = -1, .owned_out = -1, .replacement = {-1, -1, NULL, NULL}};
    if (!open_input(files, input, err) || !open_output(files, in, output, mode, err)) {
        return false;
    }
    files->is_terminal = isatty(files->out.fd) == 1;
    return true;
}

bool age_files_finish(struct age_files *files, struct bulla_error *err)
{
    return files->replacement.fd < 0 || bulla_replacement_finish(&files->replacement, err);
}

void age_files_release(struct age_files *files)
{
    if (files->owned_in >= 0) {
        (void)close(files->owned_in);
    }
    if (files->owned_out >= 0) {
        (void)close(files->owned_out);
    }
    bulla_replacement_release(&files->replacement);
}

bool age_read_passphrase(const struct invocation *in, const char *file, long fd,
                         struct bulla_buf *passphrase, bool *ret_given, struct bulla_error *err)
{
    const struct value_input input = {.file = file, .fd = fd, .exact = false};
    *ret_given = file != NULL || fd >= 0;
    if (file != NULL && fd >= 0) {
        return bulla_error(err, BULLA_E_USAGE,
                           "--passphrase-file and --passphrase-fd name two places for one");
    }
    return !*ret_given || value_input_read(in, &input, "the passphrase", passphrase, err);
}
