/* How a later file, document or service goes over an earlier one. */
#include <stdlib.h>
#include <string.h>

#include "model/internal.h"

#include "base/banned.h"

/* Compose holds each pool against each, and looks for it among what came of them. */
#define MAX_POOL_PAIRS 10000

enum rule {
    RULE_LIST,    /* both become lists, one behind the other */
    RULE_REPLACE, /* the later one counts */
    RULE_BUILD,
    RULE_DEPENDS,
    RULE_HOSTS,
    RULE_LOGGING,
    RULE_NAMES, /* a list of names stands for a mapping without values */
    RULE_ULIMIT,
    RULE_IPAM
};

static const struct {
    struct key_pattern path;
    enum rule rule;
} rules[] = {
    {KEYS("networks.*.ipam.config"), RULE_IPAM},
    {KEYS("networks.*.labels"), RULE_LIST},
    {KEYS("volumes.*.labels"), RULE_LIST},
    {KEYS("services.*.annotations"), RULE_LIST},
    {KEYS("services.*.build"), RULE_BUILD},
    {KEYS("services.*.build.args"), RULE_LIST},
    {KEYS("services.*.build.additional_contexts"), RULE_LIST},
    {KEYS("services.*.build.extra_hosts"), RULE_HOSTS},
    {KEYS("services.*.build.labels"), RULE_LIST},
    {KEYS("services.*.command"), RULE_REPLACE},
    {KEYS("services.*.depends_on"), RULE_DEPENDS},
    {KEYS("services.*.deploy.labels"), RULE_LIST},
    {KEYS("services.*.dns"), RULE_LIST},
    {KEYS("services.*.dns_opt"), RULE_LIST},
    {KEYS("services.*.dns_search"), RULE_LIST},
    {KEYS("services.*.entrypoint"), RULE_REPLACE},
    {KEYS("services.*.env_file"), RULE_LIST},
    {KEYS("services.*.label_file"), RULE_LIST},
    {KEYS("services.*.environment"), RULE_LIST},
    {KEYS("services.*.extra_hosts"), RULE_HOSTS},
    {KEYS("services.*.healthcheck.test"), RULE_REPLACE},
    {KEYS("services.*.labels"), RULE_LIST},
    {KEYS("services.*.volumes.*.volume.labels"), RULE_LIST},
    {KEYS("services.*.logging"), RULE_LOGGING},
    {KEYS("services.*.models"), RULE_NAMES},
    {KEYS("services.*.networks"), RULE_NAMES},
    {KEYS("services.*.sysctls"), RULE_LIST},
    {KEYS("services.*.tmpfs"), RULE_LIST},
    {KEYS("services.*.ulimits.*"), RULE_ULIMIT},
};

static int compare_entries(const void *a, const void *b)
{
    return compare_bytes(((const struct entry *)a)->value->text,
                         ((const struct entry *)b)->value->text);
}

void sort_texts(struct bulla_value *list)
{
    if (list->count > 1) {
        qsort(list->entries, list->count, sizeof *list->entries, compare_entries);
    }
}

static struct bulla_value *join_pair(struct model *m, struct bulla_bytes key,
                                     struct bulla_bytes value, const struct bulla_value *from)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, SIZE_MAX / 2);
    bulla_buf_add_bytes(&text, key);
    bulla_buf_putc(&text, '=');
    bulla_buf_add_bytes(&text, value);
    if (!bulla_buf_ok(&text, m->store.err)) {
        m->store.stopped = true;
    }
    return value_placed(value_text(&m->store, bulla_buf_view(&text)), from);
}

static struct bulla_value *make_pair(struct model *m, struct bulla_bytes key,
                                     const struct bulla_value *from)
{
    return join_pair(m, key, value_show(&m->store, from), from);
}

struct bulla_value *pair_of(struct model *m, const struct bulla_value *name,
                            struct bulla_bytes value)
{
    return join_pair(m, name->text, value, name);
}

