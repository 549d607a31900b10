/*
 * age's armor: an age file as text between "-----BEGIN AGE ENCRYPTED FILE-----" and its end line
 * (C2SP age.md, "ASCII armor"), line by line, so that a file of any size fits; layer 1.
 */
#ifndef BULLA_CODEC_ARMOR_H
#define BULLA_CODEC_ARMOR_H

#include "bulla/buf.h"

#define ARMOR_BLANK_BYTES 1024 /* of white space that is let pass on either side */
#define ARMOR_COLUMNS 64
#define ARMOR_LINE_BYTES ((size_t)ARMOR_COLUMNS / 4 * 3)

/* True when TEXT is armor by its first line that is not blank. */
bool armor_is_text(struct bulla_bytes text);

/* Where a reader of lines stands; starts as zeros. */
struct armor_reader {
    enum { ARMOR_BEFORE, ARMOR_INSIDE, ARMOR_BEHIND } state;
    uint32_t line;  /* the number of the line read last */
    size_t blank;   /* bytes of white space on this side */
    bool had_short; /* a line of less than 64 columns, which has to be the last */
};

/*
 * Reads the next LINE (its LF or CRLF included, where it has one) and appends what it holds to OUT:
 * lines of exactly 64 columns and one shorter, padded base64. BULLA_E_SYNTAX with the place.
 */
BULLA_MUST_CHECK bool armor_read_line(struct armor_reader *reader, struct bulla_bytes line,
                                      struct bulla_buf *out, struct bulla_error *err);

/* The end of the text: BULLA_E_SYNTAX where the end line did not come. */
BULLA_MUST_CHECK bool armor_read_end(const struct armor_reader *reader, struct bulla_error *err);

/* Appends the bytes of the whole armored TEXT to OUT. */
BULLA_MUST_CHECK bool armor_decode(struct bulla_bytes text, struct bulla_buf *out,
                                   struct bulla_error *err);

/* What did not fill a line yet. */
struct armor_writer {
    uint8_t carried[ARMOR_LINE_BYTES];
    size_t len;
};

/* The begin line, the lines of more BYTES, and what is left with the end line. Failures stick to
 * OUT. */
void armor_write_begin(struct armor_writer *writer, struct bulla_buf *out);
void armor_write(struct armor_writer *writer, struct bulla_bytes bytes, struct bulla_buf *out);
void armor_write_end(struct armor_writer *writer, struct bulla_buf *out);

#endif
