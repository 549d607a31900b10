#include "git_states.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "git.h"
#include "git_bases.h"
#include "git_blobs.h"
#include "git_folders.h"
#include "git_merged.h"
#include "git_run.h"

#define MAX_TREE_BYTES ((size_t)256 * 1024 * 1024)
#define VAULT_SUFFIX ".vault"

static bool find_file(struct git_search *search, const char *path, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(path, err);
    bulla_auto_str above = folder != NULL ? bulla_path_dir(folder, err) : NULL;
    bulla_auto_str below = NULL;
    if (above == NULL) {
        return false;
    }
    /* With the last vault its folder goes. */
    bool is_gone = !bulla_dir_exists(folder);
    if (!git_find_work_tree(is_gone ? above : folder, &search->tree, &below, err)) {
        return false;
    }
    if (search->tree == NULL) {
        return bulla_error_at(err, BULLA_E_MISSING, path, (struct bulla_pos){0, 0},
                              "is in no git work tree: there is nothing to compare with");
    }
    search->name = bulla_asprintf(err, "%s%s%s%s", below, is_gone ? bulla_path_base(folder) : "",
                                  is_gone ? "/" : "", bulla_path_base(path));
    if (search->name != NULL && strchr(search->name, '\n') != NULL) {
        return bulla_error_at(err, BULLA_E_INVALID, path, (struct bulla_pos){0, 0},
                              "has a line break in its name");
    }
    return search->name != NULL;
}

/* "ID blob SIZE", or "… missing". */
static bool read_entry(struct git_search *search, size_t index, struct bulla_bytes line,
                       struct bulla_error *err)
{
    struct git_found *state = &search->states[index];
    if (line.len >= 8 && bulla_bytes_are(bulla_bytes_slice(line, line.len - 8, 8), " missing")) {
        state->is_missing = true;
        return true;
    }
    struct bulla_bytes id = git_take_word(&line);
    struct bulla_bytes type = git_take_word(&line);
    char size[24] = "";
    if (!bulla_bytes_are(type, "blob") || id.len > GIT_ID_CHARS || line.len >= sizeof size) {
        return git_refuse_states(err);
    }
    memcpy(size, line.data, line.len);
    state->size = (size_t)strtoull(size, NULL, 10);
    if (state->size > BULLA_MAX_VAULT_BYTES) {
        return bulla_error(err, BULLA_E_LIMIT, "%s has more than %zu bytes in commit %.12s",
                           search->name, BULLA_MAX_VAULT_BYTES, state->commit);
    }
    memcpy(state->blob, id.data, id.len);
    return true;
}

static char *blob_of(struct git_found *state)
{
    return state->blob;
}

static bool find_blobs(struct git_search *search, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, search->tree, "cat-file", "--batch-check",
                                        NULL};
    bulla_auto_buf text;
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&text, GIT_ANSWER_BYTES);
    bulla_buf_init(&answer, GIT_ANSWER_BYTES);
    for (size_t i = 0; i < search->count; i++) {
        bulla_buf_puts(&text, search->states[i].commit);
        bulla_buf_putc(&text, ':');
        bulla_buf_puts(&text, search->name);
        bulla_buf_putc(&text, '\n');
    }
    int input = git_input_of(&text, err);
    if (input < 0) {
        return false;
    }
    bool ok = git_run(args, input, GIT_ANSWER_BYTES, &answer, &status, err);
    (void)close(input);
    if (ok && status != 0) {
        return git_refuse_states(err);
    }
    struct bulla_bytes rest = bulla_buf_view(&answer);
    for (size_t i = 0; i < search->count && ok; i++) {
        ok = read_entry(search, i, git_take_line(&rest), err);
    }
    /* Bases stand first, so what is a base and a parent is looked at as a base. */
    return ok && git_blank_repeated(search, blob_of, err);
}

/* Takes "MODE blob ID SIZE<tab>PATH" as a place where the vault may have been in COMMIT. */
static bool add_elsewhere(struct git_search *search, const char *commit, struct bulla_bytes line,
                          struct bulla_error *err)
{
    static const char end[] = VAULT_SUFFIX;
    const size_t end_len = sizeof end - 1;
    const uint8_t *tab = memchr(line.data, '\t', line.len);
    if (tab == NULL) {
        return git_refuse_states(err);
    }
    if (line.len < end_len ||
        !bulla_bytes_are(bulla_bytes_slice(line, line.len - end_len, end_len), end)) {
        return true;
    }
    struct bulla_bytes rest = bulla_bytes_slice(line, 0, (size_t)(tab - line.data));
    bool is_file = bulla_bytes_start(git_take_word(&rest), "100");
    bool is_blob = bulla_bytes_are(git_take_word(&rest), "blob");
    struct bulla_bytes id = git_take_word(&rest);
    char text[24] = "";
    if (id.len == 0 || id.len > GIT_ID_CHARS || rest.len >= sizeof text) {
        return git_refuse_states(err);
    }
    memcpy(text, rest.data, rest.len);
    size_t size = (size_t)strtoull(text, NULL, 10);
    for (size_t i = 0; i < search->count; i++) {
        is_file = is_file && !bulla_bytes_are(id, search->states[i].blob);
    }
    if (!is_file || !is_blob || size > BULLA_MAX_VAULT_BYTES) {
        return true;
    }
    if (!bulla_grow(&search->states, &search->cap, search->count + 1, sizeof *search->states,
                    err)) {
        return false;
    }
    struct git_found *state = &search->states[search->count++];
    *state = (struct git_found){.size = size, .is_base = true, .is_elsewhere = true};
    memcpy(state->commit, commit, sizeof state->commit);
    memcpy(state->blob, id.data, id.len);
    return true;
}

