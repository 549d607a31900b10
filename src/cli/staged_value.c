#include "staged_value.h"

#include <ctype.h>
#include <string.h>

#include "bulla/interpolate.h"
#include "bulla/shape.h"

#define MOST_NESTED 4   /* "${A:-${B:-text}}": each level is gone over again */
#define LEAST_PIECE 6   /* bytes: "pre-" is no password */
#define LEAST_MESSAGE 8 /* bytes: "${NAME:?E1001}" says what is wrong */
#define LEAST_SEALED 64 /* dotenvx: a key, a nonce and a tag are longer */
#define SEALED_DOTENVX "encrypted:"
#define SEALED_SOPS "ENC[AES256_GCM,data:"

/* --- sealed ----------------------------------------------------------------------------------- */

/* Up to the end nothing but what base64 has. */
static bool is_base64(struct bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (isalnum(text.data[i]) == 0 && strchr("+/=", text.data[i]) == NULL) {
            return false;
        }
    }
    return true;
}

static bool has_text(struct bulla_bytes text, const char *wanted)
{
    return memmem(text.data, text.len, wanted, strlen(wanted)) != NULL;
}

bool staged_value_is_sealed(struct bulla_bytes text)
{
    if (bulla_bytes_start(text, SEALED_DOTENVX)) {
        struct bulla_bytes body = bulla_bytes_slice(text, strlen(SEALED_DOTENVX), text.len);
        return body.len >= LEAST_SEALED && is_base64(body);
    }
    return bulla_bytes_start(text, SEALED_SOPS) && text.data[text.len - 1] == ']' &&
           has_text(text, ",iv:") && has_text(text, ",tag:");
}

/* --- made of others --------------------------------------------------------------------------- */

struct pieces {
    const struct staged_value *value;
    size_t at;   /* what stands before it has been judged */
    size_t from; /* what is judged at all: a URL's password, or the whole */
    size_t to;
    bool is_password;
    bool is_unclosed; /* "$(" without its end: no command is looked for any more */
    bool are_made;    /* a reference or a command is there */
    bool have_secret;
};

/* Letters and digits, as in most of what a generator or a careful person makes up. */
static bool is_mixed(struct bulla_bytes text)
{
    bool has_letter = false;
    bool has_digit = false;
    for (size_t i = 0; i < text.len; i++) {
        has_letter = has_letter || isalpha(text.data[i]) != 0;
        has_digit = has_digit || isdigit(text.data[i]) != 0;
    }
    return has_letter && has_digit;
}

/* "err1", "must be set in .env", "S3_KEY_is_missing" are for people. */
static bool is_message(struct bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (isalnum(text.data[i]) == 0) {
            return true;
        }
    }
    return text.len < LEAST_MESSAGE;
}

/* A part of a value says less than the whole: "pre-", "-v2". */
static bool is_secret_piece(const char *name, struct bulla_bytes text)
{
    return text.len >= LEAST_PIECE && is_mixed(text) && bulla_placeholder(text) == NULL &&
           bulla_secret_in_clear(name, text) != NULL;
}

/* Only the password in a URL that is made of others need be unknown. */
static void judge_piece(struct pieces *pieces, size_t start, size_t end)
{
    const struct staged_value *value = pieces->value;
    start = start > pieces->from ? start : pieces->from;
    end = end < pieces->to ? end : pieces->to;
    if (start < end && (pieces->is_password || !value->is_derived)) {
        pieces->have_secret = pieces->have_secret ||
                              is_secret_piece(pieces->is_password ? "PASSWORD" : value->name,
                                              bulla_bytes_slice(value->text, start, end - start));
    }
}

/* "$(echo text)" is the text, in other words. */
static bool is_echo(struct bulla_bytes command)
{
    return (bulla_bytes_start(command, "echo ") || bulla_bytes_start(command, "printf ")) &&
           memchr(command.data, '$', command.len) == NULL &&
           memchr(command.data, '`', command.len) == NULL;
}

