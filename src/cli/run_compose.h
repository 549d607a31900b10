/* Before `run` starts Docker Compose: what it would read that is not what was meant. */
#ifndef BULLA_CLI_RUN_COMPOSE_H
#define BULLA_CLI_RUN_COMPOSE_H

#include "workspace.h"

/* Words of a command line; borrowed, but for the list. */
struct run_words {
    const char **items;
    size_t count;
};

/* The command that `run` starts. */
struct run_compose {
    const struct workspace *ws;
    struct bulla_values *values; /* WS's own */
    bool is_call;                /* "docker compose" or "docker-compose", that looks at a project */
    struct run_words files, env_files, profiles; /* its -f, --env-file and --profile */
    const char *const *words; /* behind Compose's command; NULL where it is none; borrowed */
    const char *project_directory;
    bool gives_every_name; /* --force-name; set it after init: COMPOSE_FILE of the contract too */
    const struct bulla_project *project; /* once it is loaded */
    bool is_loaded;
    bool is_called; /* PROJECT is what it reads, not the environment's */
};

/* Reads the options of ARGV, NULL-terminated. BULLA_E_NOMEM. Release it in every case. */
BULLA_MUST_CHECK bool run_compose_init(struct run_compose *ret, const struct workspace *ws,
                                       struct bulla_values *values, const char *const *argv,
                                       struct bulla_error *err);
void run_compose_release(struct run_compose *run);

/*
 * *RET_PROJECT is what the command reads, where it is Compose and its files can be read here, else
 * what the environment has; NULL where that cannot be read either. Loaded once; RUN's.
 * BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool run_compose_load(struct run_compose *run,
                                       const struct bulla_project **ret_project,
                                       struct bulla_error *err);

/*
 * True where the command starts SERVICE, one of the project that was loaded: its profile is active,
 * or asked for by an option, by COMPOSE_PROFILES, or by the name of a service that has it.
 */
bool run_compose_starts(const struct run_compose *run, const struct bulla_project_service *service);

/*
 * Warns that Compose, given no files, finds others than the environment has, and of the rendered
 * file that a service reads and that is not there. For another command it looks at nothing, and
 * what cannot be read is left to Compose. BULLA_E_NOMEM, BULLA_E_IO.
 */
BULLA_MUST_CHECK bool run_compose_warn(struct run_compose *run, struct bulla_error *err);

/*
 * Compose reads the `.env` beside the compose file by itself, for what its environment lacks.
 * *RET_FINDS where that may be the one of an environment other than WS's: what is unset here would
 * be taken from there. BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool run_compose_finds_foreign(const struct workspace *ws, bool *ret_finds,
                                                struct bulla_error *err);

#endif
