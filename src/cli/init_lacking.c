/* What init says of values that are not there, and what comes next. */
#include <stdio.h>
#include <string.h>

#include "git.h"
#include "init_lines.h"
#include "prompt.h"

#define TERMINAL_WIDTH 80
#define LABEL_WIDTH 13
#define NEXT_INDENT "      " /* below "next: " */

/* Where to get VALUE, once: behind its name, which takes TAKEN columns, or below it. */
static void say_obtain(struct output *out, const struct bulla_value *value, size_t taken)
{
    const char *text = value->variable.obtain.text;
    if (LABEL_WIDTH + taken + 2 + strlen(text) <= TERMINAL_WIDTH) {
        output_text(out, "  ");
    } else {
        output_text(out, "\n");
        init_say_label(out, "");
        output_text(out, "  ");
    }
    output_untrusted(out, text);
}

/* True for what somebody still has to give. */
static bool is_lacking(const struct bulla_value *value)
{
    return value->state == BULLA_VALUE_MISSING && value->variable.role != BULLA_ROLE_DERIVED;
}

/* True where an environment before the one INDEX says where to get NAME. */
static bool is_said(const struct init *init, struct bulla_values *const *values, size_t index,
                    const char *name)
{
    for (size_t i = 0; i < index; i++) {
        const struct bulla_value *value = bulla_values_find(values[i], name);
        if (!init->environments[i].is_closed && value != NULL && is_lacking(value)) {
            return true;
        }
    }
    return false;
}

/* The names of environment INDEX that still need a value, with where to get them. */
static void say_missing_of(const struct init *init, struct bulla_values *const *values,
                           size_t index, bool is_first)
{
    struct output *out = init->in->out;
    const struct init_environment *done = &init->environments[index];
    const char *environment = done->ws.environment->name;
    size_t listed = 0;
    for (size_t k = 0; k < bulla_values_count(values[index]) && listed < INIT_MAX_LISTED; k++) {
        const struct bulla_value *value = bulla_values_get(values[index], k);
        if (!is_lacking(value)) {
            continue;
        }
        const char *name = value->variable.name;
        init_say_label(out, is_first && listed == 0 ? "missing" : "");
        output_printf(out, "%s: ", environment);
        output_untrusted(out, name);
        if (value->variable.obtain.text != NULL && !is_said(init, values, index, name)) {
            say_obtain(out, value, strlen(environment) + 2 + strlen(name));
        }
        output_text(out, "\n");
        listed++;
    }
    if (done->missing > listed) {
        char flag[48];
        init_say_label(out, "");
        output_printf(out, "%s: and %zu more: bulla status%s lists them\n", environment,
                      done->missing - listed, workspace_env_flag(&done->ws, flag));
    }
}

/* True where environment INDEX has something missing that can be given here. */
static bool is_open(const struct init *init, size_t index)
{
    return init->environments[index].missing > 0 && !init->environments[index].is_closed;
}

static void say_missing(const struct init *init, struct bulla_values *const *values)
{
    bool is_first = true;
    for (size_t i = 0; i < init->environment_count; i++) {
        if (is_open(init, i)) {
            say_missing_of(init, values, i, is_first);
            is_first = false;
        }
    }
}

/*
 * "bulla set -e prod --yes NAME", for the first that environment INDEX lacks. Returns the
 * columns of the line with ", then bulla check -e prod" behind it.
 */
static size_t say_set(const struct init *init, const struct bulla_values *values, size_t index)
{
    struct output *out = init->in->out;
    const struct workspace *ws = &init->environments[index].ws;
    char flag[48];
    char command[256];
    size_t k = 0;
    while (!is_lacking(bulla_values_get(values, k))) {
        k++;
    }
    (void)snprintf(command, sizeof command, "bulla set%s%s %s", workspace_env_flag(ws, flag),
                   ws->environment->is_protected && !prompt_is_possible() ? " --yes" : "",
                   bulla_values_get(values, k)->variable.name);
    output_styled(out, STYLE_STRONG, command);
    return strlen(NEXT_INDENT ", then bulla check") + strlen(command) + strlen(flag);
}

/* "then bulla check -e prod", for each environment that lacks something: the others are checked. */
static void say_then(const struct init *init, const char *indent)
{
    struct output *out = init->in->out;
    bool is_first = true;
    for (size_t i = 0; i < init->environment_count; i++) {
        char flag[48];
        if (is_open(init, i)) {
            output_printf(out, "%s%s bulla check%s\n", is_first ? indent : NEXT_INDENT,
                          is_first ? "then" : "    ",
                          workspace_env_flag(&init->environments[i].ws, flag));
            is_first = false;
        }
    }
}

/* All but settings that stand in the contract, for everybody to read. */
static bool is_sealed(const struct bulla_value *value)
{
    return value->state == BULLA_VALUE_SET &&
           (value->variable.role != BULLA_ROLE_SETTING || value->source != BULLA_FROM_CONTRACT);
}

