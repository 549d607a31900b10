#include "hide.h"

#include <string.h>

#include "bulla/interpolate.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "bulla/text.h"

#define SHORTEST_KEY 16 /* bytes of a word that can be one */
#define LONGEST_JOINT 3 /* bytes between two references that are no part of a value: "://" */

/* A mark for each byte of the line. */
enum { SHOWN, REFERENCE, HIDDEN, OPERAND };

struct marking {
    struct bulla_bytes line;
    uint8_t *marks;
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bool is_name_byte(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

/* Where a word of a value ends. */
static bool is_between(uint8_t c)
{
    return is_blank(c) || strchr("\"'=,;[]{}()", c) != NULL;
}

static bool is_secret_name(struct bulla_bytes name)
{
    char text[BULLA_MAX_NAME_BYTES + 1];
    while (name.len > 0 && name.data[0] == '-') {
        name = bulla_bytes_slice(name, 1, name.len);
    }
    if (name.len == 0 || name.len >= sizeof text || bulla_bytes_are(name, "secrets")) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        text[i] = c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c == '-' ? '_' : (char)c;
    }
    text[name.len] = '\0';
    return bulla_name_is_secret(text);
}

/* Marks what is neither blank nor a quote between FROM and TO. */
static void hide_between(const struct marking *m, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        uint8_t c = m->line.data[i];
        if (!is_blank(c) && c != '"' && c != '\'') {
            m->marks[i] = HIDDEN;
        }
    }
}

/* The end of the word at FROM; a reference in it is part of it. */
static size_t word_end(const struct marking *m, size_t from)
{
    while (from < m->line.len && !is_between(m->line.data[from])) {
        from++;
    }
    return from;
}

/* "NAME=value", "--name=value" and "--name value" with names that look secret. */
static void hide_named(const struct marking *m)
{
    for (size_t at = 0; at < m->line.len;) {
        size_t start = at;
        while (at < m->line.len && is_name_byte(m->line.data[at])) {
            at++;
        }
        struct bulla_bytes name = bulla_bytes_slice(m->line, start, at - start);
        uint8_t next = at < m->line.len ? m->line.data[at] : '\n';
        bool is_option = bulla_bytes_start(name, "--") && is_blank(next);
        if ((next == '=' || is_option) && is_secret_name(name)) {
            size_t from = at + 1;
            while (from < m->line.len &&
                   (is_blank(m->line.data[from]) || strchr("\"'", m->line.data[from]) != NULL)) {
                from++;
            }
            hide_between(m, from, word_end(m, from));
        }
        at += at == start;
    }
}

/* The password of "scheme://user:password@". */
static void hide_in_urls(const struct marking *m)
{
    const uint8_t *data = m->line.data;
    for (size_t at = 0; at + 3 <= m->line.len; at++) {
        if (!bulla_bytes_start(bulla_bytes_slice(m->line, at, 3), "://")) {
            continue;
        }
        size_t colon = 0;
        size_t end = at + 3;
        while (end < m->line.len && data[end] != '@' && !is_blank(data[end]) &&
               (data[end] != '"' && data[end] != '\'')) {
            colon = colon == 0 && data[end] == ':' ? end : colon;
            end++;
        }
        if (colon != 0 && end < m->line.len && data[end] == '@') {
            hide_between(m, colon + 1, end);
        }
    }
}

static bool looks_like_key(struct bulla_bytes word)
{
    switch (bulla_shape_of(word)) {
    case BULLA_SHAPE_UUID:
    case BULLA_SHAPE_HEX:
    case BULLA_SHAPE_BASE64:
    case BULLA_SHAPE_BASE64_KEY:
    case BULLA_SHAPE_FERNET:
    case BULLA_SHAPE_JWT:
    case BULLA_SHAPE_PEM:
        return word.len >= SHORTEST_KEY;
    case BULLA_SHAPE_EMPTY:
    case BULLA_SHAPE_BOOLEAN:
    case BULLA_SHAPE_INTEGER:
    case BULLA_SHAPE_NUMBER:
    case BULLA_SHAPE_URL:
    case BULLA_SHAPE_EMAIL:
    case BULLA_SHAPE_TEXT:
        break;
    }
    return false;
}

static void hide_keys(const struct marking *m)
{
    for (size_t at = 0; at < m->line.len; at++) {
        size_t end = word_end(m, at);
        if (looks_like_key(bulla_bytes_slice(m->line, at, end - at))) {
            hide_between(m, at, end);
        }
        at = end;
    }
}

