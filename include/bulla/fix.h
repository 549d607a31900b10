/*
 * Mending what a check has found, where that is safe. A plan holds every byte that would change
 * before anything is written; applying it changes nothing else, and a second plan is empty.
 */
#ifndef BULLA_FIX_H
#define BULLA_FIX_H

#include <sys/types.h>

#include "bulla/check.h"

/* What to mend, and with what. Borrowed until the plan is freed. */
struct bulla_fix_input {
    const struct bulla_check_input *checked; /* what REPORT comes from; its root must be there */
    const struct bulla_report *report;       /* a finding that it leaves out stays as it is */
    const char *output_path; /* opens what checked->output.path names; NULL: there is none */
    const char *no_values;   /* why no value can be made here; NULL: they can be */
    mode_t new_mode;         /* of a file that is made, an ignore file: 0666 less the umask */
};

enum bulla_fix_kind {
    BULLA_FIX_TEXT, /* bytes of a file change: bulla_fix_file */
    BULLA_FIX_MODE, /* nobody but its owner may read a file any more */
    BULLA_FIX_VALUE /* a value is made for `variable`: the caller does it, since it takes a key */
};

/* One thing that is mended. Strings are owned by the plan. */
struct bulla_fix {
    enum bulla_fix_kind kind;
    const char *rule;     /* of the finding: "B201" */
    const char *file;     /* that changes, as findings name it; NULL for a value */
    struct bulla_pos pos; /* of the finding, where that is in this file */
    const char *variable; /* of the finding, or NULL */
    const char *message;  /* what is done, one line: "quotes the value" */
};

/* LEN bytes at OFFSET of a file become TEXT. */
struct bulla_fix_edit {
    size_t offset;
    size_t len;
    struct bulla_bytes text;
};

/* A file whose bytes change. */
struct bulla_fix_file {
    const char *name; /* as findings name it */
    const char *path; /* opens it */
    bool is_new;      /* it is not there yet */
    bool is_env;      /* an env file: what stands behind its names is not for showing */
    struct bulla_bytes before;
    struct bulla_bytes after;
    const struct bulla_fix_edit *edits; /* in ascending order, none over another */
    size_t edit_count;
};

/* A finding of a rule that has a fix, and why it stays. */
struct bulla_unfixed {
    const struct bulla_finding *finding; /* of the report */
    const char *reason;                  /* one line, without a value */
};

struct bulla_fix_plan;

/*
 * Plans the fixes for the findings of INPUT->report. A compose file is parsed again with its edits:
 * where any scalar but the mended ones would change, where a mended one would not decode to what
 * its author wrote, or where the finding would stay, the file is left alone and its findings are
 * unfixed. Nothing is written. The caller owns the plan: bulla_fix_plan_free. NULL with
 * BULLA_E_NOMEM, BULLA_E_IO or BULLA_E_LIMIT (a file that was read before and cannot be now).
 */
BULLA_API struct bulla_fix_plan *bulla_fix_plan_new(const struct bulla_fix_input *input,
                                                    struct bulla_error *err);
BULLA_API void bulla_fix_plan_free(struct bulla_fix_plan *plan);

BULLA_API size_t bulla_fix_count(const struct bulla_fix_plan *plan);
BULLA_API const struct bulla_fix *bulla_fix_get(const struct bulla_fix_plan *plan, size_t index);
BULLA_API size_t bulla_fix_file_count(const struct bulla_fix_plan *plan);
BULLA_API const struct bulla_fix_file *bulla_fix_file(const struct bulla_fix_plan *plan,
                                                      size_t index);
BULLA_API size_t bulla_fix_unfixed_count(const struct bulla_fix_plan *plan);
BULLA_API const struct bulla_unfixed *bulla_fix_unfixed(const struct bulla_fix_plan *plan,
                                                        size_t index);

/*
 * Writes the texts and modes of PLAN; values are the caller's. Every file is compared with what was
 * planned on before the first is written, and replaced whole with its mode and owner kept (a
 * symbolic link stays, its target is replaced). BULLA_E_REFUSED where a file has changed since;
 * where a write fails, files written before it are mended and a new plan has the rest. BULLA_E_IO.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_fix_apply(const struct bulla_fix_plan *plan,
                                                struct bulla_error *err);

/* What `check --fix` does about RULE ("B201"), one line without a subject; NULL where nothing. */
BULLA_API const char *bulla_fix_of_rule(const char *rule);

/* What stands before the lines that bulla adds to an ignore file. */
#define BULLA_IGNORE_HEADING "# Rendered by bulla: secrets"

/* Which tool reads an ignore file: they anchor patterns differently. */
enum bulla_ignore_reader { BULLA_IGNORE_GIT, BULLA_IGNORE_DOCKER };

/*
 * Appends lines to TEXT (an ignore file's) so that PATH, relative to the file's folder, and what an
 * interrupted write leaves beside it are ignored; nothing where its last word on PATH is that
 * already. HEADING ("# …") stands before them. *ret_added says whether. A failure to append sticks
 * to TEXT. BULLA_E_NOMEM, BULLA_E_LIMIT.
 */
BULLA_API BULLA_MUST_CHECK bool bulla_ignore_add(struct bulla_buf *text,
                                                 enum bulla_ignore_reader reader, const char *path,
                                                 const char *heading, bool *ret_added,
                                                 struct bulla_error *err);

BULLA_DEFINE_AUTO(bulla_auto_fix_plan_p, struct bulla_fix_plan *, bulla_fix_plan_free)
#define bulla_auto_fix_plan BULLA_AUTO(bulla_auto_fix_plan_p) struct bulla_fix_plan *

#endif
