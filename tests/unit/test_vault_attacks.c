/* What each attack of docs/vault.5.md 12 meets: a row, a test. */
#include <sodium.h>
#include <sys/stat.h>

#include "bulla/codec.h"
#include "bulla/limits.h"
#include "crypto/prim.h"
#include "vault/judge.h"
#include "vault/lines.h"
#include "vault/seal.h"

#include "vault_unit.h"

/* The file without any judgement, for its heads and lines. */
static struct bulla_vault *read_raw(const struct desk *desk)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_vault_place place = {.path = desk->vault};
    struct bulla_vault *vault = vault_new(&place, BULLA_VAULT_READ, &err);
    assert_ok(vault != NULL, err);
    assert_ok(bulla_vault_read_file(desk->vault, &vault->text, &err), err);
    assert_ok(vault_read_text(vault, NULL, &err), err);
    vault->judged = pool_new(&err);
    assert_ok(graph_build(vault, &err), err);
    return vault;
}

static void append_line(const struct desk *desk, const char *line)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str text = desk_read(desk->vault);
    bulla_auto_str longer = bulla_asprintf(&err, "%s%s\n", text, line);
    desk_write(desk->vault, bulla_bytes_of(longer));
}

/*
 * Appends "BODY p=… s=…" with the heads of the file as parents, signed by PERSON's identity or, for
 * PEOPLE, with garbage: what a client without our rules could write. Returns its id, owned.
 */
static char *forge(const struct desk *desk, int person, const char *body)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_vault vault = read_raw(desk);
    bulla_auto_buf line;
    bulla_buf_init(&line, BULLA_MAX_VAULT_LINE_BYTES);
    bulla_buf_puts(&line, body);
    bulla_buf_puts(&line, " p=");
    for (uint32_t i = 0; i < vault->graph.head_count; i++) {
        bulla_buf_puts(&line, i > 0 ? "," : "");
        bulla_buf_puts(&line, vault->records[vault->graph.heads[i]].id);
    }
    uint8_t hash[32];
    char id[TEXT_ID_CHARS + 1];
    const struct bulla_bytes parts[] = {bulla_buf_view(&vault->header), bulla_buf_view(&line)};
    prim_hash(hash, parts, 2);
    text_format_id(hash, id);
    uint8_t signature[64] = {1};
    if (person < PEOPLE) {
        vault->identities = desk->identities[person];
        author_make_signature(vault, 0, id, signature);
        vault->identities = NULL;
    }
    bulla_buf_puts(&line, " s=");
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(signature, sizeof signature), &line);
    append_line(desk, bulla_buf_text(&line, &err));
    char *copy = bulla_strdup(id, &err);
    ck_assert_ptr_nonnull(copy);
    return copy;
}

#define forge_line(...) bulla_free(forge(__VA_ARGS__))

/* The line that begins with START, owned. */
static char *find_line(const struct desk *desk, const char *start)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str text = desk_read(desk->vault);
    for (char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, start, strlen(start)) == 0) {
            char *copy = bulla_strndup(line, strcspn(line, "\n"), &err);
            ck_assert_ptr_nonnull(copy);
            return copy;
        }
    }
    ck_abort_msg("no line '%s'", start);
    return NULL;
}

/* Puts WITH in the place of the first WHAT of the file. */
static void replace(const struct desk *desk, const char *what, const char *with)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str text = desk_read(desk->vault);
    char *at = strstr(text, what);
    ck_assert_msg(at != NULL, "no '%s'", what);
    bulla_auto_str changed =
        bulla_asprintf(&err, "%.*s%s%s", (int)(at - text), text, with, at + strlen(what));
    desk_write(desk->vault, bulla_bytes_of(changed));
}

/* Refused to readers and to verifiers, with CODE and WORDS in the message. */
static void assert_refused(struct desk *desk, enum bulla_code code, const char *words)
{
    for (enum bulla_vault_access access = BULLA_VAULT_READ; access <= BULLA_VAULT_WRITE; access++) {
        bulla_auto_vault vault = desk_open(desk, ALICE, access);
        ck_assert_msg(vault == NULL, "access %d: accepted, want '%s'", access, words);
        assert_code(desk->err, code);
        ck_assert_msg(strstr(desk->err.message, words) != NULL, "got '%s', want '%s'",
                      desk->err.message, words);
        bulla_error_clear(&desk->err);
    }
}

static void assert_contested(struct desk *desk, const char *name)
{
    bulla_auto_vault vault = desk_open(desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk->err);
    struct bulla_bytes value;
    ck_assert(!bulla_vault_get(vault, name, 0, &value, &desk->err));
    assert_code(desk->err, BULLA_E_REFUSED);
    bulla_error_clear(&desk->err);
}

