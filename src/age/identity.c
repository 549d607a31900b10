#include <string.h>
#include <time.h>

#include "age/age_internal.h"
#include "base/utf8.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "codec/bech32.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define RECIPIENT_PREFIX "age"
#define SECRET_PREFIX "age-secret-key-"
#define SECRET_START "AGE-SECRET-KEY-1"
#define ROOT_START "# bulla-root "
#define MAX_ROOT_BYTES 128
#define MAX_ROOTS 1024

struct public_key {
    uint8_t bytes[32];
    char recipient[BULLA_AGE_RECIPIENT_CHARS + 1];
};

struct bulla_identities {
    size_t count;
    size_t cap;
    struct public_key *public_keys;
    struct bulla_secret *secrets; /* 32 bytes each, one after the other */
    char **roots;                 /* of the vaults that it is for */
    size_t root_count;
    size_t root_cap;
};

/* Whether TEXT, whatever its case, begins with the lower-case START. */
static bool starts_with_any_case(struct bulla_bytes text, const char *start)
{
    size_t len = strlen(start);
    for (size_t i = 0; i < len; i++) {
        if (i >= text.len || (text.data[i] | ('a' - 'A')) != (start[i] | ('a' - 'A'))) {
            return false;
        }
    }
    return true;
}

/* What is wrong with a bech32 text, in words that do not show it. */
static const char *bech32_fault(enum bech32_status status)
{
    switch (status) {
    case BECH32_MIXED_CASE:
        return "has small and capital letters mixed";
    case BECH32_NO_SEPARATOR:
    case BECH32_TOO_LONG:
    case BECH32_PADDING:
        return "has the wrong length";
    case BECH32_CHARACTER:
        return "has a character that no age key has";
    case BECH32_CHECKSUM:
        return "is mistyped or cut off (its checksum does not match)";
    case BECH32_OK:
        break;
    }
    return "is not one";
}

/* Decodes a key of 32 bytes whose prefix is exactly PREFIX; NULL, or what is wrong. */
static const char *decode_key(struct bulla_bytes text, const char *prefix,
                              uint8_t ret_key[static 32])
{
    struct bulla_bytes found;
    size_t len = 0;
    enum bech32_status status = bech32_decode(text, &found, ret_key, 32, &len);
    if (status != BECH32_OK) {
        return bech32_fault(status);
    }
    if (!bulla_bytes_are(found, prefix)) {
        return "is in the wrong case";
    }
    return len == 32 ? NULL : "has the wrong length";
}

static void format_recipient(const uint8_t key[static 32],
                             char ret_text[static BULLA_AGE_RECIPIENT_CHARS + 1],
                             struct bulla_buf *scratch)
{
    bulla_buf_clear(scratch);
    bech32_encode(RECIPIENT_PREFIX, bulla_bytes(key, 32), BECH32_LOWER, scratch);
    struct bulla_bytes text = bulla_buf_view(scratch);
    if (text.len == BULLA_AGE_RECIPIENT_CHARS) {
        memcpy(ret_text, text.data, text.len);
        ret_text[text.len] = '\0';
    }
}

bool bulla_recipient_parse(const char *text, uint8_t ret_key[static 32], struct bulla_error *err)
{
    struct bulla_bytes bytes = bulla_bytes_of(text);
    if (starts_with_any_case(bytes, "age-secret-key-")) {
        (void)bulla_error(err, BULLA_E_INVALID,
                          "a secret key (AGE-SECRET-KEY-…) stands where a recipient belongs");
        return bulla_error_hint(err, "give its public key, age1…, and treat the key as exposed");
    }
    if (starts_with_any_case(bytes, "age-plugin-")) {
        return bulla_error(err, BULLA_E_INVALID,
                           "a plugin's identity stands where a recipient belongs");
    }
    if (bulla_bytes_start(bytes, "ssh-")) {
        return bulla_error(err, BULLA_E_INVALID, "ssh keys cannot be recipients");
    }
    if (!starts_with_any_case(bytes, "age1")) {
        return bulla_error(err, BULLA_E_INVALID, "a recipient begins with 'age1'");
    }
    if (strchr(text + 4, '1') != NULL || bytes.len > BULLA_AGE_RECIPIENT_CHARS + 32) {
        return bulla_error(err, BULLA_E_INVALID,
                           "only X25519 recipients are supported: 'age1' and 58 characters");
    }
    const char *fault = decode_key(bytes, RECIPIENT_PREFIX, ret_key);
    return fault == NULL || bulla_error(err, BULLA_E_INVALID, "recipient %s", fault);
}

