#include "bulla/age.h"

#include <stdio.h>
#include <string.h>

#include "age/age_internal.h"
#include "age/recipient.h"
#include "bulla/codec.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "codec/bech32.h"
#include "crypto/prim.h"

#include "unit.h"

/* Keys that exist for these tests alone, made by age-keygen 1.1.1. */
#define KEY_A "AGE-SECRET-KEY-1X47QTD8CDYFLEV0D4H0MNUPAPRTQLTL0NPQRR8GMQASW7T8AVEWQCTPWHJ"
#define KEY_B "AGE-SECRET-KEY-1T43Q5KTQWYERL249W7LRQHPGX65SAKEA0KZPUTZVZMZXZ8E44XTSD3YRTW"
#define RECIPIENT_A "age12dxclf2rgjg4xahp2hwudy0mtpk3cv6xt326em9jtv3pky40wfhshtfhwy"
#define RECIPIENT_B "age1hn65wk6gfhmze7fnkewgqs3szr48g5kgj8w3jt724dzpq7awc9zqt50paq"

/* "a stack keeps its secrets" LF to both, and nothing to A, written by age 1.1.1. */
#define FILE_BOTH                                                                                  \
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBhU1Y5UnNWdjMvOUlLY09VTXFsSGxpNW1MSU9VblF5LzE4bWRT" \
    "NlNXNEdZCmhKcUo5Z0taSERsMWJoVE9zU0wyUjJDMERIOWlSTWZ4THV2TnFJYzNkT0EKLT4gWDI1NTE5IEM1K1YvcW1I" \
    "dGFOb1EyQzJISUpSTGhvYnBMRVZDYkpHem1Wa2pUTUJlbHcKSk1pQWViZER5cFMxMWgzdmZQS0Y4ek13RU5CYk05RnNi" \
    "RWJHWXpWbXJtdwotLS0gbmVOTjFyb0ZMQUxIemNOME13WWpydGNnc0EvL2EwUDFDQzJGdjdkVHBQUQoe4imJwKaPaGok" \
    "CVfwoKwhGg8meq/yvfSvkW5bqJyfjHB7nCQYJMqKhv7pp8tKCfKf5BIVN8pNF0dZ"
#define FILE_EMPTY                                                                                 \
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBCUWVtNEdGN3ZtUDJPaTNsU1RuWFYweVBBM1Q4RnNHYTNnTkpB" \
    "OXFSaXdJClB4djJMUVVGSUlvaGhCMURiZSs3dXJqV1FCd2FVL0tsZ0F2OWJmR3NscFkKLS0tIEhIYzBWVmFXekdIM0J1" \
    "dVlwTXhkZTlBY3FqcHZzZXJaYXg4SHo1UTZITDgKrg0DKev6Pccm7rvRzSWd+HDdsPQnA71sDC/+DuPyJE8="

static struct bulla_identities *identities_of(const char *text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_identities *identities =
        bulla_identities_parse(bulla_bytes_of(text), "key.txt", &err);
    assert_ok(identities != NULL, err);
    return identities;
}

/* What bulla_age_encrypt does for COUNT recipients given as text. */
static bool encrypt_to(const char *const *recipients, size_t count, struct bulla_bytes text,
                       struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_recipients list = bulla_recipients_new(NULL, err);
    for (size_t i = 0; i < count && list != NULL; i++) {
        if (!bulla_recipients_add(list, recipients[i], err)) {
            return false;
        }
    }
    return list != NULL && bulla_age_encrypt(list, text, out, err);
}

static struct bulla_bytes decode_file(const char *text, uint8_t *out, size_t cap)
{
    size_t len = 0;
    ck_assert(bulla_base64_decode(BULLA_BASE64, bulla_bytes_of(text), out, cap, &len));
    return bulla_bytes(out, len);
}

START_TEST(identities_are_read_with_comments_and_line_ends)
{
    bulla_auto_identities identities =
        identities_of("# created: 2026-11-20T11:38:34Z\r\n# bulla-root 8Gk+/Q\r\n\r\n" KEY_A
                      "\r\n#" KEY_A "\n# bulla-root 8Gk+/Q\n" KEY_B);
    ck_assert_uint_eq(bulla_identities_count(identities), 2);
    ck_assert_str_eq(bulla_identities_recipient(identities, 0), RECIPIENT_A);
    ck_assert_str_eq(bulla_identities_recipient(identities, 1), RECIPIENT_B);
    ck_assert_str_eq(bulla_identities_root(identities, 0), "8Gk+/Q");
    ck_assert_ptr_null(bulla_identities_root(identities, 1));
    ck_assert_uint_eq(bulla_identities_secret(identities, 1).len, 32);
    uint8_t public_key[32];
    struct bulla_error err = BULLA_ERROR_INIT;
    struct recipient want;
    prim_x25519_public(public_key, bulla_identities_secret(identities, 1).data);
    assert_ok(recipient_parse(RECIPIENT_B, &want, &err), err);
    ck_assert(prim_equal(public_key, want.key, 32));
    recipient_release(&want);
}
END_TEST

