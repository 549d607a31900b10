/* Records and members as they are shown, and the comparison with another state of the vault. */
#include <stdlib.h>
#include <string.h>

#include "bulla/limits.h"
#include "vault/judge.h"
#include "vault/lines.h"

#include "base/banned.h"

static const char *subject_text(const struct bulla_vault *vault, const struct record *record)
{
    const struct intern *table = &vault->members;
    if (record_is_value(record)) {
        table = &vault->names;
    } else if (record->t.kind == RECORD_KEY) {
        table = &vault->keyids;
    }
    return table->entries[record->subject].text;
}

static const char *state_text(enum meta_state state)
{
    static const char *const names[] = {NULL, "pending", "current", "retired", "exposed"};
    return names[state];
}

/* What TABLE has of TEXT, or NULL. */
static const char *known_text(const struct intern *table, struct bulla_bytes text)
{
    uint32_t number = text.len == 0 ? NONE : intern_find(table, text);
    return number == NONE ? NULL : table->entries[number].text;
}

struct bulla_record_info log_describe(const struct bulla_vault *vault, const struct record *record)
{
    const char *of = record->t.kind == RECORD_MARK
                         ? known_text(&vault->ids, record_value(&record->t, META_OF))
                         : NULL;
    const struct record *numbered =
        of == NULL ? record : &vault->records[intern_find(&vault->ids, bulla_bytes_of(of))];
    return (struct bulla_record_info){
        .id = record->id,
        .kind = record_kind_name(record->t.kind),
        .subject = subject_text(vault, record),
        .state = state_text(record->t.state),
        .key = known_text(&vault->keyids, record_key(&record->t)),
        .number = numbered->t.version,
        .role = (enum bulla_member_role)(record_is_status(record) ? record->t.role : ROLE_NONE),
        .at = record->t.at,
        .by = vault->members.entries[record->author].text,
        .why = record->why,
        .line = record->t.number,
        .origin = record->origin,
    };
}

bool bulla_vault_record(const struct bulla_vault *vault, size_t index,
                        struct bulla_record_info *ret_info)
{
    if (index >= vault->judged_count) {
        return false;
    }
    const struct record *record = &vault->records[vault->graph.order[index]];
    *ret_info = log_describe(vault, record);
    ret_info->head = graph_is_head(vault, record_number(vault, record));
    ret_info->counts = record->counts == 1;
    ret_info->checked = record->checked;
    ret_info->fresh = record->fresh;
    return true;
}

