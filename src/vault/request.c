/* The line by which somebody asks to become a member: docs/vault.5.md 14. */
#include <string.h>

#include "bulla/codec.h"
#include "crypto/prim.h"
#include "vault/seal.h"

#include "base/banned.h"

#define WORD "bulla-request"
#define REQUEST_CONTEXT "bulla1/request\n"
#define FINGERPRINT_CONTEXT "bulla1/fingerprint\n"
#define FINGERPRINT_BYTES 10
#define MAX_LINE_BYTES ((size_t)4096)

void bulla_member_fingerprint(const char *recipient, const char *sign,
                              char ret_text[BULLA_FINGERPRINT_CHARS + 1])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t hash[32];
    const struct bulla_bytes parts[] = {
        bulla_bytes_of(FINGERPRINT_CONTEXT), bulla_bytes_of(recipient), bulla_bytes_of(" "),
        bulla_bytes_of(sign == NULL || sign[0] == '\0' ? "-" : sign)};
    prim_hash(hash, parts, sizeof parts / sizeof *parts);
    char *out = ret_text;
    for (size_t i = 0; i < FINGERPRINT_BYTES; i++) {
        if (i > 0 && i % 2 == 0) {
            *out++ = ' ';
        }
        *out++ = digits[hash[i] >> 4];
        *out++ = digits[hash[i] & 15];
    }
    *out = '\0';
}

/* What is signed: the line's words. */
static void put_message(struct bulla_buf *out, struct bulla_bytes name,
                        struct bulla_bytes recipient, struct bulla_bytes sign)
{
    bulla_buf_puts(out, REQUEST_CONTEXT);
    bulla_buf_add_bytes(out, name);
    bulla_buf_putc(out, ' ');
    bulla_buf_add_bytes(out, recipient);
    bulla_buf_putc(out, ' ');
    bulla_buf_add_bytes(out, sign);
}

bool bulla_member_request_write(const struct bulla_identities *identities, size_t index,
                                const char *name, struct bulla_buf *out, struct bulla_error *err)
{
    if (!text_is_member(bulla_bytes_of(name))) {
        return bulla_error(err, BULLA_E_INVALID,
                           "'%s' is no name for a member: lower case letters, digits and '-'",
                           name);
    }
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    uint8_t signature[PRIM_SIGNATURE_BYTES];
    const char *recipient = bulla_identities_recipient(identities, index);
    if (recipient[0] == '\0') {
        (void)bulla_error(err, BULLA_E_INVALID, "this identity does not know its recipient");
        return bulla_error_hint(err, "send the admin the recipient that the plugin printed: it "
                                     "makes a reader");
    }
    size_t signer = bulla_vault_signer(identities, index);
    if (signer == bulla_identities_count(identities)) {
        (void)bulla_error(err, BULLA_E_INVALID, "this identity cannot sign: it is no X25519 key");
        return bulla_error_hint(err, "put one beside it into the file ('bulla age keygen'), or "
                                     "send the admin your recipient alone: it makes a reader");
    }
    bulla_vault_sign_key(identities, signer, sign);
    bulla_auto_buf message;
    bulla_buf_init(&message, MAX_LINE_BYTES);
    put_message(&message, bulla_bytes_of(name), bulla_bytes_of(recipient), bulla_bytes_of(sign));
    if (!bulla_buf_ok(&message, err)) {
        return false;
    }
    author_sign_message(identities, signer, bulla_buf_view(&message), signature);
    bulla_buf_printf(out, WORD " %s ", name);
    bulla_buf_puts(out, recipient);
    bulla_buf_printf(out, " %s ", sign);
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(signature, sizeof signature), out);
    return bulla_buf_ok(out, err);
}

static bool refuse(const char *what, struct bulla_error *err)
{
    (void)bulla_error(err, BULLA_E_INVALID, "the request %s", what);
    return bulla_error_hint(err, "it is one line, as 'bulla recipient request' printed it");
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Takes the first word, or the last one, off *REST. */
static struct bulla_bytes take_word(struct bulla_bytes *rest, bool last)
{
    size_t start = 0;
    size_t end = rest->len;
    while (start < end && is_blank(rest->data[start])) {
        start++;
    }
    while (end > start && is_blank(rest->data[end - 1])) {
        end--;
    }
    size_t at = last ? end : start;
    while (last ? at > start && !is_blank(rest->data[at - 1])
                : at < end && !is_blank(rest->data[at])) {
        at = last ? at - 1 : at + 1;
    }
    struct bulla_bytes word =
        last ? bulla_bytes_slice(*rest, at, end - at) : bulla_bytes_slice(*rest, start, at - start);
    *rest =
        last ? bulla_bytes_slice(*rest, start, at - start) : bulla_bytes_slice(*rest, at, end - at);
    return word;
}

static struct bulla_bytes trim(struct bulla_bytes text)
{
    while (text.len > 0 && is_blank(text.data[0])) {
        text = bulla_bytes_slice(text, 1, SIZE_MAX);
    }
    while (text.len > 0 && is_blank(text.data[text.len - 1])) {
        text.len--;
    }
    return text;
}

static bool signature_fits(struct bulla_bytes message, struct bulla_bytes sign,
                           struct bulla_bytes signature)
{
    uint8_t key[32];
    uint8_t bytes[PRIM_SIGNATURE_BYTES];
    size_t key_len = 0;
    size_t len = 0;
    return bulla_base64_decode(BULLA_BASE64_UNPADDED, sign, key, sizeof key, &key_len) &&
           key_len == sizeof key &&
           bulla_base64_decode(BULLA_BASE64_UNPADDED, signature, bytes, sizeof bytes, &len) &&
           len == sizeof bytes && prim_sign_public_is_valid(key) &&
           prim_verify(bytes, message, key);
}

bool bulla_member_request_parse(struct bulla_bytes text, struct bulla_member_request *ret_request,
                                struct bulla_error *err)
{
    struct bulla_bytes rest = text;
    if (text.len > MAX_LINE_BYTES) {
        return refuse("is too long", err);
    }
    if (!bulla_bytes_are(take_word(&rest, false), WORD)) {
        return refuse("does not begin with '" WORD "'", err);
    }
    struct bulla_bytes name = take_word(&rest, false);
    struct bulla_bytes signature = take_word(&rest, true);
    struct bulla_bytes sign = take_word(&rest, true);
    struct bulla_bytes recipient = trim(rest);
    if (recipient.len == 0 || sign.len != BULLA_SIGN_KEY_CHARS ||
        recipient.len > BULLA_MAX_RECIPIENT_CHARS) {
        return refuse("is not whole", err);
    }
    if (!text_is_member(name)) {
        return refuse("has no member's name", err);
    }
    for (size_t i = 0; i < recipient.len; i++) {
        if (recipient.data[i] < ' ' || recipient.data[i] > '~') {
            return refuse("has a character that no key has", err);
        }
    }
    bulla_auto_buf message;
    bulla_buf_init(&message, MAX_LINE_BYTES * 2);
    put_message(&message, name, recipient, sign);
    if (!bulla_buf_ok(&message, err)) {
        return false;
    }
    if (!signature_fits(bulla_buf_view(&message), sign, signature)) {
        return refuse("was changed or cut on its way: its signature does not fit", err);
    }
    *ret_request = (struct bulla_member_request){.name = ""};
    memcpy(ret_request->name, name.data, name.len);
    memcpy(ret_request->recipient, recipient.data, recipient.len);
    memcpy(ret_request->sign, sign.data, sign.len);
    return true;
}
