/* Whether a value is, or was, one of a name's. */
#include "bulla/vault.h"

#include "base/banned.h"

/* A version that no key opens, or that is not what its record says, may have been any value. */
static bool is_passing(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

bool bulla_vault_held(struct bulla_vault *vault, const char *name, struct bulla_bytes value,
                      enum bulla_held *ret_held, struct bulla_error *err)
{
    struct bulla_version_info version;
    *ret_held = BULLA_HELD_NEVER;
    for (size_t i = 0; bulla_vault_version(vault, name, i, &version); i++) {
        struct bulla_bytes bytes;
        if (!bulla_vault_get_by_id(vault, version.id, &bytes, err)) {
            if (!is_passing(err)) {
                return false;
            }
            *ret_held = BULLA_HELD_UNKNOWN;
        } else if (bulla_secret_bytes_equal(bytes, value)) {
            *ret_held = BULLA_HELD;
            return true;
        }
    }
    return true;
}
