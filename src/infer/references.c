/* What the compose files say of a name. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "infer/references.h"

#include "base/banned.h"

/* True for a server that a blank has start otherwise than anybody means: a database without a name.
 */
static bool is_server(const struct bulla_project_service *service)
{
    const struct bulla_server *server = NULL;
    if (service->image != NULL) {
        (void)bulla_image_password(service->image, bulla_bytes_of(""), &server);
    }
    return server != NULL;
}

static bool is_for_server(const struct bulla_project_ref *ref)
{
    for (size_t i = 0; i < ref->service_count; i++) {
        if (is_server(ref->services[i])) {
            return true;
        }
    }
    return false;
}

/*
 * True where REF is the whole value of a variable of applications: they are handed a blank, which
 * is how many a feature stays off. In a path, an image or an address it breaks something.
 */
static bool may_be_blank(const struct bulla_project_ref *ref)
{
    bool is_environment =
        strstr(ref->path, ".environment.") != NULL || strncmp(ref->path, "x-", 2) == 0;
    const char *equals = ref->text_len > 0 ? memchr(ref->text, '=', ref->text_len) : NULL;
    bool is_whole =
        ref->text_end == ref->text_len &&
        (ref->text_at == 0 || (equals != NULL && equals + 1 == ref->text + ref->text_at));
    return is_environment && is_whole && !is_for_server(ref);
}

/* True where a service that starts without a profile has REF. */
static bool is_always_read(const struct bulla_project_ref *ref)
{
    for (size_t i = 0; i < ref->service_count; i++) {
        if (ref->services[i]->profile_count == 0) {
            return true;
        }
    }
    return false;
}

/* Where a walk through the projects of all environments is; begins as {0}. */
struct walk {
    size_t environment, item;
};

/* The next reference to NAME, or NULL. */
static const struct bulla_project_ref *next_ref(const struct bulla_survey *survey, const char *name,
                                                struct walk *walk)
{
    for (; walk->environment < survey->environment_count; walk->environment++, walk->item = 0) {
        const struct bulla_project *project = survey->environments[walk->environment].project;
        while (walk->item < project->ref_count) {
            const struct bulla_project_ref *ref = &project->refs[walk->item++];
            if (strcmp(ref->name, name) == 0) {
                return ref;
            }
        }
    }
    return NULL;
}

/* The next service, or NULL. */
static const struct bulla_project_service *next_service(const struct bulla_survey *survey,
                                                        struct walk *walk)
{
    for (; walk->environment < survey->environment_count; walk->environment++, walk->item = 0) {
        const struct bulla_project *project = survey->environments[walk->environment].project;
        if (walk->item < project->service_count) {
            return project->services[walk->item++];
        }
    }
    return NULL;
}

bool references_read(struct bulla_survey *survey, struct bulla_evidence *evidence,
                     const char **messages, struct bulla_error *err)
{
    size_t message_count = 0;
    bool defaults_differ = false;
    bool has_default = false;
    evidence->may_be_blank = true;
    struct walk walk = {0};
    for (const struct bulla_project_ref *ref = next_ref(survey, evidence->name, &walk); ref != NULL;
         ref = next_ref(survey, evidence->name, &walk)) {
        evidence->referenced = true;
        bool is_reference = ref->kind == BULLA_USE_REFERENCE;
        /* A plain one in another's operand is read only where that one says so. */
        bool is_plain = is_reference && ref->op == BULLA_REF_PLAIN && ref->depth == 0;
        evidence->plain = evidence->plain || is_plain;
        evidence->needed = evidence->needed || (is_plain && is_always_read(ref));
        evidence->for_server = evidence->for_server || is_for_server(ref);
        evidence->may_be_blank = evidence->may_be_blank && (!is_plain || may_be_blank(ref));
        evidence->is_content = evidence->is_content || ref->kind == BULLA_USE_SECRET_ENVIRONMENT;
        has_default = has_default || ref->op == BULLA_REF_DEFAULT ||
                      ref->op == BULLA_REF_DEFAULT_NONEMPTY || ref->op == BULLA_REF_REPLACE ||
                      ref->op == BULLA_REF_REPLACE_NONEMPTY;
        const char *operand = pool_strndup(survey->pool, ref->operand, ref->operand_len, err);
        if (operand == NULL) {
            return false;
        }
        if (ref->op == BULLA_REF_REQUIRED || ref->op == BULLA_REF_REQUIRED_NONEMPTY ||
            ref->kind == BULLA_USE_SECRET_ENVIRONMENT ||
            ref->kind == BULLA_USE_CONFIG_ENVIRONMENT) {
            evidence->required = true;
            if (message_count < REFERENCES_MAX_MESSAGES && operand[0] != '\0') {
                messages[message_count++] = operand;
            }
        } else if ((ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY) &&
                   operand[0] != '\0') {
            defaults_differ = defaults_differ || (evidence->compose_default != NULL &&
                                                  strcmp(evidence->compose_default, operand) != 0);
            evidence->compose_default = operand;
        }
    }
    if (defaults_differ) {
        evidence->compose_default = NULL;
    }
    evidence->plain = evidence->plain && !has_default;
    evidence->needed = evidence->needed && !has_default;
    messages[message_count] = NULL;
    return true;
}

