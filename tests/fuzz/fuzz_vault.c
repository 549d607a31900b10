/*
 * A whole vault: the input as the file, or, where it does not begin like one, as a program that
 * writes records below arbitrary parents. Signatures keep a fuzzer out of what lies behind them, so
 * all are taken as good here. Whatever is judged is judged the same in the other order of lines.
 */
#include "fuzz.h"

#include <stdio.h>

#include "bulla/limits.h"
#include "crypto/prim.h"
#include "vault/judge.h"
#include "vault/lines.h"

#define HEADER "BULLA1 00000000000000000000000000000000 prod\n"
#define SIGNATURE                                                                                  \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SIGN "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"
#define MAX_RECORDS 40

static void touch_vault(struct bulla_vault *vault)
{
    FUZZ_ASSERT(strlen(bulla_vault_root(vault)) == TEXT_ID_CHARS);
    for (size_t i = 0; i < bulla_vault_count(vault); i++) {
        struct bulla_secret_info secret;
        bulla_vault_secret(vault, i, &secret);
        FUZZ_ASSERT(!(secret.contested && secret.current != NULL));
        FUZZ_ASSERT(!(secret.deleted && secret.current != NULL));
        struct bulla_version_info version;
        size_t current = 0;
        for (size_t j = 0; bulla_vault_version(vault, secret.name, j, &version); j++) {
            FUZZ_ASSERT(j < secret.version_count);
            current += version.state == BULLA_VERSION_CURRENT && !version.contested;
            fuzz_touch(bulla_bytes_of(version.by));
            if (version.why != NULL) {
                fuzz_touch(bulla_bytes_of(version.why));
            }
        }
        FUZZ_ASSERT(current == (secret.current != NULL));
    }
}

/* Reads TEXT and judges it with every signature taken as good; NULL where it is refused. */
static struct bulla_vault *judge(struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_vault_place place = {.path = "fuzz"};
    struct bulla_vault *vault = vault_new(&place, BULLA_VAULT_READ, &err);
    FUZZ_ASSERT(vault != NULL);
    bulla_buf_add_bytes(&vault->text, text);
    bool ok = vault_read_text(vault, NULL, &err);
    if (!ok) {
        fuzz_check_error_at(&err);
    }
    for (size_t i = 0; i < vault->count && ok; i++) {
        vault->records[i].checked = true;
        vault->records[i].signer = vault->signs.count > 0 ? 0 : NONE;
    }
    if (ok && !vault_judge(vault, &err)) {
        fuzz_check_error(&err);
        ok = false;
    }
    if (!ok) {
        bulla_vault_close(vault);
        return NULL;
    }
    return vault;
}

struct program {
    const uint8_t *data;
    size_t size;
    char ids[MAX_RECORDS][TEXT_ID_CHARS + 1];
    unsigned kinds[MAX_RECORDS];
    size_t starts[MAX_RECORDS];
    size_t count;
    struct bulla_buf text;
};

static unsigned take(struct program *program, unsigned below)
{
    if (program->size == 0) {
        return 0;
    }
    program->size--;
    return *program->data++ % below;
}

/* Some record so far of KIND, or of any for RECORD_KINDS. */
static const char *pick(struct program *program, unsigned kind)
{
    size_t start = take(program, 256);
    for (size_t i = 0; i < program->count; i++) {
        size_t at = (start + i) % program->count;
        if (kind == RECORD_KINDS || program->kinds[at] == kind) {
            return program->ids[at];
        }
    }
    return program->ids[0];
}

static void put_parents(struct program *program, struct bulla_buf *line)
{
    /* One or two, sorted; the newest most of the time. */
    const char *first = program->ids[program->count - 1];
    const char *second = take(program, 4) == 0 ? pick(program, RECORD_KINDS) : first;
    first = take(program, 4) == 0 ? pick(program, RECORD_KINDS) : first;
    int order = strcmp(first, second);
    bulla_buf_printf(line, " p=%s", order <= 0 ? first : second);
    if (order != 0) {
        bulla_buf_printf(line, ",%s", order <= 0 ? second : first);
    }
}

