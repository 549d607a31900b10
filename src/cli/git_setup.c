#include "git_setup.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "env.h"
#include "git.h"
#include "git_attribute.h"
#include "git_run.h"
#include "message.h"
#include "process.h"
#include "staged_vaults.h"
#include "workspace.h"

#define VAULT_FOLDER WORKSPACE_VAULT_FOLDER "/"
#define ODD_CHARS (BULLA_MAX_MEMBER_BYTES + sizeof ".vault")
#define ANSWER_BYTES ((size_t)64 * 1024)
#define HOOK_BYTES ((size_t)1024 * 1024)
#define PATH_BYTES 4096
#define TEXTCONV_KEY "diff.bulla.textconv"
#define TEXTCONV_WORDS " git textconv"
#define HOOK_WORDS "git pre-commit"
#define HOOK_OF_COMMIT "hooks/pre-commit"
/* What git's sample of a pre-merge-commit has: it runs the other hook. */
#define RUNS_HOOK_OF_COMMIT "exec \"$GIT_DIR/hooks/pre-commit\""
#define HOOK_MARK "# Written by 'bulla git install'; 'bulla git uninstall' takes it away.\n"

/* The first line of what git prints, in *RET_LINE, owned; NULL where it fails or prints nothing. */
static bool ask_line(const char *const args[GIT_ARGS], char **ret_line, struct bulla_error *err)
{
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_BYTES);
    *ret_line = NULL;
    if (!git_run(args, -1, ANSWER_BYTES, &answer, &status, err)) {
        return false;
    }
    if (status < 0) {
        (void)bulla_error(err, BULLA_E_IO, "git cannot be started");
        return bulla_error_hint(err, "is it installed?");
    }
    const char *text = status == 0 ? bulla_buf_text(&answer, err) : NULL;
    if (text == NULL || text[0] == '\0') {
        return err->code == BULLA_OK;
    }
    *ret_line = bulla_strndup(text, strcspn(text, "\n"), err);
    return *ret_line != NULL;
}

/*
 * Whether each folder of PATH is absolute: in another one, "" too, a shell would find a program of
 * the work tree's.
 */
static bool is_absolute(const char *path)
{
    for (;;) {
        if (path[0] != '/') {
            return false;
        }
        path += strcspn(path, ":");
        if (path[0] == '\0') {
            return true;
        }
        path++;
    }
}

/* Whether a shell's first "bulla" of PATH is the program that runs, in whatever folder. */
static bool is_found_by_name(const char *path, bool *ret_is, struct bulla_error *err)
{
    struct stat own;
    struct stat found;
    bulla_auto_str program = NULL;
    *ret_is = false;
    if (path == NULL || !is_absolute(path)) {
        return true;
    }
    if (!bulla_program_find(path, "bulla", &program, err)) {
        return false;
    }
    *ret_is = program != NULL && stat(program, &found) == 0 && stat("/proc/self/exe", &own) == 0 &&
              found.st_dev == own.st_dev && found.st_ino == own.st_ino;
    return true;
}

/* By its name where that finds it, so that an update stays found; else by where it is. */
static char *name_program(struct bulla_error *err)
{
    char path[PATH_BYTES];
    bool is_by_name = false;
    bulla_auto_buf quoted;
    bulla_buf_init(&quoted, 4 * sizeof path);
    if (!is_found_by_name(env_lookup("PATH"), &is_by_name, err)) {
        return NULL;
    }
    if (is_by_name) {
        return bulla_strdup("bulla", err);
    }
    ssize_t len = readlink("/proc/self/exe", path, sizeof path);
    if (len <= 0 || (size_t)len == sizeof path) {
        (void)bulla_error_sys(err, "/proc/self/exe", "cannot tell where this program is");
        return NULL;
    }
    bulla_buf_putc(&quoted, '\'');
    for (ssize_t i = 0; i < len; i++) {
        if (path[i] == '\'') {
            bulla_buf_puts(&quoted, "'\\''");
        } else {
            bulla_buf_putc(&quoted, path[i]);
        }
    }
    bulla_buf_putc(&quoted, '\'');
    const char *text = bulla_buf_text(&quoted, err);
    return text != NULL ? bulla_strdup(text, err) : NULL;
}

