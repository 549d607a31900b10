#include "left_over.h"

#include <string.h>

#include "others.h"

void left_over_release(struct left_over *left)
{
    bulla_free(left->names);
    bulla_free(left->owners);
    *left = (struct left_over){0};
}

const char *left_over_owner(const struct left_over *left, const char *name)
{
    for (size_t i = 0; i < left->count; i++) {
        if (strcmp(left->names[i], name) == 0) {
            return left->owners[i];
        }
    }
    return NULL;
}

/* The names that could be somebody's, still without an owner. */
static bool collect(struct left_over *ret, const struct bulla_values *values,
                    const struct bulla_dotenv *file, struct bulla_error *err)
{
    size_t cap = 0;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        struct bulla_bytes text;
        if (!bulla_rendered_is_left(values, value, file, &text)) {
            continue;
        }
        if (!bulla_grow(&ret->names, &cap, ret->count + 1, sizeof(const char *), err)) {
            return false;
        }
        ret->names[ret->count++] = value->variable.name;
    }
    if (ret->count > 0) {
        ret->owners = bulla_alloc(ret->count, sizeof *ret->owners, err);
    }
    return ret->count == 0 || ret->owners != NULL;
}

static bool ask(struct left_over *ret, struct workspace *ws, const struct bulla_environment *rival,
                const struct bulla_dotenv *file, struct bulla_error *err)
{
    bulla_auto_vault vault = NULL;
    if (!others_open_vault(ws, rival, &vault, err)) {
        return false;
    }
    for (size_t i = 0; vault != NULL && i < ret->count; i++) {
        enum bulla_held held = BULLA_HELD_NEVER;
        struct bulla_bytes text = bulla_dotenv_find(file, bulla_bytes_of(ret->names[i]))->value;
        if (ret->owners[i] == NULL && !bulla_vault_held(vault, ret->names[i], text, &held, err)) {
            return false;
        }
        ret->owners[i] = held == BULLA_HELD ? rival->name : ret->owners[i];
    }
    return true;
}

static void keep_owned(struct left_over *left)
{
    size_t count = 0;
    for (size_t i = 0; i < left->count; i++) {
        if (left->owners[i] != NULL) {
            left->names[count] = left->names[i];
            left->owners[count++] = left->owners[i];
        }
    }
    left->count = count;
}

bool left_over_find(struct left_over *ret, struct workspace *ws, const struct bulla_values *values,
                    const struct bulla_dotenv *file, bool is_output, struct bulla_error *err)
{
    *ret = (struct left_over){0};
    bool ok = collect(ret, values, file, err);
    for (size_t i = 0; ok && ret->count > 0 && i < bulla_contract_environment_count(ws->contract);
         i++) {
        const struct bulla_environment *other = bulla_contract_environment(ws->contract, i);
        bool is_rival = other != ws->environment &&
                        (!is_output || bulla_environment_shares_output(other, ws->environment));
        ok = !is_rival || ask(ret, ws, other, file, err);
    }
    if (ok) {
        keep_owned(ret);
    }
    return ok;
}

bool left_over_read(struct left_over *ret, struct workspace *ws, const struct bulla_values *values,
                    const struct left_over_file *file, struct bulla_error *err)
{
    *ret = (struct left_over){0};
    if (file->text.len == 0) {
        return true;
    }
    bulla_auto_dotenv entries = bulla_rendered_read(file->format, file->text, file->name, err);
    if (entries == NULL) {
        bool is_fatal = err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG;
        if (!is_fatal) {
            bulla_error_clear(err);
        }
        return !is_fatal;
    }
    return left_over_find(ret, ws, values, entries, file->is_output, err);
}
