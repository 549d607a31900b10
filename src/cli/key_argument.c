#include "key_argument.h"

#include <stdlib.h>
#include <string.h>

#define AGE_START "AGE-SECRET-KEY-"
#define AGE_LEAST 20 /* characters behind it: a file may be called age-secret-key-1.txt */

static bool is_letter_or_digit(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

static bool holds_age_key(const char *text)
{
    for (const char *at = text; (at = strcasestr(at, AGE_START)) != NULL;) {
        at += strlen(AGE_START);
        const char *key = strncasecmp(at, "PQ-", 3) == 0 ? at + 3 : at;
        size_t len = 0;
        while (is_letter_or_digit(key[len])) {
            len++;
        }
        if (len >= AGE_LEAST) {
            return true;
        }
    }
    return false;
}

static bool holds_key(const char *text)
{
    /* In capitals alone: age-plugin-… is how programs and files of plugins are called. */
    return holds_age_key(text) || strstr(text, "AGE-PLUGIN-") != NULL ||
           strstr(text, "PRIVATE KEY-----") != NULL;
}

bool key_argument_check(const char *text, const char *who, struct bulla_error *err)
{
    if (!holds_key(text)) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_USAGE, "%s is the text of a private key", who);
    return bulla_error_hint(err,
                            "others can read arguments, so treat the key as exposed; keys stand "
                            "in a file or in BULLA_IDENTITY, and only age1… is an argument");
}

static bool check_variable(const char *text, const char *name, const char *holds,
                           struct bulla_error *err)
{
    if (text == NULL || !holds_key(text)) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_USAGE, "%s is the text of a private key, not %s", name, holds);
    return bulla_error_hint(err, "BULLA_IDENTITY takes the text of an identity");
}

bool key_argument_check_env(const struct env *env, struct bulla_error *err)
{
    return check_variable(env->identity_file, "BULLA_IDENTITY_FILE", "the name of a file", err) &&
           check_variable(env->root, "BULLA_ROOT", "a root", err) &&
           check_variable(env->environment, "BULLA_ENV", "an environment", err);
}
