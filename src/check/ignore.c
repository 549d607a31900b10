/* Comments that say that a finding is known and meant: read, matched, and themselves checked. */
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "check/families.h"

#include "base/banned.h"

/* One rule of one comment. */
struct ignored {
    const char *id;       /* of the rule; NULL: it names none that there is */
    uint32_t line;        /* that it is about */
    struct bulla_pos pos; /* of the comment */
    bool has_reason;
    bool used;
};

struct ignored_file {
    char *name;
    struct ignored *items; /* by line */
    size_t count;
    size_t cap;
};

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct bulla_bytes skip_blanks(struct bulla_bytes text)
{
    while (text.len > 0 && is_blank(text.data[0])) {
        text = bulla_bytes_slice(text, 1, text.len);
    }
    return text;
}

/* What stands behind WORD, of small letters; false where TEXT does not begin with it in any case.
 */
static bool take_word(struct bulla_bytes *text, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i < len; i++) {
        uint8_t c = i < text->len ? text->data[i] : 0;
        if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != word[i]) {
            return false;
        }
    }
    *text = bulla_bytes_slice(*text, len, text->len);
    return true;
}

/* The comment in LINE: where its "#" stands, and what follows "bulla: ignore". */
static bool find_comment(struct bulla_bytes line, size_t *ret_at, struct bulla_bytes *ret_rest)
{
    for (size_t at = 0; at < line.len; at++) {
        if (line.data[at] != '#' || (at > 0 && !is_blank(line.data[at - 1]))) {
            continue;
        }
        struct bulla_bytes rest = skip_blanks(bulla_bytes_slice(line, at + 1, line.len));
        if (!take_word(&rest, "bulla:")) {
            continue;
        }
        rest = skip_blanks(rest);
        if (take_word(&rest, "ignore") && (rest.len == 0 || is_blank(rest.data[0]))) {
            *ret_at = at;
            *ret_rest = skip_blanks(rest);
            return true;
        }
    }
    return false;
}

static uint32_t column_of(struct bulla_bytes line, size_t at)
{
    uint32_t col = 1;
    for (size_t i = 0; i < at; i++) {
        col += (line.data[i] & 0xC0) != 0x80;
    }
    return col;
}

/* --- reading ---------------------------------------------------------------------------------- */

static const char *find_rule(struct bulla_bytes word)
{
    char name[64];
    if (word.len == 0 || word.len >= sizeof name) {
        return NULL;
    }
    memcpy(name, word.data, word.len);
    name[0] = name[0] == 'b' ? 'B' : name[0]; /* no rule's name begins so */
    name[word.len] = '\0';
    const struct bulla_rule *rule = bulla_rule_find(name);
    return rule != NULL ? rule->id : NULL;
}

/* "B405,B406 the reason": one item for each rule. */
static bool add_items(struct ignored_file *file, struct bulla_bytes rest, uint32_t line,
                      struct bulla_pos pos, struct bulla_error *err)
{
    size_t end = 0;
    while (end < rest.len && !is_blank(rest.data[end])) {
        end++;
    }
    struct bulla_bytes reason = skip_blanks(bulla_bytes_slice(rest, end, rest.len));
    struct bulla_bytes words = bulla_bytes_slice(rest, 0, end);
    do {
        size_t len = 0;
        while (len < words.len && words.data[len] != ',') {
            len++;
        }
        if (!bulla_grow(&file->items, &file->cap, file->count + 1, sizeof *file->items, err)) {
            return false;
        }
        file->items[file->count++] =
            (struct ignored){.id = find_rule(bulla_bytes_slice(words, 0, len)),
                             .line = line,
                             .pos = pos,
                             .has_reason = reason.len > 0};
        words = bulla_bytes_slice(words, len + 1, words.len);
    } while (words.len > 0 && file->count < BULLA_MAX_IGNORES);
    return true;
}

/* Where the items from FIRST on, comments that stand alone, are about LINE. */
static void settle(struct ignored_file *file, size_t first, uint32_t line)
{
    for (size_t i = first; i < file->count; i++) {
        file->items[i].line = line;
    }
}

