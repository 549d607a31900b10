/* "127.0.0.1:8000-8010:80/tcp" and its relatives: docker's short form of ports. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/internal.h"

#include "base/banned.h"

struct range {
    int64_t first;
    int64_t last;
};

static struct bulla_bytes cut(struct bulla_bytes *rest, char at, bool *ret_found)
{
    struct bulla_bytes all = *rest;
    const uint8_t *mark = all.len > 0 ? memchr(all.data, at, all.len) : NULL;
    *ret_found = mark != NULL;
    size_t len = mark != NULL ? (size_t)(mark - all.data) : all.len;
    *rest = bulla_bytes_slice(all, len + (mark != NULL ? 1 : 0), all.len);
    return bulla_bytes(all.data, len);
}

static bool read_port(struct bulla_bytes text, int64_t *ret_port)
{
    bool sign = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+');
    return !sign && parse_int(text, ret_port) == NULL && *ret_port <= 65535;
}

static bool read_range(struct bulla_bytes text, struct range *ret_range)
{
    bool found = false;
    struct bulla_bytes first = cut(&text, '-', &found);
    return read_port(first, &ret_range->first) &&
           read_port(found ? text : first, &ret_range->last) && ret_range->last >= ret_range->first;
}

bool is_address(struct bulla_bytes text)
{
    char copy[64];
    uint8_t bytes[16];
    if (text.len == 0 || text.len >= sizeof copy) {
        return false;
    }
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    return inet_pton(AF_INET, copy, bytes) == 1 || inet_pton(AF_INET6, copy, bytes) == 1;
}

/* "IP:HOST:CONTAINER": all in front of the last two colons is the address. */
static void split(struct bulla_bytes spec, struct bulla_bytes *ret_ip, struct bulla_bytes *ret_host,
                  struct bulla_bytes *ret_container)
{
    const uint8_t *last = spec.len > 0 ? memrchr(spec.data, ':', spec.len) : NULL;
    *ret_ip = *ret_host = bulla_bytes("", 0);
    *ret_container = spec;
    if (last == NULL) {
        return;
    }
    size_t at = (size_t)(last - spec.data);
    *ret_container = bulla_bytes_slice(spec, at + 1, spec.len);
    *ret_host = bulla_bytes(spec.data, at);
    const uint8_t *second = at > 0 ? memrchr(spec.data, ':', at) : NULL;
    if (second != NULL) {
        size_t len = (size_t)(second - spec.data);
        *ret_ip = bulla_bytes(spec.data, len);
        *ret_host = bulla_bytes_slice(spec, len + 1, at - len - 1);
    }
}

static int compare_ports(const void *a, const void *b)
{
    char left[32];
    char right[32];
    const struct bulla_value *x = ((const struct entry *)a)->value;
    const struct bulla_value *y = ((const struct entry *)b)->value;
    /* Compose sorts them as texts. */
    (void)snprintf(left, sizeof left, "%" PRId64 "/", value_at(x, "target")->number);
    (void)snprintf(right, sizeof right, "%" PRId64 "/", value_at(y, "target")->number);
    return strcmp(left, right);
}

static void add_port(struct model *m, const struct bulla_value *origin, struct bulla_value *list,
                     struct bulla_bytes ip, struct bulla_bytes protocol, int64_t target,
                     struct bulla_bytes published)
{
    struct store *store = &m->store;
    struct bulla_value *port = value_placed(value_new(store, BULLA_VALUE_MAP), origin);
    value_put(store, port, "mode", value_string(store, "ingress"));
    if (ip.len > 0) {
        value_put(store, port, "host_ip", value_text(store, ip));
    }
    value_put(store, port, "target", value_int(store, target));
    if (published.len > 0) {
        value_put(store, port, "published", value_text(store, published));
    }
    value_put(store, port, "protocol", value_text(store, protocol));
    value_push(store, list, port);
}

static bool read_protocol(struct model *m, struct bulla_bytes text, struct bulla_bytes *ret_lower)
{
    char *lower = store_string(&m->store, text);
    for (char *c = lower; *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    }
    *ret_lower = bulla_bytes_of(lower);
    return strcmp(lower, "tcp") == 0 || strcmp(lower, "udp") == 0 || strcmp(lower, "sctp") == 0;
}

static void add_ports(struct model *m, const struct bulla_value *origin, struct bulla_value *list,
                      struct bulla_bytes ip, struct bulla_bytes protocol, struct range inside,
                      const struct range *outside)
{
    struct bulla_value *ports = value_new(&m->store, BULLA_VALUE_LIST);
    for (int64_t i = 0; i <= inside.last - inside.first && go_on(m); i++) {
        struct bulla_bytes published = bulla_bytes("", 0);
        if (outside != NULL && inside.first == inside.last && outside->first != outside->last) {
            published =
                store_printf(&m->store, "%" PRId64 "-%" PRId64, outside->first, outside->last);
        } else if (outside != NULL) {
            published = store_printf(&m->store, "%" PRId64, outside->first + i);
        }
        add_port(m, origin, ports, ip, protocol, inside.first + i, published);
    }
    if (ports->count > 1) {
        qsort(ports->entries, ports->count, sizeof *ports->entries, compare_ports);
    }
    for (size_t i = 0; i < ports->count; i++) {
        value_push(&m->store, list, ports->entries[i].value);
    }
}

bool parse_port(struct model *m, const struct bulla_value *origin, struct bulla_bytes spec,
                struct bulla_value *list)
{
    if (origin->unknown) {
        return true;
    }
    bool found = false;
    struct bulla_bytes rest = spec;
    struct bulla_bytes address = cut(&rest, '/', &found);
    struct bulla_bytes protocol = cut(&rest, '/', &found);
    struct bulla_bytes ip;
    struct bulla_bytes host;
    struct bulla_bytes container;
    split(address, &ip, &host, &container);
    if (ip.len > 1 && ip.data[0] == '[' && ip.data[ip.len - 1] == ']') {
        ip = bulla_bytes_slice(ip, 1, ip.len - 2);
    }
    if (ip.len > 0 && !is_address(ip)) {
        return refuse(m, origin, m->compose_2 ? "Invalid ip address: %v" : "invalid IP address: %v",
                      ip);
    }
    if (container.len == 0) {
        return refuse(
            m, origin,
            m->compose_2 ? "No port specified: %v<empty>" : "no port specified: %v<empty>", spec);
    }
    struct range inside;
    struct range outside;
    if (!read_range(container, &inside)) {
        return refuse(m, origin,
                      m->compose_2 ? "Invalid containerPort: %v" : "invalid containerPort: %v",
                      container);
    }
    if (host.len > 0 && !read_range(host, &outside)) {
        return refuse(m, origin, m->compose_2 ? "Invalid hostPort: %v" : "invalid hostPort: %v",
                      host);
    }
    if (host.len > 0 && outside.last - outside.first != inside.last - inside.first &&
        inside.first != inside.last) {
        return refuse(m, origin, "invalid ranges specified for container and host Ports: %v and %v",
                      container, host);
    }
    struct bulla_bytes lower = bulla_bytes_of("tcp");
    if (protocol.len > 0 && !read_protocol(m, protocol, &lower)) {
        return refuse(m, origin, m->compose_2 ? "Invalid proto: %v" : "invalid proto: %v",
                      protocol);
    }
    add_ports(m, origin, list, ip, lower, inside, host.len > 0 ? &outside : NULL);
    return true;
}
