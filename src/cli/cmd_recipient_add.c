/* `bulla recipient add`: a new member, another role, other keys, a new identity for a machine. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "environments.h"
#include "message.h"
#include "new_identity.h"
#include "prompt.h"
#include "reveal.h"

#define REQUEST_WORD "bulla-request"
#define MAX_REQUEST_BYTES ((size_t)4096)

struct add_opts {
    const char *role, *out;
    bool all, make, reveal, yes;
};

static const char *const roles[] = {"same", "reader", "writer", "admin", "owner", NULL};

static const struct opt options[] = {
    CHOICE(struct add_opts, role, '\0', "role", "ROLE", roles,
           "what he may do (same: as before; a new member reads)"),
    FLAG(struct add_opts, all, '\0', "all-environments", "in every environment that has a vault"),
    FLAG(struct add_opts, make, '\0', "new", "make an identity for him: a CI or a server"),
    STRING(struct add_opts, out, 'o', "out", "FILE", "write the identity of --new to FILE",
           .complete = COMPLETE_FILE),
    FLAG(struct add_opts, reveal, '\0', "reveal", "print the identity of --new to a terminal too"),
    FLAG(struct add_opts, yes, 'y', "yes",
         "take the keys, and write to a protected environment, without asking"),
    OPTIONS_END,
};

/* What one environment makes of the request. */
enum change { CHANGE_NONE, CHANGE_ADD, CHANGE_ROLE, CHANGE_KEYS };

struct adding {
    const struct invocation *in;
    const struct add_opts *opts;
    struct bulla_member_request keys; /* recipient "": the member's own */
    enum bulla_member_role role;      /* 0: the same */
    bool for_good;                    /* false: a rehearsal, nothing is written */
    bool is_member;                   /* of one of the vaults */
    bool new_keys;                    /* somewhere they are not known yet */
    struct new_identity identity;     /* of --new */
};

struct plan {
    enum change change;
    struct bulla_member_info member; /* as he is */
    enum bulla_member_role role;
    const char *recipient, *sign;
};

/* The recipient as it is kept and compared: an ssh key comes with a comment. */
static bool keep_recipient(struct adding *adding, struct bulla_buf *text, struct bulla_error *err)
{
    const char *words = bulla_buf_text(text, err);
    bulla_auto_str kept = words == NULL ? NULL : bulla_recipient_text(words, err);
    if (kept == NULL) {
        return false;
    }
    if (strlen(kept) > BULLA_MAX_RECIPIENT_CHARS) {
        return bulla_error(err, BULLA_E_INVALID, "a recipient is not that long");
    }
    memcpy(adding->keys.recipient, kept, strlen(kept) + 1);
    return true;
}

/* NAME and the words behind it: keys, a request, or nothing but a request. */
static bool read_operands(struct adding *adding, struct bulla_error *err)
{
    const struct invocation *in = adding->in;
    /* The line as one word or as many. */
    bool is_request = strcmp(in->operands[0], REQUEST_WORD) == 0 ||
                      bulla_bytes_start(bulla_bytes_of(in->operands[0]), REQUEST_WORD " ");
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_REQUEST_BYTES);
    for (size_t i = is_request ? 0 : 1; i < in->operand_count; i++) {
        bulla_buf_puts(&text, text.len > 0 ? " " : "");
        bulla_buf_puts(&text, in->operands[i]);
    }
    if (!bulla_buf_ok(&text, err)) {
        return false;
    }
    struct bulla_bytes words = bulla_buf_view(&text);
    if (adding->opts->make && words.len > 0) {
        return bulla_error(err, BULLA_E_USAGE, "--new makes the keys: none can be given");
    }
    if (is_request || bulla_bytes_start(words, REQUEST_WORD)) {
        if (!bulla_member_request_parse(words, &adding->keys, err)) {
            return false;
        }
    } else if (words.len > 0 && !keep_recipient(adding, &text, err)) {
        if (err->hint[0] == '\0') {
            (void)bulla_error_hint(err,
                                   "ask him for the line that 'bulla recipient request' prints");
        }
        return false;
    }
    if (!is_request) {
        const char *name = in->operands[0];
        if (strlen(name) > BULLA_MAX_MEMBER_BYTES) {
            return bulla_error(err, BULLA_E_USAGE, "'%.40s' is too long for a member's name", name);
        }
        (void)snprintf(adding->keys.name, sizeof adding->keys.name, "%s", name);
    }
    return true;
}

