/* In place of OpenSSL where the build leaves it out: what only it could do is refused. */
#include "crypto/bcrypt.h"
#include "crypto/kem.h"
#include "crypto/openssl.h"

#include "base/banned.h"

static bool refuse(struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_REFUSED,
                      "this build has no OpenSSL, so it reads no RSA, PEM or encrypted ssh key");
    return bulla_error_hint(err, "use an age key or an ed25519 key of ssh without a passphrase, "
                                 "or a build with -Dopenssl=enabled");
}

bool openssl_start(struct bulla_error *err)
{
    return refuse(err);
}

bool rsa_encrypt(const struct rsa_key *key, const char *label, struct bulla_bytes text,
                 uint8_t *out, struct bulla_error *err)
{
    (void)key;
    (void)label;
    (void)text;
    (void)out;
    return refuse(err);
}

bool rsa_decrypt(const struct rsa_key *key, const char *label, struct bulla_bytes sealed,
                 uint8_t *out, size_t *ret_len, bool *ret_opened, struct bulla_error *err)
{
    (void)key;
    (void)label;
    (void)sealed;
    (void)out;
    (void)ret_len;
    (void)ret_opened;
    return refuse(err);
}

bool cipher_decrypt(enum cipher cipher, const uint8_t key[static CIPHER_KEY_BYTES],
                    const uint8_t *iv, struct bulla_bytes sealed, uint8_t *out, bool *ret_opened,
                    struct bulla_error *err)
{
    (void)cipher;
    (void)key;
    (void)iv;
    (void)sealed;
    (void)out;
    (void)ret_opened;
    return refuse(err);
}

bool pem_read(struct bulla_bytes text, struct bulla_bytes passphrase, uint8_t *room, size_t cap,
              struct pem_key *ret_key, bool *ret_read, struct bulla_error *err)
{
    (void)text;
    (void)passphrase;
    (void)room;
    (void)cap;
    (void)ret_key;
    (void)ret_read;
    return refuse(err);
}

bool bcrypt_pbkdf(struct bulla_bytes passphrase, struct bulla_bytes salt, uint32_t rounds,
                  uint8_t *out, size_t len, struct bulla_error *err)
{
    (void)passphrase;
    (void)salt;
    (void)rounds;
    (void)out;
    (void)len;
    return refuse(err);
}

static bool refuse_p256(struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_REFUSED,
                      "this build has no OpenSSL, so it has no tag recipients of age");
    return bulla_error_hint(err, "use another recipient, or a build with -Dopenssl=enabled");
}

bool p256_unpack(struct bulla_bytes point, uint8_t ret_point[static P256_POINT_BYTES],
                 struct bulla_error *err)
{
    (void)point;
    (void)ret_point;
    return refuse_p256(err);
}

bool p256_agree(const uint8_t point[static P256_POINT_BYTES],
                uint8_t ret_share[static P256_POINT_BYTES], uint8_t ret_shared[static 32],
                struct bulla_error *err)
{
    (void)point;
    (void)ret_share;
    (void)ret_shared;
    return refuse_p256(err);
}
