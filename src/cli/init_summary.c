/* What init says at its end: what it did, what is missing, what comes next. */
#include <stdio.h>
#include <string.h>

#include "init.h"
#include "output.h"
#include "prompt.h"

#define MAX_LISTED 12
#define LIST_WIDTH 64 /* of a terminal's 80, behind the label */

static void count_roles(const struct init *init, size_t counts[static 4])
{
    for (size_t i = 0; i < bulla_survey_variable_count(init->survey); i++) {
        counts[bulla_survey_variable(init->survey, i)->guess.role]++;
    }
}

static void say_label(struct output *out, const char *label)
{
    output_text(out, "  ");
    output_styled(out, STYLE_STRONG, label);
    for (size_t len = strlen(label); len < 11; len++) {
        output_text(out, " ");
    }
}

/* Names between commas, in lines that a terminal has room for, behind labels. */
struct names {
    struct output *out;
    size_t count;
    size_t column;
};

static void say_name(struct names *names, const char *label, const char *name)
{
    output_text(names->out, names->count == 0 ? "" : ",");
    if (names->count == 0 || names->column + strlen(name) + 3 > LIST_WIDTH) {
        output_text(names->out, names->count == 0 ? "" : "\n");
        say_label(names->out, names->count == 0 ? label : "");
        names->column = 0;
    } else {
        output_text(names->out, " ");
    }
    output_untrusted(names->out, name);
    names->column += strlen(name) + 2;
    names->count++;
}

