/* Family 5, stale: variables of the contract that nothing uses. B504. */
#include <string.h>

#include "bulla/mem.h"
#include "check/counted.h"
#include "check/families.h"
#include "check/reading.h"

#include "base/banned.h"

/* The variables that this environment does not use; the numbers are the contract's. */
struct unused {
    size_t *numbers;
    size_t count;
};

/* A sample that names it asks for a value; that nothing reads it is a finding of the sample then.
 */
static bool is_in_sample(const struct check *check, const char *name)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use == ENV_SAMPLE && env_text_find(text, name) != NULL) {
            return true;
        }
    }
    return false;
}

static void collect(const struct check *check, const struct reading *reading, struct unused *unused)
{
    const struct bulla_contract *contract = check->input->contract;
    for (size_t i = 0; i < bulla_contract_variable_count(contract); i++) {
        struct bulla_variable variable;
        bulla_contract_variable(contract, i, check->input->environment, &variable);
        /* One that a live service is told of, or that restarts one, has its use. */
        bool has_use = variable.apply.text != NULL || variable.restart.text != NULL;
        if (!has_use && !reading_has(reading, variable.name) &&
            !is_in_sample(check, variable.name)) {
            unused->numbers[unused->count++] = i;
        }
    }
}

/* --- other environments ----------------------------------------------------------------------- */

static bool are_same(const char *const *a, const char *const *b)
{
    while (*a != NULL && *b != NULL && strcmp(*a, *b) == 0) {
        a++;
        b++;
    }
    return *a == NULL && *b == NULL;
}

static size_t count_words(const char *const *words)
{
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    return count;
}

/* Leaves in UNUSED what OTHER, whose project is loaded, does not read either. */
static bool take_out(const struct check *check, const struct bulla_project *other,
                     struct unused *unused, struct bulla_error *err)
{
    struct reading reading;
    bool ok = reading_collect(&reading, check, other, err);
    size_t kept = 0;
    for (size_t i = 0; ok && i < unused->count; i++) {
        struct bulla_variable variable;
        bulla_contract_variable(check->input->contract, unused->numbers[i], NULL, &variable);
        if (!reading.everything && !reading_has(&reading, variable.name)) {
            unused->numbers[kept++] = unused->numbers[i];
        }
    }
    unused->count = ok ? kept : unused->count;
    reading_release(&reading);
    return ok;
}

/* The compose files of another environment; one that cannot be loaded is said when it is checked.
 */
static bool ask_environment(const struct check *check, const struct bulla_environment *environment,
                            struct unused *unused, struct bulla_error *err)
{
    struct bulla_project_options options = *check->input->options;
    options.files = environment->compose;
    options.file_count = count_words(environment->compose);
    options.project_directory = environment->project_directory;
    options.profiles = environment->profiles;
    options.profile_count = count_words(environment->profiles);
    options.rendered = environment->output;
    bulla_auto_project project = bulla_project_load(&options, err);
    if (project == NULL) {
        if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
            return false;
        }
        bulla_error_clear(err);
        return true;
    }
    return take_out(check, project, unused, err);
}

/* One contract serves them all: what any of them uses has its use. */
static bool ask_others(const struct check *check, struct unused *unused, struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    const struct bulla_environment *own =
        bulla_contract_find_environment(contract, check->input->environment);
    size_t count = check->input->options != NULL && own != NULL
                       ? bulla_contract_environment_count(contract)
                       : 0;
    for (size_t i = 0; i < count && unused->count > 0; i++) {
        const struct bulla_environment *other = bulla_contract_environment(contract, i);
        if (!are_same(own->compose, other->compose) &&
            !ask_environment(check, other, unused, err)) {
            return false;
        }
    }
    return true;
}

/* --- the finding ------------------------------------------------------------------------------ */

static bool add(struct check *check, const struct unused *unused, struct bulla_error *err)
{
    struct place place = {.file = check_contract_name(check)};
    struct counted names = {.count = 0};
    for (size_t i = 0; i < unused->count; i++) {
        struct bulla_variable variable;
        bulla_contract_variable(check->input->contract, unused->numbers[i],
                                check->input->environment, &variable);
        place.pos = i == 0 ? variable.pos : place.pos;
        place.variable = unused->count == 1 ? variable.name : NULL;
        counted_add(&names, variable.name);
    }
    char rest[COUNTED_REST];
    return unused->count == 0 ||
           check_add(check, RULE_UNUSED_IN_CONTRACT, &place, NULL, err,
                     "no compose file of '%s' uses %s%s", check->input->environment, names.names,
                     counted_rest(&names, rest));
}

bool check_unused_contract(struct check *check, const struct reading *reading,
                           struct bulla_error *err)
{
    size_t count = bulla_contract_variable_count(check->input->contract);
    struct unused unused = {.numbers = bulla_alloc(count + 1, sizeof *unused.numbers, err)};
    bool ok = unused.numbers != NULL;
    if (ok) {
        collect(check, reading, &unused);
        ok = ask_others(check, &unused, err) && add(check, &unused, err);
    }
    bulla_free(unused.numbers);
    return ok;
}
