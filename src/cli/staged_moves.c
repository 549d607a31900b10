#include "staged_moves.h"

#include <string.h>

#include "bulla/bulla.h"
#include "git_staged.h"
#include "staged_vaults.h"

struct search {
    struct git_objects *objects;
    const char *gone;
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    struct bulla_buf before; /* what the commit has at GONE */
    bool is_found;
};

/* Appends what REVISION has at PATH to TEXT; nothing where it has none, or too much. */
static bool read_at(struct git_objects *objects, const char *revision, const char *path,
                    struct bulla_buf *text, struct bulla_error *err)
{
    bool found = false;
    bulla_auto_str name = bulla_asprintf(err, "%s:%s", revision, path);
    return name != NULL && git_objects_get(objects, name, text, &found, err);
}

/* A staged file that is the vault, and lacks nothing of it. What is damaged is told elsewhere. */
static bool compare(struct search *search, struct bulla_bytes text, struct bulla_error *err)
{
    const struct bulla_vault_place place = {.path = search->gone,
                                            .text = text,
                                            .environment = search->environment,
                                            .trust_new_root = true};
    struct bulla_vault_against against = {.missing = 1};
    bulla_auto_vault vault = bulla_vault_open(&place, BULLA_VAULT_VERIFY, err);
    if (vault != NULL &&
        bulla_vault_against(vault, bulla_buf_view(&search->before), &against, err)) {
        search->is_found = against.missing == 0;
        return true;
    }
    bool is_fatal = err->code == BULLA_E_NOMEM || err->code == BULLA_E_IO;
    if (!is_fatal) {
        bulla_error_clear(err);
    }
    return !is_fatal;
}

static bool look_at(void *ctx, const struct git_staged *file, struct bulla_error *err)
{
    struct search *search = ctx;
    char environment[BULLA_MAX_MEMBER_BYTES + 1];
    if (search->is_found || file->is_gone || file->is_link ||
        !staged_vault_is(file->path, environment) ||
        strcmp(environment, search->environment) != 0) {
        return true;
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_VAULT_BYTES);
    return read_at(search->objects, "", file->path, &text, err) &&
           (text.len == 0 || compare(search, bulla_buf_view(&text), err));
}

bool staged_moves_find(struct git_objects *objects, const char *tree, const char *index_file,
                       const char *commit, const char *gone, bool *ret_moved,
                       struct bulla_error *err)
{
    struct search search = {.objects = objects, .gone = gone};
    const char *name = bulla_path_base(gone);
    size_t stem = strcspn(name, ".");
    *ret_moved = false;
    if (stem >= sizeof search.environment) {
        return true;
    }
    memcpy(search.environment, name, stem);
    bulla_buf_init(&search.before, BULLA_MAX_VAULT_BYTES);
    bool ok = read_at(objects, commit != NULL ? commit : "HEAD", gone, &search.before, err) &&
              (search.before.len == 0 ||
               git_each_staged(tree, index_file, commit, look_at, &search, err));
    bulla_buf_release(&search.before);
    *ret_moved = ok && search.is_found;
    return ok;
}
