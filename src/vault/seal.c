/* Epoch keys out of grants, values out of sets, and both ways back: docs/vault.5.md 4. */
#include "vault/seal.h"

#include <string.h>

#include "age/age_internal.h"
#include "bulla/codec.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "crypto/prim.h"
#include "vault/lines.h"

#include "base/banned.h"

#define COMMIT_CONTEXT "bulla1/commit"
#define HEDGE_CONTEXT "bulla1/hedge"
#define VALUE_CONTEXT "bulla1/value:"
#define GRANT_WORD "bulla1-key"
#define SALT_BYTES 32
#define PAD_BYTES 32
#define MAX_GRANT_BYTES 256
/* A header line, and a line before " d=": kind, subject, v, k, at, by and META. */
#define MAX_AAD_BYTES 8192

/* Fills AAD, an empty buffer: on the heap, because a large one on the stack is cleared each time.
 */
static bool build_aad(const struct bulla_vault *vault, struct bulla_bytes text,
                      struct bulla_buf *aad, struct bulla_error *err)
{
    /* The header buffer begins with the context of ids. */
    struct bulla_bytes header =
        bulla_bytes_slice(bulla_buf_view(&vault->header), strlen("bulla1/id\n"), SIZE_MAX);
    bulla_buf_init(aad, MAX_AAD_BYTES);
    (void)bulla_buf_reserve(aad, header.len + text.len);
    bulla_buf_add_bytes(aad, header);
    bulla_buf_add_bytes(aad, text);
    return bulla_buf_ok(aad, err);
}

static void derive_value_key(uint8_t out[static 32], const uint8_t secret[static 32],
                             struct bulla_bytes name, const uint8_t salt[static SALT_BYTES])
{
    uint8_t info[sizeof VALUE_CONTEXT - 1 + BULLA_MAX_NAME_BYTES + 1 + SALT_BYTES];
    size_t len = sizeof VALUE_CONTEXT - 1;
    memcpy(info, VALUE_CONTEXT, len);
    memcpy(info + len, name.data, name.len);
    len += name.len;
    info[len++] = ' ';
    memcpy(info + len, salt, SALT_BYTES);
    prim_expand(out, secret, bulla_bytes(info, len + SALT_BYTES));
}

void seal_commitment(const uint8_t secret[static 32], char ret_text[static TEXT_ID_CHARS + 1])
{
    uint8_t commitment[32];
    prim_expand(commitment, secret, bulla_bytes_of(COMMIT_CONTEXT));
    text_format_id(commitment, ret_text);
}

bool seal_make_arena(struct bulla_vault *vault, struct bulla_error *err)
{
    if (vault->arena == NULL) {
        vault->arena = bulla_arena_new(0, err);
    }
    return vault->arena != NULL;
}

static bool make_room(struct bulla_vault *vault, struct bulla_error *err)
{
    return seal_make_arena(vault, err) &&
           bulla_grow(&vault->epoch_secrets, &vault->epoch_secret_cap, vault->keyids.count,
                      sizeof *vault->epoch_secrets, err);
}

bool seal_keep_epoch(struct bulla_vault *vault, uint32_t epoch, const uint8_t secret[static 32],
                     struct bulla_error *err)
{
    if (!make_room(vault, err)) {
        return false;
    }
    uint8_t *kept = bulla_arena_alloc(vault->arena, PRIM_KEY_BYTES, err);
    if (kept == NULL) {
        return false;
    }
    memcpy(kept, secret, PRIM_KEY_BYTES);
    vault->epoch_secrets[epoch] = (struct epoch_secret){kept, true};
    return true;
}

/* The words before the key in what a grant of KEYID says. */
static void put_grant_words(const struct bulla_vault *vault, const char *keyid,
                            struct bulla_buf *out)
{
    bulla_buf_puts(out, GRANT_WORD " ");
    bulla_buf_puts(out, vault->vault_id);
    bulla_buf_putc(out, ' ');
    bulla_buf_puts(out, vault->environment);
    bulla_buf_putc(out, ' ');
    bulla_buf_puts(out, keyid);
    bulla_buf_putc(out, ' ');
}

