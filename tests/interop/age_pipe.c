/*
 * The library's age from standard input to standard output, for comparison with other programs:
 *     age_pipe encrypt RECIPIENT... | decrypt KEYFILE | new
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bulla/age.h"
#include "bulla/file.h"

#define MAX_BYTES ((size_t)64 * 1024 * 1024)

static bool run_decrypt(const char *key_file, struct bulla_bytes input, struct bulla_buf *out,
                        struct bulla_error *err)
{
    bulla_auto_buf key;
    bulla_buf_init_secret(&key, MAX_BYTES);
    if (!bulla_file_read(key_file, MAX_BYTES, &key, err)) {
        return false;
    }
    bulla_auto_identities identities = bulla_identities_parse(bulla_buf_view(&key), key_file, err);
    return identities != NULL && bulla_age_decrypt(identities, input, out, err);
}

static bool run_encrypt(const char *const *names, size_t count, struct bulla_bytes input,
                        struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_recipients recipients = bulla_recipients_new(NULL, err);
    for (size_t i = 0; i < count && recipients != NULL; i++) {
        if (!bulla_recipients_add(recipients, names[i], err)) {
            return false;
        }
    }
    return recipients != NULL && bulla_age_encrypt(recipients, input, out, err);
}

static bool run(int argc, char **argv, struct bulla_buf *out, struct bulla_error *err)
{
    const char *const *names = (const char *const *)argv + 2;
    bulla_auto_buf input;
    bulla_buf_init_secret(&input, MAX_BYTES);
    if (argc == 2 && strcmp(argv[1], "new") == 0) {
        return bulla_identity_new((int64_t)time(NULL), out, NULL, err);
    }
    if (!bulla_fd_read(STDIN_FILENO, "standard input", MAX_BYTES, &input, err)) {
        return false;
    }
    if (argc > 2 && strcmp(argv[1], "encrypt") == 0) {
        return run_encrypt(names, (size_t)argc - 2, bulla_buf_view(&input), out, err);
    }
    if (argc == 3 && strcmp(argv[1], "decrypt") == 0) {
        return run_decrypt(argv[2], bulla_buf_view(&input), out, err);
    }
    return bulla_error(err, BULLA_E_USAGE, "encrypt RECIPIENT..., decrypt KEYFILE or new");
}

int main(int argc, char **argv)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, MAX_BYTES);
    if (!bulla_init(&err) || !run(argc, argv, &out, &err) ||
        !bulla_fd_write(STDOUT_FILENO, "standard output", bulla_buf_view(&out), &err)) {
        (void)fprintf(stderr, "%s\n", err.message);
        return bulla_code_exit(err.code);
    }
    return EXIT_SUCCESS;
}