static bool check_options(const struct adding *adding, struct bulla_error *err)
{
    const struct add_opts *opts = adding->opts;
    if (!opts->make && (opts->out != NULL || opts->reveal)) {
        return bulla_error(err, BULLA_E_USAGE, "--out and --reveal belong to --new");
    }
    return true;
}

/* The keys of one member must not be another's: nobody could tell who signed. */
static bool check_unique(const struct workspace *ws, const struct plan *plan, const char *name,
                         struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_vault_member_count(ws->vault); i++) {
        struct bulla_member_info other;
        bulla_vault_member(ws->vault, i, &other);
        bool same =
            strcmp(other.recipient, plan->recipient) == 0 ||
            (plan->sign != NULL && other.sign != NULL && strcmp(other.sign, plan->sign) == 0);
        if (same && strcmp(other.name, name) != 0) {
            (void)bulla_error_at(err, BULLA_E_REFUSED, ws->vault_path, (struct bulla_pos){0, 0},
                                 "these keys are those of '%s'", other.name);
            return bulla_error_hint(err,
                                    "to give him another role: bulla recipient add %s --role "
                                    "ROLE",
                                    other.name);
        }
    }
    return true;
}

static bool make_plan(const struct adding *adding, const struct workspace *ws, struct plan *plan,
                      struct bulla_error *err)
{
    const struct bulla_member_request *keys = &adding->keys;
    bool is_there = bulla_vault_find_member(ws->vault, keys->name, &plan->member);
    bool gives_keys = keys->recipient[0] != '\0';
    if (!is_there && !gives_keys) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, ws->vault_path, (struct bulla_pos){0, 0},
                             "no member '%s', and no keys to add him by", keys->name);
        return bulla_error_hint(err, "ask him for the line that 'bulla recipient request' prints");
    }
    plan->recipient = gives_keys ? keys->recipient : plan->member.recipient;
    plan->sign = gives_keys ? (keys->sign[0] != '\0' ? keys->sign : NULL) : plan->member.sign;
    plan->role = adding->role;
    if (plan->role == 0) {
        plan->role = is_there ? plan->member.role : BULLA_MEMBER_READER;
    }
    if (!is_there) {
        plan->change = CHANGE_ADD;
    } else if (strcmp(plan->recipient, plan->member.recipient) != 0 ||
               (plan->sign == NULL) != (plan->member.sign == NULL) ||
               (plan->sign != NULL && strcmp(plan->sign, plan->member.sign) != 0)) {
        plan->change = CHANGE_KEYS;
    } else {
        plan->change = plan->role == plan->member.role ? CHANGE_NONE : CHANGE_ROLE;
    }
    if (plan->role != BULLA_MEMBER_READER && plan->sign == NULL) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' gave no signing key: he can only read",
                          keys->name);
        return bulla_error_hint(err, "ask him for the line that 'bulla recipient request' prints");
    }
    return check_unique(ws, plan, keys->name, err);
}

/* "a reader", "the owner": for a sentence. */
static const char *role_phrase(enum bulla_member_role role)
{
    static const char *const phrases[] = {"no member", "a reader", "a writer", "an admin",
                                          "the owner"};
    return phrases[role];
}

static const char *role_of(const struct plan *plan)
{
    return role_phrase(plan->role);
}

static void say_done(const struct adding *adding, const struct workspace *ws,
                     const struct plan *plan, size_t granted)
{
    const struct invocation *in = adding->in;
    const char *name = adding->keys.name;
    const char *environment = ws->environment->name;
    switch (plan->change) {
    case CHANGE_NONE:
        message_note(in,
                     granted > 0 ? "'%s' is %s in '%s' already; keys that somebody lacked are "
                                   "granted"
                                 : "'%s' is %s in '%s' already: nothing was written",
                     name, role_of(plan), environment);
        return;
    case CHANGE_ADD:
        message_note(in, "'%s' is a member of '%s': %s", name, environment, role_of(plan));
        break;
    case CHANGE_ROLE:
        message_note(in, "'%s' was %s in '%s' and is %s now", name, role_phrase(plan->member.role),
                     environment, role_of(plan));
        break;
    case CHANGE_KEYS:
        message_note(in, "'%s' has other keys in '%s', as %s", name, environment, role_of(plan));
        message_hint(in, "his old ones still open what was sealed until now; if somebody else may "
                         "have them: bulla recipient remove, then add");
        break;
    }
    if (plan->sign == NULL) {
        message_note(in, "he gave no signing key: he can read, and never write");
    }
}

