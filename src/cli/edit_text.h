/*
 * An environment as a text that somebody edits, and what the edited text asks for: `bulla edit`.
 */
#ifndef BULLA_CLI_EDIT_TEXT_H
#define BULLA_CLI_EDIT_TEXT_H

#include "bulla/dotenv.h"
#include "workspace.h"

enum edit_state {
    EDIT_UNSET,
    EDIT_SET,
    EDIT_CONTESTED, /* branches disagree: it has a comment, and no line is taken */
    EDIT_UNSHOWN    /* its value is no text, or no key opens it: it has a comment */
};

enum edit_change { EDIT_KEEP, EDIT_ASSIGN, EDIT_REMOVE };

/* One name of the contract that has values of its own, or of the vault alone. */
struct edit_row {
    const char *name;
    struct bulla_variable variable; /* where is_known */
    bool is_known;                  /* the contract has it */
    enum edit_state state;
    struct bulla_bytes value;          /* SET: as the text was made from it; locked memory */
    char id[BULLA_VAULT_ID_CHARS + 1]; /* of that version, "" for none */
    /* What was read. */
    enum edit_change change;
    struct bulla_bytes wanted; /* ASSIGN: lives as long as the text that was read */
    struct bulla_pos pos;
    bool is_there;
};

struct edit {
    const struct workspace *ws; /* its contract and environment have to outlive the edit */
    char *file;                 /* the text's name in messages: "dev.env" */
    struct bulla_arena *arena;  /* values that were shown */
    struct edit_row *rows;      /* in the contract's order, then the vault's */
    size_t count;
    struct bulla_dotenv *read;
    size_t problems;      /* of the text that was read last, told as they were found */
    enum bulla_code code; /* of the first of them */
};

/* What the vault, which is open, has. BULLA_E_NOMEM, BULLA_E_VERIFY. Release it in every case. */
BULLA_MUST_CHECK bool edit_load(struct edit *ret, const struct workspace *ws,
                                struct bulla_error *err);
void edit_release(struct edit *edit);

/*
 * Appends the text to a secret buffer, and makes sure that it reads back to the same values.
 * BULLA_E_LIMIT, BULLA_E_NOMEM, BULLA_E_BUG.
 */
BULLA_MUST_CHECK bool edit_write(struct edit *edit, struct bulla_buf *text,
                                 struct bulla_error *err);

/*
 * Reads TEXT, fills the rows' changes and counts the problems, each of which is told with its
 * place. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool edit_read(struct edit *edit, struct bulla_bytes text,
                                struct bulla_error *err);

/* Tells PROBLEM, its place being the row's, and counts it. */
void edit_problem(struct edit *edit, const struct edit_row *row, enum bulla_code code,
                  const char *fmt, ...) BULLA_PRINTF(4, 5);

/*
 * Compares what the vault has now with what the text was made from. Names that somebody else has
 * changed too are problems; a comment with what is there now is put before TEXT, and that is what
 * the text is compared with from then on. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool edit_rebase(struct edit *edit, struct bulla_buf *text,
                                  struct bulla_error *err);

#endif
