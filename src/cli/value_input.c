#include "value_input.h"

#include <string.h>
#include <unistd.h>

#include "message.h"
#include "prompt.h"
#include "secrets.h"

#define LINE_END_BYTES 2
#define MAX_REASON_BYTES 2048

bool value_input_check(const struct value_input *input, struct bulla_error *err)
{
    if (input->file != NULL && input->fd >= 0) {
        return bulla_error(err, BULLA_E_USAGE, "--file and --fd name two places for one value");
    }
    return true;
}

bool value_input_asks(const struct value_input *input)
{
    return input->file == NULL && input->fd < 0 && isatty(STDIN_FILENO) == 1;
}

static bool ask(const char *name, struct bulla_buf *value, struct bulla_error *err)
{
    bulla_auto_str label = bulla_asprintf(err, "value of %s", name);
    if (label == NULL) {
        return false;
    }
    bulla_auto_secret answer = prompt_secret(label, BULLA_MAX_VALUE_BYTES, PROMPT_TWICE, err);
    if (answer == NULL) {
        return false;
    }
    bulla_buf_add_bytes(value, bulla_secret_view(answer));
    return bulla_buf_ok(value, err);
}

static bool read_place(const struct invocation *in, const struct value_input *input,
                       struct bulla_buf *value, struct bulla_error *err)
{
    size_t max = BULLA_MAX_VALUE_BYTES + LINE_END_BYTES;
    if (input->file != NULL) {
        bool open_to_others = false;
        if (!bulla_file_read_private(input->file, max, BULLA_PRIVATE_REPORTED, value,
                                     &open_to_others, err)) {
            return false;
        }
        if (open_to_others) {
            message_warn(in, "others may read %s", input->file);
        }
        return true;
    }
    if (input->fd >= 0) {
        bulla_auto_str name = bulla_asprintf(err, "descriptor %ld", input->fd);
        return name != NULL && bulla_fd_read((int)input->fd, name, max, value, err);
    }
    return bulla_fd_read(STDIN_FILENO, "standard input", max, value, err);
}

static void drop_line_end(struct bulla_buf *value)
{
    struct bulla_bytes bytes = bulla_buf_view(value);
    size_t len = bytes.len;
    if (len > 0 && bytes.data[len - 1] == '\n') {
        len--;
        if (len > 0 && bytes.data[len - 1] == '\r') {
            len--;
        }
    }
    bulla_buf_truncate(value, len);
}

const char *value_input_fault(struct bulla_bytes value)
{
    bool has_nul = value.len > 0 && memchr(value.data, '\0', value.len) != NULL;
    return has_nul ? "has a NUL byte, which no environment can hold" : NULL;
}

bool value_input_check_fault(const char *name, struct bulla_bytes value, struct bulla_error *err)
{
    const char *fault = value_input_fault(value);
    if (fault == NULL) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "the value of '%s' %s", name, fault);
    return bulla_error_hint(err, "set its base64 instead: base64 -w 0 FILE | bulla set %s", name);
}

bool value_input_read(const struct invocation *in, const struct value_input *input,
                      const char *name, struct bulla_buf *value, struct bulla_error *err)
{
    bool asks = value_input_asks(input);
    if (!(asks ? ask(name, value, err) : read_place(in, input, value, err))) {
        return false;
    }
    if (!asks && !input->exact) {
        drop_line_end(value);
    }
    if (value->len > BULLA_MAX_VALUE_BYTES) {
        return bulla_error(err, BULLA_E_LIMIT, "the value has %zu bytes, %zu are the most",
                           value->len, BULLA_MAX_VALUE_BYTES);
    }
    return value_input_check_fault(name, bulla_buf_view(value), err);
}

static void add_reason(struct bulla_buf *reasons, const char *reason)
{
    bulla_buf_puts(reasons, reasons->len > 0 ? "; it " : "");
    bulla_buf_puts(reasons, reason);
}

static bool judge_kind(const struct bulla_variable *variable, struct bulla_bytes value,
                       struct bulla_buf *reasons, struct bulla_error *err)
{
    struct bulla_kind kind;
    bulla_auto_buf reason;
    bulla_buf_init(&reason, MAX_REASON_BYTES);
    if (variable->role != BULLA_ROLE_GENERATED) {
        return true;
    }
    if (!bulla_kind_parse(bulla_bytes_of(variable->kind.text), &kind, err)) {
        err->pos = (struct bulla_pos){0, 0};
        return bulla_error_while(err, "the kind of '%s' in the contract", variable->name);
    }
    if (!bulla_kind_check(&kind, value, &reason)) {
        const char *text = bulla_buf_text(&reason, err);
        if (text == NULL) {
            return false;
        }
        add_reason(reasons, text);
    }
    return true;
}

static bool judge_shape(const struct bulla_variable *variable, struct bulla_bytes value,
                        struct bulla_buf *reasons, struct bulla_error *err)
{
    bool fits = true;
    bulla_auto_buf reason;
    bulla_buf_init(&reason, MAX_REASON_BYTES);
    if (!bulla_variable_check(variable, value, &fits, &reason, err)) {
        return false;
    }
    const char *text = fits ? NULL : bulla_buf_text(&reason, err);
    if (text != NULL) {
        add_reason(reasons, text);
    }
    return fits || text != NULL;
}

bool value_input_judge(const struct bulla_variable *variable, struct bulla_bytes value,
                       struct bulla_error *err)
{
    bulla_auto_buf reasons;
    bulla_buf_init(&reasons, (size_t)4 * MAX_REASON_BYTES);
    if (value.len == 0) {
        add_reason(&reasons, "is empty");
    }
    if (reasons.len == 0 && (!judge_kind(variable, value, &reasons, err) ||
                             !judge_shape(variable, value, &reasons, err))) {
        return false;
    }
    const char *text = bulla_buf_text(&reasons, err);
    if (text == NULL || text[0] == '\0') {
        return text != NULL;
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "the value does not fit '%s' (%s): it %s",
                      variable->name, secrets_kind(variable), text);
    return bulla_error_hint(err, "nothing was written; --force sets it anyway");
}
