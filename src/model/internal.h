/* What the files of this folder share: one computation of a model. */
#ifndef BULLA_MODEL_INTERNAL_H
#define BULLA_MODEL_INTERNAL_H

#include "model/value.h"
#include "yaml/yaml.h"

/* The variables that a file is interpolated with: the process's come first. */
struct variables {
    struct bulla_value *set; /* a mapping of names and texts */
    const struct bulla_project_options *options;
    const char *name; /* what COMPOSE_PROJECT_NAME is, whatever the process says; NULL */
    bool no_process;  /* a label file sees its own labels only */
};

/*
 * What has been collected so far. A step that adds a failure ends the computation behind it, but
 * for those of variables while judging.
 */
struct model {
    struct bulla_model info; /* first: it is what the caller has */
    struct store store;
    const struct bulla_project_options *options;
    bool compose_2; /* as 2.40 */
    const char *cwd;
    struct variables variables; /* of the project */
    const char *directory;      /* the project directory */
    const char *name;
    struct bulla_value *profiles; /* a list */
    struct failure *failures;
    struct failure **failures_end;
    size_t failure_count;
    enum bulla_model_step step; /* what is done now, for failures */
    bool halted;                /* a failure ends the computation */
    bool judging;               /* for bulla_model_judge */
    bool met_unknown;           /* some value of the model is not known */
    struct warning *warnings;
    struct warning **warnings_end;
    size_t warning_count;
    struct bulla_value *versions; /* files whose `version` was warned of */
    unsigned files;               /* compose files read */
    struct read_file *read;       /* what their texts are, each parsed once */
    /* Of env files that look nothing up, by their path: Compose's and raw ones. NULL: none yet. */
    struct bulla_value *mappings[2];
};

/* failure.c */
/*
 * Notes why Compose refuses; while judging, a reason that may rest on what is unknown is left out.
 * The format knows %s (our own text, or a path that is given), %b and %q (struct bulla_bytes of
 * ours, the second quoted as Go does it), %v and %Q (of a value: masked), and %w (two: words with
 * values, and the same masked). ORIGIN (may be NULL) is the value it is about. Returns false.
 */
bool refuse(struct model *m, const struct bulla_value *origin, const char *fmt, ...);
/* Words of the YAML library, from our reader's error. */
bool refuse_yaml(struct model *m, const char *file, const struct bulla_error *cause);
void warn(struct model *m, const char *fmt, ...); /* the same format */
/* No failure that ends it and no lack of memory so far. */
bool go_on(const struct model *m);
bool finish_failures(struct model *m);

/* paths.c: by text alone, links are not followed */
const char *join_path(struct model *m, const char *base, const char *name);
const char *parent_path(struct model *m, const char *path);
const char *relative_path(struct model *m, const char *base, const char *path);
const char *absolute_path(struct model *m, const char *path);
struct bulla_bytes clean_path(struct model *m, struct bulla_bytes path);
/* Where PATH, as Compose has it, is opened. */
const char *open_path(struct model *m, const char *path);

/* variables.c */
/* What stands for a value that is not known; told by its address. Non-empty, and no relative path.
 */
extern const char unknown_value[];
bool is_unknown_value(struct bulla_bytes value);
enum bulla_lookup_state variables_lookup(void *variables, struct bulla_bytes name,
                                         struct bulla_bytes *ret_value);
bool variables_find(const struct variables *variables, struct bulla_bytes name,
                    struct bulla_bytes *ret_value);
/* Reads env files in order into a new mapping, as GetEnvFromFile does. */
struct bulla_value *read_env_files(struct model *m, const struct variables *variables,
                                   const char *const *files, size_t count);
/* Parses FILE (absolute) into VARS; the lookup is asked first. */
bool read_mapping(struct model *m, const char *file, const char *format, bulla_lookup_fn lookup,
                  void *ctx, struct bulla_value *vars);
void add_missing(struct model *m, struct bulla_value *set, const struct bulla_value *more);

/* decode.c */
struct resets {
    struct path **paths;
    size_t count;
    size_t cap;
};
/* What YAML means; NULL where it is refused. RESETS receives what !reset and !override mark. */
struct bulla_value *decode_document(struct model *m, const struct yaml_node *root, const char *file,
                                    struct resets *resets);
void apply_resets(const struct resets *resets, struct bulla_value *value, const struct path *at);

/* interpolate.c */
void interpolate_value(struct model *m, const struct variables *variables,
                       struct bulla_value *value, const struct path *at);