/* A list of "KEY=VALUE" in their order, from a mapping; NULL for what is neither. */
static struct bulla_value *to_list(struct model *m, struct bulla_value *value)
{
    struct store *store = &m->store;
    if (value->kind == BULLA_VALUE_LIST) {
        return value;
    }
    struct bulla_value *list = value_new(store, BULLA_VALUE_LIST);
    if (value->kind == BULLA_VALUE_TEXT) {
        value_push(store, list, value);
    }
    for (size_t i = 0; value->kind == BULLA_VALUE_MAP && i < value->count; i++) {
        const struct entry *entry = &value->entries[i];
        if (entry->value->kind == BULLA_VALUE_NULL) {
            value_push(store, list, value_placed(value_text(store, entry->key), entry->value));
        } else if (entry->value->kind == BULLA_VALUE_LIST) {
            for (size_t j = 0; j < entry->value->count; j++) {
                value_push(store, list, make_pair(m, entry->key, entry->value->entries[j].value));
            }
        } else {
            value_push(store, list, make_pair(m, entry->key, entry->value));
        }
    }
    if (value->kind == BULLA_VALUE_MAP) {
        sort_texts(list);
    }
    return list;
}

static struct bulla_value *join(struct model *m, struct bulla_value *base,
                                const struct bulla_value *more)
{
    struct bulla_value *list = value_new(&m->store, BULLA_VALUE_LIST);
    value_placed(list, base);
    for (size_t i = 0; i < base->count; i++) {
        value_push(&m->store, list, base->entries[i].value);
    }
    for (size_t i = 0; i < more->count; i++) {
        value_push(&m->store, list, more->entries[i].value);
    }
    return list;
}

static struct bulla_value *merge_hosts(struct model *m, struct bulla_value *base,
                                       struct bulla_value *over)
{
    struct store *store = &m->store;
    struct bulla_value *left = to_list(m, base);
    const struct bulla_value *right = to_list(m, over);
    struct bulla_value *added = value_new(store, BULLA_VALUE_LIST);
    struct bulla_value *there = value_new(store, BULLA_VALUE_MAP);
    for (size_t i = 0; i < left->count; i++) {
        /* What is no text is refused later. */
        if (left->entries[i].value->kind == BULLA_VALUE_TEXT) {
            value_set(store, there, left->entries[i].value->text, left);
        }
    }
    for (size_t i = 0; i < right->count; i++) {
        struct bulla_value *item = right->entries[i].value;
        if (item->kind != BULLA_VALUE_TEXT || value_find(there, item->text) == NULL) {
            value_push(store, added, item);
        }
    }
    return join(m, left, added);
}

static struct bulla_value *merge_mappings(struct model *m, struct bulla_value *base,
                                          struct bulla_value *over, const struct path *at)
{
    for (size_t i = 0; i < over->count; i++) {
        struct path here = {.up = at, .key = over->entries[i].key};
        struct bulla_value *old = value_find(base, here.key);
        struct bulla_value *value = over->entries[i].value;
        value_set(&m->store, base, here.key,
                  old != NULL ? merge_values(m, old, value, &here) : value);
    }
    return base;
}

/* A mapping from a list of names; NULL, a failure noted, for what cannot become one. */
static struct bulla_value *to_mapping(struct model *m, struct bulla_value *value, bool depends,
                                      const struct path *at)
{
    struct store *store = &m->store;
    if (value->kind == BULLA_VALUE_MAP || value->kind == BULLA_VALUE_NULL) {
        return value->kind == BULLA_VALUE_MAP ? value : value_new(store, BULLA_VALUE_MAP);
    }
    struct bulla_value *map = value_new(store, BULLA_VALUE_MAP);
    for (size_t i = 0; value->kind == BULLA_VALUE_LIST && i < value->count; i++) {
        const struct bulla_value *name = value->entries[i].value;
        if (name->kind != BULLA_VALUE_TEXT) {
            (void)refuse(m, name, "%b: a name has to be a string", path_show(store, at));
            return map;
        }
        struct bulla_value *item = value_new(store, depends ? BULLA_VALUE_MAP : BULLA_VALUE_NULL);
        value_named(item, name);
        if (depends) {
            value_put(store, item, "condition", value_string(store, "service_started"));
            value_put(store, item, "required", value_bool(store, true));
        }
        value_set(store, map, name->text, item);
    }
    return map;
}

static struct bulla_value *to_build(struct model *m, struct bulla_value *value)
{
    if (value->kind == BULLA_VALUE_MAP) {
        return value;
    }
    struct bulla_value *build = value_new(&m->store, BULLA_VALUE_MAP);
    value_placed(build, value);
    if (value->kind == BULLA_VALUE_TEXT) {
        value_put(&m->store, build, "context", value);
    }
    return build;
}

