/* The stanzas p256tag and mlkem768p256tag, for keys in hardware that a plugin speaks to. */
#include <string.h>

#include "age/hpke.h"
#include "age/hybrid.h"
#include "bulla/codec.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define TYPE "p256tag"
#define INFO "age-encryption.org/p256tag"
#define KEM 0x0010
#define PQ_TYPE "mlkem768p256tag"
#define PQ_INFO "age-encryption.org/mlkem768p256tag"
#define PQ_KEM 0x0050
#define COMBINER_LABEL "MLKEM768-P256"
#define PQ_SHARE_BYTES (MLKEM_SEALED_BYTES + P256_POINT_BYTES)
#define TAG_BYTES 4

/* By the tag a plugin knows its stanzas, and nobody else whom they are for. */
static void put_stanza(const char *type, const char *info, struct bulla_bytes share,
                       struct bulla_bytes hashed_key, struct bulla_buf *out)
{
    uint8_t hash[32];
    uint8_t tag[32];
    prim_sha256(hash, hashed_key);
    const struct bulla_bytes parts[] = {share, bulla_bytes(hash, TAG_BYTES)};
    prim_hmac(tag, bulla_bytes_of(info), parts, sizeof parts / sizeof *parts);
    bulla_buf_printf(out, "-> %s ", type);
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(tag, TAG_BYTES), out);
    bulla_buf_putc(out, ' ');
    bulla_base64_encode(BULLA_BASE64_UNPADDED, share, out);
    bulla_buf_putc(out, '\n');
}

/* DHKEM(P-256, HKDF-SHA256) (RFC 9180, 4.1): KEYS->shared in and out. */
static void derive_shared(struct age_keys *keys, const uint8_t share[static P256_POINT_BYTES],
                          const uint8_t point[static P256_POINT_BYTES])
{
    const uint8_t name[] = {'K', 'E', 'M', KEM >> 8, KEM};
    const struct bulla_bytes suite = bulla_bytes(name, sizeof name);
    uint8_t context[2 * P256_POINT_BYTES];
    memcpy(context, share, P256_POINT_BYTES);
    memcpy(context + P256_POINT_BYTES, point, P256_POINT_BYTES);
    hpke_extract(keys->wrap, suite, bulla_bytes(NULL, 0), "eae_prk",
                 bulla_bytes(keys->shared, sizeof keys->shared));
    hpke_expand(keys->shared, suite, keys->wrap, "shared_secret",
                bulla_bytes(context, sizeof context), sizeof keys->shared);
}

bool tag_wrap(struct age_keys *keys, const uint8_t recipient[static TAG_KEY_BYTES],
              struct bulla_buf *out, struct bulla_error *err)
{
    uint8_t point[P256_POINT_BYTES];
    uint8_t share[P256_POINT_BYTES];
    const struct bulla_bytes packed = bulla_bytes(recipient, TAG_KEY_BYTES);
    if (!p256_unpack(packed, point, err) || !p256_agree(point, share, keys->shared, err)) {
        return false;
    }
    derive_shared(keys, share, point);
    put_stanza(TYPE, INFO, bulla_bytes(share, sizeof share), packed, out);
    hpke_put_wrapped_key(keys, KEM, INFO, out);
    return true;
}

bool pq_tag_wrap(struct age_keys *keys, const uint8_t recipient[static PQ_TAG_KEY_BYTES],
                 struct bulla_buf *out, struct bulla_error *err)
{
    uint8_t share[PQ_SHARE_BYTES];
    uint8_t *curve_share = share + MLKEM_SEALED_BYTES;
    const uint8_t *point = recipient + MLKEM_PUBLIC_BYTES;
    const struct bulla_bytes point_bytes = bulla_bytes(point, P256_POINT_BYTES);
    if (!mlkem_seal(recipient, share, keys->shared_parts, err) ||
        !p256_agree(point, curve_share, keys->shared_parts + 32, err)) {
        return false;
    }
    const struct bulla_bytes parts[] = {bulla_bytes(keys->shared_parts, sizeof keys->shared_parts),
                                        bulla_bytes(curve_share, P256_POINT_BYTES), point_bytes,
                                        bulla_bytes_of(COMBINER_LABEL)};
    if (!sha3_256(keys->shared, parts, sizeof parts / sizeof *parts, err)) {
        return false;
    }
    put_stanza(PQ_TYPE, PQ_INFO, bulla_bytes(share, sizeof share), point_bytes, out);
    hpke_put_wrapped_key(keys, PQ_KEM, PQ_INFO, out);
    return true;
}
