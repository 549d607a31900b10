#include "vault/write.h"

#include <string.h>

#include "bulla/codec.h"
#include "bulla/limits.h"
#include "crypto/prim.h"
#include "vault/judge.h"
#include "vault/lines.h"
#include "vault/seal.h"

#include "base/banned.h"

/* The first member whose role is at least ROLE, to send the user to. */
static const char *somebody(const struct bulla_vault *vault, enum role role)
{
    for (size_t i = 0; i < vault->members.count; i++) {
        if (vault->people[i].last.role >= role) {
            return vault->people[i].name;
        }
    }
    return "the owner";
}

static bool check_open(const struct bulla_vault *vault, struct bulla_error *err)
{
    return (vault->access == BULLA_VAULT_WRITE && !vault->broken) ||
           bulla_error(err, BULLA_E_BUG, "the vault is not open for writing");
}

/* Whose identity is at hand, where none of its keys may sign: a present member, or NULL. */
static const char *find_reader(const struct bulla_vault *vault)
{
    for (size_t i = 0; i < vault->members.count; i++) {
        if (vault->people[i].mine && vault->people[i].last.role != ROLE_NONE) {
            return vault->people[i].name;
        }
    }
    return NULL;
}

static bool refuse_stranger(const struct bulla_vault *vault, struct bulla_error *err)
{
    const char *reader = find_reader(vault);
    const char *admin = somebody(vault, ROLE_ADMIN);
    if (reader == NULL) {
        (void)bulla_error_at(err, BULLA_E_IDENTITY, vault->path, (struct bulla_pos){0, 0},
                             "this identity is no member of the vault");
        return bulla_error_hint(err, "ask '%s' to add you", admin);
    }
    (void)bulla_error_at(err, BULLA_E_IDENTITY, vault->path, (struct bulla_pos){0, 0},
                         "no identity here signs for '%s': it can only read", reader);
    return bulla_error_hint(err, "send '%s' the line that 'bulla recipient request' prints", admin);
}

static bool find_author(struct bulla_vault *vault, enum role role, const char *what,
                        struct bulla_error *err)
{
    uint32_t me = author_me(vault, &vault->identity);
    if (me == NONE) {
        return refuse_stranger(vault, err);
    }
    enum role mine = vault->people[me].last.role;
    if (mine < role) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, vault->path, (struct bulla_pos){0, 0},
                             "'%s' is %s %s: to %s takes a role of %s",
                             vault->members.entries[me].text, mine == ROLE_ADMIN ? "an" : "a",
                             record_role_name(mine), what, record_role_name(role));
        return bulla_error_hint(err, "ask '%s'", somebody(vault, role));
    }
    vault->author = vault->members.entries[me].text;
    return true;
}

bool write_begin(struct bulla_vault *vault, enum role role, const char *what,
                 struct bulla_error *err)
{
    return check_open(vault, err) && write_settle(vault, err) &&
           find_author(vault, role, what, err);
}

/* Numbers and present values are those of the last judgement: not of a name that has more. */
static bool is_touched(const struct bulla_vault *vault, const char *name)
{
    uint32_t found = intern_find(&vault->names, bulla_bytes_of(name));
    return found != NONE && (found >= vault->name_count || vault->secrets[found].touched);
}

bool write_begin_value(struct bulla_vault *vault, const char *name, const char *what,
                       struct bulla_error *err)
{
    return check_open(vault, err) && (!is_touched(vault, name) || write_settle(vault, err)) &&
           find_author(vault, ROLE_WRITER, what, err);
}

bool write_fail(struct bulla_vault *vault)
{
    vault->broken = true;
    return false;
}

/* "p=" with all heads, or with the record before in this step. */
static void put_parents(const struct bulla_vault *vault, size_t first, size_t count,
                        struct bulla_buf *line)
{
    bulla_buf_puts(line, " p=");
    if (vault->tip != NONE) {
        bulla_buf_puts(line, vault->records[vault->tip].id);
        return;
    }
    for (size_t i = first; i < first + count; i++) {
        bulla_buf_puts(line, i > first ? "," : "");
        bulla_buf_puts(line, vault->records[vault->graph.heads[i]].id);
    }
}

static bool put_data(struct bulla_vault *vault, const struct draft *draft, struct bulla_buf *line,
                     struct bulla_error *err)
{
    const uint8_t *secret = NULL;
    if (!bulla_buf_ok(line, err) || !seal_open_epoch(vault, draft->epoch, &secret, err)) {
        return false;
    }
    bulla_auto_buf data;
    bulla_buf_init(&data, BULLA_MAX_VAULT_LINE_BYTES);
    bool ok = draft->kind == RECORD_SET
                  ? seal_value(vault, secret, bulla_bytes_of(draft->subject), bulla_buf_view(line),
                               draft->value, &data, err)
                  : seal_grant(vault, secret, vault->keyids.entries[draft->epoch].text,
                               draft->recipients, draft->recipient_count, &data, err);
    if (!ok) {
        return false;
    }
    bulla_buf_puts(line, " d=");
    bulla_buf_add_bytes(line, bulla_buf_view(&data));
    return bulla_buf_ok(line, err);
}

