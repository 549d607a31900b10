/* `bulla identity new` and `bulla identity show`: the private key that opens vaults. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "env.h"
#include "message.h"
#include "output.h"
#include "workspace.h"

struct new_opts {
    const char *out;
};

static const struct opt new_options[] = {
    STRING(struct new_opts, out, 'o', "out", "FILE", "write it to FILE, not to the default place",
           .complete = COMPLETE_FILE),
    OPTIONS_END,
};

static bool choose_path(const struct invocation *in, const char *given, char **ret_path,
                        struct bulla_error *err)
{
    *ret_path = given != NULL ? bulla_strdup(given, err) : workspace_identity_path(in->env, err);
    if (*ret_path != NULL || err->code != BULLA_OK) {
        return *ret_path != NULL;
    }
    (void)bulla_error(err, BULLA_E_USAGE, "without HOME there is no default place for an identity");
    return bulla_error_hint(err, "name the file with --out FILE");
}

static bool refuse_existing(const char *path, bool is_default, struct bulla_error *err)
{
    (void)bulla_error_at(err, BULLA_E_REFUSED, path, (struct bulla_pos){0, 0},
                         "an identity is there already, and vaults may need it");
    return is_default
               ? bulla_error_hint(err, "'bulla identity show' prints its recipient; a second one "
                                       "goes to --out FILE")
               : bulla_error_hint(err, "name another file, or move this one away first");
}

static bool run_new(const struct invocation *in, struct bulla_error *err)
{
    const struct new_opts *opts = in->opts;
    bulla_auto_str path = NULL;
    if (!choose_path(in, opts->out, &path, err)) {
        return false;
    }
    struct stat st;
    if (lstat(path, &st) == 0) {
        return refuse_existing(path, opts->out == NULL, err);
    }
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    char recipient[BULLA_AGE_RECIPIENT_CHARS + 1];
    if (!bulla_identity_new((int64_t)time(NULL), &text, recipient, err)) {
        return false;
    }
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL || (opts->out == NULL && !bulla_dir_make(folder, 0700, err)) ||
        !bulla_file_create(path, 0600, bulla_buf_view(&text), err)) {
        return false;
    }
    output_printf(in->out, "%s\n", recipient);
    message_note(in, "identity written to %s", path);
    message_note(in, "keep a copy of that file; the line above is public: a member adds you by it");
    if (opts->out != NULL) {
        message_note(in, "to use it: --identity %s, or BULLA_IDENTITY_FILE", path);
    }
    return true;
}

static bool run_show(const struct invocation *in, struct bulla_error *err)
{
    struct workspace ws = {.in = in};
    bool ok = workspace_read_identity(&ws, WORKSPACE_KEY_REQUIRED, err);
    if (!ok && err->code == BULLA_E_IDENTITY) {
        (void)bulla_error_hint(err, "'bulla identity new' makes one, --identity FILE names one");
    }
    for (size_t i = 0; ok && i < bulla_identities_count(ws.identities); i++) {
        output_printf(in->out, "%s\n", bulla_identities_recipient(ws.identities, i));
    }
    if (ok) {
        message_note(in, "from %s", ws.identity_name);
    }
    bulla_identities_free(ws.identities);
    bulla_free(ws.identity_name);
    return ok;
}

static const struct example new_examples[] = {
    {"bulla identity new", "the first thing on a new machine"},
    {"bulla identity new --out ci-identity.txt", "one for a CI, kept in its secret store"},
    {NULL, NULL},
};

const struct command cmd_identity_new = {
    .name = "identity new",
    .summary = "make a private key that can open vaults",
    .description =
        "Writes a new age X25519 identity, readable by you alone, and prints its recipient: the "
        "public line by which a member of a vault lets you in. A file that exists is never "
        "overwritten.\n\n"
        "The default place is ~/.config/bulla/identity.txt (XDG_CONFIG_HOME). 'bulla init' makes "
        "an identity too where there is none. Without the file nothing that was sealed to it "
        "opens: keep a copy.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct new_opts),
    .options = new_options,
    .examples = new_examples,
    .see_also = "identity show",
    .without = GLOBAL_STACK,
    .run = run_new,
};

static const struct example show_examples[] = {
    {"bulla identity show", "what to send to a member who is to let you in"},
    {"bulla identity show --identity ci-identity.txt", "the recipient of another file"},
    {NULL, NULL},
};

const struct command cmd_identity_show = {
    .name = "identity show",
    .summary = "print the recipients of the identity at hand",
    .description = "Prints the public recipient (age1…) of each private key in the identity that "
                   "other commands would use: --identity, BULLA_IDENTITY_FILE, BULLA_IDENTITY, "
                   "the service manager's credential 'bulla-identity', or the default file. The "
                   "private key is never printed.",
    .group = GROUP_PEOPLE,
    .examples = show_examples,
    .see_also = "identity new",
    .without = GLOBAL_STACK & ~GLOBAL_IDENTITY,
    .run = run_show,
};
