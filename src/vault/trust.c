/* Who may write what (docs/vault.5.md 5, rule 4) and the signatures of it. */
#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "crypto/prim.h"
#include "vault/judge.h"
#include "vault/lines.h"
#include "vault/parallel.h"

#include "base/banned.h"

#define FREE_TRIES 1024
#define SIGN_CONTEXT "bulla1/sig\n"

enum role trust_role_needed(const struct record *record)
{
    if (record->t.kind == RECORD_MEMBER && record->t.role >= ROLE_ADMIN) {
        return ROLE_OWNER;
    }
    return record_role_needed(record->t.kind);
}

/*
 * The signing keys with which the author may have written RECORD, the newest first: *at is where
 * to go on, 0 to begin with. NONE after the last. A key may come twice.
 */
static uint32_t next_key(const struct bulla_vault *vault, const struct record *record, uint32_t *at)
{
    if (record->t.kind == RECORD_ROOT || record->gave != NONE) {
        uint32_t giver =
            record->t.kind == RECORD_ROOT ? record->sign : vault->records[record->gave].sign;
        return (*at)++ == 0 ? giver : NONE;
    }
    const struct person *author = &vault->people[record->author];
    enum role needed = trust_role_needed(record);
    while (*at < author->about_count) {
        const struct about *about = &author->about[author->about_count - ++*at];
        if (about->word.role >= needed && about->word.key != NONE &&
            reach_is_above(vault, vault->records[about->record].tracked, record)) {
            return about->word.key;
        }
    }
    return NONE;
}

static bool key_is_valid(struct bulla_vault *vault, uint32_t key)
{
    struct sign_key *sign = &vault->sign_keys[key];
    sign->checked = sign->checked || prim_sign_public_is_valid(sign->bytes);
    return sign->checked;
}

bool trust_is_signature(const char *id, struct bulla_bytes text, const uint8_t key[static 32])
{
    uint8_t signature[TEXT_SIGN_CHARS / 4 * 3 + 2];
    char message[sizeof SIGN_CONTEXT - 1 + TEXT_ID_CHARS];
    memcpy(message, SIGN_CONTEXT, sizeof SIGN_CONTEXT - 1);
    memcpy(message + sizeof SIGN_CONTEXT - 1, id, TEXT_ID_CHARS);
    return text_decode(text, signature) == PRIM_SIGNATURE_BYTES &&
           prim_verify(signature, bulla_bytes(message, sizeof message), key);
}

static bool verify(struct bulla_vault *vault, const char *id, struct bulla_bytes text, uint32_t key)
{
    vault->signatures_checked++;
    return key_is_valid(vault, key) && trust_is_signature(id, text, vault->sign_keys[key].bytes);
}

bool trust_check_signature(struct bulla_vault *vault, struct record *record, uint32_t key)
{
    return verify(vault, record->id, record_signature(&record->t), key);
}

/* True when more signatures were tried than members who change keys now and then need. */
static bool is_spent(const struct bulla_vault *vault)
{
    return vault->signatures_checked / BULLA_MAX_VAULT_TRIES >
           vault->count + vault->copy_count + FREE_TRIES;
}

/* The key of one copy of RECORD, or NONE. */
static uint32_t find_signer(struct bulla_vault *vault, const struct record *record,
                            struct bulla_bytes signature)
{
    uint32_t at = 0;
    uint32_t before = NONE;
    for (uint32_t key = next_key(vault, record, &at); key != NONE && !is_spent(vault);
         key = next_key(vault, record, &at)) {
        if (key != before && verify(vault, record->id, signature, key)) {
            return key;
        }
        before = key;
    }
    return NONE;
}

/* Line NUMBER is a copy of RECORD whose signature is nobody's. */
static bool refuse_signature(const struct bulla_vault *vault, const struct record *record,
                             uint32_t number, struct bulla_error *err)
{
    if (is_spent(vault)) {
        return bulla_error_at(err, BULLA_E_LIMIT, vault->path, (struct bulla_pos){number, 1},
                              "more signing keys than we try: '%s' has had too many",
                              vault->members.entries[record->author].text);
    }
    (void)vault_refuse(vault, record, err, "has a signature that '%s' did not make",
                       vault->members.entries[record->author].text);
    err->pos.line = number;
    return bulla_error_hint(err, "take the file from git again; 'bulla verify' checks all of it");
}

static bool check_record(struct bulla_vault *vault, struct record *record, struct bulla_error *err)
{
    record->signer = find_signer(vault, record, record_signature(&record->t));
    if (record->signer == NONE) {
        return refuse_signature(vault, record, record->t.number, err);
    }
    for (uint32_t i = record->copies; i != NONE; i = vault->copies[i].next) {
        struct copy *copy = &vault->copies[i];
        copy->signer = find_signer(vault, record, copy->signature);
        if (copy->signer == NONE) {
            return refuse_signature(vault, record, copy->number, err);
        }
    }
    record->checked = true;
    return true;
}

