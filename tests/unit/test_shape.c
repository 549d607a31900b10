#include "bulla/shape.h"

#include "unit.h"

static const struct {
    const char *name;
    enum bulla_name_family family;
} families[] = {
    {"POSTGRES_PASSWORD", BULLA_NAME_PASSWORD},
    {"DB_PASS", BULLA_NAME_PASSWORD},
    {"JWT_SECRET", BULLA_NAME_KEY},
    {"SECRET_KEY_BASE", BULLA_NAME_KEY},
    {"INTER_SERVICE_TOKEN", BULLA_NAME_KEY},
    {"ENCRYPTION_KEY", BULLA_NAME_ENCRYPTION_KEY},
    {"ENCRYPTION_KEY_2", BULLA_NAME_ENCRYPTION_KEY},
    {"JWT_PUBLIC_KEY", BULLA_NAME_PUBLIC},
    {"AWS_ACCESS_KEY_ID", BULLA_NAME_PUBLIC},
    {"NEXT_PUBLIC_SUPABASE_ANON_KEY", BULLA_NAME_PUBLIC},
    {"VITE_MAPS_TOKEN", BULLA_NAME_PUBLIC},
    {"DATABASE_URL", BULLA_NAME_URL},
    {"SENTRY_DSN", BULLA_NAME_URL},
    {"ACCESS_TOKEN_EXPIRE_MINUTES", BULLA_NAME_PLAIN},
    {"ADMIN_ENTRY_TOKEN_TTL_SECONDS", BULLA_NAME_PLAIN},
    {"SSL_KEY_PATH", BULLA_NAME_PLAIN},
    {"API_KEY_ENABLED", BULLA_NAME_PLAIN},
    {"MAX_TOKENS", BULLA_NAME_PLAIN},
    {"LOG_LEVEL", BULLA_NAME_PLAIN},
    {"POSTGRES_USER", BULLA_NAME_PLAIN},
    {"API_TOKEN_STAGING", BULLA_NAME_KEY},
    {"VENDOR_API_KEY_GLOBAL", BULLA_NAME_KEY},
    {"TEST_PASSWORD_DEV_2", BULLA_NAME_PASSWORD},
    {"QUEUE_PREFIX_KEY", BULLA_NAME_PLAIN},
    {"ORDERS_ROUTING_KEY", BULLA_NAME_PLAIN},
    {"ALLOW_EMPTY_PASSWORD", BULLA_NAME_PLAIN},
    {"MYSQL_ALLOW_EMPTY_PASSWORD", BULLA_NAME_PLAIN},
    {"REQUIRE_API_KEY", BULLA_NAME_PLAIN},
    {"BLOB_CONNECTION_STRING", BULLA_NAME_URL},
    {"QUERY_STRING", BULLA_NAME_PLAIN},
};

START_TEST(shape_name_family_by_last_words)
{
    ck_assert_msg(bulla_name_family(families[_i].name) == families[_i].family, "%s",
                  families[_i].name);
}
END_TEST

