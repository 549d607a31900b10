/* Identity files: lines of keys, or an age file of them behind a passphrase. */
#include <string.h>

#include "age/identity.h"
#include "age/key_text.h"
#include "base/utf8.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "codec/armor.h"
#include "codec/bech32.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define SECRET_START "AGE-SECRET-KEY-1"
#define PQ_SECRET_START "AGE-SECRET-KEY-PQ-1"
#define ROOT_START "# bulla-root "
#define MAX_ROOTS 1024
#define MAX_ROOT_BYTES 128
#define MAX_PROMPT_BYTES 512

/* Says what a line is that is no identity we read. The line is never quoted. */
static bool refuse_line(struct bulla_bytes line, const char *file, struct bulla_pos pos,
                        struct bulla_error *err)
{
    if (key_text_starts(line, "age1")) {
        (void)bulla_error_at(err, BULLA_E_SYNTAX, file, pos,
                             "a recipient (age1…) stands where an identity belongs");
        return bulla_error_hint(err, "the identity is the line that begins with %s", SECRET_START);
    }
    if (bulla_bytes_start(line, "-----BEGIN")) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "PEM that is no private key of ours");
    }
    if (bulla_bytes_start(line, "ssh-")) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos,
                              "an ssh public key stands where an identity belongs");
    }
    return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "not an identity: a line of %s…, or '#'",
                          SECRET_START);
}

static bool parse_x25519(struct bulla_bytes line, struct bulla_identities *identities,
                         const char *file, struct bulla_pos pos, struct bulla_error *err)
{
    struct identity identity = {.kind = IDENTITY_X25519};
    uint8_t *secret = bulla_arena_alloc(identities->arena, 32, err);
    if (secret == NULL) {
        return false;
    }
    const char *fault = key_text_decode(line, "AGE-SECRET-KEY-", secret, 32);
    if (fault != NULL) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "identity %s", fault);
    }
    identity.secret = bulla_bytes(secret, 32);
    prim_x25519_public(identity.public_key, secret);
    identity.recipient = x25519_recipient(identity.public_key, err);
    return identity.recipient != NULL && identities_take(identities, &identity, err);
}

static bool parse_pq(struct bulla_bytes line, struct bulla_identities *identities, const char *file,
                     struct bulla_pos pos, struct bulla_error *err)
{
    struct identity identity = {.kind = IDENTITY_PQ};
    uint8_t *secret = bulla_arena_alloc(identities->arena, 32, err);
    if (secret == NULL) {
        return false;
    }
    const char *fault = key_text_decode(line, "AGE-SECRET-KEY-PQ-", secret, 32);
    if (fault != NULL) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "identity %s", fault);
    }
    identity.secret = bulla_bytes(secret, 32);
    identity.recipient = pq_recipient(secret, err);
    if (identity.recipient == NULL) {
        age_place_error(err, file, pos);
        return false;
    }
    return identities_take(identities, &identity, err);
}

static bool parse_plugin(struct bulla_bytes line, struct bulla_identities *identities,
                         const char *file, struct bulla_pos pos, struct bulla_error *err)
{
    struct identity identity = {.kind = IDENTITY_PLUGIN};
    const char *fault = plugin_identity_name(line, identity.plugin)
                            ? key_text_fault(line)
                            : "is not of its form (AGE-PLUGIN-NAME-1…)";
    if (fault != NULL) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "a plugin's identity %s", fault);
    }
    return bulla_arena_add(identities->arena, line, &identity.secret, err) &&
           identities_take(identities, &identity, err);
}

static bool parse_key(struct bulla_bytes line, struct bulla_identities *identities,
                      const char *file, struct bulla_pos pos, struct bulla_error *err)
{
    if (identities->count == AGE_MAX_IDENTITIES) {
        return bulla_error_at(err, BULLA_E_LIMIT, file, pos, "more than %d identities",
                              AGE_MAX_IDENTITIES);
    }
    if (key_text_starts(line, SECRET_START)) {
        return parse_x25519(line, identities, file, pos, err);
    }
    if (key_text_starts(line, PQ_SECRET_START)) {
        return parse_pq(line, identities, file, pos, err);
    }
    if (key_text_starts(line, "age-plugin-")) {
        return parse_plugin(line, identities, file, pos, err);
    }
    return refuse_line(line, file, pos, err);
}

/* A private key of several lines: takes them off REST, which begins with the first. */
static bool parse_private(struct bulla_bytes *rest, struct bulla_identities *identities,
                          const char *file, struct bulla_pos *pos, struct bulla_error *err)
{
    struct bulla_bytes text = *rest;
    struct bulla_pos begin = *pos;
    struct bulla_bytes line = key_text_take_line(rest);
    while (rest->len > 0 && !bulla_bytes_start(line, "-----END ")) {
        line = key_text_take_line(rest);
        pos->line++;
    }
    text.len -= rest->len;
    struct identity identity = {.kind = IDENTITY_SSH};
    identity.ssh =
        ssh_read_private(text, file, identities->arena, identities_ask_ssh, identities, err);
    if (identity.ssh == NULL) {
        age_place_error(err, file, begin);
        return false;
    }
    identity.recipient = ssh_recipient(&identity.ssh->public_key, err);
    if (identity.recipient == NULL) {
        ssh_free_private(identity.ssh);
        return false;
    }
    return identities_take(identities, &identity, err);
}

