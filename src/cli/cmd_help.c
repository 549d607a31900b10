#include <string.h>

#include "bulla/mem.h"
#include "command.h"
#include "documents.h"
#include "output.h"

static bool run(const struct invocation *in, struct bulla_error *err)
{
    if (in->operand_count == 0) {
        (in->global.verbose > 0 ? help_write_commands : help_write_overview)(in->out);
        return true;
    }
    const char *second = invocation_operand(in, 1);
    bulla_auto_str name = second == NULL ? bulla_strdup(in->operands[0], err)
                                         : bulla_asprintf(err, "%s %s", in->operands[0], second);
    if (name == NULL) {
        return false;
    }
    const struct command *command = command_find(name);
    if (command != NULL) {
        help_write_command(in->out, command);
        return true;
    }
    if (command_is_family(name)) {
        help_write_family(in->out, name);
        return true;
    }
    (void)bulla_error(err, BULLA_E_USAGE, "there is no command '%.64s'", name);
    return bulla_error_hint(err, "see 'bulla help' for the list");
}

static const struct example examples[] = {
    {"bulla help", "the commands"},
    {"bulla help -v", "with a line about each, and the options of all"},
    {"bulla help completion", "one command"},
    {NULL, NULL},
};

const struct command cmd_help = {
    .name = "help",
    .summary = "show the list of commands, or one of them",
    .description = "Prints the commands, with -v a line about each, or what one command does, "
                   "takes and gives.\n\n"
                   "'bulla COMMAND --help' prints the same.",
    .group = GROUP_TOOLS,
    .operands = {{.name = "COMMAND",
                  .min = 0,
                  .max = 2,
                  .help = "a command of one word or two",
                  .complete = COMPLETE_QUERY,
                  .query = "commands"}},
    .examples = examples,
    .without = GLOBAL_SECRETS,
    .run = run,
};
