/* What a project may hold beside its services. */
#include "model/shape_table.h"

#include <string.h>

#include "base/banned.h"

/* clang-format off */
const struct shape shape_text = {.kinds = T};
SIMPLE(integer, I);
const struct shape shape_bool_text = {.kinds = B | T};
const struct shape shape_texts = {.kinds = L, .each = &shape_text};
const struct shape shape_text_or_list = {.kinds = T | L, .first = T, .each = &shape_text,
    .unique = true};
SHAPE(dict_item) = {.kinds = T | N | B | Z};
const struct shape shape_dict = {.kinds = M | L, .first = M, .closed = true, .plain = true,
    .unique = true, .items = &shape_text, .each = &shape_dict_item, .keys = KEYS_SOME};
SHAPE(option) = {.kinds = T | N};
const struct shape shape_options = {.kinds = M, .each = &shape_option, .keys = KEYS_SOME};
SHAPE(driver_texts) = {.kinds = M, .closed = true, .plain = true, .each = &shape_text,
    .keys = KEYS_SOME};
SHAPE(external) = {.kinds = B | T | M, .members = (const struct member[]){
    ROW("name", text, BIND_TEXT), END}};
SHAPE(closed_external) = {.kinds = B | T | M, .closed = true,
    .members = (const struct member[]){ROW("name", text, BIND_TEXT), END}};

/* --- top level -------------------------------------------------------------------------------- */

static const struct member include_members[] = {
    ROW("path", text_or_list, BIND_TEXTS), ROW("env_file", text_or_list, BIND_TEXTS),
    ROW("project_directory", text, BIND_TEXT), END};
SHAPE(include) = {.kinds = T | M, .first = T, .closed = true, .plain = true,
    .members = include_members};
LIST_OF(includes, include);

static const struct member pool_members[] = {
    ROW("subnet", text, BIND_TEXT), ROW("ip_range", text, BIND_TEXT),
    ROW("gateway", text, BIND_TEXT), ROW("aux_addresses", driver_texts, BIND_MAPPING), END};
OBJECT(pool, pool_members);
LIST_OF(pools, pool);
static const struct member ipam_members[] = {
    ROW("driver", text, BIND_TEXT), ROW("config", pools, BIND_OBJECTS),
    ROW("options", driver_texts, BIND_OPTIONS), END};
OBJECT(ipam, ipam_members);
static const struct member network_members[] = {
    ROW("name", text, BIND_TEXT), ROW("driver", text, BIND_TEXT),
    ROW("driver_opts", options, BIND_OPTIONS), ROW("ipam", ipam, BIND_STRUCT),
    ROW("external", closed_external, BIND_BOOL), ROW("internal", bool_text, BIND_BOOL),
    ROW("enable_ipv4", bool_text, BIND_BOOL_KEPT), ROW("enable_ipv6", bool_text, BIND_BOOL_KEPT),
    ROW("attachable", bool_text, BIND_BOOL), ROW("labels", dict, BIND_LABELS), END};
SHAPE(network) = {.kinds = M | Z, .closed = true, .members = network_members};
SHAPE(networks) = {.kinds = M, .each = &shape_network, .keys = KEYS_NAME};

static const struct member volume_members[] = {
    ROW("name", text, BIND_TEXT), ROW("driver", text, BIND_TEXT),
    ROW("driver_opts", options, BIND_OPTIONS), ROW("external", closed_external, BIND_BOOL),
    ROW("labels", dict, BIND_LABELS), END};
SHAPE(volume) = {.kinds = M | Z, .closed = true, .members = volume_members};
SHAPE(volumes) = {.kinds = M, .closed = true, .plain = true, .each = &shape_volume,
    .keys = KEYS_NAME};

static const struct member secret_members[] = {
    ROW("name", text, BIND_TEXT), ROW("environment", text, BIND_TEXT), ROW("file", text, BIND_TEXT),
    ROW("external", external, BIND_BOOL), ROW("labels", dict, BIND_LABELS),
    ROW("driver", text, BIND_TEXT), ROW("driver_opts", options, BIND_OPTIONS),
    ROW("template_driver", text, BIND_TEXT), END};
OBJECT(secret, secret_members);
SHAPE(secrets) = {.kinds = M, .closed = true, .plain = true, .each = &shape_secret,
    .keys = KEYS_NAME};
static const struct member config_members[] = {
    ROW("name", text, BIND_TEXT), ROW("content", text, BIND_TEXT),
    ROW("environment", text, BIND_TEXT), ROW("file", text, BIND_TEXT),
    ROW("external", external, BIND_BOOL), ROW("labels", dict, BIND_LABELS),
    ROW("template_driver", text, BIND_TEXT), END};
OBJECT(config, config_members);
SHAPE(configs) = {.kinds = M, .closed = true, .plain = true, .each = &shape_config,
    .keys = KEYS_NAME};
static const struct member model_members[] = {
    ROW("name", text, BIND_TEXT), ROW("model", text, BIND_TEXT),
    ROW("context_size", integer, BIND_INT), ROW("runtime_flags", texts, BIND_TEXTS), END};
SHAPE(model) = {.kinds = M, .closed = true, .members = model_members, .required = {"model"}};
SHAPE(models) = {.kinds = M, .each = &shape_model, .keys = KEYS_NAME};

SHAPE(services) = {.kinds = M, .closed = true, .plain = true, .each = &shape_service,
    .keys = KEYS_NAME};

static const struct member project_members[] = {
    ROW("version", text, BIND_DROP), ROW("name", text, BIND_TEXT),
    ROW("include", includes, BIND_DROP), ROW("services", services, BIND_TABLE),
    ROW("models", models, BIND_DROP), ROW("networks", networks, BIND_TABLE_FULL),
    ROW("volumes", volumes, BIND_TABLE_FULL), ROW("secrets", secrets, BIND_TABLE_FULL),
    ROW("configs", configs, BIND_TABLE_FULL), END};
const struct shape shape_project = {.kinds = M, .closed = true, .members = project_members};
/* clang-format on */

const struct member *shape_member(const struct shape *shape, struct bulla_bytes name)
{
    const struct member *member = shape->members;
    for (; member != NULL && member->name != NULL; member++) {
        if (bulla_bytes_are(name, member->name)) {
            return member;
        }
    }
    return NULL;
}

bool is_extension(struct bulla_bytes key)
{
    return bulla_bytes_start(key, "x-");
}
