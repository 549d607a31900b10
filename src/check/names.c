#include "check/names.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/suggest.h"

#include "base/banned.h"

#define LEAST_LETTERS 4 /* DB and DC are two names */
#define MOST_COMPARISONS ((size_t)1000000)

static int compare_refs(const void *a, const void *b)
{
    const struct bulla_project_ref *left = *(const struct bulla_project_ref *const *)a;
    const struct bulla_project_ref *right = *(const struct bulla_project_ref *const *)b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : (left > right) - (left < right);
}

bool check_names_sort(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    size_t count = project != NULL ? project->ref_count : 0;
    if (count == 0) {
        return true;
    }
    check->names = bulla_alloc(count, sizeof *check->names, err);
    if (check->names == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        check->names[i] = &project->refs[i];
    }
    check->name_count = count;
    qsort(check->names, count, sizeof *check->names, compare_refs);
    return true;
}

void check_names_release(struct check *check)
{
    bulla_free(check->names);
    bulla_free(check->spare_names);
}

const struct bulla_project_ref *const *check_names_find(const struct check *check, const char *name,
                                                        size_t *ret_count)
{
    size_t low = 0;
    size_t high = check->name_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(check->names[middle]->name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_count = 0;
    while (low + *ret_count < check->name_count &&
           strcmp(check->names[low + *ret_count]->name, name) == 0) {
        (*ret_count)++;
    }
    return check->names + low;
}

static bool is_used(const struct check *check, const char *name)
{
    size_t count = 0;
    (void)check_names_find(check, name, &count);
    return count > 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* True where only digits tell the two apart: KEY_1 and KEY_2 are no misspelling. */
static bool differ_in_digits(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (is_digit(*a)) {
            a++;
        }
        while (is_digit(*b)) {
            b++;
        }
        if (*a != *b) {
            return false;
        }
        if (*a == '\0') {
            return true;
        }
    }
}

/* One letter in eight, and at least one, may be wrong. */
static bool is_near(struct check *check, const char *name, const char *other)
{
    size_t len = strlen(name);
    size_t other_len = strlen(other);
    size_t most = 1 + len / 8;
    size_t longer = len > other_len ? len - other_len : other_len - len;
    if (len < LEAST_LETTERS || longer > most || check->compared_names == MOST_COMPARISONS) {
        return false;
    }
    check->compared_names++;
    return strcmp(name, other) != 0 && !differ_in_digits(name, other) &&
           bulla_edit_distance_within(name, other, most);
}

const struct known *check_near_known(struct check *check, const char *name)
{
    for (size_t i = 0; i < check->knowns.count; i++) {
        const struct known *known = &check->knowns.items[i];
        if (is_near(check, name, known->name) && !is_used(check, known->name)) {
            return known;
        }
    }
    return NULL;
}

/* Once for all names that are looked for: the contract makes a variable of its text each time. */
static bool find_spare_names(struct check *check, struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    size_t count = bulla_contract_variable_count(contract);
    if (check->spare_names != NULL) {
        return true;
    }
    check->spare_names = bulla_alloc(count + 1, sizeof *check->spare_names, err);
    for (size_t i = 0; check->spare_names != NULL && i < count; i++) {
        struct bulla_variable variable;
        bulla_contract_variable(contract, i, check->input->environment, &variable);
        if (!is_used(check, variable.name)) {
            check->spare_names[check->spare_count++] = variable.name;
        }
    }
    return check->spare_names != NULL;
}

bool check_near_contract(struct check *check, const char *name, const char **ret_near,
                         struct bulla_error *err)
{
    *ret_near = NULL;
    if (!find_spare_names(check, err)) {
        return false;
    }
    for (size_t i = 0; *ret_near == NULL && i < check->spare_count; i++) {
        *ret_near = is_near(check, name, check->spare_names[i]) ? check->spare_names[i] : NULL;
    }
    return true;
}
