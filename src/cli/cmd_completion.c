#include "command.h"
#include "documents.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static bool run(const struct invocation *in, struct bulla_error *err)
{
    return document_write(in->out, in->operands[0]) ||
           bulla_error(err, BULLA_E_BUG, "no completion is written for '%s'", in->operands[0]);
}

static const struct example examples[] = {
    {"eval \"$(bulla completion bash)\"", "for this shell, and in ~/.bashrc for every one"},
    {"bulla completion fish > ~/.config/fish/completions/bulla.fish", "for every fish"},
    {NULL, NULL},
};

const struct command cmd_completion = {
    .name = "completion",
    .summary = "print the completion script of a shell",
    .description =
        "Prints a script that completes commands, options, choices, files and names.\n\n"
        "Names (of environments, secrets, members) come from bulla itself while you type; "
        "values never do.",
    .group = GROUP_TOOLS,
    .operands =
        {{.name = "SHELL", .min = 1, .max = 1, .help = "bash, zsh or fish", .choices = shells}},
    .examples = examples,
    .see_also = "help",
    .without = GLOBAL_SECRETS,
    .run = run,
};
