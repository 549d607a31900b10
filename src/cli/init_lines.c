#include "init_lines.h"

#include <string.h>

#define LIST_WIDTH 64 /* of a terminal's 80, behind the label */

void init_say_label(struct output *out, const char *label)
{
    output_text(out, "  ");
    output_styled(out, STYLE_STRONG, label);
    for (size_t len = strlen(label); len < 11; len++) {
        output_text(out, " ");
    }
}

void init_say_name(struct init_names *names, const char *label, const char *name)
{
    if (names->count++ >= INIT_MAX_LISTED) {
        return;
    }
    bool is_first = names->count == 1;
    output_text(names->out, is_first ? "" : ",");
    if (is_first || names->column + strlen(name) + 3 > LIST_WIDTH) {
        output_text(names->out, is_first ? "" : "\n");
        init_say_label(names->out, is_first ? label : "");
        names->column = 0;
    } else {
        output_text(names->out, " ");
    }
    output_untrusted(names->out, name);
    names->column += strlen(name) + 2;
}

void init_end_names(const struct init_names *names)
{
    if (names->count > INIT_MAX_LISTED) {
        output_printf(names->out, ", and %zu more", names->count - INIT_MAX_LISTED);
    }
    output_text(names->out, names->count > 0 ? "\n" : "");
}
