#include "beyond.h"

#include <string.h>

#include "bulla/mem.h"
#include "bulla/rotate.h"
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

static bool add(struct beyond *beyond, struct beyond_server server, struct bulla_error *err)
{
    if (!bulla_grow(&beyond->servers, &beyond->cap, beyond->count + 1, sizeof server, err)) {
        return false;
    }
    beyond->servers[beyond->count++] = server;
    return true;
}

/* Those of one variable are added together, and stand last. */
static bool has_service(const struct beyond *beyond, const char *variable, const char *service)
{
    for (size_t i = beyond->count; i > 0; i--) {
        const struct beyond_server *known = &beyond->servers[i - 1];
        if (strcmp(known->variable, variable) != 0) {
            return false;
        }
        if (known->service != NULL && strcmp(known->service, service) == 0) {
            return true;
        }
    }
    return false;
}

/* Those that a service's image tells. *RET_KNOWN is set where a server takes it at all. */
static bool add_services(struct beyond *beyond, const struct bulla_project *project,
                         const char *name, bool *ret_known, struct bulla_error *err)
{
    auto_usage usage = {0};
    if (!usage_collect(&usage, project, name, err)) {
        return false;
    }
    for (size_t i = 0; i < usage.count; i++) {
        const struct bulla_project_use *use = &usage.uses[i];
        if (use->service == NULL || use->service->image == NULL) {
            continue;
        }
        const struct bulla_server *server = NULL;
        struct bulla_bytes key = container_variable(use, name);
        enum bulla_password_use takes = bulla_image_password(use->service->image, key, &server);
        *ret_known = *ret_known || takes != BULLA_PASSWORD_UNKNOWN;
        if (takes == BULLA_PASSWORD_AT_FIRST_START &&
            !has_service(beyond, name, use->service->name) &&
            !add(beyond,
                 (struct beyond_server){.variable = name,
                                        .service = use->service->name,
                                        .server = server,
                                        .is_admin = memmem(key.data, key.len, "ROOT", 4) != NULL},
                 err)) {
            return false;
        }
    }
    return true;
}

bool beyond_add(struct beyond *beyond, const struct bulla_project *project,
                const struct bulla_variable *variable, struct bulla_error *err)
{
    const char *name = variable->name;
    bool is_known = false;
    if (variable->apply.text != NULL) {
        return add(beyond, (struct beyond_server){.variable = name, .apply = variable->apply.text},
                   err);
    }
    if (project != NULL && !add_services(beyond, project, name, &is_known, err)) {
        return false;
    }
    bool is_elsewhere = !is_known && variable->role == BULLA_ROLE_GENERATED &&
                        bulla_name_family(name) == BULLA_NAME_PASSWORD;
    return !is_elsewhere || add(beyond, (struct beyond_server){.variable = name}, err);
}

static void warn_one(const struct beyond_server *server, const struct invocation *in,
                     bool with_hints)
{
    if (server->apply != NULL) {
        message_warn(in, "the live service of [apply %s] still has the old '%s'", server->apply,
                     server->variable);
    } else if (server->service != NULL) {
        message_warn(in, "'%s' (%s) keeps the '%s' that its data was first started with",
                     server->service, server->server->name, server->variable);
    } else {
        message_warn(in, "what checks '%s' keeps the old one until it is told", server->variable);
    }
    if (with_hints && server->service != NULL) {
        message_hint(in, "change it there too (%s) before its users are recreated",
                     server->server->change);
    } else if (with_hints) {
        message_hint(in, "change it there too before its users are recreated");
    }
}

void beyond_warn(const struct beyond *beyond, const struct invocation *in, bool with_hints)
{
    for (size_t i = 0; i < beyond->count; i++) {
        warn_one(&beyond->servers[i], in, with_hints);
    }
}

void beyond_warn_sealed(const struct workspace *ws, const struct bulla_variable *variable)
{
    char flag[48];
    if (bulla_rotation_seals(variable)) {
        message_warn(ws->in, "what was sealed with the old '%s' cannot be read with the new",
                     variable->name);
        message_hint(ws->in, "bulla rollback%s %s goes back", workspace_env_flag(ws, flag),
                     variable->name);
    }
}

void beyond_release(struct beyond *beyond)
{
    bulla_free(beyond->servers);
    *beyond = (struct beyond){0};
}
