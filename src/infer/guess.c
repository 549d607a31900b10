#include <stdio.h>
#include <string.h>

#include "base/pool.h"
#include "bulla/infer.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "infer/hint.h"
#include "infer/url.h"
#include "shape/words.h"

#include "base/banned.h"

struct bulla_guesser {
    struct pool *pool;
};

struct bulla_guesser *bulla_guesser_new(struct bulla_error *err)
{
    struct bulla_guesser *guesser = bulla_alloc(1, sizeof *guesser, err);
    if (guesser == NULL) {
        return NULL;
    }
    guesser->pool = pool_new(err);
    if (guesser->pool == NULL) {
        bulla_free(guesser);
        return NULL;
    }
    return guesser;
}

void bulla_guesser_free(struct bulla_guesser *guesser)
{
    if (guesser != NULL) {
        pool_free(guesser->pool);
        bulla_free(guesser);
    }
}

/* What a step says: it decided, it has nothing to say, or memory ran out. */
enum verdict { DECIDED, NO_OPINION, FAILED };

static enum verdict generated(struct pool *pool, struct bulla_guess *guess, const char *kind,
                              enum bulla_infer_step step, const char *why, struct bulla_error *err)
{
    guess->kind = pool_strdup(pool, kind, err);
    guess->role = BULLA_ROLE_GENERATED;
    guess->step = step;
    guess->why = why;
    return guess->kind != NULL ? DECIDED : FAILED;
}

static enum verdict provided(const struct bulla_evidence *evidence, struct bulla_guess *guess,
                             enum bulla_infer_step step, const char *why)
{
    const struct bulla_third_party *party = bulla_name_third_party(evidence->name);
    guess->role = BULLA_ROLE_PROVIDED;
    guess->obtain = party != NULL ? party->obtain : NULL;
    /* A placeholder in a file that a service reads whole says that somebody has to fill it in. */
    bool is_awaited = evidence->in_env_file && !evidence->referenced && evidence->sample != NULL &&
                      bulla_placeholder(bulla_bytes_of(evidence->sample)) != NULL;
    guess->optional = !evidence->required && (!is_awaited || evidence->commented);
    guess->step = step;
    guess->why = why;
    return DECIDED;
}

static struct bulla_bytes view_of(const char *text)
{
    return text == NULL ? bulla_bytes(NULL, 0) : bulla_bytes_of(text);
}

/* Step 2: a command, wherever somebody wrote one for this variable. */
static enum verdict by_instruction(struct pool *pool, const struct bulla_evidence *evidence,
                                   struct bulla_guess *guess, struct bulla_error *err)
{
    char kind[INFER_KIND_MAX];
    for (size_t i = 0; evidence->messages != NULL && evidence->messages[i] != NULL; i++) {
        struct bulla_bytes message = bulla_bytes_of(evidence->messages[i]);
        if (infer_read_command(message, kind)) {
            return generated(pool, guess, kind, BULLA_INFER_INSTRUCTION,
                             "the compose file's message says how to make it", err);
        }
        if (infer_names_key_pair(message)) {
            return provided(evidence, guess, BULLA_INFER_INSTRUCTION,
                            "the compose file's message names a command for key pairs");
        }
    }
    if (!bulla_name_is_secret(evidence->name)) {
        return NO_OPINION;
    }
    struct bulla_bytes sample = view_of(evidence->sample);
    if (infer_read_command(sample, kind)) {
        return generated(pool, guess, kind, BULLA_INFER_INSTRUCTION,
                         "the sample value says how to make it", err);
    }
    struct bulla_bytes comment = view_of(evidence->comment);
    if (infer_read_command(comment, kind)) {
        return generated(pool, guess, kind, BULLA_INFER_INSTRUCTION,
                         "the comment beside it says how to make it", err);
    }
    if (infer_names_key_pair(comment)) {
        return provided(evidence, guess, BULLA_INFER_INSTRUCTION,
                        "the comment beside it names a command for key pairs");
    }
    return NO_OPINION;
}

