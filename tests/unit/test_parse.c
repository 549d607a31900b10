/* The parser, on a table of its own: what a command line becomes, and what is said of a bad one. */
#include <limits.h>
#include <string.h>

#include "bulla/mem.h"
#include "command.h"
#include "unit.h"

struct frob_opts {
    bool strict;
    unsigned depth;
    long count;
    const char *file;
    const char *format;
    struct string_list names;
};

static const char *const formats[] = {"human", "json", NULL};
static const char *const shells[] = {"bash", "zsh", NULL};

static const struct opt frob_options[] = {
    FLAG(struct frob_opts, strict, 's', "strict", "let warnings fail too"),
    COUNT(struct frob_opts, depth, 'd', "depth", "go deeper"),
    NUMBER(struct frob_opts, count, 'n', "count", "N", 7, 1, 10, "how many"),
    STRING(struct frob_opts, file, 'F', "file", "FILE", "where from", .complete = COMPLETE_FILE),
    CHOICE(struct frob_opts, format, '\0', "format", "FORMAT", formats, "how to print it"),
    LIST(struct frob_opts, names, 'N', "name", "NAME", "which"),
    OPTIONS_END,
};

static bool run_nothing(const struct invocation *in, struct bulla_error *err)
{
    (void)in;
    (void)err;
    return true;
}

static const struct example examples[] = {{"bulla frob", "frob"}, {NULL, NULL}};

#define COMMON                                                                                     \
    .summary = "do it", .description = "Does it.", .group = GROUP_TOOLS, .examples = examples,     \
    .run = run_nothing

static const struct command cmd_exec = {
    .name = "exec",
    COMMON,
    .opts_size = sizeof(struct frob_opts),
    .options = frob_options,
    .operands = {{.name = "CMD",
                  .min = 1,
                  .max = OPERANDS_ANY,
                  .help = "the command",
                  .complete = COMPLETE_COMMAND,
                  .is_rest = true}},
};
static const struct command cmd_frob = {
    .name = "frob",
    COMMON,
    .opts_size = sizeof(struct frob_opts),
    .options = frob_options,
    .operands = {{.name = "FROM", .min = 1, .max = 1, .help = "one"},
                 {.name = "TO", .min = 0, .max = 2, .help = "others"}},
};
static const struct command cmd_help = {
    .name = "help",
    COMMON,
    .operands = {{.name = "COMMAND", .min = 0, .max = 2, .help = "which"}},
};
static const struct command cmd_member_add = {
    .name = "member add",
    COMMON,
    .operands = {{.name = "NAME", .min = 1, .max = 1, .help = "who"}},
};
static const struct command cmd_member_list = {.name = "member list", COMMON};
static const struct command cmd_shell = {
    .name = "shell",
    COMMON,
    .operands = {{.name = "SHELL", .min = 1, .max = 1, .help = "which", .choices = shells}},
    .without = GLOBAL_SECRETS,
};

const struct command *const commands[] = {
    &cmd_exec, &cmd_frob, &cmd_help, &cmd_member_add, &cmd_member_list, &cmd_shell, NULL,
};

/* A parsed line that releases itself. */
#define PARSE(in, err, ...)                                                                        \
    const char *argv_[] = {"bulla", __VA_ARGS__, NULL};                                            \
    struct bulla_error err = BULLA_ERROR_INIT;                                                     \
    BULLA_AUTO(invocation_release) struct invocation in = {0};                                     \
    bool ok = invocation_parse(&in, (int)(sizeof argv_ / sizeof argv_[0]) - 1, argv_, &err)

START_TEST(parse_fills_defaults)
{
    PARSE(in, err, "frob", "a");
    assert_ok(ok, err);
    const struct frob_opts *opts = in.opts;
    ck_assert(!opts->strict);
    ck_assert_uint_eq(opts->depth, 0);
    ck_assert_int_eq(opts->count, 7);
    ck_assert_ptr_null(opts->file);
    ck_assert_str_eq(opts->format, "human");
    ck_assert_uint_eq(opts->names.count, 0);
    ck_assert_str_eq(in.global.color, "auto");
    ck_assert_str_eq(in.operands[0], "a");
    ck_assert_ptr_null(in.operands[1]);
    ck_assert_ptr_null(invocation_operand(&in, 1));
}
END_TEST

