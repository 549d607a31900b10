/* `bulla render`: an environment's values in the file that their consumer reads. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "chosen_path.h"
#include "comments.h"
#include "kept.h"
#include "lost_values.h"
#include "message.h"
#include "missing.h"
#include "output.h"
#include "rendered_diff.h"
#include "rendered_file.h"
#include "rendered_git.h"
#include "reveal.h"
#include "workspace.h"

#define RENDERED_MODE 0600

struct render_opts {
    const char *output;
    const char *format;
    bool diff;
    bool check;
    bool reveal;
    bool replace;
};

/* The first is what the contract says; the others are the names that bulla_env_format_find knows.
 */
static const char *const formats[] = {
    "contract", "compose", "compose-double", "compose-single", "docker", "systemd",
    "sh",       "github",  "node",           "python",         "ruby",   NULL,
};

static const struct opt options[] = {
    STRING(struct render_opts, output, 'o', "output", "FILE",
           "write there instead; - is standard output", .complete = COMPLETE_FILE),
    CHOICE(struct render_opts, format, '\0', "format", "FORMAT", formats, "the notation"),
    FLAG(struct render_opts, diff, '\0', "diff", "show what would change, without secrets"),
    FLAG(struct render_opts, check, '\0', "check", "fail when the file is out of date"),
    FLAG(struct render_opts, replace, '\0', "replace",
         "also secrets that the file alone has: they are gone then"),
    FLAG(struct render_opts, reveal, '\0', "reveal", "print values to a terminal too"),
    OPTIONS_END,
};

/* One rendering, and the file that it is for. */
struct rendering {
    const struct invocation *in;
    const struct render_opts *opts;
    struct workspace workspace;
    struct bulla_values *values;
    enum bulla_env_format format;
    char *path;
    struct bulla_buf wanted;
    struct bulla_buf on_disk;
    bool exists;
    mode_t mode;
    struct kept kept;
};

static bool choose_format(struct rendering *rendering, struct bulla_error *err)
{
    const char *name = rendering->opts->format;
    if (strcmp(name, formats[0]) == 0) {
        name = rendering->workspace.environment->format;
    }
    if (!bulla_env_format_find(name, &rendering->format)) {
        return bulla_error_at(err, BULLA_E_INVALID, rendering->workspace.contract_path,
                              rendering->workspace.environment->format_pos,
                              "there is no format '%s'", name);
    }
    return true;
}

/* True where the notation is Compose's own: with a template, and read back by it. */
static bool is_compose(const struct rendering *rendering)
{
    return rendering->format <= BULLA_ENV_COMPOSE_UNQUOTED;
}

static bool read_template(const struct rendering *rendering, struct bulla_buf *text,
                          struct bulla_error *err)
{
    const char *name = rendering->workspace.environment->template_file;
    if (name == NULL || !is_compose(rendering)) {
        return true;
    }
    bulla_auto_str path = workspace_project_path(&rendering->workspace, name, err);
    if (path == NULL || !chosen_path_check_template(&rendering->workspace, path, err)) {
        return false;
    }
    if (bulla_file_read(path, BULLA_MAX_TEXT_BYTES, text, err)) {
        return true;
    }
    return err->code == BULLA_E_MISSING
               ? bulla_error_hint(err, "'template' of the environment in %s names it",
                                  rendering->workspace.contract_path)
               : false;
}

static bool fill(struct rendering *rendering, struct bulla_error *err)
{
    struct workspace *ws = &rendering->workspace;
    bool is_partial = rendering->opts->diff;
    rendering->values = workspace_resolve(ws, err);
    if (rendering->values == NULL || (!is_partial && !missing_refuse(ws, rendering->values, err))) {
        return false;
    }
    const struct left_over_file on_disk = {
        .format = rendering->format,
        .text = bulla_buf_view(&rendering->on_disk),
        .name = rendering->path,
        .is_output = rendering->opts->output == NULL,
    };
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!read_template(rendering, &text, err) ||
        (is_compose(rendering) &&
         !left_over_read(&rendering->kept.left, ws, rendering->values, &on_disk, err))) {
        return false;
    }
    struct bulla_render_options render = {
        .format = rendering->format,
        .template_text = bulla_buf_view(&text),
        .template_name = ws->environment->template_file,
        .is_partial = is_partial,
        .old_text = bulla_buf_view(&rendering->on_disk),
        .old_name = rendering->path,
        .kept = kept_note,
        .kept_ctx = &rendering->kept,
        .dropped = rendering->kept.left.names,
        .dropped_count = rendering->kept.left.count,
    };
    return bulla_render(rendering->values, &render, &rendering->wanted, err);
}

