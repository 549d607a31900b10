#include "complete.h"

#include <string.h>

bool complete_shows(const struct command *command)
{
    return (command->flags & COMMAND_HIDDEN) == 0;
}

bool complete_begins_family(size_t index, char word[static 64])
{
    const char *name = commands[index]->name;
    size_t len = strcspn(name, " ");
    if (name[len] == '\0' || len >= 64) {
        return false;
    }
    if (index > 0 && strncmp(commands[index - 1]->name, name, len + 1) == 0) {
        return false;
    }
    memcpy(word, name, len);
    word[len] = '\0';
    return true;
}

void complete_write_quoted(struct output *out, const char *text, const char *quote)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            output_text(out, quote);
        } else {
            output_bytes(out, bulla_bytes(text, 1));
        }
    }
}

bool complete_is_limited(const struct opt *opt)
{
    for (size_t i = 0; opt->global != 0 && commands[i] != NULL; i++) {
        if (complete_shows(commands[i]) && !command_takes(commands[i], opt)) {
            return true;
        }
    }
    return false;
}
