#include "bulla/infer.h"

#include "infer/hint.h"

#include "unit.h"

static const struct {
    const char *text;
    const char *kind; /* NULL: nothing to read */
} commands[] = {
    {"Set ADMIN_API_KEY (openssl rand -hex 32)", "hex:32"},
    {"[generate with <openssl rand -base64 36>]", "base64:36"},
    {"REPLACE_ME_openssl_rand_hex_32_DIFFERENT_FROM_JWT", "hex:32"},
    {"python -c 'import secrets; print(secrets.token_urlsafe(48))'", "base64url:48"},
    {"node -e \"crypto.randomBytes(24).toString('base64')\"", "base64:24"},
    {"node: crypto.randomBytes(64).toString('hex')", "hex:64"},
    {"pwgen -s 40 1", "alnum:40"},
    {"pwgen -Bsv1 64", "alnum:64"},
    {"uuidgen", "uuid"},
    {"from cryptography.fernet: Fernet.generate_key()", "fernet"},
    {"php artisan key:generate", "laravel"},
    {"must not be empty", NULL},
    {"openssl genrsa 2048", NULL},
    {"", NULL},
};

START_TEST(infer_reads_commands)
{
    char kind[INFER_KIND_MAX] = "";
    bool found = infer_read_command(bulla_bytes_of(commands[_i].text), kind);
    ck_assert_msg(found == (commands[_i].kind != NULL), "%s", commands[_i].text);
    if (found) {
        ck_assert_str_eq(kind, commands[_i].kind);
    }
}
END_TEST

static const struct {
    const char *text;
    const char *kind;
} constraints[] = {
    {"must be 256 bits, 64 string characters in hex", "hex:32"},
    {"exactly 64 hexadecimal characters", "hex:32"},
    {"64-character hex", "hex:32"},
    {"exactly 32 characters", "alnum:32"},
    {"generate a random 32+ char string", "alnum:32"},
    {"at least 50 characters", "alnum:50"},
    {"min 16 characters", "alnum:32"},
    {"your-encryption-key-32-chars-min", "alnum:32"},
    {"32 bytes, base64", "base64:32"},
    {"ChangeMe_UUIDv4", "uuid"},
    {"data encryption key with 32 char", "alnum:32"},
    {"at most 5 attempts", NULL},
    {"expires after 30 days", NULL},
};

START_TEST(infer_reads_stated_lengths)
{
    char kind[INFER_KIND_MAX] = "";
    bool found = infer_read_constraint(bulla_bytes_of(constraints[_i].text), kind);
    ck_assert_msg(found == (constraints[_i].kind != NULL), "%s: %s", constraints[_i].text, kind);
    if (found) {
        ck_assert_str_eq(kind, constraints[_i].kind);
    }
}
END_TEST

static const char *const names[] = {"POSTGRES_PASSWORD", "REDIS_PASSWORD", "DB_HOST", NULL};
static const char *const samples[] = {"hunter2changeme", "", "postgres", NULL};
static const char *const services[] = {"postgres", "redis", "api", NULL};
static const char *const set_it[] = {"set it", NULL};
static const char *const rand_hex[] = {"run openssl rand -hex 16", NULL};

