/*
 * bcrypt_pbkdf (OpenBSD's bcrypt_pbkdf(3)) over OpenSSL's Blowfish. bcrypt mixes a salt into
 * Blowfish's key schedule, which no library offers by itself, so the schedule is here; each step of
 * it is the library's BF_encrypt.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/bcrypt.h"
#include "crypto/blowfish.h"

#include <string.h>

#include "bulla/secret.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define ROUND_WORDS (BF_ROUNDS + 2)
#define BOX_WORDS ((size_t)4 * 256)
#define STATE_WORDS (ROUND_WORDS + BOX_WORDS)
#define GUARD_WORDS 2                               /* take up what division cuts off */
#define FIXED_WORDS (1 + STATE_WORDS + GUARD_WORDS) /* the whole part first */
#define HASH_BYTES 32
#define DIGEST_BYTES 64
#define MAX_SALT_BYTES ((size_t)1024 * 1024)
#define MAX_KEY_BYTES 1024

/* What a hash works with: locked, since it follows from the passphrase. */
struct work {
    BF_KEY state;
    BF_KEY initial;
    uint8_t passphrase[DIGEST_BYTES];
    uint8_t salt[DIGEST_BYTES];
    uint8_t hash[HASH_BYTES];
    uint8_t block[HASH_BYTES];
};

/* X / DIVISOR; words before *FIRST are zero, and are passed over. */
static void divide(uint32_t x[static FIXED_WORDS], uint32_t divisor, size_t *first)
{
    uint64_t rest = 0;
    for (size_t i = *first; i < FIXED_WORDS; i++) {
        rest = rest << 32 | x[i];
        x[i] = (uint32_t)(rest / divisor);
        rest %= divisor;
    }
    while (*first < FIXED_WORDS && x[*first] == 0) {
        (*first)++;
    }
}

