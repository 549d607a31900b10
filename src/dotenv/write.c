/* The table of notations, and what is the same for all of them: names, NUL, UTF-8. */
#include "bulla/dotenv.h"

#include <string.h>

#include "base/utf8.h"
#include "dotenv/write_internal.h"

#include "base/banned.h"

/* Docker's line reader gives up at this many bytes. */
#define DOCKER_LINE_LIMIT ((size_t)65536)

static const struct notation {
    enum bulla_env_format format;
    const char *name;
    write_value_fn write;   /* NULL: GITHUB, which is written as a whole */
    const char *name_extra; /* what a name may hold besides letters, digits and "_" */
    bool digit_first;       /* a name may begin with a digit */
    bool utf8;              /* broken UTF-8 is not held */
} notations[] = {
    {BULLA_ENV_COMPOSE, "compose", write_compose, ".-[]", true, false},
    {BULLA_ENV_COMPOSE_DOUBLE, "compose-double", write_compose_double, ".-[]", true, false},
    {BULLA_ENV_COMPOSE_SINGLE, "compose-single", write_compose_single, ".-[]", true, false},
    {BULLA_ENV_COMPOSE_UNQUOTED, "compose-unquoted", write_compose_unquoted, ".-[]", true, false},
    {BULLA_ENV_DOCKER, "docker", write_docker, ".-[]:/", true, true},
    {BULLA_ENV_SYSTEMD, "systemd", write_systemd, "", false, true},
    {BULLA_ENV_SH, "sh", write_sh, "", false, false},
    {BULLA_ENV_GITHUB, "github", NULL, ".-", true, true},
    {BULLA_ENV_NODE, "node", write_node, ".-", true, true},
    {BULLA_ENV_PYTHON, "python", write_python, ".-", true, true},
    {BULLA_ENV_RUBY, "ruby", write_ruby, ".", true, true},
};

#define NOTATION_COUNT (sizeof notations / sizeof notations[0])

static const struct notation *find_notation(enum bulla_env_format format)
{
    for (size_t i = 0; i < NOTATION_COUNT; i++) {
        if (notations[i].format == format) {
            return &notations[i];
        }
    }
    return NULL;
}

const char *bulla_env_format_name(enum bulla_env_format format)
{
    const struct notation *notation = find_notation(format);
    return notation != NULL ? notation->name : "";
}

bool bulla_env_format_find(const char *name, enum bulla_env_format *ret_format)
{
    for (size_t i = 0; i < NOTATION_COUNT; i++) {
        if (strcmp(notations[i].name, name) == 0) {
            *ret_format = notations[i].format;
            return true;
        }
    }
    return false;
}

bool write_has(struct bulla_bytes value, char c)
{
    return value.len > 0 && memchr(value.data, c, value.len) != NULL;
}

bool write_ends(struct bulla_bytes value, char c)
{
    return value.len > 0 && value.data[value.len - 1] == (uint8_t)c;
}

static bool refuse(const struct notation *notation, const char *reason, struct bulla_error *err)
{
    return bulla_error(err, BULLA_E_REFUSED, "the '%s' format cannot hold this value: %s",
                       notation->name, reason);
}

static bool check_value(const struct notation *notation, struct bulla_bytes value,
                        struct bulla_error *err)
{
    if (write_has(value, '\0')) {
        return refuse(notation, "it has a NUL byte", err);
    }
    if (notation->utf8 && !utf8_is_valid(value, NULL)) {
        return refuse(notation, "it is not valid UTF-8", err);
    }
    return true;
}

static bool check_name(const struct notation *notation, struct bulla_bytes name,
                       struct bulla_error *err)
{
    bool ok = name.len > 0 && (notation->digit_first || name.data[0] < '0' || name.data[0] > '9');
    for (size_t i = 0; ok && i < name.len; i++) {
        uint8_t c = name.data[i];
        ok = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
             c == '_' || (c != '\0' && strchr(notation->name_extra, c) != NULL);
    }
    if (!ok) {
        return bulla_error(err, BULLA_E_REFUSED, "the '%s' format cannot hold the name '%.*s'",
                           notation->name, (int)name.len, (const char *)name.data);
    }
    return true;
}

