/* `bulla identity new`, `import` and `show`: the private key that opens vaults. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "age_host.h"
#include "env.h"
#include "key_place.h"
#include "message.h"
#include "output.h"
#include "prompt.h"
#include "workspace.h"

#define MAX_FD 65535
#define MAX_TYPED_BYTES ((size_t)256)

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

/* Where a new identity goes: GIVEN or the default place, with nothing there yet. */
static bool find_free_path(const struct invocation *in, const char *given, char **ret_path,
                           struct bulla_error *err)
{
    struct stat st;
    if (!choose_path(in, given, ret_path, err) || lstat(*ret_path, &st) != 0) {
        return *ret_path != NULL;
    }
    bool may_be_one = S_ISREG(st.st_mode) || S_ISLNK(st.st_mode);
    return may_be_one ? refuse_existing(*ret_path, given == NULL, err)
                      : bulla_file_refuse(*ret_path, st.st_mode, err);
}

/* Writes TEXT to the new file PATH, and the default place's folder where it is not there yet. */
static bool write_identity(const struct invocation *in, const char *path, bool is_default,
                           const struct bulla_buf *text, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL || (is_default && !bulla_dir_make(folder, 0700, err)) ||
        !bulla_file_create(path, 0600, bulla_buf_view(text), err)) {
        return err->sys_errno != 0 && is_default
                   ? bulla_error_hint(err, "the default identity file would be there: "
                                           "XDG_CONFIG_HOME names another folder, --out FILE "
                                           "another file")
                   : false;
    }
    message_note(in, "identity written to %s", path);
    return key_place_warn(in, path, err);
}

static bool say_how_to_use(const struct invocation *in, const char *out, struct bulla_error *err)
{
    if (out == NULL) {
        return true;
    }
    bulla_auto_str word = bulla_word(out, err);
    if (word == NULL) {
        return false;
    }
    message_note(in, "to use it: --identity %s, or BULLA_IDENTITY_FILE", word);
    return true;
}

static bool run_new(const struct invocation *in, struct bulla_error *err)
{
    const struct new_opts *opts = in->opts;
    bulla_auto_str path = NULL;
    if (!find_free_path(in, opts->out, &path, err)) {
        return false;
    }
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    char recipient[BULLA_AGE_RECIPIENT_CHARS + 1];
    if (!bulla_identity_new((int64_t)time(NULL), &text, recipient, err)) {
        return false;
    }
    output_printf(in->out, "%s\n", recipient);
    if (!write_identity(in, path, opts->out == NULL, &text, err)) {
        return false;
    }
    message_note(in, "keep a copy of that file; the line above is public. 'bulla recipient "
                     "request' prints what an admin adds you by");
    return say_how_to_use(in, opts->out, err);
}

struct import_opts {
    const char *file, *out;
    long fd;
};

static const struct opt import_options[] = {
    STRING(struct import_opts, file, '\0', "file", "FILE", "read it from FILE",
           .complete = COMPLETE_FILE),
    NUMBER(struct import_opts, fd, '\0', "fd", "N", -1, 0, MAX_FD, "read it from descriptor N"),
    STRING(struct import_opts, out, 'o', "out", "FILE",
           "write it to FILE, not to the default place", .complete = COMPLETE_FILE),
    OPTIONS_END,
};

/* A key that is typed or pasted is not shown. */
static bool ask_for_key(struct bulla_buf *text, struct bulla_error *err)
{
    bulla_auto_secret key =
        prompt_secret("the private key (AGE-SECRET-KEY-1…)", MAX_TYPED_BYTES, PROMPT_ONCE, err);
    if (key == NULL) {
        return false;
    }
    bulla_buf_add_bytes(text, bulla_secret_view(key));
    bulla_buf_putc(text, '\n');
    return bulla_buf_ok(text, err);
}

