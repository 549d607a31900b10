/*
 * Compose's own sentences for what the library reports. MASKED puts "…" in place of everything that
 * comes from a value of a file.
 */
#ifndef BULLA_DOTENV_WORDS_H
#define BULLA_DOTENV_WORDS_H

#include "bulla/dotenv.h"

/* TEXT as Go's %q shows it, quotes included. */
void words_quote(struct bulla_bytes text, struct bulla_buf *out);

/* VALUE, or "…". */
void words_value(struct bulla_bytes value, bool masked, struct bulla_buf *out);

/* MESSAGE: the evaluated message of a missing variable. */
void words_interpolate(const struct bulla_interpolate_failure *failure, struct bulla_bytes message,
                       bool masked, struct bulla_buf *out);

/* Without "failed to read FILE: " and the like. */
void words_dotenv(const struct bulla_dotenv_failure *failure, bool masked, struct bulla_buf *out);

#endif
