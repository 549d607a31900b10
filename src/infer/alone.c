/* What a project's texts say of how a compose file is used. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "infer/survey_internal.h"

#include "base/banned.h"

/* How often the -f of a command stands in LINE, and whether one of them is followed by NAME. */
static size_t count_files(struct bulla_bytes line, const char *name, bool *ret_named)
{
    size_t count = 0;
    size_t len = strlen(name);
    for (size_t at = 0; at + 3 < line.len; at++) {
        struct bulla_bytes rest = bulla_bytes_slice(line, at, line.len);
        if (!bulla_bytes_start(rest, " -f ")) {
            continue;
        }
        count++;
        rest = bulla_bytes_slice(rest, 4, rest.len);
        bool is_name =
            bulla_bytes_start(rest, name) &&
            (rest.len == len || strchr(" `\"'", rest.data[len]) != NULL || rest.data[len] == '\r');
        *ret_named = *ret_named || is_name;
    }
    return count;
}

struct mentions {
    size_t alone;
    size_t together;
};

static bool count_mentions(const char *path, const char *name, bool only_comments,
                           struct mentions *mentions, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_is_regular(path)) {
        return true;
    }
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
        return true;
    }
    struct bulla_bytes all = bulla_buf_view(&text);
    for (size_t at = 0; at < all.len;) {
        struct bulla_bytes rest = bulla_bytes_slice(all, at, all.len);
        const uint8_t *lf = memchr(rest.data, '\n', rest.len);
        struct bulla_bytes line =
            bulla_bytes(rest.data, lf != NULL ? (size_t)(lf - rest.data) : rest.len);
        bool is_named = false;
        size_t count =
            !only_comments || bulla_bytes_start(line, "#") ? count_files(line, name, &is_named) : 0;
        mentions->alone += is_named && count == 1;
        mentions->together += is_named && count > 1;
        at += line.len + 1;
    }
    return true;
}

bool survey_is_named_alone(const struct bulla_survey *survey, const char *file, bool *ret_alone,
                           struct bulla_error *err)
{
    struct mentions mentions = {0, 0};
    const char *name = bulla_path_base(file);
    bulla_auto_str path = bulla_path_join(survey->root, file, err);
    bulla_auto_str readme = bulla_path_join(survey->folder, "README.md", err);
    if (path == NULL || readme == NULL || !count_mentions(path, name, true, &mentions, err) ||
        !count_mentions(readme, name, false, &mentions, err)) {
        return false;
    }
    *ret_alone = mentions.alone > 0 && mentions.together == 0;
    return true;
}
