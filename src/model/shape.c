#include "model/shape.h"

#include <string.h>

#include "base/banned.h"

/* clang-format off */
#define SIMPLE(name, bits) static const struct shape name = {.kinds = (bits)}
#define LIST_OF(name, what) static const struct shape name = {.kinds = L, .each = &(what)}
#define OBJECT(name, table) \
    static const struct shape name = {.kinds = M, .closed = true, .members = (table)}
#define END {NULL, NULL, BIND_DROP, false}
#define ROW(name, shape, bind) {name, &(shape), bind, false}

SIMPLE(text, T);
SIMPLE(boolean, B);
SIMPLE(integer, I);
SIMPLE(number, N);
SIMPLE(anything, T | N | I | B | Z | L | M);
SIMPLE(bool_text, B | T);
SIMPLE(int_text, I | T);
SIMPLE(number_text, N | T);
SIMPLE(text_null, T | Z);
LIST_OF(texts, text);
static const struct shape unique_texts = {.kinds = L, .each = &text, .unique = true};
static const struct shape text_or_list = {.kinds = T | L, .first = T, .each = &text, .unique = true};
static const struct shape text_or_texts = {.kinds = T | L, .first = T, .each = &text};
static const struct shape numbers = {.kinds = L, .each = &number_text, .unique = true};
static const struct shape dict_item = {.kinds = T | N | B | Z};
static const struct shape dict = {.kinds = M | L, .first = M, .closed = true, .plain = true,
                                  .unique = true, .items = &text, .each = &dict_item, .keys = KEYS_SOME};
static const struct shape host = {.kinds = T | L, .first = T, .each = &text};
static const struct shape hosts = {.kinds = M | L, .first = M, .closed = true, .plain = true,
                                   .unique = true, .items = &text, .each = &host, .keys = KEYS_SOME};
static const struct shape option = {.kinds = T | N};
static const struct shape options = {.kinds = M, .each = &option, .keys = KEYS_SOME};
static const struct shape command = {.kinds = Z | T | L, .first = Z, .each = &text};
static const struct shape driver_texts = {.kinds = M, .closed = true, .plain = true, .each = &text,
                                          .keys = KEYS_SOME};
static const struct shape external = {.kinds = B | T | M, .members = (const struct member[]){
    ROW("name", text, BIND_TEXT), END}};
static const struct shape closed_external = {.kinds = B | T | M, .closed = true,
    .members = (const struct member[]){ROW("name", text, BIND_TEXT), END}};

/* --- parts of a service ----------------------------------------------------------------------- */

static const struct member mount_members[] = {
    ROW("source", text, BIND_TEXT), ROW("target", text, BIND_TEXT), ROW("uid", text, BIND_TEXT),
    ROW("gid", text, BIND_TEXT), ROW("mode", number_text, BIND_MODE), END};
static const struct shape mount = {.kinds = T | M, .first = T, .closed = true,
                                   .members = mount_members};
LIST_OF(mounts, mount);

static const struct member ulimit_members[] = {
    ROW("hard", int_text, BIND_INT), ROW("soft", int_text, BIND_INT), END};
static const struct shape ulimit = {.kinds = I | T | M, .first = I | T, .closed = true,
    .members = ulimit_members, .required = {"soft", "hard"}};
static const struct shape ulimits = {.kinds = M, .each = &ulimit, .keys = KEYS_LOWER};

static const struct member build_members[] = {
    ROW("context", text, BIND_TEXT), ROW("dockerfile", text, BIND_TEXT),
    ROW("dockerfile_inline", text, BIND_TEXT), ROW("entitlements", texts, BIND_TEXTS),
    ROW("args", dict, BIND_ENVIRONMENT), ROW("ssh", dict, BIND_SSH),
    ROW("labels", dict, BIND_LABELS), ROW("cache_from", texts, BIND_TEXTS),
    ROW("cache_to", texts, BIND_TEXTS), ROW("no_cache", bool_text, BIND_BOOL),
    {"no_cache_filter", &text_or_list, BIND_TEXTS, true},
    ROW("additional_contexts", dict, BIND_MAPPING), ROW("network", text, BIND_TEXT),
    ROW("provenance", bool_text, BIND_TEXT), ROW("sbom", bool_text, BIND_TEXT),
    ROW("pull", bool_text, BIND_BOOL), ROW("target", text, BIND_TEXT),
    ROW("shm_size", int_text, BIND_BYTES), ROW("extra_hosts", hosts, BIND_HOSTS),
    ROW("isolation", text, BIND_TEXT), ROW("privileged", bool_text, BIND_BOOL),
    ROW("secrets", mounts, BIND_OBJECTS), ROW("tags", texts, BIND_TEXTS),
    ROW("ulimits", ulimits, BIND_ULIMITS), ROW("platforms", texts, BIND_TEXTS), END};
