/* Any bytes as an age file for one fixed identity: text comes out, or an error and nothing. */
#include "fuzz.h"

#include "bulla/age.h"

/* A key that exists for tests alone. */
static const char key[] =
    "AGE-SECRET-KEY-1X47QTD8CDYFLEV0D4H0MNUPAPRTQLTL0NPQRR8GMQASW7T8AVEWQCTPWHJ\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_identities identities = bulla_identities_parse(bulla_bytes_of(key), "key.txt", &err);
    FUZZ_ASSERT(identities != NULL);
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, (size_t)1024 * 1024);
    bulla_buf_puts(&out, "before");
    if (bulla_age_decrypt(identities, bulla_bytes(data, size), &out, &err)) {
        fuzz_touch(bulla_buf_view(&out));
    } else {
        fuzz_check_error(&err);
        FUZZ_ASSERT(bulla_bytes_are(bulla_buf_view(&out), "before"));
    }
    return 0;
}
