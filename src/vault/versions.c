/* The states of versions (docs/vault.5.md 7.2), names in order, what is shown of them. */
#include <stdlib.h>
#include <string.h>

#include "vault/judge.h"

#include "base/banned.h"

/* When a version that is kept stops being offered. */
static int64_t kept_until(const struct bulla_vault *vault, const struct record *version)
{
    return record_time(&vault->records[version->kept_by].t, META_UNTIL);
}

static void apply_marks(struct bulla_vault *vault, const struct name *name)
{
    for (uint32_t i = 0; i < name->count; i++) {
        const struct record *record = &vault->records[vault->values[name->first + i]];
        if (record->counts != 1) {
            continue;
        }
        if (record->of != NONE) {
            struct record *of = &vault->records[record->of];
            of->retired = of->retired || record->t.state == STATE_RETIRED;
            if (record->t.state == STATE_EXPOSED) {
                of->exposed = true;
                of->exposed_at = record->t.at < of->exposed_at ? record->t.at : of->exposed_at;
            }
        }
        if (record->keep != NONE) {
            struct record *keep = &vault->records[record->keep];
            if (keep->kept_by == NONE ||
                record_time(&record->t, META_UNTIL) > kept_until(vault, keep)) {
                keep->kept_by = vault->values[name->first + i];
            }
        }
    }
}

static enum bulla_version_state state_of(const struct record *version)
{
    /* Without contest the one target is the current version. */
    if (version->target) {
        return BULLA_VERSION_CURRENT;
    }
    if (version->retired) {
        return BULLA_VERSION_RETIRED;
    }
    if (version->kept_by != NONE) {
        return BULLA_VERSION_PREVIOUS;
    }
    return version->t.state == STATE_PENDING && !version->descended ? BULLA_VERSION_PENDING
                                                                    : BULLA_VERSION_RETIRED;
}

static int compare_names(const void *a, const void *b, void *vault)
{
    const struct name *secrets = ((const struct bulla_vault *)vault)->secrets;
    return strcmp(secrets[*(const uint32_t *)a].text, secrets[*(const uint32_t *)b].text);
}

static int compare_versions(const void *a, const void *b, void *vault)
{
    const struct record *records = ((const struct bulla_vault *)vault)->records;
    const struct record *left = &records[*(const uint32_t *)a];
    const struct record *right = &records[*(const uint32_t *)b];
    if (left->t.version != right->t.version) {
        return left->t.version < right->t.version ? 1 : -1;
    }
    return memcmp(left->id, right->id, TEXT_ID_CHARS);
}

/* Without branches they come in this order. */
static bool is_sorted(struct bulla_vault *vault, const uint32_t *versions, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (compare_versions(&versions[i - 1], &versions[i], vault) > 0) {
            return false;
        }
    }
    return true;
}

static void list_versions(struct bulla_vault *vault, struct name *name, uint32_t *used)
{
    name->first_version = *used;
    for (uint32_t i = name->count; i > 0; i--) {
        uint32_t record = vault->values[name->first + i - 1];
        if (vault->records[record].t.kind == RECORD_SET) {
            vault->records[record].state = (uint8_t)state_of(&vault->records[record]);
            vault->versions[(*used)++] = record;
        }
    }
    name->version_count = *used - name->first_version;
    uint32_t *versions = vault->versions + name->first_version;
    if (!is_sorted(vault, versions, name->version_count)) {
        qsort_r(versions, name->version_count, sizeof *versions, compare_versions, vault);
    }
}

bool versions_build(struct bulla_vault *vault, struct bulla_error *err)
{
    size_t names = vault->names.count;
    vault->versions = pool_alloc(vault->judged, (vault->count + 1) * sizeof(uint32_t), err);
    vault->sorted = pool_alloc(vault->judged, (names + 1) * sizeof(uint32_t), err);
    if (vault->versions == NULL || vault->sorted == NULL) {
        return false;
    }
    uint32_t used = 0;
    for (size_t i = 0; i < names; i++) {
        apply_marks(vault, &vault->secrets[i]);
        list_versions(vault, &vault->secrets[i], &used);
        vault->sorted[i] = (uint32_t)i;
    }
    vault->name_count = names;
    qsort_r(vault->sorted, names, sizeof *vault->sorted, compare_names, vault);
    return true;
}

static void fill_version(const struct bulla_vault *vault, const struct record *record,
                         struct bulla_version_info *ret_info)
{
    const struct name *name = &vault->secrets[record->subject];
    *ret_info = (struct bulla_version_info){
        .id = record->id,
        .number = record->t.version,
        .state = (enum bulla_version_state)record->state,
        .contested = name->contested && record->target,
        .exposed = record->exposed,
        .exposed_at = record->exposed ? record->exposed_at : 0,
        .counts = record->counts == 1,
        .at = record->t.at,
        .by = vault->members.entries[record->author].text,
        .kind = record->kind,
        .why = record->why,
        .from_id = record->from == NONE ? NULL : vault->records[record->from].id,
        .until = record->state == BULLA_VERSION_PREVIOUS ? kept_until(vault, record) : 0,
        .expires = record_time(&record->t, META_EXPIRES),
    };
}

bool versions_fill_current(struct bulla_vault *vault, struct bulla_error *err)
{
    struct bulla_version_info *infos =
        pool_alloc(vault->judged, (vault->names.count + 1) * sizeof *infos, err);
    if (infos == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->names.count; i++) {
        struct name *name = &vault->secrets[i];
        if (name->current != NONE) {
            name->info = &infos[i];
            fill_version(vault, &vault->records[name->current], name->info);
        }
    }
    return true;
}

static void fill_secret(const struct bulla_vault *vault, const struct name *name,
                        struct bulla_secret_info *ret_info)
{
    *ret_info = (struct bulla_secret_info){
        .name = name->text,
        .version_count = name->version_count,
        .deleted = name->assigned && !name->contested && name->current == NONE,
        .contested = name->contested,
        .unset_on_a_branch = name->contested && name->unset_on_a_branch,
        .usurper = name->usurper != NONE ? vault->members.entries[name->usurper].text : NULL,
        .current = name->info,
    };
}

size_t bulla_vault_count(const struct bulla_vault *vault)
{
    return vault->name_count;
}

void bulla_vault_secret(const struct bulla_vault *vault, size_t index,
                        struct bulla_secret_info *ret_info)
{
    *ret_info = (struct bulla_secret_info){0};
    if (index < vault->name_count) {
        fill_secret(vault, &vault->secrets[vault->sorted[index]], ret_info);
    }
}

bool bulla_vault_find(const struct bulla_vault *vault, const char *name,
                      struct bulla_secret_info *ret_info)
{
    uint32_t found = intern_find(&vault->names, bulla_bytes_of(name));
    if (found == NONE || found >= vault->name_count) {
        return false;
    }
    fill_secret(vault, &vault->secrets[found], ret_info);
    return true;
}

bool bulla_vault_version(const struct bulla_vault *vault, const char *name, size_t index,
                         struct bulla_version_info *ret_info)
{
    uint32_t found = intern_find(&vault->names, bulla_bytes_of(name));
    if (found == NONE || found >= vault->name_count ||
        index >= vault->secrets[found].version_count) {
        return false;
    }
    uint32_t record = vault->versions[vault->secrets[found].first_version + index];
    fill_version(vault, &vault->records[record], ret_info);
    return true;
}

const char *bulla_version_state_name(enum bulla_version_state state)
{
    static const char *const names[] = {"pending", "current", "previous", "retired"};
    return names[state];
}
