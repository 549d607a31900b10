/* From YAML's nodes to values: tags, anchors, merge keys, numbers; what !reset marks is left out.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/codec.h"
#include "model/internal.h"

#include "base/banned.h"

#define YAML_TAG "tag:yaml.org,2002:"

struct decoder {
    struct model *m;
    const char *file;
    struct resets *resets;
    bool overriding; /* below !override, where !reset is not heeded */
};

static struct bulla_value *decode(struct decoder *d, const struct yaml_node *node,
                                  const struct path *at);

static bool has_tag(const struct yaml_node *node, const char *tag)
{
    return node->tag != NULL && strcmp(node->tag, tag) == 0;
}

static const char *core_tag(const struct yaml_node *node)
{
    size_t len = sizeof YAML_TAG - 1;
    return node->tag != NULL && strncmp(node->tag, YAML_TAG, len) == 0 ? node->tag + len : NULL;
}

/* A copy of AT in the pool, merge keys left out. */
static struct path *keep_path(struct decoder *d, const struct path *at)
{
    struct store *store = &d->m->store;
    while (at != NULL && bulla_bytes_are(at->key, "<<")) {
        at = at->up;
    }
    struct path *copy = at != NULL ? store_alloc(store, sizeof *copy) : NULL;
    if (copy != NULL) {
        *copy = (struct path){.up = keep_path(d, at->up), .key = at->key};
    }
    return copy;
}

static void note_reset(struct decoder *d, const struct path *at)
{
    struct resets *resets = d->resets;
    struct store *store = &d->m->store;
    struct path *path = keep_path(d, at);
    if (path == NULL) {
        return;
    }
    if (resets->count == resets->cap) {
        size_t cap = resets->cap == 0 ? 8 : resets->cap * 2;
        struct path **paths = store_alloc(store, cap * sizeof(struct path *));
        if (paths == NULL) {
            return;
        }
        for (size_t i = 0; i < resets->count; i++) {
            paths[i] = resets->paths[i];
        }
        resets->paths = paths;
        resets->cap = cap;
    }
    resets->paths[resets->count++] = path;
}

/* --- scalars ---------------------------------------------------------------------------------- */

/* Digits without the underscores that YAML allows between them. */
static size_t plain_digits(struct bulla_bytes text, char *out, size_t cap)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len + 1 < cap; i++) {
        if (text.data[i] != '_') {
            out[len++] = (char)text.data[i];
        }
    }
    out[len] = '\0';
    return len;
}

static bool read_whole(const char *digits, int base, bool negative, struct bulla_value *value)
{
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(digits, &end, base);
    if (errno != 0 || end == digits || *end != '\0' || *digits == '-' || *digits == '+') {
        return false;
    }
    unsigned long long most = (unsigned long long)INT64_MAX + (negative ? 1 : 0);
    if (number > most) {
        /* Beyond our integers, but shown as one: its text stays. */
        value->kind = BULLA_VALUE_FLOAT;
        value->real = negative ? -(double)number : (double)number;
        value->large = !negative;
        return true;
    }
    value->kind = BULLA_VALUE_INT;
    value->number = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

/* A number as YAML writes it; false where TEXT is none. */
static bool read_number(struct bulla_bytes text, struct bulla_value *value)
{
    char digits[128];
    size_t len = plain_digits(text, digits, sizeof digits);
    if (len == 0 || text.len >= sizeof digits) {
        return false;
    }
    bool negative = digits[0] == '-';
    const char *at = digits + (negative || digits[0] == '+' ? 1 : 0);
    if (at[0] == '0' && at[1] != '\0') {
        static const struct {
            char mark;
            int base;
        } marks[] = {{'x', 16}, {'X', 16}, {'o', 8}, {'O', 8}, {'b', 2}, {'B', 2}};
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            if (at[1] == marks[i].mark) {
                return read_whole(at + 2, marks[i].base, negative, value);
            }
        }
        if (strspn(at, "01234567") == strlen(at)) {
            return read_whole(at, 8, negative, value);
        }
    } else if (strspn(at, "0123456789") == strlen(at) && read_whole(at, 10, negative, value)) {
        return true;
    }
    const char *name = at[0] == '.' ? at + 1 : "";
    value->kind = BULLA_VALUE_FLOAT;
    if (strcmp(name, "inf") == 0 || strcmp(name, "Inf") == 0 || strcmp(name, "INF") == 0) {
        value->real = negative ? -INFINITY : INFINITY;
        return true;
    }
    if (strcmp(name, "nan") == 0 || strcmp(name, "NaN") == 0 || strcmp(name, "NAN") == 0) {
        value->real = NAN;
        return true;
    }
    char *end = NULL;
    value->real = strtod(digits, &end);
    return strspn(at, "0123456789.eE+-") == strlen(at) && end != digits && *end == '\0' &&
           strpbrk(at, "0123456789") != NULL && !isinf(value->real);
}

