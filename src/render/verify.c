/* Reading back what was written. */
#include <string.h>

#include "render/render_internal.h"

#include "base/banned.h"

#define NAME "the rendered text"

enum bulla_lookup_state render_lookup_all(void *ctx, struct bulla_bytes name,
                                          struct bulla_bytes *ret_value)
{
    (void)ctx;
    (void)name;
    *ret_value = bulla_bytes_of("x");
    return BULLA_LOOKUP_SET;
}

static bool differs(const char *name, struct bulla_error *err)
{
    return bulla_error(err, BULLA_E_BUG, "'%s' would not read back as it is", name);
}

/* A line that gives a name nothing, or what the file had, is right for one that has no value. */
static bool is_right(const struct layout *layout, const struct bulla_dotenv_entry *entry,
                     const struct bulla_value *row)
{
    if (row->state == BULLA_VALUE_SET) {
        return entry->set && bulla_secret_bytes_equal(entry->value, row->bytes);
    }
    return (entry->set && !entry->bare && entry->value.len == 0) ||
           render_old_line(layout, entry->name, row) != NULL;
}

/* Every entry of a known name has its value, and names appear as often and in the same order. */
static bool check_entries(const struct layout *layout, const struct bulla_dotenv *again,
                          struct bulla_error *err)
{
    size_t at = 0;
    size_t count = bulla_dotenv_count(again);
    for (size_t i = 0; layout->entries != NULL && i < bulla_dotenv_count(layout->entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(layout->entries, i);
        const char *text = (const char *)entry->name.data;
        const struct bulla_value *row = bulla_values_find(layout->values, text);
        if (render_fate(layout, entry, row) == RENDER_UNSET) {
            continue;
        }
        if (at == count || !bulla_bytes_equal(bulla_dotenv_get(again, at)->name, entry->name)) {
            return differs(text, err);
        }
        at++;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(again, i);
        const char *text = (const char *)entry->name.data;
        const struct bulla_value *row = bulla_values_find(layout->values, text);
        bool is_known = row != NULL || render_old_line(layout, entry->name, NULL) != NULL;
        if (!is_known ? i >= at : row != NULL && !is_right(layout, entry, row)) {
            return differs(text, err);
        }
    }
    return true;
}

bool render_verify(const struct layout *layout, struct bulla_bytes text, struct bulla_error *err)
{
    struct bulla_dotenv_options options = {.lookup = render_lookup_all};
    switch (layout->options->format) {
    case BULLA_ENV_COMPOSE:
    case BULLA_ENV_COMPOSE_DOUBLE:
    case BULLA_ENV_COMPOSE_SINGLE:
    case BULLA_ENV_COMPOSE_UNQUOTED:
        options.grammar = BULLA_DOTENV_COMPOSE;
        break;
    case BULLA_ENV_DOCKER:
        options.grammar = BULLA_DOTENV_RAW;
        break;
    case BULLA_ENV_SYSTEMD:
    case BULLA_ENV_SH:
    case BULLA_ENV_GITHUB:
    case BULLA_ENV_NODE:
    case BULLA_ENV_PYTHON:
    case BULLA_ENV_RUBY:
        return true;
    }
    bulla_auto_dotenv again = bulla_dotenv_parse(text, NAME, &options, err);
    if (again == NULL) {
        return bulla_error_while(err, "reading back");
    }
    if (!check_entries(layout, again, err)) {
        return false;
    }
    for (size_t i = 0; i < bulla_values_count(layout->values); i++) {
        const struct bulla_value *row = bulla_values_get(layout->values, i);
        if (row->state == BULLA_VALUE_SET &&
            bulla_dotenv_find(again, bulla_bytes_of(row->variable.name)) == NULL) {
            return differs(row->variable.name, err);
        }
    }
    return true;
}
