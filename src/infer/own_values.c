/*
 * Derived variables that an env file sets to something else than their parts make: a value that
 * somebody gave, which a template would be the end of.
 */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/shape.h"
#include "infer/env_values.h"
#include "infer/references.h"
#include "template/template.h"

#include "base/banned.h"

#define MAX_DEPTH 8

/* The env files of one environment as Compose reads them. */
struct reading {
    struct bulla_survey *survey;
    size_t at;
    struct env_values values;
    struct bulla_error failure; /* of a lookup, which cannot fail itself */
};

static const struct bulla_dotenv_entry *find_entry(const struct reading *reading, const char *name)
{
    const struct bulla_dotenv_entry *entry = env_values_find(&reading->values, name);
    return entry != NULL && !entry->bare && entry->value.len > 0 ? entry : NULL;
}

static const struct bulla_survey_variable *find_variable(const struct bulla_survey *survey,
                                                         struct bulla_bytes name)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        if (bulla_bytes_are(name, survey->variables[i].name)) {
            return &survey->variables[i];
        }
    }
    return NULL;
}

/* What services get for VARIABLE, which the env files do not set; NULL: nothing. */
static bool find_preset(const struct reading *reading, const struct bulla_survey_variable *variable,
                        const char **ret_text, struct bulla_error *err)
{
    *ret_text = variable->presets != NULL ? variable->presets[reading->at] : variable->guess.preset;
    return *ret_text != NULL ||
           references_find_default(reading->survey, variable->name, ret_text, err);
}

/* One template that is being filled. */
struct filling {
    struct reading *reading;
    struct bulla_buf *part; /* the value of a derived part */
    unsigned depth;
    bool has_secret;
};

static bool fill(struct filling *filling, const char *text, struct bulla_buf *out,
                 struct bulla_error *err);

static bool fill_part(struct filling *filling, const struct bulla_survey_variable *variable,
                      struct bulla_bytes *ret_value, struct bulla_error *err)
{
    struct filling inner = {.reading = filling->reading, .depth = filling->depth + 1};
    bulla_buf_clear(filling->part);
    if (inner.depth < MAX_DEPTH && !fill(&inner, variable->guess.value, filling->part, err)) {
        return false;
    }
    filling->has_secret = filling->has_secret || inner.has_secret;
    *ret_value = bulla_buf_view(filling->part);
    return true;
}

/* A part without a value, a secret that is to be made, is empty. */
static bool give_part(void *ctx, struct bulla_bytes name, struct bulla_bytes *ret_value,
                      struct bulla_error *err)
{
    struct filling *filling = ctx;
    const struct bulla_survey_variable *variable = find_variable(filling->reading->survey, name);
    const struct bulla_dotenv_entry *entry =
        variable != NULL ? find_entry(filling->reading, variable->name) : NULL;
    *ret_value = entry != NULL ? entry->value : bulla_bytes("", 0);
    if (variable == NULL) {
        return true;
    }
    enum bulla_role role = variable->guess.role;
    filling->has_secret =
        filling->has_secret || role == BULLA_ROLE_GENERATED || role == BULLA_ROLE_PROVIDED;
    if (role == BULLA_ROLE_DERIVED && !variable->is_known && entry == NULL) {
        return fill_part(filling, variable, ret_value, err);
    }
    const char *text = NULL;
    if (entry == NULL && !find_preset(filling->reading, variable, &text, err)) {
        return false;
    }
    *ret_value = text != NULL ? bulla_bytes_of(text) : *ret_value;
    return true;
}

static bool fill(struct filling *filling, const char *text, struct bulla_buf *out,
                 struct bulla_error *err)
{
    bulla_auto_buf part;
    bulla_buf_init_secret(&part, BULLA_MAX_VALUE_BYTES);
    filling->part = &part;
    bool ok = template_render(bulla_bytes_of(text), "", (struct bulla_pos){1, 1}, give_part,
                              filling, out, err);
    filling->part = NULL;
    return ok;
}

