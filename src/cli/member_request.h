/* Whom `recipient add` adds: a name and keys, or the line that somebody sent. */
#ifndef BULLA_CLI_MEMBER_REQUEST_H
#define BULLA_CLI_MEMBER_REQUEST_H

#include "bulla/vault.h"
#include "command.h"

/*
 * Reads the operands into RET: a name; a name and keys; or a request, which has both. Without keys
 * its recipient is "", and with IS_NEW, where they are made here, none may be given. BULLA_E_USAGE,
 * and BULLA_E_INVALID for keys that are none.
 */
BULLA_MUST_CHECK bool member_request_read(const struct invocation *in, bool is_new,
                                          struct bulla_member_request *ret,
                                          struct bulla_error *err);

#endif
