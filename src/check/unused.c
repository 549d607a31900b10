/* Family 5, stale: names that nothing reads. B504 to B506. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "check/families.h"

#include "base/banned.h"

#define SHOWN 3
#define NAMES_MAX 300

/* Names that values of env files refer to; they are owned. */
struct scanning {
    char **owned;
    size_t count;
    size_t cap;
};

/* Every name that the project reads, sorted; borrowed texts. */
struct reading {
    const char **names;
    size_t count;
    size_t cap;
    bool everything; /* a service reads a whole file of the project's values */
    struct scanning scanned;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_name(void *ctx, const char *name, struct bulla_error *err)
{
    struct reading *reading = ctx;
    if (!bulla_grow(&reading->names, &reading->cap, reading->count + 1, sizeof *reading->names,
                    err)) {
        return false;
    }
    reading->names[reading->count++] = name;
    return true;
}

static bool has_name(const struct reading *reading, const char *name)
{
    return reading->count > 0 && bsearch(&name, reading->names, reading->count,
                                         sizeof *reading->names, compare_names) != NULL;
}

/*
 * A service's env_file hands over all of a file: of `.env`, of what is rendered, or of one that is
 * not here to be looked at.
 */
static bool add_env_file(const struct check *check, struct reading *reading,
                         const struct bulla_project_env_file *entry, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    bool is_own = entry->rendered || entry->path == NULL || entry->file == NULL ||
                  !entry->file->read || strcmp(bulla_path_base(entry->path), ".env") == 0;
    for (size_t i = 0; !is_own && i < project->file_count; i++) {
        is_own = project->files[i]->kind == BULLA_PROJECT_ENV &&
                 strcmp(project->files[i]->path, entry->path) == 0;
    }
    reading->everything = reading->everything || is_own;
    for (size_t i = 0; i < entry->key_count; i++) {
        if (!add_name(reading, entry->keys[i].name, err)) {
            return false;
        }
    }
    return true;
}

/* What else of the contract needs a variable: templates, live services, older names. */
static bool add_contract(const struct check *check, struct reading *reading,
                         struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    const struct bulla_values *values = check->input->values;
    for (size_t i = 0; values != NULL && i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (value->variable.role == BULLA_ROLE_DERIVED &&
            !bulla_values_needs(values, i, add_name, reading, err)) {
            return false;
        }
    }
    size_t applies = contract != NULL ? bulla_contract_apply_count(contract) : 0;
    for (size_t i = 0; i < applies; i++) {
        struct bulla_apply apply;
        bulla_contract_apply(contract, i, check->input->environment, &apply);
        if (apply.admin.text != NULL && !add_name(reading, apply.admin.text, err)) {
            return false;
        }
    }
    return true;
}

static bool add_reference(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    struct scanning *scanning = ctx;
    char *name = bulla_strndup(ref->name.data, ref->name.len, err);
    if (name == NULL || !bulla_grow(&scanning->owned, &scanning->cap, scanning->count + 1,
                                    sizeof *scanning->owned, err)) {
        bulla_free(name);
        return false;
    }
    scanning->owned[scanning->count++] = name;
    return true;
}

static void release_scanning(struct scanning *scanning)
{
    for (size_t i = 0; i < scanning->count; i++) {
        bulla_free(scanning->owned[i]);
    }
    bulla_free(scanning->owned);
}

/* Adds what the values of TEXT refer to: they are expanded too. */
static bool scan_text(struct scanning *scanning, const struct env_text *text,
                      struct bulla_error *err)
{
    for (size_t i = 0; !text->raw && i < text->sorted_count; i++) {
        const struct bulla_dotenv_entry *entry = text->sorted[i];
        if (entry->references > 0 &&
            !bulla_interpolate_scan(entry->value, add_reference, scanning, NULL, err)) {
            return false;
        }
    }
    return true;
}

static bool scan_env_files(const struct check *check, struct scanning *scanning,
                           struct bulla_error *err)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use != ENV_OTHER && !scan_text(scanning, text, err)) {
            return false;
        }
    }
    return true;
}

