/* Which services are active. */
#include "compose/internal.h"

#include <string.h>

#include "base/banned.h"

static bool split_profiles(struct loader *loader, struct bulla_bytes text, struct bulla_error *err)
{
    for (size_t at = 0; at < text.len;) {
        const uint8_t *comma = memchr(text.data + at, ',', text.len - at);
        size_t end = comma != NULL ? (size_t)(comma - text.data) : text.len;
        size_t start = at;
        size_t stop = end;
        while (start < stop && (text.data[start] == ' ' || text.data[start] == '\t')) {
            start++;
        }
        while (stop > start && (text.data[stop - 1] == ' ' || text.data[stop - 1] == '\t')) {
            stop--;
        }
        if (stop > start) {
            const char *name = pool_strndup(loader->pool, text.data + start, stop - start, err);
            if (name == NULL || !list_add_text(&loader->profiles, name, err)) {
                return false;
            }
        }
        at = end + 1;
    }
    return true;
}

static bool read_profiles(struct loader *loader, struct bulla_error *err)
{
    const struct bulla_project_options *options = loader->options;
    for (size_t i = 0; i < options->profile_count; i++) {
        const char *name = pool_strdup(loader->pool, options->profiles[i], err);
        if (name == NULL || !list_add_text(&loader->profiles, name, err)) {
            return false;
        }
    }
    struct bulla_bytes value = bulla_bytes(NULL, 0);
    if (options->profile_count > 0) {
        return true;
    }
    if (scope_lookup(loader->scope, bulla_bytes_of("COMPOSE_PROFILES"), &value) !=
        BULLA_LOOKUP_SET) {
        /* What Compose splits is empty then, and gives one piece. */
        loader->nameless = true;
        return true;
    }
    return split_profiles(loader, value, err);
}

static bool is_listed(const struct list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

bool is_active(const struct loader *loader, const struct service *service)
{
    if (service->profiles.count == 0 || is_listed(&loader->profiles, "*") ||
        (loader->nameless && is_listed(&service->profiles, ""))) {
        return true;
    }
    for (size_t i = 0; i < loader->profiles.count; i++) {
        if (is_listed(&service->profiles, loader->profiles.items[i])) {
            return true;
        }
    }
    return false;
}

static bool note_unknown_profiles(struct loader *loader, struct bulla_error *err)
{
    for (size_t i = 0; i < loader->profiles.count; i++) {
        const char *name = loader->profiles.items[i];
        bool known = strcmp(name, "*") == 0;
        for (size_t j = 0; !known && j < loader->services.count; j++) {
            const struct service *service = loader->services.items[j];
            known = !service->foreign && is_listed(&service->profiles, name);
        }
        const struct problem problem = {.kind = BULLA_PROBLEM_PROFILE, .name = name};
        if (!known &&
            !add_problem(loader, &problem, err, "no service has the profile '%s'", name)) {
            return false;
        }
    }
    return true;
}

bool settle_profiles(struct loader *loader, struct bulla_error *err)
{
    return read_profiles(loader, err) && note_unknown_profiles(loader, err);
}
