/* Whether git merges the vaults by union, and whether it did before: what keeps merges whole. */
#include <fnmatch.h>
#include <string.h>

#include "git.h"
#include "git_attribute.h"
#include "git_setup.h"
#include "git_states.h"
#include "message.h"
#include "verifying.h"

#define ATTRIBUTES WORKSPACE_VAULT_FOLDER "/.gitattributes"
#define WORD "merge=union"

/* True where PATTERN of a .gitattributes matches PATH, which is named from its folder. */
static bool matches(const char *pattern, const char *path)
{
    while (strncmp(pattern, "**/", 3) == 0) {
        pattern += 3;
    }
    if (strchr(pattern, '/') == NULL) {
        return fnmatch(pattern, bulla_path_base(path), 0) == 0;
    }
    return fnmatch(pattern[0] == '/' ? pattern + 1 : pattern, path, FNM_PATHNAME) == 0;
}

/* LINE, which is changed, gives PATH the word. A comment's pattern begins with '#' and is none. */
static bool line_says_union(char *line, const char *path)
{
    static const char blanks[] = " \t\r";
    char *rest = NULL;
    const char *pattern = strtok_r(line, blanks, &rest);
    if (pattern == NULL || pattern[0] == '#' || !matches(pattern, path)) {
        return false;
    }
    bool is_union = false;
    for (const char *word = strtok_r(NULL, blanks, &rest); word != NULL;
         word = strtok_r(NULL, blanks, &rest)) {
        is_union = is_union || strcmp(word, WORD) == 0;
    }
    return is_union;
}

/* A .gitattributes, and the vault as it is named from its folder. */
struct attributes {
    struct verifying *verifying;
    const char *vault;
};

static bool note_state(void *ctx, const char *commit, bool is_base, struct bulla_bytes text,
                       struct bulla_error *err)
{
    const struct attributes *attributes = ctx;
    struct verifying *verifying = attributes->verifying;
    (void)commit;
    for (size_t at = 0; is_base && at < text.len;) {
        struct bulla_bytes rest = bulla_bytes_slice(text, at, text.len);
        const uint8_t *lf = memchr(rest.data, '\n', rest.len);
        size_t len = lf != NULL ? (size_t)(lf - rest.data) : rest.len;
        bulla_auto_str line = bulla_strndup((const char *)rest.data, len, err);
        if (line == NULL) {
            return false;
        }
        verifying->had_union = verifying->had_union || line_says_union(line, attributes->vault);
        at += len + 1;
    }
    return true;
}

/* Looks at the .gitattributes of the folder that the first LEN bytes of VAULT name. */
static bool look_in(struct verifying *verifying, const char *tree, const char *vault, size_t len,
                    struct bulla_error *err)
{
    struct attributes attributes = {verifying, vault + len};
    bulla_auto_str path = bulla_asprintf(err, "%s/%.*s.gitattributes", tree, (int)len, vault);
    return path != NULL &&
           git_each_state(path, NULL, verifying->revision, note_state, &attributes, err);
}

/* From the vault's folder up, as git looks for the word. */
static bool look_upward(struct verifying *verifying, const char *tree, const char *vault,
                        struct bulla_error *err)
{
    for (size_t len = strlen(vault); len > 0 && !verifying->had_union;) {
        len--;
        while (len > 0 && vault[len - 1] != '/') {
            len--;
        }
        if (!look_in(verifying, tree, vault, len, err)) {
            return false;
        }
    }
    return true;
}

bool verifying_look_at_union(struct verifying *verifying, struct bulla_error *err)
{
    const struct workspace *ws = &verifying->workspace;
    bulla_auto_str tree = NULL;
    bulla_auto_str below = NULL;
    if (verifying->revision == NULL) {
        return true;
    }
    if (!git_find_work_tree(ws->root, &tree, &below, err)) {
        return false;
    }
    bulla_auto_str vault =
        bulla_asprintf(err, "%s" WORKSPACE_VAULT_FOLDER "/any.vault", below != NULL ? below : "");
    if (tree == NULL || vault == NULL) {
        return vault != NULL; /* comparing says that there is none */
    }
    return git_attribute_is(tree, vault, "merge", "union", &verifying->has_union, err) &&
           (verifying->has_union || look_upward(verifying, tree, vault, err));
}

bool verifying_say_union(const struct verifying *verifying, struct bulla_error *err)
{
    const struct workspace *ws = &verifying->workspace;
    bulla_auto_str attributes = workspace_path_in_root(ws, ATTRIBUTES, err);
    if (attributes == NULL) {
        return false;
    }
    if (verifying->revision == NULL || verifying->has_union) {
        return true;
    }
    if (verifying->had_union) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, attributes, (struct bulla_pos){0, 0},
                             "no longer has git merge vaults by union: merges would lose records");
        return bulla_error_hint(err, "put the line back: %.*s", (int)strlen(GIT_VAULT_PATTERN) - 1,
                                GIT_VAULT_PATTERN);
    }
    message_warn(ws->in, "%s does not have git merge vaults by union", attributes);
    message_hint(ws->in, "bulla git install writes the line");
    return true;
}
