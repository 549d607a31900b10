#include "base/ascii.h"
#include "bulla/shape.h"
#include "shape/words.h"

#include <string.h>

#include "base/banned.h"

/* Tenths of a bit, so that no floating point is needed. */
enum {
    BITS_DIGIT = 33,
    BITS_LETTER = 47,
    BITS_OTHER = 55,
    BITS_COMMON = 60, /* one of the words below */
    BITS_WORD = 129,  /* one of 7,776: a list for passphrases */
    BITS_ROW = 80,    /* 123, abc, aaa */
    BITS_REPEAT = 50  /* something that stood before */
};

#define LEAST_ROW 3
#define LEAST_REPEAT 4
#define LEAST_WORD 4
#define LONGEST_WORD 14

/* Words of passwords that people make up. Longer ones first where one begins with another. */
static const char *const common[] = {
    "administrator", "development", "production", "database", "password", "insecure", "postgres",
    "rabbitmq",      "clickhouse",  "changeme",   "default",  "grafana",  "company",  "example",
    "letmein",       "private",     "staging",    "trading",  "welcome",  "compose",  "mongodb",
    "service",       "access",      "admin",      "docker",   "elastic",  "master",   "passwd",
    "qwerty",        "random",      "sample",     "secret",   "secure",   "server",   "strong",
    "string",        "redis",       "minio",      "mongo",    "mysql",    "hello",    "local",
    "login",         "public",      "super",      "token",    "trade",    "world",    "guest",
    "crypt",         "demo",        "pass",       "prod",     "root",     "salt",     "safe",
    "temp",          "test",        "user",       "very",     "long",     "your",     "data",
    "asdf",          "hash",        "app",        "api",      "bot",      "dev",      "jwt",
    "key",           "pwd",         "web",        "the",      "my",       "db",
};

/* Length of the row at AT that goes up, down or stays (123, cba, aaa), or 0. */
static size_t row_at(struct bulla_bytes value, size_t at)
{
    size_t len = 1;
    for (int step = -1; step <= 1; step++) {
        size_t here = 1;
        while (at + here < value.len && value.data[at + here] == value.data[at + here - 1] + step) {
            here++;
        }
        len = here > len ? here : len;
    }
    return len >= LEAST_ROW ? len : 0;
}

static size_t common_at(struct bulla_bytes value, size_t at)
{
    struct bulla_bytes rest = bulla_bytes_slice(value, at, value.len);
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        if (shape_starts(rest, common[i])) {
            return strlen(common[i]);
        }
    }
    return 0;
}

/* Length of what stands at AT and stood before already, or 0. */
static size_t repeat_at(struct bulla_bytes value, size_t at)
{
    size_t best = 0;
    for (size_t from = 0; from + LEAST_REPEAT <= at; from++) {
        size_t len = 0;
        while (at + len < value.len && from + len < at &&
               value.data[from + len] == value.data[at + len]) {
            len++;
        }
        best = len > best ? len : best;
    }
    return best >= LEAST_REPEAT ? best : 0;
}

static bool is_vowel(uint8_t c)
{
    return memchr("aeiouyAEIOUY", c, 12) != NULL;
}

/* Length of the word at AT: letters of one case between other characters, with vowels; or 0. */
static size_t word_at(struct bulla_bytes value, size_t at)
{
    size_t len = 0;
    size_t vowels = 0;
    size_t uppers = 0;
    if (at > 0 && ascii_is_letter(value.data[at - 1])) {
        return 0;
    }
    for (; at + len < value.len && ascii_is_letter(value.data[at + len]); len++) {
        uint8_t c = value.data[at + len];
        vowels += is_vowel(c);
        uppers += c < 'a';
    }
    bool is_one_case = uppers == 0 || uppers == len || (uppers == 1 && value.data[at] < 'a');
    bool is_spoken = vowels * 5 >= len && vowels * 5 <= len * 3;
    return len >= LEAST_WORD && len <= LONGEST_WORD && is_one_case && is_spoken ? len : 0;
}

static unsigned bits_of(uint8_t c)
{
    return ascii_is_digit(c) ? BITS_DIGIT : ascii_is_letter(c) ? BITS_LETTER : BITS_OTHER;
}

unsigned bulla_guess_bits(struct bulla_bytes value)
{
    unsigned tenths = 0;
    /* What is longer is strong enough or made of repeats; the search for those is quadratic. */
    value.len = value.len < BULLA_GUESS_BYTES ? value.len : BULLA_GUESS_BYTES;
    for (size_t at = 0; at < value.len;) {
        size_t row = row_at(value, at);
        size_t repeat = row == 0 ? repeat_at(value, at) : 0;
        size_t known = row + repeat == 0 ? common_at(value, at) : 0;
        size_t word = row + repeat + known == 0 ? word_at(value, at) : 0;
        size_t len = row + repeat + known + word;
        tenths += row > 0      ? BITS_ROW
                  : repeat > 0 ? BITS_REPEAT
                  : known > 0  ? BITS_COMMON
                  : word > 0   ? BITS_WORD
                               : bits_of(value.data[at]);
        at += len > 0 ? len : 1;
    }
    return tenths / 10;
}

bool bulla_shape_is_chosen(struct bulla_bytes value)
{
    switch (bulla_shape_of(value)) {
    case BULLA_SHAPE_TEXT:
    case BULLA_SHAPE_HEX:
    case BULLA_SHAPE_NUMBER:
    case BULLA_SHAPE_INTEGER:
        break;
    case BULLA_SHAPE_EMPTY:
    case BULLA_SHAPE_BOOLEAN:
    case BULLA_SHAPE_UUID:
    case BULLA_SHAPE_BASE64:
    case BULLA_SHAPE_BASE64_KEY:
    case BULLA_SHAPE_FERNET:
    case BULLA_SHAPE_JWT:
    case BULLA_SHAPE_PEM:
    case BULLA_SHAPE_URL:
    case BULLA_SHAPE_EMAIL:
        return false;
    }
    bool is_path = value.data[0] == '/' || shape_starts(value, "./");
    return !is_path && memchr(value.data, ' ', value.len) == NULL;
}