static bool find_hook(struct git_setup *setup, enum git_hook which, struct bulla_error *err)
{
    static const char *const names[] = {HOOK_OF_COMMIT, "hooks/pre-merge-commit"};
    const char *const path[GIT_ARGS] = {GIT_GUARDED,  setup->tree,  "rev-parse",
                                        "--git-path", names[which], NULL};
    bulla_auto_str hook = NULL;
    if (!ask_line(path, &hook, err)) {
        return false;
    }
    if (hook == NULL) {
        (void)bulla_error(err, BULLA_E_IO, "git does not tell where its hooks are");
        return bulla_error_hint(err, "git status says what keeps it from reading the repository");
    }
    setup->hooks[which] = bulla_path_join(setup->tree, hook, err);
    return setup->hooks[which] != NULL;
}

static bool find_hooks(struct git_setup *setup, struct bulla_error *err)
{
    const char *const scope[GIT_ARGS] = {GIT_GUARDED, setup->tree,      "config", "--show-scope",
                                         "--get",     "core.hooksPath", NULL};
    bulla_auto_str said = NULL;
    if (!ask_line(scope, &said, err)) {
        return false;
    }
    setup->is_shared = said != NULL && strncmp(said, "local", strlen("local")) != 0 &&
                       strncmp(said, "worktree", strlen("worktree")) != 0;
    return find_hook(setup, GIT_HOOK_COMMIT, err) && find_hook(setup, GIT_HOOK_MERGE, err);
}

bool git_setup_open(struct git_setup *ret, const struct invocation *in, struct bulla_error *err)
{
    *ret = (struct git_setup){.in = in};
    if (!workspace_find(in, &ret->root, err) ||
        !git_find_work_tree(ret->root, &ret->tree, &ret->below, err)) {
        return false;
    }
    if (ret->tree == NULL) {
        (void)bulla_error_at(err, BULLA_E_MISSING, ret->root, (struct bulla_pos){0, 0},
                             "is in no git work tree");
        return bulla_error_hint(err, "git init makes one");
    }
    ret->program = name_program(err);
    return ret->program != NULL && find_hooks(ret, err);
}

void git_setup_release(struct git_setup *setup)
{
    bulla_free(setup->root);
    bulla_free(setup->tree);
    bulla_free(setup->below);
    bulla_free(setup->program);
    for (int which = 0; which < GIT_HOOKS; which++) {
        bulla_free(setup->hooks[which]);
    }
}

/* Whether git merges the vault NAME by union and shows it by our text. */
static bool has_attributes_of(const struct git_setup *setup, const char *name, bool *ret_has,
                              struct bulla_error *err)
{
    bool is_shown = false;
    bool is_merged = false;
    bulla_auto_str path = bulla_asprintf(err, "%s" VAULT_FOLDER "%s", setup->below, name);
    if (path == NULL || !git_attribute_is(setup->tree, path, "diff", "bulla", &is_shown, err) ||
        !git_attribute_is(setup->tree, path, "merge", "union", &is_merged, err)) {
        return false;
    }
    *ret_has = is_shown && is_merged;
    return true;
}

