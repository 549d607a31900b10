/* `bulla recipient request`: the line by which somebody asks to become a member. */
#include "member_name.h"
#include "message.h"
#include "output.h"
#include "workspace.h"

#define MAX_LINE_BYTES ((size_t)4096)

struct request_opts {
    const char *name;
};

static const struct opt options[] = {
    STRING(struct request_opts, name, '\0', "name", "NAME",
           "the member that you want to be (default: git's user.name)"),
    OPTIONS_END,
};

static bool write_request(const struct workspace *ws, const char *name, struct bulla_error *err)
{
    char sign[BULLA_SIGN_KEY_CHARS + 1];
    char fingerprint[BULLA_FINGERPRINT_CHARS + 1];
    bulla_auto_buf line;
    bulla_buf_init(&line, MAX_LINE_BYTES);
    if (!bulla_member_request_write(ws->identities, 0, name, &line, err)) {
        return false;
    }
    output_bytes(ws->in->out, bulla_buf_view(&line));
    output_text(ws->in->out, "\n");
    bulla_vault_sign_key(ws->identities, bulla_vault_signer(ws->identities, 0), sign);
    bulla_member_fingerprint(bulla_identities_recipient(ws->identities, 0), sign, fingerprint);
    message_note(ws->in, "send that line to an admin of the vault; it is public");
    message_note(ws->in, "tell him this fingerprint by another way: %s", fingerprint);
    return true;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct request_opts *opts = in->opts;
    auto_workspace ws = {.in = in};
    if (!workspace_read_identity(&ws, WORKSPACE_KEY_REQUIRED, err)) {
        if (err->code == BULLA_E_IDENTITY) {
            (void)bulla_error_hint(err, "'bulla identity new' makes one");
        }
        return false;
    }
    bulla_auto_str name = member_name_choose(opts->name, err);
    return name != NULL && write_request(&ws, name, err);
}

static const struct example examples[] = {
    {"bulla recipient request", "what to send to an admin"},
    {"bulla recipient request --name bob", "under another name than git's"},
    {NULL, NULL},
};

const struct command cmd_recipient_request = {
    .name = "recipient request",
    .summary = "print the line by which you ask to become a member",
    .description =
        "Prints one line with your name, your recipient and your signing key, signed so that a "
        "copy that lost or mixed up a part is noticed. Nothing in it is secret, and no server is "
        "needed: send it to an admin of the vault, who runs 'bulla recipient add' with it.\n\n"
        "The fingerprint on standard error is for the two of you to compare, on the telephone or "
        "face to face: it shows that nobody has put his own keys in on the way. The other way "
        "round "
        "you are asked about the vault's root when you first open it, which a member sees with "
        "'bulla verify'.\n\n"
        "With several private keys in the identity the first one is asked for.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct request_opts),
    .options = options,
    .examples = examples,
    .see_also = "recipient add, identity new",
    .without = GLOBAL_STACK & ~GLOBAL_IDENTITY,
    .run = run,
};
