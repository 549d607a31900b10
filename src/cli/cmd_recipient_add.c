/* `bulla recipient add`: a new member, another role, other keys, a new identity for a machine. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "environments.h"
#include "member_admins.h"
#include "member_plan.h"
#include "member_request.h"
#include "message.h"
#include "new_identity.h"
#include "prompt.h"
#include "reveal.h"

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

struct adding {
    const struct invocation *in;
    const struct add_opts *opts;
    struct bulla_member_request keys; /* recipient "": the member's own */
    enum bulla_member_role role;      /* 0: the same */
    bool for_good;                    /* false: a rehearsal, nothing is written */
    bool is_member;                   /* of one of the vaults */
    bool new_keys;                    /* somewhere they are not known yet */
    struct new_identity identity;     /* of --new */
    size_t open;                      /* environments where it is ours to do that */
};

static bool check_options(const struct adding *adding, struct bulla_error *err)
{
    const struct add_opts *opts = adding->opts;
    if (!opts->make && (opts->out != NULL || opts->reveal)) {
        return bulla_error(err, BULLA_E_USAGE, "--out and --reveal belong to --new");
    }
    return true;
}

/* "a reader", "the owner": for a sentence. */
static const char *role_phrase(enum bulla_member_role role)
{
    static const char *const phrases[] = {"no member", "a reader", "a writer", "an admin",
                                          "the owner"};
    return phrases[role];
}

static const char *role_of(const struct member_plan *plan)
{
    return role_phrase(plan->role);
}

static void say_done(const struct adding *adding, const struct workspace *ws,
                     const struct member_plan *plan, size_t granted)
{
    const struct invocation *in = adding->in;
    const char *name = adding->keys.name;
    const char *environment = ws->environment->name;
    switch (plan->change) {
    case MEMBER_CHANGE_NONE:
        message_note(in,
                     granted > 0 ? "'%s' is %s in '%s' already; keys that somebody lacked are "
                                   "granted"
                                 : "'%s' is %s in '%s' already: nothing was written",
                     name, role_of(plan), environment);
        return;
    case MEMBER_CHANGE_ADD:
        message_note(in, "'%s' is a member of '%s': %s", name, environment, role_of(plan));
        if (!adding->opts->make) {
            message_note(in, "  its root, which he is asked about: %s",
                         bulla_vault_root(ws->vault));
        }
        break;
    case MEMBER_CHANGE_ROLE:
        message_note(in, "'%s' was %s in '%s' and is %s now", name, role_phrase(plan->member.role),
                     environment, role_of(plan));
        break;
    case MEMBER_CHANGE_KEYS:
        message_note(in, "'%s' has other keys in '%s', as %s", name, environment, role_of(plan));
        message_hint(in, "his old ones still open what was sealed until now; if somebody else may "
                         "have them: bulla recipient remove, then add");
        break;
    }
    if (plan->sign == NULL) {
        message_note(in, "he gave no signing key: he can read, and never write");
    }
}

