#include "git_objects.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "git_revision.h"

#define HEADER_BYTES 8192 /* an answer's first line: at most what was asked, and a word */
#define PIECE_BYTES ((size_t)64 * 1024)

bool git_objects_refuse(struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_IO, "git does not tell what changed");
    return bulla_error_hint(err,
                            "git fsck says what it lacks; a clone with --filter lacks objects: "
                            "take a whole one");
}

/* Reads up to LEN bytes; false where git has ended or reading fails. */
static bool read_some(const struct git_objects *objects, uint8_t *out, size_t len, size_t *ret_len)
{
    ssize_t count = 0;
    do {
        count = read(objects->child.fd, out, len);
    } while (count < 0 && errno == EINTR);
    *ret_len = count > 0 ? (size_t)count : 0;
    return count > 0;
}

/* The first line of an answer, without its end. One byte at a time: what follows is not its own. */
static bool read_header(const struct git_objects *objects, char out[static HEADER_BYTES],
                        struct bulla_error *err)
{
    for (size_t at = 0; at + 1 < HEADER_BYTES; at++) {
        uint8_t byte = 0;
        size_t len = 0;
        if (!read_some(objects, &byte, 1, &len)) {
            break;
        }
        if (byte == '\n') {
            out[at] = '\0';
            return true;
        }
        out[at] = (char)byte;
    }
    return git_objects_refuse(err);
}

/* Reads SIZE bytes and the LF behind them; what CONTENT does not take is dropped. */
static bool read_content(const struct git_objects *objects, size_t size, struct bulla_buf *content,
                         struct bulla_error *err)
{
    bool is_kept = size <= content->max;
    bulla_auto_buf dropped;
    bulla_buf_init_secret(&dropped, PIECE_BYTES);
    for (size_t left = size + 1; left > 0;) {
        struct bulla_buf *into = is_kept && left > 1 ? content : &dropped;
        size_t wanted = into == content ? left - 1 : left;
        wanted = wanted < PIECE_BYTES ? wanted : PIECE_BYTES;
        uint8_t *room = bulla_buf_reserve(into, wanted);
        if (room == NULL) {
            return bulla_buf_ok(into, err);
        }
        size_t len = 0;
        if (!read_some(objects, room, wanted, &len)) {
            return git_objects_refuse(err);
        }
        if (into == content) {
            bulla_buf_commit(into, len);
        }
        left -= len;
    }
    return true;
}

/*
 * Asks for NAME. An answer is "OBJECT TYPE SIZE" and the object, or NAME and a word that says why
 * there is none. *RET_TYPE is "" then.
 */
static bool ask(struct git_objects *objects, const char *name, char ret_object[static 65],
                char ret_type[static 16], struct bulla_buf *content, struct bulla_error *err)
{
    char header[HEADER_BYTES];
    bulla_auto_str request = bulla_asprintf(err, "%s\n", name);
    ret_type[0] = '\0';
    if (request == NULL) {
        return false;
    }
    if (!bulla_fd_write(objects->to, "git", bulla_bytes_of(request), err)) {
        return git_objects_refuse(err);
    }
    if (!read_header(objects, header, err)) {
        return false;
    }
    char digits[24];
    int end = 0;
    if (sscanf(header, "%64[0-9a-f] %15[a-z] %20[0-9]%n", ret_object, ret_type, digits, &end) !=
            3 ||
        header[end] != '\0') {
        ret_type[0] = '\0';
        return true;
    }
    objects->size = strtoull(digits, NULL, 10);
    return objects->is_check || content == NULL ||
           read_content(objects, objects->size, content, err);
}

/* A line is a question: what has several cannot be asked. */
static bool is_askable(const char *name)
{
    return strchr(name, '\n') == NULL && strlen(name) <= HEADER_BYTES / 2;
}

