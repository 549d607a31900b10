/*
 * Mending: the input up to a NUL is the damaged file, what is behind it another state. Nothing of
 * the file is dropped but git's marks and repeated headers, a state that does not verify asks for
 * nothing, and the file itself has nothing that it lacks.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "vault/vault_internal.h"

#include "bulla/file.h"
#include "bulla/vault.h"

static char folder[] = "/tmp/bulla-fuzz-mend-XXXXXX";
static char path[sizeof folder + 16];

static void remove_folder(void)
{
    (void)unlink(path);
    (void)rmdir(folder);
}

/* The file that mending opens; not replaced as files of users are, which would sync it each time.
 */
static void write_file(struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    if (path[0] == '\0') {
        FUZZ_ASSERT(mkdtemp(folder) != NULL);
        (void)snprintf(path, sizeof path, "%s/prod.vault", folder);
        FUZZ_ASSERT(atexit(remove_folder) == 0);
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_ASSERT(fd >= 0 && bulla_fd_write(fd, path, text, &err));
    (void)close(fd);
}

static struct bulla_vault *mend(struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_vault_place place = {
        .path = path, .environment = "prod", .trust_new_root = true};
    write_file(text);
    struct bulla_vault *vault = bulla_vault_mend_open(&place, BULLA_VAULT_VERIFY, &err);
    if (vault == NULL) {
        fuzz_check_error_at(&err);
    }
    return vault;
}

/* Each line of PART is in WHOLE, in its order. */
static void check_lines(struct bulla_bytes whole, struct bulla_bytes part)
{
    while (part.len > 0) {
        const uint8_t *end = memchr(part.data, '\n', part.len);
        size_t len = end == NULL ? part.len : (size_t)(end - part.data);
        bool is_found = false;
        while (whole.len > 0 && !is_found) {
            const uint8_t *whole_end = memchr(whole.data, '\n', whole.len);
            size_t whole_len = whole_end == NULL ? whole.len : (size_t)(whole_end - whole.data);
            is_found =
                bulla_bytes_equal(bulla_bytes(whole.data, whole_len), bulla_bytes(part.data, len));
            whole =
                bulla_bytes_slice(whole, whole_end == NULL ? whole_len : whole_len + 1, SIZE_MAX);
        }
        FUZZ_ASSERT(is_found);
        part = bulla_bytes_slice(part, end == NULL ? len : len + 1, SIZE_MAX);
    }
}

static void finish(struct bulla_vault *vault, struct bulla_bytes original)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_mend_report report = {0};
    const struct bulla_vault_place place = {
        .path = path, .environment = "prod", .trust_new_root = true};
    if (!bulla_vault_mend_finish(vault, &place, &report, &err)) {
        fuzz_check_error(&err);
        return;
    }
    FUZZ_ASSERT(report.added > 0 || (report.markers + report.headers == 0) ==
                                        bulla_bytes_equal(original, bulla_buf_view(&vault->text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const uint8_t *nul = size > 0 ? memchr(data, '\0', size) : NULL;
    size_t len = nul != NULL ? (size_t)(nul - data) : size;
    struct bulla_bytes text = bulla_bytes(data, len);
    struct bulla_bytes other = bulla_bytes_slice(bulla_bytes(data, size), len + 1, SIZE_MAX);
    bulla_auto_vault vault = mend(text);
    if (vault == NULL) {
        return 0;
    }
    check_lines(text, bulla_buf_view(&vault->text));
    size_t missing = 99;
    bool lacks = false;
    bool lacked = false;
    FUZZ_ASSERT(bulla_vault_mend_add(vault, text, 1, true, &missing, &err) && missing == 0);
    FUZZ_ASSERT(bulla_vault_mend_lacks(vault, &lacked, &err));
    FUZZ_ASSERT(bulla_vault_mend_add(vault, other, 2, true, &missing, &err));
    FUZZ_ASSERT(bulla_vault_mend_lacks(vault, &lacks, &err));
    FUZZ_ASSERT(missing > 0 || lacked || !lacks);
    /* What was taken out is not there a second time. */
    bulla_auto_vault again = mend(bulla_buf_view(&vault->text));
    FUZZ_ASSERT(again != NULL);
    FUZZ_ASSERT(bulla_bytes_equal(bulla_buf_view(&again->text), bulla_buf_view(&vault->text)));
    finish(vault, text);
    return 0;
}
