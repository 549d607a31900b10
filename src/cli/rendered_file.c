#include "rendered_file.h"

#include <stdio.h>
#include <string.h>

#include "message.h"
#include "rivals.h"

#define MAX_FILES_BYTES 128 /* of a hint */

/* Nothing of the file is a reason to fail here; only memory is. */
static bool is_fatal(struct bulla_error *err)
{
    bool is_fatal = err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG;
    if (!is_fatal) {
        bulla_error_clear(err);
    }
    return is_fatal;
}

/* --- whose it is ------------------------------------------------------------------------------ */

/* How many of VALUES differ in the file, and whether it has anything that may be another's. */
static bool is_suspect(struct rendered_file *ret, const struct bulla_values *values,
                       const struct bulla_dotenv *file)
{
    bool is_left = false;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        struct bulla_bytes text;
        if (bulla_rendered_differs(values, value, file)) {
            ret->old = ret->old_count == 0 ? value->variable.name : ret->old;
            ret->old_count++;
            bool is_gone = value->state == BULLA_VALUE_UNSET;
            ret->gone = ret->gone == NULL && is_gone ? value->variable.name : ret->gone;
        }
        is_left = is_left || bulla_rendered_is_left(values, value, file, &text);
    }
    return is_left || ret->old_count > 0;
}

bool rendered_file_look(struct rendered_file *ret, struct workspace *ws,
                        const struct bulla_values *values, enum bulla_env_format format,
                        struct bulla_bytes text, const char *name, struct bulla_error *err)
{
    *ret = (struct rendered_file){.format = format};
    bulla_auto_dotenv file = bulla_rendered_read(format, text, name, err);
    if (file == NULL && is_fatal(err)) {
        return false;
    }
    if (text.len == 0 || (file != NULL && !is_suspect(ret, values, file))) {
        return true;
    }
    struct rivals rivals;
    struct bulla_rendered_owner owner;
    rivals_init(&rivals, ws, true);
    bool ok = bulla_rendered_find_owner(&owner, &rivals.all, values, text, name, err);
    ret->owner = ok && owner.owner != NULL ? owner.owner->name : NULL;
    ret->rival = ok && owner.rival != NULL ? owner.rival->name : NULL;
    if (ok && owner.is_other_format) {
        (void)bulla_env_format_find(owner.owner->format, &ret->format);
    }
    /* What is only left under other names may be anybody's. */
    bool is_wrong = ret->old_count > 0 || (file == NULL && format <= BULLA_ENV_DOCKER);
    ret->is_unsure = ok && owner.is_unsure && is_wrong;
    bulla_rendered_owner_release(&owner);
    rivals_release(&rivals);
    return ok;
}

void rendered_file_say_replaced(const struct rendered_file *was, const struct workspace *ws,
                                const char *path)
{
    if (was->owner != NULL) {
        message_note(ws->in, "%s: held the values of '%s'; bulla render -e %s writes them again",
                     path, was->owner, was->owner);
    } else if (was->is_unsure) {
        message_note(ws->in,
                     "%s: may have held the values of '%s'; bulla render -e %s writes them again",
                     path, was->rival, was->rival);
    }
}

/* --- who reads it ----------------------------------------------------------------------------- */

/* The name of a service that the command starts and that reads the file at PATH, or NULL. */
static const char *find_reader(const struct run_compose *run, const char *path)
{
    for (size_t i = 0; i < run->project->service_count; i++) {
        const struct bulla_project_service *service = run->project->services[i];
        for (size_t k = 0; k < service->read_count; k++) {
            if (bulla_project_reads(&service->reads[k], path) && run_compose_starts(run, service)) {
                return service->name;
            }
        }
    }
    return NULL;
}

static bool refuse(const struct workspace *ws, const struct rendered_file *file, const char *reader,
                   struct bulla_error *err)
{
    const char *name = ws->environment->output;
    char flag[48];
    if (file->owner != NULL) {
        (void)bulla_error_at(err, BULLA_E_REFUSED, name, (struct bulla_pos){0, 0},
                             "holds the values of '%s', and '%s' reads it", file->owner, reader);
    } else {
        (void)bulla_error_at(err, BULLA_E_REFUSED, name, (struct bulla_pos){0, 0},
                             "is out of date or of '%s', and '%s' reads it", file->rival, reader);
    }
    return bulla_error_hint(err, "bulla render%s; --any-env-file starts the command all the same",
                            workspace_env_flag(ws, flag));
}

/* READER is NULL where no service says that it reads the file; Compose reads `.env` by itself. */
static void warn(const struct workspace *ws, const struct rendered_file *file, const char *reader)
{
    const char *output = ws->environment->output;
    char flag[48];
    char more[32] = "";
    if (file->old_count > 1) {
        (void)snprintf(more, sizeof more, " and %zu more", file->old_count - 1);
    }
    if (reader == NULL && file->owner == NULL) {
        message_warn(ws->in, "%s has '%s', which is unset, and Compose takes it from there", output,
                     file->gone);
    } else if (reader == NULL) {
        message_warn(ws->in, "%s holds the values of '%s'", output, file->owner);
    } else {
        message_warn(ws->in, "%s is out of date (%s%s), and '%s' reads it", output, file->old, more,
                     reader);
    }
    message_hint(ws->in, "bulla render%s", workspace_env_flag(ws, flag));
}

