#include "vault/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bulla/codec.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "crypto/prim.h"

#include "base/banned.h"

#define MAGIC "BULLA1 "
#define ID_CONTEXT "bulla1/id\n"
#define USUAL_RECORD_BYTES ((size_t)330)

struct label record_label(const struct record *record)
{
    struct label label;
    struct bulla_bytes subject = record_subject(&record->t);
    struct bulla_bytes by = record_by(&record->t);
    char version[16] = "";
    if (record->t.version > 0) {
        (void)snprintf(version, sizeof version, " v=%u", record->t.version);
    }
    (void)snprintf(label.text, sizeof label.text, "%s %.*s%s by %.*s (%.8s)",
                   record_kind_name(record->t.kind), (int)subject.len, (const char *)subject.data,
                   version, (int)by.len, (const char *)by.data, record->id);
    return label;
}

bool vault_refuse(const struct bulla_vault *vault, const struct record *record,
                  struct bulla_error *err, const char *fmt, ...)
{
    char why[400];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    struct bulla_pos pos = {record->t.number, record->t.number > 0 ? 1 : 0};
    return bulla_error_at(err, BULLA_E_VERIFY, vault->path, pos, "'%s' %s",
                          record_label(record).text, why);
}

bool vault_set_header(struct bulla_vault *vault, struct bulla_bytes line, const char *environment,
                      struct bulla_error *err)
{
    const size_t id_at = strlen(MAGIC);
    const size_t environment_at = id_at + TEXT_VAULT_CHARS + 1;
    struct bulla_bytes id = bulla_bytes_slice(line, id_at, TEXT_VAULT_CHARS);
    struct bulla_bytes name = bulla_bytes_slice(line, environment_at, SIZE_MAX);
    if (!bulla_bytes_start(line, MAGIC) || !text_is_vault_id(id) || name.len == 0 ||
        line.data[environment_at - 1] != ' ' || !text_is_member(name)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, vault->path, (struct bulla_pos){1, 1},
                              "the first line is not 'BULLA1 <vault-id> <environment>'");
    }
    if (environment != NULL && !bulla_bytes_are(name, environment)) {
        (void)bulla_error_at(err, BULLA_E_VERIFY, vault->path,
                             (struct bulla_pos){1, (uint32_t)environment_at + 1},
                             "this is the vault of '%.*s', not of '%s'", (int)name.len,
                             (const char *)name.data, environment);
        bulla_auto_str word = bulla_word(vault->path, err);
        return word != NULL &&
               bulla_error_hint(err,
                                "git restore %s brings back its own; where it never had one, "
                                "remove the file, and bulla init makes it",
                                word);
    }
    vault->vault_id = pool_strndup(vault->pool, id.data, id.len, err);
    vault->environment =
        vault->vault_id == NULL ? NULL : pool_strndup(vault->pool, name.data, name.len, err);
    if (vault->environment == NULL) {
        return false;
    }
    bulla_buf_puts(&vault->header, ID_CONTEXT);
    bulla_buf_add_bytes(&vault->header, line);
    bulla_buf_putc(&vault->header, '\n');
    return bulla_buf_ok(&vault->header, err);
}

static bool add_copy(struct bulla_vault *vault, struct record *record,
                     const struct record_text *text, struct bulla_error *err)
{
    struct bulla_bytes signature = record_signature(text);
    if (bulla_bytes_equal(signature, record_signature(&record->t))) {
        return true;
    }
    size_t count = 1;
    for (uint32_t i = record->copies; i != NONE; i = vault->copies[i].next, count++) {
        if (bulla_bytes_equal(vault->copies[i].signature, signature)) {
            return true;
        }
    }
    if (count == BULLA_MAX_VAULT_COPIES) {
        return bulla_error_at(err, BULLA_E_LIMIT, vault->path, (struct bulla_pos){text->number, 1},
                              "more than %d lines of one record that are signed differently",
                              BULLA_MAX_VAULT_COPIES);
    }
    if (!bulla_grow(&vault->copies, &vault->copy_cap, vault->copy_count + 1, sizeof *vault->copies,
                    err)) {
        return false;
    }
    vault->copies[vault->copy_count] = (struct copy){signature, text->number, NONE, record->copies};
    record->copies = (uint32_t)vault->copy_count++;
    return true;
}

static bool add_sign_key(struct bulla_vault *vault, struct record *record, struct bulla_error *err)
{
    struct bulla_bytes text = record_value(&record->t, META_SIGN);
    size_t before = vault->signs.count;
    if (!intern_add(&vault->signs, NULL, text, &record->sign, err)) {
        return false;
    }
    if (vault->signs.count == before) {
        return true;
    }
    if (!bulla_grow(&vault->sign_keys, &vault->sign_key_cap, vault->signs.count,
                    sizeof *vault->sign_keys, err)) {
        return false;
    }
    struct sign_key *key = &vault->sign_keys[record->sign];
    *key = (struct sign_key){0};
    size_t len = 0;
    /* The grammar has seen canonical base64 of 32 bytes. */
    return bulla_base64_decode(BULLA_BASE64_UNPADDED, text, key->bytes, sizeof key->bytes, &len) ||
           bulla_error(err, BULLA_E_BUG, "a signing key that does not decode");
}

