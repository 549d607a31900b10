#include "staged_secrets.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "message.h"
#include "workspace.h"

#define MAX_FILE_BYTES BULLA_MAX_TEXT_BYTES

/* The files that the secrets of one contract's compose files are taken from. */
struct staged_resources {
    const struct bulla_contract *contract;
    struct resource {
        char *path; /* absolute, "." and ".." taken out */
        bool is_there;
        dev_t device;
        ino_t inode;
        char *name;
    } * files;
    size_t count, cap;
    bool is_warned_of;
};

void staged_secrets_init(struct staged_secrets *secrets, struct staged_outputs *outputs)
{
    *secrets = (struct staged_secrets){.outputs = outputs};
    bulla_buf_init_secret(&secrets->text, MAX_FILE_BYTES);
}

void staged_secrets_release(struct staged_secrets *secrets)
{
    for (size_t i = 0; i < secrets->count; i++) {
        for (size_t k = 0; k < secrets->folders[i].count; k++) {
            bulla_free(secrets->folders[i].files[k].path);
            bulla_free(secrets->folders[i].files[k].name);
        }
        bulla_free(secrets->folders[i].files);
    }
    bulla_free(secrets->folders);
    bulla_buf_release(&secrets->text);
}

/* --- files of Compose secrets ----------------------------------------------------------------- */

static bool add_resource(struct staged_resources *folder, const char *root,
                         const struct bulla_project_resource *resource, struct bulla_error *err)
{
    struct stat st = {0};
    if (resource->config || resource->source != BULLA_RESOURCE_FILE || resource->path == NULL) {
        return true;
    }
    if (!bulla_grow(&folder->files, &folder->cap, folder->count + 1, sizeof *folder->files, err)) {
        return false;
    }
    bool is_there = stat(resource->path, &st) == 0;
    struct resource *added = &folder->files[folder->count++];
    *added = (struct resource){.path = bulla_path_resolve(root, resource->path, err),
                               .is_there = is_there,
                               .device = st.st_dev,
                               .inode = st.st_ino};
    added->name = added->path != NULL ? bulla_strdup(resource->name, err) : NULL;
    return added->name != NULL;
}

static bool is_unread(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->problem_count; i++) {
        const struct bulla_project_problem *problem = &project->problems[i];
        if (problem->fatal &&
            (problem->kind == BULLA_PROBLEM_UNREADABLE || problem->kind == BULLA_PROBLEM_YAML ||
             problem->kind == BULLA_PROBLEM_INCLUDE)) {
            return true;
        }
    }
    return false;
}

static bool warn_of_unread(const struct workspace *ws, struct staged_resources *folder,
                           struct bulla_error *err)
{
    if (folder->is_warned_of) {
        return true;
    }
    bulla_auto_str root = bulla_word(ws->root, err);
    if (root == NULL) {
        return false;
    }
    folder->is_warned_of = true;
    message_warn(ws->in,
                 "compose files of %s cannot be read: a file that a secret is taken from may be "
                 "committed",
                 bulla_contract_file(folder->contract));
    message_hint(ws->in, "bulla -C %s check -e %s says why", root, ws->environment->name);
    return true;
}

static bool add_environment(const struct staged_secrets *secrets, struct staged_resources *folder,
                            char *root, const struct bulla_environment *environment,
                            struct bulla_error *err)
{
    const struct workspace ws = {
        .in = secrets->outputs->in, .root = root, .environment = environment};
    bulla_auto_project project = workspace_load_project(&ws, NULL, NULL, err);
    if (project == NULL && err->code == BULLA_E_NOMEM) {
        return false;
    }
    if (project == NULL || is_unread(project)) {
        bulla_error_clear(err);
        if (!warn_of_unread(&ws, folder, err)) {
            return false;
        }
    }
    for (size_t i = 0; project != NULL && i < project->resource_count; i++) {
        if (!add_resource(folder, root, project->resources[i], err)) {
            return false;
        }
    }
    return true;
}

static bool find_resources(struct staged_secrets *secrets, const struct bulla_contract *contract,
                           const char *folder, const struct staged_resources **ret,
                           struct bulla_error *err)
{
    for (size_t i = 0; i < secrets->count; i++) {
        if (secrets->folders[i].contract == contract) {
            *ret = &secrets->folders[i];
            return true;
        }
    }
    if (!bulla_grow(&secrets->folders, &secrets->cap, secrets->count + 1, sizeof *secrets->folders,
                    err)) {
        return false;
    }
    struct staged_resources *added = &secrets->folders[secrets->count++];
    *added = (struct staged_resources){.contract = contract};
    bulla_auto_str root = folder[0] == '\0' ? bulla_strdup(secrets->outputs->tree, err)
                                            : bulla_path_join(secrets->outputs->tree, folder, err);
    bool ok = root != NULL;
    for (size_t i = 0; ok && i < bulla_contract_environment_count(contract); i++) {
        ok = add_environment(secrets, added, root, bulla_contract_environment(contract, i), err);
    }
    *ret = added;
    return ok;
}

