/* age files from descriptor to descriptor, in constant memory. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "age/age_internal.h"
#include "age/recipient.h"
#include "age/source.h"
#include "age/stream.h"
#include "bulla/file.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define MAX_OUT_BYTES (4 * AGE_CHUNK_BYTES + AGE_MAX_HEADER_BYTES * 2)

/* Where an encrypted file goes, armored or not. */
struct sink {
    int fd;
    const char *name;
    bool is_armor;
    struct armor_writer armor;
    struct bulla_buf out; /* written and emptied after each chunk */
};

static bool put(struct sink *sink, struct bulla_bytes bytes, struct bulla_error *err)
{
    if (sink->is_armor) {
        armor_write(&sink->armor, bytes, &sink->out);
    } else {
        bulla_buf_add_bytes(&sink->out, bytes);
    }
    bool ok = bulla_buf_ok(&sink->out, err) &&
              bulla_fd_write(sink->fd, sink->name, bulla_buf_view(&sink->out), err);
    bulla_buf_clear(&sink->out);
    return ok;
}

/* Reads until OUT holds LEN bytes or the end; a pipe gives less at a time. */
static bool read_full(const struct bulla_age_place *in, uint8_t *out, size_t len, size_t *ret_len,
                      struct bulla_error *err)
{
    size_t done = 0;
    while (done < len) {
        ssize_t got = read(in->fd, out + done, len - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return bulla_error_sys(err, in->name, "cannot read");
        }
        if (got == 0) {
            break;
        }
        done += (size_t)got;
    }
    *ret_len = done;
    return true;
}

/* One byte more than a chunk is read ahead, which tells whether it is the last. */
static bool seal_all(struct stream *stream, const struct bulla_age_place *in, struct sink *sink,
                     struct bulla_error *err)
{
    bulla_auto_secret memory = bulla_secret_new(AGE_CHUNK_BYTES + 1, err);
    bulla_auto_buf sealed;
    bulla_buf_init(&sealed, AGE_SEALED_CHUNK_BYTES);
    uint8_t *to = memory == NULL ? NULL : bulla_buf_reserve(&sealed, AGE_SEALED_CHUNK_BYTES);
    if (to == NULL) {
        return memory != NULL && bulla_buf_ok(&sealed, err);
    }
    uint8_t *text = bulla_secret_room(memory);
    size_t carried = 0;
    bool is_last = false;
    while (!is_last) {
        size_t got = 0;
        if (!read_full(in, text + carried, AGE_CHUNK_BYTES + 1 - carried, &got, err)) {
            return false;
        }
        size_t len = carried + got;
        is_last = len <= AGE_CHUNK_BYTES;
        len = is_last ? len : AGE_CHUNK_BYTES;
        stream_seal(stream, bulla_bytes(text, len), is_last, to);
        if (!put(sink, bulla_bytes(to, len + PRIM_TAG_BYTES), err)) {
            return false;
        }
        carried = is_last ? 0 : 1;
        text[0] = text[AGE_CHUNK_BYTES];
    }
    return true;
}

static bool encrypt(const struct bulla_recipients *recipients, const struct bulla_age_place *in,
                    struct sink *sink, struct bulla_error *err)
{
    struct age_keys *keys = NULL;
    bulla_auto_secret memory = age_keys_new(&keys, err);
    bulla_auto_buf header;
    bulla_buf_init(&header, 2 * AGE_MAX_HEADER_BYTES);
    if (memory == NULL || !age_make_header(recipients, keys, &header, err)) {
        return false;
    }
    uint8_t nonce[AGE_NONCE_BYTES];
    prim_random(nonce, sizeof nonce);
    bulla_buf_add(&header, nonce, sizeof nonce);
    if (!bulla_buf_ok(&header, err)) {
        return false;
    }
    if (sink->is_armor) {
        armor_write_begin(&sink->armor, &sink->out);
    }
    struct stream stream = stream_begin(keys, nonce);
    if (!put(sink, bulla_buf_view(&header), err) || !seal_all(&stream, in, sink, err)) {
        return false;
    }
    if (sink->is_armor) {
        armor_write_end(&sink->armor, &sink->out);
    }
    return bulla_buf_ok(&sink->out, err) &&
           bulla_fd_write(sink->fd, sink->name, bulla_buf_view(&sink->out), err);
}