/* The digits of a whole number that is too large for our integers, in decimal. */
static void keep_digits(struct decoder *d, const struct yaml_node *node, struct bulla_value *value)
{
    char digits[128];
    (void)plain_digits(yaml_text(node), digits, sizeof digits);
    const char *at = digits + (digits[0] == '+' ? 1 : 0);
    int base = at[0] != '0' ? 10 : at[1] == 'x' ? 16 : at[1] == 'b' ? 2 : 8;
    at += at[0] == '0' && (at[1] < '0' || at[1] > '7') ? 2 : 0;
    value->text = store_printf(&d->m->store, "%llu", strtoull(at, NULL, base));
}

/* "2001-12-14" as Go shows the time of it. */
static void read_timestamp(struct decoder *d, struct bulla_value *value)
{
    value->kind = BULLA_VALUE_TEXT;
    value->timestamp = true;
    if (value->text.len == 10) {
        value->text =
            store_printf(&d->m->store, "%.10s 00:00:00 +0000 UTC", (const char *)value->text.data);
    }
}

static bool refuse_tag(struct decoder *d, const struct yaml_node *node, const char *tag)
{
    struct bulla_error cause = BULLA_ERROR_INIT;
    (void)bulla_error_at(&cause, BULLA_E_INVALID, d->file, node->pos,
                         "cannot decode the value as a !!%s", tag);
    return refuse_yaml(d->m, d->file, &cause);
}

static void decode_base64(struct decoder *d, const struct yaml_node *node,
                          struct bulla_value *value)
{
    char *text = store_string(&d->m->store, yaml_text(node));
    size_t len = 0;
    for (size_t i = 0; i < node->len; i++) {
        if (node->text[i] != '\n' && node->text[i] != '\r') {
            text[len++] = node->text[i];
        }
    }
    size_t size = 0;
    /* What is decoded is shorter than what is not. */
    uint8_t *out = (uint8_t *)store_string(&d->m->store, yaml_text(node));
    if (!bulla_base64_decode(BULLA_BASE64, bulla_bytes(text, len), out, node->len, &size)) {
        (void)refuse_tag(d, node, "binary");
        return;
    }
    value->text = bulla_bytes(out, size);
}

static void resolve_plain(struct decoder *d, const struct yaml_node *node,
                          struct bulla_value *value)
{
    struct yaml_node untagged = *node;
    untagged.tag = NULL;
    untagged.style = YAML_PLAIN;
    switch (yaml_scalar_type(&untagged)) {
    case YAML_NULL:
        value->kind = BULLA_VALUE_NULL;
        break;
    case YAML_BOOL:
        value->kind = BULLA_VALUE_BOOL;
        value->number = node->text[0] == 't' || node->text[0] == 'T' ? 1 : 0;
        break;
    case YAML_INT:
    case YAML_FLOAT:
        if (!read_number(yaml_text(node), value)) {
            value->kind = BULLA_VALUE_TEXT;
        } else if (value->large) {
            keep_digits(d, node, value);
        }
        break;
    case YAML_TIMESTAMP:
        read_timestamp(d, value);
        break;
    case YAML_STRING:
        break;
    }
}

