/*
 * The contract, bulla.ini: what each variable of a stack is, how it is made, checked, kept and
 * turned. Values of secrets never stand in it.
 */
#ifndef BULLA_CONTRACT_H
#define BULLA_CONTRACT_H

#include "bulla/buf.h"
#include "bulla/report.h"

struct bulla_setting_part;

/*
 * A text of the contract and where its value begins; text NULL: not given. Continuation lines are
 * joined (bulla_setting_pos still knows where each byte stands).
 */
struct bulla_setting {
    const char *text;
    struct bulla_pos pos;
    const struct bulla_setting_part *parts; /* private */
};

/* Where byte OFFSET of the setting's text stands in the file. */
BULLA_API struct bulla_pos bulla_setting_pos(const struct bulla_setting *setting, size_t offset);

/*
 * Word INDEX of a setting that is a list ("a, b"): without the blanks around it. False past the
 * last one. *ret_pos may be NULL.
 */
BULLA_API bool bulla_setting_word(const struct bulla_setting *setting, size_t index,
                                  struct bulla_bytes *ret_word, struct bulla_pos *ret_pos);

/* How a value comes to be. */
enum bulla_role {
    BULLA_ROLE_GENERATED, /* kind names a kind of bulla/generate.h */
    BULLA_ROLE_DERIVED,   /* computed from others by the template in `value` */
    BULLA_ROLE_PROVIDED,  /* someone has to give it */
    BULLA_ROLE_SETTING    /* not a secret: its value stands in the contract (`default`) */
};

enum bulla_value_type {
    BULLA_TYPE_TEXT,
    BULLA_TYPE_NUMBER,
    BULLA_TYPE_INTEGER,
    BULLA_TYPE_BOOLEAN,
    BULLA_TYPE_PORT,
    BULLA_TYPE_URL,
    BULLA_TYPE_EMAIL,
    BULLA_TYPE_HOST,
    BULLA_TYPE_PATH,
    BULLA_TYPE_DURATION,
    BULLA_TYPE_SIZE
};

/* One variable as it is in one environment: `key@ENV` has replaced `key`. */
struct bulla_variable {
    const char *name;
    struct bulla_pos pos; /* of its section */
    enum bulla_role role;
    struct bulla_setting kind;  /* as written, "hex:32"; a variable without one is provided */
    struct bulla_setting value; /* derived: the template */
    struct bulla_setting
        preset; /* `default`: a setting's value; for others what is used if unset */
    enum bulla_value_type type;
    struct bulla_setting match;    /* a PCRE2 pattern for the whole value */
    struct bulla_setting one_of;   /* a list */
    struct bulla_setting range;    /* as written */
    bool has_least, has_most;      /* `range = LEAST..MOST`, either side may be open */
    double least, most;            /* in seconds for a duration, in bytes for a size */
    size_t min_length, max_length; /* in bytes; max 0: none */
    double min_entropy;            /* bits; 0: none */
    struct bulla_setting differs, same_as, requires; /* lists of other variables' names */
    struct bulla_setting warn_when;
    bool optional;
    bool rotates;            /* false: `never`, or a role that does not turn */
    uint64_t rotate_seconds; /* its own, else the project's, else 0: no schedule */
    bool rotates_by_itself;  /* `rotate` stands in its own section, not in [bulla] only */
    uint64_t keep_previous_seconds;
    struct bulla_setting previous_as, group, restart, note, owner, obtain, apply;
};

struct bulla_environment {
    const char *name;
    struct bulla_pos pos;          /* of its section, or of its name in `environments` */
    const char *const *compose;    /* NULL-terminated; empty: as Compose finds them */
    const char *const *profiles;   /* NULL-terminated */
    const char *project_directory; /* NULL: as Compose finds it */
    const char *template_file;     /* NULL: none */
    const char *output;            /* ".env", ".env.prod" */
    const char *format;            /* "compose"; bulla/dotenv.h knows the names */
    bool is_protected;
    /* Where those stand; {0, 0} where not given. */
    struct bulla_pos compose_pos, profiles_pos, template_pos, output_pos, format_pos;
};

enum bulla_apply_driver {
    BULLA_APPLY_POSTGRES,
    BULLA_APPLY_REDIS,
    BULLA_APPLY_MARIADB,
    BULLA_APPLY_MYSQL,
    BULLA_APPLY_RABBITMQ,
    BULLA_APPLY_HOOK
};
enum bulla_apply_strategy {
    BULLA_APPLY_SINGLE,   /* one user, whose password changes */
    BULLA_APPLY_OVERLAP,  /* old and new are valid for `keep-previous` */
    BULLA_APPLY_ALTERNATE /* `users` take turns */
};

/* How one live service learns a new value: `[apply NAME]` as it is in one environment. */
struct bulla_apply {
    const char *name;
    struct bulla_pos pos; /* of its section */
    enum bulla_apply_driver driver;
    enum bulla_apply_strategy strategy;
    bool direct;         /* through = direct; else exec:SERVICE */
    const char *service; /* of exec:SERVICE, or NULL */
    struct bulla_setting user, admin_user;
    struct bulla_setting admin; /* the secret that may change it; text NULL: the secret itself */
    struct bulla_setting users; /* a list, for BULLA_APPLY_ALTERNATE */
    struct bulla_setting host, ca, hook;
    uint16_t port; /* 0: the driver's own */
    bool tls;      /* verified; direct only */
    uint64_t timeout_seconds;
};

struct bulla_contract;