static void put_record(struct program *program)
{
    static const char *const people[] = {"alice", "bob", "carol"};
    static const char *const names[] = {"DB", "API"};
    static const char *const roles[] = {"reader", "writer", "admin", "owner"};
    static const char *const states[] = {"current", "retired", "exposed"};
    static const char *const keys[] = {"BAAAAAAA", "CAAAAAAA"};
    unsigned kind = program->count == 0 ? RECORD_ROOT : RECORD_MEMBER + take(program, 8);
    const char *by = program->count == 0 ? people[0] : people[take(program, 3)];
    const char *who = people[take(program, 3)];
    const char *name = names[take(program, 2)];
    const char *key = keys[take(program, 2)];
    unsigned version = 1 + take(program, 4);
    struct bulla_buf line;
    bulla_buf_init(&line, 4096);
    const char *at = "at=20260301T102231Z";
    switch ((enum record_kind)kind) {
    case RECORD_ROOT:
        bulla_buf_printf(&line, "root alice %s by=alice m=recipient:age1x;role:owner;sign:" SIGN,
                         at);
        break;
    case RECORD_MEMBER:
        bulla_buf_printf(&line, "member %s %s by=%s m=recipient:age1x;role:%s;sign:" SIGN, who, at,
                         by, roles[take(program, 4)]);
        break;
    case RECORD_UNMEMBER:
        bulla_buf_printf(&line, "unmember %s %s by=%s", who, at, by);
        break;
    case RECORD_KEY:
        bulla_buf_printf(&line, "key %s %s by=%s m=commit:%sAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                         key, at, by, key);
        break;
    case RECORD_GRANT:
        bulla_buf_printf(&line, "grant %s k=%s %s by=%s d=AAAA", who, key, at, by);
        break;
    case RECORD_SET:
        bulla_buf_printf(&line, "set %s v=%u k=%s %s by=%s%s%s d=AAAA", name, version, key, at, by,
                         version == 3 ? " m=from:" : "",
                         version == 3 ? pick(program, RECORD_SET) : "");
        break;
    case RECORD_DEL:
        bulla_buf_printf(&line, "del %s v=%u %s by=%s", name, version, at, by);
        break;
    case RECORD_MARK:
        bulla_buf_printf(&line, "mark %s %s by=%s m=of:%s;state:%s", name, at, by,
                         pick(program, RECORD_SET), states[take(program, 3)]);
        break;
    case RECORD_JOIN:
    case RECORD_KINDS:
        bulla_buf_printf(&line, "join %s %s by=%s", by, at, by);
        break;
    }
    if (kind != RECORD_ROOT) {
        put_parents(program, &line);
    }
    const struct bulla_bytes parts[] = {
        bulla_bytes("bulla1/id\n" HEADER, strlen("bulla1/id\n" HEADER)), bulla_buf_view(&line)};
    uint8_t hash[32];
    prim_hash(hash, parts, 2);
    text_format_id(hash, program->ids[program->count]);
    program->kinds[program->count] = kind;
    program->starts[program->count++] = program->text.len;
    bulla_buf_add_bytes(&program->text, bulla_buf_view(&line));
    bulla_buf_puts(&program->text, " s=" SIGNATURE "\n");
    bulla_buf_release(&line);
}

/* The same records in the other order. */
static void reverse(const struct program *program, struct bulla_buf *out)
{
    bulla_buf_puts(out, HEADER);
    size_t end = program->text.len;
    for (size_t i = program->count; i > 0; i--) {
        size_t start = program->starts[i - 1];
        bulla_buf_add(out, program->text.data + start, end - start);
        end = start;
    }
}

static void compare(const struct bulla_vault *a, const struct bulla_vault *b)
{
    FUZZ_ASSERT(bulla_vault_count(a) == bulla_vault_count(b));
    FUZZ_ASSERT((a->epoch == NONE) == (b->epoch == NONE));
    FUZZ_ASSERT(a->epoch == NONE || strcmp(a->records[a->epoch].id, b->records[b->epoch].id) == 0);
    for (size_t i = 0; i < a->count; i++) {
        const struct record *left = &a->records[i];
        const struct record *right = &b->records[intern_find(&b->ids, bulla_bytes_of(left->id))];
        FUZZ_ASSERT(left->counts == right->counts);
        FUZZ_ASSERT(left->state == right->state && left->target == right->target);
        FUZZ_ASSERT(left->exposed == right->exposed);
    }
    for (size_t i = 0; i < bulla_vault_count(a); i++) {
        struct bulla_secret_info left;
        struct bulla_secret_info right;
        bulla_vault_secret(a, i, &left);
        bulla_vault_secret(b, i, &right);
        FUZZ_ASSERT(strcmp(left.name, right.name) == 0 && left.contested == right.contested &&
                    left.deleted == right.deleted);
    }
}

static void run_program(const uint8_t *data, size_t size)
{
    static struct program program;
    program = (struct program){.data = data, .size = size};
    bulla_buf_init(&program.text, (size_t)1 << 20);
    bulla_buf_puts(&program.text, HEADER);
    while (program.count == 0 || (program.size > 0 && program.count < MAX_RECORDS)) {
        put_record(&program);
    }
    bulla_auto_buf other;
    bulla_buf_init(&other, (size_t)1 << 20);
    reverse(&program, &other);
    bulla_auto_vault there = judge(bulla_buf_view(&program.text));
    bulla_auto_vault back = judge(bulla_buf_view(&other));
    FUZZ_ASSERT((there == NULL) == (back == NULL));
    if (there != NULL) {
        touch_vault(there);
        compare(there, back);
    }
    bulla_buf_release(&program.text);
}

static bool touch_line(void *ctx, const struct bulla_vault_line *line, struct bulla_error *err)
{
    size_t *bytes = ctx;
    (void)err;
    *bytes += line->text.len + 1;
    fuzz_touch(line->text);
    if (line->kind == BULLA_LINE_RECORD) {
        fuzz_touch(bulla_bytes_of(line->record.id));
        fuzz_touch(bulla_bytes_of(line->record.subject));
        fuzz_touch(bulla_bytes_of(line->record.by));
    }
    return true;
}

/* Any text can be shown line by line, whole. */
static void show_lines(struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t bytes = 0;
    FUZZ_ASSERT(bulla_vault_each_line(text, touch_line, &bytes, &err));
    FUZZ_ASSERT(bytes == text.len + (text.len > 0 && text.data[text.len - 1] != '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!bulla_bytes_start(bulla_bytes(data, size), "BULLA1 ")) {
        run_program(data, size);
        return 0;
    }
    show_lines(bulla_bytes(data, size));
    bulla_auto_vault vault = judge(bulla_bytes(data, size));
    if (vault != NULL) {
        touch_vault(vault);
    }
    return 0;
}
