/* The names of an env file that a write keeps or drops though nothing here sets them: `render`. */
#ifndef BULLA_CLI_KEPT_H
#define BULLA_CLI_KEPT_H

#include "left_over.h"

struct kept {
    struct bulla_buf unknown; /* kept: the contract lacks them */
    struct bulla_buf unset;   /* kept: the contract has them, and nothing gives them a value */
    struct bulla_buf gone;    /* dropped: the vault knows them */
    struct left_over left;    /* not kept: another environment has them */
    bool is_left_gone;        /* some of these were dropped */
};

/* An empty list; release it in every case. */
void kept_init(struct kept *kept);
void kept_release(struct kept *kept);

/* Takes NAME in; as a bulla_render_options.kept, the context is a struct kept. Never fails. */
bool kept_note(void *kept, const char *name, bool known, struct bulla_error *err);
void kept_note_gone(struct kept *kept, const char *name);

/* Warns of them, the file being PATH. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool kept_say(struct kept *kept, const struct workspace *ws, const char *path,
                               struct bulla_error *err);

#endif