static const struct shape build = {.kinds = T | M, .first = T, .closed = true,
                                   .members = build_members};

static const struct member limit_members[] = {
    ROW("path", text, BIND_TEXT), ROW("rate", int_text, BIND_BYTES), END};
static const struct shape blkio_limit = {.kinds = M, .closed = true, .plain = true,
                                         .members = limit_members};
LIST_OF(blkio_limits, blkio_limit);
static const struct member weight_members[] = {
    ROW("path", text, BIND_TEXT), ROW("weight", int_text, BIND_UINT), END};
static const struct shape blkio_weight = {.kinds = M, .closed = true, .plain = true,
                                          .members = weight_members};
LIST_OF(blkio_weights, blkio_weight);
static const struct member blkio_members[] = {
    ROW("device_read_bps", blkio_limits, BIND_OBJECTS),
    ROW("device_read_iops", blkio_limits, BIND_OBJECTS),
    ROW("device_write_bps", blkio_limits, BIND_OBJECTS),
    ROW("device_write_iops", blkio_limits, BIND_OBJECTS),
    ROW("weight", int_text, BIND_UINT), ROW("weight_device", blkio_weights, BIND_OBJECTS), END};
static const struct shape blkio = {.kinds = M, .closed = true, .plain = true,
                                   .members = blkio_members};

static const struct member credential_members[] = {
    ROW("config", text, BIND_TEXT), ROW("file", text, BIND_TEXT), ROW("registry", text, BIND_TEXT),
    END};
OBJECT(credential_spec, credential_members);

static const char *const conditions[] = {"service_started", "service_healthy",
                                         "service_completed_successfully", NULL};
static const struct shape condition = {.kinds = T, .choices = conditions};
static const struct member depends_members[] = {
    ROW("restart", bool_text, BIND_BOOL), ROW("required", boolean, BIND_BOOL_KEPT),
    ROW("condition", condition, BIND_TEXT), END};
static const struct shape dependency = {.kinds = M, .closed = true, .members = depends_members,
                                        .required = {"condition"}};
static const struct shape depends_on = {.kinds = L | M, .first = L, .closed = true, .plain = true,
    .unique = true, .items = &text, .each = &dependency, .keys = KEYS_NAME};

static const struct member device_members[] = {
    ROW("source", text, BIND_TEXT), ROW("target", text, BIND_TEXT),
    ROW("permissions", text, BIND_TEXT), END};
static const struct shape device = {.kinds = T | M, .first = T, .closed = true,
    .members = device_members, .required = {"source"}};
LIST_OF(device_mappings, device);

static const struct member env_file_members[] = {
    ROW("path", text, BIND_TEXT), ROW("format", text, BIND_TEXT),
    ROW("required", bool_text, BIND_OPT_OUT), END};
static const struct shape env_file = {.kinds = T | M, .first = T, .closed = true, .plain = true,
    .members = env_file_members, .required = {"path"}};
static const struct shape env_files = {.kinds = T | L, .first = T, .each = &env_file};

static const struct member extends_members[] = {
    ROW("service", text, BIND_TEXT), ROW("file", text, BIND_TEXT), END};
static const struct shape extends = {.kinds = T | M, .first = T, .closed = true, .plain = true,
    .members = extends_members, .required = {"service"}};

static const struct shape provider_item = {.kinds = T | N | B};
static const struct shape provider_option = {.kinds = T | N | B | L, .first = T | N | B,
                                             .each = &provider_item};
