/* Whose values a name's words point to. */
#include <string.h>

#include "bulla/shape.h"
#include "shape/words.h"

#include "base/banned.h"

/*
 * Words of names whose values only an outside party can give; with where to get them where that
 * place is well known. A word counts as a whole, between separators.
 */
static const struct {
    const char *word;
    struct bulla_third_party party;
    enum bulla_name_family only; /* of names of this family alone; PLAIN, which is none: of all */
} parties[] = {
    {"binance",
     {"Binance", "https://www.binance.com/en/my/settings/api-management"},
     BULLA_NAME_PLAIN},
    {"bybit", {"Bybit", NULL}, BULLA_NAME_PLAIN},
    {"coinbase", {"Coinbase", NULL}, BULLA_NAME_PLAIN},
    {"kraken", {"Kraken", NULL}, BULLA_NAME_PLAIN},
    {"alpaca", {"Alpaca", NULL}, BULLA_NAME_PLAIN},
    {"polygon", {"Polygon", NULL}, BULLA_NAME_PLAIN},
    {"telegram", {"Telegram", "https://t.me/BotFather"}, BULLA_NAME_PLAIN},
    {"openai", {"OpenAI", "https://platform.openai.com/api-keys"}, BULLA_NAME_PLAIN},
    {"anthropic", {"Anthropic", "https://console.anthropic.com/settings/keys"}, BULLA_NAME_PLAIN},
    {"gemini", {"Google", NULL}, BULLA_NAME_PLAIN},
    {"mistral", {"Mistral", NULL}, BULLA_NAME_PLAIN},
    {"groq", {"Groq", NULL}, BULLA_NAME_PLAIN},
    {"cohere", {"Cohere", NULL}, BULLA_NAME_PLAIN},
    {"huggingface", {"Hugging Face", "https://huggingface.co/settings/tokens"}, BULLA_NAME_PLAIN},
    {"stripe", {"Stripe", "https://dashboard.stripe.com/apikeys"}, BULLA_NAME_PLAIN},
    {"paypal", {"PayPal", NULL}, BULLA_NAME_PLAIN},
    {"aws", {"AWS", NULL}, BULLA_NAME_PLAIN},
    {"azure", {"Azure", NULL}, BULLA_NAME_PLAIN},
    {"gcp", {"Google Cloud", NULL}, BULLA_NAME_PLAIN},
    {"google", {"Google", NULL}, BULLA_NAME_PLAIN},
    {"github", {"GitHub", NULL}, BULLA_NAME_PLAIN},
    {"gitlab", {"GitLab", NULL}, BULLA_NAME_PLAIN},
    {"discord", {"Discord", NULL}, BULLA_NAME_PLAIN},
    {"slack", {"Slack", NULL}, BULLA_NAME_PLAIN},
    {"twilio", {"Twilio", NULL}, BULLA_NAME_PLAIN},
    {"sendgrid", {"SendGrid", NULL}, BULLA_NAME_PLAIN},
    {"mailgun", {"Mailgun", NULL}, BULLA_NAME_PLAIN},
    {"postmark", {"Postmark", NULL}, BULLA_NAME_PLAIN},
    {"resend", {"Resend", NULL}, BULLA_NAME_PLAIN},
    {"smtp", {"the mail provider", NULL}, BULLA_NAME_PLAIN},
    {"mail", {"the mail provider", NULL}, BULLA_NAME_PLAIN},
    {"email", {"the mail provider", NULL}, BULLA_NAME_PLAIN},
    {"sentry", {"Sentry", NULL}, BULLA_NAME_PLAIN},
    {"datadog", {"Datadog", NULL}, BULLA_NAME_PLAIN},
    {"newrelic", {"New Relic", NULL}, BULLA_NAME_PLAIN},
    {"honeycomb", {"Honeycomb", NULL}, BULLA_NAME_PLAIN},
    {"cloudflare", {"Cloudflare", NULL}, BULLA_NAME_PLAIN},
    {"cf", {"Cloudflare", NULL}, BULLA_NAME_PLAIN},
    {"digitalocean", {"DigitalOcean", NULL}, BULLA_NAME_PLAIN},
    {"hetzner", {"Hetzner", NULL}, BULLA_NAME_PLAIN},
    {"recaptcha", {"Google reCAPTCHA", NULL}, BULLA_NAME_PLAIN},
    {"hcaptcha", {"hCaptcha", NULL}, BULLA_NAME_PLAIN},
    {"turnstile", {"Cloudflare", NULL}, BULLA_NAME_PLAIN},
    {"mapbox", {"Mapbox", NULL}, BULLA_NAME_PLAIN},
    {"facebook", {"Facebook", NULL}, BULLA_NAME_PLAIN},
    {"twitter", {"Twitter", NULL}, BULLA_NAME_PLAIN},
    {"linkedin", {"LinkedIn", NULL}, BULLA_NAME_PLAIN},
    {"apple", {"Apple", NULL}, BULLA_NAME_PLAIN},
    {"microsoft", {"Microsoft", NULL}, BULLA_NAME_PLAIN},
    {"ldap", {"the directory's administrator", NULL}, BULLA_NAME_PLAIN},
    {"oauth", {"the identity provider", NULL}, BULLA_NAME_PLAIN},
    {"oidc", {"the identity provider", NULL}, BULLA_NAME_PLAIN},
    {"tailscale", {"Tailscale", NULL}, BULLA_NAME_PLAIN},
    {"ngrok", {"ngrok", NULL}, BULLA_NAME_PLAIN},
    {"ib", {"Interactive Brokers", NULL}, BULLA_NAME_PLAIN},
    {"algolia", {"Algolia", NULL}, BULLA_NAME_PLAIN},
    {"deepl", {"DeepL", NULL}, BULLA_NAME_PLAIN},
    {"fly", {"Fly.io", NULL}, BULLA_NAME_PLAIN},
    {"fred", {"FRED", "https://fred.stlouisfed.org/docs/api/api_key.html"}, BULLA_NAME_PLAIN},
    {"lemonsqueezy", {"Lemon Squeezy", NULL}, BULLA_NAME_PLAIN},
    {"plaid", {"Plaid", NULL}, BULLA_NAME_PLAIN},
    {"posthog", {"PostHog", NULL}, BULLA_NAME_PLAIN},
    {"pusher", {"Pusher", NULL}, BULLA_NAME_PLAIN},
    {"razorpay", {"Razorpay", NULL}, BULLA_NAME_PLAIN},
    {"relic", {"New Relic", NULL}, BULLA_NAME_PLAIN},
    {"ses", {"AWS", NULL}, BULLA_NAME_PLAIN},
    {"spotify", {"Spotify", NULL}, BULLA_NAME_PLAIN},
    {"vercel", {"Vercel", NULL}, BULLA_NAME_PLAIN},
    {"xai", {"xAI", "https://console.x.ai"}, BULLA_NAME_PLAIN},
    {"auth0", {"Auth0", NULL}, BULLA_NAME_PLAIN},
    {"bitbucket", {"Bitbucket", NULL}, BULLA_NAME_PLAIN},
    {"brevo", {"Brevo", NULL}, BULLA_NAME_PLAIN},
    {"deepgram", {"Deepgram", NULL}, BULLA_NAME_PLAIN},
    {"deepseek", {"DeepSeek", NULL}, BULLA_NAME_PLAIN},
    {"dropbox", {"Dropbox", NULL}, BULLA_NAME_PLAIN},
    {"elevenlabs", {"ElevenLabs", NULL}, BULLA_NAME_PLAIN},
    {"figma", {"Figma", NULL}, BULLA_NAME_PLAIN},
    {"firebase", {"Firebase", NULL}, BULLA_NAME_PLAIN},
    {"hubspot", {"HubSpot", NULL}, BULLA_NAME_PLAIN},
    {"mailchimp", {"Mailchimp", NULL}, BULLA_NAME_PLAIN},
    {"mailjet", {"Mailjet", NULL}, BULLA_NAME_PLAIN},
    {"mollie", {"Mollie", NULL}, BULLA_NAME_PLAIN},
    {"nango", {"Nango", NULL}, BULLA_NAME_PLAIN},
    {"notion", {"Notion", NULL}, BULLA_NAME_PLAIN},
    {"okta", {"Okta", NULL}, BULLA_NAME_PLAIN},
    {"openrouter", {"OpenRouter", NULL}, BULLA_NAME_PLAIN},
    {"pagerduty", {"PagerDuty", NULL}, BULLA_NAME_PLAIN},
    {"perplexity", {"Perplexity", NULL}, BULLA_NAME_PLAIN},
    {"proxy", {"who runs the proxy", NULL}, BULLA_NAME_PASSWORD},
    {"serper", {"Serper", NULL}, BULLA_NAME_PLAIN},
    {"shopify", {"Shopify", NULL}, BULLA_NAME_PLAIN},
    {"spaces", {"DigitalOcean", NULL}, BULLA_NAME_PLAIN},
    {"supabase", {"Supabase", NULL}, BULLA_NAME_KEY},
    {"tavily", {"Tavily", NULL}, BULLA_NAME_PLAIN},
    {"twitch", {"Twitch", NULL}, BULLA_NAME_PLAIN},
    {"vonage", {"Vonage", NULL}, BULLA_NAME_PLAIN},
    {"zoom", {"Zoom", NULL}, BULLA_NAME_PLAIN},
    {"alchemy", {"Alchemy", NULL}, BULLA_NAME_PLAIN},
    {"b2", {"Backblaze", NULL}, BULLA_NAME_KEY},
    {"backblaze", {"Backblaze", NULL}, BULLA_NAME_PLAIN},
    {"cloudinary", {"Cloudinary", NULL}, BULLA_NAME_PLAIN},
    {"coingecko", {"CoinGecko", NULL}, BULLA_NAME_PLAIN},
    {"do", {"DigitalOcean", NULL}, BULLA_NAME_KEY},
    {"dockerhub", {"Docker Hub", "https://app.docker.com/settings"}, BULLA_NAME_PLAIN},
    {"duckdns", {"Duck DNS", NULL}, BULLA_NAME_PLAIN},
    {"etherscan", {"Etherscan", NULL}, BULLA_NAME_PLAIN},
    {"hf", {"Hugging Face", "https://huggingface.co/settings/tokens"}, BULLA_NAME_KEY},
    {"hugging", {"Hugging Face", "https://huggingface.co/settings/tokens"}, BULLA_NAME_KEY},
    {"infura", {"Infura", NULL}, BULLA_NAME_PLAIN},
    {"ipinfo", {"IPinfo", NULL}, BULLA_NAME_PLAIN},
    {"lidarr", {"Lidarr", NULL}, BULLA_NAME_KEY},
    {"maxmind", {"MaxMind", NULL}, BULLA_NAME_PLAIN},
    {"npm", {"npm", NULL}, BULLA_NAME_KEY},
    {"openweather", {"OpenWeather", NULL}, BULLA_NAME_PLAIN},
    {"openweathermap", {"OpenWeather", NULL}, BULLA_NAME_PLAIN},
    {"pinecone", {"Pinecone", NULL}, BULLA_NAME_PLAIN},
    {"plex", {"Plex", NULL}, BULLA_NAME_KEY},
    {"prowlarr", {"Prowlarr", NULL}, BULLA_NAME_KEY},
    {"radarr", {"Radarr", NULL}, BULLA_NAME_KEY},
    {"reddit", {"Reddit", NULL}, BULLA_NAME_PLAIN},
    {"replicate", {"Replicate", NULL}, BULLA_NAME_PLAIN},
    {"sonarr", {"Sonarr", NULL}, BULLA_NAME_KEY},
    {"steam", {"Steam", NULL}, BULLA_NAME_KEY},
    {"tmdb", {"TMDB", "https://www.themoviedb.org/settings/api"}, BULLA_NAME_PLAIN},
    {"ts", {"Tailscale", NULL}, BULLA_NAME_KEY},
    {"tunnel", {"Cloudflare", NULL}, BULLA_NAME_KEY},
    {"unsplash", {"Unsplash", NULL}, BULLA_NAME_PLAIN},
    {"vpn", {"who runs the VPN", NULL}, BULLA_NAME_PASSWORD},
    {"youtube", {"Google", NULL}, BULLA_NAME_PLAIN},
};

/* What an application makes up to keep its own cookies with: OIDC_COOKIE_SECRET. */
static bool is_for_cookies(const char *name)
{
    struct bulla_bytes text = bulla_bytes_of(name);
    return shape_contains(text, "cookie") || shape_contains(text, "csrf") ||
           shape_contains(text, "pepper") || shape_contains(text, "session_secret");
}

const struct bulla_third_party *bulla_name_third_party(const char *name)
{
    if (is_for_cookies(name)) {
        return NULL;
    }
    bool is_webhook = shape_contains(bulla_bytes_of(name), "webhook");
    for (size_t end = strlen(name); end > 0;) {
        struct bulla_bytes word = shape_last_word(name, &end);
        for (size_t i = 0; i < sizeof parties / sizeof *parties; i++) {
            enum bulla_name_family only = parties[i].only;
            if (!shape_is(word, parties[i].word) ||
                (only != BULLA_NAME_PLAIN && only != bulla_name_family(name))) {
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
