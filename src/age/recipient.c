#include "age/recipient.h"

#include <string.h>

#include "age/key_text.h"
#include "bulla/mem.h"

#include "base/banned.h"

/* "age1NAME1…": a plugin's; no X25519 key has a second "1". */
static bool parse_plugin(struct bulla_bytes text, struct recipient *recipient,
                         struct bulla_error *err)
{
    recipient->kind = RECIPIENT_PLUGIN;
    if (!plugin_recipient_name(text, recipient->plugin)) {
        return bulla_error(err, BULLA_E_INVALID, "no plugin of age has such a name");
    }
    const char *fault = key_text_fault(text);
    return fault == NULL || bulla_error(err, BULLA_E_INVALID, "the recipient %s", fault);
}

/* The kinds whose keys are long. */
static const struct {
    enum recipient_kind kind;
    const char *prefix;
    size_t key_bytes;
    bool is_pq;
} long_kinds[] = {
    {RECIPIENT_PQ, PQ_RECIPIENT_PREFIX, PQ_KEY_BYTES, true},
    {RECIPIENT_TAG, TAG_RECIPIENT_PREFIX, TAG_KEY_BYTES, false},
    {RECIPIENT_PQ_TAG, PQ_TAG_RECIPIENT_PREFIX, PQ_TAG_KEY_BYTES, true},
};

/* False where TEXT is none of them; else *RET_OK and, of a failure, ERR. */
static bool parse_long(struct bulla_bytes text, struct recipient *recipient, bool *ret_ok,
                       struct bulla_error *err)
{
    for (size_t i = 0; i < sizeof long_kinds / sizeof *long_kinds; i++) {
        size_t len = strlen(long_kinds[i].prefix);
        if (!key_text_starts(text, long_kinds[i].prefix) || text.len <= len ||
            text.data[len] != '1') {
            continue;
        }
        recipient->kind = long_kinds[i].kind;
        recipient->wire = bulla_alloc(long_kinds[i].key_bytes, 1, err);
        *ret_ok = recipient->wire != NULL;
        const char *fault = *ret_ok ? key_text_decode(text, long_kinds[i].prefix, recipient->wire,
                                                      long_kinds[i].key_bytes)
                                    : NULL;
        if (fault != NULL) {
            *ret_ok = bulla_error(err, BULLA_E_INVALID, "the recipient %s", fault);
        }
        *ret_ok = *ret_ok && (!long_kinds[i].is_pq || mlkem_require(err));
        return true;
    }
    return false;
}

static bool parse_age1(const char *text, struct recipient *recipient, struct bulla_error *err)
{
    struct bulla_bytes bytes = bulla_bytes_of(text);
    bool ok = false;
    if (parse_long(bytes, recipient, &ok, err)) {
        return ok;
    }
    if (strchr(text + 4, '1') != NULL) {
        return parse_plugin(bytes, recipient, err);
    }
    recipient->kind = RECIPIENT_X25519;
    const char *fault =
        key_text_decode(bytes, AGE_RECIPIENT_PREFIX, recipient->key, sizeof recipient->key);
    return fault == NULL || bulla_error(err, BULLA_E_INVALID, "the recipient %s", fault);
}

static bool parse_ssh(struct bulla_bytes line, struct recipient *recipient, bool *ret_skipped,
                      struct bulla_error *err)
{
    const char *fault = NULL;
    recipient->kind = RECIPIENT_SSH;
    switch (ssh_parse_line(line, &recipient->wire, &recipient->ssh, &fault, err)) {
    case SSH_PARSED:
        recipient->text = ssh_recipient(&recipient->ssh, err);
        return recipient->text != NULL;
    case SSH_UNSUPPORTED:
        *ret_skipped = true;
        return bulla_error(err, BULLA_E_INVALID,
                           "an ssh key that age cannot encrypt to: ssh-ed25519 and ssh-rsa can");
    case SSH_BROKEN:
        return bulla_error(err, BULLA_E_INVALID, "the ssh key %s", fault);
    case SSH_NO_MEMORY:
        return false;
    case SSH_NOT_A_KEY:
        break;
    }
    return bulla_error(err, BULLA_E_INVALID, "a recipient begins with 'age1' or 'ssh-'");
}

