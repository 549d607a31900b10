/* What the files of this folder share: the state of one parse. */
#ifndef BULLA_DOCKERFILE_INTERNAL_H
#define BULLA_DOCKERFILE_INTERNAL_H

#include "base/pool.h"
#include "bulla/buf.h"
#include "bulla/dockerfile.h"

/* A run of the logical line that stands in the source as it is. */
struct segment {
    size_t logical;
    size_t source;
};

/* A growing array. */
struct rows {
    void *items;
    size_t count;
    size_t cap;
};

struct parser {
    struct bulla_bytes text;
    const char *file;
    struct bulla_error *err;
    struct pool *pool;
    size_t at; /* of the next physical line */
    char escape;
    bool foreign;

    struct bulla_buf line; /* the instruction at hand, continuation lines joined */
    struct rows segments;  /* struct segment */

    size_t instructions;
    size_t stage; /* of the instruction at hand */
    struct rows stages;
    struct rows pairs;
    struct rows uses;
    struct rows mounts;
    struct rows sources;

    size_t last_offset; /* the place that was last asked for */
    struct bulla_pos last_pos;
    size_t mark_offset; /* where the instruction at hand begins: counting goes back no further */
    struct bulla_pos mark_pos;
};

/* lines.c */

/* Reads the parser directives at the top. */
BULLA_MUST_CHECK bool docker_read_directives(struct parser *p);
/* The next instruction into p->line; *ret_done at the end of the text. */
BULLA_MUST_CHECK bool docker_next_line(struct parser *p, bool *ret_done);
/* One physical line from p->at, which moves behind it; without LF and the CR before it. */
struct bulla_bytes docker_raw_line(struct parser *p);
/* The source offset of offset AT of the logical line; of its end for the end. */
size_t docker_source_offset(const struct parser *p, size_t at);
/* The place of a source offset; cheap for ascending offsets. */
struct bulla_pos docker_pos(struct parser *p, size_t offset);
/* The place of offset AT of the logical line. */
struct bulla_pos docker_pos_of(struct parser *p, size_t at);
/* Behind the byte before END: where the line goes on elsewhere that is not the place of END. */
struct bulla_pos docker_end_of(struct parser *p, size_t end);
/* BULLA_E_SYNTAX at offset AT of the logical line. */
bool docker_refuse(struct parser *p, size_t at, const char *fmt, ...) BULLA_PRINTF(3, 4);

/* words.c */

struct word {
    size_t start; /* in the logical line */
    size_t end;
};

/*
 * The next word of the logical line from *AT on: blanks end it, quotes and the escape character
 * protect them. False where there is none.
 */
bool docker_next_word(const struct parser *p, size_t *at, size_t end, struct word *ret_word);
/* The same for words that only blanks end. */
bool docker_next_plain_word(const struct parser *p, size_t *at, size_t end, struct word *ret_word);
/*
 * The text of [START, END) without quotes and escapes, in the pool; references stay as they are and
 * are counted.
 */
char *docker_decode(struct parser *p, size_t start, size_t end, size_t *ret_len,
                    size_t *ret_references);
/* True where [START, END) is a JSON array of strings: the exec form. */
bool docker_is_json(const struct parser *p, size_t start, size_t end);
char *docker_copy(struct parser *p, size_t start, size_t end);

/* uses.c */

/*
 * Notes the references of KEYWORD's text at [START, END) of the logical line. Where the builder
 * itself expands them, a wrong one is BULLA_E_SYNTAX.
 */
BULLA_MUST_CHECK bool docker_note_uses(struct parser *p, enum bulla_docker_keyword keyword,
                                       size_t start, size_t end);
/* The same for [START, END) of the source, a part of a here-document. */
BULLA_MUST_CHECK bool docker_note_body_uses(struct parser *p, enum bulla_docker_keyword keyword,
                                            size_t start, size_t end);

/* pairs.c */

/* The names and values of KEYWORD, an ENV, ARG or LABEL, at [START, END) of the line. */
BULLA_MUST_CHECK bool docker_read_pairs(struct parser *p, enum bulla_docker_keyword keyword,
                                        size_t start, size_t end);

/* heredoc.c */

/* Passes over the here-documents that the instruction at [START, END) of the line begins. */
BULLA_MUST_CHECK bool docker_read_heredocs(struct parser *p, enum bulla_docker_keyword keyword,
                                           size_t start, size_t end);

static inline bool docker_is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' || c == '\n';
}

/* A new row of SIZE zeroed bytes at the end of ROWS; NULL with BULLA_E_NOMEM. */
void *docker_add_row(struct parser *p, struct rows *rows, size_t size);

#endif