/* "set NAME v=V k=KEYID at=… by=BY d=DATA" with the epoch of the file. */
static char *set_body(const struct desk *desk, const char *name, unsigned version, const char *by,
                      const char *data)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_vault vault = read_raw(desk);
    char *body = bulla_asprintf(&err, "set %s v=%u k=%s at=20260302T000000Z by=%s d=%s", name,
                                version, vault->keyids.entries[0].text, by, data);
    ck_assert_ptr_nonnull(body);
    return body;
}

START_TEST(edit_of_any_byte_is_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str text = desk_read(desk.vault);
    size_t len = strlen(text);
    bool comment = false;
    for (size_t i = 0; i < len; i++) {
        if (i == 0 || text[i - 1] == '\n') {
            comment = text[i] == '#';
        }
        if (comment && text[i] != '\n' && !(text[i] == '#' && text[i - 1] == '\n')) {
            continue; /* comments mean nothing */
        }
        text[i] = (char)(text[i] ^ 1);
        desk_write(desk.vault, bulla_bytes(text, len));
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
        ck_assert_msg(vault == NULL, "byte %zu", i);
        ck_assert_msg(desk.err.code == BULLA_E_SYNTAX || desk.err.code == BULLA_E_VERIFY ||
                          desk.err.code == BULLA_E_LIMIT,
                      "byte %zu: %d", i, desk.err.code);
        text[i] = (char)(text[i] ^ 1);
    }
}
END_TEST

START_TEST(truncation_leaves_whole_histories_only)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str text = desk_read(desk.vault);
    for (size_t len = 0; len < strlen(text); len++) {
        desk_write(desk.vault, bulla_bytes(text, len));
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
        if (vault == NULL) {
            ck_assert(desk.err.code == BULLA_E_SYNTAX || desk.err.code == BULLA_E_VERIFY);
            bulla_error_clear(&desk.err);
            continue;
        }
        /* Then what was cut is a line's LF, comments, or records that no other one names. */
        ck_assert_msg(len == 0 || text[len] == '\n' || text[len - 1] == '\n' ||
                          strrchr(text, '#') < text + len,
                      "cut to %zu", len);
    }
}
END_TEST

START_TEST(lines_of_another_kind_are_refused_with_place_and_remedy)
{
    static const struct {
        const char *added;
        const char *words;
        const char *hint;
    } cases[] = {
        {"<<<<<<< HEAD", "conflict marker", "'bulla git fix' takes git's lines out"},
        {"=======", "conflict marker", "'bulla git fix' takes git's lines out"},
        {">>>>>>> branch", "conflict marker", "'bulla git fix' takes git's lines out"},
        {"||||||| base", "conflict marker", "'bulla git fix' takes git's lines out"},
        {"BULLA1 00000000000000000000000000000000 prod", "two vaults", "import"},
        {"hello", "unknown kind", ""},
        {"# com\x1b[2Jment", "in a comment", ""},
        {"\r", "carriage return", "eol=lf"},
        {" ", "unknown kind", ""},
    };
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    uint32_t lines = 1;
    for (const char *at = before; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        append_line(&desk, cases[i].added);
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
        ck_assert_ptr_null(vault);
        assert_code(desk.err, BULLA_E_SYNTAX);
        ck_assert_uint_eq(desk.err.pos.line, lines);
        ck_assert_msg(strstr(desk.err.message, cases[i].words) != NULL, "%s", desk.err.message);
        ck_assert_msg(strstr(desk.err.hint, cases[i].hint) != NULL, "%s", desk.err.hint);
        desk_write(desk.vault, bulla_bytes_of(before));
    }
}
END_TEST

START_TEST(crlf_is_refused_at_the_first_line)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    replace(&desk, "\n", "\r\n");
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    ck_assert_ptr_null(vault);
    assert_code(desk.err, BULLA_E_SYNTAX);
    ck_assert_uint_eq(desk.err.pos.line, 1);
}
END_TEST

START_TEST(giant_lines_are_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    static char line[BULLA_MAX_VAULT_LINE_BYTES + 2];
    for (const char *first = "x#"; *first != '\0'; first++) {
        memset(line, 'x', sizeof line - 1);
        line[0] = *first;
        append_line(&desk, line);
        assert_refused(&desk, BULLA_E_LIMIT, "line of more than");
        desk_write(desk.vault, bulla_bytes_of(before));
    }
}
END_TEST