/* Takes the first line off REST, without LF or CRLF. */
static struct bulla_bytes take_line(struct bulla_bytes *rest)
{
    const uint8_t *end = memchr(rest->data, '\n', rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->data);
    struct bulla_bytes line = bulla_bytes_slice(*rest, 0, len);
    *rest = bulla_bytes_slice(*rest, len + 1, rest->len);
    if (line.len > 0 && line.data[line.len - 1] == '\r') {
        line.len--;
    }
    return line;
}

static bool is_key_line(struct bulla_bytes line)
{
    return line.len > 0 && line.data[0] != '#';
}

/* Says what a line is that is no identity we read. The line is never quoted. */
static bool refuse_line(struct bulla_bytes line, const char *file, struct bulla_pos pos,
                        struct bulla_error *err)
{
    if (starts_with_any_case(line, "age1")) {
        (void)bulla_error_at(err, BULLA_E_SYNTAX, file, pos,
                             "a recipient (age1…) stands where an identity belongs");
        return bulla_error_hint(err, "the identity is the line that begins with %s", SECRET_START);
    }
    if (bulla_bytes_start(line, "age-encryption.org/") ||
        bulla_bytes_start(line, "-----BEGIN AGE")) {
        (void)bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "the identity file is encrypted");
        return bulla_error_hint(err, "decrypt it with 'age -d' first, into a file of mode 0600");
    }
    if (bulla_bytes_start(line, "-----BEGIN")) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos,
                              "a PEM or ssh key is not an age identity");
    }
    if (starts_with_any_case(line, "age-secret-key-pq-1") ||
        starts_with_any_case(line, "age-plugin-")) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos,
                              "only X25519 identities are supported (%s…)", SECRET_START);
    }
    return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "not an identity: a line of %s…, or '#'",
                          SECRET_START);
}

static bool parse_key(struct bulla_bytes line, struct bulla_identities *identities,
                      const char *file, struct bulla_pos pos, struct bulla_error *err)
{
    if (!starts_with_any_case(line, SECRET_START)) {
        return refuse_line(line, file, pos, err);
    }
    size_t index = identities->count;
    if (index == identities->cap) {
        return bulla_error_at(err, BULLA_E_LIMIT, file, pos, "more than %d identities",
                              AGE_MAX_IDENTITIES);
    }
    uint8_t *secret = bulla_secret_room(identities->secrets) + 32 * index;
    struct public_key *key = &identities->public_keys[index];
    const char *fault = decode_key(line, "AGE-SECRET-KEY-", secret);
    if (fault != NULL) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, pos, "identity %s", fault);
    }
    bulla_auto_buf scratch = {0};
    bulla_buf_init(&scratch, BULLA_AGE_RECIPIENT_CHARS);
    prim_x25519_public(key->bytes, secret);
    format_recipient(key->bytes, key->recipient, &scratch);
    identities->count++;
    return bulla_buf_ok(&scratch, err);
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
    for (struct bulla_bytes rest = text; rest.len > 0;) {
        struct bulla_bytes line = take_line(&rest);
        pos.line++;
        if (is_key_line(line) && !parse_key(line, identities, file, pos, err)) {
            return false;
        }
        if (bulla_bytes_start(line, ROOT_START) && !parse_root(line, identities, file, pos, err)) {
            return false;
        }
    }
    return true;
}

/* How many keys TEXT holds at most; BULLA_E_MISSING for none. */
static bool count_keys(struct bulla_bytes text, const char *file, size_t *ret_count,
                       struct bulla_error *err)
{
    size_t bad = 0;
    size_t count = 0;
    if (text.len > BULLA_MAX_IDENTITY_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, file, (struct bulla_pos){0},
                              "identity file of more than %zu bytes", BULLA_MAX_IDENTITY_BYTES);
    }
    if (!utf8_is_valid(text, &bad)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, utf8_pos(text, bad), "not UTF-8");
    }
    for (struct bulla_bytes rest = text; rest.len > 0;) {
        count += is_key_line(take_line(&rest)) ? 1 : 0;
    }
    if (count == 0) {
        return bulla_error_at(err, BULLA_E_MISSING, file, (struct bulla_pos){0},
                              "no identity in it (a line of %s…)", SECRET_START);
    }
    /* A file of something else altogether is told by its first line, not by how long it is. */
    *ret_count = count > AGE_MAX_IDENTITIES ? AGE_MAX_IDENTITIES : count;
    return true;
}

