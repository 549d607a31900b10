#include <string.h>

#include "bulla/text.h"
#include "output.h"

void json_init(struct json *json, struct output *out)
{
    *json = (struct json){.out = out};
}

static void new_line(struct json *json)
{
    output_printf(json->out, "\n%*s", (int)(2 * json->depth), "");
}

/* What stands before a value or a key: a comma behind the one before, and a line of its own. */
static void separate(struct json *json)
{
    if (json->is_after_key) {
        json->is_after_key = false;
        return;
    }
    if (json->depth == 0) {
        return;
    }
    if (json->has_member[json->depth - 1]) {
        output_text(json->out, ",");
    }
    json->has_member[json->depth - 1] = true;
    new_line(json);
}

static void begin(struct json *json, const char *bracket)
{
    separate(json);
    output_text(json->out, bracket);
    if (json->depth < JSON_DEPTH_MAX) {
        json->has_member[json->depth++] = false;
    }
}

static void end(struct json *json, const char *bracket)
{
    json->depth--;
    if (json->has_member[json->depth]) {
        new_line(json);
    }
    output_text(json->out, bracket);
    if (json->depth == 0) {
        output_text(json->out, "\n");
    }
}

void json_begin_object(struct json *json)
{
    begin(json, "{");
}

void json_begin_document(struct json *json, struct output *out)
{
    json_init(json, out);
    json_begin_object(json);
    json_member_number(json, "version", 1);
}

void json_end_object(struct json *json)
{
    end(json, "}");
}

void json_begin_array(struct json *json)
{
    begin(json, "[");
}

void json_end_array(struct json *json)
{
    end(json, "]");
}

static void write_code_point(struct output *out, uint32_t c, struct bulla_bytes bytes)
{
    if (c == '"' || c == '\\') {
        output_printf(out, "\\%c", (char)c);
    } else if (c == '\n') {
        output_text(out, "\\n");
    } else if (c == '\t') {
        output_text(out, "\\t");
    } else if (c == '\r') {
        output_text(out, "\\r");
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029) {
        output_printf(out, "\\u%04x", (unsigned)c);
    } else {
        output_bytes(out, bytes);
    }
}

static void write_string(struct json *json, const char *text)
{
    struct bulla_bytes left = bulla_bytes_of(text);
    output_text(json->out, "\"");
    while (left.len > 0) {
        uint32_t code_point = 0;
        size_t len = bulla_text_decode(left, &code_point);
        if (len == 0) {
            output_text(json->out, "\\ufffd");
            len = 1;
        } else {
            write_code_point(json->out, code_point, bulla_bytes_slice(left, 0, len));
        }
        left = bulla_bytes_slice(left, len, left.len - len);
    }
    output_text(json->out, "\"");
}

void json_key(struct json *json, const char *key)
{
    separate(json);
    write_string(json, key);
    output_text(json->out, ": ");
    json->is_after_key = true;
}

void json_string(struct json *json, const char *text)
{
    separate(json);
    if (text == NULL) {
        output_text(json->out, "null");
        return;
    }
    write_string(json, text);
}

void json_number(struct json *json, long long number)
{
    separate(json);
    output_printf(json->out, "%lld", number);
}

void json_bool(struct json *json, bool value)
{
    separate(json);
    output_text(json->out, value ? "true" : "false");
}

void json_member(struct json *json, const char *key, const char *text)
{
    if (text != NULL) {
        json_key(json, key);
        json_string(json, text);
    }
}

void json_member_number(struct json *json, const char *key, long long number)
{
    json_key(json, key);
    json_number(json, number);
}

void json_member_bool(struct json *json, const char *key, bool value)
{
    json_key(json, key);
    json_bool(json, value);
}

void json_member_array(struct json *json, const char *key)
{
    json_key(json, key);
    json_begin_array(json);
}

void json_member_object(struct json *json, const char *key)
{
    json_key(json, key);
    json_begin_object(json);
}
