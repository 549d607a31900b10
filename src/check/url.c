/* Passwords that break the URL they are put into: B308. RFC 3986, sections 2 and 3.2.1. */
#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"
#include "bulla/secret.h"
#include "bulla/shape.h"
#include "check/families.h"
#include "check/known.h"

#include "base/banned.h"

#define HELP_MAX 256
#define USERINFO_MAX ((size_t)4096) /* how far from a scheme, or from an "@", a password may be */

static bool is_hex(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* True for bytes that end a user's part, begin another, or stand in no URL. */
static bool is_unsafe(uint8_t c)
{
    return c <= ' ' || c >= 0x7f || strchr("@/?#[]\"<>\\^`{|}", c) != NULL;
}

/* True where VALUE cannot stand in the user's part of a URL as it is. */
static bool breaks_url(struct bulla_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t c = value.data[i];
        bool is_escape =
            c == '%' && i + 2 < value.len && is_hex(value.data[i + 1]) && is_hex(value.data[i + 2]);
        if (is_unsafe(c) || (c == '%' && !is_escape)) {
            return true;
        }
    }
    return false;
}

/* The URL of TEXT that offset AT stands in: from its scheme on; empty where it is in none. */
static struct bulla_bytes url_around(struct bulla_bytes text, size_t at)
{
    size_t least = at > USERINFO_MAX ? at - USERINFO_MAX : 0;
    size_t start = at;
    while (start >= least + 3 && !(text.data[start - 3] == ':' && text.data[start - 2] == '/' &&
                                   text.data[start - 1] == '/')) {
        start--;
    }
    if (start < least + 3) {
        return bulla_bytes(NULL, 0);
    }
    start -= 3;
    while (start > least && strchr("\"'= ,;(", text.data[start - 1]) == NULL) {
        start--;
    }
    return bulla_bytes_slice(text, start, at - start + USERINFO_MAX);
}

/* True where the reference at offset AT of TEXT stands in the user or password of a URL. */
static bool is_in_userinfo(struct bulla_bytes text, size_t at)
{
    struct bulla_url url;
    struct bulla_bytes around = url_around(text, at);
    if (around.len == 0 || !bulla_url_split(around, &url) || !url.has_userinfo) {
        return false;
    }
    const uint8_t *place = text.data + at;
    const uint8_t *end =
        url.password.len > 0 ? url.password.data + url.password.len : url.user.data + url.user.len;
    return place >= url.user.data && place < end;
}

static bool add(struct check *check, const struct place *place, const char *name,
                struct bulla_error *err)
{
    char help[HELP_MAX];
    if (check->input->contract != NULL) {
        (void)snprintf(help, sizeof help,
                       "make the URL a variable of its own, with {{ %s | url }} in its value",
                       name);
    } else {
        (void)snprintf(help, sizeof help,
                       "give %s a value of letters and digits: bulla generate alnum:32", name);
    }
    return check_add(check, RULE_URL_UNSAFE, place, help, err,
                     "%s is put into a URL here, and has characters that end its part of it", name);
}

bool check_url_reference(struct check *check, const struct bulla_project_ref *ref,
                         struct bulla_error *err)
{
    if (ref->kind != BULLA_USE_REFERENCE || ref->text == NULL ||
        !is_in_userinfo(bulla_bytes(ref->text, ref->text_len), ref->text_at)) {
        return true;
    }
    const struct known *known = known_find(check, ref->name);
    if (known == NULL || (known->entry != NULL && known->entry->references > 0) ||
        !breaks_url(known->value)) {
        return true;
    }
    struct place place = check_place_of(check, ref);
    return add(check, &place, ref->name, err);
}

/* A reference in a value of an env file: URL=postgres://app:${PASSWORD}@db */
struct in_file {
    struct check *check;
    const struct known *known;
};

static bool check_one(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    const struct in_file *in = ctx;
    char name[BULLA_MAX_NAME_BYTES + 1];
    if (ref->name.len == 0 || ref->name.len >= sizeof name ||
        !is_in_userinfo(in->known->value, ref->start)) {
        return true;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)ref->name.len, (const char *)ref->name.data);
    const struct known *part = known_find(in->check, name);
    if (part == NULL || (part->entry != NULL && part->entry->references > 0) ||
        !breaks_url(part->value)) {
        return true;
    }
    struct place place = in->known->place;
    place.variable = name;
    return add(in->check, &place, name, err);
}

/* A derived value of the contract that holds a variable's value as it is. */
struct in_template {
    struct check *check;
    const struct known *known;
};

static bool check_needed(void *ctx, const char *name, struct bulla_error *err)
{
    const struct in_template *in = ctx;
    const struct known *part = known_find(in->check, name);
    if (part == NULL || !part->secret || !breaks_url(part->value)) {
        return true;
    }
    struct bulla_bytes all = in->known->value;
    for (size_t at = 0; at + part->value.len <= all.len; at++) {
        struct bulla_bytes piece = bulla_bytes_slice(all, at, part->value.len);
        if (bulla_secret_bytes_equal(piece, part->value) && url_around(all, at).len > 0) {
            char help[HELP_MAX];
            (void)snprintf(help, sizeof help, "write {{ %s | url }}", name);
            return check_add(in->check, RULE_URL_UNSAFE, &in->known->place, help, err,
                             "%s is put into the URL of %s, and has characters that end its part "
                             "of it",
                             name, in->known->name);
        }
    }
    return true;
}

bool check_url_values(struct check *check, struct bulla_error *err)
{
    for (size_t i = 0; i < check->knowns.count; i++) {
        const struct known *known = &check->knowns.items[i];
        if (known->entry != NULL && known->entry->references > 0 && !known->text->raw &&
            known->entry->quote != BULLA_QUOTE_SINGLE) {
            struct in_file in = {check, known};
            if (!bulla_interpolate_scan(known->value, check_one, &in, NULL, err)) {
                return false;
            }
        }
        if (known->row != NULL && known->derived) {
            struct in_template in = {check, known};
            if (!bulla_values_needs(check->input->values, known->row_index, check_needed, &in,
                                    err)) {
                return false;
            }
        }
    }
    return true;
}
