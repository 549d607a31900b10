/* `bulla check`: everything that is wrong before a deploy, in one run. */
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "env_states.h"
#include "findings.h"
#include "fixing.h"
#include "git.h"
#include "message.h"
#include "others.h"
#include "since.h"
#include "stack.h"

struct check_opts {
    const char *format;
    const char *compose;
    const char *since;
    struct string_list env_files;
    bool strict;
    bool fix;
    bool dry_run;
    bool yes;
};

static const char *const compose_lines[] = {"5", "2", NULL};

static const struct opt options[] = {
    CHOICE(struct check_opts, format, '\0', "format", "FORMAT", findings_formats,
           "how to print it"),
    CHOICE(struct check_opts, compose, '\0', "compose", "LINE", compose_lines,
           "the major version of Compose to follow"),
    LIST(struct check_opts, env_files, '\0', "env-file", "FILE",
         "check this env file instead of the vault; may be repeated", .complete = COMPLETE_FILE),
    STRING(struct check_opts, since, '\0', "since", "REV",
           "only what changed since this commit of git"),
    FLAG(struct check_opts, strict, '\0', "strict", "let warnings fail too"),
    FLAG(struct check_opts, fix, '\0', "fix", "mend what can be mended safely, then check again"),
    FLAG(struct check_opts, dry_run, '\0', "dry-run", "with --fix: show it and change nothing"),
    FLAG(struct check_opts, yes, 'y', "yes",
         "with --fix: do not ask, and make values in a protected environment too"),
    OPTIONS_END,
};

/* What one run looks at. */
struct checking {
    const struct invocation *in;
    const struct check_opts *opts;
    struct stack stack;
    char *output_path; /* of the rendered file, as it is opened; NULL: none to look at */
    char *output_name; /* and as findings name it */
    struct bulla_check_input input;
    struct env_states states; /* of that and the other env files */
    struct key_files keys;
    char *tree;         /* the work tree of git that the project lies in; NULL: none */
    char *folder;       /* the project's folder from there, "" or ending in "/" */
    struct since since; /* what --since compares with */
    struct bulla_report *report;
    struct others others; /* environments that a secret should not be shared with */
};

static void release(struct checking *checking)
{
    bulla_report_free(checking->report);
    others_release(&checking->others);
    since_release(&checking->since);
    bulla_free(checking->folder);
    bulla_free(checking->tree);
    env_states_release(&checking->states);
    key_files_release(&checking->keys);
    bulla_free(checking->output_name);
    bulla_free(checking->output_path);
    stack_release(&checking->stack);
}

/* PATH without the folder ROOT before it, where it is below that; owned. */
static char *name_in_root(const char *root, const char *path, struct bulla_error *err)
{
    size_t len = strlen(root);
    bool is_below = strncmp(path, root, len) == 0 && path[len] == '/';
    return bulla_strdup(is_below ? path + len + 1 : path, err);
}

/* Without a contract, or with --env-file, the first env file is looked at where there is one. */
static bool find_env_file(struct checking *checking, struct bulla_error *err)
{
    const struct string_list *named = &checking->opts->env_files;
    const struct stack *stack = &checking->stack;
    bulla_auto_str here = getcwd(NULL, 0);
    if (here == NULL) {
        return bulla_error_sys(err, NULL, "cannot tell which folder this is");
    }
    bulla_auto_str path = named->count > 0
                              ? bulla_path_join(here, named->items[0], err)
                              : bulla_path_join(stack->project->directory, ".env", err);
    if (path == NULL) {
        return false;
    }
    if (!bulla_file_is_regular(path)) {
        return true;
    }
    checking->output_name = name_in_root(stack->root, path, err);
    checking->output_path = BULLA_STEAL(path);
    return checking->output_name != NULL;
}

/* Without it `render` fails: a deploy would, behind a check that is green. */
static bool find_template(const struct workspace *ws, struct bulla_error *err)
{
    const char *name = ws->environment->template_file;
    if (name == NULL) {
        return true;
    }
    bulla_auto_str path = workspace_project_path(ws, name, err);
    if (path == NULL || access(path, F_OK) == 0 || errno != ENOENT) {
        return path != NULL;
    }
    (void)bulla_error_at(err, BULLA_E_MISSING, ws->contract_path, ws->environment->template_pos,
                         "the template '%s' is not there", name);
    return bulla_error_hint(err, "put it back, or correct 'template' or take it out");
}

