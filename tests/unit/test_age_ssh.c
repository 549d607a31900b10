/* age's ssh recipients and identities, as the library has them. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <stdio.h>
#include <string.h>

#include "age/recipient.h"
#include "age/ssh.h"
#include "bulla/age.h"
#include "bulla/codec.h"
#include "crypto/bcrypt.h"
#include "crypto/blowfish.h"

#include "unit.h"

/* Keys that exist for these tests alone, made by ssh-keygen 9.2: plain, with the passphrase below,
 * RSA. */
static const char ssh_plain[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
    "QyNTUxOQAAACDimhmUWNs3V+b0WaU0nChiUijMaUALGb9Vip3g8lN25wAAAIh+AW4UfgFu\n"
    "FAAAAAtzc2gtZWQyNTUxOQAAACDimhmUWNs3V+b0WaU0nChiUijMaUALGb9Vip3g8lN25w\n"
    "AAAEDdRK6HOeLC1JVv0ZHuTWlb9am/NG61JmUVn5wkq/HvaOKaGZRY2zdX5vRZpTScKGJS\n"
    "KMxpQAsZv1WKneDyU3bnAAAABHRlc3QB\n"
    "-----END OPENSSH PRIVATE KEY-----\n";
static const char ssh_locked[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABC5PGu6EY\n"
    "wMGbSwRaJymrt7AAAAAQAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIJ9GB/v6Qi03mkPU\n"
    "uFQV2maVAEmrmMqSDbi90rtWQMoxAAAAkB2sPKoJhhkcWAhtRT43kgnoLw063hS9DrddM/\n"
    "/yTFFegqHmbMtwWYfmF/NuyYqV5bTxVhA7pAK8h6DLAfG5pifUASSGCW3yECX54fc2cmaY\n"
    "1FfNwZOt3Hhxep4OI96jC7XsbtgHecmgYc+2Yu/+g8rmps1TOEFtPcYxDCSmt8A1l6lMRT\n"
    "BE3zQbZE//Kfp9fg==\n"
    "-----END OPENSSH PRIVATE KEY-----\n";
static const char ssh_rsa[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABFwAAAAdzc2gtcn\n"
    "NhAAAAAwEAAQAAAQEAqlTTBLXCsaVmWyxNJNjaAqOvwVkl1/sFr+2Pk5t1d7gIoo0CJrV0\n"
    "EYq10RiKZ+v0pRKK5suyAQRoCwNuPB929igdNKDBRdi83tKJrMcAaW/isO/K5I4pC4gjjU\n"
    "CY3PUgg89MCd83i/tZkeLXQv14I8qckVBmvnj5UqUK8SlHfpdNcUC9QEY/2jB7Ze2gy6iu\n"
    "NqieNtDotMTEV/EBed9HQCODmSN0BxggfQDl7qBu5q6OgJuWQ/rbLaGHhcW/udnKxoNk2X\n"
    "ThGqzL0GjfRfsVTr+nXLd+y+GPavVIctsRXy3awEUL2LJEshe2RlEhbZJXzh6aOoCMcbJD\n"
    "P7fnwicFLwAAA8Dfv7Pp37+z6QAAAAdzc2gtcnNhAAABAQCqVNMEtcKxpWZbLE0k2NoCo6\n"
    "/BWSXX+wWv7Y+Tm3V3uAiijQImtXQRirXRGIpn6/SlEormy7IBBGgLA248H3b2KB00oMFF\n"
    "2Lze0omsxwBpb+Kw78rkjikLiCONQJjc9SCDz0wJ3zeL+1mR4tdC/XgjypyRUGa+ePlSpQ\n"
    "rxKUd+l01xQL1ARj/aMHtl7aDLqK42qJ420Oi0xMRX8QF530dAI4OZI3QHGCB9AOXuoG7m\n"
    "ro6Am5ZD+tstoYeFxb+52crGg2TZdOEarMvQaN9F+xVOv6dct37L4Y9q9Uhy2xFfLdrARQ\n"
    "vYskSyF7ZGUSFtklfOHpo6gIxxskM/t+fCJwUvAAAAAwEAAQAAAQATff00uEeCry69TJ66\n"
    "vUAxoMwaVcUxaA4YucMTqBeIxEbkseX8Sl6b1U0E6TM0PPnfBsteKb2smnWnm6m6oqUpT/\n"
    "eLpWveE4qwUH/7MD4j/W7/7ZPBP7gtvtNxX4zpbaSIwP5u0McZXgG8OAKHWDID8on5TS38\n"
    "1SOUaW5iS7rdScEZzL0Ip/fxq/luncF230psg0xwJynlXElkDhFkny4GLuVrYFx48pcNh8\n"
    "S2w5ZZkSpify5zTMkJsgghqQHYWbpemNDQD58ag6to+7WMRNzDz8BjRJJgDBN8/fxqcsNz\n"
    "bsrK2uBaKVQC9GiU2IIW+udcKaur4pfJ8V9ns2x7DuX9AAAAgQCoJKbKRhrJxhC7E0Tc3Z\n"
    "wbRWcKjxOaP90dFeSIjVFUqJau707jvRtn6OeRVSCThqcUsILNIQzZqyTsXh5+BT2lI4Rp\n"
    "WHjzY+NvKJ9CEucpo93mhPPzf0PWJ6s7Osv7bbWthJyKYYaOL79gY5a2wJOqsF7LB57vR0\n"
    "1sab4QUFcsKAAAAIEA3PgYFb0/Hzi5n4NJm7/JrOBM6i7PaIEQnM6eeYk7cwgEEtYAx72P\n"
    "D/bRf6qL/68VyCMg9SiX2FEMS+W69WsfpkVnI1gac79vw7T9FvRi/M11umd8arQ5BhUeIU\n"
    "B5kynESt+MKD7hSONPRuELdl2MUCT+R+UzlyYx6y447cIjsN0AAACBAMVVoAESaHOj2cx5\n"
    "82Jo/di91XSeEqsnOLMtv2oz5hEf8/HHoa4DCPWTrg6bxXp4cIyq1I6xOMDF5IykPdlXv1\n"
    "W4ZUWTv4EEyNSWfjyRnZznvd9QpKxQpZmHlJPks9yseaMeZZJyHLuOx1Ar2Y/i9gmx7oru\n"
    "askSr3FgUroVpwd7AAAABHRlc3QBAgMEBQY=\n"
    "-----END OPENSSH PRIVATE KEY-----\n";
#define SSH_PLAIN_PUBLIC                                                                           \
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOKaGZRY2zdX5vRZpTScKGJSKMxpQAsZv1WKneDyU3bn"
#define SSH_RSA_BASE64                                                                             \
    "AAAAB3NzaC1yc2EAAAADAQABAAABAQCqVNMEtcKxpWZbLE0k2NoCo6/BWSXX+wWv7Y+Tm3V3uAiijQIm"             \
    "tXQRirXRGIpn6/SlEormy7IBBGgLA248H3b2KB00oMFF2Lze0omsxwBpb+Kw78rkjikLiCONQJjc9SCD"             \
    "z0wJ3zeL+1mR4tdC/XgjypyRUGa+ePlSpQrxKUd+l01xQL1ARj/aMHtl7aDLqK42qJ420Oi0xMRX8QF5"             \
    "30dAI4OZI3QHGCB9AOXuoG7mro6Am5ZD+tstoYeFxb+52crGg2TZdOEarMvQaN9F+xVOv6dct37L4Y9q"             \
    "9Uhy2xFfLdrARQvYskSyF7ZGUSFtklfOHpo6gIxxskM/t+fCJwUv"
#define SSH_PASSPHRASE "pass word"

/* A person who knows the passphrase, or says another. */
struct person {
    const char *passphrase;
    unsigned asked;
    unsigned warned;
};

static bool answer_secret(void *ctx, const char *prompt, struct bulla_buf *answer,
                          struct bulla_error *err)
{
    struct person *person = ctx;
    ck_assert_str_eq(prompt, "passphrase of key");
    person->asked++;
    bulla_buf_puts(answer, person->passphrase);
    return bulla_buf_ok(answer, err);
}

static void count_warning(void *ctx, const struct bulla_error *what)
{
    struct person *person = ctx;
    ck_assert_str_eq(what->file, "keys");
    person->warned = person->warned * 10 + what->pos.line;
}

static struct bulla_identities *identities_of(const char *text, const struct bulla_age_host *host)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_identities *identities = bulla_identities_new(host, &err);
    assert_ok(identities != NULL &&
                  bulla_identities_add(identities, bulla_bytes_of(text), "key", &err),
              err);
    return identities;
}

/* "text", encrypted to the recipients of IDENTITIES. */
static void encrypt_to(const struct bulla_identities *identities, struct bulla_buf *file)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_recipients list = bulla_recipients_new(NULL, &err);
    assert_ok(list != NULL && bulla_recipients_add_identities(list, identities, &err) &&
                  bulla_age_encrypt(list, LIT("text"), file, &err),
              err);
}

START_TEST(blowfish_without_a_salt_is_the_librarys)
{
    const char *const keys[] = {"k", "a key of several words that is longer than 32 bytes"};
    for (size_t i = 0; i < 2; i++) {
        BF_KEY ours;
        BF_KEY theirs;
        bcrypt_initial_state(&ours);
        bcrypt_expand(&ours, bulla_bytes(NULL, 0), bulla_bytes_of(keys[i]));
        BF_set_key(&theirs, (int)strlen(keys[i]), (const unsigned char *)keys[i]);
        ck_assert_int_eq(memcmp(&ours, &theirs, sizeof ours), 0);
    }
}
END_TEST

START_TEST(bcrypt_refuses_sizes_that_no_key_has)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t out[32];
    ck_assert(!bcrypt_pbkdf(LIT("p"), LIT("s"), 0, out, sizeof out, &err));
    ck_assert_int_eq(err.code, BULLA_E_INVALID);
    ck_assert(!bcrypt_pbkdf(LIT("p"), LIT("s"), BCRYPT_MAX_ROUNDS + 1, out, sizeof out, &err));
    ck_assert(!bcrypt_pbkdf(LIT("p"), LIT("s"), 1, out, 0, &err));
}
END_TEST

