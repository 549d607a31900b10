#include "bulla/render.h"

#include <string.h>

#include "bulla/limits.h"
#include "render/render_internal.h"

#include "base/banned.h"

#define NAMED_AT_MOST 5

/* True where ROW itself is in the way, and not what it is derived from. */
static bool is_in_the_way(const struct bulla_values *values, const struct bulla_value *row,
                          enum bulla_value_state state)
{
    if (row->state != state) {
        return false;
    }
    const struct bulla_value *cause =
        row->because == NULL ? NULL : bulla_values_find(values, row->because);
    return cause == NULL || cause->state != state;
}

/* Collects the names of what is in STATE; how many that are is returned. */
static size_t name_them(const struct bulla_values *values, enum bulla_value_state state,
                        struct bulla_buf *names)
{
    size_t count = 0;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *row = bulla_values_get(values, i);
        if (!is_in_the_way(values, row, state)) {
            continue;
        }
        if (count < NAMED_AT_MOST) {
            bulla_buf_printf(names, "%s%s", count == 0 ? "" : ", ", row->variable.name);
        }
        count++;
    }
    if (count > NAMED_AT_MOST) {
        bulla_buf_printf(names, " and %zu more", count - NAMED_AT_MOST);
    }
    return count;
}

static bool check_complete(const struct bulla_values *values, struct bulla_error *err)
{
    static const struct {
        enum bulla_value_state state;
        enum bulla_code code;
        const char *what;
        const char *hint;
    } rows[] = {
        {BULLA_VALUE_SEALED, BULLA_E_IDENTITY, "no identity here opens", "give --identity FILE"},
        {BULLA_VALUE_CONTESTED, BULLA_E_REFUSED, "branches disagree about",
         "bulla resolve NAME compares them and settles it"},
        {BULLA_VALUE_MISSING, BULLA_E_MISSING,
         "without a value:", "bulla fill makes what can be made, bulla set NAME takes the rest"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (bulla_values_state_count(values, rows[i].state) == 0) {
            continue;
        }
        bulla_auto_buf names = {0};
        bulla_buf_init(&names, 4096);
        (void)name_them(values, rows[i].state, &names);
        const char *text = bulla_buf_text(&names, err);
        if (text == NULL) {
            return false;
        }
        (void)bulla_error(err, rows[i].code, "%s %s", rows[i].what, text);
        return bulla_error_hint(err, "%s", rows[i].hint);
    }
    return true;
}

static bool list(const struct bulla_values *values, enum bulla_env_format format,
                 struct bulla_buf *out, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *row = bulla_values_get(values, i);
        if (row->state == BULLA_VALUE_SET &&
            !bulla_env_write(format, bulla_bytes_of(row->variable.name), row->bytes, out, err)) {
            return bulla_error_while(err, "writing '%s'", row->variable.name);
        }
    }
    return true;
}

static struct bulla_bytes written_since(const struct bulla_buf *out, size_t start)
{
    struct bulla_bytes all = bulla_buf_view(out);
    return bulla_bytes_slice(all, start, all.len);
}

static bool is_compose(enum bulla_env_format format)
{
    return format == BULLA_ENV_COMPOSE || format == BULLA_ENV_COMPOSE_DOUBLE ||
           format == BULLA_ENV_COMPOSE_SINGLE || format == BULLA_ENV_COMPOSE_UNQUOTED;
}

/* An env file whose last line has its LF: lines may follow, which Compose reads differently. */
static bool add_whole_lines(struct bulla_buf *out, struct bulla_bytes text)
{
    bulla_buf_add_bytes(out, text);
    if (text.len > 0 && text.data[text.len - 1] != '\n') {
        bulla_buf_putc(out, '\n');
    }
    return text.len > 0;
}

static bool write_layout(const struct layout *layout, struct bulla_buf *out,
                         struct bulla_error *err)
{
    size_t start = bulla_buf_view(out).len;
    bool ok = layout->entries != NULL ? render_template(layout, out, err)
                                      : list(layout->values, layout->options->format, out, err) &&
                                            bulla_buf_ok(out, err);
    return ok && render_verify(layout, written_since(out, start), err) &&
           render_tell_kept(layout, err);
}

/* With the lookup a bare name counts as set, and so as one that the file has. */
static struct bulla_dotenv *parse(struct bulla_bytes text, const char *name,
                                  struct bulla_error *err)
{
    const struct bulla_dotenv_options as_sample = {
        .grammar = BULLA_DOTENV_COMPOSE, .lookup = render_lookup_all, .no_expand = true};
    return bulla_dotenv_parse(text, name, &as_sample, err);
}

static bool render_around(const struct bulla_values *values,
                          const struct bulla_render_options *options, struct bulla_buf *out,
                          struct bulla_error *err)
{
    bulla_auto_buf text = {0};
    bulla_auto_buf old_text = {0};
    bulla_buf_init_secret(&text, options->template_text.len + 1);
    bulla_buf_init_secret(&old_text, options->old_text.len + 1);
    bool has_template = add_whole_lines(&text, options->template_text);
    bool has_old = add_whole_lines(&old_text, options->old_text);
    if (!bulla_buf_ok(&text, err) || !bulla_buf_ok(&old_text, err)) {
        return false;
    }
    struct layout layout = {.values = values, .options = options};
    bulla_auto_dotenv old = NULL;
    bulla_auto_dotenv template = NULL;
    if (has_old) {
        layout.old_text = bulla_buf_view(&old_text);
        layout.old = old = parse(layout.old_text, options->old_name, err);
        if (old == NULL) {
            return bulla_error_while(err, "reading what is there, which is not overwritten");
        }
        layout.text = layout.old_text;
        layout.entries = old;
    }
    if (has_template) {
        layout.text = bulla_buf_view(&text);
        layout.entries = template = parse(layout.text, options->template_name, err);
        if (template == NULL) {
            return false;
        }
    }
    return write_layout(&layout, out, err);
}

static bool render(const struct bulla_values *values, const struct bulla_render_options *options,
                   struct bulla_buf *out, struct bulla_error *err)
{
    if (is_compose(options->format)) {
        return render_around(values, options, out, err);
    }
    if (options->template_text.len > 0) {
        (void)bulla_error(err, BULLA_E_REFUSED, "a template is in Compose's notation, not '%s'",
                          bulla_env_format_name(options->format));
        return bulla_error_hint(err, "leave the template out");
    }
    const struct layout layout = {.values = values, .options = options};
    return write_layout(&layout, out, err);
}

bool bulla_render(const struct bulla_values *values, const struct bulla_render_options *options,
                  struct bulla_buf *out, struct bulla_error *err)
{
    size_t start = bulla_buf_view(out).len;
    bool is_ready = options->is_partial || check_complete(values, err);
    if (is_ready && render(values, options, out, err)) {
        return true;
    }
    bulla_buf_truncate(out, start);
    return false;
}
