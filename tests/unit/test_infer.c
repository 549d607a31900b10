#include "bulla/infer.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
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
    {"the length cannot exceed 30 characters", "alnum:30"},
    {"up to 128 characters", "alnum:32"},
    {"the admin's key, exactly 16 characters", "alnum:16"},
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
static const char *const twins[] = {"EXECUTION_TOKEN", "SANDBOX_TOKEN", NULL};
static const char *const mongo_names[] = {"MONGO_ROOT_PASSWORD", "DATABASE_URL", NULL};
static const char *const mongo_services[] = {"app", "mongodb", NULL};
static const char *const mongo_passwords[] = {NULL, "MONGO_ROOT_PASSWORD", NULL};
static const char *const word_samples[] = {"secret-key", "secret-key", NULL};
static const char *const twin_samples[] = {"dify-sandbox", "dify-sandbox", NULL};
static const char *const shared[] = {"DB_PASSWORD", "REDIS_PASSWORD", "BROKER_URL", NULL};
static const char *const shared_samples[] = {"same12345", "same12345", NULL, NULL};
static const char *const set_it[] = {"set it", NULL};
static const char *const rand_hex[] = {"run openssl rand -hex 16", NULL};

static const char *const feature_names[] = {
    "QUEUE_ENABLED",           "QUEUE_SASL_PASSWORD", "CACHE_USE_SENTINEL",
    "CACHE_SENTINEL_PASSWORD", "NOTIFY_HOST",         "NOTIFY_PASSWORD",
    "SSO_CLIENT_ID",           "SSO_CLIENT_SECRET",   NULL};
static const char *const feature_samples[] = {"false", "user-password", "False", "", "", "", "", "",
                                              NULL};
