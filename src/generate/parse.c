#include <string.h>

#include "base/ascii.h"
#include "base/num.h"
#include "bulla/suggest.h"
#include "generate/generate_internal.h"

#include "base/banned.h"

#define CLASS_NONE 31 /* a class that is never asked for */
#define LEAST_ACCEPTANCE 0.001
#define MAX_KINDS 64
#define MAX_TEXT_BYTES 256

/* A kind text while it is parsed. */
struct draft {
    struct bulla_bytes text;
    size_t at;
    const struct kind_row *row;
    struct bulla_kind *kind;
    struct bulla_bytes classes, symbols, exclude; /* data NULL: not given */
    unsigned seen;                                /* options, of enum kind_option */
};

static const struct {
    const char *name;
    enum kind_option option;
} option_names[] = {
    {"prefix", KIND_PREFIX},   {"classes", KIND_CLASSES}, {"symbols", KIND_SYMBOLS},
    {"exclude", KIND_EXCLUDE}, {"sep", KIND_SEPARATOR},
};

#define fail(draft, offset, err, ...)                                                              \
    bulla_error_at((err), BULLA_E_INVALID, NULL, (struct bulla_pos){1, (uint32_t)(offset) + 1},    \
                   __VA_ARGS__)

static bool is_visible(uint8_t c)
{
    return c > ' ' && c < 0x7f;
}

/* The bytes from the draft's place up to the first of STOPS, which stays. */
static struct bulla_bytes take_until(struct draft *draft, const char *stops)
{
    size_t start = draft->at;
    while (draft->at < draft->text.len && (draft->text.data[draft->at] == '\0' ||
                                           strchr(stops, draft->text.data[draft->at]) == NULL)) {
        draft->at++;
    }
    return bulla_bytes_slice(draft->text, start, draft->at - start);
}

static bool accept(struct draft *draft, char c)
{
    if (draft->at < draft->text.len && draft->text.data[draft->at] == (uint8_t)c) {
        draft->at++;
        return true;
    }
    return false;
}

/* Sets the nearest of COUNT words as the hint; false where none is near. */
static bool hint_nearest(struct bulla_bytes word, const char *const *words, size_t count,
                         struct bulla_error *err)
{
    char text[64] = "";
    if (word.len == 0 || word.len >= sizeof text) {
        return false;
    }
    memcpy(text, word.data, word.len);
    const char *nearest = bulla_suggest(text, words, count);
    /* Half of a short word is no slip: 'secret' is not meant for 'fernet'. */
    size_t distance = nearest != NULL ? bulla_edit_distance(text, nearest) : 0;
    if (nearest == NULL || (distance > 1 && 2 * distance >= word.len)) {
        return false;
    }
    (void)bulla_error_hint(err, "did you mean '%s'?", nearest);
    return true;
}

static bool parse_name(struct draft *draft, struct bulla_error *err)
{
    struct bulla_bytes name = take_until(draft, ":,");
    const char *names[MAX_KINDS];
    size_t count = kind_row_count() < MAX_KINDS ? kind_row_count() : MAX_KINDS;
    for (size_t i = 0; i < count; i++) {
        names[i] = kind_row(i)->info.name;
        if (bulla_bytes_are(name, names[i])) {
            draft->row = kind_row(i);
            draft->kind->row = i;
            draft->kind->size = draft->row->info.default_size;
            if (draft->row->prefix != NULL) {
                memcpy(draft->kind->prefix, draft->row->prefix, strlen(draft->row->prefix) + 1);
            }
            return true;
        }
    }
    if (bulla_bytes_are(name, "derived") || bulla_bytes_are(name, "provided") ||
        bulla_bytes_are(name, "setting")) {
        return fail(draft, 0, err, "'%.*s' values are not generated", (int)name.len,
                    (const char *)name.data);
    }
    if (name.len == 0) {
        (void)fail(draft, 0, err, "no kind");
    } else {
        (void)fail(draft, 0, err, "unknown kind '%.*s'", (int)name.len, (const char *)name.data);
    }
    if (!hint_nearest(name, names, count, err)) {
        (void)bulla_error_hint(err,
                               "'bulla generate --kinds' lists them; in bulla.ini also provided, "
                               "derived and setting");
    }
    return false;
}

