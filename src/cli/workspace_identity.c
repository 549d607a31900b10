/* The identity of a workspace: where it is looked for. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "age_host.h"
#include "env.h"
#include "message.h"
#include "workspace.h"

char *workspace_identity_path(const struct env *env, struct bulla_error *err)
{
    if (env->config_home != NULL) {
        return bulla_path_join(env->config_home, "bulla/identity.txt", err);
    }
    return env->home != NULL ? bulla_path_join(env->home, ".config/bulla/identity.txt", err) : NULL;
}

bool workspace_hint_identity(struct bulla_error *err)
{
    return err->sys_errno != 0
               ? bulla_error_hint(err, "the default identity file would be there: XDG_CONFIG_HOME "
                                       "names another folder, --identity FILE another file")
               : false;
}

/* An identity file that was named: others may be able to read it (a CI's are), which is said. */
static bool read_named(struct workspace *ws, const char *path, struct bulla_buf *text,
                       struct bulla_error *err)
{
    bool open_to_others = false;
    if (!bulla_file_read_private(path, BULLA_MAX_IDENTITY_BYTES, BULLA_PRIVATE_REPORTED, text,
                                 &open_to_others, err)) {
        return false;
    }
    if (open_to_others) {
        message_warn(ws->in, "others may read the identity file %s", path);
    }
    ws->identity_name = bulla_strdup(path, err);
    return ws->identity_name != NULL;
}

/*
 * The variable that is there and empty, where no other names an identity: a CI that has no such
 * secret for this job is no reason to take somebody else's key. NULL where there is none.
 */
static const char *find_blank(const struct env *env)
{
    bool has_file = env->identity_file != NULL && env->identity_file[0] != '\0';
    bool has_text = env->identity != NULL && bulla_secret_view(env->identity).len > 0;
    if (has_file || has_text) {
        return NULL;
    }
    return env->identity_file != NULL ? "BULLA_IDENTITY_FILE"
           : env->identity != NULL    ? "BULLA_IDENTITY"
                                      : NULL;
}

bool workspace_check_blank(const struct invocation *in, struct bulla_error *err)
{
    const char *blank = in->global.identity == NULL ? find_blank(in->env) : NULL;
    if (blank == NULL) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_IDENTITY, "no identity: %s is empty", blank);
    return bulla_error_hint(err, "the secret is not there for this job; unset it to use the "
                                 "default file");
}

/* Looks in each place in turn; *ret_found stays false where there is none. */
static bool read_identity_text(struct workspace *ws, struct bulla_buf *text, bool *ret_found,
                               struct bulla_error *err)
{
    const struct env *env = ws->in->env;
    const char *blank = find_blank(env);
    *ret_found = true;
    if (ws->in->global.identity != NULL) {
        return read_named(ws, ws->in->global.identity, text, err);
    }
    if (blank != NULL) {
        ws->identity_name = bulla_strdup(blank, err);
        *ret_found = false;
        return ws->identity_name != NULL;
    }
    if (env->identity_file != NULL && env->identity_file[0] != '\0') {
        return read_named(ws, env->identity_file, text, err);
    }
    if (env->identity != NULL) {
        bulla_buf_add_bytes(text, bulla_secret_view(env->identity));
        ws->identity_name = bulla_strdup("BULLA_IDENTITY", err);
        return ws->identity_name != NULL && bulla_buf_ok(text, err);
    }
    if (env->credentials_directory != NULL) {
        bulla_auto_str path = bulla_path_join(env->credentials_directory, "bulla-identity", err);
        if (path == NULL) {
            return false;
        }
        if (access(path, F_OK) == 0) {
            return read_named(ws, path, text, err);
        }
    }
    ws->identity_name = workspace_identity_path(env, err);
    if (ws->identity_name == NULL) {
        *ret_found = false;
        return env->home == NULL && env->config_home == NULL;
    }
    if (access(ws->identity_name, F_OK) != 0 && errno == ENOENT) {
        *ret_found = false;
        return true;
    }
    return bulla_file_read_private(ws->identity_name, BULLA_MAX_IDENTITY_BYTES,
                                   BULLA_PRIVATE_REQUIRED, text, NULL, err) ||
           workspace_hint_identity(err);
}

bool workspace_read_identity(struct workspace *ws, enum workspace_need need,
                             struct bulla_error *err)
{
    if (ws->identities != NULL) {
        return true;
    }
    bulla_auto_buf text;
    bool found = false;
    bulla_free(BULLA_STEAL(ws->identity_name));
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    if (!read_identity_text(ws, &text, &found, err)) {
        return false;
    }
    if (!found) {
        if (need == WORKSPACE_KEY_OPTIONAL) {
            return true;
        }
        if (!workspace_check_blank(ws->in, err)) {
            return false;
        }
        (void)bulla_error(err, BULLA_E_IDENTITY, "no identity: %s%s is not there",
                          ws->identity_name != NULL ? ws->identity_name : "",
                          ws->identity_name != NULL ? "" : "without HOME, the default file");
        return bulla_error_hint(err, "bulla identity new makes one, and a member lets it in; or "
                                     "name one with --identity FILE");
    }
    ws->age_host = age_host(ws->in);
    ws->identities = bulla_identities_new(&ws->age_host, err);
    if (ws->identities == NULL) {
        return false;
    }
    if (!bulla_identities_add(ws->identities, bulla_buf_view(&text), ws->identity_name, err)) {
        bulla_identities_free(BULLA_STEAL(ws->identities));
    }
    if (ws->identities == NULL && err->code != BULLA_E_NOMEM && err->hint[0] == '\0') {
        bool is_text = strcmp(ws->identity_name, "BULLA_IDENTITY") == 0;
        return bulla_error_hint(err, is_text ? "it takes the text of an identity, its line ends "
                                               "included; a path goes into BULLA_IDENTITY_FILE"
                                             : "put your copy of it back, or name another with "
                                               "--identity");
    }
    return ws->identities != NULL;
}
