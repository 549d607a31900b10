/* Lists of recipients, and the files that hold them. */
#include <string.h>

#include "age/identity.h"
#include "age/key_text.h"
#include "age/recipient.h"
#include "base/utf8.h"
#include "bulla/limits.h"
#include "bulla/mem.h"

#include "base/banned.h"

struct bulla_recipients *bulla_recipients_new(const struct bulla_age_host *host,
                                              struct bulla_error *err)
{
    struct bulla_recipients *recipients = bulla_alloc(1, sizeof *recipients, err);
    if (recipients != NULL) {
        recipients->host = host;
    }
    return recipients;
}

void bulla_recipients_free(struct bulla_recipients *recipients)
{
    if (recipients != NULL) {
        for (size_t i = 0; i < recipients->count; i++) {
            recipient_release(&recipients->items[i]);
        }
        bulla_free(recipients->items);
        bulla_free(recipients);
    }
}

size_t bulla_recipients_count(const struct bulla_recipients *recipients)
{
    return recipients->count;
}

/* Takes over what RECIPIENT owns, also after a failure. */
static bool take(struct bulla_recipients *recipients, struct recipient *recipient,
                 struct bulla_error *err)
{
    bool ok = recipients->count < AGE_MAX_STANZAS ||
              bulla_error(err, BULLA_E_LIMIT, "more than %d recipients", AGE_MAX_STANZAS);
    ok = ok && bulla_grow(&recipients->items, &recipients->cap, recipients->count + 1,
                          sizeof *recipient, err);
    if (!ok) {
        recipient_release(recipient);
        return false;
    }
    recipients->items[recipients->count++] = *recipient;
    return true;
}

static bool has(const struct bulla_recipients *recipients, const char *text)
{
    for (size_t i = 0; i < recipients->count; i++) {
        if (recipients->items[i].text != NULL && strcmp(recipients->items[i].text, text) == 0) {
            return true;
        }
    }
    return false;
}

/* Takes over RECIPIENT unless it is there already. */
static bool take_new(struct bulla_recipients *recipients, struct recipient *recipient,
                     struct bulla_error *err)
{
    if (has(recipients, recipient->text)) {
        recipient_release(recipient);
        return true;
    }
    return take(recipients, recipient, err);
}

bool bulla_recipients_add(struct bulla_recipients *recipients, const char *text,
                          struct bulla_error *err)
{
    struct recipient recipient;
    if (!recipient_parse(text, &recipient, err)) {
        recipient_release(&recipient);
        return false;
    }
    return take_new(recipients, &recipient, err);
}

static bool add_line(struct bulla_recipients *recipients, struct bulla_bytes line, const char *file,
                     struct bulla_pos pos, struct bulla_error *err)
{
    struct recipient recipient;
    bool skipped = false;
    bulla_auto_str text = bulla_strndup(line.data, line.len, err);
    if (text == NULL) {
        return false;
    }
    if (strlen(text) != line.len) {
        return bulla_error_at(err, BULLA_E_INVALID, file, pos, "a NUL byte in a recipient");
    }
    if (recipient_parse_line(text, &recipient, &skipped, err)) {
        return take_new(recipients, &recipient, err);
    }
    recipient_release(&recipient);
    age_place_error(err, file, pos);
    if (!skipped) {
        return false;
    }
    if (recipients->host != NULL && recipients->host->warn != NULL) {
        recipients->host->warn(recipients->host->ctx, err);
    }
    bulla_error_clear(err);
    return true;
}

bool bulla_recipients_add_file(struct bulla_recipients *recipients, struct bulla_bytes text,
                               const char *file, struct bulla_error *err)
{
    struct bulla_pos pos = {0, 1};
    size_t bad = 0;
    size_t before = recipients->count;
    bool has_lines = false;
    if (text.len > BULLA_MAX_IDENTITY_BYTES) {
        return bulla_error_at(err, BULLA_E_LIMIT, file, (struct bulla_pos){0},
                              "recipients file of more than %zu bytes", BULLA_MAX_IDENTITY_BYTES);
    }
    if (!utf8_is_valid(text, &bad)) {
        return bulla_error_at(err, BULLA_E_SYNTAX, file, utf8_pos(text, bad), "not UTF-8");
    }
    for (struct bulla_bytes rest = text; rest.len > 0;) {
        struct bulla_bytes line = key_text_take_line(&rest);
        pos.line++;
        if (key_text_is_line(line)) {
            if (!add_line(recipients, line, file, pos, err)) {
                return false;
            }
            has_lines = true;
        }
    }
    /* A file of keys that are all passed over would silently encrypt to fewer than was meant. */
    return (has_lines && recipients->count > 0) || recipients->count > before ||
           bulla_error_at(err, BULLA_E_MISSING, file, (struct bulla_pos){0},
                          "no recipient in it (a line of age1… or of an ssh key)");
}

/* A plugin's identity knows its recipient by itself. */
static bool add_plugin(struct bulla_recipients *recipients, const struct identity *identity,
                       struct bulla_error *err)
{
    struct recipient recipient = {.kind = RECIPIENT_PLUGIN};
    memcpy(recipient.plugin, identity->plugin, sizeof recipient.plugin);
    recipient.secret = bulla_secret_copy(identity->secret, err);
    return recipient.secret != NULL && take(recipients, &recipient, err);
}

bool bulla_recipients_add_identities(struct bulla_recipients *recipients,
                                     const struct bulla_identities *identities,
                                     struct bulla_error *err)
{
    for (size_t i = 0; i < identities->count; i++) {
        const struct identity *identity = &identities->items[i];
        if (identity->kind == IDENTITY_PASSPHRASE) {
            return bulla_error(err, BULLA_E_INVALID, "an identity without a recipient of its own");
        }
        if (identity->kind == IDENTITY_PLUGIN
                ? !add_plugin(recipients, identity, err)
                : !bulla_recipients_add(recipients, identity->recipient, err)) {
            return false;
        }
    }
    return true;
}

bool bulla_recipients_add_passphrase(struct bulla_recipients *recipients,
                                     struct bulla_bytes passphrase, unsigned work_factor,
                                     struct bulla_error *err)
{
    if (passphrase.len == 0) {
        return bulla_error(err, BULLA_E_INVALID, "the passphrase is empty");
    }
    if (work_factor < 1 || work_factor > BULLA_AGE_MAX_WORK_FACTOR) {
        return bulla_error(err, BULLA_E_INVALID, "a work factor is from 1 to %d",
                           BULLA_AGE_MAX_WORK_FACTOR);
    }
    struct recipient recipient = {.kind = RECIPIENT_PASSPHRASE, .work_factor = work_factor};
    recipient.secret = bulla_secret_copy(passphrase, err);
    return recipient.secret != NULL && take(recipients, &recipient, err);
}
