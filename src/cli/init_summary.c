/* What init says at its end: what it did, what is missing, what comes next. */
#include <stdio.h>
#include <string.h>

#include "git_setup.h"
#include "init.h"
#include "init_lines.h"
#include "output.h"

static void count_roles(const struct init *init, size_t counts[static 4])
{
    for (size_t i = 0; i < bulla_survey_variable_count(init->survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(init->survey, i);
        counts[variable->guess.role] += !variable->is_known;
    }
}
/* The names of what is new in the contract, in lines of their own. */
static void say_added(const struct init *init)
{
    struct init_names names = {.out = init->in->out};
    for (size_t i = 0; i < bulla_survey_variable_count(init->survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(init->survey, i);
        if (!variable->is_known) {
            init_say_name(&names, "", variable->name);
        }
    }
    init_end_names(&names);
}

static void say_contract(const struct init *init)
{
    struct output *out = init->in->out;
    if (init->has_contract) {
        if (init->added > 0) {
            init_say_label(out, "contract");
            output_printf(out, "bulla.ini: %zu added at its end\n", init->added);
            say_added(init);
        }
        return;
    }
    size_t counts[4] = {0};
    count_roles(init, counts);
    init_say_label(out, "contract");
    output_printf(out, "bulla.ini: %zu generated, %zu derived, %zu to provide, %zu setting%s\n",
                  counts[BULLA_ROLE_GENERATED], counts[BULLA_ROLE_DERIVED],
                  counts[BULLA_ROLE_PROVIDED], counts[BULLA_ROLE_SETTING],
                  counts[BULLA_ROLE_SETTING] == 1 ? "" : "s");
}

static void say_environments(const struct init *init)
{
    struct output *out = init->in->out;
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        if (!done->created && done->generated + done->imported + done->asked == 0) {
            continue;
        }
        init_say_label(out, "vault");
        output_printf(out, ".bulla/%s.vault%s: %zu generated", done->ws.environment->name,
                      done->created ? " (new)" : "", done->generated);
        if (done->imported > 0) {
            output_printf(out, ", %zu imported", done->imported);
        }
        if (done->asked > 0) {
            output_printf(out, ", %zu given", done->asked);
        }
        output_text(out, "\n");
    }
}

/* What a git that has the file in the clear means for what was imported from it. */
static void say_exposed(const struct init *init)
{
    struct output *out = init->in->out;
    size_t count = 0;
    char flag[48] = "";
    for (size_t i = init->environment_count; i-- > 0;) {
        const struct init_environment *done = &init->environments[i];
        count += done->exposed;
        if (done->exposed > 0) {
            (void)workspace_env_flag(&done->ws, flag);
        }
    }
    if (count == 0) {
        return;
    }
    init_say_label(out, "exposed");
    output_printf(out, "%zu imported from ", count);
    output_untrusted(out, init->exposed_file);
    output_printf(out, ", which %s: every clone reads %s\n",
                  init->exposed_in_past ? "older commits have" : "git has",
                  count == 1 ? "it" : "them");
    init_say_label(out, "");
    output_text(out, init->exposed_in_past ? "" : "git rm --cached it; ");
    output_styled(out, STYLE_STRONG, "bulla rotate");
    output_styled(out, STYLE_STRONG, flag);
    output_styled(out, STYLE_STRONG, " --exposed");
    output_text(out, " turns\n");
    init_say_label(out, "");
    output_text(out, "what was made here; bulla status lists the rest, yours to replace\n");
}

/* What older commits may hold, and git does not tell. */
static void say_unknown_history(const struct init *init)
{
    struct output *out = init->in->out;
    if (init->unknown_file == NULL) {
        return;
    }
    init_say_label(out, "history");
    output_text(out, init->unknown_why);
    output_untrusted(out, init->unknown_file);
    output_text(out, " is not known\n");
    init_say_label(out, "");
    output_text(out, "what one has is known to every clone; ");
    output_styled(out, STYLE_STRONG, "bulla rotate");
    output_text(out, " turns it\n");
}

/* Compose is right to read that file in both, and nobody may take it for two. */
static void say_same_output(const struct init *init)
{
    struct output *out = init->in->out;
    bool is_said = false;
    for (size_t i = 0; !init->has_contract && i < bulla_survey_environment_count(init->survey);
         i++) {
        const struct bulla_survey_environment *own = bulla_survey_environment(init->survey, i);
        size_t first = 0;
        if (!bulla_survey_find_same_output(init->survey, i, &first) || first > i) {
            continue;
        }
        const struct bulla_survey_environment *other =
            bulla_survey_environment(init->survey, first);
        init_say_label(out, is_said ? "" : "one file");
        output_printf(out, "%s and %s are both rendered to ", other->name, own->name);
        output_untrusted(out, own->rendered);
        output_text(out, "\n");
        is_said = true;
    }
    if (is_said) {
        init_say_label(out, "");
        output_text(out, "services read what was rendered last: keep a clone or a host for\n");
        init_say_label(out, "");
        output_text(out, "each, or give one a file of its own (bulla.ini says how)\n");
    }
}

static void say_left_alone(const struct init *init)
{
    struct init_names names = {.out = init->in->out};
    size_t count = bulla_survey_left_alone_count(init->survey);
    for (size_t i = 0; !init->has_contract && i < count; i++) {
        init_say_name(&names, "left alone", bulla_survey_left_alone(init->survey, i));
    }
    init_end_names(&names);
}

/* What Compose refuses a compose file for, whatever its variables are. */
static bool is_refused(const struct bulla_project_problem *problem)
{
    bool is_of_file =
        problem->kind == BULLA_PROBLEM_YAML || problem->kind == BULLA_PROBLEM_DUPLICATE_KEY ||
        problem->kind == BULLA_PROBLEM_COLON || problem->kind == BULLA_PROBLEM_COMMENT ||
        problem->kind == BULLA_PROBLEM_FLOW || problem->kind == BULLA_PROBLEM_TEMPLATE ||
        problem->kind == BULLA_PROBLEM_SHAPE;
    return is_of_file && problem->fatal && problem->file != NULL;
}

/* The first place for which Compose refuses a compose file, or NULL. */
static const struct bulla_project_problem *find_refused(const struct init *init)
{
    for (size_t i = 0; i < bulla_survey_environment_count(init->survey); i++) {
        const struct bulla_project *project = bulla_survey_environment(init->survey, i)->project;
        for (size_t k = 0; k < project->problem_count; k++) {
            if (is_refused(&project->problems[k])) {
                return &project->problems[k];
            }
        }
    }
    return NULL;
}

/* What is read of such a file is a guess, and no stack starts with it. */
static void say_refused(const struct init *init)
{
    struct output *out = init->in->out;
    const struct bulla_project_problem *refused = find_refused(init);
    if (refused == NULL) {
        return;
    }
    init_say_label(out, "broken");
    output_untrusted(out, refused->file->name);
    output_printf(out, ":%u:%u\n", refused->pos.line, refused->pos.col);
    init_say_label(out, "");
    output_text(out, "Compose refuses this file; bulla check says why, and what to write\n");
}

/* How Compose is given a rendered file that it does not find by itself. */
static void say_commands(const struct init *init)
{
    struct output *out = init->in->out;
    const char *last = NULL;
    for (size_t i = 0; !init->has_contract && i < bulla_survey_environment_count(init->survey);
         i++) {
        const char *command = bulla_survey_environment(init->survey, i)->command;
        if (command == NULL || (last != NULL && strcmp(command, last) == 0)) {
            continue;
        }
        init_say_label(out, last == NULL ? "start with" : "");
        output_untrusted(out, command);
        output_text(out, "\n");
        last = command;
    }
}

/* Env files that stay their owner's: one file is rendered, and `check` reads the others. */
static void say_env_files(const struct init *init)
{
    struct output *out = init->in->out;
    size_t count = bulla_survey_env_file_count(init->survey);
    const char *apart = NULL; /* the first service that a rendered file does not reach yet */
    bool is_several = false;
    for (size_t i = 0; i < count; i++) {
        const struct bulla_survey_env_file *file = bulla_survey_env_file(init->survey, i);
        if (file->is_apart) {
            is_several = is_several || (apart != NULL && strcmp(apart, file->service) != 0);
            apart = apart == NULL ? file->service : apart;
        }
    }
    for (size_t i = 0; i < count && i < INIT_MAX_LISTED; i++) {
        const struct bulla_survey_env_file *file = bulla_survey_env_file(init->survey, i);
        init_say_label(out, i == 0 ? "env file" : "");
        output_untrusted(out, file->name);
        output_text(out, ", read by '");
        output_untrusted(out, file->service);
        output_text(out, "'\n");
    }
    if (count > INIT_MAX_LISTED) {
        init_say_label(out, "");
        output_printf(out, "and %zu more\n", count - INIT_MAX_LISTED);
    }
    if (count > 0) {
        init_say_label(out, "");
        output_printf(out, "%s yours: bulla check looks at %s; to have values made\n",
                      count == 1 ? "stays" : "stay", count == 1 ? "it" : "them");
        init_say_label(out, "");
        output_printf(out, "and kept in the vault, move the lines to %s%s\n",
                      bulla_survey_environment(init->survey, 0)->rendered,
                      apart != NULL ? "," : "");
    }
    if (apart != NULL) {
        init_say_label(out, "");
        output_text(out, "and have '");
        output_untrusted(out, apart);
        output_printf(out, "'%s read that, too\n", is_several ? " and the others" : "");
    }
}

static bool changed_nothing(const struct init *init)
{
    size_t changes = init->ignored;
    if (!init->has_contract || init->added > 0 || init->made_identity || init->wrote_attributes) {
        return false;
    }
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        changes += done->generated + done->imported + done->asked;
        changes += done->created ? 1 : 0;
    }
    return changes == 0;
}

