/* `extends`: a service of the same document or of another file under this one. */
#include <string.h>

#include "bulla/limits.h"
#include "model/internal.h"

#include "base/banned.h"

#define MAX_CHAIN 64

struct link {
    const struct link *up;
    const char *file;
    struct bulla_bytes service;
    size_t depth;
};

struct extension {
    struct model *m;
    const struct loading *with;
    const char *file; /* that is loaded */
};

static struct bulla_bytes show_chain(struct model *m, const struct link *link)
{
    if (link->up == NULL) {
        return store_printf(&m->store, "  %s in %s", store_string(&m->store, link->service),
                            link->file);
    }
    struct bulla_bytes before = show_chain(m, link->up);
    return store_printf(&m->store, "%s\n  extends %s in %s", stored(before),
                        store_string(&m->store, link->service), link->file);
}

static bool add_link(struct extension *x, struct link *link, const struct bulla_value *origin)
{
    for (const struct link *l = link->up; l != NULL; l = l->up) {
        if (strcmp(l->file, link->file) == 0 && bulla_bytes_equal(l->service, link->service)) {
            return refuse(x->m, origin, "Circular reference:\n%b", show_chain(x->m, link));
        }
    }
    if (link->depth > MAX_CHAIN) {
        x->m->store.stopped = true;
        return bulla_error(x->m->store.err, BULLA_E_LIMIT,
                           "more than %d services extend one another", MAX_CHAIN);
    }
    return true;
}

/* The services of the other FILE; NULL with a failure. */
static struct bulla_value *load_base(struct extension *x, struct bulla_bytes name,
                                     struct bulla_bytes base, const struct bulla_value *file,
                                     struct resets **ret_resets)
{
    struct model *m = x->m;
    const char *written = store_string(&m->store, value_show(&m->store, file));
    const char *path = written[0] == '/' ? written : join_path(m, x->with->lookup_dir, written);
    const char *relative = relative_path(m, x->with->lookup_dir, parent_path(m, path));
    struct loading with = *x->with;
    with.directory = relative;
    with.only_services = true;
    struct bulla_value *model = value_new(&m->store, BULLA_VALUE_MAP);
    if (!load_file(m, &with, path, model, ret_resets)) {
        return NULL;
    }
    struct bulla_value *services = value_at(model, "services");
    if (services == NULL) {
        (void)refuse(m, file, "cannot extend service %q in %v: no services section", name,
                     bulla_bytes_of(path));
        return NULL;
    }
    if (services->kind != BULLA_VALUE_MAP) {
        (void)refuse(m, file, "cannot extend service %q in %v: services must be a mapping", name,
                     bulla_bytes_of(path));
        return NULL;
    }
    if (value_find(services, base) == NULL) {
        (void)refuse(m, file, "cannot extend service %q in %s: service %Q not found in %v", name,
                     x->file, base, bulla_bytes_of(written));
        return NULL;
    }
    resolve_paths(m, model, relative);
    return go_on(m) ? services : NULL;
}

static bool read_extends(struct extension *x, struct bulla_bytes name,
                         const struct bulla_value *extends, struct bulla_bytes *ret_base,
                         const struct bulla_value **ret_file)
{
    *ret_file = NULL;
    *ret_base = bulla_bytes("", 0);
    if (extends->kind == BULLA_VALUE_TEXT) {
        *ret_base = extends->text;
    } else if (extends->kind == BULLA_VALUE_MAP) {
        const struct bulla_value *service = value_at(extends, "service");
        if (!value_is(service, BULLA_VALUE_TEXT)) {
            return refuse(x->m, extends, "extends.%b.service is required", name);
        }
        *ret_base = service->text;
        *ret_file = value_at(extends, "file");
        *ret_file = value_is(*ret_file, BULLA_VALUE_NULL) ? NULL : *ret_file;
    }
    return true;
}

/* The service NAME of SERVICES with what it extends under it; NULL where there is none. */
static struct bulla_value *extend(struct extension *x, struct bulla_bytes name,
                                  struct bulla_value *services, const struct link *up,
                                  const struct resets *resets)
{
    struct model *m = x->m;
    struct bulla_value *service = value_find(services, name);
    if (service == NULL || service->kind == BULLA_VALUE_NULL) {
        return NULL;
    }
    if (service->kind != BULLA_VALUE_MAP) {
        (void)refuse(m, service, "services.%b must be a mapping", name);
        return NULL;
    }
    const struct bulla_value *extends = value_at(service, "extends");
    if (extends == NULL) {
        return service;
    }
    struct bulla_bytes base_name;
    const struct bulla_value *file = NULL;
    struct link link = {
        .up = up, .file = x->file, .service = name, .depth = up != NULL ? up->depth + 1 : 1};
    struct bulla_value *others = services;
    /* 2.40 forgets the marks of the document on the way down. */
    static const struct resets none;
    const struct resets *others_resets = x->m->compose_2 ? &none : resets;
    if (!read_extends(x, name, extends, &base_name, &file)) {
        return NULL;
    }
    if (file != NULL) {
        struct resets *loaded = NULL;
        others = load_base(x, name, base_name, file, &loaded);
        others_resets = loaded != NULL ? loaded : resets;
        link.file = store_string(&m->store, value_show(&m->store, file));
    } else if (value_find(services, base_name) == NULL) {
        (void)refuse(m, extends, "cannot extend service %q in %s: service %Q not found", name,
                     x->file, base_name);
    }
    if (!go_on(m) || !add_link(x, &link, extends)) {
        return NULL;
    }
    const struct bulla_value *base = extend(x, base_name, others, &link, others_resets);
    if (!go_on(m) || base == NULL) {
        return service;
    }
    struct bulla_value *source = value_clone(&m->store, base);
    struct path top = {.key = bulla_bytes_of("services")};
    struct path here = {.up = &top, .key = name};
    struct path any = {.up = &top, .key = bulla_bytes_of("x")};
    apply_resets(resets, source, &here);
    struct bulla_value *merged = merge_values(m, source, service, &any);
    if (merged->kind == BULLA_VALUE_MAP) {
        value_remove(merged, bulla_bytes_of("extends"));
    }
    value_set(&m->store, services, name, merged);
    return merged;
}

bool apply_extends(struct model *m, const struct loading *with, const char *file,
                   struct bulla_value *model, const struct resets *resets)
{
    struct bulla_value *services = value_at(model, "services");
    if (services == NULL) {
        return true;
    }
    if (services->kind != BULLA_VALUE_MAP) {
        return refuse(m, services, "services must be a mapping");
    }
    struct extension x = {.m = m, .with = with, .file = file};
    for (size_t i = 0; i < services->count && go_on(m); i++) {
        m->step = BULLA_MODEL_PARTS;
        struct bulla_bytes name = services->entries[i].key;
        const struct bulla_value *written = services->entries[i].value;
        struct bulla_value *merged = extend(&x, name, services, NULL, resets);
        if (merged == NULL) {
            merged = value_placed(value_new(&m->store, BULLA_VALUE_NULL), written);
        }
        value_set(&m->store, services, name, merged);
    }
    return go_on(m);
}
