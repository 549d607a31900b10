/* `bulla access --format json`. */
#ifndef BULLA_CLI_ACCESS_JSON_H
#define BULLA_CLI_ACCESS_JSON_H

#include "access.h"
#include "output.h"
#include "workspace.h"

/* One environment's object. SECRET and MEMBER may be NULL: see docs/json.md. */
void access_write_json(struct json *json, const struct workspace *ws, const char *secret,
                       const char *member);

#endif
