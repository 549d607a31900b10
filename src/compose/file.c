/* One compose file from the disk to nodes, repaired where a reference breaks its YAML. */
#include "compose/internal.h"

#include <string.h>

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

/* Puts the masked bytes of FILE's text back into NODE and says whether YAML would have cut it. */
static bool restore_scalar(struct loader *loader, struct compose_file *file,
                           struct bulla_bytes original, struct yaml_node *node, bool *ret_cut,
                           struct bulla_error *err)
{
    if (node->len == 0 || memchr(node->text, '$', node->len) == NULL) {
        return true;
    }
    if (!yaml_map_build(&loader->map, &file->source, node, err)) {
        return false;
    }
    for (size_t i = 0; loader->map.exact && i < loader->map.count; i++) {
        const struct yaml_segment *segment = &loader->map.segments[i];
        if (segment->copied) {
            memcpy(node->text + segment->decoded, original.data + segment->source, segment->len);
        }
    }
    if (node->style == YAML_PLAIN &&
        memcmp(original.data + node->start, file->source.text.data + node->start,
               node->end - node->start) != 0) {
        /* Block context takes braces; between [ ] or { } they end a plain scalar. */
        struct bulla_bytes part = bulla_bytes(original.data + node->start, node->end - node->start);
        for (size_t i = 1; i < part.len; i++) {
            bool masked = part.data[i] != file->source.text.data[node->start + i];
            *ret_cut = *ret_cut || (masked && (node->flow || memchr(" \t#", part.data[i], 3)));
        }
    }
    return true;
}

static bool restore(struct loader *loader, struct compose_file *file, struct bulla_bytes original,
                    struct yaml_node *node, bool *ret_cut, struct bulla_error *err)
{
    switch (node->kind) {
    case YAML_SCALAR:
        return restore_scalar(loader, file, original, node, ret_cut, err);
    case YAML_ALIAS:
        return true;
    case YAML_SEQUENCE:
    case YAML_MAPPING:
        /* As deep as yaml_parse lets it be. */
        for (struct yaml_node *child = node->first; child != NULL; child = child->next) {
            if (!restore(loader, file, original, child, ret_cut, err) ||
                (child->value != NULL &&
                 !restore(loader, file, original, child->value, ret_cut, err))) {
                return false;
            }
        }
        return true;
    }
    return true;
}

enum attempt { PARSED, NOT_YAML, FAILED };

/* Parses SOURCE; what only says that it is not YAML goes to *ret_cause. */
static enum attempt parse(struct loader *loader, struct compose_file *file,
                          struct bulla_error *ret_cause, struct bulla_error *err)
{
    if (yaml_parse(&file->source, loader->pool, &file->first, ret_cause)) {
        return PARSED;
    }
    file->first = NULL;
    if (ret_cause->code == BULLA_E_SYNTAX || ret_cause->code == BULLA_E_LIMIT) {
        return NOT_YAML;
    }
    *err = *ret_cause;
    return FAILED;
}

/*
 * Parses with the bytes of references masked. *ret_cut says whether one of them would have ended a
 * scalar; PARSED leaves documents whose texts are those of the file.
 */
static enum attempt parse_masked(struct loader *loader, struct compose_file *file, bool flow,
                                 bool *ret_cut, struct bulla_error *err)
{
    struct bulla_bytes original = file->source.text;
    struct mask mask;
    if (!mask_references(loader->pool, original, flow, &mask, err)) {
        return FAILED;
    }
    if (!mask.changed) {
        return NOT_YAML;
    }
    struct bulla_error cause = BULLA_ERROR_INIT;
    file->source.text = bulla_bytes(mask.text, original.len);
    enum attempt attempt = parse(loader, file, &cause, err);
    for (struct yaml_document *document = file->first; attempt == PARSED && document != NULL;
         document = document->next) {
        if (!restore(loader, file, original, document->root, ret_cut, err)) {
            attempt = FAILED;
        }
    }
    file->source.text = original;
    if (attempt == PARSED && *ret_cut) {
        file->spans = mask.spans;
        file->span_count = mask.span_count;
        file->flow_masked = flow;
    }
    return attempt;
}

/* Whether the text as it stands is YAML, without keeping what it gives. */
static bool is_yaml(struct compose_file *file, struct bulla_error *ret_cause, bool *ret_failed,
                    struct bulla_error *err)
{
    auto_pool pool = pool_new(err);
    if (pool == NULL) {
        *ret_failed = true;
        return false;
    }
    struct yaml_document *first = NULL;
    bool ok = yaml_parse(&file->source, pool, &first, ret_cause);
    if (!ok && ret_cause->code != BULLA_E_SYNTAX && ret_cause->code != BULLA_E_LIMIT) {
        *err = *ret_cause;
        *ret_failed = true;
    }
    return ok;
}

static bool parse_file(struct loader *loader, struct compose_file *file, struct bulla_error *err)
{
    bool cut = false;
    enum attempt attempt = parse_masked(loader, file, false, &cut, err);
    if (attempt == FAILED) {
        return false;
    }
    if (attempt == PARSED) {
        bool failed = false;
        file->info.valid = !cut || is_yaml(file, &file->error, &failed, err);
        return !failed;
    }
    attempt = parse(loader, file, &file->error, err);
    if (attempt != NOT_YAML) {
        file->info.valid = attempt == PARSED;
        return attempt == PARSED;
    }
    return parse_masked(loader, file, true, &cut, err) != FAILED;
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
