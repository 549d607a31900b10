/* `bulla verify`: every rule and signature of a vault, without a key. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "git.h"
#include "git_states.h"
#include "message.h"
#include "verifying.h"

struct verify_opts {
    bool accept;
    const char *against, *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    FLAG(struct verify_opts, accept, '\0', "accept",
         "take the vault as it is: forget records that were here and are gone"),
    STRING(struct verify_opts, against, '\0', "against", "REV",
           "also look for records that this revision has and we lost"),
    CHOICE(struct verify_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    OPTIONS_END,
};

static void release(struct verifying *verifying)
{
    for (size_t i = 0; i < verifying->count; i++) {
        bulla_vault_close(verifying->items[i].vault);
        bulla_free(verifying->items[i].fresh);
        bulla_free(verifying->items[i].path);
    }
    bulla_free(verifying->unnamed);
    bulla_free(verifying->items);
    workspace_release(&verifying->workspace);
}

static bool refuse_lost(const struct checked *checked, const char *commit,
                        const struct bulla_vault_against *against, bool is_base,
                        struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_VERIFY, checked->path, (struct bulla_pos){0, 0},
                         "%zu record%s that %s %.12s has %s gone, %.8s first", against->missing,
                         against->missing == 1 ? "" : "s",
                         is_base ? "the common commit" : "the merged commit", commit,
                         against->missing == 1 ? "is" : "are", against->first_missing);
    return is_base
               ? bulla_error_hint(err, "no line of a vault may go, nor where a merge is settled "
                                       "by hand: 'bulla git fix' brings it back")
               : bulla_error_hint(err, "take the lines of both sides: 'bulla git fix' does, and "
                                       "merge=union in .bulla/.gitattributes has git do it");
}

static bool compare_state(void *ctx, const char *commit, bool is_base, struct bulla_bytes text,
                          struct bulla_error *err)
{
    struct checked *checked = ctx;
    struct bulla_vault_against against;
    struct bulla_record_info record;
    checked->states++;
    if (!bulla_vault_against(checked->vault, text, &against, err)) {
        return bulla_error_while(err, "commit %.12s", commit);
    }
    if (against.missing > 0) {
        return refuse_lost(checked, commit, &against, is_base, err);
    }
    for (size_t i = 0; is_base && bulla_vault_record(checked->vault, i, &record); i++) {
        checked->fresh[i] = (checked->bases == 0 || checked->fresh[i]) && record.fresh;
    }
    checked->bases += is_base;
    return true;
}

static bool compare(struct checked *checked, const struct git_revision *revision,
                    struct bulla_error *err)
{
    struct bulla_record_info record;
    size_t count = bulla_vault_figures(checked->vault).records;
    checked->fresh = bulla_alloc(count + 1, sizeof *checked->fresh, err);
    if (checked->fresh == NULL || !git_each_state(checked->path, bulla_vault_id(checked->vault),
                                                  revision, compare_state, checked, err)) {
        return false;
    }
    for (size_t i = 0; i < count && bulla_vault_record(checked->vault, i, &record); i++) {
        /* Where no common commit has the vault, all of it is new. */
        checked->fresh[i] = checked->fresh[i] || checked->bases == 0;
        checked->fresh_count += checked->fresh[i];
        checked->void_count += checked->fresh[i] && !record.counts;
    }
    return true;
}

/* A vault that is not there, compared with REVISION. */
struct gone {
    const char *path;
    const struct git_revision *revision;
};

/*
 * A vault that was there and is not: the whole of it is gone. A branch from before the revision
 * took it away has it still, and takes nothing away by being merged.
 */
static bool refuse_gone(void *ctx, const char *commit, bool is_base, struct bulla_bytes text,
                        struct bulla_error *err)
{
    const struct gone *gone = ctx;
    bool was_taken = false;
    (void)text;
    if (!is_base && !git_was_taken_away(gone->path, gone->revision, commit, &was_taken, err)) {
        return false;
    }
    if (was_taken) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, gone->path, (struct bulla_pos){0, 0},
                         "is not there, and commit %.12s has it", commit);
    return bulla_error_hint(err, "git restore brings it back");
}

/*
 * A vault that the contract does not name, though a commit has it: as much a loss as any other
 * where it is not there any more. Where it is, it is verified with the rest.
 */
