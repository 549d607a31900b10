#include "yaml/yaml.h"

#include <string.h>

#include "base/utf8.h"

#include "base/banned.h"

/* Two bytes of UTF-16 at DATA. */
static uint32_t read_unit(const uint8_t *data, bool big)
{
    return big ? (uint32_t)data[0] << 8 | data[1] : (uint32_t)data[1] << 8 | data[0];
}

/* The length of the UTF-8 in OUT, or false and the offset of what is not UTF-16 in *ret_len. */
static bool convert_utf16(struct bulla_bytes raw, bool big, char *out, size_t *ret_len)
{
    size_t len = 0;
    for (size_t i = 2; i < raw.len;) {
        uint32_t code = 0;
        size_t used = 2;
        if (raw.len - i < 2) {
            *ret_len = len;
            return false;
        }
        code = read_unit(raw.data + i, big);
        if (code >= 0xd800 && code < 0xdc00 && raw.len - i >= 4) {
            uint32_t low = read_unit(raw.data + i + 2, big);
            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                used = 4;
            }
        }
        uint8_t bytes[4];
        size_t width = utf8_encode(code, bytes);
        if (width == 0) {
            *ret_len = len;
            return false;
        }
        memcpy(out + len, bytes, width);
        len += width;
        i += used;
    }
    *ret_len = len;
    return true;
}

static bool index_lines(struct yaml_source *source, struct pool *pool, struct bulla_error *err)
{
    const uint8_t *data = source->text.data;
    size_t len = source->text.len;
    size_t count = 1;
    for (size_t i = 0; i < len; count++) {
        const uint8_t *lf = memchr(data + i, '\n', len - i);
        if (lf == NULL) {
            break;
        }
        i = (size_t)(lf - data) + 1;
    }
    source->lines = pool_alloc(pool, (count + 1) * sizeof *source->lines, err);
    if (source->lines == NULL) {
        return false;
    }
    source->line_count = 1;
    for (size_t i = 0; i < len;) {
        const uint8_t *lf = memchr(data + i, '\n', len - i);
        if (lf == NULL) {
            break;
        }
        i = (size_t)(lf - data) + 1;
        source->lines[source->line_count++] = i;
    }
    source->last_offset = 0;
    source->last_pos = (struct bulla_pos){1, 1};
    return true;
}

static bool is_ascii(struct bulla_bytes text)
{
    size_t i = 0;
    uint64_t high = 0;
    for (; text.len - i >= sizeof high; i += sizeof high) {
        uint64_t word;
        memcpy(&word, text.data + i, sizeof word);
        high |= word & 0x8080808080808080U;
    }
    for (; i < text.len; i++) {
        high |= text.data[i] & 0x80U;
    }
    return high == 0;
}

bool yaml_source_init(struct yaml_source *source, struct pool *pool, struct bulla_bytes raw,
                      const char *file, struct bulla_error *err)
{
    *source = (struct yaml_source){.file = file, .text = raw};
    bool broken = false;
    size_t bad = 0;
    bool little = raw.len >= 2 && raw.data[0] == 0xff && raw.data[1] == 0xfe;
    bool big = raw.len >= 2 && raw.data[0] == 0xfe && raw.data[1] == 0xff;
    if (little || big) {
        /* Two bytes become at most three. */
        char *text = pool_alloc(pool, raw.len / 2 * 3 + 1, err);
        if (text == NULL) {
            return false;
        }
        size_t len = 0;
        broken = !convert_utf16(raw, big, text, &len);
        bad = len;
        source->text = bulla_bytes(text, len);
    } else {
        if (raw.len >= 3 && memcmp(raw.data, "\xef\xbb\xbf", 3) == 0) {
            source->text = bulla_bytes(raw.data + 3, raw.len - 3);
        }
        source->ascii = is_ascii(source->text);
        broken = !source->ascii && !utf8_is_valid(source->text, &bad);
    }
    if (!index_lines(source, pool, err)) {
        return false;
    }
    if (broken) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, yaml_source_pos(source, bad),
                              little || big ? "the text is not valid UTF-16"
                                            : "the text is not valid UTF-8");
    }
    return true;
}

/* The index of the line that OFFSET lies in. */
static size_t find_line(const struct yaml_source *source, size_t offset)
{
    size_t low = 0;
    size_t high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

struct bulla_pos yaml_source_pos(struct yaml_source *source, size_t offset)
{
    if (offset > source->text.len) {
        offset = source->text.len;
    }
    size_t line = source->last_pos.line - 1;
    size_t from = source->last_offset;
    uint32_t col = source->last_pos.col;
    size_t line_end =
        line + 1 < source->line_count ? source->lines[line + 1] : source->text.len + 1;
    if (offset < from || offset >= line_end) {
        line = find_line(source, offset);
        from = source->lines[line];
        col = 1;
    }
    col += source->ascii
               ? (uint32_t)(offset - from)
               : (uint32_t)utf8_count(bulla_bytes(source->text.data + from, offset - from));
    source->last_offset = offset;
    source->last_pos = (struct bulla_pos){(uint32_t)line + 1, col};
    return source->last_pos;
}
