#include "usage.h"

#include <string.h>

#include "bulla/mem.h"
#include "bulla/suggest.h"

static bool add(void *ctx, const struct bulla_project_use *use, struct bulla_error *err)
{
    struct usage *usage = ctx;
    if (!bulla_grow(&usage->uses, &usage->cap, usage->count + 1, sizeof *usage->uses, err)) {
        return false;
    }
    usage->uses[usage->count++] = *use;
    return true;
}

bool usage_collect(struct usage *usage, const struct bulla_project *project, const char *name,
                   struct bulla_error *err)
{
    return bulla_project_uses(project, name, add, usage, err);
}

void usage_release(struct usage *usage)
{
    bulla_free(usage->uses);
    *usage = (struct usage){0};
}

const char *usage_kind_name(enum bulla_use_kind kind)
{
    switch (kind) {
    case BULLA_USE_REFERENCE:
        return "reference";
    case BULLA_USE_PASS_THROUGH:
        return "pass-through";
    case BULLA_USE_BUILD_ARG:
        return "build-arg";
    case BULLA_USE_SECRET_ENVIRONMENT:
        return "secret";
    case BULLA_USE_CONFIG_ENVIRONMENT:
        return "config";
    case BULLA_USE_ENV_FILE:
        break;
    }
    return "env-file";
}

bool usage_refuse_unknown(const struct bulla_project *project, const struct bulla_values *values,
                          const char *name, struct bulla_error *err)
{
    size_t refs = project != NULL ? project->ref_count : 0;
    size_t rows = values != NULL ? bulla_values_count(values) : 0;
    const char **names = bulla_alloc(refs + rows + 1, sizeof *names, err);
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < rows; i++) {
        names[i] = bulla_values_get(values, i)->variable.name;
    }
    for (size_t i = 0; i < refs; i++) {
        names[rows + i] = project->refs[i].name;
    }
    const char *nearest = bulla_suggest(name, names, rows + refs);
    (void)bulla_error(err, BULLA_E_REFUSED, "there is no variable '%s'", name);
    if (nearest != NULL) {
        (void)bulla_error_hint(err, "did you mean '%s'?", nearest);
    } else {
        (void)bulla_error_hint(err, "'bulla uses' shows the names");
    }
    bulla_free(names);
    return false;
}
