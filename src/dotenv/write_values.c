/* The notations that need no more than a rule per byte. */
#include <string.h>

#include "dotenv/chars.h"
#include "dotenv/write_internal.h"

#include "base/banned.h"

/* VALUE with a backslash before each byte of SPECIAL. */
static void add_escaped(struct bulla_buf *out, struct bulla_bytes value, const char *special)
{
    for (size_t i = 0; i < value.len; i++) {
        if (strchr(special, value.data[i]) != NULL) {
            bulla_buf_putc(out, '\\');
        }
        bulla_buf_add(out, &value.data[i], 1);
    }
}

const char *write_compose_double(struct bulla_bytes value, struct bulla_buf *out)
{
    bulla_buf_putc(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        switch (value.data[i]) {
        case '\n':
            bulla_buf_puts(out, "\\n");
            break;
        case '\r':
            bulla_buf_puts(out, "\\r");
            break;
        default:
            add_escaped(out, bulla_bytes(value.data + i, 1), "\\\"$");
            break;
        }
    }
    bulla_buf_putc(out, '"');
    return NULL;
}

const char *write_compose(struct bulla_bytes value, struct bulla_buf *out)
{
    bool plain = value.len > 0;
    for (size_t i = 0; plain && i < value.len; i++) {
        uint8_t c = value.data[i];
        plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                strchr("_./:@%+,=-", c) != NULL;
    }
    if (!plain) {
        return write_compose_double(value, out);
    }
    bulla_buf_add_bytes(out, value);
    return NULL;
}

const char *write_compose_single(struct bulla_bytes value, struct bulla_buf *out)
{
    /* A backslash cannot be written before a quote: there it would protect the quote. */
    size_t backslashes = 0;
    for (size_t i = 0; i <= value.len; i++) {
        if ((i == value.len || value.data[i] == '\'') && backslashes % 2 == 1) {
            return "it has a backslash before a single quote or at its end";
        }
        backslashes = i < value.len && value.data[i] == '\\' ? backslashes + 1 : 0;
    }
    bulla_buf_putc(out, '\'');
    add_escaped(out, value, "'");
    bulla_buf_putc(out, '\'');
    return NULL;
}

const char *write_compose_unquoted(struct bulla_bytes value, struct bulla_buf *out)
{
    if (write_has(value, '\n')) {
        return "it has more than one line";
    }
    if (value.len > 1 && memmem(value.data, value.len, " #", 2) != NULL) {
        return "it has a space before '#'";
    }
    if (value.len > 0 && (value.data[0] == '\'' || value.data[0] == '"')) {
        return "it begins with a quote";
    }
    if (value.len > 0 && (chars_skip_spaces(value, 0, value.len) > 0 ||
                          chars_trim_end(value, 0, value.len) < value.len)) {
        return "it begins or ends with white space";
    }
    for (size_t i = 0; i < value.len; i++) {
        bulla_buf_add(out, &value.data[i], 1);
        if (value.data[i] == '$') {
            bulla_buf_putc(out, '$');
        }
    }
    return NULL;
}

const char *write_docker(struct bulla_bytes value, struct bulla_buf *out)
{
    if (write_has(value, '\n')) {
        return "it has more than one line";
    }
    bulla_buf_add_bytes(out, value);
    if (write_ends(value, '\r')) {
        bulla_buf_putc(out, '\r'); /* one CR before the LF is dropped */
    }
    return NULL;
}

const char *write_systemd(struct bulla_bytes value, struct bulla_buf *out)
{
    bulla_buf_putc(out, '"');
    add_escaped(out, value, "\"\\`$");
    bulla_buf_putc(out, '"');
    return NULL;
}

const char *write_sh(struct bulla_bytes value, struct bulla_buf *out)
{
    bulla_buf_putc(out, '\'');
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '\'') {
            bulla_buf_puts(out, "'\\''");
        } else {
            bulla_buf_add(out, &value.data[i], 1);
        }
    }
    bulla_buf_putc(out, '\'');
    return NULL;
}

const char *write_python(struct bulla_bytes value, struct bulla_buf *out)
{
    bulla_buf_putc(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        uint8_t next = i + 1 < value.len ? value.data[i + 1] : '\0';
        if (c == '\\' && i + 1 == value.len) {
            /* Before the closing quote a backslash, doubled or not, may run on to a later quote. */
            bulla_buf_puts(out, "${:-\\}");
        } else if (c == '$' && next == '{') {
            bulla_buf_puts(out, "${:-$}"); /* the default of an empty name: a bare dollar */
        } else if (c == '\r') {
            bulla_buf_puts(out, "\\r");
        } else {
            add_escaped(out, bulla_bytes(value.data + i, 1), "\\\"");
        }
    }
    bulla_buf_putc(out, '"');
    return NULL;
}

/* True where the "(" at START closes again and no pair is empty: Ruby would run it. */
static bool is_command(struct bulla_bytes value, size_t start)
{
    size_t open = 0;
    for (size_t i = start; i < value.len; i++) {
        if (value.data[i] == '(') {
            open++;
        } else if (value.data[i] == ')') {
            if (value.data[i - 1] == '(') {
                return false;
            }
            if (--open == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

const char *write_ruby(struct bulla_bytes value, struct bulla_buf *out)
{
    if (write_has(value, '\r')) {
        return "it has a carriage return";
    }
    /* A final backslash may hide the closing quote, so such a value stands bare where it can. */
    bool bare = write_ends(value, '\\') && !write_has(value, '#') && !write_has(value, '\n') &&
                !is_blank(value.data[0]) && value.data[0] != '\'' && value.data[0] != '"';
    if (!bare) {
        bulla_buf_putc(out, '"');
    }
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        bool command = c == '$' && i + 1 < value.len && value.data[i + 1] == '(';
        if (c == '\\' || (c == '"' && !bare) ||
            (c == '$' && (!command || is_command(value, i + 1)))) {
            bulla_buf_putc(out, '\\');
        }
        bulla_buf_add(out, &c, 1);
    }
    if (!bare) {
        bulla_buf_putc(out, '"');
    }
    return NULL;
}