static bool parse(const char *text, struct recipient *recipient, bool *ret_skipped,
                  struct bulla_error *err)
{
    struct bulla_bytes bytes = bulla_bytes_of(text);
    if (key_text_starts(bytes, "age-secret-key-")) {
        (void)bulla_error(err, BULLA_E_INVALID,
                          "a secret key (AGE-SECRET-KEY-…) stands where a recipient belongs");
        return bulla_error_hint(err, "give its public key, age1…, and treat the key as exposed");
    }
    if (key_text_starts(bytes, "age-plugin-")) {
        return bulla_error(err, BULLA_E_INVALID,
                           "a plugin's identity stands where a recipient belongs");
    }
    if (!key_text_starts(bytes, "age1")) {
        return parse_ssh(bytes, recipient, ret_skipped, err);
    }
    if (!parse_age1(text, recipient, err)) {
        return false;
    }
    recipient->text = bulla_strdup(text, err);
    return recipient->text != NULL;
}

bool recipient_parse_line(const char *text, struct recipient *ret_recipient, bool *ret_skipped,
                          struct bulla_error *err)
{
    *ret_recipient = (struct recipient){0};
    *ret_skipped = false;
    return parse(text, ret_recipient, ret_skipped, err);
}

bool recipient_parse(const char *text, struct recipient *ret_recipient, struct bulla_error *err)
{
    bool skipped = false;
    return recipient_parse_line(text, ret_recipient, &skipped, err);
}

void recipient_release(struct recipient *recipient)
{
    bulla_free(recipient->text);
    bulla_free(recipient->wire);
    bulla_secret_free(recipient->secret);
    *recipient = (struct recipient){0};
}

static bool wrap_plugin(const struct bulla_age_host *host, const struct recipient *recipient,
                        struct age_keys *keys, struct bulla_buf *out, struct bulla_buf *labels,
                        struct bulla_error *err)
{
    struct plugin_key key = {.is_identity = recipient->secret != NULL};
    memcpy(key.name, recipient->plugin, sizeof key.name);
    key.text =
        key.is_identity ? bulla_secret_view(recipient->secret) : bulla_bytes_of(recipient->text);
    return plugin_wrap(host, &key, keys, out, labels, err);
}

bool recipient_wrap(const struct bulla_age_host *host, const struct recipient *recipient,
                    struct age_keys *keys, struct bulla_buf *out, struct bulla_buf *labels,
                    struct bulla_error *err)
{
    switch (recipient->kind) {
    case RECIPIENT_X25519:
        return x25519_wrap(keys, recipient->key, out, err);
    case RECIPIENT_PQ:
        bulla_buf_puts(labels, PQ_LABEL);
        return pq_wrap(keys, recipient->wire, out, err);
    case RECIPIENT_TAG:
        return tag_wrap(keys, recipient->wire, out, err);
    case RECIPIENT_PQ_TAG:
        bulla_buf_puts(labels, PQ_LABEL);
        return pq_tag_wrap(keys, recipient->wire, out, err);
    case RECIPIENT_SSH:
        return ssh_wrap(keys, &recipient->ssh, out, err);
    case RECIPIENT_PLUGIN:
        return wrap_plugin(host, recipient, keys, out, labels, err);
    case RECIPIENT_PASSPHRASE:
        break;
    }
    return scrypt_wrap(keys, bulla_secret_view(recipient->secret), recipient->work_factor, out,
                       err);
}

char *bulla_recipient_text(const char *text, struct bulla_error *err)
{
    struct recipient recipient;
    char *kept = recipient_parse(text, &recipient, err) ? BULLA_STEAL(recipient.text) : NULL;
    recipient_release(&recipient);
    return kept;
}

bool bulla_recipient_check(const char *text, struct bulla_error *err)
{
    bulla_auto_str kept = bulla_recipient_text(text, err);
    return kept != NULL;
}
