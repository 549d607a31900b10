#include "staged_secrets.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "workspace.h"

#define MAX_FILE_BYTES BULLA_MAX_TEXT_BYTES
#define MAX_SHOWN 3 /* names */

/* The files that the secrets of one contract's compose files are taken from. */
struct staged_resources {
    const struct bulla_contract *contract;
    struct resource {
        dev_t device;
        ino_t inode;
        char *name;
    } * files;
    size_t count, cap;
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
            bulla_free(secrets->folders[i].files[k].name);
        }
        bulla_free(secrets->folders[i].files);
    }
    bulla_free(secrets->folders);
    bulla_buf_release(&secrets->text);
}

/* --- by the file's name ----------------------------------------------------------------------- */

static bool has_sample_word(const char *name)
{
    const char *const *words = bulla_sample_words();
    for (const char *at = name; *at != '\0';) {
        size_t len = strcspn(at, ".-_");
        for (size_t i = 0; words[i] != NULL; i++) {
            if (strlen(words[i]) == len && strncmp(words[i], at, len) == 0) {
                return true;
            }
        }
        at += len + (at[len] != '\0');
    }
    return false;
}

/* As `init` knows them, and those with other words that begin or end as one: "vps.env". */
static bool is_env_name(const char *name)
{
    const char *environment = NULL;
    bool is_left_alone = false;
    size_t len = strlen(name);
    if (has_sample_word(name)) {
        return false;
    }
    return bulla_file_role(name, &environment, &is_left_alone) == BULLA_FILE_ENV ||
           strncmp(name, ".env.", strlen(".env.")) == 0 ||
           (len > strlen(".env") && strcmp(name + len - strlen(".env"), ".env") == 0);
}

/* --- env files -------------------------------------------------------------------------------- */

static bool is_real(const struct bulla_variable *variable, const struct bulla_dotenv_entry *entry)
{
    if (!entry->set || entry->bare || entry->value.len == 0 ||
        variable->role == BULLA_ROLE_SETTING || bulla_placeholder(entry->value) != NULL) {
        return false;
    }
    /* Of what is made of others all but a secret in it may be known. */
    bool is_made = variable->role == BULLA_ROLE_DERIVED || entry->references > 0;
    return !is_made || bulla_secret_in_clear(variable->name, entry->value) != NULL;
}

/* A name that is there already, by another contract or a second line, is not told again. */
static bool is_told(const struct staged_secret *ret, const char *name)
{
    char quoted[BULLA_MAX_NAME_BYTES + 3];
    (void)snprintf(quoted, sizeof quoted, "'%s'", name);
    return strstr(ret->names, quoted) != NULL;
}

struct finding {
    const struct bulla_dotenv *entries;
    struct staged_secret *ret;
    size_t count;
};

static void tell(struct finding *finding, const struct bulla_dotenv_entry *entry)
{
    struct staged_secret *ret = finding->ret;
    const char *name = (const char *)entry->name.data; /* a NUL is behind it */
    size_t used = strlen(ret->names);
    size_t wanted = entry->name.len + strlen("', '' and 1234567 more");
    if (is_told(ret, name)) {
        return;
    }
    if (finding->count == 0 || entry->pos.line < ret->pos.line) {
        ret->pos = entry->pos;
    }
    if (finding->count++ < MAX_SHOWN && (used == 0 || used + wanted < sizeof ret->names)) {
        (void)snprintf(ret->names + used, sizeof ret->names - used, "%s'%.*s'",
                       used > 0 ? ", " : "", (int)(sizeof ret->names - used - 30), name);
    }
}

