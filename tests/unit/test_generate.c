#include "bulla/generate.h"

#include <math.h>
#include <string.h>

#include "bulla/codec.h"
#include "bulla/mem.h"
#include "crypto/prim.h"
#include "generate/words.h"

#include "unit.h"

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

static struct bulla_kind parse(const char *text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_kind kind;
    bool ok = bulla_kind_parse(bulla_bytes_of(text), &kind, &err);
    ck_assert_msg(ok, "%s: %s", text, err.message);
    return kind;
}

/* Generates a value of KIND in place of what OUT has. */
static struct bulla_bytes generate(const struct bulla_kind *kind, struct bulla_buf *out)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_buf_clear(out);
    assert_ok(bulla_kind_generate(kind, out, &err), err);
    return bulla_buf_view(out);
}

static const struct {
    const char *kind;
    size_t len;
    double bits;
    const char *start;
    const char *alphabet; /* of what follows START; NULL: not of one alphabet */
} shapes[] = {
#define DIGITS "0123456789"
#define HEX DIGITS "abcdef"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    {"hex", 64, 256, "", HEX},
    {"hex:1", 2, 8, "", HEX},
    {"hex:8", 16, 64, "", HEX},
    {"hex:4096", 8192, 32768, "", HEX},
    {"hex:16,prefix=whsec_", 38, 128, "whsec_", HEX},
    {"base64", 44, 256, "", LETTERS DIGITS "+/="},
    {"base64:30", 40, 240, "", LETTERS DIGITS "+/"},
    {"base64:31", 44, 248, "", LETTERS DIGITS "+/="},
    {"base64:1", 4, 8, "", LETTERS DIGITS "+/="},
    {"base64url", 43, 256, "", LETTERS DIGITS "-_"},
    {"base64url:48", 64, 384, "", LETTERS DIGITS "-_"},
    {"base64url:64", 86, 512, "", LETTERS DIGITS "-_"},
    {"alnum", 32, 190.53, "", LETTERS DIGITS},
    {"alnum:1", 1, 5.95, "", LETTERS DIGITS},
    {"alnum:64,prefix=sk-", 67, 381.07, "sk-", LETTERS DIGITS},
    {"alnum:40,exclude=0O1lI", 40, 233.32, "", LETTERS DIGITS},
    {"password", 32, 193.33, "", LETTERS DIGITS "-_.~"},
    {"password:16,classes=lud", 16, 95.18, "", LETTERS DIGITS},
    {"password:20,classes=lud", 20, 119.04, "", LETTERS DIGITS},
    {"password:16,classes=luds", 16, 95.78, "", LETTERS DIGITS "-_.~"},
    {"password:24,symbols=!%", 24, 143.95, "", LETTERS DIGITS "!%"},
    {"pin", 6, 19.93, "", DIGITS},
    {"pin:8", 8, 26.58, "", DIGITS},
    {"uuid", 36, 122, "", HEX "-"},
    {"fernet", 44, 256, "", LETTERS DIGITS "-_="},
    {"jwt-hs256", 43, 256, "", LETTERS DIGITS "-_"},
    {"jwt-hs384", 64, 384, "", LETTERS DIGITS "-_"},
    {"jwt-hs512", 86, 512, "", LETTERS DIGITS "-_"},
    {"django", 50, 282.19, "", "abcdefghijklmnopqrstuvwxyz" DIGITS "!@#$%^&*(-_=+)"},
    {"laravel", 51, 256, "base64:", LETTERS DIGITS "+/="},
    {"rails", 128, 512, "", HEX},
    {"rails-master", 32, 128, "", HEX},
    {"phoenix", 64, 384, "", LETTERS DIGITS "+/"},
    {"webhook", 50, 256, "whsec_", LETTERS DIGITS "+/="},
    {"webhook:24", 38, 192, "whsec_", LETTERS DIGITS "+/"},
    {"age", 74, 256, "AGE-SECRET-KEY-1", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"},
    {"wireguard", 44, 251, "", LETTERS DIGITS "+/="},
    {"passphrase", 0, 90.47, "", "abcdefghijklmnopqrstuvwxyz-"},
    {"passphrase:5,sep=.", 0, 64.62, "", "abcdefghijklmnopqrstuvwxyz-."},
};

START_TEST(kinds_have_exact_lengths_alphabets_and_entropies)
{
    struct bulla_kind kind = parse(shapes[_i].kind);
    bulla_auto_buf out;
    bulla_auto_buf reason;
    bulla_buf_init_secret(&out, 16384);
    bulla_buf_init(&reason, 256);
    ck_assert_uint_eq(bulla_kind_length(&kind), shapes[_i].len);
    ck_assert_msg(fabs(bulla_kind_entropy(&kind) - shapes[_i].bits) < 0.006, "%s: %f bits",
                  shapes[_i].kind, bulla_kind_entropy(&kind));
    for (unsigned round = 0; round < 50; round++) {
        struct bulla_bytes value = generate(&kind, &out);
        ck_assert_msg(shapes[_i].len == 0 || value.len == shapes[_i].len, "%s: %zu",
                      shapes[_i].kind, value.len);
        ck_assert(bulla_bytes_start(value, shapes[_i].start));
        for (size_t i = strlen(shapes[_i].start); i < value.len; i++) {
            ck_assert_msg(strchr(shapes[_i].alphabet, value.data[i]) != NULL, "%s: byte %u",
                          shapes[_i].kind, value.data[i]);
        }
        ck_assert_msg(bulla_kind_check(&kind, value, &reason), "%s: %.*s", shapes[_i].kind,
                      (int)reason.len, (const char *)reason.data);
        ck_assert_uint_eq(reason.len, 0);
    }
}
END_TEST

START_TEST(rows_are_sound_and_round_trip)
{
    for (size_t i = 0; i < bulla_kind_count(); i++) {
        const struct bulla_kind_info *info = bulla_kind_info(i);
        ck_assert(info->name[0] != '\0' && info->summary[0] != '\0' && info->form[0] != '\0');
        ck_assert_ptr_eq(bulla_kind_find(bulla_bytes_of(info->name)), info);
        ck_assert_ptr_eq(bulla_kind_find(bulla_bytes_of(info->example)), info);
        ck_assert(info->least_size <= info->default_size && info->default_size <= info->most_size);
        ck_assert((info->size_unit == NULL) == (info->least_size == info->most_size));
        const char *const texts[] = {info->name, info->example};
        for (size_t k = 0; k < 2; k++) {
            struct bulla_kind kind = parse(texts[k]);
            bulla_auto_buf out;
            bulla_auto_buf reason;
            bulla_buf_init_secret(&out, 16384);
            bulla_buf_init(&reason, 256);
            ck_assert_msg(bulla_kind_check(&kind, generate(&kind, &out), &reason), "%s", texts[k]);
            /* What is made is worth its floor, but for the one kind that cannot be. */
            ck_assert_msg(bulla_kind_is_weak(&kind) == (strcmp(info->name, "pin") == 0), "%s",
                          texts[k]);
            /* A byte less or an unprintable byte is another shape. */
            ck_assert_msg(!bulla_kind_check(&kind, LIT(""), &reason), "%s: empty", texts[k]);
            out.data[out.len - 1] = '\x01';
            ck_assert_msg(!bulla_kind_check(&kind, bulla_buf_view(&out), &reason), "%s: changed",
                          texts[k]);
        }
    }
    ck_assert_ptr_null(bulla_kind_info(bulla_kind_count()));
    ck_assert_ptr_null(bulla_kind_find(LIT("provided")));
    ck_assert_ptr_null(bulla_kind_find(LIT("")));
}
END_TEST

static const struct {
    const char *text;
    uint32_t col;
    const char *says;
    const char *hint;
} parse_failures[] = {
    {"", 1, "no kind", "bulla generate --kinds"},
    {"hexx", 1, "unknown kind 'hexx'", "'hex'"},
    {"pasword:24", 1, "unknown kind 'pasword'", "'password'"},
    {"HEX", 1, "unknown kind 'HEX'", "'hex'"},
    {"uuid4", 1, "unknown kind", "'uuid'"},
    {"zzzzzzzzzzzz", 1, "unknown kind", "bulla generate --kinds"},
    {"secret", 1, "unknown kind", "bulla generate --kinds"},
    {"derived", 1, "not generated", ""},
    {"provided", 1, "not generated", ""},
    {"hex:", 5, "is not a number", "for example"},
    {"hex:0", 5, "from 1 to 4096 bytes", ""},
    {"hex:4097", 5, "from 1 to 4096 bytes", ""},
    {"hex:99999999999999999999", 5, "is not a number", ""},
    {"hex:-1", 5, "is not a number", ""},
    {"hex:032", 5, "is not a number", ""},
    {"hex:32:1", 5, "is not a number", ""},
    {"hex 32", 4, "no blanks", ""},
    {"hex:32\n", 7, "no blanks", ""},
    {"uuid:4", 6, "one size only", "write 'uuid'"},
    {"password:3", 10, "from 4 to 1024 characters", ""},
    {"hex:32,", 8, "no option ''", "its options: prefix"},
    {"hex,classes=lud", 5, "no option 'classes'", "its options: prefix"},
    {"hex,prefx=a", 5, "no option 'prefx'", "'prefix'"},
    {"uuid,prefix=a", 6, "has no options", ""},
    {"hex,prefix", 11, "needs a value", ""},
    {"hex,prefix=", 12, "needs a value", ""},
    {"hex,prefix=a,prefix=b", 14, "given twice", ""},
    {"hex,prefix=123456789012345678901234567890123", 12, "at most 32", ""},
    {"password,classes=lux", 20, "letters of 'luds'", ""},
    {"password,classes=lul", 20, "letters of 'luds'", ""},
    {"password,symbols=!a", 19, "not letters", ""},
    {"password,classes=lud,symbols=!", 1, "have no 's'", ""},
    {"password,classes=s", 1, "no letter or digit", ""},
    {"password,classes=ds,exclude=0123456789", 1, "no letter or digit", ""},
    {"password,classes=ld,exclude=0123456789", 1, "class 'd' is excluded", ""},
    {"password:4,classes=luds,symbols=!,exclude=bcdefghijklmnopqrstuvwxyz123456789", 1, "too few",
     "more"},
    {"alnum,exclude=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456789", 1,
     "fewer than two", ""},
    {"passphrase:2", 12, "from 3 to 64 words", ""},
    {"passphrase,sep=ab", 16, "one character", ""},
    {"passphrase,sep=a", 16, "one character", ""},
    {"webhook:23", 9, "from 24 to 64", ""},
};

START_TEST(parse_says_what_is_wrong_and_where)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_kind kind;
    const char *text = parse_failures[_i].text;
    ck_assert_msg(!bulla_kind_parse(bulla_bytes_of(text), &kind, &err), "%s", text);
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert_msg(err.pos.line == 1 && err.pos.col == parse_failures[_i].col, "%s: column %u", text,
                  err.pos.col);
    ck_assert_msg(strstr(err.message, parse_failures[_i].says) != NULL, "%s: %s", text,
                  err.message);
    ck_assert_msg(strstr(err.hint, parse_failures[_i].hint) != NULL, "%s: %s", text, err.hint);
}
END_TEST

