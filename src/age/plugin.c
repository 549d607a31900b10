/* The two conversations with a plugin: recipient-v1 wraps a file key, identity-v1 unwraps one. */
#include "age/plugin.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/codec.h"
#include "bulla/mem.h"
#include "bulla/text.h"

#include "base/banned.h"

#define MAX_TEXT_BYTES 4096 /* of what is shown to a person */
#define MAX_STANZAS 64      /* of one recipient */
#define MAX_LABELS 16

static bool is_name_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' ||
           c == '_';
}

/* A name that is a file's, and nothing else. */
static bool copy_name(struct bulla_bytes name, char ret_name[PLUGIN_MAX_NAME_BYTES + 1])
{
    if (name.len == 0 || name.len > PLUGIN_MAX_NAME_BYTES) {
        return false;
    }
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        c = c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
        if (!is_name_char(c)) {
            return false;
        }
        ret_name[i] = (char)c;
    }
    ret_name[name.len] = '\0';
    return true;
}

/* What stands between START and the last "1", less BEHIND bytes. */
static bool find_name(struct bulla_bytes text, const char *start, size_t behind,
                      char ret_name[PLUGIN_MAX_NAME_BYTES + 1])
{
    size_t skip = strlen(start);
    const uint8_t *end = text.data != NULL ? memrchr(text.data, '1', text.len) : NULL;
    if (end == NULL || !bulla_bytes_start(text, start) || text.len > PLUGIN_MAX_KEY_CHARS) {
        return false;
    }
    size_t len = (size_t)(end - text.data);
    return len > skip + behind &&
           copy_name(bulla_bytes_slice(text, skip, len - skip - behind), ret_name);
}

bool plugin_recipient_name(struct bulla_bytes text, char ret_name[PLUGIN_MAX_NAME_BYTES + 1])
{
    return find_name(text, "age1", 0, ret_name);
}

bool plugin_identity_name(struct bulla_bytes text, char ret_name[PLUGIN_MAX_NAME_BYTES + 1])
{
    const uint8_t *end = text.data != NULL ? memrchr(text.data, '1', text.len) : NULL;
    return end != NULL && end > text.data && end[-1] == '-' &&
           find_name(text, "AGE-PLUGIN-", 1, ret_name);
}

static bool lied(const struct plugin_talk *talk, struct bulla_error *err, const char *what)
{
    return bulla_error(err, BULLA_E_IO, "the plugin 'age-plugin-%s' %s", talk->key->name, what);
}

/* The body of MESSAGE as text that a terminal may be sent; owned. NULL with ERR. */
static char *text_of(const struct plugin_talk *talk, const struct age_stanza *message,
                     struct bulla_error *err)
{
    if (message->body_len > MAX_TEXT_BYTES) {
        (void)lied(talk, err, "sent a text that is too long");
        return NULL;
    }
    char *text = bulla_alloc(message->body_len + 1, 1, err);
    if (text != NULL && age_stanza_body(message, (uint8_t *)text, message->body_len)) {
        bulla_text_sanitize(text);
    }
    return text;
}

/* The argument INDEX of MESSAGE behind its type; empty where it has less. */
static struct bulla_bytes argument(const struct age_stanza *message, size_t index)
{
    struct bulla_bytes rest = message->arguments;
    for (; rest.len > 0; index--) {
        const uint8_t *space = memchr(rest.data, ' ', rest.len);
        size_t len = space == NULL ? rest.len : (size_t)(space - rest.data);
        if (index == 0) {
            return bulla_bytes_slice(rest, 0, len);
        }
        rest = bulla_bytes_slice(rest, len + 1, rest.len);
    }
    return rest;
}

static bool reply(struct plugin_talk *talk, const char *words, struct bulla_bytes body,
                  struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, PLUGIN_MAX_MESSAGE_BYTES);
    bulla_buf_puts(&text, "-> ");
    bulla_buf_puts(&text, words);
    bulla_buf_putc(&text, '\n');
    age_put_body(body, &text);
    return bulla_buf_ok(&text, err) && plugin_send(&talk->peer, bulla_buf_view(&text), err);
}

