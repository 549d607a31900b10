/* `label_file`: env files whose names are labels. They see the labels of earlier ones, nothing
 * else. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"

#include "base/banned.h"

struct label_file {
    const char *path;
    const char *shown;               /* as messages call it */
    const struct compose_file *file; /* that names it */
    struct bulla_pos pos;
};

static bool read_one(struct loader *loader, struct compose_file *file, struct service *service,
                     const struct yaml_node *node, struct bulla_error *err)
{
    const char *name = NULL;
    bool hidden = false;
    if (node->kind != YAML_SCALAR ||
        !resolve_text(loader, file->scope, node, &name, &hidden, err)) {
        return node->kind != YAML_SCALAR;
    }
    if (hidden) {
        const struct problem problem = {.kind = BULLA_PROBLEM_HIDDEN,
                                        .file = &file->info,
                                        .pos = node->pos,
                                        .service = service->info.name};
        return add_problem(loader, &problem, err,
                           "the path of this label_file depends on a value that is not known");
    }
    if (name == NULL || name[0] == '\0') {
        return true;
    }
    struct label_file *kept = pool_alloc(loader->pool, sizeof *kept, err);
    if (kept == NULL) {
        return false;
    }
    kept->path = path_clean(loader, file->workdir, name, err);
    kept->shown = kept->path != NULL ? shown_text(node, display_name(loader, kept->path)) : NULL;
    kept->file = file;
    kept->pos = node->pos;
    return kept->path != NULL && list_add(&service->label_files, kept, err);
}

bool read_label_files(struct loader *loader, struct compose_file *file, struct service *service,
                      struct yaml_node *value, struct bulla_error *err)
{
    if (value->kind != YAML_SEQUENCE) {
        return read_one(loader, file, service, value, err);
    }
    for (const struct yaml_node *item = value->first; item != NULL; item = item->next) {
        if (!read_one(loader, file, service, yaml_resolve(item), err)) {
            return false;
        }
    }
    return true;
}

static enum bulla_lookup_state find_label(void *files, struct bulla_bytes name,
                                          struct bulla_bytes *ret_value)
{
    return find_in_files(files, name, ret_value);
}

static bool parse_labels(struct loader *loader, const struct service *service,
                         struct problem *problem, struct bulla_bytes text, struct list *earlier,
                         struct bulla_error *err)
{
    const struct bulla_project_file *file = problem->file;
    struct blanks blanks = {
        .loader = loader, .file = file, .service = service->info.name, .err = err};
    const struct bulla_dotenv_options options = {.lookup = find_label,
                                                 .lookup_ctx = earlier,
                                                 .warn = note_blank,
                                                 .warn_ctx = &blanks,
                                                 .eager = loader->options->eager};
    struct bulla_error cause = BULLA_ERROR_INIT;
    struct bulla_dotenv *parsed = bulla_dotenv_parse(text, file->name, &options, &cause);
    if (blanks.failed) {
        bulla_dotenv_free(parsed);
        return false;
    }
    if (parsed == NULL) {
        problem->pos = (struct bulla_pos){0, 0};
        return explain_env_file(loader, problem, false, text, &options, err) &&
               add_problem_error(loader, problem, &cause, err);
    }
    if (!list_add(earlier, parsed, err)) {
        bulla_dotenv_free(parsed);
        return false;
    }
    return true;
}

static bool check_one(struct loader *loader, const struct service *service,
                      const struct label_file *entry, struct list *earlier, struct bulla_error *err)
{
    struct problem problem = {.kind = BULLA_PROBLEM_UNREADABLE,
                              .fatal = true,
                              .file = &entry->file->info,
                              .pos = entry->pos,
                              .name = entry->shown,
                              .service = service->info.name,
                              .says =
                                  "label file \xe2\x80\xa6 not found: stat \xe2\x80\xa6: no such "
                                  "file or directory"};
    struct bulla_error cause = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(entry->path, BULLA_MAX_TEXT_BYTES, &text, &cause)) {
        return add_problem_error(loader, &problem, &cause, err);
    }
    struct bulla_project_file *file = file_note(
        loader, BULLA_PROJECT_ENV_FILE, display_name(loader, entry->path), entry->path, err);
    if (file == NULL) {
        return false;
    }
    file->read = true;
    size_t before = earlier->count;
    problem.file = file;
    problem.says = NULL;
    bool ok = parse_labels(loader, service, &problem, bulla_buf_view(&text), earlier, err);
    file->valid = earlier->count > before;
    return ok;
}

bool check_label_files(struct loader *loader, const struct service *service,
                       struct bulla_error *err)
{
    struct list earlier = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < service->label_files.count; i++) {
        ok = check_one(loader, service, service->label_files.items[i], &earlier, err);
    }
    for (size_t i = 0; i < earlier.count; i++) {
        bulla_dotenv_free(earlier.items[i]);
    }
    list_release(&earlier);
    return ok;
}
