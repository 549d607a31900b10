#include <stdio.h>
#include <string.h>

#include "documents.h"

#define HELP_WIDTH 80
#define LEFT_MOST 28 /* the widest left column of an option; a wider one gets a line of its own */
#define LINE_BYTES 512
#define START_COLUMN 11
#define GROUP_COLUMN 39

const char *group_heading(enum command_group group)
{
    switch (group) {
    case GROUP_START:
        return "From nothing to a stack that starts";
    case GROUP_VALUES:
        return "Values and their history";
    case GROUP_PROVE:
        return "What is wrong, and where";
    case GROUP_DEPLOY:
        return "Values to those who use them";
    case GROUP_TURN:
        return "Rotation";
    case GROUP_PEOPLE:
        return "People and the vault";
    case GROUP_TOOLS:
        return "Other tools";
    case GROUP_COUNT:
        break;
    }
    return "";
}

void help_format_usage(struct bulla_buf *buf, const struct command *command)
{
    bulla_buf_printf(buf, "bulla %s [OPTION]...", command->name);
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        const struct operand *operand = &command->operands[i];
        const char *dots = operand->max > 1 ? "..." : "";
        const char *dashes = operand->is_rest ? "-- " : "";
        if (operand->min == 0) {
            bulla_buf_printf(buf, " [%s%s]%s", dashes, operand->name, dots);
        } else {
            bulla_buf_printf(buf, " %s%s%s", dashes, operand->name, dots);
        }
    }
}

/* "LEFT  TEXT", with TEXT wrapped under itself behind COLUMN. */
static void write_entry(struct output *out, const char *left, const char *text, size_t column)
{
    output_text(out, left);
    size_t at = output_columns(left);
    if (at + 2 > column) {
        output_text(out, "\n");
        at = 0;
    }
    while (*text != '\0') {
        size_t len = strlen(text);
        if (len > HELP_WIDTH - column) {
            len = HELP_WIDTH - column;
            while (len > 0 && text[len] != ' ') {
                len--;
            }
            len = len == 0 ? strcspn(text, " ") : len;
        }
        output_printf(out, "%*s", (int)(column - at), "");
        output_bytes(out, bulla_bytes(text, len));
        output_text(out, "\n");
        text += len + strspn(text + len, " ");
        at = 0;
    }
}

static void format_option(struct bulla_buf *buf, const struct opt *opt)
{
    if (opt->letter != '\0') {
        bulla_buf_printf(buf, "  -%c, --%s", opt->letter, opt->name);
    } else {
        bulla_buf_printf(buf, "      --%s", opt->name);
    }
    if (opt->arg != NULL) {
        bulla_buf_printf(buf, " %s", opt->arg);
    }
}

/* The line of help, and what may stand for the placeholder. */
static void format_meaning(struct bulla_buf *buf, const struct opt *opt)
{
    bulla_buf_puts(buf, opt->help);
    for (size_t i = 0; opt->kind == OPT_CHOICE && opt->choices[i] != NULL; i++) {
        bulla_buf_printf(buf, "%s%s%s", i == 0 ? ": " : ", ", opt->choices[i],
                         i == 0 ? " (default)" : "");
    }
}

static void write_option(struct output *out, const struct opt *opt, size_t column)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf left;
    bulla_auto_buf right;
    bulla_buf_init(&left, LINE_BYTES);
    bulla_buf_init(&right, LINE_BYTES);
    format_option(&left, opt);
    format_meaning(&right, opt);
    const char *left_text = bulla_buf_text(&left, &err);
    const char *right_text = bulla_buf_text(&right, &err);
    if (left_text != NULL && right_text != NULL) {
        write_entry(out, left_text, right_text, column);
    }
}

static size_t option_width(const struct opt *opt)
{
    return strlen("  -x, --") + strlen(opt->name) + (opt->arg == NULL ? 0 : 1 + strlen(opt->arg));
}

