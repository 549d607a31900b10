#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"
#include "bulla/secret.h"
#include "bulla/version.h"
#include "command.h"
#include "documents.h"
#include "env.h"
#include "key_argument.h"
#include "message.h"
#include "output.h"
#include "process.h"
#include "query.h"
#include "workspace.h"

#define LOCK_PROBE_BYTES ((size_t)64 * 1024)

static bool print_document(const struct invocation *in, struct bulla_error *err)
{
    return document_write(in->out, in->global.print) ||
           bulla_error(err, BULLA_E_USAGE, "there is no document '%s'", in->global.print);
}

static bool print_names(const struct invocation *in, struct bulla_error *err)
{
    const struct query *query = query_find(in->global.list);
    if (query == NULL) {
        return bulla_error(err, BULLA_E_USAGE, "there is no list '%s'", in->global.list);
    }
    return query->run(in, err);
}

static bool check_locking(struct bulla_error *err)
{
    bulla_auto_arena arena = bulla_arena_new(LOCK_PROBE_BYTES, err);
    if (arena == NULL || bulla_arena_alloc(arena, 1, err) == NULL) {
        return false;
    }
    /* With everything locked from here on, memory that cannot be is not handed out at all. */
    if (!bulla_arena_locked(arena) || mlockall(MCL_CURRENT | MCL_FUTURE) != 0) {
        (void)bulla_error(err, BULLA_E_REFUSED, "memory for secrets cannot be locked");
        return bulla_error_hint(err, "raise the limit: 'ulimit -l', or LimitMEMLOCK= of the unit");
    }
    return true;
}

static bool change_directory(const char *path, struct bulla_error *err)
{
    if (chdir(path) == 0) {
        return true;
    }
    struct stat st;
    bool is_file = errno == ENOTDIR && stat(path, &st) == 0;
    return is_file ? bulla_dir_refuse(path, err)
                   : bulla_error_sys(err, path, "cannot change to the folder");
}

/* What the environment gives where the command line says nothing. */
static void add_environment(struct invocation *in)
{
    unsigned without = in->command == NULL ? 0 : in->command->without;
    if (in->global.environment == NULL && (without & GLOBAL_ENVIRONMENT) == 0) {
        in->global.environment = in->env->environment;
    }
    if (in->global.root == NULL && (without & GLOBAL_ROOT) == 0) {
        in->global.root = in->env->root;
    }
}

static bool dispatch(struct invocation *in, struct bulla_error *err)
{
    const struct globals *global = &in->global;
    if (global->help && in->command != NULL && strcmp(in->command->name, "help") != 0) {
        help_write_command(in->out, in->command);
        return true;
    }
    if (global->help && in->operand_count == 0) {
        (global->verbose > 0 ? help_write_commands : help_write_overview)(in->out);
        return true;
    }
    if (global->version) {
        output_printf(in->out, "bulla %s\n", bulla_version());
        return true;
    }
    if (global->print != NULL) {
        return print_document(in, err);
    }
    if ((global->directory != NULL && !change_directory(global->directory, err)) ||
        (global->require_locked_memory && !check_locking(err))) {
        return false;
    }
    add_environment(in);
    if (!key_argument_check_env(in->env, err)) {
        return false;
    }
    if (global->list != NULL) {
        return print_names(in, err);
    }
    if ((in->command->without & GLOBAL_ENVIRONMENT) == 0) {
        workspace_warn_apart(in);
    }
    return in->command->run(in, err);
}

static bool start(struct invocation *in, struct process *process, struct env *env, int argc,
                  char **argv, struct bulla_error *err)
{
    if (!process_harden(process, err) || !bulla_init(err) || !env_read(env, err)) {
        return false;
    }
    bool is_plain = env->no_color || env->is_dumb;
    output_set_color(in->out, "auto", is_plain);
    output_set_color(in->messages, "auto", is_plain);
    if (!invocation_parse(in, argc, (const char *const *)argv, err)) {
        return false;
    }
    output_set_color(in->out, in->global.color, is_plain);
    output_set_color(in->messages, in->global.color, is_plain);
    return true;
}

int main(int argc, char **argv)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct output out;
    struct output messages;
    struct env env = {0};
    struct process process;
    int status = 0;
    output_init(&out, STDOUT_FILENO, "standard output");
    output_init(&messages, STDERR_FILENO, "standard error");
    struct invocation in = {
        .env = &env, .out = &out, .messages = &messages, .process = &process, .status = &status};
    bool ok = start(&in, &process, &env, argc, argv, &err) && dispatch(&in, &err);
    struct bulla_error late = BULLA_ERROR_INIT;
    if (!output_flush(&out, &late) && ok) {
        ok = false;
        err = late;
    }
    if (!ok && err.message[0] != '\0') {
        message_error(&in, &err);
        if (argc == 1) {
            help_write_start(&messages);
            (void)!output_flush(&messages, &late);
        }
    }
    invocation_release(&in);
    env_release(&env);
    output_release(&out);
    output_release(&messages);
    return ok ? status : bulla_code_exit(err.code);
}