static const struct {
    const char *what;
    struct bulla_evidence evidence;
    enum bulla_role role;
    const char *text; /* kind, template or preset */
    bool optional;
    enum bulla_infer_step step;
} guesses[] = {
    {"a command in the message wins over the name",
     {.name = "DB_PASSWORD", .messages = rand_hex, .required = true},
     BULLA_ROLE_GENERATED,
     "hex:16",
     false,
     BULLA_INFER_INSTRUCTION},
    {"a command in the comment",
     {.name = "SECRET_KEY", .comment = "Generate: openssl rand -base64 48", .sample = "your-key"},
     BULLA_ROLE_GENERATED,
     "base64:48",
     false,
     BULLA_INFER_INSTRUCTION},
    {"a command near a setting is not about it",
     {.name = "LOG_LEVEL", .comment = "Generate: openssl rand -base64 48", .sample = "INFO"},
     BULLA_ROLE_SETTING,
     "INFO",
     false,
     BULLA_INFER_ASK},
    {"a stated length",
     {.name = "ENCRYPTION_KEY", .comment = "must be exactly 32 characters", .sample = ""},
     BULLA_ROLE_GENERATED,
     "alnum:32",
     false,
     BULLA_INFER_CONSTRAINT},
    {"a known name",
     {.name = "FERNET_KEY", .sample = ""},
     BULLA_ROLE_GENERATED,
     "fernet",
     false,
     BULLA_INFER_KNOWN_NAME},
    {"a signing key for HS512",
     {.name = "SECRET_KEY", .sample = "", .jwt_algorithm = "HS512"},
     BULLA_ROLE_GENERATED,
     "jwt-hs512",
     false,
     BULLA_INFER_KNOWN_NAME},
    {"the sample's shape",
     {.name = "APP_TOKEN", .sample = "00112233445566778899aabbccddeeff00112233"},
     BULLA_ROLE_GENERATED,
     "hex:20",
     false,
     BULLA_INFER_SHAPE},
    {"a URL that names its password",
     {.name = "DATABASE_URL",
      .names = names,
      .samples = samples,
      .services = services,
      .sample = "postgresql+asyncpg://app:${POSTGRES_PASSWORD}@postgres:5432/app"},
     BULLA_ROLE_DERIVED,
     "postgresql+asyncpg://app:{{ POSTGRES_PASSWORD | url }}@postgres:5432/app",
     false,
     BULLA_INFER_URL},
    {"a URL that repeats a sample password",
     {.name = "DATABASE_URL",
      .names = names,
      .samples = samples,
      .services = services,
      .sample = "postgresql://app:hunter2changeme@postgres/app"},
     BULLA_ROLE_DERIVED,
     "postgresql://app:{{ POSTGRES_PASSWORD | url }}@postgres/app",
     false,
     BULLA_INFER_URL},
    {"a URL of a host outside, with a password",
     {.name = "DATABASE_URL",
      .names = names,
      .samples = samples,
      .services = services,
      .required = true,
      .sample = "mongodb+srv://your-user:your-password@your.example.net/db"},
     BULLA_ROLE_PROVIDED,
     NULL,
     false,
     BULLA_INFER_URL},
    {"a URL without a password is a setting",
     {.name = "REDIS_URL",
      .names = names,
      .samples = samples,
      .services = services,
      .sample = "redis://redis:6379/0"},
     BULLA_ROLE_SETTING,
     "redis://redis:6379/0",
     false,
     BULLA_INFER_ASK},
    {"a third party's key, required",
     {.name = "BINANCE_API_KEY",
      .required = true,
      .messages = set_it,
      .sample = "your-binance-api-key"},
     BULLA_ROLE_PROVIDED,
     NULL,
     false,
     BULLA_INFER_THIRD_PARTY},
    {"a third party's key that nothing requires",
     {.name = "OPENAI_API_KEY", .plain = true, .sample = "sk-your_key_here"},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_THIRD_PARTY},
    {"a password by its name",
     {.name = "GRAFANA_PASSWORD", .compose_default = "admin"},
     BULLA_ROLE_GENERATED,
     "alnum:32",
     false,
     BULLA_INFER_FAMILY},
    {"a token by its name",
     {.name = "INTER_SERVICE_TOKEN", .required = true},
     BULLA_ROLE_GENERATED,
     "hex:32",
     false,
     BULLA_INFER_FAMILY},
    {"a required name without any hint is asked for",
     {.name = "DOMAIN", .required = true, .messages = set_it},
     BULLA_ROLE_SETTING,
     NULL,
     false,
     BULLA_INFER_ASK},
    {"a setting whose default the compose file has",
     {.name = "MEMORY_LIMIT", .compose_default = "2G"},
     BULLA_ROLE_SETTING,
     NULL,
     true,
     BULLA_INFER_ASK},
    {"a placeholder is no preset",
     {.name = "PUBLIC_HOST", .sample = "your-domain.com"},
     BULLA_ROLE_SETTING,
     NULL,
     true,
     BULLA_INFER_ASK},
};

START_TEST(infer_guesses_by_the_order_of_evidence)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_guesser guesser = bulla_guesser_new(&err);
    assert_ok(guesser != NULL, err);
    struct bulla_guess guess;
    assert_ok(bulla_guess(guesser, &guesses[_i].evidence, &guess, &err), err);
    ck_assert_msg(guess.role == guesses[_i].role, "%s: role %d", guesses[_i].what, guess.role);
    ck_assert_msg(guess.step == guesses[_i].step, "%s: step %d", guesses[_i].what, guess.step);
    ck_assert_msg(guess.optional == guesses[_i].optional, "%s: optional", guesses[_i].what);
    const char *text = guess.kind != NULL ? guess.kind : guess.value;
    text = text != NULL ? text : guess.preset;
    if (guesses[_i].text == NULL) {
        ck_assert_msg(text == NULL, "%s: %s", guesses[_i].what, text);
    } else {
        ck_assert_msg(text != NULL, "%s", guesses[_i].what);
        ck_assert_str_eq(text, guesses[_i].text);
    }
    ck_assert_ptr_nonnull(guess.why);
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("infer");
    TCase *tcase = tcase_create("infer");
    tcase_add_loop_test(tcase, infer_reads_commands, 0, COUNT(commands));
    tcase_add_loop_test(tcase, infer_reads_stated_lengths, 0, COUNT(constraints));
    tcase_add_loop_test(tcase, infer_guesses_by_the_order_of_evidence, 0, COUNT(guesses));
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
