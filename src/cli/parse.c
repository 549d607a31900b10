#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/suggest.h"
#include "command.h"
#include "key_argument.h"
#include "parse_store.h"

#define MAX_WORDS 256

/* Where the parser stands. */
struct parser {
    struct invocation *in;
    const char *const *argv;
    int argc;
    int at;            /* the argument to look at next */
    const char **rest; /* operands, in the block that in->operands names */
    bool ends_options; /* behind `--`, or behind the first operand of `run` */
    unsigned long seen_global;
    unsigned long seen_own;
};

static const struct opt *own_options(const struct parser *p)
{
    static const struct opt none[] = {OPTIONS_END};
    const struct command *command = p->in->command;
    return command != NULL && command->options != NULL ? command->options : none;
}

static bool matches(const struct opt *opt, const char *name, size_t len, char letter)
{
    if (name == NULL) {
        return opt->letter == letter;
    }
    return strncmp(opt->name, name, len) == 0 && opt->name[len] == '\0';
}

/* Looks NAME (LEN bytes) or, where NAME is NULL, LETTER up among the options in force. */
static bool find_option(struct parser *p, const char *name, size_t len, char letter,
                        struct parse_target *ret)
{
    const struct opt *own = own_options(p);
    for (size_t i = 0; own[i].kind != OPT_END; i++) {
        if (matches(&own[i], name, len, letter)) {
            *ret = (struct parse_target){&own[i], (char *)p->in->opts_memory + own[i].offset,
                                         &p->seen_own, 1UL << i};
            return true;
        }
    }
    for (size_t i = 0; global_options[i].kind != OPT_END; i++) {
        const struct opt *opt = &global_options[i];
        if (matches(opt, name, len, letter) &&
            (p->in->command == NULL || command_takes(p->in->command, opt))) {
            *ret = (struct parse_target){opt, (char *)&p->in->global + opt->offset, &p->seen_global,
                                         1UL << i};
            return true;
        }
    }
    return false;
}

static void add_names(const char **words, size_t *count, const struct parser *p,
                      const struct opt *options)
{
    for (size_t i = 0; options[i].kind != OPT_END && *count < MAX_WORDS; i++) {
        bool is_taken = p->in->command == NULL || command_takes(p->in->command, &options[i]);
        if (!options[i].is_hidden && is_taken) {
            words[(*count)++] = options[i].name;
        }
    }
}

static bool refuse_option(const struct parser *p, const char *name, size_t len,
                          struct bulla_error *err)
{
    const struct command *command = p->in->command;
    char word[65] = "";
    memcpy(word, name, len < sizeof word ? len : sizeof word - 1);
    const char *words[MAX_WORDS];
    size_t count = 0;
    add_names(words, &count, p, own_options(p));
    add_names(words, &count, p, global_options);
    if (command == NULL) {
        (void)bulla_error(err, BULLA_E_USAGE, "unknown option '--%s' before a command", word);
    } else {
        (void)bulla_error(err, BULLA_E_USAGE, "'%s' has no option '--%s'", command->name, word);
    }
    const char *near = parse_nearest(word, words, count);
    if (near != NULL) {
        return bulla_error_hint(err, "did you mean '--%s'?", near);
    }
    return bulla_error_hint(err, "see 'bulla help%s%s'", command == NULL ? "" : " ",
                            command == NULL ? "" : command->name);
}

static bool refuse_letter(const struct parser *p, char letter, struct bulla_error *err)
{
    const struct command *command = p->in->command;
    if (command == NULL) {
        (void)bulla_error(err, BULLA_E_USAGE, "unknown option '-%c' before a command", letter);
        return bulla_error_hint(err, "see 'bulla help'");
    }
    (void)bulla_error(err, BULLA_E_USAGE, "'%s' has no option '-%c'", command->name, letter);
    return bulla_error_hint(err, "see 'bulla help %s'", command->name);
}

/* The argument behind an option that needs one. */
static bool next_value(struct parser *p, const struct opt *opt, const char **ret_value,
                       struct bulla_error *err)
{
    if (p->at >= p->argc) {
        return bulla_error(err, BULLA_E_USAGE, "'--%s' needs a value: %s", opt->name, opt->arg);
    }
    char who[64];
    (void)snprintf(who, sizeof who, "what '--%s' is given", opt->name);
    *ret_value = p->argv[p->at++];
    return key_argument_check(*ret_value, who, err);
}

