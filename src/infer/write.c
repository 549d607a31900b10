/* The commented bulla.ini that a survey leads to. */
#include <string.h>

#include "bulla/limits.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

#define WIDTH 96

/* "; TEXT", broken at blanks; text from files cannot end the comment. */
static void write_comment(struct bulla_buf *out, const char *text)
{
    size_t at = 0;
    size_t len = strlen(text);
    while (at < len) {
        size_t take = len - at;
        if (take > WIDTH) {
            take = WIDTH;
            while (take > 0 && text[at + take] != ' ') {
                take--;
            }
            take = take > 0 ? take : WIDTH;
        }
        bulla_buf_puts(out, "; ");
        for (size_t i = 0; i < take; i++) {
            char c = text[at + i];
            bulla_buf_putc(out, c == '\n' || c == '\r' || c == '\0' ? ' ' : c);
        }
        bulla_buf_putc(out, '\n');
        at += take;
        while (at < len && text[at] == ' ') {
            at++;
        }
    }
}

static bool write_list(const char *key, const char *const *words, size_t count,
                       struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_buf list;
    bulla_buf_init(&list, out->max);
    for (size_t i = 0; i < count; i++) {
        bulla_buf_puts(&list, i > 0 ? ", " : "");
        bulla_buf_puts(&list, words[i]);
    }
    const char *text = bulla_buf_text(&list, err);
    return text != NULL && bulla_contract_write_setting(key, text, out, err);
}

/* Turning is a decision of the owner's: shown, not made. */
static bool write_rotation(struct bulla_buf *out)
{
    bulla_buf_puts(out, "; how old a generated secret may become before check and status say so\n"
                        "; rotate = 90d\n");
    return true;
}

static bool write_head(const struct bulla_survey *survey, struct bulla_buf *out,
                       struct bulla_error *err)
{
    const char *names[SURVEY_MAX_ENVIRONMENTS] = {""};
    for (size_t i = 0; i < survey->environment_count; i++) {
        names[i] = survey->environments[i].name;
    }
    bulla_buf_puts(out, "; bulla.ini: what this stack needs, and how each value is made, checked "
                        "and turned.\n; Values of secrets never stand here: they are sealed in "
                        ".bulla/.\n\n[bulla]\nformat = 1\n");
    return bulla_contract_write_setting("project", bulla_survey_project(survey), out, err) &&
           write_list("environments", names, survey->environment_count, out, err) &&
           bulla_contract_write_setting("default", names[0], out, err) && write_rotation(out);
}

static bool write_environment(const struct bulla_survey *survey, size_t index,
                              struct bulla_buf *out, struct bulla_error *err)
{
    const struct bulla_survey_environment *environment = &survey->environments[index];
    size_t other = 0;
    bulla_buf_puts(out, "\n[environment ");
    bulla_buf_puts(out, environment->name);
    bulla_buf_puts(out, "]\n");
    if (environment->compose_count > 0 &&
        !write_list("compose", environment->compose, environment->compose_count, out, err)) {
        return false;
    }
    if (environment->sample != NULL &&
        !bulla_contract_write_setting("template", environment->sample, out, err)) {
        return false;
    }
    if (environment->command != NULL) {
        bulla_buf_puts(out, "; services read this file by env_file; what compose files refer to "
                            "needs it too:\n;   ");
        bulla_buf_puts(out, environment->command);
        bulla_buf_putc(out, '\n');
    }
    if (bulla_survey_find_same_output(survey, index, &other)) {
        bulla_buf_printf(out,
                         "; %s is rendered to the same file, and services read what was rendered "
                         "last: keep a clone\n; or a host for each, or have this one's compose "
                         "file say `env_file: .env.%s` and put that here\n",
                         survey->environments[other].name, environment->name);
    }
    if (!bulla_contract_write_setting("output", environment->output, out, err)) {
        return false;
    }
    if (strcmp(environment->name, "prod") == 0) {
        bulla_buf_puts(out, "protected = yes\n");
    }
    return true;
}

static bool write_presets(const struct bulla_survey *survey,
                          const struct bulla_survey_variable *variable, struct bulla_buf *out,
                          struct bulla_error *err)
{
    if (variable->guess.preset != NULL &&
        !bulla_contract_write_setting("default", variable->guess.preset, out, err)) {
        return false;
    }
    for (size_t i = 0; variable->presets != NULL && i < survey->environment_count; i++) {
        const char *preset = variable->presets[i];
        if (preset == NULL ||
            (variable->guess.preset != NULL && strcmp(preset, variable->guess.preset) == 0)) {
            continue;
        }
        bulla_auto_buf key;
        bulla_buf_init(&key, 256);
        bulla_buf_puts(&key, "default@");
        bulla_buf_puts(&key, survey->environments[i].name);
        const char *text = bulla_buf_text(&key, err);
        if (text == NULL || !bulla_contract_write_setting(text, preset, out, err)) {
            return false;
        }
    }
    return true;
}

