/* Ignore files: git's and Docker's. */
#include <string.h>
#include <sys/stat.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "fix/fix_internal.h"

#include "base/banned.h"

/*
 * True where PATTERN (LEN bytes, "!" left out) is about PATH. Only plain names and a star at the
 * end are understood: what else stands there can cost a line too many, never one too few.
 */
static bool matches(const char *pattern, size_t len, enum bulla_ignore_reader reader,
                    const char *path)
{
    bool is_anchored = len > 0 && pattern[0] == '/';
    pattern += is_anchored;
    len -= is_anchored;
    bool is_whole = is_anchored || reader == BULLA_IGNORE_DOCKER ||
                    (len > 0 && memchr(pattern, '/', len) != NULL);
    const char *subject = is_whole ? path : bulla_path_base(path);
    bool has_star = len > 1 && pattern[len - 1] == '*';
    size_t fixed = has_star ? len - 1 : len;
    if (len == 0 || memchr(pattern, '*', fixed) != NULL || strncmp(subject, pattern, fixed) != 0) {
        return false;
    }
    return has_star ? strchr(subject + fixed, '/') == NULL : subject[fixed] == '\0';
}

/* The last line of TEXT that is about PATH decides. */
static bool is_ignored(const char *text, enum bulla_ignore_reader reader, const char *path)
{
    bool is_in = false;
    for (const char *line = text; *line != '\0';) {
        size_t len = strcspn(line, "\r\n");
        bool takes_back = line[0] == '!';
        if (line[0] != '#' && matches(line + takes_back, len - takes_back, reader, path)) {
            is_in = !takes_back;
        }
        line += len;
        line += strspn(line, "\r\n");
    }
    return is_in;
}

/* "\r\n" where the first line of TEXT ends so. */
static const char *line_end(const char *text)
{
    const char *lf = strchr(text, '\n');
    return lf != NULL && lf > text && lf[-1] == '\r' ? "\r\n" : "\n";
}

bool bulla_ignore_add(struct bulla_buf *text, enum bulla_ignore_reader reader, const char *path,
                      const char *heading, bool *ret_added, struct bulla_error *err)
{
    const char *present = bulla_buf_text(text, err);
    *ret_added = false;
    if (present == NULL || is_ignored(present, reader, path)) {
        return present != NULL;
    }
    const char *end = line_end(present);
    size_t len = strlen(present);
    const char *anchor = reader == BULLA_IGNORE_GIT ? "/" : "";
    if (len > 0 && present[len - 1] != '\n') {
        bulla_buf_puts(text, end);
    }
    if (heading != NULL) {
        bulla_buf_puts(text, heading);
        bulla_buf_puts(text, end);
    }
    const char *const parts[] = {anchor, path, end, anchor, path, ".tmp-*", end};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        bulla_buf_puts(text, parts[i]);
    }
    *ret_added = true;
    return bulla_buf_ok(text, err);
}

static bool is_link(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static bool is_outside(const char *name)
{
    return name[0] == '/' || strncmp(name, "../", 3) == 0;
}

/* Adds SUBJECT, which FINDING is about, to the ignore file NAME, which PATH opens. */
static bool ignore_in(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                      const char *subject, const char *name, const char *path,
                      enum bulla_ignore_reader reader, struct bulla_error *err)
{
    struct file *file = NULL;
    if (is_link(path)) {
        return plan_leave(plan, finding, err, "%s is a symbolic link: nothing is added to it",
                          name);
    }
    if (!fixed_file_open(plan, name, path, &file, err)) {
        return false;
    }
    bulla_auto_buf text;
    bool is_added = false;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (!fixed_file_finish(file, err)) {
        return false;
    }
    bool is_first = file->edits.count == 0;
    size_t len = file->info.after.len;
    bulla_buf_add_bytes(&text, file->info.after);
    if (!bulla_ignore_add(&text, reader, subject, is_first ? BULLA_IGNORE_HEADING : NULL, &is_added,
                          err)) {
        return false;
    }
    if (!is_added && !is_first) {
        return true; /* by the line of another finding */
    }
    if (!is_added) {
        return plan_leave(plan, finding, err, "%s names it, and another ignore file takes it back",
                          name);
    }
    struct bulla_bytes whole = bulla_buf_view(&text);
    return fixed_file_edit(plan, file, bulla_buf_view(&file->before).len, 0,
                           bulla_bytes_slice(whole, len, whole.len), err) &&
           plan_add(plan, BULLA_FIX_TEXT, finding, name, "ignores the file", err);
}

bool fix_gitignore(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                   struct bulla_error *err)
{
    static const char name[] = ".gitignore";
    if (finding->file == NULL) {
        return true;
    }
    if (is_outside(finding->file)) {
        return plan_leave(plan, finding, err, "it lies outside of this folder and its %s", name);
    }
    const char *path = pool_printf(plan->pool, err, "%s/%s", plan->input->checked->root, name);
    return path != NULL &&
           ignore_in(plan, finding, finding->file, name, path, BULLA_IGNORE_GIT, err);
}

bool fix_dockerignore(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                      struct bulla_error *err)
{
    if (finding->line == NULL || finding->line_file == NULL) {
        return true;
    }
    const char *name = fixed_file_name(plan, finding->line_file);
    return is_outside(name) ? plan_leave(plan, finding, err, "%s lies outside of this folder", name)
                            : ignore_in(plan, finding, finding->line, name, finding->line_file,
                                        BULLA_IGNORE_DOCKER, err);
}
