#include "git_attribute.h"

#include <string.h>

#include "git_run.h"

#define ANSWER_BYTES ((size_t)64 * 1024)

bool git_attribute_is(const char *tree, const char *path, const char *name, const char *value,
                      bool *ret_is, struct bulla_error *err)
{
    const char *const args[GIT_ARGS] = {GIT_GUARDED, tree, "check-attr", name, "--", path, NULL};
    bulla_auto_buf answer;
    int status = -1;
    bulla_buf_init(&answer, ANSWER_BYTES);
    if (!git_run(args, -1, ANSWER_BYTES, &answer, &status, err)) {
        return false;
    }
    if (status < 0) {
        (void)bulla_error(err, BULLA_E_IO, "git cannot be started");
        return bulla_error_hint(err, "is it installed?");
    }
    const char *text = bulla_buf_text(&answer, err);
    if (text == NULL) {
        return false;
    }
    /* "PATH: NAME: VALUE" */
    size_t len = strcspn(text, "\n");
    size_t want = strlen(value);
    *ret_is = status == 0 && len > want + 2 && strncmp(text + len - want - 2, ": ", 2) == 0 &&
              strncmp(text + len - want, value, want) == 0;
    return true;
}
