/*
 * Guessing what a variable is from what a project says of it: messages, comments, sample values,
 * names. The order of evidence is that of facts counted over real projects: an instruction beats
 * a stated length, a known name beats a shape, a shape beats a family of names.
 */
#ifndef BULLA_INFER_H
#define BULLA_INFER_H

#include "bulla/compose.h"
#include "bulla/contract.h"

/* What is known of one variable; strings are borrowed for the call, NULL or empty where absent. */
struct bulla_evidence {
    const char *name;
    const char *const *messages; /* of its `:?` and `?` references; NULL-terminated, or NULL */
    const char *const
        *keys;            /* under which services are handed it whole; NULL-terminated, or NULL */
    const char *comment;  /* in the sample file: lines above it and on its own line */
    const char *sample;   /* its raw value there (public text), NULL where it is in none */
    bool commented;       /* the samples have it only in a comment: it is off */
    const char *existing; /* an env file's raw value, made of other names; no secret; NULL */
    const char *compose_default;  /* of `${V:-d}`; NULL where it has none or several differ */
    bool referenced;              /* a compose file names it */
    bool required;                /* by `:?` or `?` somewhere */
    bool is_content;              /* a Compose secret's `environment` names it */
    bool plain;                   /* `${V}` without a default somewhere, and nowhere with one */
    bool needed;                  /* such a one stands in a service that starts without a profile */
    bool for_server;              /* a server of the stack, known by its image, is given it */
    bool may_be_blank;            /* where it is plain an application is just handed a blank */
    bool in_env_file;             /* a service reads the rendered file whole, so it gets this too */
    const char *jwt_algorithm;    /* what the project's ALGORITHM variable says: "HS512" */
    const char *const *names;     /* all variables of the project, NULL-terminated */
    const char *const *samples;   /* the sample values of those names, NULL where none */
    const char *const *defaults;  /* their compose defaults, NULL where none; or NULL */
    const char *const *services;  /* of the stack, NULL-terminated: hosts that are ours */
    const char *const *passwords; /* the variable that each one's server takes, or NULL */
};

/* Which evidence decided; the numbers follow the order of evidence. */
enum bulla_infer_step {
    BULLA_INFER_INSTRUCTION = 2, /* a command in a message, a comment or a placeholder */
    BULLA_INFER_CONSTRAINT = 3,  /* "exactly 32 characters" */
    BULLA_INFER_KNOWN_NAME = 4,
    BULLA_INFER_SHAPE = 5,
    BULLA_INFER_URL = 6,
    BULLA_INFER_THIRD_PARTY = 7,
    BULLA_INFER_FAMILY = 8,
    BULLA_INFER_ASK = 9
};

/* The guess; strings are owned by the guesser it came from. */
struct bulla_guess {
    enum bulla_role role;
    const char *kind;   /* generated: "hex:32" */
    const char *value;  /* derived: the template */
    const char *preset; /* setting: its value, or NULL */
    enum bulla_value_type type;
    const char *obtain; /* provided: where from, or NULL */
    bool optional;
    bool awaited; /* optional, and the sample asks for it: "your-domain.example" */
    size_t min_length;
    enum bulla_infer_step step;
    const char *why; /* for the comment in the contract: "the comment beside it says …" */
};

/* Owns the strings of its guesses. */
struct bulla_guesser;
BULLA_API struct bulla_guesser *bulla_guesser_new(struct bulla_error *err);
BULLA_API void bulla_guesser_free(struct bulla_guesser *guesser);

/* Guesses what EVIDENCE's variable is. BULLA_E_NOMEM. */
BULLA_API BULLA_MUST_CHECK bool bulla_guess(struct bulla_guesser *guesser,
                                            const struct bulla_evidence *evidence,
                                            struct bulla_guess *ret_guess, struct bulla_error *err);

/*
 * True for what tells Compose which files to read, COMPOSE_FILE and its like: the contract says so
 * in its own words, and an env file that has it keeps it.
 */
BULLA_API bool bulla_name_chooses_files(const char *name);

/*
 * True for a name that is somebody else's than the stack's: the shell's, Compose's, an
 * interpreter's. No contract lists it.
 */
BULLA_API bool bulla_name_is_foreign(const char *name);

