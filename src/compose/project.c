/* Loading a project: what is read, in which order, and what is released again. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"

#include "base/banned.h"

struct owned {
    struct bulla_project info; /* first: it is what the caller has */
    struct pool *pool;
};

static void release_list_of(struct list *list, void (*release)(void *item))
{
    for (size_t i = 0; i < list->count; i++) {
        release(list->items[i]);
    }
    list_release(list);
}

static void release_scope(void *item)
{
    struct scope *scope = item;
    for (size_t i = 0; i < scope->files.count; i++) {
        bulla_dotenv_free(scope->files.items[i]);
    }
    for (size_t i = 0; i < scope->fallback.count; i++) {
        bulla_dotenv_free(scope->fallback.items[i]);
    }
    list_release(&scope->files);
    list_release(&scope->fallback);
}

static void release_file(void *item)
{
    struct compose_file *file = item;
    bulla_buf_release(&file->raw);
}

static void release_service(void *item)
{
    struct service *service = item;
    list_release(&service->profiles);
    list_release(&service->environment);
    list_release(&service->env_files);
    list_release(&service->label_files);
    list_release(&service->mounts);
    list_release(&service->resources);
    list_release(&service->extenders);
    if (service->build != NULL) {
        list_release(&service->build->args);
    }
}

static void release_place(void *item)
{
    struct place *place = item;
    list_release(&place->services);
}

static void release_loader(struct loader *loader)
{
    release_list_of(&loader->scopes, release_scope);
    release_list_of(&loader->compose_files, release_file);
    release_list_of(&loader->services, release_service);
    release_list_of(&loader->places, release_place);
    list_release(&loader->files);
    list_release(&loader->resources);
    list_release(&loader->problems);
    list_release(&loader->literals);
    list_release(&loader->profiles);
    names_release(&loader->names);
    yaml_map_release(&loader->map);
    bulla_buf_release(&loader->path);
}

bool check_uses(const struct loader *loader, const struct compose_file *file,
                struct bulla_error *err)
{
    return loader->uses <= BULLA_MAX_PROJECT_USES ||
           bulla_error_at(err, BULLA_E_LIMIT, file->info.name, (struct bulla_pos){0, 0},
                          "more than %d uses of variables by services", BULLA_MAX_PROJECT_USES);
}

bool read_file(struct loader *loader, struct compose_file *file, struct bulla_error *err)
{
    if (file->first == NULL && file->error.code != BULLA_OK) {
        bool is_twice = file->error.code == BULLA_E_INVALID;
        const struct problem problem = {.kind = is_twice ? BULLA_PROBLEM_DUPLICATE_KEY
                                                         : BULLA_PROBLEM_YAML,
                                        .fatal = true,
                                        .file = &file->info};
        return add_problem_error(loader, &problem, &file->error, err) &&
               scan_raw_file(loader, file, err);
    }
    return walk_file(loader, file, err) && read_model(loader, file, err);
}

/* --- the project's name: docs/compose.md 4.5 ------------------------------------------------- */

struct name_search {
    struct yaml_node *node;
};

static bool find_name_pair(void *ctx, struct yaml_node *key, struct yaml_node *value,
                           struct bulla_error *err)
{
    (void)err;
    struct name_search *search = ctx;
    if (bulla_bytes_are(yaml_text(key), "name") && value->kind == YAML_SCALAR) {
        search->node = value;
    }
    return true;
}

/* The `name:` of the last document that has one. */
static bool find_written_name(struct loader *loader, const char **ret_name, struct bulla_error *err)
{
    struct name_search search = {0};
    for (size_t i = 0; i < loader->compose_files.count; i++) {
        const struct compose_file *file = loader->compose_files.items[i];
        for (struct yaml_document *document = file->first; document != NULL;
             document = document->next) {
            if (document->root->kind == YAML_MAPPING &&
                !each_pair(document->root, find_name_pair, &search, err)) {
                return false;
            }
        }
    }
    bool hidden = false;
    *ret_name = NULL;
    return search.node == NULL ||
           resolve_text(loader, loader->scope, search.node, ret_name, &hidden, err);
}

/* Lower case letters, digits, "-" and "_", the last two not in front. */
static char *normalize_name(struct loader *loader, const char *name, struct bulla_error *err)
{
    char *out = pool_strdup(loader->pool, name, err);
    size_t len = 0;
    for (const char *c = name; out != NULL && *c != '\0'; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        bool letter = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (letter || ((lower == '-' || lower == '_') && len > 0)) {
            out[len++] = lower;
        }
    }
    if (out != NULL) {
        out[len] = '\0';
    }
    return out;
}