START_TEST(lines_that_are_no_records_take_no_memory)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str text = desk_read(desk.vault);
    static const struct {
        const char *line;
        size_t count;
    } cases[] = {{"\n", 400000}, {"#\n", 200000}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bulla_auto_buf longer;
        bulla_buf_init(&longer, BULLA_MAX_VAULT_BYTES);
        bulla_buf_puts(&longer, text);
        for (size_t j = 0; j < cases[i].count; j++) {
            bulla_buf_puts(&longer, cases[i].line);
        }
        ck_assert(bulla_buf_ok(&longer, &desk.err));
        desk_write(desk.vault, bulla_buf_view(&longer));
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
        assert_ok(vault != NULL, desk.err);
        /* What is reserved is of the order of the file, whatever its lines are. */
        ck_assert_uint_le(vault->cap * sizeof *vault->records, 4 * longer.len);
        ck_assert_uint_le(vault->ids.slot_count * sizeof *vault->ids.slots, longer.len);
    }
}
END_TEST

/* A difference in one word that the next one undoes: no multiplication by a constant hides that. */
START_TEST(chosen_texts_do_not_meet_in_a_table)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct intern table = {0};
    assert_ok(intern_init(&table, 16, &err), err);
    uint64_t texts[2][2] = {{0, 0}, {UINT64_C(1) << 63, UINT64_C(1) << 63 | UINT64_C(1) << 34}};
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t number = 0;
        assert_ok(intern_add(&table, NULL, bulla_bytes(texts[i], sizeof texts[i]), &number, &err),
                  err);
        ck_assert_uint_eq(number, i);
    }
    ck_assert_uint_ne(table.entries[0].hash, table.entries[1].hash);
    intern_release(&table);
}
END_TEST

START_TEST(another_environment_or_a_link_is_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    place.environment = "staging";
    ck_assert_ptr_null(bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err));
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert_uint_eq(desk.err.pos.line, 1);
    bulla_auto_str link = bulla_asprintf(&desk.err, "%s/link.vault", desk.folder);
    ck_assert_int_eq(symlink(desk.vault, link), 0);
    place.environment = "prod";
    place.path = link;
    ck_assert_ptr_null(bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err));
    assert_code(desk.err, BULLA_E_INVALID);
    place.path = desk.folder;
    ck_assert_ptr_null(bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err));
    assert_code(desk.err, BULLA_E_INVALID);
    place.path = "/nonexistent/prod.vault";
    ck_assert_ptr_null(bulla_vault_open(&place, BULLA_VAULT_READ, &desk.err));
    assert_code(desk.err, BULLA_E_MISSING);
}
END_TEST

START_TEST(header_of_another_vault_is_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str text = desk_read(desk.vault);
    text[7] = text[7] == '0' ? '1' : '0';
    desk_write(desk.vault, bulla_bytes_of(text));
    assert_refused(&desk, BULLA_E_VERIFY, "");
}
END_TEST

START_TEST(deletion_of_a_named_record_is_missed)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    desk_set(&desk, BOB, "DB", "two", NOW + 20);
    bulla_auto_str line = find_line(&desk, "set DB v=1 ");
    replace(&desk, line, "");
    assert_refused(&desk, BULLA_E_VERIFY, "which is not in the file");
    /* It names the record that is short of its parent. */
    ck_assert_ptr_null(desk_open(&desk, ALICE, BULLA_VAULT_READ));
    ck_assert_msg(strstr(desk.err.message, "set DB v=2 by bob") != NULL, "%s", desk.err.message);
    ck_assert_uint_gt(desk.err.pos.line, 1);
}
END_TEST

START_TEST(stranger_cannot_add_himself)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    char body[512];
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk.identities[DORA], 0, sign);
    (void)snprintf(body, sizeof body,
                   "member dora at=20260302T000000Z by=dora m=recipient:%s;role:writer;sign:%s",
                   bulla_identities_recipient(desk.identities[DORA], 0), sign);
    bulla_auto_str before = desk_read(desk.vault);
    forge_line(&desk, DORA, body);
    assert_refused(&desk, BULLA_E_VERIFY, "may not be written by 'dora'");
    desk_write(desk.vault, bulla_bytes_of(before));
    (void)snprintf(body, sizeof body,
                   "member dora at=20260302T000000Z by=alice m=recipient:%s;role:writer;sign:%s",
                   bulla_identities_recipient(desk.identities[DORA], 0), sign);
    forge_line(&desk, DORA, body);
    assert_refused(&desk, BULLA_E_VERIFY, "a signature that 'alice' did not make");
}
END_TEST

