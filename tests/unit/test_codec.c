#include <string.h>

#include "bulla/codec.h"
#include "codec/armor.h"
#include "codec/bech32.h"

#include "unit.h"

/* RFC 4648 section 10, and what strict readers refuse. */
static const struct {
    const char *what;
    enum bulla_base64 form;
    const char *text;
    const char *bytes; /* NULL: refused */
} base64_cases[] = {
    {"nothing", BULLA_BASE64, "", ""},
    {"two pads", BULLA_BASE64, "Zg==", "f"},
    {"one pad", BULLA_BASE64, "Zm8=", "fo"},
    {"no pad needed", BULLA_BASE64, "Zm9v", "foo"},
    {"several groups", BULLA_BASE64, "Zm9vYmFy", "foobar"},
    {"without pads", BULLA_BASE64_UNPADDED, "Zg", "f"},
    {"the url alphabet", BULLA_BASE64URL, "-_8", "\xfb\xff"},
    {"the url alphabet padded", BULLA_BASE64URL_PADDED, "-_8=", "\xfb\xff"},
    {"missing pad", BULLA_BASE64, "Zg", NULL},
    {"half of the pad", BULLA_BASE64, "Zg=", NULL},
    {"spare bits set", BULLA_BASE64, "Zh==", NULL},
    {"spare bits set without pads", BULLA_BASE64_UNPADDED, "Zh", NULL},
    {"a pad where none belongs", BULLA_BASE64_UNPADDED, "Zg==", NULL},
    {"one character over", BULLA_BASE64_UNPADDED, "Zm9vY", NULL},
    {"a line end", BULLA_BASE64_UNPADDED, "Zm9v\n", NULL},
    {"a space", BULLA_BASE64, "Zm 9v", NULL},
    {"the other alphabet", BULLA_BASE64, "-_8=", NULL},
    {"the other alphabet", BULLA_BASE64URL, "+/8", NULL},
};

START_TEST(base64_is_canonical)
{
    uint8_t out[16];
    size_t len = 99;
    const char *what = base64_cases[_i].what;
    const char *want = base64_cases[_i].bytes;
    bool ok = bulla_base64_decode(base64_cases[_i].form, bulla_bytes_of(base64_cases[_i].text), out,
                                  sizeof out, &len);
    ck_assert_msg(ok == (want != NULL), "%s", what);
    if (want != NULL) {
        ck_assert_msg(bulla_bytes_are(bulla_bytes(out, len), want), "%s", what);
        bulla_auto_buf again;
        bulla_buf_init(&again, 64);
        bulla_base64_encode(base64_cases[_i].form, bulla_bytes(out, len), &again);
        ck_assert_msg(bulla_bytes_are(bulla_buf_view(&again), base64_cases[_i].text), "%s", what);
    }
}
END_TEST

START_TEST(base64_takes_the_bytes_of_its_alphabet_and_no_other)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    for (enum bulla_base64 form = BULLA_BASE64; form <= BULLA_BASE64URL_PADDED; form++) {
        const char *others = form <= BULLA_BASE64_UNPADDED ? "+/" : "-_";
        for (int i = 0; i < 4 * 256; i++) {
            uint8_t text[4] = {'A', 'A', 'A', 'A'};
            uint8_t out[4];
            size_t len = 0;
            int byte = i / 4;
            text[i % 4] = (uint8_t)byte;
            bool is_digit = memchr(letters, byte, sizeof letters - 1) != NULL ||
                            memchr(others, byte, 2) != NULL;
            /* Padding in the last place leaves "AAA=", which is canonical where padding is. */
            if (byte == '=' && i % 4 == 3) {
                continue;
            }
            ck_assert_msg(bulla_base64_decode(form, bulla_bytes(text, 4), out, 4, &len) == is_digit,
                          "form %d, byte %02x at %d", (int)form, (unsigned)byte, i % 4);
        }
    }
}
END_TEST