START_TEST(shape_third_party_by_word)
{
    ck_assert_str_eq(bulla_name_third_party("BINANCE_API_KEY")->who, "Binance");
    ck_assert_str_eq(bulla_name_third_party("STAGING_BINANCE_SECRET_KEY")->who, "Binance");
    ck_assert_str_eq(bulla_name_third_party("TELEGRAM_BOT_TOKEN")->who, "Telegram");
    ck_assert_ptr_null(bulla_name_third_party("TELEGRAM_WEBHOOK_SECRET_TOKEN"));
    ck_assert_ptr_null(bulla_name_third_party("JWT_SECRET"));
    ck_assert_ptr_null(bulla_name_third_party("AWSOME_TOKEN"));
    ck_assert_str_eq(bulla_name_third_party("CRAWLER_PROXY_PASSWORD")->who, "who runs the proxy");
    ck_assert_ptr_null(bulla_name_third_party("PROXY_SHARED_SECRET"));
    ck_assert_str_eq(bulla_name_third_party("SUPABASE_ANON_TOKEN")->who, "Supabase");
    ck_assert_ptr_null(bulla_name_third_party("SUPABASE_PASSWORD"));
    ck_assert_str_eq(bulla_name_third_party("HF_TOKEN")->who, "Hugging Face");
    ck_assert_str_eq(bulla_name_third_party("TUNNEL_TOKEN")->who, "Cloudflare");
    ck_assert_ptr_null(bulla_name_third_party("TUNNEL_PASSWORD"));
    ck_assert_str_eq(bulla_name_third_party("TS_AUTHKEY")->who, "Tailscale");
    ck_assert_uint_eq(bulla_name_family("TS_AUTHKEY"), BULLA_NAME_KEY);
    ck_assert_ptr_null(bulla_name_third_party("OIDC_COOKIE_SECRET"));
    ck_assert_str_eq(bulla_name_third_party("AWS_SESSION_TOKEN")->who, "AWS");
}
END_TEST

static const struct {
    const char *value;
    enum bulla_shape shape;
} shapes[] = {
    {"", BULLA_SHAPE_EMPTY},
    {"true", BULLA_SHAPE_BOOLEAN},
    {"False", BULLA_SHAPE_BOOLEAN},
    {"10080", BULLA_SHAPE_INTEGER},
    {"-1.5", BULLA_SHAPE_NUMBER},
    {"1.", BULLA_SHAPE_TEXT},
    {"00112233445566778899aabbccddeeff", BULLA_SHAPE_HEX},
    {"123e4567-e89b-42d3-a456-426614174000", BULLA_SHAPE_UUID},
    {"base64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", BULLA_SHAPE_BASE64_KEY},
    {"Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8=", BULLA_SHAPE_FERNET},
    {"Zm9vYmFyZm9vYmFy+m9vYmFyZm9vYmFyZm9v", BULLA_SHAPE_BASE64},
    {"-----BEGIN RSA PRIVATE KEY-----", BULLA_SHAPE_PEM},
    {"redis://redis:6379/0", BULLA_SHAPE_URL},
    {"admin@example.org", BULLA_SHAPE_EMAIL},
    {"INFO", BULLA_SHAPE_TEXT},
};

START_TEST(shape_of_value)
{
    ck_assert_msg(bulla_shape_of(bulla_bytes_of(shapes[_i].value)) == shapes[_i].shape, "%s",
                  shapes[_i].value);
}
END_TEST

START_TEST(shape_placeholder_is_seen)
{
    static const char *const placeholders[] = {
        "changeme",
        "CHANGE_ME_IN_PRODUCTION",
        "your-openai-api-key",
        "your_webhook_secret",
        "<INSERT_RANDOM>",
        "[generate with <openssl rand -hex 32>]",
        "[TOKEN]",
        "<>",
        "<you: or none>",
        "password",
        "xxxxxxxx",
        "0000000000000000",
        "generate-a-secure-random-token",
        "sk-proj-...",
    };
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        ck_assert_msg(bulla_placeholder(bulla_bytes_of(placeholders[i])) != NULL, "%s",
                      placeholders[i]);
    }
    static const char *const real[] = {"<shop@acme.io>",
                                       "[\"*\"]",
                                       "[1, 2]",
                                       "[http://a, http://b]",
                                       "<k82jf/82jf+dk8=>",
                                       "",
                                       "m9sK2vQx7LpT4wZc",
                                       "INFO",
                                       "8080",
                                       "/var/lib/data",
                                       "4f3c9a51d2e84b06a1c75e90b3f2d418"};
    for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
        ck_assert_msg(bulla_placeholder(bulla_bytes_of(real[i])) == NULL, "%s", real[i]);
    }
}
END_TEST

