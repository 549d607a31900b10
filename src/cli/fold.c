/* Lines that are too long for a terminal. */
#include <string.h>

#include "bulla/text.h"
#include "output.h"

/* The bytes of the first COLUMNS code points of TEXT. */
static size_t bytes_of_columns(const char *text, size_t columns)
{
    size_t len = strlen(text);
    size_t at = 0;
    for (size_t i = 0; i < columns && at < len; i++) {
        uint32_t code_point = 0;
        size_t one = bulla_text_decode(bulla_bytes(text + at, len - at), &code_point);
        at += one > 0 ? one : 1;
    }
    return at;
}

size_t fold_at(const char *text, size_t room)
{
    size_t most = bytes_of_columns(text, room > 0 ? room : 1);
    if (text[most] == '\0') {
        return most;
    }
    for (size_t cut = most; cut > 0; cut--) {
        if (text[cut] == ' ') {
            return cut;
        }
    }
    for (size_t cut = most; cut > most / 2; cut--) {
        if (strchr(FOLD_BEHIND, text[cut - 1]) != NULL) {
            return cut;
        }
    }
    return most;
}

void output_hanging(struct output *out, const char *text, size_t column, size_t indent)
{
    bool is_first = true;
    if (!out->is_terminal || column + output_columns(text) <= out->width) {
        output_text(out, text);
        return;
    }
    while (*text != '\0') {
        size_t len = strcspn(text, " ");
        size_t columns = 0;
        for (size_t i = 0; i < len; i++) {
            columns += ((unsigned char)text[i] & 0xC0) != 0x80;
        }
        if (column > indent && column + (is_first ? 0 : 1) + columns > out->width) {
            output_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!is_first) {
            output_text(out, " ");
            column++;
        }
        output_bytes(out, bulla_bytes(text, len));
        column += columns;
        is_first = false;
        text += len + strspn(text + len, " ");
    }
}
