/* What somebody with rights could make a vault cost: docs/vault.5.md 11. */
#include <stdlib.h>

#include "bulla/codec.h"
#include "bulla/limits.h"
#include "crypto/prim.h"
#include "vault/seal.h"

#include "vault_unit.h"

/* Writes records that no client of ours would, by the thousand. */
struct mill {
    const struct bulla_vault *vault; /* the file as it was: its header, and identities to sign */
    struct bulla_buf text;
    char (*ids)[TEXT_ID_CHARS + 1]; /* of what it wrote, in order */
    size_t count;
};

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Adds "BODY p=… s=…" with COUNT PARENTS, signed by PERSON. */
static void grind(struct mill *mill, const struct bulla_identities *person, const char *body,
                  const char **parents, size_t count)
{
    bulla_auto_buf line;
    bulla_buf_init(&line, BULLA_MAX_VAULT_LINE_BYTES);
    bulla_buf_puts(&line, body);
    qsort(parents, count, sizeof *parents, compare_ids);
    for (size_t i = 0; i < count; i++) {
        bulla_buf_printf(&line, "%s%s", i > 0 ? "," : " p=", parents[i]);
    }
    uint8_t hash[32];
    char *id = mill->ids[mill->count++];
    const struct bulla_bytes parts[] = {bulla_buf_view(&mill->vault->header),
                                        bulla_buf_view(&line)};
    prim_hash(hash, parts, 2);
    text_format_id(hash, id);
    uint8_t signature[64];
    struct bulla_vault signing = *mill->vault;
    signing.identities = person;
    author_make_signature(&signing, 0, id, signature);
    bulla_buf_puts(&line, " s=");
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(signature, sizeof signature), &line);
    bulla_buf_add_bytes(&mill->text, bulla_buf_view(&line));
    bulla_buf_putc(&mill->text, '\n');
}

static void start(struct mill *mill, struct bulla_vault *vault, size_t most)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    mill->vault = vault;
    bulla_buf_init(&mill->text, (size_t)1 << 26);
    bulla_buf_add_bytes(&mill->text, bulla_buf_view(&vault->text));
    mill->ids = bulla_alloc(most, sizeof *mill->ids, &err);
    ck_assert_ptr_nonnull(mill->ids);
}

static void finish(struct mill *mill, const struct desk *desk)
{
    desk_write(desk->vault, bulla_buf_view(&mill->text));
    bulla_buf_release(&mill->text);
    bulla_free(mill->ids);
}

/* "member dora …" by carol; NUMBER makes it differ from the others. */
static void write_member(const struct desk *desk, unsigned number, char *body, size_t cap)
{
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk->identities[DORA], 0, sign);
    (void)snprintf(
        body, cap,
        "member dora at=20260302T%02u%02u%02uZ by=carol m=recipient:%s;role:writer;sign:%s",
        number / 3600 % 24, number / 60 % 60, number % 60,
        bulla_identities_recipient(desk->identities[DORA], 0), sign);
}

/* The one head of the file. */
static const char *only_head(struct bulla_vault *vault)
{
    ck_assert_uint_eq(vault->graph.head_count, 1);
    return vault->records[vault->graph.heads[0]].id;
}

/*
 * Carol, an admin, says BESIDE times beside each other that dora is a writer, joins that, and says
 * it BEHIND times more, one behind the other.
 */
static void say_often(struct desk *desk, unsigned beside, unsigned behind)
{
    bulla_auto_vault vault = desk_open(desk, CAROL, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk->err);
    struct mill mill = {0};
    char body[512];
    start(&mill, vault, beside + beside / 32 + behind + 64);
    const char *parents[BULLA_MAX_VAULT_PARENTS];
    for (unsigned i = 0; i < beside; i++) {
        parents[0] = only_head(vault);
        write_member(desk, i, body, sizeof body);
        grind(&mill, desk->identities[CAROL], body, parents, 1);
    }
    for (size_t next = 0; next + 1 < mill.count;) {
        size_t count = 0;
        while (count < BULLA_MAX_VAULT_PARENTS && next < mill.count) {
            parents[count++] = mill.ids[next++];
        }
        grind(&mill, desk->identities[CAROL], "join carol at=20260303T000000Z by=carol", parents,
              count);
    }
    for (unsigned i = 0; i < behind; i++) {
        parents[0] = mill.ids[mill.count - 1];
        write_member(desk, beside + i, body, sizeof body);
        grind(&mill, desk->identities[CAROL], body, parents, 1);
    }
    finish(&mill, desk);
}

static void assert_limit(struct desk *desk)
{
    for (enum bulla_vault_access access = BULLA_VAULT_READ; access <= BULLA_VAULT_WRITE; access++) {
        ck_assert_ptr_null(desk_open(desk, ALICE, access));
        assert_code(desk->err, BULLA_E_LIMIT);
        ck_assert_str_eq(desk->err.file, desk->vault);
        bulla_error_clear(&desk->err);
    }
}