static bool apply(struct adding *adding, struct workspace *ws, const struct plan *plan,
                  struct bulla_error *err)
{
    size_t granted = 0;
    bool ok = plan->change == CHANGE_NONE
                  ? bulla_vault_grant_missing(ws->vault, ws->now, &granted, err)
                  : bulla_vault_member_set(ws->vault, adding->keys.name, plan->role,
                                           plan->recipient, plan->sign, ws->now, err);
    if (!ok || !adding->for_good) {
        return ok;
    }
    if (!bulla_vault_commit(ws->vault, err)) {
        return false;
    }
    say_done(adding, ws, plan, granted);
    return true;
}

/* A change of somebody who is there is said, and asked about where somebody can answer. */
static bool confirm_change(const struct adding *adding, const struct workspace *ws,
                           const struct plan *plan, struct bulla_error *err)
{
    const char *name = adding->keys.name;
    char question[256];
    bool yes = false;
    bool hands_over = plan->role == BULLA_MEMBER_OWNER && plan->member.name != NULL &&
                      plan->member.role != BULLA_MEMBER_OWNER;
    if (adding->opts->yes || (plan->change != CHANGE_ROLE && plan->change != CHANGE_KEYS)) {
        return true;
    }
    if (!prompt_is_possible()) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is a member of '%s' already, %s", name,
                          ws->environment->name, role_phrase(plan->member.role));
        return bulla_error_hint(err, "--yes changes his role or keys without asking");
    }
    if (hands_over) {
        (void)snprintf(question, sizeof question, "'%s' becomes the owner of '%s' and you an admin",
                       name, ws->environment->name);
        return prompt_typed_name(question, name, err);
    }
    if (plan->change == CHANGE_ROLE) {
        (void)snprintf(question, sizeof question, "'%s' is %s in '%s'. Make him %s?", name,
                       role_phrase(plan->member.role), ws->environment->name, role_of(plan));
    } else {
        (void)snprintf(question, sizeof question, "'%s' has other keys in '%s'. Replace them?",
                       name, ws->environment->name);
    }
    return prompt_yes_no(question, &yes, err) &&
           (yes || bulla_error(err, BULLA_E_REFUSED, "nothing was written"));
}

/*
 * False where he only gets other keys, for all environments that he is in: who has dev is not let
 * into prod by that.
 */
static bool is_let_in(const struct adding *adding, const struct plan *plan)
{
    return plan->change != CHANGE_ADD || adding->role != 0 || !adding->opts->all ||
           !adding->is_member;
}

/* In the rehearsal everything that could fail is tried and asked; then it is done. */
static bool step(void *ctx, struct workspace *ws, struct bulla_error *err)
{
    struct adding *adding = ctx;
    struct plan plan = {.change = CHANGE_NONE};
    if ((!adding->for_good && !workspace_confirm_write(ws, adding->opts->yes, err)) ||
        !workspace_open_vault(ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err) ||
        !make_plan(adding, ws, &plan, err)) {
        return false;
    }
    if (adding->for_good && !is_let_in(adding, &plan)) {
        message_note(adding->in, "'%s' is no member of '%s', and stays none: --role lets him in",
                     adding->keys.name, ws->environment->name);
        return true;
    }
    if (adding->for_good) {
        return apply(adding, ws, &plan, err);
    }
    adding->is_member = adding->is_member || plan.change != CHANGE_ADD;
    adding->new_keys = adding->new_keys || plan.change == CHANGE_ADD || plan.change == CHANGE_KEYS;
    if (adding->opts->make && !new_identity_add_root(&adding->identity, ws->vault_path,
                                                     bulla_vault_root(ws->vault), err)) {
        return false;
    }
    return apply(adding, ws, &plan, err) && confirm_change(adding, ws, &plan, err);
}