/* The names of what is new in the contract, in lines of their own. */
static void say_added(const struct init *init)
{
    struct names names = {.out = init->in->out};
    for (size_t i = 0; i < bulla_survey_variable_count(init->survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(init->survey, i);
        if (variable->is_known) {
            continue;
        }
        if (names.count == MAX_LISTED) {
            output_printf(names.out, ", and %zu more", init->added - MAX_LISTED);
            break;
        }
        say_name(&names, "", variable->name);
    }
    output_text(names.out, "\n");
}

static void say_contract(const struct init *init)
{
    struct output *out = init->in->out;
    if (init->has_contract) {
        if (init->added > 0) {
            say_label(out, "contract");
            output_printf(out, "bulla.ini: %zu added at its end\n", init->added);
            say_added(init);
        }
        return;
    }
    size_t counts[4] = {0};
    count_roles(init, counts);
    say_label(out, "contract");
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
        say_label(out, "vault");
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
    say_label(out, "exposed");
    output_printf(out, "%zu imported from ", count);
    output_untrusted(out, init->tracked);
    output_printf(out, ", which git has: every clone reads %s\n", count == 1 ? "it" : "them");
    say_label(out, "");
    output_text(out, "git rm --cached it; ");
    output_styled(out, STYLE_STRONG, "bulla rotate");
    output_styled(out, STYLE_STRONG, flag);
    output_styled(out, STYLE_STRONG, " --exposed");
    output_text(out, " turns what was made here,\n");
    say_label(out, "");
    output_text(out, "what others gave is yours to replace (bulla status lists all)\n");
}

/* The environment before INDEX that is rendered to the same file, or NULL. */
static const struct bulla_survey_environment *find_same_output(const struct bulla_survey *survey,
                                                               size_t index)
{
    const char *rendered = bulla_survey_environment(survey, index)->rendered;
    for (size_t i = 0; i < index; i++) {
        const struct bulla_survey_environment *other = bulla_survey_environment(survey, i);
        if (strcmp(other->rendered, rendered) == 0) {
            return other;
        }
    }
    return NULL;
}

/* Compose is right to read that file in both, and nobody may take it for two. */
static void say_same_output(const struct init *init)
{
    struct output *out = init->in->out;
    bool is_said = false;
    for (size_t i = 0; !init->has_contract && i < bulla_survey_environment_count(init->survey);
         i++) {
        const struct bulla_survey_environment *own = bulla_survey_environment(init->survey, i);
        const struct bulla_survey_environment *other = find_same_output(init->survey, i);
        if (other == NULL) {
            continue;
        }
        say_label(out, is_said ? "" : "one file");
        output_printf(out, "%s and %s are both rendered to ", other->name, own->name);
        output_untrusted(out, own->rendered);
        output_text(out, "\n");
        is_said = true;
    }
    if (is_said) {
        say_label(out, "");
        output_text(out, "services read what was rendered last: keep a clone or a host for\n");
        say_label(out, "");
        output_text(out, "each, or give one a file of its own (bulla.ini says how)\n");
    }
}

static void say_left_alone(const struct init *init)
{
    struct names names = {.out = init->in->out};
    size_t count = bulla_survey_left_alone_count(init->survey);
    if (count == 0 || init->has_contract) {
        return;
    }
    for (size_t i = 0; i < count && i < MAX_LISTED; i++) {
        say_name(&names, "left alone", bulla_survey_left_alone(init->survey, i));
    }
    output_text(names.out, count > MAX_LISTED ? ", …\n" : "\n");
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
        say_label(out, last == NULL ? "start with" : "");
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
    for (size_t i = 0; i < count && i < MAX_LISTED; i++) {
        const struct bulla_survey_env_file *file = bulla_survey_env_file(init->survey, i);
        say_label(out, i == 0 ? "env file" : "");
        output_untrusted(out, file->name);
        output_text(out, ", read by '");
        output_untrusted(out, file->service);
        output_text(out, "'\n");
    }
    if (count > MAX_LISTED) {
        say_label(out, "");
        output_printf(out, "and %zu more\n", count - MAX_LISTED);
    }
    if (count > 0) {
        say_label(out, "");
        output_printf(out, "%s yours: bulla check looks at %s; to have values made\n",
                      count == 1 ? "stays" : "stay", count == 1 ? "it" : "them");
        say_label(out, "");
        output_printf(out, "and kept in the vault, move the lines to %s%s\n",
                      bulla_survey_environment(init->survey, 0)->rendered,
                      apart != NULL ? "," : "");
    }
    if (apart != NULL) {
        say_label(out, "");
        output_text(out, "and have '");
        output_untrusted(out, apart);
        output_printf(out, "'%s read that, too\n", is_several ? " and the others" : "");
    }
}

/* One environment's names that still need a value, with where to get them. */
static bool say_missing_of(const struct init *init, const struct init_environment *done,
                           char *first, size_t cap, struct bulla_error *err)
{
    struct output *out = init->in->out;
    const struct workspace *ws = &done->ws;
    bulla_auto_values values = workspace_resolve(ws, err);
    if (values == NULL) {
        return false;
    }
    char flag[48];
    size_t listed = 0;
    for (size_t k = 0; k < bulla_values_count(values) && listed < MAX_LISTED; k++) {
        const struct bulla_value *value = bulla_values_get(values, k);
        if (value->state != BULLA_VALUE_MISSING || value->variable.role == BULLA_ROLE_DERIVED) {
            continue;
        }
        say_label(out, first[0] == '\0' ? "missing" : "");
        if (first[0] == '\0') {
            (void)snprintf(first, cap, "bulla set%s%s %s", workspace_env_flag(ws, flag),
                           ws->environment->is_protected && !prompt_is_possible() ? " --yes" : "",
                           value->variable.name);
        }
        listed++;
        output_printf(out, "%s: ", ws->environment->name);
        output_untrusted(out, value->variable.name);
        if (value->variable.obtain.text != NULL) {
            output_text(out, "  ");
            output_untrusted(out, value->variable.obtain.text);
        }
        output_text(out, "\n");
    }
    if (done->missing > listed) {
        say_label(out, "");
        output_printf(out, "%s: and %zu more: bulla status%s lists them\n", ws->environment->name,
                      done->missing - listed, workspace_env_flag(ws, flag));
    }
    return true;
}

/* All of them; the first one for the last line. */
static bool say_missing(const struct init *init, char *first, size_t cap, struct bulla_error *err)
{
    first[0] = '\0';
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        if (done->missing > 0 && !done->is_closed && !say_missing_of(init, done, first, cap, err)) {
            return false;
        }
    }
    return true;
}

