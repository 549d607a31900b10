/*
 * The grammar of one string with references, without any meaning: a walker that yields literal
 * text, escapes and references in the order in which Compose looks at them. Layer 1.
 *
 * Compose matches a pattern whose operand runs to the last "}" on the line, then counts braces to
 * find where the reference ends, and substitutes what lies between (the tail) as a string of its
 * own. All tails on one line end at the same "}", so they need no nesting here: only the place
 * where the present tail began is kept, for the message that quotes it.
 */
#ifndef BULLA_INTERPOLATE_WALK_H
#define BULLA_INTERPOLATE_WALK_H

#include "bulla/interpolate.h"

enum walk_token {
    WALK_END,
    WALK_TEXT,      /* literal text */
    WALK_ESCAPE,    /* "$$" */
    WALK_REFERENCE, /* a well-formed reference */
    WALK_INVALID    /* "${" that begins none */
};

struct walk {
    struct bulla_bytes text; /* the whole text; offsets count from its start */
    size_t start;            /* the string that is walked: the text, or one operand */
    size_t end;
    unsigned depth;
    size_t at;
    size_t tail_start; /* the present tail, where at < tail_end */
    size_t tail_end;
    size_t line_end;   /* up to where last_close is known; at > line_end: not known */
    size_t last_close; /* the last "}" of the line, or WALK_NOWHERE */
    bool line_known;
};

#define WALK_NOWHERE SIZE_MAX

/* A walk over LEN bytes from START of TEXT. */
void walk_init(struct walk *walk, struct bulla_bytes text, size_t start, size_t len,
               unsigned depth);

/*
 * The next token. WALK_TEXT fills *ret_literal, WALK_REFERENCE and WALK_INVALID fill *ret_ref. The
 * walk goes on in a reference's tail unless walk_skip_tail is called.
 */
enum walk_token walk_next(struct walk *walk, struct bulla_bytes *ret_literal,
                          struct bulla_ref *ret_ref);

/* Leaves out the tail of the reference just returned, as Compose does where it failed. */
void walk_skip_tail(struct walk *walk);

/* The innermost string that holds offset AT, an offset that was just walked: what Compose quotes.
 */
struct bulla_bytes walk_fragment(const struct walk *walk, size_t at);

/* A walk over the operand of REF. */
void walk_operand(struct walk *walk, struct bulla_bytes text, const struct bulla_ref *ref);

#endif
