/* `bulla age keygen`: a key pair for plain age files. */
#include <time.h>

#include "age_files.h"
#include "age_host.h"
#include "bulla/bulla.h"
#include "message.h"
#include "process.h"
#include "reveal.h"

struct keygen_opts {
    bool convert;
    bool pq;
    bool reveal;
    const char *out;
};

static const struct opt keygen_options[] = {
    FLAG(struct keygen_opts, convert, 'y', "to-recipients",
         "print the recipients of an identity file instead"),
    FLAG(struct keygen_opts, pq, '\0', "pq",
         "make a post-quantum key (ML-KEM-768 with X25519; age 1.3 or newer reads it)"),
    FLAG(struct keygen_opts, reveal, '\0', "reveal", "print the key even to a terminal"),
    STRING(struct keygen_opts, out, 'o', "out", "FILE", "write a new FILE, not standard output",
           .complete = COMPLETE_FILE),
    OPTIONS_END,
};

static bool convert(const struct invocation *in, struct bulla_error *err)
{
    const struct keygen_opts *opts = in->opts;
    struct bulla_age_host host = age_host(in);
    struct age_files files;
    bulla_auto_buf text;
    bulla_auto_buf lines;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    bulla_buf_init(&lines, BULLA_MAX_IDENTITY_BYTES);
    bulla_auto_identities identities = bulla_identities_new(&host, err);
    bool ok = age_files_open(&files, in, invocation_operand(in, 0), opts->out,
                             0666 & ~in->process->umask, err) &&
              bulla_fd_read(files.in.fd, files.in.name, BULLA_MAX_IDENTITY_BYTES, &text, err) &&
              identities != NULL &&
              bulla_identities_add(identities, bulla_buf_view(&text), files.in.name, err);
    for (size_t i = 0; ok && i < bulla_identities_count(identities); i++) {
        const char *recipient = bulla_identities_recipient(identities, i);
        if (recipient[0] == '\0') {
            message_warn(in, "identity %zu of %s has no recipient to print", i + 1, files.in.name);
            continue;
        }
        bulla_buf_puts(&lines, recipient);
        bulla_buf_putc(&lines, '\n');
    }
    ok = ok && bulla_buf_ok(&lines, err) &&
         bulla_fd_write(files.out.fd, files.out.name, bulla_buf_view(&lines), err) &&
         age_files_finish(&files, err);
    age_files_release(&files);
    return ok;
}

/* The recipient is owned by the caller. */
static bool make_key(const struct keygen_opts *opts, struct bulla_buf *text, char **ret_recipient,
                     struct bulla_error *err)
{
    char recipient[BULLA_AGE_RECIPIENT_CHARS + 1];
    int64_t now = (int64_t)time(NULL);
    if (opts->pq) {
        return bulla_identity_new_pq(now, text, ret_recipient, err);
    }
    if (!bulla_identity_new(now, text, recipient, err)) {
        return false;
    }
    *ret_recipient = bulla_strdup(recipient, err);
    return *ret_recipient != NULL;
}

static bool run_keygen(const struct invocation *in, struct bulla_error *err)
{
    const struct keygen_opts *opts = in->opts;
    if (opts->convert) {
        return opts->pq ? bulla_error(err, BULLA_E_USAGE,
                                      "--pq makes a key: it goes without "
                                      "--to-recipients")
                        : convert(in, err);
    }
    if (in->operand_count > 0) {
        return bulla_error(err, BULLA_E_USAGE, "INPUT goes with --to-recipients");
    }
    if (opts->out == NULL && !reveal_allow(in, opts->reveal, err)) {
        return false;
    }
    bulla_auto_str recipient = NULL;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_IDENTITY_BYTES);
    if (!make_key(opts, &text, &recipient, err)) {
        return false;
    }
    if (opts->out == NULL ? !reveal_write(in, bulla_buf_view(&text), err)
                          : !bulla_file_create(opts->out, 0600, bulla_buf_view(&text), err)) {
        return false;
    }
    message_note(in, "public key: %s", recipient);
    return true;
}

static const struct example keygen_examples[] = {
    {"bulla age keygen -o key.txt", "a new key, readable by you alone"},
    {"bulla age keygen -y key.txt", "its public side, to give away"},
    {"bulla age keygen --pq -o key.txt", "a post-quantum one, where this build has ML-KEM"},
    {NULL, NULL},
};

const struct command cmd_age_keygen = {
    .name = "age keygen",
    .summary = "make an age key, or print the recipients of one",
    .description = "Writes a new age identity file. With --out the file is new and readable by you "
                   "alone, one that exists is never overwritten; a terminal is refused without "
                   "--reveal. The public key is said on standard error.\n\n"
                   "A post-quantum key (--pq) needs a build with OpenSSL 3.5 or newer, and age 1.3 "
                   "or newer reads it. What is encrypted to it stays closed to whoever keeps the "
                   "file until there are quantum computers.\n\n"
                   "For vaults 'bulla identity new' makes one in the place where it is looked for.",
    .group = GROUP_TOOLS,
    .opts_size = sizeof(struct keygen_opts),
    .options = keygen_options,
    .operands = {{.name = "INPUT",
                  .min = 0,
                  .max = 1,
                  .help = "with -y: the identity file; none for standard input",
                  .complete = COMPLETE_FILE}},
    .examples = keygen_examples,
    .see_also = "age encrypt, age decrypt, identity new",
    .flags = COMMAND_PRINTS_SECRETS,
    .without = GLOBAL_STACK,
    .run = run_keygen,
};
