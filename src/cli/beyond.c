#include "beyond.h"

#include <string.h>

#include "bulla/shape.h"
#include "message.h"
#include "usage.h"

/* The variable of the container that USE fills; empty where it fills none. */
static struct bulla_bytes container_variable(const struct bulla_project_use *use, const char *name)
{
    if (use->ref == NULL || use->kind == BULLA_USE_PASS_THROUGH) {
        return bulla_bytes_of(name);
    }
    const char *dot = strrchr(use->ref->path, '.');
    if (strstr(use->ref->path, "environment") == NULL || dot == NULL) {
        return bulla_bytes_of("");
    }
    if (strcmp(dot, ".[]") != 0) {
        return bulla_bytes_of(dot + 1);
    }
    const char *equals = memchr(use->ref->text, '=', use->ref->text_len);
    return bulla_bytes(use->ref->text, equals != NULL ? (size_t)(equals - use->ref->text) : 0);
}

bool beyond_warn_servers(const struct invocation *in, const struct bulla_project *project,
                         const char *name, bool *ret_known, struct bulla_error *err)
{
    auto_usage usage = {0};
    const struct bulla_project_service *said = NULL;
    if (!usage_collect(&usage, project, name, err)) {
        return false;
    }
    for (size_t i = 0; i < usage.count; i++) {
        const struct bulla_project_use *use = &usage.uses[i];
        if (use->service == NULL || use->service->image == NULL) {
            continue;
        }
        const struct bulla_server *server = NULL;
        enum bulla_password_use takes =
            bulla_image_password(use->service->image, container_variable(use, name), &server);
        *ret_known = *ret_known || takes != BULLA_PASSWORD_UNKNOWN;
        if (takes == BULLA_PASSWORD_AT_FIRST_START && use->service != said) {
            said = use->service;
            message_warn(in, "'%s' (%s) keeps the '%s' that its data was first started with",
                         said->name, server->name, name);
            message_hint(in, "change it there too (%s) before its users are recreated",
                         server->change);
        }
    }
    return true;
}

bool beyond_warn(const struct invocation *in, const struct bulla_project *project,
                 const struct bulla_variable *variable, bool *said_database,
                 struct bulla_error *err)
{
    enum bulla_name_family family = bulla_name_family(variable->name);
    bool is_fernet = strncmp(variable->kind.text, "fernet", 6) == 0;
    bool is_known = false;
    if (family == BULLA_NAME_ENCRYPTION_KEY || is_fernet) {
        message_warn(in, "what was sealed with the old '%s' cannot be read with the new",
                     variable->name);
        message_hint(in, "bulla rollback %s goes back", variable->name);
    }
    if (project != NULL && !beyond_warn_servers(in, project, variable->name, &is_known, err)) {
        return false;
    }
    if (family == BULLA_NAME_PASSWORD && !is_known && !*said_database) {
        *said_database = true;
        message_warn(in, "what checks '%s' keeps the old one until it is told", variable->name);
        message_hint(in, "change it there too before its users are recreated");
    }
    return true;
}
