/* From files to evidence: what each variable's references, sample lines and comments say. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "infer/hint.h"
#include "infer/references.h"

#include "base/banned.h"

struct bulla_survey_variable *survey_variable(struct bulla_survey *survey, const char *name,
                                              struct bulla_error *err)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        if (strcmp(survey->variables[i].name, name) == 0) {
            return &survey->variables[i];
        }
    }
    if (!bulla_grow(&survey->variables, &survey->variable_cap, survey->variable_count + 1,
                    sizeof *survey->variables, err)) {
        return NULL;
    }
    const char *copy = pool_strdup(survey->pool, name, err);
    if (copy == NULL) {
        return NULL;
    }
    struct bulla_survey_variable *variable = &survey->variables[survey->variable_count++];
    *variable = (struct bulla_survey_variable){.name = copy};
    return variable;
}

bool survey_is_usable(const char *name)
{
    if (name[0] == '\0' || (name[0] >= '0' && name[0] <= '9') || strlen(name) > 128) {
        return false;
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (!((*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') ||
              (*at >= '0' && *at <= '9') || *at == '_')) {
            return false;
        }
    }
    return true;
}

bool bulla_name_is_foreign(const char *name)
{
    static const char *const names[] = {"PWD",  "HOME",  "USER",        "UID",   "GID",
                                        "PATH", "SHELL", "DOCKER_HOST", "EDITOR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    /* Names that change how programs start are the shell's and the interpreters' too. */
    bool is_python = strncmp(name, "PYTHON", 6) == 0 && name[6] >= 'A' && name[6] <= 'Z';
    return strncmp(name, "COMPOSE_", 8) == 0 || strncmp(name, "LD_", 3) == 0 || is_python ||
           strcmp(name, "NODE_OPTIONS") == 0;
}

/* What the contract has is no news, and what is new may be made of it. */
static bool collect_known(struct bulla_survey *survey, struct bulla_error *err)
{
    const struct bulla_contract *contract = survey->contract;
    size_t count = contract != NULL ? bulla_contract_variable_count(contract) : 0;
    for (size_t i = 0; i < count; i++) {
        struct bulla_variable known;
        bulla_contract_variable(contract, i, NULL, &known);
        struct bulla_survey_variable *variable = survey_variable(survey, known.name, err);
        if (variable == NULL) {
            return false;
        }
        variable->is_known = true;
    }
    return true;
}

