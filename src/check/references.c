/* Family 1, missing, and what a reference itself tells: B101 to B103, B105 to B107, B302. */
#include <stdio.h>
#include <string.h>

#include "bulla/infer.h"
#include "bulla/shape.h"
#include "check/counted.h"
#include "check/families.h"
#include "check/known.h"
#include "check/names.h"

#include "base/banned.h"

#define HELP_MAX 320
#define TEXT_MAX 160
#define SIBLINGS_MAX 1000 /* references of one operand that are gone through for an aside */

/* Those that the contract lets be blank, by name. */
struct blanks {
    struct counted names;
    struct place place; /* of the first one */
    const char *last;
};

/* The names of one variable's references, which stand beside each other in check->names. */
struct group {
    struct blanks *blanks;
    const struct bulla_project_ref *const *refs;
    size_t count;
    const struct bulla_project_ref *required; /* the first that requires it, or NULL */
    const struct bulla_project_ref *fatal;    /* the first of those that Compose evaluates */
    const struct bulla_project_file *asked;   /* the file of the last question… */
    bool has_other_form;                      /* …and whether a reference there is not plain */
};

static bool is_required(const struct bulla_project_ref *ref)
{
    return ref->op == BULLA_REF_REQUIRED || ref->op == BULLA_REF_REQUIRED_NONEMPTY;
}

static bool is_plain(const struct bulla_project_ref *ref)
{
    return ref->kind == BULLA_USE_REFERENCE && ref->op == BULLA_REF_PLAIN;
}

/* The remedy for a missing NAME: the one that was misspelt, or what gives it a value. */
static const char *help_for(struct check *check, const char *name, char *out, size_t cap)
{
    const struct known *near = check_near_known(check, name);
    if (near == NULL) {
        check_help_for(check, name, out, cap);
    } else {
        (void)snprintf(out, cap, "did you mean '%s'? %s:%u sets that, and no compose file uses it",
                       near->name, near->place.file, near->place.pos.line);
    }
    return out;
}

/* ": set it", what the author of a required reference says; up to a reference in it, cut to fit. */
static void quote_message(const struct bulla_project_ref *ref, char *out, size_t cap)
{
    size_t len = 0;
    while (len < ref->operand_len && len < TEXT_MAX && ref->operand[len] != '$') {
        len++;
    }
    bool is_cut = len < ref->operand_len;
    while (len > 0 && ref->operand[len - 1] == ' ') {
        len--;
    }
    out[0] = '\0';
    if (len > 0) {
        (void)snprintf(out, cap, ": %.*s%s", (int)len, ref->operand, is_cut ? " …" : "");
    }
}

/* The reference whose operand REF stands in, or NULL. */
static const struct bulla_project_ref *outer_of(const struct check *check,
                                                const struct bulla_project_ref *ref)
{
    if (ref->depth == 0) {
        return NULL;
    }
    const struct bulla_project *project = check->input->project;
    const struct bulla_project_ref *outer = ref;
    while (outer > project->refs && ref - outer < SIBLINGS_MAX && outer->text == ref->text &&
           outer->depth >= ref->depth) {
        outer--;
    }
    return outer->text == ref->text && outer->depth + 1 == ref->depth ? outer : NULL;
}

/* What makes a missing reference surprising, or "". */
static void write_aside(const struct check *check, const struct bulla_project_ref *ref, char *out,
                        size_t cap)
{
    const struct bulla_project_ref *outer = outer_of(check, ref);
    out[0] = '\0';
    if (outer != NULL &&
        (outer->op == BULLA_REF_DEFAULT || outer->op == BULLA_REF_DEFAULT_NONEMPTY)) {
        (void)snprintf(out, cap, ", and it stands in for %s, which has no value", outer->name);
    } else if (!ref->active && ref->service_count > 0 && ref->services[0]->profile_count > 0) {
        (void)snprintf(out, cap, ", also while its profile '%s' is not active",
                       ref->services[0]->profiles[0]);
    }
}

