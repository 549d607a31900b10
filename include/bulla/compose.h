/*
 * A Compose project: its files found and read as Compose does it, every reference to a variable
 * with its exact place, what becomes of it, and who uses it. What is wrong is collected, not
 * returned: a project can be used with its problems.
 *
 * Nothing here reads the environment, the terminal or git; files are read, nothing is written. No
 * value of a variable is kept in a project: outcomes say what happened to a reference, texts are
 * those of the files themselves.
 */
#ifndef BULLA_COMPOSE_H
#define BULLA_COMPOSE_H

#include "bulla/interpolate.h"

/* What to load, and with what. Zeroed: the files found from ".", an empty environment. */
struct bulla_project_options {
    /* The working directory, better absolute: parents are searched from it. NULL: ".". */
    const char *directory;
    const char *const *files; /* -f, in order; relative to `directory` */
    size_t file_count;
    /*
     * The files are a project's own list, and not asked for with -f: where COMPOSE_FILE, of the
     * environment or of `.env` in `directory`, names the same, Compose takes them by itself, and
     * reads that `.env` before the project directory's.
     */
    bool listed;
    const char *project_directory; /* --project-directory */
    const char *const *env_files;  /* --env-file; they replace `.env` */
    size_t env_file_count;
    const char *const *profiles; /* --profile; none: COMPOSE_PROFILES */
    size_t profile_count;
    const char *name; /* -p */
    /* The process environment; NULL: nothing is set. */
    bulla_lookup_fn environment;
    void *environment_ctx;
    /*
     * Where given it stands in for every env file of the project's own (`.env`, --env-file): the
     * values of a vault. The process environment still comes first. It may hide values by
     * returning BULLA_LOOKUP_SET with an empty one: where a file's name would need it, that is a
     * BULLA_PROBLEM_HIDDEN.
     */
    bulla_lookup_fn values;
    void *values_ctx;
    /*
     * The file that these values are rendered to (as bulla.ini names it, relative to the project
     * directory), or NULL. A service that reads it uses every variable.
     */
    const char *rendered;
    bool eager; /* operands are evaluated always, as Compose did up to 5.0.1 */
};

/* One file that was read, or tried. */
enum bulla_project_file_kind {
    BULLA_PROJECT_COMPOSE,  /* -f, COMPOSE_FILE, found, or an override beside it */
    BULLA_PROJECT_INCLUDED, /* by `include` */
    BULLA_PROJECT_EXTENDED, /* by `extends: {file}` only: its services are not the project's */
    BULLA_PROJECT_ENV,      /* `.env`, --env-file, or an include's */
    BULLA_PROJECT_ENV_FILE  /* by a service's `env_file` */
};

struct bulla_project_file {
    enum bulla_project_file_kind kind;
    const char *name; /* as it was asked for: for messages */
    const char *path; /* opens it */
    bool read;        /* false: missing or unreadable */
    bool valid;       /* it is of its grammar as it stands */
    size_t escapes;   /* "$$" in the values of a compose file */
};

/* What makes the project need a variable. */
enum bulla_use_kind {
    BULLA_USE_REFERENCE,          /* `$V`, `${V…}` in a value of a compose file */
    BULLA_USE_PASS_THROUGH,       /* environment: `- V`, or `V:` without value */
    BULLA_USE_BUILD_ARG,          /* build.args likewise */
    BULLA_USE_SECRET_ENVIRONMENT, /* secrets.X.environment: V */
    BULLA_USE_CONFIG_ENVIRONMENT, /* configs.X.environment: V */
    BULLA_USE_ENV_FILE,           /* a key of a file in the service's env_file (uses only) */
    BULLA_USE_FILE                /* the rendered file, mounted as it stands (uses only) */
};

struct bulla_project_service;

/*
 * A text of a compose file: decoded, references as written, a NUL behind; and where its bytes
 * stand. A mark says where the text from `at` up to the next mark comes from.
 */
