#include <stdio.h>
#include <string.h>

#include "template/template.h"

#include "unit.h"

static bool look_up(void *ctx, struct bulla_bytes name, struct bulla_bytes *ret_value,
                    struct bulla_error *err)
{
    (void)ctx;
    if (bulla_bytes_are(name, "PW")) {
        *ret_value = LIT(" p@\xC3\xA9/\"\n\x01 ");
    } else if (bulla_bytes_are(name, "HOST")) {
        *ret_value = LIT("Db");
    } else if (bulla_bytes_are(name, "BYTES")) {
        *ret_value = LIT("\xFB\xFF\x00");
    } else {
        return bulla_error(err, BULLA_E_MISSING, "no secret '%.*s'", (int)name.len,
                           (const char *)name.data);
    }
    return true;
}

static const struct {
    const char *what;
    const char *text;
    const char *want;
} renderings[] = {
    {"text alone", "a } b }} { $x", "a } b }} { $x"},
    {"a place", "<{{ HOST }}>", "<Db>"},
    {"no blanks are needed", "{{HOST|upper|lower}}", "db"},
    {"tabs are blanks", "{{\tHOST\t|\tupper\t}}", "DB"},
    {"url keeps what RFC 3986 leaves alone", "{{ \"aZ09-._~ +/é\" | url }}",
     "aZ09-._~%20%2B%2F%C3%A9"},
    {"url of a secret", "{{ PW | trim | url }}", "p%40%C3%A9%2F%22%0A%01"},
    {"base64", "{{ BYTES | base64 }}", "+/8A"},
    {"base64 pads", "{{ HOST | base64 }}", "RGI="},
    {"base64url does not", "{{ HOST | base64url }}", "RGI"},
    {"base64url's letters", "{{ BYTES | base64url }}", "-_8A"},
    {"hex", "{{ BYTES | hex }}", "fbff00"},
    {"json", "\"{{ PW | trim | json }}\"", "\"p@\xC3\xA9/\\\"\\n\\u0001\""},
    {"filters in a row", "{{ HOST | hex | upper | base64 }}", "NDQ2Mg=="},
    {"a literal", "{{ \"{{\" }} {{ \"}}\" }} {{ \"|\" }}", "{{ }} |"},
    {"an empty literal", "{{ \"\" }}", ""},
    {"places side by side", "{{ HOST }}{{ HOST }}", "DbDb"},
};

START_TEST(template_renders)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 4096);
    assert_ok(template_render(bulla_bytes_of(renderings[_i].text), "bulla.ini",
                              (struct bulla_pos){4, 9}, look_up, NULL, &out, &err),
              err);
    ck_assert_msg(bulla_bytes_are(bulla_buf_view(&out), renderings[_i].want), "%s",
                  renderings[_i].what);
}
END_TEST

static const struct {
    const char *what;
    const char *text;
    enum bulla_code code;
    struct bulla_pos pos; /* the text begins at 4:9 */
    const char *message;
} refusals[] = {
    {"cut off", "a{{ HOST", BULLA_E_SYNTAX, {4, 10}, "this '{{' has no '}}' on its line"},
    {"cut off at once", "a{{", BULLA_E_SYNTAX, {4, 10}, "this '{{' has no '}}' on its line"},
    {"cut off by a line",
     "a{{ HOST |\n upper }}",
     BULLA_E_SYNTAX,
     {4, 10},
     "this '{{' has no '}}' on its line"},
    {"nothing inside", "{{ }}", BULLA_E_SYNTAX, {4, 12}, "expected a name or a quoted text"},
    {"a digit first", "é{{ 1A }}", BULLA_E_SYNTAX, {4, 13}, "expected a name or a quoted text"},
    {"two names", "{{ HOST PW }}", BULLA_E_SYNTAX, {4, 17}, "expected '|' or '}}'"},
    {"one brace", "{{ HOST } }}", BULLA_E_SYNTAX, {4, 17}, "expected '|' or '}}'"},
    {"no filter", "{{ HOST | }}", BULLA_E_SYNTAX, {4, 19}, "expected a filter"},
    {"unknown filter", "{{ HOST | ulr }}", BULLA_E_SYNTAX, {4, 19}, "unknown filter 'ulr'"},
    {"open quote", "{{ \"x }}", BULLA_E_SYNTAX, {4, 12}, "this quote is never closed"},
    {"on another line", "a\né {{ GONE | url }}", BULLA_E_MISSING, {5, 6}, "no secret 'GONE'"},
    {"a filter that cannot",
     "{{ BYTES | json }}",
     BULLA_E_INVALID,
     {4, 9},
     "filter 'json': the value is not valid UTF-8"},
};

START_TEST(template_refuses_with_a_place)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 4096);
    ck_assert_msg(!template_render(bulla_bytes_of(refusals[_i].text), "bulla.ini",
                                   (struct bulla_pos){4, 9}, look_up, NULL, &out, &err),
                  "%s", refusals[_i].what);
    ck_assert_int_eq(err.code, refusals[_i].code);
    ck_assert_str_eq(err.message, refusals[_i].message);
    ck_assert_str_eq(err.file, "bulla.ini");
    ck_assert_msg(err.pos.line == refusals[_i].pos.line && err.pos.col == refusals[_i].pos.col,
                  "%s: %u:%u", refusals[_i].what, err.pos.line, err.pos.col);
}
END_TEST

static bool note_name(void *ctx, struct bulla_bytes name, struct bulla_pos pos,
                      struct bulla_error *err)
{
    (void)err;
    bulla_buf_printf(ctx, "%.*s@%u:%u ", (int)name.len, (const char *)name.data, pos.line, pos.col);
    return true;
}

static bool stop(void *ctx, struct bulla_bytes name, struct bulla_pos pos, struct bulla_error *err)
{
    (void)ctx;
    (void)name;
    return bulla_error_at(err, BULLA_E_REFUSED, NULL, pos, "stop");
}

START_TEST(template_names_come_with_their_places)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_pos pos = {4, 9};
    bulla_auto_buf seen;
    bulla_buf_init(&seen, 4096);
    assert_ok(template_names(LIT("é{{ A }}{{B|url}}{{ \"x\" }}\n{{ A.b-c }}"), "bulla.ini", pos,
                             note_name, &seen, &err),
              err);
    assert_bytes(bulla_buf_view(&seen), "A@4:13 B@4:19 A.b-c@5:4 ");
    ck_assert(!template_names(LIT("{{ A"), "bulla.ini", pos, note_name, &seen, &err));
    ck_assert_uint_eq(err.pos.col, 9);
    ck_assert(!template_names(LIT("{{ A }}"), "bulla.ini", pos, stop, NULL, &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
}
END_TEST

START_TEST(template_suggests_the_filter)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert(!template_names(LIT("{{ A | ulr }}"), "bulla.ini", (struct bulla_pos){1, 1}, stop,
                              NULL, &err));
    ck_assert_str_eq(err.hint, "did you mean 'url'?");
}
END_TEST

START_TEST(template_reports_a_full_output)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 3);
    ck_assert(!template_render(LIT("{{ HOST | hex }}"), "bulla.ini", (struct bulla_pos){1, 1},
                               look_up, NULL, &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_LIMIT);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("template");
    TCase *tcase = tcase_create("template");
    tcase_add_loop_test(tcase, template_renders, 0, COUNT(renderings));
    tcase_add_loop_test(tcase, template_refuses_with_a_place, 0, COUNT(refusals));
    tcase_add_test(tcase, template_names_come_with_their_places);
    tcase_add_test(tcase, template_suggests_the_filter);
    tcase_add_test(tcase, template_reports_a_full_output);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
