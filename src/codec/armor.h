/*
 * age's armor: an age file as text between "-----BEGIN AGE ENCRYPTED FILE-----" and its end line
 * (C2SP age.md, "ASCII armor"); layer 1.
 */
#ifndef BULLA_CODEC_ARMOR_H
#define BULLA_CODEC_ARMOR_H

#include "bulla/buf.h"

/* True when TEXT is armor by its first line that is not blank. */
bool armor_is_text(struct bulla_bytes text);

/*
 * Appends the bytes of the armored TEXT to OUT: lines of exactly 64 columns and one shorter, padded
 * base64, LF or CRLF; blank space outside is let pass up to 1,024 bytes on either side.
 * BULLA_E_SYNTAX with the place.
 */
BULLA_MUST_CHECK bool armor_decode(struct bulla_bytes text, struct bulla_buf *out,
                                   struct bulla_error *err);

#endif
