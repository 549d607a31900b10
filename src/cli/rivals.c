#include "rivals.h"

#include "others.h"

static bool open_rival(void *ctx, const struct bulla_environment *rival,
                       struct bulla_vault **ret_vault, struct bulla_error *err)
{
    struct rivals *rivals = ctx;
    bulla_vault_close(rivals->vault);
    rivals->vault = NULL;
    if (!others_open_vault(rivals->ws, rival, &rivals->vault, err)) {
        return false;
    }
    *ret_vault = rivals->vault;
    return true;
}

void rivals_init(struct rivals *ret, struct workspace *ws, bool is_output)
{
    *ret = (struct rivals){.all = {.contract = ws->contract,
                                   .environment = ws->environment,
                                   .any = !is_output,
                                   .now = ws->now,
                                   .open = open_rival,
                                   .ctx = ret},
                           .ws = ws};
}

void rivals_release(struct rivals *rivals)
{
    bulla_vault_close(rivals->vault);
    *rivals = (struct rivals){0};
}
