#include "patch.h"

#include <string.h>

#include "bulla/mem.h"
#include "bulla/text.h"
#include "hide.h"

#define CONTEXT 3

/* Lines FIRST to END (behind the last) of the old text become bytes FROM to TO of the new one. */
struct region {
    size_t first;
    size_t end;
    size_t from;
    size_t to;
};

struct patch {
    struct output *out;
    const struct bulla_fix_file *file;
    struct hider hider;
    size_t *lines; /* where each line of the old text begins; behind the last: its length */
    size_t line_count;
    struct region *regions;
    size_t region_count;
    struct bulla_error *err;
};

static bool index_lines(struct patch *patch)
{
    struct bulla_bytes text = patch->file->before;
    size_t cap = 0;
    for (size_t at = 0;;) {
        if (!bulla_grow(&patch->lines, &cap, patch->line_count + 1, sizeof *patch->lines,
                        patch->err)) {
            return false;
        }
        patch->lines[patch->line_count] = at;
        if (at == text.len) {
            return true;
        }
        patch->line_count++;
        const uint8_t *lf = memchr(text.data + at, '\n', text.len - at);
        at = lf != NULL ? (size_t)(lf - text.data) + 1 : text.len;
    }
}

/* The line that OFFSET of the old text lies in; behind its last LF the number of lines. */
static size_t line_of(const struct patch *patch, size_t offset)
{
    size_t low = 0;
    size_t high = patch->line_count + 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (patch->lines[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* What EDIT adds behind a last line without a line end; 0, or the bytes that end that line. */
static size_t tail_break(const struct patch *patch, const struct bulla_fix_edit *edit)
{
    struct bulla_bytes before = patch->file->before;
    if (!patch->file->is_env || edit->offset != before.len || before.len == 0 ||
        before.data[before.len - 1] == '\n') {
        return 0;
    }
    return bulla_bytes_start(edit->text, "\r\n") ? 2 : bulla_bytes_start(edit->text, "\n");
}

/* The lines that EDIT touches: none where it puts whole lines between two. */
static void touch(const struct patch *patch, const struct bulla_fix_edit *edit, size_t *ret_first,
                  size_t *ret_end)
{
    struct bulla_bytes before = patch->file->before;
    bool is_at_start = edit->offset == 0 || before.data[edit->offset - 1] == '\n';
    bool is_whole = edit->text.len > 0 && edit->text.data[edit->text.len - 1] == '\n';
    *ret_first = line_of(patch, edit->offset);
    *ret_end = *ret_first;
    if (edit->len == 0 && ((is_at_start && is_whole) || tail_break(patch, edit) > 0)) {
        return;
    }
    if (*ret_first == patch->line_count && *ret_first > 0) {
        --*ret_first; /* at the end of a text without a final line end */
    }
    *ret_end = line_of(patch, edit->offset + edit->len) + 1;
    *ret_end = *ret_end > patch->line_count ? patch->line_count : *ret_end;
}

static bool find_regions(struct patch *patch)
{
    size_t cap = 0;
    size_t added = 0; /* bytes of the edits so far … */
    size_t gone = 0;  /* … and of what they replace */
    for (size_t i = 0; i < patch->file->edit_count; i++) {
        const struct bulla_fix_edit *edit = &patch->file->edits[i];
        size_t first = 0;
        size_t end = 0;
        touch(patch, edit, &first, &end);
        struct region *last =
            patch->region_count > 0 ? &patch->regions[patch->region_count - 1] : NULL;
        if (last == NULL || first > last->end || (first == last->end && first != end)) {
            if (!bulla_grow(&patch->regions, &cap, patch->region_count + 1, sizeof *patch->regions,
                            patch->err)) {
                return false;
            }
            last = &patch->regions[patch->region_count++];
            *last = (struct region){
                .first = first,
                .from = patch->lines[first] + added - gone + tail_break(patch, edit),
            };
        }
        added += edit->text.len;
        gone += edit->len;
        last->end = end > last->end ? end : last->end;
        last->to = patch->lines[last->end] + added - gone;
    }
    return true;
}

static size_t count_lines(struct bulla_bytes text)
{
    size_t count = text.len > 0 && text.data[text.len - 1] != '\n';
    for (size_t i = 0; i < text.len; i++) {
        count += text.data[i] == '\n';
    }
    return count;
}

static struct bulla_bytes old_lines(const struct patch *patch, size_t first, size_t end)
{
    return bulla_bytes_slice(patch->file->before, patch->lines[first],
                             patch->lines[end] - patch->lines[first]);
}

static struct bulla_bytes new_lines(const struct patch *patch, const struct region *region)
{
    return bulla_bytes_slice(patch->file->after, region->from, region->to - region->from);
}

/* Writes the lines of TEXT behind MARK; with IS_SILENT it only follows what is inside of what. */
static bool write_lines(struct patch *patch, const char *mark, enum style style,
                        struct bulla_bytes text, bool is_silent)
{
    for (size_t at = 0; at < text.len;) {
        const uint8_t *lf = memchr(text.data + at, '\n', text.len - at);
        size_t end = lf != NULL ? (size_t)(lf - text.data) : text.len;
        bool has_cr = lf != NULL && end > at && text.data[end - 1] == '\r';
        bulla_auto_str line =
            hide_line(&patch->hider, bulla_bytes_slice(text, at, end - at - has_cr), patch->err);
        if (line == NULL) {
            return false;
        }
        at = lf != NULL ? end + 1 : end;
        if (is_silent) {
            continue;
        }
        bulla_auto_str marked = bulla_asprintf(patch->err, "%s%s", mark, line);
        if (marked == NULL) {
            return false;
        }
        output_styled(patch->out, style, marked);
        output_text(patch->out, has_cr ? "\r\n" : "\n");
        if (lf == NULL) {
            output_text(patch->out, "\\ No newline at end of file\n");
        }
    }
    return true;
}

/* Old and new lines begin in the same surroundings, and the text goes on behind the old ones. */
static bool write_region(struct patch *patch, const struct region *region)
{
    struct hider before = patch->hider;
    bool ok =
        patch->file->is_env ||
        write_lines(patch, "-", STYLE_ERROR, old_lines(patch, region->first, region->end), false);
    struct hider after = patch->hider;
    patch->hider = before;
    ok = ok && write_lines(patch, "+", STYLE_GOOD, new_lines(patch, region), false);
    patch->hider = after;
    return ok;
}

/* How many regions from INDEX on stand so close that one hunk holds them. */
static size_t hunk_size(const struct patch *patch, size_t index, size_t context)
{
    size_t count = 1;
    while (index + count < patch->region_count &&
           patch->regions[index + count].first - patch->regions[index + count - 1].end <=
               2 * context) {
        count++;
    }
    return count;
}

/* The head of the hunk that shows old lines FIRST to END. */
static void write_hunk_head(struct patch *patch, size_t index, size_t count, size_t first,
                            size_t end)
{
    size_t old_count = end - first;
    size_t new_count = old_count;
    size_t new_first = count_lines(
        bulla_bytes_slice(patch->file->after, 0,
                          patch->regions[index].from -
                              (patch->lines[patch->regions[index].first] - patch->lines[first])));
    for (size_t i = index; i < index + count; i++) {
        const struct region *region = &patch->regions[i];
        new_count += count_lines(new_lines(patch, region));
        new_count -= region->end - region->first;
    }
    bulla_auto_str head =
        bulla_asprintf(patch->err, "@@ -%zu,%zu +%zu,%zu @@", first + (old_count > 0), old_count,
                       new_first + (new_count > 0), new_count);
    output_styled(patch->out, STYLE_NOTE, head != NULL ? head : "@@");
    output_text(patch->out, "\n");
}

/* Writes the hunk of COUNT regions from INDEX on; lines up to *DONE have been passed. */
static bool write_hunk(struct patch *patch, size_t index, size_t count, size_t *done)
{
    size_t context = patch->file->is_env ? 0 : CONTEXT;
    const struct region *region = &patch->regions[index];
    size_t first = region->first > context ? region->first - context : 0;
    size_t end = patch->regions[index + count - 1].end + context;
    end = end > patch->line_count ? patch->line_count : end;
    if (!write_lines(patch, "", STYLE_PLAIN, old_lines(patch, *done, first), true)) {
        return false;
    }
    size_t at = first;
    *done = end;
    write_hunk_head(patch, index, count, first, end);
    for (size_t i = index; i < index + count; i++) {
        region = &patch->regions[i];
        if (!write_lines(patch, " ", STYLE_PLAIN, old_lines(patch, at, region->first), false) ||
            !write_region(patch, region)) {
            return false;
        }
        at = region->end;
    }
    return write_lines(patch, " ", STYLE_PLAIN, old_lines(patch, at, end), false);
}

static void write_head(struct output *out, const char *mark, const char *folder, const char *name,
                       struct bulla_error *err)
{
    bulla_auto_str line = bulla_asprintf(err, "%s %s%s", mark, folder, name);
    if (line != NULL) {
        bulla_text_sanitize(line);
        output_styled(out, STYLE_STRONG, line);
        output_text(out, "\n");
    }
}

static bool write_all(struct patch *patch)
{
    size_t context = patch->file->is_env ? 0 : CONTEXT;
    size_t done = 0;
    write_head(patch->out, "---", patch->file->is_new ? "" : "a/",
               patch->file->is_new ? "/dev/null" : patch->file->name, patch->err);
    write_head(patch->out, "+++", "b/", patch->file->name, patch->err);
    for (size_t i = 0; i < patch->region_count;) {
        size_t count = hunk_size(patch, i, context);
        if (!write_hunk(patch, i, count, &done)) {
            return false;
        }
        i += count;
    }
    return true;
}

bool patch_write(struct output *out, const struct bulla_fix_file *file, struct bulla_error *err)
{
    struct patch patch = {.out = out, .file = file, .err = err};
    bool ok = index_lines(&patch) && find_regions(&patch) && write_all(&patch);
    bulla_free(patch.lines);
    bulla_free(patch.regions);
    return ok;
}
