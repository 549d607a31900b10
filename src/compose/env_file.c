/* The files of a service's `env_file`. */
#include "compose/internal.h"

#include "bulla/file.h"
#include "bulla/limits.h"

#include "base/banned.h"

static bool keep_keys(struct loader *loader, const struct bulla_dotenv *file,
                      struct bulla_project_env_file *entry, struct bulla_error *err)
{
    size_t count = bulla_dotenv_count(file);
    struct bulla_project_env_key *keys = pool_alloc(loader->pool, (count + 1) * sizeof *keys, err);
    if (keys == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bulla_dotenv_entry *from = bulla_dotenv_get(file, i);
        keys[i].name = pool_strndup(loader->pool, from->name.data, from->name.len, err);
        keys[i].pos = from->pos;
        if (keys[i].name == NULL) {
            return false;
        }
    }
    entry->keys = keys;
    entry->key_count = count;
    return true;
}

/* What a service's env file is expanded with: the project's variables, then its `environment`. */
struct service_scope {
    struct scope *scope;
    const struct service *service;
    bool eager;
};

/* Of a value that the service sets only whether it is empty counts: the file's keys are kept. */
static enum bulla_lookup_state service_lookup(void *ctx, struct bulla_bytes name,
                                              struct bulla_bytes *ret_value)
{
    const struct service_scope *from = ctx;
    enum bulla_lookup_state state = scope_lookup(from->scope, name, ret_value);
    const struct list *environment = &from->service->environment;
    for (size_t i = 0; state == BULLA_LOOKUP_UNSET && i < environment->count; i++) {
        const struct bulla_project_env *entry = environment->items[i];
        if (entry->value == NULL || !bulla_bytes_are(name, entry->key)) {
            continue;
        }
        const struct bulla_interpolation with = {
            .lookup = scope_lookup, .lookup_ctx = from->scope, .eager = from->eager};
        struct bulla_interpolate_failure failure;
        struct bulla_error err = BULLA_ERROR_INIT;
        bulla_auto_buf value;
        bulla_buf_init_secret(&value, BULLA_MAX_TEXT_BYTES);
        /* One that cannot be evaluated is a problem at its own place. */
        bool known = bulla_interpolate(bulla_bytes(entry->value, entry->value_len), &with, &value,
                                       NULL, &failure, &err);
        state = known && value.len == 0 ? BULLA_LOOKUP_EMPTY : BULLA_LOOKUP_SET;
    }
    return state;
}

/* ENTRY's file into memory and its keys into ENTRY. */
static bool load_env_file(struct loader *loader, const struct service *service,
                          const struct problem *problem, struct env_file_entry *entry,
                          struct bulla_buf *text, struct bulla_error *err)
{
    struct bulla_project_env_file *info = &entry->info;
    struct bulla_project_file *file = file_note(loader, BULLA_PROJECT_ENV_FILE,
                                                display_name(loader, info->path), info->path, err);
    if (file == NULL) {
        return false;
    }
    file->read = true;
    file->valid = true;
    info->file = file;
    struct bulla_error cause = BULLA_ERROR_INIT;
    struct blanks blanks = {
        .loader = loader, .file = file, .service = problem->service, .err = err};
    struct service_scope from = {entry->file->scope, service, loader->options->eager};
    struct bulla_dotenv_options options = {.grammar =
                                               info->raw ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE,
                                           .lookup = service_lookup,
                                           .lookup_ctx = &from,
                                           .warn = note_blank,
                                           .warn_ctx = &blanks,
                                           .eager = loader->options->eager};
    bulla_auto_dotenv parsed =
        bulla_dotenv_parse(bulla_buf_view(text), file->name, &options, &cause);
    if (blanks.failed) {
        return false;
    }
    if (parsed == NULL) {
        struct problem placed = *problem;
        placed.file = file;
        placed.pos = (struct bulla_pos){0, 0};
        file->valid = false;
        if (!explain_env_file(loader, &placed, false, bulla_buf_view(text), &options, err) ||
            !add_problem_error(loader, &placed, &cause, err)) {
            return false;
        }
        bulla_error_clear(&cause);
        options.no_expand = true;
        options.warn = NULL;
        parsed = bulla_dotenv_parse(bulla_buf_view(text), file->name, &options, &cause);
    }
    return parsed == NULL || keep_keys(loader, parsed, info, err);
}

bool env_file_read(struct loader *loader, const struct service *service,
                   struct env_file_entry *entry, struct bulla_error *err)
{
    struct bulla_project_env_file *info = &entry->info;
    struct bulla_bytes path = bulla_bytes_of(info->path);
    const struct env_file_entry *before = names_find(&loader->names, &loader->files, path);
    if (before != NULL && before->info.raw == info->raw) {
        info->file = before->info.file;
        info->keys = before->info.keys;
        info->key_count = before->info.key_count;
        return true;
    }
    const struct problem problem = {.kind = BULLA_PROBLEM_UNREADABLE,
                                    .fatal = service->info.active,
                                    .file = info->named_in,
                                    .pos = info->pos,
                                    .name = entry->shown,
                                    .service = service->info.name};
    struct bulla_error cause = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(info->path, BULLA_MAX_TEXT_BYTES, &text, &cause)) {
        bool excused = cause.code == BULLA_E_MISSING &&
                       (!info->required || info->rendered || !service->info.active);
        return excused || add_problem_error(loader, &problem, &cause, err);
    }
    return load_env_file(loader, service, &problem, entry, &text, err) &&
           names_put(&loader->names, &loader->files, path, entry, err);
}
