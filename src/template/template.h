/*
 * The small template language of the contract: text with other values put in. Layer 1.
 *
 *     text    = (anything but "{{" | place)*
 *     place   = "{{" operand ("|" filter)* "}}"
 *     operand = NAME | '"' (any byte but '"' and a control character)* '"'
 *     NAME    = [A-Za-z_][A-Za-z0-9_.-]*        at most BULLA_MAX_NAME_BYTES
 *     filter  = url | base64 | base64url | hex | json | upper | lower | trim
 *
 * Blanks and tabs may stand between all parts of a place. A "}}" outside a place is text, and
 * {{ "{{" }} gives "{{". There is no logic, no nesting and no escape.
 *
 *     url        every byte but the unreserved of RFC 3986 (2.3) as %XX
 *     base64     RFC 4648 section 4, padded
 *     base64url  RFC 4648 section 5, not padded
 *     hex        lower case digits, two a byte
 *     json       what stands between the quotes of a JSON string; wants valid UTF-8
 *     upper, lower  ASCII letters
 *     trim       without the ASCII white space at both ends
 */
#ifndef BULLA_TEMPLATE_TEMPLATE_H
#define BULLA_TEMPLATE_TEMPLATE_H

#include "bulla/buf.h"

/*
 * Gives the value of NAME (borrowed until the next call), or returns false with *err set for a name
 * that has none; the place of NAME is filled in where the error has no position.
 */
typedef bool (*template_lookup_fn)(void *ctx, struct bulla_bytes name,
                                   struct bulla_bytes *ret_value, struct bulla_error *err);

/* Told of a NAME where it stands; returns false with *err set to stop. */
typedef bool (*template_name_fn)(void *ctx, struct bulla_bytes name, struct bulla_pos pos,
                                 struct bulla_error *err);

/*
 * Appends TEXT with its places filled to OUT, a secret buffer. FILE and POS say where TEXT begins;
 * lines behind an LF count their columns from 1. BULLA_E_SYNTAX with a position, BULLA_E_INVALID
 * where a filter cannot take the value, what LOOKUP set, BULLA_E_LIMIT (OUT's maximum) or
 * BULLA_E_NOMEM; OUT then holds a part.
 */
BULLA_MUST_CHECK bool template_render(struct bulla_bytes text, const char *file,
                                      struct bulla_pos pos, template_lookup_fn lookup, void *ctx,
                                      struct bulla_buf *out, struct bulla_error *err);

/* Calls FN for each name in TEXT, in order, repeats included; checks the whole grammar. */
BULLA_MUST_CHECK bool template_names(struct bulla_bytes text, const char *file,
                                     struct bulla_pos pos, template_name_fn fn, void *ctx,
                                     struct bulla_error *err);

#endif
