/* What Compose makes of the whole: where it refuses the merged project. B219, B220, else B204. */
#include <stdio.h>
#include <string.h>

#include "bulla/model.h"
#include "check/families.h"

#include "base/banned.h"

#define SENTENCE_MAX 400

/* Remedies by a part of Compose's sentence. */
static const struct {
    const char *part;
    const char *help;
} remedies[] = {
    {"invalid boolean", "write true or false"},
    {"strconv.ParseFloat", "write a number"},
    {"strconv.", "write a whole number"},
    {"additional properties", "correct the name; one of your own begins with x-"},
    {"non-string key", "put the key in quotes"},
    {"missing propert", "add what is missing"},
    {"value must be", "write what Compose names there"},
    {"are equal", "delete one of the two"},
    {"time: ", "write a time with its unit: 30s, 1m30s"},
    {"invalid size", "write a size with its unit: 512m, 2g"},
    {"invalid suffix", "write a size with its unit: 512m, 2g"},
    {"ontainerPort", "write a port as [HOST:]CONTAINER[/PROTOCOL]"},
    {"ostPort", "write a port as [HOST:]CONTAINER[/PROTOCOL]"},
    {"o port specified", "write a port as [HOST:]CONTAINER[/PROTOCOL]"},
    {"nvalid proto", "write a port as [HOST:]CONTAINER[/PROTOCOL]"},
    {"invalid ranges", "let both ranges have as many ports"},
    {"invalid spec", "write a mount as SOURCE:TARGET[:OPTIONS]"},
    {"volume spec", "write a mount as SOURCE:TARGET[:OPTIONS]"},
    {"undefined network", "add it under networks, or correct the name"},
    {"undefined volume", "add it under volumes; a folder begins with ./ or /"},
    {"undefined config", "add it under configs, or correct the name"},
    {"undefined build secret", "add it under secrets, or correct the name"},
    {"undefined secret", "add it under secrets, or correct the name"},
    {"depends on undefined", "name a service of the project that is active"},
    {"unknown service", "name a service of the project"},
    {"non-buildable service", "name a service that is built"},
    {"not found for network_mode", "name a service of the project"},
    {"neither an image nor a build", "give it image: or build:"},
    {"must declare either", "say where it comes from: file:, environment: or external: true"},
    {"dependency cycle", "take one depends_on out of the cycle"},
    {"already in use by", "give each service another container_name, or none"},
    {"already mounted", "mount one thing at each target"},
    {"mutualy exclusive", "keep one of the two"},
    {"mutually exclusive", "keep one of the two"},
    {"distinct values", "say it in one of the two places, or the same in both"},
    {"container name must be", "leave out container_name, or run one container"},
    {"must start either by", "begin the test with CMD, CMD-SHELL or NONE"},
    {"cannot extend service", "correct the name or the file"},
    {"Circular reference", "take one extends out of the cycle"},
};

static const char *find_remedy(const char *sentence)
{
    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++) {
        if (strstr(sentence, remedies[i].part) != NULL) {
            return remedies[i].help;
        }
    }
    return NULL;
}

static const struct bulla_project_file *find_file(const struct check *check, const char *path)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; path != NULL && i < project->file_count; i++) {
        if (strcmp(project->files[i]->path, path) == 0) {
            return project->files[i];
        }
    }
    return NULL;
}

/* --- what is said already --------------------------------------------------------------------- */

static bool problem_tells(const struct bulla_project_problem *problem,
                          const struct bulla_model_failure *failure,
                          const struct bulla_project_file *file)
{
    if (!problem->fatal) {
        return false;
    }
    if (failure->yaml || failure->step == BULLA_MODEL_FILES) {
        return true;
    }
    if (file == NULL || problem->file != file) {
        return false;
    }
    return failure->step == BULLA_MODEL_VARIABLES || problem->pos.line == failure->pos.line ||
           problem->kind == BULLA_PROBLEM_SHAPE || problem->kind == BULLA_PROBLEM_EXTENDS ||
           problem->kind == BULLA_PROBLEM_INCLUDE;
}

