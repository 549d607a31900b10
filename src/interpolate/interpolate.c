#include "bulla/interpolate.h"

#include "bulla/limits.h"
#include "interpolate/walk.h"

#include "base/banned.h"

struct evaluation {
    struct bulla_bytes text;
    const struct bulla_interpolation *with;
    struct bulla_buf *message;
    struct bulla_interpolate_failure failure;
    struct bulla_error *err;
};

static bool evaluate(struct evaluation *eval, struct walk *walk, struct bulla_buf *out,
                     bool *ret_failed);

static bool check_depth(const struct bulla_ref *ref, struct bulla_error *err)
{
    return ref->depth < BULLA_MAX_REF_DEPTH ||
           bulla_error(err, BULLA_E_LIMIT, "references nested more than %d deep",
                       BULLA_MAX_REF_DEPTH);
}

/* After the first failure Compose goes on for its warnings only: the result is lost already. */
static void emit(const struct evaluation *eval, struct bulla_buf *out, struct bulla_bytes bytes)
{
    if (out != NULL && eval->failure.problem == BULLA_INTERPOLATE_OK) {
        bulla_buf_add_bytes(out, bytes);
    }
}

static bool report(const struct evaluation *eval, const struct bulla_ref *ref,
                   enum bulla_lookup_state state, enum bulla_ref_outcome outcome)
{
    const struct bulla_interpolation *with = eval->with;
    return with->each == NULL || with->each(with->each_ctx, ref, state, outcome, eval->err);
}

/* What the table in docs/compose.md 1.2 says for an operator and a state. */
static enum bulla_ref_outcome decide(enum bulla_ref_op op, enum bulla_lookup_state state)
{
    bool set = state != BULLA_LOOKUP_UNSET;
    bool full = state == BULLA_LOOKUP_SET;
    switch (op) {
    case BULLA_REF_DEFAULT_NONEMPTY:
        return full ? BULLA_REF_VALUE : BULLA_REF_OPERAND;
    case BULLA_REF_DEFAULT:
        return set ? BULLA_REF_VALUE : BULLA_REF_OPERAND;
    case BULLA_REF_REQUIRED_NONEMPTY:
        return full ? BULLA_REF_VALUE : BULLA_REF_MISSING;
    case BULLA_REF_REQUIRED:
        return set ? BULLA_REF_VALUE : BULLA_REF_MISSING;
    case BULLA_REF_REPLACE_NONEMPTY:
        return full ? BULLA_REF_OPERAND : BULLA_REF_NOTHING;
    case BULLA_REF_REPLACE:
        return set ? BULLA_REF_OPERAND : BULLA_REF_NOTHING;
    case BULLA_REF_PLAIN:
        break;
    }
    return set ? BULLA_REF_VALUE : BULLA_REF_BLANK;
}

static void record(struct evaluation *eval, struct bulla_interpolate_failure failure)
{
    if (eval->failure.problem == BULLA_INTERPOLATE_OK) {
        eval->failure = failure;
    }
}

static bool evaluate_operand(struct evaluation *eval, const struct bulla_ref *ref,
                             struct bulla_buf *out, bool *ret_failed)
{
    struct walk inner;
    walk_operand(&inner, eval->text, ref);
    return evaluate(eval, &inner, out, ret_failed);
}

static bool fail_missing(struct evaluation *eval, const struct bulla_ref *ref, bool *ret_failed)
{
    struct bulla_buf *message =
        eval->failure.problem == BULLA_INTERPOLATE_OK ? eval->message : NULL;
    if (message != NULL) {
        /* An outer message, in whose operand this reference stands, is not going to be told. */
        bulla_buf_clear(message);
    }
    if (!evaluate_operand(eval, ref, message, ret_failed)) {
        return false;
    }
    record(eval, (struct bulla_interpolate_failure){
                     .problem = BULLA_INTERPOLATE_MISSING, .name = ref->name, .at = ref->start});
    *ret_failed = true;
    return true;
}

/* Evaluates one reference; *ret_failed says that it, or its operand, gave no value. */
static bool evaluate_reference(struct evaluation *eval, const struct bulla_ref *ref,
                               struct bulla_buf *out, bool *ret_failed)
{
    const struct bulla_interpolation *with = eval->with;
    struct bulla_bytes value = {NULL, 0};
    enum bulla_lookup_state state = with->lookup == NULL
                                        ? BULLA_LOOKUP_UNSET
                                        : with->lookup(with->lookup_ctx, ref->name, &value);
    enum bulla_ref_outcome outcome = decide(ref->op, state);
    if (!check_depth(ref, eval->err) || !report(eval, ref, state, outcome)) {
        return false;
    }
    if (outcome == BULLA_REF_MISSING) {
        return fail_missing(eval, ref, ret_failed);
    }
    if (outcome == BULLA_REF_OPERAND) {
        return evaluate_operand(eval, ref, out, ret_failed);
    }
    if (with->eager && !evaluate_operand(eval, ref, NULL, ret_failed)) {
        return false;
    }
    if (outcome == BULLA_REF_VALUE) {
        emit(eval, out, value);
    }
    return true;
}

