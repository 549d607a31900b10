/* `bulla age`: plain age files, for people and scripts that know age. */
#include <string.h>

#include "age_files.h"
#include "age_host.h"
#include "bulla/bulla.h"
#include "message.h"
#include "output.h"
#include "process.h"
#include "prompt.h"
#include "workspace.h"

#define SHOWN_BYTES ((size_t)1024 * 1024) /* the most that is printed to a terminal */

/* Adds the identities of each of FILES to IDENTITIES. */
static bool read_identity_files(const struct invocation *in, const struct string_list *files,
                                struct bulla_identities *identities, struct bulla_error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        bool open_to_others = false;
        bulla_auto_buf text;
        bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
        if (!bulla_file_read_private(files->items[i], BULLA_MAX_IDENTITY_BYTES,
                                     BULLA_PRIVATE_REPORTED, &text, &open_to_others, err)) {
            return false;
        }
        if (open_to_others) {
            message_warn(in, "others may read the identity file %s", files->items[i]);
        }
        if (!bulla_identities_add(identities, bulla_buf_view(&text), files->items[i], err)) {
            return false;
        }
    }
    return true;
}

struct encrypt_opts {
    struct string_list recipients;
    struct string_list recipients_files;
    struct string_list identity_files;
    bool passphrase;
    const char *passphrase_file;
    long passphrase_fd;
    long work_factor;
    bool armor;
    const char *out;
};

static const struct opt encrypt_options[] = {
    LIST(struct encrypt_opts, recipients, 'r', "recipient", "RECIPIENT",
         "to this recipient; may be repeated"),
    LIST(struct encrypt_opts, recipients_files, 'R', "recipients-file", "FILE",
         "to those of FILE, one a line; may be repeated", .complete = COMPLETE_FILE),
    LIST(struct encrypt_opts, identity_files, 'i', "identity-file", "FILE",
         "to the recipients of an identity file; may be repeated", .complete = COMPLETE_FILE),
    FLAG(struct encrypt_opts, passphrase, 'p', "passphrase",
         "with a passphrase, which is asked for"),
    STRING(struct encrypt_opts, passphrase_file, '\0', "passphrase-file", "FILE",
           "with the passphrase in FILE", .complete = COMPLETE_FILE),
    NUMBER(struct encrypt_opts, passphrase_fd, '\0', "passphrase-fd", "N", -1, 0, 1023,
           "with the passphrase that descriptor N gives"),
    NUMBER(struct encrypt_opts, work_factor, '\0', "work-factor", "N", BULLA_AGE_WORK_FACTOR, 10,
           BULLA_AGE_MAX_WORK_FACTOR, "of a passphrase: 2^N KiB of memory for each guess"),
    FLAG(struct encrypt_opts, armor, 'a', "armor", "write text (base64) instead of bytes"),
    STRING(struct encrypt_opts, out, 'o', "out", "FILE", "write FILE, not standard output",
           .complete = COMPLETE_FILE),
    OPTIONS_END,
};

static bool add_passphrase(const struct invocation *in, struct bulla_recipients *recipients,
                           struct bulla_error *err)
{
    const struct encrypt_opts *opts = in->opts;
    bool given = false;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_VALUE_BYTES + 2);
    if (!age_read_passphrase(in, opts->passphrase_file, opts->passphrase_fd, &text, &given, err)) {
        return false;
    }
    if (!given && opts->passphrase) {
        bulla_auto_secret answer =
            prompt_secret("passphrase", BULLA_AGE_MAX_PASSPHRASE_BYTES, PROMPT_TWICE, err);
        if (answer == NULL) {
            return false;
        }
        bulla_buf_add_bytes(&text, bulla_secret_view(answer));
        given = true;
    }
    if (!given) {
        return true;
    }
    if (!bulla_recipients_add_passphrase(recipients, bulla_buf_view(&text),
                                         (unsigned)opts->work_factor, err)) {
        return err->code == BULLA_E_INVALID
                   ? bulla_error_hint(err, "'bulla generate passphrase' makes one")
                   : false;
    }
    return true;
}

static bool add_recipients(const struct invocation *in, struct bulla_recipients *recipients,
                           const struct bulla_age_host *host, struct bulla_error *err)
{
    const struct encrypt_opts *opts = in->opts;
    for (size_t i = 0; i < opts->recipients.count; i++) {
        if (!bulla_recipients_add(recipients, opts->recipients.items[i], err)) {
            return false;
        }
    }
    for (size_t i = 0; i < opts->recipients_files.count; i++) {
        const char *file = opts->recipients_files.items[i];
        bulla_auto_buf text;
        bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
        if (!bulla_file_read(file, BULLA_MAX_TEXT_BYTES, &text, err) ||
            !bulla_recipients_add_file(recipients, bulla_buf_view(&text), file, err)) {
            return false;
        }
    }
    bulla_auto_identities identities = bulla_identities_new(host, err);
    return identities != NULL && read_identity_files(in, &opts->identity_files, identities, err) &&
           bulla_recipients_add_identities(recipients, identities, err) &&
           add_passphrase(in, recipients, err);
}