/* The same for vaults in general, and for each that is there: a line may be about one of them. */
static bool has_attributes(const struct git_setup *setup, char ret_odd[static ODD_CHARS],
                           bool *ret_has, struct bulla_error *err)
{
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    (void)snprintf(ret_odd, ODD_CHARS, "any.vault");
    bulla_auto_str folder = bulla_path_join(setup->root, VAULT_FOLDER, err);
    if (folder == NULL || !has_attributes_of(setup, ret_odd, ret_has, err)) {
        return false;
    }
    DIR *dir = opendir(folder);
    bool ok = true;
    for (const struct dirent *entry = NULL;
         ok && *ret_has && dir != NULL && (entry = readdir(dir)) != NULL;) {
        bulla_auto_str path = bulla_asprintf(err, VAULT_FOLDER "%s", entry->d_name);
        ok = path != NULL;
        if (ok && staged_vault_is(path, environment)) {
            (void)snprintf(ret_odd, ODD_CHARS, "%s.vault", environment);
            ok = has_attributes_of(setup, ret_odd, ret_has, err);
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    return ok;
}

bool git_setup_attributes(const struct git_setup *setup, bool *ret_changed, struct bulla_error *err)
{
    bool has = false;
    char odd[ODD_CHARS];
    *ret_changed = false;
    if (!has_attributes(setup, odd, &has, err) || has) {
        return err->code == BULLA_OK;
    }
    bulla_auto_str path = bulla_path_join(setup->root, ".bulla/.gitattributes", err);
    bulla_auto_str folder = path != NULL ? bulla_path_dir(path, err) : NULL;
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    mode_t umask = setup->in->process->umask;
    if (folder == NULL || !bulla_file_check_no_link(path, err) ||
        !bulla_dir_make(folder, 0777 & ~umask, err) ||
        (bulla_file_is_regular(path) && !bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err))) {
        return false;
    }
    if (text.len > 0 && text.data[text.len - 1] != '\n') {
        bulla_buf_putc(&text, '\n');
    }
    bulla_buf_puts(&text, text.len > 0 ? GIT_VAULT_PATTERN : GIT_VAULT_ATTRIBUTES);
    if (!bulla_buf_ok(&text, err) ||
        !bulla_file_replace(path, 0666 & ~umask, bulla_buf_view(&text), err) ||
        !has_attributes(setup, odd, &has, err)) {
        return false;
    }
    *ret_changed = true;
    if (!has) {
        message_warn(setup->in, "attributes of this clone stand against '*.vault merge=union "
                                "diff=bulla'");
        bulla_auto_str vault = bulla_asprintf(err, "%s" VAULT_FOLDER "%s", setup->below, odd);
        bulla_auto_str word = vault != NULL ? bulla_word(vault, err) : NULL;
        if (word == NULL) {
            return false;
        }
        message_hint(setup->in,
                     "git check-attr -a -- %s shows them, .git/info/attributes may have them",
                     word);
    }
    return true;
}

static bool read_textconv(const struct git_setup *setup, char **ret_command, bool *ret_ours,
                          struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, setup->tree,  "config", "--local",
                                        "--get",     TEXTCONV_KEY, NULL};
    if (!ask_line(args, ret_command, err)) {
        return false;
    }
    size_t len = *ret_command != NULL ? strlen(*ret_command) : 0;
    size_t words = strlen(TEXTCONV_WORDS);
    *ret_ours = len > words && strcmp(*ret_command + len - words, TEXTCONV_WORDS) == 0;
    return true;
}

/* Has git change its configuration of the clone. */
static bool configure(const char *const args[GIT_ARGS], struct bulla_error *err)
{
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_BYTES);
    if (!git_run(args, -1, ANSWER_BYTES, &answer, &status, err)) {
        return false;
    }
    if (status != 0) {
        (void)bulla_error(err, BULLA_E_IO, "git cannot change the configuration of this clone");
        return bulla_error_hint(err, "is .git/config writable, and locked by no other git?");
    }
    return true;
}

bool git_setup_add_textconv(const struct git_setup *setup, bool *ret_changed, bool *ret_foreign,
                            struct bulla_error *err)
{
    bulla_auto_str present = NULL;
    bulla_auto_str wanted = bulla_asprintf(err, "%s" TEXTCONV_WORDS, setup->program);
    bool is_ours = false;
    if (wanted == NULL || !read_textconv(setup, &present, &is_ours, err)) {
        return false;
    }
    *ret_foreign = present != NULL && !is_ours;
    *ret_changed = !*ret_foreign && (present == NULL || strcmp(present, wanted) != 0);
    const char *const args[GIT_ARGS] = {GIT_GUARDED,  setup->tree, "config", "--local",
                                        TEXTCONV_KEY, wanted,      NULL};
    return !*ret_changed || configure(args, err);
}

bool git_setup_remove_textconv(const struct git_setup *setup, bool *ret_changed,
                               struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, setup->tree,  "config", "--local",
                                        "--unset",   TEXTCONV_KEY, NULL};
    bulla_auto_str present = NULL;
    if (!read_textconv(setup, &present, ret_changed, err)) {
        return false;
    }
    return !*ret_changed || configure(args, err);
}

