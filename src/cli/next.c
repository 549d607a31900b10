#include "next.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "compose_command.h"
#include "output.h"

/* What all the steps need. */
struct steps {
    const struct workspace *ws;
    struct output *out;
    bool is_rendered; /* the services get their values from the rendered file */
    char env_flag[48];
};

static bool write_line(const struct steps *steps, struct bulla_buf *line, struct bulla_error *err)
{
    const char *text = bulla_buf_text(line, err);
    if (text == NULL) {
        return false;
    }
    output_text(steps->out, "  ");
    output_untrusted(steps->out, text);
    output_text(steps->out, "\n");
    bulla_buf_clear(line);
    return true;
}

/*
 * The same for a comment: a terminal would go on with the rest in the first column, where it is no
 * comment any more for who copies it.
 */
static bool write_comment(const struct steps *steps, struct bulla_buf *line,
                          struct bulla_error *err)
{
    struct output *out = steps->out;
    const char *text = bulla_buf_text(line, err);
    if (text == NULL) {
        return false;
    }
    size_t blanks = strspn(text + 1, " ");
    size_t indent = sizeof "  #" - 1 + blanks;
    text += 1 + blanks;
    for (bool is_first = true; is_first || *text != '\0'; is_first = false) {
        size_t column = indent + (is_first ? 0 : 2);
        size_t room = out->width > column ? out->width - column : 1;
        size_t len = out->is_terminal ? fold_at(text, room) : strlen(text);
        bulla_auto_str part = bulla_strndup(text, len, err);
        if (part == NULL) {
            return false;
        }
        output_printf(out, "  #%*s", (int)(column - (sizeof "  #" - 1)), "");
        output_untrusted(out, part);
        output_text(out, "\n");
        text += len + strspn(text + len, " ");
    }
    bulla_buf_clear(line);
    return true;
}

/* "docker compose …", by way of bulla where no file has the values that it needs. */
static bool put_compose(const struct steps *steps, struct bulla_buf *line, struct bulla_error *err)
{
    if (!steps->is_rendered) {
        bulla_buf_printf(line, "bulla run%s -- ", steps->env_flag);
    }
    return compose_command_put(line, steps->ws, steps->is_rendered, err);
}

/*
 * "(v=$(bulla get NAME) && [ -n "$v" ] && printf FORMAT "$v" | ". Where the value cannot be read,
 * or is empty, nothing may be told: psql takes an empty line for no password at all.
 */
static void put_value(const struct steps *steps, struct bulla_buf *line,
                      const struct beyond_server *told)
{
    const struct bulla_server *server = told->server;
    bulla_buf_printf(line, "(v=$(bulla get%s %s%s) && [ -n \"$v\" ] && printf ", steps->env_flag,
                     told->variable, server->is_sql ? " | sed 's/[\"\\\\]/\\\\&/g'" : "");
    bulla_buf_put_word(line, server->format);
    for (const char *at = strstr(server->format, "%s"); at != NULL; at = strstr(at + 1, "%s")) {
        bulla_buf_puts(line, " \"$v\"");
    }
    bulla_buf_puts(line, " | ");
}

/* "docker compose exec SERVICE sh -c '…'", with the new value on its standard input or typed. */
static bool put_client(const struct steps *steps, struct bulla_buf *line,
                       const struct beyond_server *told, struct bulla_error *err)
{
    bool is_fed = told->server->format != NULL;
    if (is_fed) {
        put_value(steps, line, told);
    }
    if (!put_compose(steps, line, err)) {
        return false;
    }
    bulla_buf_printf(line, " exec%s ", is_fed ? " -T" : "");
    bulla_buf_put_word(line, told->service);
    bulla_buf_puts(line, " sh -c ");
    bulla_buf_put_word(line, told->server->client);
    bulla_buf_puts(line, is_fed ? ")" : "");
    return true;
}

