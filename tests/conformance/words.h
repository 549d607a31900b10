/* What the library reports, put into Compose's own words. */
#ifndef BULLA_TESTS_CONFORMANCE_WORDS_H
#define BULLA_TESTS_CONFORMANCE_WORDS_H

#include "bulla/dotenv.h"

/* TEXT as Go's %q shows it, quotes included. */
void words_quote(struct bulla_bytes text, struct bulla_buf *out);

/* MESSAGE: the evaluated message of a missing variable. */
void words_interpolate(const struct bulla_interpolate_failure *failure, struct bulla_bytes message,
                       struct bulla_buf *out);

/* Without "failed to read FILE: " and the like. */
void words_dotenv(const struct bulla_dotenv_failure *failure, struct bulla_buf *out);

#endif