START_TEST(hex_takes_lower_case_digits_and_no_other_byte)
{
    for (int i = 0; i < 2 * 256; i++) {
        uint8_t text[2] = {'0', '0'};
        uint8_t out[1];
        size_t len = 0;
        int byte = i / 2;
        text[i % 2] = (uint8_t)byte;
        bool is_digit = memchr("0123456789abcdef", byte, 16) != NULL;
        ck_assert_msg(bulla_hex_decode(bulla_bytes(text, 2), out, 1, &len) == is_digit,
                      "byte %02x at %d", (unsigned)byte, i % 2);
    }
}
END_TEST

START_TEST(base64_refuses_what_does_not_fit)
{
    uint8_t out[3];
    size_t len = 0;
    ck_assert(bulla_base64_decode(BULLA_BASE64, LIT("Zm9v"), out, 3, &len));
    ck_assert_uint_eq(len, 3);
    ck_assert(!bulla_base64_decode(BULLA_BASE64, LIT("Zm9v"), out, 2, &len));
}
END_TEST

START_TEST(hex_is_lower_case_only)
{
    uint8_t out[4];
    size_t len = 0;
    ck_assert(bulla_hex_decode(LIT("00ff7a"), out, sizeof out, &len));
    assert_bytes(bulla_bytes(out, len), "\x00\xff\x7a");
    ck_assert(bulla_hex_decode(LIT(""), out, sizeof out, &len));
    ck_assert_uint_eq(len, 0);
    ck_assert(!bulla_hex_decode(LIT("00FF"), out, sizeof out, &len));
    ck_assert(!bulla_hex_decode(LIT("0"), out, sizeof out, &len));
    ck_assert(!bulla_hex_decode(LIT("0g"), out, sizeof out, &len));
    ck_assert(!bulla_hex_decode(LIT("00 0"), out, sizeof out, &len));
    ck_assert(!bulla_hex_decode(LIT("0000000000"), out, sizeof out, &len));
    bulla_auto_buf text;
    bulla_buf_init(&text, 16);
    bulla_hex_encode(LIT("\x00\xff\x7a"), &text);
    assert_bytes(bulla_buf_view(&text), "00ff7a");
}
END_TEST

/* Valid and invalid strings of BIP-173, and the length and padding rules of our own. */
static const struct {
    const char *what;
    const char *text;
    enum bech32_status status;
    const char *prefix;
    const char *hex;
} bech32_cases[] = {
    {"no data, capitals", "A12UEL5L", BECH32_OK, "A", ""},
    {"no data", "a12uel5l", BECH32_OK, "a", ""},
    {"every symbol", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", BECH32_OK, "abcdef",
     "00443214c74254b635cf84653a56d7c675be77df"},
    {"thirty bytes", "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", BECH32_OK,
     "split", "c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d"},
    {"a prefix that ends in the separator", "?1ezyfcl", BECH32_OK, "?", ""},
    {"a plugin identity without data", "AGE-PLUGIN-BATCHPASS-1JCS0Q9", BECH32_OK,
     "AGE-PLUGIN-BATCHPASS-", ""},
    {"mixed letters", "A12uEL5L", BECH32_MIXED_CASE, NULL, NULL},
    {"mixed letters in the prefix", "aB12uel5l", BECH32_MIXED_CASE, NULL, NULL},
    {"no separator", "pzry9x0s0muk", BECH32_NO_SEPARATOR, NULL, NULL},
    {"no prefix", "1pzry9x0s0muk", BECH32_NO_SEPARATOR, NULL, NULL},
    {"empty", "", BECH32_NO_SEPARATOR, NULL, NULL},
    {"checksum too short", "li1dgmt3", BECH32_NO_SEPARATOR, NULL, NULL},
    {"a symbol of no alphabet", "x1b4n0q5v", BECH32_CHARACTER, NULL, NULL},
    {"a space in the prefix", " 1nwldj5", BECH32_CHARACTER, NULL, NULL},
    {"a byte over ASCII",
     "\x80"
     "1eym55h",
     BECH32_CHARACTER, NULL, NULL},
    {"the checksum of capitals", "A1G7SGD8", BECH32_CHECKSUM, NULL, NULL},
    {"one letter changed", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxq", BECH32_CHECKSUM, NULL,
     NULL},
    {"bech32m", "a1lqfn3a", BECH32_CHECKSUM, NULL, NULL},
    {"one byte", "a1pyq62zuu", BECH32_OK, "a", "09"},
    {"one byte with spare bits set", "a1ppjxu3w5", BECH32_PADDING, NULL, NULL},
    {"five bits and no byte", "a1rlm0daw", BECH32_PADDING, NULL, NULL},
    {"one byte and seven bits", "a1qqqd87cpp", BECH32_PADDING, NULL, NULL},
};

