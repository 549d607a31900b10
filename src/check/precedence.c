/*
 * One fact, one finding: where two say the same of one variable, the one that counts for more and
 * says best what to do stands. docs/rules.md says so, too.
 */
#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "check/families.h"

#include "base/banned.h"

/* A finding of the first rule stands for those of the second about its variable. */
static const struct {
    enum rule stands;
    enum rule left_out;
    bool in_line; /* only where both are in one line */
} rows[] = {
    /* Compose refuses the project: what would be read there does not matter. */
    {RULE_REQUIRED_UNSET, RULE_BLANK, false},
    {RULE_REQUIRED_UNSET, RULE_GUESSABLE_DEFAULT, false},
    /* The remedy of all of them is a value. */
    {RULE_NO_VALUE, RULE_BLANK, false},
    {RULE_NO_VALUE, RULE_GUESSABLE_DEFAULT, false},
    {RULE_GUESSABLE_DEFAULT, RULE_BLANK, true},
    /* Their help says already that the contract has to list it. */
    {RULE_REQUIRED_UNSET, RULE_NOT_IN_CONTRACT, false},
    {RULE_REQUIRED_EMPTY, RULE_NOT_IN_CONTRACT, false},
    {RULE_SECRET_SOURCE_UNSET, RULE_NOT_IN_CONTRACT, false},
    {RULE_GUESSABLE_DEFAULT, RULE_NOT_IN_CONTRACT, false},
    {RULE_BLANK, RULE_NOT_IN_CONTRACT, false},
};

/* A finding about a variable, and its number in the report. */
struct item {
    const struct bulla_finding *finding;
    size_t index;
};

struct choosing {
    struct item *items; /* by variable, file and line */
    size_t count;
    bool *is_out; /* by number in the report */
};

static bool is_of(const struct item *item, enum rule rule)
{
    return strcmp(item->finding->rule, bulla_rule(rule)->id) == 0;
}

static int compare_places(const struct bulla_finding *a, const struct bulla_finding *b)
{
    int order = strcmp(a->file != NULL ? a->file : "", b->file != NULL ? b->file : "");
    return order != 0 ? order : (a->pos.line > b->pos.line) - (a->pos.line < b->pos.line);
}

static int compare_items(const void *a, const void *b)
{
    const struct item *left = a;
    const struct item *right = b;
    int order = strcmp(left->finding->variable, right->finding->variable);
    return order != 0 ? order : compare_places(left->finding, right->finding);
}

/* What the rows with IN_LINE leave out of the COUNT findings ITEMS. */
static void leave_out(struct choosing *choosing, const struct item *items, size_t count,
                      bool in_line)
{
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        int strongest = -1;
        for (size_t i = 0; i < count && rows[row].in_line == in_line; i++) {
            int severity = (int)items[i].finding->severity;
            if (severity > strongest && is_of(&items[i], rows[row].stands)) {
                strongest = severity;
            }
        }
        /* What the contract has made weaker stands for nothing that is stronger. */
        for (size_t i = 0; i < count && strongest >= 0; i++) {
            if (is_of(&items[i], rows[row].left_out) &&
                (int)items[i].finding->severity <= strongest) {
                choosing->is_out[items[i].index] = true;
            }
        }
    }
}

static void choose(struct choosing *choosing)
{
    for (size_t at = 0; at < choosing->count;) {
        const struct item *items = choosing->items + at;
        size_t count = 1;
        size_t line = 0;
        while (at + count < choosing->count &&
               strcmp(items[count].finding->variable, items[0].finding->variable) == 0) {
            if (compare_places(items[count].finding, items[line].finding) != 0) {
                leave_out(choosing, items + line, count - line, true);
                line = count;
            }
            count++;
        }
        leave_out(choosing, items + line, count - line, true);
        leave_out(choosing, items, count, false);
        at += count;
    }
}

static bool is_kept(void *ctx, size_t index, const struct bulla_finding *finding)
{
    (void)finding;
    const struct choosing *choosing = ctx;
    return !choosing->is_out[index];
}

bool check_leave_out(struct check *check, struct bulla_error *err)
{
    size_t count = bulla_report_count(check->report);
    struct choosing choosing = {.items = bulla_alloc(count + 1, sizeof *choosing.items, err),
                                .is_out = bulla_alloc(count + 1, sizeof *choosing.is_out, err)};
    bool ok = choosing.items != NULL && choosing.is_out != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        const struct bulla_finding *finding = bulla_report_get(check->report, i);
        choosing.items[choosing.count] = (struct item){finding, i};
        choosing.count += finding->variable != NULL;
    }
    if (ok && choosing.count > 0) {
        qsort(choosing.items, choosing.count, sizeof *choosing.items, compare_items);
        choose(&choosing);
        bulla_report_keep(check->report, is_kept, &choosing);
    }
    bulla_free(choosing.items);
    bulla_free(choosing.is_out);
    return ok;
}
