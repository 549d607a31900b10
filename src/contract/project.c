#include "contract/contract_internal.h"

#include <string.h>

#include "base/num.h"
#include "bulla/suggest.h"

#include "base/banned.h"

#define FORMAT 1
#define MAX_KEEP 1000000
#define MAX_ENVIRONMENTS 64

static const struct ini_section *find_section(const struct ini_section *sections,
                                              enum ini_class class, const char *name)
{
    for (; sections != NULL; sections = sections->next) {
        if (sections->class == class && (name == NULL || strcmp(sections->name, name) == 0)) {
            return sections;
        }
    }
    return NULL;
}

static bool read_format(const struct bulla_contract *contract, const struct ini_entry *entry,
                        struct bulla_error *err)
{
    uint64_t format = FORMAT;
    if (!entry_number(contract, entry, 1, UINT32_MAX, &format, err)) {
        return false;
    }
    if (format != FORMAT) {
        (void)entry_refuse(contract, entry, err, "format %llu is newer than this program",
                           (unsigned long long)format);
        return bulla_error_hint(err, "use a newer bulla");
    }
    return true;
}

/* Adds an environment with its defaults. The array has room for all of them. */
static bool add_environment(struct bulla_contract *contract, const char *name, struct bulla_pos pos,
                            struct bulla_error *err)
{
    if (contract->environment_count == MAX_ENVIRONMENTS) {
        return bulla_error_at(err, BULLA_E_LIMIT, contract->file, pos, "more than %d environments",
                              MAX_ENVIRONMENTS);
    }
    contract->environments[contract->environment_count++] =
        (struct bulla_environment){.name = name, .pos = pos, .format = "compose"};
    return true;
}

static bool list_named(struct bulla_contract *contract, const struct ini_entry *entry,
                       struct bulla_error *err)
{
    const char *const *words = NULL;
    if (!entry_list(contract, entry, &words, err)) {
        return false;
    }
    size_t count = 0;
    while (words[count] != NULL) {
        count++;
    }
    contract->environments =
        pool_alloc(contract->pool, (count + 1) * sizeof *contract->environments, err);
    if (contract->environments == NULL) {
        return false;
    }
    struct bulla_bytes word = {0};
    struct bulla_pos pos = {0, 0};
    for (size_t i = 0; bulla_setting_word(&entry->value, i, &word, &pos); i++) {
        if (!ini_is_environment_name(word)) {
            (void)bulla_error_at(err, BULLA_E_INVALID, contract->file, pos,
                                 "not a name for an environment");
            return bulla_error_hint(err, memchr(word.data, ' ', word.len) != NULL
                                             ? "put commas between them: dev, prod"
                                             : "use a-z, 0-9 and '-', at most 32");
        }
        if (!add_environment(contract, words[i], pos, err)) {
            return false;
        }
    }
    return true;
}

/* Without `environments` every section makes one, and without sections there is dev. */
static bool list_sections(struct bulla_contract *contract, const struct ini_section *sections,
                          struct bulla_error *err)
{
    size_t count = 1;
    for (const struct ini_section *at = sections; at != NULL; at = at->next) {
        count += at->class == INI_ENVIRONMENT;
    }
    contract->environments =
        pool_alloc(contract->pool, count * sizeof *contract->environments, err);
    if (contract->environments == NULL) {
        return false;
    }
    for (const struct ini_section *at = sections; at != NULL; at = at->next) {
        if (at->class == INI_ENVIRONMENT && !add_environment(contract, at->name, at->pos, err)) {
            return false;
        }
    }
    return contract->environment_count > 0 ||
           add_environment(contract, "dev", (struct bulla_pos){1, 1}, err);
}

