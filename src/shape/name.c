#include <string.h>

#include "bulla/shape.h"
#include "shape/words.h"

#include "base/banned.h"

/* Last words that make configuration of whatever stands before them: TOKEN_EXPIRE_MINUTES. */
static const char *const plain_endings[] = {
    "algorithm", "alg",      "bits",      "bytes",      "count",    "days",    "dir",
    "enabled",   "endpoint", "expire",    "expires",    "expiry",   "file",    "format",
    "header",    "host",     "hours",     "iterations", "issuer",   "length",  "level",
    "lifetime",  "limit",    "lookup",    "max",        "min",      "minutes", "mode",
    "model",     "ms",       "name",      "path",       "policy",   "port",    "prefix",
    "provider",  "required", "retention", "rounds",     "seconds",  "size",    "store",
    "timeout",   "ttl",      "type",      "user",       "username", "version", "disabled",
    "env",       "attempts", "interval",  "age",        "tokens",
};

/* Last words of a name whose value is a secret, and of which family. */
static const struct {
    const char *word;
    enum bulla_name_family family;
} endings[] = {
    {"password", BULLA_NAME_PASSWORD}, {"passwd", BULLA_NAME_PASSWORD},
    {"pass", BULLA_NAME_PASSWORD},     {"pwd", BULLA_NAME_PASSWORD},
    {"pw", BULLA_NAME_PASSWORD},       {"passphrase", BULLA_NAME_PASSWORD},
    {"passcode", BULLA_NAME_PASSWORD}, {"secret", BULLA_NAME_KEY},
    {"secrets", BULLA_NAME_KEY},       {"token", BULLA_NAME_KEY},
    {"key", BULLA_NAME_KEY},           {"keys", BULLA_NAME_KEY},
    {"apikey", BULLA_NAME_KEY},        {"authkey", BULLA_NAME_KEY},
    {"salt", BULLA_NAME_KEY},          {"pepper", BULLA_NAME_KEY},
    {"credential", BULLA_NAME_KEY},    {"credentials", BULLA_NAME_KEY},
    {"hmac", BULLA_NAME_KEY},          {"kek", BULLA_NAME_KEY},
    {"jwt", BULLA_NAME_KEY},           {"cookie", BULLA_NAME_KEY},
    {"signature", BULLA_NAME_KEY},     {"url", BULLA_NAME_URL},
    {"uri", BULLA_NAME_URL},           {"dsn", BULLA_NAME_URL},
};

static bool is_number(struct bulla_bytes word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.data[i] < '0' || word.data[i] > '9') {
            return false;
        }
    }
    return word.len > 0;
}

static bool is_one_of(struct bulla_bytes word, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (shape_is(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* What the words before "key" make of it. */
static enum bulla_name_family family_of_key(const char *name, size_t end)
{
    static const char *const lookups[] = {"prefix", "routing", "foreign", NULL};
    struct bulla_bytes before = end > 0 ? shape_last_word(name, &end) : bulla_bytes(NULL, 0);
    if (is_one_of(before, lookups)) {
        return BULLA_NAME_PLAIN; /* of a queue, of a cache: they name something */
    }
    if (shape_is(before, "public") || shape_is(before, "pub") || shape_is(before, "publishable") ||
        shape_is(before, "site") || shape_is(before, "sort") || shape_is(before, "partition")) {
        return BULLA_NAME_PUBLIC;
    }
    if (shape_is(before, "encryption") || shape_is(before, "enc") || shape_is(before, "crypto") ||
        shape_is(before, "cipher")) {
        return BULLA_NAME_ENCRYPTION_KEY;
    }
    return BULLA_NAME_KEY;
}

/* What bundlers put into a page for everybody to read. */
static bool is_for_browsers(struct bulla_bytes name)
{
    static const char *const prefixes[] = {"next_public_", "nuxt_public_", "expo_public_",
                                           "public_",      "vite_",        "react_app_",
                                           "vue_app_",     "gatsby_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (shape_starts(name, prefixes[i])) {
            return true;
        }
    }
    return false;
}

/* ALLOW_EMPTY_PASSWORD, MYSQL_ALLOW_EMPTY_PASSWORD: what is asked for is yes or no. */
static bool is_question(const char *name)
{
    static const char *const verbs[] = {"allow", "require", "enable", "disable", "skip",
                                        "show",  "hide",    "must",   NULL};
    for (size_t end = strlen(name); end > 0;) {
        struct bulla_bytes word = shape_last_word(name, &end);
        if (is_one_of(word, verbs)) {
            return true;
        }
    }
    return false;
}

/* Which of several the value is for: API_TOKEN_STAGING, OPENAI_API_KEY_GLOBAL, API_KEY_2. */
static bool is_qualifier(struct bulla_bytes word)
{
    static const char *const words[] = {"dev",     "development", "local", "prod",   "production",
                                        "staging", "test",        "live",  "global", "sandbox",
                                        "primary", "secondary",   NULL};
    return is_number(word) || is_one_of(word, words);
}

static enum bulla_name_family family_by_words(const char *name)
{
    size_t end = strlen(name);
    struct bulla_bytes word = shape_last_word(name, &end);
    while (is_qualifier(word) && end > 0) {
        word = shape_last_word(name, &end);
    }
    if (shape_is(word, "string") && end > 0) {
        struct bulla_bytes before = shape_last_word(name, &end);
        return shape_is(before, "connection") ? BULLA_NAME_URL : BULLA_NAME_PLAIN;
    }
    if (end > 0 && shape_is(word, "id")) {
        struct bulla_bytes before = shape_last_word(name, &end);
        return shape_is(before, "key") ? BULLA_NAME_PUBLIC : BULLA_NAME_PLAIN;
    }
    if (shape_is(word, "base") || shape_is(word, "b64") || shape_is(word, "base64") ||
        shape_is(word, "hex") || shape_is(word, "value") || shape_is(word, "text")) {
        /* SECRET_KEY_BASE, …_KEY_B64: the word before decides. */
        if (end > 0) {
            word = shape_last_word(name, &end);
        }
    }
    for (size_t i = 0; i < sizeof plain_endings / sizeof *plain_endings; i++) {
        if (shape_is(word, plain_endings[i])) {
            return BULLA_NAME_PLAIN;
        }
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (shape_is(word, endings[i].word)) {
            return shape_is(word, "key") ? family_of_key(name, end) : endings[i].family;
        }
    }
    if (shape_ends(word, "password") || shape_ends(word, "passwd")) {
        return BULLA_NAME_PASSWORD;
    }
    if (shape_ends(word, "secret") || shape_ends(word, "token") || shape_ends(word, "apikey")) {
        return BULLA_NAME_KEY;
    }
    return BULLA_NAME_PLAIN;
}

enum bulla_name_family bulla_name_family(const char *name)
{
    enum bulla_name_family family = family_by_words(name);
    bool is_secret = family == BULLA_NAME_KEY || family == BULLA_NAME_ENCRYPTION_KEY ||
                     family == BULLA_NAME_PASSWORD;
    if (is_secret && is_question(name)) {
        return BULLA_NAME_PLAIN;
    }
    return is_secret && is_for_browsers(bulla_bytes_of(name)) ? BULLA_NAME_PUBLIC : family;
}

bool bulla_name_is_secret(const char *name)
{
    enum bulla_name_family family = bulla_name_family(name);
    return family == BULLA_NAME_PASSWORD || family == BULLA_NAME_KEY ||
           family == BULLA_NAME_ENCRYPTION_KEY;
}
