#include "contract/keys.h"

#include <string.h>

#include "bulla/suggest.h"

#include "base/banned.h"

#define SEVERITY_PREFIX "severity."

struct key_row {
    const char *word;
    enum ini_class class;
    enum key key;
    bool fixed; /* cannot be `key@ENV` */
    bool blank; /* may have an empty value */
};

static const struct key_row rows[] = {
    {"format", INI_PROJECT, KEY_FORMAT, true, false},
    {"project", INI_PROJECT, KEY_PROJECT, true, false},
    {"environments", INI_PROJECT, KEY_ENVIRONMENTS, true, false},
    {"default", INI_PROJECT, KEY_DEFAULT_ENVIRONMENT, true, false},
    {"rotate", INI_PROJECT, KEY_PROJECT_ROTATE, false, false},
    {"keep", INI_PROJECT, KEY_KEEP, true, false},
    {"ignore", INI_CHECK, KEY_IGNORE, false, false},
    {"exposed-grace", INI_CHECK, KEY_EXPOSED_GRACE, false, false},
    {"compose", INI_ENVIRONMENT, KEY_COMPOSE, true, false},
    {"profiles", INI_ENVIRONMENT, KEY_PROFILES, true, true},
    {"project-directory", INI_ENVIRONMENT, KEY_PROJECT_DIRECTORY, true, false},
    {"template", INI_ENVIRONMENT, KEY_TEMPLATE, true, false},
    {"output", INI_ENVIRONMENT, KEY_OUTPUT, true, false},
    {"format", INI_ENVIRONMENT, KEY_OUTPUT_FORMAT, true, false},
    {"protected", INI_ENVIRONMENT, KEY_PROTECTED, true, false},
    {"driver", INI_APPLY, KEY_DRIVER, false, false},
    {"through", INI_APPLY, KEY_THROUGH, false, false},
    {"user", INI_APPLY, KEY_USER, false, false},
    {"admin-user", INI_APPLY, KEY_ADMIN_USER, false, false},
    {"admin", INI_APPLY, KEY_ADMIN, false, false},
    {"strategy", INI_APPLY, KEY_STRATEGY, false, false},
    {"users", INI_APPLY, KEY_USERS, false, false},
    {"host", INI_APPLY, KEY_HOST, false, false},
    {"port", INI_APPLY, KEY_PORT, false, false},
    {"tls", INI_APPLY, KEY_TLS, false, false},
    {"ca", INI_APPLY, KEY_CA, false, false},
    {"hook", INI_APPLY, KEY_HOOK, false, false},
    {"timeout", INI_APPLY, KEY_TIMEOUT, false, false},
    {"kind", INI_VARIABLE, KEY_KIND, false, false},
    {"value", INI_VARIABLE, KEY_VALUE, false, false},
    {"default", INI_VARIABLE, KEY_DEFAULT, false, true},
    {"type", INI_VARIABLE, KEY_TYPE, false, false},
    {"match", INI_VARIABLE, KEY_MATCH, false, false},
    {"one-of", INI_VARIABLE, KEY_ONE_OF, false, false},
    {"range", INI_VARIABLE, KEY_RANGE, false, false},
    {"min-length", INI_VARIABLE, KEY_MIN_LENGTH, false, false},
    {"max-length", INI_VARIABLE, KEY_MAX_LENGTH, false, false},
    {"min-entropy", INI_VARIABLE, KEY_MIN_ENTROPY, false, false},
    {"differs", INI_VARIABLE, KEY_DIFFERS, false, false},
    {"same-as", INI_VARIABLE, KEY_SAME_AS, false, false},
    {"requires", INI_VARIABLE, KEY_REQUIRES, false, false},
    {"optional", INI_VARIABLE, KEY_OPTIONAL, false, false},
    {"warn-when", INI_VARIABLE, KEY_WARN_WHEN, false, true},
    {"rotate", INI_VARIABLE, KEY_ROTATE, false, false},
    {"apply", INI_VARIABLE, KEY_APPLY, false, false},
    {"keep-previous", INI_VARIABLE, KEY_KEEP_PREVIOUS, false, false},
    {"previous-as", INI_VARIABLE, KEY_PREVIOUS_AS, false, false},
    {"group", INI_VARIABLE, KEY_GROUP, false, false},
    {"restart", INI_VARIABLE, KEY_RESTART, false, true},
    {"note", INI_VARIABLE, KEY_NOTE, false, false},
    {"owner", INI_VARIABLE, KEY_OWNER, false, false},
    {"obtain", INI_VARIABLE, KEY_OBTAIN, false, false},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

bool keys_are_known(struct bulla_bytes word)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if ((rows[i].class == INI_VARIABLE || rows[i].class == INI_APPLY) &&
            bulla_bytes_are(word, rows[i].word)) {
            return true;
        }
    }
    return false;
}

const char *keys_word(size_t index)
{
    return index < ROW_COUNT ? rows[index].word : NULL;
}

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool refuse_unknown(const struct ini_entry *entry, enum ini_class class, const char *file,
                           struct bulla_error *err)
{
    const char *words[ROW_COUNT + 1];
    size_t count = 0;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].class == class) {
            words[count++] = rows[i].word;
        }
    }
    if (class == INI_CHECK) {
        words[count++] = SEVERITY_PREFIX "RULE";
    }
    (void)bulla_error_at(err, BULLA_E_INVALID, file, entry->key_pos, "unknown key '%s'",
                         entry->key);
    return bulla_suggest_hint(err, bulla_suggest(entry->key, words, count),
                              class == INI_CHECK ? "ignore = RULE REASON, or severity.RULE = note"
                                                 : "a key of your own begins with 'x-'");
}

static bool resolve(struct ini_entry *entry, enum ini_class class, const char *file,
                    struct bulla_error *err)
{
    if (starts(entry->key, "x-")) {
        entry->id = KEY_EXTENSION;
        return true;
    }
    struct key_row row = {.word = NULL};
    for (size_t i = 0; i < ROW_COUNT && row.word == NULL; i++) {
        if (rows[i].class == class && strcmp(rows[i].word, entry->key) == 0) {
            row = rows[i];
        }
    }
    if (row.word == NULL && class == INI_CHECK && starts(entry->key, SEVERITY_PREFIX)) {
        row = (struct key_row){SEVERITY_PREFIX, INI_CHECK, KEY_SEVERITY, false, false};
    }
    if (row.word == NULL) {
        return refuse_unknown(entry, class, file, err);
    }
    if (row.fixed && entry->environment != NULL) {
        return bulla_error_at(err, BULLA_E_INVALID, file, entry->environment_pos,
                              "'%s' cannot differ by environment", entry->key);
    }
    if (!row.blank && entry->value.text[0] == '\0') {
        return bulla_error_at(err, BULLA_E_INVALID, file, entry->key_pos, "'%s' has no value",
                              entry->key);
    }
    entry->id = (int)row.key;
    return true;
}

bool keys_resolve(struct ini_section *section, const char *file, struct bulla_error *err)
{
    for (struct ini_entry *entry = section->entries; entry != NULL; entry = entry->next) {
        if (!resolve(entry, section->class, file, err)) {
            return false;
        }
    }
    return true;
}