START_TEST(parse_refuses_a_long_text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_kind kind;
    char text[400];
    memset(text, 'x', sizeof text);
    ck_assert(!bulla_kind_parse(bulla_bytes(text, sizeof text), &kind, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
}
END_TEST

static const struct {
    const char *kind;
    const char *value;
    const char *reason; /* NULL: it fits */
} checks[] = {
    {"hex:4", "0011aaff", NULL},
    {"hex:4", "0011AAFF", NULL},
    {"hex:4", "0011aaFF", "mixed"},
    {"hex:4", "0011aaf", "has 7 hexadecimal digits, 8 are needed"},
    {"hex:4", "0011aafg", "no hexadecimal digit"},
    {"hex:4,prefix=k_", "k_0011aaff", NULL},
    {"hex:4,prefix=k_", "0011aaff", "does not begin with 'k_'"},
    {"base64:4", "AAECAw==", NULL},
    {"base64:4", "AAECAw", "is not standard base64 with padding"},
    {"base64:4", "AAECAx==", "is not standard base64 with padding"},
    {"base64:4", "AAECAwQ=", "holds 5 bytes in base64, 4 are needed"},
    {"base64:2", "-_8=", "is not standard"},
    {"base64url:2", "-_8", NULL},
    {"base64url:2", "-_8=", "is not URL-safe base64 without padding"},
    {"base64url:2", "-_9", "is not URL-safe"},
    {"alnum:4", "aB34", NULL},
    {"alnum:4", "aB345", "has 5 characters, 4 are needed"},
    {"alnum:4", "aB3-", "'alnum' does not allow"},
    {"password:8", "abcdefghi", NULL},
    {"password:8", "abcdefg", "has 7 characters, at least 8 are needed"},
    {"password:8", "abc defgh", "does not allow"},
    {"password:8,classes=lud", "abcdEFGH", "has no digit"},
    {"password:8,classes=lud", "ABCD1234", "has no small letter"},
    {"password:8,classes=lud", "abcd1234", "has no capital letter"},
    {"password:8,classes=luds", "abCD1234", "has no symbol"},
    {"pin:4", "0123", NULL},
    {"pin:4", "012a", "'pin' does not allow"},
    {"passphrase:3", "abacus-zoom-turret", NULL},
    {"passphrase:3", "abacus-zoom-turret-abdomen", NULL},
    {"passphrase:3", "abacus-zoom", "has 2 words, at least 3"},
    {"passphrase:3", "abacus-zoom-", "not a word of the list"},
    {"passphrase:3", "abacus--zoom-turret", "not a word"},
    {"passphrase:3", "abacus zoom turret", "not a word"},
    {"passphrase:3", "abacus-zoom-yo-yo", "not a word"},
    {"passphrase:3,sep=.", "abacus.zoom.yo-yo", NULL},
    {"uuid", "123e4567-e89b-42d3-a456-426614174000", NULL},
    {"uuid", "123E4567-E89B-42D3-A456-426614174000", NULL},
    {"uuid", "123e4567-e89b-12d3-a456-426614174000", "version 4"},
    {"uuid", "123e4567-e89b-42d3-c456-426614174000", "version 4"},
    {"uuid", "123e4567e89b42d3a456426614174000", "is not a UUID"},
    {"uuid", "123e4567-e89b-42d3-a456-42661417400g", "is not a UUID"},
    {"fernet", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", NULL},
    {"fernet", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "URL-safe base64 with padding"},
    {"fernet", "AAAAAAAAAAAAAAAAAAAAAA==", "holds 16 bytes in base64, 32 are needed"},
    {"jwt-hs256", "any text of thirty-two characters", "visible ASCII"},
    {"jwt-hs256", "any-text-of-thirty-two-characters", NULL},
    {"jwt-hs256", "too-short", "has 9 characters, at least 32"},
    {"jwt-hs512", "any-text-of-thirty-two-characters", "at least 64"},
    {"django", "django-insecure-0123456789012345678901234567890123456789", "django-insecure-"},
    {"django", "0123456789012345678901234567890123456789abcdefghij", NULL},
    {"laravel", "base64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", NULL},
    {"laravel", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "does not begin with 'base64:'"},
    {"webhook", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL},
    {"webhook", "whsec_AAAA", "holds 3 bytes in base64, 24 to 64 are needed"},
    {"age", "AGE-SECRET-KEY-1X47QTD8CDYFLEV0D4H0MNUPAPRTQLTL0NPQRR8GMQASW7T8AVEWQCTPWHJ", NULL},
    {"age", "AGE-SECRET-KEY-1X47QTD8CDYFLEV0D4H0MNUPAPRTQLTL0NPQRR8GMQASW7T8AVEWQCTPWHQ",
     "checksum"},
    {"age", "age12dxclf2rgjg4xahp2hwudy0mtpk3cv6xt326em9jtv3pky40wfhshtfhwy", "is a recipient"},
    {"wireguard", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEA=", NULL},
};

START_TEST(check_gives_a_reason_without_the_value)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_kind kind = parse(checks[_i].kind);
    bulla_auto_buf reason;
    bulla_buf_init(&reason, 256);
    bool fits = bulla_kind_check(&kind, bulla_bytes_of(checks[_i].value), &reason);
    const char *text = bulla_buf_text(&reason, &err);
    ck_assert_msg(fits == (checks[_i].reason == NULL), "%s %s: %s", checks[_i].kind,
                  checks[_i].value, text);
    ck_assert_msg(fits || strstr(text, checks[_i].reason) != NULL, "%s %s: %s", checks[_i].kind,
                  checks[_i].value, text);
    ck_assert_ptr_null(strstr(text, checks[_i].value));
}
END_TEST

/*
 * Pearson's chi square of TALLY against equal shares. Over 200 degrees of freedom a fair source
 * passes 2 x COUNT + 80 about once in 10^14 runs; a source with a remainder's bias is far above.
 */
static void assert_uniform(const unsigned *tally, unsigned count, const char *what)
{
    double total = 0;
    double chi = 0;
    for (unsigned i = 0; i < count; i++) {
        total += tally[i];
    }
    double expected = total / count;
    for (unsigned i = 0; i < count; i++) {
        chi += (tally[i] - expected) * (tally[i] - expected) / expected;
    }
    ck_assert_msg(chi < 2.0 * count + 80.0, "%s: chi square %f over %u", what, chi, count);
}

static const char *const uniform_kinds[] = {"alnum:4096", "password:1024", "hex:4096", "pin:64"};

START_TEST(characters_are_uniform)
{
    struct bulla_kind kind = parse(uniform_kinds[_i]);
    unsigned tally[256] = {0};
    unsigned seen[256];
    unsigned count = 0;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 16384);
    for (unsigned drawn = 0; drawn < 200000;) {
        struct bulla_bytes value = generate(&kind, &out);
        for (size_t i = 1; i < value.len; i++) {
            tally[value.data[i]]++;
        }
        drawn += (unsigned)value.len;
    }
    for (unsigned c = 0; c < 256; c++) {
        if (tally[c] > 0) {
            seen[count++] = tally[c];
        }
    }
    static const unsigned counts[] = {62, 66, 16, 10};
    ck_assert_uint_eq(count, counts[_i]);
    assert_uniform(seen, count, uniform_kinds[_i]);
}
END_TEST

/* All 4-character strings over two letters and two digits with both classes: each equally often. */
START_TEST(class_policies_are_uniform_over_what_they_allow)
{
    struct bulla_kind kind =
        parse("password:4,classes=ld,exclude=cdefghijklmnopqrstuvwxyz23456789");
    unsigned tally[256] = {0};
    unsigned seen[256];
    unsigned count = 0;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 64);
    ck_assert(fabs(bulla_kind_entropy(&kind) - log2(256 - 16 - 16)) < 1e-9);
    for (unsigned i = 0; i < 60000; i++) {
        struct bulla_bytes value = generate(&kind, &out);
        unsigned number = 0;
        for (size_t k = 0; k < value.len; k++) {
            number = number * 4 + (unsigned)(strchr("ab01", value.data[k]) - "ab01");
        }
        tally[number]++;
    }
    for (unsigned i = 0; i < 256; i++) {
        if (tally[i] > 0) {
            seen[count++] = tally[i];
        }
    }
    ck_assert_uint_eq(count, 224);
    assert_uniform(seen, count, "classes");
}
END_TEST

START_TEST(passwords_begin_with_a_letter_or_digit)
{
    struct bulla_kind kind = parse("password:4,classes=ls");
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 64);
    for (unsigned i = 0; i < 500; i++) {
        struct bulla_bytes value = generate(&kind, &out);
        ck_assert(value.data[0] >= 'a' && value.data[0] <= 'z');
        ck_assert(strpbrk((const char *)bulla_buf_text(&out, &(struct bulla_error){0}), "-_.~") !=
                  NULL);
    }
}
END_TEST

