/* What the files of src/render/ share. */
#ifndef BULLA_RENDER_INTERNAL_H
#define BULLA_RENDER_INTERNAL_H

#include "bulla/render.h"

/* The lines that are written around the values, and the file that is replaced. */
struct layout {
    const struct bulla_values *values;
    const struct bulla_render_options *options;
    struct bulla_bytes text;            /* the template's, else the old file's; ends in an LF */
    const struct bulla_dotenv *entries; /* of it; NULL: there is neither */
    struct bulla_bytes old_text;
    const struct bulla_dotenv *old; /* of the old file; ENTRIES themselves without a template */
};

/* What becomes of a line of the layout. */
enum render_fate {
    RENDER_STAYS,
    RENDER_VALUE, /* gets its value */
    RENDER_OLD,   /* becomes what the old file has under its name */
    RENDER_UNSET  /* becomes a comment that its name is not set */
};

/* layout.c: what becomes of the line ENTRY of the layout; ROW is its name's, NULL if unknown. */
enum render_fate render_fate(const struct layout *layout, const struct bulla_dotenv_entry *entry,
                             const struct bulla_value *row);

/* The line of the old file under NAME that must not be lost, NULL: there is none. */
const struct bulla_dotenv_entry *render_old_line(const struct layout *layout,
                                                 struct bulla_bytes name,
                                                 const struct bulla_value *row);

/* Calls options->kept with the names that keep what the old file has under them. */
BULLA_MUST_CHECK bool render_tell_kept(const struct layout *layout, struct bulla_error *err);

/*
 * compare.c: false for a line without "=" that need not be a name: it may be a part of a value, a
 * line of an unquoted PEM, and must not be shown.
 */
bool render_is_sayable(const struct bulla_dotenv_entry *entry);

/* lost.c: takes out what VALUES have or had, or may have had. */
BULLA_MUST_CHECK bool lost_leave(struct bulla_lost *lost, const struct bulla_values *values,
                                 struct bulla_error *err);

/* written.c: an assignment to a name in a notation that is not read back; all borrowed. */
struct written {
    struct bulla_bytes rest;  /* from the name to the end of the file */
    struct bulla_bytes value; /* what stands behind it on its line, in its notation */
    struct bulla_pos pos;
    size_t next; /* where the line behind it begins */
};

/* Goes on from *AT, {0} at first, to the next of TEXT's assignments to NAME; false: none. */
bool written_next(struct bulla_bytes text, const char *name, struct written *at);

/* The last one, which a shell takes. False where TEXT does not assign to NAME. */
bool written_find(struct bulla_bytes text, const char *name, struct written *ret);

/* As bulla_values_held of what WRITTEN gives NAME, in whatever notation. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool written_held(const struct bulla_values *values, const struct written *written,
                                   const char *name, enum bulla_held *ret_held,
                                   struct bulla_error *err);

/*
 * *RET_IS where WRITTEN is a line of a value of TEXT that is held: a script, the lines of another
 * env file. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool written_is_inside(const struct bulla_values *values, struct bulla_bytes text,
                                        const struct written *written, bool *ret_is,
                                        struct bulla_error *err);

/* template.c: writes the layout around the values, then the names that it lacks. */
BULLA_MUST_CHECK bool render_template(const struct layout *layout, struct bulla_buf *out,
                                      struct bulla_error *err);

/*
 * verify.c: reads TEXT as its consumer would: it has to hold every value, byte for byte, and the
 * names of the layout in their order. BULLA_E_BUG where it does not.
 */
BULLA_MUST_CHECK bool render_verify(const struct layout *layout, struct bulla_bytes text,
                                    struct bulla_error *err);

/*
 * Says that every name is set: what an env file refers to in the process environment is not known
 * here, and must not keep it from being read.
 */
enum bulla_lookup_state render_lookup_all(void *ctx, struct bulla_bytes name,
                                          struct bulla_bytes *ret_value);

#endif
