#include <string.h>

#include "complete.h"

/* The fixed part: finds the command, then asks the three generated functions. */
static const char engine[] =
    "# Adds the words given that begin with what was typed.\n"
    "_bulla_words() {\n"
    "  local word\n"
    "  for word in \"$@\"; do\n"
    "    [[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\")\n"
    "  done\n"
    "}\n"
    "\n"
    "# Does what $action says: \"words A B\", \"names QUERY\", files, folders, programs or "
    "nothing.\n"
    "_bulla_act() {\n"
    "  local found=()\n"
    "  case $action in\n"
    "    'words '*)\n"
    "      read -r -a found <<<\"${action#words }\"\n"
    "      _bulla_words \"${found[@]}\"\n"
    "      ;;\n"
    "    'names '*)\n"
    "      mapfile -t found < <(\"${COMP_WORDS[0]}\" \"${context[@]}\" --list \"${action#names }\" "
    "2>/dev/null)\n"
    "      ((${#found[@]} == 0)) || mapfile -t found < <(printf '%q\\n' \"${found[@]}\")\n"
    "      _bulla_words \"${found[@]}\"\n"
    "      ;;\n"
    "    files)\n"
    "      compopt -o filenames 2>/dev/null\n"
    "      mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "      ;;\n"
    "    folders)\n"
    "      compopt -o filenames 2>/dev/null\n"
    "      mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n"
    "      ;;\n"
    "    programs)\n"
    "      compopt -o filenames 2>/dev/null\n"
    "      if ((operand == 0)); then\n"
    "        mapfile -t COMPREPLY < <(compgen -c -- \"$cur\")\n"
    "      else\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
    "      fi\n"
    "      ;;\n"
    "  esac\n"
    "}\n"
    "\n"
    "_bulla() {\n"
    "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "  local command='' family='' action='' options='' word i=1 operand=0 ends=''\n"
    "  local context=()\n"
    "  COMPREPLY=()\n"
    "  # Bash splits --name=value at the sign.\n"
    "  if [[ $cur == '=' ]]; then\n"
    "    cur=''\n"
    "  elif [[ $prev == '=' ]] && ((COMP_CWORD > 2)); then\n"
    "    prev=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "  fi\n"
    "  while ((i < COMP_CWORD)); do\n"
    "    word=${COMP_WORDS[i]}\n"
    "    i=$((i + 1))\n"
    "    if [[ -n $ends ]]; then\n"
    "      operand=$((operand + 1))\n"
    "    elif [[ $word == -- ]]; then\n"
    "      ends=1\n"
    "    elif [[ $word == -* ]]; then\n"
    "      if _bulla_value \"$command\" \"$word\"; then\n"
    "        [[ ${COMP_WORDS[i]} == '=' ]] && i=$((i + 1))\n"
    "        case $word in\n"
    "          -C | --directory | -e | --environment | -f | --compose-file)\n"
    "            ((i < COMP_CWORD)) && context+=(\"$word\" \"${COMP_WORDS[i]}\")\n"
    "            ;;\n"
    "        esac\n"
    "        i=$((i + 1))\n"
    "      fi\n"
    "    elif [[ -n $family ]]; then\n"
    "      command=\"$family $word\"\n"
    "      family=''\n"
    "    elif [[ -z $command ]] && _bulla_family \"$word\"; then\n"
    "      family=$word\n"
    "    elif [[ -z $command ]]; then\n"
    "      command=$word\n"
    "    else\n"
    "      operand=$((operand + 1))\n"
    "      action=''\n"
    "      _bulla_operand \"$command\" 0 && [[ $action == programs ]] && ends=1\n"
    "    fi\n"
    "  done\n"
    "  action=''\n"
    "  if [[ -z $ends ]] && [[ $prev == -* ]] && _bulla_value \"$command\" \"$prev\"; then\n"
    "    _bulla_act\n"
    "  elif [[ -z $ends && $cur == -* ]]; then\n"
    "    _bulla_options \"$command\"\n"
    "    action=\"words $options\"\n"
    "    _bulla_act\n"
    "  elif [[ -n $family ]]; then\n"
    "    _bulla_family \"$family\"\n"
    "    _bulla_act\n"
    "  elif [[ -z $command ]]; then\n"
    "    action=\"words ${_bulla_commands//$'\\n'/ }\"\n"
    "    _bulla_act\n"
    "  elif _bulla_operand \"$command\" \"$operand\"; then\n"
    "    _bulla_act\n"
    "  fi\n"
    "}\n"
    "\n"
    "complete -F _bulla bulla\n";

static void write_action(struct output *out, enum complete complete, const char *query,
                         const char *const *choices)
{
    if (choices != NULL) {
        output_text(out, "action='words");
        for (size_t i = 0; choices[i] != NULL; i++) {
            output_printf(out, " %s", choices[i]);
        }
        output_text(out, "'");
        return;
    }
    switch (complete) {
    case COMPLETE_FILE:
        output_text(out, "action=files");
        return;
    case COMPLETE_DIR:
        output_text(out, "action=folders");
        return;
    case COMPLETE_COMMAND:
        output_text(out, "action=programs");
        return;
    case COMPLETE_QUERY:
        output_printf(out, "action='names %s'", query);
        return;
    case COMPLETE_NONE:
        break;
    }
    output_text(out, "action=nothing");
}

