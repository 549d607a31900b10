/* Any bytes as an ssh private key, as its container, and as a line of authorized_keys. */
#include "fuzz.h"

#include <stdlib.h>

#include "age/recipient.h"
#include "age/ssh.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_identities identities = bulla_identities_parse(bulla_bytes(data, size), "key", &err);
    if (identities == NULL) {
        fuzz_check_error(&err);
    }
    bulla_auto_arena arena = bulla_arena_new(1024, &err);
    struct ssh_private key = {.is_open = false};
    bulla_error_clear(&err);
    /* Without a passphrase: deriving a key from one takes too long here. */
    if (!ssh_parse_container(bulla_bytes(data, size), &key, arena, NULL, &err)) {
        fuzz_check_error(&err);
    } else if (key.is_open) {
        fuzz_touch(key.seed);
        fuzz_touch(key.rsa.n);
        fuzz_touch(key.rsa.q);
    }
    char *text = malloc(size + 1);
    FUZZ_ASSERT(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    struct recipient recipient;
    bool skipped = false;
    bulla_error_clear(&err);
    if (!recipient_parse_line(text, &recipient, &skipped, &err)) {
        fuzz_check_error(&err);
    } else {
        fuzz_touch(bulla_bytes_of(recipient.text));
    }
    recipient_release(&recipient);
    free(text);
    return 0;
}
