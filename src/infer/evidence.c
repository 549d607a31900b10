/* From files to evidence: what each variable's references, sample lines and comments say. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

#define MAX_MESSAGES 8
#define COMMENT_LINES 6
#define COMMENT_MAX 600

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

bool survey_is_foreign(const char *name)
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

static bool collect_names(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; i < survey->sample_count; i++) {
        const struct bulla_dotenv *entries = survey->samples[i].entries;
        for (size_t k = 0; k < bulla_dotenv_count(entries); k++) {
            const char *name = (const char *)bulla_dotenv_get(entries, k)->name.data;
            if (survey_is_usable(name) && !survey_is_foreign(name) &&
                survey_variable(survey, name, err) == NULL) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->ref_count; k++) {
            const char *name = project->refs[k].name;
            if (survey_is_usable(name) && !survey_is_foreign(name) &&
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
    return true;
}

static const struct bulla_dotenv_entry *last_entry(const struct sample *sample, const char *name)
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
        const struct bulla_dotenv_entry *entry = fits ? last_entry(sample, name) : NULL;
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

/* The start of the line before the one that starts at START. */
static size_t line_before(const char *text, size_t start)
{
    size_t at = start - 1;
    while (at > 0 && text[at - 1] != '\n') {
        at--;
    }
    return at;
}

