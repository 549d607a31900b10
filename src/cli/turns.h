/* How what `rotate` turns is shown. */
#ifndef BULLA_CLI_TURNS_H
#define BULLA_CLI_TURNS_H

#include "bulla/rotate.h"
#include "output.h"

/* The table of PLAN, made at NOW: with DRY_RUN of what would be done. BULLA_E_NOMEM. */
BULLA_MUST_CHECK bool turns_write(const struct bulla_rotation *plan, int64_t now, bool dry_run,
                                  struct output *out, struct bulla_error *err);

/* One turn as an object. */
void turns_write_json(const struct bulla_turn *turn, struct json *json);

#endif
