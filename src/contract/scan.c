#include <stdio.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "base/utf8.h"
#include "bulla/limits.h"
#include "bulla/suggest.h"
#include "contract/keys.h"
#include "contract/reader_internal.h"

#include "base/banned.h"

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

bool ini_is_variable_name(struct bulla_bytes name)
{
    if (name.len == 0 || name.len > BULLA_MAX_NAME_BYTES ||
        (!ascii_is_letter(name.data[0]) && name.data[0] != '_')) {
        return false;
    }
    for (size_t i = 1; i < name.len; i++) {
        uint8_t c = name.data[i];
        if (!ascii_is_alnum(c) && c != '_' && c != '.' && c != '-') {
            return false;
        }
    }
    return true;
}

bool ini_is_environment_name(struct bulla_bytes name)
{
    if (name.len == 0 || name.len > BULLA_MAX_MEMBER_BYTES || name.data[0] == '-') {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        if (!ascii_is_lower(c) && !ascii_is_digit(c) && c != '-') {
            return false;
        }
    }
    return true;
}

static struct bulla_bytes trim(struct bulla_bytes text)
{
    while (text.len > 0 && is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.data[text.len - 1])) {
        text.len--;
    }
    return text;
}

/* Refuses characters that inih's idea of a blank or a terminal would make something else of. */
static bool check_characters(struct reader *reader)
{
    struct bulla_bytes line = reader->line;
    for (size_t at = 0; at < line.len;) {
        if (line.data[at] >= ' ' && line.data[at] <= '~') {
            at++;
            continue;
        }
        uint32_t code_point = 0;
        size_t len = utf8_decode(bulla_bytes_slice(line, at, line.len), &code_point);
        if (len == 0) {
            (void)fail_at(reader, line.data + at, BULLA_E_SYNTAX, "not UTF-8");
            return bulla_error_hint(reader->err, "save the file as UTF-8");
        }
        if (code_point != '\t' && !utf8_is_printable(code_point)) {
            (void)fail_at(reader, line.data + at, BULLA_E_SYNTAX,
                          "a character that cannot be seen (U+%04X)", (unsigned)code_point);
            return bulla_error_hint(reader->err, "remove it");
        }
        at += len;
    }
    return true;
}

static bool check_length(struct reader *reader)
{
    if (reader->line.len <= INI_MAX_LINE_BYTES) {
        return true;
    }
    (void)fail_at(reader, reader->line.data + INI_MAX_LINE_BYTES, BULLA_E_SYNTAX,
                  "the line has more than %d bytes", INI_MAX_LINE_BYTES);
    return bulla_error_hint(reader->err,
                            "break it: '\\' at the end, the rest on the next line, indented");
}

/* inih takes a ';' behind a blank for a comment. */
static bool check_comment(struct reader *reader, struct bulla_bytes value)
{
    for (size_t i = 1; i < value.len; i++) {
        if (value.data[i] == ';' && is_blank(value.data[i - 1])) {
            (void)fail_at(reader, value.data + i, BULLA_E_SYNTAX, "';' would start a comment here");
            return bulla_error_hint(reader->err, "put comments on their own line");
        }
    }
    return true;
}

static const struct {
    const char *word;
    enum ini_class class;
    bool named;
} classes[] = {
    {"bulla", INI_PROJECT, false},          {"check", INI_CHECK, false},
    {"environment", INI_ENVIRONMENT, true}, {"apply", INI_APPLY, true},
    {"variable", INI_VARIABLE, true},
};
#define CLASS_COUNT (sizeof classes / sizeof classes[0])

static bool refuse_section_word(struct reader *reader, struct bulla_bytes word)
{
    static const char *const named[] = {"environment", "apply", "variable"};
    char text[65];
    int len = (int)(word.len < sizeof text ? word.len : sizeof text - 1);
    (void)snprintf(text, sizeof text, "%.*s", len, (const char *)word.data);
    (void)fail_at(reader, word.data, BULLA_E_INVALID, "unknown kind of section '%s'", text);
    const char *nearest = bulla_suggest(text, named, sizeof named / sizeof named[0]);
    if (nearest != NULL) {
        return bulla_error_hint(reader->err, "did you mean [%s NAME]?", nearest);
    }
    return bulla_error_hint(reader->err,
                            "[environment NAME], [apply NAME], [variable NAME] have two words");
}

static bool check_section_name(struct reader *reader, enum ini_class class, struct bulla_bytes name)
{
    bool environment = class == INI_ENVIRONMENT;
    if (environment ? ini_is_environment_name(name) : ini_is_variable_name(name)) {
        return true;
    }
    (void)fail_at(reader, name.data, BULLA_E_INVALID, "not a name for %s",
                  environment          ? "an environment"
                  : class == INI_APPLY ? "a live service"
                                       : "a variable");
    if (environment) {
        return bulla_error_hint(reader->err, "use a-z, 0-9 and '-', at most %d",
                                BULLA_MAX_MEMBER_BYTES);
    }
    return bulla_error_hint(reader->err,
                            "use letters, digits, '_', '.' and '-', at most %d, a letter first",
                            BULLA_MAX_NAME_BYTES);
}

