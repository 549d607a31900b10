/*
 * Env files: Compose's `.env` grammar (and the `raw` one of `docker run --env-file`), read into
 * entries with positions, values in locked memory; and writing one value in each consumer's
 * notation so that it reads back to the same bytes.
 */
#ifndef BULLA_DOTENV_H
#define BULLA_DOTENV_H

#include "bulla/interpolate.h"
#include "bulla/secret.h"

enum bulla_dotenv_grammar { BULLA_DOTENV_COMPOSE, BULLA_DOTENV_RAW };
enum bulla_dotenv_quote { BULLA_QUOTE_NONE, BULLA_QUOTE_SINGLE, BULLA_QUOTE_DOUBLE };

/*
 * One statement of the file, in order (a name may occur twice: the last one counts). Offsets are
 * bytes of the text that was parsed, so that a template can be written again around its values.
 */
struct bulla_dotenv_entry {
    struct bulla_bytes name;  /* borrowed from the file object, NUL behind */
    struct bulla_bytes value; /* after quotes, escapes and expansion; locked memory, NUL behind */
    bool set;                 /* false: a bare name that the lookup did not know */
    bool bare;                /* a bare name (no "=" and no ":"): the value came from the lookup */
    enum bulla_dotenv_quote quote;
    size_t references;          /* `$V` and `${V}` forms in its raw value, nested ones included */
    struct bulla_pos pos;       /* of the name */
    struct bulla_pos value_pos; /* of the value's first byte (its quote, if any) */
    size_t start;               /* of the statement: "export" or the name */
    size_t value_start;         /* raw value: quotes included, a comment excluded */
    size_t value_end;
    size_t end; /* where the statement ends: behind the value, before a comment or the LF */
};

struct bulla_dotenv_options {
    enum bulla_dotenv_grammar grammar;
    /* Process environment and what else comes before the file's own keys; NULL: nothing is set. */
    bulla_lookup_fn lookup;
    void *lookup_ctx;
    /* Asked in expansions for what neither it nor the file's own keys know: earlier files. */
    bulla_lookup_fn fallback;
    void *fallback_ctx;
    /* An unset plain reference in a value: Compose warns. May be NULL. POS is the reference's. */
    void (*warn)(void *ctx, struct bulla_bytes name, struct bulla_pos pos);
    void *warn_ctx;
    bool eager; /* as in struct bulla_interpolation */
    /*
     * Keep `$` forms as they are: for templates and sample files. `\$` in double quotes becomes
     * `$$`, as it does on its way to the expansion.
     */
    bool no_expand;
};

/* A parsed file; owns everything its entries point to. */
struct bulla_dotenv;

/*
 * Parses TEXT; FILE is for messages. OPTIONS may be NULL: the Compose grammar, nothing set. The
 * caller owns the result; NULL with BULLA_E_SYNTAX (and the position), BULLA_E_INVALID for a
 * required variable that a value names, BULLA_E_LIMIT (over BULLA_MAX_TEXT_BYTES,
 * BULLA_MAX_ENV_ENTRIES or BULLA_MAX_ENV_BYTES) or BULLA_E_NOMEM. A problem with a reference is
 * placed at its "$", or at the value where escapes make that unknown. The message never quotes a
 * value. Source: compose-go dotenv/parser.go as of v2.13 and docker/cli pkg/kvfile, measured.
 */
BULLA_API struct bulla_dotenv *bulla_dotenv_parse(struct bulla_bytes text, const char *file,
                                                  const struct bulla_dotenv_options *options,
                                                  struct bulla_error *err);
BULLA_API void bulla_dotenv_free(struct bulla_dotenv *file);

BULLA_API size_t bulla_dotenv_count(const struct bulla_dotenv *file);
BULLA_API const struct bulla_dotenv_entry *bulla_dotenv_get(const struct bulla_dotenv *file,
                                                            size_t index);

