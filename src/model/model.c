#include <stdlib.h>

#include "model/internal.h"

#include "base/banned.h"

static const char *find_cwd(struct model *m)
{
    const char *given = m->options->directory != NULL ? m->options->directory : ".";
    if (given[0] == '/') {
        return (const char *)clean_path(m, bulla_bytes_of(given)).data;
    }
    char *real = realpath(".", NULL);
    const char *here = real != NULL ? store_string(&m->store, bulla_bytes_of(real)) : "/";
    free(real);
    return join_path(m, here, given);
}

static bool compute(struct model *m)
{
    const char *const *files = NULL;
    size_t count = 0;
    m->cwd = find_cwd(m);
    m->versions = value_new(&m->store, BULLA_VALUE_MAP);
    m->variables =
        (struct variables){.set = value_new(&m->store, BULLA_VALUE_MAP), .options = m->options};
    if (!find_project(m, &files, &count)) {
        return false;
    }
    const struct loading with = {.directory = m->directory,
                                 .lookup_dir = m->directory,
                                 .variables = &m->variables,
                                 .included = value_new(&m->store, BULLA_VALUE_LIST)};
    struct bulla_value *model = load_files(m, &with, files, count);
    if (model == NULL) {
        return false;
    }
    if (model->count == 0) {
        return refuse(m, NULL, "empty compose file");
    }
    if (m->name[0] == '\0') {
        return refuse(m, NULL, "project name must not be empty");
    }
    value_put(&m->store, model, "name", value_string(&m->store, m->name));
    m->step = BULLA_MODEL_VALUES;
    normalize_model(m, model);
    struct bulla_value *bound = go_on(m) ? bind_model(m, model) : NULL;
    if (bound == NULL || !finish_model(m, bound)) {
        return false;
    }
    m->info.root = m->judging ? NULL : bound;
    return true;
}

static const struct bulla_model *load(const struct bulla_project_options *options, bool judging,
                                      struct bulla_error *err)
{
    struct pool *pool = pool_new(err);
    struct model *m = pool != NULL ? pool_alloc(pool, sizeof *m, err) : NULL;
    if (m == NULL) {
        pool_free(pool);
        return NULL;
    }
    m->store = (struct store){.pool = pool, .err = err};
    m->options = options;
    m->compose_2 = options->eager;
    m->judging = judging;
    m->failures_end = &m->failures;
    m->warnings_end = &m->warnings;
    (void)compute(m);
    if (m->store.stopped || !finish_failures(m)) {
        pool_free(pool);
        return NULL;
    }
    return &m->info;
}

const struct bulla_model *bulla_model_load(const struct bulla_project_options *options,
                                           struct bulla_error *err)
{
    if (options->values != NULL) {
        (void)bulla_error(err, BULLA_E_USAGE, "a model is made of ordinary variables only");
        return NULL;
    }
    return load(options, false, err);
}

const struct bulla_model *bulla_model_judge(const struct bulla_project_options *options,
                                            struct bulla_error *err)
{
    return load(options, true, err);
}

void bulla_model_free(const struct bulla_model *model)
{
    if (model != NULL) {
        /* It is the first member of what owns the pool. */
        pool_free(((const struct model *)model)->store.pool);
    }
}
