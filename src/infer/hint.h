/* Reading instructions and stated lengths out of prose; private to infer/. */
#ifndef BULLA_INFER_HINT_H
#define BULLA_INFER_HINT_H

#include "bulla/bytes.h"

#define INFER_KIND_MAX 48

/*
 * A command in TEXT that makes a value ("openssl rand -hex 32", "token_urlsafe(48)", "uuidgen") as
 * the kind that does the same. False where there is none.
 */
bool infer_read_command(struct bulla_bytes text, char ret_kind[static INFER_KIND_MAX]);

/* True where TEXT names a command for a key pair or certificate, which no kind of ours makes. */
bool infer_names_key_pair(struct bulla_bytes text);

/*
 * A stated shape or length ("64-character hex", "at least 32 characters", "UUIDv4") as a kind that
 * satisfies it. False where there is none.
 */
bool infer_read_constraint(struct bulla_bytes text, char ret_kind[static INFER_KIND_MAX]);

/* True where TEXT says that a value may be left out: "can be left empty". */
bool infer_says_optional(struct bulla_bytes text);

/*
 * The first link in TEXT to a place where an outside party hands out the value of NAME: its host
 * has a word of NAME, or its path speaks of keys. A part of TEXT; false where there is none.
 */
bool infer_read_link(struct bulla_bytes text, const char *name, struct bulla_bytes *ret_link);

#endif
