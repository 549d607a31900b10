#include <string.h>

#include "complete.h"

/* TEXT inside a spec of _arguments in single quotes. */
static void write_spec_text(struct output *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("[]:\\", *text) != NULL) {
            output_text(out, "\\");
        }
        if (*text == '\'') {
            output_text(out, "'\\''");
        } else {
            output_bytes(out, bulla_bytes(text, 1));
        }
    }
}

/* ":MESSAGE:ACTION". */
static void write_action(struct output *out, const char *message, enum complete complete,
                         const char *query, const char *const *choices)
{
    output_text(out, ":");
    write_spec_text(out, message);
    output_text(out, ":");
    if (choices != NULL) {
        output_text(out, "(");
        for (size_t i = 0; choices[i] != NULL; i++) {
            output_printf(out, "%s%s", i == 0 ? "" : " ", choices[i]);
        }
        output_text(out, ")");
        return;
    }
    switch (complete) {
    case COMPLETE_FILE:
        output_text(out, "_files");
        return;
    case COMPLETE_DIR:
        output_text(out, "_files -/");
        return;
    case COMPLETE_COMMAND:
        output_text(out, "_command_names -e");
        return;
    case COMPLETE_QUERY:
        output_printf(out, "_bulla_names %s", query);
        return;
    case COMPLETE_NONE:
        output_text(out, " ");
        return;
    }
}

/* One way to write the option: its dashes and name, whether the value may be attached. */
static void write_spec(struct output *out, const struct opt *opt, bool is_letter)
{
    bool repeats = opt->kind == OPT_LIST || opt->kind == OPT_COUNT;
    output_text(out, "    '");
    if (repeats) {
        output_text(out, "*");
    } else if (opt->letter != '\0') {
        output_printf(out, "(-%c --%s)", opt->letter, opt->name);
    }
    if (is_letter) {
        output_printf(out, "-%c%s", opt->letter, opt->arg == NULL ? "" : "+");
    } else {
        output_printf(out, "--%s%s", opt->name, opt->arg == NULL ? "" : "=");
    }
    output_text(out, "[");
    write_spec_text(out, opt->help);
    output_text(out, "]");
    if (opt->arg != NULL) {
        write_action(out, opt->arg, opt->complete, opt->query, opt->choices);
    }
    output_text(out, "'\n");
}

static void write_specs(struct output *out, const struct command *command,
                        const struct opt *options, bool is_limited)
{
    for (size_t i = 0; options != NULL && options[i].kind != OPT_END; i++) {
        const struct opt *opt = &options[i];
        bool is_fit = command == NULL || command_takes(command, opt);
        if (opt->is_hidden || !is_fit || complete_is_limited(opt) != is_limited) {
            continue;
        }
        if (opt->letter != '\0') {
            write_spec(out, opt, true);
        }
        write_spec(out, opt, false);
    }
}

static void write_operands(struct output *out, const struct command *command)
{
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        const struct operand *operand = &command->operands[i];
        if (operand->is_rest) {
            output_text(out, "    '*::program: _normal'\n");
            return;
        }
        output_text(out, "    '");
        if (operand->max > 1) {
            output_text(out, "*");
        } else {
            output_printf(out, "%zu%s", i + 1, operand->min == 0 ? ":" : "");
        }
        write_action(out, operand->name, operand->complete, operand->query, operand->choices);
        output_text(out, "'\n");
    }
}

static void write_command_specs(struct output *out)
{
    output_text(out, "# The options and operands of COMMAND, as _arguments wants them.\n"
                     "_bulla_specs() {\n  case $1 in\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (!complete_shows(commands[i])) {
            continue;
        }
        output_printf(out, "  '%s') specs+=(\n", commands[i]->name);
        write_specs(out, commands[i], commands[i]->options, false);
        write_specs(out, commands[i], global_options, true);
        write_operands(out, commands[i]);
        output_text(out, "    ) ;;\n");
    }
    output_text(out, "  '') specs+=(\n");
    write_specs(out, NULL, global_options, true);
    output_text(out, "    ) ;;\n  esac\n}\n\n");
}

