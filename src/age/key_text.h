/* Keys as bech32 text, and the lines of the files that hold them; layer 2. */
#ifndef BULLA_AGE_KEY_TEXT_H
#define BULLA_AGE_KEY_TEXT_H

#include "bulla/buf.h"

/* Whether TEXT, whatever its case, begins with START. */
bool key_text_starts(struct bulla_bytes text, const char *start);

/*
 * Decodes a key of LEN bytes whose prefix is exactly PREFIX, in its case. NULL, or what is wrong in
 * words that do not show it ("is in the wrong case").
 */
const char *key_text_decode(struct bulla_bytes text, const char *prefix, uint8_t *ret_key,
                            size_t len);

/* What is wrong with TEXT as bech32 of any prefix and data, or NULL. */
const char *key_text_fault(struct bulla_bytes text);

/* Takes the first line off REST, without LF or CRLF. */
struct bulla_bytes key_text_take_line(struct bulla_bytes *rest);

/* True for a line that is neither empty nor a comment. */
bool key_text_is_line(struct bulla_bytes line);

#endif
