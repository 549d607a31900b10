#include "bulla/rotate.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "bulla/suggest.h"

#include "base/banned.h"

struct bulla_rotation {
    struct bulla_turn *turns; /* at most one per variable */
    size_t count;
};

/* What one plan is made from. */
struct planning {
    struct bulla_rotation *rotation;
    const struct bulla_values *values;
    struct bulla_vault *vault;
    const struct bulla_rotation_request *request;
    const char *following; /* whose dependents are being added */
};

int64_t bulla_rotation_due(const struct bulla_variable *variable,
                           const struct bulla_version_info *current)
{
    if (current == NULL) {
        return 0;
    }
    int64_t due = 0;
    if (variable->rotates && variable->rotate_seconds > 0 && !bulla_rotation_is_by_name(variable) &&
        variable->rotate_seconds <= (uint64_t)(INT64_MAX / 2) && current->at < INT64_MAX / 2) {
        due = current->at + (int64_t)variable->rotate_seconds;
    }
    if (current->expires > 0 && (due == 0 || current->expires < due)) {
        due = current->expires;
    }
    return due;
}

void bulla_rotation_keep(const struct bulla_variable *variable,
                         const struct bulla_version_info *current, int64_t now, const char **ret_id,
                         int64_t *ret_until)
{
    bool is_kept = current != NULL && variable->keep_previous_seconds > 0 &&
                   variable->keep_previous_seconds <= (uint64_t)(INT64_MAX / 4);
    *ret_id = is_kept ? current->id : NULL;
    *ret_until = is_kept ? now + (int64_t)variable->keep_previous_seconds : 0;
}

bool bulla_rotation_seals(const struct bulla_variable *variable)
{
    struct bulla_bytes kind =
        bulla_bytes_of(variable->kind.text != NULL ? variable->kind.text : "");
    return bulla_bytes_start(kind, "fernet") || bulla_bytes_start(kind, "laravel") ||
           bulla_name_family(variable->name) == BULLA_NAME_ENCRYPTION_KEY;
}

bool bulla_rotation_is_by_name(const struct bulla_variable *variable)
{
    return variable->rotates && !variable->rotates_by_itself && variable->group.text == NULL &&
           bulla_rotation_seals(variable);
}

static bool is_planned(const struct bulla_rotation *rotation, const struct bulla_value *value)
{
    for (size_t i = 0; i < rotation->count; i++) {
        if (rotation->turns[i].value == value) {
            return true;
        }
    }
    return false;
}

/* The present version of VALUE, or NULL; *STORAGE keeps it. */
static const struct bulla_version_info *find_current(const struct planning *plan,
                                                     const struct bulla_value *value,
                                                     struct bulla_secret_info *storage)
{
    return bulla_vault_find(plan->vault, value->variable.name, storage) ? storage->current : NULL;
}

static enum bulla_turn_step choose_step(const struct bulla_value *value,
                                        enum bulla_turn_cause cause)
{
    if (cause == BULLA_TURN_WITH) {
        return BULLA_TURN_FOLLOW;
    }
    if (!value->has_kind || !value->variable.rotates) {
        return BULLA_TURN_PROVIDE;
    }
    bool is_meant = cause == BULLA_TURN_NAMED || !bulla_rotation_is_by_name(&value->variable);
    return is_meant ? BULLA_TURN_MAKE : BULLA_TURN_KEEP;
}

static void add(struct planning *plan, const struct bulla_value *value, enum bulla_turn_cause cause,
                const char *with)
{
    if (is_planned(plan->rotation, value)) {
        return;
    }
    struct bulla_secret_info secret;
    const struct bulla_version_info *current = find_current(plan, value, &secret);
    struct bulla_turn turn = {
        .value = value,
        .step = choose_step(value, cause),
        .cause = cause,
        .with = with,
        .due = bulla_rotation_due(&value->variable, current),
    };
    if (turn.step == BULLA_TURN_MAKE) {
        bulla_rotation_keep(&value->variable, current, plan->request->now, &turn.keep_id,
                            &turn.keep_until);
    }
    plan->rotation->turns[plan->rotation->count++] = turn;
}

static bool refuse_unknown(const struct planning *plan, const char *name, struct bulla_error *err)
{
    const char *nearest = NULL;
    for (size_t i = 0; i < bulla_values_count(plan->values); i++) {
        nearest =
            bulla_suggest_next(name, nearest, bulla_values_get(plan->values, i)->variable.name);
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "there is no variable '%s'", name);
    return bulla_suggest_hint(err, nearest, "'bulla list' shows the names");
}

struct origins {
    const char *wanted;
    const char *name; /* candidate */
    const char *found;
};

static bool note_origin(void *ctx, const char *dependent, struct bulla_error *err)
{
    (void)err;
    struct origins *origins = ctx;
    if (origins->found == NULL && strcmp(dependent, origins->wanted) == 0) {
        origins->found = origins->name;
    }
    return true;
}

