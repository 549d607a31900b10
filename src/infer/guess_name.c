/* What a name, and what stands beside it, says of where a value comes from. Steps 7 and 8. */
#include "infer/guess_steps.h"

#include <string.h>

#include "bulla/shape.h"
#include "infer/hint.h"
#include "shape/words.h"

#include "base/banned.h"

/* True where a server of the stack takes the variable as its own password. */
static bool is_servers_password(const struct bulla_evidence *evidence)
{
    for (size_t i = 0; evidence->passwords != NULL && evidence->services[i] != NULL; i++) {
        if (evidence->passwords[i] != NULL && strcmp(evidence->passwords[i], evidence->name) == 0) {
            return true;
        }
    }
    return false;
}

/* True where a service takes the variable, whole, under one of the names KEYS. */
static bool is_taken_as(const struct bulla_evidence *evidence, const char *const keys[static 2])
{
    for (size_t i = 0; evidence->keys != NULL && evidence->keys[i] != NULL; i++) {
        if (strcmp(evidence->keys[i], keys[0]) == 0 || strcmp(evidence->keys[i], keys[1]) == 0) {
            return true;
        }
    }
    return false;
}

/* The account of an object store that the stack runs itself, whatever vendor the name is of. */
static const char *const store_users[] = {"MINIO_ROOT_USER", "MINIO_ACCESS_KEY"};
static const char *const store_passwords[] = {"MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY"};

static bool is_of_own_store(const struct bulla_evidence *evidence)
{
    return is_taken_as(evidence, store_users) || is_taken_as(evidence, store_passwords);
}

/* True where services take a secret under names of outside parties alone: SMTP_PASSWORD: ${NAME}.
 */
static bool is_handed_on(const struct bulla_evidence *evidence)
{
    size_t count = 0;
    for (; evidence->keys != NULL && evidence->keys[count] != NULL; count++) {
        const char *key = evidence->keys[count];
        if (!bulla_name_is_secret(key) || bulla_name_third_party(key) == NULL) {
            return false;
        }
    }
    return count > 0 && bulla_name_is_secret(evidence->name) && !is_servers_password(evidence) &&
           !evidence->for_server;
}

/* Step 7: only somebody outside can give it. A DSN or a webhook's URL of theirs is one too. */
enum verdict guess_by_third_party(const struct bulla_evidence *evidence, struct bulla_guess *guess)
{
    const struct bulla_third_party *party = bulla_name_third_party(evidence->name);
    if (party == NULL && is_handed_on(evidence)) {
        return guess_provided(evidence, guess, BULLA_INFER_THIRD_PARTY,
                              "a service takes it as what only an outside party can give");
    }
    if (party == NULL || is_servers_password(evidence) || is_of_own_store(evidence)) {
        return NO_OPINION;
    }
    enum bulla_name_family family = bulla_name_family(evidence->name);
    bool is_theirs = family == BULLA_NAME_PUBLIC || bulla_name_is_secret(evidence->name);
    if (family == BULLA_NAME_URL) {
        size_t len = strlen(evidence->name);
        bool is_dsn = len > 4 && strcmp(evidence->name + len - 4, "_DSN") == 0;
        is_theirs = is_dsn || strstr(evidence->name, "WEBHOOK") != NULL ||
                    strstr(evidence->name, "CONNECTION_STRING") != NULL;
    }
    size_t end = strlen(evidence->name);
    bool is_hook = end > 8 && strcmp(evidence->name + end - 8, "_WEBHOOK") == 0;
    is_theirs = is_theirs || is_hook; /* its URL lets anybody post */
    return is_theirs ? guess_provided(evidence, guess, BULLA_INFER_THIRD_PARTY,
                                      "only an outside party can give it")
                     : NO_OPINION;
}

static bool has_words(const char *name, const char *words)
{
    return strstr(name, words) != NULL;
}

/* Keys that some service hands out, where nothing says that this stack makes them. */
static bool looks_handed_out(const struct bulla_evidence *evidence)
{
    const char *name = evidence->name;
    if (has_words(name, "CLIENT_SECRET") || has_words(name, "LICENSE_KEY")) {
        return true;
    }
    bool is_blank = evidence->sample == NULL || evidence->sample[0] == '\0';
    return is_blank && !evidence->required &&
           (has_words(name, "API_KEY") || has_words(name, "API_TOKEN") ||
            has_words(name, "ACCESS_TOKEN") || has_words(name, "AUTH_TOKEN") ||
            has_words(name, "BEARER_TOKEN") || has_words(name, "SUBSCRIPTION_KEY"));
}

