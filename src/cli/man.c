#include <string.h>

#include "bulla/version.h"
#include "documents.h"

/* When what the manual says last changed in meaning. */
#define MANUAL_DATE "2026-11-20"

/* Text with what roff reads as its own escaped. LINE_START: a dot or quote here would be a request.
 */
static void write_text(struct output *out, const char *text, size_t len, bool is_line_start)
{
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (is_line_start && (c == '.' || c == '\'')) {
            output_text(out, "\\&");
        }
        if (c == '\\') {
            output_text(out, "\\e");
        } else if (c == '-') {
            output_text(out, "\\-");
        } else if (c == '\'') {
            output_text(out, "\\(aq");
        } else if (c == '`') {
            output_text(out, "\\(ga");
        } else if (c == '~') {
            output_text(out, "\\(ti");
        } else if (c == '^') {
            output_text(out, "\\(ha");
        } else {
            output_bytes(out, bulla_bytes(&text[i], 1));
        }
        is_line_start = c == '\n';
    }
}

static void write_line(struct output *out, const char *text)
{
    write_text(out, text, strlen(text), true);
    output_text(out, "\n");
}

/* Sentences begin on lines of their own, as roff wants them, and lines stay under 80 bytes. */
static void write_sentences(struct output *out, const char *text, size_t len)
{
    size_t width = 0;
    bool ends = false;
    for (size_t at = 0; at < len;) {
        size_t word = strcspn(text + at, " \n");
        word = word > len - at ? len - at : word;
        /* Escapes make a word wider than it is: 60 leaves room for them. */
        bool is_new = ends || width + word > 60;
        if (width > 0) {
            output_text(out, is_new ? "\n" : " ");
        }
        write_text(out, text + at, word, width == 0 || is_new);
        width = is_new ? word : width + word + 1;
        ends = word > 0 && strchr(".?!", text[at + word - 1]) != NULL;
        at += word;
        at += at < len ? strspn(text + at, " \n") : 0;
    }
    output_text(out, "\n");
}

static void write_paragraphs(struct output *out, const char *text)
{
    for (bool is_first = true; *text != '\0'; is_first = false) {
        const char *end = strstr(text, "\n\n");
        size_t len = end == NULL ? strlen(text) : (size_t)(end - text);
        if (text[0] == ' ') {
            output_text(out, ".PP\n.nf\n");
            write_text(out, text, len, true);
            output_text(out, "\n.fi\n");
        } else {
            output_text(out, is_first ? "" : ".PP\n");
            write_sentences(out, text, len);
        }
        text += end == NULL ? len : len + 2;
    }
}

static void write_option(struct output *out, const struct opt *opt)
{
    output_text(out, ".TP\n");
    if (opt->letter != '\0') {
        output_printf(out, "\\fB\\-%c\\fR, ", opt->letter);
    }
    output_text(out, "\\fB\\-\\-");
    write_text(out, opt->name, strlen(opt->name), false);
    output_text(out, "\\fR");
    if (opt->arg != NULL) {
        output_printf(out, " \\fI%s\\fR", opt->arg);
    }
    output_text(out, "\n");
    write_sentences(out, opt->help, strlen(opt->help));
    output_text(out, opt->kind == OPT_CHOICE ? "(one of\n" : "");
    for (size_t i = 0; opt->kind == OPT_CHOICE && opt->choices[i] != NULL; i++) {
        output_text(out, i == 0 ? "" : ",\n");
        write_text(out, opt->choices[i], strlen(opt->choices[i]), false);
        output_text(out, i == 0 ? " by default" : "");
    }
    output_text(out, opt->kind == OPT_CHOICE ? ")\n" : "");
}

static void write_options(struct output *out, const struct opt *options)
{
    for (size_t i = 0; options != NULL && options[i].kind != OPT_END; i++) {
        if (!options[i].is_hidden) {
            write_option(out, &options[i]);
        }
    }
}

