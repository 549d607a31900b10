/* What the files of this folder share: the state of one load. Everything public is in its pool. */
#ifndef BULLA_COMPOSE_INTERNAL_H
#define BULLA_COMPOSE_INTERNAL_H

#include "base/pool.h"
#include "bulla/compose.h"
#include "bulla/dotenv.h"
#include "compose/repair.h"
#include "yaml/yaml.h"

/* A growing array of pointers. */
struct list {
    void **items;
    size_t count;
    size_t cap;
};
BULLA_MUST_CHECK bool list_add(struct list *list, void *item, struct bulla_error *err);
BULLA_MUST_CHECK bool list_add_text(struct list *list, const char *text, struct bulla_error *err);
void list_release(struct list *list);

/* Pointers by name, for many owners at once; names are borrowed. */
struct names {
    struct names_slot *slots;
    size_t cap;
    size_t count;
};
void *names_find(const struct names *names, const void *owner, struct bulla_bytes name);
BULLA_MUST_CHECK bool names_put(struct names *names, const void *owner, struct bulla_bytes name,
                                void *value, struct bulla_error *err);
void names_release(struct names *names);

/* The variables that one project, or one include, is interpolated with. */
struct scope {
    const struct scope *parent; /* comes first; NULL for the project's own */
    struct list files;          /* struct bulla_dotenv, a later one wins */
    struct list fallback;       /* second pass: only names that are missing still */
    bool only_compose;          /* of the files only names that begin with COMPOSE_ */
    bool unknown;               /* a file cannot be read: it may set anything */
    struct loader *loader;
};

struct compose_file {
    struct bulla_project_file info;
    size_t index;                      /* in the order of reading */
    const struct compose_file *parent; /* that includes it; NULL for the project's own */
    struct scope *scope;
    const char *workdir; /* relative paths in it start here */
    bool foreign;        /* read for `extends` only */
    struct bulla_buf raw;
    struct yaml_source source;
    struct yaml_document *first; /* NULL where it is not YAML even when repaired */
    /* References that end an unquoted value in the text as it stands: see mask.c. */
    struct span *spans;
    size_t span_count;
    struct bulla_error error; /* why it is not YAML */
};

struct service {
    struct bulla_project_service info;
    const struct compose_file *file;
    bool foreign;
    struct list profiles;
    struct list environment; /* struct env_entry */
    struct list env_files;   /* struct env_file_entry */
    struct list label_files; /* struct label_file */
    struct list mounts;      /* struct mount */
    struct list resources;   /* names as struct resource_use */
    struct build *build;     /* NULL: none */
    struct yaml_node *extends;
    struct compose_file *extends_file; /* that says so */
    unsigned extends_document;         /* and in which of its documents, of all files' */
    struct service *base;
    struct list extenders;
    unsigned state; /* of walks over `base` */
    size_t stamp;
};

struct place;

struct resource_use {
    const char *name;
    bool config;
    bool build; /* of `build.secrets` */
    struct bulla_project_grant grant;
};

struct build {
    struct bulla_project_build info;
    const struct compose_file *from; /* that names the context */
    const char *dockerfile;          /* as it is named; NULL */
    bool hidden;
    struct list args; /* struct bulla_project_build_arg */
};

struct env_entry {
    struct bulla_project_env info; /* first, for lists of either */
    unsigned document;             /* that it comes from: the first of one document counts */
};

struct env_file_entry {
    struct bulla_project_env_file info;
    struct compose_file *file; /* that names it */
    const char *shown;         /* as messages call it */
};

/* One entry of `volumes`. */
struct mount {
    const char *target;
    const char *path; /* of the host; NULL: a volume, or a value in it is not known */
    const struct bulla_project_file *named_in;
    struct bulla_pos pos;
};

struct resource {
    struct bulla_project_resource info;
    struct place *place; /* of `environment: V`; NULL */
};

/* One scalar that names variables. */
struct place {
    const struct compose_file *file;
    struct bulla_project_ref *refs;
    size_t ref_count;
    struct list services;
};

struct loader {
    const struct bulla_project_options *options;
    struct pool *pool;
    struct bulla_project *project;
    const char *cwd;
    const char *name; /* NULL until it is settled */
    struct scope *scope;
    struct list scopes;
    struct list files;         /* struct bulla_project_file, of all kinds */
    struct list compose_files; /* struct compose_file, in the order of their reading */
    struct list services;      /* own and foreign */
    struct list resources;
    struct list places;
    struct list problems;
    struct list literals;
    struct names names;
    struct list profiles; /* the active ones */
    bool nameless;        /* and the one whose name is empty */
    struct yaml_map map;
    struct bulla_buf path;
    unsigned document;
    const char *first_env; /* the `.env` that is read first; NULL where none is looked for */
    bool explicit_env;     /* --env-file and the like: no `.env` */
    size_t uses;
};

