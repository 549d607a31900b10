/*
 * Values that are written out in the environment of a service: secrets in the clear (B405), texts
 * that nobody has replaced (B301), and a server that is given an empty password (B305).
 */
#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "check/literals.h"

#include "base/banned.h"

#define HELP_MAX 256

static const char *image_of(const struct check *check, const struct bulla_project_literal *literal)
{
    const struct bulla_project_service *service =
        literal->service != NULL
            ? bulla_project_find_service(check->input->project, literal->service)
            : NULL;
    return service != NULL ? service->image : NULL;
}

/* Images whose entry point reads NAME_FILE. */
static bool reads_files(const char *image)
{
    static const char *const images[] = {"postgres",  "mysql",       "mariadb", "mongo",
                                         "minio",     "timescaledb", "postgis", "wordpress",
                                         "nextcloud", "joomla",      "redmine"};
    struct bulla_bytes name = bulla_image_name(image != NULL ? image : "");
    for (size_t i = 0; i < sizeof images / sizeof *images; i++) {
        if (bulla_bytes_are(name, images[i])) {
            return true;
        }
    }
    return false;
}

static struct place place_of(const struct check *check, const struct bulla_project_literal *literal)
{
    bool empty = literal->value == literal->text.len;
    struct place place =
        literal_place(check, literal, empty ? 0 : literal->value, literal->text.len);
    place.variable = literal->key;
    return place;
}

static const char *write_help(const struct bulla_project_literal *literal, char out[HELP_MAX])
{
    (void)snprintf(out, HELP_MAX, "write ${%s:?} here and give it a value in .env", literal->key);
    return out;
}

static bool add_in_clear(struct check *check, const struct bulla_project_literal *literal,
                         const char *what, struct bulla_error *err)
{
    struct place place = place_of(check, literal);
    char help[HELP_MAX];
    bool is_url = strcmp(what, "a password in a URL") == 0;
    bool in_file = !is_url && reads_files(image_of(check, literal));
    (void)write_help(literal, help);
    if (in_file) {
        size_t len = strlen(help);
        (void)snprintf(help + len, sizeof help - len,
                       "; or a secret, and %s_FILE: /run/secrets/NAME", literal->key);
    }
    bool is_common = bulla_is_common_word(literal_value(literal));
    return check_add_as(check, RULE_LITERAL_SECRET, secret_severity(what, RULE_LITERAL_SECRET),
                        &place, is_url ? "write ${NAME:?} in place of the password" : help, err,
                        "%s holds %s in the clear%s", literal->key, what,
                        is_common ? ", and a word that everybody tries first" : "");
}

/* Why it is a text that stands for a value to come, or NULL. WHAT it gives away, or NULL. */
static const char *placeholder_of(const struct bulla_project_literal *literal, const char *what)
{
    struct bulla_bytes value = literal_value(literal);
    bool is_secret = bulla_name_is_secret(literal->key) &&
                     (what != NULL || (value.len > 0 && value.data[0] == '<'));
    bool is_text = value.len > 0 && memchr(value.data, '$', value.len) == NULL;
    return is_secret && is_text && !bulla_is_common_word(value) ? bulla_placeholder(value) : NULL;
}

static bool add_placeholder(struct check *check, const struct bulla_project_literal *literal,
                            const char *why, struct bulla_error *err)
{
    struct place place = place_of(check, literal);
    char help[HELP_MAX];
    return check_add_as(check, RULE_PLACEHOLDER, BULLA_WARNING, &place, write_help(literal, help),
                        err, "%s is still a placeholder: %s", literal->key, why);
}

/* A variable of the same service that says that a server without a password is meant. */
static bool is_meant_empty(const struct check *check, const char *service)
{
    static const char *const words[] = {
        "POSTGRES_HOST_AUTH_METHOD",         "ALLOW_EMPTY_PASSWORD",
        "MYSQL_ALLOW_EMPTY_PASSWORD",        "MYSQL_RANDOM_ROOT_PASSWORD",
        "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "MARIADB_RANDOM_ROOT_PASSWORD"};
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->literal_count; i++) {
        const struct bulla_project_literal *other = &project->literals[i];
        bool is_near = other->kind == BULLA_LITERAL_ENVIRONMENT && other->service != NULL &&
                       strcmp(other->service, service) == 0;
        for (size_t k = 0; is_near && k < sizeof words / sizeof *words; k++) {
            if (strcmp(other->key, words[k]) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool check_empty(struct check *check, const struct bulla_project_literal *literal,
                        struct bulla_error *err)
{
    const char *image = image_of(check, literal);
    const struct bulla_server *server = NULL;
    bool is_password = image != NULL && bulla_name_family(literal->key) == BULLA_NAME_PASSWORD &&
                       bulla_image_password(image, bulla_bytes_of(literal->key), &server) ==
                           BULLA_PASSWORD_AT_FIRST_START;
    if (!is_password) {
        return true;
    }
    /* A service has its literals side by side. */
    if (check->asked_service == NULL || strcmp(check->asked_service, literal->service) != 0) {
        check->asked_service = literal->service;
        check->is_meant_empty = is_meant_empty(check, literal->service);
    }
    if (check->is_meant_empty) {
        return true;
    }
    struct place place = place_of(check, literal);
    char help[HELP_MAX];
    return check_add_as(check, RULE_SHORT, BULLA_WARNING, &place, write_help(literal, help), err,
                        "%s is empty: %s has no password, or does not start", literal->key,
                        server->name);
}

bool literal_check_environment(struct check *check, const struct bulla_project_literal *literal,
                               struct bulla_error *err)
{
    struct bulla_bytes value = literal_value(literal);
    if (value.len == 0) {
        return check_empty(check, literal, err);
    }
    const char *what = bulla_secret_in_clear(literal->key, value);
    const char *placeholder = placeholder_of(literal, what);
    if (placeholder != NULL) {
        return add_placeholder(check, literal, placeholder, err);
    }
    return what == NULL || add_in_clear(check, literal, what, err);
}