static void write_usage(struct output *out, const struct command *command)
{
    output_text(out, "\\fBbulla ");
    write_text(out, command->name, strlen(command->name), false);
    output_text(out, "\\fR [\\fIOPTION\\fR]...");
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        const struct operand *operand = &command->operands[i];
        output_printf(out, " %s%s\\fI", operand->min == 0 ? "[" : "",
                      operand->is_rest ? "\\-\\- " : "");
        write_text(out, operand->name, strlen(operand->name), false);
        output_printf(out, "\\fR%s%s", operand->min == 0 ? "]" : "", operand->max > 1 ? "..." : "");
    }
    output_text(out, "\n");
}

static void write_not_taken(struct output *out, const struct command *command)
{
    bool has_any = false;
    for (size_t i = 0; global_options[i].kind != OPT_END; i++) {
        if (command_takes(command, &global_options[i])) {
            continue;
        }
        output_text(out, has_any ? ",\n" : ".PP\nDoes not take\n");
        output_text(out, "\\fB\\-\\-");
        write_text(out, global_options[i].name, strlen(global_options[i].name), false);
        output_text(out, "\\fR");
        has_any = true;
    }
    output_text(out, has_any ? ".\n" : "");
}

static void write_command(struct output *out, const struct command *command)
{
    output_text(out, ".SS ");
    write_line(out, command->name);
    write_usage(out, command);
    output_text(out, ".PP\n");
    write_paragraphs(out, command->description);
    if ((command->flags & COMMAND_PRINTS_SECRETS) != 0) {
        output_text(out, ".PP\n");
        write_paragraphs(out, PRINTS_SECRETS_TEXT);
    }
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        output_printf(out, ".TP\n\\fI%s\\fR\n", command->operands[i].name);
        write_line(out, command->operands[i].help);
    }
    write_options(out, command->options);
    write_not_taken(out, command);
    for (const struct example *example = command->examples; example->line != NULL; example++) {
        output_text(out, ".PP\n");
        output_text(out, "Example, ");
        write_text(out, example->why, strlen(example->why), false);
        output_text(out, ":\n.PP\n.nf\n.RS 4\n");
        write_line(out, example->line);
        output_text(out, ".RE\n.fi\n");
    }
    if (command->see_also != NULL) {
        output_text(out, ".PP\nSee also: ");
        write_text(out, command->see_also, strlen(command->see_also), false);
        output_text(out, ".\n");
    }
}

static void write_environment(struct output *out)
{
    output_text(out, ".SH ENVIRONMENT\n");
    for (const struct variable *variable = variables; variable->name != NULL; variable++) {
        output_printf(out, ".TP\n\\fB%s\\fR\n", variable->name);
        write_line(out, variable->meaning);
    }
}

void man_write(struct output *out)
{
    output_text(out, ".\\\" Written by 'bulla --print-documentation man'; do not edit.\n");
    output_printf(out, ".TH BULLA 1 %s \"bulla %s\" \"User Commands\"\n", MANUAL_DATE,
                  bulla_version());
    output_text(out,
                ".SH NAME\nbulla \\- the whole life of a Docker Compose stack\\(aqs secrets\n");
    output_text(out, ".SH SYNOPSIS\n\\fBbulla\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... "
                     "[\\fIOPERAND\\fR]...\n");
    output_text(out, ".SH DESCRIPTION\n");
    write_paragraphs(out, PROGRAM_TEXT);
    output_text(out, ".SH OPTIONS\nThese mean the same in every command that takes them.\n");
    write_options(out, global_options);
    output_text(out, ".SH COMMANDS\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        if ((commands[i]->flags & COMMAND_HIDDEN) == 0) {
            write_command(out, commands[i]);
        }
    }
    output_text(out, ".SH EXIT STATUS\n");
    const struct bulla_exit_status *row = bulla_exit_statuses();
    for (; row->meaning != NULL; row++) {
        output_printf(out, ".TP\n%d\n", row->status);
        write_line(out, row->meaning);
    }
    write_environment(out);
    output_text(out, ".SH SEE ALSO\n\\fBage\\fR(1), \\fBdocker\\-compose\\fR(1)\n");
}
