/* `bulla git pre-commit`: looks at what is about to be committed, in the index. */
#include <string.h>

#include "env.h"
#include "git.h"
#include "git_merged.h"
#include "git_staged.h"
#include "message.h"
#include "staged_keys.h"
#include "staged_moves.h"
#include "staged_outputs.h"
#include "staged_secrets.h"
#include "staged_vaults.h"
#include "workspace.h"

#define SHORT_ID_CHARS 12

/* The look at one index. */
struct look {
    const struct invocation *in;
    const char *tree;
    struct git_objects objects;
    struct staged_outputs outputs;
    struct staged_secrets secrets;
    struct staged_keys keys;
    const char *merged; /* the commit that is looked at beside HEAD */
    struct bulla_error
        found; /* the last problem: printed when there is another one, or at the end */
};

static void release_look(struct look *look)
{
    staged_keys_release(&look->keys);
    staged_secrets_release(&look->secrets);
    staged_outputs_release(&look->outputs);
    git_objects_close(&look->objects);
}

/*
 * Takes what is in ERR as a problem of the commit and goes on; false for what keeps us from looking
 * on.
 */
static bool take_problem(struct look *look, struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_IO) {
        return false;
    }
    if (look->found.code != BULLA_OK) {
        message_error(look->in, &look->found);
    }
    look->found = *err;
    bulla_error_clear(err);
    return true;
}

static bool refuse_lost(const char *path, const char *where, size_t missing, const char *first,
                        struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_VERIFY, path, (struct bulla_pos){0, 0},
                         "lacks %zu record%s that %.*s has, %.8s first", missing,
                         missing == 1 ? "" : "s", SHORT_ID_CHARS, where, first);
    return bulla_error_hint(err, "'bulla git fix' brings records back, 'bulla rollback' goes back "
                                 "to a value; git commit --no-verify commits it so");
}

/* The vault has to hold all that the commit WHERE ("HEAD", or an id) has of it. */
static bool check_descends(struct look *look, struct bulla_vault *vault, const char *path,
                           const char *where, struct bulla_error *err)
{
    bool found = false;
    struct bulla_vault_against against;
    bulla_auto_buf before;
    bulla_buf_init(&before, BULLA_MAX_VAULT_BYTES);
    bulla_auto_str name = bulla_asprintf(err, "%s:%s", where, path);
    if (name == NULL || !git_objects_get(&look->objects, name, &before, &found, err)) {
        return false;
    }
    if (!found || before.len == 0) {
        return true;
    }
    if (!bulla_vault_against(vault, bulla_buf_view(&before), &against, err)) {
        /* What is damaged there is mended by this commit, and no reason against it. */
        bool is_damaged = err->code == BULLA_E_SYNTAX || err->code == BULLA_E_LIMIT;
        if (is_damaged) {
            bulla_error_clear(err);
        }
        return is_damaged;
    }
    return against.missing == 0 ||
           refuse_lost(path, where, against.missing, against.first_missing, err);
}

static bool check_vault(struct look *look, const char *path, const char *environment,
                        struct bulla_error *err)
{
    bulla_auto_vault vault = staged_vault_open(&look->objects, path, environment, err);
    return vault != NULL && check_descends(look, vault, path, "HEAD", err);
}

static bool refuse_gone(struct look *look, const char *path, struct bulla_error *err)
{
    bool is_moved = false;
    if (!staged_moves_find(&look->objects, look->tree, look->in->env->git_index, NULL, path,
                           &is_moved, err) ||
        is_moved) {
        return is_moved;
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, path, (struct bulla_pos){0, 0},
                         "this commit would remove a vault with all of its values");
    bulla_auto_str word = git_path_word(path, err);
    return word != NULL &&
           bulla_error_hint(err,
                            "git restore --staged --worktree %s brings it back; git commit "
                            "--no-verify removes it",
                            word);
}

static bool check_output(struct look *look, const char *path, struct bulla_error *err)
{
    const char *environment = NULL;
    if (!staged_outputs_find(&look->outputs, path, &environment, err)) {
        return false;
    }
    if (environment == NULL) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "is the rendered file of '%s': it has the values in clear", environment);
    bulla_auto_str word = git_path_word(path, err);
    return word != NULL &&
           bulla_error_hint(err, "git rm --cached %s, and a line for it in .gitignore", word);
}

