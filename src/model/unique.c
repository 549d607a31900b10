/* Lists in which a later item replaces an earlier one of the same key. */
#include <string.h>

#include "model/internal.h"

#include "base/banned.h"

enum key_of {
    KEY_PAIR, /* what stands before "=" */
    KEY_VOLUME,
    KEY_DEVICE,
    KEY_CONFIG,
    KEY_SECRET,
    KEY_PORT,
    KEY_EXPOSE,
    KEY_ENV_FILE
};

static const struct {
    struct key_pattern path;
    enum key_of key;
} lists[] = {
    {KEYS("networks.*.labels"), KEY_PAIR},
    {KEYS("networks.*.ipam.options"), KEY_PAIR},
    {KEYS("services.*.annotations"), KEY_PAIR},
    {KEYS("services.*.build.args"), KEY_PAIR},
    {KEYS("services.*.build.additional_contexts"), KEY_PAIR},
    {KEYS("services.*.build.platform"), KEY_PAIR},
    {KEYS("services.*.build.tags"), KEY_PAIR},
    {KEYS("services.*.build.labels"), KEY_PAIR},
    {KEYS("services.*.cap_add"), KEY_PAIR},
    {KEYS("services.*.cap_drop"), KEY_PAIR},
    {KEYS("services.*.configs"), KEY_CONFIG},
    {KEYS("services.*.deploy.labels"), KEY_PAIR},
    {KEYS("services.*.dns"), KEY_PAIR},
    {KEYS("services.*.dns_opt"), KEY_PAIR},
    {KEYS("services.*.dns_search"), KEY_PAIR},
    {KEYS("services.*.environment"), KEY_PAIR},
    {KEYS("services.*.env_file"), KEY_ENV_FILE},
    {KEYS("services.*.expose"), KEY_EXPOSE},
    {KEYS("services.*.labels"), KEY_PAIR},
    {KEYS("services.*.links"), KEY_PAIR},
    {KEYS("services.*.networks.*.aliases"), KEY_PAIR},
    {KEYS("services.*.networks.*.link_local_ips"), KEY_PAIR},
    {KEYS("services.*.ports"), KEY_PORT},
    {KEYS("services.*.profiles"), KEY_PAIR},
    {KEYS("services.*.secrets"), KEY_SECRET},
    {KEYS("services.*.sysctls"), KEY_PAIR},
    {KEYS("services.*.tmpfs"), KEY_PAIR},
    {KEYS("services.*.volumes"), KEY_VOLUME},
    {KEYS("services.*.devices"), KEY_DEVICE},
};

static struct bulla_bytes show_or(struct model *m, const struct bulla_value *value,
                                  const char *otherwise)
{
    return value != NULL ? value_show(&m->store, value) : bulla_bytes_of(otherwise);
}

static struct bulla_bytes key_of_port(struct model *m, const struct bulla_value *item,
                                      const struct path *at, bool *ret_ok)
{
    const struct bulla_value *target = value_at(item, "target");
    if (target == NULL) {
        *ret_ok =
            refuse(m, item, "service ports %b is missing a target port", path_show(&m->store, at));
        return bulla_bytes("", 0);
    }
    return store_printf(&m->store, "%s:%s:%s/%s",
                        store_string(&m->store, show_or(m, value_at(item, "host_ip"), "0.0.0.0")),
                        store_string(&m->store, show_or(m, value_at(item, "published"), "<nil>")),
                        store_string(&m->store, value_show(&m->store, target)),
                        store_string(&m->store, show_or(m, value_at(item, "protocol"), "tcp")));
}

static struct bulla_bytes key_of_map(struct model *m, enum key_of kind,
                                     const struct bulla_value *item, const struct path *at,
                                     bool *ret_ok)
{
    const char *name = kind == KEY_ENV_FILE ? "path" : "target";
    const struct bulla_value *found = value_at(item, name);
    if (kind == KEY_PORT) {
        return key_of_port(m, item, at, ret_ok);
    }
    if (value_is(found, BULLA_VALUE_TEXT)) {
        return found->text;
    }
    if (kind == KEY_CONFIG || kind == KEY_SECRET) {
        return store_printf(&m->store, "%s/%s", kind == KEY_SECRET ? "/run/secrets" : "",
                            store_string(&m->store, show_or(m, value_at(item, "source"), "<nil>")));
    }
    struct bulla_bytes path = path_show(&m->store, at);
    *ret_ok =
        kind == KEY_ENV_FILE ? refuse(m, item, "environment path attribute %b is missing", path)
        : kind == KEY_VOLUME ? refuse(m, item, "service volume %b is missing a mount target", path)
                             : refuse(m, item, "service device %b is missing a mount target", path);
    return bulla_bytes("", 0);
}

