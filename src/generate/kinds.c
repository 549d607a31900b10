#include "generate/generate_internal.h"

#include "base/banned.h"

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define MOST_BYTES 4096
#define MOST_CHARACTERS 4096

/* Where a value keeps machines apart, where it is a person's, and where there is no telling. */
#define FLOOR_MACHINE 128.0
#define FLOOR_PERSON 77.0

#define FAMILY_BYTES(how)                                                                          \
    .generate = bytes_generate, .check = bytes_check, .entropy = bytes_entropy,                    \
    .length = bytes_length, .encoding = (how)
#define FAMILY_TEXT(characters)                                                                    \
    .generate = text_generate, .check = text_check, .entropy = text_entropy,                       \
    .length = text_length, .alphabet = (characters)

/* A row for one key of SIZE bytes that the application takes as text of at least LEAST bytes. */
#define ROW_KEY(title, says, looks, size, how, least)                                              \
    {                                                                                              \
        .info = {.name = (title),                                                                  \
                 .summary = (says),                                                                \
                 .form = (looks),                                                                  \
                 .default_size = (size),                                                           \
                 .least_size = (size),                                                             \
                 .most_size = (size),                                                              \
                 .options = "",                                                                    \
                 .example = (title),                                                               \
                 .floor_bits = FLOOR_MACHINE},                                                     \
        .generate = bytes_generate, .check = key_check, .entropy = bytes_entropy,                  \
        .length = bytes_length, .encoding = (how), .least_text = (least), .may_be_longer = true    \
    }
/* A row for SIZE bytes in one exact form. */
#define ROW_EXACT(title, says, looks, size, how, start)                                            \
    {                                                                                              \
        .info = {.name = (title),                                                                  \
                 .summary = (says),                                                                \
                 .form = (looks),                                                                  \
                 .default_size = (size),                                                           \
                 .least_size = (size),                                                             \
                 .most_size = (size),                                                              \
                 .options = "",                                                                    \
                 .example = (title),                                                               \
                 .floor_bits = FLOOR_MACHINE},                                                     \
        FAMILY_BYTES(how), .prefix = (start)                                                       \
    }

