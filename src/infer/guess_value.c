/* What the value in a sample looks like. Steps 5 and 6. */
#include "infer/guess_steps.h"

#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "infer/hint.h"
#include "infer/url.h"

#include "base/banned.h"

/* Step 5: the sample's shape, never its value. */
enum verdict guess_by_shape(struct pool *pool, const struct bulla_evidence *evidence,
                            struct bulla_guess *guess, struct bulla_error *err)
{
    static const char because[] = "its sample value has this form";
    char kind[INFER_KIND_MAX];
    if (!bulla_name_is_secret(evidence->name) || bulla_name_third_party(evidence->name) != NULL) {
        return NO_OPINION;
    }
    struct bulla_bytes sample = guess_text(evidence->sample);
    size_t padding = 0;
    switch (bulla_shape_of(sample)) {
    case BULLA_SHAPE_HEX:
        (void)snprintf(kind, sizeof kind, "hex:%zu", sample.len / 2);
        return guess_generated(pool, guess, kind, BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_UUID:
        return guess_generated(pool, guess, "uuid", BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_FERNET:
        return guess_generated(pool, guess, "fernet", BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_BASE64_KEY:
        return guess_generated(pool, guess, "laravel", BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_BASE64:
        while (padding < 2 && sample.data[sample.len - 1 - padding] == '=') {
            padding++;
        }
        (void)snprintf(kind, sizeof kind, "base64:%zu", sample.len / 4 * 3 - padding);
        return guess_generated(pool, guess, kind, BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_JWT:
        return guess_provided(evidence, guess, BULLA_INFER_SHAPE,
                              "its sample value is a signed token");
    case BULLA_SHAPE_PEM:
        return guess_provided(evidence, guess, BULLA_INFER_SHAPE,
                              "its sample value is a key in PEM");
    case BULLA_SHAPE_EMPTY:
    case BULLA_SHAPE_BOOLEAN:
    case BULLA_SHAPE_INTEGER:
    case BULLA_SHAPE_NUMBER:
    case BULLA_SHAPE_URL:
    case BULLA_SHAPE_EMAIL:
    case BULLA_SHAPE_TEXT:
        break;
    }
    return NO_OPINION;
}

/* A password's hash as crypt(3), htpasswd and Argon2 write it; a compose file doubles the dollars.
 */
static bool is_password_hash(const char *text)
{
    static const char *const marks[] = {"$2a$",     "$2b$",     "$2y$",   "$apr1$",
                                        "$argon2",  "$$2a$$",   "$$2b$$", "$$2y$$",
                                        "$$apr1$$", "$$argon2", "{SHA}"};
    for (size_t i = 0; text != NULL && i < sizeof marks / sizeof *marks; i++) {
        if (strstr(text, marks[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_hash_name(const char *name)
{
    static const char *const words[] = {"PASSWORD_HASH",    "HASHED_PASSWORD", "PASSWD_HASH",
                                        "BASIC_AUTH_USERS", "BASICAUTH_USERS", "HTPASSWD"};
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t end = strlen(words[i]);
        if (len >= end && strcmp(name + len - end, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Step 5 too: what is made of a password by a tool, and could not be made up. */
enum verdict guess_by_hash(const struct bulla_evidence *evidence, struct bulla_guess *guess)
{
    if (!is_hash_name(evidence->name) && !is_password_hash(evidence->sample) &&
        !is_password_hash(evidence->compose_default)) {
        return NO_OPINION;
    }
    return guess_provided(evidence, guess, BULLA_INFER_SHAPE,
                          "the hash of a password, as the tool writes it that reads it");
}

static bool has_password(struct bulla_bytes text)
{
    struct bulla_url url;
    return bulla_url_split(text, &url) && url.password.len > 0;
}

/*
 * Step 6: a value that holds another one, mostly a URL with a password. The compose file's default
 * counts only as such a URL: others Compose makes by itself, also of parts that are unset.
 */
enum verdict guess_by_url(struct pool *pool, const struct bulla_evidence *evidence,
                          struct bulla_guess *guess, struct bulla_error *err)
{
    const char *const texts[] = {evidence->existing, evidence->sample, evidence->compose_default};
    const char *text = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *template_text = NULL;
        bool is_default = texts[i] != NULL && texts[i] == evidence->compose_default;
        if (texts[i] == NULL || texts[i][0] == '\0' ||
            (is_default && !has_password(bulla_bytes_of(texts[i])))) {
            continue;
        }
        text = text == NULL ? texts[i] : text;
        if (!infer_url_template(pool, evidence, texts[i], &template_text, err)) {
            return FAILED;
        }
        if (template_text != NULL) {
            guess->role = BULLA_ROLE_DERIVED;
            guess->value = template_text;
            guess->step = BULLA_INFER_URL;
            guess->why = "it holds another variable's value";
            return DECIDED;
        }
    }
    if (text != NULL && has_password(bulla_bytes_of(text))) {
        return guess_provided(evidence, guess, BULLA_INFER_URL,
                              "a URL with a password that nobody names");
    }
    return NO_OPINION;
}
