/*
 * `bulla run -- CMD`: the values in CMD's environment and nothing on disk. It fails closed: CMD
 * does not start unless everything is there. It is exec in place, and touches nothing that it does
 * not need (no git, and a compose file only for Compose itself or where the rendered file is not
 * what it should be).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "env.h"
#include "message.h"
#include "missing.h"
#include "output.h"
#include "process.h"
#include "rendered_file.h"
#include "run_compose.h"
#include "run_names.h"
#include "value_input.h"
#include "workspace.h"

#define STATUS_NOT_RUNNABLE 126
#define STATUS_NOT_FOUND 127

struct run_opts {
    bool force_name;
    bool any_env_file;
};

static const struct opt options[] = {
    FLAG(struct run_opts, force_name, '\0', "force-name",
         "also set names that change how programs start"),
    FLAG(struct run_opts, any_env_file, '\0', "any-env-file",
         "also where a service reads another environment's env file"),
    OPTIONS_END,
};

static bool is_shell_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    static const char digits[] = "0123456789";
    if (name[0] == '\0' || strchr(letters, name[0]) == NULL) {
        return false;
    }
    for (; *name != '\0'; name++) {
        if (strchr(letters, *name) == NULL && strchr(digits, *name) == NULL) {
            return false;
        }
    }
    return true;
}

/* BULLA_E_REFUSED for a value that cannot or should not go into an environment. */
static bool check_value(const struct invocation *in, const struct bulla_value *value,
                        struct bulla_error *err)
{
    const struct run_opts *opts = in->opts;
    const char *name = value->variable.name;
    if (!opts->force_name && run_name_changes_programs(name, value->bytes)) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' changes how programs start", name);
        return bulla_error_hint(err, "--force-name sets it all the same");
    }
    if (!opts->force_name && !is_shell_name(name)) {
        (void)bulla_error(err, BULLA_E_REFUSED, "'%s' is not a name that shells know", name);
        return bulla_error_hint(err, "--force-name sets it all the same");
    }
    const char *fault = value_input_fault(value->bytes);
    return fault == NULL || bulla_error(err, BULLA_E_REFUSED, "the value of '%s' %s", name, fault);
}

/* False for a value that CMD does not get. */
static bool is_for_command(const struct invocation *in, const struct bulla_value *value)
{
    const struct run_opts *opts = in->opts;
    return value->state == BULLA_VALUE_SET &&
           (opts->force_name || !run_name_is_for_file(bulla_bytes_of(value->variable.name)));
}

/* The environment being put together; `strings` is NULL-terminated. */
struct child_environment {
    struct bulla_arena *arena;
    char **strings;
    size_t count;
};

static bool add_value(struct child_environment *child, const struct bulla_value *value,
                      struct bulla_error *err)
{
    size_t name_len = strlen(value->variable.name);
    uint8_t *text = bulla_arena_alloc(child->arena, name_len + value->bytes.len + 2, err);
    if (text == NULL) {
        return false;
    }
    memcpy(text, value->variable.name, name_len);
    text[name_len] = '=';
    if (value->bytes.len > 0) {
        memcpy(text + name_len + 1, value->bytes.data, value->bytes.len);
    }
    text[name_len + 1 + value->bytes.len] = '\0';
    child->strings[child->count++] = (char *)text;
    return true;
}

/* What bulla was started with, without the names that have a value here. */
static void add_inherited(struct child_environment *child, const struct invocation *in,
                          const struct bulla_values *values)
{
    for (char *const *at = env_all(); *at != NULL; at++) {
        char name[BULLA_MAX_NAME_BYTES + 1];
        size_t len = strcspn(*at, "=");
        if (len < sizeof name) {
            memcpy(name, *at, len);
            name[len] = '\0';
            const struct bulla_value *value = bulla_values_find(values, name);
            if (value != NULL && is_for_command(in, value)) {
                message_detail(in, "'%s' of the environment is replaced", name);
                continue;
            }
        }
        child->strings[child->count++] = *at;
    }
}

/*
 * Nobody's own choice is changed. It is for what CMD starts in its turn as well, and a file that
 * --env-file or COMPOSE_ENV_FILES names is read all the same. Source: compose v2.17, --env-file.
 */
static bool shut_foreign_file(struct child_environment *child, const struct workspace *ws,
                              const struct bulla_values *values, struct bulla_error *err)
{
    static char setting[] = "COMPOSE_DISABLE_ENV_FILE=1";
    const struct run_opts *opts = ws->in->opts;
    const struct bulla_value *chosen = bulla_values_find(values, "COMPOSE_DISABLE_ENV_FILE");
    bool is_chosen = env_lookup("COMPOSE_DISABLE_ENV_FILE") != NULL ||
                     (chosen != NULL && chosen->state == BULLA_VALUE_SET);
    bool is_foreign = false;
    if (is_chosen || opts->any_env_file) {
        return true;
    }
    if (!run_compose_finds_foreign(ws, &is_foreign, err)) {
        return false;
    }
    if (is_foreign) {
        child->strings[child->count++] = setting;
        message_detail(ws->in, "%s: the .env here is another environment's", setting);
    }
    return true;
}