START_TEST(wireguard_keys_are_clamped)
{
    struct bulla_kind kind = parse("wireguard");
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 64);
    for (unsigned i = 0; i < 200; i++) {
        uint8_t key[32];
        size_t len = 0;
        ck_assert(bulla_base64_decode(BULLA_BASE64, generate(&kind, &out), key, 32, &len));
        ck_assert_uint_eq(len, 32);
        ck_assert_uint_eq(key[0] & 7, 0);
        ck_assert_uint_eq(key[31] & 0xc0, 0x40);
    }
}
END_TEST

START_TEST(generation_over_the_maximum_leaves_the_buffer)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    static const char *const kinds[] = {"hex", "alnum",   "passphrase", "uuid",
                                        "age", "laravel", "wireguard"};
    for (int i = 0; i < COUNT(kinds); i++) {
        struct bulla_kind kind = parse(kinds[i]);
        bulla_auto_buf out;
        bulla_buf_init_secret(&out, 16);
        bulla_buf_puts(&out, "before");
        ck_assert(!bulla_kind_generate(&kind, &out, &err));
        ck_assert_int_eq(err.code, BULLA_E_LIMIT);
        assert_bytes(bulla_buf_view(&out), "before");
        assert_ok(bulla_buf_ok(&out, &err), err);
    }
}
END_TEST

