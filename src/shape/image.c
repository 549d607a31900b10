/* What servers do with the password in their environment, by the image they run. */
#include <string.h>

#include "bulla/shape.h"

#include "base/banned.h"

#define MAX_IMAGES 6
#define MAX_KEYS 3

#define POSTGRES "postgres", "postgresql", "postgis", "pgvector", "timescaledb", "timescaledb-ha"
#define POSTGRES_INFO(user, password)                                                              \
    {                                                                                              \
        "PostgreSQL", "ALTER ROLE … PASSWORD",                                                     \
            "PGPASSWORD=\"$" password "\" psql -U \"" user "\" -d postgres -c '\\password'",       \
            "%s\\n%s\\n", false, NULL                                                              \
    }
#define MYSQL "mysql", "mysql-server", "percona", "percona-server", NULL
/* In no mode: a double quote is one of a string, and a backslash escapes. */
#define NO_MODE "SET sql_mode=0; "
#define SET_MYSQL NO_MODE "ALTER USER USER() IDENTIFIED BY \"%s\";"
/* ALTER USER CURRENT_USER() leaves root@localhost as it is, and says nothing (10.11). */
#define SET_MARIADB NO_MODE "SET PASSWORD = PASSWORD(\"%s\");"
/* Root has a second account for those that come over the network; not where that was forbidden. */
#define SET_ROOT " ALTER USER IF EXISTS root@\"%%\" IDENTIFIED BY \"%s\";"
#define ALTER_USER "ALTER USER … IDENTIFIED BY"
/* It shows a statement that was refused, with the password; a client before 10.6.19 shows none. */
#define MARIADB "mariadb --loose-skip-print-query-on-error"
#define MONGO_INFO(user)                                                                           \
    {                                                                                              \
        "MongoDB", "db.changeUserPassword", "mongosh admin -u \"" user "\" -p", NULL, false,       \
            "db.changeUserPassword(\"USER\", passwordPrompt())"                                    \
    }
#define RABBITMQ "rabbitmq", "rabbitmq-server", NULL
/* rabbitmqctl reads the variable, too, and ends where it has a letter beyond Latin-1 (3.10). */
#define RABBITMQ_INFO(user)                                                                        \
    {                                                                                              \
        "RabbitMQ", "rabbitmqctl change_password",                                                 \
            "env -u RABBITMQ_DEFAULT_PASS rabbitmqctl change_password \"" user "\"", "%s\\n",      \
            false, NULL                                                                            \
    }

/*
 * The documentation of each image says so: the variables of KEYS count where the data folder is
 * empty, and later ones change nothing. No keys: every variable counts at each start. Of an image
 * with several rows the one with the key tells whose password it is.
 *
 * psql's \password and rabbitmqctl read standard input where there is no terminal, and psql sends
 * a hash only; mysql and mariadb keep no history of what they are not typed. An account of theirs
 * may change its own password, so a user's needs no root; of MariaDB's by SET PASSWORD alone.
 *
 * tests/long/servers.sh runs the commands of PostgreSQL, MariaDB and RabbitMQ. Those of MySQL
 * (Reference Manual, ALTER USER), MongoDB (mongosh, passwordPrompt) and Grafana (CLI, admin) were
 * not run: they follow the documentation.
 */