/* A text of general words ("secret-key") stands under many names and says nothing of sameness. */
static bool is_telling(struct bulla_bytes text)
{
    static const char *const general[] = {
        "secret",  "key",     "access", "token",   "password", "pass",       "api",     "auth",
        "app",     "my",      "your",   "a",       "the",      "some",       "this",    "random",
        "string",  "value",   "super",  "long",    "strong",   "jwt",        "session", "cookie",
        "salt",    "private", "public", "sign",    "signing",  "encryption", "admin",   "user",
        "default", "dev",     "local",  "prod",    "test",     "example",    "sample",  "demo",
        "for",     "server",  "client", "webhook", "refresh"};
    for (size_t at = 0, len = 0; at < text.len; at += len + 1) {
        len = 0;
        while (at + len < text.len && strchr("-_. ", text.data[at + len]) == NULL) {
            len++;
        }
        bool is_general = len == 0;
        for (size_t i = 0; i < sizeof general / sizeof *general; i++) {
            is_general = is_general || shape_is(bulla_bytes_slice(text, at, len), general[i]);
        }
        if (!is_general) {
            return bulla_placeholder(text) == NULL;
        }
    }
    return false;
}

/* The first variable before this one whose sample is the same text: one secret under two names. */
static const char *find_twin(const struct bulla_evidence *evidence)
{
    if (evidence->sample == NULL || evidence->sample[0] == '\0' || evidence->samples == NULL ||
        !is_telling(bulla_bytes_of(evidence->sample))) {
        return NULL;
    }
    for (size_t i = 0; evidence->names != NULL && evidence->names[i] != NULL; i++) {
        if (strcmp(evidence->names[i], evidence->name) == 0) {
            return NULL;
        }
        if (evidence->samples[i] != NULL && strcmp(evidence->samples[i], evidence->sample) == 0 &&
            bulla_name_family(evidence->names[i]) == bulla_name_family(evidence->name)) {
            return evidence->names[i];
        }
    }
    return NULL;
}

static enum verdict as_twin(struct pool *pool, const char *twin, struct bulla_guess *guess,
                            struct bulla_error *err)
{
    guess->role = BULLA_ROLE_DERIVED;
    guess->value = pool_printf(pool, err, "{{ %s }}", twin);
    guess->step = BULLA_INFER_FAMILY;
    guess->why = "the sample has one value under both names";
    return guess->value != NULL ? DECIDED : FAILED;
}

/* Words of keys that an application makes up for itself, and nobody hands out. */
static bool is_own_key(const char *name)
{
    static const char *const words[] = {"SECRET", "JWT",     "SESSION",  "COOKIE",   "SALT",
                                        "PEPPER", "ENCRYPT", "SIGNING",  "MASTER",   "CSRF",
                                        "HMAC",   "CRYPTO",  "INTERNAL", "KEY_BASE", "HASH"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strstr(name, words[i]) != NULL) {
            return strstr(name, "CLIENT_SECRET") == NULL;
        }
    }
    return false;
}

/* Words of passwords that people of the stack itself log in with. */
static bool is_own_account(const char *name)
{
    return has_words(name, "ADMIN") || has_words(name, "ROOT") || has_words(name, "SUPERUSER") ||
           has_words(name, "BASIC_AUTH");
}

static bool says_it_may_be_empty(const struct bulla_evidence *evidence)
{
    return infer_says_optional(guess_text(evidence->comment));
}

/*
 * An empty line of a sample, or one in a comment, says that the stack runs without the value. What
 * speaks against that: a compose file or a server that wants it, or a name that is an application's
 * own secret.
 */
static bool is_off(const struct bulla_evidence *evidence)
{
    bool is_blank = evidence->sample != NULL && evidence->sample[0] == '\0';
    if (evidence->required || is_servers_password(evidence)) {
        return false;
    }
    bool is_feature =
        !is_own_key(evidence->name) && !is_own_account(evidence->name) && !evidence->for_server;
    if (is_feature && guess_feature_is_off(evidence)) {
        return true;
    }
    if (!evidence->commented && !is_blank) {
        return false;
    }
    bool is_own =
        bulla_name_family(evidence->name) == BULLA_NAME_PASSWORD || is_own_key(evidence->name);
    if (evidence->commented) {
        return !(is_own && evidence->plain);
    }
    return says_it_may_be_empty(evidence) || !(is_own || evidence->plain);
}