static const struct {
    const char *image, *key;
    enum bulla_password_use use;
    const char *server;
} images[] = {
    {"postgres", "POSTGRES_PASSWORD", BULLA_PASSWORD_AT_FIRST_START, "PostgreSQL"},
    {"postgres:16-alpine", "POSTGRES_PASSWORD", BULLA_PASSWORD_AT_FIRST_START, "PostgreSQL"},
    {"docker.io/bitnami/postgresql@sha256:00ff", "POSTGRESQL_PASSWORD",
     BULLA_PASSWORD_AT_FIRST_START, "PostgreSQL"},
    {"localhost:5000/timescale/timescaledb:${TAG:-a/b}", "POSTGRES_PASSWORD",
     BULLA_PASSWORD_AT_FIRST_START, "PostgreSQL"},
    {"${DB_IMAGE:-pgvector/pgvector:pg16}", "POSTGRES_PASSWORD", BULLA_PASSWORD_AT_FIRST_START,
     "PostgreSQL"},
    {"mariadb:11", "MYSQL_PASSWORD", BULLA_PASSWORD_AT_FIRST_START, "MariaDB"},
    {"mysql:8", "MYSQL_ROOT_PASSWORD", BULLA_PASSWORD_AT_FIRST_START, "MySQL"},
    {"mongo:7", "MONGO_INITDB_ROOT_PASSWORD", BULLA_PASSWORD_AT_FIRST_START, "MongoDB"},
    {"dpage/pgadmin4:8", "PGADMIN_DEFAULT_PASSWORD", BULLA_PASSWORD_AT_FIRST_START, "pgAdmin"},
    {"rabbitmq:3-management", "RABBITMQ_DEFAULT_PASS", BULLA_PASSWORD_AT_FIRST_START, "RabbitMQ"},
    {"grafana/grafana:11.1.0", "GF_SECURITY_ADMIN_PASSWORD", BULLA_PASSWORD_AT_FIRST_START,
     "Grafana"},
    {"redis:7", "REDIS_PASSWORD", BULLA_PASSWORD_AT_START, "Redis"},
    {"valkey/valkey", "", BULLA_PASSWORD_AT_START, "Redis"},
    /* A client of a database gets the same variable. */
    {"prodrigestivill/postgres-backup-local", "POSTGRES_PASSWORD", BULLA_PASSWORD_UNKNOWN, NULL},
    {"shop/api:1", "POSTGRES_PASSWORD", BULLA_PASSWORD_UNKNOWN, NULL},
    {"postgres:16", "PGAPPNAME", BULLA_PASSWORD_UNKNOWN, "PostgreSQL"},
    {"${DB_IMAGE}", "POSTGRES_PASSWORD", BULLA_PASSWORD_UNKNOWN, NULL},
    {"", "", BULLA_PASSWORD_UNKNOWN, NULL},
};

START_TEST(shape_image_tells_when_a_password_counts)
{
    const struct bulla_server *server = NULL;
    ck_assert_msg(bulla_image_password(images[_i].image, bulla_bytes_of(images[_i].key), &server) ==
                      images[_i].use,
                  "%s %s", images[_i].image, images[_i].key);
    ck_assert_pstr_eq(server != NULL ? server->name : NULL, images[_i].server);
}
END_TEST