static bool choose_path(struct rendering *rendering, struct bulla_error *err)
{
    const struct workspace *ws = &rendering->workspace;
    if (rendering->opts->output != NULL) {
        rendering->path = bulla_strdup(rendering->opts->output, err);
        return rendering->path != NULL;
    }
    rendering->path = workspace_project_path(ws, ws->environment->output, err);
    return rendering->path != NULL && chosen_path_check_output(ws, rendering->path, err);
}

static bool read_on_disk(struct rendering *rendering, struct bulla_error *err)
{
    struct stat status;
    if (stat(rendering->path, &status) != 0) {
        return errno == ENOENT || bulla_error_sys(err, rendering->path, "cannot be looked at");
    }
    if (!S_ISREG(status.st_mode)) {
        return bulla_file_refuse(rendering->path, status.st_mode, err);
    }
    rendering->exists = true;
    rendering->mode = status.st_mode & 07777;
    return bulla_file_read(rendering->path, BULLA_MAX_OUTPUT_BYTES, &rendering->on_disk, err);
}

static bool is_same(const struct rendering *rendering)
{
    return rendering->exists && bulla_secret_bytes_equal(bulla_buf_view(&rendering->on_disk),
                                                         bulla_buf_view(&rendering->wanted));
}

static bool compare(const struct rendering *rendering, struct rendered_diff *diff,
                    struct bulla_error *err)
{
    if (!is_compose(rendering)) {
        (void)bulla_error(err, BULLA_E_USAGE, "only files in Compose's notation can be compared");
        return bulla_error_hint(err, "leave --format out, or --diff");
    }
    return bulla_render_compare(bulla_buf_view(&rendering->on_disk), rendering->path,
                                bulla_buf_view(&rendering->wanted), rendered_diff_note, diff, err);
}

/* What is missing is an error as it is in check; nothing would be written. */
static bool show_difference(struct rendering *rendering, struct bulla_error *err)
{
    struct rendered_diff diff = {.out = rendering->in->out, .values = rendering->values};
    if (!compare(rendering, &diff, err) ||
        !kept_say(&rendering->kept, &rendering->workspace, rendering->path, err)) {
        return false;
    }
    size_t missing = rendered_diff_write_missing(&diff);
    char more[48] = "";
    if (missing > 0) {
        (void)snprintf(more, sizeof more, ", %zu without a value", missing);
    }
    if (rendered_diff_count(&diff) > 0 || missing > 0) {
        message_note(rendering->in, "%s: %zu added, %zu changed, %zu removed%s", rendering->path,
                     diff.added, diff.changed, diff.removed, more);
    } else {
        message_note(rendering->in,
                     is_same(rendering) ? "%s: no difference"
                                        : "%s: no value differs, only the text around them",
                     rendering->path);
    }
    if (missing_refuse(&rendering->workspace, rendering->values, err)) {
        return true;
    }
    message_error(rendering->in, err);
    bulla_error_clear(err);
    return command_refuse(err);
}

/* `--check`: the names that differ, and exit 1 where the file is not what would be written. */
static bool check_on_disk(const struct rendering *rendering, struct bulla_error *err)
{
    if (is_same(rendering)) {
        message_note(rendering->in, "%s: up to date", rendering->path);
        return true;
    }
    struct rendered_diff diff = {.out = rendering->in->out, .values = rendering->values};
    if (rendering->exists && is_compose(rendering) && !compare(rendering, &diff, err)) {
        return false;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, rendering->path, (struct bulla_pos){0, 0}, "%s",
                         !rendering->exists ? "not there"
                         : rendered_diff_count(&diff) > 0
                             ? "out of date"
                             : "out of date: no value differs, only the text around them");
    char flag[48];
    return bulla_error_hint(err, "bulla render%s", workspace_env_flag(&rendering->workspace, flag));
}

