#include "record_words.h"

#include <stdio.h>
#include <string.h>

static bool is_kind(const struct bulla_record_info *record, const char *kind)
{
    return strcmp(record->kind, kind) == 0;
}

bool record_is_about_secret(const struct bulla_record_info *record)
{
    return is_kind(record, "set") || is_kind(record, "del") || is_kind(record, "mark");
}

bool record_is_about_person(const struct bulla_record_info *record)
{
    return !record_is_about_secret(record) && !is_kind(record, "key");
}

bool record_is_membership(const struct bulla_record_info *record)
{
    return record->role != 0 || is_kind(record, "unmember");
}

const char *record_verb(const struct bulla_record_info *record)
{
    static const struct {
        const char *kind, *verb;
    } verbs[] = {{"root", "new vault"}, {"unmember", "removed"}, {"key", "new key"},
                 {"grant", "granted"},  {"del", "unset"},        {"join", "joined"}};
    if (record->state != NULL) {
        return record->state;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (is_kind(record, verbs[i].kind)) {
            return verbs[i].verb;
        }
    }
    return record->kind;
}

enum style record_style(const struct bulla_record_info *record)
{
    bool is_exposed = record->state != NULL && strcmp(record->state, "exposed") == 0;
    return !record->counts || is_exposed || is_kind(record, "unmember") ? STYLE_WARNING
                                                                        : STYLE_PLAIN;
}

const char *record_detail(const struct bulla_record_info *record,
                          char out[static RECORD_DETAIL_BYTES])
{
    bool is_grant = is_kind(record, "grant") && record->key != NULL;
    const char *role = record->role == 0 ? NULL : bulla_member_role_name(record->role);
    int len =
        snprintf(out, RECORD_DETAIL_BYTES, "%s%s%s%s%s%s%s",
                 record->counts ? "" : "; does not count", role != NULL ? "; as " : "",
                 role != NULL ? role : "", is_grant ? "; key " : "", is_grant ? record->key : "",
                 record->why != NULL ? "; " : "", record->why != NULL ? record->why : "");
    return len > 0 ? out + strlen("; ") : NULL;
}