/* True where another finding says that Compose refuses what FAILURE is about. */
static bool is_told(const struct check *check, const struct bulla_model_failure *failure,
                    const struct bulla_project_file *file)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->problem_count; i++) {
        if (problem_tells(&project->problems[i], failure, file)) {
            return true;
        }
    }
    for (size_t i = 0; failure->step == BULLA_MODEL_VARIABLES && i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (ref->file == file && ref->kind == BULLA_USE_REFERENCE && ref->evaluated &&
            (ref->outcome == BULLA_REF_MISSING || ref->outcome == BULLA_REF_INVALID)) {
            return true;
        }
    }
    return false;
}

/* --- saying it -------------------------------------------------------------------------------- */

/* Compose's sentence on one line, without the file in front of it, which the place says. */
static void write_sentence(const char *masked, char *out, size_t cap)
{
    static const char lead[] = "validating ";
    if (strncmp(masked, lead, sizeof lead - 1) == 0) {
        const char *end = strstr(masked, ": ");
        masked = end != NULL ? end + 2 : masked;
        masked += strspn(masked, " "); /* at the top there is no path before the words */
    }
    size_t len = 0;
    for (; *masked != '\0' && len + 1 < cap; masked++) {
        bool is_break = *masked == '\n' || *masked == '\r';
        if (!is_break || (len > 0 && out[len - 1] != ' ')) {
            out[len++] = *masked;
            out[len - 1] = is_break ? ' ' : *masked;
        }
    }
    out[len] = '\0';
}

static enum rule rule_of(enum bulla_model_step step)
{
    return step == BULLA_MODEL_VALUES  ? RULE_REFUSED_VALUE
           : step == BULLA_MODEL_PARTS ? RULE_REFUSED_PARTS
                                       : RULE_UNREADABLE;
}

/* What stands for the project where Compose is about no file. */
static const char *main_file(const struct check *check)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        if (file->kind == BULLA_PROJECT_COMPOSE && file->read) {
            return check_file_name(check, file);
        }
    }
    return NULL;
}

static bool add_failure(struct check *check, const struct bulla_model_failure *failure,
                        struct bulla_error *err)
{
    const struct bulla_project_file *file = find_file(check, failure->file);
    if (is_told(check, failure, file)) {
        return true;
    }
    const char *name = file != NULL            ? check_file_name(check, file)
                       : failure->file != NULL ? check_relative_name(check, failure->file)
                                               : main_file(check);
    struct place place = {.file = name, .pos = failure->pos};
    char sentence[SENTENCE_MAX];
    write_sentence(failure->masked, sentence, sizeof sentence);
    return check_add(check, rule_of(failure->step), &place, find_remedy(sentence), err,
                     "Compose says: %s", sentence);
}

/* --- values ----------------------------------------------------------------------------------- */

/* Shows the model what is no secret, and hides the rest. */
static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    const struct bulla_check_input *input = ctx;
    const struct bulla_project_options *options = input->options;
    enum bulla_lookup_state state = options->values(options->values_ctx, name, ret_value);
    char text[BULLA_MAX_NAME_BYTES + 1];
    bool is_short = name.len < sizeof text;
    (void)snprintf(text, sizeof text, "%.*s", (int)(is_short ? name.len : 0),
                   (const char *)name.data);
    const struct bulla_value *value =
        input->values != NULL ? bulla_values_find(input->values, text) : NULL;
    if (value == NULL || value->variable.role != BULLA_ROLE_SETTING) {
        *ret_value = bulla_bytes("", 0);
    }
    return state;
}

bool check_merged(struct check *check, struct bulla_error *err)
{
    if (check->input->options == NULL) {
        return true;
    }
    struct bulla_project_options options = *check->input->options;
    if (options.values != NULL) {
        options.values = look_up;
        options.values_ctx = (void *)(uintptr_t)check->input;
    }
    bulla_auto_model model = bulla_model_judge(&options, err);
    if (model == NULL && err->code == BULLA_E_LIMIT) {
        bulla_error_clear(err);
        return true;
    }
    for (size_t i = 0; model != NULL && i < model->failure_count; i++) {
        if (!add_failure(check, &model->failures[i], err)) {
            return false;
        }
    }
    return model != NULL;
}
