/* Secrets in the clear: what a name and a text together give away. */
#include <string.h>

#include "base/ascii.h"
#include "bulla/shape.h"
#include "shape/words.h"

#include "base/banned.h"

#define MANY_DIFFERENT 6
#define LEAST_WEBHOOK 30
#define MOST_LOOKED_AT 512  /* bytes behind a name: a longer text says no more */
#define LEAST_HANDED_OUT 16 /* no token of those prefixes is shorter */
#define LEAST_PEM 100       /* the shortest key, one of ed25519, has 119 bytes */

static bool is_word_byte(uint8_t c)
{
    return ascii_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/* At least COUNT different bytes: a row of x is no token. */
static bool has_many_different(struct bulla_bytes text, size_t count)
{
    bool seen[256] = {false};
    size_t different = 0;
    for (size_t i = 0; i < text.len; i++) {
        different += !seen[text.data[i]];
        seen[text.data[i]] = true;
    }
    return different >= count;
}

static bool has_digit(struct bulla_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (ascii_is_digit(text.data[i])) {
            return true;
        }
    }
    return false;
}

/* --- tokens that say what they are ------------------------------------------------------------ */

static const struct {
    const char *prefix;
    size_t least; /* bytes behind it */
    const char *what;
} tokens[] = {
    {"ghp_", 30, "a GitHub token"},
    {"gho_", 30, "a GitHub token"},
    {"ghs_", 30, "a GitHub token"},
    {"ghr_", 30, "a GitHub token"},
    {"github_pat_", 40, "a GitHub token"},
    {"glpat-", 20, "a GitLab token"},
    {"xoxb-", 20, "a Slack token"},
    {"xoxp-", 20, "a Slack token"},
    {"sk_live_", 16, "a Stripe key"},
    {"rk_live_", 16, "a Stripe key"},
    {"whsec_", 24, "a webhook's secret"},
    {"sk-ant-", 30, "an Anthropic key"},
    {"sk-proj-", 30, "an OpenAI key"},
    {"hf_", 30, "a Hugging Face token"},
    {"npm_", 30, "an npm token"},
    {"dckr_pat_", 20, "a Docker Hub token"},
    {"AKIA", 16, "an AWS key"},
    {"AIza", 35, "a Google key"},
    {"SG.", 40, "a SendGrid key"},
    {"AGE-SECRET-KEY-1", 58, "an age identity"},
};

static const char *find_token(struct bulla_bytes value)
{
    for (size_t at = 0; at < value.len; at++) {
        if (at > 0 && is_word_byte(value.data[at - 1])) {
            continue;
        }
        struct bulla_bytes rest = bulla_bytes_slice(value, at, value.len);
        size_t len = 0;
        while (len < rest.len && is_word_byte(rest.data[len])) {
            len++;
        }
        for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
            size_t prefix = strlen(tokens[i].prefix);
            if (!bulla_bytes_start(rest, tokens[i].prefix) || len < prefix + tokens[i].least) {
                continue;
            }
            struct bulla_bytes body = bulla_bytes_slice(rest, prefix, len - prefix);
            if (has_many_different(body, MANY_DIFFERENT) && has_digit(body) &&
                bulla_placeholder(body) == NULL && !shape_contains(body, "example")) {
                return tokens[i].what;
            }
        }
    }
    return NULL;
}

const char *bulla_token_cut_short(struct bulla_bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (!is_word_byte(value.data[i])) {
            return NULL;
        }
    }
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        if (bulla_bytes_start(value, tokens[i].prefix)) {
            return value.len < strlen(tokens[i].prefix) + tokens[i].least ? tokens[i].what : NULL;
        }
    }
    return NULL;
}

bool bulla_is_handed_out(struct bulla_bytes value)
{
    /* Beside those above: of whose lengths less is known, or which are no secrets. */
    static const char *const prefixes[] = {
        "ghu_",    "xoxa-", "xoxr-",   "xoxs-", "xapp-", "sk_test_",   "rk_test_", "pk_live_",
        "sk-",     "pk_",   "key-",    "ASIA",  "ya29.", "pypi-",      "dop_v1_",  "shpat_",
        "shpss_",  "EAAC",  "EAAG",    "sq0",   "lin_",  "gsk_",       "xai-",     "glrt-",
        "gldt-",   "pat-",  "secret_", "figd_", "r8_",   "tvly-",      "re_",      "phc_",
        "sntrys_", "hvs.",  "dp.",     "1//0",  "eyJ",   "-----BEGIN "};
    if (value.len < LEAST_HANDED_OUT) {
        return false;
    }
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        if (bulla_bytes_start(value, tokens[i].prefix)) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (bulla_bytes_start(value, prefixes[i])) {
            return true;
        }
    }
    return false;
}

