/* Values that the project itself, or a product's documentation, publishes; private to check/. */
#ifndef BULLA_CHECK_PUBLISHED_H
#define BULLA_CHECK_PUBLISHED_H

#include "check/known.h"

/*
 * Where KNOWN's value is published, as words for OUT ("in .env.example, line 4"); false where it is
 * not. A sample's or a default's text is compared in constant time.
 */
bool published_where(const struct check *check, const struct known *known, char *out, size_t cap);

/* The same of the project alone. */
bool published_by_project(const struct check *check, const struct known *known);

/* True where a sample, a URL's password there too, or a default has VALUE, whatever its name. */
bool published_under_any_name(const struct check *check, struct bulla_bytes value);

/*
 * True for a URL with a password that a compose file itself has for a server of the stack: it is as
 * public as that, which rule B405 tells, and services run with it.
 */
bool published_for_server(const struct check *check, struct bulla_bytes value);

#endif
