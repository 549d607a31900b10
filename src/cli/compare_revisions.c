#include "compare_revisions.h"

#include <stdio.h>
#include <string.h>

/* The last record of TO that FROM lacks and that is about SUBJECT; false without one. */
static bool find_change(const struct comparison *comparison, const char *subject, bool is_person,
                        struct bulla_record_info *ret_record)
{
    const struct bulla_vault *vault = comparison->sides[TO].vault;
    size_t count = vault == NULL ? 0 : bulla_vault_figures(vault).records;
    for (size_t i = count; i > 0; i--) {
        if (bulla_vault_record(vault, i - 1, ret_record) &&
            (ret_record->fresh || !comparison->has_base) &&
            strcmp(ret_record->subject, subject) == 0 &&
            (is_person ? record_is_membership(ret_record) : record_is_about_secret(ret_record))) {
            return true;
        }
    }
    return false;
}

/* How one side has a secret: "-", "unset", "v2", "v2, exposed, v3 pending", "contested". */
static void describe_secret(const struct revision *side, const char *name, char out[STATE_BYTES])
{
    struct bulla_secret_info info;
    struct bulla_version_info newest;
    char current[48] = "unset";
    char pending[32] = "";
    if (side->vault == NULL || !bulla_vault_find(side->vault, name, &info)) {
        (void)snprintf(out, STATE_BYTES, "-");
        return;
    }
    if (info.contested) {
        (void)snprintf(current, sizeof current, "contested");
    } else if (info.current != NULL) {
        (void)snprintf(current, sizeof current, "v%u%s", info.current->number,
                       info.current->exposed ? ", exposed" : "");
    }
    if (bulla_vault_version(side->vault, name, 0, &newest) &&
        newest.state == BULLA_VERSION_PENDING) {
        (void)snprintf(pending, sizeof pending, ", v%u pending", newest.number);
    }
    (void)snprintf(out, STATE_BYTES, "%s%s", current, pending);
}

static const char *current_id(const struct revision *side, const char *name)
{
    struct bulla_secret_info info;
    bool has = side->vault != NULL && bulla_vault_find(side->vault, name, &info) &&
               !info.contested && info.current != NULL;
    return has ? info.current->id : "";
}

/* The states of NAME on both sides; false where they are one. */
static bool secret_differs(const struct comparison *comparison, const char *name,
                           char states[SIDES][STATE_BYTES])
{
    const struct revision *sides = comparison->sides;
    describe_secret(&sides[FROM], name, states[FROM]);
    describe_secret(&sides[TO], name, states[TO]);
    if (strcmp(states[FROM], states[TO]) != 0) {
        return true;
    }
    if (strcmp(current_id(&sides[FROM], name), current_id(&sides[TO], name)) == 0) {
        return false;
    }
    /* Two branches, each with a version of that number. */
    size_t used = strlen(states[TO]);
    (void)snprintf(states[TO] + used, STATE_BYTES - used, ", another");
    return true;
}

