/* What servers do with the password in their environment, by the image they run. */
#include <string.h>

#include "bulla/shape.h"

#include "base/banned.h"

#define MAX_IMAGES 6
#define MAX_KEYS 4

#define ALTER_USER "ALTER USER 'USER'@'HOST' IDENTIFIED BY 'NEW';"

/*
 * The documentation of each image says so: the variables of KEYS count where the data folder is
 * empty, and later ones change nothing. No keys: every variable counts at each start.
 *
 * psql's \password and rabbitmqctl read standard input where there is no terminal, and psql sends
 * a hash only; what mysql is typed with IDENTIFIED is not kept in its history.
 */
static const struct server {
    const char *images[MAX_IMAGES];
    const char *keys[MAX_KEYS];
    struct bulla_server info;
} servers[] = {
    {{"postgres", "postgresql", "postgis", "pgvector", "timescaledb", "timescaledb-ha"},
     {"POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD", "POSTGRESQL_POSTGRES_PASSWORD", NULL},
     {"PostgreSQL", "ALTER ROLE … PASSWORD",
      "psql -U \"${POSTGRES_USER:-postgres}\" -d postgres -c '\\password'", 2, NULL}},
    {{"mysql", "mysql-server", "percona", "percona-server", NULL},
     {"MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD", NULL},
     {"MySQL", "ALTER USER … IDENTIFIED BY", "MYSQL_PWD=\"$MYSQL_ROOT_PASSWORD\" mysql -u root", 0,
      ALTER_USER}},
    {{"mariadb", NULL},
     {"MARIADB_ROOT_PASSWORD", "MARIADB_PASSWORD", "MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD"},
     {"MariaDB", "ALTER USER … IDENTIFIED BY",
      "MYSQL_PWD=\"${MARIADB_ROOT_PASSWORD:-$MYSQL_ROOT_PASSWORD}\" mariadb -u root", 0,
      ALTER_USER}},
    {{"mongo", "mongodb", "mongodb-community-server", NULL},
     {"MONGO_INITDB_ROOT_PASSWORD", "MONGODB_INITDB_ROOT_PASSWORD", "MONGODB_ROOT_PASSWORD",
      "MONGODB_PASSWORD"},
     {"MongoDB", "db.changeUserPassword",
      "mongosh admin -u \"${MONGO_INITDB_ROOT_USERNAME:-root}\" -p", 0,
      "db.changeUserPassword(\"USER\", passwordPrompt())"}},
    {{"rabbitmq", "rabbitmq-server", NULL},
     {"RABBITMQ_DEFAULT_PASS", "RABBITMQ_PASSWORD", NULL},
     {"RabbitMQ", "rabbitmqctl change_password",
      "rabbitmqctl change_password \"${RABBITMQ_DEFAULT_USER:-guest}\"", 1, NULL}},
    {{"grafana", "grafana-oss", "grafana-enterprise", NULL},
     {"GF_SECURITY_ADMIN_PASSWORD", NULL},
     {"Grafana", "grafana cli admin reset-admin-password",
      "grafana cli admin reset-admin-password --password-from-stdin", 1, NULL}},
    {{"pgadmin4", NULL},
     {"PGADMIN_DEFAULT_PASSWORD", NULL},
     {"pgAdmin", "setup.py update-user", NULL, 0, NULL}},
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

static const struct server *find_server(const char *image)
{
    struct bulla_bytes name = bulla_image_name(image);
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        for (size_t k = 0; k < MAX_IMAGES && servers[i].images[k] != NULL; k++) {
            if (bulla_bytes_are(name, servers[i].images[k])) {
                return &servers[i];
            }
        }
    }
    return NULL;
}

enum bulla_password_use bulla_image_password(const char *image, struct bulla_bytes key,
                                             const struct bulla_server **ret_server)
{
    const struct server *server = find_server(image);
    if (server == NULL) {
        return BULLA_PASSWORD_UNKNOWN;
    }
    *ret_server = &server->info;
    if (server->keys[0] == NULL) {
        return BULLA_PASSWORD_AT_START;
    }
    for (size_t i = 0; i < MAX_KEYS && server->keys[i] != NULL; i++) {
        if (bulla_bytes_are(key, server->keys[i])) {
            return BULLA_PASSWORD_AT_FIRST_START;
        }
    }
    return BULLA_PASSWORD_UNKNOWN;
}
