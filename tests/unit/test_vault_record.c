/* The grammar of one line, without keys: what parses is canonical, what does not is told where. */
#include <stdio.h>
#include <string.h>

#include "bulla/codec.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "vault/record.h"
#include "vault/text.h"

#include "unit.h"

#define ID1 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ID2 "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SIGNATURE                                                                                  \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define AT "at=20260301T102231Z "
#define P " p=" ID1
#define S " s=" SIGNATURE
#define KEY "m=recipient:age1x;role:"

static const char *const good[] = {
    "root alice " AT "by=alice " KEY "owner;sign:" ID1 S,
    "member bob " AT "by=alice " KEY "reader" P S,
    "member bob " AT "by=alice " KEY "writer;sign:" ID1 ";x-team:ops" P S,
    "unmember bob " AT "by=alice" P S,
    "unmember bob " AT "by=alice m=why:left%20us%3B%20bye" P S,
    "key AAAAAAAA " AT "by=alice m=commit:" ID1 P S,
    "grant bob k=AAAAAAAA " AT "by=alice d=YWdl" P S,
    "set DB_PASSWORD v=1 k=AAAA+/AA " AT "by=bob d=AAAA" P S,
    "set a.b-c v=999999999 k=AAAAAAAA " AT "by=bob m=state:pending d=AA p=" ID1 "," ID2 S,
    "set _ v=12 k=AAAAAAAA " AT "by=bob m=expires:20270101T000000Z;from:" ID1 ";keep:" ID2
    ";kind:password%3A24;until:20261231T235959Z;why:%C3%A9 d=AAA" P S,
    "del DB v=2 " AT "by=bob" P S,
    "mark DB " AT "by=bob m=keep:" ID1 ";of:" ID2 ";state:current;until:20260303T082004Z" P S,
    "mark DB " AT "by=bob m=of:" ID2 ";state:exposed" P S,
    "join bob " AT "by=bob" P S,
};

START_TEST(record_formats_as_it_was_read)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct record_text record;
    assert_ok(record_parse(bulla_bytes_of(good[_i]), "v", 7, &record, &err), err);
    bulla_auto_buf again;
    bulla_buf_init(&again, BULLA_MAX_VAULT_LINE_BYTES);
    record_format(&record, &again);
    ck_assert_str_eq(bulla_buf_text(&again, &err), good[_i]);
}
END_TEST