START_TEST(writer_cannot_make_an_admin)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    char body[512];
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk.identities[BOB], 0, sign);
    const char *const forms[][2] = {{"bob", "admin"}, {"carol", "admin"}, {"carol", "owner"}};
    bulla_auto_str before = desk_read(desk.vault);
    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(body, sizeof body,
                       "member bob at=20260302T000000Z by=%s m=recipient:age1x;role:%s;sign:%s",
                       forms[i][0], forms[i][1], sign);
        forge_line(&desk, strcmp(forms[i][0], "bob") == 0 ? BOB : CAROL, body);
        assert_refused(&desk, BULLA_E_VERIFY,
                       i < 2 ? "may not be written" : "but 'alice' is the owner");
        desk_write(desk.vault, bulla_bytes_of(before));
    }
}
END_TEST

START_TEST(planted_keys_do_not_open)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    /* An admin's own grant of another key under the announced id: age opens it, we do not. */
    bulla_auto_vault raw = read_raw(&desk);
    raw->arena = bulla_arena_new(0, &desk.err);
    bulla_auto_buf data;
    bulla_buf_init(&data, BULLA_MAX_VAULT_LINE_BYTES);
    uint8_t other[32] = {7};
    const char *recipient = bulla_identities_recipient(desk.identities[ALICE], 0);
    assert_ok(seal_grant(raw, other, raw->keyids.entries[0].text, &recipient, 1, &data, &desk.err),
              desk.err);
    bulla_auto_str body =
        bulla_asprintf(&desk.err, "grant alice k=%s at=20260302T000000Z by=carol d=%.*s",
                       raw->keyids.entries[0].text, (int)data.len, (const char *)data.data);
    forge_line(&desk, CAROL, body);
    /* The good grant is still there. */
    assert_value(&desk, ALICE, "DB", "one");
    /* Without it the planted one is told. */
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    vault->epoch_secrets[0] = (struct epoch_secret){0};
    vault->keys[0].first_grant += vault->keys[0].grant_count - 1;
    vault->keys[0].grant_count = 1;
    struct bulla_bytes value;
    ck_assert(!bulla_vault_get(vault, "DB", 0, &value, &desk.err));
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert_ptr_nonnull(strstr(desk.err.message, "does not hold the key"));
}
END_TEST

START_TEST(swapped_ciphertexts_do_not_open)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    /* Bob binds alice's ciphertext to another name: it is his to sign, but it does not open. */
    bulla_auto_str line = find_line(&desk, "set DB v=1 ");
    char *data = strstr(line, " d=") + 3;
    data[strcspn(data, " ")] = '\0';
    bulla_auto_str body = set_body(&desk, "BANNER", 1, "bob", data);
    forge_line(&desk, BOB, body);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    struct bulla_bytes value;
    ck_assert(!bulla_vault_get(vault, "BANNER", 0, &value, &desk.err));
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert_ptr_nonnull(strstr(desk.err.message, "set BANNER v=1 by bob"));
    assert_ok(bulla_vault_get(vault, "DB", 0, &value, &desk.err), desk.err);
}
END_TEST

/* Signs "set NAME" of bob's with LEN bytes sealed in it, as a client without our limits could. */
static void forge_value(struct desk *desk, const char *name, size_t len)
{
    bulla_auto_vault vault = desk_open(desk, BOB, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk->err);
    const uint8_t *secret = NULL;
    assert_ok(seal_open_epoch(vault, 0, &secret, &desk->err), desk->err);
    uint8_t *value = bulla_alloc(len, 1, &desk->err);
    ck_assert_ptr_nonnull(value);
    memset(value, 'x', len);
    bulla_auto_str body = set_body(desk, name, 1, "bob", "");
    size_t sealed = strlen(body) - strlen(" d=");
    bulla_auto_buf line;
    bulla_buf_init(&line, BULLA_MAX_VAULT_LINE_BYTES);
    bulla_buf_puts(&line, body);
    assert_ok(seal_value(vault, secret, bulla_bytes_of(name), bulla_bytes(body, sealed),
                         bulla_bytes(value, len), &line, &desk->err),
              desk->err);
    forge_line(desk, BOB, bulla_buf_text(&line, &desk->err));
    bulla_free(value);
}