START_TEST(shape_server_is_told_of_the_account_that_the_variable_has)
{
    static const struct {
        const char *image, *key, *account;
    } rows[] = {
        {"postgres", "POSTGRES_PASSWORD", "${POSTGRES_USER:-postgres}"},
        {"bitnami/postgresql", "POSTGRESQL_PASSWORD", "${POSTGRESQL_USERNAME:-postgres}"},
        {"bitnami/postgresql", "POSTGRESQL_POSTGRES_PASSWORD", "-U \"postgres\""},
        {"mysql", "MYSQL_PASSWORD", "$MYSQL_USER"},
        {"mysql", "MYSQL_ROOT_PASSWORD", "-u root"},
        {"mariadb", "MYSQL_PASSWORD", "${MARIADB_USER:-$MYSQL_USER}"},
        {"mariadb", "MARIADB_ROOT_PASSWORD", "-u root"},
        {"mongodb/mongodb-community-server", "MONGODB_INITDB_ROOT_PASSWORD",
         "${MONGODB_INITDB_ROOT_USERNAME:-root}"},
        {"bitnami/rabbitmq", "RABBITMQ_PASSWORD", "${RABBITMQ_USERNAME:-user}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct bulla_server *server = NULL;
        ck_assert(bulla_image_password(rows[i].image, bulla_bytes_of(rows[i].key), &server) ==
                  BULLA_PASSWORD_AT_FIRST_START);
        ck_assert_msg(strstr(server->client, rows[i].account) != NULL, "%s: %s", rows[i].key,
                      server->client);
        /* Told by hand, or on standard input; never both. */
        ck_assert((server->format != NULL) != (server->statement != NULL));
    }
}
END_TEST

static const struct {
    const char *value;
    bool is_handed_out;
} handed_out[] = {
    {"ghp_x7Qm2Lr9Tw4Z", true},
    {"sk_test_51Hx8wQ2", true},
    {"sk-proj-7Yq2mB4c", true},
    {"eyJhbGciOiJIUzI1NiJ9.e30.x", true},
    {"-----BEGIN PRIVATE KEY-----", true},
    {"AKIAQ7M2W9X4B6D1", true},
    /* Too short to be one, another case, another beginning. */
    {"sk-proj-7Yq2mB4", false},
    {"re_7Yq2m", false},
    {"SK_TEST_51Hx8wQ2", false},
    {"xghp_x7Qm2Lr9Tw4Z", false},
    {"m9sK2vQx7LpT4wZc", false},
    {"", false},
};

START_TEST(shape_tells_what_others_hand_out)
{
    ck_assert_msg(bulla_is_handed_out(bulla_bytes_of(handed_out[_i].value)) ==
                      handed_out[_i].is_handed_out,
                  "%s", handed_out[_i].value);
}
END_TEST

START_TEST(shape_password_of_a_url_is_what_counts)
{
    struct bulla_bytes password;
    ck_assert(bulla_url_password("DATABASE_URL", LIT("postgres://app:secret@db/app"), &password));
    ck_assert(bulla_bytes_are(password, "secret"));
    ck_assert(bulla_url_password("DATABASE_URL", LIT("postgres://db/app"), &password));
    ck_assert_uint_eq(password.len, 0);
    /* Not where the name or the value is none. */
    ck_assert(!bulla_url_password("DB_PASSWORD", LIT("postgres://app:secret@db/app"), &password));
    ck_assert(!bulla_url_password("DATABASE_URL", LIT("app:secret@db"), &password));
}
END_TEST

START_TEST(shape_url_splits_with_references_inside)
{
    struct bulla_url url;
    ck_assert(bulla_url_split(LIT("postgresql://${U:-app}:${PW:?set a/b}@db:5432/x?y=1"), &url));
    assert_bytes(url.scheme, "postgresql");
    assert_bytes(url.user, "${U:-app}");
    assert_bytes(url.password, "${PW:?set a/b}");
    assert_bytes(url.host, "db");
    assert_bytes(url.port, "5432");
    assert_bytes(url.rest, "/x?y=1");
    ck_assert(bulla_url_split(LIT("redis://:pw@r/0"), &url));
    assert_bytes(url.user, "");
    assert_bytes(url.password, "pw");
    ck_assert(bulla_url_split(LIT("http://h"), &url));
    ck_assert(!url.has_userinfo);
    ck_assert(!bulla_url_split(LIT("http:/h"), &url));
    ck_assert(!bulla_url_split(LIT("://h"), &url));
}
END_TEST

static const struct {
    const char *name; /* NULL: none */
    const char *value;
    const char *what; /* NULL: no secret */
} in_clear[] = {
    {"DB_PASSWORD", "hunter2", "a password"},
    {"DB_PASSWORD", "123456", "a password"},
    {"DB_PASSWORD", "", NULL},
    {"DB_PASSWORD", "${DB_PASSWORD}", NULL},
    {"ALLOW_EMPTY_PASSWORD", "yes", NULL},
    {"RANDOM_ROOT_PASSWORD", "1", NULL},
    {"DB_PASSWORD_FILE", "/run/secrets/db", NULL},
    {"DB_PASSWORD", "/run/secrets/db", NULL},
    {"DB_PASSWORD", "<your password>", NULL},
    {"SECRET_KEY", "mysecretkey", "a secret"},
    {"SECRET_KEY", "dummy-for-the-build", NULL},
    {"SECRET_KEY", "two words", NULL},
    {"JWT_SECRET", "secret", "a secret"},
    {"CACHE_KEY", "myapp", NULL},
    {"CACHE_KEY", "4d1f0c5b7e92a8367f08d31c9be4a652", "a secret"},
    {"SORT_KEY", "4d1f0c5b7e92a8367f08d31c9be4a652", NULL},
    {"API_KEY", "disabled", NULL},
    {"API_KEY", "12345", NULL},
    {"NEXT_PUBLIC_API_KEY", "4d1f0c5b7e92a8367f08d31c9be4a652", NULL},
    {"COMMIT", "4d1f0c5b7e92a8367f08d31c9be4a652", NULL},
    {"TOKEN_URL", "https://example.com/token", NULL},
    {"DATABASE_URL", "postgres://app:hunter2@db/app", "a password in a URL"},
    {"DATABASE_URL", "postgres://app:${DB_PASSWORD}@db/app", NULL},
    {"DATABASE_URL", "postgres://app@db/app", NULL},
    {NULL, "redis://:hunter2@redis:6379", "a password in a URL"},
    {NULL,
     "ghp_"
     "a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8",
     "a GitHub token"},
    {NULL,
     "ghp_"
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
     NULL},
    {NULL,
     "x=AKIA"
     "A1B2C3D4E5F6G7H8",
     "an AWS key"},
    {NULL,
     "AKIA"
     "IOSFODNN7EXAMPLE",
     NULL},
    {NULL, "hunter2", NULL},
};

START_TEST(shape_secret_in_clear)
{
    const char *what = bulla_secret_in_clear(in_clear[_i].name, bulla_bytes_of(in_clear[_i].value));
    if (in_clear[_i].what == NULL) {
        ck_assert_msg(what == NULL, "%s=%s", in_clear[_i].name, in_clear[_i].value);
    } else {
        ck_assert_msg(what != NULL, "%s=%s", in_clear[_i].name, in_clear[_i].value);
        ck_assert_str_eq(what, in_clear[_i].what);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

int main(void)
{
    Suite *suite = suite_create("shape");
    TCase *tcase = tcase_create("shape");
    tcase_add_loop_test(tcase, shape_name_family_by_last_words, 0, COUNT(families));
    tcase_add_test(tcase, shape_third_party_by_word);
    tcase_add_loop_test(tcase, shape_of_value, 0, COUNT(shapes));
    tcase_add_test(tcase, shape_placeholder_is_seen);
    tcase_add_loop_test(tcase, shape_secret_in_clear, 0, COUNT(in_clear));
    tcase_add_loop_test(tcase, shape_tells_what_others_hand_out, 0, COUNT(handed_out));
    tcase_add_test(tcase, shape_password_of_a_url_is_what_counts);
    tcase_add_test(tcase, shape_url_splits_with_references_inside);
    tcase_add_loop_test(tcase, shape_image_tells_when_a_password_counts, 0, COUNT(images));
    tcase_add_test(tcase, shape_server_is_told_of_the_account_that_the_variable_has);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