/* The text of the identity; *RET_NAME is where it came from, for messages, owned. */
static bool read_import(const struct invocation *in, const struct import_opts *opts,
                        struct bulla_buf *text, char **ret_name, struct bulla_error *err)
{
    if (opts->file != NULL && opts->fd >= 0) {
        return bulla_error(err, BULLA_E_USAGE, "--file and --fd name two places for one identity");
    }
    *ret_name = opts->fd >= 0
                    ? bulla_asprintf(err, "descriptor %ld", opts->fd)
                    : bulla_strdup(opts->file != NULL ? opts->file : "standard input", err);
    if (*ret_name == NULL) {
        return false;
    }
    if (opts->file != NULL) {
        bool open_to_others = false;
        if (!bulla_file_read_private(opts->file, BULLA_MAX_IDENTITY_BYTES, BULLA_PRIVATE_REPORTED,
                                     text, &open_to_others, err)) {
            return false;
        }
        if (open_to_others) {
            message_warn(in, "others may read %s", opts->file);
        }
        return true;
    }
    if (opts->fd < 0 && isatty(STDIN_FILENO) == 1) {
        return ask_for_key(text, err);
    }
    return bulla_fd_read(opts->fd >= 0 ? (int)opts->fd : STDIN_FILENO, *ret_name,
                         BULLA_MAX_IDENTITY_BYTES, text, err);
}

/* Those that have one: a plugin's identity does not say what its recipient is. */
static void print_recipients(const struct invocation *in, const struct bulla_identities *identities)
{
    for (size_t i = 0; i < bulla_identities_count(identities); i++) {
        const char *recipient = bulla_identities_recipient(identities, i);
        if (recipient[0] != '\0') {
            output_printf(in->out, "%s\n", recipient);
        }
    }
}

static bool run_import(const struct invocation *in, struct bulla_error *err)
{
    const struct import_opts *opts = in->opts;
    bulla_auto_str path = NULL;
    bulla_auto_str name = NULL;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    if (!find_free_path(in, opts->out, &path, err) || !read_import(in, opts, &text, &name, err)) {
        return false;
    }
    struct bulla_age_host host = age_host(in);
    bulla_auto_identities identities = bulla_identities_new(&host, err);
    if (identities == NULL || !bulla_identities_add(identities, bulla_buf_view(&text), name, err) ||
        !write_identity(in, path, opts->out == NULL, &text, err)) {
        return false;
    }
    print_recipients(in, identities);
    return say_how_to_use(in, opts->out, err);
}

static bool run_show(const struct invocation *in, struct bulla_error *err)
{
    struct workspace ws = {.in = in};
    bool ok = workspace_read_identity(&ws, WORKSPACE_KEY_REQUIRED, err);
    if (!ok && err->code == BULLA_E_IDENTITY) {
        (void)bulla_error_hint(err, "'bulla identity new' makes one, --identity FILE names one");
    }
    if (ok) {
        print_recipients(in, ws.identities);
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
    .see_also = "identity show, identity import, recipient request",
    .without = GLOBAL_STACK,
    .run = run_new,
};

static const struct example import_examples[] = {
    {"bulla identity import --file ~/keys.txt", "an age identity that is there already"},
    {"pass show bulla-identity | bulla identity import", "from a password manager"},
    {NULL, NULL},
};

const struct command cmd_identity_import = {
    .name = "identity import",
    .summary = "take an identity that is there already into use",
    .description =
        "Reads an age identity from --file, --fd or standard input (on a terminal it is asked "
        "for, without echo), makes sure that it is one, and writes it byte by byte to the default "
        "place, readable by you alone. Its recipients are printed. A file that exists is never "
        "overwritten.\n\n"
        "An identity that stays where it is needs no import: --identity FILE or "
        "BULLA_IDENTITY_FILE names it.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct import_opts),
    .options = import_options,
    .examples = import_examples,
    .see_also = "identity new, identity show",
    .without = GLOBAL_STACK,
    .run = run_import,
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
