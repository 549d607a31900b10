#include "bulla/contract.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "contract/contract_internal.h"

#include "base/banned.h"

void bulla_contract_free(struct bulla_contract *contract)
{
    if (contract == NULL) {
        return;
    }
    pool_free(contract->pool);
    bulla_free(contract);
}

static int compare_rows(const void *a, const void *b)
{
    const struct contract_row *left = a;
    const struct contract_row *right = b;
    return strcmp(left->section->name, right->section->name);
}

/* Puts the sections of each class into arrays and sorts the variables' names. */
static bool index_sections(struct bulla_contract *contract, const struct ini_section *sections,
                           struct bulla_error *err)
{
    size_t variables = 0;
    size_t applies = 0;
    for (const struct ini_section *at = sections; at != NULL; at = at->next) {
        variables += at->class == INI_VARIABLE;
        applies += at->class == INI_APPLY;
    }
    struct pool *pool = contract->pool;
    contract->variables =
        pool_alloc(pool, (variables + 1) * sizeof(const struct ini_section *), err);
    contract->applies = pool_alloc(pool, (applies + 1) * sizeof(const struct ini_section *), err);
    contract->by_name = pool_alloc(pool, (variables + 1) * sizeof *contract->by_name, err);
    if (contract->variables == NULL || contract->applies == NULL || contract->by_name == NULL) {
        return false;
    }
    for (const struct ini_section *at = sections; at != NULL; at = at->next) {
        if (at->class == INI_VARIABLE) {
            contract->by_name[contract->variable_count] =
                (struct contract_row){at, contract->variable_count};
            contract->variables[contract->variable_count++] = at;
        } else if (at->class == INI_APPLY) {
            contract->applies[contract->apply_count++] = at;
        }
    }
    qsort(contract->by_name, contract->variable_count, sizeof *contract->by_name, compare_rows);
    return true;
}

static int compare_names(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

/* Gathers what `previous-as` of any environment names. */
static bool index_previous(struct bulla_contract *contract, struct bulla_error *err)
{
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < contract->variable_count; i++) {
            const struct ini_entry *entry = contract->variables[i]->entries;
            for (; entry != NULL; entry = entry->next) {
                if (entry->id != KEY_PREVIOUS_AS) {
                    continue;
                }
                if (pass == 1) {
                    contract->previous[contract->previous_count++] = entry->value.text;
                }
                count++;
            }
        }
        if (pass == 0) {
            contract->previous =
                pool_alloc(contract->pool, (count + 1) * sizeof(const char *), err);
            if (contract->previous == NULL) {
                return false;
            }
        }
    }
    qsort(contract->previous, contract->previous_count, sizeof(const char *), compare_names);
    return true;
}

/* True where SECTION says something of its own for ENVIRONMENT (NULL: always). */
static bool has_override(const struct ini_section *section, const char *environment)
{
    for (const struct ini_entry *entry = section->entries; entry != NULL; entry = entry->next) {
        if (environment == NULL ||
            (entry->environment != NULL && strcmp(entry->environment, environment) == 0)) {
            return true;
        }
    }
    return environment == NULL;
}

static bool check_section(const struct bulla_contract *contract, const struct ini_section *section,
                          const char *environment, struct bulla_error *err)
{
    if (!has_override(section, environment)) {
        return true;
    }
    struct bulla_variable variable;
    struct bulla_apply apply;
    return section->class == INI_APPLY
               ? apply_resolve(contract, section, environment, &apply, err)
               : variable_resolve(contract, section, environment, true, &variable, err);
}

/* Reads every variable and service as each environment has it, so that no later reading fails. */
static bool check_sections(const struct bulla_contract *contract,
                           const struct ini_section *sections, struct bulla_error *err)
{
    for (const struct ini_section *at = sections; at != NULL; at = at->next) {
        if (at->class != INI_VARIABLE && at->class != INI_APPLY) {
            continue;
        }
        if (!check_section(contract, at, NULL, err)) {
            return false;
        }
        for (size_t i = 0; i < contract->environment_count; i++) {
            if (!check_section(contract, at, contract->environments[i].name, err)) {
                return false;
            }
        }
    }
    return true;
}

static bool interpret(struct bulla_contract *contract, struct ini_section *sections,
                      struct bulla_error *err)
{
    for (struct ini_section *at = sections; at != NULL; at = at->next) {
        if (!keys_resolve(at, contract->file, err)) {
            return false;
        }
    }
    if (!index_sections(contract, sections, err) || !index_previous(contract, err) ||
        !project_read(contract, sections, err)) {
        return false;
    }
    for (const struct ini_section *at = sections; at != NULL; at = at->next) {
        if (at->class == INI_CHECK && !rules_read(contract, at, err)) {
            return false;
        }
    }
    return check_sections(contract, sections, err);
}

struct bulla_contract *bulla_contract_parse(struct bulla_bytes text, const char *file,
                                            struct bulla_error *err)
{
    bulla_auto_contract contract = bulla_alloc(1, sizeof *contract, err);
    if (contract == NULL) {
        return NULL;
    }
    contract->pool = pool_new(err);
    if (contract->pool == NULL) {
        return NULL;
    }
    contract->file = pool_strdup(contract->pool, file, err);
    struct ini_section *sections = NULL;
    if (contract->file == NULL || !ini_read(text, contract->file, contract->pool, &sections, err) ||
        !interpret(contract, sections, err)) {
        return NULL;
    }
    return BULLA_STEAL(contract);
}