/* The lines begin with '#', so that what is copied with the commands does no harm. */
static bool tell_service(const struct steps *steps, struct bulla_buf *line,
                         const struct beyond_server *told, struct bulla_error *err)
{
    bulla_buf_printf(line, "# first, as '%s' (%s) has the old %s until it is told:", told->service,
                     told->server->name, told->variable);
    if (!write_comment(steps, line, err)) {
        return false;
    }
    const char *by_hand =
        told->server->client == NULL ? told->server->change : told->server->statement;
    if (by_hand != NULL) {
        bulla_buf_printf(line, "#   %s", by_hand);
        if (!write_comment(steps, line, err)) {
            return false;
        }
        bulla_buf_printf(line, "#   the new one: bulla get --reveal%s %s", steps->env_flag,
                         told->variable);
        if (!write_comment(steps, line, err)) {
            return false;
        }
    }
    return told->server->client == NULL ||
           (put_client(steps, line, told, err) && write_line(steps, line, err));
}

static bool tell_elsewhere(const struct steps *steps, struct bulla_buf *line,
                           const struct beyond_server *told, struct bulla_error *err)
{
    if (told->apply != NULL) {
        bulla_buf_printf(line, "# first tell the live service of [apply %s] the new %s",
                         told->apply, told->variable);
    } else {
        bulla_buf_printf(line, "# first tell the server that takes %s; which one is not known here",
                         told->variable);
    }
    if (!write_comment(steps, line, err)) {
        return false;
    }
    bulla_buf_printf(line, "#   the new one: bulla get --reveal%s %s", steps->env_flag,
                     told->variable);
    return write_comment(steps, line, err);
}

static bool write_servers(const struct steps *steps, struct bulla_buf *line,
                          const struct beyond *beyond, bool admins, struct bulla_error *err)
{
    for (size_t i = 0; i < beyond->count; i++) {
        const struct beyond_server *told = &beyond->servers[i];
        if (told->is_admin == admins &&
            !(told->service != NULL ? tell_service : tell_elsewhere)(steps, line, told, err)) {
            return false;
        }
    }
    return true;
}

static bool write_services(const struct steps *steps, struct bulla_buf *line,
                           const struct recreate *recreate, struct bulla_error *err)
{
    if (!recreate_has_active(recreate)) {
        return true;
    }
    if (steps->is_rendered) {
        bulla_buf_printf(line, "bulla render%s", steps->env_flag);
        if (!write_line(steps, line, err)) {
            return false;
        }
    }
    if (!put_compose(steps, line, err)) {
        return false;
    }
    bulla_buf_puts(line, " up -d --force-recreate");
    for (size_t i = 0; i < recreate->count; i++) {
        if (recreate->services[i].active) {
            bulla_buf_putc(line, ' ');
            bulla_buf_put_word(line, recreate->services[i].name);
        }
    }
    return write_line(steps, line, err);
}

/* What Compose takes as a service's name; others would be more than a word to a shell. */
static bool is_plain(const char *name)
{
    static const char bytes[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return name == NULL || (name[0] != '-' && name[strspn(name, bytes)] == '\0');
}

static bool are_plain(const struct recreate *recreate, const struct beyond *beyond)
{
    bool ok = true;
    for (size_t i = 0; i < beyond->count; i++) {
        ok = ok && is_plain(beyond->servers[i].service) && is_plain(beyond->servers[i].apply);
    }
    for (size_t i = 0; i < recreate->count; i++) {
        ok = ok && is_plain(recreate->services[i].name);
    }
    return ok;
}

bool next_write(const struct recreate *recreate, const struct beyond *beyond,
                const struct workspace *ws, struct output *out, struct bulla_error *err)
{
    struct steps steps = {.ws = ws, .out = out};
    bulla_auto_buf line;
    bulla_buf_init(&line, BULLA_MAX_TEXT_BYTES);
    (void)workspace_env_flag(ws, steps.env_flag);
    if (!are_plain(recreate, beyond) || (beyond->count == 0 && !recreate_has_active(recreate))) {
        return true;
    }
    bulla_auto_str path = workspace_project_path(ws, ws->environment->output, err);
    if (path == NULL) {
        return false;
    }
    steps.is_rendered = recreate->reads_file || bulla_file_is_regular(path);
    output_text(out, "next:\n");
    return write_servers(&steps, &line, beyond, false, err) &&
           write_servers(&steps, &line, beyond, true, err) &&
           write_services(&steps, &line, recreate, err);
}
