/* set, unset and mark. */
#include <string.h>

#include "base/utf8.h"
#include "bulla/limits.h"
#include "vault/seal.h"
#include "vault/write.h"

#include "base/banned.h"

/* Longer than the grammar takes, so that it is the grammar that refuses. */
#define MAX_META_TEXT ((size_t)2 * BULLA_MAX_META_BYTES)

/* Versions, the newest first, that a new value is compared with. */
#define MAX_COMPARED 64

static bool check_words(const char *what, const char *text, struct bulla_error *err)
{
    if (text == NULL) {
        return true;
    }
    struct bulla_bytes rest = bulla_bytes_of(text);
    bool good = rest.len > 0 && rest.len <= BULLA_MAX_META_BYTES / 4;
    while (good && rest.len > 0) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(rest, &code_point);
        good = len > 0 && code_point >= 0x20 && (code_point < 0x7F || code_point >= 0xA0);
        rest = bulla_bytes_slice(rest, len, SIZE_MAX);
    }
    return good || bulla_error(err, BULLA_E_INVALID,
                               "the %s is empty, too long, or has control characters", what);
}

static bool check_version_id(const struct bulla_vault *vault, const char *what, const char *id,
                             const char *name, struct bulla_error *err)
{
    if (id == NULL) {
        return true;
    }
    uint32_t record = intern_find(&vault->ids, bulla_bytes_of(id));
    if (record == NONE || vault->records[record].t.kind != RECORD_SET ||
        (name != NULL &&
         strcmp(vault->names.entries[vault->records[record].subject].text, name) != 0)) {
        return bulla_error(err, BULLA_E_INVALID, "'%s' does not name a version%s%s", what,
                           name == NULL ? "" : " of ", name == NULL ? "" : name);
    }
    return true;
}

static bool check_options(const struct bulla_vault *vault, const char *name,
                          const struct bulla_set_options *options, struct bulla_error *err)
{
    if ((options->keep_id == NULL) != (options->until == 0)) {
        return bulla_error(err, BULLA_E_INVALID, "'keep' and 'until' come together");
    }
    return check_words("reason", options->why, err) && check_words("kind", options->kind, err) &&
           check_version_id(vault, "from", options->from_id, NULL, err) &&
           check_version_id(vault, "keep", options->keep_id, name, err);
}

static bool put_time(struct bulla_buf *meta, enum meta_key key, int64_t seconds,
                     struct bulla_error *err)
{
    char text[TEXT_TIME_CHARS + 1];
    if (seconds == 0) {
        return true;
    }
    if (!text_format_time(seconds, text)) {
        return bulla_error(err, BULLA_E_INVALID, "a time outside the years 1 to 9999");
    }
    record_meta_put(meta, 0, key, bulla_bytes_of(text));
    return true;
}

static void put_text(struct bulla_buf *meta, enum meta_key key, const char *text)
{
    if (text != NULL) {
        record_meta_put(meta, 0, key, bulla_bytes_of(text));
    }
}

/* The keys of OPTIONS in their order, with OF and STATE where they are not NULL. */
static bool put_meta(struct bulla_buf *meta, const struct bulla_set_options *options,
                     const char *of, const char *state, struct bulla_error *err)
{
    if (!put_time(meta, META_EXPIRES, options->expires, err)) {
        return false;
    }
    put_text(meta, META_FROM, options->from_id);
    put_text(meta, META_KEEP, options->keep_id);
    put_text(meta, META_KIND, options->kind);
    put_text(meta, META_OF, of);
    put_text(meta, META_STATE, state);
    if (!put_time(meta, META_UNTIL, options->until, err)) {
        return false;
    }
    put_text(meta, META_WHY, options->why);
    return bulla_buf_ok(meta, err);
}

