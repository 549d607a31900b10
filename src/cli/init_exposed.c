/* Which of the imported secrets git knows already: whoever has a clone can read them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "env.h"
#include "git.h"
#include "git_versions.h"
#include "init.h"

/* An equal value under another name is the same secret where it is too long for chance. */
#define TELLING_BYTES 12
#define SEARCHED_BYTES ((size_t)256 * 1024) /* of a version that is no env file */

/* What was imported from one file, and what the history of that file held. */
struct past {
    const struct init_import *import;
    const char *path; /* of the file, for its versions' parser */
    bool *is_known;   /* for each name of the import */
    size_t count;     /* of those */
    bool is_partial;  /* what a version held is not all known */
};

/* True where one of ENTRIES holds VALUE, which NAME has now. */
static bool holds(const struct bulla_dotenv *entries, const char *name, struct bulla_bytes value)
{
    for (size_t i = 0; i < bulla_dotenv_count(entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(entries, i);
        bool is_same_name = bulla_bytes_are(entry->name, name);
        if (!entry->bare && (is_same_name || value.len >= TELLING_BYTES) &&
            bulla_secret_bytes_equal(entry->value, value)) {
            return true;
        }
    }
    return false;
}

/* A text that Compose would not read, with a conflict marker or an open quote, holds values too. */
static bool holds_text(struct bulla_bytes text, struct bulla_bytes value)
{
    text = bulla_bytes_slice(text, 0, SEARCHED_BYTES);
    return value.len >= TELLING_BYTES && memmem(text.data, text.len, value.data, value.len) != NULL;
}

/* One version of the file. */
static bool look_at_version(void *ctx, struct bulla_bytes text, struct bulla_error *err)
{
    struct past *past = ctx;
    const struct init_import *import = past->import;
    struct bulla_dotenv_options options = {.lookup = workspace_env_lookup};
    struct bulla_error unread = {0};
    bulla_auto_dotenv entries = bulla_dotenv_parse(text, past->path, &options, &unread);
    if (entries == NULL && unread.code == BULLA_E_NOMEM) {
        return bulla_error_nomem(err);
    }
    past->is_partial = past->is_partial || entries == NULL;
    for (size_t i = 0; i < import->count; i++) {
        const struct bulla_dotenv_entry *entry =
            bulla_dotenv_find(import->entries, bulla_bytes_of(import->names[i]));
        if (past->is_known[i] || entry == NULL) {
            continue;
        }
        if (entries != NULL ? holds(entries, import->names[i], entry->value)
                            : holds_text(text, entry->value)) {
            past->is_known[i] = true;
            past->count++;
        }
    }
    return true;
}

/* PATH from the root where it lies below that, for people; a part of it. */
static const char *shown_path(const struct init *init, const char *path)
{
    size_t len = strlen(init->root);
    bool is_below = strncmp(path, init->root, len) == 0 && path[len] == '/';
    return is_below ? path + len + 1 : path;
}

static bool mark(struct init *init, struct init_environment *done, const struct past *past,
                 bool in_past, struct bulla_error *err)
{
    const char *const *names = past->import->names;
    char why[160];
    (void)snprintf(why, sizeof why, in_past ? "git's history has it in %s" : "git has %s",
                   bulla_path_base(past->path));
    struct bulla_set_options options = {.why = why};
    for (size_t i = 0; i < past->import->count; i++) {
        struct bulla_secret_info info;
        bool is_there = past->is_known[i] && bulla_vault_find(done->ws.vault, names[i], &info) &&
                        info.current != NULL;
        if (is_there && !bulla_vault_mark(done->ws.vault, names[i], info.current->number,
                                          BULLA_MARK_EXPOSED, &options, init->now, err)) {
            return bulla_error_while(err, "marking '%s'", names[i]);
        }
        done->exposed += is_there;
    }
    /* What git still has is to be taken out of it: that file is named first. */
    if (init->exposed_file == NULL || (init->exposed_in_past && !in_past)) {
        bulla_free(init->exposed_file);
        init->exposed_file = bulla_strdup(shown_path(init, past->path), err);
        init->exposed_in_past = in_past;
    }
    return init->exposed_file != NULL;
}

/* Looks into the history of the file at PATH; what cannot be known is kept for the summary. */
static bool look_back(struct init *init, const char *path, struct past *past,
                      struct bulla_error *err)
{
    enum git_history history = GIT_HISTORY_WHOLE;
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL ||
        !git_versions_each(folder, bulla_path_base(path), look_at_version, past, &history, err)) {
        return false;
    }
    bool is_whole = history == GIT_HISTORY_WHOLE && !past->is_partial;
    if (is_whole || past->count == past->import->count || init->unknown_file != NULL) {
        return true;
    }
    init->unknown_why = history == GIT_HISTORY_UNKNOWN
                            ? "git does not answer: whether an older commit has "
                        : history == GIT_HISTORY_CUT
                            ? "this clone lacks older commits: whether one has "
                            : "not all older versions can be read: whether one has more of ";
    init->unknown_file = bulla_strdup(shown_path(init, path), err);
    return init->unknown_file != NULL;
}

static bool look_at_git(struct init *init, struct init_environment *done, const char *real,
                        struct past *past, struct bulla_error *err)
{
    bool is_tracked = false;
    bulla_auto_str folder = bulla_path_dir(real, err);
    if (folder == NULL || !git_has(folder, bulla_path_base(real), &is_tracked, err)) {
        return false;
    }
    if (is_tracked) {
        memset(past->is_known, true, past->import->count);
        return mark(init, done, past, false, err);
    }
    return look_back(init, real, past, err) &&
           (strcmp(real, past->import->path) == 0 ||
            look_back(init, past->import->path, past, err)) &&
           (past->count == 0 || mark(init, done, past, true, err));
}

bool init_mark_exposed(struct init *init, struct init_environment *done,
                       const struct init_import *import, struct bulla_error *err)
{
    if (import->count == 0) {
        return true;
    }
    /* What git keeps of a link is where it leads: the content is another file's. */
    bulla_auto_str real = realpath(import->path, NULL);
    bool *is_known = bulla_alloc(import->count, sizeof *is_known, err);
    struct past past = {.import = import, .path = real, .is_known = is_known};
    bool ok = is_known != NULL &&
              (real != NULL || bulla_error_sys(err, import->path, "cannot find")) &&
              look_at_git(init, done, real, &past, err);
    bulla_free(is_known);
    return ok;
}