static bool refuse_loss(struct rendering *rendering, enum bulla_env_format format,
                        struct bulla_error *err)
{
    const struct lost_values file = {
        .ws = &rendering->workspace,
        .values = rendering->values,
        .format = format,
        .wanted = rendering->format,
        .text = bulla_buf_view(&rendering->on_disk),
        .name = rendering->path,
        .is_output = rendering->opts->output == NULL,
    };
    return lost_values_refuse(&file, err);
}

/* Where there is a template, the comments are its own. */
static bool say_comments(const struct rendering *rendering, struct bulla_error *err)
{
    return !is_compose(rendering) ||
           comments_say_gone(rendering->in, rendering->path, bulla_buf_view(&rendering->on_disk),
                             bulla_buf_view(&rendering->wanted), err);
}

static bool write_file(struct rendering *rendering, struct bulla_error *err)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    struct rendered_diff diff = {.values = rendering->values, .kept = &rendering->kept};
    if (is_same(rendering) && rendering->mode == RENDERED_MODE) {
        message_note(rendering->in, "%s: unchanged", rendering->path);
        return true;
    }
    bool is_compared = is_compose(rendering) && compare(rendering, &diff, &ignored);
    bool is_secret = rendered_git_has_secrets(rendering->values);
    bool is_open = !is_secret && (is_compared || !rendering->exists);
    if (rendering->opts->output == NULL && !is_open &&
        !chosen_path_check_untracked(&rendering->workspace, rendering->path, is_secret, err)) {
        return false;
    }
    struct rendered_file was = {.format = rendering->format};
    if (rendering->opts->output == NULL &&
        !rendered_file_look(&was, &rendering->workspace, rendering->values, rendering->format,
                            bulla_buf_view(&rendering->on_disk), rendering->path, err)) {
        return false;
    }
    /* In the notation of whose it is: in another one its values look like somebody's edits. */
    if (!rendering->opts->replace && !refuse_loss(rendering, was.format, err)) {
        return false;
    }
    if (!bulla_file_replace(rendering->path, RENDERED_MODE, bulla_buf_view(&rendering->wanted),
                            err)) {
        return false;
    }
    if (!is_compared || rendered_diff_count(&diff) == 0) {
        message_note(rendering->in, "%s: written", rendering->path);
    } else if (!rendering->exists) {
        message_note(rendering->in, "%s: written, %zu variable%s", rendering->path, diff.added,
                     diff.added == 1 ? "" : "s");
    } else {
        message_note(rendering->in, "%s: written, %zu added, %zu changed, %zu removed",
                     rendering->path, diff.added, diff.changed, diff.removed);
    }
    rendered_file_say_replaced(&was, &rendering->workspace, rendering->path);
    return say_comments(rendering, err) &&
           kept_say(&rendering->kept, &rendering->workspace, rendering->path, err) &&
           rendered_git_warn(rendering->in, rendering->values, rendering->path, err);
}

static bool deliver(struct rendering *rendering, struct bulla_error *err)
{
    const struct render_opts *opts = rendering->opts;
    bool to_stdout = opts->output != NULL && strcmp(opts->output, "-") == 0;
    if (to_stdout && !opts->diff && !opts->check) {
        return reveal_allow(rendering->in, opts->reveal, err) && fill(rendering, err) &&
               reveal_write(rendering->in, bulla_buf_view(&rendering->wanted), err);
    }
    if (to_stdout) {
        return bulla_error(err, BULLA_E_USAGE, "there is no file to compare with");
    }
    if (!choose_path(rendering, err) || !read_on_disk(rendering, err) || !fill(rendering, err)) {
        return false;
    }
    if (opts->diff) {
        return show_difference(rendering, err);
    }
    return opts->check ? check_on_disk(rendering, err) : write_file(rendering, err);
}