START_TEST(value_over_the_limit_does_not_open)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    forge_value(&desk, "FULL", BULLA_MAX_VALUE_BYTES);
    /* Sealed it is as long as the one before: padding fills both up. */
    forge_value(&desk, "OVER", BULLA_MAX_VALUE_BYTES + 1);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    struct bulla_bytes value;
    assert_ok(bulla_vault_get(vault, "FULL", 0, &value, &desk.err), desk.err);
    ck_assert_uint_eq(value.len, BULLA_MAX_VALUE_BYTES);
    ck_assert(!bulla_vault_get(vault, "OVER", 0, &value, &desk.err));
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert_ptr_nonnull(strstr(desk.err.message, "set OVER v=1 by bob"));
}
END_TEST

START_TEST(reader_forges_neither_value_nor_head)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        char sign[BULLA_SIGN_KEY_CHARS + 1];
        bulla_vault_sign_key(desk.identities[DORA], 0, sign);
        assert_ok(vault != NULL &&
                      bulla_vault_member_set(vault, "dora", BULLA_MEMBER_READER,
                                             bulla_identities_recipient(desk.identities[DORA], 0),
                                             sign, NOW + 20, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    assert_value(&desk, DORA, "DB", "one");
    bulla_auto_str before = desk_read(desk.vault);
    bulla_auto_str body = set_body(&desk, "DB", 2, "dora", "AAAA");
    forge_line(&desk, DORA, body);
    assert_refused(&desk, BULLA_E_VERIFY, "who is no writer there");
    desk_write(desk.vault, bulla_bytes_of(before));
    /* A value under alice's name, covered by a head of the reader's. */
    bulla_auto_str forged = set_body(&desk, "DB", 2, "alice", "AAAA");
    forge_line(&desk, PEOPLE, forged);
    forge_line(&desk, DORA, "join dora at=20260302T000000Z by=dora");
    assert_refused(&desk, BULLA_E_VERIFY, "");
    ck_assert_ptr_null(desk_open(&desk, ALICE, BULLA_VAULT_READ));
    ck_assert_ptr_nonnull(strstr(desk.err.message, "may not be written by 'dora'"));
}
END_TEST

START_TEST(removed_writer_vouches_for_nothing)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str base = desk_read(desk.vault);
    /* His branch: a value in alice's name without her signature, and his own record above it. */
    bulla_auto_str forged = set_body(&desk, "DB", 2, "alice", "AAAA");
    forge_line(&desk, PEOPLE, forged);
    bulla_auto_str note = set_body(&desk, "NOTE", 1, "bob", "AAAA");
    forge_line(&desk, BOB, note);
    bulla_auto_str branch = desk_read(desk.vault);
    desk_write(desk.vault, bulla_bytes_of(base));
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_member_remove(vault, "bob", "left", NOW + 20, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    /* Merged by union: his lines come along. */
    char *lines = strstr(branch, "set DB v=2 ");
    append_line(&desk, lines);
    assert_refused(&desk, BULLA_E_VERIFY, "a signature that 'alice' did not make");
}
END_TEST

START_TEST(removed_writer_contests_only)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    {
        bulla_auto_vault vault = desk_open(&desk, CAROL, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_member_remove(vault, "bob", "left", NOW + 20, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    bulla_auto_str body = set_body(&desk, "DB", 2, "bob", "AAAA");
    forge_line(&desk, BOB, body);
    assert_contested(&desk, "DB");
}
END_TEST

START_TEST(removed_recipient_closes_his_epochs)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_member_remove(vault, "bob", "left", NOW + 20, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
    struct bulla_secret_info info;
    ck_assert(bulla_vault_find(vault, "DB", &info));
    ck_assert(info.current->exposed);
    /* A new value is sealed under a key that he has not, and is not exposed … */
    assert_ok(bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW + 30, NULL, &desk.err), desk.err);
    ck_assert(bulla_vault_find(vault, "DB", &info));
    ck_assert(!info.current->exposed);
    /* … unless it repeats what he could read. */
    struct bulla_version_info version;
    ck_assert(bulla_vault_version(vault, "DB", 1, &version));
    const struct bulla_set_options back = {.from_id = version.id};
    assert_ok(bulla_vault_set(vault, "DB", LIT("one"), &back, NOW + 40, NULL, &desk.err), desk.err);
    ck_assert(bulla_vault_find(vault, "DB", &info));
    ck_assert(info.current->exposed);
    /* Also when it is typed in again without saying so. */
    assert_ok(bulla_vault_set(vault, "DB", LIT("three"), NULL, NOW + 50, NULL, &desk.err) &&
                  bulla_vault_set(vault, "DB", LIT("one"), NULL, NOW + 60, NULL, &desk.err),
              desk.err);
    ck_assert(bulla_vault_find(vault, "DB", &info));
    ck_assert(info.current->exposed);
    ck_assert_ptr_nonnull(info.current->from_id);
    assert_ok(bulla_vault_commit(vault, &desk.err), desk.err);
    bulla_vault_close(BULLA_STEAL(vault));
    bulla_auto_vault his = desk_open(&desk, BOB, BULLA_VAULT_READ);
    struct bulla_bytes value;
    assert_ok(his != NULL, desk.err);
    ck_assert(!bulla_vault_get(his, "DB", 2, &value, &desk.err));
    assert_code(desk.err, BULLA_E_IDENTITY);
    ck_assert_ptr_null(bulla_vault_me(his));
}
END_TEST

START_TEST(copy_with_a_bad_signature_is_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    desk_set(&desk, BOB, "DB", "two", NOW + 20);
    bulla_auto_str text = desk_read(desk.vault);
    /* Anywhere, also of a record whose own signature a reader does not look at. */
    bulla_auto_str line = find_line(&desk, "set DB v=1 ");
    char *signature = strstr(line, " s=") + 3;
    signature[5] = signature[5] == 'A' ? 'B' : 'A';
    append_line(&desk, line);
    assert_refused(&desk, BULLA_E_VERIFY, "a signature that 'alice' did not make");
    desk_write(desk.vault, bulla_bytes_of(text));
    replace(&desk, "\n\n", "\n");
    bulla_auto_str first = bulla_asprintf(&desk.err, "\n%s\n", line);
    replace(&desk, "\n", first);
    assert_refused(&desk, BULLA_E_VERIFY, "a signature that 'alice' did not make");
}
END_TEST

START_TEST(many_copies_of_one_record_are_refused_with_their_line)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str line = find_line(&desk, "set DB v=1 ");
    char *signature = strstr(line, " s=") + 3;
    bulla_auto_buf text;
    bulla_buf_init(&text, (size_t)1 << 20);
    bulla_auto_str before = desk_read(desk.vault);
    bulla_buf_puts(&text, before);
    uint32_t lines = 0;
    for (const char *at = before; *at != '\0'; at++) {
        lines += *at == '\n';
    }
    /* What they are signed with does not matter before there are too many to look at; none is as it
     * was, which would be one line less. */
    signature[2] = signature[2] == 'A' ? 'B' : 'A';
    for (int i = 0; i < BULLA_MAX_VAULT_COPIES; i++) {
        signature[0] = (char)('A' + i % 26);
        signature[1] = (char)('a' + i / 26);
        bulla_buf_printf(&text, "%s\n%s\n", line, line);
    }
    desk_write(desk.vault, bulla_buf_view(&text));
    assert_refused(&desk, BULLA_E_LIMIT, "more than 64 lines of one record");
    ck_assert_ptr_null(desk_open(&desk, ALICE, BULLA_VAULT_READ));
    ck_assert_uint_eq(desk.err.pos.line, lines + 2 * BULLA_MAX_VAULT_COPIES - 1);
}
END_TEST

START_TEST(same_line_twice_is_one_record)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str line = find_line(&desk, "set DB v=1 ");
    append_line(&desk, line);
    assert_value(&desk, ALICE, "DB", "one");
}
END_TEST

