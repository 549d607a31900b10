/* What a sample says of the feature that a name belongs to: that it is off, or not set up. */
#include "infer/guess_steps.h"

#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"

#include "base/banned.h"

#define NAME_MAX_BYTES 200 /* a longer one has no such relatives */

/* True where NAME is a variable; *RET_TEXT is its sample's text, else the compose file's default.
 */
static bool find_text(const struct bulla_evidence *evidence, const char *name,
                      struct bulla_bytes *ret_text)
{
    for (size_t i = 0; evidence->names != NULL && evidence->names[i] != NULL; i++) {
        if (strcmp(evidence->names[i], name) == 0) {
            const char *text = evidence->samples != NULL ? evidence->samples[i] : NULL;
            if ((text == NULL || text[0] == '\0') && evidence->defaults != NULL) {
                text = evidence->defaults[i];
            }
            *ret_text = guess_text(text);
            return true;
        }
    }
    return false;
}

static bool is_no(const struct bulla_evidence *evidence, const char *name)
{
    static const char *const words[] = {"false", "False", "FALSE", "no", "off", "0"};
    struct bulla_bytes text;
    bool is_there = find_text(evidence, name, &text);
    for (size_t i = 0; is_there && i < sizeof words / sizeof *words; i++) {
        if (bulla_bytes_are(text, words[i])) {
            return true;
        }
    }
    return false;
}

/* Where the word before END begins in NAME; 0 for the first one. */
static size_t word_start(const char *name, size_t end)
{
    while (end > 0 && name[end - 1] != '_') {
        end--;
    }
    return end;
}

/* True where there is a switch for what the first LEN bytes of the name stand for, and it is off.
 */
static bool is_switched_off(const struct bulla_evidence *evidence, size_t len)
{
    static const struct {
        const char *before, *behind;
    } forms[] = {{"", "_ENABLED"}, {"", "_ENABLE"}, {"ENABLE_", ""}, {"USE_", ""}};
    const char *name = evidence->name;
    char other[NAME_MAX_BYTES + sizeof "ENABLE_"];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        (void)snprintf(other, sizeof other, "%s%.*s%s", forms[i].before, (int)len, name,
                       forms[i].behind);
        if (is_no(evidence, other)) {
            return true;
        }
    }
    /* REDIS_USE_SENTINEL is that of REDIS_SENTINEL_PASSWORD. */
    size_t last = word_start(name, len);
    (void)snprintf(other, sizeof other, "%.*sUSE_%.*s", (int)last, name, (int)(len - last),
                   name + last);
    return last > 0 && is_no(evidence, other);
}

bool guess_feature_is_off(const struct bulla_evidence *evidence)
{
    size_t len = strlen(evidence->name);
    for (size_t end = len < NAME_MAX_BYTES ? word_start(evidence->name, len) : 0; end > 1;
         end = word_start(evidence->name, end - 1)) {
        if (is_switched_off(evidence, end - 1)) {
            return true;
        }
    }
    return false;
}

bool guess_feature_is_bare(const struct bulla_evidence *evidence)
{
    static const struct {
        const char *secret;
        const char *partners[4];
    } pairs[] = {
        {"CLIENT_SECRET", {"CLIENT_ID", NULL}},
        {"PASSWORD", {"HOST", "SERVER", "ADDRESS", NULL}},
        {"PASS", {"HOST", "SERVER", "ADDRESS", NULL}},
        {"SECRET_ACCESS_KEY", {"BUCKET", "ENDPOINT", NULL}},
        {"API_KEY", {"ENDPOINT", NULL}},
        {"SECRET", {"CLIENT_ID", NULL}},
    };
    const char *name = evidence->name;
    size_t len = strlen(name);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t end = strlen(pairs[i].secret);
        if (len >= NAME_MAX_BYTES || len < end || strcmp(name + len - end, pairs[i].secret) != 0) {
            continue;
        }
        for (size_t k = 0; pairs[i].partners[k] != NULL; k++) {
            char other[NAME_MAX_BYTES + sizeof "CLIENT_ID"];
            struct bulla_bytes text;
            (void)snprintf(other, sizeof other, "%.*s%s", (int)(len - end), name,
                           pairs[i].partners[k]);
            if (find_text(evidence, other, &text)) {
                return text.len == 0;
            }
        }
    }
    return false;
}