bool references_read_rendered(const struct bulla_survey_environment *environment)
{
    const struct bulla_project *project = environment->project;
    const char *output = bulla_path_base(environment->output);
    for (size_t i = 0; i < project->service_count; i++) {
        for (size_t k = 0; k < project->services[i]->env_file_count; k++) {
            const char *path = project->services[i]->env_files[k].path;
            if (path != NULL && strcmp(bulla_path_base(path), output) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool references_find_default(struct bulla_survey *survey, const char *name, const char **ret_text,
                             struct bulla_error *err)
{
    struct walk walk = {0};
    for (const struct bulla_project_ref *ref = next_ref(survey, name, &walk); ref != NULL;
         ref = next_ref(survey, name, &walk)) {
        bool is_default = ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY;
        if (is_default && ref->operand_len > 0) {
            *ret_text = pool_strndup(survey->pool, ref->operand, ref->operand_len, err);
            return *ret_text != NULL;
        }
    }
    return true;
}

/* What TEXT is a reference to: "${V}", "${V:-d}", "$V"; empty where it is none. */
static struct bulla_bytes referenced(const char *text)
{
    size_t skip = strncmp(text, "${", 2) == 0 ? 2 : text[0] == '$' ? 1 : 0;
    return bulla_bytes(text + skip, skip > 0 ? strcspn(text + skip, ":-?+} ") : 0);
}

bool references_are_whole(const char *text, const char *name)
{
    size_t len = strlen(text);
    struct bulla_bytes found = referenced(text);
    bool is_braced = strncmp(text, "${", 2) == 0;
    bool is_whole = is_braced ? strchr(text, '}') == text + len - 1 : found.len + 1 == len;
    return len > 0 && bulla_bytes_are(found, name) && is_whole;
}

void references_find_keys(const struct bulla_survey *survey, const char *name,
                          const char *keys[static REFERENCES_MAX_KEYS + 1])
{
    size_t count = 0;
    struct walk walk = {0};
    for (const struct bulla_project_service *service = next_service(survey, &walk); service != NULL;
         service = next_service(survey, &walk)) {
        for (size_t i = 0; i < service->environment_count && count < REFERENCES_MAX_KEYS; i++) {
            const struct bulla_project_env *entry = &service->environment[i];
            if (entry->value != NULL && references_are_whole(entry->value, name)) {
                keys[count++] = entry->key;
            }
        }
    }
    keys[count] = NULL;
}

/* True where SERVICE's server takes the password of ENTRY when it first starts. */
static bool is_first_password(const struct bulla_project_service *service,
                              const struct bulla_project_env *entry)
{
    const struct bulla_server *server = NULL;
    return bulla_image_password(service->image, bulla_bytes_of(entry->key), &server) ==
           BULLA_PASSWORD_AT_FIRST_START;
}

const char *references_find_first_password(const struct bulla_survey *survey,
                                           const struct bulla_project_service *service,
                                           const struct bulla_project_env *entry)
{
    bool is_password =
        service->image != NULL && entry->value != NULL && is_first_password(service, entry);
    struct bulla_bytes name = is_password ? referenced(entry->value) : bulla_bytes(NULL, 0);
    for (size_t i = 0; name.len > 0 && i < survey->variable_count; i++) {
        if (bulla_bytes_are(name, survey->variables[i].name)) {
            return survey->variables[i].name;
        }
    }
    return NULL;
}

const char *references_find_password(const struct bulla_survey *survey,
                                     const struct bulla_project_service *service)
{
    const char *found = NULL;
    for (size_t i = 0; found == NULL && i < service->environment_count; i++) {
        found = references_find_first_password(survey, service, &service->environment[i]);
    }
    return found;
}

static bool is_password_of(const struct bulla_survey *survey,
                           const struct bulla_project_service *service, const char *name)
{
    for (size_t i = 0; i < service->environment_count; i++) {
        const char *found =
            references_find_first_password(survey, service, &service->environment[i]);
        if (found != NULL && strcmp(found, name) == 0) {
            return true;
        }
    }
    return false;
}

bool references_are_password(const struct bulla_survey *survey, const char *name)
{
    struct walk walk = {0};
    for (const struct bulla_project_service *service = next_service(survey, &walk); service != NULL;
         service = next_service(survey, &walk)) {
        if (is_password_of(survey, service, name)) {
            return true;
        }
    }
    return false;
}

bool references_have_literal_password(const struct bulla_survey *survey,
                                      struct bulla_bytes password)
{
    struct walk walk = {0};
    for (const struct bulla_project_service *service = next_service(survey, &walk); service != NULL;
         service = next_service(survey, &walk)) {
        for (size_t i = 0; service->image != NULL && i < service->environment_count; i++) {
            const struct bulla_project_env *entry = &service->environment[i];
            const struct bulla_server *server = NULL;
            if (entry->value != NULL && strchr(entry->value, '$') == NULL &&
                bulla_bytes_are(password, entry->value) &&
                bulla_image_password(service->image, bulla_bytes_of(entry->key), &server) !=
                    BULLA_PASSWORD_UNKNOWN) {
                return true;
            }
        }
    }
    return false;
}

bool references_are_for_server(const struct bulla_survey *survey, const char *name)
{
    struct walk walk = {0};
    for (const struct bulla_project_ref *ref = next_ref(survey, name, &walk); ref != NULL;
         ref = next_ref(survey, name, &walk)) {
        if (is_for_server(ref)) {
            return true;
        }
    }
    return false;
}

bool references_use(const struct bulla_survey *survey, const char *name, size_t environment)
{
    const struct bulla_project *project = survey->environments[environment].project;
    for (size_t i = 0; i < project->ref_count; i++) {
        if (strcmp(project->refs[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}
