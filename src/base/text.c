#include "base/text.h"

#include <string.h>

#include "base/utf8.h"
#include "bulla/text.h"

#include "base/banned.h"

void bulla_text_sanitize(char *text)
{
    text_sanitize(text);
}

size_t bulla_text_columns(const char *text)
{
    size_t columns = 0;
    for (; *text != '\0'; text++) {
        columns += ((uint8_t)*text & 0xC0) != 0x80;
    }
    return columns;
}

size_t bulla_text_decode(struct bulla_bytes bytes, uint32_t *ret_code_point)
{
    return bytes.len == 0 ? 0 : utf8_decode(bytes, ret_code_point);
}

struct bulla_pos bulla_text_pos(struct bulla_bytes text, size_t offset)
{
    return utf8_pos(text, offset);
}

bool text_is_conflict_marker(struct bulla_bytes text)
{
    return bulla_bytes_start(text, "<<<<<<< ") || bulla_bytes_start(text, ">>>>>>> ") ||
           bulla_bytes_start(text, "||||||| ") || bulla_bytes_start(text, "=======\n") ||
           bulla_bytes_start(text, "=======\r\n") || bulla_bytes_are(text, "=======");
}
