/* What the rendered file has and nothing here sets: render keeps such lines. B106, B503. */
#include "bulla/infer.h"
#include "check/check_internal.h"
#include "check/families.h"

#include "base/banned.h"

/* A sample's line stands in the rendered file because the template has it. */
static bool is_in_sample(const struct check *check, const char *name)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use == ENV_SAMPLE && text->entries != NULL && env_text_find(text, name) != NULL) {
            return true;
        }
    }
    return false;
}

/*
 * Asks the vaults of other environments about ENTRY: *RET_IS_THEIRS where one that is rendered to
 * the same file has or had its value, which was told of then; *RET_OTHER is one that has the name.
 */
static bool ask_others(const struct check *check, const struct bulla_dotenv_entry *entry,
                       bool *ret_is_theirs, const char **ret_other, struct bulla_error *err)
{
    const struct bulla_check_input *input = check->input;
    const struct bulla_environment *mine =
        bulla_contract_find_environment(input->contract, input->environment);
    const char *name = (const char *)entry->name.data;
    *ret_is_theirs = false;
    *ret_other = NULL;
    for (size_t i = 0; i < input->other_count && !*ret_is_theirs; i++) {
        const struct bulla_check_other *other = &input->others[i];
        const struct bulla_environment *theirs =
            bulla_contract_find_environment(input->contract, other->environment);
        struct bulla_secret_info info;
        enum bulla_held held = BULLA_HELD_NEVER;
        if (theirs == NULL || !bulla_vault_find(other->vault, name, &info)) {
            continue;
        }
        if (bulla_environment_shares_output(theirs, mine) &&
            !bulla_vault_held(other->vault, name, entry->value, &held, err)) {
            return false;
        }
        *ret_is_theirs = held == BULLA_HELD;
        *ret_other = info.current != NULL ? other->environment : *ret_other;
    }
    return true;
}

static bool check_unset(struct check *check, const struct bulla_dotenv_entry *entry,
                        const struct place *place, struct bulla_error *err)
{
    const char *name = place->variable;
    char help[192];
    bool is_theirs = false;
    const char *other = NULL;
    if (entry->value.len == 0) {
        return true;
    }
    if (!ask_others(check, entry, &is_theirs, &other, err) || is_theirs) {
        return is_theirs;
    }
    check_help_for(check, name, help, sizeof help);
    return other != NULL
               ? check_add(check, RULE_RENDERED_OLD, place, help, err,
                           "'%s' has a value for '%s', '%s' has none: bulla render keeps the line",
                           other, name, check->input->environment)
               : check_add(check, RULE_RENDERED_OLD, place, help, err,
                           "nothing in bulla gives '%s' a value: bulla render keeps the line",
                           name);
}

static bool check_line(struct check *check, const struct bulla_dotenv_entry *entry,
                       struct bulla_error *err)
{
    const char *name = (const char *)entry->name.data;
    const struct bulla_value *value = bulla_values_find(check->input->values, name);
    if (entry->bare || bulla_values_remembers(check->input->values, name) ||
        (value != NULL && value->state != BULLA_VALUE_UNSET)) {
        return true;
    }
    struct place place = {.file = check->input->output.path, .pos = entry->pos, .variable = name};
    if (value == NULL) {
        /* Who deletes COMPOSE_FILE has another stack. */
        return bulla_name_chooses_files(name) || is_in_sample(check, name) ||
               check_add_as(check, RULE_NOT_IN_CONTRACT, BULLA_NOTE, &place,
                            "give it a section in bulla.ini, or delete the line", err,
                            "bulla.ini does not have '%s': bulla render keeps the line", name);
    }
    return check_unset(check, entry, &place, err);
}

bool check_kept(struct check *check, const struct bulla_dotenv *file, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_dotenv_count(file); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(file, i);
        if (bulla_dotenv_find(file, entry->name) == entry && !check_line(check, entry, err)) {
            return false;
        }
    }
    return true;
}
