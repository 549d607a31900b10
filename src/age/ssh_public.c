/* ssh public keys: their wire form and the lines of authorized_keys files. */
#include <string.h>

#include "age/ssh.h"
#include "age/wire.h"
#include "bulla/codec.h"
#include "bulla/mem.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define ED25519 "ssh-ed25519"
#define RSA "ssh-rsa"

/* Types that ssh has and that no age file can be encrypted to. */
static const char *const other_types[] = {
    "ssh-dss",        "ecdsa-sha2-",       "sk-ssh-ed25519",
    "sk-ecdsa-sha2-", "ssh-ed25519-cert-", "ssh-rsa-cert-",
};

static size_t bits_of(struct bulla_bytes number)
{
    size_t bits = 8 * number.len;
    for (unsigned top = number.data[0]; top < 0x80; top <<= 1) {
        bits--;
    }
    return bits;
}

static const char *parse_rsa(struct bulla_bytes rest, struct ssh_public *key)
{
    if (!wire_take_number(&rest, &key->e) || !wire_take_number(&rest, &key->n) || rest.len > 0) {
        return "is damaged";
    }
    size_t bits = bits_of(key->n);
    if (bits < SSH_LEAST_RSA_BITS) {
        return "has less than 2048 bits";
    }
    return bits > SSH_MOST_RSA_BITS ? "has more than 16384 bits" : NULL;
}

const char *ssh_parse_wire(struct bulla_bytes wire, struct ssh_public *ret_key)
{
    struct bulla_bytes rest = wire;
    struct bulla_bytes type = {NULL, 0};
    struct bulla_bytes point = {NULL, 0};
    *ret_key = (struct ssh_public){.wire = wire};
    if (!wire_take(&rest, &type)) {
        return "is damaged";
    }
    if (bulla_bytes_are(type, RSA)) {
        ret_key->is_rsa = true;
        return parse_rsa(rest, ret_key);
    }
    uint8_t converted[32];
    if (!bulla_bytes_are(type, ED25519)) {
        return "is neither Ed25519 nor RSA";
    }
    if (!wire_take(&rest, &point) || rest.len > 0 || point.len != 32 ||
        !prim_sign_public_to_x25519(converted, point.data)) {
        return "is damaged";
    }
    memcpy(ret_key->point, point.data, 32);
    return NULL;
}

/* The next word of REST, and what blanks follow it. */
static struct bulla_bytes take_word(struct bulla_bytes *rest)
{
    size_t len = 0;
    bool is_quoted = false;
    while (len < rest->len && (is_quoted || (rest->data[len] != ' ' && rest->data[len] != '\t'))) {
        if (rest->data[len] == '\\' && is_quoted && len + 1 < rest->len) {
            len++;
        } else if (rest->data[len] == '"') {
            is_quoted = !is_quoted;
        }
        len++;
    }
    struct bulla_bytes word = bulla_bytes_slice(*rest, 0, len);
    while (len < rest->len && (rest->data[len] == ' ' || rest->data[len] == '\t')) {
        len++;
    }
    *rest = bulla_bytes_slice(*rest, len, rest->len);
    return word;
}

static bool is_ours(struct bulla_bytes type)
{
    return bulla_bytes_are(type, ED25519) || bulla_bytes_are(type, RSA);
}

static bool is_other(struct bulla_bytes type)
{
    for (size_t i = 0; i < sizeof other_types / sizeof *other_types; i++) {
        if (bulla_bytes_start(type, other_types[i])) {
            return true;
        }
    }
    return false;
}

static enum ssh_parse decode(struct bulla_bytes type, struct bulla_bytes base64, uint8_t **ret_wire,
                             struct ssh_public *ret_key, const char **ret_fault,
                             struct bulla_error *err)
{
    struct bulla_bytes named = {NULL, 0};
    size_t len = 0;
    *ret_fault = "is damaged";
    if (base64.len > 2 * SSH_MAX_WIRE_BYTES) {
        *ret_fault = "is too long";
        return SSH_BROKEN;
    }
    *ret_wire = bulla_alloc(SSH_MAX_WIRE_BYTES, 1, err);
    if (*ret_wire == NULL) {
        return SSH_NO_MEMORY;
    }
    if (!bulla_base64_decode(BULLA_BASE64, base64, *ret_wire, SSH_MAX_WIRE_BYTES, &len)) {
        return SSH_BROKEN;
    }
    struct bulla_bytes rest = bulla_bytes(*ret_wire, len);
    if (!wire_take(&rest, &named) || !bulla_bytes_equal(named, type)) {
        return SSH_BROKEN;
    }
    *ret_fault = ssh_parse_wire(bulla_bytes(*ret_wire, len), ret_key);
    return *ret_fault == NULL ? SSH_PARSED : SSH_BROKEN;
}

enum ssh_parse ssh_parse_line(struct bulla_bytes line, uint8_t **ret_wire,
                              struct ssh_public *ret_key, const char **ret_fault,
                              struct bulla_error *err)
{
    struct bulla_bytes rest = line;
    struct bulla_bytes type = take_word(&rest);
    *ret_wire = NULL;
    *ret_fault = NULL;
    if (!is_ours(type) && !is_other(type)) {
        type = take_word(&rest); /* the first was options */
    }
    if (is_other(type)) {
        return SSH_UNSUPPORTED;
    }
    return is_ours(type) ? decode(type, take_word(&rest), ret_wire, ret_key, ret_fault, err)
                         : SSH_NOT_A_KEY;
}

char *ssh_recipient(const struct ssh_public *key, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, 2 * SSH_MAX_WIRE_BYTES + 32);
    bulla_buf_puts(&text, key->is_rsa ? RSA " " : ED25519 " ");
    bulla_base64_encode(BULLA_BASE64, key->wire, &text);
    const char *copied = bulla_buf_text(&text, err);
    return copied == NULL ? NULL : bulla_strdup(copied, err);
}