struct bulla_project_mark {
    size_t at;
    struct bulla_pos pos;
};
struct bulla_project_text {
    const char *text;
    size_t len;
    const struct bulla_project_file *file;
    const struct bulla_project_mark *marks;
    size_t mark_count;
};

/* The place of byte AT of TEXT. */
BULLA_API struct bulla_pos bulla_project_text_pos(const struct bulla_project_text *text, size_t at);

/* What its author wrote for a service, where a secret may stand in the clear. */
enum bulla_literal_kind {
    BULLA_LITERAL_ENVIRONMENT,
    BULLA_LITERAL_LABEL, /* of the container, its deployment or its image */
    BULLA_LITERAL_COMMAND,
    BULLA_LITERAL_ENTRYPOINT,
    BULLA_LITERAL_HEALTHCHECK,
    BULLA_LITERAL_BUILD_ARG,
    BULLA_LITERAL_CONTENT /* a config's; it belongs to no service */
};

/* One such text, once even where several services share it. */
struct bulla_project_literal {
    enum bulla_literal_kind kind;
    const char *service; /* the first that has it; NULL */
    const char *key;     /* of a variable, label, argument or config; "" */
    struct bulla_project_text text;
    size_t value; /* offset of the value in the text: behind "KEY=" in the list form */
};

/*
 * One place where a variable is named. A place that several services share (an anchor, `extends`)
 * is there once, with all of them.
 */
struct bulla_project_ref {
    enum bulla_use_kind kind;
    const char *name;
    enum bulla_ref_op op;
    const char *operand; /* default, replacement or message as written; "" where none */
    size_t operand_len;
    unsigned depth; /* 0, or how many operands of other references it stands in */
    bool braced;
    const struct bulla_project_file *file;
    struct bulla_pos pos; /* of the "$", or of the name */
    struct bulla_pos end; /* behind its last character */
    /* Keys joined with "."; "[]" is any item: "services.a.environment.X", "x-env.[]". */
    const char *path;
    /* The services it reaches, none for other parts of the file; inactive ones included. */
    const struct bulla_project_service *const *services;
    size_t service_count;
    bool active; /* one of them is active, or it belongs to none (Compose evaluates it anyway) */
    /* It stands in the key of a mapping: Compose keeps the text as it is. Never evaluated. */
    bool in_key;
    /*
     * False where Compose does not get there: a key, an operand that is not used. Then `state` and
     * `outcome` mean nothing. Where an env file cannot be read, what is not set elsewhere counts as
     * set by it, to a value that is hidden. In a file that is not YAML everything is evaluated as
     * if it were.
     */
    bool evaluated;
    enum bulla_lookup_state state;
    /*
     * For a BULLA_USE_PASS_THROUGH or _BUILD_ARG: _VALUE or _NOTHING (no error, no warning); for
     * secrets and configs _VALUE or _MISSING (their container cannot be created).
     */
    enum bulla_ref_outcome outcome;
    /* The value that holds it as written (decoded), and where it stands in that. */
    const char *text;
    size_t text_len;
    size_t text_at;
    size_t text_end;
};

/* One entry of a service's `environment`. A later file's entry of the same key replaces one. */
struct bulla_project_env {
    const char *key;
    const char *value; /* as written, not interpolated; NULL: passed through */
    size_t value_len;
    const struct bulla_project_file *file;
    struct bulla_pos pos;       /* of the key */
    struct bulla_pos value_pos; /* of the value; of the entry in the list form */
};

/* One variable's name in an env file. */
struct bulla_project_env_key {
    const char *name;
    struct bulla_pos pos;
};

/* One entry of a service's `env_file`. */
struct bulla_project_env_file {
    const char *path; /* interpolated, as a path that opens; NULL where a value is hidden */
    bool required;    /* not `required: false` */
    bool raw;         /* `format: raw` */
    bool rendered;    /* it is options.rendered: it holds every variable */
    const struct bulla_project_file *named_in; /* the compose file, and the place there */
    struct bulla_pos pos;
    const struct bulla_project_file *file; /* the env file itself; NULL where it is not there */
    const struct bulla_project_env_key *keys;
    size_t key_count;
};

