/* `bulla init`: from a folder with compose files to a contract, vaults and an identity. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "init.h"
#include "member_name.h"
#include "message.h"

struct init_opts {
    const char *name;
    bool no_import;
};

static const struct opt options[] = {
    STRING(struct init_opts, name, '\0', "name", "NAME",
           "the member that you are in the vaults (default: git's user.name)"),
    FLAG(struct init_opts, no_import, '\0', "no-import",
         "leave the values of existing env files alone"),
    OPTIONS_END,
};

static bool write_contract_file(struct init *init, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_CONTRACT_BYTES);
    bulla_auto_str path = bulla_path_join(init->root, "bulla.ini", err);
    if (path == NULL || !bulla_survey_write_contract(init->survey, &text, err)) {
        return false;
    }
    /* What we write has to be readable: better no file than one that stops every command. */
    struct bulla_contract *parsed = bulla_contract_parse(bulla_buf_view(&text), "bulla.ini", err);
    if (parsed == NULL) {
        return bulla_error_while(err, "reading the contract that would be written");
    }
    bulla_contract_free(parsed);
    init->wrote_contract = true;
    return bulla_file_create(path, init_public_mode(init, 0666), bulla_buf_view(&text), err);
}

/* A contract that is there stays as it is; what it says about the folder is read anyway. */
static bool find_or_write_contract(struct init *init, struct bulla_error *err)
{
    struct bulla_error missing = BULLA_ERROR_INIT;
    bool has_contract = workspace_find(init->in, &init->root, &missing);
    if (!has_contract) {
        if (missing.code != BULLA_E_MISSING) {
            *err = missing;
            return false;
        }
        init->root = getcwd(NULL, 0);
        if (init->root == NULL) {
            return bulla_error_sys(err, NULL, "cannot tell which folder this is");
        }
    }
    struct bulla_survey_options survey = {
        .root = init->root,
        .files = init->in->global.files.items,
        .file_count = init->in->global.files.count,
        .environment = workspace_env_lookup,
    };
    init->survey = bulla_survey_new(&survey, err);
    if (init->survey == NULL && !has_contract) {
        return false;
    }
    bulla_error_clear(err);
    return has_contract || write_contract_file(init, err);
}

static bool choose_member(struct init *init, const char *given, struct bulla_error *err)
{
    init->member = member_name_choose(given, err);
    return init->member != NULL;
}

static void release(struct init *init)
{
    bulla_survey_free(init->survey);
    bulla_free(init->root);
    bulla_free(init->member);
    bulla_free(init->identity_path);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct init_opts *opts = in->opts;
    struct init init = {.in = in, .now = (int64_t)time(NULL), .no_import = opts->no_import};
    bool ok = find_or_write_contract(&init, err) && choose_member(&init, opts->name, err) &&
              init_identity(&init, err) && init_vaults(&init, err) && init_git_files(&init, err);
    if (ok) {
        ok = init_summary(&init, err);
    }
    release(&init);
    return ok;
}

static const struct example examples[] = {
    {"bulla init", "set a stack up in its folder"},
    {"bulla init -f docker/docker-compose.yml", "where the compose file lies further down"},
    {NULL, NULL},
};

const struct command cmd_init = {
    .name = "init",
    .summary = "set a stack up: contract, identity, vaults",
    .description =
        "Finds the compose files and sample env files, writes bulla.ini with what each variable "
        "is and how its value is made, makes an identity if there is none, and one vault per "
        "environment. Values that an existing env file really sets are imported; what can be "
        "generated is generated; what cannot is asked for on a terminal and listed without one.\n\n"
        "A secret that equals the sample's value or the compose file's default counts as not set. "
        "The rendered files are added to .gitignore.\n\n"
        "Run again, it writes what of this is missing (an identity, a vault, lines of git) and "
        "changes nothing that is there. For a variable that came since 'bulla check' says what to "
        "add to bulla.ini.",
    .group = GROUP_START,
    .opts_size = sizeof(struct init_opts),
    .options = options,
    .examples = examples,
    .see_also = "check, fill, render, run",
    .without = GLOBAL_ENVIRONMENT | GLOBAL_ROOT,
    .run = run,
};
