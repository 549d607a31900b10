#include "env.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *text_or_null(const char *name)
{
    const char *text = getenv(name);
    return text != NULL && text[0] != '\0' ? text : NULL;
}

/* The base directory specification: a path that is not absolute is to be ignored. */
static const char *folder_or_null(const char *name)
{
    const char *text = text_or_null(name);
    return text != NULL && text[0] == '/' ? text : NULL;
}

static bool take_identity(struct env *ret, struct bulla_error *err)
{
    char *text = getenv("BULLA_IDENTITY");
    if (text == NULL) {
        return true;
    }
    size_t len = strlen(text);
    ret->identity = bulla_secret_copy(bulla_bytes(text, len), err);
    if (ret->identity == NULL) {
        return false;
    }
    bulla_wipe(text, len);
    (void)unsetenv("BULLA_IDENTITY");
    return true;
}

bool env_read(struct env *ret, struct bulla_error *err)
{
    *ret = (struct env){
        .environment = text_or_null("BULLA_ENV"),
        .root = text_or_null("BULLA_ROOT"),
        .identity_file = getenv("BULLA_IDENTITY_FILE"),
        .credentials_directory = folder_or_null("CREDENTIALS_DIRECTORY"),
        .home = folder_or_null("HOME"),
        .config_home = folder_or_null("XDG_CONFIG_HOME"),
        .state_home = folder_or_null("XDG_STATE_HOME"),
        .runtime_dir = folder_or_null("XDG_RUNTIME_DIR"),
        .editor = text_or_null("VISUAL") != NULL ? text_or_null("VISUAL") : text_or_null("EDITOR"),
        .step_summary = text_or_null("GITHUB_STEP_SUMMARY"),
        .git_index = text_or_null("GIT_INDEX_FILE"),
        .sudo_uid = text_or_null("SUDO_UID"),
        .no_color = text_or_null("NO_COLOR") != NULL,
        .is_dumb = text_or_null("TERM") == NULL || strcmp(getenv("TERM"), "dumb") == 0,
    };
    (void)unsetenv("BULLA_IDENTITY_FILE");
    return take_identity(ret, err);
}

void env_release(struct env *env)
{
    bulla_secret_free(env->identity);
    env->identity = NULL;
}

const char *env_lookup(const char *name)
{
    return getenv(name);
}

char *const *env_all(void)
{
    return environ;
}