/* The hook that is there: its text, whether it is all ours, and whether it calls us. */
struct hook {
    struct bulla_buf text;
    bool is_there, is_ours, calls_us;
};

static bool read_hook(const char *path, enum git_hook which, struct hook *hook,
                      struct bulla_error *err)
{
    struct stat st;
    *hook = (struct hook){.is_there = lstat(path, &st) == 0};
    bulla_buf_init(&hook->text, HOOK_BYTES);
    if (!hook->is_there && errno != ENOENT && errno != ENOTDIR) {
        return bulla_error_sys(err, path, "cannot look at");
    }
    if (!hook->is_there || !bulla_file_is_regular(path)) {
        return true;
    }
    if (!bulla_file_read(path, HOOK_BYTES, &hook->text, err)) {
        return false;
    }
    const char *text = bulla_buf_text(&hook->text, err);
    if (text == NULL) {
        return false;
    }
    hook->is_ours = S_ISREG(st.st_mode) && strstr(text, HOOK_MARK) != NULL;
    hook->calls_us = strstr(text, HOOK_WORDS) != NULL ||
                     (which == GIT_HOOK_MERGE && strstr(text, RUNS_HOOK_OF_COMMIT) != NULL);
    return true;
}

static void write_script(const struct git_setup *setup, struct bulla_buf *out)
{
    bulla_buf_printf(out,
                     "#!/bin/sh\n" HOOK_MARK "if ! command -v %s >/dev/null 2>&1; then\n"
                     "  echo 'bulla is not there, so no vault was checked; git commit --no-verify "
                     "goes on' >&2\n"
                     "  exit 1\n"
                     "fi\n"
                     "exec %s " HOOK_WORDS "\n",
                     setup->program, setup->program);
}

bool git_setup_is_installed(const struct git_setup *setup, bool *ret_installed,
                            struct bulla_error *err)
{
    struct hook hook;
    if (!read_hook(setup->hooks[GIT_HOOK_COMMIT], GIT_HOOK_COMMIT, &hook, err)) {
        return false;
    }
    *ret_installed = setup->is_shared || hook.is_ours || hook.calls_us;
    bulla_buf_release(&hook.text);
    return true;
}

bool git_setup_add_hook(const struct git_setup *setup, enum git_hook which, bool *ret_changed,
                        bool *ret_foreign, struct bulla_error *err)
{
    const char *path = setup->hooks[which];
    struct hook hook;
    bulla_auto_buf script;
    bulla_buf_init(&script, HOOK_BYTES);
    write_script(setup, &script);
    bool ok = bulla_buf_ok(&script, err) && read_hook(path, which, &hook, err);
    if (!ok) {
        return false;
    }
    bool is_same = bulla_bytes_equal(bulla_buf_view(&hook.text), bulla_buf_view(&script));
    *ret_foreign = !hook.is_ours && !hook.calls_us && (hook.is_there || setup->is_shared);
    *ret_changed =
        !*ret_foreign && !is_same && (hook.is_ours || !hook.is_there) && !setup->is_shared;
    bulla_buf_release(&hook.text);
    if (!*ret_changed) {
        return true;
    }
    bulla_auto_str folder = bulla_path_dir(path, err);
    mode_t umask = setup->in->process->umask;
    return folder != NULL && bulla_dir_make(folder, 0777 & ~umask, err) &&
           bulla_file_replace(path, 0777 & ~umask, bulla_buf_view(&script), err);
}

bool git_setup_remove_hook(const struct git_setup *setup, enum git_hook which, bool *ret_changed,
                           struct bulla_error *err)
{
    const char *path = setup->hooks[which];
    struct hook hook;
    bool ok = read_hook(path, which, &hook, err);
    bulla_buf_release(&hook.text);
    if (!ok) {
        return false;
    }
    *ret_changed = hook.is_ours;
    return !hook.is_ours || unlink(path) == 0 || bulla_error_sys(err, path, "cannot remove");
}
