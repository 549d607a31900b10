/* Requests to become a member, and what each person could ever read. */
#include "vault_unit.h"

static void merge(const struct desk *desk, const char *ours, const char *theirs)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str both = bulla_asprintf(&err, "%s%s", ours, strchr(theirs, '\n') + 1);
    ck_assert_ptr_nonnull(both);
    desk_write(desk->vault, bulla_bytes_of(both));
}

static char *request_of(struct desk *desk, int person)
{
    bulla_auto_buf line;
    bulla_buf_init(&line, 4096);
    assert_ok(bulla_member_request_write(desk->identities[person], 0, people_names[person], &line,
                                         &desk->err),
              desk->err);
    return bulla_strndup(line.data, line.len, &desk->err);
}

START_TEST(request_is_read_back)
{
    auto_desk desk = desk_new();
    bulla_auto_str line = request_of(&desk, BOB);
    bulla_auto_str sent = bulla_asprintf(&desk.err, "  %s \r\n", line);
    struct bulla_member_request request;
    assert_ok(bulla_member_request_parse(bulla_bytes_of(sent), &request, &desk.err), desk.err);
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk.identities[BOB], 0, sign);
    ck_assert_str_eq(request.name, "bob");
    ck_assert_str_eq(request.recipient, bulla_identities_recipient(desk.identities[BOB], 0));
    ck_assert_str_eq(request.sign, sign);
}
END_TEST

/* Whatever byte is lost, doubled or changed on the way: the line is refused. */
START_TEST(request_refuses_every_change_of_a_byte)
{
    auto_desk desk = desk_new();
    bulla_auto_str line = request_of(&desk, BOB);
    size_t len = strlen(line);
    char text[600];
    struct bulla_member_request request;
    for (size_t i = 0; i < len; i++) {
        for (int change = 0; change < 3; change++) {
            memcpy(text, line, len + 1);
            if (change == 0) {
                text[i] = text[i] == 'x' ? 'y' : 'x';
            } else if (change == 1) {
                (void)snprintf(text, sizeof text, "%.*s%s", (int)i, line, line + i + 1);
            } else {
                (void)snprintf(text, sizeof text, "%.*s%s", (int)i + 1, line, line + i);
            }
            /* A blank that is doubled is no change of a word. */
            bool same_words = change == 2 && line[i] == ' ';
            bulla_error_clear(&desk.err);
            bool taken = bulla_member_request_parse(bulla_bytes_of(text), &request, &desk.err);
            ck_assert_msg(taken == same_words, "byte %zu, change %d", i, change);
            if (!taken) {
                assert_code(desk.err, BULLA_E_INVALID);
            }
        }
    }
}
END_TEST

/* The words of two good requests do not make a third one. */
START_TEST(request_is_bound_to_all_its_words)
{
    auto_desk desk = desk_new();
    bulla_auto_str bob = request_of(&desk, BOB);
    bulla_auto_str dora = request_of(&desk, DORA);
    char words[2][5][128];
    ck_assert_int_eq(sscanf(bob, "%127s %127s %127s %127s %127s", words[0][0], words[0][1],
                            words[0][2], words[0][3], words[0][4]),
                     5);
    ck_assert_int_eq(sscanf(dora, "%127s %127s %127s %127s %127s", words[1][0], words[1][1],
                            words[1][2], words[1][3], words[1][4]),
                     5);
    for (unsigned mix = 1; mix < 15; mix++) {
        char text[600];
        struct bulla_member_request request;
        (void)snprintf(text, sizeof text, "bulla-request %s %s %s %s", words[mix & 1][1],
                       words[mix >> 1 & 1][2], words[mix >> 2 & 1][3], words[mix >> 3 & 1][4]);
        ck_assert(!bulla_member_request_parse(bulla_bytes_of(text), &request, &desk.err));
        assert_code(desk.err, BULLA_E_INVALID);
    }
}
END_TEST

START_TEST(request_needs_a_member_name)
{
    auto_desk desk = desk_new();
    bulla_auto_buf line;
    bulla_buf_init(&line, 4096);
    ck_assert(!bulla_member_request_write(desk.identities[BOB], 0, "Bob Smith", &line, &desk.err));
    assert_code(desk.err, BULLA_E_INVALID);
    ck_assert_uint_eq(line.len, 0);
}
END_TEST

START_TEST(fingerprint_tells_keys_apart)
{
    char one[BULLA_FINGERPRINT_CHARS + 1];
    char other[BULLA_FINGERPRINT_CHARS + 1];
    bulla_member_fingerprint("age1a", "s", one);
    ck_assert_uint_eq(strlen(one), BULLA_FINGERPRINT_CHARS);
    bulla_member_fingerprint("age1a", "t", other);
    ck_assert_str_ne(one, other);
    bulla_member_fingerprint("age1b", "s", other);
    ck_assert_str_ne(one, other);
    bulla_member_fingerprint("age1a", NULL, other);
    ck_assert_str_ne(one, other);
    bulla_member_fingerprint("age1a", "", one);
    ck_assert_str_eq(one, other);
}
END_TEST

