/* Who we are: the member's name and the identity. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "env.h"
#include "git.h"
#include "init.h"
#include "message.h"
#include "process.h"

mode_t init_public_mode(const struct init *init, mode_t mode)
{
    return mode & ~init->in->process->umask;
}

/* TEXT as a member's name: lower case, everything else a dash, none at the ends. */
static void normalise(const char *text, char out[static BULLA_MAX_MEMBER_BYTES + 1])
{
    size_t len = 0;
    for (; *text != '\0' && len < BULLA_MAX_MEMBER_BYTES; text++) {
        char c = *text;
        if (c >= 'A' && c <= 'Z') {
            c = (char)(c + ('a' - 'A'));
        }
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_plain) {
            out[len++] = c;
        } else if (len > 0 && out[len - 1] != '-') {
            out[len++] = '-';
        }
    }
    while (len > 0 && out[len - 1] == '-') {
        len--;
    }
    out[len] = '\0';
}

/* The login name of our user id, from the file: a static program cannot ask the name service. */
static bool login_name(char **ret_name, struct bulla_error *err)
{
    const char *name = env_lookup("LOGNAME");
    if (name == NULL || name[0] == '\0') {
        name = env_lookup("USER");
    }
    if (name != NULL && name[0] != '\0') {
        *ret_name = bulla_strdup(name, err);
        return *ret_name != NULL;
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read("/etc/passwd", BULLA_MAX_TEXT_BYTES, &text, err)) {
        bulla_error_clear(err);
        return true;
    }
    const char *line = bulla_buf_text(&text, err);
    char want[32];
    (void)snprintf(want, sizeof want, ":%lu:", (unsigned long)geteuid());
    while (line != NULL && *line != '\0') {
        const char *end = strchr(line, '\n');
        size_t len = end != NULL ? (size_t)(end - line) : strlen(line);
        /* name:password:uid:… */
        const char *first = memchr(line, ':', len);
        const char *second =
            first != NULL ? memchr(first + 1, ':', len - (size_t)(first + 1 - line)) : NULL;
        if (second != NULL && strncmp(second, want, strlen(want)) == 0) {
            *ret_name = bulla_strndup(line, (size_t)(first - line), err);
            return *ret_name != NULL;
        }
        line = end != NULL ? end + 1 : NULL;
    }
    return true;
}

bool init_member_name(struct init *init, const char *given, struct bulla_error *err)
{
    char name[BULLA_MAX_MEMBER_BYTES + 1] = "";
    if (given != NULL) {
        normalise(given, name);
        if (name[0] == '\0' || strcmp(name, given) != 0) {
            (void)bulla_error(err, BULLA_E_USAGE, "'%s' is no member name", given);
            return bulla_error_hint(err, "lower case letters, digits and dashes: --name %s",
                                    name[0] != '\0' ? name : "alice");
        }
    }
    bulla_auto_str found = NULL;
    if (name[0] == '\0') {
        if (!git_user_name(&found, err)) {
            return false;
        }
        normalise(found != NULL ? found : "", name);
    }
    if (name[0] == '\0') {
        bulla_free(found);
        found = NULL;
        if (!login_name(&found, err)) {
            return false;
        }
        normalise(found != NULL ? found : "owner", name);
    }
    init->member = bulla_strdup(name[0] != '\0' ? name : "owner", err);
    return init->member != NULL;
}

bool init_identity(struct init *init, struct bulla_error *err)
{
    struct workspace ws = {.in = init->in};
    bool ok = workspace_read_identity(&ws, WORKSPACE_KEY_OPTIONAL, err);
    bool found = ws.identities != NULL;
    init->identity_path = BULLA_STEAL(ws.identity_name);
    workspace_release(&ws);
    if (!ok || found) {
        return ok;
    }
    if (init->identity_path == NULL) {
        (void)bulla_error(err, BULLA_E_IDENTITY, "without HOME there is no place for an identity");
        return bulla_error_hint(err, "set HOME, or name an identity file with --identity");
    }
    bulla_auto_str folder = bulla_path_dir(init->identity_path, err);
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    if (folder == NULL || !bulla_dir_make(folder, 0700, err) ||
        !bulla_identity_new(init->now, &text, NULL, err) ||
        !bulla_file_create(init->identity_path, 0600, bulla_buf_view(&text), err)) {
        return false;
    }
    init->made_identity = true;
    return true;
}
