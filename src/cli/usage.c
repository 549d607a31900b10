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
    case BULLA_USE_FILE:
        return "file";
    case BULLA_USE_ENV_FILE:
        break;
    }
    return "env-file";
}

bool usage_refuse_unknown(const struct bulla_project *project, const struct bulla_values *values,
                          const char *name, struct bulla_error *err)
{
    const char *nearest = NULL;
    for (size_t i = 0; values != NULL && i < bulla_values_count(values); i++) {
        nearest = bulla_suggest_next(name, nearest, bulla_values_get(values, i)->variable.name);
    }
    for (size_t i = 0; project != NULL && i < project->ref_count; i++) {
        nearest = bulla_suggest_next(name, nearest, project->refs[i].name);
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "there is no variable '%s'", name);
    return bulla_suggest_hint(err, nearest, "'bulla uses' shows the names");
}