/* Where git has the file that is rendered, nothing that a vault seals is written to it. */
static bool say_untrack(const struct init *init, struct bulla_values *const *values,
                        struct bulla_error *err)
{
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct workspace *ws = &init->environments[i].ws;
        enum bulla_git_state state = BULLA_GIT_UNKNOWN;
        bool has_sealed = false;
        for (size_t k = 0; k < bulla_values_count(values[i]); k++) {
            has_sealed = has_sealed || is_sealed(bulla_values_get(values[i], k));
        }
        bulla_auto_str path = workspace_project_path(ws, ws->environment->output, err);
        if (path == NULL || (has_sealed && !git_file_state(path, &state, err))) {
            return false;
        }
        if (state == BULLA_GIT_TRACKED) {
            bulla_auto_str word = git_path_word(path, err);
            if (word == NULL) {
                return false;
            }
            output_styled(init->in->out, STYLE_STRONG, "git rm --cached ");
            output_untrusted(init->in->out, word);
            output_text(init->in->out, "\n" NEXT_INDENT);
            return true;
        }
    }
    return true;
}

/* One environment's next step in a line; of several, each with how much it lacks. */
static bool say_next(const struct init *init, struct bulla_values *const *values,
                     struct bulla_error *err)
{
    struct output *out = init->in->out;
    size_t lacking = 0;
    for (size_t i = 0; i < init->environment_count; i++) {
        lacking += is_open(init, i);
    }
    output_text(out, "next: ");
    if (!say_untrack(init, values, err)) {
        return false;
    }
    size_t columns = 0;
    if (lacking == 0) {
        output_styled(out, STYLE_STRONG, "bulla check");
        output_text(out, ", then bulla render\n");
        return true;
    }
    bool is_first = true;
    for (size_t i = 0; i < init->environment_count; i++) {
        const struct init_environment *done = &init->environments[i];
        if (!is_open(init, i)) {
            continue;
        }
        output_text(out, is_first ? "" : NEXT_INDENT);
        is_first = false;
        columns = say_set(init, values[i], i);
        if (lacking > 1 && done->missing > 1) {
            output_printf(out, ", and %zu more in %s", done->missing - 1,
                          done->ws.environment->name);
        }
        output_text(out, lacking > 1 ? "\n" : "");
    }
    if (lacking == 1 && columns <= TERMINAL_WIDTH) {
        say_then(init, ", ");
    } else {
        output_text(out, lacking == 1 ? ",\n" : "");
        say_then(init, NEXT_INDENT);
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
static void say_optional(const struct init *init, struct bulla_values *const *values)
{
    struct init_names names = {.out = init->in->out};
    for (size_t i = 0; i < bulla_survey_variable_count(init->survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(init->survey, i);
        if (variable->is_known || variable->guess.role != BULLA_ROLE_PROVIDED ||
            !variable->guess.optional ||
            !is_nowhere_set(values, init->environment_count, variable->name)) {
            continue;
        }
        init_say_name(&names, "optional", variable->name);
    }
    init_end_names(&names);
    if (names.count > 0) {
        init_say_label(names.out, "");
        output_printf(names.out,
                      "not set, and nothing asks for %s: bulla.ini has `optional = yes`\n",
                      names.count == 1 ? "it" : "them");
    }
}

/* What the samples ask for, and the stack starts without: nobody is stopped by it. */
static void say_awaited(const struct init *init)
{
    struct init_names names = {.out = init->in->out};
    for (size_t i = 0; !init->has_contract && i < bulla_survey_variable_count(init->survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(init->survey, i);
        if (variable->guess.awaited) {
            init_say_name(&names, "your own", variable->name);
        }
    }
    init_end_names(&names);
    if (names.count > 0) {
        init_say_label(names.out, "");
        output_text(names.out, "no value of yours yet; the stack starts without\n");
        init_say_label(names.out, "");
        output_text(names.out, "bulla set NAME, or `default = …` in bulla.ini\n");
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
        init_say_label(out, "for others");
        output_printf(out, ".bulla/%s.vault: %zu missing, and you may not write there:\n",
                      done->ws.environment->name, done->missing);
        init_say_label(out, "");
        output_printf(out, "bulla init is for somebody who may (bulla access -e %s)\n",
                      done->ws.environment->name);
    }
}

bool init_say_lacking(const struct init *init, struct bulla_error *err)
{
    struct bulla_values *values[INIT_MAX_ENVIRONMENTS] = {NULL};
    bool ok = true;
    for (size_t i = 0; ok && i < init->environment_count; i++) {
        values[i] = workspace_resolve(&init->environments[i].ws, err);
        ok = values[i] != NULL;
    }
    if (ok) {
        say_missing(init, values);
        say_closed(init);
        say_awaited(init);
        say_optional(init, values);
        ok = say_next(init, values, err);
    }
    for (size_t i = 0; i < init->environment_count; i++) {
        bulla_values_free(values[i]);
    }
    return ok;
}
