/*
 * Files in a notation that bulla writes and does not read: an assignment is found by its name, and
 * told by writing the values that it may be.
 */
#include "bulla/limits.h"
#include "render/render_internal.h"

#include "base/banned.h"

static size_t skip_blanks(struct bulla_bytes text, size_t at)
{
    while (at < text.len && (text.data[at] == ' ' || text.data[at] == '\t')) {
        at++;
    }
    return at;
}

/* Where the name of the line at START begins: a shell's file may export it. */
static size_t skip_export(struct bulla_bytes text, size_t start)
{
    size_t at = skip_blanks(text, start);
    size_t behind = at + sizeof "export" - 1;
    bool is_export = bulla_bytes_start(bulla_bytes_slice(text, at, text.len), "export");
    return is_export && skip_blanks(text, behind) > behind ? skip_blanks(text, behind) : at;
}

static size_t line_end(struct bulla_bytes text, size_t at)
{
    while (at < text.len && text.data[at] != '\n') {
        at++;
    }
    return at;
}

/* "NAME=", and "NAME<<" of a heredoc. */
static bool assigns(struct bulla_bytes rest, const char *name, size_t *ret_behind)
{
    size_t at = skip_blanks(rest, bulla_bytes_of(name).len);
    struct bulla_bytes behind = bulla_bytes_slice(rest, at, rest.len);
    bool is_one = bulla_bytes_start(behind, "=");
    *ret_behind = at + (is_one ? 1 : 2);
    return bulla_bytes_start(rest, name) && (is_one || bulla_bytes_start(behind, "<<"));
}

bool written_next(struct bulla_bytes text, const char *name, struct written *at)
{
    uint32_t line = at->pos.line + 1;
    for (size_t start = at->next; start < text.len; line++) {
        size_t found = skip_export(text, start);
        size_t behind = 0;
        struct bulla_bytes rest = bulla_bytes_slice(text, found, text.len);
        start = line_end(text, start) + 1;
        if (assigns(rest, name, &behind)) {
            struct bulla_bytes value = bulla_bytes_slice(rest, behind, line_end(rest, 0) - behind);
            *at = (struct written){.rest = rest, .value = value, .pos = {line, 1}, .next = start};
            return true;
        }
    }
    return false;
}

bool written_find(struct bulla_bytes text, const char *name, struct written *ret)
{
    struct written at = {0};
    bool is_found = false;
    while (written_next(text, name, &at)) {
        *ret = at;
        is_found = true;
    }
    return is_found;
}

/* An editor may have left out the last line's end. */
static bool begins_with(struct bulla_bytes rest, struct bulla_bytes line)
{
    size_t len = rest.len + 1 == line.len ? rest.len : line.len;
    return rest.len >= len && bulla_secret_bytes_equal(bulla_bytes_slice(rest, 0, len),
                                                       bulla_bytes_slice(line, 0, len));
}

/* *RET_LEN is how much of the text FORMAT has for VALUE, 0 where it has something else there. */
static bool measure(const struct written *written, const char *name, enum bulla_env_format format,
                    struct bulla_bytes value, size_t *ret_len, struct bulla_error *err)
{
    bulla_auto_buf line;
    bulla_buf_init_secret(&line, BULLA_MAX_OUTPUT_BYTES);
    if (bulla_env_write(format, bulla_bytes_of(name), value, &line, err)) {
        *ret_len = begins_with(written->rest, bulla_buf_view(&line)) ? line.len : 0;
        return true;
    }
    /* One that the notation cannot hold is none of its file. */
    *ret_len = 0;
    if (err->code != BULLA_E_REFUSED && err->code != BULLA_E_LIMIT) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

struct search {
    const struct written *written;
    const char *name;
    size_t len; /* of what was found */
};

/* In any notation: the file may be one of before the contract named another. */
static bool is_written(void *ctx, struct bulla_bytes value, bool *ret_is, struct bulla_error *err)
{
    struct search *search = ctx;
    size_t len = 0;
    for (int i = BULLA_ENV_COMPOSE; len == 0 && i <= BULLA_ENV_RUBY; i++) {
        enum bulla_env_format format = (enum bulla_env_format)i;
        if (!measure(search->written, search->name, format, value, &len, err)) {
            return false;
        }
    }
    *ret_is = len > 0;
    search->len = len;
    return true;
}

bool written_held(const struct bulla_values *values, const struct written *written,
                  const char *name, enum bulla_held *ret_held, struct bulla_error *err)
{
    struct search search = {.written = written, .name = name};
    return bulla_values_held_by(values, name, is_written, &search, ret_held, err);
}

bool written_is_inside(const struct bulla_values *values, struct bulla_bytes text,
                       const struct written *written, bool *ret_is, struct bulla_error *err)
{
    *ret_is = false;
    for (size_t i = 0; !*ret_is && i < bulla_values_count(values); i++) {
        const char *name = bulla_values_get(values, i)->variable.name;
        struct written other = {0};
        while (!*ret_is && written_next(text, name, &other) &&
               other.rest.data < written->rest.data) {
            enum bulla_held held = BULLA_HELD_NEVER;
            struct search search = {.written = &other, .name = name};
            if (!bulla_values_held_by(values, name, is_written, &search, &held, err)) {
                return false;
            }
            *ret_is = search.len > (size_t)(written->rest.data - other.rest.data);
        }
    }
    return true;
}

bool bulla_rendered_text_differs(const struct bulla_values *values, const struct bulla_value *value,
                                 enum bulla_env_format format, struct bulla_bytes text,
                                 bool *ret_differs, struct bulla_error *err)
{
    struct written written;
    size_t len = 0;
    bool is_there = written_find(text, value->variable.name, &written);
    if (value->state != BULLA_VALUE_SET) {
        *ret_differs = value->state == BULLA_VALUE_UNSET && is_there && written.value.len > 0 &&
                       bulla_values_remembers(values, value->variable.name);
        return true;
    }
    if (is_there && !measure(&written, value->variable.name, format, value->bytes, &len, err)) {
        return false;
    }
    *ret_differs = len == 0;
    return true;
}
