/* What the commands for single secrets share: names, versions, and whom a change concerns. */
#ifndef BULLA_CLI_SECRETS_H
#define BULLA_CLI_SECRETS_H

#include "workspace.h"

/* "NAME", "NAME@5" or "NAME@V3rs1oNiD" from the command line. */
struct secret_operand {
    char name[BULLA_MAX_NAME_BYTES + 1];
    const char *version; /* what stands behind the @, borrowed; NULL: the current one */
};

/* BULLA_E_USAGE for what is no name or no version. */
BULLA_MUST_CHECK bool secrets_parse_operand(const char *text, struct secret_operand *ret,
                                            struct bulla_error *err);

/* BULLA_E_USAGE where TEXT is neither a version's number nor the beginning of an id. */
BULLA_MUST_CHECK bool secrets_check_version(const char *name, const char *text,
                                            struct bulla_error *err);

/*
 * The version of NAME that TEXT means: a number that only one has which counts, or the beginning of
 * an id. BULLA_E_REFUSED for none or several.
 */
BULLA_MUST_CHECK bool secrets_choose_version(const struct bulla_vault *vault, const char *name,
                                             const char *text,
                                             struct bulla_version_info *ret_version,
                                             struct bulla_error *err);

/* The contract's variable NAME as the environment has it; false where it has none. */
BULLA_MUST_CHECK bool secrets_find_variable(const struct workspace *ws, const char *name,
                                            struct bulla_variable *ret_variable);

/* True where TEXT has the form of a variable's name. */
bool secrets_is_name(const char *text);

/*
 * BULLA_E_REFUSED: neither the contract nor the vault (where it is open) has NAME; the hint has the
 * nearest name. What is no name at all is not repeated: it may be a value. Returns false.
 */
bool secrets_refuse_unknown(const struct workspace *ws, const char *name, struct bulla_error *err);

/* True where the contract or the vault has NAME, else as secrets_refuse_unknown. */
BULLA_MUST_CHECK bool secrets_check_known(const struct workspace *ws, const char *name,
                                          struct bulla_error *err);

/* NAME in the vault. BULLA_E_REFUSED where it has no versions there, or nobody knows it. */
BULLA_MUST_CHECK bool secrets_find_stored(const struct workspace *ws, const char *name,
                                          struct bulla_secret_info *ret_stored,
                                          struct bulla_error *err);

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

/*
 * Who wrote a newest record of NAME without the right to, which is why it is contested; NULL where
 * it is not, or branches disagree. Borrowed from the vault.
 */
const char *secrets_usurper(const struct workspace *ws, const char *name);

#endif
