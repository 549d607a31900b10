#include "contract/contract_internal.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/suggest.h"
#include "contract/types.h"
#include "pattern/pattern.h"

#include "base/banned.h"

static const char *const role_names[] = {"generated", "derived", "provided", "setting"};

static const char *const type_names[] = {
    "text",  "number", "integer", "boolean",  "port", "url",
    "email", "host",   "path",    "duration", "size",
};
#define TYPE_COUNT (sizeof type_names / sizeof type_names[0])

const char *bulla_role_name(enum bulla_role role)
{
    return role_names[role];
}

const char *bulla_value_type_name(enum bulla_value_type type)
{
    return type_names[type];
}

/* One variable being read: its section in one environment. */
struct reading {
    const struct bulla_contract *contract;
    const struct ini_section *section;
    const char *environment;
    bool check;
    struct bulla_variable *variable;
    struct bulla_error *err;
};

static const struct ini_entry *find(const struct reading *in, enum key key)
{
    return entry_find(in->section, key, in->environment);
}

static void set_text(const struct reading *in, enum key key, struct bulla_setting *setting)
{
    const struct ini_entry *entry = find(in, key);
    if (entry != NULL) {
        *setting = entry->value;
    }
}

static enum bulla_role role_of(const char *kind)
{
    if (kind == NULL || strcmp(kind, "provided") == 0) {
        return BULLA_ROLE_PROVIDED;
    }
    if (strcmp(kind, "derived") == 0) {
        return BULLA_ROLE_DERIVED;
    }
    return strcmp(kind, "setting") == 0 ? BULLA_ROLE_SETTING : BULLA_ROLE_GENERATED;
}

/* Refuses KEY where the variable's role gives it no meaning. */
static bool refuse_for_role(const struct reading *in, enum key key, const char *hint)
{
    const struct ini_entry *entry = find(in, key);
    if (entry == NULL) {
        return true;
    }
    (void)entry_refuse_key(in->contract, entry, in->err, "a %s variable has no '%s'",
                           bulla_role_name(in->variable->role), entry->key);
    return bulla_error_hint(in->err, "%s", hint);
}

static bool read_making(const struct reading *in)
{
    struct bulla_variable *variable = in->variable;
    set_text(in, KEY_KIND, &variable->kind);
    set_text(in, KEY_VALUE, &variable->value);
    set_text(in, KEY_DEFAULT, &variable->preset);
    set_text(in, KEY_OBTAIN, &variable->obtain);
    variable->role = role_of(variable->kind.text);
    if (variable->role != BULLA_ROLE_DERIVED) {
        return refuse_for_role(in, KEY_VALUE,
                               "'value' is a template: kind = derived; a setting has 'default'");
    }
    if (variable->value.text == NULL) {
        (void)entry_refuse(in->contract, find(in, KEY_KIND), in->err,
                           "a derived variable needs 'value'");
        return bulla_error_hint(in->err, "value = …{{ OTHER }}…");
    }
    return refuse_for_role(in, KEY_DEFAULT, "it is computed from 'value'");
}

/* One side of a range; an empty one is open. */
static bool read_bound(const struct reading *in, const struct ini_entry *entry, size_t start,
                       size_t len, bool *ret_has, double *ret_bound)
{
    while (len > 0 && entry->value.text[start] == ' ') {
        start++;
        len--;
    }
    while (len > 0 && entry->value.text[start + len - 1] == ' ') {
        len--;
    }
    if (len == 0) {
        return true;
    }
    enum bulla_value_type type =
        in->variable->type == BULLA_TYPE_TEXT ? BULLA_TYPE_NUMBER : in->variable->type;
    if (!type_measure(type, bulla_bytes(entry->value.text + start, len), ret_bound)) {
        return bulla_error_at(in->err, BULLA_E_INVALID, in->contract->file,
                              bulla_setting_pos(&entry->value, start),
                              "an end of the range is not a %s", bulla_value_type_name(type));
    }
    *ret_has = true;
    return true;
}