START_TEST(running_out_of_memory_is_an_error_and_leaves_the_buffer)
{
    for (size_t i = 0; i < bulla_kind_count(); i++) {
        struct bulla_kind kind = parse(bulla_kind_info(i)->name);
        bool done = false;
        for (unsigned long nth = 1; !done; nth++) {
            struct bulla_error err = BULLA_ERROR_INIT;
            bulla_auto_buf out;
            bulla_buf_init_secret(&out, 16384);
            bulla_mem_fail_at(nth);
            done = bulla_kind_generate(&kind, &out, &err);
            bulla_mem_fail_at(0);
            ck_assert(done ? nth > 1 : err.code == BULLA_E_NOMEM && out.len == 0);
            ck_assert_uint_lt(nth, 20);
        }
    }
}
END_TEST

START_TEST(values_differ)
{
    for (size_t i = 0; i < bulla_kind_count(); i++) {
        struct bulla_kind kind = parse(bulla_kind_info(i)->name);
        bulla_auto_buf a;
        bulla_auto_buf b;
        bulla_buf_init_secret(&a, 16384);
        bulla_buf_init_secret(&b, 16384);
        if (bulla_kind_entropy(&kind) > 64) {
            ck_assert(!bulla_bytes_equal(generate(&kind, &a), generate(&kind, &b)));
        }
    }
}
END_TEST

