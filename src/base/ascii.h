/* Classes of ASCII characters, whatever the locale is. */
#ifndef BULLA_BASE_ASCII_H
#define BULLA_BASE_ASCII_H

#include <stdbool.h>
#include <stdint.h>

static inline bool ascii_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool ascii_is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool ascii_is_letter(uint8_t c)
{
    return ascii_is_lower(c) || ascii_is_upper(c);
}

static inline bool ascii_is_alnum(uint8_t c)
{
    return ascii_is_letter(c) || ascii_is_digit(c);
}

static inline bool ascii_is_hex(uint8_t c)
{
    return ascii_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

#endif