START_TEST(parse_reads_every_kind)
{
    PARSE(in, err, "frob", "--strict", "-dd", "--depth", "-n3", "--file=x=y", "--format", "json",
          "-N", "one", "--name=two", "-Nthree", "a", "b", "c");
    assert_ok(ok, err);
    const struct frob_opts *opts = in.opts;
    ck_assert(opts->strict);
    ck_assert_uint_eq(opts->depth, 3);
    ck_assert_int_eq(opts->count, 3);
    ck_assert_str_eq(opts->file, "x=y");
    ck_assert_ptr_eq(opts->format, formats[1]);
    ck_assert_uint_eq(opts->names.count, 3);
    ck_assert_str_eq(opts->names.items[0], "one");
    ck_assert_str_eq(opts->names.items[2], "three");
    ck_assert_uint_eq(in.operand_count, 3);
}
END_TEST

START_TEST(parse_reads_clusters_with_a_value_behind)
{
    PARSE(in, err, "frob", "-sdF", "x", "a", "-qvv");
    assert_ok(ok, err);
    const struct frob_opts *opts = in.opts;
    ck_assert(opts->strict);
    ck_assert_uint_eq(opts->depth, 1);
    ck_assert_str_eq(opts->file, "x");
    ck_assert(in.global.quiet);
    ck_assert_uint_eq(in.global.verbose, 2);
}
END_TEST

START_TEST(parse_takes_global_options_on_both_sides)
{
    PARSE(in, err, "-e", "prod", "-f", "a.yml", "frob", "a", "-f", "b.yml", "--root=xyz");
    assert_ok(ok, err);
    ck_assert_str_eq(in.global.environment, "prod");
    ck_assert_uint_eq(in.global.files.count, 2);
    ck_assert_str_eq(in.global.files.items[1], "b.yml");
    ck_assert_str_eq(in.global.root, "xyz");
}
END_TEST

START_TEST(parse_ends_options_at_two_dashes)
{
    PARSE(in, err, "frob", "--", "-s", "--", "--help");
    assert_ok(ok, err);
    ck_assert(!((const struct frob_opts *)in.opts)->strict);
    ck_assert(!in.global.help);
    ck_assert_uint_eq(in.operand_count, 3);
    ck_assert_str_eq(in.operands[1], "--");
}
END_TEST

START_TEST(parse_leaves_the_rest_to_the_child)
{
    PARSE(in, err, "exec", "-s", "--", "env", "-i", "--", "--help");
    assert_ok(ok, err);
    ck_assert(((const struct frob_opts *)in.opts)->strict);
    ck_assert_uint_eq(in.operand_count, 4);
    ck_assert_str_eq(in.operands[1], "-i");
    ck_assert_str_eq(in.operands[2], "--");
}
END_TEST

START_TEST(parse_leaves_the_rest_to_the_child_without_dashes)
{
    PARSE(in, err, "exec", "env", "-s", "--help");
    assert_ok(ok, err);
    ck_assert(!((const struct frob_opts *)in.opts)->strict);
    ck_assert_uint_eq(in.operand_count, 3);
}
END_TEST

START_TEST(parse_finds_commands_of_two_words)
{
    PARSE(in, err, "-v", "member", "add", "ann");
    assert_ok(ok, err);
    ck_assert_ptr_eq(in.command, &cmd_member_add);
    ck_assert_uint_eq(in.operand_count, 1);
}
END_TEST

START_TEST(parse_shows_help_of_a_family)
{
    PARSE(in, err, "member", "--help");
    assert_ok(ok, err);
    ck_assert_ptr_eq(in.command, &cmd_help);
    ck_assert_str_eq(in.operands[0], "member");
}
END_TEST

START_TEST(parse_shows_help_without_operands)
{
    PARSE(in, err, "frob", "-h");
    assert_ok(ok, err);
    ck_assert(in.global.help);
}
END_TEST

START_TEST(parse_reads_one_dash_as_an_operand)
{
    PARSE(in, err, "frob", "-");
    assert_ok(ok, err);
    ck_assert_str_eq(in.operands[0], "-");
}
END_TEST