/* True where VALUE is no secret by itself: VARIABLE is a setting then, in the vault. */
static bool is_setting(const struct bulla_survey_variable *variable, struct bulla_bytes value,
                       bool has_secret)
{
    struct bulla_url url;
    bool has_password = bulla_url_split(value, &url) && url.password.len > 0;
    return !has_secret && !has_password && !bulla_name_is_secret(variable->name) &&
           bulla_secret_in_clear(NULL, value) == NULL;
}

static bool take_apart(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                       bool as_setting, struct bulla_error *err)
{
    struct bulla_guess guess = {.role = as_setting ? BULLA_ROLE_SETTING : BULLA_ROLE_PROVIDED,
                                .step = variable->guess.step};
    guess.why = pool_printf(survey->pool, err,
                            "the env file has another value than its parts make; to have it made: "
                            "kind = derived, value = %s",
                            variable->guess.value);
    variable->guess = guess;
    return guess.why != NULL && survey_find_unused(survey, variable, err);
}

static bool look_at(struct reading *reading, size_t index, struct bulla_error *err)
{
    struct bulla_survey *survey = reading->survey;
    struct bulla_survey_variable *variable = &survey->variables[index];
    const struct bulla_dotenv_entry *entry = find_entry(reading, variable->name);
    if (entry == NULL || bulla_survey_is_published(survey, index, entry->value)) {
        return true;
    }
    bulla_auto_buf made;
    bulla_buf_init_secret(&made, BULLA_MAX_VALUE_BYTES);
    struct filling filling = {.reading = reading};
    if (!fill(&filling, variable->guess.value, &made, err)) {
        return false;
    }
    return bulla_secret_bytes_equal(bulla_buf_view(&made), entry->value) ||
           take_apart(survey, variable, is_setting(variable, entry->value, filling.has_secret),
                      err);
}

/* What an env file refers to and does not set. */
static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    struct reading *reading = ctx;
    const struct bulla_survey_variable *variable = find_variable(reading->survey, name);
    const struct bulla_dotenv_entry *entry =
        variable != NULL ? find_entry(reading, variable->name) : NULL;
    const char *text = NULL;
    if (entry == NULL && variable != NULL && reading->failure.code == BULLA_OK) {
        (void)find_preset(reading, variable, &text, &reading->failure);
    }
    if (entry == NULL && text == NULL) {
        return BULLA_LOOKUP_UNSET;
    }
    *ret_value = entry != NULL ? entry->value : bulla_bytes_of(text);
    return ret_value->len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
}

static bool read_file(struct reading *reading, size_t index, const char *path,
                      struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (path == NULL) {
        return true;
    }
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return false;
    }
    const struct bulla_dotenv_options options = {.fallback = look_up, .fallback_ctx = reading};
    struct bulla_dotenv *file = bulla_dotenv_parse(bulla_buf_view(&text), path, &options, err);
    if (reading->failure.code != BULLA_OK) {
        *err = reading->failure;
        bulla_dotenv_free(file);
        return false;
    }
    reading->values.files[index] = file;
    return file != NULL;
}

static bool look_at_environment(struct bulla_survey *survey, size_t at, struct bulla_error *err)
{
    const struct bulla_survey_environment *environment = &survey->environments[at];
    struct reading reading = {.survey = survey, .at = at, .failure = BULLA_ERROR_INIT};
    bool ok = env_values_reserve(&reading.values, environment, err);
    /* Those behind first: the others may refer to what they set. */
    for (size_t i = reading.values.count; ok && i-- > 0;) {
        ok = read_file(&reading, i, env_values_path(environment, i), err);
    }
    for (size_t i = 0; ok && i < survey->variable_count; i++) {
        const struct bulla_survey_variable *variable = &survey->variables[i];
        bool is_made = !variable->is_known && variable->guess.role == BULLA_ROLE_DERIVED &&
                       variable->guess.value != NULL;
        ok = !is_made || look_at(&reading, i, err);
    }
    env_values_release(&reading.values);
    return ok;
}

bool survey_settle_own_values(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; !survey->no_import && i < survey->environment_count; i++) {
        const struct bulla_survey_environment *environment = &survey->environments[i];
        if ((environment->existing != NULL || environment->existing_behind_count > 0) &&
            !look_at_environment(survey, i, err)) {
            return false;
        }
    }
    return true;
}
