/*
 * Text on a descriptor: buffered, written with write(2), checked. Secrets do not pass through the
 * buffer: see output_secret.
 *
 * A reader that has gone (EPIPE) ends the output quietly; any other failure sticks and is reported
 * by output_flush, which main calls at the end: a command need not look in between.
 */
#ifndef BULLA_CLI_OUTPUT_H
#define BULLA_CLI_OUTPUT_H

#include "bulla/buf.h"

/* What a piece of text means; plain where there is no colour. */
enum style {
    STYLE_PLAIN,
    STYLE_STRONG,
    STYLE_FAINT,
    STYLE_ERROR,
    STYLE_WARNING,
    STYLE_NOTE,
    STYLE_GOOD,
    STYLE_HEADING
};

struct output {
    int fd;
    const char *name; /* for messages */
    bool is_terminal;
    bool has_color;
    unsigned width; /* of the terminal, 80 where there is none or it does not say */
    bool is_gone;   /* EPIPE: everything from here on is dropped */
    bool has_failed;
    struct bulla_error failure;
    struct bulla_buf buf;
};

/*
 * A writer on FD; NAME is for messages and outlives it. With FD -1 it collects: everything stays in
 * `buf`, where the caller finds it.
 */
void output_init(struct output *out, int fd, const char *name);

/* Drops what was not flushed. */
void output_release(struct output *out);

/* COLOR is "auto", "always" or "never"; auto is a terminal that is not dumb, without NO_COLOR. */
void output_set_color(struct output *out, const char *color, bool no_color);

void output_text(struct output *out, const char *text);
void output_bytes(struct output *out, struct bulla_bytes bytes);

/* Writes what is buffered and TEXT behind it, needing no memory: for saying that there is none. */
void output_at_once(struct output *out, const char *text);

void output_printf(struct output *out, const char *fmt, ...) BULLA_PRINTF(2, 3);

/* TEXT in STYLE, and nothing of the style after it. */
void output_styled(struct output *out, enum style style, const char *text);

/* TEXT from a file or a name of the user's: control characters are replaced by '?'. */
void output_untrusted(struct output *out, const char *text);

/*
 * Paragraphs ("\n\n" between) wrapped at WIDTH columns behind INDENT blanks; a paragraph that
 * begins with a blank is kept as it is.
 */
void output_wrapped(struct output *out, const char *text, unsigned indent, unsigned width);

/*
 * Flushes, then writes BYTES from where they are: no copy stays in ordinary memory. BULLA_E_IO;
 * a reader that has gone is BULLA_E_IO too, as the secret did not arrive.
 */
BULLA_MUST_CHECK bool output_secret(struct output *out, struct bulla_bytes bytes,
                                    struct bulla_error *err);

/* Writes what is buffered. BULLA_E_IO, BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool output_flush(struct output *out, struct bulla_error *err);

/*
 * TEXT, which begins in COLUMN (from 0). On a terminal a word that would go beyond its width begins
 * a line at column INDENT; no word is cut.
 */
void output_hanging(struct output *out, const char *text, size_t column, size_t indent);

/* A word that is too long is broken behind one of these. */
#define FOLD_BEHIND "./,:-_"

/*
 * How many bytes of TEXT a line of ROOM columns takes: all of it, or up to a blank, else behind a
 * mark of punctuation, else as many as there is room for.
 */
size_t fold_at(const char *text, size_t room);

/* How many terminal columns TEXT takes, one per code point. */
size_t output_columns(const char *text);

/*
 * A table: rows of cells, columns as wide as their widest cell, two blanks between, no blank at a
 * line's end. Headings are shown on a terminal and when piped alike. On a terminal that is too
 * narrow the last column and then the widest are made narrower, and a cell wraps under itself: at
 * blanks, where that is not enough inside words, and inside a place (compose.yaml:12:7) only where
 * nothing else is left.
 */
struct table {
    struct output *out;
    size_t column_count;
    char **cells; /* owned */
    enum style *styles;
    size_t cell_count;
    size_t cell_cap;
    size_t style_cap;
    unsigned whole; /* a bit for each column whose cells are not broken */
    bool has_failed;
};

#define TABLE_COLUMNS_MAX 12

/* A table for OUT with HEADINGS (COUNT of them, at most TABLE_COLUMNS_MAX). */
void table_init(struct table *table, struct output *out, const char *const *headings, size_t count);

/* The next cell, copied, control characters replaced; NULL is shown as "-". */
void table_cell(struct table *table, const char *text);
void table_styled(struct table *table, enum style style, const char *text);

/* No cell of COLUMN, which is narrow, is broken however narrow the terminal is: a time. */
void table_keep_whole(struct table *table, size_t column);

/* Writes it. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool table_write(struct table *table, struct bulla_error *err);
void table_release(struct table *table);

#define auto_table BULLA_AUTO(table_release) struct table

/*
 * JSON text, two blanks per level; for what is no secret (names, positions, states).
 *     json_begin_document(&json, in->out);
 *     json_member(&json, "name", name);
 *     json_end_object(&json);   ends with a LF at the outermost level
 */
#define JSON_DEPTH_MAX 16

struct json {
    struct output *out;
    unsigned depth;
    bool has_member[JSON_DEPTH_MAX];
    bool is_after_key;
};

void json_init(struct json *json, struct output *out);

/* Begins with an object that says which version of its format it has: 1. */
void json_begin_document(struct json *json, struct output *out);

void json_begin_object(struct json *json);
void json_end_object(struct json *json);
void json_begin_array(struct json *json);
void json_end_array(struct json *json);
void json_key(struct json *json, const char *key);

/* Escapes what JSON and terminals need; bytes that are not UTF-8 become U+FFFD. NULL is null. */
void json_string(struct json *json, const char *text);
void json_number(struct json *json, long long number);
void json_bool(struct json *json, bool value);

/* "key": value in one; nothing at all where the value is NULL. */
void json_member(struct json *json, const char *key, const char *text);
void json_member_number(struct json *json, const char *key, long long number);
void json_member_bool(struct json *json, const char *key, bool value);

/* "key": and the beginning of its value. */
void json_member_array(struct json *json, const char *key);
void json_member_object(struct json *json, const char *key);

#endif