static void add(uint32_t sum[static FIXED_WORDS], const uint32_t x[static FIXED_WORDS], bool minus)
{
    uint64_t carry = minus ? 1 : 0;
    for (size_t i = FIXED_WORDS; i-- > 0;) {
        carry += (uint64_t)sum[i] + (minus ? ~x[i] : x[i]);
        sum[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* Adds FACTOR x arctan(1/K), or takes it away: FACTOR x (1/K - 1/3K^3 + 1/5K^5 - ...). */
static void add_arctan(uint32_t sum[static FIXED_WORDS], uint32_t factor, uint32_t k, bool minus)
{
    uint32_t power[FIXED_WORDS] = {factor};
    uint32_t term[FIXED_WORDS];
    size_t first = 0;
    divide(power, k, &first);
    for (uint32_t n = 1; first < FIXED_WORDS; n += 2) {
        size_t term_first = first;
        memcpy(term, power, sizeof term);
        divide(term, n, &term_first);
        add(sum, term, minus != (n % 4 == 3));
        divide(power, k * k, &first);
    }
}

void bcrypt_initial_state(BF_KEY *ret_state)
{
    /* Machin's formula: a tenth of a second saves a table of a thousand numbers. */
    uint32_t pi[FIXED_WORDS] = {0};
    add_arctan(pi, 16, 5, false);
    add_arctan(pi, 4, 239, true);
    for (size_t i = 0; i < ROUND_WORDS; i++) {
        ret_state->P[i] = pi[1 + i];
    }
    for (size_t i = 0; i < BOX_WORDS; i++) {
        ret_state->S[i] = pi[1 + ROUND_WORDS + i];
    }
}

/* The next word of BYTES, read round and round; zero where there are none. */
static uint32_t next_word(struct bulla_bytes bytes, size_t *at)
{
    uint32_t word = 0;
    for (int i = 0; i < 4 && bytes.len > 0; i++) {
        word = word << 8 | bytes.data[*at % bytes.len];
        (*at)++;
    }
    return word;
}

/* Fills WORDS (COUNT of them) with what enciphering PAIR again and again gives. */
static void fill(BF_KEY *state, struct bulla_bytes salt, size_t *at, BF_LONG pair[static 2],
                 BF_LONG *words, size_t count)
{
    for (size_t i = 0; i < count; i += 2) {
        pair[0] ^= next_word(salt, at);
        pair[1] ^= next_word(salt, at);
        BF_encrypt(pair, state);
        words[i] = pair[0];
        words[i + 1] = pair[1];
    }
}

void bcrypt_expand(BF_KEY *state, struct bulla_bytes salt, struct bulla_bytes key)
{
    BF_LONG pair[2] = {0, 0};
    size_t at = 0;
    for (size_t i = 0; i < ROUND_WORDS; i++) {
        state->P[i] ^= next_word(key, &at);
    }
    at = 0;
    fill(state, salt, &at, pair, state->P, ROUND_WORDS);
    fill(state, salt, &at, pair, state->S, BOX_WORDS);
}

/* One bcrypt hash of the digests in WORK, into its hash. */
static void hash(struct work *work)
{
    static const char magic[] = "OxychromaticBlowfishSwatDynamite";
    const struct bulla_bytes none = {NULL, 0};
    const struct bulla_bytes passphrase = bulla_bytes(work->passphrase, DIGEST_BYTES);
    const struct bulla_bytes salt = bulla_bytes(work->salt, DIGEST_BYTES);
    BF_LONG words[HASH_BYTES / 4];
    size_t at = 0;
    work->state = work->initial;
    bcrypt_expand(&work->state, salt, passphrase);
    for (int i = 0; i < 64; i++) {
        bcrypt_expand(&work->state, none, salt);
        bcrypt_expand(&work->state, none, passphrase);
    }
    for (size_t i = 0; i < HASH_BYTES / 4; i++) {
        words[i] = next_word(bulla_bytes(magic, HASH_BYTES), &at);
    }
    for (int i = 0; i < 64; i++) {
        for (size_t k = 0; k < HASH_BYTES / 4; k += 2) {
            BF_encrypt(words + k, &work->state);
        }
    }
    for (size_t i = 0; i < HASH_BYTES; i++) {
        work->hash[i] = (uint8_t)(words[i / 4] >> (8 * (i % 4)));
    }
    bulla_wipe(words, sizeof words);
}

/* Block NUMBER (from 1): the hashes of all rounds, each of the one before, added bit by bit. */
static void derive_block(struct work *work, struct bulla_bytes salt, uint32_t number,
                         uint32_t rounds)
{
    const uint8_t suffix[] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
                              (uint8_t)(number >> 8), (uint8_t)number};
    const struct bulla_bytes parts[] = {salt, bulla_bytes(suffix, sizeof suffix)};
    prim_sha512(work->salt, parts, 2);
    hash(work);
    memcpy(work->block, work->hash, sizeof work->block);
    for (uint32_t i = 1; i < rounds; i++) {
        const struct bulla_bytes before = bulla_bytes(work->hash, sizeof work->hash);
        prim_sha512(work->salt, &before, 1);
        hash(work);
        for (size_t k = 0; k < sizeof work->block; k++) {
            work->block[k] ^= work->hash[k];
        }
    }
}

bool bcrypt_pbkdf(struct bulla_bytes passphrase, struct bulla_bytes salt, uint32_t rounds,
                  uint8_t *out, size_t len, struct bulla_error *err)
{
    if (rounds < 1 || rounds > BCRYPT_MAX_ROUNDS || len < 1 || len > MAX_KEY_BYTES ||
        salt.len > MAX_SALT_BYTES) {
        return bulla_error(err, BULLA_E_INVALID, "rounds or sizes that no ssh key has");
    }
    bulla_auto_secret memory = bulla_secret_new(sizeof(struct work), err);
    if (memory == NULL) {
        return false;
    }
    struct work *work = (struct work *)(void *)bulla_secret_room(memory);
    bcrypt_initial_state(&work->initial);
    prim_sha512(work->passphrase, &passphrase, 1);
    /* Each block gives every stride-th byte, so that all blocks have to be made for any of it. */
    size_t stride = (len + HASH_BYTES - 1) / HASH_BYTES;
    for (size_t block = 0; block < stride; block++) {
        derive_block(work, salt, (uint32_t)block + 1, rounds);
        for (size_t i = 0; i * stride + block < len; i++) {
            out[i * stride + block] = work->block[i];
        }
    }
    return true;
}