/* Where an empty value comes from. */
static void write_source(const struct check *check, const char *name, char *out, size_t cap)
{
    const struct known *known = known_find(check, name);
    if (known == NULL) {
        (void)snprintf(out, cap, " in the environment of this process");
    } else if (known->value.len == 0) {
        (void)snprintf(out, cap, " in %s:%u", known->place.file, known->place.pos.line);
    } else {
        (void)snprintf(out, cap, ": an empty variable of this process hides the value in %s:%u",
                       known->place.file, known->place.pos.line);
    }
}

static bool add_missing(struct check *check, const struct bulla_project_ref *ref,
                        struct bulla_error *err)
{
    char help[HELP_MAX];
    char message[TEXT_MAX + 16];
    char aside[TEXT_MAX];
    char source[TEXT_MAX] = "";
    struct place place = check_place_of(check, ref);
    (void)help_for(check, ref->name, help, sizeof help);
    if (ref->kind == BULLA_USE_SECRET_ENVIRONMENT || ref->kind == BULLA_USE_CONFIG_ENVIRONMENT) {
        return check_add(check, RULE_SECRET_SOURCE_UNSET, &place, help, err,
                         "%s gives a %s its content and is not set", ref->name,
                         ref->kind == BULLA_USE_SECRET_ENVIRONMENT ? "secret" : "config");
    }
    quote_message(ref, message, sizeof message);
    write_aside(check, ref, aside, sizeof aside);
    if (ref->state == BULLA_LOOKUP_EMPTY) {
        write_source(check, ref->name, source, sizeof source);
        return check_add(check, RULE_REQUIRED_EMPTY, &place, help, err,
                         "%s is required and empty%s%s%s", ref->name, source, aside, message);
    }
    return check_add(check, RULE_REQUIRED_UNSET, &place, help, err,
                     "%s is required and not set%s%s", ref->name, aside, message);
}

static bool is_literal(const char *text, size_t len)
{
    return len > 0 && memchr(text, '$', len) == NULL;
}

static bool add_default(struct check *check, const struct bulla_project_ref *ref,
                        struct bulla_error *err)
{
    char help[HELP_MAX];
    struct place place = check_place_of(check, ref);
    bool is_default = ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY;
    if (!is_default || !bulla_name_is_secret(ref->name) ||
        !is_literal(ref->operand, ref->operand_len) ||
        bulla_is_switch(bulla_bytes(ref->operand, ref->operand_len))) {
        return true;
    }
    return check_add(check, RULE_GUESSABLE_DEFAULT, &place,
                     help_for(check, ref->name, help, sizeof help), err,
                     "%s is not set: the default that everybody can read is used", ref->name);
}

static void find_required(struct group *group)
{
    for (size_t i = 0; i < group->count && group->fatal == NULL; i++) {
        const struct bulla_project_ref *ref = group->refs[i];
        if (is_required(ref)) {
            group->required = group->required == NULL ? ref : group->required;
            group->fatal = ref->evaluated ? ref : NULL;
        }
    }
}

/* Once per file: a file can name a variable as often as it likes. */
static bool has_other_form(struct group *group, const struct bulla_project_file *file)
{
    if (group->asked != file) {
        group->asked = file;
        group->has_other_form = false;
        for (size_t i = 0; i < group->count && !group->has_other_form; i++) {
            group->has_other_form =
                group->refs[i]->file == file && group->refs[i]->op != BULLA_REF_PLAIN;
        }
    }
    return group->has_other_form;
}

/* What the contract lets be blank is told of together. */
static bool is_let_blank(const struct check *check, const char *name)
{
    const struct bulla_contract *contract = check->input->contract;
    size_t index = 0;
    if (contract == NULL || check->input->environment == NULL ||
        !bulla_contract_find_variable(contract, name, &index)) {
        return false;
    }
    struct bulla_variable variable;
    bulla_contract_variable(contract, index, check->input->environment, &variable);
    return variable.optional;
}