static const struct shape provider_options = {.kinds = M, .each = &provider_option,
                                              .keys = KEYS_SOME};
static const struct member provider_members[] = {
    ROW("type", text, BIND_TEXT), ROW("options", provider_options, BIND_MULTI_OPTIONS), END};
static const struct shape provider = {.kinds = M, .closed = true, .members = provider_members,
                                      .required = {"type"}};

static const struct member request_members[] = {
    ROW("capabilities", unique_texts, BIND_TEXTS), ROW("count", int_text, BIND_COUNT),
    ROW("device_ids", unique_texts, BIND_TEXTS), ROW("driver", text, BIND_TEXT),
    ROW("options", dict, BIND_MAPPING), END};
static const struct shape gpu = {.kinds = M, .closed = true, .members = request_members};
static const char *const gpu_words[] = {"all", NULL};
static const struct shape gpus = {.kinds = T | L, .first = T, .choices = gpu_words, .each = &gpu};
static const struct shape request = {.kinds = M, .closed = true, .members = request_members,
                                     .required = {"capabilities"}};
LIST_OF(requests, request);

static const struct member health_members[] = {
    ROW("disable", bool_text, BIND_BOOL), ROW("interval", text, BIND_DURATION_KEPT),
    ROW("retries", number_text, BIND_UINT_KEPT), ROW("test", text_or_texts, BIND_TEST),
    ROW("timeout", text, BIND_DURATION_KEPT), ROW("start_period", text, BIND_DURATION_KEPT),
    ROW("start_interval", text, BIND_DURATION_KEPT), END};
OBJECT(healthcheck, health_members);

static const struct shape log_option = {.kinds = T | N | Z};
static const struct shape log_options = {.kinds = M, .each = &log_option, .keys = KEYS_SOME};
static const struct member logging_members[] = {
    ROW("driver", text, BIND_TEXT), ROW("options", log_options, BIND_OPTIONS), END};
OBJECT(logging, logging_members);

static const struct member service_model_members[] = {
    ROW("endpoint_var", text, BIND_TEXT), ROW("model_var", text, BIND_TEXT), END};
static const struct shape service_model = {.kinds = M | Z, .first = M, .closed = true,
                                           .members = service_model_members};
static const struct shape service_models = {.kinds = L | M, .first = L, .unique = true,
                                            .items = &text, .each = &service_model, .keys = KEYS_NAME};

static const struct member service_network_members[] = {
    ROW("aliases", unique_texts, BIND_TEXTS), ROW("interface_name", text, BIND_TEXT),
    ROW("ipv4_address", text, BIND_TEXT), ROW("ipv6_address", text, BIND_TEXT),
    ROW("link_local_ips", unique_texts, BIND_TEXTS), ROW("mac_address", text, BIND_TEXT),
    ROW("driver_opts", options, BIND_OPTIONS), ROW("priority", number, BIND_INT),
    ROW("gw_priority", number, BIND_INT), END};
static const struct shape service_network = {.kinds = M | Z, .first = M, .closed = true,
                                             .members = service_network_members};
static const struct shape service_networks = {.kinds = L | M, .first = L, .closed = true,
    .plain = true, .unique = true, .items = &text, .each = &service_network, .keys = KEYS_NAME};

static const struct member port_members[] = {
    ROW("name", text, BIND_TEXT), ROW("mode", text, BIND_TEXT), ROW("host_ip", text, BIND_TEXT),
    ROW("target", int_text, BIND_UINT), ROW("published", int_text, BIND_TEXT),
    ROW("protocol", text, BIND_TEXT), ROW("app_protocol", text, BIND_TEXT), END};
static const struct shape port = {.kinds = N | T | M, .first = N, .closed = true,
                                  .members = port_members};
static const struct shape ports = {.kinds = L, .each = &port, .unique = true};

static const struct member hook_members[] = {
    ROW("command", command, BIND_COMMAND), ROW("user", text, BIND_TEXT),
    ROW("privileged", bool_text, BIND_BOOL), ROW("working_dir", text, BIND_TEXT),
    ROW("environment", dict, BIND_ENVIRONMENT), END};
