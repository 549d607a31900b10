/*
 * What the comparison with other readers of the vault format needs:
 *
 *   vault_tool dump FILE…          verdicts on each file, one JSON object a line
 *   vault_tool story FOLDER SEED   a random history on three branches, as FOLDER/N/prod.vault,
 *                                  with the identities as FOLDER/NAME.txt
 *   vault_tool found FOLDER FILE   a new vault FILE with writers, identities in FOLDER
 *   vault_tool step FOLDER FILE SEED CLOCK   one random write to it by one of them
 *   vault_tool values FILE IDENTITY   epoch keys and values, for tests only
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "vault/seal.h"

#define NOW INT64_C(1772360551)

static int fail(const struct bulla_error *err)
{
    char text[1200];
    bulla_error_format(err, text, sizeof text);
    (void)fputs(text, stderr);
    return EXIT_FAILURE;
}

static void dump_versions(const struct bulla_vault *vault, const char *name)
{
    struct bulla_version_info info;
    (void)printf("\"versions\":{");
    for (size_t i = 0; bulla_vault_version(vault, name, i, &info); i++) {
        const char *state = info.contested ? "contested" : bulla_version_state_name(info.state);
        (void)printf("%s\"%s\":[%u,\"%s\",%s]", i > 0 ? "," : "", info.id, info.number, state,
                     info.exposed ? "true" : "false");
    }
    (void)printf("}");
}

static void dump_names(const struct bulla_vault *vault)
{
    (void)printf("\"names\":{");
    for (size_t i = 0; i < bulla_vault_count(vault); i++) {
        struct bulla_secret_info info;
        bulla_vault_secret(vault, i, &info);
        (void)printf("%s\"%s\":{\"contested\":%s,", i > 0 ? "," : "", info.name,
                     info.contested ? "true" : "false");
        if (info.current == NULL) {
            (void)printf("\"current\":null,");
        } else {
            (void)printf("\"current\":\"%s\",", info.current->id);
        }
        dump_versions(vault, info.name);
        (void)printf("}");
    }
    (void)printf("}");
}

static void dump_vault(const struct bulla_vault *vault)
{
    (void)printf("{\"root\":\"%s\",\"heads\":[", bulla_vault_root(vault));
    for (uint32_t i = 0; i < vault->graph.head_count; i++) {
        (void)printf("%s\"%s\"", i > 0 ? "," : "", vault->records[vault->graph.heads[i]].id);
    }
    (void)printf("],\"void\":[");
    const char *comma = "";
    for (size_t i = 0; i < vault->count; i++) {
        if (vault->records[i].counts != 1) {
            (void)printf("%s\"%s\"", comma, vault->records[i].id);
            comma = ",";
        }
    }
    (void)printf("],\"members\":{");
    comma = "";
    for (size_t i = 0; i < vault->members.count; i++) {
        if (vault->people[i].last.role != ROLE_NONE) {
            (void)printf("%s\"%s\":\"%s\"", comma, vault->people[i].name,
                         record_role_name(vault->people[i].last.role));
            comma = ",";
        }
    }
    (void)printf("},\"epoch\":");
    if (vault->epoch == NONE) {
        (void)printf("null,");
    } else {
        (void)printf("\"%s\",", vault->keyids.entries[vault->records[vault->epoch].subject].text);
    }
    dump_names(vault);
    (void)printf("}");
}

static void dump_file(const char *path)
{
    const struct bulla_vault_place place = {
        .path = path, .environment = "prod", .trust_new_root = true};
    (void)printf("[");
    for (enum bulla_vault_access access = BULLA_VAULT_READ; access <= BULLA_VAULT_VERIFY;
         access++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_vault vault = bulla_vault_open(&place, access, &err);
        (void)printf(access > BULLA_VAULT_READ ? "," : "");
        if (vault == NULL) {
            (void)printf("{\"refused\":%d,\"line\":%u}", err.code, err.pos.line);
            (void)fprintf(stderr, "%s: %s\n", path, err.message);
        } else {
            dump_vault(vault);
        }
    }
    (void)printf("]\n");
}

/* A story: people who write on three branches that are merged now and then. */

enum { PEOPLE = 4, BRANCHES = 3, STEPS = 40 };

static const char *const people[PEOPLE] = {"alice", "bob", "carol", "dora"};

struct story {
    const char *folder;
    uint64_t random;
    int64_t now;
    struct bulla_identities *identities[PEOPLE];
};

static unsigned draw(struct story *story, unsigned below)
{
    story->random = story->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(story->random >> 33) % below;
}

static char *branch_path(const struct story *story, unsigned branch)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char *path = bulla_asprintf(&err, "%s/%u/prod.vault", story->folder, branch);
    if (path == NULL) {
        abort();
    }
    return path;
}

