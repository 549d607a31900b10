/* The last steps: profiles, what env files and label files add, and what nobody uses. */
#include <string.h>
#include <sys/stat.h>

#include "model/internal.h"

#include "base/banned.h"

/* --- profiles --------------------------------------------------------------------------------- */

static bool has_profile(const struct model *m, const struct bulla_value *service)
{
    const struct bulla_value *own = value_at(service, "profiles");
    if (own == NULL || own->count == 0) {
        return true;
    }
    for (size_t i = 0; i < m->profiles->count; i++) {
        const struct bulla_value *active = m->profiles->entries[i].value;
        if (value_is_text(active, "*")) {
            return true;
        }
        for (size_t j = 0; j < own->count; j++) {
            if (value_equal(own->entries[j].value, active)) {
                return true;
            }
        }
    }
    return false;
}

static struct bulla_value *drop_inactive(struct model *m, struct bulla_value *model)
{
    struct bulla_value *disabled = value_new(&m->store, BULLA_VALUE_MAP);
    struct bulla_value *active = value_new(&m->store, BULLA_VALUE_MAP);
    const struct bulla_value *services = value_at(model, "services");
    for (size_t i = 0; services != NULL && i < services->count; i++) {
        struct bulla_value *service = services->entries[i].value;
        value_set(&m->store, has_profile(m, service) ? active : disabled, services->entries[i].key,
                  service);
    }
    value_put(&m->store, model, "services", active);
    return disabled;
}

/* --- env files and label files ---------------------------------------------------------------- */

struct service_variables {
    const struct variables *project;
    const struct bulla_value *environment; /* with values */
};

static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    const struct service_variables *from = ctx;
    enum bulla_lookup_state state =
        variables_lookup((void *)(uintptr_t)from->project, name, ret_value);
    const struct bulla_value *value = value_find(from->environment, name);
    if (state != BULLA_LOOKUP_UNSET || !value_is(value, BULLA_VALUE_TEXT)) {
        return state;
    }
    *ret_value = value->text;
    return value->text.len > 0 ? BULLA_LOOKUP_SET : BULLA_LOOKUP_EMPTY;
}

static void resolve_nulls(struct model *m, struct bulla_value *environment)
{
    for (size_t i = 0; environment != NULL && i < environment->count; i++) {
        struct bulla_bytes value;
        if (environment->entries[i].value->kind == BULLA_VALUE_NULL &&
            variables_find(&m->variables, environment->entries[i].key, &value)) {
            environment->entries[i].value = value_text(&m->store, value);
        }
    }
}

/* What values stand in for may not be there yet, and what is in it is known without it. */
static bool is_rendered(struct model *m, const char *file)
{
    const struct bulla_project_options *options = m->options;
    return options->values != NULL && options->rendered != NULL &&
           strcmp(file, join_path(m, m->directory, options->rendered)) == 0;
}

static bool read_env_file(struct model *m, const struct bulla_value *entry,
                          const struct service_variables *from, struct bulla_value *vars)
{
    const struct bulla_value *path = value_at(entry, "path");
    const struct bulla_value *format = value_at(entry, "format");
    /* Left out where it is true: see BIND_OPT_OUT. */
    bool required = value_at(entry, "required") == NULL;
    struct stat st;
    const char *file = path != NULL ? store_string(&m->store, path->text) : "";
    if (is_rendered(m, file)) {
        return true;
    }
    if (file[0] == '\0' || stat(open_path(m, file), &st) != 0) {
        return !required ||
               refuse(m, entry, "env file %v not found: stat %v: no such file or directory",
                      bulla_bytes_of(file), bulla_bytes_of(file));
    }
    return read_mapping(m, file, format != NULL ? store_string(&m->store, format->text) : NULL,
                        look_up, (void *)(uintptr_t)from, vars);
}

static bool add_env_files(struct model *m, struct bulla_value *service)
{
    struct bulla_value *environment = value_at(service, "environment");
    const struct bulla_value *list = value_at(service, "env_file");
    resolve_nulls(m, environment);
    if (list == NULL) {
        return true;
    }
    const struct service_variables from = {&m->variables, environment};
    struct bulla_value *vars = value_new(&m->store, BULLA_VALUE_MAP);
    for (size_t i = 0; environment != NULL && i < environment->count; i++) {
        if (environment->entries[i].value->kind != BULLA_VALUE_NULL) {
            value_set(&m->store, vars, environment->entries[i].key, environment->entries[i].value);
        }
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!read_env_file(m, list->entries[i].value, &from, vars)) {
            return false;
        }
    }
    for (size_t i = 0; environment != NULL && i < environment->count; i++) {
        value_set(&m->store, vars, environment->entries[i].key, environment->entries[i].value);
    }
    if (vars->count > 0) {
        value_put(&m->store, service, "environment", vars);
    }
    return true;
}