/* age authenticates no sender, so every word and the commitment have to be the key record's. */
static bool take_grant_text(struct bulla_vault *vault, uint32_t epoch, struct bulla_bytes text,
                            struct bulla_error *err)
{
    const struct record *key = &vault->records[vault->keys[epoch].record];
    bulla_auto_buf words;
    bulla_buf_init(&words, MAX_GRANT_BYTES);
    put_grant_words(vault, vault->keyids.entries[epoch].text, &words);
    if (!bulla_buf_ok(&words, err)) {
        return false;
    }
    uint8_t secret[PRIM_KEY_BYTES];
    size_t len = 0;
    struct bulla_bytes encoded = bulla_bytes_slice(text, words.len, TEXT_ID_CHARS);
    bool good = text.len == words.len + TEXT_ID_CHARS + 1 && text.data[text.len - 1] == '\n' &&
                memcmp(text.data, words.data, words.len) == 0 &&
                bulla_base64_decode(BULLA_BASE64_UNPADDED, encoded, secret, sizeof secret, &len) &&
                len == sizeof secret;
    if (good) {
        char commitment[TEXT_ID_CHARS + 1];
        seal_commitment(secret, commitment);
        good = bulla_bytes_are(record_value(&key->t, META_COMMIT), commitment);
    }
    bool kept = good && seal_keep_epoch(vault, epoch, secret, err);
    bulla_wipe(secret, sizeof secret);
    return kept || (!good && bulla_error(err, BULLA_E_VERIFY, "not the key"));
}

static bool open_grant(struct bulla_vault *vault, uint32_t epoch, const struct record *grant,
                       struct bulla_error *err)
{
    struct bulla_bytes data = record_data(&grant->t);
    bulla_auto_buf file;
    bulla_buf_init(&file, data.len + 2);
    uint8_t *to = bulla_buf_reserve(&file, data.len + 1);
    if (to == NULL) {
        return bulla_buf_ok(&file, err);
    }
    bulla_buf_commit(&file, text_decode(data, to));
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, data.len);
    if (!bulla_age_decrypt(vault->identities, bulla_buf_view(&file), &text, err)) {
        return false;
    }
    if (take_grant_text(vault, epoch, bulla_buf_view(&text), err)) {
        return true;
    }
    return err->code == BULLA_E_VERIFY &&
           vault_refuse(vault, grant, err, "does not hold the key that '%s' announced",
                        vault->keyids.entries[epoch].text);
}

static bool refuse_identity(const struct bulla_vault *vault, uint32_t epoch,
                            struct bulla_error *err)
{
    const char *me = bulla_vault_me(vault);
    if (vault->identities == NULL) {
        (void)bulla_error_at(err, BULLA_E_IDENTITY, vault->path, (struct bulla_pos){0, 0},
                             "no identity to open values with");
        return bulla_error_hint(err, "give one with --identity or BULLA_IDENTITY_FILE");
    }
    (void)bulla_error_at(err, BULLA_E_IDENTITY, vault->path, (struct bulla_pos){0, 0},
                         "no grant of key '%s' is for this identity",
                         vault->keyids.entries[epoch].text);
    return me == NULL ? bulla_error_hint(err, "ask an admin to add your recipient")
                      : bulla_error_hint(err, "ask an admin to grant it to '%s' again", me);
}

/*
 * True for what went wrong with the keys here, and says nothing of the vault: a plugin, a
 * passphrase, a kind that this build has not.
 */
static bool is_of_identity(const struct bulla_error *err)
{
    return (err->code == BULLA_E_IDENTITY && !age_is_no_match(err)) ||
           err->code == BULLA_E_MISSING || err->code == BULLA_E_IO || err->code == BULLA_E_REFUSED;
}

/*
 * Tries the grants of EPOCH that may be ours, the newest first. Where none opens, *ret_why is the
 * failure that says most: of a planted grant, then of the identities; none where all are for
 * others.
 */