static void write_described(struct output *out, const char *name, const char *text)
{
    output_printf(out, "    '%s:", name);
    complete_write_quoted(out, text, "'\\''");
    output_text(out, "'\n");
}

static void write_command_names(struct output *out)
{
    char word[64];
    output_text(out, "# The commands of FAMILY, or the first words of all.\n"
                     "_bulla_commands() {\n  local -a found\n  case $1 in\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (!complete_begins_family(i, word)) {
            continue;
        }
        size_t len = strlen(word);
        output_printf(out, "  %s) found=(\n", word);
        for (size_t k = i; commands[k] != NULL; k++) {
            const char *name = commands[k]->name;
            if (complete_shows(commands[k]) && strncmp(name, word, len) == 0 && name[len] == ' ') {
                write_described(out, name + len + 1, commands[k]->summary);
            }
        }
        output_text(out, "    ) ;;\n");
    }
    output_text(out, "  '') found=(\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        bool is_single = strchr(commands[i]->name, ' ') == NULL;
        if (complete_shows(commands[i]) && is_single) {
            write_described(out, commands[i]->name, commands[i]->summary);
        } else if (complete_begins_family(i, word)) {
            write_described(out, word, "more than one command");
        }
    }
    output_text(out, "    ) ;;\n  *) return 1 ;;\n  esac\n"
                     "  [[ -n $2 ]] || _describe -t commands command found\n}\n\n");
}

static const char engine[] =
    "# Names come from bulla itself.\n"
    "_bulla_names() {\n"
    "  local -a found\n"
    "  local query=$argv[-1]\n"
    "  argv[-1]=()\n"
    "  found=(${(f)\"$($_bulla_program $_bulla_context --list $query 2>/dev/null)\"})\n"
    "  compadd \"$@\" -a found\n"
    "}\n"
    "\n"
    "_bulla() {\n"
    "  local curcontext=$curcontext context state state_descr line name\n"
    "  local -a specs _bulla_context\n"
    "  local -A opt_args\n"
    "  local _bulla_program=$words[1]\n"
    "  integer i\n"
    "  for ((i = 2; i < CURRENT - 1; i++)); do\n"
    "    case $words[i] in\n"
    "      -C|--directory|-e|--environment|-f|--compose-file)\n"
    "        _bulla_context+=($words[i] ${(Q)words[i + 1]}) ;;\n"
    "    esac\n"
    "  done\n"
    "  specs=($_bulla_global)\n"
    "  _bulla_specs ''\n"
    "  _arguments -C -s -S $specs '1: :->command' '*:: :->operands' && return\n"
    "  case $state in\n"
    "  command) _bulla_commands '' ;;\n"
    "  operands)\n"
    "    name=$words[1]\n"
    "    if _bulla_commands $name quiet; then\n"
    "      if ((CURRENT == 2)); then\n"
    "        _bulla_commands $name\n"
    "        return\n"
    "      fi\n"
    "      name=\"$name $words[2]\"\n"
    "      shift words\n"
    "      ((CURRENT--))\n"
    "    fi\n"
    "    specs=($_bulla_global)\n"
    "    _bulla_specs $name\n"
    "    _arguments -s -S $specs ;;\n"
    "  esac\n"
    "}\n"
    "\n"
    "if [[ $funcstack[1] = _bulla ]]; then\n"
    "  _bulla \"$@\"\n"
    "else\n"
    "  compdef _bulla bulla\n"
    "fi\n";

void zsh_write(struct output *out)
{
    output_text(out, "#compdef bulla\n"
                     "# Completion of bulla for zsh.\n"
                     "# Written by 'bulla --print-documentation zsh'; do not edit.\n\n"
                     "typeset -ga _bulla_global=(\n");
    write_specs(out, NULL, global_options, false);
    output_text(out, "    )\n\n");
    write_command_specs(out);
    write_command_names(out);
    output_text(out, engine);
}