static const struct shape hook = {.kinds = M, .closed = true, .members = hook_members,
                                  .required = {"command"}};
LIST_OF(hooks, hook);
static const struct member pre_start_members[] = {
    ROW("command", command, BIND_COMMAND), ROW("image", text, BIND_TEXT),
    ROW("user", text, BIND_TEXT), ROW("privileged", bool_text, BIND_BOOL),
    ROW("working_dir", text, BIND_TEXT), ROW("environment", dict, BIND_ENVIRONMENT),
    ROW("per_replica", bool_text, BIND_BOOL), END};
OBJECT(pre_start, pre_start_members);
LIST_OF(pre_starts, pre_start);

static const char *const recursions[] = {"enabled", "disabled", "writable", "readonly", NULL};
static const struct shape recursion = {.kinds = T, .choices = recursions};
static const char *const selinux_words[] = {"z", "Z", NULL};
static const struct shape selinux = {.kinds = T, .choices = selinux_words};
static const struct member bind_members[] = {
    ROW("propagation", text, BIND_TEXT), ROW("create_host_path", bool_text, BIND_HOST_PATH),
    ROW("recursive", recursion, BIND_TEXT), ROW("selinux", selinux, BIND_TEXT), END};
OBJECT(bind_options, bind_members);
static const struct member volume_option_members[] = {
    ROW("labels", dict, BIND_MAPPING), ROW("nocopy", bool_text, BIND_BOOL),
    ROW("subpath", text, BIND_TEXT), END};
OBJECT(volume_options, volume_option_members);
static const struct shape tmpfs_size = {.kinds = I | T, .has_range = true, .most = INT64_MAX};
static const struct member tmpfs_members[] = {
    ROW("size", tmpfs_size, BIND_BYTES), ROW("mode", number_text, BIND_UINT), END};
OBJECT(tmpfs_options, tmpfs_members);
static const struct member image_members[] = {ROW("subpath", text, BIND_TEXT), END};
OBJECT(image_options, image_members);
static const char *const volume_types[] = {"bind", "volume", "tmpfs", "cluster", "npipe", "image",
                                           NULL};
static const struct shape volume_type = {.kinds = T, .choices = volume_types};
static const struct member service_volume_members[] = {
    ROW("type", volume_type, BIND_TEXT), ROW("source", text, BIND_TEXT),
    ROW("target", text, BIND_TEXT), ROW("read_only", bool_text, BIND_BOOL),
    ROW("consistency", text, BIND_TEXT), ROW("bind", bind_options, BIND_OBJECT),
    ROW("volume", volume_options, BIND_OBJECT), ROW("tmpfs", tmpfs_options, BIND_OBJECT),
    ROW("image", image_options, BIND_OBJECT), END};
static const struct shape service_volume = {.kinds = T | M, .first = T, .closed = true,
    .members = service_volume_members, .required = {"type"}};
static const struct shape service_volumes = {.kinds = L, .each = &service_volume, .unique = true};

/* --- develop and deploy ----------------------------------------------------------------------- */

static const char *const actions[] = {"rebuild", "sync", "restart", "sync+restart", "sync+exec",
                                      NULL};
static const struct shape action = {.kinds = T, .choices = actions};
static const struct member watch_members[] = {
    ROW("ignore", text_or_list, BIND_TEXTS), ROW("include", text_or_list, BIND_TEXTS),
    ROW("path", text, BIND_TEXT), ROW("action", action, BIND_TEXT), ROW("target", text, BIND_TEXT),
    ROW("exec", hook, BIND_STRUCT), ROW("initial_sync", boolean, BIND_BOOL), END};
static const struct shape watch = {.kinds = M, .closed = true, .members = watch_members,
                                   .required = {"path", "action"}};
LIST_OF(watches, watch);
static const struct member develop_members[] = {ROW("watch", watches, BIND_OBJECTS), END};
static const struct shape develop = {.kinds = M | Z, .closed = true, .members = develop_members};