/* Gives LINE its signature, which needs its id. */
static bool sign_line(const struct bulla_vault *vault, struct bulla_buf *line,
                      struct bulla_error *err)
{
    if (!bulla_buf_ok(line, err)) {
        return false;
    }
    uint8_t hash[32];
    char id[TEXT_ID_CHARS + 1];
    const struct bulla_bytes parts[] = {bulla_buf_view(&vault->header), bulla_buf_view(line)};
    prim_hash(hash, parts, sizeof parts / sizeof *parts);
    text_format_id(hash, id);
    uint8_t signature[PRIM_SIGNATURE_BYTES];
    author_make_signature(vault, vault->identity, id, signature);
    bulla_buf_puts(line, " s=");
    bulla_base64_encode(BULLA_BASE64_UNPADDED, bulla_bytes(signature, sizeof signature), line);
    return bulla_buf_ok(line, err);
}

static bool take_line(struct bulla_vault *vault, struct bulla_buf *line, struct bulla_error *err)
{
    char *kept = pool_strndup(vault->pool, line->data, line->len, err);
    uint32_t number = NONE;
    size_t before = vault->count;
    if (kept == NULL || !vault_add_line(vault, bulla_bytes(kept, line->len), 0, &number, err)) {
        return false;
    }
    if (vault->count == before) {
        return bulla_error(err, BULLA_E_BUG, "a record that is there already");
    }
    struct record *record = &vault->records[number];
    record->signer =
        intern_find(&vault->signs, bulla_bytes_of(author_sign(vault, vault->identity)));
    record->checked = true;
    record->added = true;
    vault->added++;
    vault->tip = number;
    return true;
}

/* One record with COUNT heads from FIRST on as its parents. */
static bool write_below(struct bulla_vault *vault, const struct draft *draft, size_t first,
                        size_t count, struct bulla_error *err)
{
    char at[TEXT_TIME_CHARS + 1];
    if (!text_format_time(draft->now, at)) {
        return bulla_error(err, BULLA_E_INVALID, "a time outside the years 1 to 9999");
    }
    bulla_auto_buf line;
    bulla_buf_init(&line, BULLA_MAX_VAULT_LINE_BYTES);
    bulla_buf_printf(&line, "%s %s", record_kind_name(draft->kind), draft->subject);
    if (draft->version > 0) {
        bulla_buf_printf(&line, " v=%u", draft->version);
    }
    if (draft->epoch != NONE) {
        bulla_buf_printf(&line, " k=%s", vault->keyids.entries[draft->epoch].text);
    }
    bulla_buf_printf(&line, " at=%s by=%s", at, vault->author);
    if (draft->meta.len > 0) {
        bulla_buf_puts(&line, " m=");
        bulla_buf_add_bytes(&line, draft->meta);
    }
    if (draft->epoch != NONE && !put_data(vault, draft, &line, err)) {
        return false;
    }
    if (draft->kind != RECORD_ROOT) {
        put_parents(vault, first, count, &line);
    }
    return sign_line(vault, &line, err) && take_line(vault, &line, err);
}

/*
 * More heads than a record may name are joined first, as many at a time as go. Each join is one of
 * the heads that are left, so the others follow it in the list.
 */
static bool join_heads(struct bulla_vault *vault, int64_t now, struct bulla_error *err)
{
    const struct draft join = {
        .kind = RECORD_JOIN, .subject = vault->author, .epoch = NONE, .now = now};
    while (vault->tip == NONE && vault->graph.head_count > BULLA_MAX_VAULT_PARENTS) {
        if (!write_below(vault, &join, 0, BULLA_MAX_VAULT_PARENTS, err)) {
            return false;
        }
        vault->tip = NONE;
        if (!vault_judge(vault, err)) {
            return false;
        }
    }
    return true;
}

bool write_record(struct bulla_vault *vault, const struct draft *draft, struct bulla_error *err)
{
    return join_heads(vault, draft->now, err) &&
           write_below(vault, draft, 0, vault->graph.head_count, err);
}

bool write_end(struct bulla_vault *vault, struct bulla_error *err)
{
    vault->tip = NONE;
    if (!vault_judge(vault, err)) {
        return write_fail(vault);
    }
    for (size_t i = 0; i < vault->count; i++) {
        const struct record *record = &vault->records[i];
        if (record->added && !record->restored && record->counts != 1) {
            (void)bulla_error_at(err, BULLA_E_REFUSED, vault->path, (struct bulla_pos){0, 0},
                                 "'%s' would not count", record_label(record).text);
            return write_fail(vault);
        }
    }
    return true;
}

bool write_end_value(struct bulla_vault *vault, const char *name, bool is_open,
                     struct bulla_error *err)
{
    if (!vault->batch || !is_open) {
        return write_end(vault, err);
    }
    uint32_t number = intern_find(&vault->names, bulla_bytes_of(name));
    if (number < vault->name_count) {
        vault->secrets[number].touched = true;
    }
    return true;
}

bool write_settle(struct bulla_vault *vault, struct bulla_error *err)
{
    return vault->tip == NONE || vault->broken || write_end(vault, err);
}

void bulla_vault_batch_begin(struct bulla_vault *vault)
{
    vault->batch = true;
}

bool bulla_vault_batch_end(struct bulla_vault *vault, struct bulla_error *err)
{
    vault->batch = false;
    return check_open(vault, err) && write_settle(vault, err);
}
