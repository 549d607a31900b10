#include "base/utf8.h"

#include "base/banned.h"

size_t utf8_decode(struct bulla_bytes text, uint32_t *ret_code_point)
{
    if (text.len == 0) {
        return 0;
    }
    uint8_t first = text.data[0];
    if (first < 0x80) {
        *ret_code_point = first;
        return 1;
    }
    size_t len = first >= 0xF0 && first <= 0xF4   ? 4
                 : first >= 0xE0 && first <= 0xEF ? 3
                 : first >= 0xC2 && first <= 0xDF ? 2
                                                  : 0;
    if (len == 0 || text.len < len) {
        return 0;
    }
    static const uint8_t first_mask[] = {0, 0, 0x1F, 0x0F, 0x07};
    uint32_t value = first & first_mask[len];
    for (size_t i = 1; i < len; i++) {
        if ((text.data[i] & 0xC0) != 0x80) {
            return 0;
        }
        value = value << 6 | (text.data[i] & 0x3F);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[len] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 0;
    }
    *ret_code_point = value;
    return len;
}

size_t utf8_encode(uint32_t code_point, uint8_t out[static 4])
{
    if (code_point < 0x80) {
        out[0] = (uint8_t)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (uint8_t)(0xC0 | code_point >> 6);
        out[1] = (uint8_t)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point >= 0xD800 && code_point <= 0xDFFF) {
        return 0;
    }
    if (code_point < 0x10000) {
        out[0] = (uint8_t)(0xE0 | code_point >> 12);
        out[1] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (uint8_t)(0x80 | (code_point & 0x3F));
        return 3;
    }
    if (code_point > 0x10FFFF) {
        return 0;
    }
    out[0] = (uint8_t)(0xF0 | code_point >> 18);
    out[1] = (uint8_t)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (uint8_t)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (uint8_t)(0x80 | (code_point & 0x3F));
    return 4;
}

bool utf8_is_valid(struct bulla_bytes text, size_t *ret_offset)
{
    size_t at = 0;
    while (at < text.len) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(bulla_bytes(text.data + at, text.len - at), &code_point);
        if (len == 0) {
            if (ret_offset != NULL) {
                *ret_offset = at;
            }
            return false;
        }
        at += len;
    }
    return true;
}

size_t utf8_count(struct bulla_bytes text)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len; count++) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(bulla_bytes(text.data + at, text.len - at), &code_point);
        at += len == 0 ? 1 : len;
    }
    return count;
}

bool utf8_is_printable(uint32_t c)
{
    return c >= 0x20 && !(c >= 0x7F && c < 0xA0) && c != 0x2028 && c != 0x2029 &&
           !(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069) && c != 0x200E &&
           c != 0x200F && c != 0x061C && c != 0xFEFF;
}

struct bulla_pos utf8_pos(struct bulla_bytes text, size_t offset)
{
    if (offset > text.len) {
        offset = text.len;
    }
    uint32_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < offset; i++) {
        if (text.data[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    size_t col = utf8_count(bulla_bytes_slice(text, start, offset - start)) + 1;
    return (struct bulla_pos){line, (uint32_t)col};
}

struct bulla_pos utf8_cursor_move(struct utf8_cursor *cursor, struct bulla_bytes text,
                                  size_t offset)
{
    if (offset > text.len) {
        offset = text.len;
    }
    while (cursor->offset < offset) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(bulla_bytes(text.data + cursor->offset, text.len - cursor->offset),
                                 &code_point);
        if (len == 1 && code_point == '\n') {
            cursor->pos.line++;
            cursor->pos.col = 1;
        } else {
            cursor->pos.col++;
        }
        cursor->offset += len == 0 ? 1 : len;
    }
    return cursor->pos;
}
