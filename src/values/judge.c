#include <string.h>

#include "values/values_internal.h"

#include "base/banned.h"

#define MAX_REASON_BYTES 4096

/* One variable before its judge. */
struct trial {
    const struct bulla_values *values;
    const struct bulla_value *row;
    bulla_judge_fn fn;
    void *ctx;
    struct bulla_buf *reason;
    struct bulla_error *err;
};

/* Hands over the reason that was written, if there is one. */
static bool tell(const struct trial *trial, enum bulla_verdict verdict)
{
    const char *text = bulla_buf_text(trial->reason, trial->err);
    if (text == NULL) {
        return false;
    }
    bool ok = text[0] == '\0' || trial->fn(trial->ctx, verdict, text, trial->err);
    bulla_buf_clear(trial->reason);
    return ok;
}

static bool judge_shape(const struct trial *trial)
{
    const struct bulla_value *row = trial->row;
    /* What was imported works as it is; the kind says how the next one will be made. */
    bool is_imported = row->made_as != NULL && strcmp(row->made_as, BULLA_KIND_IMPORTED) == 0;
    if (row->has_kind && !is_imported) {
        (void)bulla_kind_check(&row->kind, row->bytes, trial->reason);
        if (!tell(trial, BULLA_VERDICT_SHAPE)) {
            return false;
        }
    }
    bool fits = true;
    if (!bulla_variable_check(&row->variable, row->bytes, &fits, trial->reason, trial->err)) {
        if (trial->err->code == BULLA_E_LIMIT) {
            struct bulla_error cause = *trial->err;
            (void)bulla_error_at(trial->err, cause.code, trial->values->file,
                                 row->variable.match.pos, "%s", cause.message);
            (void)bulla_error_hint(trial->err, "%s", cause.hint);
        }
        return false;
    }
    return tell(trial, BULLA_VERDICT_SHAPE);
}

/* Calls JUDGE for each variable that the list names. */
static bool judge_each(const struct trial *trial, const struct bulla_setting *list,
                       void (*judge)(const struct trial *, const struct bulla_value *other))
{
    struct bulla_bytes word = {0};
    for (size_t i = 0; bulla_setting_word(list, i, &word, NULL); i++) {
        size_t index = 0;
        if (!values_find(trial->values, word, &index)) {
            continue;
        }
        judge(trial, &trial->values->rows[index]);
        if (!tell(trial, BULLA_VERDICT_RELATION)) {
            return false;
        }
    }
    return true;
}

static void judge_difference(const struct trial *trial, const struct bulla_value *other)
{
    if (other->state == BULLA_VALUE_SET &&
        bulla_secret_bytes_equal(trial->row->bytes, other->bytes)) {
        bulla_buf_printf(trial->reason, "is the same as '%s'", other->variable.name);
    }
}

static void judge_sameness(const struct trial *trial, const struct bulla_value *other)
{
    if (other->state == BULLA_VALUE_SET &&
        !bulla_secret_bytes_equal(trial->row->bytes, other->bytes)) {
        bulla_buf_printf(trial->reason, "is not the same as '%s'", other->variable.name);
    }
}

static void judge_need(const struct trial *trial, const struct bulla_value *other)
{
    bool there = other->state == BULLA_VALUE_SEALED || other->state == BULLA_VALUE_CONTESTED ||
                 (other->state == BULLA_VALUE_SET && other->bytes.len > 0);
    if (!there) {
        bulla_buf_printf(trial->reason, "needs '%s', which is not set", other->variable.name);
    }
}

static bool judge_warning(const struct trial *trial)
{
    const struct bulla_setting *when = &trial->row->variable.warn_when;
    if (when->text != NULL &&
        bulla_secret_bytes_equal(trial->row->bytes, bulla_bytes_of(when->text))) {
        bulla_buf_puts(trial->reason, "has the value that 'warn-when' warns of");
    }
    return tell(trial, BULLA_VERDICT_WARN_WHEN);
}

bool bulla_values_judge(const struct bulla_values *values, size_t index, bulla_judge_fn fn,
                        void *ctx, struct bulla_error *err)
{
    const struct bulla_value *row = &values->rows[index];
    bulla_auto_buf reason = {0};
    bulla_buf_init(&reason, MAX_REASON_BYTES);
    const struct trial trial = {values, row, fn, ctx, &reason, err};
    bool empty = row->state == BULLA_VALUE_SET && row->bytes.len == 0;
    if ((row->state == BULLA_VALUE_SET || row->state == BULLA_VALUE_SEALED) && !empty &&
        !judge_each(&trial, &row->variable.requires, judge_need)) {
        return false;
    }
    if (row->state != BULLA_VALUE_SET) {
        return true;
    }
    /* An optional variable that is empty is left out on purpose. */
    if (empty && row->variable.optional) {
        return judge_warning(&trial);
    }
    return judge_shape(&trial) && judge_each(&trial, &row->variable.differs, judge_difference) &&
           judge_each(&trial, &row->variable.same_as, judge_sameness) && judge_warning(&trial);
}
