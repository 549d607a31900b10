/* Whether git merges the vaults by union, and whether it did before: what keeps merges whole. */
#include <string.h>

#include "git.h"
#include "git_attribute.h"
#include "git_setup.h"
#include "git_states.h"
#include "message.h"
#include "verifying.h"

#define ATTRIBUTES WORKSPACE_VAULT_FOLDER "/.gitattributes"
#define WORD "merge=union"

/* TEXT of a .gitattributes has the word in a line that is no comment. */
static bool says_union(struct bulla_bytes text)
{
    bool is_comment = false;
    bool is_start = true;
    for (size_t at = 0; at < text.len;) {
        struct bulla_bytes rest = bulla_bytes_slice(text, at, text.len);
        is_comment = (is_comment && !is_start) || (is_start && rest.data[0] == '#');
        bool is_word = !is_start && (text.data[at - 1] == ' ' || text.data[at - 1] == '\t');
        size_t end = strlen(WORD);
        if (!is_comment && is_word && bulla_bytes_start(rest, WORD) &&
            (rest.len == end || strchr(" \t\r\n", rest.data[end]) != NULL)) {
            return true;
        }
        is_start = text.data[at++] == '\n';
    }
    return false;
}

static bool note_state(void *ctx, const char *commit, bool is_base, struct bulla_bytes text,
                       struct bulla_error *err)
{
    struct verifying *verifying = ctx;
    (void)commit;
    (void)err;
    verifying->had_union = verifying->had_union || (is_base && says_union(text));
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
    bulla_auto_str attributes = workspace_path_in_root(ws, ATTRIBUTES, err);
    if (attributes == NULL || !git_find_work_tree(ws->root, &tree, &below, err)) {
        return false;
    }
    bulla_auto_str vault =
        bulla_asprintf(err, "%s" WORKSPACE_VAULT_FOLDER "/any.vault", below != NULL ? below : "");
    if (tree == NULL || vault == NULL) {
        return vault != NULL; /* comparing says that there is none */
    }
    return git_attribute_is(tree, vault, "merge", "union", &verifying->has_union, err) &&
           (verifying->has_union ||
            git_each_state(attributes, NULL, verifying->revision, note_state, verifying, err));
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