/* The value of KEY as text, which RECORD shares with BEFORE where that has the same. */
static bool decode_text(struct bulla_vault *vault, const struct record *record, enum meta_key key,
                        const struct record *before, const char *text_before, const char **ret_text,
                        struct bulla_error *err)
{
    struct bulla_bytes value = record_value(&record->t, key);
    if (value.len == 0) {
        return true;
    }
    if (text_before != NULL && bulla_bytes_equal(value, record_value(&before->t, key))) {
        *ret_text = text_before;
        return true;
    }
    char *text = pool_alloc(vault->pool, value.len + 1, err);
    if (text == NULL) {
        return false;
    }
    text[record_meta_decode(value, text)] = '\0';
    *ret_text = text;
    return true;
}

static struct intern *subjects_of(struct bulla_vault *vault, const struct record *record)
{
    if (record_is_value(record)) {
        return &vault->names;
    }
    return record->t.kind == RECORD_KEY ? &vault->keyids : &vault->members;
}

/*
 * Gives numbers to the names that RECORD mentions. Lines of one name stand together, and often of
 * one author: what BEFORE (or NULL), the record before, has too is not looked for again.
 */
static bool intern_names(struct bulla_vault *vault, struct record *record,
                         const struct record *before, struct bulla_error *err)
{
    struct intern *subjects = subjects_of(vault, record);
    struct bulla_bytes subject = record_subject(&record->t);
    struct bulla_bytes author = record_by(&record->t);
    if (before != NULL && subjects == subjects_of(vault, before) &&
        bulla_bytes_equal(subject, record_subject(&before->t))) {
        record->subject = before->subject;
    } else if (!intern_add(subjects, vault->pool, subject, &record->subject, err)) {
        return false;
    }
    if (before != NULL && bulla_bytes_equal(author, record_by(&before->t))) {
        record->author = before->author;
    } else if (!intern_add(&vault->members, vault->pool, author, &record->author, err)) {
        return false;
    }
    record->sign = NONE;
    if (record_value(&record->t, META_SIGN).len > 0 && !add_sign_key(vault, record, err)) {
        return false;
    }
    return decode_text(vault, record, META_KIND, before, before == NULL ? NULL : before->kind,
                       &record->kind, err) &&
           decode_text(vault, record, META_WHY, before, before == NULL ? NULL : before->why,
                       &record->why, err);
}

bool vault_add_line(struct bulla_vault *vault, struct bulla_bytes line, uint32_t number,
                    uint32_t *ret_record, struct bulla_error *err)
{
    if (!bulla_grow(&vault->records, &vault->cap, vault->count + 1, sizeof *vault->records, err)) {
        return false;
    }
    struct record *record = &vault->records[vault->count];
    *record = (struct record){.signer = NONE, .copies = NONE, .counts = -1};
    if (!record_parse(line, vault->path, number, &record->t, err)) {
        return false;
    }
    uint8_t hash[32];
    char id[TEXT_ID_CHARS + 1];
    const struct bulla_bytes parts[] = {bulla_buf_view(&vault->header), record_signed(&record->t)};
    prim_hash(hash, parts, sizeof parts / sizeof *parts);
    text_format_id(hash, id);
    const struct bulla_bytes text = bulla_bytes(id, TEXT_ID_CHARS);
    uint32_t place = intern_expect(&vault->ids, text);
    if (!intern_names(vault, record, vault->count == 0 ? NULL : record - 1, err) ||
        !intern_add_hashed(&vault->ids, vault->pool, text, place, ret_record, err)) {
        return false;
    }
    if (*ret_record != vault->count) {
        return add_copy(vault, &vault->records[*ret_record], &record->t, err);
    }
    record->id = vault->ids.entries[*ret_record].text;
    vault->edges += record->t.parent_count;
    vault->count++;
    return true;
}

bool vault_is_marker(struct bulla_bytes line)
{
    static const char *const markers[] = {"<<<<<<<", "=======", ">>>>>>>", "|||||||"};
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
        if (bulla_bytes_start(line, markers[i])) {
            return true;
        }
    }
    return false;
}

bool vault_is_header(struct bulla_bytes line)
{
    return bulla_bytes_start(line, MAGIC);
}