/* The column where the help of all of OPTIONS that COMMAND takes begins. */
static size_t help_column(const struct command *command, const struct opt *options)
{
    size_t widest = 0;
    for (size_t i = 0; options[i].kind != OPT_END; i++) {
        size_t width = option_width(&options[i]);
        bool is_shown =
            !options[i].is_hidden && (command == NULL || command_takes(command, &options[i]));
        if (is_shown && width > widest && width <= LEFT_MOST) {
            widest = width;
        }
    }
    return widest + 2;
}

static void write_options(struct output *out, const char *heading, const struct command *command,
                          const struct opt *options)
{
    size_t column = help_column(command, options);
    bool has_heading = false;
    for (size_t i = 0; options[i].kind != OPT_END; i++) {
        if (options[i].is_hidden || (command != NULL && !command_takes(command, &options[i]))) {
            continue;
        }
        if (!has_heading) {
            output_text(out, "\n");
            output_styled(out, STYLE_HEADING, heading);
            output_text(out, "\n");
            has_heading = true;
        }
        write_option(out, &options[i], column);
    }
}

static void write_operands(struct output *out, const struct command *command)
{
    size_t column = 0;
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        size_t width = strlen(command->operands[i].name) + 4;
        column = width > column ? width : column;
    }
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        char left[64];
        if (i == 0) {
            output_text(out, "\n");
            output_styled(out, STYLE_HEADING, "Operands:");
            output_text(out, "\n");
        }
        size_t len = strnlen(command->operands[i].name, sizeof left - 3);
        memcpy(left, "  ", 2);
        memcpy(left + 2, command->operands[i].name, len);
        left[len + 2] = '\0';
        write_entry(out, left, command->operands[i].help, column);
    }
}

static void write_examples(struct output *out, const struct command *command)
{
    output_text(out, "\n");
    output_styled(out, STYLE_HEADING, "Examples:");
    output_text(out, "\n");
    for (const struct example *example = command->examples; example->line != NULL; example++) {
        output_printf(out, "  %s\n      %s\n", example->line, example->why);
    }
}

static void write_see_also(struct output *out, const struct command *command)
{
    if (command->see_also != NULL) {
        output_text(out, "\n");
        output_styled(out, STYLE_HEADING, "See also:");
        output_text(out, "\n");
        output_wrapped(out, command->see_also, 2, HELP_WIDTH);
    }
}

void help_write_command(struct output *out, const struct command *command)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf usage;
    bulla_buf_init(&usage, LINE_BYTES);
    help_format_usage(&usage, command);
    const char *text = bulla_buf_text(&usage, &err);
    output_styled(out, STYLE_HEADING, "Usage: ");
    output_printf(out, "%s\n\n", text == NULL ? "" : text);
    output_printf(out, "%s: %s\n\n", command->name, command->summary);
    output_wrapped(out, command->description, 0, HELP_WIDTH);
    if ((command->flags & COMMAND_PRINTS_SECRETS) != 0) {
        output_text(out, "\n");
        output_wrapped(out, PRINTS_SECRETS_TEXT, 0, HELP_WIDTH);
    }
    write_operands(out, command);
    if (command->options != NULL) {
        write_options(out, "Options:", NULL, command->options);
    }
    write_options(out, "Options that mean the same everywhere:", command, global_options);
    write_examples(out, command);
    write_see_also(out, command);
}

/* The width of the longest name among those that INCLUDE chooses. */
static size_t name_column(const char *family)
{
    size_t widest = 0;
    size_t len = strlen(family);
    for (size_t i = 0; commands[i] != NULL; i++) {
        size_t width = strlen(commands[i]->name);
        bool is_shown = (commands[i]->flags & COMMAND_HIDDEN) == 0 &&
                        strncmp(commands[i]->name, family, len) == 0;
        if (is_shown && width > widest) {
            widest = width;
        }
    }
    return widest + 4;
}