static const char *const orders[] = {"start-first", "stop-first", NULL};
static const struct shape order = {.kinds = T, .choices = orders};
static const struct member update_members[] = {
    ROW("parallelism", int_text, BIND_UINT_KEPT), ROW("delay", text, BIND_DURATION),
    ROW("failure_action", text, BIND_TEXT), ROW("monitor", text, BIND_DURATION),
    ROW("max_failure_ratio", number_text, BIND_FLOAT), ROW("order", order, BIND_TEXT), END};
OBJECT(update, update_members);
static const struct member limits_members[] = {
    ROW("cpus", number_text, BIND_CPUS), ROW("memory", text, BIND_BYTES),
    ROW("pids", int_text, BIND_INT), END};
OBJECT(limits, limits_members);
static const struct member discrete_members[] = {
    ROW("kind", text, BIND_TEXT), ROW("value", number_text, BIND_INT), END};
OBJECT(discrete, discrete_members);
static const struct member generic_members[] = {
    ROW("discrete_resource_spec", discrete, BIND_OBJECT), END};
OBJECT(generic, generic_members);
LIST_OF(generics, generic);
static const struct member reservation_members[] = {
    ROW("cpus", number_text, BIND_CPUS), ROW("memory", text, BIND_BYTES),
    ROW("generic_resources", generics, BIND_OBJECTS), ROW("devices", requests, BIND_OBJECTS), END};
OBJECT(reservations, reservation_members);
static const struct member resource_members[] = {
    ROW("limits", limits, BIND_OBJECT), ROW("reservations", reservations, BIND_OBJECT), END};
OBJECT(resources, resource_members);
static const struct member restart_members[] = {
    ROW("condition", text, BIND_TEXT), ROW("delay", text, BIND_DURATION_KEPT),
    ROW("max_attempts", int_text, BIND_UINT_KEPT), ROW("window", text, BIND_DURATION_KEPT), END};
OBJECT(restart_policy, restart_members);
static const struct member preference_members[] = {ROW("spread", text, BIND_TEXT), END};
OBJECT(preference, preference_members);
LIST_OF(preferences, preference);
static const struct member placement_members[] = {
    ROW("constraints", texts, BIND_TEXTS), ROW("preferences", preferences, BIND_OBJECTS),
    ROW("max_replicas_per_node", int_text, BIND_UINT), END};
OBJECT(placement, placement_members);
static const struct member deploy_members[] = {
    ROW("mode", text, BIND_TEXT), ROW("endpoint_mode", text, BIND_TEXT),
    ROW("replicas", int_text, BIND_INT_KEPT), ROW("labels", dict, BIND_LABELS),
    ROW("rollback_config", update, BIND_OBJECT), ROW("update_config", update, BIND_OBJECT),
    ROW("resources", resources, BIND_STRUCT), ROW("restart_policy", restart_policy, BIND_OBJECT),
    ROW("placement", placement, BIND_STRUCT), END};
static const struct shape deploy = {.kinds = M | Z, .closed = true, .members = deploy_members};

/* --- a service -------------------------------------------------------------------------------- */

static const char *const cgroups[] = {"host", "private", NULL};
static const struct shape cgroup = {.kinds = T, .choices = cgroups};
static const struct shape count = {.kinds = T | I, .first = T, .has_range = true,
                                   .most = INT64_MAX};
static const struct shape percent = {.kinds = T | I, .first = T, .has_range = true, .most = 100};
static const struct shape oom_score = {.kinds = T | I, .first = T, .has_range = true,
                                       .least = -1000, .most = 1000};
static const struct shape storage = {.kinds = M, .each = &anything};

static const struct shape container = {.kinds = T, .pattern = PATTERN_CONTAINER};
static const struct shape pull = {.kinds = T, .pattern = PATTERN_PULL};

