/* One file, document by document, over what came before it. */
#include <errno.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "model/internal.h"

#include "base/banned.h"

struct read_file {
    const char *path;
    struct yaml_document *first;
    struct read_file *next;
};

/* Keeps what FILE holds: Compose reads files again and again. */
static void remember(struct model *m, const char *file, struct yaml_document *first)
{
    struct read_file *read = store_alloc(&m->store, sizeof *read);
    if (read != NULL) {
        *read = (struct read_file){.path = file, .first = first, .next = m->read};
        m->read = read;
    }
}

struct yaml_document *read_documents(struct model *m, const char *file, const char *fmt,
                                     bool *ret_ok)
{
    struct bulla_error cause = BULLA_ERROR_INIT;
    struct yaml_document *first = NULL;
    bulla_auto_buf raw;
    bulla_buf_init(&raw, BULLA_MAX_TEXT_BYTES);
    for (const struct read_file *read = m->read; read != NULL; read = read->next) {
        if (strcmp(read->path, file) == 0) {
            *ret_ok = true;
            return read->first;
        }
    }
    *ret_ok = false;
    if (!bulla_file_read(open_path(m, file), BULLA_MAX_TEXT_BYTES, &raw, &cause)) {
        if (cause.code == BULLA_E_LIMIT || cause.code == BULLA_E_NOMEM) {
            *m->store.err = cause;
            m->store.stopped = true;
        } else if (bulla_dir_exists(open_path(m, file))) {
            (void)refuse(m, NULL, "read %s: is a directory", file);
        } else {
            (void)refuse(m, NULL, "%s %s: %s", fmt, file,
                         cause.sys_errno == EACCES    ? "permission denied"
                         : cause.sys_errno == ENOTDIR ? "not a directory"
                                                      : "no such file or directory");
        }
        return NULL;
    }
    struct yaml_source *source = store_alloc(&m->store, sizeof *source);
    struct bulla_bytes text = store_copy(&m->store, bulla_buf_view(&raw));
    if (m->store.stopped) {
        return NULL;
    }
    *ret_ok = yaml_source_init(source, m->store.pool, text, file, &cause) &&
              yaml_parse(source, m->store.pool, &first, &cause);
    if (!*ret_ok && cause.code == BULLA_E_NOMEM) {
        *m->store.err = cause;
        m->store.stopped = true;
    } else if (!*ret_ok) {
        (void)refuse_yaml(m, file, &cause);
    } else {
        remember(m, file, first);
        *ret_ok = !m->store.stopped;
    }
    return first;
}

static void note_version(struct model *m, struct bulla_value *model, const char *file)
{
    if (value_at(model, "version") == NULL) {
        return;
    }
    value_remove(model, bulla_bytes_of("version"));
    if (value_at(m->versions, file) == NULL) {
        value_put(&m->store, m->versions, file, value_bool(&m->store, true));
        warn(m,
             "%s: the attribute `version` is obsolete, it will be ignored, please remove it to "
             "avoid potential confusion",
             file);
    }
}

/* CHANGES, interpolated, over MODEL. */
static bool take_document(struct model *m, const struct loading *with, const char *file,
                          struct bulla_value *changes, const struct resets *resets,
                          struct bulla_value *model)
{
    /* 2.40 extends first: its services cannot extend those of an included file. */
    if (m->compose_2 && !with->only_services && !apply_extends(m, with, file, changes, resets)) {
        return false;
    }
    if (m->compose_2) {
        apply_resets(resets, model, NULL);
    }
    if (!with->only_services) {
        value_push(&m->store, with->included, value_string(&m->store, file));
        if (!apply_includes(m, with, changes, resets)) {
            return false;
        }
    }
    if (!m->compose_2) {
        apply_resets(resets, model, NULL);
    }
    if (!m->compose_2 && !with->only_services && !apply_extends(m, with, file, changes, resets)) {
        return false;
    }
    m->step = BULLA_MODEL_VALUES;
    merge_model(m, model, changes);
    if (go_on(m)) {
        enforce_unicity(m, model);
    }
    if (go_on(m) && !with->only_services && validate_schema(m, model, file)) {
        note_version(m, model, file);
    }
    if (go_on(m)) {
        make_canonical(m, model);
    }
    if (go_on(m)) {
        enforce_unicity(m, model);
    }
    return go_on(m);
}

bool load_file(struct model *m, const struct loading *with, const char *file,
               struct bulla_value *model, struct resets **ret_resets)
{
    bool ok = false;
    m->step = BULLA_MODEL_FILES;
    if (m->files++ >= BULLA_MAX_COMPOSE_FILES) {
        m->store.stopped = true;
        return bulla_error(m->store.err, BULLA_E_LIMIT, "more than %d compose files",
                           BULLA_MAX_COMPOSE_FILES);
    }
    const struct yaml_document *document = read_documents(m, file, "open", &ok);
    for (; ok && document != NULL; document = document->next) {
        m->step = BULLA_MODEL_VALUES;
        struct resets *resets = store_alloc(&m->store, sizeof *resets);
        if (resets == NULL) {
            return false;
        }
        struct bulla_value *changes = decode_document(m, document->root, file, resets);
        if (go_on(m) && changes->kind != BULLA_VALUE_MAP) {
            (void)refuse(m, changes, "top-level object must be a mapping");
        }
        if (go_on(m)) {
            interpolate_value(m, with->variables, changes, NULL);
        }
        if (!go_on(m) || !take_document(m, with, file, changes, resets, model)) {
            return false;
        }
        if (ret_resets != NULL) {
            *ret_resets = resets;
        }
    }
    return ok && go_on(m);
}

struct bulla_value *load_files(struct model *m, const struct loading *with,
                               const char *const *files, size_t count)
{
    struct bulla_value *model = value_new(&m->store, BULLA_VALUE_MAP);
    size_t before = with->included->count;
    for (size_t i = 0; i < count; i++) {
        /* Each file has its own chain of includes. */
        with->included->count = before;
        if (!load_file(m, with, files[i], model, NULL)) {
            return NULL;
        }
    }
    with->included->count = before;
    set_defaults(m, model);
    validate_model(m, model);
    if (go_on(m)) {
        resolve_paths(m, model, with->directory);
        resolve_environment(m, model, with->variables);
    }
    return go_on(m) ? model : NULL;
}
