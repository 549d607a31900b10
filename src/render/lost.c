/* Secrets of a rendered file that nothing else has: writing it anew would be their end. */
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "render/render_internal.h"

#include "base/banned.h"

static bool is_secret(const struct bulla_value *value)
{
    enum bulla_role role = value->variable.role;
    return role == BULLA_ROLE_GENERATED || role == BULLA_ROLE_PROVIDED;
}

struct bulla_bytes bulla_lost_value(const struct bulla_lost *lost, size_t index)
{
    return bulla_dotenv_find(lost->file, bulla_bytes_of(lost->items[index]->variable.name))->value;
}

/* A placeholder, the password of a URL too, says that nobody has set it yet. */
static bool is_meant(const struct bulla_value *value, const struct bulla_dotenv_entry *entry)
{
    struct bulla_bytes password;
    if (entry == NULL || !entry->set || entry->bare || entry->value.len == 0) {
        return false;
    }
    bool is_url = bulla_url_password(value->variable.name, entry->value, &password);
    return bulla_placeholder(is_url ? password : entry->value) == NULL;
}

void bulla_lost_release(struct bulla_lost *lost)
{
    bulla_free(lost->items);
    *lost = (struct bulla_lost){0};
}

bool bulla_lost_collect(struct bulla_lost *ret, const struct bulla_values *values,
                        const struct bulla_dotenv *file, struct bulla_error *err)
{
    *ret = (struct bulla_lost){.file = file};
    size_t cap = 0;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (!is_secret(value) || !bulla_rendered_differs(values, value, file) ||
            !is_meant(value, bulla_dotenv_find(file, bulla_bytes_of(value->variable.name)))) {
            continue;
        }
        if (!bulla_grow(&ret->items, &cap, ret->count + 1, sizeof(const struct bulla_value *),
                        err)) {
            return false;
        }
        ret->items[ret->count++] = value;
    }
    return lost_leave(ret, values, err);
}

bool lost_leave(struct bulla_lost *lost, const struct bulla_values *values, struct bulla_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < lost->count; i++) {
        enum bulla_held held = BULLA_HELD_NEVER;
        if (!bulla_values_held(values, lost->items[i]->variable.name, bulla_lost_value(lost, i),
                               &held, err)) {
            return false;
        }
        if (held == BULLA_HELD_NEVER) {
            lost->items[count++] = lost->items[i];
        }
    }
    lost->count = count;
    return true;
}