static bool note_unnamed(void *ctx, const char *commit, bool is_base, const char *name,
                         struct bulla_error *err)
{
    struct verifying *verifying = ctx;
    struct workspace *ws = &verifying->workspace;
    const struct bulla_contract *contract = ws->contract;
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        if (strcmp(bulla_contract_environment(contract, i)->name, name) == 0) {
            return true; /* its turn comes */
        }
    }
    for (size_t i = 0; i < verifying->unnamed_count; i++) {
        if (strcmp(verifying->unnamed[i].name, name) == 0) {
            return true;
        }
    }
    const struct bulla_environment environment = {.name = name};
    bulla_auto_str path = workspace_vault_path(ws, &environment, err);
    if (path == NULL) {
        return false;
    }
    if (access(path, F_OK) != 0) {
        struct gone gone = {path, verifying->revision};
        return refuse_gone(&gone, commit, is_base, bulla_bytes(NULL, 0), err);
    }
    if (!bulla_grow(&verifying->unnamed, &verifying->unnamed_cap, verifying->unnamed_count + 1,
                    sizeof *verifying->unnamed, err)) {
        return false;
    }
    struct unnamed *unnamed = &verifying->unnamed[verifying->unnamed_count++];
    (void)snprintf(unnamed->name, sizeof unnamed->name, "%s", name);
    return true;
}

/* Without a revision that git could be asked for: a vault that was seen and is gone is all lost. */
static bool refuse_known(const struct workspace *ws, const char *environment, const char *path,
                         struct bulla_error *err)
{
    bool knew = false;
    if (!workspace_knew_vault(ws, path, &knew, err) || !knew) {
        return err->code == BULLA_OK;
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, path, (struct bulla_pos){0, 0},
                         "is not there, and this machine knows a vault here");
    return bulla_error_hint(err,
                            "git restore brings it back; where it is meant to be gone, take "
                            "'%s' out of bulla.ini",
                            environment);
}

static bool note_none(const struct workspace *ws, const char *environment)
{
    message_note(ws->in, "environment '%s' has no vault", environment);
    return true;
}

static bool check_environment(struct verifying *verifying,
                              const struct bulla_environment *environment, bool is_asked_for,
                              struct bulla_error *err)
{
    struct workspace *ws = &verifying->workspace;
    const struct verify_opts *opts = ws->in->opts;
    bulla_auto_str path = workspace_vault_path(ws, environment, err);
    if (path == NULL) {
        return false;
    }
    if (access(path, F_OK) != 0) {
        struct gone gone = {path, verifying->revision};
        if (errno != ENOENT && errno != ENOTDIR) {
            return bulla_error_sys(err, path, "cannot look at");
        }
        if (verifying->revision != NULL &&
            !git_each_state(path, NULL, verifying->revision, refuse_gone, &gone, err)) {
            return false;
        }
        return (verifying->revision != NULL || refuse_known(ws, environment->name, path, err)) &&
               (is_asked_for ? workspace_refuse_no_vault(ws, environment->name, path, err)
                             : note_none(ws, environment->name));
    }
    struct bulla_vault_place place = workspace_place(ws);
    place.path = path;
    place.environment = environment->name;
    place.accept_missing = opts->accept;
    struct checked *checked = &verifying->items[verifying->count];
    checked->vault = bulla_vault_open(&place, BULLA_VAULT_VERIFY, err);
    if (checked->vault == NULL) {
        return false;
    }
    if (!workspace_check_new_root(ws, environment, checked->vault, err)) {
        bulla_vault_close(checked->vault);
        return false;
    }
    checked->environment = environment;
    checked->path = BULLA_STEAL(path);
    verifying->count++;
    return verifying->revision == NULL || compare(checked, verifying->revision, err);
}

/* Somebody asks for one environment, and gets that one. */
static bool is_about_one(const struct verifying *verifying)
{
    const struct invocation *in = verifying->workspace.in;
    const struct verify_opts *opts = in->opts;
    return in->global.environment != NULL || opts->accept;
}

/*
 * Without -e every vault of the contract: a gate must not pass because somebody forgot one. What is
 * taken as it is and what is pinned is one vault's.
 */
