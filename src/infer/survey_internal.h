/* A survey's parts; private to infer/. */
#ifndef BULLA_INFER_SURVEY_INTERNAL_H
#define BULLA_INFER_SURVEY_INTERNAL_H

#include "base/pool.h"
#include "bulla/dotenv.h"
#include "bulla/infer.h"

#define SURVEY_MAX_ENVIRONMENTS 16
#define SURVEY_MAX_FILES 64

/* A sample file, parsed, with the environment it is for (NULL: all). */
struct sample {
    const char *name;
    const char *environment;
    const char *text; /* the whole file, public */
    size_t text_len;
    struct bulla_dotenv *entries;
};

struct bulla_survey {
    struct pool *pool;
    struct bulla_guesser *guesser;
    const char *root;
    const char *found_below;
    bool no_import;
    bool files_given;   /* -f: those files are the stack, whatever lies beside them */
    const char *folder; /* the project directory, absolute or relative to where we are */
    struct bulla_survey_environment environments[SURVEY_MAX_ENVIRONMENTS];
    size_t environment_count;
    struct sample samples[SURVEY_MAX_FILES];
    size_t sample_count;
    const char *left_alone[SURVEY_MAX_FILES];
    size_t left_alone_count;
    struct bulla_survey_env_file env_files[SURVEY_MAX_FILES];
    size_t env_file_count;
    struct bulla_survey_variable *variables;
    size_t variable_count;
    size_t variable_cap;
    const struct bulla_contract *contract; /* NULL: none yet */
    struct bulla_bytes contract_text;
    bulla_known_secret_fn *known; /* as in the options; while it is made */
    void *known_ctx;
    struct bulla_survey_conflict *conflicts;
    size_t conflict_count;
    size_t conflict_cap;
    const char **left_out; /* names that it has in comments only */
    size_t left_out_count;
};

/* The compose files that Compose takes without a word about an environment. */
struct survey_stack {
    const struct bulla_project *project;
    const char *files[SURVEY_MAX_FILES]; /* relative to the root */
    size_t file_count;
    bool is_default; /* Compose finds them by their names */
};

/* The files of a folder that have a role. */
struct survey_found {
    const char *names[SURVEY_MAX_FILES];
    size_t count;
};

/* True where ERR, of survey_load, says that no compose file lies where Compose looks for one. */
bool survey_found_no_compose_file(const struct bulla_error *err);

/* The project of the COUNT compose FILES, of those that Compose finds where there are none. */
const struct bulla_project *survey_load(struct bulla_survey *survey,
                                        const struct bulla_survey_options *options,
                                        const char *const *files, size_t count,
                                        struct bulla_error *err);

/* PATH relative to the root where it is below it; a part of it. */
const char *survey_relative_to_root(const struct bulla_survey *survey, const char *path);

/* environments.c: the compose files, sample and env file of ENVIRONMENT, from FOUND and STACK. */
bool survey_choose_files(struct bulla_survey *survey, const struct bulla_survey_options *options,
                         struct bulla_survey_environment *environment,
                         const struct survey_found *found, const struct survey_stack *stack,
                         struct bulla_error *err);

/*
 * The folder of PATH relative to the project directory, "../config/" or "" for itself; both are
 * absolute and without dots; "" also where that is not so. NULL with BULLA_E_NOMEM.
 */
const char *survey_folder_from_here(const struct bulla_survey *survey, const char *path,
                                    struct bulla_error *err);

/*
 * output.c: the file that is rendered for ENVIRONMENT, whose project is loaded: what its services
 * read by env_file, whatever the environment is called. That is an `.env`, in another folder unless
 * what the project refers to has values here; or, where it refers to nothing, the only file that
 * they read. By itself it is `.env` for dev, and for others the file that has their values, else
 * `.env.ENV`.
 */
bool survey_choose_output(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                          struct bulla_error *err);

/*
 * A file that several environments are rendered to holds the values of one: the default one's, else
 * the first one's. They are not the others'.
 */
void survey_settle_existing(struct bulla_survey *survey);

/* Notes the env files in FOUND that give no environment its values as left alone. */
bool survey_leave_env_files(struct bulla_survey *survey, const struct survey_found *found,
                            struct bulla_error *err);

