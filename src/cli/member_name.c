/* By which name somebody is a member: what he says, else git's, else the system's. */
#include "member_name.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "env.h"
#include "git.h"

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

char *member_name_choose(const char *given, struct bulla_error *err)
{
    char name[BULLA_MAX_MEMBER_BYTES + 1] = "";
    if (given != NULL) {
        normalise(given, name);
        if (name[0] == '\0' || strcmp(name, given) != 0) {
            (void)bulla_error(err, BULLA_E_USAGE, "'%s' is no member name", given);
            (void)bulla_error_hint(err, "lower case letters, digits and dashes: --name %s",
                                   name[0] != '\0' ? name : "alice");
            return NULL;
        }
        return bulla_strdup(name, err);
    }
    bulla_auto_str found = NULL;
    if (!git_user_name(&found, err)) {
        return NULL;
    }
    normalise(found != NULL ? found : "", name);
    if (name[0] == '\0') {
        bulla_free(found);
        found = NULL;
        if (!login_name(&found, err)) {
            return NULL;
        }
        normalise(found != NULL ? found : "owner", name);
    }
    return bulla_strdup(name[0] != '\0' ? name : "owner", err);
}
