#include "contract/contract_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "bulla/limits.h"
#include "bulla/suggest.h"

#include "base/banned.h"

#define MESSAGE_BYTES 256
#define MAX_LIST_BYTES 16384
#define MAX_LIST_WORDS 256

const struct ini_entry *entry_find(const struct ini_section *section, enum key key,
                                   const char *environment)
{
    const struct ini_entry *found = NULL;
    for (const struct ini_entry *entry = section->entries; entry != NULL; entry = entry->next) {
        if (entry->id != (int)key) {
            continue;
        }
        if (entry->environment == NULL) {
            found = found == NULL ? entry : found;
        } else if (environment != NULL && strcmp(entry->environment, environment) == 0) {
            return entry;
        }
    }
    return found;
}

static bool refuse(const struct bulla_contract *contract, struct bulla_pos pos,
                   struct bulla_error *err, const char *fmt, va_list args) BULLA_PRINTF(4, 0);

static bool refuse(const struct bulla_contract *contract, struct bulla_pos pos,
                   struct bulla_error *err, const char *fmt, va_list args)
{
    char message[MESSAGE_BYTES];
    (void)vsnprintf(message, sizeof message, fmt, args);
    return bulla_error_at(err, BULLA_E_INVALID, contract->file, pos, "%s", message);
}

bool entry_refuse(const struct bulla_contract *contract, const struct ini_entry *entry,
                  struct bulla_error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)refuse(contract, entry->value.pos, err, fmt, args);
    va_end(args);
    return false;
}

bool entry_refuse_key(const struct bulla_contract *contract, const struct ini_entry *entry,
                      struct bulla_error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)refuse(contract, entry->key_pos, err, fmt, args);
    va_end(args);
    return false;
}

bool entry_yes_no(const struct bulla_contract *contract, const struct ini_entry *entry,
                  bool *ret_yes, struct bulla_error *err)
{
    if (entry == NULL) {
        return true;
    }
    const char *text = entry->value.text;
    bool yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "no") != 0 && strcmp(text, "false") != 0) {
        return entry_refuse(contract, entry, err, "'%s' is yes or no", entry->key);
    }
    *ret_yes = yes;
    return true;
}

bool entry_number(const struct bulla_contract *contract, const struct ini_entry *entry,
                  uint64_t least, uint64_t most, uint64_t *ret_number, struct bulla_error *err)
{
    if (entry == NULL) {
        return true;
    }
    uint64_t number = 0;
    if (!num_parse_u64(bulla_bytes_of(entry->value.text), most, &number) || number < least) {
        return entry_refuse(contract, entry, err, "'%s' is a number from %llu to %llu", entry->key,
                            (unsigned long long)least, (unsigned long long)most);
    }
    *ret_number = number;
    return true;
}

bool entry_duration(const struct bulla_contract *contract, const struct ini_entry *entry,
                    uint64_t *ret_seconds, struct bulla_error *err)
{
    if (entry == NULL) {
        return true;
    }
    uint64_t seconds = 0;
    if (!num_parse_duration(bulla_bytes_of(entry->value.text), &seconds) || seconds == 0) {
        (void)entry_refuse(contract, entry, err, "'%s' is not a length of time", entry->key);
        return bulla_error_hint(err, "a number and one unit: 90s, 15m, 24h, 90d, 2w");
    }
    *ret_seconds = seconds;
    return true;
}

bool entry_choice(const struct bulla_contract *contract, const struct ini_entry *entry,
                  const char *const *choices, size_t count, size_t *ret_index,
                  struct bulla_error *err)
{
    if (entry == NULL) {
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(entry->value.text, choices[i]) == 0) {
            *ret_index = i;
            return true;
        }
    }
    (void)entry_refuse(contract, entry, err, "unknown word for '%s'", entry->key);
    char all[sizeof err->hint] = "one of";
    size_t len = strlen(all);
    for (size_t i = 0; i < count && len < sizeof all; i++) {
        len +=
            (size_t)snprintf(all + len, sizeof all - len, "%s%s", i == 0 ? " " : ", ", choices[i]);
    }
    return bulla_suggest_hint(err, bulla_suggest(entry->value.text, choices, count), all);
}

struct bulla_pos bulla_setting_pos(const struct bulla_setting *setting, size_t offset)
{
    const struct bulla_setting_part *part = setting->parts;
    if (part == NULL || setting->text == NULL) {
        return setting->pos;
    }
    size_t len = strlen(setting->text);
    if (offset > len) {
        offset = len;
    }
    while (part->next != NULL && part->next->offset <= offset) {
        part = part->next;
    }
    size_t chars = utf8_count(bulla_bytes(setting->text + part->offset, offset - part->offset));
    return (struct bulla_pos){part->pos.line, part->pos.col + (uint32_t)chars};
}