static const struct member service_members[] = {
    ROW("develop", develop, BIND_OBJECT), ROW("deploy", deploy, BIND_OBJECT),
    ROW("annotations", dict, BIND_MAPPING), ROW("attach", bool_text, BIND_BOOL_KEPT),
    ROW("build", build, BIND_OBJECT), ROW("blkio_config", blkio, BIND_OBJECT),
    ROW("cap_add", unique_texts, BIND_TEXTS), ROW("cap_drop", unique_texts, BIND_TEXTS),
    ROW("cgroup", cgroup, BIND_TEXT), ROW("cgroup_parent", text, BIND_TEXT),
    ROW("command", command, BIND_COMMAND), ROW("configs", mounts, BIND_OBJECTS),
    ROW("container_name", container, BIND_TEXT), ROW("cpu_count", count, BIND_INT),
    ROW("cpu_percent", percent, BIND_FLOAT), ROW("cpu_shares", number_text, BIND_INT),
    ROW("cpu_quota", number_text, BIND_INT), ROW("cpu_period", number_text, BIND_INT),
    ROW("cpu_rt_period", number_text, BIND_INT), ROW("cpu_rt_runtime", number_text, BIND_INT),
    ROW("cpus", number_text, BIND_FLOAT), ROW("cpuset", text, BIND_TEXT),
    ROW("credential_spec", credential_spec, BIND_OBJECT), ROW("depends_on", depends_on, BIND_TABLE_FULL),
    ROW("device_cgroup_rules", unique_texts, BIND_TEXTS),
    ROW("devices", device_mappings, BIND_OBJECTS), ROW("dns", text_or_list, BIND_TEXTS),
    ROW("dns_opt", unique_texts, BIND_TEXTS), ROW("dns_search", text_or_list, BIND_TEXTS),
    ROW("domainname", text, BIND_TEXT), ROW("entrypoint", command, BIND_COMMAND),
    ROW("env_file", env_files, BIND_OBJECTS), ROW("label_file", text_or_texts, BIND_TEXTS),
    ROW("environment", dict, BIND_ENVIRONMENT), ROW("expose", numbers, BIND_NUMBERS),
    ROW("extends", extends, BIND_OBJECT), ROW("provider", provider, BIND_OBJECT),
    ROW("external_links", unique_texts, BIND_TEXTS), ROW("extra_hosts", hosts, BIND_HOSTS),
    ROW("gpus", gpus, BIND_OBJECTS), ROW("group_add", numbers, BIND_TEXTS),
    ROW("healthcheck", healthcheck, BIND_OBJECT), ROW("hostname", text, BIND_TEXT),
    ROW("image", text, BIND_TEXT), ROW("init", bool_text, BIND_BOOL_KEPT),
    ROW("ipc", text, BIND_TEXT), ROW("isolation", text, BIND_TEXT),
    ROW("labels", dict, BIND_LABELS), ROW("links", unique_texts, BIND_TEXTS),
    ROW("logging", logging, BIND_OBJECT), ROW("mac_address", text, BIND_TEXT),
    ROW("mem_limit", number_text, BIND_BYTES), ROW("mem_reservation", int_text, BIND_BYTES),
    ROW("mem_swappiness", int_text, BIND_BYTES), ROW("memswap_limit", number_text, BIND_BYTES),
    ROW("network_mode", text, BIND_TEXT), ROW("models", service_models, BIND_TABLE),
    ROW("networks", service_networks, BIND_TABLE), ROW("oom_kill_disable", bool_text, BIND_BOOL),
    ROW("oom_score_adj", oom_score, BIND_INT), ROW("pid", text_null, BIND_TEXT),
    ROW("pids_limit", number_text, BIND_INT), ROW("platform", text, BIND_TEXT),
    ROW("ports", ports, BIND_OBJECTS), {"pre_start", &pre_starts, BIND_OBJECTS, true},
    ROW("post_start", hooks, BIND_OBJECTS), ROW("pre_stop", hooks, BIND_OBJECTS),
    ROW("privileged", bool_text, BIND_BOOL), ROW("profiles", unique_texts, BIND_TEXTS),
    ROW("pull_policy", pull, BIND_TEXT), ROW("pull_refresh_after", text, BIND_DROP),
    ROW("read_only", bool_text, BIND_BOOL), ROW("restart", text, BIND_TEXT),
    ROW("runtime", text, BIND_TEXT), ROW("scale", int_text, BIND_INT_KEPT),
    ROW("security_opt", unique_texts, BIND_TEXTS), ROW("shm_size", number_text, BIND_BYTES),
    ROW("secrets", mounts, BIND_OBJECTS), ROW("sysctls", dict, BIND_MAPPING),
    ROW("stdin_open", bool_text, BIND_BOOL), ROW("stop_grace_period", text, BIND_DURATION_KEPT),
    ROW("stop_signal", text, BIND_TEXT), ROW("storage_opt", storage, BIND_OPTIONS),
    ROW("tmpfs", text_or_list, BIND_TEXTS), ROW("tty", bool_text, BIND_BOOL),
    ROW("ulimits", ulimits, BIND_ULIMITS), ROW("use_api_socket", boolean, BIND_BOOL),
    ROW("user", text, BIND_TEXT), ROW("uts", text, BIND_TEXT), ROW("userns_mode", text, BIND_TEXT),
    ROW("volumes", service_volumes, BIND_OBJECTS),
    ROW("volumes_from", unique_texts, BIND_TEXTS), ROW("working_dir", text, BIND_TEXT), END};
