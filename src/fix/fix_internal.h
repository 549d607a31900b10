/* What the fixers share: the plan while it is made. */
#ifndef BULLA_FIX_FIX_INTERNAL_H
#define BULLA_FIX_FIX_INTERNAL_H

#include "base/pool.h"
#include "bulla/fix.h"
#include "compose/repair.h"

struct edits {
    struct bulla_fix_edit *items;
    size_t count;
    size_t cap;
};

/* A scalar that YAML cuts, and what was planned for it. */
struct scalar {
    struct yaml_node *node; /* its mark is this scalar's number, from 1 */
    struct bulla_pos end;   /* behind it */
    bool is_key;
    bool is_mended;
};

/* A file that is or may be changed. Its bytes are public: values stand in no file that we edit. */
struct file {
    struct bulla_fix_file info;
    char *real; /* its path with links followed: a file is here once */
    struct bulla_buf before;
    struct bulla_buf after;
    struct edits edits;
    /* A compose file's: */
    bool is_parsed;
    struct yaml_source source;
    size_t shift; /* what the source's offsets lack: a byte order mark */
    bool is_utf16;
    struct repaired repaired;
    struct scalar *scalars;
    size_t scalar_count;
    size_t scalar_cap;
    size_t swaps; /* "?:" that become ":?" */
};

struct fix {
    struct bulla_fix info;
    const struct bulla_finding *finding;
};

struct list {
    void **items;
    size_t count;
    size_t cap;
};

struct bulla_fix_plan {
    const struct bulla_fix_input *input;
    struct pool *pool;
    struct list fixes;   /* struct fix */
    struct list files;   /* struct file; those that stay as they are too until the plan is done */
    struct list unfixed; /* struct bulla_unfixed */
};

/* Mends FINDING: adds a fix, or why it stays; neither where this fixer has nothing to do with it.
 */
typedef bool (*fixer_fn)(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                         struct bulla_error *err);

/* plan.c */
/* A fix for FINDING in FILE (as findings name it, or NULL). */
BULLA_MUST_CHECK bool plan_add(struct bulla_fix_plan *plan, enum bulla_fix_kind kind,
                               const struct bulla_finding *finding, const char *file,
                               const char *message, struct bulla_error *err);
/* FINDING stays, for REASON (copied). */
BULLA_MUST_CHECK bool plan_leave(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                                 struct bulla_error *err, const char *reason, ...)
    BULLA_PRINTF(4, 5);
/* True where the plan makes a value for VARIABLE already. */
bool plan_makes_value(const struct bulla_fix_plan *plan, const char *variable);

/* file.c */
/* The file at PATH, read; where nothing is there it is new and empty. */
BULLA_MUST_CHECK bool fixed_file_open(struct bulla_fix_plan *plan, const char *name,
                                      const char *path, struct file **ret_file,
                                      struct bulla_error *err);
/*
 * Whether PATH, links followed, lies in the folder that is checked: what a project includes from
 * elsewhere, or links to, is somebody else's to change.
 */
BULLA_MUST_CHECK bool fixed_file_is_ours(const struct bulla_fix_plan *plan, const char *path,
                                         bool *ret_is, struct bulla_error *err);
#define FIXED_ELSEWHERE "the file lies outside of this folder"
/* PATH as findings name it; borrowed from it. */
const char *fixed_file_name(const struct bulla_fix_plan *plan, const char *path);
/*
 * The compose file that FINDING stands in, with its place; NULL where it stands in none, or in one
 * that is not ours, which is said.
 */
BULLA_MUST_CHECK bool fixed_compose_file(struct bulla_fix_plan *plan,
                                         const struct bulla_finding *finding,
                                         struct file **ret_file, struct bulla_error *err);
/* LEN bytes at OFFSET of FILE become TEXT, which the pool copies. */
BULLA_MUST_CHECK bool fixed_file_edit(struct bulla_fix_plan *plan, struct file *file, size_t offset,
                                      size_t len, struct bulla_bytes text, struct bulla_error *err);
/* Puts FILE's text with its edits into `after`. */
BULLA_MUST_CHECK bool fixed_file_finish(struct file *file, struct bulla_error *err);
void fixed_file_release(struct file *file);

/* quote.c */
BULLA_MUST_CHECK bool fix_quotes(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                                 struct bulla_error *err);
/*
 * Plans quotes for the scalar of FILE that POS lies in; *ret_reason says why not, "" where no
 * scalar there is cut or it has its quotes by now, NULL where it is done.
 */
BULLA_MUST_CHECK bool quote_at(struct bulla_fix_plan *plan, struct file *file, struct bulla_pos pos,
                               const char **ret_reason, struct bulla_error *err);
/* Parses FILE for quote_at. */
BULLA_MUST_CHECK bool quote_parse(struct bulla_fix_plan *plan, struct file *file,
                                  struct bulla_error *err);

/* operator.c */
BULLA_MUST_CHECK bool fix_operator(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                                   struct bulla_error *err);

/* sample.c */
BULLA_MUST_CHECK bool fix_sample(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                                 struct bulla_error *err);

/* verify.c */
/* Whether FILE's `after` differs from `before` in nothing but quotes and swaps. */
BULLA_MUST_CHECK bool verify_quotes(const struct file *file, bool *ret_ok, struct bulla_error *err);

/* ignore.c */
BULLA_MUST_CHECK bool fix_gitignore(struct bulla_fix_plan *plan,
                                    const struct bulla_finding *finding, struct bulla_error *err);
BULLA_MUST_CHECK bool fix_dockerignore(struct bulla_fix_plan *plan,
                                       const struct bulla_finding *finding,
                                       struct bulla_error *err);

/* values.c */
BULLA_MUST_CHECK bool fix_mode(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                               struct bulla_error *err);
BULLA_MUST_CHECK bool fix_value(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                                struct bulla_error *err);

#endif
