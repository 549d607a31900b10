#include "age_host.h"

#include "bulla/mem.h"
#include "env.h"
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

static void say(void *ctx, const char *plugin, const char *text)
{
    message_note(ctx, "age-plugin-%s: %s", plugin, text);
}

static void waiting(void *ctx, const char *plugin)
{
    message_note(ctx, "waiting for age-plugin-%s: it may want a touch or a PIN", plugin);
}

static bool ask_public(void *ctx, const char *prompt, struct bulla_buf *answer,
                       struct bulla_error *err)
{
    (void)ctx;
    bulla_auto_str line = prompt_line(prompt, err);
    if (line == NULL) {
        return false;
    }
    bulla_buf_puts(answer, line);
    return bulla_buf_ok(answer, err);
}

static bool confirm(void *ctx, const char *question, const char *yes, const char *no, bool *ret_yes,
                    struct bulla_error *err)
{
    (void)ctx;
    bulla_auto_str text = no != NULL ? bulla_asprintf(err, "%s: %s (y), or %s", question, yes, no)
                                     : bulla_asprintf(err, "%s: %s", question, yes);
    return text != NULL && prompt_yes_no(text, ret_yes, err);
}

struct bulla_age_host age_host(const struct invocation *in)
{
    return (struct bulla_age_host){
        .ctx = (void *)(uintptr_t)in,
        .ask_secret = ask_secret,
        .warn = warn,
        .plugin_path = env_lookup("PATH"),
        .plugin_environment = env_all(),
        .say = say,
        .waiting = waiting,
        .ask_public = ask_public,
        .confirm = confirm,
    };
}