/* The first generated or provided variable that the derived NAME is made from, or NULL. */
static bool find_origin(const struct planning *plan, const char *name, const char **ret_origin,
                        struct bulla_error *err)
{
    struct origins origins = {.wanted = name};
    for (size_t i = 0; i < bulla_values_count(plan->values) && origins.found == NULL; i++) {
        const struct bulla_variable *variable = &bulla_values_get(plan->values, i)->variable;
        origins.name = variable->name;
        if (variable->role != BULLA_ROLE_DERIVED && variable->role != BULLA_ROLE_SETTING &&
            !bulla_values_dependents(plan->values, variable->name, note_origin, &origins, err)) {
            return false;
        }
    }
    *ret_origin = origins.found;
    return true;
}

static bool refuse_derived(const struct planning *plan, const char *name, struct bulla_error *err)
{
    const char *origin = NULL;
    if (!find_origin(plan, name, &origin, err)) {
        return false;
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is derived and never turns by itself", name);
    return origin == NULL ? false : bulla_error_hint(err, "turn what it is made from: %s", origin);
}

static bool add_named(struct planning *plan, const char *name, struct bulla_error *err)
{
    const struct bulla_value *value = bulla_values_find(plan->values, name);
    if (value == NULL) {
        return refuse_unknown(plan, name, err);
    }
    if (value->variable.role == BULLA_ROLE_DERIVED || value->source == BULLA_FROM_DERIVED) {
        return refuse_derived(plan, name, err);
    }
    if (value->variable.role == BULLA_ROLE_SETTING) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is a setting, and only secrets turn", name);
        return bulla_error_hint(err, "change it in the contract");
    }
    if (value->variable.role == BULLA_ROLE_GENERATED && !value->variable.rotates) {
        (void)bulla_error(err, BULLA_E_REFUSED, "the contract says that '%s' never turns", name);
        return bulla_error_hint(err,
                                "what it protects may be lost; else take 'rotate = never' out");
    }
    add(plan, value, BULLA_TURN_NAMED, NULL);
    return true;
}

static bool is_stored_secret(const struct bulla_value *value)
{
    bool is_secret =
        value->variable.role == BULLA_ROLE_GENERATED || value->variable.role == BULLA_ROLE_PROVIDED;
    return is_secret && value->source == BULLA_FROM_VAULT;
}

/* True where VALUE is one that `due` and `all` look at: it exists and it turns. */
static bool is_turning(const struct planning *plan, const struct bulla_value *value,
                       int64_t *ret_due)
{
    struct bulla_secret_info secret;
    if (!is_stored_secret(value) || !value->variable.rotates) {
        return false;
    }
    *ret_due = bulla_rotation_due(&value->variable, find_current(plan, value, &secret));
    return true;
}

static void add_by_schedule(struct planning *plan)
{
    const struct bulla_rotation_request *request = plan->request;
    for (size_t i = 0; i < bulla_values_count(plan->values); i++) {
        const struct bulla_value *value = bulla_values_get(plan->values, i);
        int64_t due = 0;
        if (!is_turning(plan, value, &due)) {
            continue;
        }
        if (request->due && due > 0 && due <= request->now) {
            add(plan, value, BULLA_TURN_DUE, NULL);
        } else if (request->all) {
            add(plan, value, BULLA_TURN_ALL, NULL);
        }
    }
}

/* Of a contested name each version may be the one that is in use. */
static bool is_exposed(const struct planning *plan, const char *name)
{
    struct bulla_secret_info secret;
    struct bulla_version_info version;
    if (!bulla_vault_find(plan->vault, name, &secret)) {
        return false;
    }
    bool is_exposed = secret.current != NULL && secret.current->exposed;
    for (size_t i = 0; secret.contested && !is_exposed && i < secret.version_count; i++) {
        is_exposed = bulla_vault_version(plan->vault, name, i, &version) && version.contested &&
                     version.exposed;
    }
    return is_exposed;
}

static void add_exposed(struct planning *plan)
{
    for (size_t i = 0; plan->request->exposed && i < bulla_values_count(plan->values); i++) {
        const struct bulla_value *value = bulla_values_get(plan->values, i);
        if (is_stored_secret(value) && is_exposed(plan, value->variable.name)) {
            add(plan, value, BULLA_TURN_EXPOSED, NULL);
        }
    }
}

/* Members of a group turn together; a group has no groups of its own, so one pass is enough. */
static void add_groups(struct planning *plan)
{
    size_t direct = plan->rotation->count;
    for (size_t i = 0; i < direct; i++) {
        const char *group = plan->rotation->turns[i].value->variable.group.text;
        for (size_t k = 0; group != NULL && k < bulla_values_count(plan->values); k++) {
            const struct bulla_value *value = bulla_values_get(plan->values, k);
            int64_t due = 0;
            if (value->variable.group.text != NULL &&
                strcmp(value->variable.group.text, group) == 0 && is_turning(plan, value, &due)) {
                add(plan, value, BULLA_TURN_GROUP, group);
            }
        }
    }
}