/* COMMAND is NULL for the global options. */
static void write_values(struct output *out, const struct command *command,
                         const struct opt *options)
{
    for (size_t i = 0; options != NULL && options[i].kind != OPT_END; i++) {
        const struct opt *opt = &options[i];
        if (opt->arg == NULL || opt->is_hidden) {
            continue;
        }
        const char *prefix = command == NULL ? "*' " : "'";
        const char *name = command == NULL ? "" : command->name;
        const char *blank = command == NULL ? "" : " ";
        output_printf(out, "    %s%s%s--%s'", prefix, name, blank, opt->name);
        if (opt->letter != '\0') {
            output_printf(out, " | %s%s%s-%c'", prefix, name, blank, opt->letter);
        }
        output_text(out, ") ");
        write_action(out, opt->complete, opt->query, opt->choices);
        output_text(out, " ;;\n");
    }
}

static void write_value_function(struct output *out)
{
    output_text(out, "# True when OPTION of COMMAND takes a value; $action is how to complete it.\n"
                     "_bulla_value() {\n  case \"$1 $2\" in\n");
    write_values(out, NULL, global_options);
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (complete_shows(commands[i])) {
            write_values(out, commands[i], commands[i]->options);
        }
    }
    output_text(out, "    *) return 1 ;;\n  esac\n}\n\n");
}

static void write_operand_function(struct output *out)
{
    output_text(out, "# True when operand number $2 of COMMAND can be completed.\n"
                     "_bulla_operand() {\n  case \"$1 $2\" in\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        unsigned index = 0;
        for (size_t k = 0; k < OPERANDS_MAX && commands[i]->operands[k].name != NULL; k++) {
            const struct operand *operand = &commands[i]->operands[k];
            if (!complete_shows(commands[i])) {
                break;
            }
            if (operand->max > 1) {
                output_printf(out, "    '%s '*) ", commands[i]->name);
            } else {
                output_printf(out, "    '%s %u') ", commands[i]->name, index);
            }
            write_action(out, operand->complete, operand->query, operand->choices);
            output_text(out, " ;;\n");
            index += operand->max > 1 ? 0 : 1;
        }
    }
    output_text(out, "    *) return 1 ;;\n  esac\n}\n\n");
}

static void write_option_names(struct output *out, const struct command *command,
                               const struct opt *options, bool is_limited)
{
    for (size_t i = 0; options != NULL && options[i].kind != OPT_END; i++) {
        bool is_fit = command == NULL || command_takes(command, &options[i]);
        if (!options[i].is_hidden && is_fit && complete_is_limited(&options[i]) == is_limited) {
            output_printf(out, " --%s", options[i].name);
        }
    }
}

static void write_options_function(struct output *out)
{
    output_text(out, "# The options of COMMAND.\n_bulla_options() {\n  options='");
    write_option_names(out, NULL, global_options, false);
    output_text(out, "'\n  case $1 in\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (!complete_shows(commands[i])) {
            continue;
        }
        output_printf(out, "    '%s') options+='", commands[i]->name);
        write_option_names(out, commands[i], commands[i]->options, false);
        write_option_names(out, commands[i], global_options, true);
        output_text(out, "' ;;\n");
    }
    output_text(out, "    '') options+='");
    write_option_names(out, NULL, global_options, true);
    output_text(out, "' ;;\n  esac\n}\n\n");
}

static void write_family_function(struct output *out)
{
    char word[64];
    output_text(out, "# True when WORD begins commands of two words; $action are the second ones.\n"
                     "_bulla_family() {\n  case $1 in\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (!complete_begins_family(i, word)) {
            continue;
        }
        size_t len = strlen(word);
        output_printf(out, "    %s) action='words", word);
        for (size_t k = i; commands[k] != NULL; k++) {
            const char *name = commands[k]->name;
            if (complete_shows(commands[k]) && strncmp(name, word, len) == 0 && name[len] == ' ') {
                output_printf(out, " %s", name + len + 1);
            }
        }
        output_text(out, "' ;;\n");
    }
    output_text(out, "    *) return 1 ;;\n  esac\n}\n\n");
}

void bash_write(struct output *out)
{
    char word[64];
    output_text(out, "# shellcheck shell=bash\n"
                     "# Completion of bulla for bash.\n"
                     "# Written by 'bulla --print-documentation bash'; do not edit.\n\n"
                     "_bulla_commands='\n");
    for (size_t i = 0; commands[i] != NULL; i++) {
        bool is_family = strchr(commands[i]->name, ' ') != NULL;
        if (complete_shows(commands[i]) && !is_family) {
            output_printf(out, "%s\n", commands[i]->name);
        } else if (complete_begins_family(i, word)) {
            output_printf(out, "%s\n", word);
        }
    }
    output_text(out, "'\n\n");
    write_value_function(out);
    write_operand_function(out);
    write_options_function(out);
    write_family_function(out);
    output_text(out, engine);
}