/* The last entry of NAME that is set, or NULL. */
BULLA_API const struct bulla_dotenv_entry *bulla_dotenv_find(const struct bulla_dotenv *file,
                                                             struct bulla_bytes name);

/* Why Compose (or, for the raw grammar, docker) refuses a text: what it says first. */
enum bulla_dotenv_problem {
    BULLA_DOTENV_OK,
    BULLA_DOTENV_NAME_CHARACTER, /* name: the character; quoted: the rest of the line */
    BULLA_DOTENV_NAME_SPACE,
    BULLA_DOTENV_NAME_MISSING, /* "export" and nothing behind it */
    BULLA_DOTENV_UNTERMINATED, /* quoted: the first line of the value, with its quote */
    BULLA_DOTENV_REQUIRED,     /* name: the variable; quoted: the message, evaluated */
    BULLA_DOTENV_TEMPLATE,     /* quoted: the innermost string that is no template */
    BULLA_DOTENV_RAW_NAME,     /* quoted: the line */
    BULLA_DOTENV_RAW_SPACE,    /* quoted: the name */
    BULLA_DOTENV_RAW_UTF8,     /* quoted: the line */
    BULLA_DOTENV_RAW_LENGTH
};

struct bulla_dotenv_failure {
    enum bulla_dotenv_problem problem;
    uint32_t line; /* as Compose counts, which is not always the line of the position */
    struct bulla_bytes name;
    struct bulla_bytes quoted; /* may hold values */
};

/*
 * What Compose would say about TEXT, for whoever puts it into Compose's own words: parses it and
 * fills *ret_failure (problem BULLA_DOTENV_OK where it is fine). Its views point into WORDS, a
 * secret buffer of the caller's. False with BULLA_E_LIMIT or BULLA_E_NOMEM only.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_dotenv_explain(struct bulla_bytes text,
                                                     const struct bulla_dotenv_options *options,
                                                     struct bulla_buf *words,
                                                     struct bulla_dotenv_failure *ret_failure,
                                                     struct bulla_error *err);

/* The notations that we can write: docs/compose.md 7. */
enum bulla_env_format {
    BULLA_ENV_COMPOSE,        /* what needs quotes in double quotes, the rest plain */
    BULLA_ENV_COMPOSE_DOUBLE, /* always double quotes */
    BULLA_ENV_COMPOSE_SINGLE,
    BULLA_ENV_COMPOSE_UNQUOTED,
    BULLA_ENV_DOCKER,
    BULLA_ENV_SYSTEMD,
    BULLA_ENV_SH,
    BULLA_ENV_GITHUB,
    BULLA_ENV_NODE,
    BULLA_ENV_PYTHON,
    BULLA_ENV_RUBY
};

/* The name of FORMAT ("compose", "docker", …), and the format of a name; false where unknown. */
BULLA_API const char *bulla_env_format_name(enum bulla_env_format format);
BULLA_API bool bulla_env_format_find(const char *name, enum bulla_env_format *ret_format);

/*
 * Appends "NAME=VALUE" LF (for GITHUB possibly a heredoc) in FORMAT to OUT. BULLA_E_REFUSED with
 * the reason where the format cannot represent the value (the reason does not quote it).
 */
BULLA_API BULLA_MUST_CHECK bool bulla_env_write(enum bulla_env_format format,
                                                struct bulla_bytes name, struct bulla_bytes value,
                                                struct bulla_buf *out, struct bulla_error *err);

/* The same for the value alone, as it stands behind "NAME=" (not for GITHUB: BULLA_E_BUG). */
BULLA_API BULLA_MUST_CHECK bool bulla_env_write_value(enum bulla_env_format format,
                                                      struct bulla_bytes value,
                                                      struct bulla_buf *out,
                                                      struct bulla_error *err);

BULLA_DEFINE_AUTO(bulla_auto_dotenv_p, struct bulla_dotenv *, bulla_dotenv_free)
#define bulla_auto_dotenv BULLA_AUTO(bulla_auto_dotenv_p) struct bulla_dotenv *

#endif