bool bulla_age_encrypt_fd(const struct bulla_recipients *recipients,
                          const struct bulla_age_place *in, const struct bulla_age_place *out,
                          enum bulla_age_form form, struct bulla_error *err)
{
    struct sink sink = {.fd = out->fd, .name = out->name, .is_armor = form == BULLA_AGE_ARMOR};
    bulla_buf_init(&sink.out, MAX_OUT_BYTES);
    bool ok = encrypt(recipients, in, &sink, err);
    bulla_buf_release(&sink.out);
    return ok;
}

/* True where FILE holds a header's end line and the nonce, or can hold no header at all. */
static bool has_header(struct bulla_bytes file)
{
    if (file.len >= sizeof AGE_VERSION_LINE - 1 && !bulla_bytes_start(file, AGE_VERSION_LINE)) {
        return true;
    }
    const uint8_t *end = file.len > 0 ? memmem(file.data, file.len, "\n---", 4) : NULL;
    if (end == NULL) {
        return false;
    }
    struct bulla_bytes rest = bulla_bytes(end + 1, file.len - (size_t)(end + 1 - file.data));
    const uint8_t *lf = memchr(rest.data, '\n', rest.len);
    return lf != NULL && rest.len - (size_t)(lf + 1 - rest.data) >= AGE_NONCE_BYTES;
}

/* Lends the whole header and the nonce behind it, or as much as there is. */
static bool peek_header(struct age_source *source, struct bulla_bytes *ret_file,
                        struct bulla_error *err)
{
    struct bulla_bytes file = {NULL, 0};
    size_t had = 0;
    do {
        had = file.len;
        if (!age_source_peek(source, had + 1, &file, err)) {
            return false;
        }
    } while (file.len > had && file.len <= AGE_MAX_HEADER_BYTES && !has_header(file));
    *ret_file = file;
    return true;
}

static bool open_all(struct stream *stream, struct age_source *source,
                     const struct bulla_age_place *out, struct bulla_error *err)
{
    bulla_auto_secret memory = bulla_secret_new(AGE_CHUNK_BYTES, err);
    bool is_end = memory == NULL;
    while (!is_end) {
        struct bulla_bytes ready = {NULL, 0};
        bool opened = false;
        if (!age_source_peek(source, AGE_SEALED_CHUNK_BYTES + 1, &ready, err)) {
            return false;
        }
        struct bulla_bytes sealed = bulla_bytes_slice(ready, 0, AGE_SEALED_CHUNK_BYTES);
        is_end = sealed.len == ready.len;
        bool ok = stream_open(stream, sealed, is_end, bulla_secret_room(memory), &opened, err);
        /* An authentic chunk is passed on, whatever is wrong behind it. */
        if (opened) {
            struct bulla_bytes text =
                bulla_bytes(bulla_secret_room(memory), sealed.len - PRIM_TAG_BYTES);
            struct bulla_error ignored = BULLA_ERROR_INIT;
            ok = bulla_fd_write(out->fd, out->name, text, ok ? err : &ignored) && ok;
        }
        if (!ok) {
            return false;
        }
        age_source_skip(source, sealed.len);
    }
    return memory != NULL;
}

static bool decrypt(const struct bulla_identities *identities, struct age_source *source,
                    const struct bulla_age_place *out, struct bulla_error *err)
{
    struct age_keys *keys = NULL;
    struct age_header header = {0};
    enum age_step step = AGE_AT_HEADER;
    struct bulla_bytes file = {NULL, 0};
    uint8_t nonce[AGE_NONCE_BYTES];
    bulla_auto_secret memory = age_keys_new(&keys, err);
    if (memory == NULL || !peek_header(source, &file, err)) {
        return false;
    }
    bool ok = age_open_header(identities, file, &header, keys, &step, err);
    if (ok) {
        memcpy(nonce, file.data + header.len, sizeof nonce);
        age_source_skip(source, header.len + sizeof nonce);
    }
    age_header_release(&header);
    if (!ok) {
        return false;
    }
    struct stream stream = stream_begin(keys, nonce);
    return open_all(&stream, source, out, err);
}

bool bulla_age_decrypt_fd(const struct bulla_identities *identities,
                          const struct bulla_age_place *in, const struct bulla_age_place *out,
                          struct bulla_error *err)
{
    struct age_source source;
    bool ok =
        age_source_open(&source, in->fd, in->name, err) && decrypt(identities, &source, out, err);
    age_source_release(&source);
    if (!ok && err->file[0] == '\0') {
        age_place_error(err, in->name, err->pos);
    }
    return ok;
}