static bool evaluate(struct evaluation *eval, struct walk *walk, struct bulla_buf *out,
                     bool *ret_failed)
{
    struct bulla_bytes literal = {NULL, 0};
    struct bulla_ref ref;
    *ret_failed = false;
    for (;;) {
        bool failed = false;
        switch (walk_next(walk, &literal, &ref)) {
        case WALK_END:
            return true;
        case WALK_TEXT:
            emit(eval, out, literal);
            break;
        case WALK_ESCAPE:
            emit(eval, out, bulla_bytes("$", 1));
            break;
        case WALK_REFERENCE:
            if (!evaluate_reference(eval, &ref, out, &failed)) {
                return false;
            }
            if (failed && !eval->with->keep_going) {
                walk_skip_tail(walk);
            }
            break;
        case WALK_INVALID:
            if (!check_depth(&ref, eval->err) ||
                !report(eval, &ref, BULLA_LOOKUP_UNSET, BULLA_REF_INVALID)) {
                return false;
            }
            record(eval,
                   (struct bulla_interpolate_failure){.problem = BULLA_INTERPOLATE_INVALID,
                                                      .fragment = walk_fragment(walk, ref.start),
                                                      .at = ref.start});
            failed = true;
            break;
        }
        *ret_failed = *ret_failed || failed;
    }
}

bool bulla_interpolate(struct bulla_bytes text, const struct bulla_interpolation *with,
                       struct bulla_buf *out, struct bulla_buf *message,
                       struct bulla_interpolate_failure *ret_failure, struct bulla_error *err)
{
    struct evaluation eval = {.text = text, .with = with, .message = message, .err = err};
    struct walk walk;
    bool failed = false;
    walk_init(&walk, text, 0, text.len, 0);
    if (!evaluate(&eval, &walk, out, &failed) || (out != NULL && !bulla_buf_ok(out, err)) ||
        (message != NULL && !bulla_buf_ok(message, err))) {
        return false;
    }
    if (ret_failure != NULL) {
        *ret_failure = eval.failure;
    }
    return true;
}

static bool scan(struct walk *walk, bulla_ref_fn fn, void *ctx, size_t *escapes,
                 struct bulla_error *err)
{
    struct bulla_bytes literal = {NULL, 0};
    struct bulla_ref ref;
    for (;;) {
        enum walk_token token = walk_next(walk, &literal, &ref);
        if (token == WALK_END) {
            return true;
        }
        if (token == WALK_ESCAPE) {
            ++*escapes;
        }
        if (token != WALK_REFERENCE && token != WALK_INVALID) {
            continue;
        }
        if (!check_depth(&ref, err) || !fn(ctx, &ref, err)) {
            return false;
        }
        if (ref.operand.len > 0) {
            struct walk inner;
            walk_operand(&inner, walk->text, &ref);
            if (!scan(&inner, fn, ctx, escapes, err)) {
                return false;
            }
        }
    }
}

bool bulla_interpolate_scan(struct bulla_bytes text, bulla_ref_fn fn, void *ctx,
                            size_t *ret_escapes, struct bulla_error *err)
{
    struct walk walk;
    size_t escapes = 0;
    walk_init(&walk, text, 0, text.len, 0);
    if (!scan(&walk, fn, ctx, &escapes, err)) {
        return false;
    }
    if (ret_escapes != NULL) {
        *ret_escapes = escapes;
    }
    return true;
}

const char *bulla_ref_op_text(enum bulla_ref_op op)
{
    switch (op) {
    case BULLA_REF_DEFAULT_NONEMPTY:
        return ":-";
    case BULLA_REF_DEFAULT:
        return "-";
    case BULLA_REF_REQUIRED_NONEMPTY:
        return ":?";
    case BULLA_REF_REQUIRED:
        return "?";
    case BULLA_REF_REPLACE_NONEMPTY:
        return ":+";
    case BULLA_REF_REPLACE:
        return "+";
    case BULLA_REF_PLAIN:
        break;
    }
    return "";
}
