#include "staged_vaults.h"

#include <string.h>

#include "bulla/mem.h"

#define VAULT_FOLDER ".bulla/"
#define VAULT_SUFFIX ".vault"
#define MAX_NAMES_BYTES ((size_t)256 * 1024 * 1024)

bool staged_vault_is(const char *path, char name[static BULLA_MAX_MEMBER_BYTES + 1])
{
    size_t len = strlen(path);
    const char *base = strrchr(path, '/');
    base = base != NULL ? base + 1 : path;
    size_t folder = strlen(VAULT_FOLDER);
    size_t suffix = strlen(VAULT_SUFFIX);
    size_t before = (size_t)(base - path);
    size_t stem = len - before;
    if (before < folder || strncmp(base - folder, VAULT_FOLDER, folder) != 0 ||
        (before > folder && base[-(ptrdiff_t)folder - 1] != '/') || stem <= suffix ||
        strcmp(path + len - suffix, VAULT_SUFFIX) != 0 || stem - suffix > BULLA_MAX_MEMBER_BYTES) {
        return false;
    }
    memcpy(name, base, stem - suffix);
    name[stem - suffix] = '\0';
    return true;
}

struct bulla_vault *staged_vault_open(struct git_objects *objects, const char *path,
                                      const char *environment, struct bulla_error *err)
{
    bool found = false;
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_VAULT_BYTES);
    bulla_auto_str name = bulla_asprintf(err, ":%s", path);
    if (name == NULL || !git_objects_get(objects, name, &text, &found, err)) {
        return NULL;
    }
    if (!found || text.len == 0) {
        (void)bulla_error_at(err, BULLA_E_SYNTAX, path, (struct bulla_pos){1, 1},
                             "is empty, or larger than %zu bytes", BULLA_MAX_VAULT_BYTES);
        return NULL;
    }
    const struct bulla_vault_place place = {.path = path,
                                            .text = bulla_buf_view(&text),
                                            .environment = environment,
                                            .trust_new_root = true};
    return bulla_vault_open(&place, BULLA_VAULT_VERIFY, err);
}

static bool add_members(struct git_objects *objects, const char *path, struct key_members *members,
                        struct bulla_error *err)
{
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    if (!staged_vault_is(path, environment)) {
        return true;
    }
    bulla_auto_vault vault = staged_vault_open(objects, path, environment, err);
    if (vault == NULL && err->code != BULLA_E_NOMEM && err->code != BULLA_E_IO) {
        bulla_error_clear(err);
        return true;
    }
    return vault != NULL && key_members_add(members, vault, err);
}

bool staged_vaults_members(const char *tree, const char *index_file, struct git_objects *objects,
                           struct key_members *members, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "ls-files", "-z", "--cached", NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, MAX_NAMES_BYTES);
    if (!git_run_on(index_file, args, -1, MAX_NAMES_BYTES, &answer, &status, err)) {
        return false;
    }
    const char *names = bulla_buf_text(&answer, err);
    if (status != 0 || names == NULL) {
        return err->code != BULLA_OK
                   ? false
                   : bulla_error(err, BULLA_E_IO, "git does not tell what the index has");
    }
    for (const char *at = names; at < names + answer.len; at += strlen(at) + 1) {
        if (!add_members(objects, at, members, err)) {
            return false;
        }
    }
    return true;
}
