/* What a service may hold. */
#include "model/shape_table.h"

#include "base/banned.h"

/* clang-format off */
SIMPLE(boolean, B);
SIMPLE(number, N);
SIMPLE(anything, T | N | I | B | Z | L | M);
SIMPLE(int_text, I | T);
SIMPLE(number_text, N | T);
SIMPLE(text_null, T | Z);
SHAPE(unique_texts) = {.kinds = L, .each = &shape_text, .unique = true};
SHAPE(text_or_texts) = {.kinds = T | L, .first = T, .each = &shape_text};
SHAPE(numbers) = {.kinds = L, .each = &shape_number_text, .unique = true};
SHAPE(host) = {.kinds = T | L, .first = T, .each = &shape_text};
SHAPE(hosts) = {.kinds = M | L, .first = M, .closed = true, .plain = true, .unique = true,
    .items = &shape_text, .each = &shape_host, .keys = KEYS_SOME};
SHAPE(command) = {.kinds = Z | T | L, .first = Z, .each = &shape_text};

/* --- parts of a service ----------------------------------------------------------------------- */

static const struct member mount_members[] = {
    ROW("source", text, BIND_TEXT), ROW("target", text, BIND_TEXT), ROW("uid", text, BIND_TEXT),
    ROW("gid", text, BIND_TEXT), ROW("mode", number_text, BIND_MODE), END};
SHAPE(mount) = {.kinds = T | M, .first = T, .closed = true, .members = mount_members};
LIST_OF(mounts, mount);

static const struct member ulimit_members[] = {
    ROW("hard", int_text, BIND_INT), ROW("soft", int_text, BIND_INT), END};
SHAPE(ulimit) = {.kinds = I | T | M, .first = I | T, .closed = true, .members = ulimit_members,
    .required = {"soft", "hard"}};
SHAPE(ulimits) = {.kinds = M, .each = &shape_ulimit, .keys = KEYS_LOWER};

static const struct member build_members[] = {
    ROW("context", text, BIND_TEXT), ROW("dockerfile", text, BIND_TEXT),
    ROW("dockerfile_inline", text, BIND_TEXT), ROW("entitlements", texts, BIND_TEXTS),
    ROW("args", dict, BIND_ENVIRONMENT), ROW("ssh", dict, BIND_SSH),
    ROW("labels", dict, BIND_LABELS), ROW("cache_from", texts, BIND_TEXTS),
    ROW("cache_to", texts, BIND_TEXTS), ROW("no_cache", bool_text, BIND_BOOL),
    {"no_cache_filter", &shape_text_or_list, BIND_TEXTS, true},
    ROW("additional_contexts", dict, BIND_MAPPING), ROW("network", text, BIND_TEXT),
    ROW("provenance", bool_text, BIND_TEXT), ROW("sbom", bool_text, BIND_TEXT),
    ROW("pull", bool_text, BIND_BOOL), ROW("target", text, BIND_TEXT),
    ROW("shm_size", int_text, BIND_BYTES), ROW("extra_hosts", hosts, BIND_HOSTS),
    ROW("isolation", text, BIND_TEXT), ROW("privileged", bool_text, BIND_BOOL),
    ROW("secrets", mounts, BIND_OBJECTS), ROW("tags", texts, BIND_TEXTS),
    ROW("ulimits", ulimits, BIND_ULIMITS), ROW("platforms", texts, BIND_TEXTS), END};
SHAPE(build) = {.kinds = T | M, .first = T, .closed = true, .members = build_members};

static const struct member limit_members[] = {
    ROW("path", text, BIND_TEXT), ROW("rate", int_text, BIND_BYTES), END};
SHAPE(blkio_limit) = {.kinds = M, .closed = true, .plain = true, .members = limit_members};
LIST_OF(blkio_limits, blkio_limit);
static const struct member weight_members[] = {
    ROW("path", text, BIND_TEXT), ROW("weight", int_text, BIND_UINT), END};
