/* Whose values a rendered file holds, where several environments are rendered to it. */
#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "render/render_internal.h"

#include "base/banned.h"

/* The file beside one other environment, whose values and vault are NULL where nobody can tell. */
struct claim {
    const struct bulla_rivals *rivals;
    const struct bulla_values *values; /* the environment's own */
    const struct bulla_environment *rival;
    struct bulla_vault *vault;
    struct bulla_values *theirs;
    const char **names; /* what it has of theirs; as many as there are values at most */
    size_t count;
};

static bool is_rival(const struct bulla_rivals *rivals, const struct bulla_environment *other)
{
    return other != rivals->environment &&
           (rivals->any || bulla_environment_shares_output(other, rivals->environment));
}

/* Whatever is wrong over there is no matter of this environment; only memory is. */
static bool pass_over(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/* The values of RIVAL; with its vault closed the contract's defaults alone can still tell. */
static bool open_rival(const struct bulla_rivals *rivals, const struct bulla_environment *rival,
                       struct bulla_vault **ret_vault, struct bulla_values **ret_theirs,
                       struct bulla_error *err)
{
    if (!rivals->open(rivals->ctx, rival, ret_vault, err)) {
        return false;
    }
    *ret_theirs =
        bulla_values_resolve_at(rivals->contract, rival->name, *ret_vault, rivals->now, err);
    return *ret_theirs != NULL || pass_over(err);
}

/* What VALUE, which has none here, has in the file is one that the rival's vault has or had. */
static bool is_left_of(const struct claim *claim, const struct bulla_value *value,
                       const struct bulla_dotenv *file, bool *ret_is, struct bulla_error *err)
{
    enum bulla_held held = BULLA_HELD_NEVER;
    struct bulla_bytes text;
    if (claim->vault != NULL && bulla_rendered_is_left(claim->values, value, file, &text) &&
        !bulla_vault_held(claim->vault, value->variable.name, text, &held, err)) {
        return false;
    }
    *ret_is = held == BULLA_HELD;
    return true;
}

/* Name by name, in a file that the rival's consumer reads. */
static bool compare_entries(struct claim *claim, const struct bulla_dotenv *file,
                            struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_values_count(claim->values); i++) {
        const struct bulla_value *value = bulla_values_get(claim->values, i);
        bool is_theirs = false;
        if ((bulla_rendered_differs(claim->values, value, file) &&
             !bulla_rendered_is_from(claim->values, claim->theirs, value->variable.name, file,
                                     &is_theirs, err)) ||
            (!is_theirs && !is_left_of(claim, value, file, &is_theirs, err))) {
            return false;
        }
        if (is_theirs) {
            claim->names[claim->count++] = value->variable.name;
        }
    }
    return true;
}

static bool has_same(const struct bulla_value *value, const struct bulla_value *other)
{
    return value->state == BULLA_VALUE_SET && other->state == BULLA_VALUE_SET &&
           bulla_secret_bytes_equal(value->bytes, other->bytes);
}

/* As a whole, in a notation that is not read back: it is what the rival is rendered to, or not. */
static bool compare_whole(struct claim *claim, struct bulla_bytes text,
                          enum bulla_env_format format, struct bulla_error *err)
{
    const struct bulla_render_options options = {.format = format};
    bulla_auto_buf wanted;
    bulla_buf_init_secret(&wanted, BULLA_MAX_OUTPUT_BYTES);
    if (!bulla_render(claim->theirs, &options, &wanted, err)) {
        return pass_over(err);
    }
    if (!bulla_secret_bytes_equal(text, bulla_buf_view(&wanted))) {
        return true;
    }
    for (size_t i = 0; i < bulla_values_count(claim->values); i++) {
        const struct bulla_value *value = bulla_values_get(claim->values, i);
        const struct bulla_value *other = bulla_values_find(claim->theirs, value->variable.name);
        if (other != NULL && other->state == BULLA_VALUE_SET && !has_same(value, other)) {
            claim->names[claim->count++] = value->variable.name;
        }
    }
    return true;
}

/* As the rival's consumer reads it: that is what the rival was rendered for. */
static bool compare(struct claim *claim, struct bulla_bytes text, const char *name,
                    struct bulla_error *err)
{
    enum bulla_env_format format = BULLA_ENV_COMPOSE;
    if (claim->theirs == NULL || !bulla_env_format_find(claim->rival->format, &format)) {
        return true;
    }
    if (format > BULLA_ENV_DOCKER) {
        return compare_whole(claim, text, format, err);
    }
    bulla_auto_dotenv file = bulla_rendered_read(format, text, name, err);
    return file != NULL ? compare_entries(claim, file, err) : pass_over(err);
}

/* Of several the one that has the most of it. */
static void judge(struct bulla_rendered_owner *ret, struct claim *claim)
{
    bool is_open = claim->vault != NULL && claim->theirs != NULL;
    if (claim->count > ret->name_count) {
        const char **names = ret->names;
        ret->owner = claim->rival;
        ret->names = claim->names;
        ret->name_count = claim->count;
        claim->names = names;
    }
    if (ret->rival == NULL || (!is_open && !ret->is_unsure)) {
        ret->rival = claim->rival;
    }
    ret->is_unsure = ret->is_unsure || !is_open;
}

static bool ask(struct bulla_rendered_owner *ret, struct claim *claim, struct bulla_bytes text,
                const char *name, struct bulla_error *err)
{
    claim->names = bulla_alloc(bulla_values_count(claim->values) + 1, sizeof *claim->names, err);
    bool ok = claim->names != NULL &&
              open_rival(claim->rivals, claim->rival, &claim->vault, &claim->theirs, err) &&
              compare(claim, text, name, err);
    if (ok) {
        judge(ret, claim);
    }
    bulla_values_free(claim->theirs);
    bulla_free(claim->names);
    return ok;
}

bool bulla_rendered_find_owner(struct bulla_rendered_owner *ret, const struct bulla_rivals *rivals,
                               const struct bulla_values *values, struct bulla_bytes text,
                               const char *name, struct bulla_error *err)
{
    *ret = (struct bulla_rendered_owner){0};
    for (size_t i = 0; i < bulla_contract_environment_count(rivals->contract); i++) {
        const struct bulla_environment *other = bulla_contract_environment(rivals->contract, i);
        struct claim claim = {.rivals = rivals, .values = values, .rival = other};
        if (is_rival(rivals, other) && !ask(ret, &claim, text, name, err)) {
            return false;
        }
    }
    ret->is_unsure = ret->is_unsure && ret->owner == NULL;
    ret->is_other_format =
        ret->owner != NULL && strcmp(ret->owner->format, rivals->environment->format) != 0;
    return true;
}

void bulla_rendered_owner_release(struct bulla_rendered_owner *owner)
{
    bulla_free(owner->names);
    *owner = (struct bulla_rendered_owner){0};
}

bool bulla_lost_leave_rivals(struct bulla_lost *lost, const struct bulla_rivals *rivals,
                             struct bulla_error *err)
{
    for (size_t i = 0; lost->count > 0 && i < bulla_contract_environment_count(rivals->contract);
         i++) {
        const struct bulla_environment *other = bulla_contract_environment(rivals->contract, i);
        struct bulla_vault *vault = NULL;
        bulla_auto_values theirs = NULL;
        if (!is_rival(rivals, other)) {
            continue;
        }
        if (!open_rival(rivals, other, &vault, &theirs, err)) {
            return false;
        }
        if (theirs == NULL || vault == NULL) {
            lost->count = rivals->any ? lost->count : 0;
        } else if (!lost_leave(lost, theirs, err)) {
            return false;
        }
    }
    return true;
}