static const struct {
    const char *what;
    const char *argv[8];
    const char *message;
    const char *hint;
} refused[] = {
    {"no command", {NULL}, "no command is given", "bulla help"},
    {"an unknown command", {"forb"}, "there is no command 'forb'", "did you mean 'bulla frob'?"},
    {"nothing near", {"xyzzy"}, "there is no command 'xyzzy'", "bulla help"},
    {"an empty word", {""}, "there is no command ''", "bulla help"},
    {"half of two words", {"member"}, "'member' needs to know what to do", "bulla help member"},
    {"a wrong second word",
     {"member", "ad"},
     "there is no command 'member ad'",
     "did you mean 'bulla member add'?"},
    {"an unknown long option",
     {"frob", "--strct"},
     "'frob' has no option '--strct'",
     "did you mean '--strict'?"},
    {"a hidden option is no suggestion",
     {"frob", "--lst"},
     "'frob' has no option '--lst'",
     "bulla help frob"},
    {"an unknown letter", {"frob", "-x"}, "'frob' has no option '-x'", "bulla help frob"},
    {"an abbreviation", {"frob", "--str"}, "'frob' has no option '--str'", "did you mean"},
    {"an option of a command before it",
     {"--strict", "frob"},
     "unknown option '--strict' before a command",
     "bulla help"},
    {"a value for a flag", {"frob", "--strict=yes"}, "'--strict' takes no value", ""},
    {"a value that is not there", {"frob", "--file"}, "'--file' needs a value: FILE", ""},
    {"a letter's value that is not there", {"frob", "-sF"}, "'--file' needs a value: FILE", ""},
    {"an option given twice", {"frob", "-F", "a", "--file=b"}, "'--file' is given twice", ""},
    {"a global option given twice",
     {"-e", "a", "frob", "-e", "b"},
     "'--environment' is given twice",
     ""},
    {"a wrong choice",
     {"frob", "--format", "jsn"},
     "'--format' cannot be 'jsn'",
     "did you mean 'json'?"},
    {"a far choice", {"frob", "--format=x"}, "'--format' cannot be 'x'", "one of human, json"},
    {"an empty choice", {"frob", "--format="}, "'--format' cannot be ''", "one of human, json"},
    {"a number over the most",
     {"frob", "-n", "11"},
     "'--count' cannot be '11'",
     "a whole number from 1 to 10"},
    {"a number under the least", {"frob", "-n0"}, "'--count' cannot be '0'", "from 1 to 10"},
    {"a number with a tail", {"frob", "-n", "3x"}, "'--count' cannot be '3x'", "whole number"},
    {"a number with a blank", {"frob", "-n", " 3"}, "'--count' cannot be ' 3'", "whole number"},
    {"a number that is huge",
     {"frob", "-n", "99999999999999999999"},
     "'--count' cannot be '99999999999999999999'",
     "whole number"},
    {"a missing operand", {"frob"}, "'frob' needs FROM", "bulla help frob"},
    {"one operand too many",
     {"frob", "a", "b", "c", "d"},
     "'frob' does not take that many operands: number 4 is one too many",
     "bulla help frob"},
    {"a missing child", {"exec", "--"}, "'exec' needs CMD", "bulla help exec"},
    {"a wrong operand of a few words",
     {"shell", "bsh"},
     "SHELL cannot be 'bsh'",
     "did you mean 'bash'?"},
    {"a global option that it does not take",
     {"shell", "bash", "-e", "x"},
     "'shell' has no option '-e'",
     "bulla help shell"},
    {"the same before the command",
     {"--identity=x", "shell", "bash"},
     "'shell' has no option '--identity'",
     ""},
};