SHAPE(blkio_weight) = {.kinds = M, .closed = true, .plain = true, .members = weight_members};
LIST_OF(blkio_weights, blkio_weight);
static const struct member blkio_members[] = {
    ROW("device_read_bps", blkio_limits, BIND_OBJECTS),
    ROW("device_read_iops", blkio_limits, BIND_OBJECTS),
    ROW("device_write_bps", blkio_limits, BIND_OBJECTS),
    ROW("device_write_iops", blkio_limits, BIND_OBJECTS),
    ROW("weight", int_text, BIND_UINT), ROW("weight_device", blkio_weights, BIND_OBJECTS), END};
SHAPE(blkio) = {.kinds = M, .closed = true, .plain = true, .members = blkio_members};

static const struct member credential_members[] = {
    ROW("config", text, BIND_TEXT), ROW("file", text, BIND_TEXT), ROW("registry", text, BIND_TEXT),
    END};
OBJECT(credential_spec, credential_members);

static const char *const conditions[] = {"service_started", "service_healthy",
                                         "service_completed_successfully", NULL};
SHAPE(condition) = {.kinds = T, .choices = conditions};
static const struct member depends_members[] = {
    ROW("restart", bool_text, BIND_BOOL), ROW("required", boolean, BIND_BOOL_KEPT),
    ROW("condition", condition, BIND_TEXT), END};
SHAPE(dependency) = {.kinds = M, .closed = true, .members = depends_members,
    .required = {"condition"}};
SHAPE(depends_on) = {.kinds = L | M, .first = L, .closed = true, .plain = true, .unique = true,
    .items = &shape_text, .each = &shape_dependency, .keys = KEYS_NAME};

static const struct member device_members[] = {
    ROW("source", text, BIND_TEXT), ROW("target", text, BIND_TEXT),
    ROW("permissions", text, BIND_TEXT), END};
SHAPE(device) = {.kinds = T | M, .first = T, .closed = true, .members = device_members,
    .required = {"source"}};
LIST_OF(device_mappings, device);

static const struct member env_file_members[] = {
    ROW("path", text, BIND_TEXT), ROW("format", text, BIND_TEXT),
    ROW("required", bool_text, BIND_OPT_OUT), END};
SHAPE(env_file) = {.kinds = T | M, .first = T, .closed = true, .plain = true,
    .members = env_file_members, .required = {"path"}};
SHAPE(env_files) = {.kinds = T | L, .first = T, .each = &shape_env_file};

static const struct member extends_members[] = {
    ROW("service", text, BIND_TEXT), ROW("file", text, BIND_TEXT), END};
SHAPE(extends) = {.kinds = T | M, .first = T, .closed = true, .plain = true,
    .members = extends_members, .required = {"service"}};

SHAPE(provider_item) = {.kinds = T | N | B};
SHAPE(provider_option) = {.kinds = T | N | B | L, .first = T | N | B, .each = &shape_provider_item};
SHAPE(provider_options) = {.kinds = M, .each = &shape_provider_option, .keys = KEYS_SOME};
static const struct member provider_members[] = {
    ROW("type", text, BIND_TEXT), ROW("options", provider_options, BIND_MULTI_OPTIONS), END};
SHAPE(provider) = {.kinds = M, .closed = true, .members = provider_members, .required = {"type"}};

static const struct member request_members[] = {
    ROW("capabilities", unique_texts, BIND_TEXTS), ROW("count", int_text, BIND_COUNT),
    ROW("device_ids", unique_texts, BIND_TEXTS), ROW("driver", text, BIND_TEXT),
    ROW("options", dict, BIND_MAPPING), END};
SHAPE(gpu) = {.kinds = M, .closed = true, .members = request_members};
static const char *const gpu_words[] = {"all", NULL};
SHAPE(gpus) = {.kinds = T | L, .first = T, .choices = gpu_words, .each = &shape_gpu};
SHAPE(request) = {.kinds = M, .closed = true, .members = request_members,
    .required = {"capabilities"}};
LIST_OF(requests, request);