static const struct server {
    const char *images[MAX_IMAGES];
    const char *keys[MAX_KEYS];
    struct bulla_server info;
} servers[] = {
    {{POSTGRES},
     {"POSTGRES_PASSWORD", NULL},
     POSTGRES_INFO("${POSTGRES_USER:-postgres}", "POSTGRES_PASSWORD")},
    {{POSTGRES},
     {"POSTGRESQL_PASSWORD", NULL},
     POSTGRES_INFO("${POSTGRESQL_USERNAME:-postgres}", "POSTGRESQL_PASSWORD")},
    {{POSTGRES},
     {"POSTGRESQL_POSTGRES_PASSWORD", NULL},
     POSTGRES_INFO("postgres", "POSTGRESQL_POSTGRES_PASSWORD")},
    {{MYSQL},
     {"MYSQL_PASSWORD", NULL},
     {"MySQL", ALTER_USER, "MYSQL_PWD=\"$MYSQL_PASSWORD\" mysql -u \"$MYSQL_USER\"",
      SET_MYSQL "\\n", true, NULL}},
    {{MYSQL},
     {"MYSQL_ROOT_PASSWORD", NULL},
     {"MySQL", ALTER_USER, "MYSQL_PWD=\"$MYSQL_ROOT_PASSWORD\" mysql -u root",
      SET_MYSQL SET_ROOT "\\n", true, NULL}},
    {{"mariadb", NULL},
     {"MARIADB_PASSWORD", "MYSQL_PASSWORD", NULL},
     {"MariaDB", ALTER_USER,
      "MYSQL_PWD=\"${MARIADB_PASSWORD:-$MYSQL_PASSWORD}\" " MARIADB " -u "
      "\"${MARIADB_USER:-$MYSQL_USER}\"",
      SET_MARIADB "\\n", true, NULL}},
    {{"mariadb", NULL},
     {"MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD", NULL},
     {"MariaDB", ALTER_USER,
      "MYSQL_PWD=\"${MARIADB_ROOT_PASSWORD:-$MYSQL_ROOT_PASSWORD}\" " MARIADB " -u root",
      SET_MARIADB SET_ROOT "\\n", true, NULL}},
    {{"mongo", "mongodb", NULL},
     {"MONGO_INITDB_ROOT_PASSWORD", NULL},
     MONGO_INFO("${MONGO_INITDB_ROOT_USERNAME:-root}")},
    {{"mongodb-community-server", NULL},
     {"MONGODB_INITDB_ROOT_PASSWORD", NULL},
     MONGO_INFO("${MONGODB_INITDB_ROOT_USERNAME:-root}")},
    {{"mongodb", NULL},
     {"MONGODB_ROOT_PASSWORD", "MONGODB_PASSWORD", NULL},
     MONGO_INFO("${MONGODB_ROOT_USER:-root}")},
    {{RABBITMQ}, {"RABBITMQ_DEFAULT_PASS", NULL}, RABBITMQ_INFO("${RABBITMQ_DEFAULT_USER:-guest}")},
    {{RABBITMQ}, {"RABBITMQ_PASSWORD", NULL}, RABBITMQ_INFO("${RABBITMQ_USERNAME:-user}")},
    {{"grafana", "grafana-oss", "grafana-enterprise", NULL},
     {"GF_SECURITY_ADMIN_PASSWORD", NULL},
     {"Grafana", "grafana cli admin reset-admin-password",
      "grafana cli admin reset-admin-password --password-from-stdin", "%s\\n", false, NULL}},
    {{"pgadmin4", NULL},
     {"PGADMIN_DEFAULT_PASSWORD", NULL},
     {.name = "pgAdmin", .change = "setup.py update-user"}},
    {{"redis", "redis-stack", "redis-stack-server", "valkey", "keydb", NULL},
     {NULL},
     {.name = "Redis"}},
    {{"minio", NULL}, {NULL}, {.name = "MinIO"}},
};

struct bulla_bytes bulla_image_name(const char *image)
{
    const char *preset = strncmp(image, "${", 2) == 0 ? strstr(image, ":-") : NULL;
    const char *start = preset != NULL ? preset + 2 : image;
    for (const char *at = start; *at != '\0' && *at != '@' && *at != '$' && *at != '}'; at++) {
        start = *at == '/' ? at + 1 : start;
    }
    return bulla_bytes(start, strcspn(start, ":@$}"));
}

static bool is_among(struct bulla_bytes text, const char *const *words, size_t max)
{
    for (size_t i = 0; i < max && words[i] != NULL; i++) {
        if (bulla_bytes_are(text, words[i])) {
            return true;
        }
    }
    return false;
}

enum bulla_password_use bulla_image_password(const char *image, struct bulla_bytes key,
                                             const struct bulla_server **ret_server)
{
    struct bulla_bytes name = bulla_image_name(image);
    const struct server *known = NULL;
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        const struct server *server = &servers[i];
        if (!is_among(name, server->images, MAX_IMAGES)) {
            continue;
        }
        if (is_among(key, server->keys, MAX_KEYS)) {
            *ret_server = &server->info;
            return BULLA_PASSWORD_AT_FIRST_START;
        }
        known = known != NULL ? known : server;
    }
    if (known == NULL) {
        return BULLA_PASSWORD_UNKNOWN;
    }
    *ret_server = &known->info;
    return known->keys[0] == NULL ? BULLA_PASSWORD_AT_START : BULLA_PASSWORD_UNKNOWN;
}