static bool find_output(struct checking *checking, struct bulla_error *err)
{
    const struct workspace *ws = &checking->stack.workspace;
    if (checking->stack.values == NULL) {
        return find_env_file(checking, err);
    }
    checking->output_path = workspace_project_path(ws, ws->environment->output, err);
    if (checking->output_path == NULL) {
        return false;
    }
    checking->output_name = workspace_project_path_in_root(ws, ws->environment->output, err);
    return checking->output_name != NULL && find_template(ws, err);
}

/* The mode and git's view of the rendered file, of the other env files, and of keys. */
static bool look_at_files(struct checking *checking, struct bulla_error *err)
{
    struct bulla_check_output *output = &checking->input.output;
    *output =
        (struct bulla_check_output){.path = checking->output_name, .opens = checking->output_path};
    if ((checking->tree != NULL &&
         !key_files_find(&checking->keys, checking->stack.root, &checking->stack.workspace, err)) ||
        !env_states_look(&checking->states, checking->stack.project, output, &checking->keys,
                         err)) {
        return false;
    }
    checking->input.keys = checking->keys.items;
    checking->input.key_count = checking->keys.count;
    checking->input.files = checking->states.files;
    checking->input.file_count = checking->states.count;
    if (checking->keys.is_cut) {
        message_detail(checking->in, "not all files were looked at for private keys: "
                                     "'bulla explain B416' says which");
    }
    if (output->path != NULL && output->git == BULLA_GIT_UNKNOWN) {
        message_detail(checking->in,
                       "git was not asked about %s: this is no work tree, or git is not there",
                       checking->output_name);
    }
    return true;
}

static size_t count_references(const struct bulla_project *project)
{
    size_t count = 0;
    for (size_t i = 0; i < project->ref_count; i++) {
        count += project->refs[i].name[0] != '\0';
    }
    return count;
}

static size_t count_compose_files(const struct bulla_project *project)
{
    size_t count = 0;
    for (size_t i = 0; i < project->file_count; i++) {
        count += project->files[i]->kind <= BULLA_PROJECT_EXTENDED;
    }
    return count;
}

/* The contract, or the first compose file: where a finding about all of them is shown. */
static const char *main_file(const struct checking *checking)
{
    const struct stack *stack = &checking->stack;
    if (stack->workspace.contract != NULL) {
        return bulla_path_base(bulla_contract_file(stack->workspace.contract));
    }
    const struct bulla_project *project = stack->project;
    return project->file_count > 0 ? bulla_project_file_name(project->files[0], stack->root) : ".";
}

static bool write_findings(const struct checking *checking, struct bulla_error *err)
{
    const struct stack *stack = &checking->stack;
    const struct findings findings = {
        .report = checking->report,
        .environment =
            stack->workspace.environment != NULL ? stack->workspace.environment->name : NULL,
        .reference_count = count_references(stack->project),
        .file_count = count_compose_files(stack->project),
        .up = stack->up,
        .folder = checking->folder != NULL ? checking->folder : "",
        .main_file = main_file(checking),
        .since = checking->opts->since,
        .is_strict = checking->opts->strict,
    };
    if (!findings_write(checking->in, &findings, checking->opts->format, err)) {
        return false;
    }
    return findings_fail(&findings) ? command_refuse(err) : true;
}

/* With --since the report takes only what changed. */
static bool limit_to_changes(struct checking *checking, struct bulla_error *err)
{
    if (checking->opts->since == NULL) {
        return true;
    }
    bulla_report_set_filter(checking->report, since_keeps, &checking->since);
    return since_open(&checking->since, checking->stack.project, checking->stack.root,
                      checking->tree, checking->opts->since, err);
}

/* Opens the stack and fills the report. */
static bool look(struct checking *checking, struct bulla_error *err)
{
    struct workspace *ws = &checking->stack.workspace;
    const struct stack_options asked = {
        .depth = STACK_VALUES,
        .env_files = &checking->opts->env_files,
        .is_eager = strcmp(checking->opts->compose, "2") == 0,
    };
    if (!stack_open(&checking->stack, checking->in, &asked, err) ||
        !git_find_work_tree(checking->stack.root, &checking->tree, &checking->folder, err) ||
        !find_output(checking, err) ||
        !others_open(&checking->others, ws, checking->stack.values, err)) {
        return false;
    }
    checking->input = (struct bulla_check_input){
        .project = checking->stack.project,
        .options = &checking->stack.loading.options,
        .contract = ws->contract,
        .environment = ws->environment != NULL ? ws->environment->name : NULL,
        .vault = ws->vault,
        .values = checking->stack.values,
        .others = checking->others.rows,
        .other_count = checking->others.count,
        .root = checking->stack.root,
        .process = workspace_env_lookup,
        .now = (int64_t)time(NULL),
    };
    checking->report = bulla_report_new(err);
    return checking->report != NULL && limit_to_changes(checking, err) &&
           look_at_files(checking, err) && bulla_check(&checking->input, checking->report, err);
}