struct bulla_bytes vault_header_line(const struct bulla_vault *vault)
{
    size_t before = strlen(ID_CONTEXT);
    return bulla_bytes_slice(bulla_buf_view(&vault->header), before,
                             vault->header.len - before - 1);
}

/* What is neither a record nor a comment nor blank, told with its remedy. */
static bool refuse_marker(const struct bulla_vault *vault, struct bulla_bytes line, uint32_t number,
                          struct bulla_error *err)
{
    const struct bulla_pos pos = {number, 1};
    if (vault_is_header(line)) {
        (void)bulla_error_at(err, BULLA_E_SYNTAX, vault->path, pos,
                             "a second header: two vaults were merged into one file");
        (void)bulla_error_hint(err, "keep one side's file and import the other's values");
        return true;
    }
    if (!vault_is_marker(line)) {
        return false;
    }
    (void)bulla_error_at(err, BULLA_E_SYNTAX, vault->path, pos, "a conflict marker of git");
    (void)bulla_error_hint(err, "'bulla git fix' takes git's lines out and keeps all others");
    return true;
}

static bool check_comment(const struct bulla_vault *vault, struct bulla_bytes line, uint32_t number,
                          struct bulla_error *err)
{
    if (line.len > BULLA_MAX_VAULT_LINE_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, vault->path, (struct bulla_pos){number, 1},
                              "line of more than %zu bytes", BULLA_MAX_VAULT_LINE_BYTES);
    }
    for (size_t i = 0; i < line.len; i++) {
        if ((line.data[i] < ' ' && line.data[i] != '\t') || line.data[i] == 0x7F) {
            return bulla_error_at(err, BULLA_E_SYNTAX, vault->path,
                                  (struct bulla_pos){number, (uint32_t)i + 1},
                                  "byte 0x%02x in a comment", line.data[i]);
        }
    }
    return true;
}

static bool check_line_end(const struct bulla_vault *vault, struct bulla_bytes line,
                           uint32_t number, struct bulla_error *err)
{
    const uint8_t *cr = line.len > 0 ? memchr(line.data, '\r', line.len) : NULL;
    if (cr == NULL) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_SYNTAX, vault->path,
                         (struct bulla_pos){number, (uint32_t)(cr - line.data) + 1},
                         "a carriage return: lines of a vault end in LF alone");
    return bulla_error_hint(err, "keep '*.vault text eol=lf' in .bulla/.gitattributes and "
                                 "check the file out again");
}

bool vault_read_line(struct bulla_vault *vault, struct bulla_bytes line, uint32_t number,
                     struct bulla_error *err)
{
    uint32_t record = 0;
    if (line.len == 0) {
        return true;
    }
    /* Most lines are records, which begin with a small letter; their grammar has no CR either. */
    if (line.data[0] >= 'a' && line.data[0] <= 'z') {
        return vault_add_line(vault, line, number, &record, err) ||
               (err->code == BULLA_E_SYNTAX && !check_line_end(vault, line, number, err) && false);
    }
    if (!check_line_end(vault, line, number, err)) {
        return false;
    }
    if (line.data[0] == '#') {
        return check_comment(vault, line, number, err);
    }
    return !refuse_marker(vault, line, number, err) &&
           vault_add_line(vault, line, number, &record, err);
}

static bool read_first_line(struct bulla_vault *vault, struct bulla_bytes line,
                            const char *environment, struct bulla_error *err)
{
    return check_line_end(vault, line, 1, err) && vault_set_header(vault, line, environment, err);
}

bool vault_read_text(struct bulla_vault *vault, const char *environment, struct bulla_error *err)
{
    struct bulla_bytes rest = bulla_buf_view(&vault->text);
    /* By the bytes: lines that are short or no records must not reserve a record each. */
    size_t guess = rest.len / USUAL_RECORD_BYTES + 1;
    if (rest.len == 0) {
        return bulla_error_at(err, BULLA_E_SYNTAX, vault->path, (struct bulla_pos){1, 1},
                              "the vault is empty");
    }
    if (!bulla_grow(&vault->records, &vault->cap, guess, sizeof *vault->records, err) ||
        !intern_init(&vault->ids, guess, err) ||
        !pool_reserve(vault->pool, guess * (TEXT_ID_CHARS + 1), err)) {
        return false;
    }
    for (uint32_t number = 1; rest.len > 0; number++) {
        const uint8_t *end = memchr(rest.data, '\n', rest.len);
        size_t len = end == NULL ? rest.len : (size_t)(end - rest.data);
        struct bulla_bytes line = bulla_bytes(rest.data, len);
        if (!(number == 1 ? read_first_line(vault, line, environment, err)
                          : vault_read_line(vault, line, number, err))) {
            return false;
        }
        rest = bulla_bytes_slice(rest, end == NULL ? len : len + 1, SIZE_MAX);
    }
    return true;
}