/* TEXT is what stands behind "--". */
static bool parse_long(struct parser *p, const char *text, struct bulla_error *err)
{
    size_t len = strcspn(text, "=");
    struct parse_target to;
    if (!find_option(p, text, len, '\0', &to)) {
        return refuse_option(p, text, len, err);
    }
    const char *value = text[len] == '=' ? text + len + 1 : NULL;
    if (to.opt->arg == NULL && value != NULL) {
        return bulla_error(err, BULLA_E_USAGE, "'--%s' takes no value", to.opt->name);
    }
    if (to.opt->arg != NULL && value == NULL && !next_value(p, to.opt, &value, err)) {
        return false;
    }
    return parse_store(&to, value, err);
}

/* TEXT is what stands behind "-": letters, the last of which may have its value attached. */
static bool parse_letters(struct parser *p, const char *text, struct bulla_error *err)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        struct parse_target to;
        if (!find_option(p, NULL, 0, text[i], &to)) {
            return refuse_letter(p, text[i], err);
        }
        if (to.opt->arg == NULL) {
            if (!parse_store(&to, NULL, err)) {
                return false;
            }
            continue;
        }
        const char *value = text + i + 1;
        if (value[0] == '\0' && !next_value(p, to.opt, &value, err)) {
            return false;
        }
        return parse_store(&to, value, err);
    }
    return true;
}

static bool refuse_command(const char *word, const char *prefix, struct bulla_error *err)
{
    const char *words[MAX_WORDS];
    size_t count = 0;
    size_t skip = strlen(prefix);
    for (size_t i = 0; commands[i] != NULL && count < MAX_WORDS; i++) {
        bool is_hidden = (commands[i]->flags & COMMAND_HIDDEN) != 0;
        if (!is_hidden && strncmp(commands[i]->name, prefix, skip) == 0) {
            words[count++] = commands[i]->name + skip;
        }
    }
    (void)bulla_error(err, BULLA_E_USAGE, "there is no command '%s%.64s'", prefix, word);
    const char *near = parse_nearest(word, words, count);
    if (near != NULL) {
        return bulla_error_hint(err, "did you mean 'bulla %s%s'?", prefix, near);
    }
    return bulla_error_hint(err, "see 'bulla help' for the list");
}

/* Sets the defaults of the options that start as something else than zero. */
static void set_initial(const struct opt *options, void *base)
{
    for (size_t i = 0; options[i].kind != OPT_END; i++) {
        void *field = (char *)base + options[i].offset;
        if (options[i].kind == OPT_NUMBER) {
            *(long *)field = options[i].initial;
        } else if (options[i].kind == OPT_CHOICE) {
            *(const char **)field = options[i].choices[0];
        }
    }
}

/* Options that were given before the command and that it does not take. */
static bool check_taken(const struct parser *p, struct bulla_error *err)
{
    for (size_t i = 0; global_options[i].kind != OPT_END; i++) {
        const struct opt *opt = &global_options[i];
        if ((p->seen_global & 1UL << i) != 0 && !command_takes(p->in->command, opt)) {
            return bulla_error(err, BULLA_E_USAGE, "'%s' has no option '--%s'",
                               p->in->command->name, opt->name);
        }
    }
    return true;
}

/* WORD is the first that is no option: it names the command, alone or with the word behind it. */
static bool choose_command(struct parser *p, const char *word, struct bulla_error *err)
{
    const struct command *command = command_find(word);
    if (command == NULL && command_is_family(word)) {
        char name[64];
        size_t len = strlen(word);
        const char *second = p->at < p->argc ? p->argv[p->at] : "";
        size_t second_len = strlen(second);
        bool is_help = strcmp(second, "-h") == 0 || strcmp(second, "--help") == 0;
        if (second_len == 0 || second[0] == '-' || len + second_len + 2 > sizeof name) {
            if (is_help && (command = command_find("help")) != NULL) {
                p->rest[p->in->operand_count++] = word;
                p->in->command = command;
                p->at++;
                return true;
            }
            (void)bulla_error(err, BULLA_E_USAGE, "'%s' needs to know what to do", word);
            return bulla_error_hint(err, "see 'bulla help %s'", word);
        }
        memcpy(name, word, len);
        name[len] = ' ';
        memcpy(name + len + 1, second, second_len + 1);
        command = command_find(name);
        if (command == NULL) {
            name[len + 1] = '\0';
            return refuse_command(second, name, err);
        }
        p->at++;
    }
    if (command == NULL) {
        return refuse_command(word, "", err);
    }
    p->in->command = command;
    if (command->opts_size > 0) {
        p->in->opts_memory = bulla_alloc(1, command->opts_size, err);
        if (p->in->opts_memory == NULL) {
            return false;
        }
        p->in->opts = p->in->opts_memory;
        set_initial(own_options(p), p->in->opts_memory);
    }
    return check_taken(p, err);
}