/* Splits what stands between the brackets into one or two words. */
static bool read_section_words(struct reader *reader, struct bulla_bytes inside,
                               enum ini_class *ret_class, struct bulla_bytes *ret_name)
{
    size_t end = 0;
    while (end < inside.len && !is_blank(inside.data[end])) {
        end++;
    }
    struct bulla_bytes word = bulla_bytes_slice(inside, 0, end);
    struct bulla_bytes rest = trim(bulla_bytes_slice(inside, end, inside.len));
    size_t class = 0;
    while (class < CLASS_COUNT && !bulla_bytes_are(word, classes[class].word)) {
        class ++;
    }
    if (rest.len == 0 && class < CLASS_COUNT && classes[class].named) {
        (void)fail_at(reader, word.data, BULLA_E_SYNTAX, "[%s] needs a name", classes[class].word);
        return bulla_error_hint(reader->err, "[%s NAME]; a variable called so is [variable %s]",
                                classes[class].word, classes[class].word);
    }
    if (rest.len == 0) {
        *ret_class = class < CLASS_COUNT ? classes[class].class : INI_VARIABLE;
        *ret_name = word;
        return *ret_class != INI_VARIABLE || check_section_name(reader, INI_VARIABLE, word);
    }
    if (class == CLASS_COUNT) {
        return refuse_section_word(reader, word);
    }
    if (!classes[class].named) {
        return fail_at(reader, rest.data, BULLA_E_SYNTAX, "[%s] has no name", classes[class].word);
    }
    *ret_class = classes[class].class;
    *ret_name = rest;
    return check_section_name(reader, classes[class].class, rest);
}

static bool read_section(struct reader *reader, struct bulla_bytes line)
{
    const uint8_t *end = memchr(line.data, ']', line.len);
    if (end == NULL) {
        (void)fail_at(reader, line.data + line.len, BULLA_E_SYNTAX, "']' is missing");
        return bulla_error_hint(reader->err, "a section is [NAME] on a line of its own");
    }
    size_t inside_len = (size_t)(end - line.data) - 1;
    struct bulla_bytes behind = bulla_bytes_slice(line, inside_len + 2, line.len);
    if (trim(behind).len > 0) {
        (void)fail_at(reader, trim(behind).data, BULLA_E_SYNTAX, "text behind ']'");
        return bulla_error_hint(reader->err, "put comments on their own line");
    }
    struct bulla_bytes inside = trim(bulla_bytes(line.data + 1, inside_len));
    if (inside.len == 0) {
        return fail_at(reader, end, BULLA_E_SYNTAX, "the section has no name");
    }
    enum ini_class class = INI_VARIABLE;
    struct bulla_bytes name = {0};
    if (!read_section_words(reader, inside, &class, &name)) {
        return false;
    }
    struct ini_section *section = pool_alloc(reader->pool, sizeof *section, reader->err);
    if (section == NULL) {
        return false;
    }
    section->name = pool_strndup(reader->pool, name.data, name.len, reader->err);
    if (section->name == NULL) {
        return false;
    }
    section->class = class;
    section->pos = reader_place(reader, name.data);
    *reader->section_end = section;
    reader->section_end = &section->next;
    reader->section = section;
    reader->entry_end = &section->entries;
    reader->entry_count = 0;
    reader->section_count++;
    (void)snprintf(reader->stand_in, sizeof reader->stand_in, "%u", reader->section_count);
    return true;
}

static bool is_key_byte(uint8_t c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_' || c == '.';
}

/* The length of the key (without "@ENV") at the start of LINE. */
static size_t key_len(struct bulla_bytes line)
{
    size_t len = 0;
    while (len < line.len && is_key_byte(line.data[len])) {
        len++;
    }
    return len;
}

static bool check_new_key(struct reader *reader, const struct ini_entry *entry)
{
    if (++reader->entry_count > INI_MAX_SECTION_KEYS) {
        return bulla_error_at(reader->err, BULLA_E_LIMIT, reader->file, entry->key_pos,
                              "a section has at most %d keys", INI_MAX_SECTION_KEYS);
    }
    if (reader->section->class == INI_CHECK && strcmp(entry->key, "ignore") == 0) {
        return true;
    }
    for (const struct ini_entry *other = reader->section->entries; other != NULL;
         other = other->next) {
        bool same_environment = entry->environment == NULL || other->environment == NULL
                                    ? entry->environment == other->environment
                                    : strcmp(entry->environment, other->environment) == 0;
        if (same_environment && strcmp(entry->key, other->key) == 0) {
            return bulla_error_at(reader->err, BULLA_E_INVALID, reader->file, entry->key_pos,
                                  "'%s' is set twice in one section (first in line %u)", entry->key,
                                  other->key_pos.line);
        }
    }
    return true;
}

