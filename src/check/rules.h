/*
 * The rules of `check` by name; private to check/. Their texts are in one table per family:
 * rules_missing.c, rules_broken.c, rules_misread.c, rules_refused.c, rules_weak.c, rules_exposed.c,
 * rules_stale.c. A new rule gets its place in the enumeration, a row there with examples, and
 * nothing else: docs/rules.md, `bulla explain` and the tests of the examples are made from the row.
 */
#ifndef BULLA_CHECK_RULES_H
#define BULLA_CHECK_RULES_H

#include "bulla/check.h"

/* In the order of the ids. Each family begins where the one before it ends. */
enum rule {
    RULE_MISSING,
    RULE_REQUIRED_UNSET = RULE_MISSING,
    RULE_REQUIRED_EMPTY,
    RULE_BLANK,
    RULE_NO_VALUE,
    RULE_SECRET_SOURCE_UNSET,
    RULE_NOT_IN_CONTRACT,
    RULE_REQUIRED_ELSEWHERE,
    RULE_NOT_IN_SAMPLE,
    RULE_SECRET_FILE_MISSING,

    RULE_BROKEN,
    RULE_COLON_IN_MESSAGE = RULE_BROKEN,
    RULE_HASH_IN_MESSAGE,
    RULE_INVALID_REFERENCE,
    RULE_UNREADABLE,
    RULE_WRONG_SHAPE,
    RULE_RELATION,
    RULE_ENV_NOT_READ,
    RULE_CONTESTED,
    RULE_PROJECT_NOTE,
    RULE_NO_LOCAL_KEY,
    RULE_FOREIGN_ENV_FILE,

    RULE_MISREAD,
    RULE_OPERATOR = RULE_MISREAD,
    RULE_BRACES,
    RULE_DOLLAR,
    RULE_DUPLICATE,
    RULE_IN_KEY,
    RULE_QUOTE,

    RULE_REFUSED,
    RULE_LINES_DISAGREE = RULE_REFUSED,
    RULE_REFUSED_VALUE,
    RULE_REFUSED_PARTS,
    RULE_EMPTY_SECTION,

    RULE_WEAK,
    RULE_PLACEHOLDER = RULE_WEAK,
    RULE_GUESSABLE_DEFAULT,
    RULE_WARN_WHEN,
    RULE_PUBLISHED,
    RULE_SHORT,
    RULE_GUESSABLE,
    RULE_URL_UNSAFE,
    RULE_SHARED,
    RULE_SHARED_ENVIRONMENT,
    RULE_NOT_AS_STATED,

    RULE_IS_EXPOSED,
    RULE_FILE_MODE = RULE_IS_EXPOSED,
    RULE_FILE_TRACKED,
    RULE_FILE_NOT_IGNORED,
    RULE_EXPOSED,
    RULE_LITERAL_SECRET,
    RULE_SECRET_IN_COMMAND,
    RULE_SECRET_IN_LABEL,
    RULE_SECRET_IN_IMAGE,
    RULE_SECRET_AS_BUILD_ARG,
    RULE_BUILD_ARG_NOT_PASSED,
    RULE_OWNER_IGNORED,
    RULE_READ_ONLY_SECRET,
    RULE_EXTERNAL_WITHOUT_SWARM,
    RULE_SECRET_COPIED,
    RULE_ENV_FILE_TOO_WIDE,
    RULE_KEY_FILE,

    RULE_STALE,
    RULE_OVERDUE = RULE_STALE,
    RULE_CERTIFICATE_ENDS,
    RULE_RENDERED_OLD,
    RULE_UNUSED_IN_CONTRACT,
    RULE_UNUSED_IN_SAMPLE,
    RULE_NEVER_INJECTED,
    RULE_SHADOWED,
    RULE_BUILD_ARG_NOT_DECLARED,
    RULE_IGNORE_UNUSED,
    RULE_IGNORE_UNCLEAR,

    RULE_COUNT
};

/* One row a rule, indexed from the first of its family. */
extern const struct bulla_rule rules_missing[RULE_BROKEN - RULE_MISSING];
extern const struct bulla_rule rules_broken[RULE_MISREAD - RULE_BROKEN];
extern const struct bulla_rule rules_misread[RULE_REFUSED - RULE_MISREAD];
extern const struct bulla_rule rules_refused[RULE_WEAK - RULE_REFUSED];
extern const struct bulla_rule rules_weak[RULE_IS_EXPOSED - RULE_WEAK];
extern const struct bulla_rule rules_exposed[RULE_STALE - RULE_IS_EXPOSED];
extern const struct bulla_rule rules_stale[RULE_COUNT - RULE_STALE];

#endif
