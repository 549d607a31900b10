#include <string.h>

#include "command.h"
#include "documents.h"

static const char *const shells[] = {"bash", "zsh", "fish", NULL};

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const char *shell = in->operands[0];
    if (strcmp(shell, "bash") == 0) {
        bash_write(in->out);
        return true;
    }
    if (strcmp(shell, "zsh") == 0) {
        zsh_write(in->out);
        return true;
    }
    if (strcmp(shell, "fish") == 0) {
        fish_write(in->out);
        return true;
    }
    return bulla_error(err, BULLA_E_BUG, "no completion is written for '%s'", shell);
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
        "Names (of environments, secrets, services) come from bulla itself while you type; "
        "values never do.",
    .group = GROUP_TOOLS,
    .operands =
        {{.name = "SHELL", .min = 1, .max = 1, .help = "bash, zsh or fish", .choices = shells}},
    .examples = examples,
    .see_also = "help",
    .without = GLOBAL_SECRETS,
    .run = run,
};
