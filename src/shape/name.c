#include <string.h>

#include "bulla/shape.h"
#include "shape/words.h"

#include "base/banned.h"

/* Last words that make configuration of whatever stands before them: TOKEN_EXPIRE_MINUTES. */
static const char *const plain_endings[] = {
    "algorithm", "alg",      "bits",      "bytes",      "count",    "days",    "dir",
    "enabled",   "endpoint", "expire",    "expires",    "expiry",   "file",    "format",
    "header",    "host",     "hours",     "iterations", "issuer",   "length",  "level",
    "lifetime",  "limit",    "lookup",    "max",        "min",      "minutes", "mode",
    "model",     "ms",       "name",      "path",       "policy",   "port",    "prefix",
    "provider",  "required", "retention", "rounds",     "seconds",  "size",    "store",
    "timeout",   "ttl",      "type",      "user",       "username", "version", "disabled",
    "env",       "attempts", "interval",  "age",        "tokens",
};

/* Last words of a name whose value is a secret, and of which family. */
static const struct {
    const char *word;
    enum bulla_name_family family;
} endings[] = {
    {"password", BULLA_NAME_PASSWORD}, {"passwd", BULLA_NAME_PASSWORD},
    {"pass", BULLA_NAME_PASSWORD},     {"pwd", BULLA_NAME_PASSWORD},
    {"pw", BULLA_NAME_PASSWORD},       {"passphrase", BULLA_NAME_PASSWORD},
    {"passcode", BULLA_NAME_PASSWORD}, {"secret", BULLA_NAME_KEY},
    {"secrets", BULLA_NAME_KEY},       {"token", BULLA_NAME_KEY},
    {"key", BULLA_NAME_KEY},           {"keys", BULLA_NAME_KEY},
    {"apikey", BULLA_NAME_KEY},        {"salt", BULLA_NAME_KEY},
    {"pepper", BULLA_NAME_KEY},        {"credential", BULLA_NAME_KEY},
    {"credentials", BULLA_NAME_KEY},   {"hmac", BULLA_NAME_KEY},
    {"kek", BULLA_NAME_KEY},           {"jwt", BULLA_NAME_KEY},
    {"cookie", BULLA_NAME_KEY},        {"signature", BULLA_NAME_KEY},
    {"url", BULLA_NAME_URL},           {"uri", BULLA_NAME_URL},
    {"dsn", BULLA_NAME_URL},
};

/* The last word of TEXT, which ends at *END; *END moves before it. */
static struct bulla_bytes last_word(const char *text, size_t *end)
{
    size_t start = *end;
    while (start > 0 && text[start - 1] != '_' && text[start - 1] != '-' &&
           text[start - 1] != '.') {
        start--;
    }
    struct bulla_bytes word = bulla_bytes(text + start, *end - start);
    *end = start > 0 ? start - 1 : 0;
    return word;
}

static bool is_number(struct bulla_bytes word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.data[i] < '0' || word.data[i] > '9') {
            return false;
        }
    }
    return word.len > 0;
}

/* What the words before "key" make of it. */
static enum bulla_name_family family_of_key(const char *name, size_t end)
{
    struct bulla_bytes before = end > 0 ? last_word(name, &end) : bulla_bytes(NULL, 0);
    if (shape_is(before, "public") || shape_is(before, "pub") || shape_is(before, "publishable") ||
        shape_is(before, "site") || shape_is(before, "sort") || shape_is(before, "partition")) {
        return BULLA_NAME_PUBLIC;
    }
    if (shape_is(before, "encryption") || shape_is(before, "enc") || shape_is(before, "crypto") ||
        shape_is(before, "cipher")) {
        return BULLA_NAME_ENCRYPTION_KEY;
    }
    return BULLA_NAME_KEY;
}

/* What bundlers put into a page for everybody to read. */
static bool is_for_browsers(struct bulla_bytes name)
{
    static const char *const prefixes[] = {"next_public_", "nuxt_public_", "expo_public_",
                                           "public_",      "vite_",        "react_app_",
                                           "vue_app_",     "gatsby_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (shape_starts(name, prefixes[i])) {
            return true;
        }
    }
    return false;
}

static enum bulla_name_family family_by_words(const char *name)
{
    size_t end = strlen(name);
    struct bulla_bytes word = last_word(name, &end);
    if (is_number(word) && end > 0) {
        word = last_word(name, &end);
    }
    if (end > 0 && shape_is(word, "id")) {
        struct bulla_bytes before = last_word(name, &end);
        return shape_is(before, "key") ? BULLA_NAME_PUBLIC : BULLA_NAME_PLAIN;
    }
    if (shape_is(word, "base") || shape_is(word, "b64") || shape_is(word, "base64") ||
        shape_is(word, "hex") || shape_is(word, "value") || shape_is(word, "text")) {
        /* SECRET_KEY_BASE, …_KEY_B64: the word before decides. */
        if (end > 0) {
            word = last_word(name, &end);
        }
    }
    for (size_t i = 0; i < sizeof plain_endings / sizeof *plain_endings; i++) {
        if (shape_is(word, plain_endings[i])) {
            return BULLA_NAME_PLAIN;
        }
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (shape_is(word, endings[i].word)) {
            return shape_is(word, "key") ? family_of_key(name, end) : endings[i].family;
        }
    }
    if (shape_ends(word, "password") || shape_ends(word, "passwd")) {
        return BULLA_NAME_PASSWORD;
    }
    if (shape_ends(word, "secret") || shape_ends(word, "token") || shape_ends(word, "apikey")) {
        return BULLA_NAME_KEY;
    }
    return BULLA_NAME_PLAIN;
}