/* A name that is given, unlike one that is written, has to be normal already. */
static bool take_given_name(struct loader *loader, struct bulla_bytes name, struct bulla_error *err)
{
    char *copy = pool_strndup(loader->pool, name.data, name.len, err);
    const char *normal = copy != NULL ? normalize_name(loader, copy, err) : NULL;
    if (normal == NULL) {
        return false;
    }
    loader->name = copy;
    const struct problem problem = {.kind = BULLA_PROBLEM_SHAPE, .fatal = true, .name = copy};
    return strcmp(copy, normal) == 0 ||
           add_problem(loader, &problem, err,
                       "the project's name '%s' has to be of lower case letters, digits, '-' and "
                       "'_', a letter or digit first",
                       copy);
}

static bool settle_name(struct loader *loader, struct bulla_error *err)
{
    struct bulla_bytes value = bulla_bytes(NULL, 0);
    if (loader->options->name != NULL) {
        return take_given_name(loader, bulla_bytes_of(loader->options->name), err);
    }
    if (scope_lookup(loader->scope, bulla_bytes_of("COMPOSE_PROJECT_NAME"), &value) ==
            BULLA_LOOKUP_SET &&
        value.len > 0) {
        return take_given_name(loader, value, err);
    }
    const char *written = NULL;
    if (!find_written_name(loader, &written, err)) {
        return false;
    }
    if (written == NULL || written[0] == '\0') {
        const char *full = path_absolute(loader, loader->project->directory, err);
        const char *slash = full != NULL ? strrchr(full, '/') : NULL;
        written = slash != NULL ? slash + 1 : full;
    }
    loader->name = written != NULL ? normalize_name(loader, written, err) : NULL;
    return loader->name != NULL;
}

/* --- all of it -------------------------------------------------------------------------------- */

static bool open_files(struct loader *loader, struct bulla_error *err)
{
    struct found found = {0};
    bool ok = find_files(loader, &found, err);
    if (ok) {
        loader->project->directory = found.directory;
        ok = scope_read_fallback(loader, found.directory, err);
    }
    for (size_t i = 0; ok && i < found.paths.count; i++) {
        struct compose_file *file = file_open(loader, found.names.items[i], found.paths.items[i],
                                              BULLA_PROJECT_COMPOSE, err);
        ok = file != NULL;
        if (ok) {
            file->scope = loader->scope;
            file->workdir = found.directory;
        }
    }
    list_release(&found.paths);
    list_release(&found.names);
    return ok;
}

static bool load(struct loader *loader, struct bulla_error *err)
{
    const char *first_directory = NULL;
    loader->scope = scope_new(loader, NULL, err);
    if (loader->scope == NULL || !find_first_directory(loader, &first_directory, err) ||
        !scope_read_project(loader, first_directory, err) || !open_files(loader, err) ||
        !settle_name(loader, err)) {
        return false;
    }
    struct bulla_project *project = loader->project;
    project->name = loader->name;
    if (!loader->explicit_env && strcmp(first_directory, project->directory) != 0) {
        project->env_before = path_clean(loader, first_directory, ".env", err);
        if (project->env_before == NULL) {
            return false;
        }
    }
    /* Files that are included line up behind those that include them. */
    for (size_t i = 0; i < loader->compose_files.count; i++) {
        struct compose_file *file = loader->compose_files.items[i];
        if (file->info.read && !read_file(loader, file, err)) {
            return false;
        }
    }
    return link_extends(loader, err) && finish_project(loader, err);
}

const struct bulla_project *bulla_project_load(const struct bulla_project_options *options,
                                               struct bulla_error *err)
{
    auto_pool pool = pool_new(err);
    struct owned *owned = pool != NULL ? pool_alloc(pool, sizeof *owned, err) : NULL;
    if (owned == NULL) {
        return NULL;
    }
    struct loader loader = {.options = options, .pool = pool, .project = &owned->info};
    loader.cwd = options->directory != NULL && options->directory[0] != '\0'
                     ? path_clean(&loader, "", options->directory, err)
                     : ".";
    bulla_buf_init(&loader.path, BULLA_MAX_TEXT_BYTES);
    bool ok = loader.cwd != NULL && load(&loader, err);
    release_loader(&loader);
    if (!ok) {
        return NULL;
    }
    owned->pool = BULLA_STEAL(pool);
    return &owned->info;
}

void bulla_project_free(const struct bulla_project *project)
{
    if (project != NULL) {
        pool_free(((const struct owned *)project)->pool);
    }
}
