#include "kept.h"

#include "bulla/infer.h"
#include "message.h"

#define NAMES_MAX 65536

void kept_init(struct kept *kept)
{
    bulla_buf_init(&kept->unknown, NAMES_MAX);
    bulla_buf_init(&kept->unset, NAMES_MAX);
    bulla_buf_init(&kept->gone, NAMES_MAX);
    kept->left = (struct left_over){0};
    kept->is_left_gone = false;
}

void kept_release(struct kept *kept)
{
    bulla_buf_release(&kept->unknown);
    bulla_buf_release(&kept->unset);
    bulla_buf_release(&kept->gone);
    left_over_release(&kept->left);
}

static void add(struct bulla_buf *names, const char *name)
{
    bulla_buf_printf(names, "%s%s", bulla_buf_view(names).len > 0 ? ", " : "", name);
}

bool kept_note(void *ctx, const char *name, bool known, struct bulla_error *err)
{
    struct kept *kept = ctx;
    (void)err;
    if (!known && bulla_name_chooses_files(name)) {
        return true; /* bulla.ini has no use for it, and without it the stack is another one */
    }
    add(known ? &kept->unset : &kept->unknown, name);
    return true;
}

void kept_note_gone(struct kept *kept, const char *name)
{
    if (left_over_owner(&kept->left, name) != NULL) {
        kept->is_left_gone = true;
        return;
    }
    add(&kept->gone, name);
}

/* One line for each environment that they are of. */
static bool say_left(const struct left_over *left, const struct workspace *ws, const char *path,
                     struct bulla_error *err)
{
    char flag[48];
    for (size_t i = 0; i < left->count; i++) {
        const char *owner = left->owners[i];
        bulla_auto_buf names;
        bulla_buf_init(&names, NAMES_MAX);
        for (size_t k = 0; k < left->count && (k >= i || left->owners[k] != owner); k++) {
            if (left->owners[k] == owner) {
                add(&names, left->names[k]);
            }
        }
        const char *text = bulla_buf_text(&names, err);
        if (text == NULL) {
            return false;
        }
        if (text[0] != '\0') {
            message_warn(ws->in, "gone from %s, the values of '%s', which '%s' has none for: %s",
                         path, owner, ws->environment->name, text);
            message_hint(ws->in, "bulla set%s NAME gives one here", workspace_env_flag(ws, flag));
        }
    }
    return true;
}

bool kept_say(struct kept *kept, const struct workspace *ws, const char *path,
              struct bulla_error *err)
{
    char flag[48];
    const char *unknown = bulla_buf_text(&kept->unknown, err);
    const char *unset = unknown != NULL ? bulla_buf_text(&kept->unset, err) : NULL;
    const char *gone = unset != NULL ? bulla_buf_text(&kept->gone, err) : NULL;
    if (gone == NULL) {
        return false;
    }
    if (unknown[0] != '\0') {
        message_warn(ws->in, "%s keeps what bulla.ini does not have: %s", path, unknown);
        message_hint(ws->in, "give each a section, or delete its line");
    }
    if (unset[0] != '\0') {
        message_warn(ws->in, "%s keeps what has no value in bulla: %s", path, unset);
        message_hint(ws->in, "bulla set%s NAME takes it over; else delete its line",
                     workspace_env_flag(ws, flag));
    }
    if (gone[0] != '\0') {
        message_warn(ws->in, "gone from %s, the vault still has the values: %s", path, gone);
    }
    return !kept->is_left_gone || say_left(&kept->left, ws, path, err);
}