/*
 * One file of the host that a service is given whole: an env file, a bind mount, the file of a
 * secret (of its build, too) or config. Files in a folder that is mounted are none.
 */
struct bulla_project_read {
    const char *path;                              /* opens it */
    bool rendered;                                 /* it is options.rendered */
    const struct bulla_project_env_file *env_file; /* NULL: it is mounted */
    const struct bulla_project_file *named_in;     /* the compose file, and the place there */
    struct bulla_pos pos;
};

/* A top-level secret or config. */
enum bulla_resource_source {
    BULLA_RESOURCE_FILE,
    BULLA_RESOURCE_ENVIRONMENT,
    BULLA_RESOURCE_CONTENT, /* configs only */
    BULLA_RESOURCE_EXTERNAL,
    BULLA_RESOURCE_UNKNOWN
};

struct bulla_project_resource {
    const char *name;
    bool config; /* else a secret */
    enum bulla_resource_source source;
    const char *text; /* the path or variable as written; NULL for others */
    const struct bulla_project_file *file;
    struct bulla_pos pos; /* of its name */
    const char *path;     /* of a file: opens it; NULL where a value in it is not known */
    struct bulla_pos path_pos;
    const char *service; /* the first active one that is given it, or is built with it; NULL */
};

/* One entry of a service's `secrets` or `configs`. */
struct bulla_project_grant {
    const struct bulla_project_resource *resource;
    bool owned; /* it says uid, gid or mode */
    const struct bulla_project_file *file;
    struct bulla_pos pos;
};

/* One name of `build.args`. */
struct bulla_project_build_arg {
    const char *name;
    bool passed_through; /* without a value: the environment's */
    const struct bulla_project_file *file;
    struct bulla_pos pos;
};

/* How a service's image is built. */
struct bulla_project_build {
    const char *context;    /* a path that opens; NULL: remote, or it depends on a hidden value */
    const char *dockerfile; /* likewise; NULL where it stands in `inlined`, or is not known */
    struct bulla_project_text inlined; /* `dockerfile_inline`; text NULL where there is none */
    const struct bulla_project_build_arg *args;
    size_t arg_count;
    const struct bulla_project_file *file;
    struct bulla_pos pos;
};

struct bulla_project_service {
    const char *name;
    size_t number;                         /* its index in the project */
    const struct bulla_project_file *file; /* the first that names it */
    struct bulla_pos pos;
    const char *image; /* as written, not interpolated; NULL where none */
    const char *const *profiles;
    size_t profile_count;
    bool active;
    const struct bulla_project_env *environment;
    size_t environment_count;
    const struct bulla_project_env_file *env_files;
    size_t env_file_count;
    const struct bulla_project_resource *const *resources; /* secrets and configs it is given */
    size_t resource_count;
    const struct bulla_project_grant *grants; /* the same, but for `build.secrets` */
    size_t grant_count;
    const struct bulla_project_read *reads; /* the files among all these, and the bind mounts */
    size_t read_count;
    const struct bulla_project_build *build; /* NULL: none */
    bool read_only;                          /* `read_only: true` */
    bool for_swarm; /* its `deploy` says what only a swarm does: it is not for Compose alone */
};

