#include "staged_outputs.h"

#include <string.h>

#include "workspace.h"

/* A folder of the tree: its contract, if it has one. */
struct staged_contract {
    char *folder; /* "" or "deploy" */
    char *path;   /* of its bulla.ini, from the tree's root */
    struct bulla_contract *contract;
};

void staged_outputs_release(struct staged_outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++) {
        bulla_free(outputs->folders[i].folder);
        bulla_free(outputs->folders[i].path);
        bulla_contract_free(outputs->folders[i].contract);
    }
    bulla_free(outputs->folders);
}

static bool read_contract(const struct staged_outputs *outputs, struct staged_contract *folder,
                          struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_CONTRACT_BYTES);
    bulla_auto_str name = bulla_asprintf(err, ":%s", folder->path);
    bulla_auto_str here = bulla_path_join(outputs->tree, folder->path, err);
    bool found = false;
    if (name == NULL || here == NULL ||
        !git_objects_get(outputs->objects, name, &text, &found, err)) {
        return false;
    }
    if (!found && bulla_file_is_regular(here)) {
        found = true;
        if (!bulla_file_read(here, BULLA_MAX_CONTRACT_BYTES, &text, err)) {
            return false;
        }
    }
    if (!found) {
        return true;
    }
    folder->contract = bulla_contract_parse(bulla_buf_view(&text), folder->path, err);
    return folder->contract != NULL;
}

static bool find_folder(struct staged_outputs *outputs, const char *path, size_t len,
                        const struct staged_contract **ret_folder, struct bulla_error *err)
{
    for (size_t i = 0; i < outputs->count; i++) {
        const char *known = outputs->folders[i].folder;
        if (strlen(known) == len && strncmp(known, path, len) == 0) {
            *ret_folder = &outputs->folders[i];
            return true;
        }
    }
    if (!bulla_grow(&outputs->folders, &outputs->cap, outputs->count + 1, sizeof *outputs->folders,
                    err)) {
        return false;
    }
    struct staged_contract *folder = &outputs->folders[outputs->count++];
    *folder = (struct staged_contract){.folder = bulla_strndup(path, len, err)};
    folder->path = folder->folder == NULL
                       ? NULL
                       : bulla_asprintf(err, "%s%sbulla.ini", folder->folder, len > 0 ? "/" : "");
    *ret_folder = folder;
    return folder->path != NULL && read_contract(outputs, folder, err);
}

/* PATH without "." and "..", in place. */
static void simplify(char *path)
{
    char *out = path;
    const char *in = path;
    while (*in != '\0') {
        size_t len = strcspn(in, "/");
        bool is_up = len == 2 && in[0] == '.' && in[1] == '.';
        bool is_kept = len > 0 && !is_up && !(len == 1 && in[0] == '.');
        bool is_last = in[len] == '\0';
        while (is_up && out > path && *--out != '/') {
        }
        if (is_kept) {
            if (out > path) {
                *out++ = '/';
            }
            memmove(out, in, len);
            out += len;
        }
        in += len + !is_last;
    }
    *out = '\0';
}

/* The rendered file of ENVIRONMENT, from the tree's root; owned. */
static char *output_of(const struct staged_outputs *outputs, const struct staged_contract *folder,
                       const struct bulla_environment *environment, struct bulla_error *err)
{
    bulla_auto_str root = folder->folder[0] == '\0'
                              ? bulla_strdup(outputs->tree, err)
                              : bulla_path_join(outputs->tree, folder->folder, err);
    struct workspace ws = {.in = outputs->in, .root = root, .environment = environment};
    bulla_auto_str below =
        root != NULL ? workspace_project_path_in_root(&ws, environment->output, err) : NULL;
    char *path = below != NULL ? bulla_path_join(folder->folder, below, err) : NULL;
    if (path != NULL) {
        simplify(path);
    }
    return path;
}

static bool find_in_folder(const struct staged_outputs *outputs,
                           const struct staged_contract *folder, const char *path,
                           const char **ret_environment, struct bulla_error *err)
{
    size_t count =
        folder->contract == NULL ? 0 : bulla_contract_environment_count(folder->contract);
    for (size_t i = 0; i < count && *ret_environment == NULL; i++) {
        const struct bulla_environment *environment =
            bulla_contract_environment(folder->contract, i);
        bulla_auto_str output = output_of(outputs, folder, environment, err);
        if (output == NULL) {
            return false;
        }
        *ret_environment = strcmp(output, path) == 0 ? environment->name : NULL;
    }
    return true;
}

bool staged_outputs_find(struct staged_outputs *outputs, const char *path,
                         const char **ret_environment, struct bulla_error *err)
{
    *ret_environment = NULL;
    for (size_t len = strlen(path); len > 0 && *ret_environment == NULL;) {
        do {
            len--;
        } while (len > 0 && path[len] != '/');
        const struct staged_contract *folder = NULL;
        if (!find_folder(outputs, path, len, &folder, err) ||
            !find_in_folder(outputs, folder, path, ret_environment, err)) {
            return false;
        }
    }
    return true;
}

bool staged_outputs_each_contract(struct staged_outputs *outputs, const char *path,
                                  staged_contract_step *step, void *ctx, struct bulla_error *err)
{
    for (size_t len = strlen(path); len > 0;) {
        do {
            len--;
        } while (len > 0 && path[len] != '/');
        const struct staged_contract *folder = NULL;
        if (!find_folder(outputs, path, len, &folder, err)) {
            return false;
        }
        /* The list of folders may grow in STEP: what it is given lies elsewhere. */
        const struct bulla_contract *contract = folder->contract;
        if (contract != NULL && !step(ctx, contract, folder->folder, err)) {
            return false;
        }
    }
    return true;
}

/* NAME is the file, from the folder of CONTRACT. */
static bool leaves_out(const struct bulla_contract *contract, const char *name, const char *rule)
{
    for (size_t i = 0; contract != NULL && i < bulla_contract_rule_count(contract); i++) {
        const struct bulla_check_rule *row = bulla_contract_rule(contract, i);
        bool is_here = row->reason == NULL ? row->off && row->environment == NULL
                                           : row->file == NULL || strcmp(row->file, name) == 0;
        if (is_here && strcmp(row->rule, rule) == 0) {
            return true;
        }
    }
    return false;
}

bool staged_outputs_ignore(struct staged_outputs *outputs, const char *path, const char *rule,
                           bool *ret_ignored, struct bulla_error *err)
{
    *ret_ignored = false;
    for (size_t len = strlen(path); len > 0 && !*ret_ignored;) {
        do {
            len--;
        } while (len > 0 && path[len] != '/');
        const struct staged_contract *folder = NULL;
        if (!find_folder(outputs, path, len, &folder, err)) {
            return false;
        }
        *ret_ignored = leaves_out(folder->contract, path + len + (len > 0), rule);
    }
    return true;
}
