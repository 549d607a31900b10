/* What type the value of a setting looks like. Step 9. */
#include <string.h>

#include "bulla/shape.h"
#include "infer/guess_steps.h"

#include "base/banned.h"

static bool ends_in(const char *name, const char *word)
{
    size_t len = strlen(name);
    size_t word_len = strlen(word);
    return len >= word_len && strcmp(name + len - word_len, word) == 0 &&
           (len == word_len || name[len - word_len - 1] == '_');
}

bool guess_is_port_name(const char *name)
{
    return ends_in(name, "PORT") || strcmp(name, "PGPORT") == 0;
}

/* FEATURE_ENABLED=1 is switched by "true" as well. */
static bool is_switch(const char *name, struct bulla_bytes text)
{
    return (bulla_bytes_are(text, "0") || bulla_bytes_are(text, "1")) &&
           (ends_in(name, "ENABLED") || ends_in(name, "ENABLE") || ends_in(name, "DISABLED") ||
            ends_in(name, "DISABLE"));
}

enum bulla_value_type guess_type(const char *name, struct bulla_bytes text)
{
    switch (bulla_shape_of(text)) {
    case BULLA_SHAPE_BOOLEAN:
        return BULLA_TYPE_BOOLEAN;
    case BULLA_SHAPE_INTEGER:
        if (guess_is_port_name(name)) {
            return BULLA_TYPE_PORT;
        }
        /* "2" may well become "0.5": a sample alone does not say that it may not. */
        return is_switch(name, text) ? BULLA_TYPE_BOOLEAN : BULLA_TYPE_NUMBER;
    case BULLA_SHAPE_NUMBER:
        return BULLA_TYPE_NUMBER;
    case BULLA_SHAPE_URL:
        /* A list of them may as well be "*". */
        return memchr(text.data, ',', text.len) == NULL ? BULLA_TYPE_URL : BULLA_TYPE_TEXT;
    case BULLA_SHAPE_EMAIL:
        return BULLA_TYPE_EMAIL;
    case BULLA_SHAPE_EMPTY:
    case BULLA_SHAPE_UUID:
    case BULLA_SHAPE_HEX:
    case BULLA_SHAPE_BASE64:
    case BULLA_SHAPE_BASE64_KEY:
    case BULLA_SHAPE_FERNET:
    case BULLA_SHAPE_JWT:
    case BULLA_SHAPE_PEM:
    case BULLA_SHAPE_TEXT:
        break;
    }
    return BULLA_TYPE_TEXT;
}
