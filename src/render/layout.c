/* What becomes of each line: the template's, or the file's own where there is no template. */
#include <string.h>

#include "render/render_internal.h"

#include "base/banned.h"

/* `NAME=` says what is to be there without a value: nothing, and not "unset". */
static bool is_empty_assignment(const struct bulla_dotenv_entry *entry)
{
    return entry->set && !entry->bare && entry->value.len == 0;
}

static bool is_dropped(const struct layout *layout, const char *name)
{
    for (size_t i = 0; i < layout->options->dropped_count; i++) {
        if (strcmp(layout->options->dropped[i], name) == 0) {
            return true;
        }
    }
    return false;
}

const struct bulla_dotenv_entry *
render_old_line(const struct layout *layout, struct bulla_bytes name, const struct bulla_value *row)
{
    const char *text = (const char *)name.data;
    if (layout->old == NULL || (row != NULL && row->state == BULLA_VALUE_SET) ||
        bulla_values_remembers(layout->values, text) || is_dropped(layout, text)) {
        return NULL;
    }
    return bulla_dotenv_find(layout->old, name);
}

/* True where ENTRY, the template's, stays as it is in the place of the file's line OLD. */
static bool is_same_text(const struct bulla_dotenv_entry *old,
                         const struct bulla_dotenv_entry *entry, const struct bulla_value *row)
{
    return (row == NULL || old->value.len == 0) &&
           bulla_secret_bytes_equal(old->value, entry->value);
}

enum render_fate render_fate(const struct layout *layout, const struct bulla_dotenv_entry *entry,
                             const struct bulla_value *row)
{
    if (row != NULL && row->state == BULLA_VALUE_SET) {
        return RENDER_VALUE;
    }
    const struct bulla_dotenv_entry *old = render_old_line(layout, entry->name, row);
    bool is_plain = row == NULL || is_empty_assignment(entry);
    if (layout->old == layout->entries && old != NULL) {
        return RENDER_STAYS;
    }
    if (layout->old == layout->entries && layout->old != NULL) {
        return row != NULL && is_plain ? RENDER_STAYS : RENDER_UNSET;
    }
    /* What the template itself says under a name that nobody knows is not lost with the file's. */
    if (old != NULL && !old->bare && !is_same_text(old, entry, row)) {
        return RENDER_OLD;
    }
    return is_plain ? RENDER_STAYS : RENDER_UNSET;
}

static bool is_in_template(const struct layout *layout, struct bulla_bytes name)
{
    return layout->old != layout->entries && bulla_dotenv_find(layout->entries, name) != NULL;
}

bool render_tell_kept(const struct layout *layout, struct bulla_error *err)
{
    if (layout->options->kept == NULL || layout->old == NULL) {
        return true;
    }
    for (size_t i = 0; i < bulla_dotenv_count(layout->old); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(layout->old, i);
        const struct bulla_value *row =
            bulla_values_find(layout->values, (const char *)entry->name.data);
        if (render_old_line(layout, entry->name, row) != entry || !render_is_sayable(entry)) {
            continue;
        }
        const struct bulla_dotenv_entry *line =
            is_in_template(layout, entry->name) ? bulla_dotenv_find(layout->entries, entry->name)
                                                : entry;
        enum render_fate fate = render_fate(layout, line, row);
        bool is_told = is_in_template(layout, entry->name)
                           ? fate == RENDER_OLD
                           : row == NULL || !is_empty_assignment(entry);
        if (is_told && !layout->options->kept(layout->options->kept_ctx,
                                              (const char *)entry->name.data, row != NULL, err)) {
            return false;
        }
    }
    return true;
}