/* The operand description under which operand number INDEX falls. */
static const struct operand *operand_at(const struct command *command, size_t index)
{
    size_t before = 0;
    for (size_t i = 0; i < OPERANDS_MAX && command->operands[i].name != NULL; i++) {
        before += command->operands[i].max;
        if (index < before) {
            return &command->operands[i];
        }
    }
    return NULL;
}

static bool take_operand(struct parser *p, const char *word, struct bulla_error *err)
{
    struct invocation *in = p->in;
    const struct operand *operand = operand_at(in->command, in->operand_count);
    if (operand == NULL) {
        /* Not said again: where a name is meant, people type a value behind it. */
        (void)bulla_error(err, BULLA_E_USAGE,
                          "'%s' does not take that many operands: number %zu is one "
                          "too many",
                          in->command->name, in->operand_count + 1);
        return in->command->surplus_hint != NULL
                   ? bulla_error_hint(err, "%s", in->command->surplus_hint)
                   : bulla_error_hint(err, "see 'bulla help %s'", in->command->name);
    }
    if (operand->choices != NULL && (word = parse_find_choice(operand->choices, word)) == NULL) {
        return parse_refuse_choice(operand->name, operand->choices, p->argv[p->at - 1], err);
    }
    if (operand->is_rest) {
        p->ends_options = true;
    }
    p->rest[in->operand_count++] = word;
    return true;
}

static bool check_operand_count(const struct invocation *in, struct bulla_error *err)
{
    size_t need = 0;
    for (size_t i = 0; i < OPERANDS_MAX && in->command->operands[i].name != NULL; i++) {
        need += in->command->operands[i].min;
        if (in->operand_count < need) {
            (void)bulla_error(err, BULLA_E_USAGE, "'%s' needs %s", in->command->name,
                              in->command->operands[i].name);
            return bulla_error_hint(err, "see 'bulla help %s'", in->command->name);
        }
    }
    return true;
}

/* True for what is passed on to the program of `run`: we do not name it. */
static bool is_childs(const struct parser *p)
{
    const struct command *command = p->in->command;
    const struct operand *operand =
        command != NULL ? operand_at(command, p->in->operand_count) : NULL;
    return p->in->operand_count > 0 && operand != NULL && operand->is_rest;
}

static bool parse_argument(struct parser *p, const char *word, struct bulla_error *err)
{
    if (!is_childs(p) && !key_argument_check(word, "an argument", err)) {
        return false;
    }
    if (!p->ends_options && strcmp(word, "--") == 0) {
        p->ends_options = true;
        return true;
    }
    if (!p->ends_options && word[0] == '-' && word[1] == '-') {
        return parse_long(p, word + 2, err);
    }
    if (!p->ends_options && word[0] == '-' && word[1] != '\0') {
        return parse_letters(p, word + 1, err);
    }
    if (p->in->command == NULL) {
        return choose_command(p, word, err);
    }
    return take_operand(p, word, err);
}

bool invocation_parse(struct invocation *ret, int argc, const char *const *argv,
                      struct bulla_error *err)
{
    struct parser p = {.in = ret, .argv = argv, .argc = argc, .at = 1};
    ret->command = NULL;
    ret->global = (struct globals){0};
    ret->opts = NULL;
    ret->opts_memory = NULL;
    ret->operand_count = 0;
    set_initial(global_options, &ret->global);
    p.rest = bulla_alloc((size_t)argc + 1, sizeof *p.rest, err);
    ret->operands = p.rest;
    if (p.rest == NULL) {
        return false;
    }
    while (p.at < argc) {
        if (!parse_argument(&p, argv[p.at++], err)) {
            return false;
        }
    }
    const struct globals *global = &ret->global;
    if (global->help || global->version || global->list != NULL || global->print != NULL) {
        return true;
    }
    if (ret->command == NULL) {
        (void)bulla_error(err, BULLA_E_USAGE, "no command is given");
        return bulla_error_hint(err, "see 'bulla help' for the list");
    }
    return check_operand_count(ret, err);
}

static void release_lists(const struct opt *options, void *base)
{
    for (size_t i = 0; options[i].kind != OPT_END; i++) {
        if (options[i].kind == OPT_LIST) {
            void *field = (char *)base + options[i].offset;
            struct string_list *list = field;
            bulla_free(list->items);
            *list = (struct string_list){0};
        }
    }
}

void invocation_release(struct invocation *in)
{
    if (in->opts_memory != NULL && in->command->options != NULL) {
        release_lists(in->command->options, in->opts_memory);
    }
    release_lists(global_options, &in->global);
    bulla_free(in->opts_memory);
    bulla_free((void *)(uintptr_t)in->operands);
    in->opts_memory = NULL;
    in->opts = NULL;
    in->operands = NULL;
    in->operand_count = 0;
}
