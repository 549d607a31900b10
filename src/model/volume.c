/* "SOURCE:TARGET:OPTIONS", the short form of a mount. */
#include <string.h>

#include "base/utf8.h"
#include "dotenv/chars.h"
#include "model/internal.h"

#include "base/banned.h"

struct spec {
    struct model *m;
    struct bulla_value *volume;
    struct bulla_bytes source;
    struct bulla_bytes target;
    struct bulla_bytes propagation;
    struct bulla_bytes selinux;
    bool literal;
    bool read_only;
    bool no_copy;
};

/* The length of the letter that TEXT begins with, 0 where it is none; of any script. */
static size_t letter_len(struct bulla_bytes text)
{
    uint32_t c = 0;
    size_t len = utf8_decode(text, &c);
    bool ascii = c < 0x80;
    bool latin = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return len > 0 && (ascii ? latin : chars_is_letter_or_number(c)) ? len : 0;
}

static bool is_file_path(struct bulla_bytes source)
{
    if (source.len == 0) {
        return false;
    }
    size_t letter = letter_len(source);
    return memchr("./~", source.data[0], 3) != NULL || bulla_bytes_start(source, "\\\\") ||
           (letter > 0 && source.len > letter && source.data[letter] == ':');
}

static void take_option(struct spec *spec, struct bulla_bytes option)
{
    static const char *const propagations[] = {"rprivate", "private", "rshared", "shared",
                                               "rslave",   "slave",   NULL};
    if (bulla_bytes_are(option, "ro") || bulla_bytes_are(option, "rw")) {
        spec->read_only = option.data[1] == 'o';
    } else if (bulla_bytes_are(option, "nocopy")) {
        spec->no_copy = true;
    } else if (bulla_bytes_are(option, "z") || bulla_bytes_are(option, "Z")) {
        spec->selinux = option;
    }
    for (size_t i = 0; propagations[i] != NULL; i++) {
        if (bulla_bytes_are(option, propagations[i])) {
            spec->propagation = option;
        }
    }
}

static void take_options(struct spec *spec, struct bulla_bytes text)
{
    while (text.len > 0) {
        const uint8_t *comma = memchr(text.data, ',', text.len);
        size_t len = comma != NULL ? (size_t)(comma - text.data) : text.len;
        take_option(spec, bulla_bytes(text.data, len));
        text = bulla_bytes_slice(text, len + 1, text.len);
    }
}

/* One part; what is wrong with it, or NULL. */
static const char *take_part(struct spec *spec, struct bulla_bytes part, bool last)
{
    if (part.len == 0) {
        return "empty section between colons";
    }
    if (spec->source.len == 0) {
        *(last ? &spec->target : &spec->source) = part;
        return NULL;
    }
    if (spec->target.len == 0) {
        spec->target = part;
        return NULL;
    }
    if (!last) {
        return "too many colons";
    }
    take_options(spec, part);
    return NULL;
}

static const char *take_parts(struct spec *spec, struct bulla_bytes text)
{
    size_t start = 0;
    unsigned depth = 0;
    for (size_t i = 0; i <= text.len; i++) {
        bool end = i == text.len;
        uint8_t c = end ? '\0' : text.data[i];
        if (c == '$' && i + 1 < text.len && text.data[i + 1] == '{') {
            depth++;
        } else if (c == '}' && depth > 0) {
            depth--;
        } else if ((end || c == ':') && depth == 0 &&
                   !(c == ':' && i > start &&
                     letter_len(bulla_bytes_slice(text, start, i - start)) == i - start)) {
            const char *why = take_part(spec, bulla_bytes_slice(text, start, i - start), end);
            if (why != NULL) {
                return why;
            }
            start = i + 1;
        }
    }
    return NULL;
}

static struct bulla_value *build_volume(struct spec *spec, bool typed)
{
    struct store *store = &spec->m->store;
    struct bulla_value *volume = spec->volume;
    bool bind = is_file_path(spec->source);
    value_put(store, volume, "type", value_string(store, bind ? "bind" : "volume"));
    if (spec->source.len > 0) {
        struct bulla_value *source = value_text(store, spec->source);
        source->literal = spec->literal;
        value_put(store, volume, "source", source);
    }
    if (spec->target.len > 0) {
        value_put(store, volume, "target", value_text(store, clean_path(spec->m, spec->target)));
    }
    if (spec->read_only) {
        value_put(store, volume, "read_only", value_bool(store, true));
    }
    if (bind || spec->propagation.len > 0 || spec->selinux.len > 0) {
        struct bulla_value *options = value_new(store, BULLA_VALUE_MAP);
        if (spec->selinux.len > 0) {
            value_put(store, options, "selinux", value_text(store, spec->selinux));
        }
        if (spec->propagation.len > 0) {
            value_put(store, options, "propagation", value_text(store, spec->propagation));
        }
        if (bind) {
            value_put(store, options, "create_host_path", value_bool(store, true));
        }
        value_put(store, volume, "bind", options);
    }
    if ((!bind && typed) || spec->no_copy) {
        struct bulla_value *options = value_new(store, BULLA_VALUE_MAP);
        if (spec->no_copy) {
            value_put(store, options, "nocopy", value_bool(store, true));
        }
        value_put(store, volume, "volume", options);
    }
    return volume;
}

struct bulla_value *parse_volume(struct model *m, const struct bulla_value *origin,
                                 struct bulla_bytes text)
{
    struct spec spec = {.m = m,
                        .literal = origin->literal,
                        .volume = value_placed(value_new(&m->store, BULLA_VALUE_MAP), origin)};
    if (text.len == 0) {
        (void)refuse(m, origin, "invalid empty volume spec");
        return spec.volume;
    }
    if (text.len <= 2) {
        spec.target = text;
        return build_volume(&spec, false);
    }
    const char *why = take_parts(&spec, text);
    if (why != NULL) {
        (void)refuse(m, origin, "invalid spec: %v: %s", text, why);
    }
    return build_volume(&spec, true);
}