static struct bulla_value *merge_logging(struct model *m, struct bulla_value *base,
                                         struct bulla_value *over, const struct path *at)
{
    if (base->kind != BULLA_VALUE_MAP || over->kind != BULLA_VALUE_MAP) {
        (void)refuse(m, over, "cannot override %b", path_show(&m->store, at));
        return over;
    }
    const struct bulla_value *a = value_at(base, "driver");
    const struct bulla_value *b = value_at(over, "driver");
    bool same = a == NULL || b == NULL || value_equal(a, b);
    return same ? merge_mappings(m, base, over, at) : over;
}

static bool same_subnet(const struct bulla_value *a, const struct bulla_value *b)
{
    const struct bulla_value *x = value_at(a, "subnet");
    const struct bulla_value *y = value_at(b, "subnet");
    return x == NULL || y == NULL ? x == y : value_equal(x, y);
}

/* Where LIST has a pool of POOL's subnet; its count where nowhere. */
static size_t find_subnet(const struct bulla_value *list, const struct bulla_value *pool)
{
    size_t i = 0;
    while (i < list->count && !same_subnet(list->entries[i].value, pool)) {
        i++;
    }
    return i;
}

static struct bulla_value *merge_ipam(struct model *m, struct bulla_value *base,
                                      struct bulla_value *over, const struct path *at)
{
    if (base->kind != BULLA_VALUE_LIST || over->kind != BULLA_VALUE_LIST) {
        (void)refuse(m, over, "%b: unexpected type", path_show(&m->store, at));
        return over;
    }
    struct bulla_value *list = value_new(&m->store, BULLA_VALUE_LIST);
    if (base->count > 0 && over->count > MAX_POOL_PAIRS / base->count) {
        m->store.stopped = true;
        (void)bulla_error(m->store.err, BULLA_E_LIMIT,
                          "more address pools of one network than we follow");
    }
    for (size_t i = 0; i < base->count && !m->store.stopped; i++) {
        struct bulla_value *left = to_mapping(m, base->entries[i].value, false, at);
        for (size_t j = 0; j < over->count; j++) {
            struct bulla_value *right = to_mapping(m, over->entries[j].value, false, at);
            if (!same_subnet(left, right) && find_subnet(list, right) == list->count) {
                value_push(&m->store, list, right);
                continue;
            }
            struct bulla_value *merged = merge_mappings(m, left, right, at);
            size_t found = find_subnet(list, merged);
            if (found < list->count) {
                list->entries[found].value = merged;
            } else {
                value_push(&m->store, list, merged);
            }
        }
    }
    return list;
}

static struct bulla_value *merge_by_rule(struct model *m, enum rule rule, struct bulla_value *base,
                                         struct bulla_value *over, const struct path *at)
{
    switch (rule) {
    case RULE_LIST:
        return join(m, to_list(m, base), to_list(m, over));
    case RULE_HOSTS:
        return merge_hosts(m, base, over);
    case RULE_BUILD:
        return merge_mappings(m, to_build(m, base), to_build(m, over), at);
    case RULE_DEPENDS:
    case RULE_NAMES:
        return merge_mappings(m, to_mapping(m, base, rule == RULE_DEPENDS, at),
                              to_mapping(m, over, rule == RULE_DEPENDS, at), at);
    case RULE_LOGGING:
        return merge_logging(m, base, over, at);
    case RULE_IPAM:
        return merge_ipam(m, base, over, at);
    case RULE_ULIMIT:
    case RULE_REPLACE:
        break;
    }
    return over;
}

struct bulla_value *merge_values(struct model *m, struct bulla_value *base,
                                 struct bulla_value *over, const struct path *at)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (path_is(at, rules[i].path)) {
            return merge_by_rule(m, rules[i].rule, base, over, at);
        }
    }
    if (over->kind == BULLA_VALUE_NULL) {
        return base;
    }
    if (base->kind != BULLA_VALUE_MAP && base->kind != BULLA_VALUE_LIST) {
        return over;
    }
    if (over->kind != base->kind) {
        (void)refuse(m, over, "cannot override %b", path_show(&m->store, at));
        return base;
    }
    return base->kind == BULLA_VALUE_MAP ? merge_mappings(m, base, over, at) : join(m, base, over);
}

void merge_model(struct model *m, struct bulla_value *base, struct bulla_value *over)
{
    (void)merge_mappings(m, base, over, NULL);
}
