#include "bulla/render.h"

#include <string.h>

#include "bulla/limits.h"
#include "render/render_internal.h"
#include "template/filter.h"

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

bool render_check_complete(const struct bulla_values *values, struct bulla_error *err)
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

static bool render_around(const struct bulla_values *values,
                          const struct bulla_render_options *options, struct bulla_bytes text,
                          struct bulla_buf *out, struct bulla_error *err)
{
    /* With the lookup a bare name counts as set, and so as one that the template has. */
    const struct bulla_dotenv_options as_sample = {
        .grammar = BULLA_DOTENV_COMPOSE, .lookup = render_lookup_all, .no_expand = true};
    bulla_auto_dotenv template = bulla_dotenv_parse(text, options->template_name, &as_sample, err);
    size_t start = bulla_buf_view(out).len;
    return template != NULL && render_template(values, template, text, options->format, out, err) &&
           render_verify(values, template, options->format, written_since(out, start), err);
}

static bool render_with_template(const struct bulla_values *values,
                                 const struct bulla_render_options *options, struct bulla_buf *out,
                                 struct bulla_error *err)
{
    struct bulla_bytes text = options->template_text;
    if (!is_compose(options->format)) {
        (void)bulla_error(err, BULLA_E_REFUSED, "a template is in Compose's notation, not '%s'",
                          bulla_env_format_name(options->format));
        return bulla_error_hint(err, "leave the template out");
    }
    if (text.data[text.len - 1] == '\n') {
        return render_around(values, options, text, out, err);
    }
    /* Lines may follow the last one, which Compose reads differently without its LF. */
    bulla_auto_buf whole = {0};
    bulla_buf_init_secret(&whole, text.len + 1);
    bulla_buf_add_bytes(&whole, text);
    bulla_buf_putc(&whole, '\n');
    return bulla_buf_ok(&whole, err) &&
           render_around(values, options, bulla_buf_view(&whole), out, err);
}

static bool render(const struct bulla_values *values, const struct bulla_render_options *options,
                   struct bulla_buf *out, struct bulla_error *err)
{
    if (options->template_text.len > 0) {
        return render_with_template(values, options, out, err);
    }
    size_t start = bulla_buf_view(out).len;
    return list(values, options->format, out, err) && bulla_buf_ok(out, err) &&
           render_verify(values, NULL, options->format, written_since(out, start), err);
}

bool bulla_render(const struct bulla_values *values, const struct bulla_render_options *options,
                  struct bulla_buf *out, struct bulla_error *err)
{
    size_t start = bulla_buf_view(out).len;
    if (render_check_complete(values, err) && render(values, options, out, err)) {
        return true;
    }
    bulla_buf_truncate(out, start);
    return false;
}

static bool write_json(const struct bulla_values *values, struct bulla_buf *out,
                       struct bulla_error *err)
{
    const struct filter *json = filter_find(bulla_bytes_of("json"));
    bool first = true;
    bulla_buf_putc(out, '{');
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *row = bulla_values_get(values, i);
        if (row->state != BULLA_VALUE_SET) {
            continue;
        }
        bulla_buf_printf(out, "%s\n  \"%s\": \"", first ? "" : ",", row->variable.name);
        const char *refused = json->apply(row->bytes, out);
        if (refused != NULL) {
            return bulla_error(err, BULLA_E_REFUSED, "JSON cannot hold '%s': the value %s",
                               row->variable.name, refused);
        }
        bulla_buf_putc(out, '"');
        first = false;
    }
    bulla_buf_puts(out, first ? "}\n" : "\n}\n");
    return bulla_buf_ok(out, err);
}

bool bulla_render_json(const struct bulla_values *values, struct bulla_buf *out,
                       struct bulla_error *err)
{
    size_t start = bulla_buf_view(out).len;
    if (render_check_complete(values, err) && write_json(values, out, err)) {
        return true;
    }
    bulla_buf_truncate(out, start);
    return false;
}