static bool run_encrypt(const struct invocation *in, struct bulla_error *err)
{
    const struct encrypt_opts *opts = in->opts;
    struct bulla_age_host host = age_host(in);
    bulla_auto_recipients recipients = bulla_recipients_new(&host, err);
    if (recipients == NULL || !add_recipients(in, recipients, &host, err)) {
        return false;
    }
    if (bulla_recipients_count(recipients) == 0) {
        (void)bulla_error(err, BULLA_E_USAGE, "nobody to encrypt to");
        return bulla_error_hint(err,
                                "name a recipient with -r, a file of them with -R, or -p for a "
                                "passphrase");
    }
    struct age_files files;
    bool ok = age_files_open(&files, in, invocation_operand(in, 0), opts->out,
                             0666 & ~in->process->umask, err);
    if (ok && files.is_terminal && !opts->armor) {
        (void)bulla_error(err, BULLA_E_REFUSED,
                          "the output is a terminal, which cannot show bytes");
        ok = bulla_error_hint(err, "--armor writes text; --out names a file");
    }
    ok = ok &&
         bulla_age_encrypt_fd(recipients, &files.in, &files.out,
                              opts->armor ? BULLA_AGE_ARMOR : BULLA_AGE_BINARY, err) &&
         age_files_finish(&files, err);
    age_files_release(&files);
    return ok;
}

static const struct example encrypt_examples[] = {
    {"bulla age encrypt -i key.txt -o backup.age backup.tar", "to a key of one's own"},
    {"pg_dump shop | bulla age encrypt -R team.txt -o shop.age", "a stream of any size, to a team"},
    {"bulla age encrypt --passphrase-file words.txt -a notes.txt", "with a passphrase, as text"},
    {NULL, NULL},
};

const struct command cmd_age_encrypt = {
    .name = "age encrypt",
    .summary = "encrypt a file to age recipients or with a passphrase",
    .description =
        "Writes an age file (age-encryption.org/v1), which any age program opens. INPUT may be of "
        "any size and is standard input when it is left out or '-'. The output file appears when "
        "it is whole; bytes are not written to a terminal.\n\n"
        "A recipient is an age key (age1…), a plugin's (age1NAME1…), the public key of an ssh key "
        "(ssh-ed25519, ssh-rsa), a post-quantum key (age1pq1…) or a key in hardware "
        "(age1tag1…, age1tagpq1…). Post-quantum ones stand beside their like only. A recipients "
        "file has one a line, or is an authorized_keys file; empty lines, those that "
        "begin with '#' and ssh keys of other types are passed over. A passphrase stands beside no "
        "other recipient. It is asked for twice, or "
        "comes from a file or a descriptor, one line end at its end dropped; never from an "
        "argument.",
    .group = GROUP_TOOLS,
    .opts_size = sizeof(struct encrypt_opts),
    .options = encrypt_options,
    .operands = {{.name = "INPUT",
                  .min = 0,
                  .max = 1,
                  .help = "the file to encrypt",
                  .complete = COMPLETE_FILE}},
    .examples = encrypt_examples,
    .see_also = "age decrypt, age keygen",
    .without = GLOBAL_STACK,
    .run = run_encrypt,
};

struct decrypt_opts {
    struct string_list identity_files;
    const char *passphrase_file;
    long passphrase_fd;
    bool reveal;
    const char *out;
};

static const struct opt decrypt_options[] = {
    LIST(struct decrypt_opts, identity_files, 'i', "identity-file", "FILE",
         "with the keys of FILE; may be repeated", .complete = COMPLETE_FILE),
    STRING(struct decrypt_opts, passphrase_file, '\0', "passphrase-file", "FILE",
           "with the passphrase in FILE", .complete = COMPLETE_FILE),
    NUMBER(struct decrypt_opts, passphrase_fd, '\0', "passphrase-fd", "N", -1, 0, 1023,
           "with the passphrase that descriptor N gives"),
    FLAG(struct decrypt_opts, reveal, '\0', "reveal", "print it even to a terminal"),
    STRING(struct decrypt_opts, out, 'o', "out", "FILE", "write FILE, not standard output",
           .complete = COMPLETE_FILE),
    OPTIONS_END,
};

