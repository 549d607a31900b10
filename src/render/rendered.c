/* What a rendered file on disk holds: the environment's values, old ones, another one's. */
#include "render/render_internal.h"

#include "base/banned.h"

struct bulla_dotenv *bulla_rendered_read(enum bulla_env_format format, struct bulla_bytes text,
                                         const char *name, struct bulla_error *err)
{
    struct bulla_dotenv_options options = {
        .grammar = format == BULLA_ENV_DOCKER ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE};
    if (format > BULLA_ENV_DOCKER) {
        (void)bulla_error(err, BULLA_E_REFUSED, "a file of the format '%s' is not read back",
                          bulla_env_format_name(format));
        return NULL;
    }
    struct bulla_dotenv *file = bulla_dotenv_parse(text, name, &options, err);
    if (file == NULL && err->code != BULLA_E_NOMEM) {
        bulla_error_clear(err);
        options.lookup = render_lookup_all;
        file = bulla_dotenv_parse(text, name, &options, err);
    }
    return file;
}

bool bulla_rendered_differs(const struct bulla_values *values, const struct bulla_value *value,
                            const struct bulla_dotenv *file)
{
    const struct bulla_dotenv_entry *entry =
        bulla_dotenv_find(file, bulla_bytes_of(value->variable.name));
    if (value->state == BULLA_VALUE_SET) {
        return entry == NULL || !bulla_secret_bytes_equal(entry->value, value->bytes);
    }
    /* What is not from here stays in the file. */
    return value->state == BULLA_VALUE_UNSET && entry != NULL && entry->value.len > 0 &&
           bulla_values_remembers(values, value->variable.name);
}

bool bulla_rendered_is_left(const struct bulla_values *values, const struct bulla_value *value,
                            const struct bulla_dotenv *file, struct bulla_bytes *ret_text)
{
    const struct bulla_dotenv_entry *entry =
        bulla_dotenv_find(file, bulla_bytes_of(value->variable.name));
    bool is_left = value->state == BULLA_VALUE_UNSET && entry != NULL && entry->set &&
                   !entry->bare && entry->value.len > 0 &&
                   !bulla_values_remembers(values, value->variable.name);
    *ret_text = is_left ? entry->value : (struct bulla_bytes){0};
    return is_left;
}

bool bulla_rendered_is_from(const struct bulla_values *values, const struct bulla_values *other,
                            const char *name, const struct bulla_dotenv *file, bool *ret_from,
                            struct bulla_error *err)
{
    const struct bulla_dotenv_entry *entry = bulla_dotenv_find(file, bulla_bytes_of(name));
    const struct bulla_value *value = bulla_values_find(other, name);
    enum bulla_held theirs = BULLA_HELD_NEVER;
    enum bulla_held ours = BULLA_HELD_NEVER;
    *ret_from = entry != NULL && value != NULL && value->state == BULLA_VALUE_SET &&
                bulla_secret_bytes_equal(entry->value, value->bytes);
    if (*ret_from || entry == NULL || entry->value.len == 0) {
        return true;
    }
    if (!bulla_values_held(other, name, entry->value, &theirs, err) ||
        (theirs == BULLA_HELD && !bulla_values_held(values, name, entry->value, &ours, err))) {
        return false;
    }
    *ret_from = theirs == BULLA_HELD && ours != BULLA_HELD;
    return true;
}