static void count_blank(struct check *check, const struct bulla_project_ref *ref,
                        struct blanks *blanks)
{
    struct place place = check_place_of(check, ref);
    bool is_ignored = ignores_cover(check, bulla_rule(RULE_BLANK)->id, place.file, place.pos.line);
    if (is_ignored || (blanks->last != NULL && strcmp(blanks->last, ref->name) == 0)) {
        return;
    }
    blanks->last = ref->name;
    blanks->place = blanks->names.count == 0 ? place : blanks->place;
    counted_add(&blanks->names, ref->name);
}

static bool add_blanks(struct check *check, struct blanks *blanks, struct bulla_error *err)
{
    char rest[COUNTED_REST];
    size_t count = blanks->names.count;
    blanks->place.variable = count == 1 ? blanks->last : NULL;
    return count == 0 || check_add_as(check, RULE_BLANK, BULLA_NOTE, &blanks->place, NULL, err,
                                      "%s%s become%s blank, as the contract lets %s",
                                      blanks->names.names, counted_rest(&blanks->names, rest),
                                      count == 1 ? "s" : "", count == 1 ? "it" : "them");
}

static bool add_blank(struct check *check, const struct bulla_project_ref *ref,
                      const struct group *group, struct bulla_error *err)
{
    char help[HELP_MAX];
    struct place place = check_place_of(check, ref);
    const struct bulla_project_ref *required = group->fatal;
    if (required != NULL) {
        (void)snprintf(help, sizeof help, "write ${%s:?} here, too", ref->name);
        return check_add(check, RULE_REQUIRED_ELSEWHERE, &place, help, err,
                         "%s is required in %s:%u and plain here", ref->name,
                         check_file_name(check, required->file), required->pos.line);
    }
    if (is_let_blank(check, ref->name)) {
        count_blank(check, ref, group->blanks);
        return true;
    }
    return check_add(check, RULE_BLANK, &place, help_for(check, ref->name, help, sizeof help), err,
                     "%s is not set and would silently become blank", ref->name);
}

/* One that has a value, and is required in another file only: without that file it may be blank. */
static bool add_plain(struct check *check, const struct bulla_project_ref *ref, struct group *group,
                      struct bulla_error *err)
{
    char help[HELP_MAX];
    const struct bulla_project_ref *elsewhere = group->required;
    if (elsewhere == NULL || !is_plain(ref) || has_other_form(group, ref->file)) {
        return true;
    }
    struct place place = check_place_of(check, ref);
    (void)snprintf(help, sizeof help, "write ${%s:?} here, too", ref->name);
    return check_add(check, RULE_REQUIRED_ELSEWHERE, &place, help, err,
                     "%s is required in %s:%u only, and plain here", ref->name,
                     check_file_name(check, elsewhere->file), elsewhere->pos.line);
}

/* A secret that is there and empty: to Compose as good as any, and to nobody else. */
static bool add_blank_secret(struct check *check, const struct bulla_project_ref *ref,
                             struct bulla_error *err)
{
    bool becomes_blank = ref->op == BULLA_REF_PLAIN || ref->op == BULLA_REF_DEFAULT;
    if (ref->state != BULLA_LOOKUP_EMPTY || !becomes_blank || is_let_blank(check, ref->name) ||
        !check_is_secret(check, ref->name)) {
        return true;
    }
    char help[HELP_MAX];
    char source[TEXT_MAX];
    struct place place = check_place_of(check, ref);
    write_source(check, ref->name, source, sizeof source);
    check_help_for(check, ref->name, help, sizeof help);
    /* What somebody else gives out is often left away. */
    bool is_provided = bulla_name_third_party(ref->name) != NULL;
    return check_add_as(check, RULE_BLANK, is_provided ? BULLA_NOTE : BULLA_WARNING, &place, help,
                        err, "%s is empty%s, and becomes blank", ref->name, source);
}