static bool find_person(const struct revision *side, const char *name,
                        struct bulla_member_info *ret_person)
{
    for (size_t i = 0; side->vault != NULL && i < bulla_vault_people_count(side->vault); i++) {
        bulla_vault_member(side->vault, i, ret_person);
        if (strcmp(ret_person->name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_same_key(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool person_differs(const struct comparison *comparison, const char *name,
                           char states[SIDES][STATE_BYTES])
{
    struct bulla_member_info people[SIDES];
    bool has[SIDES];
    for (size_t i = 0; i < SIDES; i++) {
        has[i] = find_person(&comparison->sides[i], name, &people[i]);
        const char *role = !has[i]               ? "-"
                           : people[i].role == 0 ? "removed"
                                                 : bulla_member_role_name(people[i].role);
        (void)snprintf(states[i], STATE_BYTES, "%s", role);
    }
    if (strcmp(states[FROM], states[TO]) != 0) {
        return true;
    }
    if (has[FROM] && (!is_same_key(people[FROM].sign, people[TO].sign) ||
                      strcmp(people[FROM].recipient, people[TO].recipient) != 0)) {
        (void)snprintf(states[TO], STATE_BYTES, "%.32s, other keys", states[FROM]);
        return true;
    }
    return false;
}

static bool kind_differs(const struct comparison *comparison, const char *name,
                         char states[SIDES][STATE_BYTES])
{
    for (size_t i = 0; i < SIDES; i++) {
        const struct revision *side = &comparison->sides[i];
        struct bulla_variable variable;
        size_t index = 0;
        bool has =
            side->contract != NULL && bulla_contract_find_variable(side->contract, name, &index);
        if (has) {
            bulla_contract_variable(side->contract, index, comparison->environment, &variable);
        }
        (void)snprintf(states[i], STATE_BYTES, "%s", has ? secrets_kind(&variable) : "-");
    }
    return strcmp(states[FROM], states[TO]) != 0;
}

static const char *secret_at(const struct revision *side, size_t index)
{
    struct bulla_secret_info info;
    if (side->vault == NULL || index >= bulla_vault_count(side->vault)) {
        return NULL;
    }
    bulla_vault_secret(side->vault, index, &info);
    return info.name;
}

static const char *person_at(const struct revision *side, size_t index)
{
    struct bulla_member_info person;
    if (side->vault == NULL || index >= bulla_vault_people_count(side->vault)) {
        return NULL;
    }
    bulla_vault_member(side->vault, index, &person);
    return person.name;
}

static const char *variable_at(const struct revision *side, size_t index)
{
    struct bulla_variable variable;
    if (side->contract == NULL || index >= bulla_contract_variable_count(side->contract)) {
        return NULL;
    }
    bulla_contract_variable(side->contract, index, NULL, &variable);
    return variable.name;
}

const struct aspect comparison_aspects[ASPECT_COUNT] = {
    {"NAME", "secrets", secret_at, secret_differs, true, false},
    {"MEMBER", "people", person_at, person_differs, true, true},
    {"BULLA.INI", "contract", variable_at, kind_differs, false, false},
};

/* A name that FROM has too was met there. */
static bool is_met(const struct comparison_walk *walk, const char *name)
{
    const struct revision *from = &walk->comparison->sides[FROM];
    const char *other = NULL;
    for (size_t i = 0; (other = walk->aspect->name(from, i)) != NULL; i++) {
        if (strcmp(other, name) == 0) {
            return true;
        }
    }
    return false;
}

bool comparison_next(struct comparison_walk *walk, struct difference *ret)
{
    const struct aspect *aspect = walk->aspect;
    for (; walk->side < SIDES; walk->side++, walk->index = 0) {
        const struct revision *side = &walk->comparison->sides[walk->side];
        while ((ret->name = aspect->name(side, walk->index)) != NULL) {
            walk->index++;
            if ((walk->side == TO && is_met(walk, ret->name)) ||
                !aspect->differs(walk->comparison, ret->name, ret->states)) {
                continue;
            }
            ret->has_record = aspect->is_signed && find_change(walk->comparison, ret->name,
                                                               aspect->is_person, &ret->record);
            return true;
        }
    }
    return false;
}

bool comparison_open(struct comparison *comparison, const struct workspace *ws, const char *from,
                     const char *to, struct bulla_error *err)
{
    comparison->environment = ws->environment->name;
    struct revision *sides = comparison->sides;
    if (!revision_open(&sides[FROM], ws, from, NULL, err)) {
        return false;
    }
    const char *root = sides[FROM].vault != NULL ? bulla_vault_root(sides[FROM].vault) : NULL;
    if (!(to != NULL ? revision_open(&sides[TO], ws, to, root, err)
                     : revision_open_here(&sides[TO], ws, root, err))) {
        return false;
    }
    if (sides[FROM].vault == NULL && sides[TO].vault == NULL) {
        return bulla_error(err, BULLA_E_MISSING, "environment '%s' has no vault in '%s' and '%s'",
                           comparison->environment, sides[FROM].name, sides[TO].name);
    }
    if (sides[FROM].vault == NULL || sides[TO].vault == NULL) {
        comparison->missing =
            sides[TO].vault == NULL ? bulla_vault_figures(sides[FROM].vault).records : 0;
        return true;
    }
    struct bulla_vault_against against;
    comparison->has_base = true;
    if (!bulla_vault_against(sides[TO].vault, bulla_buf_view(&sides[FROM].text), &against, err)) {
        return false;
    }
    comparison->missing = against.missing;
    return true;
}

void comparison_release(struct comparison *comparison)
{
    revision_release(&comparison->sides[FROM]);
    revision_release(&comparison->sides[TO]);
}