START_TEST(identities_remember_the_roots_of_several_vaults)
{
    bulla_auto_identities identities =
        identities_of("# bulla-root a\n" KEY_A "\n# bulla-root b\n# bulla-root a\n");
    ck_assert_str_eq(bulla_identities_root(identities, 0), "a");
    ck_assert_str_eq(bulla_identities_root(identities, 1), "b");
    ck_assert_ptr_null(bulla_identities_root(identities, 2));
}
END_TEST

START_TEST(identities_without_a_root_have_none)
{
    bulla_auto_identities identities = identities_of("# bulla-rooted x\n" KEY_A "\n");
    ck_assert_ptr_null(bulla_identities_root(identities, 0));
}
END_TEST

static const struct {
    const char *what;
    const char *text;
    enum bulla_code code;
    uint32_t line;
    uint32_t col;
    const char *says;
} identity_failures[] = {
    {"an empty file", "", BULLA_E_MISSING, 0, 0, "no identity"},
    {"only comments", "# x\n\n", BULLA_E_MISSING, 0, 0, "no identity"},
    {"a recipient", "#\n" RECIPIENT_A "\n", BULLA_E_SYNTAX, 2, 1, "a recipient (age1"},
    {"a mistyped key",
     KEY_A "\nAGE-SECRET-KEY-1X47QTD8CDYFLEV0D4H0MNUPAPRTQLTL0NPQRR8GMQASW7T8AVEWQCTPWHQ\n",
     BULLA_E_SYNTAX, 2, 1, "checksum"},
    {"small letters", "age-secret-key-1x47qtd8cdyflev0d4h0mnupaprtqltl0npqrr8gmqasw7t8avewqctpwhj",
     BULLA_E_SYNTAX, 1, 1, "case"},
    {"mixed letters", "AGE-SECRET-KEY-1x47QTD8CDYFLEV0D4H0MNUPAPRTQLTL0NPQRR8GMQASW7T8AVEWQCTPWHJ",
     BULLA_E_SYNTAX, 1, 1, "mixed"},
    {"a key of three bytes", "AGE-SECRET-KEY-1QYPQX3EX7Z6", BULLA_E_SYNTAX, 1, 1, ""},
    {"a blank before it", " " KEY_A "\n", BULLA_E_SYNTAX, 1, 1, "not an identity"},
    {"a blank behind it", KEY_A " \n", BULLA_E_SYNTAX, 1, 1, "character"},
    {"a byte order mark", "\xef\xbb\xbf" KEY_A "\n", BULLA_E_SYNTAX, 1, 1, "not an identity"},
    {"not UTF-8", "#\n# \xff\n" KEY_A, BULLA_E_SYNTAX, 2, 3, "UTF-8"},
    {"an ssh key that is none", KEY_A "\n-----BEGIN OPENSSH PRIVATE KEY-----\nx\n", BULLA_E_SYNTAX,
     2, 1, "the ssh key is damaged"},
    {"an ssh public key", "ssh-ed25519 AAAA\n", BULLA_E_SYNTAX, 1, 1, "ssh public key"},
    {"a certificate", "-----BEGIN CERTIFICATE-----\n", BULLA_E_SYNTAX, 1, 1, "PEM"},
    {"PKCS#8 that is none", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
     BULLA_E_SYNTAX, 1, 1, "not a whole RSA or Ed25519"},
    {"a plugin's identity that is mistyped", "AGE-PLUGIN-BATCHPASS-1JCS0Q8\n", BULLA_E_SYNTAX, 1, 1,
     "checksum"},
    {"a plugin whose name is a path", "AGE-PLUGIN-../X-1JCS0Q9\n", BULLA_E_SYNTAX, 1, 1,
     "its form"},
    {"a post-quantum identity", "AGE-SECRET-KEY-PQ-1XYZ\n", BULLA_E_SYNTAX, 1, 1,
     "has the wrong length"},
    {"a root of two words", "# bulla-root a b\n" KEY_A "\n", BULLA_E_SYNTAX, 1, 1, "one id"},
    {"a root of nothing", KEY_A "\n# bulla-root \n", BULLA_E_SYNTAX, 2, 1, "one id"},
};

START_TEST(identities_are_refused_with_the_line)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *what = identity_failures[_i].what;
    struct bulla_identities *identities =
        bulla_identities_parse(bulla_bytes_of(identity_failures[_i].text), "key.txt", &err);
    ck_assert_msg(identities == NULL, "%s", what);
    ck_assert_msg(err.code == identity_failures[_i].code, "%s: code %d", what, (int)err.code);
    ck_assert_msg(err.pos.line == identity_failures[_i].line &&
                      err.pos.col == identity_failures[_i].col,
                  "%s: %u:%u", what, err.pos.line, err.pos.col);
    ck_assert_msg(strstr(err.message, identity_failures[_i].says) != NULL, "%s: %s", what,
                  err.message);
    ck_assert_str_eq(err.file, "key.txt");
    /* Whatever it was, the key stays out of the message. */
    ck_assert_ptr_null(strstr(err.message, "X47QTD8"));
    ck_assert_ptr_null(strstr(err.message, "x47qtd8"));
}
END_TEST