static bool read_range(const struct reading *in)
{
    struct bulla_variable *variable = in->variable;
    const struct ini_entry *entry = find(in, KEY_RANGE);
    if (entry == NULL) {
        return true;
    }
    variable->range = entry->value;
    if (!type_has_order(variable->type)) {
        return entry_refuse_key(in->contract, entry, in->err, "type %s has no range",
                                bulla_value_type_name(variable->type));
    }
    const char *text = entry->value.text;
    const char *dots = strstr(text, "..");
    if (dots == NULL) {
        (void)entry_refuse(in->contract, entry, in->err, "not a range");
        return bulla_error_hint(in->err, "range = LEAST..MOST; either side may be left out");
    }
    size_t len = (size_t)(dots - text);
    if (!read_bound(in, entry, 0, len, &variable->has_least, &variable->least) ||
        !read_bound(in, entry, len + 2, strlen(dots + 2), &variable->has_most, &variable->most)) {
        return false;
    }
    if (!variable->has_least && !variable->has_most) {
        return entry_refuse(in->contract, entry, in->err, "the range is open on both sides");
    }
    if (variable->has_least && variable->has_most && variable->least > variable->most) {
        return entry_refuse(in->contract, entry, in->err, "the range ends before it begins");
    }
    if (variable->type == BULLA_TYPE_TEXT) {
        variable->type = BULLA_TYPE_NUMBER;
    }
    return true;
}

static bool read_match(const struct reading *in)
{
    set_text(in, KEY_MATCH, &in->variable->match);
    if (in->variable->match.text == NULL || !in->check) {
        return true;
    }
    size_t offset = 0;
    auto_pattern pattern =
        pattern_compile(bulla_bytes_of(in->variable->match.text), &offset, in->err);
    if (pattern != NULL) {
        return true;
    }
    in->err->pos = bulla_setting_pos(&in->variable->match, offset);
    if (in->err->code == BULLA_E_NOMEM) {
        return false;
    }
    struct bulla_error cause = *in->err;
    return bulla_error_at(in->err, cause.code, in->contract->file, cause.pos, "%s", cause.message);
}

static bool read_length(const struct reading *in, enum key key, size_t *ret_length)
{
    uint64_t length = *ret_length;
    if (!entry_number(in->contract, find(in, key), 1, BULLA_MAX_VALUE_BYTES, &length, in->err)) {
        return false;
    }
    *ret_length = (size_t)length;
    return true;
}

static bool read_entropy(const struct reading *in)
{
    const struct ini_entry *entry = find(in, KEY_MIN_ENTROPY);
    double bits = 0;
    if (entry == NULL) {
        return true;
    }
    if (!type_number(bulla_bytes_of(entry->value.text), &bits) || bits <= 0 || bits > 4096) {
        return entry_refuse(in->contract, entry, in->err,
                            "'min-entropy' is a number of bits, at most 4096");
    }
    in->variable->min_entropy = bits;
    return true;
}

static bool read_checks(const struct reading *in)
{
    struct bulla_variable *variable = in->variable;
    size_t type = BULLA_TYPE_TEXT;
    if (!entry_choice(in->contract, find(in, KEY_TYPE), type_names, TYPE_COUNT, &type, in->err)) {
        return false;
    }
    variable->type = (enum bulla_value_type)type;
    set_text(in, KEY_ONE_OF, &variable->one_of);
    set_text(in, KEY_WARN_WHEN, &variable->warn_when);
    if (!read_range(in) || !read_match(in) ||
        (in->check && !entry_check_list(in->contract, find(in, KEY_ONE_OF), in->err)) ||
        !read_length(in, KEY_MIN_LENGTH, &variable->min_length) ||
        !read_length(in, KEY_MAX_LENGTH, &variable->max_length) || !read_entropy(in)) {
        return false;
    }
    if (variable->max_length > 0 && variable->min_length > variable->max_length) {
        return entry_refuse(in->contract, find(in, KEY_MAX_LENGTH), in->err,
                            "'max-length' is less than 'min-length'");
    }
    return entry_yes_no(in->contract, find(in, KEY_OPTIONAL), &variable->optional, in->err);
}