static bool check_all(struct verifying *verifying, struct bulla_error *err)
{
    struct workspace *ws = &verifying->workspace;
    size_t count = bulla_contract_environment_count(ws->contract);
    size_t vaults = 0;
    bool is_one = is_about_one(verifying);
    if (!is_one && verifying->revision != NULL &&
        !git_each_vault(ws->root, verifying->revision, note_unnamed, verifying, err)) {
        return false;
    }
    verifying->items =
        bulla_alloc(count + verifying->unnamed_count + 1, sizeof *verifying->items, err);
    if (verifying->items == NULL || !workspace_read_identity(ws, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        bulla_auto_str path =
            workspace_vault_path(ws, bulla_contract_environment(ws->contract, i), err);
        if (path == NULL) {
            return false;
        }
        vaults += access(path, F_OK) == 0;
    }
    vaults += verifying->unnamed_count;
    if (is_one) {
        return check_environment(verifying, ws->environment, true, err);
    }
    if (ws->in->global.root != NULL && vaults > 1) {
        (void)bulla_error(err, BULLA_E_USAGE, "a root is pinned, and there are %zu vaults", vaults);
        return bulla_error_hint(err, "say whose it is: -e ENV");
    }
    for (size_t i = 0; i < count; i++) {
        if (!check_environment(verifying, bulla_contract_environment(ws->contract, i), false,
                               err)) {
            return false;
        }
    }
    for (size_t i = 0; i < verifying->unnamed_count; i++) {
        struct unnamed *unnamed = &verifying->unnamed[i];
        unnamed->environment.name = unnamed->name;
        if (!check_environment(verifying, &unnamed->environment, true, err)) {
            return false;
        }
    }
    return vaults > 0 || check_environment(verifying, ws->environment, true, err);
}

static bool show(const struct verifying *verifying, struct bulla_error *err)
{
    const struct invocation *in = verifying->workspace.in;
    const struct verify_opts *opts = in->opts;
    size_t void_count = 0;
    if (opts->format == formats[1]) {
        verifying_write_json(verifying);
    }
    for (size_t i = 0; i < verifying->count; i++) {
        const struct checked *checked = &verifying->items[i];
        void_count += checked->void_count;
        if (opts->format == formats[1]) {
            continue;
        }
        output_text(in->out, i > 0 ? "\n" : "");
        if (!verifying_write_human(verifying, checked, err)) {
            return false;
        }
    }
    if (!verifying_say_union(verifying, err)) {
        return false;
    }
    return void_count == 0 || command_refuse(err);
}

/* Once: what it names must not be another commit at the next question. */
static bool find_revision(struct verifying *verifying, struct bulla_error *err)
{
    const struct workspace *ws = &verifying->workspace;
    const struct verify_opts *opts = ws->in->opts;
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    if (opts->against == NULL) {
        return true;
    }
    if (!git_find_work_tree(ws->root, &tree, &below, err)) {
        return false;
    }
    if (tree == NULL) {
        return bulla_error_at(err, BULLA_E_MISSING, ws->contract_path, (struct bulla_pos){0, 0},
                              "is in no git work tree: there is nothing to compare with");
    }
    verifying->revision = &verifying->found;
    return git_revision_find(&verifying->found, tree, opts->against, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct verifying verifying = {.count = 0};
    bool ok = workspace_open(&verifying.workspace, in, err) && find_revision(&verifying, err) &&
              check_all(&verifying, err) &&
              verifying_look_for_moved(&verifying, is_about_one(&verifying), err) &&
              verifying_look_at_union(&verifying, err) && show(&verifying, err);
    release(&verifying);
    return ok;
}

static const struct example examples[] = {
    {"bulla verify", "after a pull, or in CI: no key is needed"},
    {"bulla verify --against origin/main", "on a pull request, also from a fork"},
    {"bulla verify --accept", "after a branch was reset on purpose"},
    {NULL, NULL},
};

const struct command cmd_verify = {
    .name = "verify",
    .summary = "check every signature and rule of a vault",
    .description =
        "Reads the whole vault and checks the form of each line, each signature, that no record "
        "that others name is missing, that every author had the right to write what he wrote, and "
        "that what this machine saw of the vault before is still there. It needs no key and "
        "changes nothing of the vault. Where an identity is at hand that names the roots of its "
        "vaults, another vault in the place of one of them does not verify. Without -e every "
        "environment's vault is verified.\n\n"
        "A vault that does not verify is exit status 5, with the line and the rule. Where records "
        "are gone because a branch was reset on purpose, --accept takes the vault of the "
        "environment (-e, or the default one) as it is.\n\n"
        "--against REV asks git how the vault was where REV and HEAD part, and in the parents of "
        "the merges since: a vault only grows, so a record of those that is gone is exit status "
        "5. New records that do not count, because their author had no right to write them, are "
        "listed and end with status 1. A vault that those have and we lack is status 5, also "
        "where bulla.ini does not name it any more, where it is another project's of the "
        "repository, or where another project is taken for this folder now. A REV that is not "
        "there, as in a shallow clone, is an error, as is a short name of several things (a tag "
        "and a branch). Where the change takes merge=union of the vaults out of "
        ".bulla/.gitattributes, or of one in a folder above, it is told, with status 1.",
    .group = GROUP_PROVE,
    .opts_size = sizeof(struct verify_opts),
    .options = options,
    .examples = examples,
    .see_also = "history, restore, access",
    .run = run,
};
