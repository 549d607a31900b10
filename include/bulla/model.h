/*
 * What Docker Compose makes of a project: every file merged, interpolated and normalised, as
 * `docker compose config --format json` prints it, or why Compose refuses it, in Compose's own
 * words, and what it warns of. Computed on demand: bulla_project_load does not need it.
 *
 * A model holds values in ordinary memory, so it is made of ordinary variables only, those of the
 * process and of env files: options with a `values` lookup (a vault) are refused, except by
 * bulla_model_judge where that hides what is secret.
 */
#ifndef BULLA_MODEL_H
#define BULLA_MODEL_H

#include "bulla/compose.h"

enum bulla_value_kind {
    BULLA_VALUE_NULL,
    BULLA_VALUE_BOOL,
    BULLA_VALUE_INT,
    BULLA_VALUE_FLOAT,
    BULLA_VALUE_TEXT,
    BULLA_VALUE_LIST,
    BULLA_VALUE_MAP
};

/* One value of a model; lives as long as the model. */
struct bulla_value;
BULLA_API enum bulla_value_kind bulla_value_kind(const struct bulla_value *value);
BULLA_API bool bulla_value_bool(const struct bulla_value *value);
BULLA_API int64_t bulla_value_int(const struct bulla_value *value);
/* *ret_single (may be NULL): it is of single precision, and printed with as many digits. */
BULLA_API double bulla_value_float(const struct bulla_value *value, bool *ret_single);
BULLA_API struct bulla_bytes bulla_value_text(const struct bulla_value *value);
/* Items of a list or pairs of a mapping, 0 for others; the key is empty for a list. */
BULLA_API size_t bulla_value_count(const struct bulla_value *value);
BULLA_API const struct bulla_value *bulla_value_item(const struct bulla_value *value, size_t index,
                                                     struct bulla_bytes *ret_key);
/* The value of KEY in a mapping, or NULL; O(1). */
BULLA_API const struct bulla_value *bulla_value_get(const struct bulla_value *value,
                                                    struct bulla_bytes key);

/* What Compose was about when it refused. */
enum bulla_model_step {
    BULLA_MODEL_FILES,     /* finding and reading: files, env files, the project's name, YAML */
    BULLA_MODEL_VARIABLES, /* a variable that is required and has no value, or a bad template */
    BULLA_MODEL_VALUES,    /* what stands in one place: its type, key or form */
    BULLA_MODEL_PARTS      /* what the parts of the project say of one another */
};

/*
 * One reason why Compose refuses the project. Compose reports one, at random where it meets several
 * in one mapping: these are all that it could report first.
 */
struct bulla_model_failure {
    enum bulla_model_step step;
    struct bulla_bytes text; /* Compose's words, values of the files in them */
    const char *masked;      /* the same, "…" in place of everything that came from a value */
    bool yaml;               /* words of the YAML library, which differ between its versions */
    const char *file;        /* where it stands; NULL where that is no file */
    struct bulla_pos pos;    /* 0:0 where unknown */
};

struct bulla_model {
    const struct bulla_value *root; /* NULL where Compose refuses */
    const struct bulla_model_failure *failures;
    size_t failure_count;
    const struct bulla_bytes *warnings; /* in Compose's order, repeated as often as it does */
    size_t warning_count;
};

/*
 * Computes the model of OPTIONS' project as Compose 5 does, as 2.40 does where options.eager is
 * set. `rendered` is not looked at. The caller owns the result: bulla_model_free. NULL with
 * BULLA_E_USAGE where `values` is set, BULLA_E_LIMIT beyond our limits, or BULLA_E_NOMEM; what
 * Compose refuses, missing files too, is a failure in the model. Reads files, writes nothing.
 * Sources: compose-go loader/, override/, transform/, docker/compose cmd/compose/compose.go.
 */
BULLA_API const struct bulla_model *bulla_model_load(const struct bulla_project_options *options,
                                                     struct bulla_error *err);
/*
 * The same for a checker, which wants to know more than the first reason: only what is refused is
 * computed, `root` stays NULL. What Compose says of several keys or values in one sentence is a
 * failure each, where it stands. A variable without a value that is required, and a bad template,
 * are noted as failures and do not end it: what they would give is unknown from then on, and
 * nothing is said of what depends on it. `values` may be set; what it hides (BULLA_LOOKUP_SET and
 * an empty value) is unknown likewise, what it shows is kept in ordinary memory. As in
 * bulla_project_load it stands in for the project's own env files, and `rendered` for a file that
 * holds every variable.
 */
BULLA_API const struct bulla_model *bulla_model_judge(const struct bulla_project_options *options,
                                                      struct bulla_error *err);
BULLA_API void bulla_model_free(const struct bulla_model *model);

BULLA_DEFINE_AUTO(bulla_auto_model_p, const struct bulla_model *, bulla_model_free)
#define bulla_auto_model BULLA_AUTO(bulla_auto_model_p) const struct bulla_model *

#endif
