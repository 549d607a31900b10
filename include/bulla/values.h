/*
 * The values of one environment: every variable of the contract with where its value comes from
 * (the vault, a template over others, the contract's default), in the contract's order. Without a
 * key it says what is there and what is missing; with one it holds the values, in locked memory.
 */
#ifndef BULLA_VALUES_H
#define BULLA_VALUES_H

#include "bulla/contract.h"
#include "bulla/generate.h"
#include "bulla/interpolate.h"
#include "bulla/report.h"
#include "bulla/vault.h"

enum bulla_value_state {
    BULLA_VALUE_SET,      /* has a value, and it is here */
    BULLA_VALUE_SEALED,   /* has a value that no key at hand opens */
    BULLA_VALUE_MISSING,  /* needs one and has none */
    BULLA_VALUE_UNSET,    /* optional, and has none */
    BULLA_VALUE_CONTESTED /* branches disagree about it */
};

enum bulla_value_source {
    BULLA_FROM_NOWHERE,
    BULLA_FROM_VAULT,    /* a secret, or a setting that the environment's vault overrides */
    BULLA_FROM_DERIVED,  /* its template; SET only where everything that it names is */
    BULLA_FROM_CONTRACT, /* a default */
    BULLA_FROM_PREVIOUS  /* the version that another variable's `previous-as` shows here */
};

/*
 * One variable; everything is borrowed from the values object, the contract and the vault. A name
 * that only a `previous-as` mentions is an optional variable without a section: its place is that
 * mention, its source BULLA_FROM_PREVIOUS.
 */
struct bulla_value {
    struct bulla_variable variable;
    enum bulla_value_state state;
    enum bulla_value_source source;
    struct bulla_bytes
        bytes;           /* SET: NUL behind, in locked memory unless it is a default; else empty */
    const char *because; /* derived and not SET: the name that stands in the way, or NULL */
    const char *made_as; /* FROM_VAULT: the kind its version was made as, "imported", or NULL */
    bool has_kind;       /* generated: `kind` is parsed */
    struct bulla_kind kind;
};

struct bulla_values;

/*
 * Resolves every variable of CONTRACT in ENVIRONMENT, and behind them the names of `previous-as`
 * that have no section. VAULT may be NULL (nothing is set there). The contract and the vault must
 * outlive the result, which the caller owns. NULL with BULLA_E_INVALID or BULLA_E_SYNTAX and the
 * place in the contract for an unknown environment or kind, a template that cannot be read, names a
 * variable that the contract lacks or names one as Compose does (${NAME}), or a cycle (which is
 * named); BULLA_E_VERIFY for a value that does not open; BULLA_E_LIMIT for derived values over
 * their limits; BULLA_E_NOMEM. A missing value
 * is no failure. What the vault holds for a derived variable is not used.
 */
BULLA_API struct bulla_values *bulla_values_resolve(const struct bulla_contract *contract,
                                                    const char *environment,
                                                    struct bulla_vault *vault,
                                                    struct bulla_error *err);
/*
 * The same at a time, NOW in seconds since the epoch: a previous version whose time is over no
 * longer shows under its `previous-as`. Without a time (0, and bulla_values_resolve) it does.
 */
BULLA_API struct bulla_values *bulla_values_resolve_at(const struct bulla_contract *contract,
                                                       const char *environment,
                                                       struct bulla_vault *vault, int64_t now,
                                                       struct bulla_error *err);
BULLA_API void bulla_values_free(struct bulla_values *values);

BULLA_API size_t bulla_values_count(const struct bulla_values *values);
BULLA_API const struct bulla_value *bulla_values_get(const struct bulla_values *values,
                                                     size_t index);
/* The variable called NAME, or NULL. */
BULLA_API const struct bulla_value *bulla_values_find(const struct bulla_values *values,
                                                      const char *name);

/*
 * Names with a value in the vault that the contract has no use for: not in it, or derived. Sorted;
 * borrowed from the vault.
 */
BULLA_API size_t bulla_values_stray_count(const struct bulla_values *values);
BULLA_API const char *bulla_values_stray(const struct bulla_values *values, size_t index);

