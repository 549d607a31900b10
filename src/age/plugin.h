/* Keys that another program holds (C2SP age-plugin.md, version 1); layer 2. */
#ifndef BULLA_AGE_PLUGIN_H
#define BULLA_AGE_PLUGIN_H

#include <sys/types.h>

#include "age/age_internal.h"

#define PLUGIN_MAX_NAME_BYTES 64
#define PLUGIN_MAX_KEY_CHARS ((size_t)16 * 1024) /* of a plugin's recipient or identity */
#define PLUGIN_MAX_MESSAGE_BYTES ((size_t)64 * 1024)
#define PLUGIN_MAX_MESSAGES 1000
#define PLUGIN_WAIT_MS 120000 /* for a touch, a password typed elsewhere */
#define PLUGIN_NOTICE_MS 5000

/*
 * The name in a recipient "age1NAME1…" or an identity "AGE-PLUGIN-NAME-1…", in lower case, into
 * RET_NAME. False where TEXT is neither, or the name could be a path.
 */
bool plugin_recipient_name(struct bulla_bytes text, char ret_name[PLUGIN_MAX_NAME_BYTES + 1]);
bool plugin_identity_name(struct bulla_bytes text, char ret_name[PLUGIN_MAX_NAME_BYTES + 1]);

/* What a wrapping plugin is given: a recipient, or an identity to encrypt to. */
struct plugin_key {
    char name[PLUGIN_MAX_NAME_BYTES + 1];
    bool is_identity;
    struct bulla_bytes text;
};

/*
 * Has the plugin of KEY wrap the file key of KEYS: appends its stanzas to OUT and its labels,
 * sorted, one blank between, to LABELS. BULLA_E_MISSING where the plugin is not in PATH,
 * BULLA_E_INVALID for what it says is wrong, BULLA_E_IO where it breaks off, says nonsense or
 * nothing.
 */
BULLA_MUST_CHECK bool plugin_wrap(const struct bulla_age_host *host, const struct plugin_key *key,
                                  struct age_keys *keys, struct bulla_buf *out,
                                  struct bulla_buf *labels, struct bulla_error *err);

/* Has it unwrap one of HEADER's stanzas into KEYS. As above, BULLA_E_IDENTITY for its errors. */
BULLA_MUST_CHECK bool plugin_unwrap(const struct bulla_age_host *host, const struct plugin_key *key,
                                    const struct age_header *header, struct age_keys *keys,
                                    bool *ret_opened, struct bulla_error *err);

/* A plugin that runs. */
struct plugin_peer {
    const struct bulla_age_host *host;
    const char *name; /* borrowed */
    pid_t pid;
    int to, from;
    struct bulla_buf in; /* secret; what came, the message read last at the front */
    size_t used;         /* bytes of that message */
    unsigned messages;
};

/* Starts it for STATE ("recipient-v1"). End it in every case. */
BULLA_MUST_CHECK bool plugin_start(struct plugin_peer *peer, const struct bulla_age_host *host,
                                   const char *name, const char *state, struct bulla_error *err);

/* Sends TEXT, whole stanzas. BULLA_E_IO where it does not take them in time. */
BULLA_MUST_CHECK bool plugin_send(struct plugin_peer *peer, struct bulla_bytes text,
                                  struct bulla_error *err);

/* The next message; its views are good until the next. BULLA_E_IO. */
BULLA_MUST_CHECK bool plugin_receive(struct plugin_peer *peer, struct age_stanza *ret_message,
                                     struct bulla_error *err);

/* Closes, waits a moment where IS_DONE, and ends it by force. */
void plugin_end(struct plugin_peer *peer, bool is_done);

/* One conversation, from what is told first to "done". */
struct plugin_talk {
    struct plugin_peer peer;
    const struct plugin_key *key;
    struct age_keys *keys;
    struct bulla_buf *stanzas; /* recipient-v1: where they go; NULL: identity-v1 */
    struct bulla_buf *labels;
    unsigned stanza_count;
    bool has_labels;
    bool opened; /* the file key has come */
    bool is_done;
};

/* Tells the peer of TALK, which runs, OPENING, then answers until it is done. */
BULLA_MUST_CHECK bool plugin_converse(struct plugin_talk *talk, struct bulla_bytes opening,
                                      struct bulla_error *err);

/* The bytes of the first message in TEXT, 0 where it is not there whole. */
size_t plugin_message_len(struct bulla_bytes text);

#endif
