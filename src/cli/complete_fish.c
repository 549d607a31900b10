#include <string.h>

#include "complete.h"

static void write_quoted(struct output *out, const char *text)
{
    output_text(out, "'");
    complete_write_quoted(out, text, "\\'");
    output_text(out, "'");
}

static void write_values(struct output *out, enum complete complete, const char *query,
                         const char *const *choices)
{
    if (choices != NULL) {
        output_text(out, " -x -a '");
        for (size_t i = 0; choices[i] != NULL; i++) {
            output_printf(out, "%s%s", i == 0 ? "" : " ", choices[i]);
        }
        output_text(out, "'");
        return;
    }
    switch (complete) {
    case COMPLETE_FILE:
        output_text(out, " -r -F");
        return;
    case COMPLETE_DIR:
        output_text(out, " -x -a '(__fish_complete_directories)'");
        return;
    case COMPLETE_COMMAND:
        output_text(out, " -x -a '(__bulla_program)'");
        return;
    case COMPLETE_QUERY:
        output_printf(out, " -x -a '(__bulla_names %s)'", query);
        return;
    case COMPLETE_NONE:
        output_text(out, " -x");
        return;
    }
}

static void write_option(struct output *out, const struct opt *opt)
{
    if (opt->letter != '\0') {
        output_printf(out, " -s %c", opt->letter);
    }
    output_printf(out, " -l %s", opt->name);
    if (opt->arg != NULL) {
        write_values(out, opt->complete, opt->query, opt->choices);
    }
    output_text(out, " -d ");
    write_quoted(out, opt->help);
    output_text(out, "\n");
}

static void write_command(struct output *out, const struct command *command)
{
    for (size_t i = 0; command->options != NULL && command->options[i].kind != OPT_END; i++) {
        if (!command->options[i].is_hidden) {
            output_printf(out, "complete -c bulla -n '__bulla_in \"%s\"'", command->name);
            write_option(out, &command->options[i]);
        }
    }
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        const struct operand *operand = &command->operands[i];
        if (operand->complete == COMPLETE_NONE && operand->choices == NULL) {
            continue;
        }
        output_printf(out, "complete -c bulla -n '__bulla_in \"%s\"'", command->name);
        write_values(out, operand->complete, operand->query, operand->choices);
        output_text(out, "\n");
    }
}

static void write_global(struct output *out, const struct opt *opt)
{
    output_text(out, "complete -c bulla");
    if (complete_is_limited(opt)) {
        output_text(out, " -n 'not __bulla_in");
        for (size_t i = 0; commands[i] != NULL; i++) {
            if (complete_shows(commands[i]) && !command_takes(commands[i], opt)) {
                output_printf(out, " \"%s\"", commands[i]->name);
            }
        }
        output_text(out, "'");
    }
    write_option(out, opt);
}

/* The lists that the helper functions need. */
static void write_lists(struct output *out)
{
    char word[64];
    output_text(out, "set -g __bulla_families");
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (complete_begins_family(i, word)) {
            output_printf(out, " %s", word);
        }
    }
    output_text(out, "\nset -g __bulla_valued");
    for (size_t i = 0; global_options[i].kind != OPT_END; i++) {
        const struct opt *opt = &global_options[i];
        if (opt->arg != NULL && !opt->is_hidden) {
            output_printf(out, " --%s", opt->name);
            if (opt->letter != '\0') {
                output_printf(out, " -%c", opt->letter);
            }
        }
    }
    output_text(out, "\n\n");
}

static const char engine[] =
    "# The command on the line so far: one word, or two of a family.\n"
    "function __bulla_command\n"
    "    set -l words (commandline -opc)\n"
    "    set -l command\n"
    "    set -e words[1]\n"
    "    while set -q words[1]\n"
    "        if contains -- $words[1] $__bulla_valued\n"
    "            set -e words[1]\n"
    "        else if not string match -q -- '-*' $words[1]\n"
    "            set -a command $words[1]\n"
    "            if not contains -- \"$command\" $__bulla_families\n"
    "                break\n"
    "            end\n"
    "        end\n"
    "        set -q words[1]; and set -e words[1]\n"
    "    end\n"
    "    echo \"$command\"\n"
    "end\n"
    "\n"
    "function __bulla_in\n"
    "    contains -- (__bulla_command) $argv\n"
    "end\n"
    "\n"
    "# Names come from bulla itself.\n"
    "function __bulla_names\n"
    "    set -l words (commandline -opc)\n"
    "    set -l context\n"
    "    for i in (seq 2 (math (count $words) - 1))\n"
    "        if contains -- $words[$i] -C --directory -e --environment -f --compose-file\n"
    "            set -a context $words[$i] $words[(math $i + 1)]\n"
    "        end\n"
    "    end\n"
    "    $words[1] $context --list $argv[1] 2>/dev/null\n"
    "end\n"
    "\n"
    "# A program of PATH, and files behind it.\n"
    "function __bulla_program\n"
    "    set -l token (commandline -ct)\n"
    "    __fish_complete_command\n"
    "    __fish_complete_path $token\n"
    "end\n"
    "\n"
    "complete -c bulla -f\n";

void fish_write(struct output *out)
{
    char word[64];
    output_text(out, "# Completion of bulla for fish.\n"
                     "# Written by 'bulla --print-documentation fish'; do not edit.\n\n");
    write_lists(out);
    output_text(out, engine);
    for (size_t i = 0; global_options[i].kind != OPT_END; i++) {
        if (!global_options[i].is_hidden) {
            write_global(out, &global_options[i]);
        }
    }
    for (size_t i = 0; commands[i] != NULL; i++) {
        const char *name = commands[i]->name;
        const char *blank = strchr(name, ' ');
        if (!complete_shows(commands[i])) {
            continue;
        }
        if (complete_begins_family(i, word)) {
            output_printf(out, "complete -c bulla -n '__bulla_in \"\"' -a %s\n", word);
        }
        if (blank == NULL) {
            output_printf(out, "complete -c bulla -n '__bulla_in \"\"' -a %s -d ", name);
        } else {
            output_printf(out, "complete -c bulla -n '__bulla_in \"%.*s\"' -a %s -d ",
                          (int)(blank - name), name, blank + 1);
        }
        write_quoted(out, commands[i]->summary);
        output_text(out, "\n");
        write_command(out, commands[i]);
    }
}
