#include "chosen_path.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git.h"

#define OUTPUT_REMEDY "name another file with 'output' in the contract, or with --output"
#define TEMPLATE_REMEDY "name a file of the project with 'template' in the contract"

/* A path that the contract names, and the setting that does. */
struct choice {
    const struct workspace *ws;
    const char *path;
    struct bulla_pos pos;
    const char *remedy;
};

static bool refuse(const struct choice *choice, struct bulla_error *err, const char *why, ...)
    BULLA_PRINTF(3, 4);

static bool refuse(const struct choice *choice, struct bulla_error *err, const char *why, ...)
{
    char text[sizeof err->message];
    va_list args;
    va_start(args, why);
    (void)vsnprintf(text, sizeof text, why, args);
    va_end(args);
    (void)bulla_error_at(err, BULLA_E_REFUSED, choice->ws->contract_path, choice->pos, "'%s' %s",
                         choice->path, text);
    return bulla_error_hint(err, "%s", choice->remedy);
}

/* The folder of PATH with its links followed, and PATH's own name in it; owned. */
static char *resolve_folder(const char *path, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL) {
        return NULL;
    }
    bulla_auto_str real = realpath(folder, NULL);
    if (real == NULL) {
        (void)bulla_error_sys(err, folder, "cannot find the folder");
        return NULL;
    }
    return bulla_path_join(real, bulla_path_base(path), err);
}

/* True where FOLDER is what git takes for a repository, whatever it is called. */
static bool is_git_folder(const char *folder, bool *ret_is, struct bulla_error *err)
{
    static const char *const parts[] = {"HEAD", "objects", "refs"};
    *ret_is = true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && *ret_is; i++) {
        bulla_auto_str part = bulla_path_join(folder, parts[i], err);
        if (part == NULL) {
            return false;
        }
        *ret_is = access(part, F_OK) == 0;
    }
    return true;
}

/*
 * What version control systems keep for themselves, with settings and hooks that start programs: no
 * clone brings a file there, so the contract may not either. What a repository can have in it
 * (`.github`, `.devcontainer`) needs no contract to get there.
 */
static const char *const kept[] = {".git",      ".bulla",   ".hg",  ".jj",    ".sl",
                                   ".svn",      "CVS",      ".bzr", "_darcs", ".pijul",
                                   ".fslckout", "_FOSSIL_", ".repo"};

/* None of the names that lead from ROOT to REAL may be one of those. */
static bool check_names(const struct choice *choice, const char *root, const char *real,
                        struct bulla_error *err)
{
    const char *rest = workspace_below(real, root);
    if (rest == NULL) {
        return refuse(choice, err, "lies outside the folder of %s", choice->ws->contract_path);
    }
    for (const char *at = rest; *at != '\0';) {
        size_t len = strcspn(at, "/");
        for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
            /* Some file systems take .GIT for .git. */
            if (len == strlen(kept[i]) && strncasecmp(at, kept[i], len) == 0) {
                return refuse(choice, err, "lies in '%s'", kept[i]);
            }
        }
        if (at[len] == '\0') {
            break;
        }
        at += len + 1;
        bulla_auto_str folder = bulla_strndup(real, (size_t)(at - 1 - real), err);
        bool is_git = false;
        if (folder == NULL || !is_git_folder(folder, &is_git, err)) {
            return false;
        }
        if (is_git) {
            return refuse(choice, err, "lies in a git directory, '%s'", folder);
        }
    }
    return true;
}

static char *real_root(const struct workspace *ws, struct bulla_error *err)
{
    char *root = realpath(ws->root, NULL);
    if (root == NULL) {
        (void)bulla_error_sys(err, ws->root, "cannot find the folder");
    }
    return root;
}

/* NAME is the project's file, from the folder of the contract. */
static bool check_other_file(const struct choice *choice, const char *name, const char *what,
                             struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(choice->ws->root, name, err);
    if (path == NULL) {
        return false;
    }
    return !bulla_file_is_same(choice->path, path) ||
           refuse(choice, err, "is %s, '%s'", what, name);
}

/* Compose reads these unasked, wherever it is started: they must not come into being either. */
static bool is_found_by_compose(const char *name)
{
    static const char *const stems[] = {"compose", "docker-compose"};
    static const char *const ends[] = {".yaml", ".yml", ".override.yaml", ".override.yml"};
    for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
        size_t len = strlen(stems[i]);
        for (size_t j = 0; strncasecmp(name, stems[i], len) == 0 && j < sizeof ends / sizeof *ends;
             j++) {
            if (strcasecmp(name + len, ends[j]) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool check_compose_files(const struct choice *choice, struct bulla_error *err)
{
    const struct bulla_contract *contract = choice->ws->contract;
    if (is_found_by_compose(bulla_path_base(choice->path))) {
        return refuse(choice, err, "has the name of a compose file");
    }
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        const char *const *files = bulla_contract_environment(contract, i)->compose;
        for (size_t j = 0; files != NULL && files[j] != NULL; j++) {
            if (!check_other_file(choice, files[j], "a compose file", err)) {
                return false;
            }
        }
    }
    return true;
}

static bool check_template_is_other(const struct choice *choice, struct bulla_error *err)
{
    const char *name = choice->ws->environment->template_file;
    bulla_auto_str path = name == NULL ? NULL : workspace_project_path(choice->ws, name, err);
    if (name == NULL || path == NULL) {
        return name == NULL;
    }
    return !bulla_file_is_same(choice->path, path) || refuse(choice, err, "is the template");
}

static struct choice output_choice(const struct workspace *ws, const char *path)
{
    return (struct choice){ws, path, ws->environment->output_pos, OUTPUT_REMEDY};
}

bool chosen_path_check_output(const struct workspace *ws, const char *path, struct bulla_error *err)
{
    const struct choice choice = output_choice(ws, path);
    struct stat st;
    if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
        return refuse(&choice, err, "is a symbolic link");
    }
    bulla_auto_str root = real_root(ws, err);
    bulla_auto_str real = root != NULL ? resolve_folder(path, err) : NULL;
    return real != NULL && check_names(&choice, root, real, err) &&
           check_other_file(&choice, bulla_path_base(ws->contract_path), "the contract", err) &&
           check_compose_files(&choice, err) && check_template_is_other(&choice, err);
}

bool chosen_path_check_untracked(const struct workspace *ws, const char *path, bool has_secrets,
                                 struct bulla_error *err)
{
    const struct choice choice = output_choice(ws, path);
    enum bulla_git_state state = BULLA_GIT_UNKNOWN;
    if (!git_file_state(path, &state, err)) {
        return false;
    }
    if (state != BULLA_GIT_TRACKED) {
        return true;
    }
    if (!has_secrets) {
        return refuse(&choice, err, "is tracked by git, and no file in Compose's notation");
    }
    (void)refuse(&choice, err, "is tracked by git, and would hold what the vault seals");
    bulla_auto_str word = git_path_word(path, err);
    return word != NULL &&
           bulla_error_hint(err, "git rm --cached %s, and add it to .gitignore", word);
}

bool chosen_path_check_template(const struct workspace *ws, const char *path,
                                struct bulla_error *err)
{
    const struct choice choice = {ws, path, ws->environment->template_pos, TEMPLATE_REMEDY};
    bulla_auto_str real = realpath(path, NULL);
    if (real == NULL) {
        return true;
    }
    bulla_auto_str root = real_root(ws, err);
    return root != NULL && check_names(&choice, root, real, err);
}