static const struct {
    const char *what;
    const char *line;
    uint32_t col;
} bad[] = {
    {"an unknown kind", "put DB v=1", 1},
    {"a kind alone", "set", 4},
    {"upper case kind", "SET DB", 1},
    {"two blanks", "set  DB v=1 k=AAAAAAAA " AT "by=bob d=AAAA" P S, 5},
    {"a blank at the end", "del DB v=2 " AT "by=bob" P S " ", 174},
    {"a tab", "del\tDB v=2 " AT "by=bob" P S, 4},
    {"a byte that is not ASCII", "del D\xc3\x84 v=2 " AT "by=bob" P S, 6},
    {"an escape", "del DB v=2 " AT "by=bob" P S "\x1b[2J", 173},
    {"a name that begins with a digit", "del 1DB v=2 " AT "by=bob" P S, 5},
    {"a member in upper case", "unmember Bob " AT "by=alice" P S, 10},
    {"a key id of seven", "key AAAAAAA " AT "by=alice m=commit:" ID1 P S, 5},
    {"a commitment of another key", "key BAAAAAAA " AT "by=alice m=commit:" ID1 P S, 5},
    {"no version", "del DB " AT "by=bob" P S, 8},
    {"version zero", "del DB v=0 " AT "by=bob" P S, 10},
    {"a leading zero", "del DB v=01 " AT "by=bob" P S, 10},
    {"ten digits", "del DB v=1000000000 " AT "by=bob" P S, 10},
    {"fields in another order", "del DB " AT "v=2 by=bob" P S, 8},
    {"a field twice", "del DB v=2 v=2 " AT "by=bob" P S, 12},
    {"a version on a mark", "mark DB v=1 " AT "by=bob m=of:" ID2 ";state:current" P S, 9},
    {"no time", "del DB v=2 by=bob" P S, 12},
    {"the thirtieth of February", "del DB v=2 at=20260230T102231Z by=bob" P S, 15},
    {"a leap day that is none", "del DB v=2 at=20270229T102231Z by=bob" P S, 15},
    {"second 60", "del DB v=2 at=20260301T102260Z by=bob" P S, 15},
    {"a time without Z", "del DB v=2 at=20260301T102231 by=bob" P S, 15},
    {"an author with a blank", "del DB v=2 " AT "by=" P S, 35},
    {"no parents", "del DB v=2 " AT "by=bob" S, 39},
    {"parents of a root", "root alice " AT "by=alice " KEY "owner;sign:" ID1 P S, 119},
    {"parents that are not sorted", "del DB v=2 " AT "by=bob p=" ID2 "," ID1 S, 85},
    {"a parent twice", "del DB v=2 " AT "by=bob p=" ID1 "," ID1 S, 85},
    {"a short parent", "del DB v=2 " AT "by=bob p=AAAA" S, 41},
    {"a comma at the end", "del DB v=2 " AT "by=bob p=" ID1 "," S, 41},
    {"a parent with spare bits",
     "del DB v=2 " AT "by=bob p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
     "AAAAAB" S,
     41},
    {"no signature", "del DB v=2 " AT "by=bob" P, 84},
    {"a short signature", "del DB v=2 " AT "by=bob" P " s=AAAA", 87},
    {"data with padding", "grant bob k=AAAAAAAA " AT "by=alice d=YWc=" P S, 53},
    {"data with spare bits", "grant bob k=AAAAAAAA " AT "by=alice d=YWb" P S, 53},
    {"empty data", "grant bob k=AAAAAAAA " AT "by=alice d=" P S, 53},
    {"data on a del", "del DB v=2 " AT "by=bob d=AAAA" P S, 39},
    {"empty metadata", "unmember bob " AT "by=alice m=" P S, 45},
    {"metadata without a colon", "unmember bob " AT "by=alice m=why" P S, 45},
    {"an empty metadata value", "unmember bob " AT "by=alice m=why:" P S, 49},
    {"an unknown metadata key", "unmember bob " AT "by=alice m=who:x" P S, 45},
    {"a metadata key of another kind", "del DB v=2 " AT "by=bob m=role:owner" P S, 41},
    {"metadata keys that are not sorted", "mark DB " AT "by=bob m=state:current;of:" ID2 P S, 52},
    {"a metadata key twice", "unmember bob " AT "by=alice m=why:a;why:b" P S, 51},
    {"metadata that ends in ;", "unmember bob " AT "by=alice m=why:a;" P S, 51},
    {"an escape of a literal byte", "unmember bob " AT "by=alice m=why:%41" P S, 49},
    {"an escape in lower case", "unmember bob " AT "by=alice m=why:%c3%a9" P S, 49},
    {"half an escape", "unmember bob " AT "by=alice m=why:%2" P S, 49},
    {"a byte that needs an escape", "unmember bob " AT "by=alice m=why:a,b" P S, 49},
    {"metadata that is not UTF-8", "unmember bob " AT "by=alice m=why:%FF" P S, 49},
    {"a control character", "unmember bob " AT "by=alice m=why:%1B" P S, 49},
    {"a C1 control character", "unmember bob " AT "by=alice m=why:%C2%9B" P S, 49},
    {"a role that is none", "member bob " AT "by=alice " KEY "king;sign:" ID1 P S, 64},
    {"a writer without a signing key", "member bob " AT "by=alice " KEY "writer" P S, 43},
    {"a member without a recipient", "member bob " AT "by=alice m=role:reader" P S, 43},
    {"a signing key of 31 bytes", "member bob " AT "by=alice " KEY "writer;sign:AAAA" P S, 76},
    {"a root that is no owner", "root alice " AT "by=alice " KEY "admin;sign:" ID1 S, 43},
    {"a root by somebody else", "root alice " AT "by=bob " KEY "owner;sign:" ID1 S, 35},
    {"a join of somebody else", "join bob " AT "by=alice" P S, 33},
    {"a set that is current", "set DB v=1 k=AAAAAAAA " AT "by=bob m=state:current d=AAAA" P S, 58},
    {"a mark that is pending", "mark DB " AT "by=bob m=of:" ID2 ";state:pending" P S, 91},
    {"a mark of nothing", "mark DB " AT "by=bob m=state:current" P S, 38},
    {"keep without until", "mark DB " AT "by=bob m=keep:" ID1 ";of:" ID2 ";state:current" P S, 38},
    {"keep on a retiring mark",
     "mark DB " AT "by=bob m=keep:" ID1 ";of:" ID2 ";state:retired;until:20260303T082004Z" P S, 38},
    {"keep on a pending set",
     "set DB v=1 k=AAAAAAAA " AT "by=bob m=keep:" ID1
     ";state:pending;until:20260303T082004Z d=AAAA" P S,
     52},
    {"until that is no time",
     "mark DB " AT "by=bob m=keep:" ID1 ";of:" ID2 ";state:current;until:tomorrow" P S, 154},
};