static bool read_lines(struct ignored_file *file, struct bulla_bytes text, struct bulla_error *err)
{
    size_t waiting = 0; /* items from here on stand alone and wait for their line */
    for (uint32_t number = 1; text.len > 0 && file->count < BULLA_MAX_IGNORES; number++) {
        const uint8_t *lf = memchr(text.data, '\n', text.len);
        size_t len = lf != NULL ? (size_t)(lf - text.data) : text.len;
        struct bulla_bytes line = bulla_bytes_slice(text, 0, len);
        struct bulla_bytes begin = skip_blanks(line);
        text = bulla_bytes_slice(text, len + 1, text.len);
        bool is_alone = begin.len == 0 || begin.data[0] == '#';
        size_t at = 0;
        struct bulla_bytes rest = bulla_bytes(NULL, 0);
        if (!is_alone) {
            settle(file, waiting, number);
        }
        struct bulla_pos pos = {number, 0};
        if (find_comment(line, &at, &rest)) {
            pos.col = column_of(line, at);
            if (!add_items(file, rest, number, pos, err)) {
                return false;
            }
        }
        waiting = is_alone ? waiting : file->count;
    }
    return true;
}

bool ignores_read_text(struct check *check, const char *name, struct bulla_bytes text,
                       struct bulla_error *err)
{
    struct ignores *ignores = &check->ignores;
    struct ignored_file file = {.name = NULL};
    bool ok = read_lines(&file, text, err);
    if (ok && file.count > 0) {
        file.name = bulla_strdup(name, err);
        ok = file.name != NULL && bulla_grow(&ignores->files, &ignores->file_cap,
                                             ignores->file_count + 1, sizeof file, err);
    }
    if (!ok || file.count == 0) {
        bulla_free(file.items);
        bulla_free(file.name);
        return ok;
    }
    ignores->files[ignores->file_count++] = file;
    return true;
}

static bool read_file(struct check *check, const struct bulla_project_file *file,
                      struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    if (bulla_file_read(file->path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return ignores_read_text(check, check_file_name(check, file), bulla_buf_view(&text), err);
    }
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

bool ignores_read_project(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; project != NULL && i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        if (file->kind <= BULLA_PROJECT_EXTENDED && file->read && !read_file(check, file, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use != ENV_OTHER &&
            !ignores_read_text(check, text->name, bulla_buf_view(&text->text), err)) {
            return false;
        }
    }
    return true;
}

/* --- matching --------------------------------------------------------------------------------- */

/* The first item of FILE about LINE or a later one. */
static size_t first_at(const struct ignored_file *file, uint32_t line)
{
    size_t low = 0;
    size_t high = file->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->items[middle].line < line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool ignores_cover(struct check *check, const char *id, const char *file, uint32_t line)
{
    bool covered = false;
    for (size_t i = 0; file != NULL && line > 0 && i < check->ignores.file_count; i++) {
        struct ignored_file *ignored = &check->ignores.files[i];
        if (strcmp(ignored->name, file) != 0) {
            continue;
        }
        size_t at = first_at(ignored, line);
        for (; at < ignored->count && ignored->items[at].line == line; at++) {
            struct ignored *item = &ignored->items[at];
            if (item->has_reason && item->id != NULL && strcmp(item->id, id) == 0) {
                item->used = true;
                covered = true;
            }
        }
    }
    return covered;
}

static bool check_item(struct check *check, const struct ignored_file *file,
                       const struct ignored *item, struct bulla_error *err)
{
    struct place place = {.file = file->name, .pos = item->pos};
    if (item->id == NULL) {
        return check_add(check, RULE_IGNORE_UNCLEAR, &place, NULL, err,
                         "this comment names no rule that there is, and ignores nothing");
    }
    if (!item->has_reason) {
        return check_add(check, RULE_IGNORE_UNCLEAR, &place, NULL, err,
                         "this comment gives no reason, and ignores nothing");
    }
    return item->used || check_add(check, RULE_IGNORE_UNUSED, &place, NULL, err,
                                   "%s finds nothing here that could be ignored", item->id);
}

bool ignores_check(struct check *check, struct bulla_error *err)
{
    for (size_t i = 0; i < check->ignores.file_count; i++) {
        const struct ignored_file *file = &check->ignores.files[i];
        for (size_t j = 0; j < file->count; j++) {
            if (!check_item(check, file, &file->items[j], err)) {
                return false;
            }
        }
    }
    return true;
}

void ignores_release(struct ignores *ignores)
{
    for (size_t i = 0; i < ignores->file_count; i++) {
        bulla_free(ignores->files[i].items);
        bulla_free(ignores->files[i].name);
    }
    bulla_free(ignores->files);
}