START_TEST(bech32_decodes_the_published_strings)
{
    struct bulla_bytes prefix;
    uint8_t out[64];
    size_t len = 0;
    const char *what = bech32_cases[_i].what;
    enum bech32_status status =
        bech32_decode(bulla_bytes_of(bech32_cases[_i].text), &prefix, out, sizeof out, &len);
    ck_assert_msg(status == bech32_cases[_i].status, "%s: status %d", what, (int)status);
    if (status == BECH32_OK) {
        bulla_auto_buf hex;
        bulla_buf_init(&hex, 256);
        bulla_hex_encode(bulla_bytes(out, len), &hex);
        ck_assert_msg(bulla_bytes_are(prefix, bech32_cases[_i].prefix), "%s", what);
        ck_assert_msg(bulla_bytes_are(bulla_buf_view(&hex), bech32_cases[_i].hex), "%s", what);
    }
}
END_TEST

START_TEST(bech32_encodes_what_it_decodes)
{
    uint8_t data[80];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)(i * 37 + 200);
    }
    for (size_t len = 0; len <= sizeof data; len++) {
        for (enum bech32_case letters = BECH32_LOWER; letters <= BECH32_UPPER; letters++) {
            struct bulla_bytes prefix;
            uint8_t out[sizeof data];
            size_t out_len = 0;
            bulla_auto_buf text;
            bulla_buf_init(&text, 512);
            bech32_encode("some-name-", bulla_bytes(data, len), letters, &text);
            ck_assert_int_eq(
                bech32_decode(bulla_buf_view(&text), &prefix, out, sizeof out, &out_len),
                BECH32_OK);
            ck_assert(
                bulla_bytes_are(prefix, letters == BECH32_LOWER ? "some-name-" : "SOME-NAME-"));
            ck_assert(bulla_bytes_equal(bulla_bytes(out, out_len), bulla_bytes(data, len)));
            if (len > 0) {
                ck_assert_int_eq(
                    bech32_decode(bulla_buf_view(&text), &prefix, out, len - 1, &out_len),
                    BECH32_TOO_LONG);
            }
        }
    }
}
END_TEST

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END "-----END AGE ENCRYPTED FILE-----\n"
#define LINE64 "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpBQkNERUZHSElKS0xNTk9QUVJTVFVW\n"