static const struct member health_members[] = {
    ROW("disable", bool_text, BIND_BOOL), ROW("interval", text, BIND_DURATION_KEPT),
    ROW("retries", number_text, BIND_UINT_KEPT), ROW("test", text_or_texts, BIND_TEST),
    ROW("timeout", text, BIND_DURATION_KEPT), ROW("start_period", text, BIND_DURATION_KEPT),
    ROW("start_interval", text, BIND_DURATION_KEPT), END};
OBJECT(healthcheck, health_members);

SHAPE(log_option) = {.kinds = T | N | Z};
SHAPE(log_options) = {.kinds = M, .each = &shape_log_option, .keys = KEYS_SOME};
static const struct member logging_members[] = {
    ROW("driver", text, BIND_TEXT), ROW("options", log_options, BIND_OPTIONS), END};
OBJECT(logging, logging_members);

static const struct member service_model_members[] = {
    ROW("endpoint_var", text, BIND_TEXT), ROW("model_var", text, BIND_TEXT), END};
SHAPE(service_model) = {.kinds = M | Z, .first = M, .closed = true,
    .members = service_model_members};
SHAPE(service_models) = {.kinds = L | M, .first = L, .unique = true, .items = &shape_text,
    .each = &shape_service_model, .keys = KEYS_NAME};

static const struct member service_network_members[] = {
    ROW("aliases", unique_texts, BIND_TEXTS), ROW("interface_name", text, BIND_TEXT),
    ROW("ipv4_address", text, BIND_TEXT), ROW("ipv6_address", text, BIND_TEXT),
    ROW("link_local_ips", unique_texts, BIND_TEXTS), ROW("mac_address", text, BIND_TEXT),
    ROW("driver_opts", options, BIND_OPTIONS), ROW("priority", number, BIND_INT),
    ROW("gw_priority", number, BIND_INT), END};
SHAPE(service_network) = {.kinds = M | Z, .first = M, .closed = true,
    .members = service_network_members};
SHAPE(service_networks) = {.kinds = L | M, .first = L, .closed = true, .plain = true,
    .unique = true, .items = &shape_text, .each = &shape_service_network, .keys = KEYS_NAME};

static const struct member port_members[] = {
    ROW("name", text, BIND_TEXT), ROW("mode", text, BIND_TEXT), ROW("host_ip", text, BIND_TEXT),
    ROW("target", int_text, BIND_UINT), ROW("published", int_text, BIND_TEXT),
    ROW("protocol", text, BIND_TEXT), ROW("app_protocol", text, BIND_TEXT), END};
SHAPE(port) = {.kinds = N | T | M, .first = N, .closed = true, .members = port_members};
SHAPE(ports) = {.kinds = L, .each = &shape_port, .unique = true};

static const struct member hook_members[] = {
    ROW("command", command, BIND_COMMAND), ROW("user", text, BIND_TEXT),
    ROW("privileged", bool_text, BIND_BOOL), ROW("working_dir", text, BIND_TEXT),
    ROW("environment", dict, BIND_ENVIRONMENT), END};
SHAPE(hook) = {.kinds = M, .closed = true, .members = hook_members, .required = {"command"}};
LIST_OF(hooks, hook);
static const struct member pre_start_members[] = {
    ROW("command", command, BIND_COMMAND), ROW("image", text, BIND_TEXT),
    ROW("user", text, BIND_TEXT), ROW("privileged", bool_text, BIND_BOOL),
    ROW("working_dir", text, BIND_TEXT), ROW("environment", dict, BIND_ENVIRONMENT),
    ROW("per_replica", bool_text, BIND_BOOL), END};
OBJECT(pre_start, pre_start_members);
LIST_OF(pre_starts, pre_start);

static const char *const recursions[] = {"enabled", "disabled", "writable", "readonly", NULL};
SHAPE(recursion) = {.kinds = T, .choices = recursions};
static const char *const selinux_words[] = {"z", "Z", NULL};
SHAPE(selinux) = {.kinds = T, .choices = selinux_words};
static const struct member bind_members[] = {
    ROW("propagation", text, BIND_TEXT), ROW("create_host_path", bool_text, BIND_HOST_PATH),
    ROW("recursive", recursion, BIND_TEXT), ROW("selinux", selinux, BIND_TEXT), END};
