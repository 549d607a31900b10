/*
 * Two names for the password of one user of a server of the stack: the server takes the one, an
 * application that is sent to that server as that user the other. Made anew each for itself they
 * would not be the same.
 */
#include <string.h>

#include "bulla/shape.h"
#include "infer/references.h"

#include "base/banned.h"

#define KEY_MAX_BYTES 200

/* An application's way to a server: what its PREFIX_HOST, _USER and _PASSWORD are set to. */
struct login {
    struct bulla_bytes host, user;
};

/* What the project itself sets NAME to: its sample's text, else a compose file's default. */
static bool read_published(struct bulla_survey *survey, const char *name,
                           struct bulla_bytes *ret_text, struct bulla_error *err)
{
    const char *text = survey_sample_value(survey, name, NULL);
    for (size_t i = 0; text == NULL && i < survey->environment_count; i++) {
        text = survey_sample_value(survey, name, survey->environments[i].name);
    }
    if ((text == NULL || text[0] == '\0') && !references_find_default(survey, name, &text, err)) {
        return false;
    }
    *ret_text = text != NULL ? bulla_bytes_of(text) : bulla_bytes(NULL, 0);
    return true;
}

/* What the value of ENTRY comes to in the project's own words; empty where it is made of parts. */
static bool read_entry(struct bulla_survey *survey, const struct bulla_project_env *entry,
                       struct bulla_bytes *ret_text, struct bulla_error *err)
{
    *ret_text = bulla_bytes(NULL, 0);
    if (entry->value == NULL) {
        return true;
    }
    if (strchr(entry->value, '$') == NULL) {
        *ret_text = bulla_bytes_of(entry->value);
        return true;
    }
    for (size_t i = 0; i < survey->variable_count; i++) {
        if (references_are_whole(entry->value, survey->variables[i].name)) {
            return read_published(survey, survey->variables[i].name, ret_text, err);
        }
    }
    return true;
}

/* The bytes of KEY before the words for a password: "DB_" of "DB_PASSWORD"; 0 for none. */
static size_t prefix_of(const char *key)
{
    static const char *const words[] = {"PASSWORD", "PASSWD", "PASS", "PWD", "PW"};
    size_t len = strlen(key);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t end = strlen(words[i]);
        if (len > end && len < KEY_MAX_BYTES && strcmp(key + len - end, words[i]) == 0) {
            return len - end;
        }
    }
    return 0;
}