static bool add_dependent(void *ctx, const char *name, struct bulla_error *err)
{
    (void)err;
    struct planning *plan = ctx;
    const struct bulla_value *value = bulla_values_find(plan->values, name);
    if (value != NULL) {
        add(plan, value, BULLA_TURN_WITH, plan->following);
    }
    return true;
}

static bool add_followers(struct planning *plan, struct bulla_error *err)
{
    size_t direct = plan->rotation->count;
    for (size_t i = 0; i < direct; i++) {
        const struct bulla_turn *turn = &plan->rotation->turns[i];
        const struct bulla_variable *variable = &turn->value->variable;
        if (turn->step != BULLA_TURN_MAKE) {
            continue;
        }
        plan->following = variable->name;
        if (!bulla_values_dependents(plan->values, variable->name, add_dependent, plan, err)) {
            return false;
        }
        if (turn->keep_until > 0 && variable->previous_as.text != NULL &&
            !add_dependent(plan, variable->previous_as.text, err)) {
            return false;
        }
    }
    return true;
}

static int compare_turns(const struct bulla_turn *a, const struct bulla_turn *b)
{
    return a->value < b->value ? -1 : a->value > b->value;
}

/* The contract's order; values stand in it in memory. */
static void sort_turns(struct bulla_rotation *rotation)
{
    for (size_t i = 1; i < rotation->count; i++) {
        struct bulla_turn turn = rotation->turns[i];
        size_t at = i;
        while (at > 0 && compare_turns(&rotation->turns[at - 1], &turn) > 0) {
            rotation->turns[at] = rotation->turns[at - 1];
            at--;
        }
        rotation->turns[at] = turn;
    }
}

static bool fill_plan(struct planning *plan, struct bulla_error *err)
{
    for (size_t i = 0; i < plan->request->name_count; i++) {
        if (!add_named(plan, plan->request->names[i], err)) {
            return false;
        }
    }
    add_by_schedule(plan);
    add_exposed(plan);
    add_groups(plan);
    sort_turns(plan->rotation);
    return add_followers(plan, err);
}

struct bulla_rotation *bulla_rotation_plan(const struct bulla_values *values,
                                           struct bulla_vault *vault,
                                           const struct bulla_rotation_request *request,
                                           struct bulla_error *err)
{
    bulla_auto_rotation rotation = bulla_alloc(1, sizeof *rotation, err);
    if (rotation == NULL) {
        return NULL;
    }
    rotation->turns = bulla_alloc(bulla_values_count(values) + 1, sizeof *rotation->turns, err);
    if (rotation->turns == NULL) {
        return NULL;
    }
    struct planning plan = {rotation, values, vault, request, NULL};
    return fill_plan(&plan, err) ? BULLA_STEAL(rotation) : NULL;
}

void bulla_rotation_free(struct bulla_rotation *rotation)
{
    if (rotation != NULL) {
        bulla_free(rotation->turns);
        bulla_free(rotation);
    }
}

size_t bulla_rotation_count(const struct bulla_rotation *rotation)
{
    return rotation->count;
}

const struct bulla_turn *bulla_rotation_get(const struct bulla_rotation *rotation, size_t index)
{
    return &rotation->turns[index];
}

size_t bulla_rotation_step_count(const struct bulla_rotation *rotation, enum bulla_turn_step step)
{
    size_t count = 0;
    for (size_t i = 0; i < rotation->count; i++) {
        count += rotation->turns[i].step == step;
    }
    return count;
}

static bool make_one(const struct bulla_turn *turn, struct bulla_vault *vault, const char *why,
                     int64_t now, struct bulla_error *err)
{
    bulla_auto_buf made;
    bulla_buf_init_secret(&made, BULLA_MAX_VALUE_BYTES);
    struct bulla_set_options options = {
        .kind = turn->value->variable.kind.text,
        .why = why,
        .keep_id = turn->keep_id,
        .until = turn->keep_until,
    };
    return bulla_kind_generate(&turn->value->kind, &made, err) &&
           bulla_vault_set(vault, turn->value->variable.name, bulla_buf_view(&made), &options, now,
                           NULL, err);
}

bool bulla_rotation_make(const struct bulla_rotation *rotation, struct bulla_vault *vault,
                         const char *why, int64_t now, struct bulla_error *err)
{
    bulla_vault_batch_begin(vault);
    for (size_t i = 0; i < rotation->count; i++) {
        const struct bulla_turn *turn = &rotation->turns[i];
        if (turn->step == BULLA_TURN_MAKE && !make_one(turn, vault, why, now, err)) {
            return bulla_error_while(err, "turning '%s'", turn->value->variable.name);
        }
    }
    return bulla_vault_batch_end(vault, err);
}
