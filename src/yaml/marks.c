#include "yaml/parse_parts.h"

#include <string.h>

#include "base/banned.h"

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

size_t marks_offset(struct marks *marks, size_t index)
{
    const uint8_t *data = marks->source->text.data;
    size_t len = marks->source->text.len;
    if (marks->source->ascii) {
        return index < len ? index : len;
    }
    size_t offset = marks->offset;
    size_t at = marks->index;
    while (at < index && offset < len) {
        offset++;
        while (offset < len && is_continuation(data[offset])) {
            offset++;
        }
        at++;
    }
    while (at > index && offset > 0) {
        offset--;
        while (offset > 0 && is_continuation(data[offset])) {
            offset--;
        }
        at--;
    }
    marks->index = at;
    marks->offset = offset;
    return offset;
}

static bool is_anchor_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '-';
}

size_t skip_properties(struct bulla_bytes text, size_t start, size_t end)
{
    size_t at = start;
    if (at >= end || (text.data[at] != '&' && text.data[at] != '!')) {
        return start;
    }
    while (at < end) {
        uint8_t c = text.data[at];
        if (c == '&') {
            at++;
            while (at < end && is_anchor_byte(text.data[at])) {
                at++;
            }
        } else if (c == '!') {
            bool verbatim = at + 1 < end && text.data[at + 1] == '<';
            while (at < end &&
                   strchr(verbatim ? " \t\r\n" : " \t\r\n,[]{}", text.data[at]) == NULL) {
                at++;
            }
        } else if (c == '#') {
            while (at < end && text.data[at] != '\n' && text.data[at] != '\r') {
                at++;
            }
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            at++;
        } else if (bulla_bytes_start(bulla_bytes_slice(text, at, end - at), "\xef\xbb\xbf") &&
                   (text.data[at - 1] == '\n' || text.data[at - 1] == '\r')) {
            /* libyaml takes a byte order mark at the start of any line. */
            at += 3;
        } else {
            break;
        }
    }
    return at;
}