START_TEST(many_membership_records_are_judged)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    say_often(&desk, 200, 50);
    assert_value(&desk, ALICE, "DB", "one");
}
END_TEST

START_TEST(membership_records_beyond_measure_are_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    say_often(&desk, 1000, 400);
    assert_limit(&desk);
}
END_TEST

/* Carol gives bob KEYS keys one after the other; he writes SETS values with the one he had first.
 */
static void change_keys(struct desk *desk, unsigned keys, unsigned sets)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_vault vault = desk_open(desk, CAROL, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk->err);
    struct mill mill = {0};
    start(&mill, vault, keys + sets);
    const char *parent = only_head(vault);
    for (unsigned i = 0; i < keys; i++) {
        bulla_auto_buf body;
        bulla_buf_init(&body, 1024);
        uint8_t seed[32] = {(uint8_t)i, (uint8_t)(i >> 8), 1};
        uint8_t key[32];
        uint8_t secret[64];
        prim_sign_keys(key, secret, seed);
        bulla_buf_printf(
            &body, "member bob at=20260302T00%02u%02uZ by=carol m=recipient:%s;role:writer;sign:",
            i / 60 % 60, i % 60, bulla_identities_recipient(desk->identities[BOB], 0));
        bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(key, sizeof key), &body);
        grind(&mill, desk->identities[CAROL], bulla_buf_text(&body, &err), &parent, 1);
        parent = mill.ids[mill.count - 1];
    }
    for (unsigned i = 0; i < sets; i++) {
        char body[256];
        (void)snprintf(body, sizeof body, "del OTHER v=%u at=20260303T000000Z by=bob", i + 1);
        grind(&mill, desk->identities[BOB], body, &parent, 1);
        parent = mill.ids[mill.count - 1];
    }
    finish(&mill, desk);
}

START_TEST(some_signing_keys_of_one_author_are_tried)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    change_keys(&desk, 20, 50);
    assert_value(&desk, ALICE, "DB", "one");
}
END_TEST

START_TEST(signing_keys_beyond_measure_are_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    change_keys(&desk, 200, 60);
    assert_limit(&desk);
}
END_TEST

enum { MANY = 700 };

/* Alice joins MANY times, one behind the other. */
static void join_often(struct desk *desk)
{
    bulla_auto_vault vault = desk_open(desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk->err);
    struct mill mill = {0};
    start(&mill, vault, MANY);
    const char *parent = only_head(vault);
    for (unsigned i = 0; i < MANY; i++) {
        grind(&mill, desk->identities[ALICE], "join alice at=20260303T000000Z by=alice", &parent,
              1);
        parent = mill.ids[mill.count - 1];
    }
    finish(&mill, desk);
}

/* Signatures of so many records are verified in parallel. */
START_TEST(one_forged_signature_among_many_is_found)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    join_often(&desk);
    size_t records = 0;
    {
        bulla_auto_vault vault = desk_open(&desk, BOB, BULLA_VAULT_VERIFY);
        assert_ok(vault != NULL, desk.err);
        records = bulla_vault_figures(vault).records;
        ck_assert_uint_gt(records, MANY);
        ck_assert_uint_eq(bulla_vault_figures(vault).signatures_checked, records);
    }
    bulla_auto_str text = desk_read(desk.vault);
    size_t len = strlen(text);
    char *end = text + len - 1; /* of the line that is looked at */
    unsigned line = 0;
    for (const char *at = text; *at != '\0'; at++) {
        line += *at == '\n';
    }
    for (unsigned i = 0; i < MANY / 2; i++, line--) {
        do {
            end--;
        } while (*end != '\n');
    }
    /* Base64 of 64 bytes; the same as good as any other but for its first character. */
    char *signature = end - 86;
    *signature = *signature == 'A' ? 'B' : 'A';
    desk_write(desk.vault, bulla_bytes(text, len));
    for (enum bulla_vault_access access = BULLA_VAULT_VERIFY; access <= BULLA_VAULT_WRITE;
         access++) {
        ck_assert_ptr_null(desk_open(&desk, BOB, access));
        assert_code(desk.err, BULLA_E_VERIFY);
        ck_assert_uint_eq(desk.err.pos.line, line);
        bulla_error_clear(&desk.err);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault_work");
    TCase *tcase = tcase_create("vault_work");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, many_membership_records_are_judged);
    tcase_add_test(tcase, membership_records_beyond_measure_are_refused);
    tcase_add_test(tcase, some_signing_keys_of_one_author_are_tried);
    tcase_add_test(tcase, signing_keys_beyond_measure_are_refused);
    tcase_add_test(tcase, one_forged_signature_among_many_is_found);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