static const char *const mail_keys[] = {"SMTP_PASSWORD", NULL};
static const char *const mixed_keys[] = {"SMTP_PASSWORD", "ADMIN_PASSWORD", NULL};
static const char *const rails_keys[] = {"SECRET_KEY_BASE", NULL};
static const char *const store_keys[] = {"AWS_SECRET_ACCESS_KEY", "MINIO_ROOT_PASSWORD", NULL};
static const char *const store_users[] = {"MINIO_ROOT_USER", NULL};
static const char *const search_keys[] = {"OPENSEARCH_INITIAL_ADMIN_PASSWORD", NULL};

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
    {"a password of what the sample switches off is not made",
     {.name = "QUEUE_SASL_PASSWORD",
      .sample = "user-password",
      .names = feature_names,
      .samples = feature_samples},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"a switch may have its word in the middle",
     {.name = "CACHE_SENTINEL_PASSWORD",
      .sample = "",
      .plain = true,
      .names = feature_names,
      .samples = feature_samples},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"but for what somebody of the stack logs in with",
     {.name = "QUEUE_ADMIN_PASSWORD",
      .sample = "",
      .plain = true,
      .names = feature_names,
      .samples = feature_samples},
     BULLA_ROLE_GENERATED,
     "alnum:32",
     false,
     BULLA_INFER_FAMILY},
    {"what an application gets blank beside a blank id is not needed",
     {.name = "SSO_CLIENT_SECRET",
      .referenced = true,
      .plain = true,
      .needed = true,
      .may_be_blank = true,
      .names = feature_names,
      .samples = feature_samples},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"without such an id it is",
     {.name = "SSO_CLIENT_SECRET",
      .referenced = true,
      .plain = true,
      .needed = true,
      .may_be_blank = true},
     BULLA_ROLE_PROVIDED,
     NULL,
     false,
     BULLA_INFER_FAMILY},
    {"what a service takes as a third party's is not made",
     {.name = "NOTIFIER_PASSWORD", .sample = "changeme", .keys = mail_keys},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_THIRD_PARTY},
    {"but what one takes as its own too is",
     {.name = "NOTIFIER_PASSWORD", .sample = "changeme", .keys = mixed_keys},
     BULLA_ROLE_GENERATED,
     "alnum:32",
     false,
     BULLA_INFER_FAMILY},
    {"the password of the stack's own object store, whatever vendor it is named after",
     {.name = "AWS_SECRET_ACCESS_KEY", .sample = "secret-key", .keys = store_keys},
     BULLA_ROLE_GENERATED,
     "alnum:32",
     false,
     BULLA_INFER_FAMILY},
    {"and its user, where nobody has named one",
     {.name = "AWS_ACCESS_KEY_ID", .sample = "", .keys = store_users},
     BULLA_ROLE_GENERATED,
     "alnum:20",
     false,
     BULLA_INFER_FAMILY},
    {"a user that has a name stays a setting",
     {.name = "AWS_ACCESS_KEY_ID", .sample = "plane", .keys = store_users},
     BULLA_ROLE_SETTING,
     "plane",
     false,
     BULLA_INFER_ASK},
    {"the form of what a service takes it as",
     {.name = "SHOP_SECRET", .sample = "changeme", .keys = rails_keys},
     BULLA_ROLE_GENERATED,
     "hex:64",
     false,
     BULLA_INFER_KNOWN_NAME},
    {"a first password that a server wants of four classes",
     {.name = "SEARCH_PASSWORD", .sample = "changeme", .keys = search_keys},
     BULLA_ROLE_GENERATED,
     "password:32,classes=luds",
     false,
     BULLA_INFER_KNOWN_NAME},
    {"the last part of a name that says where it belongs",
     {.name = "AIRFLOW__CORE__FERNET_KEY", .sample = ""},
     BULLA_ROLE_GENERATED,
     "fernet",
     false,
     BULLA_INFER_KNOWN_NAME},
    {"a password's hash cannot be made up",
     {.name = "DOOR_PASSWORD_HASH", .sample = ""},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_SHAPE},
    {"nor what has one for its default",
     {.name = "DOOR_USERS", .compose_default = "door:$$2y$$05$$abc"},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_SHAPE},
    {"a certificate's key is somebody's",
     {.name = "QUEUE_TLS_KEY", .sample = "changeme"},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"the passphrase of a key too",
     {.name = "SIGNING_PASSPHRASE", .plain = true},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"a licence is bought",
     {.name = "SHOP_LICENSE", .sample = ""},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"but the name of one is a setting",
     {.name = "SHOP_LICENSE", .sample = "basic"},
     BULLA_ROLE_SETTING,
     "basic",
     false,
     BULLA_INFER_ASK},
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
    {"a third party's key that a service is given without a default",
     {.name = "OPENAI_API_KEY", .plain = true, .needed = true, .sample = "sk-your_key_here"},
     BULLA_ROLE_PROVIDED,
     NULL,
     false,
     BULLA_INFER_THIRD_PARTY},
    {"a third party's key that its comment calls optional",
     {.name = "OPENAI_API_KEY", .plain = true, .needed = true, .comment = "(optional) the chat"},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_THIRD_PARTY},
    {"a third party's DSN, which a blank switches off",
     {.name = "SENTRY_DSN", .plain = true, .needed = true},
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
    {"a common word is a fine setting",
     {.name = "RABBITMQ_USER", .sample = "admin"},
     BULLA_ROLE_SETTING,
     "admin",
     false,
     BULLA_INFER_ASK},
    {"a switch with a secret-like name",
     {.name = "FUNCTIONS_VERIFY_JWT", .sample = "false"},
     BULLA_ROLE_SETTING,
     "false",
     false,
     BULLA_INFER_ASK},
    {"a switch by the compose file's default",
     {.name = "SHARE_MUST_HAVE_PASSWORD", .compose_default = "true"},
     BULLA_ROLE_SETTING,
     NULL,
     true,
     BULLA_INFER_ASK},
    {"a client's secret is handed out",
     {.name = "KEYCLOAK_CLIENT_SECRET", .sample = ""},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"a blank API key that nothing requires",
     {.name = "WEATHER_API_KEY", .sample = ""},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"an API key that the stack itself checks",
     {.name = "INTERNAL_API_KEY", .sample = "your_internal_api_key_here"},
     BULLA_ROLE_GENERATED,
     "hex:32",
     false,
     BULLA_INFER_FAMILY},
    {"a third party's placeholder that a service reads from its env file",
     {.name = "TELEGRAM_BOT_TOKEN", .sample = "your_bot_token_here", .in_env_file = true},
     BULLA_ROLE_PROVIDED,
     NULL,
     false,
     BULLA_INFER_THIRD_PARTY},
    {"one secret under two names",
     {.name = "SANDBOX_TOKEN", .sample = "dify-sandbox", .names = twins, .samples = twin_samples},
     BULLA_ROLE_DERIVED,
     "{{ EXECUTION_TOKEN }}",
     false,
     BULLA_INFER_FAMILY},
    {"a URL whose server has its own password among equal samples",
     {.name = "BROKER_URL",
      .names = shared,
      .samples = shared_samples,
      .services = services,
      .sample = "redis://:same12345@redis:6379/1"},
     BULLA_ROLE_DERIVED,
     "redis://:{{ REDIS_PASSWORD | url }}@redis:6379/1",
     false,
     BULLA_INFER_URL},
    {"a URL in the compose file whose host takes another variable as its password",
     {.name = "DATABASE_URL",
      .names = mongo_names,
      .services = mongo_services,
      .passwords = mongo_passwords,
      .sample = "mongodb://admin:password@mongodb:27017/bot",
      .compose_default = "mongodb://admin:another_one@mongodb:27017/bot"},
     BULLA_ROLE_DERIVED,
     "mongodb://admin:{{ MONGO_ROOT_PASSWORD | url }}@mongodb:27017/bot",
     false,
     BULLA_INFER_URL},
    {"a sample's own value is not what the compose file falls back to",
     {.name = "BUCKET",
      .names = mongo_names,
      .sample = "files",
      .compose_default = "${MONGO_ROOT_PASSWORD}"},
     BULLA_ROLE_SETTING,
     "files",
     false,
     BULLA_INFER_ASK},
    {"an env file's value that is made of another name",
     {.name = "DATABASE_URL",
      .names = mongo_names,
      .existing = "mongodb://admin:${MONGO_ROOT_PASSWORD}@elsewhere/bot"},
     BULLA_ROLE_DERIVED,
     "mongodb://admin:{{ MONGO_ROOT_PASSWORD | url }}@elsewhere/bot",
     false,
     BULLA_INFER_URL},
    {"an empty key that may stay empty is off",
     {.name = "TLS_KEY", .sample = "", .comment = "PEM in base64; can be left empty"},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"an empty secret of the application itself",
     {.name = "SESSION_SECRET", .sample = ""},
     BULLA_ROLE_GENERATED,
     "hex:32",
     false,
     BULLA_INFER_FAMILY},
    {"a token in a comment is off",
     {.name = "STATS_ADMIN_TOKEN", .commented = true},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_FAMILY},
    {"a token in a comment that a compose file requires",
     {.name = "STATS_ADMIN_TOKEN", .commented = true, .required = true},
     BULLA_ROLE_GENERATED,
     "hex:32",
     false,
     BULLA_INFER_FAMILY},
    {"a link to the party that hands it out",
     {.name = "BOXDROP_APP_KEY",
      .sample = "",
      .comment = "see https://www.boxdrop.com/developers/setup, then restart"},
     BULLA_ROLE_PROVIDED,
     NULL,
     true,
     BULLA_INFER_THIRD_PARTY},
    {"a link to the manual of an application's own secret",
     {.name = "SHOP_JWT_SECRET", .sample = "REPLACE_ME", .comment = "https://docs.shop.org/config"},
     BULLA_ROLE_GENERATED,
     "hex:32",
     false,
     BULLA_INFER_FAMILY},
    {"general words are no sign of one secret under two names",
     {.name = "SANDBOX_TOKEN", .sample = "secret-key", .names = twins, .samples = word_samples},
     BULLA_ROLE_GENERATED,
     "hex:32",
     false,
     BULLA_INFER_FAMILY},
    {"a setting in a comment is not needed",
     {.name = "ADMIN_DOMAIN", .commented = true, .plain = true, .referenced = true},
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
    ck_assert_msg(guess.why[0] != '\0' || guess.role == BULLA_ROLE_SETTING, "%s: why",
                  guesses[_i].what);
}
END_TEST

static const struct {
    const char *name;
    enum bulla_file_role role;
    const char *environment;
    bool left_alone;
} file_names[] = {
    {"compose.yaml", BULLA_FILE_COMPOSE, NULL, false},
    {"docker-compose.production.yml", BULLA_FILE_COMPOSE, "prod", false},
    {"docker-compose-stage.yml", BULLA_FILE_COMPOSE, "staging", false},
    {"docker-compose-vps.yml", BULLA_FILE_OTHER, NULL, true},
    {"docker-compose.override.yml", BULLA_FILE_OTHER, NULL, true},
    {".env.example", BULLA_FILE_SAMPLE, NULL, false},
    {"env.example", BULLA_FILE_SAMPLE, NULL, false},
    {"example.env", BULLA_FILE_SAMPLE, NULL, false},
    {".env.dist", BULLA_FILE_SAMPLE, NULL, false},
    {".env.live.template", BULLA_FILE_SAMPLE, "prod", false},
    {".env_example", BULLA_FILE_SAMPLE, NULL, false},
    {".env.defaults", BULLA_FILE_SAMPLE, NULL, false},
    {"default.env", BULLA_FILE_SAMPLE, NULL, false},
    {"dot.env.template", BULLA_FILE_SAMPLE, NULL, false},
    {".env.development.default", BULLA_FILE_SAMPLE, "dev", false},
    {"env_sample_prod", BULLA_FILE_SAMPLE, "prod", false},
    {"docker_compose.yml", BULLA_FILE_COMPOSE, NULL, false},
    {".env.example.secure", BULLA_FILE_OTHER, NULL, true},
    {".env_db", BULLA_FILE_OTHER, NULL, false},
    {"test_env.py", BULLA_FILE_OTHER, NULL, false},
    {".env", BULLA_FILE_ENV, NULL, false},
    {".env.testing", BULLA_FILE_ENV, "test", false},
    {"environment.ts", BULLA_FILE_OTHER, NULL, false},
    {"README.md", BULLA_FILE_OTHER, NULL, false},
    {"compose.md", BULLA_FILE_OTHER, NULL, false},
};

START_TEST(infer_file_names_name_environments)
{
    const char *environment = "x";
    bool left_alone = false;
    enum bulla_file_role role = bulla_file_role(file_names[_i].name, &environment, &left_alone);
    ck_assert_msg(left_alone == file_names[_i].left_alone, "%s", file_names[_i].name);
    ck_assert_msg(role == file_names[_i].role, "%s: %d", file_names[_i].name, role);
    if (!left_alone && file_names[_i].environment != NULL) {
        ck_assert_str_eq(environment, file_names[_i].environment);
    }
}
END_TEST

static struct bulla_survey *survey_of(const char *stack, struct bulla_error *err)
{
    bulla_auto_str root = bulla_asprintf(err, "%s/stacks/%s", BULLA_TEST_DATA, stack);
    struct bulla_survey_options options = {.root = root};
    return bulla_survey_new(&options, err);
}

static const struct bulla_survey_variable *variable_of(const struct bulla_survey *survey,
                                                       const char *name)
{
    for (size_t i = 0; i < bulla_survey_variable_count(survey); i++) {
        if (strcmp(bulla_survey_variable(survey, i)->name, name) == 0) {
            return bulla_survey_variable(survey, i);
        }
    }
    ck_abort_msg("no variable %s", name);
    return NULL;
}

START_TEST(survey_finds_environments_by_file_names)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_survey survey = survey_of("poker", &err);
    assert_ok(survey != NULL, err);
    ck_assert_uint_eq(bulla_survey_environment_count(survey), 2);
    const struct bulla_survey_environment *dev = bulla_survey_environment(survey, 0);
    const struct bulla_survey_environment *prod = bulla_survey_environment(survey, 1);
    ck_assert_str_eq(dev->name, "dev");
    ck_assert_str_eq(dev->output, ".env");
    ck_assert_str_eq(dev->compose[0], "docker-compose.yml");
    ck_assert_str_eq(dev->compose[1], "docker-compose.dev.yml");
    ck_assert_str_eq(prod->name, "prod");
    /* Its services read .env by env_file. */
    ck_assert_str_eq(prod->output, ".env");
    ck_assert_str_eq(prod->compose[1], "docker-compose.prod.yml");
    ck_assert_str_eq(prod->sample, ".env.example");
    const struct bulla_survey_variable *url = variable_of(survey, "DATABASE_URL");
    ck_assert_int_eq(url->guess.role, BULLA_ROLE_DERIVED);
    ck_assert_str_eq(
        url->guess.value,
        "postgresql+asyncpg://poker:{{ POSTGRES_PASSWORD | url }}@postgres:5432/poker");
    ck_assert_str_eq(variable_of(survey, "INTERNAL_API_KEY")->guess.kind, "alnum:32");
    ck_assert_int_eq(variable_of(survey, "TELEGRAM_BOT_TOKEN")->guess.role, BULLA_ROLE_PROVIDED);
    ck_assert_int_eq(variable_of(survey, "WEBHOOK_BIND_PORT")->guess.type, BULLA_TYPE_PORT);
}
END_TEST

