#include "infer/hint.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

#define MOST_NUMBER 4096
#define LEAST_TEXT_CHARS 8
#define DEFAULT_TEXT_CHARS 32
#define MOST_KEPT_CHARS 256

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool word_at(struct bulla_bytes text, size_t at, const char *word)
{
    size_t len = strlen(word);
    if (at > text.len || len > text.len - at) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (lower(text.data[at + i]) != (uint8_t)word[i]) {
            return false;
        }
    }
    return true;
}

/* The offset behind WORD (lower case) in TEXT, searched from START; 0 where it is not there. */
static size_t behind_word(struct bulla_bytes text, size_t start, const char *word)
{
    for (size_t at = start; at < text.len; at++) {
        if (word_at(text, at, word)) {
            return at + strlen(word);
        }
    }
    return 0;
}

/* The number that starts within GAP bytes behind AT, separators between; 0 where there is none. */
static unsigned number_near(struct bulla_bytes text, size_t at, size_t gap)
{
    for (size_t i = at; i < text.len && i <= at + gap; i++) {
        if (!is_digit(text.data[i])) {
            if (text.data[i] == '\n' || text.data[i] == ';' || text.data[i] == '|') {
                return 0;
            }
            continue;
        }
        unsigned number = 0;
        while (i < text.len && is_digit(text.data[i]) && number <= MOST_NUMBER) {
            number = number * 10 + (unsigned)(text.data[i++] - '0');
        }
        return number <= MOST_NUMBER ? number : 0;
    }
    return 0;
}

static bool write_kind(char *kind, const char *name, unsigned size)
{
    (void)snprintf(kind, INFER_KIND_MAX, "%s:%u", name, size);
    return true;
}

static bool write_word(char *kind, const char *name)
{
    (void)snprintf(kind, INFER_KIND_MAX, "%s", name);
    return true;
}

/* Commands whose size is the number right behind them. */
static const struct {
    const char *command;
    const char *kind;
    unsigned preset; /* what the command does without a number; 0: it needs one */
} sized_commands[] = {
    {"rand -hex", "hex", 32},       {"rand_hex", "hex", 32},
    {"rand -base64", "base64", 32}, {"rand_base64", "base64", 32},
    {"rand -out", "", 0},           {"token_urlsafe", "base64url", 32},
    {"token_hex", "hex", 32},       {"securerandom.hex", "hex", 16},
    {"gen_random_hex", "hex", 16},  {"pwgen -s", "alnum", 0},
    {"pwgen -bsv1", "alnum", 0},    {"pwgen", "alnum", 0},
    {"random-hex", "hex", 32},
};

static bool read_random_bytes(struct bulla_bytes text, char *kind)
{
    size_t at = behind_word(text, 0, "randombytes(");
    if (at == 0) {
        return false;
    }
    unsigned size = number_near(text, at, 2);
    if (size == 0) {
        return false;
    }
    if (behind_word(text, at, "base64url") != 0) {
        return write_kind(kind, "base64url", size);
    }
    return write_kind(kind, behind_word(text, at, "base64") != 0 ? "base64" : "hex", size);
}

bool infer_read_command(struct bulla_bytes text, char ret_kind[static INFER_KIND_MAX])
{
    for (size_t i = 0; i < sizeof sized_commands / sizeof *sized_commands; i++) {
        size_t at = behind_word(text, 0, sized_commands[i].command);
        if (at == 0 || sized_commands[i].kind[0] == '\0') {
            continue;
        }
        unsigned size = number_near(text, at, 3);
        size = size != 0 ? size : sized_commands[i].preset;
        if (size != 0) {
            return write_kind(ret_kind, sized_commands[i].kind, size);
        }
    }
    if (read_random_bytes(text, ret_kind)) {
        return true;
    }
    if (behind_word(text, 0, "fernet.generate_key") != 0) {
        return write_word(ret_kind, "fernet");
    }
    if (behind_word(text, 0, "uuidgen") != 0 || behind_word(text, 0, "uuid.uuid4") != 0) {
        return write_word(ret_kind, "uuid");
    }
    if (behind_word(text, 0, "artisan key:generate") != 0) {
        return write_word(ret_kind, "laravel");
    }
    return false;
}

bool infer_names_key_pair(struct bulla_bytes text)
{
    static const char *const commands[] = {"openssl genrsa", "openssl genpkey", "openssl ecparam",
                                           "ssh-keygen",     "openssl req",     "htpasswd"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (behind_word(text, 0, commands[i]) != 0) {
            return true;
        }
    }
    return false;
}

