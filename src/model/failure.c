/* Failures and warnings: Compose's words, whole and masked. */
#include <stdarg.h>
#include <string.h>

#include "bulla/limits.h"
#include "dotenv/words.h"
#include "model/internal.h"

#include "base/banned.h"

struct failure {
    struct bulla_model_failure info;
    struct failure *next;
};

struct warning {
    struct bulla_bytes text;
    struct warning *next;
};

#define MAX_FAILURES 1000
#define MAX_WARNINGS 100000

static void put(char kind, va_list *args, bool masked, struct bulla_buf *out)
{
    if (kind == 's') {
        bulla_buf_puts(out, va_arg(*args, const char *));
        return;
    }
    struct bulla_bytes bytes = va_arg(*args, struct bulla_bytes);
    if (kind == 'w') {
        struct bulla_bytes hidden = va_arg(*args, struct bulla_bytes);
        bulla_buf_add_bytes(out, masked ? hidden : bytes);
        return;
    }
    bool hide = masked && (kind == 'v' || kind == 'Q');
    if ((kind == 'q' || kind == 'Q') && !hide) {
        words_quote(bytes, out);
    } else if (kind == 'Q') {
        bulla_buf_puts(out, "\"\xe2\x80\xa6\"");
    } else {
        words_value(bytes, hide, out);
    }
}

static void compose(struct bulla_buf *out, const char *fmt, va_list *args, bool masked)
{
    for (const char *at = fmt; *at != '\0';) {
        size_t len = strcspn(at, "%");
        bulla_buf_add(out, at, len);
        at += len;
        if (at[0] == '%' && at[1] != '\0') {
            put(at[1], args, masked, out);
            at += 2;
        }
    }
}

static struct bulla_bytes make_text(struct model *m, const char *fmt, va_list args, bool masked)
{
    bulla_auto_buf out;
    bulla_buf_init(&out, BULLA_MAX_OUTPUT_BYTES);
    va_list copy;
    va_copy(copy, args);
    compose(&out, fmt, &copy, masked);
    va_end(copy);
    if (!bulla_buf_ok(&out, m->store.err)) {
        m->store.stopped = true;
    }
    struct bulla_bytes text = bulla_buf_view(&out);
    /* As a program shows it: what ends the text is left to the terminal. */
    while (text.len > 0 && text.data[text.len - 1] == '\n') {
        text.len--;
    }
    return store_copy(&m->store, text);
}

static struct failure *add_failure(struct model *m)
{
    struct failure *failure = store_alloc(&m->store, sizeof *failure);
    m->halted = m->halted || !m->judging || m->step != BULLA_MODEL_VARIABLES;
    m->failure_count++;
    if (failure != NULL) {
        failure->info.step = m->step;
    }
    if (failure != NULL && m->failure_count <= MAX_FAILURES) {
        *m->failures_end = failure;
        m->failures_end = &failure->next;
    }
    return failure;
}

/* Whether a reason about ORIGIN may rest on a stand-in. */
static bool rests_on_unknown(const struct model *m, const struct bulla_value *origin)
{
    return m->met_unknown && m->step != BULLA_MODEL_VARIABLES &&
           (origin == NULL || value_is_unknown(origin));
}

/* What nobody sees, or sees on the lines below its key only, is pointed at by the key. */
static struct bulla_pos place_of(const struct bulla_value *origin)
{
    bool by_key = origin->kind == BULLA_VALUE_NULL ||
                  ((origin->kind == BULLA_VALUE_MAP || origin->kind == BULLA_VALUE_LIST) &&
                   origin->key.line != origin->pos.line);
    return by_key && origin->key.line > 0 ? origin->key : origin->pos;
}

bool refuse(struct model *m, const struct bulla_value *origin, const char *fmt, ...)
{
    if (rests_on_unknown(m, origin)) {
        m->halted = true;
        return false;
    }
    struct failure *failure = add_failure(m);
    if (failure == NULL) {
        return false;
    }
    va_list args;
    va_start(args, fmt);
    failure->info.text = make_text(m, fmt, args, false);
    failure->info.masked = (const char *)make_text(m, fmt, args, true).data;
    va_end(args);
    failure->info.file = origin != NULL ? origin->file : NULL;
    failure->info.pos = origin != NULL ? place_of(origin) : (struct bulla_pos){0, 0};
    return false;
}

bool refuse_yaml(struct model *m, const char *file, const struct bulla_error *cause)
{
    struct failure *failure = add_failure(m);
    if (failure != NULL) {
        failure->info.text =
            store_printf(&m->store, "yaml: line %u: %s", cause->pos.line, cause->message);
        failure->info.masked = (const char *)failure->info.text.data;
        failure->info.yaml = true;
        failure->info.file = file;
        failure->info.pos = cause->pos;
    }
    return false;
}

void warn(struct model *m, const char *fmt, ...)
{
    if (m->failure_count > 0 || m->warning_count >= MAX_WARNINGS) {
        return;
    }
    struct warning *warning = store_alloc(&m->store, sizeof *warning);
    if (warning == NULL) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    warning->text = make_text(m, fmt, args, false);
    va_end(args);
    *m->warnings_end = warning;
    m->warnings_end = &warning->next;
    m->warning_count++;
}

bool go_on(const struct model *m)
{
    return !m->halted && !m->store.stopped;
}

bool finish_failures(struct model *m)
{
    size_t failures = 0;
    for (const struct failure *f = m->failures; f != NULL; f = f->next) {
        failures++;
    }
    struct bulla_model_failure *all =
        pool_alloc(m->store.pool, (failures + 1) * sizeof *all, m->store.err);
    struct bulla_bytes *warnings =
        pool_alloc(m->store.pool, (m->warning_count + 1) * sizeof *warnings, m->store.err);
    if (all == NULL || warnings == NULL) {
        return false;
    }
    for (const struct failure *f = m->failures; f != NULL; f = f->next) {
        all[m->info.failure_count++] = f->info;
    }
    for (const struct warning *w = m->warnings; w != NULL; w = w->next) {
        warnings[m->info.warning_count++] = w->text;
    }
    m->info.failures = all;
    m->info.warnings = warnings;
    return true;
}