/* Collects the env files that are not rendered, when the outputs of all environments are known. */
bool survey_sort_out_env_files(struct bulla_survey *survey, struct bulla_error *err);

/*
 * from_contract.c: takes the environments, and the names that are listed or left out, from
 * OPTIONS->contract. An environment for which Compose finds no file by itself is left out.
 */
bool survey_follow_contract(struct bulla_survey *survey, const struct bulla_survey_options *options,
                            struct bulla_error *err);

/*
 * from_contract.c: false for what lies outside the root, also by a link: what is cloned must not
 * choose which of our files are taken into a vault, or written into bulla.ini.
 */
bool survey_is_in_root(const struct bulla_survey *survey, const char *path);

/* False for a NAME that the contract leaves out; FILE (NULL: a sample) of ENVIRONMENT has it. */
bool survey_is_wanted(const struct bulla_survey *survey, const char *name,
                      const struct bulla_project_file *file, const char *environment);

/* samples.c: the names in FOLDER that have a role, sorted; more than we keep are left out. */
bool survey_list_folder(struct bulla_survey *survey, const char *folder,
                        struct survey_found *ret_found, struct bulla_error *err);

/* Reads the sample NAME, relative to the project directory, for ENVIRONMENT (NULL: all). */
bool survey_read_sample(struct bulla_survey *survey, const char *name, const char *environment,
                        struct bulla_error *err);

/* True where SERVICE reads the file at PATH by env_file. */
bool survey_service_reads(const struct bulla_project_service *service, const char *path);

/*
 * Reads the samples in other folders: beside the file that is rendered for ENVIRONMENT, and beside
 * what else the services that read that one read. Of names that reach no service by it nothing is
 * asked.
 */
bool survey_read_samples_beside_env_files(struct bulla_survey *survey,
                                          const struct bulla_survey_environment *environment,
                                          struct bulla_error *err);

/*
 * The sample for ENVIRONMENT that is not in the project directory, or NULL: one beside the file
 * that is rendered comes first, then one of that environment.
 */
const char *survey_sample_elsewhere(const struct bulla_survey *survey,
                                    const struct bulla_survey_environment *environment);

#define SURVEY_NOT_IN_CONTRACT "B106" /* docs/rules.md */

/*
 * left_out.c: drops the variables that compose files refer to only in lines of which a comment says
 * that they may be missing from the contract.
 */
bool survey_drop_ignored(struct bulla_survey *survey, struct bulla_error *err);

/*
 * conflicts.c: finds the names that env files of what is included give different values, and drops
 * those variables of which each stack can keep its own: no contract and no sample has them.
 */
bool survey_drop_conflicts(struct bulla_survey *survey, struct bulla_error *err);

/* The variable NAME, a new one where there was none; until the next one is added. */
struct bulla_survey_variable *survey_variable(struct bulla_survey *survey, const char *name,
                                              struct bulla_error *err);

/* A name that a contract can have and Compose can reference. */
bool survey_is_usable(const char *name);

/* The statement of SAMPLE that counts for NAME, or NULL. */
const struct bulla_dotenv_entry *survey_last_entry(const struct sample *sample, const char *name);

/*
 * comment.c: what the samples say of NAME in comments, one line, or NULL; *RET_COMMENTED where
 * they have NAME itself only there.
 */
bool survey_read_comment(struct bulla_survey *survey, const char *name, const char **ret_comment,
                         bool *ret_commented, struct bulla_error *err);

/*
 * alone.c: *RET_ALONE where comments of the compose FILE (relative to the root) or the README
 * beside it name it as the only one that Compose is given, and never together with another.
 */
bool survey_is_named_alone(const struct bulla_survey *survey, const char *file, bool *ret_alone,
                           struct bulla_error *err);

/*
 * existing.c: keeps the value of ENTRY where it is one of those of Compose's own names that are
 * settings of the stack, for ENVIRONMENT (NULL: for all).
 */
bool survey_keep_compose_setting(struct bulla_survey *survey, const char *environment,
                                 const struct bulla_dotenv_entry *entry, struct bulla_error *err);

/* Has PATH fill what the env files of ENVIRONMENT that are there lack; borrowed. */
BULLA_MUST_CHECK bool survey_put_behind(struct bulla_survey *survey,
                                        struct bulla_survey_environment *environment,
                                        const char *path, struct bulla_error *err);