START_TEST(survey_keeps_a_setting_of_each_environment)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_survey survey = survey_of("ktrdr", &err);
    assert_ok(survey != NULL, err);
    ck_assert_uint_eq(bulla_survey_environment_count(survey), 2);
    const struct bulla_survey_variable *level = variable_of(survey, "API_LOG_LEVEL");
    ck_assert_str_eq(level->presets[0], "DEBUG");
    ck_assert_str_eq(level->presets[1], "INFO");
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_CONTRACT_BYTES);
    assert_ok(bulla_survey_write_contract(survey, &text, &err), err);
    bulla_auto_contract contract = bulla_contract_parse(bulla_buf_view(&text), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    size_t index = 0;
    struct bulla_variable variable;
    ck_assert(bulla_contract_find_variable(contract, "API_LOG_LEVEL", &index));
    bulla_contract_variable(contract, index, "dev", &variable);
    ck_assert_str_eq(variable.preset.text, "DEBUG");
    bulla_contract_variable(contract, index, "prod", &variable);
    ck_assert_str_eq(variable.preset.text, "INFO");
}
END_TEST

START_TEST(survey_takes_the_only_compose_file_below)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_survey survey = survey_of("algo-trading", &err);
    assert_ok(survey != NULL, err);
    ck_assert_str_eq(bulla_survey_found_below(survey), "docker/docker-compose.yml");
    ck_assert_str_eq(variable_of(survey, "ORDER_SIGNING_KEY")->guess.kind, "hex:32");
    size_t index = 0;
    while (strcmp(bulla_survey_variable(survey, index)->name, "GRAFANA_PASSWORD") != 0) {
        index++;
    }
    ck_assert(bulla_survey_is_published(survey, index, LIT("admin")));
    ck_assert(!bulla_survey_is_published(survey, index, LIT("kU3nZ81qPr")));
}
END_TEST