/* Step 7 too: a comment that sends to the place where an outside party hands the value out. */
enum verdict guess_by_link(struct pool *pool, const struct bulla_evidence *evidence,
                           struct bulla_guess *guess, struct bulla_error *err)
{
    bool is_blank = evidence->sample == NULL || evidence->sample[0] == '\0' ||
                    bulla_placeholder(bulla_bytes_of(evidence->sample)) != NULL;
    struct bulla_bytes link;
    if (!bulla_name_is_secret(evidence->name) || !is_blank || is_own_key(evidence->name) ||
        is_servers_password(evidence) ||
        !infer_read_link(guess_text(evidence->comment), evidence->name, &link)) {
        return NO_OPINION;
    }
    (void)guess_provided(evidence, guess, BULLA_INFER_THIRD_PARTY,
                         "the comment beside it says who hands it out");
    guess->obtain = pool_strndup(pool, link.data, link.len, err);
    return guess->obtain != NULL ? DECIDED : FAILED;
}

/* The name of a key to a store of objects: "UPLOAD_SECRET_ACCESS_KEY", "S3_SECRET". */
static bool is_store_key(const char *name)
{
    return has_words(name, "SECRET_ACCESS_KEY") || has_words(name, "ACCESS_KEY_ID") ||
           (has_words(name, "S3_") && (has_words(name, "KEY") || has_words(name, "SECRET")));
}

/* The address of a server of which nothing more is known: such a URL has a password in it. */
static bool is_server_url(const struct bulla_evidence *evidence)
{
    static const char *const words[] = {
        "DATABASE", "POSTGRES", "MYSQL", "MARIADB",          "MONGO", "DB_UR", "RABBITMQ",
        "AMQP",     "MAILER",   "_DSN",  "CONNECTION_STRING"};
    bool says_nothing = (evidence->sample == NULL || evidence->sample[0] == '\0' ||
                         bulla_placeholder(bulla_bytes_of(evidence->sample)) != NULL) &&
                        (evidence->compose_default == NULL || evidence->compose_default[0] == '\0');
    for (size_t i = 0; says_nothing && i < sizeof words / sizeof *words; i++) {
        if (has_words(evidence->name, words[i])) {
            return true;
        }
    }
    return false;
}

static enum verdict guess_server_url(const struct bulla_evidence *evidence,
                                     struct bulla_guess *guess)
{
    (void)guess_provided(evidence, guess, BULLA_INFER_FAMILY,
                         "such an address mostly has a password in it");
    /* A blank in an image or a command breaks something. */
    guess->optional = guess->optional && (!evidence->plain || evidence->may_be_blank);
    return DECIDED;
}

/* The private half of a key or of a certificate's: TLS_KEY, KAFKA_SSL_KEY. */
static bool is_half_of_pair(const char *name)
{
    static const char *const words[] = {"PRIVATE_KEY", "SSL_KEY", "TLS_KEY", "CERT_KEY",
                                        "PRESHARED_KEY"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (has_words(name, words[i])) {
            return true;
        }
    }
    return false;
}

/* SIGNING_PASSPHRASE, SSL_KEY_PASSPHRASE, where the sample has none. */
static bool opens_a_key(const struct bulla_evidence *evidence)
{
    const char *name = evidence->name;
    bool is_blank = evidence->sample == NULL || evidence->sample[0] == '\0';
    return is_blank && !evidence->required && has_words(name, "PASSPHRASE") &&
           (has_words(name, "SIGN") || has_words(name, "KEY") || has_words(name, "CERT") ||
            has_words(name, "SSL") || has_words(name, "TLS"));
}

/* ENTERPRISE_LICENSE, where nothing says that it is the name of one. */
static bool is_licence(const struct bulla_evidence *evidence)
{
    size_t len = strlen(evidence->name);
    bool is_blank = (evidence->sample == NULL || evidence->sample[0] == '\0') &&
                    (evidence->compose_default == NULL || evidence->compose_default[0] == '\0');
    return is_blank && len > 8 &&
           (strcmp(evidence->name + len - 8, "_LICENSE") == 0 ||
            strcmp(evidence->name + len - 8, "_LICENCE") == 0) &&
           !has_words(evidence->name, "ACCEPT");
}

