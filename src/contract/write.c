#include <string.h>

#include "bulla/contract.h"
#include "contract/keys.h"

#include "base/banned.h"

#define INDENT "  "

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/*
 * True where a line may end before byte AT of TEXT: no blank on either side (inih trims lines), and
 * the next line is no comment and does not look like a key of its own.
 */
static bool may_break(const char *text, size_t at)
{
    if (is_blank(text[at]) || is_blank(text[at - 1]) || text[at] == ';' || text[at] == '#' ||
        ((uint8_t)text[at] & 0xC0) == 0x80) {
        return false;
    }
    size_t word = strcspn(text + at, " \t=");
    return text[at + word + strspn(text + at + word, " \t")] != '=' ||
           !keys_are_known(bulla_bytes(text + at, word));
}

/* The length of the longest piece of TEXT, at most ROOM bytes, behind which a line may end. */
static size_t piece_len(const char *text, size_t room)
{
    size_t len = strlen(text);
    if (len <= room) {
        return len;
    }
    for (len = room; len > 0; len--) {
        if (may_break(text, len)) {
            return len;
        }
    }
    return 0;
}

static bool refuse(const char *key, const char *why, struct bulla_error *err)
{
    return bulla_error(err, BULLA_E_REFUSED, "'%s' cannot be written into the contract: %s", key,
                       why);
}

/* Reads "KEY = …" back. */
static bool reads_back(struct bulla_bytes written, const char *key, const char *text,
                       bool *ret_same, struct bulla_error *err)
{
    bulla_auto_buf trial = {0};
    bulla_buf_init(&trial, written.len + 16);
    bulla_buf_puts(&trial, "[V]\n");
    bulla_buf_add_bytes(&trial, written);
    if (!bulla_buf_ok(&trial, err)) {
        return false;
    }
    auto_pool pool = pool_new(err);
    if (pool == NULL) {
        return false;
    }
    struct ini_section *sections = NULL;
    struct bulla_error why = BULLA_ERROR_INIT;
    if (!ini_read(bulla_buf_view(&trial), "", pool, &sections, &why)) {
        if (why.code != BULLA_E_NOMEM) {
            return refuse(key, why.message, err);
        }
        *err = why;
        return false;
    }
    const struct ini_entry *entry = sections == NULL ? NULL : sections->entries;
    *ret_same = entry != NULL && entry->next == NULL && strcmp(entry->value.text, text) == 0 &&
                strncmp(key, entry->key, strlen(entry->key)) == 0;
    return true;
}

bool bulla_contract_write_setting(const char *key, const char *text, struct bulla_buf *out,
                                  struct bulla_error *err)
{
    bulla_auto_buf line = {0};
    bulla_buf_init(&line, out->max);
    bulla_buf_printf(&line, "%s =", key);
    size_t room = INI_MAX_LINE_BYTES - strlen(" \\");
    size_t used = strlen(key) + strlen(" =");
    if (used > room) {
        return refuse(key, "the key is too long", err);
    }
    room -= used;
    const char *rest = text;
    for (bool first = true; *rest != '\0' || first; first = false) {
        size_t len = piece_len(rest, room);
        if (len == 0 && *rest != '\0') {
            return refuse(key, "the value cannot be broken into lines", err);
        }
        bulla_buf_puts(&line, first ? (len == 0 ? "" : " ") : INDENT);
        bulla_buf_add(&line, rest, len);
        rest += len;
        bulla_buf_puts(&line, *rest == '\0' ? "\n" : "\\\n");
        room = INI_MAX_LINE_BYTES - strlen(INDENT "\\");
    }
    if (!bulla_buf_ok(&line, err)) {
        return false;
    }
    bool same = false;
    if (!reads_back(bulla_buf_view(&line), key, text, &same, err)) {
        return false;
    }
    if (!same) {
        return refuse(key, "it would not read back", err);
    }
    bulla_buf_add_bytes(out, bulla_buf_view(&line));
    return bulla_buf_ok(out, err);
}
