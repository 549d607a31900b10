#include "age/stream.h"

#include <string.h>

#include "crypto/prim.h"

#include "base/banned.h"

struct stream stream_begin(struct age_keys *keys, const uint8_t nonce[static AGE_NONCE_BYTES])
{
    prim_hkdf(keys->payload, bulla_bytes(keys->file_key, sizeof keys->file_key),
              bulla_bytes(nonce, AGE_NONCE_BYTES), bulla_bytes_of("payload"));
    return (struct stream){.key = keys->payload};
}

/* Eleven bytes of counter, big endian, and a byte that is 1 for the last chunk only. */
static void chunk_nonce(const struct stream *stream, bool is_last,
                        uint8_t ret_nonce[static PRIM_NONCE_BYTES])
{
    memset(ret_nonce, 0, PRIM_NONCE_BYTES);
    for (unsigned i = 0; i < 8; i++) {
        ret_nonce[10 - i] = (uint8_t)(stream->counter >> (8 * i));
    }
    ret_nonce[PRIM_NONCE_BYTES - 1] = is_last ? 1 : 0;
}

void stream_seal(struct stream *stream, struct bulla_bytes chunk, bool is_last, uint8_t *out)
{
    uint8_t nonce[PRIM_NONCE_BYTES];
    chunk_nonce(stream, is_last, nonce);
    prim_encrypt(out, chunk, bulla_bytes(NULL, 0), nonce, stream->key);
    stream->counter++;
}

static bool open_chunk(const struct stream *stream, bool is_last, struct bulla_bytes sealed,
                       uint8_t *out)
{
    uint8_t nonce[PRIM_NONCE_BYTES];
    chunk_nonce(stream, is_last, nonce);
    return prim_decrypt(out, sealed, bulla_bytes(NULL, 0), nonce, stream->key);
}

/*
 * A short chunk is the last one or wrong; a full one may be either, and what it says about itself
 * has to agree with whether more follows.
 */
bool stream_open(struct stream *stream, struct bulla_bytes sealed, bool is_end, uint8_t *out,
                 bool *ret_opened, struct bulla_error *err)
{
    bool is_last = is_end;
    *ret_opened = false;
    if (sealed.len < PRIM_TAG_BYTES) {
        return bulla_error(err, BULLA_E_VERIFY, "age payload: cut off");
    }
    if (sealed.len == PRIM_TAG_BYTES && stream->counter > 0) {
        return bulla_error(err, BULLA_E_VERIFY, "age payload: the last chunk is empty");
    }
    if (!open_chunk(stream, is_last, sealed, out)) {
        is_last = !is_last;
        if (sealed.len < AGE_SEALED_CHUNK_BYTES || !open_chunk(stream, is_last, sealed, out)) {
            return bulla_error(err, BULLA_E_VERIFY, "age payload: changed or cut off in chunk %llu",
                               (unsigned long long)stream->counter + 1);
        }
    }
    *ret_opened = true;
    stream->counter++;
    return is_last == is_end ||
           bulla_error(err, BULLA_E_VERIFY,
                       is_last ? "age payload: more bytes behind the last chunk"
                               : "age payload: the last chunk is missing");
}

static size_t sealed_len(size_t text_len)
{
    size_t chunks = text_len == 0 ? 1 : (text_len - 1) / AGE_CHUNK_BYTES + 1;
    return text_len + chunks * PRIM_TAG_BYTES;
}

bool stream_encrypt(struct age_keys *keys, struct bulla_bytes text, struct bulla_buf *out,
                    struct bulla_error *err)
{
    if (text.len > SIZE_MAX / 2) {
        return bulla_error(err, BULLA_E_LIMIT, "text of more than %zu bytes", SIZE_MAX / 2);
    }
    uint8_t *to = bulla_buf_reserve(out, AGE_NONCE_BYTES + sealed_len(text.len));
    if (to == NULL) {
        return bulla_buf_ok(out, err);
    }
    prim_random(to, AGE_NONCE_BYTES);
    struct stream stream = stream_begin(keys, to);
    to += AGE_NONCE_BYTES;
    size_t at = 0;
    do {
        struct bulla_bytes chunk = bulla_bytes_slice(text, at, AGE_CHUNK_BYTES);
        at += chunk.len;
        stream_seal(&stream, chunk, at == text.len, to);
        to += chunk.len + PRIM_TAG_BYTES;
    } while (at < text.len);
    bulla_buf_commit(out, AGE_NONCE_BYTES + sealed_len(text.len));
    return true;
}

bool stream_decrypt(struct age_keys *keys, struct bulla_bytes payload, struct bulla_buf *out,
                    struct bulla_error *err)
{
    struct bulla_bytes rest = bulla_bytes_slice(payload, AGE_NONCE_BYTES, payload.len);
    size_t tags = (rest.len + AGE_SEALED_CHUNK_BYTES - 1) / AGE_SEALED_CHUNK_BYTES * PRIM_TAG_BYTES;
    /* One reservation for all of it: a secret buffer that grows is copied each time. */
    if (rest.len >= tags && bulla_buf_reserve(out, rest.len - tags) == NULL) {
        return bulla_buf_ok(out, err);
    }
    struct stream stream = stream_begin(keys, payload.data);
    do {
        struct bulla_bytes sealed = bulla_bytes_slice(rest, 0, AGE_SEALED_CHUNK_BYTES);
        size_t len = sealed.len < PRIM_TAG_BYTES ? 0 : sealed.len - PRIM_TAG_BYTES;
        uint8_t *to = bulla_buf_reserve(out, len);
        bool opened = false;
        if (to == NULL) {
            return bulla_buf_ok(out, err);
        }
        bool ok = stream_open(&stream, sealed, sealed.len == rest.len, to, &opened, err);
        if (opened) {
            bulla_buf_commit(out, len);
        }
        if (!ok) {
            return false;
        }
        rest = bulla_bytes_slice(rest, sealed.len, rest.len);
    } while (rest.len > 0);
    return true;
}