/* What the stack's own object store takes; a user that somebody has named stays a setting. */
static enum verdict guess_own_store(struct pool *pool, const struct bulla_evidence *evidence,
                                    struct bulla_guess *guess, struct bulla_error *err)
{
    const char *text = evidence->sample != NULL && evidence->sample[0] != '\0'
                           ? evidence->sample
                           : evidence->compose_default;
    if (is_taken_as(evidence, store_passwords)) {
        return guess_generated(pool, guess, "alnum:32", BULLA_INFER_FAMILY,
                               "an object store of the stack takes it for its password", err);
    }
    if (text != NULL && text[0] != '\0' && bulla_placeholder(bulla_bytes_of(text)) == NULL) {
        return NO_OPINION;
    }
    return guess_generated(pool, guess, "alnum:20", BULLA_INFER_FAMILY,
                           "an object store of the stack takes it for its user", err);
}

/* Step 8: the family of its name. */
enum verdict guess_by_family(struct pool *pool, const struct bulla_evidence *evidence,
                             struct bulla_guess *guess, struct bulla_error *err)
{
    enum bulla_name_family family = bulla_name_family(evidence->name);
    if (is_of_own_store(evidence)) {
        return guess_own_store(pool, evidence, guess, err);
    }
    if ((family == BULLA_NAME_KEY || family == BULLA_NAME_ENCRYPTION_KEY) &&
        looks_handed_out(evidence)) {
        return guess_provided(evidence, guess, BULLA_INFER_FAMILY,
                              "looks like a key that somebody hands out; a kind makes one instead");
    }
    if (is_store_key(evidence->name) && bulla_name_is_secret(evidence->name) &&
        !evidence->for_server) {
        return guess_provided(evidence, guess, BULLA_INFER_FAMILY,
                              "who runs the object store hands it out");
    }
    bool is_secret = family == BULLA_NAME_PASSWORD || family == BULLA_NAME_KEY ||
                     family == BULLA_NAME_ENCRYPTION_KEY;
    if (is_secret && is_off(evidence)) {
        return guess_provided(evidence, guess, BULLA_INFER_FAMILY,
                              guess_feature_is_off(evidence)
                                  ? "off: the sample switches off what it belongs to"
                              : evidence->commented ? "off: the sample has it in a comment"
                                                    : "off: the sample leaves it empty");
    }
    const char *twin = family == BULLA_NAME_KEY ? find_twin(evidence) : NULL;
    if (twin != NULL) {
        return as_twin(pool, twin, guess, err);
    }
    switch (family) {
    case BULLA_NAME_PASSWORD:
        if (opens_a_key(evidence)) {
            return guess_provided(evidence, guess, BULLA_INFER_FAMILY,
                                  "it opens a key that somebody has");
        }
        return guess_generated(pool, guess, "alnum:32", BULLA_INFER_FAMILY,
                               "assumed from its name; letters and digits need no quoting anywhere",
                               err);
    case BULLA_NAME_ENCRYPTION_KEY:
        return guess_generated(pool, guess, "alnum:32", BULLA_INFER_FAMILY,
                               "assumed from its name: check the form that the application wants",
                               err);
    case BULLA_NAME_KEY:
        if (is_half_of_pair(evidence->name)) {
            return guess_provided(evidence, guess, BULLA_INFER_FAMILY,
                                  "a private key belongs to a public one that somebody has");
        }
        return guess_generated(pool, guess, "hex:32", BULLA_INFER_FAMILY, "assumed from its name",
                               err);
    case BULLA_NAME_PUBLIC:
        return guess_provided(evidence, guess, BULLA_INFER_FAMILY, "the public half of a key");
    case BULLA_NAME_URL:
        return is_server_url(evidence) ? guess_server_url(evidence, guess) : NO_OPINION;
    case BULLA_NAME_PLAIN:
        if (is_licence(evidence)) {
            return guess_provided(evidence, guess, BULLA_INFER_FAMILY,
                                  "whoever sells it hands it out");
        }
        return is_servers_password(evidence)
                   ? guess_generated(pool, guess, "alnum:32", BULLA_INFER_FAMILY,
                                     "a server of the stack takes it for its password", err)
                   : NO_OPINION;
    }
    return NO_OPINION;
}
