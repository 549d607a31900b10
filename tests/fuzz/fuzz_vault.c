/*
 * A whole vault. Signatures keep a fuzzer out of what lies behind them, so here they are all taken
 * as good: records are marked as checked before the vault is judged.
 */
#include "fuzz.h"

#include "vault/vault_internal.h"

static void touch_vault(struct bulla_vault *vault)
{
    FUZZ_ASSERT(strlen(bulla_vault_root(vault)) == TEXT_ID_CHARS);
    for (size_t i = 0; i < bulla_vault_count(vault); i++) {
        struct bulla_secret_info secret;
        bulla_vault_secret(vault, i, &secret);
        FUZZ_ASSERT(!(secret.contested && secret.current != NULL));
        FUZZ_ASSERT(!(secret.deleted && secret.current != NULL));
        struct bulla_version_info version;
        size_t current = 0;
        for (size_t j = 0; bulla_vault_version(vault, secret.name, j, &version); j++) {
            FUZZ_ASSERT(j < secret.version_count);
            current += version.state == BULLA_VERSION_CURRENT && !version.contested;
            fuzz_touch(bulla_bytes_of(version.by));
            if (version.why != NULL) {
                fuzz_touch(bulla_bytes_of(version.why));
            }
        }
        FUZZ_ASSERT(current == (secret.current != NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_vault_place place = {.path = "fuzz"};
    bulla_auto_vault vault = vault_new(&place, BULLA_VAULT_READ, &err);
    if (vault == NULL) {
        return 0;
    }
    bulla_buf_add(&vault->text, data, size);
    if (!bulla_buf_ok(&vault->text, &err)) {
        return 0;
    }
    if (!vault_read_text(vault, NULL, &err)) {
        fuzz_check_error_at(&err);
        return 0;
    }
    for (size_t i = 0; i < vault->count; i++) {
        vault->records[i].checked = true;
        vault->records[i].signer = vault->signs.count > 0 ? 0 : NONE;
    }
    if (!vault_judge(vault, &err)) {
        fuzz_check_error(&err);
        return 0;
    }
    touch_vault(vault);
    return 0;
}
