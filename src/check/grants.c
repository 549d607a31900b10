/* Family 4, exposed: what a service is given and how. B411 to B413, B415. */
#include <string.h>

#include "bulla/shape.h"
#include "check/families.h"
#include "check/known.h"

#include "base/banned.h"

static const char *word_for(const struct bulla_project_resource *resource)
{
    return resource->config ? "config" : "secret";
}

static bool check_grant(struct check *check, const struct bulla_project_service *service,
                        const struct bulla_project_grant *grant, struct bulla_error *err)
{
    const struct bulla_project_resource *resource = grant->resource;
    struct place place = {
        .file = check_file_name(check, grant->file), .pos = grant->pos, .service = service->name};
    if (resource->source == BULLA_RESOURCE_FILE && grant->owned) {
        return check_add(check, RULE_OWNER_IGNORED, &place, NULL, err,
                         "uid, gid and mode are ignored: the %s '%s' comes from a file",
                         word_for(resource), resource->name);
    }
    bool is_copied = resource->source == BULLA_RESOURCE_ENVIRONMENT ||
                     resource->source == BULLA_RESOURCE_CONTENT;
    return !is_copied || !service->read_only ||
           check_add(check, RULE_READ_ONLY_SECRET, &place, NULL, err,
                     "the %s '%s' cannot be copied into '%s', which is read-only",
                     word_for(resource), resource->name, service->name);
}

static bool is_for_swarm(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->service_count; i++) {
        if (project->services[i]->for_swarm) {
            return true;
        }
    }
    return false;
}

/* --- env_file: everything for everybody ------------------------------------------------------- */

/* Published images that read these variables and no others; "" ends a list. */
static const struct {
    const char *image;
    const char *prefixes[4];
} known_images[] = {
    {"postgres", {"POSTGRES_", "PG", ""}},
    {"mysql", {"MYSQL_", ""}},
    {"mariadb", {"MARIADB_", "MYSQL_", ""}},
    {"mongo", {"MONGO_", ""}},
    {"redis", {"REDIS_", ""}},
    {"valkey", {"VALKEY_", ""}},
    {"memcached", {""}},
    {"rabbitmq", {"RABBITMQ_", ""}},
    {"nginx", {"NGINX_", ""}},
    {"caddy", {""}},
    {"httpd", {""}},
    {"adminer", {"ADMINER_", ""}},
    {"mailhog", {"MH_", ""}},
};

/* The last part of an image's name, and the rows of the table that it has. */
static const char *const *prefixes_of(const char *image)
{
    const char *slash = image != NULL ? strrchr(image, '/') : NULL;
    struct bulla_bytes name = bulla_image_name(image != NULL ? image : "");
    /* Somebody's own image of that name may read anything. */
    bool is_official = slash == NULL || strncmp(image, "library/", 8) == 0;
    for (size_t i = 0; is_official && i < sizeof known_images / sizeof *known_images; i++) {
        if (bulla_bytes_are(name, known_images[i].image)) {
            return known_images[i].prefixes;
        }
    }
    return NULL;
}

static bool has_prefix(const char *name, const char *const *prefixes)
{
    for (; (*prefixes)[0] != '\0'; prefixes++) {
        if (strncmp(name, *prefixes, strlen(*prefixes)) == 0) {
            return true;
        }
    }
    return false;
}

/* How many secrets of ENTRY its service's image has no use for. */
static size_t count_strangers(const struct check *check, const struct bulla_project_env_file *entry,
                              const char *const *prefixes)
{
    const struct bulla_contract *contract = check->input->contract;
    size_t count = 0;
    for (size_t i = 0; i < entry->key_count; i++) {
        const char *name = entry->keys[i].name;
        const struct known *known = known_find_in(check, entry->file, name);
        bool is_empty = known != NULL && known->value.len == 0;
        count += !is_empty && !has_prefix(name, prefixes) && check_is_secret(check, name);
    }
    size_t variables = entry->rendered && entry->key_count == 0 && contract != NULL
                           ? bulla_contract_variable_count(contract)
                           : 0;
    for (size_t i = 0; i < variables; i++) {
        struct bulla_variable variable;
        bulla_contract_variable(contract, i, check->input->environment, &variable);
        count += variable.role != BULLA_ROLE_SETTING && !has_prefix(variable.name, prefixes);
    }
    return count;
}

static bool check_env_files_of(struct check *check, const struct bulla_project_service *service,
                               struct bulla_error *err)
{
    const char *const *prefixes = prefixes_of(service->image);
    for (size_t i = 0; prefixes != NULL && i < service->env_file_count; i++) {
        const struct bulla_project_env_file *entry = &service->env_files[i];
        size_t strangers = count_strangers(check, entry, prefixes);
        struct place place = {.file = check_file_name(check, entry->named_in),
                              .pos = entry->pos,
                              .service = service->name};
        if (strangers > 0 && !check_add(check, RULE_ENV_FILE_TOO_WIDE, &place, NULL, err,
                                        "'%s' gets %zu secret%s that its image does not read",
                                        service->name, strangers, strangers == 1 ? "" : "s")) {
            return false;
        }
    }
    return true;
}

bool check_grants(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    bool for_swarm = is_for_swarm(project);
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        if (!check_env_files_of(check, service, err)) {
            return false;
        }
        for (size_t j = 0; j < service->grant_count; j++) {
            const struct bulla_project_grant *grant = &service->grants[j];
            if (!check_grant(check, service, grant, err)) {
                return false;
            }
            struct place place = {.file = check_file_name(check, grant->resource->file),
                                  .pos = grant->resource->pos};
            if (grant->resource->source == BULLA_RESOURCE_EXTERNAL && !for_swarm &&
                !check_add(check, RULE_EXTERNAL_WITHOUT_SWARM, &place, NULL, err,
                           "the external %s '%s' needs a swarm: Compose refuses it",
                           word_for(grant->resource), grant->resource->name)) {
                return false;
            }
        }
    }
    return true;
}
