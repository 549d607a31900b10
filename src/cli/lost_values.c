#include "lost_values.h"

#include "message.h"
#include "rivals.h"

/* Nothing that cannot be read is a reason to fail here; only memory is. */
static bool is_passing(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/* `init` takes what any environment publishes for not set. */
static bool leave_published(const struct lost_values *file, struct bulla_lost *lost,
                            struct bulla_error *err)
{
    const struct workspace *ws = file->ws;
    for (size_t i = 0; lost->count > 0 && i < bulla_contract_environment_count(ws->contract); i++) {
        struct workspace at = *ws;
        at.environment = bulla_contract_environment(ws->contract, i);
        const char *name = at.environment->template_file;
        bulla_auto_str template = name != NULL ? workspace_project_path(&at, name, err) : NULL;
        if (name != NULL && template == NULL) {
            return false;
        }
        bulla_auto_project project = workspace_load_project(&at, NULL, NULL, err);
        if (project == NULL && !is_passing(err)) {
            return false;
        }
        if (!bulla_lost_leave_published(lost, project, template, err)) {
            return false;
        }
    }
    return true;
}

static bool leave_rivals(const struct lost_values *file, struct bulla_lost *lost,
                         struct bulla_error *err)
{
    struct rivals rivals;
    rivals_init(&rivals, file->ws, file->is_output);
    bool ok = bulla_lost_leave_rivals(lost, &rivals.all, err);
    rivals_release(&rivals);
    return ok;
}

static bool refuse(const struct lost_values *file, const struct bulla_lost *lost,
                   struct bulla_error *err)
{
    char flag[48];
    (void)workspace_env_flag(file->ws, flag);
    for (size_t i = 0; i < lost->count; i++) {
        const char *name = lost->items[i]->variable.name;
        if (i > 0) {
            message_error(file->ws->in, err);
            bulla_error_clear(err);
        }
        if (lost->items[i]->variable.role == BULLA_ROLE_DERIVED) {
            (void)bulla_error_at(err, BULLA_E_REFUSED, file->name, bulla_lost_pos(lost, i),
                                 "'%s' has a value here that is not made of what the vault had",
                                 name);
            (void)bulla_error_hint(err,
                                   "'kind = provided' in bulla.ini and bulla set%s %s take it "
                                   "over; bulla render%s --replace ends it",
                                   flag, name, flag);
            continue;
        }
        (void)bulla_error_at(err, BULLA_E_REFUSED, file->name, bulla_lost_pos(lost, i),
                             "'%s' has a value here that the vault never had", name);
        (void)bulla_error_hint(err,
                               "bulla set%s %s takes it over; bulla render%s --replace ends it",
                               flag, name, flag);
    }
    return lost->count == 0;
}

/* What stands in a text that nobody can read is not known to be anywhere else. */
static bool refuse_unread(const struct lost_values *file, struct bulla_error *err)
{
    char flag[48];
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    (void)bulla_error_while(err, "reading what is there, which is not overwritten");
    return bulla_error_hint(err, "put it right, or bulla render%s --replace ends it",
                            workspace_env_flag(file->ws, flag));
}

static bool collect(const struct lost_values *file, const struct bulla_dotenv *entries,
                    struct bulla_lost *ret, struct bulla_error *err)
{
    return entries != NULL ? bulla_lost_collect(ret, file->values, entries, file->wanted, err)
                           : bulla_lost_collect_text(ret, file->values, file->text, err);
}

bool lost_values_refuse(const struct lost_values *file, struct bulla_error *err)
{
    bool is_read = file->format <= BULLA_ENV_DOCKER;
    if (file->text.len == 0) {
        return true;
    }
    bulla_auto_dotenv entries =
        is_read ? bulla_rendered_read(file->format, file->text, file->name, err) : NULL;
    if (is_read && entries == NULL) {
        return refuse_unread(file, err);
    }
    struct bulla_lost lost;
    bool ok = collect(file, entries, &lost, err) && leave_rivals(file, &lost, err) &&
              leave_published(file, &lost, err) && refuse(file, &lost, err);
    bulla_lost_release(&lost);
    return ok;
}