enum bulla_name_family bulla_name_family(const char *name)
{
    enum bulla_name_family family = family_by_words(name);
    bool is_secret = family == BULLA_NAME_KEY || family == BULLA_NAME_ENCRYPTION_KEY ||
                     family == BULLA_NAME_PASSWORD;
    return is_secret && is_for_browsers(bulla_bytes_of(name)) ? BULLA_NAME_PUBLIC : family;
}

bool bulla_name_is_secret(const char *name)
{
    enum bulla_name_family family = bulla_name_family(name);
    return family == BULLA_NAME_PASSWORD || family == BULLA_NAME_KEY ||
           family == BULLA_NAME_ENCRYPTION_KEY;
}

/*
 * Words of names whose values only an outside party can give; with where to get them where that
 * place is well known. A word counts as a whole, between separators.
 */
static const struct {
    const char *word;
    struct bulla_third_party party;
} parties[] = {
    {"binance", {"Binance", "https://www.binance.com/en/my/settings/api-management"}},
    {"bybit", {"Bybit", NULL}},
    {"coinbase", {"Coinbase", NULL}},
    {"kraken", {"Kraken", NULL}},
    {"alpaca", {"Alpaca", NULL}},
    {"polygon", {"Polygon", NULL}},
    {"telegram", {"Telegram", "https://t.me/BotFather"}},
    {"openai", {"OpenAI", "https://platform.openai.com/api-keys"}},
    {"anthropic", {"Anthropic", "https://console.anthropic.com/settings/keys"}},
    {"gemini", {"Google", NULL}},
    {"mistral", {"Mistral", NULL}},
    {"groq", {"Groq", NULL}},
    {"cohere", {"Cohere", NULL}},
    {"huggingface", {"Hugging Face", "https://huggingface.co/settings/tokens"}},
    {"stripe", {"Stripe", "https://dashboard.stripe.com/apikeys"}},
    {"paypal", {"PayPal", NULL}},
    {"aws", {"AWS", NULL}},
    {"azure", {"Azure", NULL}},
    {"gcp", {"Google Cloud", NULL}},
    {"google", {"Google", NULL}},
    {"github", {"GitHub", NULL}},
    {"gitlab", {"GitLab", NULL}},
    {"discord", {"Discord", NULL}},
    {"slack", {"Slack", NULL}},
    {"twilio", {"Twilio", NULL}},
    {"sendgrid", {"SendGrid", NULL}},
    {"mailgun", {"Mailgun", NULL}},
    {"postmark", {"Postmark", NULL}},
    {"resend", {"Resend", NULL}},
    {"smtp", {"the mail provider", NULL}},
    {"mail", {"the mail provider", NULL}},
    {"email", {"the mail provider", NULL}},
    {"sentry", {"Sentry", NULL}},
    {"datadog", {"Datadog", NULL}},
    {"newrelic", {"New Relic", NULL}},
    {"honeycomb", {"Honeycomb", NULL}},
    {"cloudflare", {"Cloudflare", NULL}},
    {"cf", {"Cloudflare", NULL}},
    {"digitalocean", {"DigitalOcean", NULL}},
    {"hetzner", {"Hetzner", NULL}},
    {"recaptcha", {"Google reCAPTCHA", NULL}},
    {"hcaptcha", {"hCaptcha", NULL}},
    {"turnstile", {"Cloudflare", NULL}},
    {"mapbox", {"Mapbox", NULL}},
    {"facebook", {"Facebook", NULL}},
    {"twitter", {"Twitter", NULL}},
    {"linkedin", {"LinkedIn", NULL}},
    {"apple", {"Apple", NULL}},
    {"microsoft", {"Microsoft", NULL}},
    {"ldap", {"the directory's administrator", NULL}},
    {"oauth", {"the identity provider", NULL}},
    {"oidc", {"the identity provider", NULL}},
    {"tailscale", {"Tailscale", NULL}},
    {"ngrok", {"ngrok", NULL}},
    {"ib", {"Interactive Brokers", NULL}},
    {"algolia", {"Algolia", NULL}},
    {"deepl", {"DeepL", NULL}},
    {"fly", {"Fly.io", NULL}},
    {"fred", {"FRED", "https://fred.stlouisfed.org/docs/api/api_key.html"}},
    {"lemonsqueezy", {"Lemon Squeezy", NULL}},
    {"plaid", {"Plaid", NULL}},
    {"posthog", {"PostHog", NULL}},
    {"pusher", {"Pusher", NULL}},
    {"razorpay", {"Razorpay", NULL}},
    {"relic", {"New Relic", NULL}},
    {"ses", {"AWS", NULL}},
    {"spotify", {"Spotify", NULL}},
    {"vercel", {"Vercel", NULL}},
    {"xai", {"xAI", "https://console.x.ai"}},
};

const struct bulla_third_party *bulla_name_third_party(const char *name)
{
    bool is_webhook = shape_contains(bulla_bytes_of(name), "webhook");
    for (size_t end = strlen(name); end > 0;) {
        struct bulla_bytes word = last_word(name, &end);
        for (size_t i = 0; i < sizeof parties / sizeof *parties; i++) {
            if (!shape_is(word, parties[i].word)) {
                continue;
            }
            /* Telegram takes a webhook's secret from us; Stripe and GitHub hand theirs out. */
            if (is_webhook && shape_is(word, "telegram")) {
                return NULL;
            }
            return &parties[i].party;
        }
    }
    return NULL;
}
