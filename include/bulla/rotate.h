/*
 * Turning secrets: when each is due, what turns together, and a plan of new versions that is
 * carried out as one write. Values that somebody has to provide are never invented.
 */
#ifndef BULLA_ROTATE_H
#define BULLA_ROTATE_H

#include "bulla/values.h"

/*
 * When the CURRENT version of VARIABLE is to be replaced: at the end of its rotation period, unless
 * it turns by name, or when it expires, whichever comes first; seconds since the epoch, 0 for
 * never. CURRENT may be NULL.
 */
BULLA_API int64_t bulla_rotation_due(const struct bulla_variable *variable,
                                     const struct bulla_version_info *current);

/*
 * What `keep-previous` of VARIABLE asks of a write at NOW that takes the place of CURRENT (NULL:
 * nothing does): the record that stays valid beside the new one, borrowed from the vault, and until
 * when. NULL and 0 where the contract keeps none.
 */
BULLA_API void bulla_rotation_keep(const struct bulla_variable *variable,
                                   const struct bulla_version_info *current, int64_t now,
                                   const char **ret_id, int64_t *ret_until);

/*
 * True where data is likely to be sealed with VARIABLE, by its kind and its name: it cannot be read
 * any more once a new value has taken its place.
 */
BULLA_API bool bulla_rotation_seals(const struct bulla_variable *variable);

/*
 * True where VARIABLE turns, but by name: it seals, and neither does its own section say `rotate`
 * nor is it of a group. The project's period is none of its.
 */
BULLA_API bool bulla_rotation_is_by_name(const struct bulla_variable *variable);

/* What happens to one variable. */
enum bulla_turn_step {
    BULLA_TURN_MAKE,    /* a new value is generated */
    BULLA_TURN_PROVIDE, /* it should turn, and somebody has to give the new value or, EXPOSED, to
                           see to one that `rotate = never` keeps */
    BULLA_TURN_FOLLOW,  /* it changes with another one: derived, or another's previous value */
    BULLA_TURN_KEEP     /* it turns by name, and is not named */
};

/* Why it is in the plan. */
enum bulla_turn_cause {
    BULLA_TURN_NAMED,
    BULLA_TURN_DUE,
    BULLA_TURN_EXPOSED,
    BULLA_TURN_ALL,
    BULLA_TURN_GROUP, /* its group turns together */
    BULLA_TURN_WITH   /* FOLLOW */
};

struct bulla_turn {
    const struct bulla_value *value;
    enum bulla_turn_step step;
    enum bulla_turn_cause cause;
    const char *with;    /* FOLLOW: the name it follows; GROUP: the group; else NULL */
    int64_t due;         /* as bulla_rotation_due; 0: never */
    int64_t keep_until;  /* MAKE: the present version stays valid until then; 0: it does not */
    const char *keep_id; /* and its record, borrowed from the vault */
};

/* What to turn: NAMES, what is due by NOW, what is exposed, or all. Borrowed for the call. */
struct bulla_rotation_request {
    const char *const *names;
    size_t name_count;
    bool due;
    bool exposed;
    bool all;
    int64_t now;
};

struct bulla_rotation;

/*
 * Plans what REQUEST asks for over VALUES, which were resolved with VAULT; both outlive the plan.
 * Only values that exist turn with `due`, `exposed` and `all`, and none whose contract says
 * `rotate = never`: that one is only named, as a PROVIDE, where it is exposed.
 * The steps are in the contract's order, the ones that follow behind them. The caller owns it. NULL
 * with BULLA_E_REFUSED for a name that does not exist (the nearest in the hint), that is a setting,
 * derived (the hint names what it is made from) or never turns; BULLA_E_NOMEM.
 */
BULLA_API struct bulla_rotation *bulla_rotation_plan(const struct bulla_values *values,
                                                     struct bulla_vault *vault,
                                                     const struct bulla_rotation_request *request,
                                                     struct bulla_error *err);
BULLA_API void bulla_rotation_free(struct bulla_rotation *rotation);

BULLA_API size_t bulla_rotation_count(const struct bulla_rotation *rotation);
BULLA_API const struct bulla_turn *bulla_rotation_get(const struct bulla_rotation *rotation,
                                                      size_t index);

/* How many of its turns are STEP. */
BULLA_API size_t bulla_rotation_step_count(const struct bulla_rotation *rotation,
                                           enum bulla_turn_step step);

/*
 * Generates a value for every MAKE and sets it in VAULT, which is open for WRITE; nothing is on
 * disk until the commit. WHY goes with each version (may be NULL). What bulla_kind_generate and
 * bulla_vault_set give, with the name before the message.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_rotation_make(const struct bulla_rotation *rotation,
                                                    struct bulla_vault *vault, const char *why,
                                                    int64_t now, struct bulla_error *err);

BULLA_DEFINE_AUTO(bulla_auto_rotation_p, struct bulla_rotation *, bulla_rotation_free)
#define bulla_auto_rotation BULLA_AUTO(bulla_auto_rotation_p) struct bulla_rotation *

#endif