START_TEST(word_list_is_the_effs)
{
    ck_assert_uint_eq(WORDS_COUNT, 7776);
    bulla_auto_buf all;
    bulla_auto_buf hex;
    bulla_buf_init(&all, 100000);
    bulla_buf_init(&hex, 65);
    for (size_t i = 0; i < WORDS_COUNT; i++) {
        bulla_buf_puts(&all, words_list[i]);
        bulla_buf_putc(&all, '\n');
    }
    uint8_t hash[32];
    prim_sha256(hash, bulla_buf_view(&all));
    bulla_hex_encode(bulla_bytes(hash, 32), &hex);
    assert_bytes(bulla_buf_view(&hex),
                 "6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("generate");
    TCase *tcase = tcase_create("kinds");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, kinds_have_exact_lengths_alphabets_and_entropies, 0, COUNT(shapes));
    tcase_add_test(tcase, rows_are_sound_and_round_trip);
    tcase_add_loop_test(tcase, parse_says_what_is_wrong_and_where, 0, COUNT(parse_failures));
    tcase_add_test(tcase, parse_refuses_a_long_text);
    tcase_add_loop_test(tcase, check_gives_a_reason_without_the_value, 0, COUNT(checks));
    suite_add_tcase(suite, tcase);

    tcase = tcase_create("values");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, characters_are_uniform, 0, COUNT(uniform_kinds));
    tcase_add_test(tcase, class_policies_are_uniform_over_what_they_allow);
    tcase_add_test(tcase, passwords_begin_with_a_letter_or_digit);
    tcase_add_test(tcase, wireguard_keys_are_clamped);
    tcase_add_test(tcase, generation_over_the_maximum_leaves_the_buffer);
    tcase_add_test(tcase, running_out_of_memory_is_an_error_and_leaves_the_buffer);
    tcase_add_test(tcase, values_differ);
    tcase_add_test(tcase, word_list_is_the_effs);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
