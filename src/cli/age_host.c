#include "age_host.h"

#include "message.h"
#include "prompt.h"

static bool ask_secret(void *ctx, const char *prompt, struct bulla_buf *answer,
                       struct bulla_error *err)
{
    (void)ctx;
    if (!prompt_is_possible()) {
        (void)bulla_error(err, BULLA_E_IDENTITY, "there is no terminal to ask for the %s on",
                          prompt);
        return bulla_error_hint(err,
                                "use an identity that has no passphrase where nobody is asked");
    }
    bulla_auto_secret line =
        prompt_secret(prompt, BULLA_AGE_MAX_PASSPHRASE_BYTES, PROMPT_ONCE, err);
    if (line == NULL) {
        return false;
    }
    bulla_buf_add_bytes(answer, bulla_secret_view(line));
    return bulla_buf_ok(answer, err);
}

static void warn(void *ctx, const struct bulla_error *what)
{
    const struct invocation *in = ctx;
    message_warn(in, "%s:%u: %s", what->file, what->pos.line, what->message);
}

struct bulla_age_host age_host(const struct invocation *in)
{
    return (struct bulla_age_host){
        .ctx = (void *)(uintptr_t)in,
        .ask_secret = ask_secret,
        .warn = warn,
    };
}
