/* Lines that are too long for a terminal. */
#include <string.h>

#include "bulla/text.h"
#include "output.h"

#define COMMAND_INDENT 4

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

/* How much of the command TEXT a line of ROOM columns takes: up to a blank that no quotes hold. */
static size_t fold_command_at(const char *text, size_t room)
{
    bool is_quoted = false;
    size_t cut = 0;
    size_t columns = 0;
    for (size_t at = 0; text[at] != '\0'; at++) {
        bool is_escaped = at > 0 && text[at - 1] == '\\' && !is_quoted;
        is_quoted = is_quoted != (text[at] == '\'' && !is_escaped);
        if (columns > room && cut > 0) {
            return cut;
        }
        if (text[at] == ' ' && !is_quoted) {
            cut = at;
        }
        columns += ((unsigned char)text[at] & 0xC0) != 0x80;
    }
    return columns > room && cut > 0 ? cut : strlen(text);
}

void output_command(struct output *out, const char *text, size_t column)
{
    static const char more[] = " \\\n";
    while (out->is_terminal && column + output_columns(text) > out->width) {
        size_t room = out->width > column + 2 ? out->width - column - 2 : 1;
        size_t len = fold_command_at(text, room);
        if (text[len] == '\0') {
            break;
        }
        output_printf(out, "%.*s%s%*s", (int)len, text, more, COMMAND_INDENT, "");
        text += len + 1;
        column = COMMAND_INDENT;
    }
    output_text(out, text);
    output_text(out, "\n");
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