/* Whether version RECORD has VALUE; one that does not open has another. */
static bool has_value(struct bulla_vault *vault, uint32_t record, struct bulla_bytes value,
                      bool *ret_same, struct bulla_error *err)
{
    struct bulla_bytes present;
    *ret_same = false;
    if (seal_open_value(vault, record, &present, err)) {
        *ret_same = bulla_secret_bytes_equal(present, value);
        return true;
    }
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

static bool is_present_value(struct bulla_vault *vault, const char *name, struct bulla_bytes value,
                             bool *ret_same, struct bulla_error *err)
{
    *ret_same = false;
    uint32_t found = intern_find(&vault->names, bulla_bytes_of(name));
    uint32_t current = found == NONE ? NONE : vault->secrets[found].current;
    return current == NONE || has_value(vault, current, value, ret_same, err);
}

/*
 * The version of NAME that VALUE repeats, an exposed one rather than another, or NULL: what
 * somebody could read stays exposed when it is typed in again.
 */
static bool find_repeated(struct bulla_vault *vault, const char *name, struct bulla_bytes value,
                          const char **ret_id, struct bulla_error *err)
{
    *ret_id = NULL;
    uint32_t found = intern_find(&vault->names, bulla_bytes_of(name));
    uint32_t count = found == NONE ? 0 : vault->secrets[found].version_count;
    for (uint32_t i = 0; i < count && i < MAX_COMPARED; i++) {
        uint32_t record = vault->versions[vault->secrets[found].first_version + i];
        bool same = false;
        if (!has_value(vault, record, value, &same, err)) {
            return false;
        }
        if (same && (*ret_id == NULL || vault->records[record].exposed)) {
            *ret_id = vault->records[record].id;
        }
        if (same && vault->records[record].exposed) {
            break;
        }
    }
    return true;
}

/* The epoch that new values use; an admin starts one where none is open. */
static bool choose_epoch(struct bulla_vault *vault, int64_t now, uint32_t *ret_epoch,
                         struct bulla_error *err)
{
    if (vault->epoch != NONE) {
        const uint8_t *secret = NULL;
        *ret_epoch = vault->records[vault->epoch].subject;
        return seal_open_epoch(vault, *ret_epoch, &secret, err);
    }
    uint32_t me = intern_find(&vault->members, bulla_bytes_of(vault->author));
    if (vault->people[me].last.role < ROLE_ADMIN) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, vault->path, (struct bulla_pos){0, 0},
                             "somebody was removed and no key is in use that he has not");
        return bulla_error_hint(err, "an admin's next write starts a new key: ask one");
    }
    return members_start_epoch(vault, NULL, now, ret_epoch, err) || write_fail(vault);
}

static uint32_t next_number(const struct bulla_vault *vault, const char *name)
{
    uint32_t found = intern_find(&vault->names, bulla_bytes_of(name));
    return found == NONE ? 1 : vault->secrets[found].last_number + 1;
}

static bool check_name(const char *name, struct bulla_error *err)
{
    if (text_is_name(bulla_bytes_of(name))) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_INVALID, "'%s' is no name for a secret", name);
    return bulla_error_hint(err,
                            "letters, digits, '_', '.' and '-', a letter or '_' first, at "
                            "most %d",
                            BULLA_MAX_NAME_BYTES);
}

static bool add_version(struct bulla_vault *vault, const char *name, struct bulla_bytes value,
                        const struct bulla_set_options *options, int64_t now,
                        struct bulla_error *err)
{
    struct bulla_set_options taken = *options;
    if (taken.from_id == NULL && !find_repeated(vault, name, value, &taken.from_id, err)) {
        return false;
    }
    bulla_auto_buf meta;
    bulla_buf_init(&meta, MAX_META_TEXT);
    uint32_t epoch = NONE;
    bool is_open = vault->epoch != NONE;
    if (!put_meta(&meta, &taken, NULL, taken.pending ? "pending" : NULL, err) ||
        !choose_epoch(vault, now, &epoch, err)) {
        return false;
    }
    const struct draft draft = {.kind = RECORD_SET,
                                .subject = name,
                                .version = next_number(vault, name),
                                .epoch = epoch,
                                .meta = bulla_buf_view(&meta),
                                .now = now,
                                .value = value};
    if (!write_record(vault, &draft, err)) {
        return write_fail(vault);
    }
    return write_end_value(vault, name, is_open, err);
}