static bool collect_sample(struct bulla_survey *survey, const struct sample *sample,
                           struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_dotenv_count(sample->entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(sample->entries, i);
        const char *name = (const char *)entry->name.data;
        if (!survey_is_usable(name) || !survey_is_wanted(survey, name, NULL, sample->environment)) {
            continue;
        }
        bool is_empty = entry->bare || entry->value.len == 0;
        bool ok =
            bulla_name_is_foreign(name)
                ? is_empty || survey_keep_compose_setting(survey, sample->environment, entry, err)
                : survey_variable(survey, name, err) != NULL;
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool collect_names(struct bulla_survey *survey, struct bulla_error *err)
{
    if (!collect_known(survey, err)) {
        return false;
    }
    for (size_t i = 0; i < survey->sample_count; i++) {
        if (!collect_sample(survey, &survey->samples[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->ref_count; k++) {
            const char *name = project->refs[k].name;
            if (survey_is_usable(name) && !bulla_name_is_foreign(name) &&
                survey_is_wanted(survey, name, project->refs[k].file,
                                 survey->environments[i].name) &&
                survey_variable(survey, name, err) == NULL) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        if (!survey_collect_existing(survey, i, err)) {
            return false;
        }
    }
    return survey_drop_conflicts(survey, err) && survey_drop_ignored(survey, err);
}

const struct bulla_dotenv_entry *survey_last_entry(const struct sample *sample, const char *name)
{
    const struct bulla_dotenv_entry *last = NULL;
    for (size_t i = 0; i < bulla_dotenv_count(sample->entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(sample->entries, i);
        if (bulla_bytes_are(entry->name, name)) {
            last = entry;
        }
    }
    return last;
}

const char *survey_sample_value(const struct bulla_survey *survey, const char *name,
                                const char *environment)
{
    for (size_t i = 0; i < survey->sample_count; i++) {
        const struct sample *sample = &survey->samples[i];
        bool fits = environment == NULL ? sample->environment == NULL
                                        : sample->environment != NULL &&
                                              strcmp(sample->environment, environment) == 0;
        const struct bulla_dotenv_entry *entry = fits ? survey_last_entry(sample, name) : NULL;
        if (entry != NULL && !entry->bare) {
            return (const char *)entry->value.data;
        }
    }
    return NULL;
}

static const char *any_sample_value(const struct bulla_survey *survey, const char *name)
{
    const char *value = survey_sample_value(survey, name, NULL);
    for (size_t i = 0; value == NULL && i < survey->environment_count; i++) {
        value = survey_sample_value(survey, name, survey->environments[i].name);
    }
    return value;
}

/* What a variable called …ALGORITHM says: its sample value or the compose file's default. */
static const char *find_algorithm(struct bulla_survey *survey)
{
    static const char *const names[] = {"ALGORITHM", "JWT_ALGORITHM"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = any_sample_value(survey, names[i]);
        if (value != NULL && value[0] != '\0') {
            return value;
        }
        for (size_t k = 0; k < survey->environment_count; k++) {
            const struct bulla_project *project = survey->environments[k].project;
            for (size_t r = 0; r < project->ref_count; r++) {
                const struct bulla_project_ref *ref = &project->refs[r];
                if (strcmp(ref->name, names[i]) == 0 && ref->operand_len == 5 &&
                    memcmp(ref->operand, "HS", 2) == 0) {
                    return ref->operand;
                }
            }
        }
    }
    return NULL;
}

/* Everything that each variable's evidence shares. */
struct common {
    const char **names;
    const char **samples;
    const char **defaults;
    const char **services;
    const char **passwords;
    const char *jwt_algorithm;
    bool in_env_file;
};

static bool collect_common(struct bulla_survey *survey, struct common *common,
                           struct bulla_error *err)
{
    size_t count = survey->variable_count;
    size_t service_count = 0;
    for (size_t i = 0; i < survey->environment_count; i++) {
        service_count += survey->environments[i].project->service_count;
    }
    common->names = pool_alloc(survey->pool, (count + 1) * sizeof(char *), err);
    common->samples = pool_alloc(survey->pool, (count + 1) * sizeof(char *), err);
    common->defaults = pool_alloc(survey->pool, (count + 1) * sizeof(char *), err);
    common->services = pool_alloc(survey->pool, (service_count + 1) * sizeof(char *), err);
    common->passwords = pool_alloc(survey->pool, (service_count + 1) * sizeof(char *), err);
    if (common->names == NULL || common->samples == NULL || common->defaults == NULL ||
        common->services == NULL || common->passwords == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        common->names[i] = survey->variables[i].name;
        common->samples[i] = any_sample_value(survey, common->names[i]);
        if (!references_find_default(survey, common->names[i], &common->defaults[i], err)) {
            return false;
        }
    }
    size_t at = 0;
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->service_count; k++) {
            common->passwords[at] = references_find_password(survey, project->services[k]);
            common->services[at++] = project->services[k]->name;
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        common->in_env_file =
            common->in_env_file || references_read_rendered(&survey->environments[i]);
    }
    common->jwt_algorithm = find_algorithm(survey);
    return true;
}

/* A setting that the sample of one environment gives another value. */
static bool guess_presets(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                          const struct bulla_evidence *evidence, struct bulla_error *err)
{
    const char **presets = pool_alloc(survey->pool, SURVEY_MAX_ENVIRONMENTS * sizeof *presets, err);
    if (presets == NULL) {
        return false;
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        struct bulla_evidence own = *evidence;
        struct bulla_guess guess;
        own.sample = survey_sample_value(survey, variable->name, survey->environments[i].name);
        presets[i] = variable->guess.preset;
        if (own.sample == NULL) {
            continue;
        }
        if (!bulla_guess(survey->guesser, &own, &guess, err)) {
            return false;
        }
        if (guess.role == BULLA_ROLE_SETTING && guess.preset != NULL) {
            presets[i] = guess.preset;
        }
    }
    variable->presets = presets;
    return true;
}

bool survey_find_unused(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                        struct bulla_error *err)
{
    bool is_asked = variable->guess.role == BULLA_ROLE_PROVIDED ||
                    (variable->guess.role == BULLA_ROLE_SETTING && variable->guess.preset == NULL);
    bool is_used = false;
    for (size_t i = 0; i < survey->environment_count; i++) {
        is_used = is_used || references_use(survey, variable->name, i);
    }
    if (!is_asked || variable->guess.optional || (!is_used && variable->imported == 0)) {
        return true;
    }
    bool *unused = pool_alloc(survey->pool, SURVEY_MAX_ENVIRONMENTS * sizeof *unused, err);
    for (size_t i = 0; unused != NULL && i < survey->environment_count; i++) {
        /* What no compose file names reaches services by the whole file, or is of that file only.
         */
        bool is_taken = is_used ? references_use(survey, variable->name, i)
                                : (variable->imported & (1U << i)) != 0 ||
                                      references_read_rendered(&survey->environments[i]);
        unused[i] = !is_taken;
    }
    variable->unused = unused;
    return unused != NULL;
}

/*
 * True for a secret that services get by an env file alone, which sets it: what they run with here
 * they need elsewhere too, unless the project says that it may be left out.
 */
static bool is_relied_on(const struct bulla_evidence *evidence, const struct bulla_guess *guess)
{
    bool is_off =
        evidence->commented ||
        infer_says_optional(bulla_bytes_of(evidence->comment != NULL ? evidence->comment : ""));
    return guess->role == BULLA_ROLE_PROVIDED && evidence->in_env_file && !evidence->referenced &&
           !is_off;
}

static bool guess_variable(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                           const struct common *common, struct bulla_error *err)
{
    if (variable->is_known || variable->presets != NULL) {
        return true; /* or Compose's own, read from an env file */
    }
    const char *messages[REFERENCES_MAX_MESSAGES + 1] = {NULL};
    const char *keys[REFERENCES_MAX_KEYS + 1];
    references_find_keys(survey, variable->name, keys);
    struct bulla_evidence evidence = {
        .name = variable->name,
        .messages = messages,
        .keys = keys,
        .sample = any_sample_value(survey, variable->name),
        .names = common->names,
        .samples = common->samples,
        .defaults = common->defaults,
        .services = common->services,
        .passwords = common->passwords,
        .existing = variable->existing,
        .jwt_algorithm = common->jwt_algorithm,
    };
    if (!survey_read_comment(survey, variable->name, &variable->comment, &evidence.commented,
                             err)) {
        return false;
    }
    evidence.comment = variable->comment;
    evidence.sample = evidence.sample != NULL ? evidence.sample : variable->placeholder;
    evidence.in_env_file = common->in_env_file;
    if (!references_read(survey, &evidence, messages, err) ||
        !bulla_guess(survey->guesser, &evidence, &variable->guess, err)) {
        return false;
    }
    if (variable->is_own && is_relied_on(&evidence, &variable->guess)) {
        variable->guess.optional = false;
    }
    if (!survey_find_unused(survey, variable, err)) {
        return false;
    }
    variable->is_required = evidence.required;
    return variable->guess.role != BULLA_ROLE_SETTING ||
           guess_presets(survey, variable, &evidence, err);
}

bool survey_guess(struct bulla_survey *survey, struct bulla_error *err)
{
    struct common common = {.jwt_algorithm = NULL};
    if (!collect_names(survey, err) || !collect_common(survey, &common, err)) {
        return false;
    }
    for (size_t i = 0; i < survey->variable_count; i++) {
        if (!guess_variable(survey, &survey->variables[i], &common, err)) {
            return false;
        }
    }
    if (!survey_settle_foreign(survey, err) || !survey_settle_left_unset(survey, err) ||
        !survey_settle_server_users(survey, err) || !survey_settle_own_values(survey, err) ||
        !survey_settle_addresses(survey, err) || !survey_note_same(survey, err) ||
        !survey_settle_derived(survey, err) || !survey_settle_types(survey, err)) {
        return false;
    }
    survey_settle_imported(survey);
    if (!survey_settle_unwritable(survey, err)) {
        return false;
    }
    survey_settle_previous(survey);
    return true;
}