static const char partial_contract[] = "[bulla]\r\nenvironments = dev, prod\r\n"
                                       "[environment prod]\r\ncompose = docker-compose.yml, "
                                       "docker-compose.prod.yml\r\n"
                                       "; [API_LOG_LEVEL]\r\n"
                                       "[ONLY_HERE]\r\nkind = hex:16";

START_TEST(survey_writes_what_a_contract_lacks_behind_it)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str root = bulla_asprintf(&err, "%s/stacks/ktrdr", BULLA_TEST_DATA);
    struct bulla_bytes before = bulla_bytes_of(partial_contract);
    bulla_auto_contract contract = bulla_contract_parse(before, "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    struct bulla_survey_options options = {
        .root = root, .contract = contract, .contract_text = before};
    bulla_auto_survey survey = bulla_survey_new(&options, &err);
    assert_ok(survey != NULL, err);
    ck_assert_uint_eq(bulla_survey_environment_count(survey), 2);
    ck_assert(variable_of(survey, "ONLY_HERE")->is_known);
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_CONTRACT_BYTES);
    assert_ok(bulla_survey_write_contract(survey, &text, &err), err);
    struct bulla_bytes after = bulla_buf_view(&text);
    ck_assert(bulla_bytes_start(after, partial_contract));
    bulla_auto_contract whole = bulla_contract_parse(after, "bulla.ini", &err);
    assert_ok(whole != NULL, err);
    size_t index = 0;
    ck_assert(bulla_contract_find_variable(whole, "DB_PASSWORD", &index));
    ck_assert(!bulla_contract_find_variable(whole, "API_LOG_LEVEL", &index));
    /* And then nothing is new. */
    struct bulla_survey_options again = {.root = root, .contract = whole, .contract_text = after};
    bulla_auto_survey second = bulla_survey_new(&again, &err);
    assert_ok(second != NULL, err);
    bulla_auto_buf same;
    bulla_buf_init(&same, BULLA_MAX_CONTRACT_BYTES);
    assert_ok(bulla_survey_write_contract(second, &same, &err), err);
    ck_assert(bulla_bytes_equal(bulla_buf_view(&same), after));
}
END_TEST

START_TEST(survey_of_several_below_names_them)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str root = bulla_asprintf(&err, "%s/stacks", BULLA_TEST_DATA);
    struct bulla_survey_options options = {.root = root};
    bulla_auto_survey survey = bulla_survey_new(&options, &err);
    ck_assert_ptr_null(survey);
    ck_assert_int_eq(err.code, BULLA_E_MISSING);
    ck_assert_ptr_nonnull(strstr(err.hint, "bulla init -f "));
    ck_assert_ptr_nonnull(strstr(err.hint, "algo-trading/docker/docker-compose.yml"));
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
    tcase_add_loop_test(tcase, infer_file_names_name_environments, 0, COUNT(file_names));
    tcase_add_test(tcase, survey_finds_environments_by_file_names);
    tcase_add_test(tcase, survey_keeps_a_setting_of_each_environment);
    tcase_add_test(tcase, survey_takes_the_only_compose_file_below);
    tcase_add_test(tcase, survey_writes_what_a_contract_lacks_behind_it);
    tcase_add_test(tcase, survey_of_several_below_names_them);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