bool bulla_vault_set(struct bulla_vault *vault, const char *name, struct bulla_bytes value,
                     const struct bulla_set_options *options, int64_t now, bool *ret_changed,
                     struct bulla_error *err)
{
    static const struct bulla_set_options none = {0};
    options = options == NULL ? &none : options;
    if (value.len > BULLA_MAX_VALUE_BYTES) {
        return bulla_error(err, BULLA_E_LIMIT, "the value of '%s' has more than %zu bytes", name,
                           BULLA_MAX_VALUE_BYTES);
    }
    if (!check_name(name, err) || !write_begin_value(vault, name, "set values", err) ||
        !check_options(vault, name, options, err)) {
        return false;
    }
    if (options->pending && options->keep_id != NULL) {
        return bulla_error(err, BULLA_E_INVALID, "a pending version keeps no other one");
    }
    bool same = false;
    if (options->from_id == NULL && !options->pending &&
        !is_present_value(vault, name, value, &same, err)) {
        return false;
    }
    if (!same && !add_version(vault, name, value, options, now, err)) {
        return false;
    }
    if (ret_changed != NULL) {
        *ret_changed = !same;
    }
    return true;
}

bool bulla_vault_unset(struct bulla_vault *vault, const char *name, const char *why, int64_t now,
                       struct bulla_error *err)
{
    if (!write_begin_value(vault, name, "unset values", err) || !check_words("reason", why, err)) {
        return false;
    }
    uint32_t found = intern_find(&vault->names, bulla_bytes_of(name));
    const struct name *secret = found == NONE ? NULL : &vault->secrets[found];
    if (secret == NULL || (secret->assigned && !secret->contested && secret->current == NONE)) {
        return bulla_error_at(err, BULLA_E_MISSING, vault->path, (struct bulla_pos){0, 0},
                              "no secret '%s' that has a value", name);
    }
    bulla_auto_buf meta;
    bulla_buf_init(&meta, MAX_META_TEXT);
    put_text(&meta, META_WHY, why);
    if (!bulla_buf_ok(&meta, err)) {
        return false;
    }
    const struct draft draft = {.kind = RECORD_DEL,
                                .subject = name,
                                .version = next_number(vault, name),
                                .epoch = NONE,
                                .meta = bulla_buf_view(&meta),
                                .now = now};
    if (!write_record(vault, &draft, err)) {
        return write_fail(vault);
    }
    return write_end_value(vault, name, true, err);
}

bool bulla_vault_mark(struct bulla_vault *vault, const char *name, uint32_t number,
                      enum bulla_mark mark, const struct bulla_set_options *options, int64_t now,
                      struct bulla_error *err)
{
    static const char *const states[] = {"current", "retired", "exposed"};
    static const struct bulla_set_options none = {0};
    options = options == NULL ? &none : options;
    if (!write_begin(vault, ROLE_WRITER, "mark versions", err) ||
        !check_options(vault, name, options, err)) {
        return false;
    }
    if (options->keep_id != NULL && mark != BULLA_MARK_CURRENT) {
        return bulla_error(err, BULLA_E_INVALID, "only a mark as current keeps another version");
    }
    uint32_t of = NONE;
    if (!vault_find_version(vault, name, number, &of, err)) {
        return false;
    }
    const struct bulla_set_options taken = {
        .keep_id = options->keep_id, .until = options->until, .why = options->why};
    bulla_auto_buf meta;
    bulla_buf_init(&meta, MAX_META_TEXT);
    if (!put_meta(&meta, &taken, vault->records[of].id, states[mark], err)) {
        return false;
    }
    const struct draft draft = {.kind = RECORD_MARK,
                                .subject = name,
                                .epoch = NONE,
                                .meta = bulla_buf_view(&meta),
                                .now = now};
    if (!write_record(vault, &draft, err)) {
        return write_fail(vault);
    }
    return write_end(vault, err);
}
