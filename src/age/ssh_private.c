/* ssh private keys as PEM text: OpenSSH's own container, and OpenSSL's forms. */
#include <string.h>

#include "age/key_text.h"
#include "age/ssh.h"
#include "bulla/codec.h"
#include "bulla/mem.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define OPENSSH_BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define OPENSSH_END "-----END OPENSSH PRIVATE KEY-----"

bool ssh_is_private_text(struct bulla_bytes text)
{
    static const char *const begins[] = {
        OPENSSH_BEGIN,
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
    };
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (bulla_bytes_start(text, begins[i])) {
            return true;
        }
    }
    return false;
}

void ssh_free_private(struct ssh_private *key)
{
    if (key != NULL) {
        bulla_free(key->name);
        bulla_free(key);
    }
}

/* The base64 between the two lines, decoded into ARENA. */
static bool decode_container(struct bulla_bytes text, struct bulla_arena *arena,
                             struct bulla_bytes *ret_file, struct bulla_error *err)
{
    bulla_auto_buf base64;
    bulla_buf_init_secret(&base64, SSH_MAX_KEY_BYTES);
    struct bulla_bytes rest = text;
    struct bulla_bytes line = key_text_take_line(&rest);
    while (rest.len > 0) {
        line = key_text_take_line(&rest);
        if (bulla_bytes_start(line, OPENSSH_END)) {
            break;
        }
        bulla_buf_add_bytes(&base64, line);
    }
    uint8_t *file = bulla_buf_ok(&base64, err) ? bulla_arena_alloc(arena, base64.len, err) : NULL;
    size_t len = 0;
    if (file == NULL) {
        return false;
    }
    *ret_file = bulla_bytes(file, 0);
    if (!bulla_bytes_start(line, OPENSSH_END) ||
        !bulla_base64_decode(BULLA_BASE64, bulla_buf_view(&base64), file, base64.len, &len)) {
        return bulla_error(err, BULLA_E_SYNTAX, "the ssh key is damaged");
    }
    ret_file->len = len;
    return true;
}

static void put_wire(struct bulla_bytes bytes, struct bulla_buf *out)
{
    const uint8_t len[] = {(uint8_t)(bytes.len >> 24), (uint8_t)(bytes.len >> 16),
                           (uint8_t)(bytes.len >> 8), (uint8_t)bytes.len};
    bulla_buf_add(out, len, sizeof len);
    bulla_buf_add_bytes(out, bytes);
}

/* A number has a zero before it where its first bit would read as a minus. */
static void put_number(struct bulla_bytes number, struct bulla_buf *out)
{
    uint8_t zero = 0;
    size_t pad = number.data[0] > 0x7f ? 1 : 0;
    size_t whole = number.len + pad;
    const uint8_t len[] = {(uint8_t)(whole >> 24), (uint8_t)(whole >> 16), (uint8_t)(whole >> 8),
                           (uint8_t)whole};
    bulla_buf_add(out, len, sizeof len);
    bulla_buf_add(out, &zero, pad);
    bulla_buf_add_bytes(out, number);
}

/* The public key of what OpenSSL read, which has none in ssh's form. */
static bool make_public(struct ssh_private *key, bool is_rsa, struct bulla_arena *arena,
                        struct bulla_error *err)
{
    bulla_auto_buf wire;
    bulla_buf_init(&wire, SSH_MAX_WIRE_BYTES);
    if (is_rsa) {
        put_wire(bulla_bytes_of("ssh-rsa"), &wire);
        put_number(key->rsa.e, &wire);
        put_number(key->rsa.n, &wire);
    } else {
        uint8_t point[32];
        uint8_t secret[PRIM_SIGN_SECRET_BYTES];
        prim_sign_keys(point, secret, key->seed.data);
        bulla_wipe(secret, sizeof secret);
        put_wire(bulla_bytes_of("ssh-ed25519"), &wire);
        put_wire(bulla_bytes(point, sizeof point), &wire);
    }
    struct bulla_bytes copy = {NULL, 0};
    if (!bulla_buf_ok(&wire, err) || !bulla_arena_add(arena, bulla_buf_view(&wire), &copy, err)) {
        return false;
    }
    const char *fault = ssh_parse_wire(copy, &key->public_key);
    return fault == NULL || bulla_error(err, BULLA_E_INVALID, "the key %s", fault);
}

static bool read_pem(struct bulla_bytes text, struct ssh_private *key, struct bulla_arena *arena,
                     ssh_ask_fn *ask, void *ctx, struct bulla_error *err)
{
    bulla_auto_buf passphrase;
    bulla_buf_init_secret(&passphrase, BULLA_AGE_MAX_PASSPHRASE_BYTES);
    bool is_encrypted = memmem(text.data, text.len, "ENCRYPTED", 9) != NULL;
    /* Nobody is asked for what this build cannot use. */
    if (!openssl_start(err)) {
        return false;
    }
    if (is_encrypted && !ask(ctx, key->name, &passphrase, err)) {
        return false;
    }
    struct pem_key pem;
    bool was_read = false;
    uint8_t *room = bulla_arena_alloc(arena, text.len, err);
    if (room == NULL ||
        !pem_read(text, bulla_buf_view(&passphrase), room, text.len, &pem, &was_read, err)) {
        return false;
    }
    if (!was_read) {
        return is_encrypted
                   ? bulla_error(err, BULLA_E_IDENTITY, "the passphrase of the key is wrong")
                   : bulla_error(err, BULLA_E_SYNTAX, "not a whole RSA or Ed25519 private key");
    }
    key->rsa = pem.rsa;
    key->seed = pem.seed;
    key->is_open = true;
    return make_public(key, pem.is_rsa, arena, err);
}

struct ssh_private *ssh_read_private(struct bulla_bytes text, const char *name,
                                     struct bulla_arena *arena, ssh_ask_fn *ask, void *ctx,
                                     struct bulla_error *err)
{
    if (text.len > SSH_MAX_KEY_BYTES) {
        (void)bulla_error(err, BULLA_E_LIMIT, "a private key of more than %zu bytes",
                          SSH_MAX_KEY_BYTES);
        return NULL;
    }
    struct ssh_private *key = bulla_alloc(1, sizeof *key, err);
    if (key == NULL) {
        return NULL;
    }
    key->name = bulla_strdup(name, err);
    struct bulla_bytes file = {NULL, 0};
    bool ok = key->name != NULL;
    if (bulla_bytes_start(text, OPENSSH_BEGIN)) {
        ok = ok && decode_container(text, arena, &file, err) &&
             ssh_parse_container(file, key, arena, NULL, err);
    } else {
        ok = ok && read_pem(text, key, arena, ask, ctx, err);
    }
    if (!ok) {
        ssh_free_private(BULLA_STEAL(key));
    }
    return key;
}

bool ssh_open_private(struct ssh_private *key, struct bulla_arena *arena, ssh_ask_fn *ask,
                      void *ctx, struct bulla_error *err)
{
    bulla_auto_buf answer;
    bulla_buf_init_secret(&answer, BULLA_AGE_MAX_PASSPHRASE_BYTES);
    if (key->is_open) {
        return true;
    }
    if (!openssl_start(err)) {
        return bulla_error_while(err, "%s", key->name);
    }
    if (!ask(ctx, key->name, &answer, err)) {
        return false;
    }
    struct bulla_bytes passphrase = bulla_buf_view(&answer);
    return ssh_parse_container(key->file, key, arena, &passphrase, err) ||
           bulla_error_while(err, "%s", key->name);
}
