#include "kept.h"

#include "bulla/infer.h"
#include "message.h"

#define NAMES_MAX 65536

void kept_init(struct kept *kept)
{
    bulla_buf_init(&kept->unknown, NAMES_MAX);
    bulla_buf_init(&kept->unset, NAMES_MAX);
    bulla_buf_init(&kept->gone, NAMES_MAX);
}

void kept_release(struct kept *kept)
{
    bulla_buf_release(&kept->unknown);
    bulla_buf_release(&kept->unset);
    bulla_buf_release(&kept->gone);
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
    add(&kept->gone, name);
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
    return true;
}
