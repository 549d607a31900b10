/* The keys that each kind of section knows. */
#ifndef BULLA_CONTRACT_KEYS_H
#define BULLA_CONTRACT_KEYS_H

#include "contract/reader.h"

enum key {
    KEY_FORMAT, /* [bulla] */
    KEY_PROJECT,
    KEY_ENVIRONMENTS,
    KEY_DEFAULT_ENVIRONMENT,
    KEY_PROJECT_ROTATE,
    KEY_KEEP,
    KEY_IGNORE, /* [check] */
    KEY_SEVERITY,
    KEY_EXPOSED_GRACE,
    KEY_COMPOSE, /* [environment NAME] */
    KEY_PROFILES,
    KEY_PROJECT_DIRECTORY,
    KEY_TEMPLATE,
    KEY_OUTPUT,
    KEY_OUTPUT_FORMAT,
    KEY_PROTECTED,
    KEY_DRIVER, /* [apply NAME] */
    KEY_THROUGH,
    KEY_USER,
    KEY_ADMIN_USER,
    KEY_ADMIN,
    KEY_STRATEGY,
    KEY_USERS,
    KEY_HOST,
    KEY_PORT,
    KEY_TLS,
    KEY_CA,
    KEY_HOOK,
    KEY_TIMEOUT,
    KEY_KIND, /* a variable */
    KEY_VALUE,
    KEY_DEFAULT,
    KEY_TYPE,
    KEY_MATCH,
    KEY_ONE_OF,
    KEY_RANGE,
    KEY_MIN_LENGTH,
    KEY_MAX_LENGTH,
    KEY_MIN_ENTROPY,
    KEY_DIFFERS,
    KEY_SAME_AS,
    KEY_REQUIRES,
    KEY_OPTIONAL,
    KEY_WARN_WHEN,
    KEY_ROTATE,
    KEY_APPLY,
    KEY_KEEP_PREVIOUS,
    KEY_PREVIOUS_AS,
    KEY_GROUP,
    KEY_RESTART,
    KEY_NOTE,
    KEY_OWNER,
    KEY_OBTAIN,
    KEY_EXTENSION /* x-… anywhere */
};

/* True for the keys of variables and [apply]: the sections where a swallowed key would hurt. */
bool keys_are_known(struct bulla_bytes word);

/* Key INDEX of the tables of all sections, NULL behind the last one: for the manual's test. */
const char *keys_word(size_t index);

/*
 * Sets entry->id of every entry of SECTION. BULLA_E_INVALID at the first key that the section does
 * not know (the hint has the nearest one), that cannot differ by environment, or that needs a
 * value and has none.
 */
BULLA_MUST_CHECK bool keys_resolve(struct ini_section *section, const char *file,
                                   struct bulla_error *err);

#endif