/* scope.c */
struct scope *scope_new(struct loader *loader, const struct scope *parent, struct bulla_error *err);
/* A bulla_lookup_fn; SCOPE is a struct scope, whose parents come first. */
enum bulla_lookup_state scope_lookup(void *scope, struct bulla_bytes name,
                                     struct bulla_bytes *ret_value);
/* The same, noting whether a value was hidden (options.values). */
struct hiding {
    const struct scope *scope;
    bool hidden;
};
enum bulla_lookup_state hiding_lookup(void *hiding, struct bulla_bytes name,
                                      struct bulla_bytes *ret_value);
/* The process's environment alone. */
enum bulla_lookup_state environment_lookup(const struct loader *loader, const char *name,
                                           struct bulla_bytes *ret_value);
/* FILES: struct bulla_dotenv, a later one wins. */
enum bulla_lookup_state find_in_files(const struct list *files, struct bulla_bytes name,
                                      struct bulla_bytes *ret_value);

/* env.c */
/* Reads PATH into SCOPE, or its second pass (FALLBACK); what is wrong with it becomes a problem. */
BULLA_MUST_CHECK bool scope_read_file(struct loader *loader, struct scope *scope, const char *path,
                                      bool required, bool fallback, struct bulla_error *err);
/* The project's env files: those that are named, else `.env` in FIRST_DIRECTORY. */
BULLA_MUST_CHECK bool scope_read_project(struct loader *loader, const char *first_directory,
                                         struct bulla_error *err);
/* The `.env` of DIRECTORY, where the project's files are, for names that are missing still. */
BULLA_MUST_CHECK bool scope_read_fallback(struct loader *loader, const char *directory,
                                          struct bulla_error *err);
/* References to unset variables in an env file: Compose warns and reads a blank. */
struct blanks {
    struct loader *loader;
    const struct bulla_project_file *file;
    const char *service;
    bool failed;
    struct bulla_error *err;
};
void note_blank(void *blanks, struct bulla_bytes name, struct bulla_pos pos);
struct problem;
/*
 * Makes PROBLEM that of its file, an env file that Compose refuses: with Compose's sentence, "…"
 * for what comes from values and, unless SHOWN, for the file's path; and with the variable's name
 * where one is required.
 */
BULLA_MUST_CHECK bool explain_env_file(struct loader *loader, struct problem *problem, bool shown,
                                       struct bulla_bytes text,
                                       const struct bulla_dotenv_options *options,
                                       struct bulla_error *err);

/* env_file.c */
/* Keys of a service's env_file into ENTRY. */
BULLA_MUST_CHECK bool env_file_read(struct loader *loader, const struct service *service,
                                    struct env_file_entry *entry, struct bulla_error *err);

/* find.c */
const char *path_clean(struct loader *loader, const char *base, const char *name,
                       struct bulla_error *err);
const char *path_dir(struct loader *loader, const char *path, struct bulla_error *err);
/* PATH from the root; as it is where the working directory is not known. */
const char *path_absolute(struct loader *loader, const char *path, struct bulla_error *err);
/* PATH as messages show it: from the working directory, whole where that is far away. */
const char *display_name(struct loader *loader, const char *path);
extern const char *const compose_default_names[];
struct found {
    struct list paths;     /* to open */
    struct list names;     /* for messages, by the same index */
    const char *directory; /* the project directory */
};
/* Adds the files of VALUE, COMPOSE_FILE, between the COMPOSE_PATH_SEPARATORs that SCOPE has. */
BULLA_MUST_CHECK bool split_compose_file(struct loader *loader, struct scope *scope,
                                         struct found *found, struct bulla_bytes value,
                                         struct bulla_error *err);
BULLA_MUST_CHECK bool find_first_directory(struct loader *loader, const char **ret_directory,
                                           struct bulla_error *err);
BULLA_MUST_CHECK bool find_files(struct loader *loader, struct found *found,
                                 struct bulla_error *err);

/* file.c */
struct compose_file *file_open(struct loader *loader, const char *name, const char *path,
                               enum bulla_project_file_kind kind, struct bulla_error *err);
struct bulla_project_file *file_note(struct loader *loader, enum bulla_project_file_kind kind,
                                     const char *name, const char *path, struct bulla_error *err);