/* Whoever carried the line may have put his own keys in: two people compare. */
static bool confirm_keys(const struct adding *adding, struct bulla_error *err)
{
    const struct bulla_member_request *keys = &adding->keys;
    char fingerprint[BULLA_FINGERPRINT_CHARS + 1];
    char question[128];
    bool yes = false;
    if (!adding->new_keys || adding->opts->make) {
        return true;
    }
    bulla_member_fingerprint(keys->recipient, keys->sign, fingerprint);
    message_note(adding->in, "fingerprint of the keys of '%s': %s", keys->name, fingerprint);
    if (adding->opts->yes) {
        return true;
    }
    if (!prompt_is_possible()) {
        (void)bulla_error(err, BULLA_E_REFUSED,
                          "nobody is here to compare the fingerprint of '%s': %s", keys->name,
                          fingerprint);
        return bulla_error_hint(err, "--yes takes the keys without asking");
    }
    (void)snprintf(question, sizeof question, "Is that what '%s' told you himself?", keys->name);
    return prompt_yes_no(question, &yes, err) &&
           (yes || bulla_error(err, BULLA_E_REFUSED, "nothing was written"));
}

static bool add(struct adding *adding, struct bulla_error *err)
{
    const struct add_opts *opts = adding->opts;
    if (opts->make &&
        !new_identity_make(&adding->identity, (int64_t)time(NULL), &adding->keys, err)) {
        return false;
    }
    if (!environments_each(adding->in, opts->all, step, adding, err) ||
        !confirm_keys(adding, err)) {
        return false;
    }
    /* Before the vault knows the key, so that it is not lost with a full disk or a closed pipe. */
    if (opts->make && !new_identity_hand_out(&adding->identity, adding->in, opts->out, err)) {
        return false;
    }
    adding->for_good = true;
    return environments_each(adding->in, opts->all, step, adding, err);
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct adding adding = {.in = in, .opts = in->opts};
    if (strcmp(adding.opts->role, roles[0]) != 0 &&
        !bulla_member_role_parse(adding.opts->role, &adding.role)) {
        return bulla_error(err, BULLA_E_BUG, "a role that the library does not know");
    }
    if (!check_options(&adding, err) || !read_operands(&adding, err)) {
        return false;
    }
    if (adding.opts->make && adding.opts->out == NULL &&
        !reveal_allow(in, adding.opts->reveal, err)) {
        return false;
    }
    new_identity_init(&adding.identity);
    bool ok = add(&adding, err);
    new_identity_release(&adding.identity);
    return ok;
}

static const struct example examples[] = {
    {"bulla recipient add bulla-request bob age1… --role writer --yes", "the line that bob sent"},
    {"bulla recipient add bob --role admin -e prod --yes", "another role"},
    {"bulla recipient add ci --new --out ci.txt -e prod --yes", "a CI that may only read"},
    {NULL, NULL},
};

const struct command cmd_recipient_add = {
    .name = "recipient add",
    .summary = "let somebody read or write a vault",
    .description =
        "Adds a member, or gives one another role or other keys; takes an admin, and the owner "
        "where admins and owners are made. KEY is what the person sends: the line that 'bulla "
        "recipient request' prints (NAME may be left out before it), or a bare recipient (age1…) "
        "of somebody who will only ever read. A fingerprint is shown to be compared with the "
        "person himself, by another way than the line came.\n\n"
        "A reader opens values, a writer also sets them, an admin adds and removes readers and "
        "writers, the owner also admins; '--role owner' hands the vault over. Without KEY the "
        "member keeps the keys that he has, and gets those that he lacks after a merge. With "
        "--all-environments and no --role a member gets his new keys where he is one already.\n\n"
        "--new makes the identity here, for a CI or a server, and gives it out: to a file that is "
        "yours alone (--out) or to standard output. It carries the roots of its vaults as '# "
        "bulla-root' lines, so that a fresh machine trusts the right ones without a question.",
    .group = GROUP_PEOPLE,
    .opts_size = sizeof(struct add_opts),
    .options = options,
    .operands =
        {{.name = "NAME",
          .min = 1,
          .max = 1,
          .help = "the member's name",
          .complete = COMPLETE_QUERY,
          .query = "members"},
         {.name = "KEY", .min = 0, .max = OPERANDS_ANY, .help = "his request, or his recipient"}},
    .examples = examples,
    .see_also = "recipient request, recipient list, recipient remove, access",
    .flags = COMMAND_PRINTS_SECRETS,
    .without = GLOBAL_FILES,
    .run = run,
};