START_TEST(identities_have_a_limit)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    for (int i = 0; i <= AGE_MAX_IDENTITIES; i++) {
        bulla_buf_puts(&text, KEY_A "\n");
    }
    ck_assert_ptr_null(bulla_identities_parse(bulla_buf_view(&text), "key.txt", &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    ck_assert_uint_eq(err.pos.line, AGE_MAX_IDENTITIES + 1);
}
END_TEST

START_TEST(identity_new_is_an_identity_file)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char recipient[BULLA_AGE_RECIPIENT_CHARS + 1];
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, 1024);
    bulla_buf_puts(&text, "# before\n");
    assert_ok(bulla_identity_new(1795174714, &text, recipient, &err), err);
    ck_assert(bulla_bytes_start(bulla_buf_view(&text),
                                "# before\n# created: 2026-11-20T11:38:34Z\n# public key: age1"));
    bulla_auto_identities identities = bulla_identities_parse(bulla_buf_view(&text), "new", &err);
    assert_ok(identities != NULL, err);
    ck_assert_str_eq(bulla_identities_recipient(identities, 0), recipient);
    ck_assert_uint_eq(text.data[text.len - 1], '\n');

    bulla_auto_buf other;
    char second[BULLA_AGE_RECIPIENT_CHARS + 1];
    bulla_buf_init_secret(&other, 1024);
    assert_ok(bulla_identity_new(0, &other, second, &err), err);
    ck_assert_str_ne(recipient, second);
}
END_TEST

START_TEST(identity_new_leaves_the_buffer_as_it_was)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, 100);
    bulla_buf_puts(&text, "kept");
    ck_assert(!bulla_identity_new(0, &text, NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    assert_bytes(bulla_buf_view(&text), "kept");
    assert_ok(bulla_buf_ok(&text, &err), err);
}
END_TEST

static const struct {
    const char *text;
    const char *says;
} recipient_failures[] = {
    {"", "begins with"},
    {"bob", "begins with"},
    {KEY_A, "a secret key"},
    {"age-secret-key-1xyz", "a secret key"},
    {"AGE-PLUGIN-X-1JCS0Q9", "plugin"},
    {"ssh-ed25519 AAAA", "the ssh key is damaged"},
    {"ecdsa-sha2-nistp256 AAAA", "age cannot encrypt to"},
    {"AGE12DXCLF2RGJG4XAHP2HWUDY0MTPK3CV6XT326EM9JTV3PKY40WFHSHTFHWY", "case"},
    {"age12dxclf2rgjg4xahp2hwudy0mtpk3cv6xt326em9jtv3pky40wfhshtfhwz", "checksum"},
    {"age12dxclf2rgjg4xahp2hwudy0mtpk3cv6xt326em9jtv3pky40wfhshtfhw", "checksum"},
    {"age12dxclf2rgjg4xahp2hwudy0mtpk3cv6xt326em9jtv3pky40wfhshtfhwy ", "character"},
    {"age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3q", "checksum"},
    {"age1pwn/pwn1qwt50d05nh5vutpdzmlg5wn80xq5n", "plugin"},
    {"age1", "length"},
};

START_TEST(recipients_are_refused_with_a_reason)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert(!bulla_recipient_check(recipient_failures[_i].text, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert_msg(strstr(err.message, recipient_failures[_i].says) != NULL, "'%s': %s",
                  recipient_failures[_i].text, err.message);
    ck_assert_ptr_null(strstr(err.message, "X47QTD8"));
}
END_TEST

START_TEST(files_of_another_implementation_open)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t file[1024];
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 1024);
    bulla_auto_identities a = identities_of(KEY_A);
    bulla_auto_identities b = identities_of(KEY_B);
    struct bulla_bytes both = decode_file(FILE_BOTH, file, sizeof file);
    assert_ok(bulla_age_decrypt(a, both, &out, &err), err);
    assert_ok(bulla_age_decrypt(b, both, &out, &err), err);
    assert_bytes(bulla_buf_view(&out), "a stack keeps its secrets\na stack keeps its secrets\n");

    bulla_buf_clear(&out);
    struct bulla_bytes empty = decode_file(FILE_EMPTY, file, sizeof file);
    assert_ok(bulla_age_decrypt(a, empty, &out, &err), err);
    ck_assert_uint_eq(out.len, 0);
    bulla_error_clear(&err);
    ck_assert(!bulla_age_decrypt(b, empty, &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
}
END_TEST

static const size_t round_trip_sizes[] = {0,     1,     15,    16,     65519,  65520,  65535,
                                          65536, 65537, 65552, 131071, 131072, 131073, 200000};

START_TEST(encryption_round_trips)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    static uint8_t text[200000];
    size_t len = round_trip_sizes[_i];
    prim_random(text, len);
    const char *const recipients[] = {RECIPIENT_A, RECIPIENT_B};
    bulla_auto_buf file;
    bulla_auto_buf out;
    bulla_buf_init(&file, 300000);
    bulla_buf_init_secret(&out, len);
    assert_ok(encrypt_to(recipients, 2, bulla_bytes(text, len), &file, &err), err);
    bulla_auto_identities b = identities_of(KEY_B);
    assert_ok(bulla_age_decrypt(b, bulla_buf_view(&file), &out, &err), err);
    ck_assert(bulla_bytes_equal(bulla_buf_view(&out), bulla_bytes(text, len)));

    /* Cut or lengthened anywhere near a boundary it does not open, and nothing is left behind. */
    bulla_buf_clear(&out);
    for (size_t cut = 1; cut <= 40; cut++) {
        struct bulla_bytes shorter = bulla_bytes(file.data, file.len - cut);
        ck_assert(!bulla_age_decrypt(b, shorter, &out, &err));
        ck_assert(err.code == BULLA_E_VERIFY || err.code == BULLA_E_SYNTAX);
        ck_assert_uint_eq(out.len, 0);
    }
    bulla_buf_putc(&file, 'x');
    ck_assert(!bulla_age_decrypt(b, bulla_buf_view(&file), &out, &err));
    ck_assert(err.code == BULLA_E_VERIFY || err.code == BULLA_E_LIMIT);
    ck_assert_uint_eq(out.len, 0);
    assert_ok(bulla_buf_ok(&out, &err), err);
}
END_TEST

START_TEST(every_changed_byte_is_noticed)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t file[1024];
    bulla_auto_identities a = identities_of(KEY_A);
    struct bulla_bytes view = decode_file(FILE_BOTH, file, sizeof file);
    for (size_t i = 0; i < view.len; i++) {
        bulla_auto_buf out;
        bulla_buf_init_secret(&out, 1024);
        bulla_buf_puts(&out, "before");
        file[i] ^= 1;
        bulla_error_clear(&err);
        ck_assert_msg(!bulla_age_decrypt(a, view, &out, &err), "byte %zu", i);
        ck_assert(err.code == BULLA_E_SYNTAX || err.code == BULLA_E_VERIFY ||
                  err.code == BULLA_E_IDENTITY);
        assert_bytes(bulla_buf_view(&out), "before");
        file[i] ^= 1;
    }
    for (size_t len = 0; len < view.len; len++) {
        bulla_auto_buf out;
        bulla_buf_init_secret(&out, 1024);
        ck_assert_msg(!bulla_age_decrypt(a, bulla_bytes(file, len), &out, &err), "cut at %zu", len);
    }
}
END_TEST