static bool parse_size(struct draft *draft, struct bulla_error *err)
{
    const struct bulla_kind_info *info = &draft->row->info;
    size_t start = draft->at;
    struct bulla_bytes text = take_until(draft, ",");
    uint64_t size = 0;
    if (info->size_unit == NULL) {
        (void)fail(draft, start, err, "kind '%s' has one size only", info->name);
        return bulla_error_hint(err, "write '%s'", info->name);
    }
    if (!num_parse_u64(text, UINT32_MAX, &size)) {
        (void)fail(draft, start, err, "the size of kind '%s' is not a number", info->name);
        return bulla_error_hint(err, "for example '%s'", info->example);
    }
    if (size < info->least_size || size > info->most_size) {
        return fail(draft, start, err, "kind '%s' has from %u to %u %s", info->name,
                    info->least_size, info->most_size, info->size_unit);
    }
    draft->kind->size = (uint32_t)size;
    return true;
}

static bool set_prefix(struct draft *draft, struct bulla_bytes value, size_t start,
                       struct bulla_error *err)
{
    if (value.len > BULLA_KIND_PREFIX_BYTES) {
        return fail(draft, start, err, "a prefix has at most %d bytes", BULLA_KIND_PREFIX_BYTES);
    }
    memcpy(draft->kind->prefix, value.data, value.len);
    draft->kind->prefix[value.len] = '\0';
    return true;
}

static bool set_classes(struct draft *draft, struct bulla_bytes value, size_t start,
                        struct bulla_error *err)
{
    for (size_t i = 0; i < value.len; i++) {
        if (strchr("luds", value.data[i]) == NULL || memchr(value.data, value.data[i], i) != NULL) {
            return fail(draft, start + i, err,
                        "classes are letters of 'luds' (lower, upper, digit, symbol), each once");
        }
    }
    draft->classes = value;
    return true;
}

static bool set_symbols(struct draft *draft, struct bulla_bytes value, size_t start,
                        struct bulla_error *err)
{
    for (size_t i = 0; i < value.len; i++) {
        if (ascii_is_alnum(value.data[i])) {
            return fail(draft, start + i, err, "symbols are not letters or digits");
        }
    }
    draft->symbols = value;
    return true;
}

static bool set_separator(struct draft *draft, struct bulla_bytes value, size_t start,
                          struct bulla_error *err)
{
    if (value.len != 1 || ascii_is_alnum(value.data[0])) {
        return fail(draft, start, err, "a separator is one character, no letter and no digit");
    }
    draft->kind->separator = (char)value.data[0];
    return true;
}

static bool set_option(struct draft *draft, enum kind_option option, struct bulla_bytes value,
                       size_t start, struct bulla_error *err)
{
    switch (option) {
    case KIND_PREFIX:
        return set_prefix(draft, value, start, err);
    case KIND_CLASSES:
        return set_classes(draft, value, start, err);
    case KIND_SYMBOLS:
        return set_symbols(draft, value, start, err);
    case KIND_SEPARATOR:
        return set_separator(draft, value, start, err);
    case KIND_EXCLUDE:
        break;
    }
    draft->exclude = value;
    return true;
}

static bool unknown_option(struct draft *draft, struct bulla_bytes name, size_t start,
                           struct bulla_error *err)
{
    const char *names[sizeof option_names / sizeof *option_names];
    size_t count = 0;
    for (size_t i = 0; i < sizeof option_names / sizeof *option_names; i++) {
        if ((draft->row->options & option_names[i].option) != 0) {
            names[count++] = option_names[i].name;
        }
    }
    if (count == 0) {
        return fail(draft, start, err, "kind '%s' has no options", draft->row->info.name);
    }
    (void)fail(draft, start, err, "kind '%s' has no option '%.*s'", draft->row->info.name,
               (int)name.len, (const char *)name.data);
    if (!hint_nearest(name, names, count, err)) {
        (void)bulla_error_hint(err, "its options: %s", draft->row->info.options);
    }
    return false;
}

static bool parse_option(struct draft *draft, struct bulla_error *err)
{
    size_t start = draft->at;
    struct bulla_bytes name = take_until(draft, "=,");
    for (size_t i = 0; i < sizeof option_names / sizeof *option_names; i++) {
        enum kind_option option = option_names[i].option;
        if (!bulla_bytes_are(name, option_names[i].name) || (draft->row->options & option) == 0) {
            continue;
        }
        if ((draft->seen & option) != 0) {
            return fail(draft, start, err, "option '%s' is given twice", option_names[i].name);
        }
        draft->seen |= option;
        bool has_value = accept(draft, '=');
        size_t value_start = draft->at;
        struct bulla_bytes value = take_until(draft, ",");
        if (!has_value || value.len == 0) {
            return fail(draft, value_start, err, "option '%s' needs a value", option_names[i].name);
        }
        return set_option(draft, option, value, value_start, err);
    }
    return unknown_option(draft, name, start, err);
}