/* A reference is shown, but not what a secret, by its name or its place, falls back to. */
static bool show_reference(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    const struct marking *m = ctx;
    (void)err;
    if (ref->depth > 0 || ref->name.len == 0) {
        return true;
    }
    bool is_message = ref->op == BULLA_REF_REQUIRED || ref->op == BULLA_REF_REQUIRED_NONEMPTY;
    size_t operand = ref->operand.len > 0 ? (size_t)(ref->operand.data - m->line.data) : 0;
    bool is_secret =
        ref->operand.len > 0 && !is_message &&
        (memchr(m->marks + operand, HIDDEN, ref->operand.len) != NULL || is_secret_name(ref->name));
    memset(m->marks + ref->start, REFERENCE, ref->end - ref->start);
    if (is_secret) {
        memset(m->marks + operand, OPERAND, ref->operand.len);
    }
    return true;
}

/* The key of the line, behind dashes and quotes; *ret_value is where its value begins. */
static struct bulla_bytes find_key(struct bulla_bytes line, size_t indent, size_t *ret_value)
{
    size_t at = indent;
    while (at + 1 < line.len && line.data[at] == '-' && is_blank(line.data[at + 1])) {
        at += 2;
        while (at < line.len && is_blank(line.data[at])) {
            at++;
        }
    }
    bool is_quoted = at < line.len && (line.data[at] == '"' || line.data[at] == '\'');
    size_t start = at + is_quoted;
    size_t end = start;
    while (end < line.len && is_name_byte(line.data[end])) {
        end++;
    }
    at = end + (is_quoted && end < line.len && line.data[end] != '=');
    bool is_key = at < line.len && (line.data[at] == '=' || line.data[at] == ':');
    *ret_value = at + 1;
    return is_key ? bulla_bytes_slice(line, start, end - start) : bulla_bytes(NULL, 0);
}

static void mark(struct hider *hider, const struct marking *m)
{
    size_t indent = 0;
    size_t value = 0;
    while (indent < m->line.len && is_blank(m->line.data[indent])) {
        indent++;
    }
    if (hider->is_inside && (indent > hider->indent || indent == m->line.len)) {
        hide_between(m, 0, m->line.len);
        return;
    }
    hider->is_inside = is_secret_name(find_key(m->line, indent, &value));
    hider->indent = indent;
    if (hider->is_inside) {
        hide_between(m, value, m->line.len);
        return;
    }
    hide_named(m);
    hide_in_urls(m);
    hide_keys(m);
}

static bool is_joint(uint8_t c)
{
    return c > ' ' && c < 0x7F && strchr(":/@,;|&=?#.-", c) != NULL;
}

/* What joins two references, as the colon of ${USER}:${PASSWORD}, is no part of a value. */
static void show_joints(const struct marking *m)
{
    for (size_t i = 1; i < m->line.len; i++) {
        size_t end = i;
        while (end < m->line.len && m->marks[end] == HIDDEN && is_joint(m->line.data[end])) {
            end++;
        }
        if (end > i && end - i <= LONGEST_JOINT && end < m->line.len &&
            m->marks[i - 1] == REFERENCE && m->marks[end] == REFERENCE) {
            memset(m->marks + i, SHOWN, end - i);
        }
        i = end;
    }
}

static void write_marked(const struct marking *m, struct bulla_buf *out)
{
    static const char *const masks[] = {
        [SHOWN] = "", [REFERENCE] = "", [HIDDEN] = "****", [OPERAND] = "…"};
    for (size_t i = 0; i < m->line.len;) {
        size_t start = i;
        while (i < m->line.len && m->marks[i] == m->marks[start]) {
            i++;
        }
        if (m->marks[start] == SHOWN || m->marks[start] == REFERENCE) {
            bulla_buf_add_bytes(out, bulla_bytes_slice(m->line, start, i - start));
        } else {
            bulla_buf_puts(out, masks[m->marks[start]]);
        }
    }
}

/* Tabs are kept: the text between them is cleaned. */
static void clean(char *text)
{
    for (;;) {
        size_t len = strcspn(text, "\t");
        bool is_last = text[len] == '\0';
        text[len] = '\0';
        bulla_text_sanitize(text);
        if (is_last) {
            return;
        }
        text[len] = '\t';
        text += len + 1;
    }
}

char *hide_line(struct hider *hider, struct bulla_bytes line, struct bulla_error *err)
{
    bulla_auto_buf out;
    bulla_buf_init(&out, 4 * BULLA_MAX_TEXT_BYTES);
    struct marking m = {line, bulla_alloc(line.len + 1, 1, err)};
    bool ok = m.marks != NULL;
    if (ok) {
        struct bulla_error ignored = BULLA_ERROR_INIT;
        mark(hider, &m);
        /* Too deep a nesting stays hidden. */
        (void)!bulla_interpolate_scan(line, show_reference, &m, NULL, &ignored);
        show_joints(&m);
        write_marked(&m, &out);
    }
    bulla_free(m.marks);
    const char *text = ok ? bulla_buf_text(&out, err) : NULL;
    char *copy = text != NULL ? bulla_strdup(text, err) : NULL;
    if (copy != NULL) {
        clean(copy);
    }
    return copy;
}
