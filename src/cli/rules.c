#include "bulla/fix.h"
#include "documents.h"

static const struct {
    char digit;
    const char *text;
} families[] = {
    {'1', "Missing: what has no value"},
    {'2', "Broken: what Compose refuses or reads otherwise than was meant"},
    {'3', "Weak: values that are guessed, shared or known"},
    {'4', "Exposed: secrets where others can read them"},
    {'5', "Stale: what is overdue, or left over"},
};

/* Text in a code block keeps what Markdown would read as its own; it ends with a newline. */
static void write_example(struct output *out, const char *label, const char *text)
{
    output_printf(out, "%s:\n\n```\n%s```\n\n", label, text);
}

static void write_table(struct output *out, char digit)
{
    output_text(out, "| rule | name | severity | finds |\n|---|---|---|---|\n");
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        if (rule->id[1] == digit) {
            output_printf(out, "| [%s](#%s) | %s | %s | ", rule->id, rule->name, rule->name,
                          bulla_severity_name(rule->severity));
            markdown_write_text(out, rule->summary);
            output_text(out, " |\n");
        }
    }
    output_text(out, "\n");
}

void rule_write(struct output *out, const struct bulla_rule *rule)
{
    markdown_write_paragraphs(out, rule->text);
    output_text(out, "Help: ");
    markdown_write_text(out, rule->help);
    output_text(out, ".\n\n");
    const char *fix = bulla_fix_of_rule(rule->id);
    if (fix != NULL) {
        output_printf(out, "`bulla check --fix` %s.\n\n", fix);
    }
    for (const struct bulla_rule_example *example = rule->examples; example->bad != NULL;
         example++) {
        if (example->about != NULL) {
            output_text(out, "### ");
            markdown_write_text(out, example->about);
            output_text(out, "\n\n");
        }
        write_example(out, "Found in", example->bad);
        write_example(out, "Instead", example->good);
    }
}

static void write_rule(struct output *out, const struct bulla_rule *rule)
{
    output_printf(out, "<a id=\"%s\"></a>\n\n## %s %s\n\n", rule->name, rule->id, rule->name);
    output_printf(out, "%s: ", bulla_severity_name(rule->severity));
    markdown_write_text(out, rule->summary);
    output_text(out, ".\n\n");
    rule_write(out, rule);
}

void rules_write(struct output *out)
{
    output_text(
        out,
        "<!-- Written by 'bulla --print-documentation rules'; do not edit. -->\n\n"
        "# The rules of bulla check\n\n"
        "The first digit of an id tells the family. The contract's `[check]` section can "
        "change a severity or\nignore a rule; so does, for one finding, a comment at its line or "
        "alone above it, with a reason:\n`# bulla: ignore B405 thrown away after each test`.\n\n"
        "```ini\n[check]\nseverity.B501 = error\nseverity.B303 = off\n"
        "ignore = B106 the plugins bring variables of their own\n"
        "ignore = B403 .env.ci written and removed by the pipeline\n```\n\n"
        "In the examples a line `-- NAME --` begins a "
        "file and a line that begins with `$`\nis a command; each of them is made into a "
        "folder and checked by the tests.\n\n"
        "One fact is one finding. Of a variable without a value the first of these stands, where "
        "its severity is not the\nlower one, and the others about that variable are left out: "
        "Compose refuses the project (B101, B102, B105), the contract\nwants a value (B104), a "
        "default stands in (B302; what another line makes blank stays), it becomes blank (B103), "
        "the contract\ndoes not list it (B106). A contested name (B208) is nothing else besides, "
        "and a file that cannot be read (B204) is told of\nonce, with the number of places that "
        "name it. Where the places of a finding differ in more, each is a finding.\n\n");
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        output_printf(out, "**%s**\n\n", families[i].text);
        write_table(out, families[i].digit);
    }
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        write_rule(out, bulla_rule(i));
    }
}

void examples_write(struct output *out)
{
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        for (size_t k = 0; rule->examples[k].bad != NULL; k++) {
            output_printf(out, "==== %s %zu bad\n%s", rule->id, k + 1, rule->examples[k].bad);
            output_printf(out, "==== %s %zu good\n%s", rule->id, k + 1, rule->examples[k].good);
        }
    }
}
