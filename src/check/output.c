/* Family 4, exposed: the rendered file. B401 to B403. */
#include "check/families.h"

#include "base/banned.h"

bool check_output(struct check *check, struct bulla_error *err)
{
    const struct bulla_check_output *output = &check->input->output;
    struct place place = {.file = output->path};
    if (output->path == NULL) {
        return true;
    }
    if (output->exists && (output->mode & 077) != 0 &&
        !check_add(check, RULE_FILE_MODE, &place, NULL, err,
                   "others may read this file (mode %04o)", output->mode)) {
        return false;
    }
    if (output->git == BULLA_GIT_TRACKED) {
        return check_add(check, RULE_FILE_TRACKED, &place, NULL, err,
                         "git tracks this file, and it holds secrets");
    }
    if (output->git == BULLA_GIT_SEEN) {
        return check_add(check, RULE_FILE_NOT_IGNORED, &place, NULL, err,
                         "git does not ignore this file, and it holds secrets");
    }
    return true;
}
