#include <string.h>

#include "command.h"

static bool bug(struct bulla_error *err, const char *where, const char *what)
{
    return bulla_error(err, BULLA_E_BUG, "command table: %s: %s", where, what);
}

static bool check_line(const char *where, const char *text, size_t max, struct bulla_error *err)
{
    if (text == NULL || text[0] == '\0') {
        return bug(err, where, "text is missing");
    }
    size_t len = strlen(text);
    if (text[len - 1] == '.') {
        return bug(err, where, "a line of help ends in a full stop");
    }
    if (strchr(text, '\n') != NULL || len > max) {
        return bug(err, where, "a line of help is too long");
    }
    bool is_upper = text[0] >= 'A' && text[0] <= 'Z';
    if (is_upper && text[1] >= 'a' && text[1] <= 'z') {
        return bug(err, where, "a line of help begins with a capital");
    }
    return true;
}

static bool is_word(const char *text)
{
    if (text == NULL || text[0] < 'a' || text[0] > 'z') {
        return false;
    }
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static bool is_placeholder(const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return false;
    }
    return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_@:=[]|.,/")] == '\0';
}

/* True when the other row has the same name or letter. */
static bool clashes(const struct opt *a, const struct opt *b)
{
    return strcmp(a->name, b->name) == 0 || (a->letter != '\0' && a->letter == b->letter);
}

static bool check_value_kind(const struct opt *opt, struct bulla_error *err)
{
    bool wants_value = opt->kind != OPT_FLAG && opt->kind != OPT_COUNT;
    if (wants_value != (opt->arg != NULL) || (wants_value && !is_placeholder(opt->arg))) {
        return bug(err, opt->name, "a value needs a placeholder in capitals, a flag has none");
    }
    if ((opt->kind == OPT_CHOICE) != (opt->choices != NULL) ||
        (opt->choices != NULL && opt->choices[0] == NULL)) {
        return bug(err, opt->name, "choices belong to OPT_CHOICE, and at least one");
    }
    if ((opt->complete == COMPLETE_QUERY) != (opt->query != NULL)) {
        return bug(err, opt->name, "a query belongs to COMPLETE_QUERY");
    }
    if (opt->kind == OPT_NUMBER && opt->min > opt->max) {
        return bug(err, opt->name, "the least number is over the most");
    }
    return true;
}

static bool check_option(const struct command *command, const struct opt *options, size_t index,
                         struct bulla_error *err)
{
    const struct opt *opt = &options[index];
    if (!is_word(opt->name)) {
        return bug(err, command->name, "an option's name is no lower case word");
    }
    if (opt->letter == 'h' || strcmp(opt->name, "help") == 0) {
        return bug(err, command->name, "-h and --help are taken");
    }
    if (!check_line(opt->name, opt->help, 100, err) || !check_value_kind(opt, err)) {
        return bulla_error_while(err, "%s", command->name);
    }
    for (size_t i = 0; i < index; i++) {
        if (clashes(opt, &options[i])) {
            return bug(err, opt->name, "two options have one name or letter");
        }
    }
    for (size_t i = 0; global_options[i].kind != OPT_END; i++) {
        /* Hidden ones are given before any command. */
        if (!global_options[i].is_hidden && clashes(opt, &global_options[i])) {
            return bug(err, opt->name, "the option hides a global one");
        }
    }
    if (opt->offset >= command->opts_size) {
        return bug(err, opt->name, "opts_size is not the size of the options struct");
    }
    return true;
}

static bool check_operands(const struct command *command, struct bulla_error *err)
{
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        const struct operand *operand = &command->operands[i];
        bool is_last = i + 1 == OPERANDS_MAX || command->operands[i + 1].name == NULL;
        if (!is_placeholder(operand->name) || operand->max == 0 || operand->min > operand->max) {
            return bug(err, command->name, "an operand has a bad name or count");
        }
        if (!is_last && (operand->min != operand->max || operand->is_rest)) {
            return bug(err, command->name, "only the last operand may vary in number");
        }
        if (!check_line(command->name, operand->help, 100, err)) {
            return false;
        }
        if ((operand->complete == COMPLETE_QUERY) != (operand->query != NULL)) {
            return bug(err, command->name, "a query belongs to COMPLETE_QUERY");
        }
    }
    return true;
}

static bool check_examples(const struct command *command, struct bulla_error *err)
{
    const struct example *example = command->examples;
    if (example == NULL || example[0].line == NULL) {
        return bug(err, command->name, "there is no example");
    }
    for (; example->line != NULL; example++) {
        if (strstr(example->line, "bulla ") == NULL || strlen(example->line) > 74 ||
            !check_line(command->name, example->why, 74, err)) {
            return bug(err, command->name, "an example is no command line, or too long");
        }
    }
    return true;
}

static bool check_see_also(const struct command *command, struct bulla_error *err)
{
    const char *at = command->see_also == NULL ? "" : command->see_also;
    while (*at != '\0') {
        size_t len = strcspn(at, ",");
        char name[64] = "";
        if (len >= sizeof name) {
            return bug(err, command->name, "see_also is not a list of names");
        }
        memcpy(name, at, len);
        if (command_find(name) == NULL) {
            return bug(err, command->name, "see_also names no command");
        }
        at += len + strspn(at + len, ", ");
    }
    return true;
}

bool command_check(const struct command *command, struct bulla_error *err)
{
    const char *name = command->name == NULL ? "?" : command->name;
    char first[64] = "";
    size_t len = strcspn(name, " ");
    if (strlen(name) >= sizeof first) {
        return bug(err, name, "the name is too long");
    }
    memcpy(first, name, len);
    if (!is_word(first) || (name[len] == ' ' && !is_word(name + len + 1))) {
        return bug(err, name, "the name is not one or two lower case words");
    }
    if (name[len] == ' ' && command_find(first) != NULL) {
        return bug(err, name, "its first word is a command itself");
    }
    if (command->run == NULL || command->group >= GROUP_COUNT) {
        return bug(err, name, "run or group is missing");
    }
    if (!check_line(name, command->summary, 56, err)) {
        return false;
    }
    if (command->description == NULL || command->description[0] == '\0') {
        return bug(err, name, "there is no description");
    }
    size_t count = 0;
    for (; command->options != NULL && command->options[count].kind != OPT_END; count++) {
        if (!check_option(command, command->options, count, err)) {
            return false;
        }
    }
    if ((count > 0) != (command->opts_size > 0) || count > 32) {
        return bug(err, name, "opts_size and options do not go together");
    }
    return check_operands(command, err) && check_examples(command, err) &&
           check_see_also(command, err);
}

bool command_table_check(struct bulla_error *err)
{
    for (size_t i = 0; commands[i] != NULL; i++) {
        if (!command_check(commands[i], err)) {
            return false;
        }
        if (i > 0 && strcmp(commands[i - 1]->name, commands[i]->name) >= 0) {
            return bug(err, commands[i]->name, "the names are not sorted");
        }
    }
    return true;
}