static const char *id_of(struct bulla_vault *vault, const char *name, uint32_t number)
{
    struct bulla_version_info info;
    for (size_t i = 0; bulla_vault_version(vault, name, i, &info); i++) {
        if (info.number == number) {
            return info.id;
        }
    }
    ck_abort_msg("no version %u of %s", number, name);
}

START_TEST(what_somebody_could_read_is_known_after_he_left)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL &&
                  bulla_vault_member_remove(vault, "bob", "left", NOW + 50, &desk.err) &&
                  bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW + 60, NULL, &desk.err),
              desk.err);
    int64_t since = 0;
    ck_assert(bulla_vault_was_readable(vault, "bob", id_of(vault, "DB", 1), &since));
    ck_assert_int_eq(since, NOW + 10); /* it was set after he had been granted the key */
    ck_assert(!bulla_vault_was_readable(vault, "bob", id_of(vault, "DB", 2), &since));
    ck_assert(bulla_vault_was_readable(vault, "carol", id_of(vault, "DB", 2), &since));
    ck_assert(!bulla_vault_was_readable(vault, "nobody", id_of(vault, "DB", 1), &since));
    ck_assert_uint_eq(bulla_vault_member_count(vault), 2);
    ck_assert_uint_eq(bulla_vault_people_count(vault), 3);
    struct bulla_member_info info;
    bulla_vault_member(vault, 2, &info);
    ck_assert_str_eq(info.name, "bob");
    ck_assert_int_eq(info.role, 0);
    ck_assert_int_eq(info.since, NOW + 50);
    ck_assert_str_eq(info.by, "alice");
    ck_assert_ptr_null(info.sign);
    ck_assert(!bulla_vault_find_member(vault, "bob", &info));
    ck_assert(bulla_vault_find_member(vault, "carol", &info));
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk.identities[CAROL], 0, sign);
    ck_assert_str_eq(info.sign, sign);
}
END_TEST

START_TEST(exposure_is_counted_from_its_first_cause)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
    struct bulla_version_info info;
    assert_ok(vault != NULL, desk.err);
    ck_assert(bulla_vault_version(vault, "DB", 0, &info));
    ck_assert(!info.exposed && info.exposed_at == 0);
    assert_ok(bulla_vault_mark(vault, "DB", 1, BULLA_MARK_EXPOSED, NULL, NOW + 70, &desk.err) &&
                  bulla_vault_member_remove(vault, "bob", NULL, NOW + 50, &desk.err) &&
                  bulla_vault_member_remove(vault, "carol", NULL, NOW + 60, &desk.err),
              desk.err);
    ck_assert(bulla_vault_version(vault, "DB", 0, &info));
    ck_assert(info.exposed);
    ck_assert_int_eq(info.exposed_at, NOW + 50);
    /* Typed in again: the clock does not start anew. */
    assert_ok(bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW + 80, NULL, &desk.err) &&
                  bulla_vault_set(vault, "DB", LIT("one"), NULL, NOW + 90, NULL, &desk.err),
              desk.err);
    ck_assert(bulla_vault_version(vault, "DB", 0, &info));
    ck_assert_uint_eq(info.number, 3);
    ck_assert_int_eq(info.exposed_at, NOW + 50);
    ck_assert(bulla_vault_version(vault, "DB", 1, &info));
    ck_assert(!info.exposed);
}
END_TEST