/* Looks at what the output has, where it is there and can be read. */
static bool look_at_output(struct rendered_file *ret, struct workspace *ws,
                           const struct bulla_values *values, const char *path,
                           struct bulla_error *err)
{
    enum bulla_env_format format = BULLA_ENV_COMPOSE;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_OUTPUT_BYTES);
    if (!bulla_file_is_regular(path) || !bulla_env_format_find(ws->environment->format, &format)) {
        return true;
    }
    if (!bulla_file_read(path, BULLA_MAX_OUTPUT_BYTES, &text, err)) {
        return !is_fatal(err);
    }
    return rendered_file_look(ret, ws, values, format, bulla_buf_view(&text), path, err);
}

/* " -f FILE" for each file that the command names, short enough for a hint; owned. */
static char *name_files(const struct run_compose *run, struct bulla_error *err)
{
    bulla_auto_buf words;
    bulla_buf_init(&words, MAX_FILES_BYTES);
    for (size_t i = 0; run->is_called && i < run->files.count; i++) {
        bulla_buf_puts(&words, " -f ");
        bulla_buf_put_word(&words, run->files.items[i]);
    }
    const char *text = bulla_buf_text(&words, err);
    if (text == NULL && err->code == BULLA_E_LIMIT) {
        bulla_error_clear(err);
        text = " with the same -f";
    }
    return text != NULL ? bulla_strdup(text, err) : NULL;
}

static bool refuse_foreign(const struct run_compose *run, const struct bulla_environment *other,
                           const char *reader, struct bulla_error *err)
{
    char flag[48];
    bulla_auto_str files = name_files(run, err);
    if (files == NULL) {
        return false;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, other->output, (struct bulla_pos){0, 0},
                         "is rendered for '%s', and '%s' reads it", other->name, reader);
    return bulla_error_hint(err,
                            "bulla check%s%s says where; --any-env-file starts the command all "
                            "the same",
                            workspace_env_flag(run->ws, flag), files);
}

/* Refuses where a service reads what another environment is rendered to, and this one is not. */
static bool check_foreign(const struct workspace *ws, const struct run_compose *run,
                          const char *own, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_contract_environment_count(ws->contract); i++) {
        struct workspace at = *ws;
        at.environment = bulla_contract_environment(ws->contract, i);
        bulla_auto_str path = workspace_project_path(&at, at.environment->output, err);
        if (path == NULL) {
            return false;
        }
        const char *reader = at.environment != ws->environment && bulla_file_is_regular(path) &&
                                     !bulla_file_is_same(path, own)
                                 ? find_reader(run, path)
                                 : NULL;
        if (reader != NULL) {
            return refuse_foreign(run, at.environment, reader, err);
        }
    }
    return true;
}

/* True where another environment's file lies there, so that the compose files have to be read. */
static bool has_foreign(const struct workspace *ws, bool *ret_has, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_contract_environment_count(ws->contract); i++) {
        struct workspace at = *ws;
        at.environment = bulla_contract_environment(ws->contract, i);
        if (at.environment == ws->environment ||
            bulla_environment_shares_output(at.environment, ws->environment)) {
            continue;
        }
        bulla_auto_str path = workspace_project_path(&at, at.environment->output, err);
        if (path == NULL) {
            return false;
        }
        *ret_has = *ret_has || bulla_file_is_regular(path);
    }
    return true;
}

static bool judge_output(const struct workspace *ws, const struct rendered_file *file,
                         const char *reader, struct bulla_error *err)
{
    bool is_wrong = file->owner != NULL || file->is_unsure;
    if (reader != NULL && is_wrong) {
        return refuse(ws, file, reader, err);
    }
    bool is_default = strcmp(bulla_path_base(ws->environment->output), ".env") == 0;
    if (file->owner != NULL || (reader != NULL && file->old_count > 0) ||
        (is_default && file->gone != NULL)) {
        warn(ws, file, reader);
    }
    return true;
}

bool rendered_file_check_readers(struct workspace *ws, struct run_compose *run, bool any_file,
                                 struct bulla_error *err)
{
    struct rendered_file file = {0};
    bool is_looked_at = false;
    if (any_file) {
        return true;
    }
    bulla_auto_str path = workspace_project_path(ws, ws->environment->output, err);
    if (path == NULL || !look_at_output(&file, ws, run->values, path, err) ||
        !has_foreign(ws, &is_looked_at, err)) {
        return false;
    }
    if (!is_looked_at && file.old_count == 0 && file.owner == NULL && !file.is_unsure) {
        return true;
    }
    const struct bulla_project *project = NULL;
    if (!run_compose_load(run, &project, err)) {
        return false;
    }
    const char *reader = project != NULL ? find_reader(run, path) : NULL;
    return judge_output(ws, &file, reader, err) &&
           (project == NULL || check_foreign(ws, run, path, err));
}
