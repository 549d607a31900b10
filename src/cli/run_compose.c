#include "run_compose.h"

#include <string.h>
#include <unistd.h>

#include "compose_command.h"
#include "env.h"
#include "message.h"

#define LINE_MAX_BYTES ((size_t)64 * 1024)

/* Nothing that cannot be read is a reason to fail here; only memory is. */
static bool is_passing(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/* --- what is called --------------------------------------------------------------------------- */

/* Options whose value is a word of its own: of docker, and of its compose. */
static const char *const docker_valued[] = {"--config",    "-c",       "--context",   "-H",
                                            "--host",      "-l",       "--log-level", "--tlscert",
                                            "--tlscacert", "--tlskey", NULL};
static const char *const compose_valued[] = {
    "--ansi",     "--env-file",          "-f", "--file",         "--parallel", "--profile",
    "--progress", "--project-directory", "-p", "--project-name", NULL};
/* They say where the files are. */
static const char *const placing[] = {"-f", "--file", "--project-directory", NULL};
/* Commands that look at no project. */
static const char *const aside[] = {"version", "ls", "help", "completion", NULL};

static bool is_one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* WORD is one of OPTIONS, with or without its value behind it ("--file=x", "-fx"). */
static bool is_option(const char *word, const char *const *options)
{
    for (size_t i = 0; options[i] != NULL; i++) {
        size_t len = strlen(options[i]);
        bool is_short = len == 2;
        if (strncmp(word, options[i], len) == 0 &&
            (word[len] == '\0' || word[len] == '=' || is_short)) {
            return true;
        }
    }
    return false;
}

/* The first word of ARGV behind the options; those of PLACING set *RET_PLACES. */
static const char *const *skip_options(const char *const *argv, const char *const *valued,
                                       bool *ret_places)
{
    while (*argv != NULL && (*argv)[0] == '-') {
        *ret_places = *ret_places || is_option(*argv, placing);
        argv += is_one_of(*argv, valued) && argv[1] != NULL ? 2 : 1;
    }
    return argv;
}

/* True for a call of Compose that looks at a project; *RET_PLACES where it says which. */
static bool is_compose(const char *const *argv, bool *ret_places)
{
    const char *program = bulla_path_base(argv[0]);
    const char *const *at = argv + 1;
    bool ignored = false;
    if (strcmp(program, "docker") == 0) {
        at = skip_options(at, docker_valued, &ignored);
        if (*at == NULL || strcmp(*at, "compose") != 0) {
            return false;
        }
        at++;
    } else if (strcmp(program, "docker-compose") != 0) {
        return false;
    }
    at = skip_options(at, compose_valued, ret_places);
    return *at != NULL && !is_one_of(*at, aside);
}

/* --- which files it takes --------------------------------------------------------------------- */

/* The next compose file of PROJECT from *AT on, no included ones; NULL: no more. */
static const char *next_file(const struct bulla_project *project, size_t *at)
{
    while (project != NULL && *at < project->file_count) {
        const struct bulla_project_file *file = project->files[(*at)++];
        if (file->kind == BULLA_PROJECT_COMPOSE) {
            return file->path;
        }
    }
    return NULL;
}

static bool has_same_files(const struct bulla_project *one, const struct bulla_project *other)
{
    size_t at = 0;
    size_t other_at = 0;
    for (;;) {
        const char *path = next_file(one, &at);
        const char *other_path = next_file(other, &other_at);
        if (path == NULL || other_path == NULL) {
            return path == other_path;
        }
        if (strcmp(path, other_path) != 0) {
            return false;
        }
    }
}

static bool warn_of_files(const struct workspace *ws, const struct bulla_project *meant,
                          struct bulla_error *err)
{
    bulla_auto_str here = getcwd(NULL, 0);
    if (here == NULL) {
        return bulla_error_sys(err, NULL, "cannot tell which folder this is");
    }
    const struct bulla_project_options options = {.directory = here,
                                                  .environment = workspace_env_lookup};
    bulla_auto_project found = bulla_project_load(&options, err);
    if (found == NULL && !is_passing(err)) {
        return false;
    }
    if (has_same_files(found, meant)) {
        return true;
    }
    char flag[48];
    bulla_auto_buf line;
    bulla_buf_init(&line, LINE_MAX_BYTES);
    if (!compose_command_put(&line, ws, false, err)) {
        return false;
    }
    const char *text = bulla_buf_text(&line, err);
    if (text == NULL) {
        return false;
    }
    message_warn(ws->in, "without -f Compose takes other files than those of '%s'",
                 ws->environment->name);
    message_hint(ws->in, "bulla run%s -- %s ...", workspace_env_flag(ws, flag), text);
    return true;
}

/* --- what is to be rendered ------------------------------------------------------------------- */

static void warn_of_absent(const struct workspace *ws, const struct bulla_project *project,
                           const char *path)
{
    char flag[48];
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t k = 0; service->active && k < service->read_count; k++) {
            if (service->reads[k].rendered) {
                message_warn(ws->in, "%s, which '%s' reads, is not there", path, service->name);
                message_hint(ws->in, "bulla render%s", workspace_env_flag(ws, flag));
                return;
            }
        }
    }
}

bool run_compose_warn(const struct workspace *ws, struct bulla_values *values,
                      const char *const *argv, struct bulla_error *err)
{
    bool is_placed = false;
    if (!is_compose(argv, &is_placed)) {
        return true;
    }
    const struct bulla_value *chosen = bulla_values_find(values, "COMPOSE_FILE");
    bool is_chosen =
        env_lookup("COMPOSE_FILE") != NULL || (chosen != NULL && chosen->state == BULLA_VALUE_SET);
    bool is_open = !is_placed && !is_chosen && ws->environment->compose[0] != NULL;
    bulla_auto_str path = workspace_project_path(ws, ws->environment->output, err);
    if (path == NULL) {
        return false;
    }
    bool is_absent = access(path, F_OK) != 0;
    if (!is_open && !is_absent) {
        return true;
    }
    bulla_auto_project project = workspace_load_project(ws, bulla_values_lookup, values, err);
    if (project == NULL) {
        return is_passing(err);
    }
    if (is_absent) {
        warn_of_absent(ws, project, path);
    }
    return !is_open || warn_of_files(ws, project, err);
}

/* --- the file that it takes by itself --------------------------------------------------------- */

bool run_compose_finds_foreign(const struct workspace *ws, bool *ret_finds, struct bulla_error *err)
{
    bulla_auto_str own = workspace_project_path(ws, ws->environment->output, err);
    *ret_finds = false;
    for (size_t i = 0; own != NULL && i < bulla_contract_environment_count(ws->contract); i++) {
        struct workspace at = *ws;
        at.environment = bulla_contract_environment(ws->contract, i);
        if (strcmp(bulla_path_base(at.environment->output), ".env") != 0) {
            continue;
        }
        bulla_auto_str path = workspace_project_path(&at, at.environment->output, err);
        if (path == NULL) {
            return false;
        }
        *ret_finds = *ret_finds || (bulla_file_is_regular(path) && !bulla_file_is_same(path, own));
    }
    return own != NULL;
}
