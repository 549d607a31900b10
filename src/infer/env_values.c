#include "infer/env_values.h"

#include "bulla/mem.h"

#include "base/banned.h"

bool env_values_reserve(struct env_values *values,
                        const struct bulla_survey_environment *environment, struct bulla_error *err)
{
    size_t count = 1 + environment->existing_behind_count;
    values->files = bulla_alloc(count, sizeof(struct bulla_dotenv *), err);
    values->count = values->files != NULL ? count : 0;
    return values->files != NULL;
}

const char *env_values_path(const struct bulla_survey_environment *environment, size_t index)
{
    return index == 0 ? environment->existing : environment->existing_behind[index - 1];
}

bool env_values_open(struct env_values *values, const struct bulla_survey_environment *environment,
                     struct bulla_error *err)
{
    bool ok = env_values_reserve(values, environment, err);
    for (size_t i = 0; ok && i < values->count; i++) {
        const char *path = env_values_path(environment, i);
        values->files[i] = path != NULL ? survey_read_values(path, err) : NULL;
        ok = path == NULL || values->files[i] != NULL;
    }
    return ok;
}

void env_values_release(struct env_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        bulla_dotenv_free(values->files[i]);
    }
    bulla_free(values->files);
    *values = (struct env_values){.files = NULL};
}

const struct bulla_dotenv_entry *env_values_find(const struct env_values *values, const char *name)
{
    const struct bulla_dotenv_entry *entry = NULL;
    for (size_t i = 0; i < values->count && entry == NULL; i++) {
        entry = values->files[i] != NULL ? bulla_dotenv_find(values->files[i], bulla_bytes_of(name))
                                         : NULL;
    }
    return entry;
}
