/* Relative paths of a model from a folder, and what it takes from the environment by name. */
#include <stdlib.h>
#include <string.h>

#include "model/internal.h"

#include "base/banned.h"

/* "~" and "~/x" from the home folder of the process. */
static struct bulla_bytes expand_user(struct model *m, struct bulla_bytes path)
{
    struct bulla_bytes home;
    if (!bulla_bytes_start(path, "~") ||
        !variables_find(&(struct variables){.options = m->options}, bulla_bytes_of("HOME"),
                        &home) ||
        home.len == 0) {
        return path;
    }
    return bulla_bytes_of(
        join_path(m, store_string(&m->store, home), store_string(&m->store, path) + 1));
}

static void make_absolute(struct model *m, struct bulla_value *value, const char *base)
{
    if (!value_is(value, BULLA_VALUE_TEXT)) {
        return;
    }
    value->text = expand_user(m, value->text);
    if (value->text.len > 0 && value->text.data[0] != '/') {
        value->text = bulla_bytes_of(join_path(m, base, store_string(&m->store, value->text)));
    }
}

/* As a path on a machine of either kind: "C:\x" and "\\server" stay. */
static void make_unix(struct model *m, struct bulla_value *value, const char *base)
{
    if (!value_is(value, BULLA_VALUE_TEXT)) {
        return;
    }
    value->text = expand_user(m, value->text);
    struct bulla_bytes path = value->text;
    bool drive = path.len > 2 && path.data[1] == ':' &&
                 (path.data[2] == '\\' || path.data[2] == '/') &&
                 ((path.data[0] | 0x20) >= 'a' && (path.data[0] | 0x20) <= 'z');
    if (!bulla_bytes_start(path, "/") && !drive && !bulla_bytes_start(path, "\\\\")) {
        value->text = bulla_bytes_of(join_path(m, base, store_string(&m->store, path)));
    }
}

static void resolve_context(struct model *m, struct bulla_value *value, const char *base)
{
    static const char *const remotes[] = {"https://",    "http://", "git://", "ssh://",
                                          "github.com/", "git@",    NULL};
    if (!value_is(value, BULLA_VALUE_TEXT)) {
        return;
    }
    bool remote = bulla_bytes_start(value->text, "service:") ||
                  memmem(value->text.data, value->text.len, "://", 3) != NULL;
    for (size_t i = 0; !remote && remotes[i] != NULL; i++) {
        remote = bulla_bytes_start(value->text, remotes[i]);
    }
    if (!remote) {
        make_absolute(m, value, base);
    }
}

static void resolve_mount(struct model *m, struct bulla_value *volume, const char *base)
{
    if (!value_is_text(value_at(volume, "type"), "bind")) {
        return;
    }
    struct bulla_value *source = value_at(volume, "source");
    if (source == NULL) {
        (void)refuse(m, volume,
                     "invalid mount config for type \"bind\": field Source must not be empty");
        return;
    }
    make_unix(m, source, base);
}

static void each_item(struct model *m, struct bulla_value *list, const char *key, const char *base,
                      void (*fn)(struct model *m, struct bulla_value *value, const char *base))
{
    bool collection =
        list != NULL && (list->kind == BULLA_VALUE_LIST || list->kind == BULLA_VALUE_MAP);
    for (size_t i = 0; collection && i < list->count; i++) {
        struct bulla_value *item = list->entries[i].value;
        struct bulla_value *value = key != NULL ? value_at(item, key) : item;
        if (value != NULL) {
            fn(m, value, base);
        }
    }
}

static void resolve_watch(struct model *m, struct bulla_value *path, const char *base)
{
    make_absolute(m, path, base);
    if (!value_is(path, BULLA_VALUE_TEXT)) {
        return;
    }
    char *real = realpath(open_path(m, store_string(&m->store, path->text)), NULL);
    if (real != NULL) {
        path->text = store_copy(&m->store, bulla_bytes_of(real));
        free(real);
    }
}

static void resolve_service(struct model *m, struct bulla_value *service, const char *base)
{
    struct bulla_value *build = value_at(service, "build");
    if (value_at(build, "context") != NULL) {
        resolve_context(m, value_at(build, "context"), base);
    }
    struct bulla_value *contexts = value_at(build, "additional_contexts");
    if (value_is(contexts, BULLA_VALUE_MAP)) {
        each_item(m, contexts, NULL, base, resolve_context);
    }
    each_item(m, value_at(build, "ssh"), NULL, base, make_unix);
    each_item(m, value_at(service, "env_file"), "path", base, make_absolute);
    each_item(m, value_at(service, "label_file"), NULL, base, make_absolute);
    each_item(m, value_at(value_at(service, "develop"), "watch"), "path", base, resolve_watch);
    each_item(m, value_at(service, "volumes"), NULL, base, resolve_mount);
    struct bulla_value *file = value_at(value_at(service, "extends"), "file");
    if (file != NULL) {
        make_absolute(m, file, base);
    }
}

static void resolve_driver(struct model *m, struct bulla_value *volume, const char *base)
{
    struct bulla_value *options = value_at(volume, "driver_opts");
    if (value_is_text(value_at(volume, "driver"), "local") &&
        value_is_text(value_at(options, "o"), "bind") && value_at(options, "device") != NULL) {
        make_unix(m, value_at(options, "device"), base);
    }
}

void resolve_paths(struct model *m, struct bulla_value *model, const char *base)
{
    each_item(m, value_at(model, "services"), NULL, base, resolve_service);
    each_item(m, value_at(model, "configs"), "file", base, make_unix);
    each_item(m, value_at(model, "secrets"), "file", base, make_unix);
    each_item(m, value_at(model, "volumes"), NULL, base, resolve_driver);
}

/* --- from the environment --------------------------------------------------------------------- */

static void resolve_list(struct model *m, struct bulla_value *list,
                         const struct variables *variables)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct bulla_value *item = list->entries[i].value;
        struct bulla_bytes value;
        if (item->kind != BULLA_VALUE_TEXT) {
            continue;
        }
        list->entries[kept++].value =
            variables_find(variables, item->text, &value) ? pair_of(m, item, value) : item;
    }
    list->count = kept;
}

void resolve_environment(struct model *m, struct bulla_value *model,
                         const struct variables *variables)
{
    const struct bulla_value *services = value_at(model, "services");
    for (size_t i = 0; value_is(services, BULLA_VALUE_MAP) && i < services->count; i++) {
        struct bulla_value *list = value_at(services->entries[i].value, "environment");
        if (value_is(list, BULLA_VALUE_LIST)) {
            resolve_list(m, list, variables);
        }
    }
}