const char *bulla_contract_file(const struct bulla_contract *contract)
{
    return contract->file;
}

const char *bulla_contract_project(const struct bulla_contract *contract)
{
    return contract->project;
}

const char *bulla_contract_default_environment(const struct bulla_contract *contract)
{
    return contract->environments[contract->default_environment].name;
}

size_t bulla_contract_keep(const struct bulla_contract *contract)
{
    return contract->keep;
}

size_t bulla_contract_environment_count(const struct bulla_contract *contract)
{
    return contract->environment_count;
}

const struct bulla_environment *bulla_contract_environment(const struct bulla_contract *contract,
                                                           size_t index)
{
    return &contract->environments[index];
}

const struct bulla_environment *
bulla_contract_find_environment(const struct bulla_contract *contract, const char *name)
{
    for (size_t i = 0; i < contract->environment_count; i++) {
        if (strcmp(contract->environments[i].name, name) == 0) {
            return &contract->environments[i];
        }
    }
    return NULL;
}

/* Takes the next part of PATH that is a name, "." parts aside; empty at its end. */
static struct bulla_bytes next_part(const char **path)
{
    for (;;) {
        *path += strspn(*path, "/");
        size_t len = strcspn(*path, "/");
        struct bulla_bytes part = bulla_bytes(*path, len);
        *path += len;
        if (len != 1 || part.data[0] != '.') {
            return part;
        }
    }
}

static bool is_same_path(const char *a, const char *b)
{
    if ((a[0] == '/') != (b[0] == '/')) {
        return false;
    }
    for (;;) {
        struct bulla_bytes part = next_part(&a);
        if (!bulla_bytes_equal(part, next_part(&b))) {
            return false;
        }
        if (part.len == 0) {
            return true;
        }
    }
}

bool bulla_environment_shares_output(const struct bulla_environment *a,
                                     const struct bulla_environment *b)
{
    const char *in = a->project_directory != NULL ? a->project_directory : ".";
    const char *other_in = b->project_directory != NULL ? b->project_directory : ".";
    return a != b && is_same_path(in, other_in) && is_same_path(a->output, b->output);
}

size_t bulla_contract_variable_count(const struct bulla_contract *contract)
{
    return contract->variable_count;
}

void bulla_contract_variable(const struct bulla_contract *contract, size_t index,
                             const char *environment, struct bulla_variable *ret_variable)
{
    const struct ini_section *section = contract->variables[index];
    *ret_variable = (struct bulla_variable){.name = section->name, .pos = section->pos};
    struct bulla_error unused = BULLA_ERROR_INIT;
    /* Parsing has checked it in every environment, and reading again allocates nothing. */
    (void)!variable_resolve(contract, section, environment, false, ret_variable, &unused);
}

static const struct contract_row *find_row(const struct bulla_contract *contract,
                                           struct bulla_bytes name)
{
    size_t low = 0;
    size_t high = contract->variable_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = contract->by_name[middle].section->name;
        int order = strncmp(other, (const char *)name.data, name.len);
        if (order == 0 && other[name.len] == '\0') {
            return &contract->by_name[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

bool contract_has_variable(const struct bulla_contract *contract, struct bulla_bytes name)
{
    return name.len > 0 && find_row(contract, name) != NULL;
}

bool bulla_contract_find_variable(const struct bulla_contract *contract, const char *name,
                                  size_t *ret_index)
{
    const struct contract_row *row = find_row(contract, bulla_bytes_of(name));
    if (row == NULL) {
        return false;
    }
    *ret_index = row->index;
    return true;
}

bool bulla_contract_is_previous(const struct bulla_contract *contract, const char *name)
{
    return bsearch(&name, contract->previous, contract->previous_count, sizeof(const char *),
                   compare_names) != NULL;
}

size_t bulla_contract_rule_count(const struct bulla_contract *contract)
{
    return contract->rule_count;
}

const struct bulla_check_rule *bulla_contract_rule(const struct bulla_contract *contract,
                                                   size_t index)
{
    return &contract->rules[index];
}

size_t bulla_contract_apply_count(const struct bulla_contract *contract)
{
    return contract->apply_count;
}

void bulla_contract_apply(const struct bulla_contract *contract, size_t index,
                          const char *environment, struct bulla_apply *ret_apply)
{
    const struct ini_section *section = contract->applies[index];
    *ret_apply = (struct bulla_apply){.name = section->name, .pos = section->pos};
    struct bulla_error unused = BULLA_ERROR_INIT;
    (void)!apply_resolve(contract, section, environment, ret_apply, &unused);
}

bool bulla_contract_find_apply(const struct bulla_contract *contract, const char *name,
                               size_t *ret_index)
{
    for (size_t i = 0; i < contract->apply_count; i++) {
        if (strcmp(contract->applies[i]->name, name) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}
