/* Any text as a request to become a member: its words come back, or an error without a value. */
#include "fuzz.h"

#include "bulla/vault.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_member_request request;
    if (bulla_member_request_parse(bulla_bytes(data, size), &request, &err)) {
        char text[BULLA_FINGERPRINT_CHARS + 1];
        FUZZ_ASSERT(strlen(request.name) > 0 && strlen(request.sign) == BULLA_SIGN_KEY_CHARS);
        bulla_member_fingerprint(request.recipient, request.sign, text);
        fuzz_touch(bulla_bytes_of(text));
    } else {
        FUZZ_ASSERT(err.code == BULLA_E_INVALID);
        fuzz_check_error(&err);
    }
    return 0;
}
