#include "recreate.h"

#include <string.h>

#include "message.h"
#include "output.h"
#include "usage.h"

static struct recreate_service *find(struct recreate *recreate, const char *name, size_t len)
{
    for (size_t i = 0; i < recreate->count; i++) {
        const char *known = recreate->services[i].name;
        if (strncmp(known, name, len) == 0 && known[len] == '\0') {
            return &recreate->services[i];
        }
    }
    return NULL;
}

static bool add_to(struct recreate *recreate, const struct bulla_project_service *service,
                   const char *variable, struct bulla_error *err)
{
    struct recreate_service *row = find(recreate, service->name, strlen(service->name));
    if (row == NULL) {
        if (!bulla_grow(&recreate->services, &recreate->cap, recreate->count + 1, sizeof *row,
                        err)) {
            return false;
        }
        row = &recreate->services[recreate->count++];
        *row = (struct recreate_service){.name = service->name, .active = service->active};
    }
    for (size_t i = 0; i < row->count; i++) {
        if (strcmp(row->variables[i], variable) == 0) {
            return true;
        }
    }
    if (!bulla_grow(&row->variables, &row->cap, row->count + 1, sizeof *row->variables, err)) {
        return false;
    }
    row->variables[row->count++] = variable;
    return true;
}

/* The service that WORD names, or NULL. */
static const struct bulla_project_service *named(const struct bulla_project *project,
                                                 struct bulla_bytes word)
{
    for (size_t i = 0; i < project->service_count; i++) {
        if (bulla_bytes_equal(bulla_bytes_of(project->services[i]->name), word)) {
            return project->services[i];
        }
    }
    return NULL;
}

bool recreate_add(struct recreate *recreate, const struct bulla_project *project,
                  const struct bulla_variable *variable, struct bulla_error *err)
{
    struct bulla_bytes word = {0};
    for (size_t i = 0;
         variable->restart.text != NULL && bulla_setting_word(&variable->restart, i, &word, NULL);
         i++) {
        const struct bulla_project_service *service = named(project, word);
        if (service != NULL && !add_to(recreate, service, variable->name, err)) {
            return false;
        }
    }
    if (variable->restart.text != NULL) {
        return true;
    }
    auto_usage usage = {0};
    if (!usage_collect(&usage, project, variable->name, err)) {
        return false;
    }
    for (size_t i = 0; i < usage.count; i++) {
        const struct bulla_project_service *service = usage.uses[i].service;
        if (service != NULL && !add_to(recreate, service, variable->name, err)) {
            return false;
        }
    }
    return true;
}

bool recreate_write(const struct recreate *recreate, struct output *out, struct bulla_error *err)
{
    static const char *const headings[] = {"RECREATE", "BECAUSE OF"};
    auto_table table;
    table_init(&table, out, headings, 2);
    for (size_t i = 0; i < recreate->count; i++) {
        const struct recreate_service *service = &recreate->services[i];
        bulla_auto_buf names;
        bulla_buf_init(&names, (size_t)64 * 1024);
        for (size_t k = 0; k < service->count; k++) {
            bulla_buf_printf(&names, "%s%s", k > 0 ? ", " : "", service->variables[k]);
        }
        bulla_buf_puts(&names, service->active ? "" : " (its profile is inactive)");
        const char *text = bulla_buf_text(&names, err);
        if (text == NULL) {
            return false;
        }
        table_styled(&table, STYLE_STRONG, service->name);
        table_cell(&table, text);
    }
    return table_write(&table, err);
}

static void add_word(struct bulla_buf *line, const char *word)
{
    bulla_buf_putc(line, ' ');
    bulla_buf_put_word(line, word);
}

static void add_option(struct bulla_buf *line, const char *option, const char *value)
{
    bulla_buf_printf(line, " %s", option);
    add_word(line, value);
}

/*
 * "docker compose -f … --profile … up -d FLAG SERVICE…", from the contract's folder; with the env
 * file that is rendered where Compose does not find it by itself. BULLA_E_NOMEM.
 */