/* "-----BEGIN … PRIVATE KEY-----" with a key behind it. */
static bool has_private_key(struct bulla_bytes value)
{
    for (size_t at = 0; at < value.len; at++) {
        struct bulla_bytes head = bulla_bytes_slice(value, at, 64);
        if (bulla_bytes_start(head, "-----BEGIN ") && shape_contains(head, "private key-----") &&
            value.len - at > LEAST_PEM) {
            return true;
        }
    }
    return false;
}

/* --- URLs ------------------------------------------------------------------------------------- */

static bool is_in_clear(struct bulla_bytes text)
{
    return text.len > 0 && memchr(text.data, '$', text.len) == NULL && text.data[0] != '<' &&
           text.data[0] != '{' && text.data[0] != '[' && !shape_contains(text, "xxxx") &&
           text.data[0] != '*';
}

static bool has_password_in_url(struct bulla_bytes value)
{
    struct bulla_url url;
    return bulla_url_split(value, &url) && is_in_clear(url.password);
}

/* "?user=a&password=b", "Server=db;Password=b;", "-Ddb.password=b": a password among settings. */
static bool has_password_setting(struct bulla_bytes value)
{
    static const char *const names[] = {"password=", "passwd=", "pwd="};
    for (size_t at = 1; at < value.len; at++) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            struct bulla_bytes rest = bulla_bytes_slice(value, at, value.len);
            if (strchr("?&;. ", value.data[at - 1]) == NULL || !shape_starts(rest, names[i])) {
                continue;
            }
            struct bulla_bytes text = bulla_bytes_slice(rest, strlen(names[i]), MOST_LOOKED_AT);
            size_t len = 0;
            while (len < text.len && strchr("&; \t\n\"'", text.data[len]) == NULL) {
                len++;
            }
            text = bulla_bytes_slice(text, 0, len);
            if (is_in_clear(text) && bulla_placeholder(text) == NULL) {
                return true;
            }
        }
    }
    return false;
}

/* The path of a webhook is all that its caller has to know. */
static bool has_webhook(struct bulla_bytes value)
{
    static const char *const places[] = {"hooks.slack.com/services/", "discord.com/api/webhooks/",
                                         "discordapp.com/api/webhooks/"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        size_t len = strlen(places[i]);
        for (size_t at = 0; at + len < value.len; at++) {
            struct bulla_bytes path = bulla_bytes_slice(value, at + len, MOST_LOOKED_AT);
            if (bulla_bytes_start(bulla_bytes_slice(value, at, len), places[i]) &&
                path.len >= LEAST_WEBHOOK && is_in_clear(path) && has_digit(path) &&
                has_many_different(path, MANY_DIFFERENT) && bulla_placeholder(path) == NULL) {
                return true;
            }
        }
    }
    return false;
}

/* --- names ------------------------------------------------------------------------------------ */

bool bulla_is_switch(struct bulla_bytes value)
{
    static const char *const words[] = {"0",  "1",   "true", "false", "yes",      "no",
                                        "on", "off", "y",    "n",     "disabled", "enabled"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (shape_is(value, words[i])) {
            return true;
        }
    }
    return false;
}

/* A switch, or a word that leaves what it is to somebody else. */
static bool is_choice(struct bulla_bytes value)
{
    return bulla_is_switch(value) || shape_is(value, "none") || shape_is(value, "null") ||
           shape_is(value, "auto") || shape_is(value, "unset") || shape_is(value, "default");
}