static bool try_grants(struct bulla_vault *vault, uint32_t epoch, struct bulla_error *ret_why,
                       struct bulla_error *err)
{
    const struct key *key = &vault->keys[epoch];
    for (uint32_t i = key->grant_count; i > 0; i--) {
        const struct record *grant = &vault->records[vault->grants[key->first_grant + i - 1]];
        if (!vault->people[grant->subject].mine) {
            continue;
        }
        if (open_grant(vault, epoch, grant, err)) {
            return true;
        }
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bool is_better =
            ret_why->code == BULLA_OK || (is_of_identity(ret_why) && !is_of_identity(err));
        if (!age_is_no_match(err) && is_better) {
            *ret_why = *err;
        }
    }
    return false;
}

bool seal_open_epoch(struct bulla_vault *vault, uint32_t epoch, const uint8_t **ret_secret,
                     struct bulla_error *err)
{
    if (!make_room(vault, err)) {
        return false;
    }
    struct epoch_secret *known = &vault->epoch_secrets[epoch];
    if (known->bytes != NULL) {
        *ret_secret = known->bytes;
        return true;
    }
    if (vault->closed.code != BULLA_OK) {
        *err = vault->closed;
        return false;
    }
    if (known->tried || vault->identities == NULL) {
        return refuse_identity(vault, epoch, err);
    }
    struct bulla_error why = BULLA_ERROR_INIT;
    if (try_grants(vault, epoch, &why, err)) {
        *ret_secret = known->bytes;
        return true;
    }
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    if (why.code == BULLA_OK) {
        known->tried = true;
        return refuse_identity(vault, epoch, err);
    }
    if (is_of_identity(&why)) {
        vault->closed = why;
    } else {
        why.code = BULLA_E_VERIFY;
    }
    *err = why;
    return false;
}

const struct bulla_error *bulla_vault_closed(const struct bulla_vault *vault)
{
    return vault->closed.code != BULLA_OK ? &vault->closed : NULL;
}

bool bulla_vault_has_key(const struct bulla_vault *vault)
{
    for (size_t i = 0; i < vault->keyids.count && i < vault->epoch_secret_cap; i++) {
        if (vault->epoch_secrets[i].bytes != NULL) {
            return true;
        }
    }
    return false;
}

static bool refuse_seal(const struct bulla_vault *vault, const struct record *record,
                        struct bulla_error *err)
{
    (void)vault_refuse(vault, record, err, "does not open: its ciphertext is not its own");
    return bulla_error_hint(err, "'bulla log' shows who wrote it; set the value again");
}

bool seal_open_value(struct bulla_vault *vault, uint32_t number, struct bulla_bytes *ret_value,
                     struct bulla_error *err)
{
    const struct record *record = &vault->records[number];
    if (!bulla_grow(&vault->plain, &vault->plain_cap, vault->count, sizeof *vault->plain, err)) {
        return false;
    }
    if (vault->plain[number].data != NULL) {
        *ret_value = vault->plain[number];
        return true;
    }
    const uint8_t *secret = NULL;
    bulla_auto_buf aad = {0};
    if (!seal_open_epoch(vault, vault->records[record->epoch].subject, &secret, err) ||
        !build_aad(vault, record_sealed(&record->t), &aad, err)) {
        return false;
    }
    struct bulla_bytes data = record_data(&record->t);
    uint8_t *room = bulla_arena_alloc(vault->arena, data.len / 4 * 3 + 3, err);
    if (room == NULL) {
        return false;
    }
    size_t len = text_decode(data, room);
    if (len < SALT_BYTES + PAD_BYTES + PRIM_TAG_BYTES ||
        len > SALT_BYTES + BULLA_MAX_VALUE_BYTES + PAD_BYTES + PRIM_TAG_BYTES) {
        return refuse_seal(vault, record, err);
    }
    static const uint8_t nonce[PRIM_NONCE_BYTES] = {0};
    uint8_t key[PRIM_KEY_BYTES];
    derive_value_key(key, secret, record_subject(&record->t), room);
    uint8_t *padded = room + SALT_BYTES;
    size_t padded_len = len - SALT_BYTES - PRIM_TAG_BYTES;
    bool good = prim_decrypt(padded, bulla_bytes(padded, len - SALT_BYTES), bulla_buf_view(&aad),
                             nonce, key);
    bulla_wipe(key, sizeof key);
    size_t value_len = 0;
    if (!good || !prim_unpad(padded, padded_len, PAD_BYTES, &value_len) ||
        value_len > BULLA_MAX_VALUE_BYTES) {
        return refuse_seal(vault, record, err);
    }
    padded[value_len] = '\0'; /* where the padding began */
    vault->plain[number] = bulla_bytes(padded, value_len);
    *ret_value = vault->plain[number];
    return true;
}

