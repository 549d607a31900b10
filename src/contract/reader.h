/*
 * The lines of bulla.ini: sections and entries with the place of every word, read through inih.
 * What inih would change without a word (a ` ;` inside a value, lines and names over its limits,
 * text behind a ']') is refused here with its place. Nothing is interpreted yet.
 */
#ifndef BULLA_CONTRACT_READER_H
#define BULLA_CONTRACT_READER_H

#include "base/pool.h"
#include "bulla/contract.h"

#define INI_MAX_LINE_BYTES 199 /* inih's INI_MAX_LINE without its NUL */
#define INI_MAX_KEY_BYTES 49   /* inih's MAX_NAME without its NUL */
#define INI_MAX_SECTION_KEYS 1024

enum ini_class { INI_PROJECT, INI_CHECK, INI_ENVIRONMENT, INI_APPLY, INI_VARIABLE };

/* Where the bytes of a joined value from OFFSET on stand in the file. */
struct bulla_setting_part {
    struct bulla_setting_part *next;
    size_t offset;
    struct bulla_pos pos;
};

struct ini_entry {
    struct ini_entry *next;
    const char *key;
    const char *environment; /* of `key@ENV`, or NULL */
    struct bulla_pos key_pos;
    struct bulla_pos environment_pos;
    struct bulla_setting value; /* text is never NULL, but may be "" */
    int id;                     /* which key of its section's table; for the interpreter */
};

struct ini_section {
    struct ini_section *next;
    enum ini_class class;
    const char *name; /* "bulla" and "check" for those */
    struct bulla_pos pos;
    struct ini_entry *entries; /* in the order of the file */
};

/*
 * Reads TEXT into sections in the order of the file; everything lives in POOL. An empty text gives
 * NULL in *ret_sections. BULLA_E_SYNTAX, BULLA_E_INVALID (a name, a duplicate) or BULLA_E_LIMIT
 * with line and column.
 */
BULLA_MUST_CHECK bool ini_read(struct bulla_bytes text, const char *file, struct pool *pool,
                               struct ini_section **ret_sections, struct bulla_error *err);

/* "[A-Za-z_][A-Za-z0-9_.-]{0,127}": docs/vault.5.md 3.1. */
bool ini_is_variable_name(struct bulla_bytes name);

/* "[a-z0-9][a-z0-9-]{0,31}": docs/vault.5.md 3.1. */
bool ini_is_environment_name(struct bulla_bytes name);

#endif