static bool reply_word(struct plugin_talk *talk, const char *word, struct bulla_error *err)
{
    return reply(talk, word, bulla_bytes(NULL, 0), err);
}

/* "request-secret" and "request-public": what a person answers; "fail" where nobody does. */
static bool on_request(struct plugin_talk *talk, const struct age_stanza *message, bool is_secret,
                       struct bulla_error *err)
{
    const struct bulla_age_host *host = talk->peer.host;
    bulla_auto_str text = text_of(talk, message, err);
    bulla_auto_str prompt =
        text == NULL ? NULL : bulla_asprintf(err, "age-plugin-%s: %s", talk->key->name, text);
    bulla_auto_buf answer;
    bulla_buf_init_secret(&answer, BULLA_AGE_MAX_PASSPHRASE_BYTES);
    if (prompt == NULL) {
        return false;
    }
    bool (*ask)(void *, const char *, struct bulla_buf *, struct bulla_error *) =
        is_secret ? host->ask_secret : host->ask_public;
    struct bulla_error why = BULLA_ERROR_INIT;
    if (ask == NULL || !ask(host->ctx, prompt, &answer, &why)) {
        return reply_word(talk, "fail", err);
    }
    return reply(talk, "ok", bulla_buf_view(&answer), err);
}

/* An argument of "confirm": base64 of what a choice is called; owned, "" for none. */
static char *choice_of(const struct plugin_talk *talk, struct bulla_bytes base64,
                       struct bulla_error *err)
{
    size_t len = 0;
    bulla_auto_str text = bulla_alloc(base64.len + 1, 1, err);
    if (text == NULL) {
        return NULL;
    }
    if (base64.len > MAX_TEXT_BYTES ||
        (base64.len > 0 &&
         !bulla_base64_decode(BULLA_BASE64_UNPADDED, base64, (uint8_t *)text, base64.len, &len))) {
        (void)lied(talk, err, "sent what is no message");
        return NULL;
    }
    text[len] = '\0';
    bulla_text_sanitize(text);
    return BULLA_STEAL(text);
}

static bool on_confirm(struct plugin_talk *talk, const struct age_stanza *message,
                       struct bulla_error *err)
{
    const struct bulla_age_host *host = talk->peer.host;
    bulla_auto_str text = text_of(talk, message, err);
    bulla_auto_str yes = text == NULL ? NULL : choice_of(talk, argument(message, 0), err);
    bulla_auto_str no = yes == NULL ? NULL : choice_of(talk, argument(message, 1), err);
    bulla_auto_str question =
        no == NULL ? NULL : bulla_asprintf(err, "age-plugin-%s: %s", talk->key->name, text);
    if (question == NULL) {
        return false;
    }
    bool is_yes = false;
    struct bulla_error why = BULLA_ERROR_INIT;
    if (host->confirm == NULL ||
        !host->confirm(host->ctx, question, yes, no[0] != '\0' ? no : NULL, &is_yes, &why)) {
        return reply_word(talk, "fail", err);
    }
    return reply_word(talk, is_yes ? "ok yes" : "ok no", err);
}

static bool on_msg(struct plugin_talk *talk, const struct age_stanza *message,
                   struct bulla_error *err)
{
    const struct bulla_age_host *host = talk->peer.host;
    bulla_auto_str text = text_of(talk, message, err);
    if (text == NULL) {
        return false;
    }
    if (host->say == NULL) {
        return reply_word(talk, "fail", err);
    }
    host->say(host->ctx, talk->key->name, text);
    return reply_word(talk, "ok", err);
}

