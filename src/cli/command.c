#include "command.h"

#include <string.h>

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

bool command_is_family(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; len > 0 && commands[i] != NULL; i++) {
        if (strncmp(commands[i]->name, name, len) == 0 && commands[i]->name[len] == ' ') {
            return true;
        }
    }
    return false;
}

bool command_takes(const struct command *command, const struct opt *opt)
{
    return (command->without & opt->global) == 0;
}

bool command_refuse(struct bulla_error *err)
{
    bulla_error_clear(err);
    err->code = BULLA_E_REFUSED;
    return false;
}

const char *invocation_operand(const struct invocation *in, size_t index)
{
    return index < in->operand_count ? in->operands[index] : NULL;
}
