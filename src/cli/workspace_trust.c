/* A vault whose root this machine does not know, and an identity that does not open one. */
#include <string.h>

#include "env.h"
#include "message.h"
#include "others.h"
#include "prompt.h"
#include "workspace.h"

/* An unknown root is asked about on a terminal; the error stands where it is not taken. */
static bool ask_for_trust(const struct workspace *ws, const char *root)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    bool yes = false;
    if (!prompt_is_possible()) {
        return false;
    }
    message_note(ws->in, "%s is new on this machine; its root is %s", ws->vault_path, root);
    message_note(ws->in, "a member sees the true one with: bulla verify -e %s",
                 ws->environment->name);
    return prompt_yes_no("Is that the root that a member told you?", &yes, &ignored) && yes;
}

/* True where one of the identities is a member's, or may be one's. */
static bool is_member(const struct workspace *ws, const struct bulla_vault *vault)
{
    size_t identities = ws->identities == NULL ? 0 : bulla_identities_count(ws->identities);
    for (size_t i = 0; i < identities; i++) {
        const char *recipient = bulla_identities_recipient(ws->identities, i);
        for (size_t k = 0; k < bulla_vault_member_count(vault); k++) {
            struct bulla_member_info member;
            bulla_vault_member(vault, k, &member);
            if (recipient[0] == '\0' || strcmp(member.recipient, recipient) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* True where somebody said whose key it is, as a CI does: then a vault that is not for it is wrong.
 */
static bool is_identity_named(const struct workspace *ws)
{
    const struct env *env = ws->in->env;
    return ws->in->global.identity != NULL || env->identity_file != NULL || env->identity != NULL ||
           env->credentials_directory != NULL;
}

static bool has_roots(const struct workspace *ws)
{
    return ws->identities != NULL && bulla_identities_root(ws->identities, 0) != NULL;
}

/* True for an identity that 'recipient add --new' made for this very vault. */
static bool is_made_for(const struct workspace *ws, const struct bulla_vault *vault)
{
    const char *root = has_roots(ws) ? bulla_identities_root(ws->identities, 0) : NULL;
    for (size_t i = 1; root != NULL && strcmp(root, bulla_vault_root(vault)) != 0; i++) {
        root = bulla_identities_root(ws->identities, i);
    }
    return root != NULL;
}

/* What the identity is for beside an environment. */
struct purpose {
    const char *environment; /* one whose vault it opens, borrowed; NULL: there is none */
    size_t strayed;          /* of the roots that it names, those that no vault there has */
};

/*
 * A CI's key that was made for prod is for none of the others. What is replaced has a root that is
 * nowhere any more, whatever else the same identity opens.
 */
static bool find_purpose(struct workspace *ws, const struct bulla_environment *apart,
                         struct purpose *ret, struct bulla_error *err)
{
    *ret = (struct purpose){.strayed = 0};
    while (has_roots(ws) && bulla_identities_root(ws->identities, ret->strayed) != NULL) {
        ret->strayed++;
    }
    size_t count = ws->identities == NULL ? 0 : bulla_contract_environment_count(ws->contract);
    for (size_t i = 0; i < count; i++) {
        const struct bulla_environment *environment = bulla_contract_environment(ws->contract, i);
        bulla_auto_vault vault = NULL;
        if (strcmp(environment->name, apart->name) == 0) {
            continue;
        }
        if (!others_open_vault(ws, environment, &vault, err)) {
            return false;
        }
        /* A root is of one environment, so none is met twice. */
        ret->strayed -= vault != NULL && is_made_for(ws, vault);
        if (ret->environment == NULL && vault != NULL) {
            ret->environment = environment->name;
        }
    }
    return true;
}

bool workspace_check_new_root(struct workspace *ws, const struct bulla_environment *environment,
                              const struct bulla_vault *vault, struct bulla_error *err)
{
    struct purpose purpose;
    if (!bulla_vault_root_is_new(vault) || !has_roots(ws)) {
        return true;
    }
    bulla_auto_str path = workspace_vault_path(ws, environment, err);
    if (path == NULL || !find_purpose(ws, environment, &purpose, err)) {
        return false;
    }
    if (purpose.strayed == 0) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_VERIFY, path, (struct bulla_pos){0, 0},
                         "the root %s is not known on this machine, and the identity %s names one "
                         "that no other vault here has",
                         bulla_vault_root(vault), ws->identity_name);
    return bulla_error_hint(err, "this may be another vault under the old name: ask your team "
                                 "before you pass another --root");
}

/* Without identity nothing can be opened, so nothing rests on this ROOT; nothing is remembered. */
static struct bulla_vault *look_without_key(const struct workspace *ws, const char *root,
                                            struct bulla_error *err)
{
    struct bulla_vault_place place = workspace_place(ws);
    place.identities = NULL;
    place.trust_new_root = true;
    place.pinned_root = root;
    place.state_folder = NULL;
    return bulla_vault_open(&place, BULLA_VAULT_READ, err);
}

/* Who looks, and why he does so without a key. */
static void say_without_key(const struct workspace *ws, const char *root, const char *purpose)
{
    if (purpose != NULL) {
        message_note(ws->in, "the identity %s is for '%s', not for '%s'", ws->identity_name,
                     purpose, ws->environment->name);
    } else if (ws->identities != NULL) {
        message_note(ws->in, "the root of %s is not known here, and your identity is no member's",
                     ws->vault_path);
    } else {
        message_detail(ws->in, "the root of %s is not known here: %s", ws->vault_path, root);
    }
}

/* PURPOSE: the environment that it is for, or NULL. */
static bool refuse_identity(const struct workspace *ws, const char *purpose, bool is_made,
                            struct bulla_error *err)
{
    struct bulla_pos nowhere = {0, 0};
    if (purpose != NULL) {
        (void)bulla_error_at(err, BULLA_E_IDENTITY, ws->vault_path, nowhere,
                             "the identity %s is for '%s', not for '%s'", ws->identity_name,
                             purpose, ws->environment->name);
        return bulla_error_hint(err, "say -e %s, or name another with --identity", purpose);
    }
    (void)bulla_error_at(err, BULLA_E_IDENTITY, ws->vault_path, nowhere,
                         "the identity %s does not open this vault", ws->identity_name);
    return bulla_error_hint(
        err, is_made ? "it was made for it: commit and push the vault that 'bulla recipient add' "
                       "wrote; or it was removed since"
                     : "a member can let you in: send what 'bulla recipient request' prints");
}

bool workspace_refuse_identity(const struct workspace *ws, struct bulla_error *err)
{
    return refuse_identity(ws, NULL, is_made_for(ws, ws->vault), err);
}

/*
 * Who is no member is told so, or looks without a key where that will do: he named no identity, or
 * one that is for another environment. An identity that names its roots, and not all of them are
 * elsewhere, is a reason to think that the vault was replaced. NULL, with ERR as it was, for a
 * member.
 */
static struct bulla_vault *meet_stranger(struct workspace *ws, bool looks, const char *root,
                                         struct bulla_error *err)
{
    struct bulla_error unknown = *err;
    struct purpose purpose;
    bulla_error_clear(err);
    bulla_auto_vault vault = look_without_key(ws, root, err);
    if (vault == NULL || !find_purpose(ws, ws->environment, &purpose, err)) {
        return NULL;
    }
    bool is_replaced = has_roots(ws) && (purpose.environment == NULL || purpose.strayed > 0);
    if (is_member(ws, vault) || (ws->identities == NULL && !looks) || is_replaced) {
        *err = unknown;
        return NULL;
    }
    if (!looks ||
        (ws->identities != NULL && purpose.environment == NULL && is_identity_named(ws))) {
        (void)refuse_identity(ws, purpose.environment, false, err);
        return NULL;
    }
    say_without_key(ws, root, purpose.environment);
    return BULLA_STEAL(vault);
}

struct bulla_vault *workspace_open_unknown(struct workspace *ws, enum bulla_vault_access access,
                                           enum workspace_need need, const char *root,
                                           struct bulla_error *err)
{
    bool looks = need == WORKSPACE_KEY_OPTIONAL && access == BULLA_VAULT_READ;
    struct bulla_vault *vault = meet_stranger(ws, looks, root, err);
    if (vault != NULL || err->code != BULLA_E_VERIFY || !ask_for_trust(ws, root)) {
        return vault;
    }
    /* What was shown is what is trusted, whatever has happened to the file meanwhile. */
    struct bulla_vault_place place = workspace_place(ws);
    place.trust_new_root = true;
    place.pinned_root = root;
    return bulla_vault_open(&place, access, err);
}
