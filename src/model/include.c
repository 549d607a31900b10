/* `include`: other files with their own folder and env files, brought into a document. */
#include <string.h>
#include <sys/stat.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "model/internal.h"

#include "base/banned.h"

#define MAX_DEPTH 64

struct inclusion {
    const char **paths;
    size_t path_count;
    const char **env_files;
    size_t env_file_count;
    const char *directory; /* its project directory */
    const char *relative;  /* the same from the including one */
};

/* A text or a list of texts; false for anything else. */
static bool read_texts(struct model *m, const struct bulla_value *value, const char ***ret_texts,
                       size_t *ret_count)
{
    size_t count = value->kind == BULLA_VALUE_LIST ? value->count : 1;
    const char **texts = store_alloc(&m->store, (count + 2) * sizeof(char *));
    if (texts == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bulla_value *item =
            value->kind == BULLA_VALUE_LIST ? value->entries[i].value : value;
        if (item->kind != BULLA_VALUE_TEXT) {
            return refuse(m, item, "'include': invalid type for string list");
        }
        texts[i] = store_string(&m->store, item->text);
    }
    *ret_texts = texts;
    *ret_count = count;
    return true;
}

static bool refuse_cycle(struct model *m, const struct loading *with,
                         const struct bulla_value *origin, const char *path)
{
    struct bulla_bytes chain = bulla_bytes("", 0);
    for (size_t i = 0; i < with->included->count; i++) {
        chain = store_printf(&m->store, "%s%s%s", stored(chain), i > 0 ? "\n include " : "",
                             store_string(&m->store, with->included->entries[i].value->text));
    }
    return refuse(m, origin, "include cycle detected:\n%b\n include %s", chain, path);
}

static bool is_remote(const char *path)
{
    return strncmp(path, "oci://", 6) == 0 || strncmp(path, "git@", 4) == 0 ||
           strncmp(path, "https://", 8) == 0 || strncmp(path, "http://", 7) == 0 ||
           strncmp(path, "ssh://", 6) == 0 || strncmp(path, "git://", 6) == 0 ||
           strncmp(path, "github.com/", 11) == 0;
}

static bool place_paths(struct model *m, const struct loading *with,
                        const struct bulla_value *origin, struct inclusion *inclusion)
{
    for (size_t i = 0; i < inclusion->path_count; i++) {
        if (is_remote(inclusion->paths[i])) {
            m->store.stopped = true;
            return bulla_error(m->store.err, BULLA_E_LIMIT, "a remote file is not followed");
        }
        const char *path = inclusion->paths[i][0] == '/'
                               ? inclusion->paths[i]
                               : join_path(m, with->lookup_dir, inclusion->paths[i]);
        inclusion->paths[i] = path;
        if (i > 0) {
            continue;
        }
        const char *written = inclusion->directory;
        if (written == NULL || written[0] == '\0') {
            inclusion->directory = parent_path(m, path);
            inclusion->relative = relative_path(m, with->lookup_dir, inclusion->directory);
        } else if (written[0] != '/') {
            const char *there = join_path(m, with->lookup_dir, written);
            bool folder = bulla_dir_exists(open_path(m, there));
            inclusion->relative = relative_path(
                m, with->lookup_dir,
                folder ? there : join_path(m, with->lookup_dir, parent_path(m, written)));
            inclusion->directory = join_path(m, with->directory, written);
        } else {
            inclusion->relative = written;
        }
        for (size_t j = 0; j < with->included->count; j++) {
            if (bulla_bytes_are(with->included->entries[j].value->text, path)) {
                return refuse_cycle(m, with, origin, path);
            }
        }
    }
    return true;
}

static bool place_env_files(struct model *m, const struct loading *with,
                            const struct bulla_value *origin, struct inclusion *inclusion)
{
    struct stat st;
    if (inclusion->env_file_count == 0) {
        const char *file = join_path(m, inclusion->directory, ".env");
        if (stat(open_path(m, file), &st) == 0 && !S_ISDIR(st.st_mode)) {
            inclusion->env_files = store_alloc(&m->store, sizeof(char *));
            if (inclusion->env_files != NULL) {
                inclusion->env_files[0] = file;
                inclusion->env_file_count = 1;
            }
        }
        return go_on(m);
    }
    size_t kept = 0;
    for (size_t i = 0; i < inclusion->env_file_count; i++) {
        const char *file = inclusion->env_files[i];
        if (!m->compose_2 && strcmp(file, "/dev/null") == 0) {
            continue;
        }
        if (file[0] != '/') {
            file = join_path(m, with->directory, file);
            if (stat(open_path(m, file), &st) != 0) {
                return refuse(m, origin, "stat %v: no such file or directory",
                              bulla_bytes_of(file));
            }
            if (S_ISDIR(st.st_mode)) {
                return refuse(m, origin, "%v is not a file", bulla_bytes_of(file));
            }
        }
        inclusion->env_files[kept++] = file;
    }
    inclusion->env_file_count = kept;
    return true;
}

