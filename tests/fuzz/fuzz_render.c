/*
 * Any text as the template, as the file that is replaced, or half of it as each: what Compose can
 * read is rendered and reads back (bulla_render compares it and would say that it is our bug), and
 * compares as the same.
 */
#include "fuzz.h"

#include "../unit/fake_vault.h"
#include "bulla/render.h"

static const char contract_text[] = "[A]\nkind = setting\ndefault = one\n"
                                    "[B]\nkind = setting\ndefault = a 'b' \"c\" $D #e \\\n"
                                    "[C]\noptional = yes\n"
                                    "[D]\nkind = setting\ndefault =\n";

static bool expect_same(void *ctx, const char *name, enum bulla_difference difference,
                        struct bulla_error *err)
{
    (void)ctx;
    (void)err;
    FUZZ_ASSERT(name != NULL && difference == BULLA_SAME);
    return true;
}

static void render(const struct bulla_values *values, enum bulla_env_format format,
                   struct bulla_bytes text, struct bulla_bytes old)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_render_options options = {.format = format,
                                                 .template_text = text,
                                                 .template_name = "t",
                                                 .old_text = old,
                                                 .old_name = "o"};
    bulla_auto_buf out = {0};
    bulla_buf_init_secret(&out, 1 << 20);
    if (!bulla_render(values, &options, &out, &err)) {
        fuzz_check_error(&err);
        FUZZ_ASSERT(bulla_buf_view(&out).len == 0);
        return;
    }
    struct bulla_bytes all = bulla_buf_view(&out);
    fuzz_touch(all);
    FUZZ_ASSERT(bulla_render_compare(all, "a", all, expect_same, NULL, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 16384) {
        return 0;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract =
        bulla_contract_parse(bulla_bytes_of(contract_text), "bulla.ini", &err);
    FUZZ_ASSERT(contract != NULL);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    FUZZ_ASSERT(values != NULL);
    struct bulla_bytes all = bulla_bytes(data, size);
    struct bulla_bytes none = bulla_bytes(NULL, 0);
    render(values, BULLA_ENV_COMPOSE, all, none);
    render(values, BULLA_ENV_COMPOSE_DOUBLE, all, none);
    render(values, BULLA_ENV_COMPOSE, none, all);
    render(values, BULLA_ENV_COMPOSE, bulla_bytes_slice(all, 0, size / 2),
           bulla_bytes_slice(all, size / 2, size));
    return 0;
}
