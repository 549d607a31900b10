/* What a person can and could read: what `access` tells. */
#ifndef BULLA_CLI_ACCESS_H
#define BULLA_CLI_ACCESS_H

#include "workspace.h"

#define ACCESS_VERSIONS_BYTES 64

/* What somebody could ever read of one name. */
struct reading {
    size_t count;  /* versions that he could read */
    bool now;      /* the value in use is one of them */
    bool exposed;  /* … and he has no right to it any more, or the value is exposed otherwise */
    int64_t since; /* the first of them */
    char versions[ACCESS_VERSIONS_BYTES]; /* "1-3, 5"; the oldest are left out where there is no
                                             room */
};

struct reading access_reading(const struct bulla_vault *vault, const char *member,
                              const char *secret);

/*
 * The names that have a value, contested ones too; what the contract calls a setting is no secret,
 * also where it is sealed.
 */
struct access_count {
    size_t secrets, settings;
};
struct access_count access_count_values(const struct workspace *workspace);

/* And those whose value MEMBER could read. */
struct access_count access_count_readable(const struct workspace *workspace, const char *member);

/* True when PERSON may write, as role and key go. */
bool access_writes(const struct bulla_member_info *person);

/* One change of somebody's rights. */
struct access_word {
    enum bulla_member_role role; /* 0: removed */
    int64_t at;
    const char *by;
    const char *why; /* or NULL */
};

/* A walk over them, the first one first: begin with only MEMBER set. */
struct access_history {
    const char *member;
    const char *owner; /* so far */
    size_t next;
};

/* The next word on the member that counts; false behind the last one. */
bool access_next_word(const struct bulla_vault *vault, struct access_history *history,
                      struct access_word *ret_word);

/*
 * BULLA_E_REFUSED where nobody called MEMBER is or was in the vault at PATH; the hint has the
 * nearest name.
 */
BULLA_MUST_CHECK bool access_check_member(const struct bulla_vault *vault, const char *path,
                                          const char *member, struct bulla_error *err);

#endif
