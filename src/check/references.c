/* Family 1, missing, and what a reference itself tells: B101 to B106, B302. */
#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "check/check_internal.h"

#include "base/banned.h"

#define HELP_MAX 256
#define MESSAGE_MAX 160

static struct place place_of(const struct check *check, const struct bulla_project_ref *ref)
{
    return (struct place){
        .file = check_file_name(check, ref->file),
        .pos = ref->pos,
        .end = ref->end,
        .variable = ref->name,
        .service = ref->service_count > 0 ? ref->services[0]->name : NULL,
    };
}

/* " (its author says: set it)" for the message of a required reference, cut to fit. */
static void quote_message(const struct bulla_project_ref *ref, char *out, size_t cap)
{
    out[0] = '\0';
    if (ref->operand_len > 0) {
        int len = ref->operand_len < MESSAGE_MAX ? (int)ref->operand_len : MESSAGE_MAX;
        (void)snprintf(out, cap, ": %.*s", len, ref->operand);
    }
}

static bool add_missing(struct check *check, const struct bulla_project_ref *ref,
                        struct bulla_error *err)
{
    char help[HELP_MAX];
    char message[MESSAGE_MAX + 8];
    struct place place = place_of(check, ref);
    check_help_for(check, ref->name, help, sizeof help);
    if (ref->kind == BULLA_USE_SECRET_ENVIRONMENT || ref->kind == BULLA_USE_CONFIG_ENVIRONMENT) {
        return check_add(check, RULE_SECRET_SOURCE_UNSET, &place, help, err,
                         "%s gives a %s its content and is not set", ref->name,
                         ref->kind == BULLA_USE_SECRET_ENVIRONMENT ? "secret" : "config");
    }
    quote_message(ref, message, sizeof message);
    const char *aside = ref->active ? "" : " (even with its profile inactive)";
    if (ref->state == BULLA_LOOKUP_EMPTY) {
        return check_add(check, RULE_REQUIRED_EMPTY, &place, help, err,
                         "%s is required and empty%s%s", ref->name, aside, message);
    }
    return check_add(check, RULE_REQUIRED_UNSET, &place, help, err,
                     "%s is required and not set%s%s", ref->name, aside, message);
}

static bool is_literal(const char *text, size_t len)
{
    return len > 0 && memchr(text, '$', len) == NULL;
}

static bool check_reference(struct check *check, const struct bulla_project_ref *ref,
                            struct bulla_error *err)
{
    char help[HELP_MAX];
    struct place place = place_of(check, ref);
    if (!ref->evaluated) {
        return true;
    }
    switch (ref->outcome) {
    case BULLA_REF_MISSING:
        return add_missing(check, ref, err);
    case BULLA_REF_BLANK:
        check_help_for(check, ref->name, help, sizeof help);
        return check_add(check, RULE_BLANK, &place, help, err,
                         "%s is not set and would silently become blank", ref->name);
    case BULLA_REF_OPERAND:
        if ((ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY) &&
            bulla_name_is_secret(ref->name) && is_literal(ref->operand, ref->operand_len)) {
            check_help_for(check, ref->name, help, sizeof help);
            return check_add(check, RULE_GUESSABLE_DEFAULT, &place, help, err,
                             "%s is not set: the default that everybody can read is used",
                             ref->name);
        }
        return true;
    case BULLA_REF_VALUE:
    case BULLA_REF_NOTHING:
    case BULLA_REF_INVALID: /* a problem of the project: check_problems */
        break;
    }
    return true;
}

/* Names that steer Compose itself are no variables of the stack. */
static bool belongs_to_compose(const char *name)
{
    return strncmp(name, "COMPOSE_", 8) == 0 || strcmp(name, "PWD") == 0;
}

/* True where an earlier reference of the project names the same variable. */
static bool seen_before(const struct bulla_project *project, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(project->refs[i].name, project->refs[index].name) == 0) {
            return true;
        }
    }
    return false;
}

bool check_references(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    const struct bulla_contract *contract = check->input->contract;
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (!check_reference(check, ref, err)) {
            return false;
        }
        size_t index = 0;
        if (contract == NULL || ref->name[0] == '\0' || belongs_to_compose(ref->name) ||
            bulla_contract_find_variable(contract, ref->name, &index) || seen_before(project, i)) {
            continue;
        }
        struct place place = place_of(check, ref);
        char help[HELP_MAX];
        check_help_for(check, ref->name, help, sizeof help);
        if (!check_add(check, RULE_NOT_IN_CONTRACT, &place, help, err,
                       "%s is used here and %s does not list it", ref->name,
                       bulla_contract_file(contract))) {
            return false;
        }
    }
    return true;
}
