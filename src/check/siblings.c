#include "check/siblings.h"

#include <dirent.h>
#include <string.h>

#include "bulla/compose.h"
#include "bulla/file.h"
#include "bulla/mem.h"

#include "base/banned.h"

#define MAX_BYTES ((size_t)4 * 1024 * 1024)
#define MAX_ENTRIES 10000
#define MAX_ASKED 2000 /* names: each is looked for in all of the text */

static bool is_loaded(const struct bulla_project *project, const char *path)
{
    for (size_t i = 0; i < project->file_count; i++) {
        if (strcmp(project->files[i]->path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* What is too much, or cannot be read, is left out: fewer names are known of then. */
static bool add_file(struct siblings *siblings, const struct bulla_project *project,
                     const char *name, struct bulla_error *err)
{
    bulla_auto_str path = bulla_path_join(project->directory, name, err);
    if (path == NULL) {
        return false;
    }
    size_t before = siblings->text.len;
    /* A pipe or a terminal of that name would be waited for. */
    if (is_loaded(project, path) || MAX_BYTES - before < 2 || !bulla_file_is_regular(path)) {
        return true;
    }
    bulla_buf_putc(&siblings->text, '\0');
    if (bulla_file_read(path, MAX_BYTES - before - 1, &siblings->text, err)) {
        return true;
    }
    bool is_fatal = err->code == BULLA_E_NOMEM;
    if (!is_fatal) {
        bulla_error_clear(err);
    }
    return !is_fatal;
}

static bool is_compose_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return name[0] != '.' && strstr(name, "compose") != NULL && dot != NULL &&
           (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

static void close_dir(DIR **dir)
{
    if (*dir != NULL) {
        (void)closedir(*dir);
    }
}

static bool read_all(struct siblings *siblings, const struct bulla_project *project,
                     struct bulla_error *err)
{
    siblings->is_read = true;
    bulla_buf_init(&siblings->text, MAX_BYTES);
    BULLA_AUTO(close_dir) DIR *dir = opendir(project->directory);
    size_t left = MAX_ENTRIES;
    for (const struct dirent *entry = dir != NULL ? readdir(dir) : NULL; entry != NULL && left > 0;
         entry = readdir(dir)) {
        left--;
        if (is_compose_name(entry->d_name) && !add_file(siblings, project, entry->d_name, err)) {
            return false;
        }
    }
    return true;
}

static bool is_name_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool has_word(struct bulla_bytes text, const char *word)
{
    size_t len = strlen(word);
    const uint8_t *end = text.data + text.len;
    for (const uint8_t *at = text.data; at != NULL && at < end;) {
        at = memmem(at, (size_t)(end - at), word, len);
        if (at == NULL) {
            return false;
        }
        if ((at == text.data || !is_name_byte(at[-1])) &&
            (at + len == end || !is_name_byte(at[len]))) {
            return true;
        }
        while (at < end && is_name_byte(*at)) {
            at++; /* a row of name bytes is one word, looked at once */
        }
    }
    return false;
}

bool siblings_have(struct siblings *siblings, const struct bulla_project *project, const char *name,
                   bool *ret_has, struct bulla_error *err)
{
    *ret_has = false;
    if (!siblings->is_read && !read_all(siblings, project, err)) {
        return false;
    }
    *ret_has = siblings->text.len > 0 && siblings->asked++ < MAX_ASKED &&
               has_word(bulla_buf_view(&siblings->text), name);
    return true;
}

void siblings_release(struct siblings *siblings)
{
    if (siblings->is_read) {
        bulla_buf_release(&siblings->text);
    }
}
