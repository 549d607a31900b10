/* Where a variable's value comes from: docs/compose.md 4.1 to 4.3. */
#include "compose/internal.h"

#include "bulla/limits.h"

#include "base/banned.h"

struct scope *scope_new(struct loader *loader, const struct scope *parent, struct bulla_error *err)
{
    struct scope *scope = pool_alloc(loader->pool, sizeof *scope, err);
    if (scope == NULL || !list_add(&loader->scopes, scope, err)) {
        return NULL;
    }
    scope->parent = parent;
    scope->loader = loader;
    return scope;
}

enum bulla_lookup_state find_in_files(const struct list *files, struct bulla_bytes name,
                                      struct bulla_bytes *ret_value)
{
    for (size_t i = files->count; i > 0; i--) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_find(files->items[i - 1], name);
        if (entry != NULL) {
            *ret_value = entry->value;
            return entry->value.len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
        }
    }
    return BULLA_LOOKUP_UNSET;
}

static enum bulla_lookup_state find_process(const struct loader *loader, struct bulla_bytes name,
                                            struct bulla_bytes *ret_value)
{
    const struct bulla_project_options *options = loader->options;
    return options->environment != NULL
               ? options->environment(options->environment_ctx, name, ret_value)
               : BULLA_LOOKUP_UNSET;
}

enum bulla_lookup_state environment_lookup(const struct loader *loader, const char *name,
                                           struct bulla_bytes *ret_value)
{
    return find_process(loader, bulla_bytes_of(name), ret_value);
}

/* The project's own variables: process environment, then its values or env files. */
static enum bulla_lookup_state find_own(const struct scope *scope, struct bulla_bytes name,
                                        struct bulla_bytes *ret_value)
{
    const struct loader *loader = scope->loader;
    if (loader->name != NULL && bulla_bytes_are(name, "COMPOSE_PROJECT_NAME")) {
        *ret_value = bulla_bytes_of(loader->name);
        return ret_value->len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
    }
    enum bulla_lookup_state state = find_process(loader, name, ret_value);
    if (state == BULLA_LOOKUP_UNSET && loader->options->values != NULL) {
        state = loader->options->values(loader->options->values_ctx, name, ret_value);
    }
    if (state == BULLA_LOOKUP_UNSET &&
        (!scope->only_compose || bulla_bytes_start(name, "COMPOSE_"))) {
        state = find_in_files(&scope->files, name, ret_value);
    }
    if (state == BULLA_LOOKUP_UNSET) {
        state = find_in_files(&scope->fallback, name, ret_value);
    }
    if (state == BULLA_LOOKUP_UNSET && bulla_bytes_are(name, "PWD")) {
        *ret_value = bulla_bytes_of(loader->cwd);
        return BULLA_LOOKUP_SET;
    }
    return state;
}

static enum bulla_lookup_state find_in_scopes(const struct scope *scope, struct bulla_bytes name,
                                              struct bulla_bytes *ret_value)
{
    const struct scope *chain[BULLA_MAX_COMPOSE_FILES + 1];
    size_t count = 0;
    do {
        chain[count++] = scope;
        scope = scope->parent;
    } while (scope != NULL && count < sizeof chain / sizeof chain[0]);
    enum bulla_lookup_state state = find_own(chain[count - 1], name, ret_value);
    for (size_t i = count - 1; state == BULLA_LOOKUP_UNSET && i > 0; i--) {
        state = find_in_files(&chain[i - 1]->files, name, ret_value);
    }
    /* What Compose itself is told by is as good as not there. */
    for (size_t i = 0; state == BULLA_LOOKUP_UNSET && i < count; i++) {
        if (chain[i]->unknown && !bulla_bytes_start(name, "COMPOSE_")) {
            *ret_value = bulla_bytes("", 0);
            state = BULLA_LOOKUP_SET;
        }
    }
    return state;
}

enum bulla_lookup_state scope_lookup(void *scope, struct bulla_bytes name,
                                     struct bulla_bytes *ret_value)
{
    return find_in_scopes(scope, name, ret_value);
}

enum bulla_lookup_state hiding_lookup(void *ctx, struct bulla_bytes name,
                                      struct bulla_bytes *ret_value)
{
    struct hiding *hiding = ctx;
    *ret_value = bulla_bytes(NULL, 0);
    enum bulla_lookup_state state = find_in_scopes(hiding->scope, name, ret_value);
    hiding->hidden = hiding->hidden || (state == BULLA_LOOKUP_SET && ret_value->len == 0);
    return state;
}