static bool add_entry(struct reader *reader, struct bulla_bytes key, struct bulla_bytes environment)
{
    struct ini_entry *entry = pool_alloc(reader->pool, sizeof *entry, reader->err);
    if (entry == NULL) {
        return false;
    }
    entry->key = pool_strndup(reader->pool, key.data, key.len, reader->err);
    if (entry->key == NULL) {
        return false;
    }
    entry->key_pos = reader_place(reader, key.data);
    if (environment.data != NULL) {
        entry->environment =
            pool_strndup(reader->pool, environment.data, environment.len, reader->err);
        if (entry->environment == NULL) {
            return false;
        }
        entry->environment_pos = reader_place(reader, environment.data);
    }
    if (!check_new_key(reader, entry)) {
        return false;
    }
    *reader->entry_end = entry;
    reader->entry_end = &entry->next;
    reader->entry = entry;
    reader->last_part = NULL;
    return true;
}

/* Without a value's line, where the caret of "expected" belongs. */
static bool refuse_key_line(struct reader *reader, const uint8_t *at)
{
    if (text_is_conflict_marker(reader->line)) {
        (void)fail_at(reader, at, BULLA_E_SYNTAX, "a conflict marker of git");
        return bulla_error_hint(reader->err, "%s", TEXT_CONFLICT_HINT);
    }
    (void)fail_at(reader, at, BULLA_E_SYNTAX, "expected 'key = value'");
    const uint8_t *end = reader->line.data + reader->line.len;
    if (at < end && *at == ':') {
        return bulla_error_hint(reader->err, "write '=' in the place of ':'");
    }
    return bulla_error_hint(reader->err, "a comment begins with ';', a section with '['");
}

static bool read_key(struct reader *reader, struct bulla_bytes line)
{
    struct bulla_bytes key = bulla_bytes_slice(line, 0, key_len(line));
    if (key.len == 0) {
        return refuse_key_line(reader, line.data);
    }
    size_t at = key.len;
    struct bulla_bytes environment = {0};
    if (at < line.len && line.data[at] == '@') {
        struct bulla_bytes rest = bulla_bytes_slice(line, at + 1, line.len);
        environment = bulla_bytes_slice(rest, 0, key_len(rest));
        at += 1 + environment.len;
        if (environment.len == 0) {
            return fail_at(reader, line.data + at, BULLA_E_SYNTAX,
                           "'@' without an environment's name");
        }
    }
    size_t before_equals = at;
    while (at < line.len && is_blank(line.data[at])) {
        at++;
    }
    if (at == line.len || line.data[at] != '=') {
        return refuse_key_line(reader, at == line.len ? line.data : line.data + at);
    }
    if (before_equals > INI_MAX_KEY_BYTES) {
        return fail_at(reader, line.data, BULLA_E_SYNTAX, "the key has more than %d bytes",
                       INI_MAX_KEY_BYTES);
    }
    if (reader->section == NULL) {
        (void)fail_at(reader, line.data, BULLA_E_SYNTAX, "a key before the first section");
        return bulla_error_hint(reader->err, "begin with [bulla]");
    }
    /* Not a slice: an empty one has no place. */
    struct bulla_bytes value = bulla_bytes(line.data + at + 1, line.len - at - 1);
    reader->value = trim(value);
    if (!check_comment(reader, value) || !check_length(reader)) {
        return false;
    }
    return add_entry(reader, key, environment);
}

/* `  rotate = 30d` below `note = …` was meant as a key, and would be swallowed by the note. */
static bool looks_like_key(struct bulla_bytes line)
{
    size_t at = key_len(line);
    if (!keys_are_known(bulla_bytes_slice(line, 0, at))) {
        return false;
    }
    while (at < line.len && is_blank(line.data[at])) {
        at++;
    }
    return at < line.len && line.data[at] == '=';
}

static bool read_more(struct reader *reader, struct bulla_bytes line)
{
    if (reader->entry == NULL) {
        (void)fail_at(reader, line.data, BULLA_E_SYNTAX,
                      "an indented line continues a value, and there is none above it");
        return bulla_error_hint(reader->err, "begin keys and sections in column 1");
    }
    if (looks_like_key(line)) {
        (void)fail_at(reader, line.data, BULLA_E_SYNTAX,
                      "an indented key would continue the value of '%s'", reader->entry->key);
        return bulla_error_hint(reader->err, "begin keys in column 1");
    }
    reader->value = line;
    return check_comment(reader, line) && check_length(reader);
}

bool scan_line(struct reader *reader)
{
    reader->kind = LINE_NOTHING;
    if (!check_characters(reader)) {
        return false;
    }
    struct bulla_bytes line = trim(reader->line);
    if (line.len == 0 || line.data[0] == ';' || line.data[0] == '#') {
        return true;
    }
    if (line.data != reader->line.data) {
        reader->kind = LINE_MORE;
        return read_more(reader, line);
    }
    if (!reader_finish_entry(reader)) {
        return false;
    }
    if (line.data[0] == '[') {
        reader->kind = LINE_SECTION;
        return read_section(reader, line);
    }
    reader->kind = LINE_ENTRY;
    return read_key(reader, line);
}
