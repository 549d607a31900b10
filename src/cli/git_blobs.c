#include "git_blobs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"

/* Of equal texts the one of the earlier state, which is at the lower address, comes first. */
static int compare_keys(const void *a, const void *b)
{
    const char *const *one = a;
    const char *const *other = b;
    int order = strcmp(*one, *other);
    return order != 0 ? order : (*one > *other) - (*one < *other);
}

bool git_blank_repeated(struct git_search *search, char *(*key)(struct git_found *),
                        struct bulla_error *err)
{
    char **keys = bulla_alloc(search->count + 1, sizeof *keys, err);
    if (keys == NULL) {
        return false;
    }
    for (size_t i = 0; i < search->count; i++) {
        keys[i] = key(&search->states[i]);
    }
    qsort(keys, search->count, sizeof *keys, compare_keys);
    for (size_t i = 1, first = 0; i < search->count; i++) {
        if (strcmp(keys[i], keys[first]) == 0) {
            keys[i][0] = '\0';
        } else {
            first = i;
        }
    }
    bulla_free(keys);
    return true;
}

bool git_refuse_states(struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_IO, "git could not be asked");
    return bulla_error_hint(err, "is git installed, and the repository whole?");
}

int git_input_of(const struct bulla_buf *text, struct bulla_error *err)
{
    if (!bulla_buf_ok(text, err)) {
        return -1;
    }
    int fd = memfd_create("bulla", MFD_CLOEXEC);
    if (fd < 0) {
        (void)bulla_error_sys(err, NULL, "cannot make a file in memory");
        return -1;
    }
    if (!bulla_fd_write(fd, "a file in memory", bulla_buf_view(text), err) ||
        lseek(fd, 0, SEEK_SET) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* True where TEXT is of the vault that is compared. */
static bool has_vault_id(const struct git_search *search, struct bulla_bytes text)
{
    static const char magic[] = "BULLA1 ";
    const size_t magic_len = sizeof magic - 1;
    return search->vault_id != NULL && bulla_bytes_start(text, magic) &&
           bulla_bytes_start(bulla_bytes_slice(text, magic_len, text.len), search->vault_id);
}

/* Exactly LEN bytes from FD into BUF. */
static bool read_exactly(int fd, size_t len, struct bulla_buf *buf, struct bulla_error *err)
{
    uint8_t *room = bulla_buf_reserve(buf, len);
    if (room == NULL) {
        return bulla_buf_ok(buf, err);
    }
    for (size_t got = 0; got < len;) {
        ssize_t more = read(fd, room + got, len - got);
        if (more == 0 || (more < 0 && errno != EINTR)) {
            return git_refuse_states(err);
        }
        got += more > 0 ? (size_t)more : 0;
    }
    bulla_buf_commit(buf, len);
    return true;
}

bool git_read_blob(int fd, const char *blob, size_t size, struct bulla_buf *text,
                   struct bulla_error *err)
{
    char header[GIT_ID_CHARS + 40];
    int len = snprintf(header, sizeof header, "%s blob %zu\n", blob, size);
    bulla_buf_clear(text);
    if (len < 0 || !read_exactly(fd, (size_t)len, text, err)) {
        return false;
    }
    if (!bulla_bytes_are(bulla_buf_view(text), header)) {
        return git_refuse_states(err);
    }
    bulla_buf_clear(text);
    if (!read_exactly(fd, size + 1, text, err)) {
        return false;
    }
    bulla_buf_truncate(text, size);
    return true;
}

static bool read_states(const struct git_search *search, struct git_child *child,
                        git_state_step *step, void *ctx, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_VAULT_BYTES + sizeof(struct git_found) * 2);
    for (size_t i = 0; i < search->count; i++) {
        const struct git_found *state = &search->states[i];
        if (state->blob[0] == '\0') {
            continue;
        }
        if (!git_read_blob(child->fd, state->blob, state->size, &text, err)) {
            return false;
        }
        struct bulla_bytes content = bulla_buf_view(&text);
        if ((!state->is_elsewhere || has_vault_id(search, content)) &&
            !step(ctx, state->commit, state->is_base, content, err)) {
            return false;
        }
    }
    return true;
}

bool git_start_batch(const char *tree, const struct bulla_buf *wanted, struct git_child *ret_child,
                     struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "cat-file", "--batch", NULL};
    int input = git_input_of(wanted, err);
    bool ok = input >= 0 && git_start(args, input, ret_child, err);
    if (input >= 0) {
        (void)close(input);
    }
    return ok && (ret_child->fd >= 0 || git_refuse_states(err));
}

bool git_each_blob(const struct git_search *search, git_state_step *step, void *ctx,
                   struct bulla_error *err)
{
    bulla_auto_buf wanted;
    bulla_buf_init(&wanted, GIT_ANSWER_BYTES);
    for (size_t i = 0; i < search->count; i++) {
        if (search->states[i].blob[0] != '\0') {
            bulla_buf_puts(&wanted, search->states[i].blob);
            bulla_buf_putc(&wanted, '\n');
        }
    }
    if (wanted.len == 0) {
        return true;
    }
    struct git_child child = {.fd = -1};
    if (!git_start_batch(search->tree, &wanted, &child, err)) {
        return false;
    }
    bool ok = read_states(search, &child, step, ctx, err);
    (void)git_end(&child);
    return ok;
}