static bool format_compose(struct bulla_buf *line, const struct recreate *recreate,
                           const struct workspace *ws, bool is_rendered, const char *flag,
                           struct bulla_error *err)
{
    const struct bulla_environment *environment = ws->environment;
    const struct string_list *files = &ws->in->global.files;
    bool is_found_by_itself = strcmp(environment->output, ".env") == 0;
    bulla_auto_str env_file = workspace_project_path_in_root(ws, environment->output, err);
    if (env_file == NULL) {
        return false;
    }
    bulla_buf_puts(line, "docker compose");
    if (environment->project_directory != NULL) {
        add_option(line, "--project-directory", environment->project_directory);
    }
    for (size_t i = 0; i < files->count; i++) {
        add_option(line, "-f", files->items[i]);
    }
    for (size_t i = 0; files->count == 0 && environment->compose[i] != NULL; i++) {
        add_option(line, "-f", environment->compose[i]);
    }
    for (size_t i = 0; environment->profiles[i] != NULL; i++) {
        add_option(line, "--profile", environment->profiles[i]);
    }
    if (is_rendered && !is_found_by_itself) {
        add_option(line, "--env-file", env_file);
    }
    bulla_buf_printf(line, " up -d%s", flag);
    for (size_t i = 0; i < recreate->count; i++) {
        if (recreate->services[i].active) {
            add_word(line, recreate->services[i].name);
        }
    }
    return bulla_buf_ok(line, err);
}

static bool has_active(const struct recreate *recreate)
{
    for (size_t i = 0; i < recreate->count; i++) {
        if (recreate->services[i].active) {
            return true;
        }
    }
    return false;
}

bool recreate_write_commands(const struct recreate *recreate, const struct workspace *ws,
                             struct bulla_error *err)
{
    struct output *out = ws->in->out;
    char flag[48];
    const char *env_flag = workspace_env_flag(ws, flag);
    if (!has_active(recreate)) {
        return true;
    }
    bulla_auto_str path = workspace_project_path(ws, ws->environment->output, err);
    if (path == NULL) {
        return false;
    }
    bool is_rendered = bulla_file_is_regular(path);
    bulla_auto_buf line;
    bulla_buf_init(&line, (size_t)64 * 1024);
    const char *text = format_compose(&line, recreate, ws, is_rendered, " --force-recreate", err)
                           ? bulla_buf_text(&line, err)
                           : NULL;
    if (text == NULL) {
        return false;
    }
    output_text(out, "\nnext:\n");
    if (is_rendered) {
        output_printf(out, "  bulla render%s\n", env_flag);
    }
    bulla_auto_str command =
        bulla_asprintf(err, "%s%s%s%s", is_rendered ? "" : "bulla run", is_rendered ? "" : env_flag,
                       is_rendered ? "" : " -- ", text);
    if (command == NULL) {
        return false;
    }
    bulla_text_sanitize(command);
    output_text(out, "  ");
    output_command(out, command, 2);
    return true;
}

bool recreate_say(const struct recreate *recreate, const struct workspace *ws,
                  struct bulla_error *err)
{
    bulla_auto_buf names;
    bulla_auto_buf line;
    bulla_buf_init(&names, (size_t)64 * 1024);
    bulla_buf_init(&line, (size_t)64 * 1024);
    char flag[48];
    if (!has_active(recreate)) {
        return true;
    }
    for (size_t i = 0; i < recreate->count; i++) {
        if (recreate->services[i].active) {
            bulla_buf_printf(&names, " %s", recreate->services[i].name);
        }
    }
    const char *text = bulla_buf_text(&names, err);
    const char *command = text != NULL && format_compose(&line, recreate, ws, true, "", err)
                              ? bulla_buf_text(&line, err)
                              : NULL;
    if (command == NULL) {
        return false;
    }
    bulla_auto_str used = bulla_asprintf(err, "used by%s", text);
    bulla_auto_str next =
        bulla_asprintf(err, "next: bulla render%s, then %s", workspace_env_flag(ws, flag), command);
    if (used == NULL || next == NULL) {
        return false;
    }
    bulla_text_sanitize(used);
    bulla_text_sanitize(next);
    message_words(ws->in, used);
    message_command(ws->in, next);
    return true;
}

void recreate_release(struct recreate *recreate)
{
    for (size_t i = 0; i < recreate->count; i++) {
        bulla_free(recreate->services[i].variables);
    }
    bulla_free(recreate->services);
    *recreate = (struct recreate){0};
}
