#include "base/ascii.h"
#include "render/render_internal.h"

#include "base/banned.h"

/* True where entry INDEX is the one that counts for its name: each name is told of once. */
static bool is_last(const struct bulla_dotenv *file, size_t index)
{
    const struct bulla_dotenv_entry *entry = bulla_dotenv_get(file, index);
    return entry->set && bulla_dotenv_find(file, entry->name) == entry;
}

static enum bulla_difference compare(const struct bulla_dotenv *old,
                                     const struct bulla_dotenv_entry *wanted)
{
    const struct bulla_dotenv_entry *was = bulla_dotenv_find(old, wanted->name);
    if (was == NULL) {
        return BULLA_ADDED;
    }
    return bulla_secret_bytes_equal(was->value, wanted->value) ? BULLA_SAME : BULLA_CHANGED;
}

bool render_is_sayable(const struct bulla_dotenv_entry *entry)
{
    for (size_t i = 0; entry->bare && i < entry->name.len; i++) {
        uint8_t c = entry->name.data[i];
        if (!ascii_is_upper(c) && c != '_' && !(i > 0 && ascii_is_digit(c))) {
            return false;
        }
    }
    return true;
}

bool bulla_render_compare(struct bulla_bytes on_disk, const char *on_disk_name,
                          struct bulla_bytes wanted, bulla_difference_fn fn, void *ctx,
                          struct bulla_error *err)
{
    const struct bulla_dotenv_options options = {.grammar = BULLA_DOTENV_COMPOSE,
                                                 .lookup = render_lookup_all};
    bulla_auto_dotenv old = bulla_dotenv_parse(on_disk, on_disk_name, &options, err);
    if (old == NULL) {
        return false;
    }
    bulla_auto_dotenv new = bulla_dotenv_parse(wanted, "the rendered text", &options, err);
    if (new == NULL) {
        return false;
    }
    for (size_t i = 0; i < bulla_dotenv_count(new); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(new, i);
        if (is_last(new, i) && !fn(ctx, (const char *)entry->name.data, compare(old, entry), err)) {
            return false;
        }
    }
    for (size_t i = 0; i < bulla_dotenv_count(old); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(old, i);
        if (is_last(old, i) && bulla_dotenv_find(new, entry->name) == NULL &&
            render_is_sayable(entry) &&
            !fn(ctx, (const char *)entry->name.data, BULLA_REMOVED, err)) {
            return false;
        }
    }
    return true;
}