/*
 * existing.c: has the env files of what ENVIRONMENT's compose files `include` fill what its own
 * lack, as they do for Compose.
 */
BULLA_MUST_CHECK bool survey_take_included(struct bulla_survey *survey,
                                           struct bulla_survey_environment *environment,
                                           struct bulla_error *err);

/*
 * existing.c: where ENVIRONMENT has no env file, and its compose files lie further down, the root's
 * `.env` is what somebody gives Compose by --env-file or --project-directory.
 */
bool survey_take_root(struct bulla_survey *survey, struct bulla_survey_environment *environment,
                      struct bulla_error *err);

/* existing.c: the names in the env files with values of environment INDEX, where it has one. */
bool survey_collect_existing(struct bulla_survey *survey, size_t index, struct bulla_error *err);

/* existing.c: *RET_HAS where the env file at PATH sets more than what steers Compose. */
bool survey_has_values(const char *path, bool *ret_has, struct bulla_error *err);

/* existing.c: the entries of the env file at PATH as they stand there, in locked memory; owned. */
struct bulla_dotenv *survey_read_values(const char *path, struct bulla_error *err);

/*
 * address.c: what an env file sets to a URL with a password is a secret; where all environments
 * have one whose password is the value of one other secret, it is derived from that.
 */
bool survey_settle_addresses(struct bulla_survey *survey, struct bulla_error *err);

/*
 * own_values.c: what an env file sets, and a derived variable's parts would not make, nor does the
 * project print it, is imported: the variable is a secret, or a setting where nothing of it is one.
 * A URL with the password of another secret is derived again by what follows.
 */
bool survey_settle_own_values(struct bulla_survey *survey, struct bulla_error *err);

/*
 * same.c: says of a password that is made here where the env file has the same value for that of a
 * server of the stack.
 */
bool survey_note_same(struct bulla_survey *survey, struct bulla_error *err);

/*
 * server_user.c: a password that is made for an application which logs in to a server of the stack
 * as a user whose password that server has from another variable, is that one's.
 */
bool survey_settle_server_users(struct bulla_survey *survey, struct bulla_error *err);

/*
 * foreign.c: what an env file has a value for that somebody outside may have made, since it looks
 * so or is of another form than its name lets expect, is not made by us but provided. What the
 * stack itself takes, its server's password, stays as it was guessed.
 */
bool survey_settle_foreign(struct bulla_survey *survey, struct bulla_error *err);

/*
 * left_unset.c: notes where an env file leaves what is made here to the compose file's default, or
 * empty; a password that it has an empty line for, and that only applications are given, is not
 * made.
 */
bool survey_settle_left_unset(struct bulla_survey *survey, struct bulla_error *err);

/*
 * previous.c: NAME_PREVIOUS of a secret NAME is its `previous-as`; where an env file has a value of
 * it, or NAME is in a contract already, it is a secret of its own that nobody asks for.
 */
void survey_settle_previous(struct bulla_survey *survey);

/* evidence.c: what somebody has to give is needed where a compose file uses it, not everywhere. */
bool survey_find_unused(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                        struct bulla_error *err);

/* existing.c: no setting that is imported is asked for. */
void survey_settle_imported(struct bulla_survey *survey);

/* Collects every variable of the projects and samples, with its evidence, and guesses. */
bool survey_guess(struct bulla_survey *survey, struct bulla_error *err);

/*
 * parts.c: a derived value is optional where one of its parts is and has no value, and the parts of
 * one that Compose requires are not.
 */
bool survey_settle_derived(struct bulla_survey *survey, struct bulla_error *err);

/* types.c: keeps what type VALUE, an env file's, is of; of itself nothing. */
bool survey_note_type(struct bulla_survey_variable *variable, struct bulla_bytes value,
                      struct bulla_error *err);

/* types.c: gives each setting a type that all its values are of that are known. */
bool survey_settle_types(struct bulla_survey *survey, struct bulla_error *err);

/* unwritable.c: what the contract cannot hold is for the vault, or somebody gives it. */
bool survey_settle_unwritable(struct bulla_survey *survey, struct bulla_error *err);

/* The sample value of NAME for ENVIRONMENT (NULL: of the common samples), or NULL. Borrowed. */
const char *survey_sample_value(const struct bulla_survey *survey, const char *name,
                                const char *environment);

#endif
