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
    char help[192];
    check_help_for(check, name, help, sizeof help);
    return entry->value.len == 0 ||
           check_add(check, RULE_RENDERED_OLD, &place, help, err,
                     "nothing in bulla gives '%s' a value: bulla render keeps the line", name);
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