/* "recipient-stanza 0 TYPE ARGUMENT…": goes into the header as it is. */
static bool on_stanza(struct plugin_talk *talk, const struct age_stanza *message,
                      struct bulla_error *err)
{
    struct bulla_bytes index = argument(message, 0);
    struct bulla_bytes words =
        bulla_bytes_slice(message->arguments, index.len + 1, message->arguments.len);
    if (!bulla_bytes_are(index, "0") || words.len == 0 || talk->stanza_count == MAX_STANZAS) {
        return lied(talk, err, "returned a stanza for no file of ours, or too many");
    }
    talk->stanza_count++;
    bulla_buf_puts(talk->stanzas, "-> ");
    bulla_buf_add_bytes(talk->stanzas, words);
    bulla_buf_putc(talk->stanzas, '\n');
    bulla_buf_add_bytes(talk->stanzas, message->body);
    return bulla_buf_ok(talk->stanzas, err) && reply_word(talk, "ok", err);
}

static int compare_labels(const void *a, const void *b)
{
    const struct bulla_bytes *left = a;
    const struct bulla_bytes *right = b;
    size_t len = left->len < right->len ? left->len : right->len;
    for (size_t i = 0; i < len; i++) {
        if (left->data[i] != right->data[i]) {
            return left->data[i] < right->data[i] ? -1 : 1;
        }
    }
    return left->len == right->len ? 0 : left->len < right->len ? -1 : 1;
}

static bool on_labels(struct plugin_talk *talk, const struct age_stanza *message,
                      struct bulla_error *err)
{
    struct bulla_bytes labels[MAX_LABELS];
    size_t count = 0;
    while (count < MAX_LABELS && argument(message, count).len > 0) {
        labels[count] = argument(message, count);
        count++;
    }
    if (talk->has_labels || argument(message, count).len > 0) {
        return lied(talk, err, "sent too many labels");
    }
    talk->has_labels = true;
    if (count > 0) {
        qsort(labels, count, sizeof *labels, compare_labels);
    }
    for (size_t i = 0; i < count; i++) {
        bulla_buf_puts(talk->labels, i > 0 ? " " : "");
        bulla_buf_add_bytes(talk->labels, labels[i]);
    }
    return bulla_buf_ok(talk->labels, err) && reply_word(talk, "ok", err);
}

static bool on_file_key(struct plugin_talk *talk, const struct age_stanza *message,
                        struct bulla_error *err)
{
    if (talk->opened || !bulla_bytes_are(argument(message, 0), "0") ||
        !age_stanza_body(message, talk->keys->file_key, sizeof talk->keys->file_key)) {
        return lied(talk, err, "returned what is no file key");
    }
    talk->opened = true;
    return reply_word(talk, "ok", err);
}

/* What the plugin says is wrong, after its confirmation. */
static bool on_error(struct plugin_talk *talk, const struct age_stanza *message,
                     struct bulla_error *err)
{
    bulla_auto_str text = text_of(talk, message, err);
    if (text == NULL || !reply_word(talk, "ok", err)) {
        return false;
    }
    return bulla_error(err, talk->stanzas == NULL ? BULLA_E_IDENTITY : BULLA_E_INVALID,
                       "the plugin 'age-plugin-%s' says: %.300s", talk->key->name, text);
}

static bool on_message(struct plugin_talk *talk, const struct age_stanza *message,
                       struct bulla_error *err)
{
    bool is_wrapping = talk->stanzas != NULL;
    if (bulla_bytes_are(message->type, "done")) {
        talk->is_done = true;
        return true;
    }
    if (bulla_bytes_are(message->type, "msg")) {
        return on_msg(talk, message, err);
    }
    if (bulla_bytes_are(message->type, "request-secret")) {
        return on_request(talk, message, true, err);
    }
    if (bulla_bytes_are(message->type, "request-public")) {
        return on_request(talk, message, false, err);
    }
    if (bulla_bytes_are(message->type, "confirm")) {
        return on_confirm(talk, message, err);
    }
    if (bulla_bytes_are(message->type, "error")) {
        return on_error(talk, message, err);
    }
    if (is_wrapping && bulla_bytes_are(message->type, "recipient-stanza")) {
        return on_stanza(talk, message, err);
    }
    if (is_wrapping && bulla_bytes_are(message->type, "labels")) {
        return on_labels(talk, message, err);
    }
    if (!is_wrapping && bulla_bytes_are(message->type, "file-key")) {
        return on_file_key(talk, message, err);
    }
    return reply_word(talk, "unsupported", err);
}