/* Adds C of CLASS_NUMBER to the alphabet, once and where it is not excluded. */
static void add_character(struct draft *draft, uint8_t c, unsigned class_number)
{
    struct bulla_kind *kind = draft->kind;
    if (memchr(kind->alphabet, c, kind->alphabet_len) == NULL &&
        (draft->exclude.len == 0 || memchr(draft->exclude.data, c, draft->exclude.len) == NULL) &&
        kind->alphabet_len < sizeof kind->alphabet) {
        kind->alphabet[kind->alphabet_len] = (char)c;
        kind->class_of[kind->alphabet_len] = (uint8_t)class_number;
        kind->alphabet_len++;
    }
}

/* The number of C's class among the classes that are asked for, or CLASS_NONE. */
static unsigned class_number(const struct draft *draft, uint8_t c)
{
    char letter = ascii_is_lower(c) ? 'l' : ascii_is_upper(c) ? 'u' : ascii_is_digit(c) ? 'd' : 's';
    const uint8_t *found =
        draft->classes.len > 0 ? memchr(draft->classes.data, letter, draft->classes.len) : NULL;
    return found == NULL ? CLASS_NONE : (unsigned)(found - draft->classes.data);
}

/* Letters and digits come first, so that "the first character" is a prefix of the alphabet. */
static void build_alphabet(struct draft *draft)
{
    struct bulla_kind *kind = draft->kind;
    bool by_class = draft->classes.len > 0;
    for (unsigned pass = 0; pass < 2; pass++) {
        for (uint8_t c = '!'; c <= '~'; c++) {
            bool is_symbol = !ascii_is_alnum(c);
            bool known = strchr(draft->row->alphabet, c) != NULL;
            if (is_symbol && draft->symbols.len > 0) {
                known = memchr(draft->symbols.data, c, draft->symbols.len) != NULL;
            }
            if (is_symbol == (pass == 1) && known &&
                (!by_class || class_number(draft, c) != CLASS_NONE)) {
                add_character(draft, c, class_number(draft, c));
            }
        }
        if (pass == 0) {
            kind->first_len = kind->alphabet_len;
        }
    }
    if (!draft->row->starts_alnum) {
        kind->first_len = kind->alphabet_len;
    }
    kind->class_count = (uint8_t)draft->classes.len;
}

static bool check_policy(struct draft *draft, struct bulla_error *err)
{
    const struct bulla_kind *kind = draft->kind;
    unsigned found = 0;
    for (size_t i = 0; i < kind->alphabet_len; i++) {
        found |= 1U << kind->class_of[i];
    }
    if (draft->symbols.len > 0 && draft->classes.len > 0 &&
        memchr(draft->classes.data, 's', draft->classes.len) == NULL) {
        return fail(draft, 0, err, "symbols are given, but the classes have no 's'");
    }
    if (kind->alphabet_len < 2 || kind->first_len == 0) {
        return fail(draft, 0, err, "%s",
                    kind->alphabet_len < 2 ? "fewer than two characters are left to choose from"
                                           : "no letter or digit is left to begin with");
    }
    for (unsigned i = 0; i < kind->class_count; i++) {
        if ((found >> i & 1U) == 0) {
            return fail(draft, 0, err, "every character of class '%c' is excluded",
                        draft->classes.data[i]);
        }
    }
    if (kind->size < kind->class_count || text_acceptance(kind) < LEAST_ACCEPTANCE) {
        (void)fail(draft, 0, err, "%u characters are too few for these classes", kind->size);
        return bulla_error_hint(err, "ask for more characters or fewer classes");
    }
    return true;
}

bool bulla_kind_parse(struct bulla_bytes text, struct bulla_kind *ret_kind, struct bulla_error *err)
{
    struct draft draft = {.text = text, .kind = ret_kind};
    *ret_kind = (struct bulla_kind){.separator = '-'};
    if (text.len > MAX_TEXT_BYTES) {
        return fail(&draft, 0, err, "a kind has at most %d bytes", MAX_TEXT_BYTES);
    }
    for (size_t i = 0; i < text.len; i++) {
        if (!is_visible(text.data[i])) {
            return fail(&draft, i, err, "a kind has no blanks and only visible ASCII characters");
        }
    }
    if (!parse_name(&draft, err)) {
        return false;
    }
    if (accept(&draft, ':') && !parse_size(&draft, err)) {
        return false;
    }
    while (accept(&draft, ',')) {
        if (!parse_option(&draft, err)) {
            return false;
        }
    }
    if (draft.row->alphabet != NULL) {
        build_alphabet(&draft);
        return check_policy(&draft, err);
    }
    return true;
}
