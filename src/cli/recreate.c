#include "recreate.h"

#include <string.h>

#include "message.h"
#include "output.h"
#include "usage.h"

/* The row of SERVICE, one of PROJECT's, made where there is none yet; NULL without memory. */
static struct recreate_service *row_of(struct recreate *recreate,
                                       const struct bulla_project *project,
                                       const struct bulla_project_service *service,
                                       struct bulla_error *err)
{
    if (recreate->row_numbers == NULL) {
        recreate->row_numbers =
            bulla_alloc(project->service_count, sizeof *recreate->row_numbers, err);
        if (recreate->row_numbers == NULL) {
            return NULL;
        }
    }
    size_t *number = &recreate->row_numbers[service->number];
    if (*number == 0) {
        if (!bulla_grow(&recreate->services, &recreate->cap, recreate->count + 1,
                        sizeof *recreate->services, err)) {
            return NULL;
        }
        recreate->services[recreate->count] =
            (struct recreate_service){.name = service->name, .active = service->active};
        *number = ++recreate->count;
    }
    return &recreate->services[*number - 1];
}

/* One variable is added after the other, so a repeat is the last one of a row. */
static bool add_to(struct recreate *recreate, const struct bulla_project *project,
                   const struct bulla_project_service *service, const char *variable,
                   struct bulla_error *err)
{
    struct recreate_service *row = row_of(recreate, project, service, err);
    if (row == NULL) {
        return false;
    }
    if (row->count > 0 && strcmp(row->variables[row->count - 1], variable) == 0) {
        return true;
    }
    if (!bulla_grow(&row->variables, &row->cap, row->count + 1, sizeof *row->variables, err)) {
        return false;
    }
    row->variables[row->count++] = variable;
    row->sum = row->sum * 31 + (uintptr_t)variable;
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
    bool is_said = variable->restart.text != NULL;
    auto_usage usage = {0};
    for (size_t i = 0; is_said && bulla_setting_word(&variable->restart, i, &word, NULL); i++) {
        const struct bulla_project_service *service = named(project, word);
        if (service != NULL && !add_to(recreate, project, service, variable->name, err)) {
            return false;
        }
    }
    if (!usage_collect(&usage, project, variable->name, err)) {
        return false;
    }
    for (size_t i = 0; i < usage.count; i++) {
        const struct bulla_project_service *service = usage.uses[i].service;
        recreate->reads_file = recreate->reads_file || usage.uses[i].read != NULL;
        if (!is_said && service != NULL &&
            !add_to(recreate, project, service, variable->name, err)) {
            return false;
        }
    }
    return true;
}

/* True where both are recreated because of the same variables, and in the same way. */
static bool is_alike(const struct recreate_service *one, const struct recreate_service *other)
{
    bool alike =
        one->sum == other->sum && one->count == other->count && one->active == other->active;
    for (size_t i = 0; alike && i < one->count; i++) {
        alike = strcmp(one->variables[i], other->variables[i]) == 0;
    }
    return alike;
}

static bool is_first_of_its_kind(const struct recreate *recreate, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (is_alike(&recreate->services[i], &recreate->services[index])) {
            return false;
        }
    }
    return true;
}

/* A row for the service INDEX and all that are like it. */
static bool write_row(const struct recreate *recreate, size_t index, struct table *table,
                      struct bulla_error *err)
{
    const struct recreate_service *service = &recreate->services[index];
    bulla_auto_buf names;
    bulla_auto_buf because;
    bulla_buf_init(&names, BULLA_MAX_TEXT_BYTES);
    bulla_buf_init(&because, BULLA_MAX_TEXT_BYTES);
    for (size_t i = index; i < recreate->count; i++) {
        if (is_alike(service, &recreate->services[i])) {
            bulla_buf_puts(&names, i > index ? ", " : "");
            bulla_buf_puts(&names, recreate->services[i].name);
        }
    }
    for (size_t i = 0; i < service->count; i++) {
        bulla_buf_printf(&because, "%s%s", i > 0 ? ", " : "", service->variables[i]);
    }
    bulla_buf_puts(&because, service->active ? "" : " (its profile is inactive)");
    const char *text = bulla_buf_text(&names, err);
    const char *reason = text != NULL ? bulla_buf_text(&because, err) : NULL;
    if (reason == NULL) {
        return false;
    }
    table_styled(table, STYLE_STRONG, text);
    table_cell(table, reason);
    return true;
}

bool recreate_write(const struct recreate *recreate, struct output *out, struct bulla_error *err)
{
    static const char *const headings[] = {"RECREATE", "BECAUSE OF"};
    auto_table table;
    table_init(&table, out, headings, 2);
    for (size_t i = 0; i < recreate->count; i++) {
        if (is_first_of_its_kind(recreate, i) && !write_row(recreate, i, &table, err)) {
            return false;
        }
    }
    return table_write(&table, err);
}

bool recreate_has_active(const struct recreate *recreate)
{
    for (size_t i = 0; i < recreate->count; i++) {
        if (recreate->services[i].active) {
            return true;
        }
    }
    return false;
}

bool recreate_say(const struct recreate *recreate, const struct workspace *ws,
                  struct bulla_error *err)
{
    bulla_auto_buf line;
    bulla_buf_init(&line, BULLA_MAX_TEXT_BYTES);
    if (!recreate_has_active(recreate)) {
        return true;
    }
    bulla_buf_puts(&line, "used by");
    for (size_t i = 0; i < recreate->count; i++) {
        if (recreate->services[i].active) {
            bulla_buf_printf(&line, " %s", recreate->services[i].name);
        }
    }
    const char *text = bulla_buf_text(&line, err);
    bulla_auto_str used = text != NULL ? bulla_strdup(text, err) : NULL;
    if (used == NULL) {
        return false;
    }
    bulla_text_sanitize(used);
    message_words(ws->in, used);
    return true;
}

void recreate_release(struct recreate *recreate)
{
    for (size_t i = 0; i < recreate->count; i++) {
        bulla_free(recreate->services[i].variables);
    }
    bulla_free(recreate->services);
    bulla_free(recreate->row_numbers);
    *recreate = (struct recreate){0};
}
