/* One compose file from the disk to nodes. */
#include "compose/internal.h"

#include "bulla/file.h"
#include "bulla/limits.h"

#include "base/banned.h"

struct bulla_project_file *file_note(struct loader *loader, enum bulla_project_file_kind kind,
                                     const char *name, const char *path, struct bulla_error *err)
{
    struct bulla_project_file *info = pool_alloc(loader->pool, sizeof *info, err);
    if (info == NULL || !list_add(&loader->files, info, err)) {
        return NULL;
    }
    info->kind = kind;
    info->name = name;
    info->path = path;
    return info;
}

static bool parse_file(struct loader *loader, struct compose_file *file, struct bulla_error *err)
{
    struct repaired repaired;
    if (!repair_parse(&file->source, loader->pool, &repaired, err)) {
        return false;
    }
    file->first = repaired.first;
    file->info.valid = repaired.valid;
    file->error = repaired.error;
    if (repaired.is_cut) {
        file->spans = repaired.mask.spans;
        file->span_count = repaired.mask.span_count;
    }
    return true;
}

struct compose_file *file_open(struct loader *loader, const char *name, const char *path,
                               enum bulla_project_file_kind kind, struct bulla_error *err)
{
    if (loader->compose_files.count == BULLA_MAX_COMPOSE_FILES) {
        (void)bulla_error_at(err, BULLA_E_LIMIT, name, (struct bulla_pos){0, 0},
                             "more than %d compose files", BULLA_MAX_COMPOSE_FILES);
        return NULL;
    }
    struct compose_file *file = pool_alloc(loader->pool, sizeof *file, err);
    if (file == NULL) {
        return NULL;
    }
    file->info = (struct bulla_project_file){.kind = kind, .name = name, .path = path};
    file->index = loader->compose_files.count;
    bulla_buf_init(&file->raw, BULLA_MAX_TEXT_BYTES);
    if (!list_add(&loader->compose_files, file, err) ||
        !list_add(&loader->files, &file->info, err) ||
        !bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &file->raw, err)) {
        return NULL;
    }
    file->info.read = true;
    struct bulla_error cause = BULLA_ERROR_INIT;
    if (!yaml_source_init(&file->source, loader->pool, bulla_buf_view(&file->raw), name, &cause)) {
        if (cause.code != BULLA_E_SYNTAX) {
            *err = cause;
            return NULL;
        }
        file->error = cause;
        return file;
    }
    return parse_file(loader, file, err) ? file : NULL;
}