struct bulla_identities *bulla_identities_parse(struct bulla_bytes text, const char *file,
                                                struct bulla_error *err)
{
    size_t count = 0;
    if (!count_keys(text, file, &count, err)) {
        return NULL;
    }
    bulla_auto_identities identities = bulla_alloc(1, sizeof *identities, err);
    if (identities == NULL) {
        return NULL;
    }
    identities->cap = count;
    identities->public_keys = bulla_alloc(count, sizeof *identities->public_keys, err);
    identities->secrets =
        identities->public_keys != NULL ? bulla_secret_new(32 * count, err) : NULL;
    if (identities->secrets == NULL || !parse_lines(text, identities, file, err)) {
        return NULL;
    }
    bulla_secret_set_len(identities->secrets, 32 * identities->count);
    return BULLA_STEAL(identities);
}

void bulla_identities_free(struct bulla_identities *identities)
{
    if (identities != NULL) {
        bulla_secret_free(identities->secrets);
        bulla_free(identities->public_keys);
        for (size_t i = 0; i < identities->root_count; i++) {
            bulla_free(identities->roots[i]);
        }
        bulla_free(identities->roots);
        bulla_free(identities);
    }
}

size_t bulla_identities_count(const struct bulla_identities *identities)
{
    return identities->count;
}

const char *bulla_identities_recipient(const struct bulla_identities *identities, size_t index)
{
    return identities->public_keys[index].recipient;
}

struct bulla_bytes bulla_identities_secret(const struct bulla_identities *identities, size_t index)
{
    return bulla_bytes_slice(bulla_secret_view(identities->secrets), 32 * index, 32);
}

const uint8_t *identities_public(const struct bulla_identities *identities, size_t index)
{
    return identities->public_keys[index].bytes;
}

const char *bulla_identities_root(const struct bulla_identities *identities, size_t index)
{
    return index < identities->root_count ? identities->roots[index] : NULL;
}

static bool format_time(int64_t now, char ret_text[static 32], struct bulla_error *err)
{
    struct tm parts;
    time_t seconds = (time_t)now;
    if (gmtime_r(&seconds, &parts) == NULL || parts.tm_year > 9999 - 1900 ||
        strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        return bulla_error(err, BULLA_E_INVALID, "the time is out of range");
    }
    return true;
}

bool bulla_identity_new(int64_t now, struct bulla_buf *text,
                        char ret_recipient[BULLA_AGE_RECIPIENT_CHARS + 1], struct bulla_error *err)
{
    char created[32];
    char recipient[BULLA_AGE_RECIPIENT_CHARS + 1] = "";
    uint8_t public_key[32];
    bulla_auto_buf scratch = {0};
    bulla_buf_init(&scratch, BULLA_AGE_RECIPIENT_CHARS);
    bulla_auto_secret secret = bulla_secret_new(32, err);
    if (secret == NULL || !bulla_buf_ok(text, err) || !format_time(now, created, err)) {
        return false;
    }
    prim_random(bulla_secret_room(secret), 32);
    bulla_secret_set_len(secret, 32);
    prim_x25519_public(public_key, bulla_secret_view(secret).data);
    format_recipient(public_key, recipient, &scratch);
    if (!bulla_buf_ok(&scratch, err)) {
        return false;
    }
    size_t start = text->len;
    bulla_buf_printf(text, "# created: %s\n# public key: %s\n", created, recipient);
    bech32_encode(SECRET_PREFIX, bulla_secret_view(secret), BECH32_UPPER, text);
    bulla_buf_putc(text, '\n');
    if (!bulla_buf_ok(text, err)) {
        bulla_buf_truncate(text, start);
        text->failed = BULLA_OK;
        return false;
    }
    if (ret_recipient != NULL) {
        memcpy(ret_recipient, recipient, sizeof recipient);
    }
    return true;
}