static bool find_elsewhere(struct git_search *search, size_t base, struct bulla_error *err)
{
    char commit[GIT_ID_CHARS + 1];
    memcpy(commit, search->states[base].commit, sizeof commit);
    const char *const args[GIT_ARGS] = {GIT_GUARDED, search->tree,  "ls-tree", "-r",   "-l",
                                        "-z",        "--full-tree", "--",      commit, NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, MAX_TREE_BYTES);
    if (!git_run(args, -1, MAX_TREE_BYTES, &answer, &status, err)) {
        return false;
    }
    if (status != 0) {
        return git_refuse_states(err);
    }
    for (struct bulla_bytes rest = bulla_buf_view(&answer); rest.len > 0;) {
        const uint8_t *nul = memchr(rest.data, '\0', rest.len);
        if (nul == NULL) {
            return git_refuse_states(err);
        }
        size_t len = (size_t)(nul - rest.data);
        if (!add_elsewhere(search, commit, bulla_bytes_slice(rest, 0, len), err)) {
            return false;
        }
        rest = bulla_bytes_slice(rest, len + 1, rest.len);
    }
    return true;
}

/*
 * A folder that was renamed must not make the vault a new one, from which records can be left out:
 * where a base has nothing at the path, what it has of the vault under other paths is looked at.
 */
static bool find_moved(struct git_search *search, struct bulla_error *err)
{
    for (size_t i = 0, count = search->count; i < count; i++) {
        if (search->states[i].is_base && search->states[i].is_missing &&
            !find_elsewhere(search, i, err)) {
            return false;
        }
    }
    return true;
}

static void release_search(struct git_search *search)
{
    bulla_free(search->tree);
    bulla_free(search->name);
    bulla_free(search->states);
}

bool git_each_state(const char *path, const char *vault_id, const struct git_revision *revision,
                    git_state_step *step, void *ctx, struct bulla_error *err)
{
    struct git_search search = {.revision = revision, .vault_id = vault_id};
    bool ok = find_file(&search, path, err) && git_find_bases(&search, err) &&
              git_find_parents(&search, err) && find_blobs(&search, err) &&
              find_moved(&search, err) && git_each_blob(&search, step, ctx, err);
    release_search(&search);
    return ok;
}

struct naming {
    const char *commit;
    bool is_base;
    git_vault_step *step;
    void *ctx;
};

/* True for the name of an environment. */
static bool is_environment(struct bulla_bytes name)
{
    bool good = name.len > 0 && name.len <= BULLA_MAX_MEMBER_BYTES && name.data[0] != '-';
    for (size_t i = 0; i < name.len && good; i++) {
        uint8_t byte = name.data[i];
        good = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-';
    }
    return good;
}

/* Tells the environment's name of a file, and passes over all others. */
static bool name_vault(void *ctx, struct bulla_bytes file, struct bulla_error *err)
{
    const struct naming *naming = ctx;
    char name[BULLA_MAX_MEMBER_BYTES + 1];
    const size_t end = strlen(VAULT_SUFFIX);
    size_t len = file.len < end ? 0 : file.len - end;
    if (!is_environment(bulla_bytes_slice(file, 0, len)) ||
        !bulla_bytes_are(bulla_bytes_slice(file, len, end), VAULT_SUFFIX)) {
        return true;
    }
    memcpy(name, file.data, len);
    name[len] = '\0';
    return naming->step(naming->ctx, naming->commit, naming->is_base, name, err);
}

static bool name_vaults(const struct git_search *search, const char *folder, git_vault_step *step,
                        void *ctx, struct bulla_error *err)
{
    struct git_objects objects;
    bool ok = git_objects_start(&objects, search->tree, NULL, err);
    for (size_t i = 0; i < search->count && ok; i++) {
        struct naming naming = {search->states[i].commit, search->states[i].is_base, step, ctx};
        ok = git_each_in_folder(&objects, naming.commit, folder, name_vault, &naming, err);
    }
    git_objects_close(&objects);
    return ok;
}

bool git_each_vault(const char *root, const struct git_revision *revision, git_vault_step *step,
                    void *ctx, struct bulla_error *err)
{
    struct git_search search = {.revision = revision};
    bulla_auto_str contract = bulla_path_join(root, "bulla.ini", err);
    bool ok = contract != NULL && find_file(&search, contract, err) &&
              git_find_bases(&search, err) && git_find_parents(&search, err);
    bulla_auto_str folder = NULL;
    if (ok) {
        size_t below = strlen(search.name) - strlen("bulla.ini");
        folder = bulla_asprintf(err, "%.*s.bulla/", (int)below, search.name);
        ok = folder != NULL && name_vaults(&search, folder, step, ctx, err);
    }
    release_search(&search);
    return ok;
}

bool git_was_taken_away(const char *path, const struct git_revision *revision, const char *commit,
                        bool *ret_was, struct bulla_error *err)
{
    struct git_search search = {.revision = revision};
    struct git_objects objects = {.to = -1, .child = {.fd = -1}};
    bool is_there = false;
    *ret_was = false;
    bool ok =
        find_file(&search, path, err) && git_objects_start(&objects, search.tree, NULL, err) &&
        git_commit_has(&objects, revision->commit, search.name, &is_there, err) &&
        (is_there ||
         git_base_has(&objects, search.tree, revision->commit, commit, search.name, ret_was, err));
    git_objects_close(&objects);
    release_search(&search);
    return ok;
}
