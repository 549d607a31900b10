/*
 * Post-quantum keys and keys in hardware. tests/data/age holds files that age 1.3.2 wrote to keys
 * which exist for these tests alone. Where this build has no ML-KEM, that it says so is the test.
 */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <stdio.h>
#include <string.h>

#include "age/hpke.h"
#include "age/hybrid.h"
#include "age/recipient.h"
#include "bulla/codec.h"
#include "bulla/file.h"
#include "bulla/mem.h"
#include "codec/bech32.h"
#include "crypto/prim.h"

#include "unit.h"

#define FOLDER BULLA_TEST_DATA "/age/"
#define X25519_KEY "AGE-SECRET-KEY-1X47QTD8CDYFLEV0D4H0MNUPAPRTQLTL0NPQRR8GMQASW7T8AVEWQCTPWHJ"
#define X25519_RECIPIENT "age12dxclf2rgjg4xahp2hwudy0mtpk3cv6xt326em9jtv3pky40wfhshtfhwy"

/* A key of P-256 as hardware would hold it. */
#define TAG_RECIPIENT "age1tag1qgelrx5dc6q4r25rm30aqq3255z0htjfgc0gnwnry0g9ad8w9dahy2lc223"
#define TAG_PACKED "0233f19a8dc68151aa83dc5fd0022aa504fbae49461e89ba6323d05eb4ee2b7b72"
#define TAG_SCALAR "b7a132be20a7f25b7018dd296f7ff40a528ad0059e81e5ee802c39588f58093b"

static bool has_mlkem(void)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    return mlkem_require(&err);
}

static void read_file(const char *name, struct bulla_buf *out)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str path = bulla_asprintf(&err, FOLDER "%s", name);
    bulla_buf_init_secret(out, 1 << 20);
    assert_ok(bulla_file_read(path, 1 << 20, out, &err), err);
}

/* The identity of tests/data/age, or NULL with ERR. */
static struct bulla_identities *pq_identity(struct bulla_error *err)
{
    bulla_auto_buf text;
    read_file("pq-identity.txt", &text);
    return bulla_identities_parse(bulla_buf_view(&text), "key.txt", err);
}

static bool encrypt_to(const char *const *texts, size_t count, struct bulla_buf *out,
                       struct bulla_error *err)
{
    bulla_auto_recipients list = bulla_recipients_new(NULL, err);
    for (size_t i = 0; i < count; i++) {
        if (!bulla_recipients_add(list, texts[i], err)) {
            return false;
        }
    }
    return bulla_age_encrypt(list, LIT("tagged\n"), out, err);
}

START_TEST(a_post_quantum_identity_opens_what_age_wrote)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf file;
    bulla_auto_buf text;
    read_file("pq.age", &file);
    bulla_buf_init_secret(&text, 4096);
    bulla_auto_identities identities = pq_identity(&err);
    if (!has_mlkem()) {
        ck_assert_ptr_null(identities);
        ck_assert_int_eq(err.code, BULLA_E_REFUSED);
        ck_assert_str_eq(err.file, "key.txt");
        ck_assert_uint_eq(err.pos.line, 3);
        ck_assert_ptr_nonnull(strstr(err.message, "ML-KEM"));
        return;
    }
    assert_ok(identities != NULL, err);
    assert_ok(bulla_age_decrypt(identities, bulla_buf_view(&file), &text, &err), err);
    assert_bytes(bulla_buf_view(&text), "hybrid\n");
    /* age-keygen has written the recipient into the comment. */
    bulla_auto_buf key;
    read_file("pq-identity.txt", &key);
    const char *recipient = bulla_identities_recipient(identities, 0);
    ck_assert_uint_eq(strlen(recipient), BULLA_AGE_PQ_RECIPIENT_CHARS);
    ck_assert_ptr_nonnull(memmem(key.data, key.len, recipient, strlen(recipient)));
    ck_assert_uint_eq(bulla_identities_secret(identities, 0).len, 0);
}
END_TEST

