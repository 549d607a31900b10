/* Settings that the stack starts without and whose sample says "your own here". B104. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/shape.h"
#include "check/families.h"

#include "base/banned.h"

/* The sample that the environment is rendered from; any where it has no template. */
static bool is_template(const struct check *check, const struct env_text *text)
{
    const struct bulla_environment *environment =
        bulla_contract_find_environment(check->input->contract, check->input->environment);
    const char *name = environment != NULL ? environment->template_file : NULL;
    return text->use == ENV_SAMPLE && text->entries != NULL &&
           (name == NULL || strcmp(bulla_path_base(text->path), bulla_path_base(name)) == 0);
}

static bool asks(const struct check *check, const char *name)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        const struct bulla_dotenv_entry *entry =
            is_template(check, text) ? env_text_find(text, name) : NULL;
        if (entry != NULL && bulla_placeholder(entry->value) != NULL &&
            !bulla_is_common_word(entry->value)) {
            return true;
        }
    }
    return false;
}

/* A compose file has a value for it: then nothing is awaited. */
static bool has_default(const struct check *check, const char *name)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; project != NULL && i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (strcmp(ref->name, name) == 0 && ref->operand_len > 0 &&
            (ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY)) {
            return true;
        }
    }
    return false;
}

bool check_awaited(struct check *check, const struct bulla_value *value, struct bulla_error *err)
{
    const char *name = value->variable.name;
    if (value->variable.role != BULLA_ROLE_SETTING || !asks(check, name) ||
        has_default(check, name)) {
        return true;
    }
    struct place place = {
        .file = check_contract_name(check), .pos = value->variable.pos, .variable = name};
    char help[256];
    check_help_for(check, name, help, sizeof help);
    return check_add_as(check, RULE_NO_VALUE, BULLA_WARNING, &place, help, err,
                        "%s has no value in '%s', and the sample asks for one", name,
                        check->input->environment);
}
