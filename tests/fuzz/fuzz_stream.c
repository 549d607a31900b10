/*
 * Any bytes as an age file that is read from a descriptor: it ends as the same bytes in memory do,
 * and what was written is what is authentic.
 */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "bulla/age.h"
#include "bulla/file.h"
#include "codec/armor.h"

#define MAX_BYTES ((size_t)4 * 1024 * 1024)

/* A key that exists for tests alone. */
static const char key[] =
    "AGE-SECRET-KEY-1X47QTD8CDYFLEV0D4H0MNUPAPRTQLTL0NPQRR8GMQASW7T8AVEWQCTPWHJ\n";

static int memory_file(struct bulla_bytes bytes, struct bulla_error *err)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    FUZZ_ASSERT(fd >= 0 && bulla_fd_write(fd, "fuzz", bytes, err) && lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_error whole = BULLA_ERROR_INIT;
    bulla_auto_identities identities = bulla_identities_parse(bulla_bytes_of(key), "key.txt", &err);
    FUZZ_ASSERT(identities != NULL);
    bulla_auto_buf got;
    bulla_auto_buf want;
    bulla_buf_init(&got, MAX_BYTES);
    bulla_buf_init_secret(&want, MAX_BYTES);
    const struct bulla_age_place in = {memory_file(bulla_bytes(data, size), &err), "in"};
    const struct bulla_age_place out = {memory_file(bulla_bytes(NULL, 0), &err), "out"};
    bool ok = bulla_age_decrypt_fd(identities, &in, &out, &err);
    bool is_whole = bulla_age_decrypt(identities, bulla_bytes(data, size), &want, &whole);
    /* Of armor that is wrong further on, the first chunk that is wrong may be noticed before. */
    FUZZ_ASSERT(ok == is_whole &&
                (err.code == whole.code || armor_is_text(bulla_bytes(data, size))));
    if (!ok) {
        fuzz_check_error(&err);
    }
    FUZZ_ASSERT(lseek(out.fd, 0, SEEK_SET) == 0 &&
                bulla_fd_read(out.fd, "out", MAX_BYTES, &got, &err));
    FUZZ_ASSERT(!ok || bulla_bytes_equal(bulla_buf_view(&got), bulla_buf_view(&want)));
    (void)close(in.fd);
    (void)close(out.fd);
    return 0;
}