/* True in a git work tree whose hooks are not ours yet; not where git cannot tell. */
static bool lacks_hooks(const struct init *init)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    auto_git_setup setup;
    bool is_installed = false;
    bool is_known = git_setup_open(&setup, init->in, &ignored) &&
                    git_setup_is_installed(&setup, &is_installed, &ignored);
    bulla_error_clear(&ignored);
    return is_known && !is_installed;
}

static void say_git(const struct init *init)
{
    struct output *out = init->in->out;
    if (init->ignored > 0) {
        init_say_label(out, "git");
        output_text(out, "rendered files are in .gitignore\n");
    }
    if (!changed_nothing(init) && lacks_hooks(init)) {
        init_say_label(out, init->ignored > 0 ? "" : "git");
        output_text(out, "bulla git install has git refuse identities and rendered files\n");
    }
}

bool init_summary(struct init *init, struct bulla_error *err)
{
    struct output *out = init->in->out;
    if (bulla_survey_found_below(init->survey) != NULL) {
        output_text(out, strchr(bulla_survey_found_below(init->survey), '/') != NULL
                             ? "no compose file here; taking the only one below: "
                             : "no compose file of a default name; taking the only one: ");
        output_untrusted(out, bulla_survey_found_below(init->survey));
        output_text(out, "\n");
    }
    if (changed_nothing(init)) {
        output_text(out, find_refused(init) == NULL
                             ? "everything is set up already: nothing was changed\n"
                             : "nothing was changed\n");
    }
    say_contract(init);
    say_environments(init);
    say_refused(init);
    if (init->made_identity) {
        init_say_label(out, "identity");
        output_printf(out, "%s (new)\n", init->identity_path);
        init_say_label(out, "");
        output_text(out, "keep a copy: without it nothing opens\n");
    }
    say_git(init);
    say_exposed(init);
    say_unknown_history(init);
    say_same_output(init);
    say_commands(init);
    say_env_files(init);
    say_left_alone(init);
    return init_say_lacking(init, err);
}