START_TEST(parse_refuses)
{
    const char *argv[10] = {"bulla"};
    int argc = 1;
    for (; refused[_i].argv[argc - 1] != NULL; argc++) {
        argv[argc] = refused[_i].argv[argc - 1];
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    struct invocation in = {0};
    ck_assert_msg(!invocation_parse(&in, argc, argv, &err), "%s", refused[_i].what);
    ck_assert_int_eq(err.code, BULLA_E_USAGE);
    ck_assert_msg(strcmp(err.message, refused[_i].message) == 0, "%s: message '%s'",
                  refused[_i].what, err.message);
    ck_assert_msg(strstr(err.hint, refused[_i].hint) != NULL, "%s: hint '%s'", refused[_i].what,
                  err.hint);
    invocation_release(&in);
}
END_TEST

START_TEST(parse_survives_each_failed_allocation)
{
    const char *argv[] = {"bulla", "-f", "x", "frob", "-N", "one", "a", NULL};
    for (unsigned long nth = 1;; nth++) {
        struct bulla_error err = BULLA_ERROR_INIT;
        struct invocation in = {0};
        bulla_mem_fail_at(nth);
        bool ok = invocation_parse(&in, 7, argv, &err);
        bulla_mem_fail_at(0);
        invocation_release(&in);
        if (ok) {
            ck_assert_uint_gt(nth, 3);
            return;
        }
        ck_assert_int_eq(err.code, BULLA_E_NOMEM);
    }
}
END_TEST

/* Each is a frob with one thing wrong. */
static struct command broken(size_t index, const char **ret_what)
{
    static const struct opt help[] = {FLAG(struct frob_opts, strict, 'h', "x", "text"),
                                      OPTIONS_END};
    static const struct opt full_stop[] = {FLAG(struct frob_opts, strict, 's', "x", "text."),
                                           OPTIONS_END};
    static const struct opt twice[] = {FLAG(struct frob_opts, strict, 's', "x", "text"),
                                       COUNT(struct frob_opts, depth, 's', "y", "text"),
                                       OPTIONS_END};
    static const struct opt global[] = {FLAG(struct frob_opts, strict, 'e', "x", "text"),
                                        OPTIONS_END};
    static const struct opt bare[] = {STRING(struct frob_opts, file, 's', "x", NULL, "text"),
                                      OPTIONS_END};
    static const struct opt query[] = {
        STRING(struct frob_opts, file, 's', "x", "X", "text", .complete = COMPLETE_QUERY),
        OPTIONS_END};
    static const struct example none[] = {{NULL, NULL}};
    struct command command = cmd_frob;
    const char *what[] = {"-h and --help are taken",   "ends in a full stop",
                          "two options have one name", "hides a global one",
                          "needs a placeholder",       "belongs to COMPLETE_QUERY",
                          "text is missing",           "there is no description",
                          "there is no example",       "lower case words",
                          "only the last operand",     "do not go together",
                          "see_also names no command", "run or group",
                          "a command itself"};
    const struct opt *options[] = {help, full_stop, twice, global, bare, query};
    if (index < 6) {
        command.options = options[index];
    }
    command.summary = index == 6 ? "" : command.summary;
    command.description = index == 7 ? NULL : command.description;
    command.examples = index == 8 ? none : command.examples;
    command.name = index == 9 ? "Frob" : index == 14 ? "frob it" : command.name;
    command.operands[0].max = index == 10 ? 2 : 1;
    command.opts_size = index == 11 ? 0 : command.opts_size;
    command.options = index == 11 ? NULL : command.options;
    if (index == 11) {
        command.opts_size = 8;
    }
    command.see_also = index == 12 ? "help, nothing" : "help, member add";
    command.run = index == 13 ? NULL : command.run;
    *ret_what = index < 15 ? what[index] : NULL;
    return command;
}

START_TEST(table_check_finds)
{
    const char *what = NULL;
    struct command command = broken((size_t)_i, &what);
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert_msg(!command_check(&command, &err), "%s", what);
    ck_assert_int_eq(err.code, BULLA_E_BUG);
    ck_assert_msg(strstr(err.message, what) != NULL, "'%s' lacks '%s'", err.message, what);
}
END_TEST

START_TEST(table_check_accepts_a_sound_table)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    assert_ok(command_table_check(&err), err);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("parse");
    TCase *tc = tcase_create("parse");
    tcase_add_test(tc, parse_fills_defaults);
    tcase_add_test(tc, parse_reads_every_kind);
    tcase_add_test(tc, parse_reads_clusters_with_a_value_behind);
    tcase_add_test(tc, parse_takes_global_options_on_both_sides);
    tcase_add_test(tc, parse_ends_options_at_two_dashes);
    tcase_add_test(tc, parse_leaves_the_rest_to_the_child);
    tcase_add_test(tc, parse_leaves_the_rest_to_the_child_without_dashes);
    tcase_add_test(tc, parse_finds_commands_of_two_words);
    tcase_add_test(tc, parse_shows_help_of_a_family);
    tcase_add_test(tc, parse_shows_help_without_operands);
    tcase_add_test(tc, parse_reads_one_dash_as_an_operand);
    tcase_add_loop_test(tc, parse_refuses, 0, (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(tc, parse_survives_each_failed_allocation);
    tcase_add_loop_test(tc, table_check_finds, 0, 15);
    tcase_add_test(tc, table_check_accepts_a_sound_table);
    suite_add_tcase(suite, tc);
    return unit_run(suite);
}