static bool look_by_contract(void *ctx, const struct bulla_contract *contract, const char *folder,
                             struct bulla_error *err)
{
    struct finding *finding = ctx;
    (void)folder;
    (void)err;
    for (size_t i = 0; i < bulla_dotenv_count(finding->entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(finding->entries, i);
        struct bulla_variable variable;
        size_t index = 0;
        if (bulla_contract_find_variable(contract, (const char *)entry->name.data, &index)) {
            bulla_contract_variable(contract, index, NULL, &variable);
            if (is_real(&variable, entry)) {
                tell(finding, entry);
            }
        }
    }
    return true;
}

static void tell_rest(struct finding *finding)
{
    size_t shown = 0;
    for (const char *at = finding->ret->names; (at = strchr(at, '\'')) != NULL; at++) {
        shown++;
    }
    if (finding->count > shown / 2) {
        size_t used = strlen(finding->ret->names);
        (void)snprintf(finding->ret->names + used, sizeof finding->ret->names - used,
                       " and %zu more", finding->count - shown / 2);
    }
}

static bool look_at_env_file(struct staged_secrets *secrets, const char *path,
                             struct staged_secret *ret, struct bulla_error *err)
{
    static const struct bulla_dotenv_options options = {.no_expand = true};
    bulla_auto_dotenv entries =
        bulla_dotenv_parse(bulla_buf_view(&secrets->text), path, &options, err);
    if (entries == NULL) {
        bool is_none = err->code != BULLA_E_NOMEM;
        if (is_none) {
            bulla_error_clear(err);
        }
        return is_none;
    }
    struct finding finding = {.entries = entries, .ret = ret};
    if (!staged_outputs_each_contract(secrets->outputs, path, look_by_contract, &finding, err)) {
        return false;
    }
    tell_rest(&finding);
    return true;
}

/* --- files of Compose secrets ----------------------------------------------------------------- */

static bool add_resource(struct staged_resources *folder,
                         const struct bulla_project_resource *resource, struct bulla_error *err)
{
    struct stat st;
    if (resource->config || resource->source != BULLA_RESOURCE_FILE || resource->path == NULL ||
        stat(resource->path, &st) != 0 || !S_ISREG(st.st_mode)) {
        return true;
    }
    if (!bulla_grow(&folder->files, &folder->cap, folder->count + 1, sizeof *folder->files, err)) {
        return false;
    }
    struct resource *added = &folder->files[folder->count++];
    *added = (struct resource){
        .device = st.st_dev, .inode = st.st_ino, .name = bulla_strdup(resource->name, err)};
    return added->name != NULL;
}

/* What does not load is `check`'s matter. */
static bool add_environment(const struct staged_secrets *secrets, struct staged_resources *folder,
                            char *root, const struct bulla_environment *environment,
                            struct bulla_error *err)
{
    const struct workspace ws = {
        .in = secrets->outputs->in, .root = root, .environment = environment};
    bulla_auto_project project = workspace_load_project(&ws, NULL, NULL, err);
    if (project == NULL) {
        bool is_passing = err->code != BULLA_E_NOMEM;
        if (is_passing) {
            bulla_error_clear(err);
        }
        return is_passing;
    }
    for (size_t i = 0; i < project->resource_count; i++) {
        if (!add_resource(folder, project->resources[i], err)) {
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
        if (file->device == wanted->st.st_dev && file->inode == wanted->st.st_ino) {
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
    struct wanted wanted = {.secrets = secrets};
    bulla_auto_str here = bulla_path_join(secrets->outputs->tree, path, err);
    if (here == NULL) {
        return false;
    }
    if (stat(here, &wanted.st) == 0 &&
        !staged_outputs_each_contract(secrets->outputs, path, look_for_resource, &wanted, err)) {
        return false;
    }
    *ret_name = wanted.name;
    return true;
}

bool staged_secrets_find(struct staged_secrets *secrets, const struct git_staged *file,
                         struct staged_secret *ret, struct bulla_error *err)
{
    const char *slash = strrchr(file->path, '/');
    const char *name = slash != NULL ? slash + 1 : file->path;
    const char *resource = NULL;
    bool is_env = is_env_name(name);
    bool found = false;
    *ret = (struct staged_secret){.pos = {0, 0}};
    if (has_sample_word(name)) {
        return true;
    }
    if (!find_resource(secrets, file->path, &resource, err)) {
        return false;
    }
    if (!is_env && resource == NULL) {
        return true;
    }
    bulla_auto_str object = bulla_asprintf(err, ":%s", file->path);
    bulla_buf_clear(&secrets->text);
    if (object == NULL ||
        !git_objects_get(secrets->outputs->objects, object, &secrets->text, &found, err)) {
        return false;
    }
    if (resource != NULL && is_secret_text(bulla_buf_view(&secrets->text))) {
        ret->is_resource = true;
        (void)snprintf(ret->names, sizeof ret->names, "'%.100s'", resource);
        return true;
    }
    return !is_env || look_at_env_file(secrets, file->path, ret, err);
}
