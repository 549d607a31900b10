#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "bulla/mem.h"
#include "fix/fix_internal.h"

#include "base/banned.h"

#define REASON_MAX 256

/* One row a rule that can be mended: a new fix is a function and its row. */
static const struct {
    const char *rule;
    fixer_fn fix;
    const char *what;
} rows[] = {
    {"B101", fix_value, "makes the value, where the contract says how"},
    {"B103", fix_value, "makes the value, where the contract says how"},
    {"B104", fix_value, "makes the value, where the contract says how"},
    {"B108", fix_sample, "adds the name to the sample file"},
    {"B201", fix_quotes, "puts the value in quotes"},
    {"B202", fix_quotes, "puts the value in quotes"},
    {"B204", fix_quotes, "puts a reference between [ ] or { } in quotes"},
    {"B212", fix_operator, "writes the colon before the question mark"},
    {"B401", fix_mode, "sets the mode to 0600"},
    {"B403", fix_gitignore, "adds the file to .gitignore"},
    {"B414", fix_dockerignore, "adds the file to the .dockerignore"},
};

#define ROW_COUNT (sizeof rows / sizeof *rows)

const char *bulla_fix_of_rule(const char *rule)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].rule, rule) == 0) {
            return rows[i].what;
        }
    }
    return NULL;
}

static bool list_add(struct list *list, void *item, struct bulla_error *err)
{
    if (!bulla_grow(&list->items, &list->cap, list->count + 1, sizeof *list->items, err)) {
        return false;
    }
    list->items[list->count++] = item;
    return true;
}

/* A copy in the pool, NULL for NULL. */
static bool copy_text(struct bulla_fix_plan *plan, const char *text, const char **ret,
                      struct bulla_error *err)
{
    *ret = text != NULL ? pool_strdup(plan->pool, text, err) : NULL;
    return text == NULL || *ret != NULL;
}

bool plan_add(struct bulla_fix_plan *plan, enum bulla_fix_kind kind,
              const struct bulla_finding *finding, const char *file, const char *message,
              struct bulla_error *err)
{
    struct fix *fix = pool_alloc(plan->pool, sizeof *fix, err);
    if (fix == NULL || !copy_text(plan, file, &fix->info.file, err) ||
        !copy_text(plan, finding->variable, &fix->info.variable, err)) {
        return false;
    }
    bool is_here = file != NULL && finding->file != NULL && strcmp(file, finding->file) == 0;
    fix->finding = finding;
    fix->info.kind = kind;
    fix->info.rule = finding->rule;
    fix->info.pos = is_here ? finding->pos : (struct bulla_pos){0, 0};
    fix->info.message = message;
    return list_add(&plan->fixes, fix, err);
}

bool plan_leave(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                struct bulla_error *err, const char *reason, ...)
{
    char text[REASON_MAX];
    va_list args;
    va_start(args, reason);
    text_put(text, sizeof text, reason, args);
    va_end(args);
    struct bulla_unfixed *unfixed = pool_alloc(plan->pool, sizeof *unfixed, err);
    if (unfixed == NULL || !copy_text(plan, text, &unfixed->reason, err)) {
        return false;
    }
    unfixed->finding = finding;
    return list_add(&plan->unfixed, unfixed, err);
}

bool plan_makes_value(const struct bulla_fix_plan *plan, const char *variable)
{
    for (size_t i = 0; i < plan->fixes.count; i++) {
        const struct fix *fix = plan->fixes.items[i];
        if (fix->info.kind == BULLA_FIX_VALUE && strcmp(fix->info.variable, variable) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* True where the fix before is for the same thing: a report is sorted. */
static bool is_planned(const struct bulla_fix_plan *plan, const struct bulla_finding *finding)
{
    if (plan->fixes.count == 0) {
        return false;
    }
    const struct fix *fix = plan->fixes.items[plan->fixes.count - 1];
    const struct bulla_finding *last = fix->finding;
    return strcmp(last->rule, finding->rule) == 0 && last->pos.line == finding->pos.line &&
           last->pos.col == finding->pos.col && is_same_text(last->file, finding->file) &&
           is_same_text(last->variable, finding->variable);
}

static bool plan_finding(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                         struct bulla_error *err)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].rule, finding->rule) == 0 && !is_planned(plan, finding)) {
            return rows[i].fix(plan, finding, err);
        }
    }
    return true;
}

/* Takes the fixes of FILE back: its findings stay. */
static bool take_back(struct bulla_fix_plan *plan, const struct file *file, struct bulla_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->fixes.count; i++) {
        struct fix *fix = plan->fixes.items[i];
        if (fix->info.kind != BULLA_FIX_TEXT || strcmp(fix->info.file, file->info.name) != 0) {
            plan->fixes.items[kept++] = fix;
        } else if (!plan_leave(plan, fix->finding, err,
                               "the mended file would not say the same everywhere else")) {
            return false;
        }
    }
    plan->fixes.count = kept;
    return true;
}

/* Puts the edited texts together; files without edits, or that cannot be verified, are dropped. */
static bool finish(struct bulla_fix_plan *plan, struct bulla_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->files.count; i++) {
        struct file *file = plan->files.items[i];
        bool is_good = file->edits.count > 0;
        bool ok = !is_good || fixed_file_finish(file, err);
        if (ok && is_good && file->is_parsed) {
            ok = verify_quotes(file, &is_good, err) && (is_good || take_back(plan, file, err));
        }
        if (!ok) {
            return false;
        }
        if (!is_good) {
            fixed_file_release(file);
            continue;
        }
        plan->files.items[kept++] = file;
    }
    plan->files.count = kept;
    return true;
}

struct bulla_fix_plan *bulla_fix_plan_new(const struct bulla_fix_input *input,
                                          struct bulla_error *err)
{
    bulla_auto_fix_plan plan = bulla_alloc(1, sizeof *plan, err);
    if (plan == NULL) {
        return NULL;
    }
    plan->input = input;
    plan->pool = pool_new(err);
    if (plan->pool == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < bulla_report_count(input->report); i++) {
        if (!plan_finding(plan, bulla_report_get(input->report, i), err)) {
            return NULL;
        }
    }
    return finish(plan, err) ? BULLA_STEAL(plan) : NULL;
}

void bulla_fix_plan_free(struct bulla_fix_plan *plan)
{
    if (plan == NULL) {
        return;
    }
    for (size_t i = 0; i < plan->files.count; i++) {
        fixed_file_release(plan->files.items[i]);
    }
    bulla_free(plan->files.items);
    bulla_free(plan->fixes.items);
    bulla_free(plan->unfixed.items);
    pool_free(plan->pool);
    bulla_free(plan);
}

size_t bulla_fix_count(const struct bulla_fix_plan *plan)
{
    return plan->fixes.count;
}

const struct bulla_fix *bulla_fix_get(const struct bulla_fix_plan *plan, size_t index)
{
    const struct fix *fix = plan->fixes.items[index];
    return &fix->info;
}

size_t bulla_fix_file_count(const struct bulla_fix_plan *plan)
{
    return plan->files.count;
}

const struct bulla_fix_file *bulla_fix_file(const struct bulla_fix_plan *plan, size_t index)
{
    const struct file *file = plan->files.items[index];
    return &file->info;
}

size_t bulla_fix_unfixed_count(const struct bulla_fix_plan *plan)
{
    return plan->unfixed.count;
}

const struct bulla_unfixed *bulla_fix_unfixed(const struct bulla_fix_plan *plan, size_t index)
{
    return plan->unfixed.items[index];
}