/* Mends what was found; what was mended is looked at again. */
static bool fix(struct checking *checking, struct bulla_error *err)
{
    const struct fixing fixing = {
        .stack = &checking->stack,
        .checked = &checking->input,
        .report = checking->report,
        .output_path = checking->output_path,
        .yes = checking->opts->yes,
        .dry_run = checking->opts->dry_run,
    };
    bool has_mended = false;
    if (!fixing_run(&fixing, &has_mended, err)) {
        return false;
    }
    if (!has_mended) {
        return true;
    }
    struct checking again = {.in = checking->in, .opts = checking->opts};
    release(checking);
    *checking = again;
    return look(checking, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct check_opts *opts = in->opts;
    struct checking checking = {.in = in, .opts = opts};
    if (!opts->fix && (opts->dry_run || opts->yes)) {
        return bulla_error(err, BULLA_E_USAGE, "--dry-run and --yes go with --fix");
    }
    bool ok = look(&checking, err) && (!opts->fix || fix(&checking, err)) &&
              (opts->dry_run || write_findings(&checking, err));
    release(&checking);
    return ok;
}

static const struct example examples[] = {
    {"bulla check", "everything that is wrong, with places and remedies"},
    {"bulla check -e prod --strict", "before a deploy: warnings fail too"},
    {"bulla check --env-file .env.prod", "a file on disk instead of the vault"},
    {"bulla check --since origin/main", "a pull request: only lines that it changes"},
    {"bulla check --fix", "shows what can be mended, asks, and mends it"},
    {"bulla check --fix --dry-run", "the diff alone; status 1 where there is one"},
    {"bulla check --format json", "for programs"},
    {"bulla check --format sarif > bulla.sarif", "for code scanning"},
    {NULL, NULL},
};

const struct command cmd_check = {
    .name = "check",
    .summary = "say everything that is wrong, each at its place",
    .description =
        "Reads the compose files as Compose does and says, in one run, what is missing, broken, "
        "weak, exposed or stale, each with file, line, column and remedy. 'bulla explain RULE' "
        "tells more about a finding.\n\n"
        "It works in any folder with compose files. With a contract, the values of the vault "
        "stand in for the rendered env file. Without a key it checks what names and dates tell; "
        "with one it looks at the values too.\n\n"
        "--since leaves out findings on lines that the commit had already. Those of new files, "
        "those that are about a file or the project as a whole, and files that Compose refuses "
        "stay.\n\n"
        "[check] in bulla.ini sets severities and ignores rules (severity.B501 = error, "
        "ignore = B106 REASON); so does a comment at the line, for that line: "
        "# bulla: ignore B405 REASON.\n\n"
        "Up to 5.0.1 Compose evaluated the text behind ':-' and ':+' even where it was not used, "
        "and refused a project for what stands in there. --compose 2 checks as those versions "
        "read, the default as those since.\n\n"
        "Beside text for people there are JSON (docs/json.md), SARIF, commands of a GitHub "
        "workflow with a summary of the job, JUnit's XML and GitLab's Code Quality "
        "(docs/ci.md). A list of findings for CI names files from the root of the repository.\n\n"
        "Findings of severity error end with status 1, with --strict also warnings.\n\n"
        "--fix mends what can be mended without a guess: quotes around a reference that breaks its "
        "YAML, the mode of the rendered file, lines in .gitignore and .dockerignore, values that "
        "the contract can make. It shows the change first, touches no other byte, and checks "
        "again. Without a "
        "terminal to ask on it needs --yes. docs/rules.md says which rules it knows.",
    .group = GROUP_PROVE,
    .opts_size = sizeof(struct check_opts),
    .options = options,
    .examples = examples,
    .see_also = "explain, uses",
    .run = run,
};
