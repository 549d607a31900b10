/* A record of a vault in words: what `log` and the differences of git show. */
#ifndef BULLA_CLI_RECORD_WORDS_H
#define BULLA_CLI_RECORD_WORDS_H

#include "bulla/vault.h"
#include "output.h"

#define RECORD_DETAIL_BYTES 4200 /* META's limit, and a few words */

/* "set", "pending", "unset", "retired", "member", …: one or two words. Borrowed. */
const char *record_verb(const struct bulla_record_info *record);

enum style record_style(const struct bulla_record_info *record);

/*
 * What else there is to say: the reason that was given, the role, the key, that it does not count.
 * In OUT; returns it, or NULL where there is nothing.
 */
const char *record_detail(const struct bulla_record_info *record,
                          char out[static RECORD_DETAIL_BYTES]);

/* True of a set, del or mark; of what is about a member; and of what changes his rights. */
bool record_is_about_secret(const struct bulla_record_info *record);
bool record_is_about_person(const struct bulla_record_info *record);
bool record_is_membership(const struct bulla_record_info *record);

#endif