/* Behind the command that begins at AT, or AT where none does. */
static size_t command_end(struct pieces *pieces, size_t at, struct bulla_bytes *ret_command)
{
    struct bulla_bytes text = pieces->value->text;
    bool is_old = text.data[at] == '`';
    size_t start = at + (is_old ? 1 : 2);
    size_t depth = 1;
    if (pieces->is_unclosed ||
        (!is_old && !bulla_bytes_start(bulla_bytes_slice(text, at, text.len), "$("))) {
        return at;
    }
    for (size_t end = start; end < text.len; end++) {
        depth += !is_old && text.data[end] == '(';
        depth -= is_old ? text.data[end] == '`' : text.data[end] == ')';
        if (depth == 0) {
            *ret_command = bulla_bytes_slice(text, start, end - start);
            return end + 1;
        }
    }
    pieces->is_unclosed = true;
    return at;
}

/* Judges what stands before LIMIT, and behind it what a command that begins before takes. */
static void take_literal(struct pieces *pieces, size_t limit)
{
    size_t start = pieces->at;
    while (pieces->at < limit) {
        struct bulla_bytes command = {0};
        size_t end = command_end(pieces, pieces->at, &command);
        if (end == pieces->at) {
            pieces->at++;
            continue;
        }
        judge_piece(pieces, start, pieces->at);
        if (is_echo(command)) {
            end = (size_t)(command.data - pieces->value->text.data);
        } else {
            pieces->are_made = true;
        }
        pieces->at = start = end;
    }
    judge_piece(pieces, start, limit);
}

/* True where a reference has a text of its own: "${NAME:-a password}". */
static bool has_secret_operand(const struct staged_value *value, const struct bulla_ref *ref)
{
    struct bulla_bytes text = ref->operand;
    if (text.len == 0 || bulla_placeholder(text) != NULL) {
        return false;
    }
    if (ref->depth > MOST_NESTED) {
        return true;
    }
    switch (ref->op) {
    case BULLA_REF_DEFAULT:
    case BULLA_REF_DEFAULT_NONEMPTY:
        return bulla_secret_in_clear(value->name, text) != NULL;
    case BULLA_REF_REPLACE:
    case BULLA_REF_REPLACE_NONEMPTY:
        return is_secret_piece(value->name, text);
    case BULLA_REF_REQUIRED:
    case BULLA_REF_REQUIRED_NONEMPTY:
        return !is_message(text) && is_secret_piece(value->name, text);
    case BULLA_REF_PLAIN:
        break;
    }
    return false;
}

/* "$HOME", "$CI_API_KEY": in capitals, as what a shell or a CI sets. */
static bool is_capitals(struct bulla_bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (islower(name.data[i]) != 0) {
            return false;
        }
    }
    return isupper(name.data[0]) != 0;
}

/*
 * "Zk3$vQ9x" is a password that nobody has quoted: without braces only what is known, or what is
 * the whole value, is taken for a reference.
 */
static bool is_reference(const struct staged_value *value, const struct bulla_ref *ref)
{
    bool is_whole = ref->end - ref->start == value->text.len;
    return ref->name.len > 0 && (ref->braced || (is_whole && is_capitals(ref->name)) ||
                                 value->is_known(value->ctx, ref->name));
}

static bool look_at_reference(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    struct pieces *pieces = ctx;
    (void)err;
    pieces->have_secret = pieces->have_secret || has_secret_operand(pieces->value, ref);
    if (ref->depth > 0 || !is_reference(pieces->value, ref)) {
        return true;
    }
    take_literal(pieces, ref->start);
    pieces->are_made = true;
    pieces->at = ref->end > pieces->at ? ref->end : pieces->at;
    return true;
}

/* A URL without a password has no other piece that need be unknown. */
static void choose_part(struct pieces *pieces)
{
    struct bulla_bytes text = pieces->value->text;
    struct bulla_url url;
    if (bulla_url_split(text, &url)) {
        pieces->is_password = true;
        pieces->from = url.password.len > 0 ? (size_t)(url.password.data - text.data) : 0;
        pieces->to = pieces->from + url.password.len;
    }
}

bool staged_value_is_made(const struct staged_value *value)
{
    struct bulla_error unread = BULLA_ERROR_INIT;
    struct pieces pieces = {.value = value, .to = value->text.len};
    if (!value->is_template) {
        return false;
    }
    choose_part(&pieces);
    if (!bulla_interpolate_scan(value->text, look_at_reference, &pieces, NULL, &unread)) {
        return false;
    }
    take_literal(&pieces, value->text.len);
    return pieces.are_made && !pieces.have_secret;
}