/* Step 3: a length or an alphabet that somebody stated. Third parties' values have theirs too. */
static enum verdict by_constraint(struct pool *pool, const struct bulla_evidence *evidence,
                                  struct bulla_guess *guess, struct bulla_error *err)
{
    char kind[INFER_KIND_MAX];
    bool is_off = evidence->commented && !evidence->required && !evidence->plain;
    if (!bulla_name_is_secret(evidence->name) || bulla_name_third_party(evidence->name) != NULL ||
        is_off) {
        return NO_OPINION;
    }
    for (size_t i = 0; evidence->messages != NULL && evidence->messages[i] != NULL; i++) {
        if (infer_read_constraint(bulla_bytes_of(evidence->messages[i]), kind)) {
            return generated(pool, guess, kind, BULLA_INFER_CONSTRAINT,
                             "the compose file's message states its form", err);
        }
    }
    struct bulla_bytes sample = view_of(evidence->sample);
    if (bulla_placeholder(sample) != NULL && infer_read_constraint(sample, kind)) {
        return generated(pool, guess, kind, BULLA_INFER_CONSTRAINT,
                         "the sample value states its form", err);
    }
    if (infer_read_constraint(view_of(evidence->comment), kind)) {
        return generated(pool, guess, kind, BULLA_INFER_CONSTRAINT,
                         "the comment beside it states its form", err);
    }
    return NO_OPINION;
}

/* Step 4: names whose form the project that reads them states. */
static const struct {
    const char *name;
    const char *kind;
} known_names[] = {
    {"APP_KEY", "laravel"},
    {"AUTH_SECRET", "base64:32"},
    {"DD_SECRET_KEY", "hex:25"},
    {"DJANGO_SECRET_KEY", "alnum:50"},
    {"DOCMOST_APP_SECRET", "hex:32"},
    {"FERNET_KEY", "fernet"},
    {"LAGO_ENCRYPTION_DETERMINISTIC_KEY", "hex:16"},
    {"LAGO_ENCRYPTION_KEY_DERIVATION_SALT", "hex:16"},
    {"LAGO_ENCRYPTION_PRIMARY_KEY", "hex:16"},
    {"MEILI_MASTER_KEY", "alnum:32"},
    {"NEXTAUTH_SECRET", "base64:32"},
    {"OPENCTI_ADMIN_TOKEN", "uuid"},
    {"PAPERLESS_SECRET_KEY", "base64url:64"},
    {"PG_META_CRYPTO_KEY", "alnum:32"},
    {"RAILS_MASTER_KEY", "hex:16"},
    {"REALTIME_DB_ENC_KEY", "alnum:16"},
    {"SECRET_KEY_BASE", "hex:64"},
    {"SOGO_URL_ENCRYPTION_KEY", "alnum:16"},
    {"STATIC_CRON_TOKEN", "alnum:32"},
    {"VAULT_ENC_KEY", "alnum:32"},
};

static bool is_jwt_key(const char *name)
{
    return strcmp(name, "SECRET_KEY") == 0 || strcmp(name, "JWT_SECRET") == 0 ||
           strcmp(name, "JWT_SECRET_KEY") == 0 || strcmp(name, "JWT_KEY") == 0;
}

static enum verdict by_known_name(struct pool *pool, const struct bulla_evidence *evidence,
                                  struct bulla_guess *guess, struct bulla_error *err)
{
    for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++) {
        if (strcmp(evidence->name, known_names[i].name) == 0) {
            return generated(pool, guess, known_names[i].kind, BULLA_INFER_KNOWN_NAME,
                             "projects that read this name want this form", err);
        }
    }
    static const struct {
        const char *algorithm;
        const char *kind;
    } keys[] = {{"HS256", "jwt-hs256"}, {"HS384", "jwt-hs384"}, {"HS512", "jwt-hs512"}};
    for (size_t i = 0; evidence->jwt_algorithm != NULL && i < 3; i++) {
        if (is_jwt_key(evidence->name) && strcmp(evidence->jwt_algorithm, keys[i].algorithm) == 0) {
            return generated(pool, guess, keys[i].kind, BULLA_INFER_KNOWN_NAME,
                             "the project signs tokens with this algorithm", err);
        }
    }
    return NO_OPINION;
}

