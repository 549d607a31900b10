#include <string.h>

#include "documents.h"

/* Code spans need nothing but this. */
void markdown_write_text(struct output *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\`*_<>[]|", *text) != NULL) {
            output_text(out, "\\");
        }
        output_bytes(out, bulla_bytes(text, 1));
    }
}

void markdown_write_paragraphs(struct output *out, const char *text)
{
    while (*text != '\0') {
        const char *end = strstr(text, "\n\n");
        size_t len = end == NULL ? strlen(text) : (size_t)(end - text);
        if (text[0] == ' ') {
            output_text(out, "```\n");
            output_bytes(out, bulla_bytes(text, len));
            output_text(out, "\n```");
        } else {
            for (size_t i = 0; i < len; i++) {
                char piece[2] = {text[i], '\0'};
                markdown_write_text(out, piece);
            }
        }
        output_text(out, "\n\n");
        text += end == NULL ? len : len + 2;
    }
}

static void write_options(struct output *out, const struct opt *options)
{
    bool has_head = false;
    for (size_t i = 0; options != NULL && options[i].kind != OPT_END; i++) {
        const struct opt *opt = &options[i];
        if (opt->is_hidden) {
            continue;
        }
        output_text(out, has_head ? "" : "| option | does |\n|---|---|\n");
        has_head = true;
        output_text(out, "| `");
        if (opt->letter != '\0') {
            output_printf(out, "-%c, ", opt->letter);
        }
        output_printf(out, "--%s%s%s` | ", opt->name, opt->arg == NULL ? "" : " ",
                      opt->arg == NULL ? "" : opt->arg);
        markdown_write_text(out, opt->help);
        for (size_t k = 0; opt->kind == OPT_CHOICE && opt->choices[k] != NULL; k++) {
            output_printf(out, "%s`%s`%s", k == 0 ? ": " : ", ", opt->choices[k],
                          k == 0 ? " (default)" : "");
        }
        output_text(out, " |\n");
    }
    output_text(out, has_head ? "\n" : "");
}

static void write_command(struct output *out, const struct command *command)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf usage;
    bulla_buf_init(&usage, 512);
    help_format_usage(&usage, command);
    const char *line = bulla_buf_text(&usage, &err);
    output_printf(out, "### bulla %s\n\n```\n%s\n```\n\n", command->name, line == NULL ? "" : line);
    markdown_write_paragraphs(out, command->description);
    if ((command->flags & COMMAND_PRINTS_SECRETS) != 0) {
        markdown_write_paragraphs(out, PRINTS_SECRETS_TEXT);
    }
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        output_printf(out, "%s* `%s`: ", "", command->operands[i].name);
        markdown_write_text(out, command->operands[i].help);
        bool is_last = i + 1 == OPERANDS_MAX || command->operands[i + 1].name == NULL;
        output_text(out, is_last ? "\n\n" : "\n");
    }
    write_options(out, command->options);
    output_text(out, "```sh\n");
    for (const struct example *example = command->examples; example->line != NULL; example++) {
        output_printf(out, "# %s\n%s\n", example->why, example->line);
    }
    output_text(out, "```\n\n");
}

void markdown_write(struct output *out)
{
    output_text(out, "<!-- Written by 'bulla --print-documentation markdown'; do not edit. -->\n\n"
                     "# The commands of bulla\n\n");
    markdown_write_paragraphs(out, PROGRAM_TEXT);
    output_text(out, "## Options that mean the same everywhere\n\n");
    write_options(out, global_options);
    output_text(out, "## Environment\n\n| variable | meaning |\n|---|---|\n");
    for (const struct variable *variable = variables; variable->name != NULL; variable++) {
        output_printf(out, "| `%s` | ", variable->name);
        markdown_write_text(out, variable->meaning);
        output_text(out, " |\n");
    }
    output_text(out, "\n## Exit status\n\n| status | meaning |\n|---|---|\n");
    const struct bulla_exit_status *row = bulla_exit_statuses();
    for (; row->meaning != NULL; row++) {
        output_printf(out, "| %d | %s |\n", row->status, row->meaning);
    }
    output_text(out, "\n");
    for (enum command_group group = 0; group < GROUP_COUNT; group++) {
        bool has_heading = false;
        for (size_t i = 0; commands[i] != NULL; i++) {
            if (commands[i]->group != group || (commands[i]->flags & COMMAND_HIDDEN) != 0) {
                continue;
            }
            if (!has_heading) {
                output_printf(out, "## %s\n\n", group_heading(group));
                has_heading = true;
            }
            write_command(out, commands[i]);
        }
    }
}