static void write_name(struct output *out, const struct command *command, size_t column)
{
    char left[68];
    size_t len = strnlen(command->name, sizeof left - 3);
    memcpy(left, "  ", 2);
    memcpy(left + 2, command->name, len);
    left[len + 2] = '\0';
    write_entry(out, left, command->summary, column);
}

static bool is_listed(const struct command *command, enum command_group group)
{
    return command->group == group && (command->flags & COMMAND_HIDDEN) == 0;
}

/* "access, git, identity": a family is one word, which 'bulla help' takes too. */
static void format_group(struct bulla_buf *buf, enum command_group group)
{
    const char *last = "";
    for (size_t i = 0; commands[i] != NULL; i++) {
        const char *name = commands[i]->name;
        size_t len = strcspn(name, " ");
        bool is_same = strncmp(last, name, len) == 0 && strcspn(last, " ") == len;
        if (is_listed(commands[i], group) && !is_same) {
            bulla_buf_printf(buf, "%s%.*s", buf->len > 0 ? ", " : "", (int)len, name);
            last = name;
        }
    }
}

void help_write_start(struct output *out)
{
    static const char *const names[] = {"init", "check", "run", "rotate"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct command *command = command_find(names[i]);
        if (command != NULL) {
            write_name(out, command, START_COLUMN);
        }
    }
}

void help_write_overview(struct output *out)
{
    output_styled(out, STYLE_HEADING, "Usage: ");
    output_text(out, "bulla COMMAND [OPTION]... [OPERAND]...\n\n"
                     "The whole life of a Docker Compose stack's secrets. It begins with:\n");
    help_write_start(out);
    output_text(out, "\n");
    output_styled(out, STYLE_HEADING, "All commands:");
    output_text(out, "\n");
    for (enum command_group group = 0; group < GROUP_COUNT; group++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        char left[64];
        bulla_auto_buf names;
        bulla_buf_init(&names, LINE_BYTES);
        format_group(&names, group);
        const char *text = bulla_buf_text(&names, &err);
        (void)snprintf(left, sizeof left, "  %s", group_heading(group));
        write_entry(out, left, text != NULL ? text : "", GROUP_COLUMN);
    }
    output_text(out,
                "\n'bulla help COMMAND' says more about one of them; 'bulla help -v' has a line\n"
                "about each, and the options of all of them (-e ENV, --environment ENV).\n");
}

void help_write_commands(struct output *out)
{
    size_t column = name_column("");
    output_styled(out, STYLE_HEADING, "Usage: ");
    output_text(out, "bulla COMMAND [OPTION]... [OPERAND]...\n");
    for (enum command_group group = 0; group < GROUP_COUNT; group++) {
        bool has_heading = false;
        for (size_t i = 0; commands[i] != NULL; i++) {
            if (!is_listed(commands[i], group)) {
                continue;
            }
            if (!has_heading) {
                output_text(out, "\n");
                output_styled(out, STYLE_HEADING, group_heading(group));
                output_text(out, ":\n");
                has_heading = true;
            }
            write_name(out, commands[i], column);
        }
    }
    write_options(out, "Options that mean the same everywhere:", NULL, global_options);
    output_text(out, "\n'bulla help COMMAND' says more about one of them.\n");
}

void help_write_family(struct output *out, const char *family)
{
    size_t column = name_column(family);
    size_t len = strlen(family);
    output_styled(out, STYLE_HEADING, "Usage: ");
    output_printf(out, "bulla %s COMMAND [OPTION]... [OPERAND]...\n\n", family);
    output_styled(out, STYLE_HEADING, "Commands:");
    output_text(out, "\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (strncmp(commands[i]->name, family, len) == 0 && commands[i]->name[len] == ' ' &&
            (commands[i]->flags & COMMAND_HIDDEN) == 0) {
            write_name(out, commands[i], column);
        }
    }
    output_printf(out, "\n'bulla help %s COMMAND' says more about one of them.\n", family);
}
