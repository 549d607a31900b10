/* `${X?:m}` becomes `${X:?m}`: B212. */
#include <string.h>

#include "fix/fix_internal.h"

#include "base/banned.h"

/* The offset of POS in FILE's source. */
static size_t offset_of(const struct file *file, struct bulla_pos pos)
{
    struct bulla_bytes text = file->source.text;
    if (pos.line == 0 || pos.line > file->source.line_count) {
        return text.len;
    }
    size_t at = file->source.lines[pos.line - 1];
    for (uint32_t col = 1; col < pos.col && at < text.len; col++) {
        do {
            at++;
        } while (at < text.len && (text.data[at] & 0xc0) == 0x80);
    }
    return at;
}

/* Where in FILE's source the "?:" of the reference at POS stands; false where it is not so there.
 */
static bool find_operator(const struct file *file, const struct bulla_finding *finding,
                          size_t *ret_at)
{
    struct bulla_bytes text = file->source.text;
    struct bulla_bytes rest = bulla_bytes_slice(text, offset_of(file, finding->pos), text.len);
    size_t len = strlen(finding->variable);
    if (!bulla_bytes_start(rest, "${") ||
        !bulla_bytes_start(bulla_bytes_slice(rest, 2, rest.len), finding->variable) ||
        !bulla_bytes_start(bulla_bytes_slice(rest, 2 + len, rest.len), "?:")) {
        return false;
    }
    *ret_at = (size_t)(rest.data - text.data) + 2 + len;
    return true;
}

/* Why what stands behind "?:" leaves open what was meant, or NULL. */
static const char *find_doubt(const struct file *file, size_t at)
{
    struct bulla_bytes text = file->source.text;
    uint8_t next = at + 2 < text.len ? text.data[at + 2] : 0;
    if (next == '-') {
        return "'?:-' may be meant as a default, ':-'";
    }
    if (next == '+') {
        return "'?:+' may be meant as a replacement, ':+'";
    }
    return next == '?' || next == ':' || next == '=' ? "it is more than two swapped characters"
                                                     : NULL;
}

bool fix_operator(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                  struct bulla_error *err)
{
    struct file *file = NULL;
    size_t at = 0;
    if (!fixed_compose_file(plan, finding, &file, err)) {
        return false;
    }
    if (file == NULL || finding->variable == NULL) {
        return true;
    }
    if (!quote_parse(plan, file, err)) {
        return false;
    }
    if (file->is_utf16) {
        return plan_leave(plan, finding, err, "the file is UTF-16");
    }
    if (!find_operator(file, finding, &at)) {
        return plan_leave(plan, finding, err, "it is not written like this in the file");
    }
    const char *doubt = find_doubt(file, at);
    if (doubt != NULL) {
        return plan_leave(plan, finding, err, "%s", doubt);
    }
    file->swaps++;
    return fixed_file_edit(plan, file, at + file->shift, 2, bulla_bytes_of(":?"), err) &&
           plan_add(plan, BULLA_FIX_TEXT, finding, finding->file,
                    "writes the colon before the question mark", err);
}
