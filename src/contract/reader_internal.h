/* The state of ini_read, shared by reader.c (inih) and scan.c (our look at each line). */
#ifndef BULLA_CONTRACT_READER_INTERNAL_H
#define BULLA_CONTRACT_READER_INTERNAL_H

#include "contract/reader.h"

enum line_kind { LINE_NOTHING, LINE_SECTION, LINE_ENTRY, LINE_MORE };

struct reader {
    struct bulla_bytes text;
    size_t at; /* of the next line */
    const char *file;
    struct pool *pool;
    struct bulla_error *err;
    bool failed;
    bool is_full; /* the line before filled inih's buffer */

    /* The line that inih has in hand. */
    uint32_t number;
    struct bulla_bytes line; /* without its line end */
    enum line_kind kind;
    struct bulla_bytes value; /* what inih has to hand back */
    char stand_in[16];        /* what inih is told the section is called */

    uint32_t section_count;
    struct ini_section *sections;
    struct ini_section **section_end;
    struct ini_section *section; /* the current one */
    struct ini_entry **entry_end;
    size_t entry_count;
    struct ini_entry *entry; /* the one that a continuation line would lengthen */
    struct bulla_setting_part *last_part;
    struct bulla_buf joined; /* its value so far */
};

/* The place of the byte at AT, which points into the current line. */
struct bulla_pos reader_place(const struct reader *reader, const uint8_t *at);

#define fail_at(reader, at, code, ...)                                                             \
    bulla_error_at((reader)->err, code, (reader)->file, reader_place(reader, at), __VA_ARGS__)

/* Gives the entry that is complete its text. */
BULLA_MUST_CHECK bool reader_finish_entry(struct reader *reader);

/* Looks at the current line and sets what inih will make of it, or refuses it. */
BULLA_MUST_CHECK bool scan_line(struct reader *reader);

#endif
