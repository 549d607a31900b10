/* Compose files further down, for `init` where none is found as Compose finds them. */
#include "bulla/compose.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bulla/mem.h"

#include "base/banned.h"

#define MAX_ENTRIES 20000 /* of all folders together */
#define MAX_DEPTH 8

static const char *const default_names[] = {"compose.yaml", "compose.yml", "docker-compose.yml",
                                            "docker-compose.yaml", NULL};

struct search {
    struct bulla_compose_candidates *found;
    size_t cap;
    size_t entries;
};

static void close_dir(DIR **dir)
{
    if (*dir != NULL) {
        (void)closedir(*dir);
    }
}

static bool keep(struct search *search, const char *prefix, const char *name,
                 struct bulla_error *err)
{
    struct bulla_compose_candidates *found = search->found;
    char *path = bulla_asprintf(err, "%s%s", prefix, name);
    if (path == NULL ||
        !bulla_grow(&found->paths, &search->cap, found->count + 1, sizeof *found->paths, err)) {
        bulla_free(path);
        return false;
    }
    found->paths[found->count++] = path;
    return true;
}

static bool ends_as_yaml(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot != NULL && (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

static bool is_named_compose(const char *name)
{
    return (strncmp(name, "compose", 7) == 0 || strncmp(name, "docker-compose", 14) == 0) &&
           ends_as_yaml(name);
}

static bool is_searched(const char *name)
{
    return name[0] != '.' && strcmp(name, "node_modules") != 0 && strcmp(name, "vendor") != 0;
}

/* DEPTH bounds the recursion. */
static bool search_folder(struct search *search, const char *directory, const char *prefix,
                          unsigned depth, struct bulla_error *err)
{
    BULLA_AUTO(close_dir) DIR *dir = opendir(directory);
    if (dir == NULL) {
        return true;
    }
    for (const struct dirent *entry = readdir(dir); entry != NULL && search->entries < MAX_ENTRIES;
         entry = readdir(dir)) {
        search->entries++;
        struct stat status;
        const char *name = entry->d_name;
        if (is_named_compose(name) && fstatat(dirfd(dir), name, &status, 0) == 0 &&
            S_ISREG(status.st_mode) && !keep(search, prefix, name, err)) {
            return false;
        }
        bool folder = depth > 0 && is_searched(name) &&
                      fstatat(dirfd(dir), name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                      S_ISDIR(status.st_mode);
        if (!folder) {
            continue;
        }
        bulla_auto_str inner = bulla_asprintf(err, "%s/%s", directory, name);
        bulla_auto_str inner_prefix = bulla_asprintf(err, "%s%s/", prefix, name);
        if (inner == NULL || inner_prefix == NULL ||
            !search_folder(search, inner, inner_prefix, depth - 1, err)) {
            return false;
        }
    }
    return true;
}

/* Length of PATH's folder part. */
static size_t folder_len(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) : 0;
}

/* The rank of a default name; others come behind them. */
static size_t rank_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t rank = 0;
    while (default_names[rank] != NULL && strcmp(name, default_names[rank]) != 0) {
        rank++;
    }
    return rank;
}

static bool same_folder(const char *a, const char *b)
{
    return folder_len(a) == folder_len(b) && strncmp(a, b, folder_len(a)) == 0;
}

/* By folder, then default names in their order, then the others. */
static int compare_paths(const void *a, const void *b)
{
    const char *left = *(char *const *)a;
    const char *right = *(char *const *)b;
    if (!same_folder(left, right)) {
        size_t shorter =
            folder_len(left) < folder_len(right) ? folder_len(left) : folder_len(right);
        int order = strncmp(left, right, shorter);
        return order != 0 ? order : folder_len(left) < folder_len(right) ? -1 : 1;
    }
    size_t x = rank_name(left);
    size_t y = rank_name(right);
    return x != y ? (x < y ? -1 : 1) : strcmp(left, right);
}

/* One entry for a folder that has a default name. */
static void drop_others(struct bulla_compose_candidates *found)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        const char *last = kept > 0 ? found->paths[kept - 1] : NULL;
        if (last != NULL && default_names[rank_name(last)] != NULL &&
            same_folder(last, found->paths[i])) {
            bulla_free(found->paths[i]);
            continue;
        }
        found->paths[kept++] = found->paths[i];
    }
    found->count = kept;
}

bool bulla_compose_candidates_find(const char *directory, unsigned depth,
                                   struct bulla_compose_candidates *ret_candidates,
                                   struct bulla_error *err)
{
    struct bulla_compose_candidates found = {0};
    struct search search = {.found = &found};
    if (!search_folder(&search, directory, "", depth < MAX_DEPTH ? depth : MAX_DEPTH, err)) {
        bulla_compose_candidates_free(&found);
        return false;
    }
    if (found.count > 1) {
        qsort(found.paths, found.count, sizeof *found.paths, compare_paths);
        drop_others(&found);
    }
    *ret_candidates = found;
    return true;
}

bool bulla_compose_candidates_hint(const struct bulla_compose_candidates *candidates,
                                   const char *words, struct bulla_error *err)
{
    char list[sizeof err->hint];
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < candidates->count; i++) {
        static const char *const before[] = {"-f ", " (or ", ", "};
        int len = snprintf(list + used, sizeof list - used, "%s%s", before[i < 2 ? i : 2],
                           candidates->paths[i]);
        /* Room for the words and the bracket. */
        if (len < 0 || used + (size_t)len + strlen(words) + 3 > sizeof list) {
            list[used] = '\0';
            break;
        }
        used += (size_t)len;
    }
    bool is_open = strstr(list, " (or ") != NULL;
    return bulla_error_hint(err, "%s %s%s", words, list, is_open ? ")" : "");
}

void bulla_compose_candidates_free(struct bulla_compose_candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++) {
        bulla_free(candidates->paths[i]);
    }
    bulla_free(candidates->paths);
    *candidates = (struct bulla_compose_candidates){0};
}