static bool check_reference(struct check *check, const struct bulla_project_ref *ref,
                            struct group *group, struct bulla_error *err)
{
    if (!ref->evaluated) {
        return true;
    }
    switch (ref->outcome) {
    case BULLA_REF_MISSING:
        return add_missing(check, ref, err);
    case BULLA_REF_BLANK:
        return check_is_dollar(ref) ? check_dollar(check, ref, err)
                                    : add_blank(check, ref, group, err);
    case BULLA_REF_OPERAND:
        return add_default(check, ref, err);
    case BULLA_REF_VALUE:
        return add_plain(check, ref, group, err) && add_blank_secret(check, ref, err) &&
               check_url_reference(check, ref, err);
    case BULLA_REF_NOTHING:
    case BULLA_REF_INVALID: /* a problem of the project: check_problems */
        break;
    }
    return true;
}

/* `${X?:m}`, where `${X:?m}` is meant. */
static bool check_operator(struct check *check, const struct bulla_project_ref *ref,
                           struct bulla_error *err)
{
    if (ref->op != BULLA_REF_REQUIRED || ref->operand_len == 0 || ref->operand[0] != ':' ||
        ref->in_key) {
        return true;
    }
    struct place place = check_place_of(check, ref);
    return check_add(check, RULE_OPERATOR, &place, "write the colon before the question mark: :?",
                     err, "'?:' in the reference to '%s' is '?' and a message that begins with ':'",
                     ref->name);
}

/* A reference in a key: Compose keeps its text. */
static bool check_key(struct check *check, const struct bulla_project_ref *ref,
                      struct bulla_error *err)
{
    if (!ref->in_key || ref->name[0] == '\0' || check_has_problem_at(check, ref)) {
        return true;
    }
    struct place place = check_place_of(check, ref);
    return check_add(check, RULE_IN_KEY, &place, NULL, err,
                     "the reference to '%s' stands in a key, where Compose keeps it as text",
                     ref->name);
}

static bool check_contract(struct check *check, const struct group *group, struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    const struct bulla_project_ref *ref = group->refs[0];
    size_t index = 0;
    if (contract == NULL || ref->in_key || bulla_name_is_foreign(ref->name) ||
        bulla_contract_find_variable(contract, ref->name, &index) ||
        bulla_contract_is_previous(contract, ref->name)) {
        return true;
    }
    struct place place = check_place_of(check, ref);
    char help[HELP_MAX];
    const char *near = NULL;
    if (!check_near_contract(check, ref->name, &near, err)) {
        return false;
    }
    if (near != NULL) {
        (void)snprintf(help, sizeof help, "did you mean '%s'? %s lists that, and nothing uses it",
                       near, bulla_contract_file(contract));
    } else {
        check_help_for(check, ref->name, help, sizeof help);
    }
    return check_add(check, RULE_NOT_IN_CONTRACT, &place, help, err,
                     "%s is used here and %s does not list it", ref->name,
                     bulla_contract_file(contract));
}

static bool check_group(struct check *check, struct group *group, struct bulla_error *err)
{
    find_required(group);
    for (size_t i = 0; i < group->count; i++) {
        const struct bulla_project_ref *ref = group->refs[i];
        if (!check_reference(check, ref, group, err) || !check_operator(check, ref, err) ||
            !check_key(check, ref, err) || !check_braces(check, ref, err)) {
            return false;
        }
    }
    return group->refs[0]->name[0] == '\0' || (check_contract(check, group, err) &&
                                               check_sample(check, group->refs, group->count, err));
}

bool check_references(struct check *check, struct bulla_error *err)
{
    struct blanks blanks = {.last = NULL};
    for (size_t at = 0; at < check->name_count;) {
        struct group group = {.refs = check->names + at, .blanks = &blanks};
        while (at + group.count < check->name_count &&
               strcmp(group.refs[group.count]->name, group.refs[0]->name) == 0) {
            group.count++;
        }
        if (!check_group(check, &group, err)) {
            return false;
        }
        at += group.count;
    }
    return add_blanks(check, &blanks, err);
}