START_TEST(wrong_version_number_is_refused)
{
    static const unsigned numbers[] = {1, 3};
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    for (size_t i = 0; i < 2; i++) {
        bulla_auto_str body = set_body(&desk, "DB", numbers[i], "bob", "AAAA");
        forge_line(&desk, BOB, body);
        assert_refused(&desk, BULLA_E_VERIFY, "should have the version number 2");
        desk_write(desk.vault, bulla_bytes_of(before));
    }
}
END_TEST

START_TEST(records_that_are_named_have_to_fit)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    desk_set(&desk, BOB, "API", "x", NOW + 20);
    bulla_auto_vault raw = read_raw(&desk);
    bulla_auto_str before = desk_read(desk.vault);
    const char *root = raw->records[raw->graph.root].id;
    char body[300];
    (void)snprintf(body, sizeof body, "mark DB at=20260302T000000Z by=bob m=of:%s;state:current",
                   root);
    forge_line(&desk, BOB, body);
    assert_refused(&desk, BULLA_E_VERIFY, "what is no 'set' of its name");
    desk_write(desk.vault, bulla_bytes_of(before));
    (void)snprintf(body, sizeof body,
                   "mark DB at=20260302T000000Z by=bob m=of:"
                   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA;state:current");
    forge_line(&desk, BOB, body);
    assert_refused(&desk, BULLA_E_VERIFY, "in 'of', which is not in the file");
    desk_write(desk.vault, bulla_bytes_of(before));
    forge_line(&desk, BOB, "set DB v=2 k=AAAAAAAA at=20260302T000000Z by=bob d=AAAA");
    assert_refused(&desk, BULLA_E_VERIFY, "no key that it could know");
}
END_TEST