static bool apply(struct adding *adding, struct workspace *ws, const struct member_plan *plan,
                  struct bulla_error *err)
{
    size_t granted = 0;
    bool ok = plan->change == MEMBER_CHANGE_NONE
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
                           const struct member_plan *plan, struct bulla_error *err)
{
    const char *name = adding->keys.name;
    char question[256];
    bool yes = false;
    bool hands_over = plan->role == BULLA_MEMBER_OWNER && plan->member.name != NULL &&
                      plan->member.role != BULLA_MEMBER_OWNER;
    if (adding->opts->yes ||
        (plan->change != MEMBER_CHANGE_ROLE && plan->change != MEMBER_CHANGE_KEYS)) {
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
    if (plan->change == MEMBER_CHANGE_ROLE) {
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
static bool is_let_in(const struct adding *adding, const struct member_plan *plan)
{
    return plan->change != MEMBER_CHANGE_ADD || adding->role != 0 || !adding->opts->all ||
           !adding->is_member;
}

/* Whose it is to make of him in this vault what was asked for. */
static enum member_right right_to(const struct adding *adding, const struct workspace *ws)
{
    struct bulla_member_info member;
    enum bulla_member_role role = adding->role;
    if (role == 0) {
        role = bulla_vault_find_member(ws->vault, adding->keys.name, &member) ? member.role
                                                                              : BULLA_MEMBER_READER;
    }
    return member_admins_right(ws, adding->keys.name, role);
}

/* Before the rehearsal: where he is a member, and where that is ours to change. */
static bool look(void *ctx, struct workspace *ws, struct bulla_error *err)
{
    struct adding *adding = ctx;
    struct bulla_member_info member;
    if (!workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    adding->open += right_to(adding, ws) == MEMBER_RIGHT_MINE;
    adding->is_member =
        adding->is_member || bulla_vault_find_member(ws->vault, adding->keys.name, &member);
    return true;
}

static bool say_closed(const struct adding *adding, const struct workspace *ws,
                       enum member_right right, struct bulla_error *err)
{
    char deed[BULLA_MAX_MEMBER_BYTES + 16];
    (void)snprintf(deed, sizeof deed, "add '%s'", adding->keys.name);
    if (right == MEMBER_RIGHT_NOBODYS) {
        message_warn(adding->in, "nothing is changed in '%s', where '%s' is the owner",
                     ws->environment->name, adding->keys.name);
    } else {
        message_warn(adding->in, "nothing is changed in '%s', where you are %s",
                     ws->environment->name,
                     right == MEMBER_RIGHT_OWNERS ? "not the owner" : "no admin");
    }
    return member_admins_hint(ws, right, deed, err);
}

/*
 * Of all environments those are left out, and said, where it is for others to make of him what was
 * asked for, unless that is all of them. *RET_OURS: the vault is open for writing.
 */
static bool open_vault(const struct adding *adding, struct workspace *ws, bool *ret_ours,
                       struct bulla_error *err)
{
    if (!adding->opts->all || adding->open == 0) {
        return workspace_open_vault(ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err);
    }
    if (!workspace_open_vault(ws, BULLA_VAULT_READ, WORKSPACE_KEY_OPTIONAL, err)) {
        return false;
    }
    enum member_right right = right_to(adding, ws);
    if (right == MEMBER_RIGHT_MINE) {
        if (!workspace_reopen(ws, err)) {
            return false;
        }
        right = right_to(adding, ws);
    }
    if (right != MEMBER_RIGHT_MINE && bulla_vault_closed(ws->vault) != NULL) {
        *err = *bulla_vault_closed(ws->vault);
        return false;
    }
    *ret_ours = right == MEMBER_RIGHT_MINE;
    return *ret_ours || !adding->for_good || say_closed(adding, ws, right, err);
}

/* In the rehearsal everything that could fail is tried and asked; then it is done. */
static bool step(void *ctx, struct workspace *ws, struct bulla_error *err)
{
    struct adding *adding = ctx;
    struct member_plan plan = {.change = MEMBER_CHANGE_NONE};
    bool is_ours = true;
    if (!open_vault(adding, ws, &is_ours, err) || !is_ours) {
        return err->code == BULLA_OK;
    }
    if (!member_plan_make(ws, &adding->keys, adding->role, &plan, err)) {
        return false;
    }
    if (!is_let_in(adding, &plan)) {
        if (adding->for_good) {
            message_note(adding->in,
                         "'%s' is no member of '%s', and stays none: --role lets him in",
                         adding->keys.name, ws->environment->name);
        }
        return true;
    }
    if (!adding->for_good && !workspace_confirm_write(ws, adding->opts->yes, err)) {
        return false;
    }
    if (adding->for_good) {
        return apply(adding, ws, &plan, err);
    }
    adding->new_keys =
        adding->new_keys || plan.change == MEMBER_CHANGE_ADD || plan.change == MEMBER_CHANGE_KEYS;
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
    enum environments_which which = opts->all ? ENVIRONMENTS_ALL : ENVIRONMENTS_ONE;
    if ((opts->all && !environments_each(adding->in, which, look, adding, err)) ||
        !environments_each(adding->in, which, step, adding, err) || !confirm_keys(adding, err)) {
        return false;
    }
    /* Before the vault knows the key, so that it is not lost with a full disk or a closed pipe. */
    if (opts->make && !new_identity_hand_out(&adding->identity, adding->in, opts->out, err)) {
        return false;
    }
    adding->for_good = true;
    if (!environments_each(adding->in, which, step, adding, err)) {
        return false;
    }
    if (adding->new_keys) {
        message_note(adding->in, "commit .bulla: '%s' can open it where that is pulled",
                     adding->keys.name);
    }
    return true;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct adding adding = {.in = in, .opts = in->opts};
    if (strcmp(adding.opts->role, roles[0]) != 0 &&
        !bulla_member_role_parse(adding.opts->role, &adding.role)) {
        return bulla_error(err, BULLA_E_BUG, "a role that the library does not know");
    }
    if (!check_options(&adding, err) ||
        !member_request_read(in, adding.opts->make, &adding.keys, err)) {
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
    {"bulla recipient add bulla-request bob … --all-environments --yes", "the line that bob sent"},
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
        "--all-environments and no --role a member gets his new keys where he is one already; an "
        "environment whose members are not yours to change is named, with who may.\n\n"
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