START_TEST(encryption_refuses_bad_recipients)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf file;
    bulla_buf_init(&file, 4096);
    bulla_buf_puts(&file, "before");
    const char *const recipients[] = {RECIPIENT_A, "age1nobody"};
    ck_assert(!encrypt_to(recipients, 0, LIT("x"), &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert(!encrypt_to(recipients, 2, LIT("x"), &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);

    /* A key of low order would make a file that anybody opens. */
    bulla_auto_buf low;
    bulla_buf_init(&low, 128);
    uint8_t zero[32] = {0};
    bech32_encode("age", bulla_bytes(zero, 32), BECH32_LOWER, &low);
    const char *const low_order[] = {bulla_buf_text(&low, &err)};
    ck_assert(!encrypt_to(low_order, 1, LIT("x"), &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    assert_bytes(bulla_buf_view(&file), "before");
}
END_TEST

START_TEST(encryption_over_the_maximum_leaves_the_buffer)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *const recipients[] = {RECIPIENT_A};
    bulla_auto_buf file;
    bulla_buf_init(&file, 200);
    bulla_buf_puts(&file, "before");
    ck_assert(!encrypt_to(recipients, 1, LIT("a text that is too long"), &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    assert_bytes(bulla_buf_view(&file), "before");
    assert_ok(bulla_buf_ok(&file, &err), err);
}
END_TEST

#define V1 "age-encryption.org/v1\n"
#define SHARE "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc"
#define BODY "hjabGXwSLQ9c3S6Lw2i+S2Tu2fiwQHHslbBN6B41FLE\n"
#define COLUMNS64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define MAC "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
#define NONCE "0123456789abcdef"

static const struct {
    const char *what;
    const char *text;
    enum bulla_code code;
    uint32_t line;
    uint32_t col;
} header_cases[] = {
    {"an unknown stanza matches nobody", V1 "-> other a b\n\n" MAC NONCE, BULLA_E_IDENTITY, 0, 0},
    {"a stanza for someone else", V1 "-> X25519 " SHARE "\n" BODY MAC NONCE, BULLA_E_IDENTITY, 0,
     0},
    {"a body of one full line and an empty one", V1 "-> o\n" COLUMNS64 "\n\n" MAC NONCE,
     BULLA_E_IDENTITY, 0, 0},
    {"a passphrase stanza alone", V1 "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\n" BODY MAC NONCE,
     BULLA_E_IDENTITY, 0, 0},
    {"the type in small letters is unknown", V1 "-> x25519 " SHARE "\n" BODY MAC NONCE,
     BULLA_E_IDENTITY, 0, 0},
    {"nothing", "", BULLA_E_SYNTAX, 1, 1},
    {"another version", "age-encryption.org/v2\n", BULLA_E_SYNTAX, 1, 1},
    {"CRLF", "age-encryption.org/v1\r\n", BULLA_E_SYNTAX, 1, 1},
    {"armor", "-----BEGIN AGE ENCRYPTED FILE-----\n", BULLA_E_SYNTAX, 1, 1},
    {"the version alone", V1, BULLA_E_SYNTAX, 2, 1},
    {"no stanza", V1 MAC NONCE, BULLA_E_SYNTAX, 2, 1},
    {"a line of no meaning", V1 "=> X25519\n\n" MAC, BULLA_E_SYNTAX, 2, 1},
    {"a stanza without a type", V1 "-> \n\n" MAC, BULLA_E_SYNTAX, 2, 3},
    {"two spaces", V1 "-> a  b\n\n" MAC, BULLA_E_SYNTAX, 2, 6},
    {"a space at the start", V1 "->  a\n\n" MAC, BULLA_E_SYNTAX, 2, 4},
    {"a space at the end", V1 "-> a \n\n" MAC, BULLA_E_SYNTAX, 2, 5},
    {"a control character", V1 "-> a \x01\n\n" MAC, BULLA_E_SYNTAX, 2, 6},
    {"a byte over ASCII", V1 "-> \xc3\xa9\n\n" MAC, BULLA_E_SYNTAX, 2, 4},
    {"no body", V1 "-> a\n" MAC, BULLA_E_SYNTAX, 3, 1},
    {"no last short line", V1 "-> a\n" COLUMNS64 "\n" MAC, BULLA_E_SYNTAX, 4, 1},
    {"two short lines", V1 "-> a\nAAAA\nAAAA\n" MAC, BULLA_E_SYNTAX, 4, 1},
    {"a long line", V1 "-> a\n" COLUMNS64 "A\n" MAC, BULLA_E_SYNTAX, 3, 65},
    {"padding in a body", V1 "-> a\nAA==\n" MAC, BULLA_E_SYNTAX, 3, 1},
    {"spare bits in a body", V1 "-> a\nAB\n" MAC, BULLA_E_SYNTAX, 3, 1},
    {"CR in a body", V1 "-> a\nAAAA\r\n" MAC, BULLA_E_SYNTAX, 3, 1},
    {"the file ends in a stanza", V1 "-> a\nAAAA", BULLA_E_SYNTAX, 3, 1},
    {"no space behind the dashes", V1 "-> a\n\n---AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
     BULLA_E_SYNTAX, 4, 4},
    {"two spaces behind the dashes",
     V1 "-> a\n\n---  AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", BULLA_E_SYNTAX, 4, 4},
    {"a MAC with a spare bit", V1 "-> a\n\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n",
     BULLA_E_SYNTAX, 4, 4},
    {"a short MAC", V1 "-> a\n\n--- AAAA\n", BULLA_E_SYNTAX, 4, 4},
    {"X25519 without an argument", V1 "-> X25519\n" BODY MAC NONCE, BULLA_E_SYNTAX, 2, 1},
    {"X25519 with two arguments", V1 "-> X25519 " SHARE " x\n" BODY MAC NONCE, BULLA_E_SYNTAX, 2,
     1},
    {"X25519 with a short share", V1 "-> X25519 AAAA\n" BODY MAC NONCE, BULLA_E_SYNTAX, 2, 1},
    {"X25519 with a short body", V1 "-> X25519 " SHARE "\nAAAA\n" MAC NONCE, BULLA_E_SYNTAX, 2, 1},
    {"X25519 with a share of low order",
     V1 "-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" BODY MAC NONCE, BULLA_E_SYNTAX, 2,
     1},
    {"a broken X25519 stanza behind a good one",
     V1 "-> X25519 " SHARE "\n" BODY "-> X25519 AAAA\n" BODY MAC NONCE, BULLA_E_SYNTAX, 4, 1},
    {"a passphrase stanza beside another", V1 "-> a\n\n-> scrypt A 18\n" BODY MAC NONCE,
     BULLA_E_SYNTAX, 4, 1},
};

START_TEST(headers_are_strict)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *what = header_cases[_i].what;
    bulla_auto_identities a = identities_of(KEY_A);
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 1024);
    ck_assert_msg(!bulla_age_decrypt(a, bulla_bytes_of(header_cases[_i].text), &out, &err), "%s",
                  what);
    ck_assert_msg(err.code == header_cases[_i].code, "%s: code %d: %s", what, (int)err.code,
                  err.message);
    ck_assert_msg(err.pos.line == header_cases[_i].line && err.pos.col == header_cases[_i].col,
                  "%s: %u:%u %s", what, err.pos.line, err.pos.col, err.message);
}
END_TEST

/* Appends a header of COUNT unknown stanzas, each with a body of LINES full lines. */
static void add_stanzas(struct bulla_buf *file, size_t count, size_t lines)
{
    bulla_buf_puts(file, V1);
    for (size_t i = 0; i < count; i++) {
        bulla_buf_puts(file, "-> grease\n");
        for (size_t k = 0; k < lines; k++) {
            bulla_buf_puts(file, COLUMNS64 "\n");
        }
        bulla_buf_putc(file, '\n');
    }
    bulla_buf_puts(file, MAC NONCE);
}

static const struct {
    size_t count;
    size_t lines;
    enum bulla_code code;
} limit_cases[] = {
    {AGE_MAX_STANZAS, 0, BULLA_E_IDENTITY},
    {AGE_MAX_STANZAS + 1, 0, BULLA_E_LIMIT},
    {1, 341, BULLA_E_IDENTITY},
    {1, 342, BULLA_E_LIMIT},
    {100, 341, BULLA_E_LIMIT},
};

START_TEST(headers_have_limits)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_identities a = identities_of(KEY_A);
    bulla_auto_buf file;
    bulla_auto_buf out;
    bulla_buf_init(&file, 4 * AGE_MAX_HEADER_BYTES);
    bulla_buf_init_secret(&out, 16);
    add_stanzas(&file, limit_cases[_i].count, limit_cases[_i].lines);
    ck_assert(!bulla_age_decrypt(a, bulla_buf_view(&file), &out, &err));
    ck_assert_msg(err.code == limit_cases[_i].code, "%d: %s", (int)err.code, err.message);
}
END_TEST

START_TEST(stanza_bodies_of_several_lines_decode_whole)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct age_header header;
    uint8_t body[96];
    assert_ok(age_header_parse(
                  LIT(V1 "-> a\n" COLUMNS64 "\n" COLUMNS64 "\n\n-> b\n" COLUMNS64 "\n/w\n" MAC),
                  &header, &err),
              err);
    ck_assert_uint_eq(header.count, 2);
    ck_assert(age_stanza_body(&header.stanzas[0], body, 96));
    ck_assert(!age_stanza_body(&header.stanzas[0], body, 95));
    ck_assert(age_stanza_body(&header.stanzas[1], body, 49));
    ck_assert_uint_eq(body[48], 0xff);
    age_header_release(&header);
}
END_TEST

START_TEST(text_over_the_maximum_is_refused_and_leaves_the_buffer)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t file[1024];
    bulla_auto_identities a = identities_of(KEY_A);
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 10);
    bulla_buf_puts(&out, "before");
    ck_assert(!bulla_age_decrypt(a, decode_file(FILE_BOTH, file, sizeof file), &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
    assert_bytes(bulla_buf_view(&out), "before");
    assert_ok(bulla_buf_ok(&out, &err), err);
}
END_TEST

/* Fails each allocation in turn until none is left to fail. */
START_TEST(running_out_of_memory_is_an_error_and_leaves_the_buffers)
{
    static const char *const recipients[] = {RECIPIENT_A, RECIPIENT_B};
    bool done = false;
    for (unsigned long nth = 1; !done; nth++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_buf key;
        bulla_auto_buf file;
        bulla_auto_buf out;
        bulla_buf_init_secret(&key, 1024);
        bulla_buf_init(&file, 4096);
        bulla_buf_init_secret(&out, 1024);
        bulla_mem_fail_at(nth);
        bulla_auto_identities identities =
            bulla_identities_parse(LIT("# bulla-root x\n" KEY_A "\n"), "key", &err);
        done = identities != NULL && bulla_identity_new(0, &key, NULL, &err) &&
               encrypt_to(recipients, 2, LIT("text"), &file, &err) &&
               bulla_age_decrypt(identities, bulla_buf_view(&file), &out, &err);
        bulla_mem_fail_at(0);
        if (done) {
            assert_bytes(bulla_buf_view(&out), "text");
            ck_assert_uint_gt(nth, 8);
        } else {
            ck_assert_int_eq(err.code, BULLA_E_NOMEM);
            ck_assert_uint_eq(out.len, 0);
            struct bulla_error ignored = BULLA_ERROR_INIT;
            ck_assert(bulla_buf_ok(&key, &ignored) && bulla_buf_ok(&file, &ignored) &&
                      bulla_buf_ok(&out, &ignored));
        }
        ck_assert_uint_lt(nth, 100);
    }
}
END_TEST

#define PASSPHRASE "correct horse"
#define LIGHT_WORK_FACTOR 4 /* tests need not be safe from guessing */

static struct bulla_identities *opener_of(struct bulla_bytes passphrase)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_identities *identities = bulla_identities_new(NULL, &err);
    assert_ok(identities != NULL, err);
    assert_ok(bulla_identities_add_passphrase(identities, passphrase, &err), err);
    return identities;
}