bool bulla_vault_against(struct bulla_vault *vault, struct bulla_bytes text,
                         struct bulla_vault_against *ret_against, struct bulla_error *err)
{
    const struct bulla_vault_place place = {.path = vault->path};
    bulla_auto_vault base = vault_new(&place, BULLA_VAULT_READ, err);
    if (base == NULL) {
        return false;
    }
    bulla_buf_add_bytes(&base->text, text);
    if (!bulla_buf_ok(&base->text, err) || !vault_read_text(base, vault->environment, err)) {
        return bulla_error_while(err, "the state to compare with");
    }
    if (strcmp(base->vault_id, vault->vault_id) != 0) {
        return bulla_error_at(err, BULLA_E_VERIFY, vault->path, (struct bulla_pos){1, 1},
                              "this is vault %s, and %s was here before", vault->vault_id,
                              base->vault_id);
    }
    *ret_against = (struct bulla_vault_against){0};
    for (size_t i = 0; i < base->count; i++) {
        if (intern_find(&vault->ids, bulla_bytes_of(base->records[i].id)) != NONE) {
            continue;
        }
        if (ret_against->missing++ == 0) {
            ret_against->first_missing = pool_strdup(vault->pool, base->records[i].id, err);
            if (ret_against->first_missing == NULL) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = &vault->records[i];
        record->fresh = intern_find(&base->ids, bulla_bytes_of(record->id)) == NONE;
        ret_against->fresh += record->fresh;
        ret_against->fresh_void += record->fresh && record->counts != 1;
    }
    return true;
}

/* Those who are members, by name; behind them those who were. */
static int compare_members(const void *a, const void *b)
{
    const struct bulla_member_info *left = a;
    const struct bulla_member_info *right = b;
    if ((left->role == 0) != (right->role == 0)) {
        return left->role == 0 ? 1 : -1;
    }
    return strcmp(left->name, right->name);
}

/* The last words on a member agree in what they give; of several the newest is shown. */
static bool fill_member(struct bulla_vault *vault, uint32_t person, struct bulla_member_info *info,
                        struct bulla_error *err)
{
    const struct person *member = &vault->people[person];
    *info = (struct bulla_member_info){.name = member->name,
                                       .role = (enum bulla_member_role)member->last.role,
                                       .recipient = "",
                                       .by = ""};
    if (member->last.role != ROLE_NONE && member->last.key != NONE) {
        info->sign = pool_strndup(vault->judged, vault->signs.entries[member->last.key].text,
                                  TEXT_ID_CHARS, err);
        if (info->sign == NULL) {
            return false;
        }
    }
    for (uint32_t i = member->about_count; i > 0; i--) {
        const struct record *status = &vault->records[member->about[i - 1].record];
        if (status->counts != 1) {
            continue;
        }
        const struct record *with =
            status->subject == person ? status : &vault->records[status->gave];
        struct bulla_bytes value = record_value(&with->t, META_RECIPIENT);
        char *text = pool_alloc(vault->judged, value.len + 1, err);
        if (text == NULL) {
            return false;
        }
        text[record_meta_decode(value, text)] = '\0';
        info->recipient = text;
        info->since = status->t.at;
        info->by = vault->members.entries[status->author].text;
        break;
    }
    return true;
}

/* True where somebody gave PERSON a role or a key that ever counted, or handed a key to him. */
static bool was_member(const struct bulla_vault *vault, uint32_t person, const uint8_t *granted)
{
    const struct person *member = &vault->people[person];
    for (uint32_t i = 0; i < member->about_count; i++) {
        if (vault->records[member->about[i].record].counts == 1) {
            return true;
        }
    }
    return granted[person] != 0;
}

bool roster_build(struct bulla_vault *vault, struct bulla_error *err)
{
    size_t count = vault->members.count;
    vault->roster_count = vault->people_count = 0;
    vault->roster = pool_alloc(vault->judged, (count + 1) * sizeof *vault->roster, err);
    uint8_t *granted = pool_alloc(vault->judged, count + 1, err);
    if (vault->roster == NULL || granted == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        if (vault->records[i].t.kind == RECORD_GRANT) {
            granted[vault->records[i].subject] = 1;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!was_member(vault, (uint32_t)i, granted)) {
            continue;
        }
        if (!fill_member(vault, (uint32_t)i, &vault->roster[vault->people_count++], err)) {
            return false;
        }
        vault->roster_count += vault->people[i].last.role != ROLE_NONE;
    }
    qsort(vault->roster, vault->people_count, sizeof *vault->roster, compare_members);
    return true;
}

size_t bulla_vault_member_count(const struct bulla_vault *vault)
{
    return vault->roster_count;
}

size_t bulla_vault_people_count(const struct bulla_vault *vault)
{
    return vault->people_count;
}

void bulla_vault_member(const struct bulla_vault *vault, size_t index,
                        struct bulla_member_info *ret_info)
{
    *ret_info = index < vault->people_count ? vault->roster[index] : (struct bulla_member_info){0};
}

bool bulla_vault_find_member(const struct bulla_vault *vault, const char *name,
                             struct bulla_member_info *ret_info)
{
    for (size_t i = 0; i < vault->roster_count; i++) {
        if (strcmp(vault->roster[i].name, name) == 0) {
            *ret_info = vault->roster[i];
            return true;
        }
    }
    return false;
}

const char *bulla_member_role_name(enum bulla_member_role role)
{
    return record_role_name((enum role)role);
}

bool bulla_member_role_parse(const char *text, enum bulla_member_role *ret_role)
{
    enum role role = ROLE_NONE;
    if (!record_role_parse(bulla_bytes_of(text), &role)) {
        return false;
    }
    *ret_role = (enum bulla_member_role)role;
    return true;
}
