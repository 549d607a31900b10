#include "bulla/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

#include "base/banned.h"

/* The functions themselves, not what an analyzer is told of them. */
#undef bulla_error
#undef bulla_error_at
#undef bulla_error_sys
#undef bulla_error_nomem
#undef bulla_error_while
#undef bulla_error_place
#undef bulla_error_hint

static const struct bulla_exit_status exit_statuses[] = {
    {0, "done"},
    {1, "findings, or a refused operation"},
    {2, "wrong command line"},
    {3, "an input is wrong"},
    {4, "no identity opens the vault"},
    {5, "the vault fails verification"},
    {6, "the system refused (files, network, memory)"},
    {70, "our bug"},
    {0, NULL},
};

const struct bulla_exit_status *bulla_exit_statuses(void)
{
    return exit_statuses;
}

int bulla_code_exit(enum bulla_code code)
{
    switch (code) {
    case BULLA_OK:
        return 0;
    case BULLA_E_REFUSED:
        return 1;
    case BULLA_E_USAGE:
        return 2;
    case BULLA_E_SYNTAX:
    case BULLA_E_INVALID:
    case BULLA_E_MISSING:
    case BULLA_E_LIMIT:
        return 3;
    case BULLA_E_IDENTITY:
        return 4;
    case BULLA_E_VERIFY:
        return 5;
    case BULLA_E_IO:
    case BULLA_E_NOMEM:
        return 6;
    case BULLA_E_BUG:
        break;
    }
    return 70;
}

void text_sanitize(char *text)
{
    uint8_t *at = (uint8_t *)text;
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t code_point = 0;
        size_t len = utf8_decode(bulla_bytes(at, left), &code_point);
        if (len == 0 || !utf8_is_printable(code_point)) {
            size_t span = len == 0 ? 1 : len;
            memset(at, '?', span);
            len = span;
        }
        at += len;
        left -= len;
    }
}

void text_put(char *out, size_t cap, const char *fmt, va_list args)
{
    if (vsnprintf(out, cap, fmt, args) < 0) {
        out[0] = '\0';
    }
    text_sanitize(out);
}

static void set_message(struct bulla_error *err, enum bulla_code code, const char *file,
                        struct bulla_pos pos, const char *fmt, va_list args) BULLA_PRINTF(5, 0);

static void set_message(struct bulla_error *err, enum bulla_code code, const char *file,
                        struct bulla_pos pos, const char *fmt, va_list args)
{
    /* The arguments may point into *err (wrapping a message in another): build beside it. */
    char message[sizeof err->message];
    char name[sizeof err->file] = "";
    text_put(message, sizeof message, fmt, args);
    if (file != NULL) {
        size_t len = strnlen(file, sizeof name - 1);
        memcpy(name, file, len);
        name[len] = '\0';
        text_sanitize(name);
    }
    err->code = code;
    err->sys_errno = 0;
    err->pos = pos;
    err->hint[0] = '\0';
    memcpy(err->message, message, sizeof message);
    memcpy(err->file, name, sizeof name);
}

bool bulla_error(struct bulla_error *err, enum bulla_code code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    set_message(err, code, NULL, (struct bulla_pos){0, 0}, fmt, args);
    va_end(args);
    return false;
}

bool bulla_error_at(struct bulla_error *err, enum bulla_code code, const char *file,
                    struct bulla_pos pos, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    set_message(err, code, file, pos, fmt, args);
    va_end(args);
    return false;
}

/* What a user can do about NUMBER whatever was tried; NULL where that depends. */
static const char *remedy_for(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return "free some space, then run this again";
    case EACCES:
    case EPERM:
    case EROFS:
        return "look at the rights of the file and its folder with 'ls -ld'";
    case ENOENT:
    case ENOTDIR:
        return "see whether the path is right";
    default:
        return NULL;
    }
}

bool bulla_error_sys(struct bulla_error *err, const char *file, const char *fmt, ...)
{
    int number = errno;
    enum bulla_code code = BULLA_E_IO;
    if (number == ENOMEM) {
        code = BULLA_E_NOMEM;
    } else if (number == ENOENT || number == ENOTDIR) {
        code = BULLA_E_MISSING;
    }
    va_list args;
    va_start(args, fmt);
    set_message(err, code, file, (struct bulla_pos){0, 0}, fmt, args);
    va_end(args);
    size_t len = strlen(err->message);
    (void)snprintf(err->message + len, sizeof err->message - len, ": %s", strerror(number));
    err->sys_errno = number;
    const char *remedy = remedy_for(number);
    if (remedy != NULL) {
        (void)bulla_error_hint(err, "%s", remedy);
    }
    return false;
}

bool bulla_error_nomem(struct bulla_error *err)
{
    return bulla_error(err, BULLA_E_NOMEM, "out of memory");
}

bool bulla_error_while(struct bulla_error *err, const char *fmt, ...)
{
    char text[sizeof err->message];
    va_list args;
    va_start(args, fmt);
    text_put(text, sizeof text, fmt, args);
    va_end(args);
    char message[sizeof err->message * 2];
    (void)snprintf(message, sizeof message, "%s: %s", text, err->message);
    message[sizeof err->message - 1] = '\0';
    memcpy(err->message, message, sizeof err->message);
    return false;
}

bool bulla_error_place(struct bulla_error *err, const char *file, struct bulla_pos pos)
{
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    if (err->file[0] == '\0' && file != NULL) {
        (void)snprintf(err->file, sizeof err->file, "%s", file);
        text_sanitize(err->file);
    }
    err->pos = err->pos.line == 0 ? pos : err->pos;
    return false;
}

bool bulla_error_hint(struct bulla_error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    text_put(err->hint, sizeof err->hint, fmt, args);
    va_end(args);
    return false;
}

void bulla_error_clear(struct bulla_error *err)
{
    *err = (struct bulla_error)BULLA_ERROR_INIT;
}

void bulla_error_format(const struct bulla_error *err, char *out, size_t cap)
{
    char place[sizeof err->file + 32] = "";
    if (err->file[0] != '\0' && err->pos.line > 0 && err->pos.col > 0) {
        (void)snprintf(place, sizeof place, "%s:%u:%u: ", err->file, err->pos.line, err->pos.col);
    } else if (err->file[0] != '\0' && err->pos.line > 0) {
        (void)snprintf(place, sizeof place, "%s:%u: ", err->file, err->pos.line);
    } else if (err->file[0] != '\0') {
        (void)snprintf(place, sizeof place, "%s: ", err->file);
    }
    if (err->hint[0] != '\0') {
        (void)snprintf(out, cap, "%serror: %s\n  hint: %s\n", place, err->message, err->hint);
    } else {
        (void)snprintf(out, cap, "%serror: %s\n", place, err->message);
    }
}
