/* check --since: only findings of what changed since a revision of git. */
#ifndef BULLA_CLI_SINCE_H
#define BULLA_CLI_SINCE_H

#include "bulla/compose.h"
#include "bulla/report.h"
#include "git_objects.h"

struct since_file;

struct since {
    const struct bulla_project *project;
    const char *root; /* of the project: what findings name files from */
    const char *tree; /* the work tree, links resolved */
    struct git_objects objects;
    struct bulla_buf renames; /* "R100", old and new name, each with a NUL behind; then the next */
    bool has_renames;         /* git was asked for them */
    struct since_file *files; /* those that were asked about */
    size_t file_count;
    size_t file_cap;
};

/*
 * Compares with REVISION; PROJECT, its ROOT and the work tree TREE (NULL: there is none) are
 * borrowed. BULLA_E_MISSING without a work tree, BULLA_E_USAGE without such a commit, BULLA_E_IO
 * where git fails, BULLA_E_NOMEM. Release it in every case; one that was never opened may be
 * zeroed.
 */
BULLA_MUST_CHECK bool since_open(struct since *ret, const struct bulla_project *project,
                                 const char *root, const char *tree, const char *revision,
                                 struct bulla_error *err);
void since_release(struct since *since);

/*
 * A bulla_report_filter_fn with a struct since: keeps findings without a line, in files that the
 * revision has not (but for renamed ones), and on lines that it has not. git is asked at the first
 * finding of a file. BULLA_E_IO, BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool since_keeps(void *since, const struct bulla_finding *finding, bool *ret_keep,
                                  struct bulla_error *err);

#endif
