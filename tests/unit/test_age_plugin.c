/* Keys that a plugin holds, against one of our own that behaves as it is told to. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "age/plugin.h"
#include "bulla/age.h"
#include "codec/bech32.h"

#include "unit.h"

#define FOLDER BULLA_TEST_DATA "/plugin"
#define SILENCE_MS 300 /* for a plugin that says nothing on purpose */
#define PATIENCE_MS 60000

/* What the person saw. */
struct person {
    char said[256];
};

static bool answer(void *ctx, const char *prompt, struct bulla_buf *answer, struct bulla_error *err)
{
    (void)ctx;
    if (strcmp(prompt, "age-plugin-odd: PIN") == 0) {
        bulla_buf_puts(answer, "1234");
    } else {
        ck_assert_str_eq(prompt, "age-plugin-odd: name");
        bulla_buf_puts(answer, "bob");
    }
    return bulla_buf_ok(answer, err);
}

static void say(void *ctx, const char *plugin, const char *text)
{
    struct person *person = ctx;
    (void)snprintf(person->said, sizeof person->said, "%s: %s", plugin, text);
}

static bool confirm(void *ctx, const char *question, const char *yes, const char *no, bool *ret_yes,
                    struct bulla_error *err)
{
    (void)ctx;
    (void)err;
    ck_assert_str_eq(question, "age-plugin-odd: really?");
    ck_assert(no == NULL || strcmp(no, "stop") == 0);
    *ret_yes = strcmp(yes, "go") == 0;
    return true;
}

/* Recipient or identity of the plugin NAME, with nothing in it. */
static const char *key_text(struct bulla_buf *buf, const char *prefix, enum bech32_case letters)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_buf_init(buf, 256);
    bech32_encode(prefix, LIT("xyz"), letters, buf);
    const char *text = bulla_buf_text(buf, &err);
    ck_assert_ptr_nonnull(text);
    return text;
}

struct desk {
    struct person person;
    struct bulla_age_host host;
    char mode[64];
    char *environment[2];
};

static void open_desk(struct desk *desk, const char *mode, unsigned wait_ms)
{
    *desk = (struct desk){.person = {""}};
    (void)signal(SIGPIPE, SIG_IGN);
    (void)snprintf(desk->mode, sizeof desk->mode, "PLUGIN_MODE=%s", mode);
    desk->environment[0] = desk->mode;
    desk->host = (struct bulla_age_host){
        .ctx = &desk->person,
        .plugin_path = "/nowhere::relative:" FOLDER,
        .plugin_environment = desk->environment,
        .plugin_wait_ms = wait_ms,
        .ask_secret = strcmp(mode, "nobody") == 0 ? NULL : answer,
        .ask_public = answer,
        .say = say,
        .confirm = confirm,
    };
}

static bool encrypt(struct desk *desk, const char *other, struct bulla_buf *file,
                    struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_auto_recipients list = bulla_recipients_new(&desk->host, err);
    assert_ok(list != NULL, *err);
    assert_ok(bulla_recipients_add(list, key_text(&text, "age1odd", BECH32_LOWER), err), *err);
    if (other != NULL) {
        assert_ok(bulla_recipients_add(list, other, err), *err);
    }
    return bulla_age_encrypt(list, LIT("text"), file, err);
}

static bool decrypt(struct desk *desk, const struct bulla_buf *file, struct bulla_buf *out,
                    struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_auto_identities identities = bulla_identities_new(&desk->host, err);
    const char *key = key_text(&text, "age-plugin-odd-", BECH32_UPPER);
    assert_ok(identities != NULL &&
                  bulla_identities_add(identities, bulla_bytes_of(key), "key", err),
              *err);
    ck_assert_str_eq(bulla_identities_recipient(identities, 0), "");
    ck_assert_uint_eq(bulla_identities_secret(identities, 0).len, 0);
    return bulla_age_decrypt(identities, bulla_buf_view(file), out, err);
}

static const char *const good_modes[] = {"good",   "unknown", "msg",    "secret",
                                         "nobody", "public",  "confirm"};

START_TEST(plugins_wrap_and_unwrap)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct desk desk;
    bulla_auto_buf file;
    bulla_auto_buf out;
    bulla_buf_init(&file, 4096);
    bulla_buf_init_secret(&out, 16);
    open_desk(&desk, good_modes[_i], PATIENCE_MS);
    assert_ok(encrypt(&desk, NULL, &file, &err), err);
    ck_assert_ptr_nonnull(memmem(file.data, file.len, "-> odd x\n", 9));
    assert_ok(decrypt(&desk, &file, &out, &err), err);
    assert_bytes(bulla_buf_view(&out), "text");
    /* What a terminal would obey is taken out. */
    if (strcmp(good_modes[_i], "msg") == 0) {
        ck_assert_str_eq(desk.person.said, "odd: touch ?]0;me? now");
    }
}
END_TEST