START_TEST(signing_key_of_small_order_is_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    forge_line(&desk, ALICE,
               "member eve at=20260302T000000Z by=alice m=recipient:age1x;role:writer;"
               "sign:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_VERIFY);
    ck_assert_ptr_null(vault);
    assert_code(desk.err, BULLA_E_VERIFY);
    ck_assert_ptr_nonnull(strstr(desk.err.message, "prime order"));
    bulla_error_clear(&desk.err);
    /* Eve signs: with such a key that needs no secret. Readers look at keys that are used. */
    bulla_auto_str body = set_body(&desk, "DB", 2, "eve", "AAAA");
    forge_line(&desk, PEOPLE, body);
    ck_assert_ptr_null(desk_open(&desk, ALICE, BULLA_VAULT_READ));
    assert_code(desk.err, BULLA_E_VERIFY);
}
END_TEST

START_TEST(two_roots_are_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str line = find_line(&desk, "root alice ");
    bulla_auto_str mine = bulla_strdup(line, &desk.err);
    char *at = strstr(mine, " at=") + 4;
    at[3] = at[3] == '6' ? '5' : '6';
    append_line(&desk, mine);
    assert_refused(&desk, BULLA_E_VERIFY, "is a second root");
    desk_write(desk.vault, LIT("BULLA1 00000000000000000000000000000000 prod\n"));
    assert_refused(&desk, BULLA_E_VERIFY, "no root");
}
END_TEST

/* The length of d in the line of NAME, and its text in *ret_data, owned. */
static size_t sealed_length(const struct desk *desk, const char *name, char **ret_data)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str start = bulla_asprintf(&err, "set %s v=1 ", name);
    bulla_auto_str line = find_line(desk, start);
    const char *data = strstr(line, " d=") + 3;
    size_t len = strcspn(data, " ");
    *ret_data = bulla_strndup(data, len, &err);
    ck_assert_ptr_nonnull(*ret_data);
    return len;
}

START_TEST(equal_values_and_close_lengths_look_alike)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    desk_set(&desk, BOB, "A1", "same value", NOW + 20);
    desk_set(&desk, BOB, "A2", "same value", NOW + 21);
    desk_set(&desk, BOB, "A3", "", NOW + 22);
    desk_set(&desk, BOB, "A4", "0123456789012345678901234567890", NOW + 23);
    desk_set(&desk, BOB, "A5", "01234567890123456789012345678901", NOW + 24);
    char *data[6];
    size_t lengths[6];
    for (size_t i = 1; i <= 5; i++) {
        char name[3] = {'A', (char)('0' + i), '\0'};
        lengths[i] = sealed_length(&desk, name, &data[i]);
    }
    ck_assert_str_ne(data[1], data[2]);
    ck_assert_uint_eq(lengths[1], lengths[3]);
    ck_assert_uint_eq(lengths[1], lengths[4]);
    ck_assert_uint_gt(lengths[5], lengths[4]);
    for (size_t i = 1; i <= 5; i++) {
        bulla_free(data[i]);
    }
}
END_TEST

#define RECORD_TEXT "set DB v=2 k=AAAAAAAA at=20260302T000000Z by=bob"

static const char *broken_name(void)
{
    return "broken";
}

static uint32_t broken_number(void)
{
    return 7;
}

static void broken_bytes(void *const to, const size_t len)
{
    memset(to, 7, len);
}

static struct randombytes_implementation broken_random = {
    .implementation_name = broken_name, .random = broken_number, .buf = broken_bytes};

/* VALUE of DB sealed behind TEXT, as a `set` has it. */
static struct bulla_buf sealed_behind(struct bulla_vault *vault, const char *text,
                                      const char *value)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const uint8_t *secret = NULL;
    struct bulla_buf out;
    bulla_buf_init(&out, BULLA_MAX_VAULT_LINE_BYTES);
    assert_ok(seal_open_epoch(vault, 0, &secret, &err), err);
    assert_ok(seal_value(vault, secret, LIT("DB"), bulla_bytes_of(text), bulla_bytes_of(value),
                         &out, &err),
              err);
    return out;
}

static bool have_one_salt(const struct bulla_buf *a, const struct bulla_buf *b)
{
    /* 42 characters of base64 are of the 32 bytes of the salt alone. */
    return memcmp(a->data, b->data, TEXT_ID_CHARS - 1) == 0;
}

