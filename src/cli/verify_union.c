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

/* What a file of attributes says of how a vault is merged. */
enum merging { MERGING_UNSAID, MERGING_UNION, MERGING_OTHERWISE };

static enum merging read_word(const char *word)
{
    static const char *const others[] = {"merge", "-merge", "!merge", "binary"};
    if (strcmp(word, WORD) == 0) {
        return MERGING_UNION;
    }
    bool is_other = strncmp(word, "merge=", strlen("merge=")) == 0;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        is_other = is_other || strcmp(word, others[i]) == 0;
    }
    return is_other ? MERGING_OTHERWISE : MERGING_UNSAID;
}

/* What LINE, which is changed, says of PATH. A comment's pattern begins with '#' and is none. */
static enum merging read_line(char *line, const char *path)
{
    static const char blanks[] = " \t\r";
    char *rest = NULL;
    const char *pattern = strtok_r(line, blanks, &rest);
    enum merging said = MERGING_UNSAID;
    if (pattern == NULL || pattern[0] == '#' || !matches(pattern, path)) {
        return said;
    }
    for (const char *word = strtok_r(NULL, blanks, &rest); word != NULL;
         word = strtok_r(NULL, blanks, &rest)) {
        enum merging of_word = read_word(word);
        said = of_word != MERGING_UNSAID ? of_word : said;
    }
    return said;
}

/* A .gitattributes, and the vault as it is named from its folder. */
struct attributes {
    struct verifying *verifying;
    const char *vault;
    bool is_said; /* in one of the bases */
};

static bool note_state(void *ctx, const char *commit, bool is_base, struct bulla_bytes text,
                       struct bulla_error *err)
{
    struct attributes *attributes = ctx;
    enum merging said = MERGING_UNSAID;
    (void)commit;
    for (size_t at = 0; is_base && at < text.len;) {
        struct bulla_bytes rest = bulla_bytes_slice(text, at, text.len);
        const uint8_t *lf = memchr(rest.data, '\n', rest.len);
        size_t len = lf != NULL ? (size_t)(lf - rest.data) : rest.len;
        bulla_auto_str line = bulla_strndup((const char *)rest.data, len, err);
        if (line == NULL) {
            return false;
        }
        enum merging of_line = read_line(line, attributes->vault);
        said = of_line != MERGING_UNSAID ? of_line : said; /* the last one counts */
        at += len + 1;
    }
    struct verifying *verifying = attributes->verifying;
    verifying->had_union = verifying->had_union || said == MERGING_UNION;
    attributes->is_said = attributes->is_said || said != MERGING_UNSAID;
    return true;
}

/* Looks at the .gitattributes of the folder that the first LEN bytes of VAULT name. */
static bool look_in(struct verifying *verifying, const char *tree, const char *vault, size_t len,
                    bool *ret_said, struct bulla_error *err)
{
    struct attributes attributes = {verifying, vault + len, false};
    bulla_auto_str path = bulla_asprintf(err, "%s/%.*s.gitattributes", tree, (int)len, vault);
    if (path == NULL ||
        !git_each_state(path, NULL, verifying->revision, note_state, &attributes, err)) {
        return false;
    }
    *ret_said = attributes.is_said;
    return true;
}

/* From the vault's folder up, as git looks for the word: the nearest that says it counts. */
static bool look_upward(struct verifying *verifying, const char *tree, const char *vault,
                        struct bulla_error *err)
{
    bool is_said = false;
    for (size_t len = strlen(vault); len > 0 && !is_said;) {
        len--;
        while (len > 0 && vault[len - 1] != '/') {
            len--;
        }
        if (!look_in(verifying, tree, vault, len, &is_said, err)) {
            return false;
        }
    }
    return true;
}

/* What is asked of vaults in general: of a name that none has. */
#define ANY "any"

/*
 * Asks for the vault of the environment NAME, where those before are merged by union. A line of its
 * own can have one merged otherwise than the others.
 */
static bool look_at_vault(struct verifying *verifying, const char *tree, const char *below,
                          const char *name, struct bulla_error *err)
{
    if (!verifying->has_union) {
        return true;
    }
    bulla_auto_str vault =
        bulla_asprintf(err, "%s" WORKSPACE_VAULT_FOLDER "/%s.vault", below, name);
    return vault != NULL &&
           git_attribute_is(tree, vault, "merge", "union", &verifying->has_union, err) &&
           (verifying->has_union || look_upward(verifying, tree, vault, err));
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
    if (tree == NULL) {
        return true; /* comparing says that there is none */
    }
    verifying->has_union = true;
    bool ok = look_at_vault(verifying, tree, below, ANY, err);
    for (size_t i = 0; i < verifying->count && ok && verifying->has_union; i++) {
        const char *name = verifying->items[i].environment->name;
        ok = look_at_vault(verifying, tree, below, name, err);
        verifying->odd = verifying->has_union ? NULL : name;
    }
    return ok;
}

static bool refuse_union(const struct verifying *verifying, const char *attributes,
                         struct bulla_error *err)
{
    if (verifying->odd != NULL) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, attributes, (struct bulla_pos){0, 0},
                             "no longer has git merge %s.vault by union: merges would lose records",
                             verifying->odd);
        return bulla_error_hint(err, "the last line that matches counts; git check-attr -a shows "
                                     "what it gives the vault");
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, attributes, (struct bulla_pos){0, 0},
                         "no longer has git merge vaults by union: merges would lose records");
    return bulla_error_hint(err, "put the line back: %.*s", (int)strlen(GIT_VAULT_PATTERN) - 1,
                            GIT_VAULT_PATTERN);
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
        return refuse_union(verifying, attributes, err);
    }
    message_warn(ws->in, "%s does not have git merge %s%s by union", attributes,
                 verifying->odd != NULL ? verifying->odd : "vaults",
                 verifying->odd != NULL ? ".vault" : "");
    message_hint(ws->in, "bulla git install writes the line");
    return true;
}