static bool refuse_secret(const char *path, const struct staged_secret *secret,
                          struct bulla_error *err)
{
    if (secret->kind == STAGED_SECRET_TOO_LARGE) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                             "is called as an env file and too large to be looked at");
    } else if (secret->kind == STAGED_SECRET_RESOURCE) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                             "is the file of the Compose secret %s: it has the value in clear",
                             secret->names);
    } else {
        (void)bulla_error_at(err, BULLA_E_REFUSED, path, secret->pos,
                             "sets %s in clear, by bulla.ini a secret", secret->names);
    }
    bulla_auto_str word = git_path_word(path, err);
    return word != NULL &&
           bulla_error_hint(err,
                            "git rm --cached %s, and a line for it in .gitignore; where it may be "
                            "there, 'ignore = B402 FILE reason' in bulla.ini",
                            word);
}

static bool check_secrets(struct look *look, const struct git_staged *file, struct bulla_error *err)
{
    struct staged_secret secret;
    bool is_ignored = false;
    if (!staged_secrets_find(&look->secrets, file, &secret, err)) {
        return false;
    }
    if (secret.kind == STAGED_SECRET_NONE) {
        return true;
    }
    return staged_outputs_ignore(&look->outputs, file->path, "B402", &is_ignored, err) &&
           (is_ignored || refuse_secret(file->path, &secret, err));
}

/* A key of KEY's file would be in every clone, and in the history for good. */
static bool refuse_key(void *ctx, const struct staged_key *key, struct bulla_error *err)
{
    struct look *look = ctx;
    bool is_ignored = false;
    if (!staged_outputs_ignore(&look->outputs, key->path, "B416", &is_ignored, err)) {
        return take_problem(look, err);
    }
    if (is_ignored) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, key->path, key->pos, "%s%s%s",
                         key->member != NULL ? "holds the private key of '"
                                             : "holds a private key of age",
                         key->member != NULL ? key->member : "", key->member != NULL ? "'" : "");
    bulla_auto_str word = git_path_word(key->path, err);
    if (word != NULL) {
        (void)bulla_error_hint(err,
                               "git rm --cached %s, and a line for it in .gitignore; or take the "
                               "key out of it",
                               word);
    }
    return take_problem(look, err);
}

static bool check_file(void *ctx, const struct git_staged *file, struct bulla_error *err)
{
    struct look *look = ctx;
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    bool ok = true;
    if (!staged_vault_is(file->path, environment)) {
        ok = file->is_gone || (check_output(look, file->path, err) &&
                               (file->is_link || (staged_keys_add(&look->keys, file, err) &&
                                                  check_secrets(look, file, err))));
    } else if (file->is_gone) {
        ok = refuse_gone(look, file->path, err);
    } else if (file->is_link) {
        ok = bulla_error_at(err, BULLA_E_INVALID, file->path, (struct bulla_pos){1, 1},
                            "a vault is a file, not a symbolic link");
    } else {
        ok = check_vault(look, file->path, environment, err);
    }
    return ok || take_problem(look, err);
}

/* A vault that the merged commit alone has: one that HEAD's side has never had is lost. */
static bool check_left_out(struct look *look, const char *path, struct bulla_error *err)
{
    bool is_told = false;
    bool was_here = false;
    if (!git_commit_has(&look->objects, "HEAD", path, &is_told, err) ||
        (!is_told &&
         !git_base_has(&look->objects, look->tree, "HEAD", look->merged, path, &was_here, err))) {
        return false;
    }
    if (is_told || was_here) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, path, (struct bulla_pos){0, 0},
                         "this merge would leave out a vault that %.*s has", SHORT_ID_CHARS,
                         look->merged);
    bulla_auto_str word = git_path_word(path, err);
    return word != NULL &&
           bulla_error_hint(err,
                            "git checkout %.*s -- %s takes it; git commit --no-verify "
                            "leaves it out",
                            SHORT_ID_CHARS, look->merged, word);
}