/* The words that begin other sections (contract.5, Sections). */
static bool needs_long_form(const char *name)
{
    static const char *const words[] = {"bulla", "check", "environment", "apply", "variable"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(name, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool write_variable(const struct bulla_survey *survey,
                           const struct bulla_survey_variable *variable, struct bulla_buf *out,
                           struct bulla_error *err)
{
    const struct bulla_guess *guess = &variable->guess;
    bulla_buf_putc(out, '\n');
    if (variable->comment != NULL && variable->comment[0] != '\0') {
        write_comment(out, variable->comment);
    }
    write_comment(out, guess->why); /* nothing for an empty one */
    bulla_buf_puts(out, needs_long_form(variable->name) ? "[variable " : "[");
    bulla_buf_puts(out, variable->name);
    bulla_buf_puts(out, "]\n");
    const char *kind =
        guess->role == BULLA_ROLE_GENERATED ? guess->kind : bulla_role_name(guess->role);
    if (!bulla_contract_write_setting("kind", kind, out, err)) {
        return false;
    }
    if (guess->value != NULL && !bulla_contract_write_setting("value", guess->value, out, err)) {
        return false;
    }
    if (guess->role == BULLA_ROLE_SETTING && guess->type != BULLA_TYPE_TEXT &&
        !bulla_contract_write_setting("type", bulla_value_type_name(guess->type), out, err)) {
        return false;
    }
    if (guess->obtain != NULL && !bulla_contract_write_setting("obtain", guess->obtain, out, err)) {
        return false;
    }
    if (guess->optional) {
        bulla_buf_puts(out, "optional = yes\n");
    }
    if (variable->previous_as != NULL) {
        bulla_buf_puts(out, "; how long the value before counts after a turn\n"
                            "; keep-previous = 24h\n");
        if (!bulla_contract_write_setting("previous-as", variable->previous_as, out, err)) {
            return false;
        }
    }
    for (size_t i = 0; variable->unused != NULL && i < survey->environment_count; i++) {
        bool has_preset = variable->presets != NULL && variable->presets[i] != NULL;
        if (variable->unused[i] && !has_preset) {
            bulla_buf_printf(out, "optional@%s = yes\n", survey->environments[i].name);
        }
    }
    return guess->role != BULLA_ROLE_SETTING || write_presets(survey, variable, out, err);
}

/* All of it; behind a contract that is there only what that lacks. */
static bool write_variables(const struct bulla_survey *survey, struct bulla_buf *out,
                            struct bulla_error *err)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        const struct bulla_survey_variable *variable = &survey->variables[i];
        if (!variable->is_known && !write_variable(survey, variable, out, err)) {
            return bulla_error_while(err, "writing [%s]", variable->name);
        }
    }
    return bulla_buf_ok(out, err);
}

/* Behind the contract's text as it is, in lines that end as its own do. */
static bool write_additions(const struct bulla_survey *survey, struct bulla_buf *out,
                            struct bulla_error *err)
{
    struct bulla_bytes before = survey->contract_text;
    bulla_auto_buf added;
    bulla_buf_init(&added, BULLA_MAX_CONTRACT_BYTES);
    bulla_buf_add_bytes(out, before);
    if (!write_variables(survey, &added, err)) {
        return false;
    }
    struct bulla_bytes text = bulla_buf_view(&added);
    const uint8_t *lf = before.len > 0 ? memchr(before.data, '\n', before.len) : NULL;
    const char *end = lf != NULL && lf > before.data && lf[-1] == '\r' ? "\r\n" : "\n";
    if (text.len > 0 && before.len > 0 && before.data[before.len - 1] != '\n') {
        bulla_buf_puts(out, end);
    }
    while (text.len > 0) {
        lf = memchr(text.data, '\n', text.len);
        size_t len = lf != NULL ? (size_t)(lf - text.data) : text.len;
        bulla_buf_add(out, text.data, len);
        bulla_buf_puts(out, end);
        text = bulla_bytes_slice(text, len + 1, text.len);
    }
    return bulla_buf_ok(out, err);
}

bool bulla_survey_write_contract(const struct bulla_survey *survey, struct bulla_buf *out,
                                 struct bulla_error *err)
{
    if (survey->contract != NULL) {
        return write_additions(survey, out, err);
    }
    if (!write_head(survey, out, err)) {
        return false;
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        if (!write_environment(survey, i, out, err)) {
            return false;
        }
    }
    return write_variables(survey, out, err);
}