/*
 * True where what a rendered file has under NAME is not lost with its line: the vault holds or held
 * a value of that name, or NAME is derived, or shows another variable's previous version.
 */
BULLA_API bool bulla_values_remembers(const struct bulla_values *values, const char *name);

/*
 * Whether VALUE is what NAME has here, or was it in any version that the vault has of it or of a
 * variable whose `previous-as` is NAME. What NAME derives counts as held where each secret that
 * shows in it today stood in VALUE in some version, whatever settings there were then, or, the
 * template having been another, one of 8 bytes and more that it is not made of does. Of a URL with
 * a password only that counts where a secret shows in it today. BULLA_HELD_UNKNOWN where no secret
 * shows, as filters hide it. One without secrets is held unless bulla_secret_in_clear tells of
 * VALUE, and of more than the same password. BULLA_E_NOMEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_values_held(const struct bulla_values *values,
                                                  const char *name, struct bulla_bytes value,
                                                  enum bulla_held *ret_held,
                                                  struct bulla_error *err);

/* The same of a value that is known only by IS, which is asked of each: BULLA_E_NOMEM, what it
 * sets. */
typedef bool (*bulla_value_is_fn)(void *ctx, struct bulla_bytes value, bool *ret_is,
                                  struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_values_held_by(const struct bulla_values *values,
                                                     const char *name, bulla_value_is_fn is,
                                                     void *ctx, enum bulla_held *ret_held,
                                                     struct bulla_error *err);

/* How many are in STATE. */
BULLA_API size_t bulla_values_state_count(const struct bulla_values *values,
                                          enum bulla_value_state state);

/*
 * A lookup for bulla/interpolate.h, its context is the values: SET, SEALED and CONTESTED are set
 * (the last two with an empty value), an empty value is EMPTY, everything else UNSET.
 */
BULLA_API enum bulla_lookup_state bulla_values_lookup(void *values, struct bulla_bytes name,
                                                      struct bulla_bytes *ret_value);

/* What is wrong with a value: bulla_values_judge. */
enum bulla_verdict {
    BULLA_VERDICT_FITS,
    BULLA_VERDICT_SHAPE,    /* not of its kind, type, range, pattern, length or choice */
    BULLA_VERDICT_RELATION, /* differs, same-as, requires */
    BULLA_VERDICT_WARN_WHEN
};

/*
 * Judges the value of variable INDEX against its kind and the contract's checks and calls FN for
 * each thing that is wrong, REASON being words without the value ("has 12 characters, 32 are
 * needed"). A SEALED value is judged by `requires` alone; one that is not there fits. BULLA_E_LIMIT
 * (with the place) for a pattern over its limits, or what FN sets.
 */
typedef bool (*bulla_judge_fn)(void *ctx, enum bulla_verdict verdict, const char *reason,
                               struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_values_judge(const struct bulla_values *values, size_t index,
                                                   bulla_judge_fn fn, void *ctx,
                                                   struct bulla_error *err);

/*
 * Calls FN with the name of every derived variable whose template needs NAME, directly or through
 * others, in the contract's order: what follows when NAME turns.
 */
typedef bool (*bulla_name_fn)(void *ctx, const char *name, struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_values_dependents(const struct bulla_values *values,
                                                        const char *name, bulla_name_fn fn,
                                                        void *ctx, struct bulla_error *err);

/* Calls FN with each variable that the template of the derived variable INDEX names, once each. */
BULLA_API BULLA_MUST_CHECK bool bulla_values_needs(const struct bulla_values *values, size_t index,
                                                   bulla_name_fn fn, void *ctx,
                                                   struct bulla_error *err);

/* "set", "sealed", "missing", "unset", "contested". Static. */
BULLA_API const char *bulla_value_state_name(enum bulla_value_state state);

BULLA_DEFINE_AUTO(bulla_auto_values_p, struct bulla_values *, bulla_values_free)
#define bulla_auto_values BULLA_AUTO(bulla_auto_values_p) struct bulla_values *

#endif
