/* What the files of src/render/ share. */
#ifndef BULLA_RENDER_INTERNAL_H
#define BULLA_RENDER_INTERNAL_H

#include "bulla/render.h"

/* Fails where a variable's value is sealed, contested or missing. */
BULLA_MUST_CHECK bool render_check_complete(const struct bulla_values *values,
                                            struct bulla_error *err);

/*
 * template.c: writes TEXT, which ends in an LF and was parsed into TEMPLATE, around the values,
 * then the names that it lacks.
 */
BULLA_MUST_CHECK bool render_template(const struct bulla_values *values,
                                      const struct bulla_dotenv *template, struct bulla_bytes text,
                                      enum bulla_env_format format, struct bulla_buf *out,
                                      struct bulla_error *err);

/*
 * True where a line of the template stays as it is: its name is unknown (ROW is NULL), or it has no
 * value and the line gives it none.
 */
bool render_keeps(const struct bulla_dotenv_entry *entry, const struct bulla_value *row);

/*
 * verify.c: reads TEXT as its consumer would: it has to hold every value, byte for byte, and the
 * names of TEMPLATE (NULL: none) in their order. BULLA_E_BUG where it does not.
 */
BULLA_MUST_CHECK bool render_verify(const struct bulla_values *values,
                                    const struct bulla_dotenv *template,
                                    enum bulla_env_format format, struct bulla_bytes text,
                                    struct bulla_error *err);

/*
 * Says that every name is set: what an env file refers to in the process environment is not known
 * here, and must not keep it from being read.
 */
enum bulla_lookup_state render_lookup_all(void *ctx, struct bulla_bytes name,
                                          struct bulla_bytes *ret_value);

#endif