static const struct {
    const char *what;
    const char *text;
    const char *bytes; /* NULL: refused, at LINE */
    uint32_t line;
} armor_cases[] = {
    {"nothing inside", BEGIN END, "", 0},
    {"a short line", BEGIN "Zm8=\n" END, "fo", 0},
    {"CRLF", "-----BEGIN AGE ENCRYPTED FILE-----\r\nZm8=\r\n-----END AGE ENCRYPTED FILE-----\r\n",
     "fo", 0},
    {"no line end at the end", BEGIN "Zm8=\n-----END AGE ENCRYPTED FILE-----", "fo", 0},
    {"blank lines outside", "\n \t\n" BEGIN "Zm8=\n" END "\n \n", "fo", 0},
    {"a full line", BEGIN LINE64 END, "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUV", 0},
    {"a full line and a short one", BEGIN LINE64 "Zm8=\n" END,
     "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVfo", 0},
    {"empty", "", NULL, 1},
    {"only blank lines", "\n\n", NULL, 2},
    {"another type", "-----BEGIN AGE FILE-----\n", NULL, 1},
    {"an indented begin", " " BEGIN END, NULL, 1},
    {"text before", "x\n" BEGIN END, NULL, 1},
    {"text behind", BEGIN END "x", NULL, 3},
    {"no end", BEGIN "Zm8=\n", NULL, 2},
    {"an empty line", BEGIN "\n" END, NULL, 2},
    {"an empty last line", BEGIN LINE64 "\n" END, NULL, 3},
    {"two short lines", BEGIN "Zm8=\nZm8=\n" END, NULL, 3},
    {"a long line", BEGIN "QQ" LINE64 END, NULL, 2},
    {"no padding", BEGIN "Zm8\n" END, NULL, 2},
    {"a blank behind a line", BEGIN "Zm8= \n" END, NULL, 2},
    {"a header", BEGIN "Version: 1\n\nZm8=\n" END, NULL, 2},
};

START_TEST(armor_is_strict)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const char *what = armor_cases[_i].what;
    bulla_auto_buf out;
    bulla_buf_init(&out, 256);
    bool ok = armor_decode(bulla_bytes_of(armor_cases[_i].text), &out, &err);
    if (armor_cases[_i].bytes != NULL) {
        ck_assert_msg(ok, "%s: %s", what, err.message);
        ck_assert_msg(bulla_bytes_are(bulla_buf_view(&out), armor_cases[_i].bytes), "%s", what);
    } else {
        ck_assert_msg(!ok, "%s", what);
        ck_assert_int_eq(err.code, BULLA_E_SYNTAX);
        ck_assert_msg(err.pos.line == armor_cases[_i].line && err.pos.col == 1, "%s: line %u", what,
                      err.pos.line);
    }
}
END_TEST

START_TEST(armor_allows_so_much_blank_outside)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    for (size_t blanks = 1023; blanks <= 1025; blanks++) {
        bulla_auto_buf before;
        bulla_auto_buf behind;
        bulla_auto_buf out;
        bulla_buf_init(&before, 4096);
        bulla_buf_init(&behind, 4096);
        bulla_buf_init(&out, 16);
        bulla_buf_puts(&behind, BEGIN END);
        for (size_t i = 0; i < blanks; i++) {
            bulla_buf_putc(&before, '\n');
            bulla_buf_putc(&behind, ' ');
        }
        bulla_buf_puts(&before, BEGIN END);
        ck_assert(armor_decode(bulla_buf_view(&before), &out, &err) == (blanks <= 1024));
        ck_assert(armor_decode(bulla_buf_view(&behind), &out, &err) == (blanks <= 1024));
        ck_assert(armor_is_text(bulla_buf_view(&before)) == (blanks <= 1024));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("codec");
    TCase *tcase = tcase_create("codec");
    tcase_add_loop_test(tcase, base64_is_canonical, 0, sizeof base64_cases / sizeof *base64_cases);
    tcase_add_test(tcase, base64_takes_the_bytes_of_its_alphabet_and_no_other);
    tcase_add_test(tcase, hex_takes_lower_case_digits_and_no_other_byte);
    tcase_add_test(tcase, base64_refuses_what_does_not_fit);
    tcase_add_test(tcase, hex_is_lower_case_only);
    tcase_add_loop_test(tcase, bech32_decodes_the_published_strings, 0,
                        sizeof bech32_cases / sizeof *bech32_cases);
    tcase_add_test(tcase, bech32_encodes_what_it_decodes);
    tcase_add_loop_test(tcase, armor_is_strict, 0, sizeof armor_cases / sizeof *armor_cases);
    tcase_add_test(tcase, armor_allows_so_much_blank_outside);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