static bool copy_branch(const struct story *story, unsigned from, unsigned to, bool merge,
                        struct bulla_error *err)
{
    bulla_auto_str source = branch_path(story, from);
    bulla_auto_str target = branch_path(story, to);
    bulla_auto_str folder = bulla_path_dir(target, err);
    bulla_auto_buf text;
    bulla_buf_init(&text, (size_t)1 << 26);
    if (folder == NULL || !bulla_dir_make(folder, 0755, err)) {
        return false;
    }
    if (merge && !bulla_file_read(target, (size_t)1 << 26, &text, err)) {
        return false;
    }
    size_t before = text.len;
    if (!bulla_file_read(source, (size_t)1 << 26, &text, err)) {
        return false;
    }
    if (merge) {
        /* The other side's header line goes. */
        uint8_t *end = memchr(text.data + before, '\n', text.len - before);
        memset(text.data + before, '#', (size_t)(end - (text.data + before)));
    }
    return bulla_file_replace(target, 0644, bulla_buf_view(&text), err);
}

static bool act(struct story *story, struct bulla_vault *vault, struct bulla_error *err)
{
    static const char *const names[] = {"DB_PASSWORD", "API_KEY", "TOKEN"};
    const char *name = names[draw(story, 3)];
    char value[32];
    int len = snprintf(value, sizeof value, "value %u", draw(story, 1000));
    unsigned person = draw(story, PEOPLE);
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    bulla_vault_sign_key(story->identities[person], 0, sign);
    struct bulla_secret_info info;
    bool known = bulla_vault_find(vault, name, &info) && info.current != NULL;
    const struct bulla_set_options options = {
        .kind = "password:24",
        .pending = draw(story, 4) == 0,
        .from_id = known && draw(story, 4) == 0 ? info.current->id : NULL};
    const struct bulla_set_options keep = {.keep_id = known ? info.current->id : NULL,
                                           .until = known ? story->now + 86400 : 0,
                                           .why = "turned; \xc3\xa9"};
    switch (draw(story, 12)) {
    case 0:
        return bulla_vault_member_set(
            vault, people[person], (enum bulla_member_role)(BULLA_MEMBER_READER + draw(story, 3)),
            bulla_identities_recipient(story->identities[person], 0), sign, story->now, err);
    case 1:
        return bulla_vault_member_remove(vault, people[person], "left", story->now, err);
    case 2:
        return bulla_vault_rekey(vault, "time", story->now, err);
    case 3:
        return bulla_vault_unset(vault, name, NULL, story->now, err);
    case 4:
    case 5:
        return bulla_vault_mark(vault, name, 1 + draw(story, 3), BULLA_MARK_CURRENT, &keep,
                                story->now, err);
    case 6:
        return bulla_vault_mark(vault, name, 1 + draw(story, 3),
                                draw(story, 2) == 0 ? BULLA_MARK_RETIRED : BULLA_MARK_EXPOSED, NULL,
                                story->now, err);
    default:
        break;
    }
    return bulla_vault_set(vault, name, bulla_bytes(value, (size_t)len), &options, story->now, NULL,
                           err);
}

/* One step; what the library refuses a person is part of the story. */
static bool step(struct story *story, const char *path, struct bulla_error *err)
{
    const struct bulla_vault_place place = {
        .path = path,
        .environment = "prod",
        .identities = story->identities[draw(story, 3) == 0 ? draw(story, PEOPLE) : 0],
        .trust_new_root = true};
    bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_WRITE, err);
    if (vault == NULL) {
        return false;
    }
    story->now += 7;
    for (unsigned i = draw(story, 3) + 1; i > 0; i--) {
        if (!act(story, vault, err)) {
            if (err->code == BULLA_E_BUG || err->code == BULLA_E_VERIFY) {
                return false;
            }
            (void)fprintf(stderr, "told: %s\n", err->message);
            bulla_error_clear(err);
            break;
        }
    }
    if (!bulla_vault_commit(vault, err)) {
        if (err->code != BULLA_E_BUG) {
            return false;
        }
        bulla_error_clear(err); /* a step that was refused half way is not committed */
    }
    return true;
}

static bool write_identities(struct story *story, struct bulla_error *err)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        bulla_auto_buf text;
        bulla_buf_init_secret(&text, 10000);
        bulla_auto_str path = bulla_asprintf(err, "%s/%s.txt", story->folder, people[i]);
        if (path == NULL || !bulla_identity_new(NOW, &text, NULL, err) ||
            !bulla_file_replace(path, 0600, bulla_buf_view(&text), err)) {
            return false;
        }
        story->identities[i] = bulla_identities_parse(bulla_buf_view(&text), path, err);
        if (story->identities[i] == NULL) {
            return false;
        }
    }
    return true;
}

static bool read_identities(struct story *story, struct bulla_error *err)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        bulla_auto_buf text;
        bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
        bulla_auto_str path = bulla_asprintf(err, "%s/%s.txt", story->folder, people[i]);
        if (path == NULL || !bulla_file_read(path, BULLA_MAX_IDENTITY_BYTES, &text, err)) {
            return false;
        }
        story->identities[i] = bulla_identities_parse(bulla_buf_view(&text), path, err);
        if (story->identities[i] == NULL) {
            return false;
        }
    }
    return true;
}