static bool is_rule(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (strchr("#=-*_ \t\r", line[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* Appends the comment line at [START, END) without its mark; rules of signs are dropped. */
static void add_comment(struct bulla_buf *out, const char *text, size_t start, size_t end)
{
    while (start < end && (text[start] == '#' || text[start] == ' ' || text[start] == '\t')) {
        start++;
    }
    while (end > start && (text[end - 1] == '\r' || text[end - 1] == ' ')) {
        end--;
    }
    if (start < end && !is_rule(text + start, end - start)) {
        if (bulla_buf_view(out).len > 0) {
            bulla_buf_putc(out, ' ');
        }
        bulla_buf_add(out, text + start, end - start);
    }
}

/* The comment of ENTRY: the lines right above it, and what follows on its own line. */
static const char *comment_of(struct bulla_survey *survey, const struct sample *sample,
                              const struct bulla_dotenv_entry *entry, struct bulla_error *err)
{
    const char *text = sample->text;
    size_t first = entry->start;
    while (first > 0 && text[first - 1] != '\n') {
        first--;
    }
    size_t top = first;
    for (size_t i = 0; i < COMMENT_LINES && top > 0; i++) {
        size_t before = line_before(text, top);
        if (text[before] != '#') {
            break;
        }
        top = before;
    }
    bulla_auto_buf out;
    bulla_buf_init(&out, BULLA_MAX_TEXT_BYTES);
    while (top < first) {
        size_t end = top;
        while (text[end] != '\n') {
            end++;
        }
        add_comment(&out, text, top, end);
        top = end + 1;
    }
    size_t end = entry->end;
    while (end < sample->text_len && text[end] != '\n') {
        end++;
    }
    const char *hash = memchr(text + entry->end, '#', end - entry->end);
    if (hash != NULL) {
        add_comment(&out, text, (size_t)(hash - text), end);
    }
    if (bulla_buf_view(&out).len > COMMENT_MAX) {
        bulla_buf_truncate(&out, COMMENT_MAX);
    }
    const char *comment = bulla_buf_text(&out, err);
    return comment != NULL ? pool_strdup(survey->pool, comment, err) : NULL;
}

/* What the compose files of all environments say of one name. */
static bool read_references(struct bulla_survey *survey, struct bulla_evidence *evidence,
                            const char **messages, struct bulla_error *err)
{
    size_t message_count = 0;
    bool defaults_differ = false;
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->ref_count; k++) {
            const struct bulla_project_ref *ref = &project->refs[k];
            if (strcmp(ref->name, evidence->name) != 0) {
                continue;
            }
            evidence->referenced = true;
            bool is_reference = ref->kind == BULLA_USE_REFERENCE;
            evidence->plain = evidence->plain || (is_reference && ref->op == BULLA_REF_PLAIN);
            const char *operand = pool_strndup(survey->pool, ref->operand, ref->operand_len, err);
            if (operand == NULL) {
                return false;
            }
            if (ref->op == BULLA_REF_REQUIRED || ref->op == BULLA_REF_REQUIRED_NONEMPTY ||
                ref->kind == BULLA_USE_SECRET_ENVIRONMENT ||
                ref->kind == BULLA_USE_CONFIG_ENVIRONMENT) {
                evidence->required = true;
                if (message_count < MAX_MESSAGES && operand[0] != '\0') {
                    messages[message_count++] = operand;
                }
            } else if ((ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY) &&
                       operand[0] != '\0') {
                defaults_differ =
                    defaults_differ || (evidence->compose_default != NULL &&
                                        strcmp(evidence->compose_default, operand) != 0);
                evidence->compose_default = operand;
            }
        }
    }
    if (defaults_differ) {
        evidence->compose_default = NULL;
    }
    messages[message_count] = NULL;
    return true;
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
    const char **services;
    const char *jwt_algorithm;
    bool in_env_file;
};

/* True where a service reads the environment's rendered file whole. */
static bool reads_rendered(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->service_count; i++) {
        for (size_t k = 0; k < project->services[i]->env_file_count; k++) {
            const char *path = project->services[i]->env_files[k].path;
            if (path != NULL && strcmp(bulla_path_base(path), ".env") == 0) {
                return true;
            }
        }
    }
    return false;
}

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
    common->services = pool_alloc(survey->pool, (service_count + 1) * sizeof(char *), err);
    if (common->names == NULL || common->samples == NULL || common->services == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        common->names[i] = survey->variables[i].name;
        common->samples[i] = any_sample_value(survey, common->names[i]);
    }
    size_t at = 0;
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->service_count; k++) {
            common->services[at++] = project->services[k]->name;
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        common->in_env_file =
            common->in_env_file || reads_rendered(survey->environments[i].project);
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

static bool guess_variable(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                           const struct common *common, struct bulla_error *err)
{
    if (variable->presets != NULL) {
        return true; /* Compose's own, read from an env file */
    }
    const char *messages[MAX_MESSAGES + 1] = {NULL};
    struct bulla_evidence evidence = {
        .name = variable->name,
        .messages = messages,
        .sample = any_sample_value(survey, variable->name),
        .names = common->names,
        .samples = common->samples,
        .services = common->services,
        .jwt_algorithm = common->jwt_algorithm,
    };
    for (size_t i = 0; i < survey->sample_count && variable->comment == NULL; i++) {
        const struct bulla_dotenv_entry *entry = last_entry(&survey->samples[i], variable->name);
        if (entry != NULL) {
            variable->comment = comment_of(survey, &survey->samples[i], entry, err);
            if (variable->comment == NULL) {
                return false;
            }
        }
    }
    evidence.comment = variable->comment;
    evidence.in_env_file = common->in_env_file;
    if (!read_references(survey, &evidence, messages, err) ||
        !bulla_guess(survey->guesser, &evidence, &variable->guess, err)) {
        return false;
    }
    return variable->guess.role != BULLA_ROLE_SETTING ||
           guess_presets(survey, variable, &evidence, err);
}

bool survey_guess(struct bulla_survey *survey, struct bulla_error *err)
{
    struct common common = {NULL, NULL, NULL, NULL, false};
    if (!collect_names(survey, err) || !collect_common(survey, &common, err)) {
        return false;
    }
    for (size_t i = 0; i < survey->variable_count; i++) {
        if (!guess_variable(survey, &survey->variables[i], &common, err)) {
            return false;
        }
    }
    return true;
}

bool bulla_survey_is_published(const struct bulla_survey *survey, size_t index,
                               struct bulla_bytes value)
{
    const char *name = survey->variables[index].name;
    for (size_t i = 0; i < survey->sample_count; i++) {
        const struct bulla_dotenv_entry *entry = last_entry(&survey->samples[i], name);
        if (entry != NULL && bulla_secret_bytes_equal(entry->value, value)) {
            return true;
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->ref_count; k++) {
            const struct bulla_project_ref *ref = &project->refs[k];
            if (strcmp(ref->name, name) == 0 &&
                (ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY) &&
                bulla_secret_bytes_equal(bulla_bytes(ref->operand, ref->operand_len), value)) {
                return true;
            }
        }
    }
    return bulla_placeholder(value) != NULL;
}
