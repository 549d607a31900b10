#include "access.h"

#include <stdio.h>
#include <string.h>

#include "bulla/suggest.h"
#include "secrets.h"

/* A version that is given out today: the current one, or each of a contested name. */
static bool in_use(const struct bulla_version_info *version)
{
    return version->state == BULLA_VERSION_CURRENT;
}

/* Appends FIRST or "FIRST-LAST" to the list. */
static void add_range(char *text, uint32_t first, uint32_t last)
{
    char range[32];
    size_t used = strlen(text);
    if (first == last) {
        (void)snprintf(range, sizeof range, "%s%u", used > 0 ? ", " : "", first);
    } else {
        (void)snprintf(range, sizeof range, "%s%u-%u", used > 0 ? ", " : "", first, last);
    }
    size_t len = strlen(range);
    while (used + len >= ACCESS_VERSIONS_BYTES) {
        const char *rest = strchr(text, ',');
        used = rest == NULL ? 0 : strlen(rest + 2);
        memmove(text, rest == NULL ? "" : rest + 2, used + 1);
    }
    memcpy(text + used, range, len + 1);
}

struct reading access_reading(const struct bulla_vault *vault, const char *member,
                              const char *secret)
{
    struct reading reading = {.since = INT64_MAX};
    struct bulla_version_info version;
    size_t count = 0;
    uint32_t first = 0;
    uint32_t last = 0;
    while (bulla_vault_version(vault, secret, count, &version)) {
        count++;
    }
    for (size_t i = count; i > 0; i--) {
        int64_t since = 0;
        if (!bulla_vault_version(vault, secret, i - 1, &version) ||
            !bulla_vault_was_readable(vault, member, version.id, &since)) {
            continue;
        }
        reading.count++;
        reading.now = reading.now || in_use(&version);
        reading.exposed = reading.exposed || (in_use(&version) && version.exposed);
        reading.since = since < reading.since ? since : reading.since;
        if (first > 0 && version.number > last + 1) {
            add_range(reading.versions, first, last);
            first = 0;
        }
        first = first == 0 ? version.number : first;
        last = version.number;
    }
    if (first > 0) {
        add_range(reading.versions, first, last);
    }
    return reading;
}

static void count_name(struct access_count *count, const struct workspace *ws, const char *name)
{
    struct bulla_variable variable;
    bool is_setting =
        secrets_find_variable(ws, name, &variable) && variable.role == BULLA_ROLE_SETTING;
    count->settings += is_setting;
    count->secrets += !is_setting;
}

struct access_count access_count_values(const struct workspace *ws)
{
    struct access_count count = {0};
    for (size_t i = 0; i < bulla_vault_count(ws->vault); i++) {
        struct bulla_secret_info secret;
        bulla_vault_secret(ws->vault, i, &secret);
        if (secret.current != NULL || secret.contested) {
            count_name(&count, ws, secret.name);
        }
    }
    return count;
}

struct access_count access_count_readable(const struct workspace *ws, const char *member)
{
    struct access_count count = {0};
    for (size_t i = 0; i < bulla_vault_count(ws->vault); i++) {
        struct bulla_secret_info secret;
        bulla_vault_secret(ws->vault, i, &secret);
        if (access_reading(ws->vault, member, secret.name).now) {
            count_name(&count, ws, secret.name);
        }
    }
    return count;
}

bool access_writes(const struct bulla_member_info *person)
{
    return person->role >= BULLA_MEMBER_WRITER && person->sign != NULL;
}

bool access_next_word(const struct bulla_vault *vault, struct access_history *history,
                      struct access_word *ret_word)
{
    struct bulla_record_info record;
    while (bulla_vault_record(vault, history->next, &record)) {
        history->next++;
        bool is_removal = strcmp(record.kind, "unmember") == 0;
        if (!record.counts || (record.role == 0 && !is_removal)) {
            continue;
        }
        const char *before = history->owner;
        bool is_his = strcmp(record.subject, history->member) == 0;
        if (record.role == BULLA_MEMBER_OWNER) {
            history->owner = record.subject;
        }
        /* A hand-over makes who was the owner an admin. */
        bool handed_over = record.role == BULLA_MEMBER_OWNER && !is_his && before != NULL &&
                           strcmp(before, history->member) == 0;
        if (is_his || handed_over) {
            *ret_word = (struct access_word){.role = handed_over ? BULLA_MEMBER_ADMIN : record.role,
                                             .at = record.at,
                                             .by = record.by,
                                             .why = record.why};
            return true;
        }
    }
    return false;
}

bool access_check_member(const struct bulla_vault *vault, const char *path, const char *member,
                         struct bulla_error *err)
{
    const char *nearest = NULL;
    for (size_t i = 0; i < bulla_vault_people_count(vault); i++) {
        struct bulla_member_info person;
        bulla_vault_member(vault, i, &person);
        if (strcmp(person.name, member) == 0) {
            return true;
        }
        nearest = bulla_suggest_next(member, nearest, person.name);
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "'%s' never was a member", member);
    return bulla_suggest_hint(err, nearest, "'bulla access' shows everybody");
}
