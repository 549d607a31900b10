/* What a comment says of where a value comes from, and whether it has to. */
#include <string.h>

#include "infer/hint.h"
#include "shape/words.h"

#include "base/banned.h"

#define WORD_MIN 4

bool infer_says_optional(struct bulla_bytes text)
{
    static const char *const phrases[] = {
        "left empty",       "leave empty",      "leave it empty",    "left blank",
        "leave blank",      "leave it blank",   "can be empty",      "may be empty",
        "leave this empty", "leave this blank", "(optional)",        "optional:",
        "use if you",       "only if you",      "if you use",        "only needed if",
        "only required if", "only needed for",  "only required for", "needed only if",
        "required only if", "if you've set",    "if you want"};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (shape_contains(text, phrases[i])) {
            return true;
        }
    }
    return false;
}

/* A word of NAME stands in HOST: DROPBOX_APP_KEY and www.dropbox.com. */
static bool shares_word(struct bulla_bytes host, const char *name)
{
    char word[64];
    while (*name != '\0') {
        size_t len = strcspn(name, "_");
        if (len >= WORD_MIN && len < sizeof word) {
            memcpy(word, name, len);
            word[len] = '\0';
            for (size_t i = 0; i < len; i++) {
                word[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] - 'A' + 'a' : word[i]);
            }
            if (shape_contains(host, word)) {
                return true;
            }
        }
        name += len;
        name += *name == '_';
    }
    return false;
}

static bool speaks_of_keys(struct bulla_bytes link)
{
    static const char *const words[] = {"api-key",      "api_key", "apikey",      "/keys",
                                        "access-token", "/tokens", "credentials", "developer"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (shape_contains(link, words[i])) {
            return true;
        }
    }
    return false;
}

bool infer_read_link(struct bulla_bytes text, const char *name, struct bulla_bytes *ret_link)
{
    for (size_t at = 0; at < text.len; at++) {
        struct bulla_bytes rest = bulla_bytes_slice(text, at, text.len);
        if (!bulla_bytes_start(rest, "https://")) {
            continue;
        }
        size_t len = 0;
        while (len < rest.len && rest.data[len] > ' ' &&
               strchr("\"'<>()`,;", rest.data[len]) == NULL) {
            len++;
        }
        while (len > 0 && rest.data[len - 1] == '.') {
            len--;
        }
        struct bulla_bytes link = bulla_bytes(rest.data, len);
        struct bulla_bytes host = bulla_bytes_slice(link, strlen("https://"), link.len);
        const uint8_t *slash = host.len > 0 ? memchr(host.data, '/', host.len) : NULL;
        host.len = slash != NULL ? (size_t)(slash - host.data) : host.len;
        if (shares_word(host, name) || speaks_of_keys(link)) {
            *ret_link = link;
            return true;
        }
    }
    return false;
}