/* A tag of YAML's own that says what the value has to be. */
static void check_tag(struct decoder *d, const struct yaml_node *node, const char *tag,
                      struct bulla_value *value)
{
    static const struct {
        const char *tag;
        enum bulla_value_kind kind;
    } tags[] = {{"null", BULLA_VALUE_NULL},
                {"bool", BULLA_VALUE_BOOL},
                {"int", BULLA_VALUE_INT},
                {"float", BULLA_VALUE_FLOAT}};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (strcmp(tag, tags[i].tag) != 0 || value->kind == tags[i].kind) {
            continue;
        }
        if (tags[i].kind == BULLA_VALUE_FLOAT && value->kind == BULLA_VALUE_INT) {
            value->kind = BULLA_VALUE_FLOAT;
            value->real = (double)value->number;
        } else {
            (void)refuse_tag(d, node, tag);
        }
    }
    if (strcmp(tag, "timestamp") == 0 && !value->timestamp) {
        (void)refuse_tag(d, node, tag);
    }
}

static struct bulla_value *decode_scalar(struct decoder *d, const struct yaml_node *node)
{
    struct bulla_value *value = value_text(&d->m->store, yaml_text(node));
    const char *tag = core_tag(node);
    bool plain = node->style == YAML_PLAIN;
    value->literal = true;
    if (tag != NULL && strcmp(tag, "binary") == 0) {
        decode_base64(d, node, value);
    } else if (node->tag == NULL && plain) {
        resolve_plain(d, node, value);
    } else if (tag != NULL && strcmp(tag, "str") != 0) {
        resolve_plain(d, node, value);
        check_tag(d, node, tag, value);
    }
    return value;
}

/* --- collections ------------------------------------------------------------------------------ */

static const struct yaml_node *follow(const struct yaml_node *node)
{
    return yaml_resolve(node);
}

/* Whether NODE, or what it stands for, is left out; notes what its tag marks. */
static bool is_reset(struct decoder *d, const struct yaml_node *node, const struct path *at)
{
    bool reset = has_tag(follow(node), "!reset") || has_tag(node, "!reset");
    bool override = has_tag(follow(node), "!override") || has_tag(node, "!override");
    if (d->overriding || (!reset && !override)) {
        return false;
    }
    note_reset(d, at);
    return reset;
}

static bool is_merge(const struct yaml_node *key)
{
    return key->kind == YAML_SCALAR && key->style == YAML_PLAIN &&
           (key->tag == NULL || has_tag(key, YAML_TAG "merge")) &&
           bulla_bytes_are(yaml_text(key), "<<");
}

static bool refuse_key(struct decoder *d, const struct yaml_node *key, const struct path *at)
{
    struct bulla_value *value = key->kind == YAML_SCALAR ? decode_scalar(d, key) : NULL;
    struct bulla_value origin = {.file = d->file, .pos = key->pos};
    struct bulla_bytes shown =
        value != NULL ? value_show(&d->m->store, value) : bulla_bytes_of("a collection");
    struct bulla_bytes path = path_show(&d->m->store, at);
    /* Items are counted here, unlike in every other path of Compose. */
    return at == NULL ? refuse(d->m, &origin, "non-string key at top level: %b", shown)
                      : refuse(d->m, &origin, "non-string key in %b: %b", path, shown);
}

static void merge_missing(struct decoder *d, struct bulla_value *map,
                          const struct bulla_value *more)
{
    for (size_t i = 0; i < more->count; i++) {
        if (value_find(map, more->entries[i].key) == NULL) {
            value_set(&d->m->store, map, more->entries[i].key, more->entries[i].value);
        }
    }
}

static void decode_merge(struct decoder *d, const struct yaml_node *written,
                         struct bulla_value *map, const struct path *at)
{
    const struct yaml_node *node = follow(written);
    bool list = node->kind == YAML_SEQUENCE && !(d->m->compose_2 && written->kind == YAML_ALIAS);
    if (node->kind == YAML_MAPPING) {
        merge_missing(d, map, decode(d, node, at));
        return;
    }
    for (const struct yaml_node *item = list ? node->first : NULL; item != NULL;
         item = item->next) {
        list = list && follow(item)->kind == YAML_MAPPING;
        if (list) {
            merge_missing(d, map, decode(d, item, at));
        }
    }
    if (!list) {
        struct bulla_error cause = BULLA_ERROR_INIT;
        (void)bulla_error_at(&cause, BULLA_E_INVALID, d->file, node->pos,
                             "map merge requires map or sequence of maps as the value");
        (void)refuse_yaml(d->m, d->file, &cause);
    }
}