bool seal_value(const struct bulla_vault *vault, const uint8_t secret[static 32],
                struct bulla_bytes name, struct bulla_bytes text, struct bulla_bytes value,
                struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_buf aad = {0};
    if (!build_aad(vault, text, &aad, err)) {
        return false;
    }
    size_t padded_len = value.len / PAD_BYTES * PAD_BYTES + PAD_BYTES;
    bulla_auto_secret room = bulla_secret_new(SALT_BYTES + padded_len + PRIM_TAG_BYTES, err);
    if (room == NULL) {
        return false;
    }
    uint8_t *salt = bulla_secret_room(room);
    uint8_t *padded = salt + SALT_BYTES;
    if (value.len > 0) {
        memcpy(padded, value.data, value.len);
    }
    (void)prim_pad(padded, value.len, padded_len, PAD_BYTES);

    /* The salt depends on all content, so a broken random source repeats it for that alone. */
    uint8_t hedge[32];
    uint8_t random[32];
    uint8_t aad_hash[32];
    const struct bulla_bytes whole_aad = bulla_buf_view(&aad);
    prim_expand(hedge, secret, bulla_bytes_of(HEDGE_CONTEXT));
    prim_random(random, sizeof random);
    prim_hash(aad_hash, &whole_aad, 1);
    const struct bulla_bytes parts[] = {bulla_bytes(random, sizeof random),
                                        bulla_bytes(aad_hash, sizeof aad_hash),
                                        bulla_bytes(padded, padded_len)};
    prim_hmac(salt, bulla_bytes(hedge, sizeof hedge), parts, sizeof parts / sizeof *parts);

    static const uint8_t nonce[PRIM_NONCE_BYTES] = {0};
    uint8_t key[PRIM_KEY_BYTES];
    derive_value_key(key, secret, name, salt);
    prim_encrypt(padded, bulla_bytes(padded, padded_len), whole_aad, nonce, key);
    bulla_wipe(key, sizeof key);
    bulla_wipe(hedge, sizeof hedge);
    bulla_wipe(random, sizeof random);
    bulla_base64_encode(BULLA_BASE64_UNPADDED,
                        bulla_bytes(salt, SALT_BYTES + padded_len + PRIM_TAG_BYTES), out);
    return bulla_buf_ok(out, err);
}

bool seal_grant(const struct bulla_vault *vault, const uint8_t secret[static 32], const char *keyid,
                const char *const *recipients, size_t count, struct bulla_buf *out,
                struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, MAX_GRANT_BYTES);
    put_grant_words(vault, keyid, &text);
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(secret, PRIM_KEY_BYTES), &text);
    bulla_buf_putc(&text, '\n');
    if (!bulla_buf_ok(&text, err)) {
        return false;
    }
    bulla_auto_buf file;
    bulla_buf_init(&file, BULLA_MAX_VAULT_LINE_BYTES / 2);
    bulla_auto_recipients to = bulla_recipients_new(bulla_identities_host(vault->identities), err);
    if (to == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!bulla_recipients_add(to, recipients[i], err)) {
            return false;
        }
    }
    if (!bulla_age_encrypt(to, bulla_buf_view(&text), &file, err)) {
        return false;
    }
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_buf_view(&file), out);
    return bulla_buf_ok(out, err);
}
