/* Secrets of a rendered file that nothing else has: writing it anew would be their end. */
#include <string.h>

#include "bulla/mem.h"
#include "bulla/shape.h"
#include "render/render_internal.h"

#include "base/banned.h"

#define MOST_PLACES 64 /* of a name: each is held against all that the vault had */

/* A derived value may be made of secrets; of one that is not, bulla_values_held says so. */
static bool may_be_secret(const struct bulla_value *value)
{
    return value->variable.role != BULLA_ROLE_SETTING;
}

/* A pair of quotes around VALUE is the notation's. */
static struct bulla_bytes without_quotes(struct bulla_bytes value)
{
    bool is_quoted = value.len > 1 && strchr("\"'`", value.data[0]) != NULL &&
                     value.data[value.len - 1] == value.data[0];
    return is_quoted ? bulla_bytes_slice(value, 1, value.len - 2) : value;
}

/* The first place of an item of a text: each has one. */
static const struct bulla_lost_place *find_place(const struct bulla_lost *lost, size_t index)
{
    size_t at = 0;
    while (lost->places[at].value != lost->items[index]) {
        at++;
    }
    return &lost->places[at];
}

struct bulla_bytes bulla_lost_value(const struct bulla_lost *lost, size_t index)
{
    const char *name = lost->items[index]->variable.name;
    return lost->file != NULL ? bulla_dotenv_find(lost->file, bulla_bytes_of(name))->value
                              : without_quotes(find_place(lost, index)->text);
}

struct bulla_pos bulla_lost_pos(const struct bulla_lost *lost, size_t index)
{
    const char *name = lost->items[index]->variable.name;
    return lost->file != NULL ? bulla_dotenv_find(lost->file, bulla_bytes_of(name))->pos
                              : find_place(lost, index)->pos;
}

struct bulla_bytes bulla_lost_secret(const struct bulla_value *value, struct bulla_bytes text)
{
    struct bulla_bytes password;
    struct bulla_url url;
    if (value->variable.role == BULLA_ROLE_DERIVED) {
        return bulla_url_split(text, &url) && url.password.len > 0 ? url.password : text;
    }
    return bulla_url_password(value->variable.name, text, &password) ? password : text;
}

/* A placeholder, the password of a URL too, says that nobody has set it yet. */
static bool is_meant(const struct bulla_value *value, struct bulla_bytes text)
{
    return text.len > 0 && bulla_placeholder(bulla_lost_secret(value, text)) == NULL;
}

static bool is_meant_entry(const struct bulla_value *value, const struct bulla_dotenv_entry *entry)
{
    return entry != NULL && entry->set && !entry->bare && is_meant(value, entry->value);
}

void bulla_lost_release(struct bulla_lost *lost)
{
    bulla_free(lost->items);
    bulla_free(lost->places);
    *lost = (struct bulla_lost){0};
}

static bool add(struct bulla_lost *lost, const struct bulla_value *value, size_t *cap,
                struct bulla_error *err)
{
    if (!bulla_grow(&lost->items, cap, lost->count + 1, sizeof(const struct bulla_value *), err)) {
        return false;
    }
    lost->items[lost->count++] = value;
    return true;
}

/* In Compose's notations alone what has no value here stays. */
static bool is_ended(const struct bulla_values *values, const struct bulla_value *value,
                     const struct bulla_dotenv *file, enum bulla_env_format format)
{
    struct bulla_bytes text;
    return bulla_rendered_differs(values, value, file) ||
           (format >= BULLA_ENV_DOCKER && bulla_rendered_is_left(values, value, file, &text));
}

bool bulla_lost_collect(struct bulla_lost *ret, const struct bulla_values *values,
                        const struct bulla_dotenv *file, enum bulla_env_format format,
                        struct bulla_error *err)
{
    *ret = (struct bulla_lost){.file = file};
    size_t cap = 0;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (!may_be_secret(value) || !is_ended(values, value, file, format) ||
            !is_meant_entry(value, bulla_dotenv_find(file, bulla_bytes_of(value->variable.name)))) {
            continue;
        }
        if (!add(ret, value, &cap, err)) {
            return false;
        }
    }
    return lost_leave(ret, values, err);
}

