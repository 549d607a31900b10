#include "member_request.h"

#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"

#define REQUEST_WORD "bulla-request"
#define MAX_REQUEST_BYTES ((size_t)4096)

/* What stands in the place of the name where that was forgotten. */
static bool looks_like_keys(const char *word)
{
    struct bulla_bytes bytes = bulla_bytes_of(word);
    return bulla_bytes_start(bytes, "age1") || bulla_bytes_start(bytes, "ssh-");
}

/* The recipient as it is kept and compared: an ssh key comes with a comment. */
static bool keep_recipient(struct bulla_member_request *keys, struct bulla_buf *text,
                           struct bulla_error *err)
{
    const char *words = bulla_buf_text(text, err);
    bulla_auto_str kept = words == NULL ? NULL : bulla_recipient_text(words, err);
    if (kept == NULL) {
        return false;
    }
    if (strlen(kept) > BULLA_MAX_RECIPIENT_CHARS) {
        return bulla_error(err, BULLA_E_INVALID, "a recipient is not that long");
    }
    memcpy(keys->recipient, kept, strlen(kept) + 1);
    return true;
}

bool member_request_read(const struct invocation *in, bool is_new,
                         struct bulla_member_request *keys, struct bulla_error *err)
{
    /* The line as one word or as many. */
    bool is_request = strcmp(in->operands[0], REQUEST_WORD) == 0 ||
                      bulla_bytes_start(bulla_bytes_of(in->operands[0]), REQUEST_WORD " ");
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_REQUEST_BYTES);
    for (size_t i = is_request ? 0 : 1; i < in->operand_count; i++) {
        bulla_buf_puts(&text, text.len > 0 ? " " : "");
        bulla_buf_puts(&text, in->operands[i]);
    }
    if (!bulla_buf_ok(&text, err)) {
        return false;
    }
    struct bulla_bytes words = bulla_buf_view(&text);
    if (is_new && words.len > 0) {
        return bulla_error(err, BULLA_E_USAGE, "--new makes the keys: none can be given");
    }
    if (is_request || bulla_bytes_start(words, REQUEST_WORD)) {
        if (!bulla_member_request_parse(words, keys, err)) {
            return false;
        }
    } else if (words.len > 0 && !keep_recipient(keys, &text, err)) {
        if (err->hint[0] == '\0') {
            (void)bulla_error_hint(err,
                                   "ask him for the line that 'bulla recipient request' prints");
        }
        return false;
    }
    if (!is_request) {
        const char *name = in->operands[0];
        if (looks_like_keys(name)) {
            (void)bulla_error(err, BULLA_E_USAGE,
                              "whose keys are these? the member's name is missing");
            return bulla_error_hint(err, "bulla recipient add bob %.12s…", name);
        }
        if (strlen(name) > BULLA_MAX_MEMBER_BYTES) {
            return bulla_error(err, BULLA_E_USAGE, "'%.40s' is too long for a member's name", name);
        }
        (void)snprintf(keys->name, sizeof keys->name, "%s", name);
    }
    return true;
}
