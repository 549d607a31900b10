#include <string.h>

#include "bulla/shape.h"
#include "shape/words.h"

#include "base/banned.h"

/* Texts that stand in samples only, wherever they occur in a value. */
static const struct {
    const char *text;
    const char *why;
} anywhere[] = {
    {"changeme", "a changeme word"},
    {"change-me", "a changeme word"},
    {"change_me", "a changeme word"},
    {"changeit", "a changeme word"},
    {"changethis", "a changeme word"},
    {"change-this", "a changeme word"},
    {"change_this", "a changeme word"},
    {"change-in-prod", "a changeme word"},
    {"change_in_prod", "a changeme word"},
    {"please-change", "a changeme word"},
    {"replace_me", "a replace-me text"},
    {"replace-me", "a replace-me text"},
    {"replaceme", "a replace-me text"},
    {"replace-with", "a replace-me text"},
    {"replace_with", "a replace-me text"},
    {"placeholder", "the word placeholder"},
    {"your-", "a your-… text"},
    {"your_", "a your-… text"},
    {"yourpassword", "a your-… text"},
    {"yoursecret", "a your-… text"},
    {"generate-a-", "an instruction instead of a value"},
    {"generate_a_", "an instruction instead of a value"},
    {"generate with", "an instruction instead of a value"},
    {"generatewith", "an instruction instead of a value"},
    {"openssl rand", "an instruction instead of a value"},
    {"openssl_rand", "an instruction instead of a value"},
    {"insert_", "an instruction instead of a value"},
    {"insert-", "an instruction instead of a value"},
    {"set-me", "an instruction instead of a value"},
    {"set_me", "an instruction instead of a value"},
    {"!!!set", "an instruction instead of a value"},
    {"fill-me", "an instruction instead of a value"},
    {"super-secret", "a made-up secret"},
    {"super_secret", "a made-up secret"},
    {"supersecret", "a made-up secret"},
    {"django-insecure", "a key that says it is insecure"},
    {"xxxx", "a row of x"},
    {"****", "a row of *"},
    {"-here", "a your-… text"},
    {"_here", "a your-… text"},
};

/* Whole values that everybody tries first. */
static const char *const dictionary[] = {
    "123",
    "1234",
    "12345",
    "123456",
    "12345678",
    "123456789",
    "1234567890",
    "abc123",
    "admin",
    "admin123",
    "default",
    "dev",
    "example",
    "guest",
    "letmein",
    "minioadmin",
    "miniosecret",
    "none",
    "null",
    "pass",
    "passw0rd",
    "password",
    "password1",
    "password123",
    "postgres",
    "qwerty",
    "redis",
    "root",
    "secret",
    "secret123",
    "test",
    "test123",
    "todo",
    "tbd",
    "token",
    "user",
    "mysecret",
    "mypassword",
    "mysecretpassword",
    "example-secret",
    "dev-secret",
    "abcdef",
    "foobar",
    "rabbitmq",
    "mongo",
    "grafana",
    "s3cr3t",
    "p@ssw0rd",
};

static bool is_one_byte_repeated(struct bulla_bytes value)
{
    for (size_t i = 1; i < value.len; i++) {
        if (value.data[i] != value.data[0]) {
            return false;
        }
    }
    return value.len >= 3;
}

bool bulla_is_common_word(struct bulla_bytes value)
{
    for (size_t i = 0; i < sizeof dictionary / sizeof *dictionary; i++) {
        if (shape_is(value, dictionary[i])) {
            return true;
        }
    }
    return false;
}

/* "<your token>", "[TOKEN]"; but no <shop@acme.io>, and no list: ["*"], [1, 2]. */
static bool is_in_brackets(struct bulla_bytes value)
{
    bool is_angle = shape_starts(value, "<") && shape_ends(value, ">");
    bool is_square = value.len > 2 && shape_starts(value, "[") && shape_ends(value, "]");
    if (value.len > 4 && shape_starts(value, "{{") && shape_ends(value, "}}")) {
        return true;
    }
    bool has_letter = is_angle;
    for (size_t i = 1; i + 1 < value.len && (is_angle || is_square); i++) {
        uint8_t c = value.data[i];
        if (strchr(is_angle ? "@+=\"" : "@+=\",'*", c) != NULL) {
            return false;
        }
        has_letter = has_letter || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    return (is_angle || is_square) && has_letter;
}

const char *bulla_placeholder(struct bulla_bytes value)
{
    if (value.len == 0) {
        return NULL;
    }
    if (is_in_brackets(value)) {
        return "a text in brackets";
    }
    if (value.len > 2 && shape_ends(value, "...")) {
        return "a text that ends in dots";
    }
    if (is_one_byte_repeated(value)) {
        return "one character repeated";
    }
    if (bulla_is_common_word(value)) {
        return "a word that everybody tries first";
    }
    for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++) {
        if (shape_contains(value, anywhere[i].text)) {
            return anywhere[i].why;
        }
    }
    return NULL;
}