static struct bulla_bytes key_of_text(struct model *m, enum key_of kind,
                                      const struct bulla_value *item)
{
    struct bulla_bytes text = item->text;
    const uint8_t *mark =
        text.len > 0 ? memchr(text.data, kind == KEY_DEVICE ? ':' : '=', text.len) : NULL;
    size_t len = mark != NULL ? (size_t)(mark - text.data) : text.len;
    switch (kind) {
    case KEY_PAIR:
        return bulla_bytes(text.data, len);
    case KEY_DEVICE: {
        struct bulla_bytes rest = bulla_bytes_slice(text, mark != NULL ? len + 1 : 0, text.len);
        const uint8_t *next = rest.len > 0 ? memchr(rest.data, ':', rest.len) : NULL;
        return bulla_bytes(rest.data, next != NULL ? (size_t)(next - rest.data) : rest.len);
    }
    case KEY_VOLUME: {
        const struct bulla_value *volume = parse_volume(m, item, text);
        const struct bulla_value *target = value_at(volume, "target");
        return target != NULL ? target->text : bulla_bytes("", 0);
    }
    case KEY_CONFIG:
    case KEY_SECRET:
        return store_printf(&m->store, "%s/%s", kind == KEY_SECRET ? "/run/secrets" : "",
                            store_string(&m->store, text));
    case KEY_PORT:
    case KEY_EXPOSE:
    case KEY_ENV_FILE:
        break;
    }
    return text;
}

static bool find_key(struct model *m, enum key_of kind, const struct bulla_value *item,
                     const struct path *at, struct bulla_bytes *ret_key)
{
    bool ok = true;
    *ret_key = bulla_bytes("", 0);
    if (item->kind == BULLA_VALUE_TEXT) {
        *ret_key = key_of_text(m, kind, item);
    } else if (item->kind == BULLA_VALUE_INT && (kind == KEY_PORT || kind == KEY_EXPOSE)) {
        *ret_key = value_show(&m->store, item);
    } else if (item->kind == BULLA_VALUE_MAP && kind != KEY_PAIR && kind != KEY_EXPOSE) {
        *ret_key = key_of_map(m, kind, item, at, &ok);
    } else if (kind == KEY_PAIR || kind == KEY_EXPOSE || kind == KEY_CONFIG || kind == KEY_SECRET) {
        ok = refuse(m, item, "%b: unexpected type", path_show(&m->store, at));
    }
    return ok;
}

static void make_unique(struct model *m, enum key_of kind, struct bulla_value *list,
                        const struct path *at)
{
    struct store *store = &m->store;
    struct bulla_value *places = value_new(store, BULLA_VALUE_MAP);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct bulla_value *item = list->entries[i].value;
        struct path here = {.up = at, .key = store_printf(store, "[%zu]", i)};
        struct bulla_bytes key;
        if (!find_key(m, kind, item, &here, &key)) {
            return;
        }
        const struct bulla_value *place = value_find(places, key);
        if (place != NULL) {
            list->entries[place->number].value = item;
            continue;
        }
        value_set(store, places, key, value_int(store, (int64_t)kept));
        list->entries[kept++].value = item;
    }
    list->count = kept;
}

static void visit(struct model *m, struct bulla_value *value, const struct path *at)
{
    if (value->kind == BULLA_VALUE_MAP) {
        for (size_t i = 0; go_on(m) && i < value->count; i++) {
            struct path here = {.up = at, .key = value->entries[i].key};
            visit(m, value->entries[i].value, &here);
        }
    }
    for (size_t i = 0; value->kind == BULLA_VALUE_LIST && i < sizeof lists / sizeof lists[0]; i++) {
        if (path_is(at, lists[i].path)) {
            make_unique(m, lists[i].key, value, at);
            return;
        }
    }
}

void enforce_unicity(struct model *m, struct bulla_value *model)
{
    visit(m, model, NULL);
}