static bool read_others(const struct reading *in)
{
    static const enum key keys[] = {KEY_DIFFERS, KEY_SAME_AS, KEY_REQUIRES};
    struct bulla_setting *settings[] = {&in->variable->differs, &in->variable->same_as,
                                        &in->variable->requires};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        set_text(in, keys[i], settings[i]);
        if (in->check &&
            !entry_check_variables(in->contract, find(in, keys[i]), in->section->name, in->err)) {
            return false;
        }
    }
    return true;
}

static bool read_rotation(const struct reading *in)
{
    struct bulla_variable *variable = in->variable;
    if (variable->role == BULLA_ROLE_DERIVED) {
        return refuse_for_role(in, KEY_ROTATE, "it changes with what it is computed from");
    }
    if (variable->role == BULLA_ROLE_SETTING) {
        return refuse_for_role(in, KEY_ROTATE, "only secrets turn");
    }
    const struct ini_entry *entry = find(in, KEY_ROTATE);
    variable->rotates = true;
    if (entry == NULL) {
        return project_rotate(in->contract, in->environment, &variable->rotates,
                              &variable->rotate_seconds, in->err);
    }
    variable->rotates_by_itself = true;
    if (strcmp(entry->value.text, "never") == 0) {
        variable->rotates = false;
        return true;
    }
    return entry_duration(in->contract, entry, &variable->rotate_seconds, in->err);
}

static bool check_apply(const struct reading *in)
{
    const struct ini_entry *entry = find(in, KEY_APPLY);
    size_t index = 0;
    if (entry == NULL || bulla_contract_find_apply(in->contract, entry->value.text, &index)) {
        return true;
    }
    (void)entry_refuse(in->contract, entry, in->err, "there is no section [apply %s]",
                       entry->value.text);
    const char *best = NULL;
    for (size_t i = 0; i < in->contract->apply_count; i++) {
        best = bulla_suggest_next(entry->value.text, best, in->contract->applies[i]->name);
    }
    return bulla_suggest_hint(in->err, best, "write it: driver, through, user");
}

static bool check_previous_as(const struct reading *in)
{
    const struct ini_entry *entry = find(in, KEY_PREVIOUS_AS);
    if (entry == NULL) {
        return true;
    }
    if (!ini_is_variable_name(bulla_bytes_of(entry->value.text))) {
        return entry_refuse(in->contract, entry, in->err, "not a name for a variable");
    }
    if (strcmp(entry->value.text, in->section->name) == 0) {
        return entry_refuse(in->contract, entry, in->err, "'previous-as' names its own variable");
    }
    return true;
}

static bool read_life(const struct reading *in)
{
    struct bulla_variable *variable = in->variable;
    set_text(in, KEY_APPLY, &variable->apply);
    set_text(in, KEY_PREVIOUS_AS, &variable->previous_as);
    set_text(in, KEY_GROUP, &variable->group);
    set_text(in, KEY_RESTART, &variable->restart);
    set_text(in, KEY_NOTE, &variable->note);
    set_text(in, KEY_OWNER, &variable->owner);
    if (!read_rotation(in) || !entry_duration(in->contract, find(in, KEY_KEEP_PREVIOUS),
                                              &variable->keep_previous_seconds, in->err)) {
        return false;
    }
    return !in->check || (check_apply(in) && check_previous_as(in) &&
                          entry_check_list(in->contract, find(in, KEY_RESTART), in->err));
}

bool variable_resolve(const struct bulla_contract *contract, const struct ini_section *section,
                      const char *environment, bool check, struct bulla_variable *ret_variable,
                      struct bulla_error *err)
{
    struct bulla_variable variable = {.name = section->name, .pos = section->pos};
    const struct reading in = {contract, section, environment, check, &variable, err};
    if (!read_making(&in) || !read_checks(&in) || !read_others(&in) || !read_life(&in)) {
        return false;
    }
    *ret_variable = variable;
    return true;
}