/*
 * What everybody checks before he knows what counts, since an id does not cover the signature; the
 * rest is vouched for by whoever wrote the head above it. Where the author had two keys, which of
 * them signed decides what counts.
 */
static bool reader_checks(const struct bulla_vault *vault, const struct record *record, bool doubt)
{
    return doubt || record_is_status(record) || record->t.kind == RECORD_KEY ||
           (record->t.kind == RECORD_GRANT && vault->people[record->subject].mine) ||
           graph_is_head(vault, record_number(vault, record));
}

/* Whether RECORD's signature is looked at, ONE_KEY: where it can be only one. */
static bool is_checked_here(const struct bulla_vault *vault, const struct record *record,
                            bool one_key)
{
    bool is_new = vault->access != BULLA_VAULT_READ && !record->known;
    return is_new || reader_checks(vault, record, !one_key);
}

/*
 * The key of a record whose signature will be looked at, whose author had one key only, and that
 * has no copies; NONE for the others, which are judged one by one.
 */
static uint32_t plain_key(const struct bulla_vault *vault, const struct record *record)
{
    const struct person *author = &vault->people[record->author];
    uint32_t at = 0;
    if (record->checked || record->copies != NONE || author->about_count != 1 ||
        record->gave != NONE || record->t.kind == RECORD_ROOT ||
        !is_checked_here(vault, record, true)) {
        return NONE;
    }
    return next_key(vault, record, &at);
}

/* What is good is marked; what is not is found again, and refused, in its turn. */
static bool check_in_parallel(struct bulla_vault *vault, struct bulla_error *err)
{
    size_t count = 0;
    if (vault->access == BULLA_VAULT_READ || vault->count < PARALLEL_LEAST ||
        parallel_width() < 2) {
        return true;
    }
    struct parallel_item *items = bulla_alloc(vault->count, sizeof *items, err);
    if (items == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        uint32_t key = plain_key(vault, &vault->records[i]);
        if (key != NONE && key_is_valid(vault, key)) {
            items[count++] = (struct parallel_item){(uint32_t)i, key, false};
        }
    }
    if (count >= PARALLEL_LEAST) {
        parallel_verify(vault, items, count);
        for (size_t i = 0; i < count; i++) {
            struct record *record = &vault->records[items[i].record];
            record->checked = items[i].is_good;
            record->signer = items[i].is_good ? items[i].key : record->signer;
            vault->signatures_checked += items[i].is_good;
        }
    }
    bulla_free(items);
    return true;
}

static bool check_author(struct bulla_vault *vault, struct record *record, struct bulla_error *err)
{
    if (record->checked) {
        return true;
    }
    if (!vault_spend(vault, vault->people[record->author].about_count, err)) {
        return false;
    }
    uint32_t at = 0;
    uint32_t key = next_key(vault, record, &at);
    if (key == NONE) {
        return vault_refuse(vault, record, err, "may not be written by '%s', who is no %s there",
                            vault->members.entries[record->author].text,
                            record_role_name(trust_role_needed(record)));
    }
    bool doubt = record->copies != NONE;
    for (uint32_t other = key; other != NONE && !doubt; other = next_key(vault, record, &at)) {
        doubt = other != key;
    }
    if (is_checked_here(vault, record, !doubt)) {
        return check_record(vault, record, err);
    }
    record->signer = key;
    return true;
}

bool trust_check_authors(struct bulla_vault *vault, struct bulla_error *err)
{
    for (uint32_t bit = 0; bit < vault->reach.count && vault->access != BULLA_VAULT_READ; bit++) {
        const struct record *record = &vault->records[vault->reach.tracked[bit]];
        if (record->sign != NONE && !key_is_valid(vault, record->sign)) {
            return vault_refuse(vault, record, err,
                                "gives a signing key that is no point of prime order");
        }
    }
    if (!check_in_parallel(vault, err)) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        if (!check_author(vault, record_down(vault, i), err)) {
            return false;
        }
    }
    return true;
}

bool trust_check_uncovered(struct bulla_vault *vault, struct bulla_error *err)
{
    for (size_t i = 0; i < vault->count; i++) {
        uint32_t number = vault->graph.order[i];
        struct record *record = &vault->records[number];
        if (vault->graph.vouched[number] == 0 && record_is_value(record) && !record->checked &&
            !check_record(vault, record, err)) {
            return false;
        }
    }
    return true;
}

bool trust_is_signed_by(const struct bulla_vault *vault, const struct record *record,
                        uint32_t number)
{
    bool found = record->signer == number;
    for (uint32_t i = record->copies; i != NONE && !found; i = vault->copies[i].next) {
        found = vault->copies[i].signer == number;
    }
    return found;
}
