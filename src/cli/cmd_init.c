/* `bulla init`: from a folder with compose files to a contract, vaults and an identity. */
#include <time.h>

#include "init.h"
#include "interrupts.h"
#include "member_name.h"

struct init_opts {
    const char *name;
    bool no_import;
    bool yes;
};

static const struct opt options[] = {
    STRING(struct init_opts, name, '\0', "name", "NAME",
           "the member that you are in the vaults (default: git's user.name)"),
    FLAG(struct init_opts, no_import, '\0', "no-import",
         "leave the values of existing env files alone"),
    FLAG(struct init_opts, yes, 'y', "yes", "write to a protected environment without asking"),
    OPTIONS_END,
};

static void release(struct init *init)
{
    for (size_t i = 0; i < init->environment_count; i++) {
        workspace_release(&init->environments[i].ws);
    }
    bulla_contract_free(init->planned);
    bulla_survey_free(init->survey);
    workspace_release(&init->before);
    bulla_buf_release(&init->before_text);
    bulla_buf_release(&init->contract);
    bulla_buf_release(&init->ignores);
    bulla_buf_release(&init->identity);
    bulla_free(init->here);
    bulla_free(init->root);
    bulla_free(init->member);
    bulla_free(init->exposed_file);
    bulla_free(init->unknown_file);
    bulla_free(init->identity_path);
    bulla_free(init);
}

static bool run_steps(struct init *init, bool yes, struct bulla_error *err)
{
    if (!init_contract(init, err)) {
        return false;
    }
    init->member = member_name_choose(init->name, err);
    return init->member != NULL && init_identity(init, err) && init_vaults(init, err) &&
           init_confirm(init, yes, err) && init_ignores(init, err) && init_write(init, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct init_opts *opts = in->opts;
    struct init *init = bulla_alloc(1, sizeof *init, err);
    if (init == NULL) {
        return false;
    }
    init->in = in;
    init->now = (int64_t)time(NULL);
    init->no_import = opts->no_import;
    init->name = opts->name;
    /* A signal waits: for the files to be whole, or to be gone again. */
    struct interrupts interrupts;
    interrupts_hold(&interrupts, INTERRUPTS_END);
    bool ok = run_steps(init, opts->yes, err);
    if (!ok) {
        init_undo(init);
    }
    (void)interrupts_release(&interrupts);
    ok = ok && init_summary(init, err);
    release(init);
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
        "environment. A sample is an env file with 'example', 'sample', 'template', 'dist' or "
        "'default' in its name (.env.example, .env_sample, default.env); a word for an environment "
        "makes it that one's (.env.prod.example). Values that an existing env file really sets are "
        "imported: that of an environment is .env as Compose reads it, or .env.prod or "
        ".env.production, which is then what is rendered; others beside it are left alone. What "
        "can be generated is generated; what cannot is asked for on a terminal and listed without "
        "one.\n\n"
        "A bulla.ini in a folder above is taken as every command takes it, unless a compose file "
        "lies here and nothing of that project names it: then this becomes a project of its own. "
        "With -f, a file of another project than the bulla.ini's is refused.\n\n"
        "A secret that equals the sample's value or the compose file's default counts as not set. "
        "The rendered files are added to .gitignore.\n\n"
        "Run again, it writes what of this is missing (an identity, a vault, lines of git), and "
        "changes nothing that is there. Variables that compose files, samples or the rendered file "
        "have got since are added at the end of bulla.ini and given values in the same way; a "
        "section that is put into comments ('; [NAME]') leaves its variable out for good, and so "
        "does '# bulla: ignore B106 REASON' on all lines of compose files that have it. A vault "
        "that you may not write to stays as it is: what it lacks is said, for somebody who may. A "
        "failure leaves the project as it was.",
    .group = GROUP_START,
    .opts_size = sizeof(struct init_opts),
    .options = options,
    .examples = examples,
    .see_also = "check, fill, render, run",
    .without = GLOBAL_ENVIRONMENT | GLOBAL_ROOT,
    .run = run,
};