static bool import_kind(struct model *m, const char *kind, struct bulla_value *from,
                        struct bulla_value *into, const struct resets *resets)
{
    struct bulla_value *theirs = value_at(from, kind);
    struct bulla_value *ours = value_at(into, kind);
    if (!value_is(theirs, BULLA_VALUE_MAP)) {
        return true;
    }
    if (!value_is(ours, BULLA_VALUE_MAP)) {
        value_put(&m->store, into, kind, theirs);
        return true;
    }
    struct path top = {.key = bulla_bytes_of(kind)};
    for (size_t i = 0; i < theirs->count; i++) {
        struct path here = {.up = &top, .key = theirs->entries[i].key};
        struct bulla_value *value = theirs->entries[i].value;
        struct bulla_value *own = value_find(ours, here.key);
        if (own == NULL) {
            value_set(&m->store, ours, here.key, value);
            continue;
        }
        if (m->compose_2) {
            if (!value_equal(own, value)) {
                return refuse(m, own, "%s.%b conflicts with imported resource", kind, here.key);
            }
            continue;
        }
        apply_resets(resets, value, &here);
        value_set(&m->store, ours, here.key, merge_values(m, value, own, &here));
    }
    return go_on(m);
}

static bool import(struct model *m, struct bulla_value *from, struct bulla_value *into,
                   const struct resets *resets)
{
    static const char *const kinds[] = {"services", "volumes", "networks", "secrets",
                                        "configs",  "models",  NULL};
    bool ok = true;
    for (size_t i = 0; ok && kinds[i] != NULL; i++) {
        ok = import_kind(m, kinds[i], from, into, resets);
    }
    return ok;
}

static bool load_inclusion(struct model *m, const struct loading *with, struct inclusion *inclusion,
                           struct bulla_value *model, const struct resets *resets)
{
    struct bulla_value *vars =
        read_env_files(m, with->variables, inclusion->env_files, inclusion->env_file_count);
    struct bulla_value *set = value_new(&m->store, BULLA_VALUE_MAP);
    add_missing(m, set, with->variables->set);
    add_missing(m, set, vars);
    if (with->included->count > MAX_DEPTH) {
        m->store.stopped = true;
        (void)bulla_error(m->store.err, BULLA_E_LIMIT, "more than %d files include one another",
                          MAX_DEPTH);
    }
    if (!go_on(m)) {
        return false;
    }
    const struct variables variables = {.set = set, .options = m->options, .name = m->name};
    const struct loading inner = {.directory = inclusion->relative,
                                  .lookup_dir = inclusion->directory,
                                  .variables = &variables,
                                  .included = with->included};
    struct bulla_value *included = load_files(m, &inner, inclusion->paths, inclusion->path_count);
    return included != NULL && import(m, included, model, resets);
}

static bool apply_one(struct model *m, const struct loading *with, struct bulla_value *item,
                      struct bulla_value *model, const struct resets *resets)
{
    struct inclusion inclusion = {0};
    const struct bulla_value *path = item->kind == BULLA_VALUE_TEXT ? item : value_at(item, "path");
    const struct bulla_value *directory = value_at(item, "project_directory");
    const struct bulla_value *env_file = value_at(item, "env_file");
    if (item->kind != BULLA_VALUE_TEXT && item->kind != BULLA_VALUE_MAP) {
        return refuse(m, item, "'include[0]' expected a map");
    }
    if (directory != NULL) {
        inclusion.directory = store_string(&m->store, value_show(&m->store, directory));
    }
    return (path == NULL || read_texts(m, path, &inclusion.paths, &inclusion.path_count)) &&
           (env_file == NULL ||
            read_texts(m, env_file, &inclusion.env_files, &inclusion.env_file_count)) &&
           place_paths(m, with, item, &inclusion) && place_env_files(m, with, item, &inclusion) &&
           load_inclusion(m, with, &inclusion, model, resets);
}

bool apply_includes(struct model *m, const struct loading *with, struct bulla_value *model,
                    const struct resets *resets)
{
    struct bulla_value *list = value_at(model, "include");
    if (list == NULL) {
        return true;
    }
    if (list->kind != BULLA_VALUE_LIST && list->kind != BULLA_VALUE_NULL) {
        return refuse(m, list, "`include` must be a list, got %v", value_show(&m->store, list));
    }
    for (size_t i = 0; i < list->count; i++) {
        m->step = BULLA_MODEL_FILES;
        size_t before = with->included->count;
        bool ok = apply_one(m, with, list->entries[i].value, model, resets);
        with->included->count = before;
        if (!ok) {
            return false;
        }
    }
    value_remove(model, bulla_bytes_of("include"));
    return go_on(m);
}
