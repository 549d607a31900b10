#include "member_plan.h"

#include <string.h>

/* The keys of one member must not be another's: nobody could tell who signed. */
static bool check_unique(const struct workspace *ws, const struct member_plan *plan,
                         const char *name, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_vault_member_count(ws->vault); i++) {
        struct bulla_member_info other;
        bulla_vault_member(ws->vault, i, &other);
        bool same =
            strcmp(other.recipient, plan->recipient) == 0 ||
            (plan->sign != NULL && other.sign != NULL && strcmp(other.sign, plan->sign) == 0);
        if (same && strcmp(other.name, name) != 0) {
            (void)bulla_error_at(err, BULLA_E_REFUSED, ws->vault_path, (struct bulla_pos){0, 0},
                                 "these keys are those of '%s'", other.name);
            return bulla_error_hint(err,
                                    "to give him another role: bulla recipient add %s --role "
                                    "ROLE",
                                    other.name);
        }
    }
    return true;
}

bool member_plan_make(const struct workspace *ws, const struct bulla_member_request *keys,
                      enum bulla_member_role role, struct member_plan *plan,
                      struct bulla_error *err)
{
    bool is_there = bulla_vault_find_member(ws->vault, keys->name, &plan->member);
    bool gives_keys = keys->recipient[0] != '\0';
    if (!is_there && !gives_keys) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, ws->vault_path, (struct bulla_pos){0, 0},
                             "no member '%s', and no keys to add him by", keys->name);
        return bulla_error_hint(err, "ask him for the line that 'bulla recipient request' prints");
    }
    plan->recipient = gives_keys ? keys->recipient : plan->member.recipient;
    plan->sign = gives_keys ? (keys->sign[0] != '\0' ? keys->sign : NULL) : plan->member.sign;
    plan->role = role;
    if (plan->role == 0) {
        plan->role = is_there ? plan->member.role : BULLA_MEMBER_READER;
    }
    if (!is_there) {
        plan->change = MEMBER_CHANGE_ADD;
    } else if (strcmp(plan->recipient, plan->member.recipient) != 0 ||
               (plan->sign == NULL) != (plan->member.sign == NULL) ||
               (plan->sign != NULL && strcmp(plan->sign, plan->member.sign) != 0)) {
        plan->change = MEMBER_CHANGE_KEYS;
    } else {
        plan->change = plan->role == plan->member.role ? MEMBER_CHANGE_NONE : MEMBER_CHANGE_ROLE;
    }
    if (plan->role != BULLA_MEMBER_READER && plan->sign == NULL) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' gave no signing key: he can only read",
                          keys->name);
        return bulla_error_hint(err, "ask him for the line that 'bulla recipient request' prints");
    }
    return check_unique(ws, plan, keys->name, err);
}
