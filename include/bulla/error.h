/*
 * Errors: one fixed-size value that the caller owns, passed down as the last argument and filled
 * where the cause is known. It needs no clean-up and works when memory is gone. Every function that
 * can fail returns false (or NULL) and has filled it; `err` is never NULL.
 */
#ifndef BULLA_ERROR_H
#define BULLA_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bulla/attrs.h"

enum bulla_code {
    BULLA_OK,
    BULLA_E_REFUSED,  /* exit 1: an operation that we will not do, or findings */
    BULLA_E_USAGE,    /* exit 2: wrong command line */
    BULLA_E_SYNTAX,   /* exit 3: text that is not of its grammar; has a position */
    BULLA_E_INVALID,  /* exit 3: grammatical, but not allowed; has a position where from a file */
    BULLA_E_MISSING,  /* exit 3: a file or entry that has to be there is not */
    BULLA_E_LIMIT,    /* exit 3: larger than we read */
    BULLA_E_IDENTITY, /* exit 4: no identity opens it */
    BULLA_E_VERIFY,   /* exit 5: a signature, an id or a rule of the vault does not hold */
    BULLA_E_IO,       /* exit 6: the system refused; sys_errno says why */
    BULLA_E_NOMEM,    /* exit 6 */
    BULLA_E_BUG       /* exit 70: ours */
};

/* A place in a text: both count from 1, 0 means unknown. Columns are code points. */
struct bulla_pos {
    uint32_t line;
    uint32_t col;
};

struct bulla_error {
    enum bulla_code code;
    int sys_errno; /* 0 when the system was not involved */
    struct bulla_pos pos;
    char file[256];    /* "" when no file is concerned */
    char message[512]; /* lower case, no full stop, never a secret value */
    char hint[256];    /* one thing the user can do next, or "" */
};

/* An empty error to start from. */
#define BULLA_ERROR_INIT                                                                           \
    {                                                                                              \
        .code = BULLA_OK                                                                           \
    }

/*
 * Fills ERR with CODE and a message, no file, no position and no hint. Control characters of the
 * formatted text are replaced, so that file content cannot drive a terminal. Returns false, so that
 * `return bulla_error(err, …)` is one line.
 */
BULLA_API bool bulla_error(struct bulla_error *err, enum bulla_code code, const char *fmt, ...)
    BULLA_PRINTF(3, 4);

/* As bulla_error, with the FILE (may be NULL) and place. */
BULLA_API bool bulla_error_at(struct bulla_error *err, enum bulla_code code, const char *file,
                              struct bulla_pos pos, const char *fmt, ...) BULLA_PRINTF(5, 6);

/*
 * BULLA_E_IO for FILE (may be NULL) with the present errno and its text appended; ENOMEM becomes
 * BULLA_E_NOMEM and a missing file (ENOENT, ENOTDIR) BULLA_E_MISSING.
 */
BULLA_API bool bulla_error_sys(struct bulla_error *err, const char *file, const char *fmt, ...)
    BULLA_PRINTF(3, 4);

/* BULLA_E_NOMEM, "out of memory". */
BULLA_API bool bulla_error_nomem(struct bulla_error *err);

/* Puts "TEXT: " before the message that is there. Returns false. */
BULLA_API bool bulla_error_while(struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(2, 3);

/*
 * Says where, as far as ERR does not yet: FILE (may be NULL) is copied. A lack of memory has no
 * place. Returns false.
 */
BULLA_API bool bulla_error_place(struct bulla_error *err, const char *file, struct bulla_pos pos);

/* Sets the hint, one thing to do next. Returns false. */
BULLA_API bool bulla_error_hint(struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* What an analyzer that reads one file at a time cannot see: each of these returns false. */
#if defined(__clang_analyzer__) || defined(BULLA_ANALYZER)
#define bulla_error(...) (bulla_error(__VA_ARGS__), false)
#define bulla_error_at(...) (bulla_error_at(__VA_ARGS__), false)
#define bulla_error_sys(...) (bulla_error_sys(__VA_ARGS__), false)
#define bulla_error_nomem(...) (bulla_error_nomem(__VA_ARGS__), false)
#define bulla_error_while(...) (bulla_error_while(__VA_ARGS__), false)
#define bulla_error_place(...) (bulla_error_place(__VA_ARGS__), false)
#define bulla_error_hint(...) (bulla_error_hint(__VA_ARGS__), false)
#endif

/* Empties ERR, for a caller that has dealt with the failure. */
BULLA_API void bulla_error_clear(struct bulla_error *err);

/*
 * Writes "FILE:LINE:COL: error: MESSAGE" LF and, where there is one, "  hint: HINT" LF to OUT, cut
 * to CAP bytes with a NUL.
 */
BULLA_API void bulla_error_format(const struct bulla_error *err, char *out, size_t cap);

/* The exit status for CODE: docs/commands.md, Exit status. */
BULLA_API int bulla_code_exit(enum bulla_code code);

/* One row of the table of exit statuses: number and what it means. NULL text ends it. */
struct bulla_exit_status {
    int status;
    const char *meaning;
};

/* The table that bulla_code_exit follows and that the manual prints; static. */
BULLA_API const struct bulla_exit_status *bulla_exit_statuses(void);

#endif
