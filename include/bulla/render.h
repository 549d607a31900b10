/*
 * Writing an environment's values for their consumer: its `.env` from the template, or a plain
 * list in another notation. What was written is read back and compared before it is handed out.
 */
#ifndef BULLA_RENDER_H
#define BULLA_RENDER_H

#include "bulla/dotenv.h"
#include "bulla/values.h"

struct bulla_render_options {
    enum bulla_env_format format;
    struct bulla_bytes template_text; /* an env file; empty: no template */
    const char *template_name;        /* for messages */
    bool is_partial;                  /* for a comparison: what is there, of what is needed */
    struct bulla_bytes old_text;      /* of the file that is replaced; empty: there is none */
    const char *old_name;
    /* Called for each name that keeps what the file has; KNOWN: the contract has it. Or NULL. */
    bool (*kept)(void *ctx, const char *name, bool known, struct bulla_error *err);
    void *kept_ctx;
    /* Names whose lines are not kept all the same: they are another environment's. */
    const char *const *dropped;
    size_t dropped_count;
};

/*
 * Appends the rendered file to OUT, a secret buffer, which is as it was after a failure. With a
 * template (Compose's notations only): comments, order and lines of unknown names stay as they are;
 * every line of a known name gets its value (also a second one); of a known name without a value an
 * empty assignment stays, any other line becomes the comment "# NAME is not set"; a commented line
 * stays; names that the template lacks follow at the end under one comment line. Without a template
 * the old file serves as one, and without that there is the contract's order.
 *
 * Nothing that the old file sets is lost (Compose's notations only): a name that has no value here
 * and that bulla_values_remembers does not know keeps its line, in the place of the template's, or
 * at the end under a comment line; not where nobody knows it and the template says the same, nor
 * where it is one of OPTIONS->dropped.
 *
 * Values are quoted
 * so that Compose reads the same bytes (docs/compose.md 7), which is verified for Compose's and
 * Docker's notations by reading the result again: BULLA_E_BUG with the variable's name where it
 * differs.
 *
 * BULLA_E_IDENTITY, BULLA_E_REFUSED or BULLA_E_MISSING, naming the first of them, where variables
 * are SEALED, CONTESTED or MISSING, unless it is partial, which takes them as without a value;
 * BULLA_E_SYNTAX for the template and the old file;
 * BULLA_E_REFUSED for a template in another notation, and for a name or value that the format
 * cannot represent.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_render(const struct bulla_values *values,
                                             const struct bulla_render_options *options,
                                             struct bulla_buf *out, struct bulla_error *err);

/* How a name differs between an env file on disk and the values. */
enum bulla_difference {
    BULLA_SAME,
    BULLA_ADDED, /* the file lacks it */
    BULLA_CHANGED,
    BULLA_REMOVED /* the file sets it, WANTED does not */
};

typedef bool (*bulla_difference_fn)(void *ctx, const char *name, enum bulla_difference difference,
                                    struct bulla_error *err);

/*
 * Compares the env file ON_DISK (empty: there is none) with the rendered text WANTED, both read as
 * Compose reads them, and calls FN for every name of either, in WANTED's order, REMOVED ones last.
 * No value is handed out. BULLA_E_SYNTAX where ON_DISK cannot be read.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_render_compare(struct bulla_bytes on_disk,
                                                     const char *on_disk_name,
                                                     struct bulla_bytes wanted,
                                                     bulla_difference_fn fn, void *ctx,
                                                     struct bulla_error *err);

/*
 * Reads TEXT, an env file on disk that is to be one of FORMAT, as its consumer does. What bulla
 * renders refers to nothing; where a file that somebody wrote requires a name that is set
 * elsewhere, it is read all the same. NULL with BULLA_E_REFUSED for a format that is not read back
 * here (those behind BULLA_ENV_DOCKER), BULLA_E_SYNTAX, BULLA_E_NOMEM. The caller owns the result.
 */
BULLA_API struct bulla_dotenv *bulla_rendered_read(enum bulla_env_format format,
                                                   struct bulla_bytes text, const char *name,
                                                   struct bulla_error *err);

/*
 * True where FILE does not have what bulla_render would write for VALUE, one of VALUES. Of one that
 * is SEALED, MISSING or CONTESTED nothing is known: false.
 */
BULLA_API bool bulla_rendered_differs(const struct bulla_values *values,
                                      const struct bulla_value *value,
                                      const struct bulla_dotenv *file);

/*
 * The same for TEXT, a file in FORMAT, one that is not read back (those behind BULLA_ENV_DOCKER):
 * *RET_DIFFERS where it does not assign VALUE as bulla_render would. BULLA_E_NOMEM.
 */
BULLA_API BULLA_MUST_CHECK bool
bulla_rendered_text_differs(const struct bulla_values *values, const struct bulla_value *value,
                            enum bulla_env_format format, struct bulla_bytes text,
                            bool *ret_differs, struct bulla_error *err);

/* Where a text gives VALUE's name something that nothing else has. */
struct bulla_lost_place {
    const struct bulla_value *value;
    struct bulla_bytes rest; /* from the name to the end of the file */
    struct bulla_bytes text; /* behind the name, in its notation */
    struct bulla_pos pos;
};