/* A file's name, a URL without a password, a list of words, a template of somebody else's. */
static bool is_something_else(struct bulla_bytes value)
{
    uint8_t first = value.data[0];
    return first == '/' || first == '.' || first == '<' || first == '{' || first == '[' ||
           first == '*' || (first == '~' && value.len > 1 && value.data[1] == '/') ||
           shape_contains(value, "://") || shape_ends(value, ".pem") || shape_ends(value, ".key") ||
           shape_ends(value, ".crt") || shape_ends(value, ".json") || shape_ends(value, ".txt");
}

/* Words by which an author says that a key opens nothing. */
static bool says_it_is_none(struct bulla_bytes value)
{
    static const char *const words[] = {
        "dummy", "fake", "unused",  "not-used", "notused",  "not_used", "example", "placeholder",
        "build", "xxxx", "collect", "not-need", "anything", "whatever", "ignored"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (shape_contains(value, words[i])) {
            return true;
        }
    }
    return shape_is(value, "test") || shape_is(value, "foo") || shape_is(value, "local") ||
           shape_is(value, "x") || shape_is(value, "na") || shape_is(value, "n/a");
}

/* Made by a generator, by its looks. */
static bool looks_random(struct bulla_bytes value)
{
    switch (bulla_shape_of(value)) {
    case BULLA_SHAPE_HEX:
    case BULLA_SHAPE_BASE64:
    case BULLA_SHAPE_BASE64_KEY:
    case BULLA_SHAPE_FERNET:
    case BULLA_SHAPE_UUID:
        return has_many_different(value, MANY_DIFFERENT);
    case BULLA_SHAPE_JWT:
        return true;
    case BULLA_SHAPE_EMPTY:
    case BULLA_SHAPE_BOOLEAN:
    case BULLA_SHAPE_INTEGER:
    case BULLA_SHAPE_NUMBER:
    case BULLA_SHAPE_PEM:
    case BULLA_SHAPE_URL:
    case BULLA_SHAPE_EMAIL:
    case BULLA_SHAPE_TEXT:
        break;
    }
    return false;
}

/* True where NAME's last word alone makes a secret of nearly any text: SECRET, TOKEN, API_KEY. */
static bool is_strong_name(const char *name)
{
    static const char *const ends[] = {
        "secret",         "token",       "secret_key",  "api_key",       "apikey",
        "auth_key",       "access_key",  "private_key", "master_key",    "app_key",
        "encryption_key", "signing_key", "jwt_key",     "key_base",      "credentials",
        "session_key",    "enc_key",     "admin_key",   "cookie_secret", "erlang_cookie"};
    struct bulla_bytes text = bulla_bytes_of(name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (shape_ends(text, ends[i])) {
            return true;
        }
    }
    return false;
}

static const char *judge_key(const char *name, struct bulla_bytes value)
{
    if (says_it_is_none(value) || memchr(value.data, ' ', value.len) != NULL) {
        return NULL;
    }
    enum bulla_shape shape = bulla_shape_of(value);
    bool is_number = shape == BULLA_SHAPE_INTEGER || shape == BULLA_SHAPE_NUMBER;
    if (looks_random(value) || (is_strong_name(name) && value.len >= 4 && !is_number)) {
        return "a secret";
    }
    return NULL;
}

const char *bulla_secret_in_clear(const char *name, struct bulla_bytes value)
{
    if (value.len == 0) {
        return NULL;
    }
    if (has_private_key(value)) {
        return "a private key";
    }
    const char *token = find_token(value);
    if (token != NULL) {
        return token;
    }
    if (has_password_in_url(value)) {
        return "a password in a URL";
    }
    if (has_webhook(value)) {
        return "a webhook's secret";
    }
    if (has_password_setting(value)) {
        return "a password";
    }
    if (name == NULL || memchr(value.data, '$', value.len) != NULL || is_choice(value) ||
        is_something_else(value)) {
        return NULL;
    }
    if (strcmp(name, "NEO4J_AUTH") == 0) {
        return memchr(value.data, '/', value.len) != NULL ? "a password" : NULL;
    }
    switch (bulla_name_family(name)) {
    case BULLA_NAME_PASSWORD:
        return "a password";
    case BULLA_NAME_KEY:
    case BULLA_NAME_ENCRYPTION_KEY:
        return judge_key(name, value);
    case BULLA_NAME_PLAIN:
    case BULLA_NAME_URL:
    case BULLA_NAME_PUBLIC:
        break;
    }
    return NULL;
}