START_TEST(record_refuses_with_the_place)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct record_text record;
    ck_assert_msg(!record_parse(bulla_bytes_of(bad[_i].line), "v", 7, &record, &err), "%s",
                  bad[_i].what);
    ck_assert_msg(err.code == BULLA_E_SYNTAX, "%s: code %d", bad[_i].what, err.code);
    ck_assert_msg(err.pos.line == 7 && err.pos.col == bad[_i].col, "%s: column %u, want %u: %s",
                  bad[_i].what, err.pos.col, bad[_i].col, err.message);
}
END_TEST

/* PREFIX, COUNT times FILL, SUFFIX. */
static void check_limit(const char *prefix, size_t count, const char *fill, const char *suffix,
                        enum bulla_code want)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf line;
    bulla_buf_init(&line, (size_t)1 << 20);
    bulla_buf_puts(&line, prefix);
    for (size_t i = 0; i < count; i++) {
        bulla_buf_puts(&line, fill);
    }
    bulla_buf_puts(&line, suffix);
    struct record_text record;
    bool ok = record_parse(bulla_buf_view(&line), "v", 1, &record, &err);
    ck_assert_msg(ok == (want == BULLA_OK) && err.code == want, "%s: %s", prefix, err.message);
}

START_TEST(record_keeps_its_limits)
{
    check_limit("del ", 128, "A", " v=2 " AT "by=bob" P S, BULLA_OK);
    check_limit("del ", 129, "A", " v=2 " AT "by=bob" P S, BULLA_E_SYNTAX);
    check_limit("unmember ", 32, "a", " " AT "by=alice" P S, BULLA_OK);
    check_limit("unmember ", 33, "a", " " AT "by=alice" P S, BULLA_E_SYNTAX);
    check_limit("unmember bob " AT "by=alice m=why:", 4092, "a", P S, BULLA_OK);
    check_limit("unmember bob " AT "by=alice m=why:", 4093, "a", P S, BULLA_E_LIMIT);
    check_limit("grant bob k=AAAAAAAA " AT "by=alice d=", 32700, "AAAA", P S, BULLA_OK);
    check_limit("grant bob k=AAAAAAAA " AT "by=alice d=", 32768, "AAAA", P S, BULLA_E_LIMIT);
}
END_TEST

