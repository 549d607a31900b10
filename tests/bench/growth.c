/*
 * What the benchmark of large vaults (growth.sh) needs:
 *
 *   growth make VAULT IDENTITY SECRETS VERSIONS   a vault of one author, made in one step
 *   growth hash FILE                              microseconds of one BLAKE2b pass over its bytes
 *   growth signatures COUNT                       microseconds of COUNT signatures' verification
 *
 * Setting 100,000 values one by one would judge the vault as often, so it uses private headers.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bulla/file.h"
#include "crypto/prim.h"
#include "vault/write.h"

#define NOW INT64_C(1772360551)
#define MAX_COUNT 1000000
#define VALUE_BYTES 32
#define TEXT_LIMIT ((size_t)2 * BULLA_MAX_VAULT_BYTES)

static int fail(const struct bulla_error *err)
{
    char text[1200];
    bulla_error_format(err, text, sizeof text);
    (void)fputs(text, stderr);
    return EXIT_FAILURE;
}

static int64_t now_us(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static unsigned number(const char *text)
{
    long value = strtol(text, NULL, 10);
    return value > 0 && value <= MAX_COUNT ? (unsigned)value : 1;
}

static bool add_versions(struct bulla_vault *vault, unsigned secrets, unsigned versions,
                         struct bulla_error *err)
{
    if (!write_begin(vault, ROLE_WRITER, "set values", err)) {
        return false;
    }
    for (unsigned version = 1; version <= versions; version++) {
        for (unsigned i = 0; i < secrets; i++) {
            char name[32];
            char value[VALUE_BYTES + 1];
            (void)snprintf(name, sizeof name, "SECRET_%u", i);
            (void)snprintf(value, sizeof value, "%032x", version * secrets + i);
            const struct draft draft = {.kind = RECORD_SET,
                                        .subject = name,
                                        .version = version,
                                        .epoch = vault->records[vault->epoch].subject,
                                        .meta = bulla_bytes_of("kind:hex%3A16"),
                                        .now = NOW + version,
                                        .value = bulla_bytes_of(value)};
            if (!write_record(vault, &draft, err)) {
                return false;
            }
        }
    }
    return write_end(vault, err);
}

static int make(const char *path, const char *identity, unsigned secrets, unsigned versions)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    if (!bulla_init(&err) ||
        !bulla_file_read_private(identity, 4096, BULLA_PRIVATE_REPORTED, &text, NULL, &err)) {
        return fail(&err);
    }
    bulla_auto_identities identities =
        bulla_identities_parse(bulla_buf_view(&text), identity, &err);
    const struct bulla_vault_place place = {
        .path = path, .environment = "dev", .identities = identities};
    bulla_auto_vault vault =
        identities == NULL ? NULL : bulla_vault_create(&place, "alice", NOW, &err);
    if (vault == NULL || !add_versions(vault, secrets, versions, &err) ||
        !bulla_vault_commit(vault, &err)) {
        return fail(&err);
    }
    return EXIT_SUCCESS;
}

static int time_hash(const char *path)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf text;
    bulla_buf_init(&text, TEXT_LIMIT);
    if (!bulla_init(&err) || !bulla_file_read(path, BULLA_MAX_VAULT_BYTES, &text, &err)) {
        return fail(&err);
    }
    uint8_t hash[32];
    const struct bulla_bytes parts[] = {bulla_buf_view(&text)};
    int64_t start = now_us();
    prim_hash(hash, parts, 1);
    (void)printf("%" PRId64 "\n", now_us() - start);
    return EXIT_SUCCESS;
}

static int time_signatures(unsigned count)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    uint8_t public_key[32];
    uint8_t secret[PRIM_SIGN_SECRET_BYTES];
    uint8_t signature[PRIM_SIGNATURE_BYTES];
    static const uint8_t seed[32] = {1};
    const struct bulla_bytes message =
        bulla_bytes_of("bulla1/sig\n0123456789012345678901234567890123456789012");
    if (!bulla_init(&err)) {
        return fail(&err);
    }
    prim_sign_keys(public_key, secret, seed);
    prim_sign(signature, message, secret);
    int64_t start = now_us();
    for (unsigned i = 0; i < count; i++) {
        if (!prim_verify(signature, message, public_key)) {
            return EXIT_FAILURE;
        }
    }
    (void)printf("%" PRId64 "\n", now_us() - start);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "make") == 0) {
        return make(argv[2], argv[3], number(argv[4]), number(argv[5]));
    }
    if (argc == 3 && strcmp(argv[1], "hash") == 0) {
        return time_hash(argv[2]);
    }
    if (argc == 3 && strcmp(argv[1], "signatures") == 0) {
        return time_signatures(number(argv[2]));
    }
    (void)fputs(
        "usage: growth make VAULT IDENTITY SECRETS VERSIONS | hash FILE | signatures COUNT\n",
        stderr);
    return 2;
}