static bool write_checked(const struct notation *notation, struct bulla_bytes value,
                          struct bulla_buf *out, struct bulla_error *err)
{
    if (!check_value(notation, value, err)) {
        return false;
    }
    const char *reason = notation->write(value, out);
    return reason == NULL ? bulla_buf_ok(out, err) : refuse(notation, reason, err);
}

bool bulla_env_write_value(enum bulla_env_format format, struct bulla_bytes value,
                           struct bulla_buf *out, struct bulla_error *err)
{
    const struct notation *notation = find_notation(format);
    if (notation == NULL || notation->write == NULL) {
        return bulla_error(err, BULLA_E_BUG, "no notation for a value alone");
    }
    return write_checked(notation, value, out, err);
}

/* True where one line of VALUE is "EOF" and COUNT times "_". */
static bool has_line(struct bulla_bytes value, size_t count)
{
    for (size_t start = 0; start <= value.len;) {
        struct bulla_bytes rest = bulla_bytes_slice(value, start, value.len);
        const uint8_t *lf = rest.len > 0 ? memchr(rest.data, '\n', rest.len) : NULL;
        struct bulla_bytes line =
            bulla_bytes(rest.data, lf != NULL ? (size_t)(lf - rest.data) : rest.len);
        if (line.len == 3 + count && bulla_bytes_start(line, "EOF")) {
            size_t i = 3;
            while (i < line.len && line.data[i] == '_') {
                i++;
            }
            if (i == line.len) {
                return true;
            }
        }
        start += line.len + 1;
    }
    return false;
}

static bool write_github(const struct notation *notation, struct bulla_bytes name,
                         struct bulla_bytes value, struct bulla_buf *out, struct bulla_error *err)
{
    if (bulla_bytes_are(name, "NODE_OPTIONS")) {
        return bulla_error(err, BULLA_E_REFUSED, "the runner does not take 'NODE_OPTIONS'");
    }
    if (!check_value(notation, value, err)) {
        return false;
    }
    bulla_buf_add_bytes(out, name);
    if (!write_has(value, '\n')) {
        bulla_buf_putc(out, '=');
        bulla_buf_add_bytes(out, value);
        bulla_buf_putc(out, '\n');
        return bulla_buf_ok(out, err);
    }
    size_t underscores = 0;
    while (has_line(value, underscores)) {
        underscores++;
    }
    static const char delimiter[] = "EOF";
    bulla_buf_puts(out, "<<");
    bulla_buf_puts(out, delimiter);
    for (size_t i = 0; i < underscores; i++) {
        bulla_buf_putc(out, '_');
    }
    bulla_buf_putc(out, '\n');
    bulla_buf_add_bytes(out, value);
    bulla_buf_putc(out, '\n');
    bulla_buf_puts(out, delimiter);
    for (size_t i = 0; i < underscores; i++) {
        bulla_buf_putc(out, '_');
    }
    bulla_buf_putc(out, '\n');
    return bulla_buf_ok(out, err);
}

bool bulla_env_write(enum bulla_env_format format, struct bulla_bytes name,
                     struct bulla_bytes value, struct bulla_buf *out, struct bulla_error *err)
{
    const struct notation *notation = find_notation(format);
    if (notation == NULL) {
        return bulla_error(err, BULLA_E_BUG, "no such format");
    }
    if (!check_name(notation, name, err)) {
        return false;
    }
    if (format == BULLA_ENV_GITHUB) {
        return write_github(notation, name, value, out, err);
    }
    size_t start = out->len;
    bulla_buf_add_bytes(out, name);
    bulla_buf_putc(out, '=');
    if (!write_checked(notation, value, out, err)) {
        bulla_buf_truncate(out, start);
        return false;
    }
    if (format == BULLA_ENV_DOCKER && out->len - start >= DOCKER_LINE_LIMIT) {
        bulla_buf_truncate(out, start);
        return refuse(notation, "its line would have 65,536 bytes or more", err);
    }
    bulla_buf_putc(out, '\n');
    return bulla_buf_ok(out, err);
}