/* Each assignment to VALUE, of very many the first ones and the last. */
static bool add_places(struct bulla_lost *lost, const struct bulla_value *value, size_t *cap,
                       struct bulla_error *err)
{
    struct written written = {0};
    size_t first = lost->place_count;
    while (written_next(lost->text, value->variable.name, &written)) {
        if (!is_meant(value, without_quotes(written.value))) {
            continue;
        }
        if (!bulla_grow(&lost->places, cap, lost->place_count + 1, sizeof *lost->places, err)) {
            return false;
        }
        lost->place_count -= lost->place_count - first == MOST_PLACES;
        lost->places[lost->place_count++] = (struct bulla_lost_place){
            .value = value, .rest = written.rest, .text = written.value, .pos = written.pos};
    }
    return true;
}

bool bulla_lost_collect_text(struct bulla_lost *ret, const struct bulla_values *values,
                             struct bulla_bytes text, struct bulla_error *err)
{
    *ret = (struct bulla_lost){.text = text};
    size_t cap = 0;
    size_t place_cap = 0;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        bool is_known = value->state == BULLA_VALUE_SET || value->state == BULLA_VALUE_UNSET;
        size_t before = ret->place_count;
        if (may_be_secret(value) && is_known &&
            (!add_places(ret, value, &place_cap, err) ||
             (ret->place_count > before && !add(ret, value, &cap, err)))) {
            return false;
        }
    }
    return lost_leave(ret, values, err);
}

/* Takes out the items that have no place any more; both are in the contract's order. */
static void leave_placeless(struct bulla_lost *lost)
{
    size_t count = 0;
    size_t place = 0;
    for (size_t i = 0; i < lost->count; i++) {
        const struct bulla_value *item = lost->items[i];
        if (place < lost->place_count && lost->places[place].value == item) {
            lost->items[count++] = item;
        }
        while (place < lost->place_count && lost->places[place].value == item) {
            place++;
        }
    }
    lost->count = count;
}

/* False where the notation may write the value in another form, or on several lines. */
static bool is_plain(const struct written *written)
{
    struct bulla_bytes value = without_quotes(written->value);
    bool is_heredoc = written->value.data[-1] == '<'; /* the sign, of NAME<<END */
    bool is_plain = !is_heredoc;
    for (size_t i = 0; i < value.len; i++) {
        is_plain = is_plain && strchr("\"'`\\$", value.data[i]) == NULL;
    }
    return is_plain;
}

/* What is made of others is looked for in what stands there, where that can be told. */
static bool place_held(const struct bulla_values *values, const struct bulla_variable *variable,
                       const struct written *written, enum bulla_held *ret_held,
                       struct bulla_error *err)
{
    if (!written_held(values, written, variable->name, ret_held, err)) {
        return false;
    }
    if (*ret_held != BULLA_HELD_NEVER || variable->role != BULLA_ROLE_DERIVED) {
        return true;
    }
    if (!is_plain(written)) {
        *ret_held = BULLA_HELD_UNKNOWN;
        return true;
    }
    return bulla_values_held(values, variable->name, without_quotes(written->value), ret_held, err);
}

static bool leave_in_text(struct bulla_lost *lost, const struct bulla_values *values,
                          struct bulla_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < lost->place_count; i++) {
        const struct bulla_lost_place *place = &lost->places[i];
        struct written written = {.rest = place->rest, .value = place->text, .pos = place->pos};
        enum bulla_held held = BULLA_HELD_NEVER;
        bool is_inside = false;
        if (!place_held(values, &place->value->variable, &written, &held, err) ||
            (held == BULLA_HELD_NEVER &&
             !written_is_inside(values, lost->text, &written, &is_inside, err))) {
            return false;
        }
        if (held == BULLA_HELD_NEVER && !is_inside) {
            lost->places[count++] = *place;
        }
    }
    lost->place_count = count;
    leave_placeless(lost);
    return true;
}

bool lost_leave(struct bulla_lost *lost, const struct bulla_values *values, struct bulla_error *err)
{
    if (lost->file == NULL) {
        return leave_in_text(lost, values, err);
    }
    size_t count = 0;
    for (size_t i = 0; i < lost->count; i++) {
        enum bulla_held held = BULLA_HELD_NEVER;
        const char *name = lost->items[i]->variable.name;
        if (!bulla_values_held(values, name, bulla_lost_value(lost, i), &held, err)) {
            return false;
        }
        if (held == BULLA_HELD_NEVER) {
            lost->items[count++] = lost->items[i];
        }
    }
    lost->count = count;
    return true;
}
