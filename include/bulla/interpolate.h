/*
 * Compose's interpolation of one string: `$V`, `${V}`, `${V:-d}` and its relatives, exactly as
 * compose-go does it, its brace counting and "last } on the line" included.
 */
#ifndef BULLA_INTERPOLATE_H
#define BULLA_INTERPOLATE_H

#include "bulla/buf.h"

enum bulla_ref_op {
    BULLA_REF_PLAIN,             /* $V, ${V} */
    BULLA_REF_DEFAULT_NONEMPTY,  /* ${V:-d} */
    BULLA_REF_DEFAULT,           /* ${V-d} */
    BULLA_REF_REQUIRED_NONEMPTY, /* ${V:?m} */
    BULLA_REF_REQUIRED,          /* ${V?m} */
    BULLA_REF_REPLACE_NONEMPTY,  /* ${V:+r} */
    BULLA_REF_REPLACE            /* ${V+r} */
};

/* One reference. All views are borrowed from the text that was given. */
struct bulla_ref {
    struct bulla_bytes name;
    struct bulla_bytes operand; /* what follows the operator, unexpanded; empty where none */
    enum bulla_ref_op op;
    size_t start;   /* offset of the '$' in the whole text */
    size_t end;     /* offset behind its last byte */
    unsigned depth; /* 0 in the text itself, 1 in an operand, and so on */
    bool braced;
};

/* What a lookup knows of a name. */
enum bulla_lookup_state { BULLA_LOOKUP_UNSET, BULLA_LOOKUP_EMPTY, BULLA_LOOKUP_SET };

/*
 * Looks NAME up. Returns its state and, where it is set, points *ret_value at the value (borrowed
 * until the interpolation ends). A caller that must not reveal values returns BULLA_LOOKUP_SET with
 * an empty *ret_value: the outcome of every reference is the same.
 */
typedef enum bulla_lookup_state (*bulla_lookup_fn)(void *ctx, struct bulla_bytes name,
                                                   struct bulla_bytes *ret_value);

/* What became of a reference when it was evaluated. */
enum bulla_ref_outcome {
    BULLA_REF_VALUE,   /* the variable's value (it may be empty) */
    BULLA_REF_OPERAND, /* the default or replacement was used */
    BULLA_REF_NOTHING, /* ${V:+r} with nothing to replace */
    BULLA_REF_BLANK,   /* a plain reference to an unset variable: Compose warns */
    BULLA_REF_MISSING, /* a required one without value: Compose fails */
    BULLA_REF_INVALID  /* "${" that is no reference: only start is meaningful (end = start + 2) */
};

struct bulla_interpolation {
    bulla_lookup_fn lookup;
    void *lookup_ctx;
    /*
     * Called for each reference as it is evaluated, in order; may be NULL. STATE is what the
     * lookup said. Return false with *err set to stop.
     */
    bool (*each)(void *ctx, const struct bulla_ref *ref, enum bulla_lookup_state state,
                 enum bulla_ref_outcome outcome, struct bulla_error *err);
    void *each_ctx;
    /* Operands are evaluated even where they are not used, as Compose did up to 5.0.1. */
    bool eager;
    /* Goes on behind a failed reference (its tail too), so that `each` sees every problem. */
    bool keep_going;
};

/* Why a text could not be interpolated: what Compose would say first. */
enum bulla_interpolate_problem {
    BULLA_INTERPOLATE_OK,
    BULLA_INTERPOLATE_MISSING,
    BULLA_INTERPOLATE_INVALID
};

struct bulla_interpolate_failure {
    enum bulla_interpolate_problem problem;
    struct bulla_bytes name;     /* MISSING: the variable; borrowed from the text */
    struct bulla_bytes fragment; /* INVALID: the innermost string in which it was found; borrowed */
    size_t at;                   /* offset of the '$' in the whole text */
};

/*
 * Interpolates TEXT into OUT (NULL: evaluate only). Returns true also where the template fails:
 * then *ret_failure (may be NULL) says how, MESSAGE (NULL, or a buffer for it) holds the evaluated
 * message of a missing variable, and OUT is unspecified. False: *err (BULLA_E_NOMEM, BULLA_E_LIMIT
 * over BULLA_MAX_REF_DEPTH or OUT's maximum, or what `each` set). Values go to OUT and MESSAGE
 * only: make those secret buffers where values may be secret.
 * Source: compose-go template/template.go as of v2.13, measured.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_interpolate(struct bulla_bytes text,
                                                  const struct bulla_interpolation *with,
                                                  struct bulla_buf *out, struct bulla_buf *message,
                                                  struct bulla_interpolate_failure *ret_failure,
                                                  struct bulla_error *err);

/*
 * Calls FN for every reference that stands in TEXT, whatever the values: operands and tails
 * included, in order of their start. "${" that is no reference is reported with
 * ref->name empty. *ret_escapes (may be NULL) counts "$$".
 */
typedef bool (*bulla_ref_fn)(void *ctx, const struct bulla_ref *ref, struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_interpolate_scan(struct bulla_bytes text, bulla_ref_fn fn,
                                                       void *ctx, size_t *ret_escapes,
                                                       struct bulla_error *err);

/* ":?" and the like; "" for a plain reference. Static. */
BULLA_API const char *bulla_ref_op_text(enum bulla_ref_op op);

#endif
