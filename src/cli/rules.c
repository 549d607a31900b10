#include "bulla/check.h"
#include "documents.h"

/* Text in a code block keeps what Markdown would read as its own. */
static void write_example(struct output *out, const char *label, const char *text)
{
    output_printf(out, "%s:\n\n```\n%s\n```\n\n", label, text);
}

void rules_write(struct output *out)
{
    output_text(out,
                "<!-- Written by 'bulla --print-documentation rules'; do not edit. -->\n\n"
                "# The rules of bulla check\n\n"
                "The first digit of an id tells the family: 1 missing, 2 broken, 3 weak, "
                "4 exposed, 5 stale.\nThe contract's `[check]` section can change a severity "
                "or ignore a rule.\n\n| rule | name | severity | finds |\n|---|---|---|---|\n");
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        output_printf(out, "| [%s](#%s) | %s | %s | %s |\n", rule->id, rule->name, rule->name,
                      bulla_severity_name(rule->severity), rule->summary);
    }
    for (size_t i = 0; i < bulla_rule_count(); i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        output_printf(out, "\n<a id=\"%s\"></a>\n\n## %s %s\n\n%s.\n\n", rule->name, rule->id,
                      rule->name, rule->summary);
        markdown_write_text(out, rule->text);
        output_text(out, "\n\n");
        write_example(out, "Found in", rule->bad);
        write_example(out, "Instead", rule->good);
    }
}
