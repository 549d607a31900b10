/*
 * Runs the age test vectors of C2SP/CCTV (files, or folders of them) through the library and prints
 * "FAIL ID: why" lines and "N passed, M failed, K skipped".
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif

#include "age/age_internal.h"
#include "bulla/codec.h"
#include "bulla/file.h"
#include "codec/armor.h"
#include "crypto/kem.h"
#include "crypto/prim.h"

#define MAX_FILE_BYTES ((size_t)64 * 1024 * 1024)

enum outcome { PASSED, FAILED, SKIPPED };

struct vector {
    char expect[32];
    char payload[65];
    struct bulla_buf identities;
    struct bulla_buf passphrases; /* one a line */
    bool is_armored;
    bool is_compressed;
    const char *skip; /* why it cannot be run, or NULL */
    struct bulla_bytes body;
};

static bool is_key(struct bulla_bytes line, const char *key, struct bulla_bytes *ret_value)
{
    size_t len = strlen(key);
    *ret_value = bulla_bytes_slice(line, len + 2, line.len);
    return bulla_bytes_start(line, key) && line.len >= len + 2 && line.data[len] == ':' &&
           line.data[len + 1] == ' ';
}

static void read_key(struct vector *vector, struct bulla_bytes line)
{
    struct bulla_bytes value;
    if (is_key(line, "expect", &value)) {
        (void)snprintf(vector->expect, sizeof vector->expect, "%.*s", (int)value.len,
                       (const char *)value.data);
    } else if (is_key(line, "payload", &value)) {
        (void)snprintf(vector->payload, sizeof vector->payload, "%.*s", (int)value.len,
                       (const char *)value.data);
    } else if (is_key(line, "identity", &value)) {
        struct bulla_error err = BULLA_ERROR_INIT;
        if (bulla_bytes_start(value, "AGE-SECRET-KEY-PQ-") && !mlkem_require(&err)) {
            vector->skip = "needs ML-KEM, which this build has not";
        }
        bulla_buf_add_bytes(&vector->identities, value);
        bulla_buf_putc(&vector->identities, '\n');
    } else if (is_key(line, "armored", &value)) {
        vector->is_armored = true;
    } else if (is_key(line, "compressed", &value)) {
        vector->is_compressed = true;
    } else if (is_key(line, "passphrase", &value)) {
        bulla_buf_add_bytes(&vector->passphrases, value);
        bulla_buf_putc(&vector->passphrases, '\n');
    } else if (!is_key(line, "file key", &value) && !is_key(line, "comment", &value)) {
        vector->skip = "has a key that is unknown here";
    }
}

/* The text lines up to the first empty one; what follows is the age file. */
static void read_vector(struct bulla_bytes file, struct vector *vector)
{
    while (file.len > 0) {
        const uint8_t *end = memchr(file.data, '\n', file.len);
        size_t len = end == NULL ? file.len : (size_t)(end - file.data);
        struct bulla_bytes line = bulla_bytes_slice(file, 0, len);
        file = bulla_bytes_slice(file, len + 1, file.len);
        if (len == 0) {
            break;
        }
        read_key(vector, line);
    }
    vector->body = file;
}

static bool inflate_body(struct vector *vector, struct bulla_buf *out)
{
#ifdef HAVE_ZLIB
    uLongf len = MAX_FILE_BYTES / 2;
    uint8_t *room = bulla_buf_reserve(out, len);
    if (room == NULL ||
        uncompress(room, &len, vector->body.data, (uLong)vector->body.len) != Z_OK) {
        return false;
    }
    bulla_buf_commit(out, len);
    vector->body = bulla_buf_view(out);
#else
    (void)out;
    vector->skip = "is compressed, and zlib is not here";
#endif
    return true;
}

static const char *outcome_name(bool ok, enum age_step step, const struct bulla_error *err)
{
    if (ok) {
        return "success";
    }
    if (err->code == BULLA_E_IDENTITY) {
        return "no match";
    }
    if (err->code == BULLA_E_SYNTAX || (err->code == BULLA_E_LIMIT && step == AGE_AT_HEADER)) {
        return "header failure";
    }
    if (err->code == BULLA_E_VERIFY) {
        return step == AGE_AT_MAC ? "HMAC failure" : "payload failure";
    }
    return "another failure";
}

/* Every key and passphrase of the vector, in order. */
static bool add_identities(const struct vector *vector, struct bulla_identities *identities,
                           struct bulla_error *err)
{
    struct bulla_bytes keys = bulla_buf_view(&vector->identities);
    struct bulla_bytes rest = bulla_buf_view(&vector->passphrases);
    if (keys.len > 0 && !bulla_identities_add(identities, keys, "identity", err)) {
        return false;
    }
    while (rest.len > 0) {
        const uint8_t *end = memchr(rest.data, '\n', rest.len);
        struct bulla_bytes line = bulla_bytes(rest.data, (size_t)(end - rest.data));
        rest = bulla_bytes_slice(rest, line.len + 1, rest.len);
        if (!bulla_identities_add_passphrase(identities, line, err)) {
            return false;
        }
    }
    return true;
}

static const char *decrypt(struct vector *vector, struct bulla_buf *text, struct bulla_error *err)
{
    enum age_step step = AGE_AT_HEADER;
    bulla_auto_buf binary;
    bulla_buf_init(&binary, MAX_FILE_BYTES);
    /* Without any, a vector has to fail before one is asked for. */
    bulla_auto_identities identities = bulla_identities_new(NULL, err);
    if (identities == NULL || !add_identities(vector, identities, err)) {
        return "no identity";
    }
    if (vector->is_armored) {
        if (!armor_decode(vector->body, &binary, err)) {
            return "armor failure";
        }
        vector->body = bulla_buf_view(&binary);
    }
    bool ok = age_decrypt_steps(identities, vector->body, text, &step, err);
    return outcome_name(ok, step, err);
}

