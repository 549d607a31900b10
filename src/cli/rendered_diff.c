#include "rendered_diff.h"

static bool is_there(const struct bulla_value *value)
{
    return value->state == BULLA_VALUE_SET || value->state == BULLA_VALUE_UNSET;
}

static void write_line(struct output *out, enum style style, const char *mark, const char *name,
                       const struct bulla_value *shown)
{
    output_styled(out, style, mark);
    output_untrusted(out, name);
    output_text(out, "=");
    if (shown == NULL) {
        output_text(out, "****");
    } else if (shown->bytes.len > 0) {
        output_untrusted(out, (const char *)shown->bytes.data);
    }
    output_text(out, "\n");
}

bool rendered_diff_note(void *ctx, const char *name, enum bulla_difference kind,
                        struct bulla_error *err)
{
    struct rendered_diff *diff = ctx;
    const struct bulla_value *value = bulla_values_find(diff->values, name);
    const char *mark = NULL;
    enum style style = STYLE_PLAIN;
    (void)err;
    if (kind == BULLA_SAME || (value != NULL && !is_there(value))) {
        return true;
    }
    switch (kind) {
    case BULLA_SAME:
        return true;
    case BULLA_ADDED:
        diff->added++;
        mark = "+ ";
        style = STYLE_GOOD;
        break;
    case BULLA_CHANGED:
        diff->changed++;
        mark = "~ ";
        style = STYLE_WARNING;
        break;
    case BULLA_REMOVED:
        diff->removed++;
        if (diff->kept != NULL) {
            kept_note_gone(diff->kept, name);
        }
        mark = "- ";
        style = STYLE_ERROR;
        break;
    }
    if (diff->out != NULL) {
        /* What is unset is written as nothing, and stars would say that something is there. */
        bool is_nothing =
            value != NULL && value->state == BULLA_VALUE_UNSET && kind != BULLA_REMOVED;
        bool is_public = value != NULL && value->state == BULLA_VALUE_SET &&
                         value->source == BULLA_FROM_CONTRACT &&
                         value->variable.role == BULLA_ROLE_SETTING;
        write_line(diff->out, style, mark, name, is_public || is_nothing ? value : NULL);
    }
    return true;
}

size_t rendered_diff_count(const struct rendered_diff *diff)
{
    return diff->added + diff->changed + diff->removed;
}

size_t rendered_diff_write_missing(const struct rendered_diff *diff)
{
    size_t count = 0;
    for (size_t i = 0; i < bulla_values_count(diff->values); i++) {
        const struct bulla_value *value = bulla_values_get(diff->values, i);
        if (is_there(value)) {
            continue;
        }
        count++;
        output_styled(diff->out, STYLE_ERROR, "! ");
        output_untrusted(diff->out, value->variable.name);
        if (value->because != NULL) {
            output_text(diff->out, " waits for ");
            output_untrusted(diff->out, value->because);
        } else {
            output_printf(diff->out, " is %s", bulla_value_state_name(value->state));
        }
        output_text(diff->out, "\n");
    }
    return count;
}