START_TEST(record_takes_64_parents)
{
    for (unsigned count = 64; count <= 65; count++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_buf line;
        bulla_buf_init(&line, (size_t)1 << 16);
        bulla_buf_puts(&line, "join bob " AT "by=bob p=");
        for (unsigned i = 0; i < count; i++) {
            bulla_buf_printf(&line, "%s%c%c%s", i > 0 ? "," : "", 'A' + (char)(i / 16),
                             'A' + (char)(i % 16), &ID1[2]);
        }
        bulla_buf_puts(&line, S);
        struct record_text record;
        bool ok = record_parse(bulla_buf_view(&line), "v", 1, &record, &err);
        ck_assert_int_eq(ok, count == 64);
        ck_assert_int_eq(err.code, ok ? BULLA_OK : BULLA_E_LIMIT);
    }
}
END_TEST

static void put_times(struct bulla_buf *line, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        bulla_buf_puts(line, text);
    }
}

/* Everything in it as long as it may be: the places of its parts are kept in small numbers. */
START_TEST(record_of_the_greatest_lengths_formats_as_it_was_read)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf line;
    bulla_buf_init(&line, BULLA_MAX_VAULT_LINE_BYTES);
    bulla_buf_puts(&line, "set ");
    put_times(&line, 128, "N");
    bulla_buf_puts(&line, " v=999999999 k=AAAA+/AA " AT "by=");
    put_times(&line, 32, "b");
    bulla_buf_puts(&line, " m=keep:" ID2 ";until:20261231T235959Z;why:until%3A");
    put_times(&line, 4096 - 84, "w");
    bulla_buf_puts(&line, " d=");
    put_times(&line, 30000, "AAAA");
    bulla_buf_puts(&line, " p=");
    for (unsigned i = 0; i < 64; i++) {
        bulla_buf_printf(&line, "%s%c%c%s", i > 0 ? "," : "", 'A' + (char)(i / 16),
                         'A' + (char)(i % 16), &ID1[2]);
    }
    bulla_buf_puts(&line, S);
    struct record_text record;
    assert_ok(record_parse(bulla_buf_view(&line), "v", 7, &record, &err), err);
    bulla_auto_buf again;
    bulla_buf_init(&again, BULLA_MAX_VAULT_LINE_BYTES);
    record_format(&record, &again);
    ck_assert(bulla_bytes_equal(bulla_buf_view(&again), bulla_buf_view(&line)));
    ck_assert_uint_eq(record.meta_len, 4096);
    ck_assert_uint_eq(record_data(&record).len, 120000);
    ck_assert_uint_eq(record_subject(&record).len, 128);
    ck_assert_uint_eq(record_by(&record).len, 32);
    ck_assert(bulla_bytes_are(record_value(&record, META_KEEP), ID2));
    ck_assert(bulla_bytes_are(record_value(&record, META_UNTIL), "20261231T235959Z"));
    ck_assert_int_eq(record_time(&record, META_UNTIL), 1798761599);
    ck_assert_int_eq(record_time(&record, META_EXPIRES), 0);
    ck_assert(bulla_bytes_start(record_value(&record, META_WHY), "until%3Aww"));
    ck_assert_uint_eq(record_value(&record, META_FROM).len, 0);
    ck_assert(
        bulla_bytes_are(record_parent(&record, 63), "DPAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}
END_TEST

static const struct {
    int64_t seconds;
    const char *text;
} times[] = {
    {0, "19700101T000000Z"},
    {951782399, "20000228T235959Z"},
    {951782400, "20000229T000000Z"},
    {1772360551, "20260301T102231Z"},
    {-1, "19691231T235959Z"},
    {-62135596800, "00010101T000000Z"},
    {253402300799, "99991231T235959Z"},
    {4107542399, "21000228T235959Z"},
    {4107542400, "21000301T000000Z"},
};

START_TEST(text_reads_and_writes_times)
{
    int64_t seconds = 1;
    char text[TEXT_TIME_CHARS + 1];
    ck_assert(text_parse_time(bulla_bytes_of(times[_i].text), &seconds));
    ck_assert_int_eq(seconds, times[_i].seconds);
    ck_assert(text_format_time(times[_i].seconds, text));
    ck_assert_str_eq(text, times[_i].text);
}
END_TEST

START_TEST(text_writes_no_time_outside_its_years)
{
    char text[TEXT_TIME_CHARS + 1];
    ck_assert(!text_format_time(INT64_C(-62135596801), text));
    ck_assert(!text_format_time(INT64_C(253402300800), text));
    ck_assert(!text_format_time(INT64_MAX, text));
    ck_assert(!text_format_time(INT64_MIN, text));
}
END_TEST

START_TEST(record_meta_survives_decoding)
{
    const char *const plain = "a;b:c %\xc3\xa9\xe2\x82\xac,=\"'";
    bulla_auto_buf text;
    bulla_buf_init(&text, 1000);
    record_meta_put(&text, 0, META_WHY, bulla_bytes_of(plain));
    char decoded[1000];
    size_t len = record_meta_decode(
        bulla_bytes_slice(bulla_buf_view(&text), strlen("why:"), SIZE_MAX), decoded);
    ck_assert(bulla_bytes_are(bulla_bytes(decoded, len), plain));
}
END_TEST

START_TEST(text_decodes_what_the_codec_encodes)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t bytes[256];
    for (size_t len = 1; len <= sizeof bytes; len++) {
        for (size_t i = 0; i < len; i++) {
            bytes[i] = (uint8_t)(i * 37 + len * 101);
        }
        bulla_auto_buf text;
        bulla_buf_init(&text, 1000);
        bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(bytes, len), &text);
        ck_assert(text_is_base64(bulla_buf_view(&text)));
        /* Just the room that it asks for, so that a sanitizer sees one byte more. */
        uint8_t *room = bulla_alloc(text.len / 4 * 3 + 2, 1, &err);
        ck_assert_ptr_nonnull(room);
        size_t got = text_decode(bulla_buf_view(&text), room);
        ck_assert(bulla_bytes_equal(bulla_bytes(room, got), bulla_bytes(bytes, len)));
        bulla_free(room);
    }
}
END_TEST