/* mask.c */
/* Says what is wrong with the references of NODE, a plain scalar, that were masked. */
struct walk;
BULLA_MUST_CHECK bool note_spans(struct walk *w, const struct yaml_node *node, const char *path,
                                 struct bulla_error *err);

/* refs.c */
BULLA_MUST_CHECK bool walk_file(struct loader *loader, struct compose_file *file,
                                struct bulla_error *err);

/* raw.c */
BULLA_MUST_CHECK bool scan_raw_file(struct loader *loader, struct compose_file *file,
                                    struct bulla_error *err);

/* place.c */
struct walk {
    struct loader *loader;
    struct compose_file *file;
    struct service *service; /* inside which we are; NULL outside */
    bool overriding;         /* inside of !override, where Compose overlooks !reset */
};
/*
 * A new place for the references of TEXT, which is NODE's, or without a node what stands at offset
 * BASE of the source.
 */
struct place *place_read(struct walk *w, const struct yaml_node *node, struct bulla_bytes text,
                         size_t base, const char *path, bool in_key, struct bulla_error *err);
/* The place of NODE; NULL where it has none yet. */
struct place *place_find(struct walk *w, const struct yaml_node *node);
/* A scalar that is the name of a variable itself. */
BULLA_MUST_CHECK bool add_named_use(struct loader *loader, struct compose_file *file,
                                    struct service *service, enum bulla_use_kind kind,
                                    struct yaml_node *node, const char *path,
                                    struct bulla_error *err);
BULLA_MUST_CHECK bool place_add_service(struct loader *loader, struct place *place,
                                        struct service *service, struct bulla_error *err);
/* meant.c: the help for REF, which is none; in the pool or static. NULL without memory. */
const char *template_hint(struct loader *loader, const struct bulla_project_ref *ref,
                          struct bulla_error *err);
/*
 * A scalar's text after interpolation, in the pool; NULL in *ret_text where it fails, or
 * (*ret_hidden) needs a value that is hidden.
 */
BULLA_MUST_CHECK bool resolve_text(struct loader *loader, const struct scope *scope,
                                   const struct yaml_node *node, const char **ret_text,
                                   bool *ret_hidden, struct bulla_error *err);
/*
 * What Compose reads as a boolean, the words of YAML 1.1 too, once it is interpolated. *FLAG stays
 * what it is where NODE is none, or needs a value that is hidden.
 */
BULLA_MUST_CHECK bool read_flag(struct loader *loader, const struct compose_file *file,
                                const struct yaml_node *node, bool *flag, struct bulla_error *err);

/*
 * What a message calls RESOLVED, which resolve_text made of NODE: NODE as it is written where a
 * variable is in it, whose value may be a secret.
 */
const char *shown_text(const struct yaml_node *node, const char *resolved);

/* model.c */
struct service *get_service(struct loader *loader, struct compose_file *file,
                            const struct yaml_node *key, struct bulla_error *err);
BULLA_MUST_CHECK bool read_model(struct loader *loader, struct compose_file *file,
                                 struct bulla_error *err);
typedef bool (*pair_fn)(void *ctx, struct yaml_node *key, struct yaml_node *value,
                        struct bulla_error *err);
/* The pairs of a mapping: its own, then those of its merge keys. */
BULLA_MUST_CHECK bool each_pair(const struct yaml_node *mapping, pair_fn fn, void *ctx,
                                struct bulla_error *err);
bool is_merge_key(const struct yaml_node *key);
bool is_null(const struct yaml_node *node);

/* literals.c */
/* NODE, a scalar, as a text with its places. */
BULLA_MUST_CHECK bool read_text(struct loader *loader, struct compose_file *file,
                                const struct yaml_node *node, struct bulla_project_text *ret_text,
                                struct bulla_error *err);
/* Every text in NODE: KEY=VALUE or KEY: VALUE for kinds that have keys, else whole scalars. */
BULLA_MUST_CHECK bool note_literals(struct loader *loader, struct compose_file *file,
                                    const struct service *service, enum bulla_literal_kind kind,
                                    struct yaml_node *node, struct bulla_error *err);
/* NODE alone, under KEY. */
BULLA_MUST_CHECK bool note_literal(struct loader *loader, struct compose_file *file,
                                   const struct service *service, enum bulla_literal_kind kind,
                                   const char *key, struct yaml_node *node,
                                   struct bulla_error *err);

/* build.c */
struct reading;
BULLA_MUST_CHECK bool read_build(struct reading *r, struct yaml_node *value,
                                 struct bulla_error *err);