/* Step 5: the sample's shape, never its value. */
static enum verdict by_shape(struct pool *pool, const struct bulla_evidence *evidence,
                             struct bulla_guess *guess, struct bulla_error *err)
{
    static const char because[] = "its sample value has this form";
    char kind[INFER_KIND_MAX];
    if (!bulla_name_is_secret(evidence->name) || bulla_name_third_party(evidence->name) != NULL) {
        return NO_OPINION;
    }
    struct bulla_bytes sample = view_of(evidence->sample);
    size_t padding = 0;
    switch (bulla_shape_of(sample)) {
    case BULLA_SHAPE_HEX:
        (void)snprintf(kind, sizeof kind, "hex:%zu", sample.len / 2);
        return generated(pool, guess, kind, BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_UUID:
        return generated(pool, guess, "uuid", BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_FERNET:
        return generated(pool, guess, "fernet", BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_BASE64_KEY:
        return generated(pool, guess, "laravel", BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_BASE64:
        while (padding < 2 && sample.data[sample.len - 1 - padding] == '=') {
            padding++;
        }
        (void)snprintf(kind, sizeof kind, "base64:%zu", sample.len / 4 * 3 - padding);
        return generated(pool, guess, kind, BULLA_INFER_SHAPE, because, err);
    case BULLA_SHAPE_JWT:
        return provided(evidence, guess, BULLA_INFER_SHAPE, "its sample value is a signed token");
    case BULLA_SHAPE_PEM:
        return provided(evidence, guess, BULLA_INFER_SHAPE, "its sample value is a key in PEM");
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

static bool has_password(struct bulla_bytes text)
{
    struct bulla_url url;
    return bulla_url_split(text, &url) && url.password.len > 0;
}

/*
 * Step 6: a value that holds another one, mostly a URL with a password. Where the sample has a
 * value of its own, the compose file's default counts only as such a URL.
 */
static enum verdict by_url(struct pool *pool, const struct bulla_evidence *evidence,
                           struct bulla_guess *guess, struct bulla_error *err)
{
    const char *const texts[] = {evidence->existing, evidence->sample, evidence->compose_default};
    const char *text = NULL;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *template_text = NULL;
        bool is_second = i == 2 && text != NULL;
        if (texts[i] == NULL || texts[i][0] == '\0' ||
            (is_second && !has_password(bulla_bytes_of(texts[i])))) {
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
        return provided(evidence, guess, BULLA_INFER_URL,
                        "a URL with a password that nobody names");
    }
    return NO_OPINION;
}

/* Step 7: only somebody outside can give it. A DSN or a webhook's URL of theirs is one too. */
static enum verdict by_third_party(const struct bulla_evidence *evidence, struct bulla_guess *guess)
{
    const struct bulla_third_party *party = bulla_name_third_party(evidence->name);
    if (party == NULL) {
        return NO_OPINION;
    }
    enum bulla_name_family family = bulla_name_family(evidence->name);
    bool is_theirs = family == BULLA_NAME_PUBLIC || bulla_name_is_secret(evidence->name);
    if (family == BULLA_NAME_URL) {
        size_t len = strlen(evidence->name);
        bool is_dsn = len > 4 && strcmp(evidence->name + len - 4, "_DSN") == 0;
        is_theirs = is_dsn || strstr(evidence->name, "WEBHOOK") != NULL;
    }
    return is_theirs ? provided(evidence, guess, BULLA_INFER_THIRD_PARTY,
                                "only an outside party can give it")
                     : NO_OPINION;
}

/* A secret-like name whose value is a switch: VERIFY_JWT, MUST_HAVE_PASSWORD. */
static bool is_switch(const struct bulla_evidence *evidence)
{
    const char *text = evidence->sample != NULL && evidence->sample[0] != '\0'
                           ? evidence->sample
                           : evidence->compose_default;
    return text != NULL && bulla_shape_of(bulla_bytes_of(text)) == BULLA_SHAPE_BOOLEAN;
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
            has_words(name, "ACCESS_TOKEN") || has_words(name, "AUTH_TOKEN"));
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

static bool says_it_may_be_empty(const struct bulla_evidence *evidence)
{
    return infer_says_optional(view_of(evidence->comment));
}

/*
 * An empty line of a sample, or one in a comment, says that the stack runs without the value. What
 * speaks against that: a compose file or a server that wants it, or a name that is an application's
 * own secret.
 */
static bool is_off(const struct bulla_evidence *evidence)
{
    bool is_blank = evidence->sample != NULL && evidence->sample[0] == '\0';
    if (evidence->required || is_servers_password(evidence) ||
        (!evidence->commented && !is_blank)) {
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
static enum verdict by_link(struct pool *pool, const struct bulla_evidence *evidence,
                            struct bulla_guess *guess, struct bulla_error *err)
{
    bool is_blank = evidence->sample == NULL || evidence->sample[0] == '\0' ||
                    bulla_placeholder(bulla_bytes_of(evidence->sample)) != NULL;
    struct bulla_bytes link;
    if (!bulla_name_is_secret(evidence->name) || !is_blank || is_own_key(evidence->name) ||
        is_servers_password(evidence) ||
        !infer_read_link(view_of(evidence->comment), evidence->name, &link)) {
        return NO_OPINION;
    }
    (void)provided(evidence, guess, BULLA_INFER_THIRD_PARTY,
                   "the comment beside it says who hands it out");
    guess->obtain = pool_strndup(pool, link.data, link.len, err);
    return guess->obtain != NULL ? DECIDED : FAILED;
}

/* Step 8: the family of its name. */
static enum verdict by_family(struct pool *pool, const struct bulla_evidence *evidence,
                              struct bulla_guess *guess, struct bulla_error *err)
{
    enum bulla_name_family family = bulla_name_family(evidence->name);
    if ((family == BULLA_NAME_KEY || family == BULLA_NAME_ENCRYPTION_KEY) &&
        looks_handed_out(evidence)) {
        return provided(evidence, guess, BULLA_INFER_FAMILY,
                        "looks like a key that somebody hands out; a kind makes one instead");
    }
    bool is_secret = family == BULLA_NAME_PASSWORD || family == BULLA_NAME_KEY ||
                     family == BULLA_NAME_ENCRYPTION_KEY;
    if (is_secret && is_off(evidence)) {
        return provided(evidence, guess, BULLA_INFER_FAMILY,
                        evidence->commented ? "off: the sample has it in a comment"
                                            : "off: the sample leaves it empty");
    }
    const char *twin = family == BULLA_NAME_KEY ? find_twin(evidence) : NULL;
    if (twin != NULL) {
        return as_twin(pool, twin, guess, err);
    }
    switch (family) {
    case BULLA_NAME_PASSWORD:
        return generated(pool, guess, "alnum:32", BULLA_INFER_FAMILY,
                         "assumed from its name; letters and digits need no quoting anywhere", err);
    case BULLA_NAME_ENCRYPTION_KEY:
        return generated(pool, guess, "alnum:32", BULLA_INFER_FAMILY,
                         "assumed from its name: check the form that the application wants", err);
    case BULLA_NAME_KEY:
        if (strstr(evidence->name, "PRIVATE_KEY") != NULL) {
            return provided(evidence, guess, BULLA_INFER_FAMILY,
                            "a private key belongs to a public one that somebody has");
        }
        return generated(pool, guess, "hex:32", BULLA_INFER_FAMILY, "assumed from its name", err);
    case BULLA_NAME_PUBLIC:
        return provided(evidence, guess, BULLA_INFER_FAMILY, "the public half of a key");
    case BULLA_NAME_PLAIN:
    case BULLA_NAME_URL:
        break;
    }
    return NO_OPINION;
}

static enum bulla_value_type type_of(const char *name, const char *text)
{
    size_t len = strlen(name);
    switch (bulla_shape_of(bulla_bytes_of(text))) {
    case BULLA_SHAPE_BOOLEAN:
        return BULLA_TYPE_BOOLEAN;
    case BULLA_SHAPE_INTEGER:
        if (len >= 4 && strcmp(name + len - 4, "PORT") == 0 && text[0] != '-') {
            return BULLA_TYPE_PORT;
        }
        /* "2" may well become "0.5": a sample alone does not say that it may not. */
        return BULLA_TYPE_NUMBER;
    case BULLA_SHAPE_NUMBER:
        return BULLA_TYPE_NUMBER;
    case BULLA_SHAPE_URL:
        return BULLA_TYPE_URL;
    case BULLA_SHAPE_EMAIL:
        return BULLA_TYPE_EMAIL;
    case BULLA_SHAPE_EMPTY:
    case BULLA_SHAPE_UUID:
    case BULLA_SHAPE_HEX:
    case BULLA_SHAPE_BASE64:
    case BULLA_SHAPE_BASE64_KEY:
    case BULLA_SHAPE_FERNET:
    case BULLA_SHAPE_JWT:
    case BULLA_SHAPE_PEM:
    case BULLA_SHAPE_TEXT:
        break;
    }
    return BULLA_TYPE_TEXT;
}

/* Step 9: configuration. What has no value yet and is needed has to be asked for. */
static void as_setting(const struct bulla_evidence *evidence, struct bulla_guess *guess)
{
    guess->role = BULLA_ROLE_SETTING;
    guess->step = BULLA_INFER_ASK;
    if (evidence->sample != NULL && evidence->sample[0] != '\0' &&
        (bulla_placeholder(bulla_bytes_of(evidence->sample)) == NULL ||
         bulla_is_common_word(bulla_bytes_of(evidence->sample))) &&
        strchr(evidence->sample, '$') == NULL) {
        guess->preset = evidence->sample;
        guess->type = type_of(evidence->name, evidence->sample);
        guess->why = "";
        return;
    }
    guess->optional = !evidence->required &&
                      (!evidence->plain || evidence->sample != NULL || evidence->commented);
    /* A placeholder asks for the project's own value, where no compose file has one. */
    guess->awaited = guess->optional && evidence->sample != NULL && evidence->sample[0] != '\0' &&
                     bulla_placeholder(bulla_bytes_of(evidence->sample)) != NULL &&
                     evidence->compose_default == NULL;
    if (evidence->compose_default != NULL && strchr(evidence->compose_default, '$') == NULL) {
        guess->type = type_of(evidence->name, evidence->compose_default);
        guess->why = "unset: the compose file has a default";
    } else {
        guess->why = guess->optional ? "" : "give it a value: default = …, or bulla set";
    }
}

bool bulla_guess(struct bulla_guesser *guesser, const struct bulla_evidence *evidence,
                 struct bulla_guess *ret_guess, struct bulla_error *err)
{
    struct bulla_guess guess = {0};
    struct pool *pool = guesser->pool;
    enum verdict verdict = by_instruction(pool, evidence, &guess, err);
    if (verdict == NO_OPINION && is_switch(evidence)) {
        as_setting(evidence, &guess);
        verdict = DECIDED;
    }
    if (verdict == NO_OPINION) {
        verdict = by_constraint(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = by_known_name(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = by_shape(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = by_url(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = by_third_party(evidence, &guess);
    }
    if (verdict == NO_OPINION) {
        verdict = by_link(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = by_family(pool, evidence, &guess, err);
    }
    if (verdict == FAILED) {
        return false;
    }
    if (verdict == NO_OPINION) {
        as_setting(evidence, &guess);
    }
    if (guess.preset != NULL) {
        guess.preset = pool_strdup(pool, guess.preset, err);
        if (guess.preset == NULL) {
            return false;
        }
    }
    *ret_guess = guess;
    return true;
}