/* What a file's name says: "docker-compose.prod.yml", ".env.staging.example". */
enum bulla_file_role {
    BULLA_FILE_OTHER,   /* none of ours, or with a word that names no environment */
    BULLA_FILE_COMPOSE, /* a compose file */
    BULLA_FILE_SAMPLE,  /* a sample env file */
    BULLA_FILE_ENV      /* an env file with values */
};

/* The words that make an env file a sample, "example" first, up to NULL. Static. */
BULLA_API const char *const *bulla_sample_words(void);

/*
 * The role of the file NAME (without folder). *ret_environment is the environment that a word of it
 * names ("prod"), or NULL where it belongs to every one; both static. Words stand between dots,
 * dashes and underscores. A compose or env file with other words ("override", "vps") is
 * BULLA_FILE_OTHER and *ret_left_alone is true.
 */
BULLA_API enum bulla_file_role bulla_file_role(const char *name, const char **ret_environment,
                                               bool *ret_left_alone);

/* One environment that a survey found; strings are owned by the survey. */
struct bulla_survey_environment {
    const char *name;
    const char *const *compose; /* relative to the root; empty: as Compose finds them */
    size_t compose_count;
    const char *sample;   /* relative to the project directory; NULL: none */
    const char *output;   /* ".env", ".env.prod", "../.env": relative to the project directory */
    const char *rendered; /* the same relative to the root, for messages */
    const char *existing; /* an env file with values to import, a path; NULL: none */
    /* Those from which Compose takes what that lacks, the first one first. */
    const char **existing_behind;
    size_t existing_behind_count;
    const char *command; /* where Compose finds `output` for references only if told: how; NULL */
    const struct bulla_project *project;
};

/* An env file that a service reads and no environment renders. */
struct bulla_survey_env_file {
    const char *name;    /* relative to the root where it is below it */
    const char *service; /* the first that reads it */
    bool is_apart;       /* that one reads no file that is rendered */
};

/*
 * A name that the env files of two included stacks give different values and nothing before them
 * sets: Compose has each stack's own. Files are relative to the root where they are below it.
 */
struct bulla_survey_conflict {
    const char *name;
    const char *environment;
    const char *first; /* that has its say before the other */
    const char *other;
    bool is_left_out; /* no contract gets it: it stays as it is */
};

/* One variable that a survey found. */
struct bulla_survey_variable {
    const char *name;
    struct bulla_guess guess;
    const char **presets;      /* a setting: its value in each environment; NULL: guess.preset */
    const char *const *sealed; /* a setting: its value in each environment where the contract cannot
                                  hold that, and the vault has to; NULL: nowhere */
    const char *comment;       /* the sample's, one line, or NULL */
    const char *existing;      /* as in the evidence */
    const char *previous_as;   /* the name under which its value before is read, or NULL */
    const char *placeholder;   /* an env file's value that asks to be replaced, or NULL */
    const bool *unused; /* needed, but not in the environments that are true here; NULL: in all */
    bool is_required;   /* Compose refuses to start without it, or what is made of it */
    bool is_own;     /* an env file that is imported sets it to what the project does not publish */
    bool is_known;   /* the contract has it: no guess was made */
    bool is_ignored; /* in a line of a compose file that says so (rule B106), */
    bool is_wanted;  /* and in one that does not */
    unsigned imported;        /* a bit for each environment whose env file has a value to import, */
    unsigned left_to_default; /* where one is there and leaves it to the compose file's default, */
    unsigned left_empty;      /* or leaves a password empty, */
    enum bulla_value_type value_type; /* what these values look like, */
    unsigned misfits;                 /* and a bit for each type that one of them is not of */
};

/* What a folder holds, before there is a contract. */
struct bulla_survey;

/*
 * What ENVIRONMENT has for NAME, a secret of the contract that is there, by itself and not made of
 * others; false where it has none or that is not known now. Borrowed for as long as the survey is
 * made.
 */
typedef bool bulla_known_secret_fn(void *ctx, const char *environment, const char *name,
                                   struct bulla_bytes *ret_value);