bool bulla_setting_word(const struct bulla_setting *setting, size_t index,
                        struct bulla_bytes *ret_word, struct bulla_pos *ret_pos)
{
    if (setting->text == NULL || setting->text[0] == '\0') {
        return false;
    }
    const char *start = setting->text;
    for (size_t i = 0; i < index; i++) {
        start = strchr(start, ',');
        if (start == NULL) {
            return false;
        }
        start++;
    }
    while (*start == ' ' || *start == '\t') {
        start++;
    }
    size_t len = strcspn(start, ",");
    while (len > 0 && (start[len - 1] == ' ' || start[len - 1] == '\t')) {
        len--;
    }
    *ret_word = bulla_bytes(start, len);
    if (ret_pos != NULL) {
        *ret_pos = bulla_setting_pos(setting, (size_t)(start - setting->text));
    }
    return true;
}

bool entry_check_list(const struct bulla_contract *contract, const struct ini_entry *entry,
                      struct bulla_error *err)
{
    if (entry == NULL) {
        return true;
    }
    if (strlen(entry->value.text) > MAX_LIST_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, contract->file, entry->value.pos,
                              "the list '%s' has more than %d bytes", entry->key, MAX_LIST_BYTES);
    }
    struct bulla_bytes word = {0};
    struct bulla_pos pos = {0, 0};
    for (size_t i = 0; bulla_setting_word(&entry->value, i, &word, &pos); i++) {
        if (i == MAX_LIST_WORDS) {
            return bulla_error_at(err, BULLA_E_LIMIT, contract->file, pos,
                                  "the list '%s' has more than %d words", entry->key,
                                  MAX_LIST_WORDS);
        }
        if (word.len == 0) {
            return bulla_error_at(err, BULLA_E_INVALID, contract->file, pos,
                                  "an empty word in the list '%s'", entry->key);
        }
        struct bulla_bytes other = {0};
        for (size_t j = 0; j < i && bulla_setting_word(&entry->value, j, &other, NULL); j++) {
            if (bulla_bytes_equal(word, other)) {
                return bulla_error_at(err, BULLA_E_INVALID, contract->file, pos,
                                      "a word stands twice in the list '%s'", entry->key);
            }
        }
    }
    return true;
}

bool entry_list(const struct bulla_contract *contract, const struct ini_entry *entry,
                const char *const **ret_words, struct bulla_error *err)
{
    if (!entry_check_list(contract, entry, err)) {
        return false;
    }
    size_t count = 0;
    struct bulla_bytes word = {0};
    while (entry != NULL && bulla_setting_word(&entry->value, count, &word, NULL)) {
        count++;
    }
    const char **words = pool_alloc(contract->pool, (count + 1) * sizeof *words, err);
    if (words == NULL) {
        return false;
    }
    for (size_t i = 0; i < count && bulla_setting_word(&entry->value, i, &word, NULL); i++) {
        words[i] = pool_strndup(contract->pool, word.data, word.len, err);
        if (words[i] == NULL) {
            return false;
        }
    }
    *ret_words = words;
    return true;
}

static bool hint_variable(const struct bulla_contract *contract, struct bulla_bytes word,
                          struct bulla_error *err)
{
    char text[BULLA_MAX_NAME_BYTES + 1];
    size_t len = word.len < sizeof text - 1 ? word.len : sizeof text - 1;
    memcpy(text, word.data, len);
    text[len] = '\0';
    const char *best = NULL;
    for (size_t i = 0; i < contract->variable_count; i++) {
        best = bulla_suggest_next(text, best, contract->variables[i]->name);
    }
    return bulla_suggest_hint(err, best, "give it a section of its own");
}

bool entry_check_variables(const struct bulla_contract *contract, const struct ini_entry *entry,
                           const char *self, struct bulla_error *err)
{
    if (!entry_check_list(contract, entry, err)) {
        return false;
    }
    struct bulla_bytes word = {0};
    struct bulla_pos pos = {0, 0};
    for (size_t i = 0; entry != NULL && bulla_setting_word(&entry->value, i, &word, &pos); i++) {
        if (self != NULL && bulla_bytes_are(word, self)) {
            return bulla_error_at(err, BULLA_E_INVALID, contract->file, pos,
                                  "'%s' names its own variable", entry->key);
        }
        if (!contract_has_variable(contract, word)) {
            (void)bulla_error_at(err, BULLA_E_INVALID, contract->file, pos,
                                 "no variable of the contract has this name ('%s')", entry->key);
            return hint_variable(contract, word, err);
        }
    }
    return true;
}