/* Numbers as Go reads them from text; NULL or what it says. */
const char *parse_int(struct bulla_bytes text, int64_t *ret_number);
const char *parse_float(struct bulla_bytes text, double *ret_number);
/* 1, 0, or -1 where it is none; warns of the words of YAML 1.1. */
int parse_bool(struct model *m, struct bulla_bytes text);

/* merge.c */
struct bulla_value *merge_values(struct model *m, struct bulla_value *base,
                                 struct bulla_value *over, const struct path *at);
void sort_texts(struct bulla_value *list);
/* "NAME=VALUE" in NAME's place. */
struct bulla_value *pair_of(struct model *m, const struct bulla_value *name,
                            struct bulla_bytes value);
void merge_model(struct model *m, struct bulla_value *base, struct bulla_value *over);

/* unique.c */
void enforce_unicity(struct model *m, struct bulla_value *model);

/* schema.c */
bool validate_schema(struct model *m, struct bulla_value *model, const char *file);

/* canonical.c */
void make_canonical(struct model *m, struct bulla_value *model);
void set_defaults(struct model *m, struct bulla_value *model);
void validate_model(struct model *m, struct bulla_value *model);
/* ports.c, volume.c */
bool parse_port(struct model *m, const struct bulla_value *origin, struct bulla_bytes spec,
                struct bulla_value *list);
/* An address of IPv4 or IPv6. */
bool is_address(struct bulla_bytes text);
struct bulla_value *parse_volume(struct model *m, const struct bulla_value *origin,
                                 struct bulla_bytes spec);

/* resolve.c */
void resolve_paths(struct model *m, struct bulla_value *model, const char *base);
void resolve_environment(struct model *m, struct bulla_value *model,
                         const struct variables *variables);

/* file.c */
struct loading {
    const char *directory;  /* relative paths of the files end up in it */
    const char *lookup_dir; /* include and extends paths start here */
    const struct variables *variables;
    struct bulla_value *included; /* a list of paths, for cycles */
    bool only_services;           /* read for `extends` */
};
/* Reads FILE over MODEL. RESETS (may be NULL) receives those of its last document. */
bool load_file(struct model *m, const struct loading *with, const char *file,
               struct bulla_value *model, struct resets **ret_resets);
/* Reads FILES as one model; NULL where that fails. */
struct bulla_value *load_files(struct model *m, const struct loading *with,
                               const char *const *files, size_t count);
/* Documents of FILE (absolute); NULL with a failure where it is none. */
struct yaml_document *read_documents(struct model *m, const char *file, const char *fmt,
                                     bool *ret_ok);

/* include.c, extends.c */
bool apply_includes(struct model *m, const struct loading *with, struct bulla_value *model,
                    const struct resets *resets);
bool apply_extends(struct model *m, const struct loading *with, const char *file,
                   struct bulla_value *model, const struct resets *resets);

/* project.c: the compose files (absolute), and what M holds of the project */
bool find_project(struct model *m, const char *const **ret_files, size_t *ret_count);

/* project_name.c */
/* Whether NAME is one as Compose takes it; else a failure. */
bool check_project_name(struct model *m, struct bulla_bytes name);
/* Puts the name of the project of FILES, in M->directory, in M. */
bool settle_project_name(struct model *m, const char *const *files, size_t count);

/* normalize.c */
void normalize_model(struct model *m, struct bulla_value *model);

/* bind.c: the model in its final form; NULL with a failure */
struct bulla_value *bind_model(struct model *m, struct bulla_value *model);
/* command.c, units.c: what a value of theirs becomes; NULL where it is none */
struct bulla_value *split_command(struct model *m, struct bulla_bytes text);
enum size_problem { SIZE_OK, SIZE_INVALID, SIZE_SUFFIX, SIZE_NUMBER };
enum size_problem parse_bytes(struct model *m, struct bulla_bytes text, int64_t *ret_bytes,
                              struct bulla_bytes *ret_quoted);
/* NULL: *ret_why is how Compose begins its sentence, *ret_unit what it quotes before the text. */
struct bulla_value *show_duration(struct model *m, struct bulla_bytes text, bool *ret_zero,
                                  const char **ret_why, struct bulla_bytes *ret_unit);

/* consistency.c */
bool check_consistency(struct model *m, struct bulla_value *model, struct bulla_value *disabled);

/* finish.c: profiles, env files and label files, what nobody uses */
bool finish_model(struct model *m, struct bulla_value *model);

#endif