struct bulla_survey_options {
    const char *root;         /* where bulla.ini will be; absolute */
    const char *const *files; /* -f */
    size_t file_count;
    bulla_lookup_fn environment; /* the process environment; NULL: nothing is set */
    void *environment_ctx;
    /*
     * The contract that is there, or NULL, and its text: its environments are looked at, and what
     * it lists or leaves out is not new. A name is left out by its section in a comment
     * ("; [NAME]"), by what [check] says of rule B106, and, also without a contract, by comments on
     * all lines of compose files that have it. It has to outlive the survey.
     */
    const struct bulla_contract *contract;
    struct bulla_bytes contract_text;
    bulla_known_secret_fn *known; /* its secrets, to tell what is made of them; NULL: not known */
    void *known_ctx;
    bool no_import; /* what env files set will not be imported: it counts as if it were not there */
};

/*
 * Reads the compose and sample files below OPTIONS->root. NULL with BULLA_E_MISSING where there is
 * no compose file, and with several further down the hint names -f. The caller owns the result.
 */
BULLA_API struct bulla_survey *bulla_survey_new(const struct bulla_survey_options *options,
                                                struct bulla_error *err);
BULLA_API void bulla_survey_free(struct bulla_survey *survey);

BULLA_API size_t bulla_survey_environment_count(const struct bulla_survey *survey);
BULLA_API const struct bulla_survey_environment *
bulla_survey_environment(const struct bulla_survey *survey, size_t index);
/*
 * The first environment but that of INDEX that is rendered to the same file; false where each has
 * its own.
 */
BULLA_API bool bulla_survey_find_same_output(const struct bulla_survey *survey, size_t index,
                                             size_t *ret_other);
BULLA_API size_t bulla_survey_variable_count(const struct bulla_survey *survey);
BULLA_API const struct bulla_survey_variable *
bulla_survey_variable(const struct bulla_survey *survey, size_t index);

/* The name of the project, and a compose file that was found further down (or NULL). */
BULLA_API const char *bulla_survey_project(const struct bulla_survey *survey);
BULLA_API const char *bulla_survey_found_below(const struct bulla_survey *survey);

/*
 * Files with words that name no environment, env files beside those that give one its values, and
 * the compose files of one beside those that were asked for; relative to the root: said, not used.
 */
BULLA_API size_t bulla_survey_left_alone_count(const struct bulla_survey *survey);
BULLA_API const char *bulla_survey_left_alone(const struct bulla_survey *survey, size_t index);

/* Env files of services that are not rendered; none where there is a contract. */
BULLA_API size_t bulla_survey_env_file_count(const struct bulla_survey *survey);
BULLA_API const struct bulla_survey_env_file *
bulla_survey_env_file(const struct bulla_survey *survey, size_t index);

/* What included stacks do not have in common; none where nothing is imported. */
BULLA_API size_t bulla_survey_conflict_count(const struct bulla_survey *survey);
BULLA_API const struct bulla_survey_conflict *
bulla_survey_conflict(const struct bulla_survey *survey, size_t index);

/* True where a sample or a default in a compose file has VALUE for variable INDEX. */
BULLA_API bool bulla_survey_is_printed(const struct bulla_survey *survey, size_t index,
                                       struct bulla_bytes value);

/*
 * True where VALUE is what the project itself publishes for variable INDEX (its sample value or a
 * compose default) or a placeholder, a URL's password too: such a secret counts as not set. Not so
 * a URL with the password that a compose file has for a server of the stack: services run with it.
 */
BULLA_API bool bulla_survey_is_published(const struct bulla_survey *survey, size_t index,
                                         struct bulla_bytes value);

/*
 * Appends the commented bulla.ini to OUT: where there is a contract its text as it is, and behind
 * it sections for what is new. BULLA_E_REFUSED where a text cannot be written.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_survey_write_contract(const struct bulla_survey *survey,
                                                            struct bulla_buf *out,
                                                            struct bulla_error *err);

BULLA_DEFINE_AUTO(bulla_auto_survey_p, struct bulla_survey *, bulla_survey_free)
#define bulla_auto_survey BULLA_AUTO(bulla_auto_survey_p) struct bulla_survey *

BULLA_DEFINE_AUTO(bulla_auto_guesser_p, struct bulla_guesser *, bulla_guesser_free)
#define bulla_auto_guesser BULLA_AUTO(bulla_auto_guesser_p) struct bulla_guesser *

#endif