static struct bulla_value *decode_mapping(struct decoder *d, const struct yaml_node *node,
                                          const struct path *at)
{
    struct store *store = &d->m->store;
    struct bulla_value *map = value_new(store, BULLA_VALUE_MAP);
    for (const struct yaml_node *key = node->first; key != NULL && !store->stopped;
         key = key->next) {
        const struct yaml_node *name = follow(key);
        if (is_merge(key)) {
            continue;
        }
        bool text = name->kind == YAML_SCALAR && decode_scalar(d, name)->kind == BULLA_VALUE_TEXT;
        if (!text) {
            (void)refuse_key(d, name, at);
            continue;
        }
        struct path here = {.up = at, .key = store_copy(store, yaml_text(name))};
        if (!is_reset(d, key->value, &here)) {
            struct bulla_value *value = decode(d, key->value, &here);
            value->key = key->pos;
            value_set(store, map, here.key, value);
        }
    }
    for (const struct yaml_node *key = node->first; key != NULL && !store->stopped;
         key = key->next) {
        struct path here = {.up = at, .key = bulla_bytes_of("<<")};
        if (is_merge(key) && !is_reset(d, key->value, &here)) {
            decode_merge(d, key->value, map, at);
        }
    }
    return map;
}

static struct bulla_value *decode_sequence(struct decoder *d, const struct yaml_node *node,
                                           const struct path *at)
{
    struct store *store = &d->m->store;
    struct bulla_value *list = value_new(store, BULLA_VALUE_LIST);
    size_t index = 0;
    for (const struct yaml_node *item = node->first; item != NULL && !store->stopped;
         item = item->next, index++) {
        struct path here = {.up = at, .key = store_printf(store, "%zu", index)};
        if (!is_reset(d, item, &here)) {
            value_push(store, list, decode(d, item, &here));
        }
    }
    return list;
}

/* As deep as yaml_parse lets it be, aliases followed. */
static struct bulla_value *decode(struct decoder *d, const struct yaml_node *written,
                                  const struct path *at)
{
    const struct yaml_node *node = follow(written);
    bool outer = d->overriding;
    d->overriding = outer || has_tag(node, "!override");
    struct bulla_value *value = node->kind == YAML_MAPPING    ? decode_mapping(d, node, at)
                                : node->kind == YAML_SEQUENCE ? decode_sequence(d, node, at)
                                                              : decode_scalar(d, node);
    d->overriding = outer;
    value->file = d->file;
    value->pos = node->pos;
    return value;
}

struct bulla_value *decode_document(struct model *m, const struct yaml_node *root, const char *file,
                                    struct resets *resets)
{
    struct decoder d = {.m = m, .file = file, .resets = resets};
    return decode(&d, root, NULL);
}

/* --- what was marked -------------------------------------------------------------------------- */

static bool same_path(const struct path *p, const struct path *marked)
{
    for (; p != NULL && marked != NULL; p = p->up, marked = marked->up) {
        if (!bulla_bytes_equal(p->key, marked->key) && !bulla_bytes_are(marked->key, "*")) {
            return false;
        }
    }
    return p == NULL && marked == NULL;
}

void apply_resets(const struct resets *resets, struct bulla_value *value, const struct path *at)
{
    if (resets->count == 0 || value->kind != BULLA_VALUE_MAP) {
        return;
    }
    for (size_t i = 0; i < value->count;) {
        struct path here = {.up = at, .key = value->entries[i].key};
        bool marked = false;
        for (size_t j = 0; !marked && j < resets->count; j++) {
            marked = same_path(&here, resets->paths[j]);
        }
        if (marked) {
            value_remove(value, here.key);
        } else {
            apply_resets(resets, value->entries[i].value, &here);
            i++;
        }
    }
}