/* What SERVICE does not say of its build itself is its BASE's. */
BULLA_MUST_CHECK bool inherit_build(struct loader *loader, struct service *service,
                                    const struct service *base, struct bulla_error *err);
BULLA_MUST_CHECK bool finish_build(struct loader *loader, struct service *service,
                                   struct bulla_error *err);

/* service.c */
/* The reading of one service's attributes. */
struct reading {
    struct loader *loader;
    struct compose_file *file;
    struct service *service;
    struct bulla_project_env_file *entry; /* that is being read */
    struct yaml_node *entry_path;
    uint32_t seen; /* attributes, as bits: a mapping's own keys come before those it merges */
};
/* Records a variable that is passed through under KIND at services.NAME.WHERE.KEY. */
BULLA_MUST_CHECK bool pass_through(struct reading *r, enum bulla_use_kind kind, const char *where,
                                   struct yaml_node *name, struct bulla_error *err);
BULLA_MUST_CHECK bool read_resources(struct reading *r, struct yaml_node *value, bool config,
                                     bool build, struct bulla_error *err);
BULLA_MUST_CHECK bool read_service(struct loader *loader, struct compose_file *file,
                                   struct service *service, const struct yaml_node *mapping,
                                   struct bulla_error *err);

/* reads.c */
/* The `volumes` of a service, VALUE. */
BULLA_MUST_CHECK bool read_volumes(struct reading *r, const struct yaml_node *value,
                                   struct bulla_error *err);
/* What SERVICE, whose env files and resources are settled, reads; RENDERED as a path, or NULL. */
BULLA_MUST_CHECK bool finish_reads(struct loader *loader, struct service *service,
                                   const char *rendered, struct bulla_error *err);

/* labels.c */
/* The label_file of a service, VALUE, into SERVICE; then reads those of an active one. */
BULLA_MUST_CHECK bool read_label_files(struct loader *loader, struct compose_file *file,
                                       struct service *service, struct yaml_node *value,
                                       struct bulla_error *err);
BULLA_MUST_CHECK bool check_label_files(struct loader *loader, const struct service *service,
                                        struct bulla_error *err);

/* include.c */
/*
 * NODE's text in FILE as a path from BASE: as it is written, and whole; NULL in *ret_path where
 * there is none to follow, of which a problem tells.
 */
BULLA_MUST_CHECK bool resolve_path(struct loader *loader, struct compose_file *file,
                                   const struct yaml_node *node, const char *base,
                                   const char **ret_name, const char **ret_path,
                                   struct bulla_error *err);
BULLA_MUST_CHECK bool read_includes(struct loader *loader, struct compose_file *file,
                                    const struct yaml_node *node, struct bulla_error *err);

/* extends.c */
BULLA_MUST_CHECK bool link_extends(struct loader *loader, struct bulla_error *err);

/* project.c */
/* Everything that one file says, its problems included. */
BULLA_MUST_CHECK bool read_file(struct loader *loader, struct compose_file *file,
                                struct bulla_error *err);
BULLA_MUST_CHECK bool check_uses(const struct loader *loader, const struct compose_file *file,
                                 struct bulla_error *err);

/* profiles.c */
/* The active ones, by the options or COMPOSE_PROFILES; one that no service has is a problem. */
BULLA_MUST_CHECK bool settle_profiles(struct loader *loader, struct bulla_error *err);
bool is_active(const struct loader *loader, const struct service *service);

/* unread_env.c: `-f docker/compose.yml` reads docker/.env; notes one here that is taken for it. */
BULLA_MUST_CHECK bool finish_unread_env(struct loader *loader, struct bulla_error *err);

/* finish.c */
/* Activity, env files, resources and places of what was read, as the public arrays. */
BULLA_MUST_CHECK bool finish_project(struct loader *loader, struct bulla_error *err);

/* problem.c */
struct problem {
    enum bulla_problem kind;
    bool fatal;
    const struct bulla_project_file *file;
    struct bulla_pos pos;
    struct bulla_pos end;
    const char *name;
    const char *service;
    const char *path;
    struct bulla_bytes text;
    const char *hint;
    const char *says;
};
BULLA_MUST_CHECK bool add_problem(struct loader *loader, const struct problem *problem,
                                  struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(4, 5);
/* From an error; its own place counts where it has one. */
BULLA_MUST_CHECK bool add_problem_error(struct loader *loader, const struct problem *problem,
                                        const struct bulla_error *cause, struct bulla_error *err);

#endif