static void encrypt_with(struct bulla_bytes passphrase, struct bulla_bytes text,
                         struct bulla_buf *file)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_recipients list = bulla_recipients_new(NULL, &err);
    assert_ok(list != NULL, err);
    assert_ok(bulla_recipients_add_passphrase(list, passphrase, LIGHT_WORK_FACTOR, &err), err);
    assert_ok(bulla_age_encrypt(list, text, file, &err), err);
}

START_TEST(passphrases_round_trip_and_a_wrong_one_is_told)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf file;
    bulla_auto_buf out;
    bulla_buf_init(&file, 4096);
    bulla_buf_init_secret(&out, 1024);
    encrypt_with(LIT(PASSPHRASE), LIT("text"), &file);
    bulla_auto_identities right = opener_of(LIT(PASSPHRASE));
    assert_ok(bulla_age_decrypt(right, bulla_buf_view(&file), &out, &err), err);
    assert_bytes(bulla_buf_view(&out), "text");

    bulla_auto_identities wrong = opener_of(LIT("correct horsf"));
    ck_assert(!bulla_age_decrypt(wrong, bulla_buf_view(&file), &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    ck_assert_str_eq(err.message, "the passphrase is wrong");
    bulla_auto_identities key = identities_of(KEY_A);
    ck_assert(!bulla_age_decrypt(key, bulla_buf_view(&file), &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    ck_assert_ptr_nonnull(strstr(err.message, "with a passphrase, not to a key"));
}
END_TEST

START_TEST(passphrases_stand_alone_and_are_not_empty)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf file;
    bulla_buf_init(&file, 4096);
    bulla_auto_recipients list = bulla_recipients_new(NULL, &err);
    ck_assert(!bulla_recipients_add_passphrase(list, LIT(""), LIGHT_WORK_FACTOR, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert(!bulla_recipients_add_passphrase(list, LIT("x"), 0, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert(!bulla_recipients_add_passphrase(list, LIT("x"), 23, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    assert_ok(bulla_recipients_add_passphrase(list, LIT("x"), LIGHT_WORK_FACTOR, &err), err);
    assert_ok(bulla_recipients_add(list, RECIPIENT_A, &err), err);
    ck_assert(!bulla_age_encrypt(list, LIT("text"), &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert_uint_eq(file.len, 0);
}
END_TEST

static const struct {
    const char *what;
    const char *arguments;
    enum bulla_code code;
} work_factors[] = {
    {"none", "AAAAAAAAAAAAAAAAAAAAAA", BULLA_E_SYNTAX},
    {"a third argument", "AAAAAAAAAAAAAAAAAAAAAA 4 4", BULLA_E_SYNTAX},
    {"zero", "AAAAAAAAAAAAAAAAAAAAAA 0", BULLA_E_SYNTAX},
    {"a leading zero", "AAAAAAAAAAAAAAAAAAAAAA 04", BULLA_E_SYNTAX},
    {"a sign", "AAAAAAAAAAAAAAAAAAAAAA +4", BULLA_E_SYNTAX},
    {"a short salt", "AAAA 4", BULLA_E_SYNTAX},
    {"one over the limit", "AAAAAAAAAAAAAAAAAAAAAA 23", BULLA_E_LIMIT},
    {"one over any integer", "AAAAAAAAAAAAAAAAAAAAAA 18446744073709551620", BULLA_E_LIMIT},
};

/* Before any memory is asked for: without an identity that could use it. */
START_TEST(work_factors_are_settled_from_the_header_alone)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_identities key = identities_of(KEY_A);
    bulla_auto_buf file;
    bulla_auto_buf out;
    bulla_buf_init(&file, 4096);
    bulla_buf_init_secret(&out, 16);
    bulla_buf_printf(&file, V1 "-> scrypt %s\n" BODY MAC NONCE, work_factors[_i].arguments);
    ck_assert_msg(!bulla_age_decrypt(key, bulla_buf_view(&file), &out, &err), "%s",
                  work_factors[_i].what);
    ck_assert_msg(err.code == work_factors[_i].code, "%s: %s", work_factors[_i].what, err.message);
    ck_assert_uint_eq(err.pos.line, 2);
    ck_assert_uint_eq(err.pos.col, 1);
}
END_TEST

/* A person who knows one passphrase. */
struct person {
    const char *passphrase;
    unsigned asked;
    char prompt[128];
};

static bool answer_secret(void *ctx, const char *prompt, struct bulla_buf *answer,
                          struct bulla_error *err)
{
    struct person *person = ctx;
    person->asked++;
    (void)snprintf(person->prompt, sizeof person->prompt, "%s", prompt);
    bulla_buf_puts(answer, person->passphrase);
    return bulla_buf_ok(answer, err);
}

START_TEST(encrypted_identity_files_ask_for_their_passphrase)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct person person = {.passphrase = PASSPHRASE};
    const struct bulla_age_host host = {.ctx = &person, .ask_secret = answer_secret};
    bulla_auto_buf file;
    bulla_buf_init(&file, 4096);
    encrypt_with(LIT(PASSPHRASE), LIT("# bulla-root abc\n" KEY_A "\n" KEY_B "\n"), &file);
    bulla_auto_identities opened = bulla_identities_new(&host, &err);
    assert_ok(bulla_identities_add(opened, bulla_buf_view(&file), "id.age", &err), err);
    ck_assert_uint_eq(bulla_identities_count(opened), 2);
    ck_assert_str_eq(bulla_identities_recipient(opened, 1), RECIPIENT_B);
    ck_assert_str_eq(bulla_identities_root(opened, 0), "abc");
    ck_assert_uint_eq(person.asked, 1);
    ck_assert_str_eq(person.prompt, "passphrase of id.age");
    ck_assert_ptr_eq(bulla_identities_host(opened), &host);

    bulla_auto_identities unasked = bulla_identities_new(NULL, &err);
    ck_assert(!bulla_identities_add(unasked, bulla_buf_view(&file), "id.age", &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    ck_assert_str_eq(err.file, "id.age");
    ck_assert_ptr_nonnull(strstr(err.message, "nobody to ask for the passphrase of id.age"));

    person.passphrase = "another";
    bulla_auto_identities none = bulla_identities_new(&host, &err);
    ck_assert(!bulla_identities_add(none, bulla_buf_view(&file), "id.age", &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    ck_assert_ptr_nonnull(strstr(err.message, "the passphrase is wrong"));

    /* Encrypted twice, or to a key: neither is an identity file. */
    bulla_auto_buf twice;
    bulla_buf_init(&twice, 8192);
    encrypt_with(LIT(PASSPHRASE), bulla_buf_view(&file), &twice);
    person.passphrase = PASSPHRASE;
    ck_assert(!bulla_identities_add(none, bulla_buf_view(&twice), "id.age", &err));
    ck_assert_int_eq(err.code, BULLA_E_SYNTAX);
    uint8_t to_key[1024];
    ck_assert(
        !bulla_identities_add(none, decode_file(FILE_BOTH, to_key, sizeof to_key), "id.age", &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    ck_assert_uint_eq(bulla_identities_count(none), 0);
}
END_TEST

static const struct {
    const char *what;
    const char *text;
    enum bulla_code code;
    uint32_t line;
    size_t count;
} recipient_files[] = {
    {"two, one of them twice", "# us\r\n" RECIPIENT_A "\r\n\n" RECIPIENT_B "\n" RECIPIENT_A,
     BULLA_OK, 0, 2},
    {"nothing", "# us\n\n", BULLA_E_MISSING, 0, 0},
    {"a secret key", RECIPIENT_A "\n" KEY_B "\n", BULLA_E_INVALID, 2, 1},
    {"a word", "\nbob\n", BULLA_E_INVALID, 2, 0},
    {"not UTF-8", "\n\xff\n", BULLA_E_SYNTAX, 2, 0},
};

START_TEST(recipient_files_are_read_by_line)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_recipients list = bulla_recipients_new(NULL, &err);
    bool ok =
        bulla_recipients_add_file(list, bulla_bytes_of(recipient_files[_i].text), "team.txt", &err);
    ck_assert_msg(ok == (recipient_files[_i].code == BULLA_OK), "%s: %s", recipient_files[_i].what,
                  err.message);
    ck_assert_int_eq(err.code, recipient_files[_i].code);
    ck_assert_uint_eq(err.pos.line, recipient_files[_i].line);
    ck_assert_uint_eq(bulla_recipients_count(list), recipient_files[_i].count);
    ck_assert_str_eq(err.file, ok ? "" : "team.txt");
    ck_assert_ptr_null(strstr(err.message, "T43Q5K"));
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("age");
    TCase *tcase = tcase_create("identities");
    tcase_add_test(tcase, identities_are_read_with_comments_and_line_ends);
    tcase_add_test(tcase, identities_remember_the_roots_of_several_vaults);
    tcase_add_test(tcase, identities_without_a_root_have_none);
    tcase_add_loop_test(tcase, identities_are_refused_with_the_line, 0, COUNT(identity_failures));
    tcase_add_test(tcase, identities_have_a_limit);
    tcase_add_test(tcase, identity_new_is_an_identity_file);
    tcase_add_test(tcase, identity_new_leaves_the_buffer_as_it_was);
    tcase_add_loop_test(tcase, recipients_are_refused_with_a_reason, 0, COUNT(recipient_failures));
    suite_add_tcase(suite, tcase);

    tcase = tcase_create("files");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, files_of_another_implementation_open);
    tcase_add_loop_test(tcase, encryption_round_trips, 0, COUNT(round_trip_sizes));
    tcase_add_test(tcase, every_changed_byte_is_noticed);
    tcase_add_test(tcase, encryption_refuses_bad_recipients);
    tcase_add_test(tcase, encryption_over_the_maximum_leaves_the_buffer);
    tcase_add_loop_test(tcase, headers_are_strict, 0, COUNT(header_cases));
    tcase_add_loop_test(tcase, headers_have_limits, 0, COUNT(limit_cases));
    tcase_add_test(tcase, stanza_bodies_of_several_lines_decode_whole);
    tcase_add_test(tcase, running_out_of_memory_is_an_error_and_leaves_the_buffers);
    tcase_add_test(tcase, text_over_the_maximum_is_refused_and_leaves_the_buffer);
    suite_add_tcase(suite, tcase);

    tcase = tcase_create("passphrases");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, passphrases_round_trip_and_a_wrong_one_is_told);
    tcase_add_test(tcase, passphrases_stand_alone_and_are_not_empty);
    tcase_add_loop_test(tcase, work_factors_are_settled_from_the_header_alone, 0,
                        COUNT(work_factors));
    tcase_add_test(tcase, encrypted_identity_files_ask_for_their_passphrase);
    tcase_add_loop_test(tcase, recipient_files_are_read_by_line, 0, COUNT(recipient_files));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