enum bulla_problem {
    BULLA_PROBLEM_UNREADABLE,    /* a file that is named cannot be read */
    BULLA_PROBLEM_YAML,          /* not YAML, or beyond our limits */
    BULLA_PROBLEM_DUPLICATE_KEY, /* one key twice in a mapping: Compose refuses the file */
    BULLA_PROBLEM_COLON,         /* ": " in a reference of an unquoted value ends that value */
    BULLA_PROBLEM_COMMENT,       /* " #" in a reference of an unquoted value begins a comment */
    BULLA_PROBLEM_FLOW,          /* an unquoted ${…} between [ ] or { } */
    BULLA_PROBLEM_TEMPLATE,      /* "${" that is no reference: Compose refuses the file */
    BULLA_PROBLEM_SHAPE,         /* YAML, but not what Compose takes there */
    BULLA_PROBLEM_ENV_FILE,      /* an env file is not of its grammar, or reads a blank somewhere */
    BULLA_PROBLEM_ENV_REQUIRED,  /* an env file requires a variable that has no value */
    BULLA_PROBLEM_INCLUDE,       /* a cycle, or a remote one that is not followed */
    BULLA_PROBLEM_EXTENDS,       /* an unknown service, or a cycle */
    BULLA_PROBLEM_HIDDEN,        /* a path needs a value that the lookup hides */
    BULLA_PROBLEM_OTHER_FILES,   /* note: more default-named files beside the one that is used */
    BULLA_PROBLEM_ENV_NOT_READ,  /* note: `.env` in the working directory, which is not read */
    BULLA_PROBLEM_PROFILE        /* note: a profile that no service has */
};

struct bulla_project_problem {
    enum bulla_problem kind;
    /* Compose refuses the project because of it; else it is worth a warning or a note. */
    bool fatal;
    const struct bulla_project_file *file; /* NULL where none is concerned */
    struct bulla_pos pos;
    struct bulla_pos end;
    const char *name;    /* of the variable, file, service, profile or format; NULL where none */
    const char *service; /* NULL where none or unknown */
    const char *path;    /* as in a reference; NULL where none */
    /*
     * For _TEMPLATE the value that holds it, for a _COMMENT in one line what YAML leaves of the
     * value; NULL for others.
     */
    const char *text;
    size_t text_len;
    const char *message; /* one line, as in an error */
    const char *hint;    /* what to do, or "" */
    /*
     * For an env file: what Compose prints, "…" in place of everything that comes from a value, or
     * NULL. For every problem: bulla_project_problem_says.
     */
    const char *says;
};

struct bulla_project {
    const char *directory; /* the project directory */
    const char *name;
    /* The `.env` of another folder, there or not, that comes before the project directory's; NULL.
     */
    const char *env_before;
    const struct bulla_project_file *const *files;
    size_t file_count;
    const struct bulla_project_service *const *services; /* in the order of their first mention */
    size_t service_count;
    const struct bulla_project_resource *const *resources;
    size_t resource_count;
    const struct bulla_project_ref *refs; /* file by file, then by place */
    size_t ref_count;
    const struct bulla_project_literal *literals; /* in the order of reading */
    size_t literal_count;
    const struct bulla_project_problem *problems;
    size_t problem_count;
};

/*
 * Loads the project that OPTIONS describe. The caller owns the result: bulla_project_free. NULL
 * with BULLA_E_MISSING where no compose file is found or one that is named does not exist (with
 * Compose's hint of names), BULLA_E_LIMIT beyond BULLA_MAX_COMPOSE_FILES files or
 * BULLA_MAX_PROJECT_USES uses, BULLA_E_NOMEM; everything else is a problem of the project.
 * Sources: compose-go cli/options.go, loader/loader.go, include.go, extends.go.
 */
BULLA_API const struct bulla_project *
bulla_project_load(const struct bulla_project_options *options, struct bulla_error *err);
BULLA_API void bulla_project_free(const struct bulla_project *project);

/*
 * Calls FN for every use of the variable NAME: one call per service that a place reaches (REF the
 * place), once with a NULL service for a place that reaches none, and one per service that reads
 * it from an env file (REF NULL). BULLA_E_* as FN sets it.
 */
