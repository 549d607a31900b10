#include "settling.h"

#include "bulla/mem.h"
#include "message.h"
#include "output.h"
#include "secrets.h"
#include "value_input.h"

static void tell_settled(const struct workspace *ws, const char *name)
{
    struct bulla_version_info made = {.number = 0};
    (void)!secrets_find_version(ws->vault, name, 0, &made);
    message_note(ws->in, "'%s' in '%s' is settled as version %u", name, ws->environment->name,
                 made.number);
    if (made.exposed) {
        message_warn(ws->in, "that value is exposed: somebody outside may have it");
    }
}

bool settling_write(struct workspace *ws, const char *name, struct bulla_bytes value,
                    const struct bulla_set_options *set, struct bulla_error *err)
{
    if (!value_input_check_fault(name, value, err) ||
        !bulla_vault_set(ws->vault, name, value, set, ws->now, NULL, err)) {
        return false;
    }
    tell_settled(ws, name);
    return true;
}

static struct bulla_set_options equal_options(const struct candidate *candidate, const char *why)
{
    return (struct bulla_set_options){.kind = candidate->version.kind,
                                      .why = why != NULL ? why : "resolved: the same value",
                                      .expires = candidate->version.expires};
}

bool settling_write_equal(struct workspace *ws, const char *name, const struct candidate *candidate,
                          const char *why, struct bulla_error *err)
{
    const struct bulla_set_options set = equal_options(candidate, why);
    return settling_write(ws, name, candidate->value, &set, err);
}

/* A contested name whose branches have the same value; the texts are the vault's. */
struct equal {
    const char *name;
    struct candidate candidate;
};

struct equals {
    struct equal *items;
    size_t count, cap;
};

/* Looks at every contested name before the first is written, and shows what is not equal. */
static bool collect_equal(struct workspace *ws, struct equals *equals, size_t *ret_left,
                          struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_vault_count(ws->vault); i++) {
        struct bulla_secret_info stored;
        auto_candidates candidates = {0};
        bulla_vault_secret(ws->vault, i, &stored);
        if (!stored.contested) {
            continue;
        }
        if (!candidates_collect(&candidates, ws->vault, stored.name, err)) {
            return false;
        }
        if (!candidates.equal || value_input_fault(candidates.items[0].value) != NULL) {
            ++*ret_left;
            if (!candidates_write(&candidates, stored.name, ws->in->out, err)) {
                return false;
            }
            continue;
        }
        if (!bulla_grow(&equals->items, &equals->cap, equals->count + 1, sizeof *equals->items,
                        err)) {
            return false;
        }
        equals->items[equals->count++] = (struct equal){stored.name, candidates.items[0]};
    }
    return true;
}

/* In one batch: the vault is judged for all of them together. */
static bool settle_equals(struct workspace *ws, const struct equals *equals, const char *why,
                          struct bulla_error *err)
{
    bulla_vault_batch_begin(ws->vault);
    for (size_t i = 0; i < equals->count; i++) {
        const struct equal *equal = &equals->items[i];
        const struct bulla_set_options set = equal_options(&equal->candidate, why);
        if (!bulla_vault_set(ws->vault, equal->name, equal->candidate.value, &set, ws->now, NULL,
                             err)) {
            return false;
        }
    }
    if (!bulla_vault_commit(ws->vault, err)) {
        return false;
    }
    for (size_t i = 0; i < equals->count; i++) {
        tell_settled(ws, equals->items[i].name);
    }
    return true;
}

bool settling_write_all(struct workspace *ws, const char *why, struct bulla_error *err)
{
    struct equals equals = {0};
    size_t left = 0;
    bool ok = collect_equal(ws, &equals, &left, err) && settle_equals(ws, &equals, why, err);
    bool is_contested = equals.count > 0 || left > 0;
    bulla_free(equals.items);
    if (!ok) {
        return false;
    }
    if (!is_contested) {
        message_note(ws->in, "nothing is contested in '%s'", ws->environment->name);
    }
    if (left == 0) {
        return true;
    }
    char flag[48];
    (void)bulla_error(err, BULLA_E_REFUSED, "%zu name%s contested in '%s'", left,
                      left == 1 ? " is" : "s are", ws->environment->name);
    return bulla_error_hint(err, "bulla resolve%s NAME asks for each",
                            workspace_env_flag(ws, flag));
}
