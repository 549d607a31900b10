/* Sample files: variables that none of them names (B108), and which one is to be copied. */
#include <stdio.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/infer.h"
#include "bulla/mem.h"
#include "check/families.h"

#include "base/banned.h"

#define HELP_MAX 256

bool check_has_env_file(const struct check *check)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        if (file->kind == BULLA_PROJECT_ENV && bulla_file_is_regular(file->path)) {
            return true;
        }
    }
    return false;
}

const char *check_find_sample_of(const struct check *check, const char *name)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use == ENV_SAMPLE && env_text_names(text, name)) {
            return text->name;
        }
    }
    return NULL;
}

/* Hands SAMPLE over where a file lies there and none was found before; false where it is NULL. */
static bool take_sample(char *sample, char **ret_sample)
{
    bulla_auto_str owned = sample;
    if (owned != NULL && *ret_sample == NULL && bulla_file_is_regular(owned)) {
        *ret_sample = BULLA_STEAL(owned);
    }
    return sample != NULL;
}

bool check_find_sample(const char *path, char **ret_sample, struct bulla_error *err)
{
    const char *base = bulla_path_base(path);
    int folder = (int)(base - path);
    bool is_bare = base[0] == '.'; /* ".env": "env.example" and "example.env", too */
    for (const char *const *word = bulla_sample_words(); *word != NULL; word++) {
        for (const char *sign = ".-_"; *sign != '\0'; sign++) {
            if (!take_sample(bulla_asprintf(err, "%s%c%s", path, *sign, *word), ret_sample) ||
                (is_bare && !take_sample(bulla_asprintf(err, "%.*s%s%c%s", folder, path, base + 1,
                                                        *sign, *word),
                                         ret_sample))) {
                return false;
            }
        }
        if (is_bare &&
            !take_sample(bulla_asprintf(err, "%.*s%s%s", folder, path, *word, base), ret_sample)) {
            return false;
        }
    }
    return true;
}

/* The sample that a new line should go to, or NULL where the project has none or names it. */
static const struct env_text *sample_without(const struct check *check, const char *name)
{
    const struct env_text *first = NULL;
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use != ENV_SAMPLE) {
            continue;
        }
        if (env_text_names(text, name)) {
            return NULL;
        }
        first = first == NULL ? text : first;
    }
    return first;
}

static bool is_needed(const struct bulla_project_ref *ref)
{
    return !ref->in_key &&
           (ref->op == BULLA_REF_REQUIRED || ref->op == BULLA_REF_REQUIRED_NONEMPTY ||
            ref->kind == BULLA_USE_SECRET_ENVIRONMENT || ref->kind == BULLA_USE_CONFIG_ENVIRONMENT);
}

bool check_sample(struct check *check, const struct bulla_project_ref *const *refs, size_t count,
                  struct bulla_error *err)
{
    const struct bulla_project_ref *needed = NULL;
    for (size_t i = 0; i < count && needed == NULL; i++) {
        needed = is_needed(refs[i]) ? refs[i] : NULL;
    }
    const struct env_text *sample = needed != NULL ? sample_without(check, needed->name) : NULL;
    if (sample == NULL) {
        return true;
    }
    char help[HELP_MAX];
    struct place place = check_place_of(check, needed);
    bulla_auto_str line = bulla_asprintf(err, "%s=", needed->name);
    if (line == NULL) {
        return false;
    }
    (void)snprintf(help, sizeof help, "add %s to %s", line, sample->name);
    place.line = line;
    place.line_file = sample->path;
    return check_add(check, RULE_NOT_IN_SAMPLE, &place, help, err,
                     "%s is required here and named in no sample file", needed->name);
}