static const char *const round_trips[] = {ssh_plain, ssh_rsa};

START_TEST(ssh_keys_round_trip_and_only_the_right_one_opens)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_identities mine = identities_of(round_trips[_i], NULL);
    bulla_auto_identities other = identities_of(round_trips[1 - _i], NULL);
    bulla_auto_buf file;
    bulla_auto_buf out;
    bulla_buf_init(&file, 4096);
    bulla_buf_init_secret(&out, 16);
    encrypt_to(mine, &file);
    assert_ok(bulla_age_decrypt(mine, bulla_buf_view(&file), &out, &err), err);
    assert_bytes(bulla_buf_view(&out), "text");
    ck_assert(!bulla_age_decrypt(other, bulla_buf_view(&file), &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    ck_assert_uint_eq(bulla_identities_secret(mine, 0).len, 0);

    /* Whatever byte is changed, it does not open. */
    for (size_t i = 0; i < file.len; i++) {
        bulla_buf_clear(&out);
        file.data[i] ^= 1;
        ck_assert(!bulla_age_decrypt(mine, bulla_buf_view(&file), &out, &err));
        ck_assert_uint_eq(out.len, 0);
        file.data[i] ^= 1;
    }
}
END_TEST

START_TEST(locked_keys_ask_only_where_a_file_is_for_them)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct person person = {.passphrase = SSH_PASSPHRASE};
    const struct bulla_age_host host = {.ctx = &person, .ask_secret = answer_secret};
    bulla_auto_identities locked = identities_of(ssh_locked, &host);
    bulla_auto_identities plain = identities_of(ssh_plain, NULL);
    bulla_auto_buf for_locked;
    bulla_auto_buf for_plain;
    bulla_auto_buf out;
    bulla_buf_init(&for_locked, 4096);
    bulla_buf_init(&for_plain, 4096);
    bulla_buf_init_secret(&out, 16);
    encrypt_to(locked, &for_locked);
    encrypt_to(plain, &for_plain);
    ck_assert(!bulla_age_decrypt(locked, bulla_buf_view(&for_plain), &out, &err));
    ck_assert_uint_eq(person.asked, 0);
    person.passphrase = "another";
    ck_assert(!bulla_age_decrypt(locked, bulla_buf_view(&for_locked), &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
    ck_assert_str_eq(err.message, "key: the passphrase of the ssh key is wrong");
    person.passphrase = SSH_PASSPHRASE;
    assert_ok(bulla_age_decrypt(locked, bulla_buf_view(&for_locked), &out, &err), err);
    assert_ok(bulla_age_decrypt(locked, bulla_buf_view(&for_locked), &out, &err), err);
    assert_bytes(bulla_buf_view(&out), "texttext");
    ck_assert_uint_eq(person.asked, 2);

    bulla_auto_identities unasked = identities_of(ssh_locked, NULL);
    ck_assert(!bulla_age_decrypt(unasked, bulla_buf_view(&for_locked), &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_IDENTITY);
}
END_TEST

/* Decodes the base64 of a key's text. */
static struct bulla_bytes container_of(const char *text, uint8_t *out, size_t cap)
{
    char base64[4096];
    size_t len = 0;
    size_t decoded = 0;
    for (const char *at = strchr(text, '\n') + 1; *at != '-'; at++) {
        if (*at != '\n') {
            base64[len++] = *at;
        }
    }
    ck_assert(bulla_base64_decode(BULLA_BASE64, bulla_bytes(base64, len), out, cap, &decoded));
    return bulla_bytes(out, decoded);
}

/* Each byte of what is not encrypted, changed or cut off, is an error or leaves a sound key. */
START_TEST(damaged_containers_are_refused)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t bytes[4096];
    bulla_auto_arena arena = bulla_arena_new(65536, &err);
    struct bulla_bytes file = container_of(round_trips[_i], bytes, sizeof bytes);
    struct ssh_private whole = {.is_open = false};
    assert_ok(ssh_parse_container(file, &whole, arena, NULL, &err) && whole.is_open, err);
    for (size_t len = 0; len + 8 < file.len; len++) {
        struct ssh_private key = {.is_open = false};
        ck_assert_msg(!ssh_parse_container(bulla_bytes(bytes, len), &key, arena, NULL, &err) ||
                          !key.is_open,
                      "cut at %zu", len);
    }
    for (size_t i = 0; i < file.len; i++) {
        struct ssh_private key = {.is_open = false};
        bytes[i] ^= 0x40;
        if (ssh_parse_container(file, &key, arena, NULL, &err) && key.is_open) {
            ck_assert(bulla_bytes_equal(key.public_key.wire, whole.public_key.wire));
        }
        bytes[i] ^= 0x40;
    }
}
END_TEST

static const struct {
    const char *what;
    const char *text;
    enum bulla_code code;
    uint32_t line;
    size_t count;
    unsigned warned;
    const char *says;
} key_lines[] = {
    {"plain", SSH_PLAIN_PUBLIC "\n", BULLA_OK, 0, 1, 0, ""},
    {"a comment behind", SSH_PLAIN_PUBLIC " alice@laptop 2\r\n", BULLA_OK, 0, 1, 0, ""},
    {"options before", "from=\"a b,c\",no-pty,command=\"x \\\"y\\\"\" " SSH_PLAIN_PUBLIC, BULLA_OK,
     0, 1, 0, ""},
    {"twice with other comments", SSH_PLAIN_PUBLIC " a\n" SSH_PLAIN_PUBLIC " b\n", BULLA_OK, 0, 1,
     0, ""},
    {"RSA", "ssh-rsa " SSH_RSA_BASE64, BULLA_OK, 0, 1, 0, ""},
    {"types that are passed over",
     "ecdsa-sha2-nistp256 AAAA\n" SSH_PLAIN_PUBLIC "\nsk-ssh-ed25519@openssh.com AAAA\n"
     "restrict ssh-dss AAAA\n",
     BULLA_OK, 0, 1, 134, ""},
    {"nothing but those", "# x\nssh-dss AAAA\n", BULLA_E_MISSING, 0, 0, 2, "no recipient"},
    {"damaged base64", SSH_PLAIN_PUBLIC "x\n", BULLA_E_INVALID, 1, 0, 0, "damaged"},
    {"one type and another",
     "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", BULLA_E_INVALID, 1,
     0, 0, "damaged"},
    {"a point of low order",
     "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
     BULLA_E_INVALID, 1, 0, 0, "damaged"},
    {"small RSA", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAACQDDDDDDDDDDDQ==\n", BULLA_E_INVALID, 1, 0,
     0, "less than 2048 bits"},
    {"no key at all", "\nbob the builder\n", BULLA_E_INVALID, 2, 0, 0, "begins with"},
    {"a type alone", "ssh-ed25519\n", BULLA_E_INVALID, 1, 0, 0, "damaged"},
};

START_TEST(key_lines_are_read_as_ssh_does)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct person person = {.passphrase = ""};
    const struct bulla_age_host host = {.ctx = &person, .warn = count_warning};
    const char *what = key_lines[_i].what;
    bulla_auto_recipients list = bulla_recipients_new(&host, &err);
    bool ok = bulla_recipients_add_file(list, bulla_bytes_of(key_lines[_i].text), "keys", &err);
    ck_assert_msg(ok == (key_lines[_i].code == BULLA_OK) && err.code == key_lines[_i].code,
                  "%s: %s", what, err.message);
    ck_assert_msg(err.pos.line == key_lines[_i].line, "%s: line %u", what, err.pos.line);
    ck_assert_msg(strstr(err.message, key_lines[_i].says) != NULL, "%s: %s", what, err.message);
    ck_assert_msg(bulla_recipients_count(list) == key_lines[_i].count, "%s", what);
    ck_assert_msg(person.warned == key_lines[_i].warned, "%s: %u", what, person.warned);
}
END_TEST

START_TEST(recipients_of_ssh_keys_have_no_comment)
{
    bulla_auto_identities plain = identities_of(ssh_plain, NULL);
    ck_assert_str_eq(bulla_identities_recipient(plain, 0), SSH_PLAIN_PUBLIC);
    bulla_auto_identities rsa = identities_of(ssh_rsa, NULL);
    ck_assert_str_eq(bulla_identities_recipient(rsa, 0), "ssh-rsa " SSH_RSA_BASE64);
}
END_TEST

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

int main(void)
{
    Suite *suite = suite_create("age_ssh");
    TCase *tcase = tcase_create("keys");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, blowfish_without_a_salt_is_the_librarys);
    tcase_add_test(tcase, bcrypt_refuses_sizes_that_no_key_has);
    tcase_add_loop_test(tcase, ssh_keys_round_trip_and_only_the_right_one_opens, 0,
                        COUNT(round_trips));
    tcase_add_test(tcase, locked_keys_ask_only_where_a_file_is_for_them);
    tcase_add_loop_test(tcase, damaged_containers_are_refused, 0, COUNT(round_trips));
    tcase_add_loop_test(tcase, key_lines_are_read_as_ssh_does, 0, COUNT(key_lines));
    tcase_add_test(tcase, recipients_of_ssh_keys_have_no_comment);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