/*
 * The secrets of FILE that writing it anew would be the end of, in the contract's order; all of it
 * is borrowed, but for the lists.
 */
struct bulla_lost {
    const struct bulla_dotenv *file; /* NULL: it is TEXT, in a format that is not read back */
    struct bulla_bytes text;
    const struct bulla_value **items;
    size_t count;
    struct bulla_lost_place *places; /* of TEXT: one or more for each item, in their order */
    size_t place_count;
};

/*
 * Collects the secrets and derived values (no settings) that FILE gives another value than VALUES
 * have, one that the vault, as far as it opens, never had, or that is not made of what it had, and
 * that is no placeholder. The history of a name is opened only where it differs. FILE is written
 * anew in FORMAT: in others than Compose's, where no line stays, also those that have no value
 * here. BULLA_E_NOMEM. Release it in every case.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_lost_collect(struct bulla_lost *ret,
                                                   const struct bulla_values *values,
                                                   const struct bulla_dotenv *file,
                                                   enum bulla_env_format format,
                                                   struct bulla_error *err);
/*
 * The same from TEXT, a file in a format that is not read back (those behind BULLA_ENV_DOCKER): a
 * value is one that the vault had where the text assigns it as bulla_render does, in any format. Of
 * a derived one in another form than its own (several lines, quotes, `$`, `\`) nobody can tell. Of
 * several assignments to a name each counts, but for the lines of another value that the vault had.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_lost_collect_text(struct bulla_lost *ret,
                                                        const struct bulla_values *values,
                                                        struct bulla_bytes text,
                                                        struct bulla_error *err);
BULLA_API void bulla_lost_release(struct bulla_lost *lost);

/* What of TEXT, given VALUE's name, is the secret: a URL's password, or all of it. A view of it. */
BULLA_API struct bulla_bytes bulla_lost_secret(const struct bulla_value *value,
                                               struct bulla_bytes text);

/* Where the file assigns item INDEX. */
BULLA_API struct bulla_pos bulla_lost_pos(const struct bulla_lost *lost, size_t index);
/*
 * What the file gives item INDEX; borrowed from it. In a format that is not read back that is what
 * stands on its line, without a pair of quotes around it.
 */
BULLA_API struct bulla_bytes bulla_lost_value(const struct bulla_lost *lost, size_t index);

/*
 * True where FILE has something under the name of VALUE, one of VALUES, that bulla_render would
 * keep: it has no value here, and the vault knows nothing of it. *RET_TEXT is borrowed from FILE.
 */
BULLA_API bool bulla_rendered_is_left(const struct bulla_values *values,
                                      const struct bulla_value *value,
                                      const struct bulla_dotenv *file,
                                      struct bulla_bytes *ret_text);

/*
 * *RET_FROM is set where FILE gives NAME the value that it has in OTHER, which is another
 * environment's, or one that it once had there and never in VALUES. BULLA_E_NOMEM.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_rendered_is_from(const struct bulla_values *values,
                                                       const struct bulla_values *other,
                                                       const char *name,
                                                       const struct bulla_dotenv *file,
                                                       bool *ret_from, struct bulla_error *err);

/* The other environments that a rendered file may be of. */
struct bulla_rivals {
    const struct bulla_contract *contract;
    const struct bulla_environment *environment; /* the one that it is rendered for */
    bool any;    /* all others, not only those that are rendered to the same file */
    int64_t now; /* as bulla_values_resolve_at */
    /*
     * *RET_VAULT is RIVAL's, NULL where it does not open. It stays the callee's, who keeps it open
     * until the next call or the end of the function that calls.
     */
    bool (*open)(void *ctx, const struct bulla_environment *rival, struct bulla_vault **ret_vault,
                 struct bulla_error *err);
    void *ctx;
};

/* Whose a file is; all but the list is borrowed. */
struct bulla_rendered_owner {
    const struct bulla_environment *owner; /* whose values stand in place of its own; NULL: none */
    const char **names;                    /* those, in the contract's order */
    size_t name_count;
    bool is_other_format; /* and OWNER is rendered in another one */
    const struct bulla_environment
        *rival;     /* another one of this file, best one that nobody opens */
    bool is_unsure; /* no owner is known, and a rival's vault did not open */
};

/*
 * Says whose values TEXT, the file NAME, has in place of VALUES, RIVALS->environment's own: those
 * that differ from VALUES and that another environment has, or had and VALUES never; or that stand
 * under a name that has no value here. Of several the environment with the most. The text is read
 * in the format of the one that it is held against; in one that is not read back it has to be what
 * that one is rendered to without template. BULLA_E_NOMEM, what RIVALS->open sets. Release it in
 * every case.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_rendered_find_owner(struct bulla_rendered_owner *ret,
                                                          const struct bulla_rivals *rivals,
                                                          const struct bulla_values *values,
                                                          struct bulla_bytes text, const char *name,
                                                          struct bulla_error *err);
BULLA_API void bulla_rendered_owner_release(struct bulla_rendered_owner *owner);

/*
 * Takes out of LOST what one of RIVALS has or had, or may, its vault being closed; with
 * RIVALS->any a closed one takes nothing. As above.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_lost_leave_rivals(struct bulla_lost *lost,
                                                        const struct bulla_rivals *rivals,
                                                        struct bulla_error *err);

#endif