static bool find_environment(const struct bulla_contract *contract, const char *name,
                             size_t *ret_index)
{
    for (size_t i = 0; i < contract->environment_count; i++) {
        if (strcmp(contract->environments[i].name, name) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

/* BULLA_E_INVALID at POS: NAME is no environment. */
static bool refuse_environment(const struct bulla_contract *contract, const char *name,
                               struct bulla_pos pos, struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_INVALID, contract->file, pos, "unknown environment '%s'",
                         name);
    const char *best = NULL;
    for (size_t i = 0; i < contract->environment_count; i++) {
        best = bulla_suggest_next(name, best, contract->environments[i].name);
    }
    return bulla_suggest_hint(err, best, "list it in 'environments' of [bulla]");
}

static bool read_environment(const struct bulla_contract *contract,
                             const struct ini_section *section,
                             struct bulla_environment *environment, struct bulla_error *err)
{
    environment->pos = section->pos;
    for (const struct ini_entry *entry = section->entries; entry != NULL; entry = entry->next) {
        bool ok = true;
        switch (entry->id) {
        case KEY_COMPOSE:
            environment->compose_pos = entry->value.pos;
            ok = entry_list(contract, entry, &environment->compose, err);
            break;
        case KEY_PROFILES:
            environment->profiles_pos = entry->value.pos;
            ok = entry_list(contract, entry, &environment->profiles, err);
            break;
        case KEY_PROJECT_DIRECTORY:
            environment->project_directory = entry->value.text;
            break;
        case KEY_TEMPLATE:
            environment->template_pos = entry->value.pos;
            environment->template_file = entry->value.text;
            break;
        case KEY_OUTPUT:
            environment->output_pos = entry->value.pos;
            environment->output = entry->value.text;
            break;
        case KEY_OUTPUT_FORMAT:
            environment->format_pos = entry->value.pos;
            environment->format = entry->value.text;
            break;
        case KEY_PROTECTED:
            ok = entry_yes_no(contract, entry, &environment->is_protected, err);
            break;
        default:
            break;
        }
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool fill_environment(struct bulla_contract *contract, const struct ini_section *sections,
                             size_t index, struct bulla_error *err)
{
    struct bulla_environment *environment = &contract->environments[index];
    const struct ini_section *section = find_section(sections, INI_ENVIRONMENT, environment->name);
    if (section != NULL && !read_environment(contract, section, environment, err)) {
        return false;
    }
    const char *const *none = NULL;
    if (!entry_list(contract, NULL, &none, err)) {
        return false;
    }
    environment->compose = environment->compose == NULL ? none : environment->compose;
    environment->profiles = environment->profiles == NULL ? none : environment->profiles;
    if (environment->output == NULL && index == contract->default_environment) {
        environment->output = ".env";
    }
    if (environment->output == NULL) {
        environment->output = pool_printf(contract->pool, err, ".env.%s", environment->name);
    }
    return environment->output != NULL;
}

static bool check_environment_names(const struct bulla_contract *contract,
                                    const struct ini_section *sections, struct bulla_error *err)
{
    for (const struct ini_section *at = sections; at != NULL; at = at->next) {
        size_t index = 0;
        if (at->class == INI_ENVIRONMENT && !find_environment(contract, at->name, &index)) {
            return refuse_environment(contract, at->name, at->pos, err);
        }
        for (const struct ini_entry *entry = at->entries; entry != NULL; entry = entry->next) {
            if (entry->environment != NULL &&
                !find_environment(contract, entry->environment, &index)) {
                return refuse_environment(contract, entry->environment, entry->environment_pos,
                                          err);
            }
        }
    }
    return true;
}

bool project_rotate(const struct bulla_contract *contract, const char *environment,
                    bool *ret_rotates, uint64_t *ret_seconds, struct bulla_error *err)
{
    const struct ini_entry *entry =
        contract->project_section == NULL
            ? NULL
            : entry_find(contract->project_section, KEY_PROJECT_ROTATE, environment);
    if (entry != NULL && strcmp(entry->value.text, "never") == 0) {
        *ret_rotates = false;
        return true;
    }
    return entry_duration(contract, entry, ret_seconds, err);
}

static bool check_project_rotate(const struct bulla_contract *contract, struct bulla_error *err)
{
    bool rotates = true;
    uint64_t seconds = 0;
    if (!project_rotate(contract, NULL, &rotates, &seconds, err)) {
        return false;
    }
    for (size_t i = 0; i < contract->environment_count; i++) {
        if (!project_rotate(contract, contract->environments[i].name, &rotates, &seconds, err)) {
            return false;
        }
    }
    return true;
}

bool project_read(struct bulla_contract *contract, struct ini_section *sections,
                  struct bulla_error *err)
{
    static const struct ini_section empty = {.class = INI_PROJECT};
    contract->project_section = find_section(sections, INI_PROJECT, NULL);
    const struct ini_section *project =
        contract->project_section == NULL ? &empty : contract->project_section;
    const struct ini_entry *names = entry_find(project, KEY_ENVIRONMENTS, NULL);
    if (!read_format(contract, entry_find(project, KEY_FORMAT, NULL), err)) {
        return false;
    }
    if (!(names == NULL ? list_sections(contract, sections, err)
                        : list_named(contract, names, err)) ||
        !check_environment_names(contract, sections, err)) {
        return false;
    }
    const struct ini_entry *preset = entry_find(project, KEY_DEFAULT_ENVIRONMENT, NULL);
    if (preset != NULL &&
        !find_environment(contract, preset->value.text, &contract->default_environment)) {
        return refuse_environment(contract, preset->value.text, preset->value.pos, err);
    }
    for (size_t i = 0; i < contract->environment_count; i++) {
        if (!fill_environment(contract, sections, i, err)) {
            return false;
        }
    }
    const struct ini_entry *name = entry_find(project, KEY_PROJECT, NULL);
    contract->project = name == NULL ? NULL : name->value.text;
    uint64_t keep = 0;
    if (!entry_number(contract, entry_find(project, KEY_KEEP, NULL), 0, MAX_KEEP, &keep, err)) {
        return false;
    }
    contract->keep = (size_t)keep;
    return check_project_rotate(contract, err);
}
