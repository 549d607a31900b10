/*
 * References in text that is not YAML: line by line, since no operand goes on behind a line's end.
 * Which service a line belongs to is read from the indentation.
 */
#include "compose/internal.h"

#include <string.h>

#include "base/banned.h"

/* What the lines so far say about where we are, by indentation alone. */
struct outline {
    bool in_services;
    size_t service_indent; /* 0: not known yet */
};

/* The end of LINE without a comment; "#" inside of a reference or quotes begins none. */
static size_t find_comment(struct bulla_bytes line)
{
    const uint8_t *closing = line.len > 0 ? memrchr(line.data, '}', line.len) : NULL;
    uint8_t quote = 0;
    size_t open = 0;
    for (size_t i = 0; i < line.len; i++) {
        uint8_t c = line.data[i];
        uint8_t before = i > 0 ? line.data[i - 1] : ' ';
        if (open > 0) {
            open += c == '{';
            open -= c == '}';
        } else if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if ((c == '"' || c == '\'') && memchr(" \t[{,", before, 5) != NULL) {
            quote = c;
        } else if (c == '#' && (before == ' ' || before == '\t')) {
            return i;
        }
        if (c == '$' && i + 1 < line.len && line.data[i + 1] == '{' && closing != NULL &&
            closing > line.data + i) {
            open++;
            i++;
        }
    }
    return line.len;
}

static bool follow_outline(struct walk *w, struct outline *outline, struct bulla_bytes line,
                           size_t at, struct bulla_error *err)
{
    size_t indent = 0;
    while (indent < line.len && line.data[indent] == ' ') {
        indent++;
    }
    const uint8_t *colon = memchr(line.data + indent, ':', line.len - indent);
    size_t len = colon != NULL ? (size_t)(colon - line.data) - indent : 0;
    struct bulla_bytes key = bulla_bytes_slice(line, indent, len);
    if (indent == line.len || line.data[indent] == '#') {
        return true;
    }
    if (indent == 0) {
        outline->in_services = bulla_bytes_are(key, "services");
        outline->service_indent = 0;
        w->service = NULL;
        return true;
    }
    if (outline->service_indent == 0) {
        outline->service_indent = indent;
    }
    if (!outline->in_services || indent != outline->service_indent || len == 0) {
        return true;
    }
    struct yaml_node node = {.kind = YAML_SCALAR, .len = len};
    node.text = pool_strndup(w->loader->pool, key.data, len, err);
    node.pos = yaml_source_pos(&w->file->source, at + indent);
    w->service = node.text != NULL ? get_service(w->loader, w->file, &node, err) : NULL;
    return w->service != NULL;
}

static bool scan_line(struct walk *w, struct bulla_bytes line, size_t at, struct bulla_error *err)
{
    struct loader *loader = w->loader;
    size_t len = find_comment(line);
    if (len == 0 || memchr(line.data, '$', len) == NULL) {
        return true;
    }
    const char *copy = pool_strndup(loader->pool, line.data, len, err);
    const char *path = w->service != NULL
                           ? pool_printf(loader->pool, err, "services.%s", w->service->info.name)
                           : "";
    struct place *place = copy != NULL && path != NULL
                              ? place_read(w, NULL, bulla_bytes(copy, len), at, path, false, err)
                              : NULL;
    return place != NULL &&
           (place->ref_count == 0 || place_add_service(loader, place, w->service, err));
}

bool scan_raw_file(struct loader *loader, struct compose_file *file, struct bulla_error *err)
{
    struct walk w = {.loader = loader, .file = file};
    struct outline outline = {0};
    struct bulla_bytes text = file->source.text;
    for (size_t at = 0; at < text.len;) {
        const uint8_t *lf = memchr(text.data + at, '\n', text.len - at);
        size_t end = lf != NULL ? (size_t)(lf - text.data) : text.len;
        struct bulla_bytes line = bulla_bytes_slice(text, at, end - at);
        if (line.len > 0 &&
            (!follow_outline(&w, &outline, line, at, err) || !scan_line(&w, line, at, err))) {
            return false;
        }
        at = end + 1;
    }
    return true;
}