OBJECT(bind_options, bind_members);
static const struct member volume_option_members[] = {
    ROW("labels", dict, BIND_MAPPING), ROW("nocopy", bool_text, BIND_BOOL),
    ROW("subpath", text, BIND_TEXT), END};
OBJECT(volume_options, volume_option_members);
SHAPE(tmpfs_size) = {.kinds = I | T, .has_range = true, .most = INT64_MAX};
static const struct member tmpfs_members[] = {
    ROW("size", tmpfs_size, BIND_BYTES), ROW("mode", number_text, BIND_UINT), END};
OBJECT(tmpfs_options, tmpfs_members);
static const struct member image_members[] = {ROW("subpath", text, BIND_TEXT), END};
OBJECT(image_options, image_members);
static const char *const volume_types[] = {"bind", "volume", "tmpfs", "cluster", "npipe", "image",
                                           NULL};
SHAPE(volume_type) = {.kinds = T, .choices = volume_types};
static const struct member service_volume_members[] = {
    ROW("type", volume_type, BIND_TEXT), ROW("source", text, BIND_TEXT),
    ROW("target", text, BIND_TEXT), ROW("read_only", bool_text, BIND_BOOL),
    ROW("consistency", text, BIND_TEXT), ROW("bind", bind_options, BIND_OBJECT),
    ROW("volume", volume_options, BIND_OBJECT), ROW("tmpfs", tmpfs_options, BIND_OBJECT),
    ROW("image", image_options, BIND_OBJECT), END};
SHAPE(service_volume) = {.kinds = T | M, .first = T, .closed = true,
    .members = service_volume_members, .required = {"type"}};
SHAPE(service_volumes) = {.kinds = L, .each = &shape_service_volume, .unique = true};

/* --- develop and deploy ----------------------------------------------------------------------- */

static const char *const actions[] = {"rebuild", "sync", "restart", "sync+restart", "sync+exec",
                                      NULL};
SHAPE(action) = {.kinds = T, .choices = actions};
static const struct member watch_members[] = {
    ROW("ignore", text_or_list, BIND_TEXTS), ROW("include", text_or_list, BIND_TEXTS),
    ROW("path", text, BIND_TEXT), ROW("action", action, BIND_TEXT), ROW("target", text, BIND_TEXT),
    ROW("exec", hook, BIND_STRUCT), ROW("initial_sync", boolean, BIND_BOOL), END};
SHAPE(watch) = {.kinds = M, .closed = true, .members = watch_members, .required = {"path",
    "action"}};
LIST_OF(watches, watch);
static const struct member develop_members[] = {ROW("watch", watches, BIND_OBJECTS), END};
SHAPE(develop) = {.kinds = M | Z, .closed = true, .members = develop_members};

static const char *const orders[] = {"start-first", "stop-first", NULL};
SHAPE(order) = {.kinds = T, .choices = orders};
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
SHAPE(deploy) = {.kinds = M | Z, .closed = true, .members = deploy_members};

/* --- a service -------------------------------------------------------------------------------- */

static const char *const cgroups[] = {"host", "private", NULL};
SHAPE(cgroup) = {.kinds = T, .choices = cgroups};
SHAPE(count) = {.kinds = T | I, .first = T, .has_range = true, .most = INT64_MAX};
SHAPE(percent) = {.kinds = T | I, .first = T, .has_range = true, .most = 100};
SHAPE(oom_score) = {.kinds = T | I, .first = T, .has_range = true, .least = -1000, .most = 1000};
SHAPE(storage) = {.kinds = M, .each = &shape_anything};

SHAPE(container) = {.kinds = T, .pattern = PATTERN_CONTAINER};
SHAPE(pull) = {.kinds = T, .pattern = PATTERN_PULL};

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
    ROW("credential_spec", credential_spec, BIND_OBJECT),
    ROW("depends_on", depends_on, BIND_TABLE_FULL),
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
    ROW("ports", ports, BIND_OBJECTS), {"pre_start", &shape_pre_starts, BIND_OBJECTS, true},
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
const struct shape shape_service = {.kinds = M, .closed = true, .members = service_members};
