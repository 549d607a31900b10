/* A program of somebody else's, built with what pkg-config says and nothing more. */
#include <bulla/bulla.h>
#include <stdio.h>

int main(void)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    if (!bulla_init(&err)) {
        return bulla_code_exit(err.code);
    }
    bulla_auto_secret secret = bulla_secret_copy(bulla_bytes_of("value"), &err);
    if (secret == NULL || bulla_secret_view(secret).len != 5) {
        return 1;
    }
    return printf("bulla %s\n", bulla_version()) < 0;
}