/* True where no environment has a value of the optional secret NAME. */
static bool is_nowhere_set(struct bulla_values *const *values, size_t count, const char *name)
{
    bool is_known = false;
    for (size_t i = 0; i < count; i++) {
        const struct bulla_value *value = bulla_values_find(values[i], name);
        if (value != NULL && value->state == BULLA_VALUE_SET) {
            return false;
        }
        is_known = is_known || value != NULL;
    }
    return is_known;
}

/* What was taken for optional, so that who needs it sees that nobody will ask for it. */
static void say_optional_of(const struct init *init, struct bulla_values *const *values)
{
    struct names names = {.out = init->in->out};
    size_t left = 0;
    for (size_t i = 0; i < bulla_survey_variable_count(init->survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(init->survey, i);
        if (variable->is_known || variable->guess.role != BULLA_ROLE_PROVIDED ||
            !variable->guess.optional ||
            !is_nowhere_set(values, init->environment_count, variable->name)) {
            continue;
        }
        if (names.count == MAX_LISTED) {
            left++;
        } else {
            say_name(&names, "optional", variable->name);
        }
    }
    if (left > 0) {
        output_printf(names.out, ", and %zu more", left);
    }
    if (names.count > 0) {
        output_text(names.out, "\n");
        say_label(names.out, "");
        output_text(names.out,
                    "not set, and nothing asks for them: bulla.ini has `optional = yes`\n");
    }
}

static bool say_optional(const struct init *init, struct bulla_error *err)
{
    struct bulla_values *values[INIT_MAX_ENVIRONMENTS] = {NULL};
    bool ok = true;
    for (size_t i = 0; ok && i < init->environment_count; i++) {
        values[i] = workspace_resolve(&init->environments[i].ws, err);
        ok = values[i] != NULL;
    }
    if (ok) {
        say_optional_of(init, values);
    }
    for (size_t i = 0; i < init->environment_count; i++) {
        bulla_values_free(values[i]);
    }
    return ok;
}

/* What the samples ask for, and the stack starts without: nobody is stopped by it. */
static void say_awaited(const struct init *init)
{
    struct output *out = init->in->out;
    size_t count = 0;
    for (size_t i = 0; !init->has_contract && i < bulla_survey_variable_count(init->survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(init->survey, i);
        if (!variable->guess.awaited) {
            continue;
        }
        if (count < MAX_LISTED) {
            say_label(out, count == 0 ? "your own" : "");
            output_untrusted(out, variable->name);
            output_text(out, "\n");
        }
        count++;
    }
    if (count > MAX_LISTED) {
        say_label(out, "");
        output_printf(out, "and %zu more: bulla check lists them\n", count - MAX_LISTED);
    }
}

/* What vaults lack that only others write to. */
static void say_closed(const struct init *init)
{
    struct output *out = init->in->out;
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        if (!done->is_closed || done->missing == 0) {
            continue;
        }
        say_label(out, "for others");
        output_printf(out, ".bulla/%s.vault: %zu missing, and you may not write there:\n",
                      done->ws.environment->name, done->missing);
        say_label(out, "");
        output_printf(out, "bulla init is for somebody who may (bulla access -e %s)\n",
                      done->ws.environment->name);
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
        output_text(out, "everything is set up already: nothing was changed\n");
    }
    say_contract(init);
    say_environments(init);
    if (init->made_identity) {
        say_label(out, "identity");
        output_printf(out, "%s (new)\n", init->identity_path);
        say_label(out, "");
        output_text(out, "keep a copy: without it nothing opens\n");
    }
    if (init->ignored > 0) {
        say_label(out, "git");
        output_text(out, "rendered files are in .gitignore\n");
    }
    say_exposed(init);
    say_same_output(init);
    say_commands(init);
    say_env_files(init);
    say_left_alone(init);
    char next[256];
    if (!say_missing(init, next, sizeof next, err)) {
        return false;
    }
    say_closed(init);
    say_awaited(init);
    if (!say_optional(init, err)) {
        return false;
    }
    output_text(out, "next: ");
    output_styled(out, STYLE_STRONG, next[0] != '\0' ? next : "bulla check");
    output_text(out, next[0] != '\0' ? ", then bulla check\n" : ", then bulla render\n");
    return true;
}