bool plugin_converse(struct plugin_talk *talk, struct bulla_bytes opening, struct bulla_error *err)
{
    if (!plugin_send(&talk->peer, opening, err)) {
        return false;
    }
    while (!talk->is_done) {
        struct age_stanza message;
        if (!plugin_receive(&talk->peer, &message, err) || !on_message(talk, &message, err)) {
            return false;
        }
    }
    return true;
}

static bool run(struct plugin_talk *talk, const struct bulla_age_host *host, const char *state,
                struct bulla_bytes opening, struct bulla_error *err)
{
    bool ok = plugin_start(&talk->peer, host, talk->key->name, state, err) &&
              plugin_converse(talk, opening, err);
    plugin_end(&talk->peer, ok);
    return ok;
}

static void put_key(const struct plugin_key *key, struct bulla_buf *out)
{
    bulla_buf_puts(out, key->is_identity ? "-> add-identity " : "-> add-recipient ");
    bulla_buf_add_bytes(out, key->text);
    bulla_buf_puts(out, "\n\n");
}

bool plugin_wrap(const struct bulla_age_host *host, const struct plugin_key *key,
                 struct age_keys *keys, struct bulla_buf *out, struct bulla_buf *labels,
                 struct bulla_error *err)
{
    struct plugin_talk talk = {.key = key, .keys = keys, .stanzas = out, .labels = labels};
    bulla_auto_buf opening;
    bulla_buf_init_secret(&opening, PLUGIN_MAX_MESSAGE_BYTES);
    put_key(key, &opening);
    bulla_buf_puts(&opening, "-> wrap-file-key\n");
    age_put_body(bulla_bytes(keys->file_key, sizeof keys->file_key), &opening);
    bulla_buf_puts(&opening, "-> extension-labels\n\n-> done\n\n");
    return bulla_buf_ok(&opening, err) &&
           run(&talk, host, "recipient-v1", bulla_buf_view(&opening), err) &&
           (talk.stanza_count > 0 || lied(&talk, err, "wrapped nothing"));
}

bool plugin_unwrap(const struct bulla_age_host *host, const struct plugin_key *key,
                   const struct age_header *header, struct age_keys *keys, bool *ret_opened,
                   struct bulla_error *err)
{
    struct plugin_talk talk = {.key = key, .keys = keys};
    bulla_auto_buf opening;
    bulla_buf_init_secret(&opening, 2 * AGE_MAX_HEADER_BYTES);
    put_key(key, &opening);
    for (size_t i = 0; i < header->count; i++) {
        const struct age_stanza *stanza = &header->stanzas[i];
        bulla_buf_puts(&opening, "-> recipient-stanza 0 ");
        bulla_buf_add_bytes(&opening, stanza->type);
        if (stanza->arguments.len > 0) {
            bulla_buf_putc(&opening, ' ');
            bulla_buf_add_bytes(&opening, stanza->arguments);
        }
        bulla_buf_putc(&opening, '\n');
        bulla_buf_add_bytes(&opening, stanza->body);
    }
    bulla_buf_puts(&opening, "-> done\n\n");
    *ret_opened = false;
    if (!bulla_buf_ok(&opening, err) ||
        !run(&talk, host, "identity-v1", bulla_buf_view(&opening), err)) {
        return false;
    }
    *ret_opened = talk.opened;
    return true;
}