static bool check_opts(const struct render_opts *opts, struct bulla_error *err)
{
    if (opts->diff && opts->check) {
        return bulla_error(err, BULLA_E_USAGE, "--diff and --check do not go together");
    }
    if (opts->replace && (opts->diff || opts->check)) {
        return bulla_error(err, BULLA_E_USAGE, "with --%s nothing is replaced",
                           opts->diff ? "diff" : "check");
    }
    return true;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    struct rendering rendering = {.in = in, .opts = in->opts};
    bulla_buf_init_secret(&rendering.wanted, BULLA_MAX_OUTPUT_BYTES);
    bulla_buf_init_secret(&rendering.on_disk, BULLA_MAX_OUTPUT_BYTES);
    kept_init(&rendering.kept);
    bool ok =
        check_opts(rendering.opts, err) && workspace_open(&rendering.workspace, in, err) &&
        choose_format(&rendering, err) &&
        workspace_open_vault(&rendering.workspace, BULLA_VAULT_READ, WORKSPACE_KEY_REQUIRED, err) &&
        deliver(&rendering, err);
    kept_release(&rendering.kept);
    bulla_buf_release(&rendering.on_disk);
    bulla_buf_release(&rendering.wanted);
    bulla_values_free(rendering.values);
    bulla_free(rendering.path);
    workspace_release(&rendering.workspace);
    return ok;
}

static const struct example examples[] = {
    {"bulla render", "write the .env that Compose reads"},
    {"bulla render -e prod --diff", "which names would change"},
    {"bulla render --check", "in CI: is the file on disk current?"},
    {"bulla render --format systemd -o \"$XDG_RUNTIME_DIR/app.env\"", "for another reader"},
    {NULL, NULL},
};

const struct command cmd_render = {
    .name = "render",
    .summary = "write the values to the file that is read",
    .description =
        "Writes the environment's values to its output file (.env, .env.prod): from the template "
        "where the contract names one, with its comments (those of the file that was there go) and "
        "order, every value quoted so that "
        "Compose reads back the same bytes. The file is replaced at once and whole, has mode 0600, "
        "and stays untouched where nothing changed. Without a template the file that is there "
        "serves as one. A line of it is dropped only where the vault knows its name, or where its "
        "value is that of another environment of this file; every other stays, and is named. Where "
        "the file gives a secret a value that the vault never had, somebody has edited it: nothing "
        "is written then without --replace, and 'bulla set' takes the value over. So it is with a "
        "derived value (of a URL with one, its password) in which no secret stands that the vault "
        "has or had: 'kind = provided' in bulla.ini makes a secret of it, which 'bulla set' takes. "
        "Placeholders, and "
        "what samples and compose files have, may go; where another environment has the same "
        "output and its vault does not open, nobody can tell, and the file is written. In the "
        "formats of systemd, a shell, GitHub, Node, Python and Ruby, which are not read back, a "
        "secret is one that the vault had where each of its lines is as bulla writes it, in "
        "whatever format, and a derived value is judged where it is on one line, without quotes, $ "
        "or \\ in it. A file in one of the other formats with a line that cannot be read stays as "
        "it "
        "is. An output of the contract that git tracks though secrets go into it, or that is none "
        "of the project's own files to write (in .git, a compose file, a link, elsewhere), is "
        "refused. Wherever else secrets are written, a warning says that git tracks the file or "
        "does not ignore it.\n\n"
        "--diff and --check write nothing: + is a name that would be added, ~ changed, - removed. "
        "Of values only the defaults of settings are shown, which bulla.ini has in the clear. "
        "--diff also marks with ! what has no value yet, and ends with 1 then, as 'bulla check' "
        "does. With another format than Compose's there is no template, and no other line stays.",
    .group = GROUP_DEPLOY,
    .opts_size = sizeof(struct render_opts),
    .options = options,
    .examples = examples,
    .see_also = "run, check",
    .flags = COMMAND_PRINTS_SECRETS,
    .without = GLOBAL_FILES,
    .run = run,
};
