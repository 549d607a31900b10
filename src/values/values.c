#include "bulla/values.h"

#include <string.h>

#include "base/utf8.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "values/values_internal.h"

#include "base/banned.h"

void bulla_values_free(struct bulla_values *values)
{
    if (values == NULL) {
        return;
    }
    bulla_arena_free(values->arena);
    pool_free(values->pool);
    bulla_free(values);
}

struct bulla_pos values_place(const struct bulla_setting *setting, struct bulla_pos in_text)
{
    struct bulla_bytes text = bulla_bytes_of(setting->text);
    size_t offset = 0;
    for (uint32_t col = 1; col < in_text.col && offset < text.len; col++) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(bulla_bytes_slice(text, offset, text.len), &code_point);
        offset += len == 0 ? 1 : len;
    }
    return bulla_setting_pos(setting, offset);
}

bool values_find(const struct bulla_values *values, struct bulla_bytes name, size_t *ret_index)
{
    char text[BULLA_MAX_NAME_BYTES + 1];
    if (name.len == 0 || name.len >= sizeof text) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '\0') {
            return false;
        }
        text[i] = (char)name.data[i];
    }
    text[name.len] = '\0';
    if (bulla_contract_find_variable(values->contract, text, ret_index)) {
        return true;
    }
    for (size_t i = values->section_count; i < values->count; i++) {
        if (strcmp(values->rows[i].variable.name, text) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

/* Parses the kind of a generated variable; errors get their place in the contract. */
static bool read_kind(struct bulla_values *values, struct bulla_value *row, struct bulla_error *err)
{
    if (row->variable.role != BULLA_ROLE_GENERATED) {
        return true;
    }
    const struct bulla_setting *kind = &row->variable.kind;
    if (!bulla_kind_parse(bulla_bytes_of(kind->text), &row->kind, err)) {
        err->pos = values_place(kind, err->pos);
        size_t len = strnlen(values->file, sizeof err->file - 1);
        memcpy(err->file, values->file, len);
        err->file[len] = '\0';
        return false;
    }
    row->has_kind = true;
    return true;
}

/*
 * Takes what the vault has for NAME: *ret_state stays MISSING where that is nothing. VERSION 0 is
 * the current one.
 */
static bool read_vault(struct bulla_vault *vault, const char *name, uint32_t version,
                       enum bulla_value_state *ret_state, struct bulla_bytes *ret_bytes,
                       struct bulla_error *err)
{
    if (!bulla_vault_has_key(vault)) {
        *ret_state = BULLA_VALUE_SEALED;
        return true;
    }
    struct bulla_error why = BULLA_ERROR_INIT;
    if (bulla_vault_get(vault, name, version, ret_bytes, &why)) {
        *ret_state = BULLA_VALUE_SET;
        return true;
    }
    if (why.code == BULLA_E_IDENTITY || why.code == BULLA_E_REFUSED) {
        *ret_state = why.code == BULLA_E_IDENTITY ? BULLA_VALUE_SEALED : BULLA_VALUE_CONTESTED;
        return true;
    }
    *err = why;
    return false;
}

static bool read_current(const struct bulla_values *values, struct bulla_value *row,
                         struct bulla_error *err)
{
    struct bulla_secret_info info;
    if (values->vault == NULL || !bulla_vault_find(values->vault, row->variable.name, &info)) {
        return true;
    }
    if (!info.contested && info.current == NULL) {
        return true;
    }
    row->source = BULLA_FROM_VAULT;
    if (info.contested) {
        row->state = BULLA_VALUE_CONTESTED;
        return true;
    }
    row->made_as = info.current->kind;
    return read_vault(values->vault, row->variable.name, 0, &row->state, &row->bytes, err);
}

static void use_default(struct bulla_value *row)
{
    if (row->state == BULLA_VALUE_MISSING && row->variable.preset.text != NULL) {
        row->state = BULLA_VALUE_SET;
        row->source = BULLA_FROM_CONTRACT;
        row->bytes = bulla_bytes_of(row->variable.preset.text);
    }
    if (row->state == BULLA_VALUE_MISSING && row->variable.optional) {
        row->state = BULLA_VALUE_UNSET;
    }
}

static bool read_row(struct bulla_values *values, struct bulla_value *row, struct bulla_error *err)
{
    row->state = BULLA_VALUE_MISSING;
    if (!read_kind(values, row, err)) {
        return false;
    }
    if (row->variable.role == BULLA_ROLE_DERIVED) {
        row->source = BULLA_FROM_DERIVED;
        return true;
    }
    return read_current(values, row, err);
}

/* True where CURRENT (may be NULL) repeats the value of the version with ID, by way of others. */
static bool is_repeated(const struct bulla_vault *vault, const char *name,
                        const struct bulla_version_info *current, const char *id)
{
    const char *from = current != NULL ? current->from_id : NULL;
    struct bulla_version_info info;
    /* The newest come first, and a version repeats an older one. */
    for (size_t i = 0; from != NULL && bulla_vault_version(vault, name, i, &info); i++) {
        if (strcmp(from, id) == 0) {
            return true;
        }
        if (strcmp(info.id, from) == 0) {
            from = info.from_id;
        }
    }
    return false;
}

/* The newest version of NAME that is still valid beside the current one, and another value. */
static bool find_previous(const struct bulla_values *values, const char *name, uint32_t *ret_number)
{
    struct bulla_secret_info secret;
    struct bulla_version_info info;
    if (values->vault == NULL || !bulla_vault_find(values->vault, name, &secret)) {
        return false;
    }
    for (size_t i = 0; bulla_vault_version(values->vault, name, i, &info); i++) {
        bool over = values->now != 0 && info.until != 0 && info.until <= values->now;
        if (info.state == BULLA_VERSION_PREVIOUS && !over &&
            !is_repeated(values->vault, name, secret.current, info.id)) {
            *ret_number = info.number;
            return true;
        }
    }
    return false;
}

/* Gives ROW, whose name OWNER's `previous-as` mentions, OWNER's previous value. */
static bool read_previous(const struct bulla_values *values, const struct bulla_value *owner,
                          struct bulla_value *row, struct bulla_error *err)
{
    uint32_t number = 0;
    if (!find_previous(values, owner->variable.name, &number)) {
        return true;
    }
    row->source = BULLA_FROM_PREVIOUS;
    return read_vault(values->vault, owner->variable.name, number, &row->state, &row->bytes, err);
}

static bool read_all_previous(struct bulla_values *values, struct bulla_error *err)
{
    for (size_t i = 0; i < values->section_count; i++) {
        const struct bulla_value *owner = &values->rows[i];
        const struct bulla_setting *name = &owner->variable.previous_as;
        size_t index = 0;
        if (name->text == NULL) {
            continue;
        }
        if (!values_find(values, bulla_bytes_of(name->text), &index)) {
            index = values->count++;
            values->rows[index] = (struct bulla_value){.variable = {.name = name->text,
                                                                    .pos = name->pos,
                                                                    .role = BULLA_ROLE_PROVIDED,
                                                                    .optional = true},
                                                       .state = BULLA_VALUE_MISSING,
                                                       .source = BULLA_FROM_PREVIOUS};
        }
        struct bulla_value *row = &values->rows[index];
        if (row->state == BULLA_VALUE_MISSING && row->source != BULLA_FROM_DERIVED &&
            !read_previous(values, owner, row, err)) {
            return false;
        }
    }
    return true;
}

static bool read_rows(struct bulla_values *values, const char *environment, struct bulla_error *err)
{
    values->section_count = bulla_contract_variable_count(values->contract);
    values->count = values->section_count;
    /* Each variable may bring one name more with `previous-as`. */
    values->rows = pool_alloc(values->pool, (2 * values->count + 1) * sizeof *values->rows, err);
    if (values->rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < values->section_count; i++) {
        bulla_contract_variable(values->contract, i, environment, &values->rows[i].variable);
        if (!read_row(values, &values->rows[i], err)) {
            return false;
        }
    }
    if (!read_all_previous(values, err)) {
        return false;
    }
    for (size_t i = 0; i < values->count; i++) {
        if (values->rows[i].source != BULLA_FROM_DERIVED) {
            use_default(&values->rows[i]);
        }
    }
    return true;
}

static bool find_strays(struct bulla_values *values, struct bulla_error *err)
{
    size_t names = values->vault == NULL ? 0 : bulla_vault_count(values->vault);
    values->strays = pool_alloc(values->pool, (names + 1) * sizeof *values->strays, err);
    if (values->strays == NULL) {
        return false;
    }
    for (size_t i = 0; i < names; i++) {
        struct bulla_secret_info info;
        bulla_vault_secret(values->vault, i, &info);
        size_t index = 0;
        bool known = values_find(values, bulla_bytes_of(info.name), &index) &&
                     values->rows[index].source != BULLA_FROM_DERIVED;
        if (!known && (info.current != NULL || info.contested)) {
            values->strays[values->stray_count++] = info.name;
        }
    }
    return true;
}

struct bulla_values *bulla_values_resolve(const struct bulla_contract *contract,
                                          const char *environment, struct bulla_vault *vault,
                                          struct bulla_error *err)
{
    return bulla_values_resolve_at(contract, environment, vault, 0, err);
}

struct bulla_values *bulla_values_resolve_at(const struct bulla_contract *contract,
                                             const char *environment, struct bulla_vault *vault,
                                             int64_t now, struct bulla_error *err)
{
    if (bulla_contract_find_environment(contract, environment) == NULL) {
        (void)bulla_error_at(err, BULLA_E_INVALID, bulla_contract_file(contract),
                             (struct bulla_pos){1, 1}, "unknown environment '%s'", environment);
        (void)bulla_error_hint(err, "list it in 'environments' of [bulla]");
        return NULL;
    }
    bulla_auto_values values = bulla_alloc(1, sizeof *values, err);
    if (values == NULL) {
        return NULL;
    }
    values->contract = contract;
    values->file = bulla_contract_file(contract);
    values->vault = vault;
    values->now = now;
    values->pool = pool_new(err);
    if (values->pool == NULL || !read_rows(values, environment, err) || !values_link(values, err) ||
        !values_derive(values, err) || !find_strays(values, err)) {
        return NULL;
    }
    return BULLA_STEAL(values);
}

size_t bulla_values_count(const struct bulla_values *values)
{
    return values->count;
}

const struct bulla_value *bulla_values_get(const struct bulla_values *values, size_t index)
{
    return &values->rows[index];
}

const struct bulla_value *bulla_values_find(const struct bulla_values *values, const char *name)
{
    size_t index = 0;
    return values_find(values, bulla_bytes_of(name), &index) ? &values->rows[index] : NULL;
}

bool bulla_values_remembers(const struct bulla_values *values, const char *name)
{
    struct bulla_secret_info info;
    const struct bulla_value *row = bulla_values_find(values, name);
    if (row != NULL && row->variable.role == BULLA_ROLE_DERIVED) {
        return true;
    }
    for (size_t i = 0; i < values->section_count; i++) {
        const char *shown = values->rows[i].variable.previous_as.text;
        if (shown != NULL && strcmp(shown, name) == 0) {
            return true;
        }
    }
    return values->vault != NULL && bulla_vault_find(values->vault, name, &info);
}

size_t bulla_values_state_count(const struct bulla_values *values, enum bulla_value_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < values->count; i++) {
        count += values->rows[i].state == state;
    }
    return count;
}

size_t bulla_values_stray_count(const struct bulla_values *values)
{
    return values->stray_count;
}

const char *bulla_values_stray(const struct bulla_values *values, size_t index)
{
    return values->strays[index];
}

enum bulla_lookup_state bulla_values_lookup(void *ctx, struct bulla_bytes name,
                                            struct bulla_bytes *ret_value)
{
    const struct bulla_values *values = ctx;
    size_t index = 0;
    if (!values_find(values, name, &index)) {
        return BULLA_LOOKUP_UNSET;
    }
    const struct bulla_value *row = &values->rows[index];
    bool is_hidden = row->state == BULLA_VALUE_SEALED || row->state == BULLA_VALUE_CONTESTED;
    if (row->state != BULLA_VALUE_SET && !is_hidden) {
        return BULLA_LOOKUP_UNSET;
    }
    *ret_value = row->bytes;
    return row->state == BULLA_VALUE_SET && row->bytes.len == 0 ? BULLA_LOOKUP_EMPTY
                                                                : BULLA_LOOKUP_SET;
}

const char *bulla_value_state_name(enum bulla_value_state state)
{
    static const char *const names[] = {"set", "sealed", "missing", "unset", "contested"};
    return names[state];
}