struct bulla_project_use {
    enum bulla_use_kind kind;
    const struct bulla_project_service *service;
    const struct bulla_project_ref *ref;   /* NULL for BULLA_USE_ENV_FILE and _FILE */
    const struct bulla_project_read *read; /* for those two */
    const struct bulla_project_file *file;
    struct bulla_pos pos; /* 0:0 for a rendered env file */
};
typedef bool (*bulla_project_use_fn)(void *ctx, const struct bulla_project_use *use,
                                     struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool bulla_project_uses(const struct bulla_project *project,
                                                   const char *name, bulla_project_use_fn fn,
                                                   void *ctx, struct bulla_error *err);

/* What SERVICE makes of the names of a file that it READS, without the place of one. */
BULLA_API struct bulla_project_use
bulla_project_read_use(const struct bulla_project_service *service,
                       const struct bulla_project_read *read);

/* True where READ is the file at PATH, under whatever name. */
BULLA_API bool bulla_project_reads(const struct bulla_project_read *read, const char *path);

/* The first active service that reads the file at PATH, or NULL. */
BULLA_API const struct bulla_project_service *
bulla_project_reader(const struct bulla_project *project, const char *path);

/* FILE's name from the folder ROOT (NULL: none) where it lies there, else as it was named. */
BULLA_API const char *bulla_project_file_name(const struct bulla_project_file *file,
                                              const char *root);

/* The service NAME, or NULL. */
BULLA_API const struct bulla_project_service *
bulla_project_find_service(const struct bulla_project *project, const char *name);

/*
 * What Compose prints for REF or PROBLEM, for a finding that says so, appended to OUT: on one line,
 * "…" in place of everything that comes from a value of a file. False, with nothing appended,
 * where Compose takes it, or where its words are the YAML library's and differ between versions.
 * Source: compose-go interpolation/interpolation.go, dotenv/, loader/; measured.
 */
BULLA_API bool bulla_project_ref_says(const struct bulla_project_ref *ref, struct bulla_buf *out);
BULLA_API bool bulla_project_problem_says(const struct bulla_project_problem *problem,
                                          struct bulla_buf *out);

/*
 * Calls FN for every reference of PROJECT, loaded with OPTIONS, on which Compose up to 5.0.1 and
 * Compose since 5.0.2 disagree: an operand that only the older one evaluates although it is not
 * used, and what becomes of it there (BULLA_REF_MISSING: it refuses the project; _BLANK: it warns;
 * _INVALID: it refuses). In an env file REF is NULL and PROBLEM, valid for the call, is what the
 * older one says; else that is NULL. Loads the project once more, the other way. BULLA_E_* as FN or
 * bulla_project_load sets it.
 */
typedef bool (*bulla_project_difference_fn)(void *ctx, const struct bulla_project_ref *ref,
                                            const struct bulla_project_problem *problem,
                                            enum bulla_ref_outcome outcome,
                                            struct bulla_error *err);
BULLA_API BULLA_MUST_CHECK bool
bulla_project_differences(const struct bulla_project *project,
                          const struct bulla_project_options *options,
                          bulla_project_difference_fn fn, void *ctx, struct bulla_error *err);

/* What Compose calls a file that it takes unasked, in its order; NULL at the end. Static. */
BULLA_API const char *const *bulla_compose_default_names(void);

/*
 * Where compose files might be: what `init` offers when none is found in DIRECTORY or above. Files
 * with a default name, or otherwise named `compose*` or `docker-compose*` with an ending of YAML,
 * at most DEPTH folders down (hidden folders, node_modules and vendor left out), one entry per
 * folder: a default name if there is one, else the only file of the other kind, else each of them.
 * Paths relative to DIRECTORY, sorted. The caller owns the list: bulla_compose_candidates_free.
 */
struct bulla_compose_candidates {
    char **paths;
    size_t count;
};
BULLA_API BULLA_MUST_CHECK bool
bulla_compose_candidates_find(const char *directory, unsigned depth,
                              struct bulla_compose_candidates *ret_candidates,
                              struct bulla_error *err);
/* "-f A (or B, C)" as a hint behind WORDS; as many as fit. Returns false. */
BULLA_API bool bulla_compose_candidates_hint(const struct bulla_compose_candidates *candidates,
                                             const char *words, struct bulla_error *err);

BULLA_API void bulla_compose_candidates_free(struct bulla_compose_candidates *candidates);

BULLA_DEFINE_AUTO(bulla_auto_project_p, const struct bulla_project *, bulla_project_free)
#define bulla_auto_project BULLA_AUTO(bulla_auto_project_p) const struct bulla_project *

#endif