static bool parse_root(struct bulla_bytes line, struct bulla_identities *identities,
                       const char *file, struct bulla_pos pos, struct bulla_error *err)
{
    struct bulla_bytes id = bulla_bytes_slice(line, sizeof ROOT_START - 1, line.len);
    bool is_word = id.len > 0 && id.len <= MAX_ROOT_BYTES;
    for (size_t i = 0; i < id.len && is_word; i++) {
        is_word = id.data[i] > ' ' && id.data[i] < 0x7f;
    }
    if (!is_word) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos,
                              "'# bulla-root' is followed by one id");
    }
    for (size_t i = 0; i < identities->root_count; i++) {
        if (bulla_bytes_are(id, identities->roots[i])) {
            return true;
        }
    }
    if (identities->root_count == MAX_ROOTS) {
        return bulla_error_at(err, BULLA_E_LIMIT, file, pos, "more than %d roots", MAX_ROOTS);
    }
    char *root = bulla_strndup(id.data, id.len, err);
    if (root == NULL || !bulla_grow(&identities->roots, &identities->root_cap,
                                    identities->root_count + 1, sizeof *identities->roots, err)) {
        bulla_free(root);
        return false;
    }
    identities->roots[identities->root_count++] = root;
    return true;
}

static bool parse_lines(struct bulla_bytes text, struct bulla_identities *identities,
                        const char *file, struct bulla_error *err)
{
    struct bulla_pos pos = {0, 1};
    size_t before = identities->count;
    for (struct bulla_bytes rest = text; rest.len > 0;) {
        pos.line++;
        if (ssh_is_private_text(rest)) {
            if (!parse_private(&rest, identities, file, &pos, err)) {
                return false;
            }
            continue;
        }
        struct bulla_bytes line = key_text_take_line(&rest);
        if (key_text_is_line(line) && !parse_key(line, identities, file, pos, err)) {
            return false;
        }
        if (bulla_bytes_start(line, ROOT_START) && !parse_root(line, identities, file, pos, err)) {
            return false;
        }
    }
    return identities->count > before ||
           bulla_error_at(err, BULLA_E_MISSING, file, (struct bulla_pos){0},
                          "no identity in it (a line of %s…)", SECRET_START);
}

static bool parse_text(struct bulla_bytes text, struct bulla_identities *identities,
                       const char *file, struct bulla_error *err)
{
    size_t bad = 0;
    if (!utf8_is_valid(text, &bad)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, utf8_pos(text, bad), "not UTF-8");
    }
    return parse_lines(text, identities, file, err);
}

/* Opens the age file TEXT with a passphrase alone: another key for a file of keys would be found
 * nowhere. */
static bool open_encrypted(const struct bulla_identities *identities, struct bulla_bytes file_text,
                           const char *file, struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_buf prompt;
    bulla_buf_init(&prompt, MAX_PROMPT_BYTES);
    bulla_buf_printf(&prompt, "passphrase of %.400s", file);
    const char *text = bulla_buf_text(&prompt, err);
    bulla_auto_identities opener =
        text == NULL ? NULL : bulla_identities_new(identities->host, err);
    if (opener == NULL || !bulla_identities_ask_passphrase(opener, text, err)) {
        return false;
    }
    if (!bulla_age_decrypt(opener, file_text, out, err)) {
        age_place_error(err, file, err->pos);
        return bulla_error_while(err, "the encrypted identity file");
    }
    return true;
}

bool bulla_identities_add(struct bulla_identities *identities, struct bulla_bytes text,
                          const char *file, struct bulla_error *err)
{
    if (text.len > BULLA_MAX_IDENTITY_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, file, (struct bulla_pos){0},
                              "identity file of more than %zu bytes", BULLA_MAX_IDENTITY_BYTES);
    }
    if (!bulla_bytes_start(text, "age-encryption.org/") && !armor_is_text(text)) {
        return parse_text(text, identities, file, err);
    }
    bulla_auto_buf opened;
    bulla_buf_init_secret(&opened, BULLA_MAX_IDENTITY_BYTES);
    return open_encrypted(identities, text, file, &opened, err) &&
           parse_text(bulla_buf_view(&opened), identities, file, err);
}

struct bulla_identities *bulla_identities_parse(struct bulla_bytes text, const char *file,
                                                struct bulla_error *err)
{
    bulla_auto_identities identities = bulla_identities_new(NULL, err);
    if (identities == NULL || !bulla_identities_add(identities, text, file, err)) {
        return NULL;
    }
    return BULLA_STEAL(identities);
}