/* What the merged commit look->merged has otherwise: a vault has to hold its records as well. */
static bool check_merged_file(void *ctx, const struct git_staged *file, struct bulla_error *err)
{
    struct look *look = ctx;
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    if (file->is_link || !staged_vault_is(file->path, environment)) {
        return true;
    }
    if (file->is_gone) {
        return check_left_out(look, file->path, err) || take_problem(look, err);
    }
    bulla_auto_vault vault = staged_vault_open(&look->objects, file->path, environment, err);
    if (vault == NULL && err->code != BULLA_E_NOMEM && err->code != BULLA_E_IO) {
        /* Told of already where it is this commit's doing. */
        bulla_error_clear(err);
        return true;
    }
    bool ok = vault != NULL && check_descends(look, vault, file->path, look->merged, err);
    return ok || take_problem(look, err);
}

static bool check_merged(void *ctx, const char *commit, struct bulla_error *err)
{
    struct look *look = ctx;
    look->merged = commit;
    return git_each_staged(look->tree, look->in->env->git_index, commit, check_merged_file, look,
                           err);
}

static bool look_at(struct look *look, struct bulla_error *err)
{
    const char *index = look->in->env->git_index;
    look->outputs =
        (struct staged_outputs){.in = look->in, .tree = look->tree, .objects = &look->objects};
    staged_secrets_init(&look->secrets, &look->outputs);
    staged_keys_init(&look->keys, look->tree, index, &look->objects);
    if (!git_objects_start(&look->objects, look->tree, index, err) ||
        !git_each_staged(look->tree, index, NULL, check_file, look, err) ||
        !staged_keys_each(&look->keys, refuse_key, look, err) ||
        !git_each_merged(look->tree, check_merged, look, err)) {
        return false;
    }
    if (look->found.code == BULLA_OK) {
        return true;
    }
    *err = look->found;
    return false;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct look look = {.in = in, .objects = {.to = -1, .child = {.fd = -1}}};
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    if (!git_find_work_tree(".", &tree, &below, err)) {
        return false;
    }
    if (tree == NULL) {
        return bulla_error(err, BULLA_E_MISSING, "this folder is in no git work tree");
    }
    look.tree = tree;
    bool ok = look_at(&look, err);
    release_look(&look);
    return ok;
}

static const struct example examples[] = {
    {"bulla git pre-commit", "what the hook runs; also before git commit, or in CI"},
    {NULL, NULL},
};

const struct command cmd_git_pre_commit = {
    .name = "git pre-commit",
    .summary = "look at what is about to be committed",
    .description =
        "Looks at what is staged, whatever the files of the work tree have. A vault has to verify, "
        "without a conflict marker, and to hold every record that HEAD has, and each other commit "
        "that is merged; one that goes has to be at another path. No rendered file (the 'output' "
        "of an environment) may be in it, no env file but a sample that sets what a bulla.ini "
        "above it calls a secret (placeholders, empty values and references aside; 'ignore = B402 "
        "FILE reason' in bulla.ini lets one be), no file that a Compose secret is taken from, and "
        "no private key of age or of a vault's member, in any file of up to 256 KiB (one of ssh "
        "where a line begins, blanks aside); 'ignore = B416 FILE reason' in bulla.ini lets one "
        "be.\n\n"
        "Copies (.env~, prod.env.bak), an .envrc, env.list, envfile and .flaskenv are env files "
        "too. One that Compose would not read is gone over line by line, of an .envrc all settings "
        "of a line count (what 'set -x NAME text' of other shells sets does not), and one over "
        "4 MiB is refused. What dotenvx or SOPS has sealed is not in clear. A $ counts as a "
        "reference before a brace, before a name that the file or bulla.ini has, or where nothing "
        "but a name in "
        "capitals is in the value. Beside references and commands, and behind ':+' and ':?', less "
        "than six bytes, or no letters or no digits, count for nothing: it finds what is there by "
        "accident, not what somebody hides. Where compose files cannot be read, a warning says "
        "so.\n\n"
        "It says nothing where all is well. It takes no key and remembers nothing. All projects "
        "of the work tree are looked at.",
    .group = GROUP_PEOPLE,
    .examples = examples,
    .see_also = "git install, git fix, verify",
    .without = GLOBAL_SECRETS,
    .run = run,
};
