/* Family 5, stale: values that another source hides. B507. */
#include <string.h>

#include "bulla/file.h"
#include "check/families.h"
#include "check/names.h"

#include "base/banned.h"

static bool is_referred_to(const struct check *check, const char *name)
{
    size_t count = 0;
    const struct bulla_project_ref *const *refs = check_names_find(check, name, &count);
    for (size_t i = 0; i < count; i++) {
        if (!refs[i]->in_key) {
            return true;
        }
    }
    return false;
}

/* --- the process environment over everything -------------------------------------------------- */

/* True where the environment that bulla runs in has another value for NAME than VALUE. */
static bool is_hidden(const struct check *check, const char *name, struct bulla_bytes value)
{
    struct bulla_bytes other = bulla_bytes(NULL, 0);
    if (check->input->process == NULL ||
        check->input->process(check->input->process_ctx, bulla_bytes_of(name), &other) ==
            BULLA_LOOKUP_UNSET) {
        return false;
    }
    return !bulla_secret_bytes_equal(other, value) && is_referred_to(check, name);
}

static bool check_values_hidden(struct check *check, struct bulla_error *err)
{
    const struct bulla_values *values = check->input->values;
    for (size_t i = 0; values != NULL && i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        const char *name = value->variable.name;
        struct place place = {
            .file = check_contract_name(check), .pos = value->variable.pos, .variable = name};
        if (value->state == BULLA_VALUE_SET && is_hidden(check, name, value->bytes) &&
            !check_add(check, RULE_SHADOWED, &place, NULL, err,
                       "the variable %s of this shell hides the value of '%s'", name,
                       check->input->environment)) {
            return false;
        }
    }
    return true;
}

/* --- env files -------------------------------------------------------------------------------- */

/* FIRST is the env file that is read before this one and wins, or NULL. */
static bool check_env_file(struct check *check, const struct env_text *text,
                           const struct env_text *first, struct bulla_error *err)
{
    for (size_t i = 0; i < text->sorted_count; i++) {
        const struct bulla_dotenv_entry *entry = text->sorted[i];
        const char *name = (const char *)entry->name.data;
        struct place place = {.file = text->name, .pos = entry->pos, .variable = name};
        if (entry->references > 0 || !env_text_counts(text, i)) {
            continue;
        }
        if (is_hidden(check, name, entry->value) &&
            !check_add(check, RULE_SHADOWED, &place, NULL, err,
                       "the variable %s of this shell hides this value", name)) {
            return false;
        }
        const struct bulla_dotenv_entry *winner = first != NULL ? env_text_find(first, name) : NULL;
        if (winner != NULL && !bulla_secret_bytes_equal(winner->value, entry->value) &&
            is_referred_to(check, name) &&
            !check_add(check, RULE_SHADOWED, &place, NULL, err,
                       "'%s' is read first, and its %s hides this value", first->name, name)) {
            return false;
        }
    }
    return true;
}

/* `.env` files side by side: the one of the folder where Compose is started comes first. */
static bool check_env_files_hidden(struct check *check, struct bulla_error *err)
{
    const struct env_text *first = NULL;
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        bool is_default = strcmp(bulla_path_base(text->path), ".env") == 0;
        if (text->use != ENV_PROJECT) {
            continue;
        }
        if (!check_env_file(check, text, is_default ? first : NULL, err)) {
            return false;
        }
        first = first == NULL && is_default ? text : first;
    }
    return true;
}

/* --- environment over env_file ---------------------------------------------------------------- */

/* The variable that is passed through to SERVICE as KEY has no value. */
static bool is_unset_pass_through(const struct check *check,
                                  const struct bulla_project_service *service, const char *key)
{
    size_t count = 0;
    const struct bulla_project_ref *const *refs = check_names_find(check, key, &count);
    for (size_t i = 0; i < count; i++) {
        const struct bulla_project_ref *ref = refs[i];
        if (ref->kind != BULLA_USE_PASS_THROUGH || ref->outcome != BULLA_REF_NOTHING) {
            continue;
        }
        for (size_t j = 0; j < ref->service_count; j++) {
            if (ref->services[j] == service) {
                return true;
            }
        }
    }
    return false;
}

static bool has_key(const struct bulla_project_service *service, const char *key)
{
    for (size_t i = 0; i < service->env_file_count; i++) {
        for (size_t j = 0; j < service->env_files[i].key_count; j++) {
            if (strcmp(service->env_files[i].keys[j].name, key) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool check_service(struct check *check, const struct bulla_project_service *service,
                          struct bulla_error *err)
{
    for (size_t i = 0; service->env_file_count > 0 && i < service->environment_count; i++) {
        const struct bulla_project_env *entry = &service->environment[i];
        struct place place = {.file = check_file_name(check, entry->file),
                              .pos = entry->pos,
                              .variable = entry->key,
                              .service = service->name};
        if (entry->value == NULL && has_key(service, entry->key) &&
            is_unset_pass_through(check, service, entry->key) &&
            !check_add(check, RULE_SHADOWED, &place, "leave it out here, or give it a value", err,
                       "%s is passed through and not set, which hides the one of env_file",
                       entry->key)) {
            return false;
        }
        bool is_literal = entry->value != NULL && entry->value_len > 0 &&
                          memchr(entry->value, '$', entry->value_len) == NULL;
        if (is_literal && check_is_secret(check, entry->key) && has_key(service, entry->key) &&
            !check_add_as(check, RULE_SHADOWED, BULLA_NOTE, &place, "leave one of the two out", err,
                          "this %s hides the one of env_file", entry->key)) {
            return false;
        }
    }
    return true;
}

bool check_shadowed(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    if (!check_values_hidden(check, err) || !check_env_files_hidden(check, err)) {
        return false;
    }
    for (size_t i = 0; i < project->service_count; i++) {
        if (!check_service(check, project->services[i], err)) {
            return false;
        }
    }
    return true;
}
