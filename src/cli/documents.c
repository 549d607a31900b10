#include "documents.h"

#include <string.h>

const struct variable variables[] = {
    {"BULLA_ENV", "the environment, where -e is not given"},
    {"BULLA_IDENTITY", "the text of an identity file; wiped from the environment at the start"},
    {"BULLA_IDENTITY_FILE", "an identity file, where --identity is not given"},
    {"BULLA_ROOT", "the root id that a vault must have, where --root is not given"},
    {"CREDENTIALS_DIRECTORY", "where a service manager left 'bulla-identity'"},
    {"GITHUB_STEP_SUMMARY", "where check --format github appends a summary of the job"},
    {"NO_COLOR", "no colour, where --color is not given"},
    {"XDG_CONFIG_HOME", "where 'bulla/identity.txt' is; ~/.config by default"},
    {"XDG_STATE_HOME", "where what was seen of a vault is kept; ~/.local/state by default"},
    {NULL, NULL},
};

/* The example lines of every command, for a test that runs them. */
static void write_command_lines(struct output *out)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        for (const struct example *row = commands[i]->examples; row->line != NULL; row++) {
            output_printf(out, "%s\n", row->line);
        }
    }
}

static const struct {
    const char *kind;
    void (*write)(struct output *out);
} documents[] = {
    {"man", man_write},           {"markdown", markdown_write},
    {"bash", bash_write},         {"zsh", zsh_write},
    {"fish", fish_write},         {"rules", rules_write},
    {"examples", examples_write}, {"command-lines", write_command_lines},
};

bool document_write(struct output *out, const char *kind)
{
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        if (strcmp(documents[i].kind, kind) == 0) {
            documents[i].write(out);
            return true;
        }
    }
    return false;
}