static const struct kind_row rows[] = {
    {.info = {.name = "hex",
              .summary = "random bytes as hexadecimal digits",
              .form = "two digits 0-9a-f for each byte",
              .size_unit = "bytes",
              .default_size = 32,
              .least_size = 1,
              .most_size = MOST_BYTES,
              .options = "prefix",
              .example = "hex:32,prefix=key_",
              .floor_bits = FLOOR_MACHINE},
     FAMILY_BYTES(KIND_HEX),
     .options = KIND_PREFIX},
    {.info = {.name = "base64",
              .summary = "random bytes in base64",
              .form = "A-Za-z0-9+/ and padding, four characters for three bytes",
              .size_unit = "bytes",
              .default_size = 32,
              .least_size = 1,
              .most_size = MOST_BYTES,
              .options = "prefix",
              .example = "base64:48",
              .floor_bits = FLOOR_MACHINE},
     FAMILY_BYTES(KIND_BASE64),
     .options = KIND_PREFIX},
    {.info = {.name = "base64url",
              .summary = "random bytes in base64 that is safe in URLs",
              .form = "A-Za-z0-9-_ without padding, four characters for three bytes",
              .size_unit = "bytes",
              .default_size = 32,
              .least_size = 1,
              .most_size = MOST_BYTES,
              .options = "prefix",
              .example = "base64url:48",
              .floor_bits = FLOOR_MACHINE},
     FAMILY_BYTES(KIND_BASE64URL),
     .options = KIND_PREFIX},
    {.info = {.name = "alnum",
              .summary = "random letters and digits, safe everywhere",
              .form = "A-Za-z0-9",
              .size_unit = "characters",
              .default_size = 32,
              .least_size = 1,
              .most_size = MOST_CHARACTERS,
              .options = "prefix exclude",
              .example = "alnum:40,exclude=0O1lI",
              .floor_bits = FLOOR_MACHINE},
     FAMILY_TEXT(LOWER UPPER DIGITS),
     .options = KIND_PREFIX | KIND_EXCLUDE},
    {.info = {.name = "password",
              .summary = "a password that needs no escaping in URLs, files and shells",
              .form = "A-Za-z0-9-_.~ beginning with a letter or digit; classes=luds asks for each "
                      "of lower, upper, digit and symbol",
              .size_unit = "characters",
              .default_size = 32,
              .least_size = 4,
              .most_size = 1024,
              .options = "classes symbols exclude",
              .example = "password:24,classes=luds,symbols=!%*",
              .floor_bits = FLOOR_MACHINE},
     FAMILY_TEXT(LOWER UPPER DIGITS "-_.~"),
     .options = KIND_CLASSES | KIND_SYMBOLS | KIND_EXCLUDE,
     .starts_alnum = true,
     .may_be_longer = true},
    {.info = {.name = "passphrase",
              .summary = "words of the EFF's long list, for people who have to type it",
              .form = "words of 3 to 9 letters a-z with the separator between them",
              .size_unit = "words",
              .default_size = 7,
              .least_size = 3,
              .most_size = 64,
              .options = "sep",
              .example = "passphrase:7,sep=.",
              .floor_bits = FLOOR_PERSON},
     .generate = words_generate,
     .check = words_check,
     .entropy = words_entropy,
     .length = words_length,
     .options = KIND_SEPARATOR,
     .may_be_longer = true},
    {.info = {.name = "pin",
              .summary = "random digits; weak, only where tries are counted",
              .form = "0-9",
              .size_unit = "characters",
              .default_size = 6,
              .least_size = 4,
              .most_size = 64,
              .options = "",
              .example = "pin:8",
              .floor_bits = FLOOR_MACHINE},
     FAMILY_TEXT(DIGITS)},
    {.info = {.name = "uuid",
              .summary = "a random UUID, version 4",
              .form = "8-4-4-4-12 digits 0-9a-f",
              .default_size = 16,
              .least_size = 16,
              .most_size = 16,
              .options = "",
              .example = "uuid",
              .floor_bits = 122.0},
     .generate = uuid_generate,
     .check = uuid_check,
     .entropy = uuid_entropy,
     .length = uuid_length},
    ROW_EXACT("fernet", "a key for Python's cryptography.fernet (Airflow and others)",
              "44 characters of URL-safe base64 with padding", 32, KIND_BASE64URL_PADDED, NULL),
    ROW_KEY("jwt-hs256", "a key for JWT signatures with HS256 (RFC 7518)",
            "43 characters A-Za-z0-9-_, taken as text", 32, KIND_BASE64URL, 32),
    ROW_KEY("jwt-hs384", "a key for JWT signatures with HS384 (RFC 7518)",
            "64 characters A-Za-z0-9-_, taken as text", 48, KIND_BASE64URL, 48),
    ROW_KEY("jwt-hs512", "a key for JWT signatures with HS512 (RFC 7518)",
            "86 characters A-Za-z0-9-_, taken as text", 64, KIND_BASE64URL, 64),
    {.info = {.name = "django",
              .summary = "Django's SECRET_KEY",
              .form = "50 characters a-z0-9!@#$%^&*(-_=+)",
              .default_size = 50,
              .least_size = 50,
              .most_size = 50,
              .options = "",
              .example = "django",
              .floor_bits = FLOOR_MACHINE},
     .generate = text_generate,
     .check = django_check,
     .entropy = text_entropy,
     .length = text_length,
     .alphabet = LOWER DIGITS "!@#$%^&*(-_=+)",
     .least_text = 50,
     .may_be_longer = true},
    ROW_EXACT("laravel", "Laravel's APP_KEY for AES-256", "'base64:' and 44 characters of base64",
              32, KIND_BASE64, "base64:"),
    ROW_EXACT("rails", "Rails' secret_key_base", "128 digits 0-9a-f", 64, KIND_HEX, NULL),
    ROW_EXACT("rails-master", "Rails' master key (config/master.key)", "32 digits 0-9a-f", 16,
              KIND_HEX, NULL),
    ROW_KEY("phoenix", "Phoenix's SECRET_KEY_BASE", "64 characters of base64, taken as text", 48,
            KIND_BASE64, 64),
    {.info = {.name = "webhook",
              .summary = "a signing secret of Standard Webhooks",
              .form = "'whsec_' and the base64 of 24 to 64 bytes",
              .size_unit = "bytes",
              .default_size = 32,
              .least_size = 24,
              .most_size = 64,
              .options = "",
              .example = "webhook:24",
              .floor_bits = FLOOR_MACHINE},
     .generate = bytes_generate,
     .check = webhook_check,
     .entropy = bytes_entropy,
     .length = bytes_length,
     .encoding = KIND_BASE64,
     .prefix = "whsec_"},
    {.info = {.name = "age",
              .summary = "an age identity (X25519)",
              .form = "'AGE-SECRET-KEY-1' and 58 characters",
              .default_size = 32,
              .least_size = 32,
              .most_size = 32,
              .options = "",
              .example = "age",
              .floor_bits = FLOOR_MACHINE},
     .generate = age_generate,
     .check = age_check,
     .entropy = bytes_entropy,
     .length = age_length},
    {.info = {.name = "wireguard",
              .summary = "a WireGuard private key",
              .form = "44 characters of base64",
              .default_size = 32,
              .least_size = 32,
              .most_size = 32,
              .options = "",
              .example = "wireguard",
              .floor_bits = FLOOR_MACHINE},
     .generate = wireguard_generate,
     .check = bytes_check,
     .entropy = wireguard_entropy,
     .length = bytes_length,
     .encoding = KIND_BASE64},
};

size_t kind_row_count(void)
{
    return sizeof rows / sizeof *rows;
}

const struct kind_row *kind_row(size_t index)
{
    return &rows[index];
}

const struct kind_row *kind_row_of(const struct bulla_kind *kind)
{
    return &rows[kind->row];
}