static const struct {
    const char *mode;
    bool wrapping;
    unsigned wait_ms;
    enum bulla_code code;
    const char *says;
} misbehaviours[] = {
    {"dies", true, PATIENCE_MS, BULLA_E_IO, "ended before it was done"},
    {"dies", false, PATIENCE_MS, BULLA_E_IO, "ended before it was done"},
    {"dies-later", true, PATIENCE_MS, BULLA_E_IO, "ended before it was done"},
    {"dies-later", false, PATIENCE_MS, BULLA_E_IO, "ended before it was done"},
    {"half", false, PATIENCE_MS, BULLA_E_IO, "ended before it was done"},
    {"hangs", true, SILENCE_MS, BULLA_E_IO, "did not answer in time"},
    {"hangs-later", false, SILENCE_MS, BULLA_E_IO, "did not answer in time"},
    {"nonsense", true, PATIENCE_MS, BULLA_E_IO, "sent what is no message"},
    {"long", false, PATIENCE_MS, BULLA_E_IO, "a message that is too long"},
    {"flood", true, PATIENCE_MS, BULLA_E_IO, "too many messages"},
    {"flood", false, PATIENCE_MS, BULLA_E_IO, "too many messages"},
    {"error", true, PATIENCE_MS, BULLA_E_INVALID, "says: no?[31m card"},
    {"error", false, PATIENCE_MS, BULLA_E_IDENTITY, "says: no?[31m card"},
    {"bad-confirm", false, PATIENCE_MS, BULLA_E_IO, "no message"},
    {"long-text", false, PATIENCE_MS, BULLA_E_IO, "a text that is too long"},
    {"no-stanza", true, PATIENCE_MS, BULLA_E_IO, "wrapped nothing"},
    {"other-file", true, PATIENCE_MS, BULLA_E_IO, "for no file of ours"},
    {"many-stanzas", true, PATIENCE_MS, BULLA_E_IO, "or too many"},
    {"bad-stanza", true, PATIENCE_MS, BULLA_E_SYNTAX, "makes no age file"},
    {"labels-twice", true, PATIENCE_MS, BULLA_E_IO, "too many labels"},
    {"short-key", false, PATIENCE_MS, BULLA_E_IO, "no file key"},
    {"two-keys", false, PATIENCE_MS, BULLA_E_IO, "no file key"},
    {"other-file", false, PATIENCE_MS, BULLA_E_IO, "no file key"},
    {"wrong-key", false, PATIENCE_MS, BULLA_E_VERIFY, "MAC"},
    {"not-mine", false, PATIENCE_MS, BULLA_E_IDENTITY, "no identity opens"},
};

START_TEST(plugins_that_misbehave_are_an_error_and_nothing_else)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct desk desk;
    bulla_auto_buf file;
    bulla_auto_buf out;
    bulla_buf_init(&file, 4096);
    bulla_buf_init_secret(&out, 16);
    open_desk(&desk, "good", PATIENCE_MS);
    bool wrapping = misbehaviours[_i].wrapping;
    if (!wrapping) {
        assert_ok(encrypt(&desk, NULL, &file, &err), err);
    }
    open_desk(&desk, misbehaviours[_i].mode, misbehaviours[_i].wait_ms);
    ck_assert_msg(wrapping ? !encrypt(&desk, NULL, &file, &err)
                           : !decrypt(&desk, &file, &out, &err),
                  "%s", misbehaviours[_i].mode);
    ck_assert_msg(err.code == misbehaviours[_i].code &&
                      strstr(err.message, misbehaviours[_i].says) != NULL,
                  "%s: %d %s", misbehaviours[_i].mode, (int)err.code, err.message);
    ck_assert_uint_eq(wrapping ? file.len : out.len, 0);
}
END_TEST

