#include "bulla/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem_internal.h"
#include "base/secret_internal.h"
#include "bulla/secret.h"

#include "base/banned.h"

#define FIRST_CAPACITY ((size_t)256)
#define MAX_FORMATTED 4096

void bulla_buf_init(struct bulla_buf *buf, size_t max)
{
    *buf = (struct bulla_buf){.max = max};
}

void bulla_buf_init_secret(struct bulla_buf *buf, size_t max)
{
    *buf = (struct bulla_buf){.max = max, .secret = true};
}

static void release_data(struct bulla_buf *buf)
{
    if (buf->secret) {
        secret_pages_free(buf->data);
    } else {
        bulla_free(buf->data);
    }
}

void bulla_buf_release(struct bulla_buf *buf)
{
    release_data(buf);
    *buf = (struct bulla_buf){.max = buf->max, .secret = buf->secret};
}

void bulla_buf_clear(struct bulla_buf *buf)
{
    bulla_buf_truncate(buf, 0);
    buf->failed = BULLA_OK;
}

void bulla_buf_truncate(struct bulla_buf *buf, size_t len)
{
    if (len >= buf->len) {
        return;
    }
    if (buf->secret) {
        bulla_wipe(buf->data + len, buf->len - len);
    }
    buf->len = len;
}

/* Room for LEN more bytes and one NUL; a secret's old pages are wiped when they are freed. */
static bool make_room(struct bulla_buf *buf, size_t len)
{
    if (buf->failed != BULLA_OK) {
        return false;
    }
    if (len > buf->max - buf->len) {
        buf->failed = BULLA_E_LIMIT;
        return false;
    }
    size_t need = buf->len + len + 1;
    if (need <= buf->cap) {
        return true;
    }
    size_t cap = buf->cap < FIRST_CAPACITY ? FIRST_CAPACITY : buf->cap * 2;
    if (cap < need) {
        cap = need;
    }
    struct bulla_error ignored;
    uint8_t *data = buf->secret ? secret_pages_alloc(cap, &ignored) : mem_room(cap, &ignored);
    if (data == NULL) {
        buf->failed = BULLA_E_NOMEM;
        return false;
    }
    if (buf->len > 0) {
        memcpy(data, buf->data, buf->len);
    }
    release_data(buf);
    buf->data = data;
    buf->cap = cap;
    return true;
}

void bulla_buf_add(struct bulla_buf *buf, const void *data, size_t len)
{
    if (len > 0 && make_room(buf, len)) {
        memcpy(buf->data + buf->len, data, len);
        buf->len += len;
    }
}

void bulla_buf_add_bytes(struct bulla_buf *buf, struct bulla_bytes bytes)
{
    bulla_buf_add(buf, bytes.data, bytes.len);
}

void bulla_buf_puts(struct bulla_buf *buf, const char *text)
{
    bulla_buf_add(buf, text, strlen(text));
}

void bulla_buf_putc(struct bulla_buf *buf, char c)
{
    bulla_buf_add(buf, &c, 1);
}

void bulla_buf_put_word(struct bulla_buf *buf, const char *word)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:@%+=,";
    bool is_plain = word[0] != '\0' && word[strspn(word, plain)] == '\0';
    bulla_buf_puts(buf, is_plain ? "" : "'");
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            bulla_buf_puts(buf, "'\\''");
        } else {
            bulla_buf_putc(buf, *word);
        }
    }
    bulla_buf_puts(buf, is_plain ? "" : "'");
}

char *bulla_word(const char *word, struct bulla_error *err)
{
    bulla_auto_buf buf;
    bulla_buf_init(&buf, 4 * strlen(word) + sizeof "''");
    bulla_buf_put_word(&buf, word);
    const char *text = bulla_buf_text(&buf, err);
    return text != NULL ? bulla_strdup(text, err) : NULL;
}

void bulla_buf_printf(struct bulla_buf *buf, const char *fmt, ...)
{
    char text[MAX_FORMATTED];
    va_list args;
    va_start(args, fmt);
    int len = vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof text) {
        buf->failed = BULLA_E_LIMIT;
        return;
    }
    bulla_buf_add(buf, text, (size_t)len);
}

uint8_t *bulla_buf_reserve(struct bulla_buf *buf, size_t len)
{
    return make_room(buf, len) ? buf->data + buf->len : NULL;
}

void bulla_buf_commit(struct bulla_buf *buf, size_t len)
{
    buf->len += len;
}

struct bulla_bytes bulla_buf_view(const struct bulla_buf *buf)
{
    return bulla_bytes(buf->data, buf->len);
}

bool bulla_buf_ok(const struct bulla_buf *buf, struct bulla_error *err)
{
    if (buf->failed == BULLA_E_LIMIT) {
        return bulla_error(err, BULLA_E_LIMIT, "text of more than %zu bytes", buf->max);
    }
    if (buf->failed != BULLA_OK) {
        return bulla_error_nomem(err);
    }
    return true;
}

const char *bulla_buf_text(struct bulla_buf *buf, struct bulla_error *err)
{
    if (buf->failed == BULLA_OK) {
        (void)make_room(buf, 0);
    }
    if (!bulla_buf_ok(buf, err)) {
        return NULL;
    }
    buf->data[buf->len] = '\0';
    return (const char *)buf->data;
}
