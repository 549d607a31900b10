/*
 * Names that the env files of included stacks give different values. For Compose each is its own
 * stack's, until the file that is rendered, which comes before all of them, has one.
 */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/secret.h"
#include "infer/env_values.h"
#include "infer/references.h"

#include "base/banned.h"

/* An env file of an environment: its values as they stand there, and as Compose reads them. */
struct file {
    const char *path;
    bool is_included;
    struct bulla_dotenv *as_written;
    struct bulla_dotenv *as_read; /* NULL: not by itself */
};

struct files {
    struct file *items;
    size_t count;
};

static void close_files(struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        bulla_dotenv_free(files->items[i].as_written);
        bulla_dotenv_free(files->items[i].as_read);
    }
    bulla_free(files->items);
}

static bool open_file(struct file *file, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    file->as_written = survey_read_values(file->path, err);
    if (file->as_written == NULL ||
        !bulla_file_read(file->path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return false;
    }
    file->as_read = bulla_dotenv_parse(bulla_buf_view(&text), file->path, NULL, err);
    if (file->as_read == NULL && err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/* The env files of ENVIRONMENT in the order in which they have their say. */
static bool open_files(const struct bulla_survey_environment *environment, struct files *files,
                       struct bulla_error *err)
{
    const struct bulla_project *project = environment->project;
    size_t most = 1 + environment->existing_behind_count;
    files->items = bulla_alloc(most, sizeof *files->items, err);
    if (files->items == NULL) {
        return false;
    }
    for (size_t i = 0; i < most; i++) {
        const char *path = env_values_path(environment, i);
        if (path == NULL) {
            continue;
        }
        struct file *file = &files->items[files->count++];
        file->path = path;
        for (size_t k = 0; k < project->file_count; k++) {
            /* Of the project's own list survey_take_included alone takes some. */
            file->is_included = file->is_included || project->files[k]->path == path;
        }
        if (!open_file(file, err)) {
            return false;
        }
    }
    return true;
}

static const struct bulla_dotenv_entry *find(const struct bulla_dotenv *entries,
                                             struct bulla_bytes name)
{
    const struct bulla_dotenv_entry *entry =
        entries != NULL ? bulla_dotenv_find(entries, name) : NULL;
    return entry != NULL && !entry->bare ? entry : NULL;
}

static bool are_different(const struct bulla_dotenv_entry *one,
                          const struct bulla_dotenv_entry *other)
{
    return one != NULL && other != NULL && !bulla_secret_bytes_equal(one->value, other->value);
}

/* The first file behind that of INDEX that has another value of NAME, or NULL. */
static const struct file *find_other(const struct files *files, size_t index,
                                     struct bulla_bytes name)
{
    const struct file *one = &files->items[index];
    for (size_t i = index + 1; i < files->count; i++) {
        const struct file *other = &files->items[i];
        /* The same text may be made of names that differ. */
        if (other->is_included &&
            (are_different(find(one->as_written, name), find(other->as_written, name)) ||
             are_different(find(one->as_read, name), find(other->as_read, name)))) {
            return other;
        }
    }
    return NULL;
}

/* True where a file before that of INDEX sets NAME. */
static bool is_set_before(const struct files *files, size_t index, struct bulla_bytes name)
{
    for (size_t i = 0; i < index; i++) {
        if (find(files->items[i].as_written, name) != NULL) {
            return true;
        }
    }
    return false;
}

static bool note(struct bulla_survey *survey, size_t at, const char *name, const struct file *first,
                 const struct file *other, struct bulla_error *err)
{
    if (!bulla_grow(&survey->conflicts, &survey->conflict_cap, survey->conflict_count + 1,
                    sizeof *survey->conflicts, err)) {
        return false;
    }
    const char *copy = pool_strdup(survey->pool, name, err);
    survey->conflicts[survey->conflict_count] = (struct bulla_survey_conflict){
        .name = copy,
        .environment = survey->environments[at].name,
        .first = survey_relative_to_root(survey, first->path),
        .other = survey_relative_to_root(survey, other->path),
    };
    survey->conflict_count += copy != NULL;
    return copy != NULL;
}

static bool look_at(struct bulla_survey *survey, size_t at, const struct files *files, size_t index,
                    struct bulla_error *err)
{
    const struct bulla_dotenv *entries = files->items[index].as_written;
    for (size_t i = 0; i < bulla_dotenv_count(entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(entries, i);
        const char *name = (const char *)entry->name.data;
        if (bulla_dotenv_find(entries, entry->name) != entry || entry->bare ||
            !survey_is_usable(name) || bulla_name_is_foreign(name) ||
            is_set_before(files, index, entry->name)) {
            continue;
        }
        const struct file *other = find_other(files, index, entry->name);
        if (other != NULL && references_use(survey, name, at) &&
            !note(survey, at, name, &files->items[index], other, err)) {
            return false;
        }
    }
    return true;
}

/* True where a sample has NAME: a file that is rendered after it sets it, whatever is known. */
static bool is_in_sample(const struct bulla_survey *survey, const char *name)
{
    for (size_t i = 0; i < survey->sample_count; i++) {
        if (survey_last_entry(&survey->samples[i], name) != NULL) {
            return true;
        }
    }
    return false;
}

/* Leaves the variables out of which each stack can go on having its own value. */
static void drop(struct bulla_survey *survey)
{
    size_t kept = 0;
    for (size_t i = 0; i < survey->variable_count; i++) {
        const struct bulla_survey_variable *variable = &survey->variables[i];
        bool is_left_out = false;
        for (size_t k = 0; k < survey->conflict_count; k++) {
            struct bulla_survey_conflict *conflict = &survey->conflicts[k];
            if (strcmp(conflict->name, variable->name) == 0) {
                conflict->is_left_out =
                    !variable->is_known && !is_in_sample(survey, variable->name);
                is_left_out = is_left_out || conflict->is_left_out;
            }
        }
        if (!is_left_out) {
            survey->variables[kept++] = *variable;
        }
    }
    survey->variable_count = kept;
}

bool survey_drop_conflicts(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t at = 0; !survey->no_import && at < survey->environment_count; at++) {
        struct files files = {0};
        bool ok = open_files(&survey->environments[at], &files, err);
        for (size_t i = 0; ok && i < files.count; i++) {
            ok = !files.items[i].is_included || look_at(survey, at, &files, i, err);
        }
        close_files(&files);
        if (!ok) {
            return false;
        }
    }
    drop(survey);
    return true;
}

size_t bulla_survey_conflict_count(const struct bulla_survey *survey)
{
    return survey->conflict_count;
}

const struct bulla_survey_conflict *bulla_survey_conflict(const struct bulla_survey *survey,
                                                          size_t index)
{
    return &survey->conflicts[index];
}
