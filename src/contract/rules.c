#include "contract/contract_internal.h"

#include <string.h>

#include "base/banned.h"

#define RULE_CHARS 4 /* "B101" */

static bool is_rule(struct bulla_bytes word)
{
    if (word.len != RULE_CHARS || word.data[0] != 'B') {
        return false;
    }
    for (size_t i = 1; i < word.len; i++) {
        if (word.data[i] < '0' || word.data[i] > '9') {
            return false;
        }
    }
    return true;
}

/*
 * A file's name has a folder or an ending: "docker/compose.yml", ".env", but not "legacy" or
 * "e.g.", with which a reason may begin.
 */
static bool looks_like_file(const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (word[i] == '/' || (word[i] == '.' && i + 1 < len && word[len - 1] != '.')) {
            return true;
        }
    }
    return false;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static bool refuse_rule(const struct bulla_contract *contract, struct bulla_pos pos,
                        struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_INVALID, contract->file, pos, "not a rule's id");
    return bulla_error_hint(err, "rules are called B101, B203, …: they stand in each finding");
}

/* `ignore = RULE [FILE] REASON` */
static bool read_ignore(const struct bulla_contract *contract, const struct ini_entry *entry,
                        struct bulla_check_rule *rule, struct bulla_error *err)
{
    const char *text = entry->value.text;
    size_t len = strcspn(text, " \t");
    if (!is_rule(bulla_bytes(text, len))) {
        return refuse_rule(contract, entry->value.pos, err);
    }
    rule->rule = pool_strndup(contract->pool, text, len, err);
    if (rule->rule == NULL) {
        return false;
    }
    const char *rest = skip_blanks(text + len);
    len = strcspn(rest, " \t");
    if (looks_like_file(rest, len)) {
        rule->file = pool_strndup(contract->pool, rest, len, err);
        if (rule->file == NULL) {
            return false;
        }
        rest = skip_blanks(rest + len);
    }
    if (*rest == '\0') {
        (void)entry_refuse(contract, entry, err, "an ignored rule needs a reason");
        return bulla_error_hint(err, "ignore = %s %sWHY", rule->rule,
                                rule->file == NULL ? "[FILE] " : "FILE ");
    }
    rule->reason = rest;
    return true;
}

/* `severity.RULE = error` */
static bool read_severity(const struct bulla_contract *contract, const struct ini_entry *entry,
                          struct bulla_check_rule *rule, struct bulla_error *err)
{
    static const char *const words[] = {"note", "warning", "error", "off"};
    static const enum bulla_severity severities[] = {BULLA_NOTE, BULLA_WARNING, BULLA_ERROR,
                                                     BULLA_NOTE};
    const char *id = strchr(entry->key, '.') + 1;
    if (!is_rule(bulla_bytes_of(id))) {
        struct bulla_pos pos = entry->key_pos;
        pos.col += (uint32_t)(id - entry->key);
        return refuse_rule(contract, pos, err);
    }
    size_t index = 0;
    if (!entry_choice(contract, entry, words, sizeof words / sizeof words[0], &index, err)) {
        return false;
    }
    rule->rule = id;
    rule->severity = severities[index];
    rule->off = index == sizeof words / sizeof words[0] - 1;
    return true;
}

#define EXPOSED_GRACE_SECONDS ((uint64_t)14 * 86400)

static bool read_grace(const struct bulla_contract *contract, const char *environment,
                       uint64_t *ret_seconds, struct bulla_error *err)
{
    *ret_seconds = EXPOSED_GRACE_SECONDS;
    return contract->check_section == NULL ||
           entry_duration(contract,
                          entry_find(contract->check_section, KEY_EXPOSED_GRACE, environment),
                          ret_seconds, err);
}

uint64_t bulla_contract_exposed_grace(const struct bulla_contract *contract,
                                      const char *environment)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    uint64_t seconds = EXPOSED_GRACE_SECONDS;
    /* It was read when the contract was. */
    (void)!read_grace(contract, environment, &seconds, &ignored);
    return seconds;
}

static bool check_grace(const struct bulla_contract *contract, struct bulla_error *err)
{
    uint64_t seconds = 0;
    bool ok = read_grace(contract, NULL, &seconds, err);
    for (size_t i = 0; i < contract->environment_count && ok; i++) {
        ok = read_grace(contract, contract->environments[i].name, &seconds, err);
    }
    return ok;
}

bool rules_read(struct bulla_contract *contract, const struct ini_section *check,
                struct bulla_error *err)
{
    size_t count = 0;
    contract->check_section = check;
    for (const struct ini_entry *entry = check->entries; entry != NULL; entry = entry->next) {
        count++;
    }
    contract->rules = pool_alloc(contract->pool, (count + 1) * sizeof *contract->rules, err);
    if (contract->rules == NULL) {
        return false;
    }
    for (const struct ini_entry *entry = check->entries; entry != NULL; entry = entry->next) {
        struct bulla_check_rule *rule = &contract->rules[contract->rule_count];
        rule->environment = entry->environment;
        rule->pos = entry->value.pos;
        if (entry->id == KEY_EXPOSED_GRACE) {
            continue;
        }
        bool ok = entry->id == KEY_IGNORE     ? read_ignore(contract, entry, rule, err)
                  : entry->id == KEY_SEVERITY ? read_severity(contract, entry, rule, err)
                                              : true;
        if (!ok) {
            return false;
        }
        contract->rule_count += entry->id != KEY_EXTENSION;
    }
    return check_grace(contract, err);
}
