/* Env files on disk where no vault stands in for them: B205, B301. */
#include "bulla/dotenv.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/shape.h"
#include "check/check_internal.h"

#include "base/banned.h"

#define REASON_MAX 256

/* What the contract says of an entry's shape: its kind, or its own checks. */
static bool check_shape(struct check *check, const struct bulla_dotenv_entry *entry,
                        const struct place *place, struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    size_t index = 0;
    struct bulla_kind kind;
    struct bulla_variable variable;
    bool fits = false;
    if (contract == NULL || !bulla_contract_find_variable(contract, place->variable, &index)) {
        return true;
    }
    bulla_contract_variable(contract, index, check->input->environment, &variable);
    bulla_auto_buf reason;
    bulla_buf_init(&reason, REASON_MAX);
    if (variable.role == BULLA_ROLE_GENERATED &&
        bulla_kind_parse(bulla_bytes_of(variable.kind.text), &kind, err)) {
        fits = bulla_kind_check(&kind, entry->value, &reason);
    } else {
        bulla_error_clear(err);
        fits = true;
    }
    if (fits && !bulla_variable_check(&variable, entry->value, &fits, &reason, err)) {
        return false;
    }
    const char *text = fits ? "" : bulla_buf_text(&reason, err);
    return fits || (text != NULL && check_add(check, RULE_WRONG_SHAPE, place, "change it here", err,
                                              "%s %s", place->variable, text));
}

/* A setting may well be a common word; what the contract does not know is judged by its name. */
static bool is_secret(const struct check *check, const char *name)
{
    const struct bulla_contract *contract = check->input->contract;
    size_t index = 0;
    if (contract == NULL || !bulla_contract_find_variable(contract, name, &index)) {
        return bulla_name_is_secret(name);
    }
    struct bulla_variable variable;
    bulla_contract_variable(contract, index, check->input->environment, &variable);
    return variable.role == BULLA_ROLE_GENERATED || variable.role == BULLA_ROLE_PROVIDED;
}

static bool check_entry(struct check *check, const struct bulla_project_file *file,
                        const struct bulla_dotenv_entry *entry, struct bulla_error *err)
{
    const char *name = (const char *)entry->name.data;
    struct place place = {
        .file = check_file_name(check, file), .pos = entry->pos, .variable = name};
    if (!entry->set || entry->references > 0 || entry->value.len == 0) {
        return true;
    }
    const char *placeholder = is_secret(check, name) ? bulla_placeholder(entry->value) : NULL;
    if (placeholder == NULL) {
        return check_shape(check, entry, &place, err);
    }
    return check_add(check, RULE_PLACEHOLDER, &place, "give it a real value, or let bulla init",
                     err, "%s is still a placeholder: %s", name, placeholder);
}

static bool check_file(struct check *check, const struct bulla_project_file *file,
                       struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(file->path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return false;
    }
    struct bulla_dotenv_options options = {.no_expand = true};
    bulla_auto_dotenv entries =
        bulla_dotenv_parse(bulla_buf_view(&text), file->name, &options, err);
    if (entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < bulla_dotenv_count(entries); i++) {
        if (!check_entry(check, file, bulla_dotenv_get(entries, i), err)) {
            return false;
        }
    }
    return true;
}

bool check_env_files(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    if (project == NULL || check->input->values != NULL) {
        return true;
    }
    for (size_t i = 0; i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        if (file->kind == BULLA_PROJECT_ENV && file->read && file->valid &&
            !check_file(check, file, err)) {
            return false;
        }
    }
    return true;
}
