/* Families 4 and 5: what the vault's versions tell without a key. B208, B404, B501. */
#include <stdio.h>

#include "bulla/rotate.h"
#include "check/families.h"

#include "base/banned.h"

#define SECONDS_PER_DAY 86400
#define HELP_MAX 256

static struct place place_of(const struct check *check, const struct bulla_variable *variable)
{
    return (struct place){
        .file = check_contract_name(check),
        .pos = variable->pos,
        .variable = variable->name,
    };
}

/* A warning at first: that somebody leaves stops no deploy. After the grace it is an error. */
static bool add_exposed(struct check *check, const struct place *place,
                        const struct bulla_version_info *version, const char *help,
                        struct bulla_error *err)
{
    uint64_t grace =
        bulla_contract_exposed_grace(check->input->contract, check->input->environment);
    int64_t age = check->input->now - version->exposed_at;
    uint64_t past = age > 0 ? (uint64_t)age : 0;
    if (past >= grace) {
        unsigned long long days = past / SECONDS_PER_DAY;
        return check_add_as(check, RULE_EXPOSED, BULLA_ERROR, place, help, err,
                            "%s is exposed: for %llu day%s somebody outside may have had it",
                            place->variable, days, days == 1 ? "" : "s");
    }
    unsigned long long left = (grace - past + SECONDS_PER_DAY - 1) / SECONDS_PER_DAY;
    return check_add(check, RULE_EXPOSED, place, help, err,
                     "%s is exposed: somebody outside may have it; an error in %llu day%s",
                     place->variable, left, left == 1 ? "" : "s");
}

static bool check_due(struct check *check, const struct bulla_variable *variable,
                      const struct bulla_version_info *current, const struct place *place,
                      const char *help, struct bulla_error *err)
{
    int64_t now = check->input->now;
    int64_t due = bulla_rotation_due(variable, current);
    if (due == 0 || due > now) {
        return true;
    }
    if (current->expires != 0 && now >= current->expires) {
        return check_add(check, RULE_OVERDUE, place, help, err, "%s has expired", variable->name);
    }
    if (variable->rotate_seconds < SECONDS_PER_DAY) {
        /* More often a 3m that means three months. */
        return check_add(check, RULE_OVERDUE, place, help, err,
                         "%s is past its rotation period of %llu second%s", variable->name,
                         (unsigned long long)variable->rotate_seconds,
                         variable->rotate_seconds == 1 ? "" : "s");
    }
    return check_add(check, RULE_OVERDUE, place, help, err,
                     "%s is %lld days old and should turn every %llu days", variable->name,
                     (long long)((now - current->at) / SECONDS_PER_DAY),
                     (unsigned long long)(variable->rotate_seconds / SECONDS_PER_DAY));
}

static bool check_version(struct check *check, const struct bulla_variable *variable,
                          const struct bulla_secret_info *secret, struct bulla_error *err)
{
    struct place place = place_of(check, variable);
    char help[HELP_MAX];
    if (secret->contested) {
        (void)snprintf(help, sizeof help, "bulla resolve -e %s %s", check->input->environment,
                       variable->name);
        return secret->usurper != NULL
                   ? check_add(check, RULE_CONTESTED, &place, help, err,
                               "%s was last written by '%s', who had no right to", variable->name,
                               secret->usurper)
                   : check_add(check, RULE_CONTESTED, &place, help, err,
                               "%s was set to different values on two branches", variable->name);
    }
    const struct bulla_version_info *current = secret->current;
    if (current == NULL) {
        return true;
    }
    (void)snprintf(help, sizeof help, "bulla %s -e %s %s",
                   variable->role == BULLA_ROLE_GENERATED ? "rotate" : "set",
                   check->input->environment, variable->name);
    if (current->exposed && variable->role != BULLA_ROLE_SETTING &&
        !add_exposed(check, &place, current, help, err)) {
        return false;
    }
    return check_due(check, variable, current, &place, help, err);
}

bool check_versions(struct check *check, struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    if (contract == NULL || check->input->vault == NULL || check->input->environment == NULL) {
        return true;
    }
    size_t count = bulla_contract_variable_count(contract);
    for (size_t i = 0; i < count; i++) {
        struct bulla_variable variable;
        struct bulla_secret_info secret;
        bulla_contract_variable(contract, i, check->input->environment, &variable);
        if (bulla_vault_find(check->input->vault, variable.name, &secret) &&
            !check_version(check, &variable, &secret, err)) {
            return false;
        }
    }
    return true;
}