/* The file that is looked for, and the secret that is taken from it. */
struct wanted {
    struct staged_secrets *secrets;
    const char *path; /* absolute */
    bool is_there;
    struct stat st;
    const char *name;
};

static bool look_for_resource(void *ctx, const struct bulla_contract *contract, const char *folder,
                              struct bulla_error *err)
{
    struct wanted *wanted = ctx;
    const struct staged_resources *resources = NULL;
    if (!find_resources(wanted->secrets, contract, folder, &resources, err)) {
        return false;
    }
    for (size_t i = 0; i < resources->count; i++) {
        const struct resource *file = &resources->files[i];
        bool is_same = file->is_there && wanted->is_there && file->device == wanted->st.st_dev &&
                       file->inode == wanted->st.st_ino;
        if (is_same || strcmp(file->path, wanted->path) == 0) {
            wanted->name = file->name;
        }
    }
    return true;
}

/* One that is empty, a placeholder, or a certificate without its key is nobody's secret. */
static bool is_secret_text(struct bulla_bytes text)
{
    size_t len = text.len;
    while (len > 0 && strchr(" \t\r\n", text.data[len - 1]) != NULL) {
        len--;
    }
    text = bulla_bytes_slice(text, 0, len);
    bool is_certificate = bulla_bytes_start(text, "-----BEGIN CERTIFICATE-----") &&
                          memmem(text.data, text.len, "PRIVATE KEY", strlen("PRIVATE KEY")) == NULL;
    return len > 0 && !is_certificate && bulla_placeholder(text) == NULL;
}

static bool find_resource(struct staged_secrets *secrets, const char *path, const char **ret_name,
                          struct bulla_error *err)
{
    bulla_auto_str here = bulla_path_resolve(secrets->outputs->tree, path, err);
    struct wanted wanted = {.secrets = secrets, .path = here};
    if (here == NULL) {
        return false;
    }
    wanted.is_there = stat(here, &wanted.st) == 0;
    if (!staged_outputs_each_contract(secrets->outputs, path, look_for_resource, &wanted, err)) {
        return false;
    }
    *ret_name = wanted.name;
    return true;
}

/* Where there are secrets at all, what is too large to be looked at may have them. */
static bool judge_large(struct staged_secrets *secrets, const char *path, struct staged_secret *ret,
                        struct bulla_error *err)
{
    bool has_secrets = false;
    if (!staged_env_has_secrets(secrets->outputs, path, &has_secrets, err)) {
        return false;
    }
    ret->kind = has_secrets ? STAGED_SECRET_TOO_LARGE : STAGED_SECRET_NONE;
    return true;
}

bool staged_secrets_find(struct staged_secrets *secrets, const struct git_staged *file,
                         struct staged_secret *ret, struct bulla_error *err)
{
    enum staged_name name = staged_env_name(bulla_path_base(file->path));
    const char *resource = NULL;
    bool found = false;
    *ret = (struct staged_secret){.kind = STAGED_SECRET_NONE};
    if (name == STAGED_NAME_SAMPLE) {
        return true;
    }
    if (!find_resource(secrets, file->path, &resource, err)) {
        return false;
    }
    if (name != STAGED_NAME_ENV && resource == NULL) {
        return true;
    }
    bulla_auto_str object = bulla_asprintf(err, ":%s", file->path);
    bulla_buf_clear(&secrets->text);
    if (object == NULL ||
        !git_objects_get(secrets->outputs->objects, object, &secrets->text, &found, err)) {
        return false;
    }
    struct bulla_bytes text = bulla_buf_view(&secrets->text);
    bool is_large = found && secrets->outputs->objects->size > MAX_FILE_BYTES;
    if (resource != NULL && (is_large || is_secret_text(text))) {
        ret->kind = STAGED_SECRET_RESOURCE;
        (void)snprintf(ret->names, sizeof ret->names, "'%.100s'", resource);
        return true;
    }
    if (name != STAGED_NAME_ENV) {
        return true;
    }
    return is_large ? judge_large(secrets, file->path, ret, err)
                    : staged_env_look(secrets->outputs, file->path, text, ret, err);
}
