/* `include`: files that a file takes in, each with variables of its own. */
#include "compose/internal.h"

#include <string.h>

#include "bulla/file.h"

#include "base/banned.h"

struct including {
    struct loader *loader;
    struct compose_file *file;
    struct yaml_node *path;
    struct yaml_node *directory;
    struct yaml_node *env_file;
};

static bool read_include_attribute(void *ctx, struct yaml_node *key, struct yaml_node *value,
                                   struct bulla_error *err)
{
    (void)err;
    struct including *in = ctx;
    struct bulla_bytes name = yaml_text(key);
    if (bulla_bytes_are(name, "path")) {
        in->path = value;
    } else if (bulla_bytes_are(name, "project_directory")) {
        in->directory = value;
    } else if (bulla_bytes_are(name, "env_file")) {
        in->env_file = value;
    }
    return true;
}

bool resolve_path(struct loader *loader, struct compose_file *file, const struct yaml_node *node,
                  const char *base, const char **ret_name, const char **ret_path,
                  struct bulla_error *err)
{
    bool hidden = false;
    *ret_path = NULL;
    *ret_name = NULL;
    const struct scope *scope = file->scope;
    if (!resolve_text(loader, scope, node, ret_name, &hidden, err)) {
        return false;
    }
    if (hidden) {
        const struct problem problem = {
            .kind = BULLA_PROBLEM_HIDDEN, .file = &file->info, .pos = node->pos};
        return add_problem(loader, &problem, err, "this path depends on a value that is not known");
    }
    if (*ret_name == NULL || **ret_name == '\0') {
        return true;
    }
    if (strstr(*ret_name, "://") != NULL || strncmp(*ret_name, "git@", 4) == 0) {
        const struct problem problem = {.kind = BULLA_PROBLEM_INCLUDE,
                                        .file = &file->info,
                                        .pos = node->pos,
                                        .name = shown_text(node, *ret_name)};
        return add_problem(loader, &problem, err, "remote files are not followed: '%s'",
                           problem.name);
    }
    *ret_path = path_clean(loader, base, *ret_name, err);
    return *ret_path != NULL;
}

static bool is_cycle(const struct compose_file *file, const char *path)
{
    for (; file != NULL; file = file->parent) {
        if (strcmp(file->info.path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* The env file that NODE names; one that is not there is called as NODE does. */
static bool read_named_env(struct including *in, struct scope *scope, const struct yaml_node *node,
                           struct bulla_error *err)
{
    const char *name = NULL;
    const char *path = NULL;
    if (!resolve_path(in->loader, in->file, node, in->file->workdir, &name, &path, err)) {
        return false;
    }
    if (path == NULL || strcmp(path, "/dev/null") == 0) {
        return true;
    }
    const struct problem problem = {.kind = BULLA_PROBLEM_UNREADABLE,
                                    .fatal = true,
                                    .file = &in->file->info,
                                    .pos = node->pos,
                                    .name = shown_text(node, NULL)};
    if (problem.name == NULL || bulla_file_is_regular(path)) {
        return scope_read_file(in->loader, scope, path, true, false, err);
    }
    scope->unknown = true;
    return add_problem(in->loader, &problem, err, "'%s': there is no such file", problem.name);
}

static bool read_include_env(struct including *in, struct scope *scope, const char *directory,
                             struct bulla_error *err)
{
    struct loader *loader = in->loader;
    if (in->env_file == NULL) {
        const char *path = path_clean(loader, directory, ".env", err);
        if (path == NULL) {
            return false;
        }
        /* The project's own is known to the parent already, or stood in for by its values. */
        bool own = strcmp(directory, loader->project->directory) == 0;
        return own || !bulla_file_is_regular(path) ||
               scope_read_file(loader, scope, path, true, false, err);
    }
    bool many = in->env_file->kind == YAML_SEQUENCE;
    struct yaml_node *item = many ? in->env_file->first : in->env_file;
    for (; item != NULL; item = many ? item->next : NULL) {
        if (!read_named_env(in, scope, yaml_follow(item), err)) {
            return false;
        }
    }
    return true;
}

static bool open_include(struct including *in, const struct yaml_node *node, const char *name,
                         const char *path, struct scope *scope, const char *directory,
                         struct bulla_error *err)
{
    struct loader *loader = in->loader;
    struct problem problem = {.kind = BULLA_PROBLEM_INCLUDE,
                              .fatal = true,
                              .file = &in->file->info,
                              .pos = node->pos,
                              .name = name};
    if (is_cycle(in->file, path)) {
        return add_problem(loader, &problem, err, "including '%s' here makes a cycle", name);
    }
    struct bulla_error cause = BULLA_ERROR_INIT;
    struct compose_file *file =
        file_open(loader, display_name(loader, path), path, BULLA_PROJECT_INCLUDED, &cause);
    if (file == NULL && cause.code == BULLA_E_LIMIT && cause.file[0] == '\0') {
        *err = cause;
        return false;
    }
    if (file == NULL) {
        problem.kind = BULLA_PROBLEM_UNREADABLE;
        return add_problem_error(loader, &problem, &cause, err);
    }
    file->parent = in->file;
    file->scope = scope;
    file->workdir = directory;
    return true;
}

static bool read_include(struct including *in, struct yaml_node *entry, struct bulla_error *err)
{
    struct loader *loader = in->loader;
    in->path = entry->kind == YAML_SCALAR ? entry : NULL;
    in->directory = NULL;
    in->env_file = NULL;
    if (entry->kind == YAML_MAPPING && !each_pair(entry, read_include_attribute, in, err)) {
        return false;
    }
    if (in->path == NULL) {
        return true;
    }
    bool many = in->path->kind == YAML_SEQUENCE;
    struct scope *scope = NULL;
    const char *directory = NULL;
    struct yaml_node *item = many ? in->path->first : in->path;
    for (; item != NULL; item = many ? item->next : NULL) {
        const char *name = NULL;
        const char *path = NULL;
        const struct yaml_node *node = yaml_follow(item);
        if (!resolve_path(in->loader, in->file, node, in->file->workdir, &name, &path, err)) {
            return false;
        }
        if (path == NULL) {
            continue;
        }
        if (scope == NULL) {
            const char *chosen = NULL;
            if (in->directory != NULL && !resolve_path(in->loader, in->file, in->directory,
                                                       in->file->workdir, &name, &chosen, err)) {
                return false;
            }
            directory = chosen != NULL ? chosen : path_dir(loader, path, err);
            scope = scope_new(loader, in->file->scope, err);
            if (directory == NULL || scope == NULL ||
                !read_include_env(in, scope, directory, err)) {
                return false;
            }
        }
        name = shown_text(node, display_name(loader, path));
        if (!open_include(in, node, name, path, scope, directory, err)) {
            return false;
        }
    }
    return true;
}

bool read_includes(struct loader *loader, struct compose_file *file, const struct yaml_node *node,
                   struct bulla_error *err)
{
    struct including in = {.loader = loader, .file = file};
    struct yaml_node *entry = node->kind == YAML_SEQUENCE ? node->first : NULL;
    for (; entry != NULL; entry = entry->next) {
        if (!read_include(&in, yaml_follow(entry), err)) {
            return false;
        }
    }
    return true;
}
