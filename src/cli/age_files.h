/* Where an age command reads and writes: standard input and output, or named files. */
#ifndef BULLA_CLI_AGE_FILES_H
#define BULLA_CLI_AGE_FILES_H

#include "bulla/age.h"
#include "bulla/file.h"
#include "command.h"

struct age_files {
    struct bulla_age_place in;
    struct bulla_age_place out;
    bool is_terminal; /* of out */
    int owned_in;     /* -1: not ours to close */
    int owned_out;
    struct bulla_replacement replacement; /* a regular file appears whole or not at all */
};

/*
 * Opens INPUT and OUTPUT (NULL or "-" for the standard ones); a regular OUTPUT gets MODE and is in
 * its place after age_files_finish only. BULLA_E_MISSING, BULLA_E_IO. Release it in every case.
 */
BULLA_MUST_CHECK bool age_files_open(struct age_files *files, const struct invocation *in,
                                     const char *input, const char *output, mode_t mode,
                                     struct bulla_error *err);
BULLA_MUST_CHECK bool age_files_finish(struct age_files *files, struct bulla_error *err);
void age_files_release(struct age_files *files);

/*
 * Appends the passphrase from FILE or descriptor FD to PASSPHRASE, a secret buffer for
 * BULLA_MAX_VALUE_BYTES and 2 more, one line end dropped; *RET_GIVEN is false where neither is
 * there (NULL, -1). BULLA_E_USAGE for both.
 */
BULLA_MUST_CHECK bool age_read_passphrase(const struct invocation *in, const char *file, long fd,
                                          struct bulla_buf *passphrase, bool *ret_given,
                                          struct bulla_error *err);

#endif