/*
 * Parses TEXT. FILE is for messages and positions. NULL with BULLA_E_SYNTAX, BULLA_E_INVALID (an
 * unknown key, a wrong word, a duplicate; the hint names the nearest known key) or BULLA_E_LIMIT,
 * each with line and column of the offending word. What needs other modules is not checked here:
 * kinds (bulla/generate.h) and templates (bulla/values.h).
 */
BULLA_API struct bulla_contract *bulla_contract_parse(struct bulla_bytes text, const char *file,
                                                      struct bulla_error *err);
BULLA_API void bulla_contract_free(struct bulla_contract *contract);

BULLA_API const char *bulla_contract_file(const struct bulla_contract *contract);
BULLA_API const char *bulla_contract_project(const struct bulla_contract *contract); /* or NULL */
BULLA_API const char *bulla_contract_default_environment(const struct bulla_contract *contract);
BULLA_API size_t bulla_contract_keep(const struct bulla_contract *contract); /* 0: all */

BULLA_API size_t bulla_contract_environment_count(const struct bulla_contract *contract);
BULLA_API const struct bulla_environment *
bulla_contract_environment(const struct bulla_contract *contract, size_t index);

/* The environment called NAME, or NULL. */
BULLA_API const struct bulla_environment *
bulla_contract_find_environment(const struct bulla_contract *contract, const char *name);

/* True where A and B are two environments that are rendered to one file. */
BULLA_API bool bulla_environment_shares_output(const struct bulla_environment *a,
                                               const struct bulla_environment *b);

BULLA_API size_t bulla_contract_variable_count(const struct bulla_contract *contract);

/*
 * Variable INDEX, in the order of the file, as ENVIRONMENT has it (NULL: without any `key@ENV`);
 * strings are borrowed from the contract.
 */
BULLA_API void bulla_contract_variable(const struct bulla_contract *contract, size_t index,
                                       const char *environment,
                                       struct bulla_variable *ret_variable);

/* The index of the variable called NAME; false where the contract has none. */
BULLA_API bool bulla_contract_find_variable(const struct bulla_contract *contract, const char *name,
                                            size_t *ret_index);

/* True where `previous-as` of a variable, in any environment, names NAME: it follows that one. */
BULLA_API bool bulla_contract_is_previous(const struct bulla_contract *contract, const char *name);

/* One line that says something about a variable, as it counts in an environment. */
struct bulla_saying {
    const char *key;
    const char *environment; /* of `key@ENV`; NULL: it holds in every environment */
    struct bulla_setting value;
    bool project; /* it stands in [bulla] and holds for every secret: `rotate` */
};

/*
 * Saying NUMBER about variable INDEX in ENVIRONMENT (NULL: without any `key@ENV`), in the order of
 * the file, what [bulla] says last; lines that another one overrides are left out. False past the
 * last one. Borrowed strings.
 */
BULLA_API bool bulla_contract_saying(const struct bulla_contract *contract, size_t index,
                                     const char *environment, size_t number,
                                     struct bulla_saying *ret_saying);

/* A rule that `[check]` sets: `ignore = RULE [FILE] REASON` or `severity.RULE = …`. */
struct bulla_check_rule {
    const char *rule;
    const char *environment; /* of `ignore@ENV`; NULL: every one */
    const char *file;        /* NULL: everywhere; only for ignore */
    const char *reason;      /* ignore: why; NULL for a severity */
    bool off;                /* `severity.RULE = off` */
    enum bulla_severity severity;
    struct bulla_pos pos;
};
BULLA_API size_t bulla_contract_rule_count(const struct bulla_contract *contract);
BULLA_API const struct bulla_check_rule *bulla_contract_rule(const struct bulla_contract *contract,
                                                             size_t index);

/*
 * For how many seconds an exposed value is a warning before it is an error in ENVIRONMENT (NULL:
 * without any `key@ENV`): `exposed-grace` of [check], 14 days without it.
 */
BULLA_API uint64_t bulla_contract_exposed_grace(const struct bulla_contract *contract,
                                                const char *environment);

BULLA_API size_t bulla_contract_apply_count(const struct bulla_contract *contract);

/* Section INDEX of the `[apply NAME]`s as ENVIRONMENT (NULL: none) has it; borrowed strings. */
BULLA_API void bulla_contract_apply(const struct bulla_contract *contract, size_t index,
                                    const char *environment, struct bulla_apply *ret_apply);
BULLA_API bool bulla_contract_find_apply(const struct bulla_contract *contract, const char *name,
                                         size_t *ret_index);

/* "generated", "derived", "provided", "setting"; and "text", "number", … Static. */
BULLA_API const char *bulla_role_name(enum bulla_role role);
BULLA_API const char *bulla_value_type_name(enum bulla_value_type type);

/*
 * Checks VALUE against what VARIABLE says of its own shape: type, range, match, one-of, lengths
 * (not kinds, not other variables). True where it fits; else REASON (a buffer) says what is wrong
 * in words that do not quote the value ("is not a number", "has 12 characters, 32 are needed").
 * BULLA_E_LIMIT where a pattern runs over its match limits: *ret_fits is false then.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_variable_check(const struct bulla_variable *variable,
                                                     struct bulla_bytes value, bool *ret_fits,
                                                     struct bulla_buf *reason,
                                                     struct bulla_error *err);

/*
 * Appends "KEY = TEXT" LF to OUT the way the reader takes it back (continuation lines, refused
 * characters). BULLA_E_REFUSED where it cannot be written.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_contract_write_setting(const char *key, const char *text,
                                                             struct bulla_buf *out,
                                                             struct bulla_error *err);

BULLA_DEFINE_AUTO(bulla_auto_contract_p, struct bulla_contract *, bulla_contract_free)
#define bulla_auto_contract BULLA_AUTO(bulla_auto_contract_p) struct bulla_contract *

#endif
