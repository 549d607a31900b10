#include "new_identity.h"

#include <string.h>

#include "bulla/file.h"
#include "key_place.h"
#include "message.h"
#include "reveal.h"

void new_identity_init(struct new_identity *identity)
{
    bulla_buf_init_secret(&identity->text, BULLA_MAX_IDENTITY_BYTES);
}

void new_identity_release(struct new_identity *identity)
{
    bulla_buf_release(&identity->text);
}

bool new_identity_make(struct new_identity *identity, int64_t now,
                       struct bulla_member_request *ret_keys, struct bulla_error *err)
{
    if (!bulla_identity_new(now, &identity->text, NULL, err)) {
        return false;
    }
    bulla_auto_identities made =
        bulla_identities_parse(bulla_buf_view(&identity->text), "the new identity", err);
    if (made == NULL) {
        return false;
    }
    const char *recipient = bulla_identities_recipient(made, 0);
    memcpy(ret_keys->recipient, recipient, strlen(recipient) + 1);
    bulla_vault_sign_key(made, 0, ret_keys->sign);
    return true;
}

bool new_identity_add_root(struct new_identity *identity, const char *path, const char *root,
                           struct bulla_error *err)
{
    bulla_buf_printf(&identity->text, "# %s\n# bulla-root %s\n", path, root);
    return bulla_buf_ok(&identity->text, err);
}

bool new_identity_hand_out(struct new_identity *identity, const struct invocation *in,
                           const char *out, struct bulla_error *err)
{
    if (out == NULL) {
        return reveal_write(in, bulla_buf_view(&identity->text), err);
    }
    if (!bulla_file_create(out, 0600, bulla_buf_view(&identity->text), err)) {
        return false;
    }
    message_note(in, "identity written to %s; it is needed there and nowhere else", out);
    return key_place_warn(in, out, err);
}
