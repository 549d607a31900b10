/* `bulla explain`: the long text of a finding, and the resolved meaning of a variable. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bulla/fix.h"
#include "explain.h"
#include "output.h"

struct explain_opts {
    bool list;
};

static const struct opt options[] = {
    FLAG(struct explain_opts, list, '\0', "list", "list every rule"),
    OPTIONS_END,
};

static enum style severity_style(enum bulla_severity severity)
{
    return severity == BULLA_ERROR ? STYLE_ERROR
                                   : (severity == BULLA_WARNING ? STYLE_WARNING : STYLE_NOTE);
}

static bool list_rules(const struct invocation *in, struct bulla_error *err)
{
    static const char *const headings[] = {"RULE", "SEVERITY", "NAME", "FINDS"};
    auto_table table;
    table_init(&table, in->out, headings, 4);
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        table_cell(&table, rule->id);
        table_styled(&table, severity_style(rule->severity), bulla_severity_name(rule->severity));
        table_cell(&table, rule->name);
        table_cell(&table, rule->summary);
    }
    return table_write(&table, err);
}

/* TEXT under LABEL, its lines indented so that it stands apart and still can be copied. */
static void write_block(struct output *out, const char *label, const char *text)
{
    output_text(out, "\n");
    output_styled(out, STYLE_STRONG, label);
    output_text(out, "\n");
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        output_text(out, len > 0 ? "  " : "");
        output_bytes(out, bulla_bytes(text, len));
        output_text(out, "\n");
        text += len + (text[len] == '\n');
    }
}

static void write_rule(struct output *out, const struct bulla_rule *rule)
{
    output_styled(out, STYLE_STRONG, rule->id);
    output_printf(out, " %s (", rule->name);
    output_styled(out, severity_style(rule->severity), bulla_severity_name(rule->severity));
    unsigned width = out->width < 80 ? out->width : 80;
    size_t columns = strlen(rule->id) + strlen(rule->name) + strlen(rule->summary) +
                     strlen(bulla_severity_name(rule->severity)) + strlen("  (): ");
    if (columns <= width) {
        output_printf(out, "): %s\n\n", rule->summary);
    } else {
        output_text(out, "):\n");
        output_wrapped(out, rule->summary, 2, width);
        output_text(out, "\n");
    }
    output_wrapped(out, rule->text, 0, width);
    output_text(out, "\n");
    output_styled(out, STYLE_STRONG, "help");
    output_text(out, "\n");
    output_wrapped(out, rule->help, 2, width);
    const char *fix = bulla_fix_of_rule(rule->id);
    if (fix != NULL) {
        write_block(out, "bulla check --fix", fix);
    }
    for (const struct bulla_rule_example *example = rule->examples; example->bad != NULL;
         example++) {
        if (example->about != NULL) {
            output_printf(out, "\n%s:\n", example->about);
        }
        write_block(out, "found in", example->bad);
        write_block(out, "instead", example->good);
    }
}

/* The rule that WORD names: its id in either case, or its name. */
static const struct bulla_rule *find_rule(const char *word)
{
    char id[8] = "";
    if (strlen(word) < sizeof id) {
        for (size_t i = 0; word[i] != '\0'; i++) {
            id[i] = (char)toupper((unsigned char)word[i]);
        }
    }
    const struct bulla_rule *rule = bulla_rule_find(id);
    return rule != NULL ? rule : bulla_rule_find(word);
}

static bool looks_like_rule(const char *word)
{
    return (word[0] == 'B' || word[0] == 'b') && strlen(word) == 4 &&
           strspn(word + 1, "0123456789") == 3;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct explain_opts *opts = in->opts;
    const char *word = invocation_operand(in, 0);
    if (opts->list) {
        return list_rules(in, err);
    }
    if (word == NULL) {
        (void)bulla_error(err, BULLA_E_USAGE, "what is to be explained?");
        return bulla_error_hint(err, "bulla explain --list shows every rule");
    }
    const struct bulla_rule *rule = find_rule(word);
    if (rule != NULL) {
        write_rule(in->out, rule);
        return true;
    }
    if (looks_like_rule(word)) {
        (void)bulla_error(err, BULLA_E_REFUSED, "there is no rule '%s'", word);
        return bulla_error_hint(err, "bulla explain --list shows every rule");
    }
    return explain_variable(in, word, err);
}

static const struct example examples[] = {
    {"bulla explain B201", "what a finding means, with an example"},
    {"bulla explain required-unset", "the same by the name of the rule"},
    {"bulla explain DATABASE_URL", "what a variable is, and where that is said"},
    {"bulla explain --list", "every rule in one table"},
    {NULL, NULL},
};

const struct command cmd_explain = {
    .name = "explain",
    .summary = "say what a finding means, or what a variable is",
    .description =
        "For a rule of 'bulla check', by its id or its name: why it matters, an example of what it "
        "finds and of what to write instead.\n\n"
        "For a variable: what the contract says of it and where, what that comes to, who uses it, "
        "and what the vault knows. Values are never shown.",
    .group = GROUP_PROVE,
    .opts_size = sizeof(struct explain_opts),
    .options = options,
    .operands = {{.name = "RULE|NAME",
                  .min = 0,
                  .max = 1,
                  .help = "a rule, or a variable of the stack",
                  .complete = COMPLETE_QUERY,
                  .query = "explainable"}},
    .examples = examples,
    .see_also = "check, uses",
    .run = run,
};