/* Blocks of 16 are looked at as one, and the last one again with what is before it. */
START_TEST(text_finds_every_byte_that_is_no_base64)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t len = 2; len <= 52; len += len % 4 == 0 ? 2 : 1) {
        char text[52];
        size_t wrong = 0;
        memset(text, 'A', sizeof text);
        for (size_t at = 0; at + 1 < len; at++) {
            for (int byte = 0; byte < 256; byte++) {
                text[at] = (char)byte;
                bool is_good = byte != 0 && strchr(alphabet, byte) != NULL;
                wrong += text_is_base64(bulla_bytes(text, len)) != is_good;
            }
            text[at] = 'A';
        }
        ck_assert_msg(wrong == 0, "%zu of texts of %zu bytes", wrong, len);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("vault_record");
    TCase *tcase = tcase_create("record");
    tcase_add_loop_test(tcase, record_formats_as_it_was_read, 0, COUNT(good));
    tcase_add_loop_test(tcase, record_refuses_with_the_place, 0, COUNT(bad));
    tcase_add_test(tcase, record_keeps_its_limits);
    tcase_add_test(tcase, record_takes_64_parents);
    tcase_add_test(tcase, record_of_the_greatest_lengths_formats_as_it_was_read);
    tcase_add_loop_test(tcase, text_reads_and_writes_times, 0, COUNT(times));
    tcase_add_test(tcase, text_writes_no_time_outside_its_years);
    tcase_add_test(tcase, record_meta_survives_decoding);
    tcase_add_test(tcase, text_decodes_what_the_codec_encodes);
    tcase_add_test(tcase, text_finds_every_byte_that_is_no_base64);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