START_TEST(broken_random_source_repeats_a_salt_for_the_same_content_only)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    (void)randombytes_set_implementation(&broken_random);
    bulla_auto_buf first = sealed_behind(vault, RECORD_TEXT, "one");
    bulla_auto_buf again = sealed_behind(vault, RECORD_TEXT, "one");
    bulla_auto_buf other = sealed_behind(vault, RECORD_TEXT, "two");
    bulla_auto_buf later =
        sealed_behind(vault, "set DB v=3 k=AAAAAAAA at=20260302T000000Z by=bob", "one");
    (void)randombytes_set_implementation(&randombytes_sysrandom_implementation);
    bulla_auto_buf fresh = sealed_behind(vault, RECORD_TEXT, "one");
    ck_assert(bulla_bytes_equal(bulla_buf_view(&first), bulla_buf_view(&again)));
    ck_assert(!have_one_salt(&first, &other));
    ck_assert(!have_one_salt(&first, &later));
    ck_assert(!have_one_salt(&first, &fresh));
}
END_TEST

START_TEST(second_key_with_a_key_id_is_refused)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str key = find_line(&desk, "key ");
    /* The same commitment, announced again by an admin: 8 characters can be searched for. */
    bulla_auto_str commit = bulla_strdup(strstr(key, "m=commit:"), &desk.err);
    commit[strcspn(commit, " ")] = '\0';
    bulla_auto_str body =
        bulla_asprintf(&desk.err, "key %.8s at=20260302T000000Z by=carol %s", key + 4, commit);
    forge_line(&desk, CAROL, body);
    assert_refused(&desk, BULLA_E_VERIFY, "announces a key id that is taken");
}
END_TEST

START_TEST(giant_files_are_not_read)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    ck_assert_int_eq(truncate(desk.vault, (off_t)BULLA_MAX_VAULT_BYTES + 1), 0);
    assert_refused(&desk, BULLA_E_LIMIT, "larger than");
    /* As many zeros as we do read are told at their line. */
    ck_assert_int_eq(truncate(desk.vault, (off_t)1 << 20), 0);
    assert_refused(&desk, BULLA_E_LIMIT, "line of more than");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault_attacks");
    TCase *tcase = tcase_create("attacks");
    tcase_set_timeout(tcase, 200);
    tcase_add_test(tcase, edit_of_any_byte_is_refused);
    tcase_add_test(tcase, truncation_leaves_whole_histories_only);
    tcase_add_test(tcase, lines_of_another_kind_are_refused_with_place_and_remedy);
    tcase_add_test(tcase, crlf_is_refused_at_the_first_line);
    tcase_add_test(tcase, giant_lines_are_refused);
    tcase_add_test(tcase, lines_that_are_no_records_take_no_memory);
    tcase_add_test(tcase, chosen_texts_do_not_meet_in_a_table);
    tcase_add_test(tcase, another_environment_or_a_link_is_refused);
    tcase_add_test(tcase, header_of_another_vault_is_refused);
    tcase_add_test(tcase, deletion_of_a_named_record_is_missed);
    tcase_add_test(tcase, stranger_cannot_add_himself);
    tcase_add_test(tcase, writer_cannot_make_an_admin);
    tcase_add_test(tcase, planted_keys_do_not_open);
    tcase_add_test(tcase, swapped_ciphertexts_do_not_open);
    tcase_add_test(tcase, value_over_the_limit_does_not_open);
    tcase_add_test(tcase, reader_forges_neither_value_nor_head);
    tcase_add_test(tcase, removed_writer_vouches_for_nothing);
    tcase_add_test(tcase, removed_writer_contests_only);
    tcase_add_test(tcase, removed_recipient_closes_his_epochs);
    tcase_add_test(tcase, copy_with_a_bad_signature_is_refused);
    tcase_add_test(tcase, many_copies_of_one_record_are_refused_with_their_line);
    tcase_add_test(tcase, same_line_twice_is_one_record);
    tcase_add_test(tcase, wrong_version_number_is_refused);
    tcase_add_test(tcase, records_that_are_named_have_to_fit);
    tcase_add_test(tcase, signing_key_of_small_order_is_refused);
    tcase_add_test(tcase, two_roots_are_refused);
    tcase_add_test(tcase, equal_values_and_close_lengths_look_alike);
    tcase_add_test(tcase, broken_random_source_repeats_a_salt_for_the_same_content_only);
    tcase_add_test(tcase, second_key_with_a_key_id_is_refused);
    tcase_add_test(tcase, giant_files_are_not_read);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
