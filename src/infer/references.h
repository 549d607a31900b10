/* What the compose files say of a name; private to infer/. */
#ifndef BULLA_INFER_REFERENCES_H
#define BULLA_INFER_REFERENCES_H

#include "infer/survey_internal.h"

#define REFERENCES_MAX_MESSAGES 8
#define REFERENCES_MAX_KEYS 16

/* Fills EVIDENCE and MESSAGES with what the compose files of all environments say of its name. */
bool references_read(struct bulla_survey *survey, struct bulla_evidence *evidence,
                     const char **messages, struct bulla_error *err);

/*
 * The variables of services whose whole value is NAME: "SMTP_PASSWORD" of `SMTP_PASSWORD: ${NAME}`.
 * KEYS, NULL-terminated, borrows from the projects; of more than it holds the rest is left out.
 */
void references_find_keys(const struct bulla_survey *survey, const char *name,
                          const char *keys[static REFERENCES_MAX_KEYS + 1]);

/* True where a service of ENVIRONMENT reads a file whole that is called as the rendered one. */
bool references_read_rendered(const struct bulla_survey_environment *environment);

/* *RET_TEXT is the first default that a compose file gives NAME; untouched: none. */
bool references_find_default(struct bulla_survey *survey, const char *name, const char **ret_text,
                             struct bulla_error *err);

/* True where TEXT is one reference to NAME and nothing else: "${NAME}", "${NAME:-x}", "$NAME". */
bool references_are_whole(const char *text, const char *name);

/* The variable that ENTRY of SERVICE's server hands it for its first password; NULL for none. */
const char *references_find_first_password(const struct bulla_survey *survey,
                                           const struct bulla_project_service *service,
                                           const struct bulla_project_env *entry);

/* The first variable that the server in SERVICE takes its password from, as its image reads it;
 * NULL. */
const char *references_find_password(const struct bulla_survey *survey,
                                     const struct bulla_project_service *service);

/* True where a server of the stack takes NAME for its password, as its image reads it. */
bool references_are_password(const struct bulla_survey *survey, const char *name);

/* True where a compose file itself has PASSWORD for that of a server of the stack. */
bool references_have_literal_password(const struct bulla_survey *survey,
                                      struct bulla_bytes password);

/* True where a server of the stack, known by its image, is given NAME. */
bool references_are_for_server(const struct bulla_survey *survey, const char *name);

/* True where a compose file of ENVIRONMENT (its index) names NAME. */
bool references_use(const struct bulla_survey *survey, const char *name, size_t environment);

#endif
