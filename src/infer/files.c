#include <string.h>

#include "bulla/infer.h"

#include "base/banned.h"

#define MAX_WORDS 12
#define MAX_NAME 255

/* Words of a file name that name an environment, and the name it goes by. */
static const struct {
    const char *word;
    const char *environment;
} environments[] = {
    {"dev", "dev"},         {"development", "dev"}, {"local", "local"},     {"test", "test"},
    {"testing", "test"},    {"ci", "ci"},           {"qa", "qa"},           {"stage", "staging"},
    {"staging", "staging"}, {"uat", "uat"},         {"preprod", "preprod"}, {"prod", "prod"},
    {"production", "prod"}, {"live", "prod"},
};

static const char *environment_of(struct bulla_bytes word)
{
    for (size_t i = 0; i < sizeof environments / sizeof *environments; i++) {
        if (bulla_bytes_are(word, environments[i].word)) {
            return environments[i].environment;
        }
    }
    return NULL;
}

const char *const *bulla_sample_words(void)
{
    static const char *const words[] = {"example", "sample",   "template", "dist",
                                        "default", "defaults", NULL};
    return words;
}

static bool is_sample_word(struct bulla_bytes word)
{
    const char *const *words = bulla_sample_words();
    while (*words != NULL && !bulla_bytes_are(word, *words)) {
        words++;
    }
    return *words != NULL;
}

/* The words of NAME between SIGNS. */
static size_t split(const char *name, const char *signs, struct bulla_bytes words[static MAX_WORDS])
{
    size_t count = 0;
    for (const char *at = name; *at != '\0' && count < MAX_WORDS;) {
        size_t len = strcspn(at, signs);
        if (len > 0) {
            words[count++] = bulla_bytes(at, len);
        }
        at += len;
        at += *at != '\0';
    }
    return count;
}

static enum bulla_file_role role_of(const char *name, const char *signs,
                                    const char **ret_environment, bool *ret_left_alone)
{
    struct bulla_bytes words[MAX_WORDS];
    size_t count = strlen(name) <= MAX_NAME ? split(name, signs, words) : 0;
    bool is_compose = false;
    bool is_env = false;
    bool is_sample = false;
    bool is_yaml = count > 0 && (bulla_bytes_are(words[count - 1], "yml") ||
                                 bulla_bytes_are(words[count - 1], "yaml"));
    bool has_other = false;
    const char *environment = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *named = environment_of(words[i]);
        if (bulla_bytes_are(words[i], "compose")) {
            is_compose = true;
        } else if (bulla_bytes_are(words[i], "env")) {
            is_env = true;
        } else if (is_sample_word(words[i])) {
            is_sample = true;
        } else if (named != NULL && environment == NULL) {
            environment = named;
        } else if (!bulla_bytes_are(words[i], "docker") && !bulla_bytes_are(words[i], "dot") &&
                   !(is_yaml && i == count - 1)) {
            has_other = true;
        }
    }
    enum bulla_file_role role = BULLA_FILE_OTHER;
    if (is_compose && is_yaml && !is_env) {
        role = BULLA_FILE_COMPOSE;
    } else if (is_env && !is_yaml && !is_compose) {
        role = is_sample ? BULLA_FILE_SAMPLE : BULLA_FILE_ENV;
    }
    *ret_environment = environment;
    *ret_left_alone = role != BULLA_FILE_OTHER && has_other;
    return *ret_left_alone ? BULLA_FILE_OTHER : role;
}

enum bulla_file_role bulla_file_role(const char *name, const char **ret_environment,
                                     bool *ret_left_alone)
{
    enum bulla_file_role role = role_of(name, ".-_", ret_environment, ret_left_alone);
    /* With other words in it, an underscore is a letter of a name: "test_env.py". */
    return role != BULLA_FILE_OTHER ? role : role_of(name, ".-", ret_environment, ret_left_alone);
}