/* A vault at PATH with alice as its owner and two writers. */
static bool found(struct story *story, const char *path, struct bulla_error *err)
{
    if (!write_identities(story, err)) {
        return false;
    }
    const struct bulla_vault_place place = {
        .path = path, .environment = "prod", .identities = story->identities[0]};
    bulla_auto_vault vault = bulla_vault_create(&place, "alice", NOW, err);
    for (unsigned i = 1; i < 3 && vault != NULL; i++) {
        char sign[BULLA_SIGN_KEY_CHARS + 1];
        bulla_vault_sign_key(story->identities[i], 0, sign);
        if (!bulla_vault_member_set(vault, people[i], BULLA_MEMBER_WRITER,
                                    bulla_identities_recipient(story->identities[i], 0), sign, NOW,
                                    err)) {
            return false;
        }
    }
    return vault != NULL && bulla_vault_commit(vault, err);
}

static bool tell(struct story *story, struct bulla_error *err)
{
    bulla_auto_str first = branch_path(story, 0);
    if (!found(story, first, err)) {
        return false;
    }
    for (unsigned i = 1; i < BRANCHES; i++) {
        if (!copy_branch(story, 0, i, false, err)) {
            return false;
        }
    }
    for (unsigned i = 0; i < STEPS; i++) {
        unsigned branch = draw(story, BRANCHES);
        bulla_auto_str path = branch_path(story, branch);
        if (!step(story, path, err) ||
            (draw(story, 6) == 0 &&
             !copy_branch(story, branch, (branch + 1) % BRANCHES, true, err))) {
            return false;
        }
    }
    return true;
}

static int end_story(struct story *story, bool ok, const struct bulla_error *err)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        bulla_identities_free(story->identities[i]);
    }
    return ok ? EXIT_SUCCESS : fail(err);
}

static int tell_story(const char *folder, const char *seed)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct story story = {.folder = folder, .random = strtoull(seed, NULL, 10), .now = NOW};
    return end_story(&story, tell(&story, &err), &err);
}

static int found_vault(const char *folder, const char *path)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct story story = {.folder = folder, .now = NOW};
    return end_story(&story, found(&story, path, &err), &err);
}

static int step_once(const char *folder, const char *path, const char *seed, const char *clock)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct story story = {.folder = folder,
                          .random = strtoull(seed, NULL, 10),
                          .now = NOW + 60 * strtoll(clock, NULL, 10)};
    bool ok = read_identities(&story, &err) && step(&story, path, &err);
    return end_story(&story, ok, &err);
}

static void print_hex(struct bulla_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        (void)printf("%02x", bytes.data[i]);
    }
}

static int print_values(const char *path, const char *identity)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    if (!bulla_file_read(identity, BULLA_MAX_IDENTITY_BYTES, &text, &err)) {
        return fail(&err);
    }
    bulla_auto_identities identities =
        bulla_identities_parse(bulla_buf_view(&text), identity, &err);
    const struct bulla_vault_place place = {
        .path = path, .environment = "prod", .identities = identities, .trust_new_root = true};
    bulla_auto_vault vault =
        identities == NULL ? NULL : bulla_vault_open(&place, BULLA_VAULT_READ, &err);
    if (vault == NULL) {
        return fail(&err);
    }
    (void)printf("{\"keys\":{");
    const char *comma = "";
    for (uint32_t i = 0; i < vault->keyids.count; i++) {
        const uint8_t *secret = NULL;
        if (seal_open_epoch(vault, i, &secret, &err)) {
            (void)printf("%s\"%s\":\"", comma, vault->keyids.entries[i].text);
            print_hex(bulla_bytes(secret, 32));
            (void)printf("\"");
            comma = ",";
        }
    }
    (void)printf("},\"values\":{");
    comma = "";
    for (size_t i = 0; i < vault->count; i++) {
        struct bulla_bytes value;
        if (vault->records[i].t.kind == RECORD_SET &&
            bulla_vault_get_by_id(vault, vault->records[i].id, &value, &err)) {
            (void)printf("%s\"%s\":\"", comma, vault->records[i].id);
            print_hex(value);
            (void)printf("\"");
            comma = ",";
        }
    }
    (void)printf("}}\n");
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    if (!bulla_init(&err)) {
        return fail(&err);
    }
    if (argc > 2 && strcmp(argv[1], "dump") == 0) {
        for (int i = 2; i < argc; i++) {
            dump_file(argv[i]);
        }
        return EXIT_SUCCESS;
    }
    if (argc == 4 && strcmp(argv[1], "story") == 0) {
        return tell_story(argv[2], argv[3]);
    }
    if (argc == 4 && strcmp(argv[1], "found") == 0) {
        return found_vault(argv[2], argv[3]);
    }
    if (argc == 6 && strcmp(argv[1], "step") == 0) {
        return step_once(argv[2], argv[3], argv[4], argv[5]);
    }
    if (argc == 4 && strcmp(argv[1], "values") == 0) {
        return print_values(argv[2], argv[3]);
    }
    (void)fputs("usage: vault_tool dump FILE… | story FOLDER SEED | found FOLDER FILE | "
                "step FOLDER FILE SEED CLOCK | values FILE IDENTITY\n",
                stderr);
    return EXIT_FAILURE;
}