/* Without -i, what other commands would use, and the passphrase where the file has one. */
static bool add_usual(struct workspace *ws, const char *input, struct bulla_error *err)
{
    if (!workspace_read_identity(ws, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    if (ws->identities == NULL) {
        ws->identities = bulla_identities_new(&ws->age_host, err);
    }
    bulla_auto_str prompt = bulla_asprintf(err, "passphrase of %.400s", input);
    return ws->identities != NULL && prompt != NULL &&
           bulla_identities_ask_passphrase(ws->identities, prompt, err);
}

static bool add_identities(struct workspace *ws, const char *input, struct bulla_error *err)
{
    const struct invocation *in = ws->in;
    const struct decrypt_opts *opts = in->opts;
    bool given = false;
    bulla_auto_buf passphrase;
    bulla_buf_init_secret(&passphrase, BULLA_MAX_VALUE_BYTES + 2);
    ws->age_host = age_host(in);
    if (!age_read_passphrase(in, opts->passphrase_file, opts->passphrase_fd, &passphrase, &given,
                             err)) {
        return false;
    }
    if (!given && opts->identity_files.count == 0) {
        return add_usual(ws, input, err);
    }
    ws->identities = bulla_identities_new(&ws->age_host, err);
    return ws->identities != NULL &&
           (!given ||
            bulla_identities_add_passphrase(ws->identities, bulla_buf_view(&passphrase), err)) &&
           read_identity_files(in, &opts->identity_files, ws->identities, err);
}

/* Printable text: what a terminal cannot take as a command. */
static bool is_text(struct bulla_bytes bytes)
{
    while (bytes.len > 0) {
        uint32_t c = 0;
        size_t len = bulla_text_decode(bytes, &c);
        if (len == 0 || (c < ' ' && c != '\n' && c != '\t' && c != '\r') ||
            (c >= 0x7f && c < 0xa0)) {
            return false;
        }
        bytes = bulla_bytes_slice(bytes, len, bytes.len);
    }
    return true;
}

/* To a terminal: whole, and only if it is text. */
static bool show(const struct bulla_identities *identities, const struct age_files *files,
                 struct bulla_error *err)
{
    bulla_auto_buf sealed;
    bulla_auto_buf text;
    bulla_buf_init(&sealed, 2 * SHOWN_BYTES);
    bulla_buf_init_secret(&text, SHOWN_BYTES);
    if (!bulla_fd_read(files->in.fd, files->in.name, 2 * SHOWN_BYTES, &sealed, err) ||
        !bulla_age_decrypt(identities, bulla_buf_view(&sealed), &text, err)) {
        return err->code == BULLA_E_LIMIT
                   ? bulla_error_hint(err, "--out names a file for what is no text to be read")
                   : false;
    }
    if (!is_text(bulla_buf_view(&text))) {
        (void)bulla_error(err, BULLA_E_REFUSED,
                          "the output is a terminal, which cannot show bytes");
        return bulla_error_hint(err, "--out names a file");
    }
    return bulla_fd_write(files->out.fd, files->out.name, bulla_buf_view(&text), err);
}

static bool run_decrypt(const struct invocation *in, struct bulla_error *err)
{
    const struct decrypt_opts *opts = in->opts;
    const char *input = invocation_operand(in, 0);
    struct workspace ws = {.in = in};
    struct age_files files;
    bool ok = age_files_open(&files, in, input, opts->out, 0600, err);
    if (ok && files.is_terminal && !opts->reveal) {
        (void)bulla_error(err, BULLA_E_REFUSED,
                          "the output is a terminal, which shows and keeps what it prints");
        ok = bulla_error_hint(err, "--reveal prints it anyway; --out names a file");
    }
    ok = ok && add_identities(&ws, files.in.name, err);
    if (ok && files.is_terminal) {
        ok = show(ws.identities, &files, err);
    } else {
        ok = ok && bulla_age_decrypt_fd(ws.identities, &files.in, &files.out, err) &&
             age_files_finish(&files, err);
    }
    age_files_release(&files);
    workspace_release(&ws);
    return ok;
}

static const struct example decrypt_examples[] = {
    {"bulla age decrypt -i key.txt -o backup.tar backup.age", "with a key file"},
    {"bulla age decrypt shop.age | psql shop", "with the identity that other commands use"},
    {"bulla age decrypt --passphrase-file words.txt notes.age", "with a passphrase from a file"},
    {NULL, NULL},
};

const struct command cmd_age_decrypt = {
    .name = "age decrypt",
    .summary = "decrypt an age file",
    .description =
        "Opens an age file, binary or armored, of any size. Only authentic bytes are written, and "
        "the output file, readable by you alone, appears when it is whole. To standard output what "
        "was authentic before a failure has been written already: look at the exit status.\n\n"
        "A key file is one of age's or an ssh private key (OpenSSH, PKCS#1 or PKCS#8; Ed25519 or "
        "RSA), "
        "whose passphrase is asked for where the file is for that key.\n\n"
        "Without --identity-file the identity is the one that other commands use, and a file with "
        "a passphrase asks for it. With --identity-file only those keys are tried.",
    .group = GROUP_TOOLS,
    .opts_size = sizeof(struct decrypt_opts),
    .options = decrypt_options,
    .operands = {{.name = "INPUT",
                  .min = 0,
                  .max = 1,
                  .help = "the age file; '-' or none for standard input",
                  .complete = COMPLETE_FILE}},
    .examples = decrypt_examples,
    .see_also = "age encrypt, age keygen",
    .flags = COMMAND_PRINTS_SECRETS,
    .without = GLOBAL_STACK,
    .run = run_decrypt,
};