/* One branch adds dora, another starts an epoch: after the merge she has no key for it. */
START_TEST(grants_that_a_merge_leaves_out_are_added)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str base = desk_read(desk.vault);
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(desk.identities[DORA], 0, sign);
    {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_member_set(vault, "dora", BULLA_MEMBER_WRITER,
                                             bulla_identities_recipient(desk.identities[DORA], 0),
                                             sign, NOW + 20, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    bulla_auto_str ours = desk_read(desk.vault);
    desk_write(desk.vault, bulla_bytes_of(base));
    {
        bulla_auto_vault vault = desk_open(&desk, CAROL, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL &&
                      bulla_vault_member_remove(vault, "bob", NULL, NOW + 30, &desk.err) &&
                      bulla_vault_set(vault, "DB", LIT("two"), NULL, NOW + 31, NULL, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    bulla_auto_str theirs = desk_read(desk.vault);
    merge(&desk, ours, theirs);
    {
        bulla_auto_vault vault = desk_open(&desk, DORA, BULLA_VAULT_READ);
        struct bulla_bytes value;
        ck_assert(!bulla_vault_get(vault, "DB", 0, &value, &desk.err));
        assert_code(desk.err, BULLA_E_IDENTITY);
        bulla_error_clear(&desk.err);
    }
    for (size_t want = 1; want != SIZE_MAX; want--) {
        bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
        size_t count = 7;
        assert_ok(vault != NULL && bulla_vault_grant_missing(vault, NOW + 40, &count, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
        ck_assert_uint_eq(count, want);
    }
    assert_value(&desk, DORA, "DB", "two");
    bulla_auto_vault vault = desk_open(&desk, DORA, BULLA_VAULT_WRITE);
    size_t count = 0;
    ck_assert(!bulla_vault_grant_missing(vault, NOW + 50, &count, &desk.err));
    assert_code(desk.err, BULLA_E_REFUSED);
}
END_TEST

START_TEST(contested_name_tells_that_a_branch_unset_it)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_str base = desk_read(desk.vault);
    desk_set(&desk, BOB, "DB", "ours", NOW + 20);
    bulla_auto_str ours = desk_read(desk.vault);
    desk_write(desk.vault, bulla_bytes_of(base));
    {
        bulla_auto_vault vault = desk_open(&desk, CAROL, BULLA_VAULT_WRITE);
        assert_ok(vault != NULL && bulla_vault_unset(vault, "DB", NULL, NOW + 21, &desk.err) &&
                      bulla_vault_commit(vault, &desk.err),
                  desk.err);
    }
    bulla_auto_str theirs = desk_read(desk.vault);
    merge(&desk, ours, theirs);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_READ);
    struct bulla_secret_info info;
    assert_ok(vault != NULL, desk.err);
    ck_assert(bulla_vault_find(vault, "DB", &info));
    ck_assert(info.contested && info.unset_on_a_branch && !info.deleted);
}
END_TEST

static enum bulla_held held(struct desk *desk, struct bulla_vault *vault, const char *value)
{
    enum bulla_held found = BULLA_HELD_NEVER;
    assert_ok(bulla_vault_held(vault, "DB", bulla_bytes_of(value), &found, &desk->err), desk->err);
    assert_code(desk->err, BULLA_OK);
    return found;
}

START_TEST(value_that_was_held_is_known_to_who_opens_every_version)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    desk_set(&desk, BOB, "DB", "two", NOW + 20);
    bulla_auto_vault vault = desk_open(&desk, BOB, BULLA_VAULT_READ);
    assert_ok(vault != NULL, desk.err);
    ck_assert_int_eq(held(&desk, vault, "one"), BULLA_HELD);
    ck_assert_int_eq(held(&desk, vault, "two"), BULLA_HELD);
    ck_assert_int_eq(held(&desk, vault, "three"), BULLA_HELD_NEVER);
    enum bulla_held found = BULLA_HELD;
    assert_ok(bulla_vault_held(vault, "NONE", LIT("one"), &found, &desk.err), desk.err);
    ck_assert_int_eq(found, BULLA_HELD_NEVER);
}
END_TEST

START_TEST(value_is_nobodys_to_call_new_where_a_version_does_not_open)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    struct bulla_vault_place place = desk_place(&desk, ALICE);
    place.identities = NULL;
    bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_VERIFY, &desk.err);
    assert_ok(vault != NULL, desk.err);
    ck_assert_int_eq(held(&desk, vault, "one"), BULLA_HELD_UNKNOWN);
    ck_assert_int_eq(held(&desk, vault, "three"), BULLA_HELD_UNKNOWN);
}
END_TEST

START_TEST(records_tell_the_role_that_they_give)
{
    auto_desk desk = desk_new();
    desk_create(&desk);
    bulla_auto_vault vault = desk_open(&desk, ALICE, BULLA_VAULT_WRITE);
    assert_ok(vault != NULL && bulla_vault_member_remove(vault, "bob", NULL, NOW + 50, &desk.err),
              desk.err);
    struct bulla_record_info info;
    unsigned seen = 0;
    for (size_t i = 0; bulla_vault_record(vault, i, &info); i++) {
        if (strcmp(info.kind, "root") == 0) {
            ck_assert_int_eq(info.role, BULLA_MEMBER_OWNER);
            seen |= 1;
        } else if (strcmp(info.kind, "member") == 0 && strcmp(info.subject, "bob") == 0) {
            ck_assert_int_eq(info.role, BULLA_MEMBER_WRITER);
            seen |= 2;
        } else if (strcmp(info.kind, "member") != 0) {
            ck_assert_int_eq(info.role, 0);
        }
    }
    ck_assert_uint_eq(seen, 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vault_people");
    TCase *tcase = tcase_create("vault_people");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, request_is_read_back);
    tcase_add_test(tcase, request_refuses_every_change_of_a_byte);
    tcase_add_test(tcase, request_is_bound_to_all_its_words);
    tcase_add_test(tcase, request_needs_a_member_name);
    tcase_add_test(tcase, fingerprint_tells_keys_apart);
    tcase_add_test(tcase, what_somebody_could_read_is_known_after_he_left);
    tcase_add_test(tcase, exposure_is_counted_from_its_first_cause);
    tcase_add_test(tcase, grants_that_a_merge_leaves_out_are_added);
    tcase_add_test(tcase, contested_name_tells_that_a_branch_unset_it);
    tcase_add_test(tcase, value_that_was_held_is_known_to_who_opens_every_version);
    tcase_add_test(tcase, value_is_nobodys_to_call_new_where_a_version_does_not_open);
    tcase_add_test(tcase, records_tell_the_role_that_they_give);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