static bool build_environment(struct child_environment *child, const struct workspace *ws,
                              const struct bulla_values *values, struct bulla_error *err)
{
    const struct invocation *in = ws->in;
    size_t inherited = 0;
    size_t bytes = 0;
    while (env_all()[inherited] != NULL) {
        inherited++;
    }
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        bytes += strlen(value->variable.name) + value->bytes.len + 2;
    }
    child->strings =
        bulla_alloc(inherited + bulla_values_count(values) + 2, sizeof *child->strings, err);
    child->arena = child->strings != NULL ? bulla_arena_new(bytes, err) : NULL;
    if (child->arena == NULL) {
        return false;
    }
    add_inherited(child, in, values);
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (is_for_command(in, value) &&
            (!check_value(in, value, err) || !add_value(child, value, err))) {
            return false;
        }
    }
    return shut_foreign_file(child, ws, values, err);
}

/* Comes back only where CMD could not be started: with the status that a shell gives. */
static bool start(const struct invocation *in, const struct child_environment *child,
                  struct bulla_error *err)
{
    /* exec takes char *const [] and does not write through it. */
    char *const *argv = NULL;
    memcpy(&argv, &in->operands, sizeof argv);
    if (!output_flush(in->out, err) || !process_restore(in->process, err)) {
        return false;
    }
    (void)execvpe(argv[0], argv, child->strings);
    bool is_missing = errno == ENOENT;
    *in->status = is_missing ? STATUS_NOT_FOUND : STATUS_NOT_RUNNABLE;
    struct bulla_error failure = BULLA_ERROR_INIT;
    (void)bulla_error_sys(&failure, argv[0], "cannot be started");
    message_error(in, &failure);
    return true;
}

/* What services read by themselves, in the files that CMD will take. */
static bool check_files(struct workspace *ws, struct bulla_values *values, struct bulla_error *err)
{
    const struct run_opts *opts = ws->in->opts;
    struct run_compose command;
    bool ok = run_compose_init(&command, ws, values, ws->in->operands, err);
    command.gives_every_name = opts->force_name;
    ok = ok && rendered_file_check_readers(ws, &command, opts->any_env_file, err) &&
         run_compose_warn(&command, err);
    run_compose_release(&command);
    return ok;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    auto_workspace ws = {.in = in};
    if (!workspace_open(&ws, in, err) ||
        !workspace_open_vault(&ws, BULLA_VAULT_READ, WORKSPACE_KEY_REQUIRED, err)) {
        return false;
    }
    bulla_auto_values values = workspace_resolve(&ws, err);
    if (values == NULL || !missing_refuse(&ws, values, err) || !check_files(&ws, values, err)) {
        return false;
    }
    struct child_environment child = {0};
    bool ok = build_environment(&child, &ws, values, err) && start(in, &child, err);
    bulla_arena_free(child.arena);
    bulla_free(child.strings);
    return ok;
}

static const struct example examples[] = {
    {"bulla run -- docker compose up -d", "a deploy without an env file"},
    {"bulla run -e prod -- ./deploy", "with the values of prod"},
    {"bulla run -- sh -c 'psql \"$DATABASE_URL\"'", "where a shell has to expand names"},
    {NULL, NULL},
};

const struct command cmd_run = {
    .name = "run",
    .summary = "run a command with the values in its environment",
    .description =
        "Starts CMD with every value of the contract in its environment, and leaves nothing on "
        "disk. Unless the vault verifies, an identity opens it and every required value is there, "
        "CMD does not start.\n\n"
        "CMD gets the environment that bulla has, without BULLA_IDENTITY and "
        "BULLA_IDENTITY_FILE. A value replaces a variable of its name; -v names those. Names that "
        "change how well-known programs start (PATH, LD_*, GIT_CONFIG_*, NODE_OPTIONS, "
        "MAKEFLAGS, ...) are refused without --force-name; the list cannot be whole. COMPOSE_FILE "
        "and COMPOSE_PATH_SEPARATOR of the contract are for the rendered file: without "
        "--force-name CMD has those of bulla's own environment, if any.\n\n"
        "Docker Compose takes from there what a compose file names; a service with 'env_file: "
        ".env', or with that file as a bind mount, secret or config, reads what 'bulla render' "
        "has written, and nothing of this. Where such a file "
        "is out of date a warning says so; where it holds the values of another environment that "
        "is rendered to the same file, or nobody can tell, CMD does not start without "
        "--any-env-file. Where CMD is docker compose, the files are those that its own options "
        "name or that it finds, as far as they can be read here, else those of the environment; "
        "and it starts with a warning where such a file is not there, and where, for want of -f, "
        "Compose takes other files than the environment has. A service whose profiles are not "
        "active counts where CMD's --profile, COMPOSE_PROFILES, or CMD by its name, starts it.\n\n"
        "Compose also reads the .env beside the compose file by itself. Where that is the rendered "
        "file of another environment, CMD gets COMPOSE_DISABLE_ENV_FILE=1 (unless it is set), so "
        "that what is unset here is not taken from there.\n\n"
        "It ends with the status of CMD; 127 where there is no CMD, 126 where it cannot be "
        "started.",
    .group = GROUP_DEPLOY,
    .opts_size = sizeof(struct run_opts),
    .options = options,
    .operands = {{.name = "CMD",
                  .min = 1,
                  .max = OPERANDS_ANY,
                  .help = "the command and its arguments",
                  .complete = COMPLETE_COMMAND,
                  .is_rest = true}},
    .examples = examples,
    .see_also = "render, check",
    .without = GLOBAL_FILES,
    .run = run,
};
