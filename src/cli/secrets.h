/* What the commands for single secrets share: names, versions, and whom a change concerns. */
#ifndef BULLA_CLI_SECRETS_H
#define BULLA_CLI_SECRETS_H

#include "workspace.h"

/* "NAME" or "NAME@5" from the command line. */
struct secret_operand {
    char name[BULLA_MAX_NAME_BYTES + 1];
    uint32_t version; /* 0: the current one */
};

/* BULLA_E_USAGE for what is no name or no version. */
BULLA_MUST_CHECK bool secrets_parse_operand(const char *text, struct secret_operand *ret,
                                            struct bulla_error *err);

/* The contract's variable NAME as the environment has it; false where it has none. */
BULLA_MUST_CHECK bool secrets_find_variable(const struct workspace *ws, const char *name,
                                            struct bulla_variable *ret_variable);

/*
 * BULLA_E_REFUSED: neither the contract nor the vault (where it is open) has NAME; the hint has the
 * nearest name. Returns false.
 */
bool secrets_refuse_unknown(const struct workspace *ws, const char *name, struct bulla_error *err);

/* "hex:32", "provided", …: the kind as the contract writes it. Borrowed. */
const char *secrets_kind(const struct bulla_variable *variable);

/* Version NUMBER of NAME, or the newest one for 0; false where there is none. */
BULLA_MUST_CHECK bool secrets_find_version(const struct bulla_vault *vault, const char *name,
                                           uint32_t number, struct bulla_version_info *ret_info);

/*
 * Says which services use NAMES (COUNT of them) or what is derived from them: they have to be
 * recreated. Quiet where no compose project loads. BULLA_E_NOMEM, and what resolving gives.
 */
BULLA_MUST_CHECK bool secrets_tell_services(const struct workspace *ws, const char *const *names,
                                            size_t count, struct bulla_error *err);

#endif