/* A number with a unit behind it: "32 characters", "32-char", "32+ bytes". */
struct amount {
    unsigned number;
    enum { UNIT_CHARS, UNIT_BYTES, UNIT_BITS } unit;
};

static bool read_unit(struct bulla_bytes text, size_t at, struct amount *amount)
{
    while (at < text.len && (text.data[at] == ' ' || text.data[at] == '-' || text.data[at] == '+' ||
                             text.data[at] == '_')) {
        at++;
    }
    static const char *const adjectives[] = {"random ", "hexadecimal ", "hex ",     "alphanumeric ",
                                             "string ", "ascii ",       "url-safe "};
    for (size_t i = 0; i < sizeof adjectives / sizeof *adjectives; i++) {
        if (word_at(text, at, adjectives[i])) {
            at += strlen(adjectives[i]);
            i = (size_t)-1; /* from the first adjective again */
        }
    }
    if (word_at(text, at, "char")) {
        amount->unit = UNIT_CHARS;
    } else if (word_at(text, at, "byte")) {
        amount->unit = UNIT_BYTES;
    } else if (word_at(text, at, "bit")) {
        amount->unit = UNIT_BITS;
    } else {
        return false;
    }
    return true;
}

static bool find_amount(struct bulla_bytes text, struct amount *ret_amount)
{
    for (size_t at = 0; at < text.len;) {
        if (!is_digit(text.data[at])) {
            at++;
            continue;
        }
        struct amount amount = {0, UNIT_CHARS};
        while (at < text.len && is_digit(text.data[at])) {
            amount.number = amount.number <= MOST_NUMBER
                                ? amount.number * 10 + (unsigned)(text.data[at] - '0')
                                : amount.number;
            at++;
        }
        if (read_unit(text, at, &amount) && amount.number <= MOST_NUMBER) {
            *ret_amount = amount;
            return true;
        }
    }
    return false;
}

/* True where one of WORDS stands in TEXT, not within another word: "min", and not "admin". */
static bool has_phrase(struct bulla_bytes text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t len = strlen(words[i]);
        for (size_t end = behind_word(text, 0, words[i]); end != 0;
             end = behind_word(text, end, words[i])) {
            uint8_t before = end > len ? lower(text.data[end - len - 1]) : ' ';
            if (before < 'a' || before > 'z') {
                return true;
            }
        }
    }
    return false;
}

static bool says_at_least(struct bulla_bytes text)
{
    static const char *const words[] = {"at least", "min",      "or more", "or longer",
                                        "+ char",   "+ random", ">=",      NULL};
    return has_phrase(text, words);
}

static bool says_at_most(struct bulla_bytes text)
{
    static const char *const words[] = {
        "at most", "max", "cannot exceed", "not exceed", "no longer than", "no more than", "up to",
        "<=",      NULL};
    return has_phrase(text, words);
}

bool infer_read_constraint(struct bulla_bytes text, char ret_kind[static INFER_KIND_MAX])
{
    struct amount amount;
    if (!find_amount(text, &amount)) {
        return behind_word(text, 0, "uuid") != 0 && write_word(ret_kind, "uuid");
    }
    unsigned number = amount.number;
    if (behind_word(text, 0, "hex") != 0) {
        unsigned bytes = amount.unit == UNIT_BYTES  ? number
                         : amount.unit == UNIT_BITS ? number / 8
                                                    : number / 2;
        return bytes >= 8 && write_kind(ret_kind, "hex", bytes);
    }
    if (behind_word(text, 0, "base64") != 0 && amount.unit != UNIT_CHARS) {
        unsigned bytes = amount.unit == UNIT_BITS ? number / 8 : number;
        return bytes >= 16 && write_kind(ret_kind, "base64", bytes);
    }
    if (amount.unit == UNIT_BITS || number < LEAST_TEXT_CHARS || number > MOST_KEPT_CHARS) {
        return false;
    }
    bool is_most = says_at_most(text);
    bool is_least = !is_most && says_at_least(text);
    if (is_most ? number > DEFAULT_TEXT_CHARS : is_least && number < DEFAULT_TEXT_CHARS) {
        number = DEFAULT_TEXT_CHARS;
    }
    return write_kind(ret_kind, "alnum", number);
}