static bool add_label_files(struct model *m, struct bulla_value *service)
{
    const struct bulla_value *list = value_at(service, "label_file");
    struct bulla_value *own = value_at(service, "labels");
    if (list == NULL) {
        return true;
    }
    struct bulla_value *labels = value_new(&m->store, BULLA_VALUE_MAP);
    for (size_t i = 0; i < list->count; i++) {
        const char *file = store_string(&m->store, list->entries[i].value->text);
        struct variables earlier = {.set = labels, .options = m->options, .no_process = true};
        struct bulla_value *vars = value_new(&m->store, BULLA_VALUE_MAP);
        struct stat st;
        if (file[0] == '\0' || stat(open_path(m, file), &st) != 0) {
            return refuse(m, list->entries[i].value,
                          "label file %v not found: stat %v: no such file or directory",
                          bulla_bytes_of(file), bulla_bytes_of(file));
        }
        if (!read_mapping(m, file, NULL, variables_lookup, &earlier, vars)) {
            return false;
        }
        for (size_t j = 0; j < vars->count; j++) {
            value_set(&m->store, labels, vars->entries[j].key, vars->entries[j].value);
        }
    }
    for (size_t i = 0; own != NULL && i < own->count; i++) {
        value_set(&m->store, labels, own->entries[i].key, own->entries[i].value);
    }
    if (labels->count > 0) {
        value_put(&m->store, service, "labels", labels);
    }
    return true;
}

static bool add_files(struct model *m, struct bulla_value *model)
{
    const struct bulla_value *services = value_at(model, "services");
    m->step = BULLA_MODEL_FILES;
    for (size_t i = 0; i < services->count; i++) {
        if (!add_env_files(m, services->entries[i].value)) {
            return false;
        }
    }
    for (size_t i = 0; i < services->count; i++) {
        struct bulla_value *service = services->entries[i].value;
        if (!add_label_files(m, service)) {
            return false;
        }
        value_remove(service, bulla_bytes_of("env_file"));
        value_remove(service, bulla_bytes_of("label_file"));
    }
    return go_on(m);
}

/* --- what nobody uses ------------------------------------------------------------------------- */

static void use_sources(struct model *m, const struct bulla_value *list, struct bulla_value *used)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct bulla_value *source = value_at(list->entries[i].value, "source");
        if (source != NULL) {
            value_set(&m->store, used, source->text, value_bool(&m->store, true));
        }
    }
}

static void use_keys(struct model *m, const struct bulla_value *map, struct bulla_value *used)
{
    for (size_t i = 0; map != NULL && i < map->count; i++) {
        value_set(&m->store, used, map->entries[i].key, value_bool(&m->store, true));
    }
}

static void drop_unused(struct model *m, struct bulla_value *model, const char *kind)
{
    struct bulla_value *table = value_at(model, kind);
    const struct bulla_value *services = value_at(model, "services");
    struct bulla_value *used = value_new(&m->store, BULLA_VALUE_MAP);
    if (table == NULL) {
        return;
    }
    for (size_t i = 0; i < services->count; i++) {
        const struct bulla_value *service = services->entries[i].value;
        if (strcmp(kind, "networks") == 0) {
            use_keys(m, value_at(service, kind), used);
        } else {
            use_sources(m, value_at(service, kind), used);
            use_sources(m, value_at(value_at(service, "build"), kind), used);
        }
    }
    struct bulla_value *kept = value_new(&m->store, BULLA_VALUE_MAP);
    for (size_t i = 0; i < table->count; i++) {
        if (value_find(used, table->entries[i].key) != NULL) {
            value_set(&m->store, kept, table->entries[i].key, table->entries[i].value);
        }
    }
    if (kept->count > 0) {
        value_put(&m->store, model, kind, kept);
    } else {
        value_remove(model, bulla_bytes_of(kind));
    }
}

/* No two containers may have one name; which of the services is named is left to chance. */
static bool check_container_names(struct model *m, const struct bulla_value *model)
{
    const struct bulla_value *services = value_at(model, "services");
    struct bulla_value *counts = value_new(&m->store, BULLA_VALUE_MAP);
    m->step = BULLA_MODEL_PARTS;
    for (size_t i = 0; i < services->count; i++) {
        const struct bulla_value *name = value_at(services->entries[i].value, "container_name");
        const struct bulla_value *before = name != NULL ? value_find(counts, name->text) : NULL;
        if (name != NULL) {
            value_set(&m->store, counts, name->text,
                      value_int(&m->store, before != NULL ? before->number + 1 : 1));
        }
    }
    for (size_t i = 0; i < services->count; i++) {
        const struct bulla_value *name = value_at(services->entries[i].value, "container_name");
        const struct bulla_value *count = name != NULL ? value_find(counts, name->text) : NULL;
        if (count != NULL && count->number > 1) {
            (void)refuse(m, name,
                         "services.%b: container name %Q is already in use by service {}\"",
                         services->entries[i].key, name->text);
        }
    }
    return go_on(m);
}

bool finish_model(struct model *m, struct bulla_value *model)
{
    static const char *const kinds[] = {"networks", "volumes", "secrets", "configs", NULL};
    struct bulla_value *disabled = drop_inactive(m, model);
    if (!check_consistency(m, model, disabled) || !add_files(m, model)) {
        return false;
    }
    for (size_t i = 0; kinds[i] != NULL; i++) {
        drop_unused(m, model, kinds[i]);
    }
    return check_container_names(m, model);
}