/* A header that is larger than a pipe, to a plugin that reads nothing. */
START_TEST(plugins_that_do_not_listen_are_given_up)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct desk desk;
    struct age_keys keys = {{0}};
    struct age_header header = {0};
    bool opened = false;
    bulla_auto_buf text;
    bulla_auto_buf key;
    bulla_buf_init(&text, AGE_MAX_HEADER_BYTES);
    bulla_buf_puts(&text, AGE_VERSION_LINE);
    for (int i = 0; i < 500; i++) {
        bulla_buf_puts(&text, "-> grease\n");
        for (int k = 0; k < 10; k++) {
            bulla_buf_puts(&text,
                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
        }
        bulla_buf_putc(&text, '\n');
    }
    bulla_buf_puts(&text, "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
    assert_ok(age_header_parse(bulla_buf_view(&text), &header, &err), err);
    open_desk(&desk, "deaf", SILENCE_MS);
    struct plugin_key plugin = {.name = "odd", .is_identity = true};
    plugin.text = bulla_bytes_of(key_text(&key, "age-plugin-odd-", BECH32_UPPER));
    ck_assert(!plugin_unwrap(&desk.host, &plugin, &header, &keys, &opened, &err));
    ck_assert_int_eq(err.code, BULLA_E_IO);
    ck_assert_ptr_nonnull(strstr(err.message, "did not answer in time"));
    age_header_release(&header);
}
END_TEST

START_TEST(labels_keep_recipients_apart)
{
    static const char x25519[] = "age12dxclf2rgjg4xahp2hwudy0mtpk3cv6xt326em9jtv3pky40wfhshtfhwy";
    struct bulla_error err = BULLA_ERROR_INIT;
    struct desk desk;
    bulla_auto_buf file;
    bulla_buf_init(&file, 4096);
    open_desk(&desk, "label", PATIENCE_MS);
    assert_ok(encrypt(&desk, NULL, &file, &err), err);
    bulla_buf_clear(&file);
    ck_assert(!encrypt(&desk, x25519, &file, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    open_desk(&desk, "good", PATIENCE_MS);
    assert_ok(encrypt(&desk, x25519, &file, &err), err);
}
END_TEST

START_TEST(programs_are_looked_for_in_absolute_folders_alone)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct desk desk;
    bulla_auto_buf file;
    bulla_buf_init(&file, 4096);
    open_desk(&desk, "good", PATIENCE_MS);
    static const char *const paths[] = {NULL, "", ":", "tests/data/plugin:.", "/nowhere"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        desk.host.plugin_path = paths[i];
        ck_assert(!encrypt(&desk, NULL, &file, &err));
        ck_assert_int_eq(err.code, BULLA_E_MISSING);
        ck_assert_ptr_nonnull(strstr(err.message, "'age-plugin-odd'"));
    }
}
END_TEST

static const struct {
    const char *text;
    const char *name; /* NULL: refused */
} names[] = {
    {"age1yubikey1qqqq", "yubikey"}, {"age1a.b_c+d-e1qqqq", "a.b_c+d-e"},
    {"age1p/wn1qqqq", NULL},         {"age11qqqq", NULL},
    {"age1a b1qqqq", NULL},          {"AGE-PLUGIN-YUBIKEY-1QQQQ", "yubikey"},
    {"AGE-PLUGIN-A-B-1QQQQ", "a-b"}, {"AGE-PLUGIN-../X-1QQQQ", NULL},
    {"AGE-PLUGIN--1QQQQ", NULL},     {"AGE-PLUGIN-X1QQQQ", NULL},
    {"AGE-PLUGIN-", NULL},
};

START_TEST(names_are_no_paths)
{
    char name[PLUGIN_MAX_NAME_BYTES + 1];
    struct bulla_bytes text = bulla_bytes_of(names[_i].text);
    bool ok = bulla_bytes_start(text, "age1") ? plugin_recipient_name(text, name)
                                              : plugin_identity_name(text, name);
    ck_assert_msg(ok == (names[_i].name != NULL), "%s", names[_i].text);
    if (ok) {
        ck_assert_str_eq(name, names[_i].name);
    }
}
END_TEST

START_TEST(messages_end_with_their_first_short_line)
{
    ck_assert_uint_eq(plugin_message_len(LIT("")), 0);
    ck_assert_uint_eq(plugin_message_len(LIT("-> ok\n")), 0);
    ck_assert_uint_eq(plugin_message_len(LIT("-> ok\n\n-> x\n")), 7);
    ck_assert_uint_eq(plugin_message_len(LIT("-> ok\nAAAA")), 0);
    ck_assert_uint_eq(plugin_message_len(LIT("-> ok\nAAAA\n")), 11);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("age_plugin");
    TCase *tcase = tcase_create("plugins");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, plugins_wrap_and_unwrap, 0, COUNT(good_modes));
    tcase_add_loop_test(tcase, plugins_that_misbehave_are_an_error_and_nothing_else, 0,
                        COUNT(misbehaviours));
    tcase_add_test(tcase, plugins_that_do_not_listen_are_given_up);
    tcase_add_test(tcase, labels_keep_recipients_apart);
    tcase_add_test(tcase, programs_are_looked_for_in_absolute_folders_alone);
    tcase_add_loop_test(tcase, names_are_no_paths, 0, COUNT(names));
    tcase_add_test(tcase, messages_end_with_their_first_short_line);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
