/*
 * What a name or a value looks like: secret names, third parties' names, placeholders, shapes. All
 * from the counts over real projects; none of it keeps or quotes a value, so secret bytes may be
 * passed in.
 */
#ifndef BULLA_SHAPE_H
#define BULLA_SHAPE_H

#include "bulla/bytes.h"

/* What the words of a variable's name say about it. */
enum bulla_name_family {
    BULLA_NAME_PLAIN,    /* no secret-like word: configuration */
    BULLA_NAME_PASSWORD, /* …PASSWORD, …PASS, …PWD */
    BULLA_NAME_KEY,      /* …SECRET, …TOKEN, …KEY, …SALT and their relatives */
    BULLA_NAME_ENCRYPTION_KEY,
    BULLA_NAME_URL,    /* …URL, …URI, …DSN: may hold a password */
    BULLA_NAME_PUBLIC, /* a public key, a key's id, VITE_…_KEY: secret-like, but meant to be seen */
};

/* The family of NAME, by its words between underscores, the last ones first. */
BULLA_API enum bulla_name_family bulla_name_family(const char *name);

/* True for the families whose values have to be kept secret (URL not among them). */
BULLA_API bool bulla_name_is_secret(const char *name);

/* A service outside the stack that alone can give a value. */
struct bulla_third_party {
    const char *who;    /* "Binance" */
    const char *obtain; /* where, or NULL */
};

/* The third party that NAME's words point to, or NULL. Static. */
BULLA_API const struct bulla_third_party *bulla_name_third_party(const char *name);

/*
 * The last component of IMAGE's name as a compose file writes it, without tag and digest; of
 * `${V:-name}` the default's. Borrowed.
 */
BULLA_API struct bulla_bytes bulla_image_name(const char *image);

/* When a server takes the password that its container's environment has. */
enum bulla_password_use {
    BULLA_PASSWORD_UNKNOWN,       /* no image that we know, or no variable of its */
    BULLA_PASSWORD_AT_START,      /* whenever it starts: recreating it is enough */
    BULLA_PASSWORD_AT_FIRST_START /* for an empty data folder: later it has to be told */
};
struct bulla_server {
    const char *name;   /* "PostgreSQL" */
    const char *change; /* how it is told of a new password, or NULL */
    /*
     * The same for a shell in its container, whose environment still has the old password: a
     * command that reads from standard input what printf makes of FORMAT, with the new password for
     * each %s; or, where that is NULL, one in which STATEMENT is typed. NULL: none that keeps the
     * password out of its arguments.
     */
    const char *client;
    const char *format;
    bool is_sql; /* the password stands in a string of SQL in double quotes: " and \ need a \ */
    const char *statement;
};

/*
 * What the server of IMAGE, as a compose file writes it, does with the password in the variable KEY
 * of its container; *ret_server (static) is set where the image is known. Source: each image's
 * documentation.
 */
BULLA_API enum bulla_password_use bulla_image_password(const char *image, struct bulla_bytes key,
                                                       const struct bulla_server **ret_server);

/* The shape of VALUE's text alone. */
enum bulla_shape {
    BULLA_SHAPE_EMPTY,
    BULLA_SHAPE_BOOLEAN, /* true or false, any case */
    BULLA_SHAPE_INTEGER,
    BULLA_SHAPE_NUMBER,
    BULLA_SHAPE_UUID,
    BULLA_SHAPE_HEX,        /* an even number of digits, 16 at least, letters and digits mixed */
    BULLA_SHAPE_BASE64,     /* padded or with + or /, a plausible length */
    BULLA_SHAPE_BASE64_KEY, /* "base64:" and base64: Laravel's */
    BULLA_SHAPE_FERNET,     /* 44 characters of URL-safe base64 that decode to 32 bytes */
    BULLA_SHAPE_JWT,
    BULLA_SHAPE_PEM,
    BULLA_SHAPE_URL,
    BULLA_SHAPE_EMAIL,
    BULLA_SHAPE_TEXT
};
BULLA_API enum bulla_shape bulla_shape_of(struct bulla_bytes value);

/*
 * Why VALUE is a placeholder that nobody has replaced ("a changeme word", "a your-… text"), or NULL
 * where it looks real. An empty value is none. Static text; it never contains the value.
 */
BULLA_API const char *bulla_placeholder(struct bulla_bytes value);

/*
 * True with the password, empty where it has none, where NAME is a URL's and VALUE is one: all else
 * of it is no secret.
 */
BULLA_API bool bulla_url_password(const char *name, struct bulla_bytes value,
                                  struct bulla_bytes *ret_password);

/* True for the words among placeholders that everybody tries first: "admin", "postgres", "test". */
BULLA_API bool bulla_is_common_word(struct bulla_bytes value);

/* True for a word that switches something on or off: "true", "no", "0", "enabled". */
BULLA_API bool bulla_is_switch(struct bulla_bytes value);

/*
 * How many bits a guesser of VALUE would need: rows (123, abc, aaa), repeats and words count for
 * little, everything else by its alphabet. An estimate from above of what people make up; what a
 * generator made scores about its own entropy. Only the first BULLA_GUESS_BYTES are looked at.
 */
#define BULLA_GUESS_BYTES 256
BULLA_API unsigned bulla_guess_bits(struct bulla_bytes value);

/*
 * True for a text that somebody may have made up: not for a boolean, a path, a URL, prose, or the
 * notation of a key that was generated.
 */
BULLA_API bool bulla_shape_is_chosen(struct bulla_bytes value);

/*
 * What kind of secret VALUE gives away where it stands in a file for everybody to read ("a
 * password", "a GitHub token", "a password in a URL"), or NULL. NAME is that of its variable, label
 * or option, NULL where it has none: then only what a text says of itself counts. `$` forms stand
 * for something that is not here. Static text; it never contains the value.
 */
BULLA_API const char *bulla_secret_in_clear(const char *name, struct bulla_bytes value);

/*
 * What VALUE begins as and is too short to be: "a Stripe key" for sk_live_ and a few characters;
 * NULL for others. Only prefixes that their issuers document, with fewer characters behind them
 * than any of them has had. Static text; it never contains the value.
 */
BULLA_API const char *bulla_token_cut_short(struct bulla_bytes value);

/*
 * True where VALUE begins as only what others hand out does: a token with its issuer's prefix, of
 * whatever length, a signed token (JWT), a PEM block. A made-up text may begin so too.
 */
BULLA_API bool bulla_is_handed_out(struct bulla_bytes value);

/* The parts of "scheme://user:password@host:port/path"; views into the text, empty where absent. */
struct bulla_url {
    struct bulla_bytes scheme, user, password, host, port, rest;
    bool has_userinfo;
};

/* Splits a URL (RFC 3986, section 3, authority form only); false where TEXT is none. */
BULLA_API bool bulla_url_split(struct bulla_bytes text, struct bulla_url *ret_url);

#endif
