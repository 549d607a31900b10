#include "run_compose.h"

#include <string.h>
#include <unistd.h>

#include "compose_command.h"
#include "env.h"
#include "message.h"
#include "run_names.h"

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

/* The value of OPTION where AT is that: the rest of the word ("--file=x", "-fx"), else the next. */
static const char *value_of(const char *const *at, const char *option)
{
    size_t len = strlen(option);
    const char *rest = strncmp(*at, option, len) == 0 ? *at + len : NULL;
    if (rest == NULL || (rest[0] != '\0' && rest[0] != '=' && len > 2)) {
        return NULL;
    }
    return rest[0] == '\0' ? at[1] : rest + (rest[0] == '=' ? 1 : 0);
}

static void add_value(struct run_words *words, const char *value)
{
    if (value != NULL) {
        words->items[words->count++] = value;
    }
}

/* Keeps what the option AT says of the files. */
static void keep_option(struct run_compose *run, const char *const *at)
{
    const char *directory = value_of(at, "--project-directory");
    const char *file = value_of(at, "--file");
    add_value(&run->files, file != NULL ? file : value_of(at, "-f"));
    add_value(&run->env_files, value_of(at, "--env-file"));
    add_value(&run->profiles, value_of(at, "--profile"));
    run->project_directory = directory != NULL ? directory : run->project_directory;
}

/* The first word of ARGV behind the options, of which RUN, unless NULL, keeps what it needs. */
static const char *const *skip_options(const char *const *argv, const char *const *valued,
                                       struct run_compose *run)
{
    while (*argv != NULL && (*argv)[0] == '-') {
        if (run != NULL) {
            keep_option(run, argv);
        }
        argv += is_one_of(*argv, valued) && argv[1] != NULL ? 2 : 1;
    }
    return argv;
}

/* True for a call of Compose that looks at a project. */
static bool read_call(struct run_compose *run, const char *const *argv)
{
    const char *program = bulla_path_base(argv[0]);
    const char *const *at = argv + 1;
    if (strcmp(program, "docker") == 0) {
        at = skip_options(at, docker_valued, NULL);
        if (*at == NULL || strcmp(*at, "compose") != 0) {
            return false;
        }
        at++;
    } else if (strcmp(program, "docker-compose") != 0) {
        return false;
    }
    at = skip_options(at, compose_valued, run);
    run->words = *at != NULL ? at + 1 : NULL;
    return *at != NULL && !is_one_of(*at, aside);
}

bool run_compose_init(struct run_compose *ret, const struct workspace *ws,
                      struct bulla_values *values, const char *const *argv, struct bulla_error *err)
{
    size_t count = 0;
    while (argv[count] != NULL) {
        count++;
    }
    *ret = (struct run_compose){.ws = ws, .values = values};
    struct run_words *const all[] = {&ret->files, &ret->env_files, &ret->profiles};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        all[i]->items = bulla_alloc(count, sizeof *all[i]->items, err);
        if (all[i]->items == NULL) {
            return false;
        }
    }
    ret->is_call = read_call(ret, argv);
    return true;
}

void run_compose_release(struct run_compose *run)
{
    bulla_project_free(run->project);
    bulla_free(run->files.items);
    bulla_free(run->env_files.items);
    bulla_free(run->profiles.items);
    *run = (struct run_compose){0};
}

/* --- the files that it reads ------------------------------------------------------------------ */

/* What the command will have in its environment. */
static enum bulla_lookup_state find(const struct run_compose *run, struct bulla_bytes name,
                                    struct bulla_bytes *ret_value)
{
    enum bulla_lookup_state state = run->gives_every_name || !run_name_is_for_file(name)
                                        ? bulla_values_lookup(run->values, name, ret_value)
                                        : BULLA_LOOKUP_UNSET;
    return state != BULLA_LOOKUP_UNSET ? state : workspace_env_lookup(NULL, name, ret_value);
}

static enum bulla_lookup_state lookup(void *ctx, struct bulla_bytes name,
                                      struct bulla_bytes *ret_value)
{
    return find(ctx, name, ret_value);
}

/* As Compose will: from where we are. NULL with ERR set where it cannot be read. */
static const struct bulla_project *load_called(struct run_compose *run, struct bulla_error *err)
{
    bulla_auto_str here = getcwd(NULL, 0);
    if (here == NULL) {
        (void)bulla_error_sys(err, NULL, "cannot tell which folder this is");
        return NULL;
    }
    bulla_auto_str output = workspace_project_path(run->ws, run->ws->environment->output, err);
    bulla_auto_str rendered = output != NULL ? bulla_path_join(here, output, err) : NULL;
    if (rendered == NULL) {
        return NULL;
    }
    const struct bulla_project_options options = {.directory = here,
                                                  .files = run->files.items,
                                                  .file_count = run->files.count,
                                                  .project_directory = run->project_directory,
                                                  .env_files = run->env_files.items,
                                                  .env_file_count = run->env_files.count,
                                                  .profiles = run->profiles.items,
                                                  .profile_count = run->profiles.count,
                                                  .environment = lookup,
                                                  .environment_ctx = run,
                                                  .rendered = rendered};
    return bulla_project_load(&options, err);
}