OBJECT(service, service_members);
static const struct shape services = {.kinds = M, .closed = true, .plain = true, .each = &service,
                                      .keys = KEYS_NAME};

/* --- top level -------------------------------------------------------------------------------- */

static const struct member include_members[] = {
    ROW("path", text_or_list, BIND_TEXTS), ROW("env_file", text_or_list, BIND_TEXTS),
    ROW("project_directory", text, BIND_TEXT), END};
static const struct shape include = {.kinds = T | M, .first = T, .closed = true, .plain = true,
                                     .members = include_members};
LIST_OF(includes, include);

static const struct member pool_members[] = {
    ROW("subnet", text, BIND_TEXT), ROW("ip_range", text, BIND_TEXT), ROW("gateway", text, BIND_TEXT),
    ROW("aux_addresses", driver_texts, BIND_MAPPING), END};
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
static const struct shape network = {.kinds = M | Z, .closed = true, .members = network_members};
static const struct shape networks = {.kinds = M, .each = &network, .keys = KEYS_NAME};

static const struct member volume_members[] = {
    ROW("name", text, BIND_TEXT), ROW("driver", text, BIND_TEXT),
    ROW("driver_opts", options, BIND_OPTIONS), ROW("external", closed_external, BIND_BOOL),
    ROW("labels", dict, BIND_LABELS), END};
static const struct shape volume = {.kinds = M | Z, .closed = true, .members = volume_members};
static const struct shape volumes = {.kinds = M, .closed = true, .plain = true, .each = &volume,
                                     .keys = KEYS_NAME};

static const struct member secret_members[] = {
    ROW("name", text, BIND_TEXT), ROW("environment", text, BIND_TEXT), ROW("file", text, BIND_TEXT),
    ROW("external", external, BIND_BOOL), ROW("labels", dict, BIND_LABELS),
    ROW("driver", text, BIND_TEXT), ROW("driver_opts", options, BIND_OPTIONS),
    ROW("template_driver", text, BIND_TEXT), END};
OBJECT(secret, secret_members);
static const struct shape secrets = {.kinds = M, .closed = true, .plain = true, .each = &secret,
                                     .keys = KEYS_NAME};
static const struct member config_members[] = {
    ROW("name", text, BIND_TEXT), ROW("content", text, BIND_TEXT),
    ROW("environment", text, BIND_TEXT), ROW("file", text, BIND_TEXT),
    ROW("external", external, BIND_BOOL), ROW("labels", dict, BIND_LABELS),
    ROW("template_driver", text, BIND_TEXT), END};
OBJECT(config, config_members);
static const struct shape configs = {.kinds = M, .closed = true, .plain = true, .each = &config,
                                     .keys = KEYS_NAME};
static const struct member model_members[] = {
    ROW("name", text, BIND_TEXT), ROW("model", text, BIND_TEXT),
    ROW("context_size", integer, BIND_INT), ROW("runtime_flags", texts, BIND_TEXTS), END};
static const struct shape model = {.kinds = M, .closed = true, .members = model_members,
                                   .required = {"model"}};
static const struct shape models = {.kinds = M, .each = &model, .keys = KEYS_NAME};

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