static bool collect(const struct check *check, struct reading *reading, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    if (!scan_env_files(check, &reading->scanned, err)) {
        return false;
    }
    for (size_t i = 0; i < reading->scanned.count; i++) {
        if (!add_name(reading, reading->scanned.owned[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < project->ref_count; i++) {
        if (!project->refs[i].in_key && !add_name(reading, project->refs[i].name, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t j = 0; j < service->env_file_count; j++) {
            if (!add_env_file(check, reading, &service->env_files[j], err)) {
                return false;
            }
        }
    }
    if (!add_contract(check, reading, err)) {
        return false;
    }
    if (reading->count > 1) {
        qsort(reading->names, reading->count, sizeof *reading->names, compare_names);
    }
    return true;
}

/* Docker's and Compose's own variables are read by them. */
static bool is_read(const struct reading *reading, const char *name)
{
    return strncmp(name, "COMPOSE_", 8) == 0 || strncmp(name, "DOCKER_", 7) == 0 ||
           strncmp(name, "BUILDKIT_", 9) == 0 || has_name(reading, name);
}

/* --- the contract ----------------------------------------------------------------------------- */

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

static bool check_contract(struct check *check, const struct reading *reading,
                           struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    for (size_t i = 0; i < bulla_contract_variable_count(contract); i++) {
        struct bulla_variable variable;
        bulla_contract_variable(contract, i, check->input->environment, &variable);
        struct place place = {
            .file = bulla_contract_file(contract), .pos = variable.pos, .variable = variable.name};
        /* One that a live service is told of, or that restarts one, has its use. */
        bool has_use = variable.apply.text != NULL || variable.restart.text != NULL;
        if (!has_use && !is_read(reading, variable.name) && !is_in_sample(check, variable.name) &&
            !check_add(check, RULE_UNUSED_IN_CONTRACT, &place, NULL, err,
                       "no compose file of '%s' uses %s", check->input->environment,
                       variable.name)) {
            return false;
        }
    }
    return true;
}

/* --- env files and samples -------------------------------------------------------------------- */

/*
 * A name that may be shown: a line of a key that somebody left unquoted is no name. Its characters
 * are those of a variable, in one case.
 */
static bool is_sayable(const struct bulla_dotenv_entry *entry)
{
    bool has_upper = false;
    bool has_lower = false;
    for (size_t i = 0; i < entry->name.len; i++) {
        uint8_t c = entry->name.data[i];
        has_upper = has_upper || (c >= 'A' && c <= 'Z');
        has_lower = has_lower || (c >= 'a' && c <= 'z');
        if (c != '_' && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
            !(i > 0 && c >= '0' && c <= '9')) {
            return false;
        }
    }
    return !entry->bare && entry->name.len <= 64 && has_upper != has_lower;
}

/* The names of TEXT that nothing reads, as one finding at the first of them. */
static bool check_text(struct check *check, enum rule rule, const struct reading *reading,
                       const struct env_text *text, struct bulla_error *err)
{
    struct place place = {.file = text->name};
    char names[NAMES_MAX] = "";
    size_t len = 0;
    size_t shown = 0;
    size_t unread = 0;
    size_t count = text->entries != NULL ? bulla_dotenv_count(text->entries) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(text->entries, i);
        const char *name = (const char *)entry->name.data;
        if (!is_sayable(entry) || is_read(reading, name)) {
            continue;
        }
        place.pos = unread == 0 ? entry->pos : place.pos;
        unread++;
        if (shown < SHOWN && len < sizeof names) {
            int more =
                snprintf(names + len, sizeof names - len, "%s%s", shown > 0 ? ", " : "", name);
            len += more > 0 ? (size_t)more : 0;
            shown++;
        }
    }
    char rest[48] = "";
    if (unread > shown) {
        (void)snprintf(rest, sizeof rest, " and %zu more", unread - shown);
    }
    /* A file of which the most is not read here is something else's. */
    bool is_ours = unread * 2 <= count;
    return unread == 0 || !is_ours ||
           check_add(check, rule, &place, NULL, err,
                     rule == RULE_UNUSED_IN_SAMPLE
                         ? "no compose file reads %s%s of this sample"
                         : "%s%s: set here, and read by no compose file and handed to no service",
                     names, rest);
}

static bool check_all(struct check *check, const struct reading *reading, struct bulla_error *err)
{
    if (reading->everything) {
        return true;
    }
    if (check->input->contract != NULL && check->input->environment != NULL &&
        !check_contract(check, reading, err)) {
        return false;
    }
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if ((text->use == ENV_PROJECT &&
             !check_text(check, RULE_NEVER_INJECTED, reading, text, err)) ||
            (text->use == ENV_SAMPLE &&
             !check_text(check, RULE_UNUSED_IN_SAMPLE, reading, text, err))) {
            return false;
        }
    }
    return true;
}

/* In a file that is no YAML it is not known what reads what. */
static bool is_whole(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->file_count; i++) {
        if (project->files[i]->kind <= BULLA_PROJECT_EXTENDED && !project->files[i]->valid) {
            return false;
        }
    }
    return true;
}

bool check_unused(struct check *check, struct bulla_error *err)
{
    struct reading reading = {.names = NULL};
    bool ok = !is_whole(check->input->project) ||
              (collect(check, &reading, err) && check_all(check, &reading, err));
    bulla_free(reading.names);
    release_scanning(&reading.scanned);
    return ok;
}