START_TEST(an_identity_that_does_not_match_says_so_and_where_ml_kem_is_missing_that)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf file;
    bulla_auto_buf text;
    read_file("pq.age", &file);
    bulla_buf_init_secret(&text, 4096);
    bulla_auto_identities identities =
        bulla_identities_parse(LIT(X25519_KEY "\n"), "key.txt", &err);
    ck_assert(!bulla_age_decrypt(identities, bulla_buf_view(&file), &text, &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    ck_assert_str_eq(err.message, "no identity opens the age file");
    ck_assert_int_eq(strstr(err.hint, "ML-KEM") == NULL, has_mlkem());
}
END_TEST

START_TEST(new_post_quantum_identities_open_what_is_encrypted_to_them_and_nothing_else)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf key;
    bulla_auto_buf file;
    bulla_auto_buf text;
    bulla_auto_str recipient = NULL;
    bulla_buf_init_secret(&key, 1 << 16);
    bulla_buf_init(&file, 1 << 16);
    bulla_buf_init_secret(&text, 4096);
    bulla_buf_puts(&key, "# before\n");
    bool ok = bulla_identity_new_pq(0, &key, &recipient, &err);
    if (!has_mlkem()) {
        ck_assert(!ok && err.code == BULLA_E_REFUSED);
        assert_bytes(bulla_buf_view(&key), "# before\n");
        return;
    }
    assert_ok(ok, err);
    bulla_auto_identities own = bulla_identities_parse(bulla_buf_view(&key), "key.txt", &err);
    assert_ok(own != NULL, err);
    ck_assert_str_eq(bulla_identities_recipient(own, 0), recipient);
    bulla_auto_identities other = pq_identity(&err);
    const char *to[] = {recipient, bulla_identities_recipient(other, 0)};
    assert_ok(encrypt_to(to, 1, &file, &err), err);
    ck_assert(!bulla_age_decrypt(other, bulla_buf_view(&file), &text, &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    assert_ok(bulla_age_decrypt(own, bulla_buf_view(&file), &text, &err), err);
    assert_bytes(bulla_buf_view(&text), "tagged\n");
    bulla_buf_clear(&file);
    bulla_buf_clear(&text);
    assert_ok(encrypt_to(to, 2, &file, &err), err);
    assert_ok(bulla_age_decrypt(other, bulla_buf_view(&file), &text, &err), err);
    assert_bytes(bulla_buf_view(&text), "tagged\n");
}
END_TEST

/* Every byte of the stanza's two lines: no match or a refusal, never a text. */
START_TEST(a_changed_post_quantum_stanza_opens_nothing)
{
    if (!has_mlkem()) {
        return;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf file;
    bulla_auto_buf text;
    read_file("pq.age", &file);
    bulla_buf_init_secret(&text, 4096);
    bulla_auto_identities identities = pq_identity(&err);
    assert_ok(identities != NULL, err);
    const uint8_t *mac = memmem(file.data, file.len, "\n---", 4);
    for (size_t at = sizeof AGE_VERSION_LINE - 1; file.data + at < mac; at += 7) {
        err = (struct bulla_error)BULLA_ERROR_INIT;
        file.data[at] ^= 1;
        ck_assert_msg(!bulla_age_decrypt(identities, bulla_buf_view(&file), &text, &err),
                      "byte %zu", at);
        ck_assert_msg(err.code == BULLA_E_SYNTAX || err.code == BULLA_E_IDENTITY, "byte %zu: %s",
                      at, err.message);
        file.data[at] ^= 1;
    }
}
END_TEST

static const struct {
    const char *what;
    const char *line; /* "%s": 1,120 bytes in base64, of zero */
    size_t body;
    const char *says;
} bad_stanzas[] = {
    {"no argument", "mlkem768x25519", 32, "one argument, 1120 bytes"},
    {"a short argument", "mlkem768x25519 AAAA", 32, "one argument, 1120 bytes"},
    {"two arguments", "mlkem768x25519 %s x", 32, "one argument, 1120 bytes"},
    {"a short body", "mlkem768x25519 %s", 16, "has 16 bytes, not 32"},
    {"a long body", "mlkem768x25519 %s", 33, "has 33 bytes, not 32"},
};

START_TEST(a_post_quantum_stanza_has_its_form_in_every_build)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    static const uint8_t zero[MLKEM_SEALED_BYTES + 32];
    bulla_auto_buf share;
    bulla_auto_buf file;
    bulla_auto_buf text;
    bulla_buf_init(&share, 4096);
    bulla_buf_init(&file, 1 << 16);
    bulla_buf_init_secret(&text, 4096);
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(zero, sizeof zero), &share);
    char line[2048];
    const char *marker = strstr(bad_stanzas[_i].line, "%s");
    size_t before =
        marker == NULL ? strlen(bad_stanzas[_i].line) : (size_t)(marker - bad_stanzas[_i].line);
    (void)snprintf(line, sizeof line, "%.*s%s%s", (int)before, bad_stanzas[_i].line,
                   marker == NULL ? "" : bulla_buf_text(&share, &err),
                   marker == NULL ? "" : marker + 2);
    bulla_buf_puts(&file, AGE_VERSION_LINE "-> ");
    bulla_buf_puts(&file, line);
    bulla_buf_putc(&file, '\n');
    age_put_body(bulla_bytes(zero, bad_stanzas[_i].body), &file);
    bulla_buf_puts(&file, "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
    bulla_auto_identities identities =
        bulla_identities_parse(LIT(X25519_KEY "\n"), "key.txt", &err);
    ck_assert_msg(!bulla_age_decrypt(identities, bulla_buf_view(&file), &text, &err), "%s",
                  bad_stanzas[_i].what);
    ck_assert_int_eq(err.code, BULLA_E_SYNTAX);
    ck_assert_uint_eq(err.pos.line, 2);
    ck_assert_msg(strstr(err.message, bad_stanzas[_i].says) != NULL, "%s: %s", bad_stanzas[_i].what,
                  err.message);
}
END_TEST

START_TEST(post_quantum_recipients_stand_beside_their_like_only)
{
    if (!has_mlkem()) {
        return;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf file;
    bulla_buf_init(&file, 1 << 16);
    bulla_auto_identities identities = pq_identity(&err);
    const char *both[] = {bulla_identities_recipient(identities, 0), X25519_RECIPIENT};
    ck_assert(!encrypt_to(both, 2, &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert_ptr_nonnull(strstr(err.message, "do not go together"));
    ck_assert_ptr_nonnull(strstr(err.hint, "post-quantum"));
    const char *turned[] = {both[1], both[0]};
    ck_assert(!encrypt_to(turned, 2, &file, &err));
    ck_assert_ptr_nonnull(strstr(err.hint, "post-quantum"));
    const char *with_tag[] = {both[0], TAG_RECIPIENT};
    ck_assert(!encrypt_to(with_tag, 2, &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert_uint_eq(file.len, 0);
}
END_TEST

/* The recipient of KEY with PREFIX, owned. */
static char *recipient_of(const char *prefix, struct bulla_bytes key)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, 4096);
    bech32_encode(prefix, key, BECH32_LOWER, &text);
    return bulla_strdup(bulla_buf_text(&text, &err), &err);
}

START_TEST(recipients_that_are_none_are_refused)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t key[PQ_TAG_KEY_BYTES] = {0};
    bulla_auto_buf file;
    bulla_buf_init(&file, 1 << 16);
    bulla_auto_str shorter = recipient_of("age1pq", bulla_bytes(key, PQ_KEY_BYTES - 1));
    ck_assert(!bulla_recipient_check(shorter, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert_str_eq(err.message, "the recipient has the wrong length");
    ck_assert(!bulla_recipient_check("AGE1PQ1QQQ", &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert(!bulla_recipient_check("age1tag1qgelrx5dc6q4r25rm30aqq3255z0htjfgc0gn", &err));
    ck_assert_ptr_nonnull(strstr(err.message, "mistyped or cut off"));
    /* Not on the curve; not one of the two forms; coefficients that are too large for ML-KEM. */
    bulla_auto_str no_point = recipient_of("age1tag", bulla_bytes(key, TAG_KEY_BYTES));
    ck_assert(!encrypt_to((const char *[]){no_point}, 1, &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert_ptr_nonnull(strstr(err.message, "no point of P-256"));
    memset(key, 0xff, sizeof key);
    bulla_auto_str no_key = recipient_of("age1pq", bulla_bytes(key, PQ_KEY_BYTES));
    bulla_auto_str no_tag = recipient_of("age1tagpq", bulla_bytes(key, PQ_TAG_KEY_BYTES));
    ck_assert(!encrypt_to((const char *[]){no_key}, 1, &file, &err));
    ck_assert_int_eq(err.code, has_mlkem() ? BULLA_E_INVALID : BULLA_E_REFUSED);
    ck_assert(!encrypt_to((const char *[]){no_tag}, 1, &file, &err));
    ck_assert_int_eq(err.code, has_mlkem() ? BULLA_E_INVALID : BULLA_E_REFUSED);
    ck_assert_uint_eq(file.len, 0);
}
END_TEST

/* The test key's public point. */
static void own_point(uint8_t ret_point[static P256_POINT_BYTES])
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t packed[33];
    size_t len = 0;
    ck_assert(bulla_hex_decode(bulla_bytes_of(TAG_PACKED), packed, sizeof packed, &len));
    assert_ok(p256_unpack(bulla_bytes(packed, sizeof packed), ret_point, &err), err);
}

/* What the hardware would do: the x coordinate that the test key shares with SHARE. */
static void agree(const uint8_t share[static P256_POINT_BYTES], uint8_t ret_shared[static 32])
{
    uint8_t own_key[P256_POINT_BYTES];
    uint8_t scalar[32];
    size_t len = 0;
    own_point(own_key);
    ck_assert(bulla_hex_decode(bulla_bytes_of(TAG_SCALAR), scalar, sizeof scalar, &len));
    BIGNUM *number = BN_bin2bn(scalar, sizeof scalar, NULL);
    EVP_PKEY *own = NULL;
    EVP_PKEY *peer = EVP_PKEY_new();
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    ck_assert(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) &&
              OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, own_key, 65) &&
              OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, number));
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *made = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    ck_assert(EVP_PKEY_fromdata_init(made) == 1 &&
              EVP_PKEY_fromdata(made, &own, EVP_PKEY_KEYPAIR, params) == 1);
    ck_assert(EVP_PKEY_copy_parameters(peer, own) == 1 &&
              EVP_PKEY_set1_encoded_public_key(peer, share, P256_POINT_BYTES) == 1);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    len = 32;
    ck_assert(EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peer) == 1 &&
              EVP_PKEY_derive(context, ret_shared, &len) == 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_CTX_free(made);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_free(peer);
    EVP_PKEY_free(own);
    BN_free(number);
}

/* The share behind the tag, which has to be the one of RFC 9180's label and HASHED's hash. */
static void take_share(const struct age_stanza *stanza, const char *info, struct bulla_bytes hashed,
                       uint8_t *ret_share, size_t want_len)
{
    uint8_t hash[32];
    uint8_t want[32];
    uint8_t tag[4];
    size_t len = 0;
    ck_assert_uint_gt(stanza->arguments.len, 7);
    ck_assert(bulla_base64_decode(BULLA_BASE64_UNPADDED, bulla_bytes_slice(stanza->arguments, 0, 6),
                                  tag, 4, &len));
    ck_assert(bulla_base64_decode(BULLA_BASE64_UNPADDED,
                                  bulla_bytes_slice(stanza->arguments, 7, stanza->arguments.len),
                                  ret_share, want_len, &len));
    ck_assert_uint_eq(len, want_len);
    prim_sha256(hash, hashed);
    const struct bulla_bytes parts[] = {bulla_bytes(ret_share, len), bulla_bytes(hash, 4)};
    prim_hmac(want, bulla_bytes_of(info), parts, 2);
    ck_assert(memcmp(want, tag, 4) == 0);
}

/* Opens a p256tag stanza as its hardware would, by RFC 9180's text. */
static bool open_tag(const struct age_stanza *stanza, struct age_keys *keys)
{
    static const uint8_t suite_name[] = {'K', 'E', 'M', 0, 0x10};
    const struct bulla_bytes suite = bulla_bytes(suite_name, sizeof suite_name);
    uint8_t packed[33];
    uint8_t context[130];
    uint8_t shared[32];
    uint8_t prk[32];
    size_t len = 0;
    ck_assert(bulla_hex_decode(bulla_bytes_of(TAG_PACKED), packed, sizeof packed, &len));
    take_share(stanza, "age-encryption.org/p256tag", bulla_bytes(packed, 33), context, 65);
    own_point(context + 65);
    agree(context, shared);
    hpke_extract(prk, suite, bulla_bytes(NULL, 0), "eae_prk", bulla_bytes(shared, 32));
    hpke_expand(keys->shared, suite, prk, "shared_secret", bulla_bytes(context, 130), 32);
    return hpke_open_wrapped_key(stanza, 0x0010, "age-encryption.org/p256tag", keys);
}

/* The same for mlkem768p256tag; its ML-KEM seed is 0, 1, … 63. */
static bool open_pq_tag(const struct age_stanza *stanza, struct age_keys *keys)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t share[MLKEM_SEALED_BYTES + 65];
    uint8_t own[65];
    uint8_t seed[64];
    uint8_t shared[64];
    for (uint8_t i = 0; i < sizeof seed; i++) {
        seed[i] = i;
    }
    own_point(own);
    take_share(stanza, "age-encryption.org/mlkem768p256tag", bulla_bytes(own, 65), share,
               sizeof share);
    agree(share + MLKEM_SEALED_BYTES, shared + 32);
    assert_ok(mlkem_open(seed, share, shared, &err), err);
    const struct bulla_bytes parts[] = {bulla_bytes(shared, 64),
                                        bulla_bytes(share + MLKEM_SEALED_BYTES, 65),
                                        bulla_bytes(own, 65), LIT("MLKEM768-P256")};
    assert_ok(sha3_256(keys->shared, parts, 4, &err), err);
    return hpke_open_wrapped_key(stanza, 0x0050, "age-encryption.org/mlkem768p256tag", keys);
}

/* Opens FILE's first stanza with OPEN; the MAC tells whether it is the file's key. */
static void assert_opens(struct bulla_bytes file, const char *type,
                         bool (*open)(const struct age_stanza *, struct age_keys *))
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct age_header header;
    struct age_keys *keys = NULL;
    uint8_t mac[AGE_MAC_BYTES];
    bulla_auto_secret memory = age_keys_new(&keys, &err);
    assert_ok(memory != NULL, err);
    assert_ok(age_header_parse(file, &header, &err), err);
    ck_assert(bulla_bytes_are(header.stanzas[0].type, type));
    ck_assert(open(&header.stanzas[0], keys));
    age_header_mac(keys, header.authenticated, mac);
    ck_assert(memcmp(mac, header.mac, sizeof mac) == 0);
    age_header_release(&header);
}

START_TEST(tag_stanzas_are_those_of_age)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf theirs;
    bulla_auto_buf ours;
    read_file("tag.age", &theirs);
    bulla_buf_init(&ours, 1 << 16);
    assert_opens(bulla_buf_view(&theirs), "p256tag", open_tag);
    assert_ok(encrypt_to((const char *[]){TAG_RECIPIENT}, 1, &ours, &err), err);
    assert_opens(bulla_buf_view(&ours), "p256tag", open_tag);
    /* It is no post-quantum one, and stands beside others. */
    bulla_buf_clear(&ours);
    assert_ok(encrypt_to((const char *[]){TAG_RECIPIENT, X25519_RECIPIENT}, 2, &ours, &err), err);
}
END_TEST

START_TEST(post_quantum_tag_stanzas_are_those_of_age)
{
    if (!has_mlkem()) {
        return;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t key[PQ_TAG_KEY_BYTES];
    uint8_t seed[64];
    bulla_auto_buf theirs;
    bulla_auto_buf ours;
    for (uint8_t i = 0; i < sizeof seed; i++) {
        seed[i] = i;
    }
    assert_ok(mlkem_public(seed, key, &err), err);
    own_point(key + MLKEM_PUBLIC_BYTES);
    bulla_auto_str recipient = recipient_of("age1tagpq", bulla_bytes(key, sizeof key));
    read_file("tagpq.age", &theirs);
    bulla_buf_init(&ours, 1 << 16);
    assert_opens(bulla_buf_view(&theirs), "mlkem768p256tag", open_pq_tag);
    assert_ok(encrypt_to((const char *[]){recipient}, 1, &ours, &err), err);
    assert_opens(bulla_buf_view(&ours), "mlkem768p256tag", open_pq_tag);
    /* A point in another form than the uncompressed one is none. */
    key[MLKEM_PUBLIC_BYTES] = (uint8_t)(6 + (key[sizeof key - 1] & 1));
    bulla_auto_str mixed = recipient_of("age1tagpq", bulla_bytes(key, sizeof key));
    bulla_buf_clear(&ours);
    ck_assert(!encrypt_to((const char *[]){mixed}, 1, &ours, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("age_hybrid");
    TCase *tcase = tcase_create("keys");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_post_quantum_identity_opens_what_age_wrote);
    tcase_add_test(tcase, an_identity_that_does_not_match_says_so_and_where_ml_kem_is_missing_that);
    tcase_add_test(tcase,
                   new_post_quantum_identities_open_what_is_encrypted_to_them_and_nothing_else);
    tcase_add_test(tcase, a_changed_post_quantum_stanza_opens_nothing);
    tcase_add_loop_test(tcase, a_post_quantum_stanza_has_its_form_in_every_build, 0,
                        COUNT(bad_stanzas));
    tcase_add_test(tcase, post_quantum_recipients_stand_beside_their_like_only);
    tcase_add_test(tcase, recipients_that_are_none_are_refused);
    tcase_add_test(tcase, tag_stanzas_are_those_of_age);
    tcase_add_test(tcase, post_quantum_tag_stanzas_are_those_of_age);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
