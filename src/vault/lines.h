/* lines.c: from the text to records, and how messages name one. */
#ifndef BULLA_VAULT_LINES_H
#define BULLA_VAULT_LINES_H

#include "vault/vault_internal.h"

/* True of a line that git puts around the sides of a conflict. */
bool vault_is_marker(struct bulla_bytes line);
/* True of a first line. */
bool vault_is_header(struct bulla_bytes line);
/* The first line, without its LF. */
struct bulla_bytes vault_header_line(const struct bulla_vault *vault);
/* Any other line, NUMBER of the file. */
bool vault_read_line(struct bulla_vault *vault, struct bulla_bytes line, uint32_t number,
                     struct bulla_error *err);
bool vault_read_text(struct bulla_vault *vault, const char *environment, struct bulla_error *err);
bool vault_add_line(struct bulla_vault *vault, struct bulla_bytes line, uint32_t number,
                    uint32_t *ret_record, struct bulla_error *err);
bool vault_set_header(struct bulla_vault *vault, struct bulla_bytes line, const char *environment,
                      struct bulla_error *err);

/* Room for a record's name in a message. */
struct label {
    char text[256];
};
/* "set DB_PASSWORD v=2 by bob (45DQrCFi)" */
struct label record_label(const struct record *record);
/* Fills ERR with BULLA_E_VERIFY at RECORD's line. */
bool vault_refuse(const struct bulla_vault *vault, const struct record *record,
                  struct bulla_error *err, const char *fmt, ...) BULLA_PRINTF(4, 5);

#endif
