/* Family 4, exposed: private keys among the files of the project. B416. */
#include <stdio.h>

#include "bulla/limits.h"
#include "check/families.h"

#include "base/banned.h"

#define TRACKED_HELP                                                                               \
    "git rm --cached it, and let whose key it is have a new one: every clone has this one, the "   \
    "history too"

/* The key of FILE in words, in WORDS. */
static void put_words(const struct bulla_check_key_file *file, char *words, size_t cap)
{
    if (file->member != NULL) {
        (void)snprintf(words, cap, "holds the private key of '%s'", file->member);
    } else {
        (void)snprintf(words, cap, "%s",
                       file->is_plugin ? "says where a plugin of age finds a private key"
                                       : "holds a private key of age");
    }
}

static bool check_file(struct check *check, const struct bulla_check_key_file *file,
                       struct bulla_error *err)
{
    const struct place place = {.file = check_relative_name(check, file->path), .pos = file->pos};
    char words[BULLA_MAX_MEMBER_BYTES + 64];
    put_words(file, words, sizeof words);
    if (file->git == BULLA_GIT_TRACKED) {
        return check_add_as(check, RULE_KEY_FILE,
                            file->member != NULL ? BULLA_ERROR : BULLA_WARNING, &place,
                            TRACKED_HELP, err, "git tracks this file, which %s", words);
    }
    if (file->git == BULLA_GIT_REFUSED) {
        return check_add(check, RULE_KEY_FILE, &place, NULL, err,
                         "git does not say whether it ignores this file, which %s", words);
    }
    return file->git != BULLA_GIT_SEEN ||
           check_add(check, RULE_KEY_FILE, &place, NULL, err,
                     "git does not ignore this file, which %s", words);
}

bool check_key_files(struct check *check, struct bulla_error *err)
{
    for (size_t i = 0; i < check->input->key_count; i++) {
        if (!check_file(check, &check->input->keys[i], err)) {
            return false;
        }
    }
    return true;
}