static bool start(struct git_objects *objects, const char *tree, const char *index_file,
                  const char *how, struct bulla_error *err)
{
    *objects = (struct git_objects){.to = -1, .child = {.fd = -1}};
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "cat-file", how, NULL};
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return bulla_error_sys(err, NULL, "cannot make a pipe");
    }
    objects->to = ends[1];
    bool ok = git_start_on(index_file, args, ends[0], &objects->child, err);
    (void)close(ends[0]);
    if (ok && objects->child.fd < 0) {
        (void)bulla_error(err, BULLA_E_IO, "git cannot be started");
        return bulla_error_hint(err, "install git: only it can read a revision");
    }
    return ok;
}

bool git_objects_start(struct git_objects *ret, const char *tree, const char *index_file,
                       struct bulla_error *err)
{
    return start(ret, tree, index_file, "--batch", err);
}

bool git_objects_start_check(struct git_objects *ret, const char *tree, struct bulla_error *err)
{
    bool ok = start(ret, tree, NULL, "--batch-check", err);
    ret->is_check = true;
    return ok;
}

bool git_objects_refuse_revision(const char *revision, struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_USAGE, "git knows no commit '%s'", revision);
    return bulla_error_hint(err, "a shallow clone lacks older ones: git fetch --unshallow, or "
                                 "fetch-depth: 0 of the checkout");
}

/* ":/text" takes no suffix, so a name is asked for as it is, and a tag for what it tags. */
static bool find_commit(struct git_objects *objects, const char *revision, bool *ret_found,
                        struct bulla_error *err)
{
    char type[16];
    bulla_auto_buf content;
    bulla_buf_init(&content, BULLA_MAX_TEXT_BYTES);
    if (!ask(objects, revision, objects->commit, type, &content, err)) {
        return false;
    }
    if (strcmp(type, "tag") == 0) {
        bulla_auto_str name = bulla_asprintf(err, "%s^{commit}", revision);
        bulla_buf_clear(&content);
        if (name == NULL || !ask(objects, name, objects->commit, type, &content, err)) {
            return false;
        }
    }
    *ret_found = strcmp(type, "commit") == 0;
    if (!*ret_found) {
        objects->commit[0] = '\0';
    }
    return true;
}

bool git_objects_open(struct git_objects *ret, const char *tree, const char *revision,
                      struct bulla_error *err)
{
    bool found = false;
    *ret = (struct git_objects){.to = -1, .child = {.fd = -1}};
    if (revision[0] == '\0' || !is_askable(revision)) {
        return git_objects_refuse_revision(revision, err);
    }
    if (!git_objects_start(ret, tree, NULL, err) || !find_commit(ret, revision, &found, err)) {
        return false;
    }
    return found ? git_revision_check(tree, revision, ret->commit, err)
                 : git_objects_refuse_revision(revision, err);
}

void git_objects_close(struct git_objects *objects)
{
    if (objects->to >= 0) {
        (void)close(objects->to);
    }
    if (objects->child.fd >= 0) {
        (void)git_end(&objects->child);
    }
    objects->to = -1;
}

bool git_objects_find(struct git_objects *objects, const char *name, char ret_object[static 65],
                      struct bulla_error *err)
{
    char type[16] = "";
    if (is_askable(name) && !ask(objects, name, ret_object, type, NULL, err)) {
        return false;
    }
    if (strcmp(type, "blob") != 0) {
        ret_object[0] = '\0';
    }
    return true;
}

bool git_objects_get(struct git_objects *objects, const char *name, struct bulla_buf *content,
                     bool *ret_found, struct bulla_error *err)
{
    char object[65];
    char type[16];
    *ret_found = false;
    if (!is_askable(name)) {
        return true;
    }
    if (!ask(objects, name, object, type, content, err)) {
        return false;
    }
    *ret_found = strcmp(type, "blob") == 0;
    return true;
}

bool git_objects_get_tree(struct git_objects *objects, const char *name, struct bulla_buf *content,
                          size_t *ret_id_len, struct bulla_error *err)
{
    char object[65];
    char type[16] = "";
    *ret_id_len = 0;
    if (is_askable(name) && !ask(objects, name, object, type, content, err)) {
        return false;
    }
    if (strcmp(type, "tree") == 0 && objects->size <= content->max) {
        *ret_id_len = strlen(object) / 2;
    }
    return true;
}
