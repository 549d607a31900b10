/* Any identity file: it parses, or says where not; a recipient of what it holds parses too. */
#include "fuzz.h"

#include <stdlib.h>

#include "bulla/age.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_identities identities =
        bulla_identities_parse(bulla_bytes(data, size), "key.txt", &err);
    if (identities == NULL) {
        if (err.code == BULLA_E_MISSING || err.code == BULLA_E_IDENTITY) {
            fuzz_check_error(&err);
        } else {
            fuzz_check_error_at(&err);
        }
    } else {
        FUZZ_ASSERT(bulla_identities_count(identities) > 0);
        for (size_t i = 0; i < bulla_identities_count(identities); i++) {
            /* Only an X25519 key has its secret for others; a plugin's does not know its recipient.
             */
            size_t len = bulla_identities_secret(identities, i).len;
            const char *recipient = bulla_identities_recipient(identities, i);
            FUZZ_ASSERT(len == 32 || len == 0);
            FUZZ_ASSERT((recipient[0] == '\0' && len == 0) ||
                        bulla_recipient_check(recipient, &err));
        }
        for (size_t i = 0; bulla_identities_root(identities, i) != NULL; i++) {
            fuzz_touch(bulla_bytes_of(bulla_identities_root(identities, i)));
        }
    }
    /* The same bytes as a recipient, up to their first NUL. */
    char *text = malloc(size + 1);
    FUZZ_ASSERT(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    bulla_error_clear(&err);
    if (!bulla_recipient_check(text, &err)) {
        fuzz_check_error(&err);
    }
    free(text);
    return 0;
}