static bool is_key(const char *key, const char *prefix, size_t len, const char *const *words)
{
    for (size_t i = 0; strncmp(key, prefix, len) == 0 && words[i] != NULL; i++) {
        if (strcmp(key + len, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *const host_words[] = {"HOST", "HOSTNAME", "SERVER", NULL};
static const char *const user_words[] = {"USER", "USERNAME", NULL};

/* The login whose password SERVICE is given as KEY. */
static bool read_login(struct bulla_survey *survey, const struct bulla_project_service *service,
                       const char *key, struct login *ret_login, struct bulla_error *err)
{
    size_t len = prefix_of(key);
    *ret_login = (struct login){.host = bulla_bytes(NULL, 0), .user = bulla_bytes(NULL, 0)};
    for (size_t i = 0; len > 0 && i < service->environment_count; i++) {
        const struct bulla_project_env *entry = &service->environment[i];
        bool is_host = is_key(entry->key, key, len, host_words);
        bool is_user = is_key(entry->key, key, len, user_words);
        if ((is_host && !read_entry(survey, entry, &ret_login->host, err)) ||
            (is_user && !read_entry(survey, entry, &ret_login->user, err))) {
            return false;
        }
    }
    const uint8_t *colon =
        ret_login->host.len > 0 ? memchr(ret_login->host.data, ':', ret_login->host.len) : NULL;
    ret_login->host.len =
        colon != NULL ? (size_t)(colon - ret_login->host.data) : ret_login->host.len;
    return true;
}

/* The user whose password SERVER takes as KEY, as its image reads it; empty where unknown. */
static bool read_server_user(struct bulla_survey *survey,
                             const struct bulla_project_service *server, const char *key,
                             struct bulla_bytes *ret_user, struct bulla_error *err)
{
    size_t len = prefix_of(key);
    *ret_user = bulla_bytes(NULL, 0);
    for (size_t i = 0; i < server->environment_count; i++) {
        const struct bulla_project_env *entry = &server->environment[i];
        if (is_key(entry->key, key, len, user_words)) {
            return read_entry(survey, entry, ret_user, err);
        }
    }
    if (strcmp(key, "POSTGRES_PASSWORD") == 0) {
        *ret_user = bulla_bytes_of("postgres");
    } else if (strcmp(key, "MYSQL_ROOT_PASSWORD") == 0 ||
               strcmp(key, "MARIADB_ROOT_PASSWORD") == 0) {
        *ret_user = bulla_bytes_of("root");
    }
    return true;
}

/* The variable from which the server that LOGIN leads to has that user's password, or NULL. */
static bool find_owner(struct bulla_survey *survey, const struct bulla_project *project,
                       const struct login *login, const char **ret_name, struct bulla_error *err)
{
    *ret_name = NULL;
    for (size_t i = 0; login->host.len > 0 && login->user.len > 0 && i < project->service_count;
         i++) {
        const struct bulla_project_service *server = project->services[i];
        bool is_meant = bulla_bytes_are(login->host, server->name);
        for (size_t k = 0; is_meant && k < server->environment_count; k++) {
            const struct bulla_project_env *entry = &server->environment[k];
            const char *name = references_find_first_password(survey, server, entry);
            struct bulla_bytes user;
            if (name == NULL) {
                continue;
            }
            if (!read_server_user(survey, server, entry->key, &user, err)) {
                return false;
            }
            if (bulla_bytes_equal(user, login->user)) {
                *ret_name = name;
                return true;
            }
        }
    }
    return true;
}

/* A password that is made here, of which no env file has a value that counts. */
static bool is_made(const struct bulla_survey_variable *variable)
{
    return !variable->is_known && !variable->is_own &&
           variable->guess.role == BULLA_ROLE_GENERATED && variable->guess.kind != NULL &&
           variable->guess.step == BULLA_INFER_FAMILY;
}

/* The one name under which all servers that NAME logs in to have the password; NULL: none. */
static bool find_same(struct bulla_survey *survey, const char *name, const char **ret_same,
                      struct bulla_error *err)
{
    bool differs = false;
    *ret_same = NULL;
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->service_count; k++) {
            const struct bulla_project_service *service = project->services[k];
            for (size_t e = 0; e < service->environment_count; e++) {
                const struct bulla_project_env *entry = &service->environment[e];
                const char *owner = NULL;
                struct login login;
                if (entry->value == NULL || !references_are_whole(entry->value, name)) {
                    continue;
                }
                if (!read_login(survey, service, entry->key, &login, err) ||
                    !find_owner(survey, project, &login, &owner, err)) {
                    return false;
                }
                differs = differs || owner == NULL ||
                          (*ret_same != NULL && strcmp(*ret_same, owner) != 0);
                *ret_same = owner;
            }
        }
    }
    *ret_same = differs ? NULL : *ret_same;
    return true;
}

bool survey_settle_server_users(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        const char *same = NULL;
        if (!is_made(variable) || bulla_name_family(variable->name) != BULLA_NAME_PASSWORD ||
            references_are_for_server(survey, variable->name)) {
            continue;
        }
        if (!find_same(survey, variable->name, &same, err)) {
            return false;
        }
        const struct bulla_survey_variable *owner =
            same != NULL ? survey_variable(survey, same, err) : NULL;
        if (owner == NULL || !is_made(owner)) {
            continue;
        }
        variable->guess = (struct bulla_guess){
            .role = BULLA_ROLE_DERIVED,
            .value = pool_printf(survey->pool, err, "{{ %s }}", same),
            .step = BULLA_INFER_FAMILY,
            .why = "a server of the stack has that user's password from there",
        };
        if (variable->guess.value == NULL) {
            return false;
        }
    }
    return true;
}