/* A file in memory with BYTES in it, read from its start. */
static int memory_file(struct bulla_bytes bytes, struct bulla_error *err)
{
    int fd = memfd_create("vector", MFD_CLOEXEC);
    if (fd < 0 || !bulla_fd_write(fd, "memory", bytes, err) || lseek(fd, 0, SEEK_SET) != 0) {
        perror("memfd_create");
        exit(EXIT_FAILURE);
    }
    return fd;
}

/*
 * The same vector from descriptor to descriptor: it ends as WANT did and, armor aside (where more
 * may be authentic before the text is found wrong), has released what TEXT holds.
 */
static bool check_stream(const struct vector *vector, struct bulla_bytes file,
                         struct bulla_bytes text, const struct bulla_error *want)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_error io = BULLA_ERROR_INIT;
    bulla_auto_buf got;
    bulla_buf_init(&got, MAX_FILE_BYTES);
    bulla_auto_identities identities = bulla_identities_new(NULL, &err);
    const struct bulla_age_place in = {memory_file(file, &io), "vector"};
    const struct bulla_age_place out = {memory_file(bulla_bytes(NULL, 0), &io), "text"};
    bool ok = identities != NULL && add_identities(vector, identities, &err) &&
              bulla_age_decrypt_fd(identities, &in, &out, &err);
    ok = lseek(out.fd, 0, SEEK_SET) == 0 && ok == (want->code == BULLA_OK) &&
         err.code == want->code && bulla_fd_read(out.fd, "text", MAX_FILE_BYTES, &got, &io) &&
         (strcmp(vector->expect, "armor failure") == 0 ||
          bulla_bytes_equal(bulla_buf_view(&got), text));
    (void)close(in.fd);
    (void)close(out.fd);
    return ok;
}

static enum outcome check_vector(const char *name, struct vector *vector)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf inflated;
    bulla_auto_buf text;
    bulla_auto_buf hex;
    bulla_buf_init(&inflated, MAX_FILE_BYTES);
    bulla_buf_init_secret(&text, MAX_FILE_BYTES);
    bulla_buf_init(&hex, 128);
    if (vector->skip == NULL && vector->is_compressed && !inflate_body(vector, &inflated)) {
        (void)printf("FAIL %s: does not inflate\n", name);
        return FAILED;
    }
    if (vector->skip != NULL) {
        (void)printf("SKIP %s: %s\n", name, vector->skip);
        return SKIPPED;
    }
    struct bulla_bytes file = vector->body;
    const char *got = decrypt(vector, &text, &err);
    if (strcmp(got, vector->expect) != 0) {
        (void)printf("FAIL %s: %s (%s), expected %s\n", name, got, err.message, vector->expect);
        return FAILED;
    }
    /* The descriptors' side finds out by itself whether there is armor; a broken begin is none. */
    if (vector->is_armored == armor_is_text(file) &&
        !check_stream(vector, file, bulla_buf_view(&text), &err)) {
        (void)printf("FAIL %s: otherwise from descriptor to descriptor\n", name);
        return FAILED;
    }
    uint8_t hash[32];
    prim_sha256(hash, bulla_buf_view(&text));
    bulla_hex_encode(bulla_bytes(hash, sizeof hash), &hex);
    if (vector->payload[0] != '\0' && !bulla_bytes_are(bulla_buf_view(&hex), vector->payload)) {
        (void)printf("FAIL %s: other text than expected\n", name);
        return FAILED;
    }
    return PASSED;
}

static enum outcome run_file(const char *path)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct vector vector = {.skip = NULL};
    bulla_auto_buf file;
    bulla_buf_init(&file, MAX_FILE_BYTES);
    bulla_buf_init_secret(&vector.identities, 4096);
    bulla_buf_init_secret(&vector.passphrases, 4096);
    enum outcome outcome = FAILED;
    if (!bulla_file_read(path, MAX_FILE_BYTES, &file, &err)) {
        (void)printf("FAIL %s: %s\n", path, err.message);
    } else {
        read_vector(bulla_buf_view(&file), &vector);
        outcome = check_vector(bulla_path_base(path), &vector);
    }
    bulla_buf_release(&vector.identities);
    bulla_buf_release(&vector.passphrases);
    return outcome;
}

static bool run_path(const char *path, unsigned counts[static 3])
{
    struct dirent **entries = NULL;
    struct stat st;
    if (stat(path, &st) != 0) {
        perror(path);
        return false;
    }
    if (!S_ISDIR(st.st_mode)) {
        counts[run_file(path)]++;
        return true;
    }
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char inner[4096];
        if (entries[i]->d_name[0] != '.') {
            (void)snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
            counts[run_file(inner)]++;
        }
        free(entries[i]);
    }
    free(entries);
    return count >= 0;
}

int main(int argc, char **argv)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    unsigned counts[3] = {0, 0, 0};
    bool ok = argc > 1 && bulla_init(&err);
    for (int i = 1; i < argc && ok; i++) {
        ok = run_path(argv[i], counts);
    }
    (void)printf("%u passed, %u failed", counts[PASSED], counts[FAILED]);
    if (counts[SKIPPED] > 0) {
        (void)printf(", %u skipped", counts[SKIPPED]);
    }
    (void)printf("\n");
    return ok && counts[FAILED] == 0 && counts[PASSED] > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