bool run_compose_load(struct run_compose *run, const struct bulla_project **ret_project,
                      struct bulla_error *err)
{
    if (!run->is_loaded) {
        run->project = run->is_call ? load_called(run, err) : NULL;
        run->is_called = run->project != NULL;
        if (run->is_call && run->project == NULL && !is_passing(err)) {
            return false;
        }
        if (run->project == NULL) {
            run->project = workspace_load_project(run->ws, bulla_values_lookup, run->values, err);
        }
        if (run->project == NULL && !is_passing(err)) {
            return false;
        }
        run->is_loaded = true;
    }
    *ret_project = run->project;
    return true;
}

/* --- which services it starts ----------------------------------------------------------------- */

static bool has_profile(const struct bulla_project_service *service, const char *profile)
{
    for (size_t i = 0; i < service->profile_count; i++) {
        if (strcmp(service->profiles[i], profile) == 0) {
            return true;
        }
    }
    return false;
}

/* Compose starts a service that is called by its name with all its profiles. */
static bool is_named_with(const struct run_compose *run, const char *profile)
{
    for (const char *const *at = run->words; at != NULL && *at != NULL; at++) {
        const struct bulla_project_service *named = bulla_project_find_service(run->project, *at);
        if (named != NULL && has_profile(named, profile)) {
            return true;
        }
    }
    return false;
}

/* A program that calls Compose hands COMPOSE_PROFILES on, whatever the environment's are. */
static bool is_in_environment(const struct run_compose *run, const char *profile)
{
    struct bulla_bytes list;
    if (run->is_called ||
        find(run, bulla_bytes_of("COMPOSE_PROFILES"), &list) != BULLA_LOOKUP_SET) {
        return false;
    }
    for (size_t at = 0; at < list.len;) {
        struct bulla_bytes rest = bulla_bytes_slice(list, at, list.len);
        const uint8_t *comma = memchr(rest.data, ',', rest.len);
        size_t len = comma != NULL ? (size_t)(comma - rest.data) : rest.len;
        struct bulla_bytes one = bulla_bytes_slice(rest, 0, len);
        while (one.len > 0 && one.data[0] == ' ') {
            one = bulla_bytes_slice(one, 1, one.len);
        }
        while (one.len > 0 && one.data[one.len - 1] == ' ') {
            one.len--;
        }
        if (bulla_bytes_are(one, profile) || bulla_bytes_are(one, "*")) {
            return true;
        }
        at += len + 1;
    }
    return false;
}

static bool is_asked_for(const struct run_compose *run, const char *profile)
{
    for (size_t i = 0; i < run->profiles.count; i++) {
        const char *one = run->profiles.items[i];
        if (strcmp(one, profile) == 0 || strcmp(one, "*") == 0) {
            return true;
        }
    }
    return is_in_environment(run, profile) || is_named_with(run, profile);
}

bool run_compose_starts(const struct run_compose *run, const struct bulla_project_service *service)
{
    bool starts = service->active;
    for (size_t i = 0; !starts && i < service->profile_count; i++) {
        starts = is_asked_for(run, service->profiles[i]);
    }
    return starts;
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

/* FOUND, which Compose takes, is NULL where it cannot be read. */
static bool warn_of_files(const struct workspace *ws, const struct bulla_project *found,
                          const struct bulla_project *meant, struct bulla_error *err)
{
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

static void warn_of_absent(const struct run_compose *run, const char *path)
{
    const struct workspace *ws = run->ws;
    const struct bulla_project *project = run->project;
    char flag[48];
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t k = 0; k < service->read_count; k++) {
            if (service->reads[k].rendered && run_compose_starts(run, service)) {
                message_warn(ws->in, "%s, which '%s' reads, is not there", path, service->name);
                message_hint(ws->in, "bulla render%s", workspace_env_flag(ws, flag));
                return;
            }
        }
    }
}

static bool warn_if_open(const struct run_compose *run, struct bulla_error *err)
{
    bulla_auto_project meant =
        workspace_load_project(run->ws, bulla_values_lookup, run->values, err);
    if (meant == NULL) {
        return is_passing(err);
    }
    return warn_of_files(run->ws, run->is_called ? run->project : NULL, meant, err);
}

bool run_compose_warn(struct run_compose *run, struct bulla_error *err)
{
    const struct workspace *ws = run->ws;
    if (!run->is_call) {
        return true;
    }
    const struct bulla_value *chosen = bulla_values_find(run->values, "COMPOSE_FILE");
    bool is_chosen = env_lookup("COMPOSE_FILE") != NULL ||
                     (run->gives_every_name && chosen != NULL && chosen->state == BULLA_VALUE_SET);
    bool is_placed = run->files.count > 0 || run->project_directory != NULL;
    bool is_open = !is_placed && !is_chosen && ws->environment->compose[0] != NULL;
    const struct bulla_project *project = NULL;
    bulla_auto_str path = workspace_project_path(ws, ws->environment->output, err);
    if (path == NULL) {
        return false;
    }
    bool is_absent = access(path, F_OK) != 0;
    if ((is_open || is_absent) && !run_compose_load(run, &project, err)) {
        return false;
    }
    if (is_absent && project != NULL) {
        warn_of_absent(run, path);
    }
    return !is_open || warn_if_open(run, err);
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
