#include "check/files.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/infer.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "check/check_internal.h"

#include "base/banned.h"

#define MAX_BESIDE 64 /* samples and other env files of a folder that are looked at */

static void close_dir(DIR **dir)
{
    if (*dir != NULL) {
        (void)closedir(*dir);
    }
}

static void release_text(struct env_text *text)
{
    bulla_free(text->words);
    bulla_free(text->sorted);
    bulla_dotenv_free(text->entries);
    bulla_buf_release(&text->text);
    bulla_free(text->name);
    bulla_free(text->path);
}

void env_texts_release(struct env_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        release_text(&texts->items[i]);
    }
    bulla_free(texts->items);
}

static int compare_entries(const void *a, const void *b)
{
    const struct bulla_dotenv_entry *left = *(const struct bulla_dotenv_entry *const *)a;
    const struct bulla_dotenv_entry *right = *(const struct bulla_dotenv_entry *const *)b;
    int order = strcmp((const char *)left->name.data, (const char *)right->name.data);
    return order != 0 ? order : (left->start > right->start) - (left->start < right->start);
}

static bool sort_entries(struct env_text *text, struct bulla_error *err)
{
    size_t count = text->entries != NULL ? bulla_dotenv_count(text->entries) : 0;
    if (count == 0) {
        return true;
    }
    text->sorted = bulla_alloc(count, sizeof(const struct bulla_dotenv_entry *), err);
    if (text->sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(text->entries, i);
        if (entry->set && !entry->bare && entry->name.len > 0) {
            text->sorted[text->sorted_count++] = entry;
        }
    }
    qsort(text->sorted, text->sorted_count, sizeof(const struct bulla_dotenv_entry *),
          compare_entries);
    return true;
}

static int compare_words(const void *a, const void *b)
{
    const struct bulla_bytes *left = a;
    const struct bulla_bytes *right = b;
    size_t len = left->len < right->len ? left->len : right->len;
    int order = strncmp((const char *)left->data, (const char *)right->data, len);
    return order != 0 ? order : (left->len > right->len) - (left->len < right->len);
}

/* Words that could be the name of a statement: what stands before an "=" or alone in a line. */
static bool find_words(struct env_text *text, struct bulla_error *err)
{
    struct bulla_bytes view = bulla_buf_view(&text->text);
    size_t cap = 0;
    for (size_t at = 0; at < view.len; at++) {
        /* 0xBF ends a byte order mark, and else no character that a line could begin with. */
        bool begins = at == 0 || strchr(" \t\n\r#\xBF", view.data[at - 1]) != NULL;
        size_t len = 0;
        while (begins && at + len < view.len && strchr("=: \t\n\r#", view.data[at + len]) == NULL) {
            len++;
        }
        if (len == 0 || at + len == view.len || strchr("=: \n\r", view.data[at + len]) == NULL) {
            continue;
        }
        if (!bulla_grow(&text->words, &cap, text->word_count + 1, sizeof *text->words, err)) {
            return false;
        }
        text->words[text->word_count++] = bulla_bytes_slice(view, at, len);
    }
    if (text->word_count > 0) {
        qsort(text->words, text->word_count, sizeof *text->words, compare_words);
    }
    return true;
}

bool env_text_names(const struct env_text *text, const char *name)
{
    struct bulla_bytes key = bulla_bytes_of(name);
    return text->word_count > 0 &&
           bsearch(&key, text->words, text->word_count, sizeof key, compare_words) != NULL;
}

bool env_text_counts(const struct env_text *text, size_t index)
{
    return index + 1 == text->sorted_count ||
           strcmp((const char *)text->sorted[index]->name.data,
                  (const char *)text->sorted[index + 1]->name.data) != 0;
}

const struct bulla_dotenv_entry *env_text_find(const struct env_text *text, const char *name)
{
    size_t low = 0;
    size_t high = text->sorted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp((const char *)text->sorted[middle]->name.data, name) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low > 0 && strcmp((const char *)text->sorted[low - 1]->name.data, name) == 0;
    return is_found ? text->sorted[low - 1] : NULL;
}

static bool is_listed(const struct env_texts *texts, const char *path)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->items[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* What is wrong with a file is said of the project; here it is only not looked into. */
static bool is_passing(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/*
 * As findings name PATH, which TEXT is of: as the project names its file, and what no compose file
 * names, a sample, as a file of the project in the same folder.
 */
static char *name_text(const struct check *check, const struct env_text *text, const char *path,
                       struct bulla_error *err)
{
    if (text->file != NULL) {
        return bulla_strdup(check_file_name(check, text->file), err);
    }
    const struct bulla_project *project = check->input->project;
    const char *base = bulla_path_base(path);
    bool is_above = check_relative_name(check, path) == path;
    for (size_t i = 0; is_above && i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        const char *file_base = bulla_path_base(file->path);
        size_t len = (size_t)(base - path);
        size_t shown = strlen(file->name) - strlen(bulla_path_base(file->name));
        if ((size_t)(file_base - file->path) == len && strncmp(file->path, path, len) == 0) {
            return bulla_asprintf(err, "%.*s%s", (int)shown, file->name, base);
        }
    }
    return bulla_strdup(check_relative_name(check, path), err);
}

/* Reads PATH as TEXT, which says how; takes it over where it could be read. */
static bool add(struct check *check, struct env_text text, const char *path,
                struct bulla_error *err)
{
    struct env_texts *texts = &check->texts;
    if (is_listed(texts, path)) {
        return true;
    }
    bulla_buf_init_secret(&text.text, BULLA_MAX_TEXT_BYTES);
    text.path = bulla_strdup(path, err);
    text.name = name_text(check, &text, path, err);
    bool ok = text.path != NULL && text.name != NULL &&
              bulla_grow(&texts->items, &texts->cap, texts->count + 1, sizeof text, err);
    if (ok && !bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text.text, err)) {
        ok = is_passing(err);
        release_text(&text);
        return ok;
    }
    struct bulla_dotenv_options options = {
        .no_expand = true, .grammar = text.raw ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE};
    if (ok) {
        text.entries = bulla_dotenv_parse(bulla_buf_view(&text.text), text.name, &options, err);
        ok = (text.entries != NULL || is_passing(err)) && sort_entries(&text, err) &&
             (text.use != ENV_SAMPLE || find_words(&text, err));
    }
    if (!ok) {
        release_text(&text);
        return false;
    }
    texts->items[texts->count++] = text;
    return true;
}

/* What the services say of FILE: that it is raw, or what the vault is rendered to. */
static void ask_services(const struct bulla_project *project, const struct bulla_project_file *file,
                         bool *ret_raw, bool *ret_rendered)
{
    *ret_raw = false;
    *ret_rendered = false;
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t k = 0; k < service->env_file_count; k++) {
            const struct bulla_project_env_file *entry = &service->env_files[k];
            if (entry->path != NULL && strcmp(entry->path, file->path) == 0) {
                *ret_raw = *ret_raw || entry->raw;
                *ret_rendered = *ret_rendered || entry->rendered;
            }
        }
    }
}

static bool add_project_files(struct check *check, enum bulla_project_file_kind kind,
                              struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        if (file->kind != kind || !file->read) {
            continue;
        }
        struct env_text text = {.file = file};
        bool is_rendered = false;
        ask_services(project, file, &text.raw, &is_rendered);
        text.use = kind == BULLA_PROJECT_ENV ? ENV_PROJECT : ENV_SERVICE;
        text.raw = text.raw && text.use == ENV_SERVICE;
        if (!is_rendered && !add(check, text, file->path, err)) {
            return false;
        }
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of DIRECTORY's sample and env files, sorted; at most MAX_BESIDE. */
static bool list_folder(const char *directory, char *names[static MAX_BESIDE], size_t *count,
                        struct bulla_error *err)
{
    BULLA_AUTO(close_dir) DIR *dir = opendir(directory);
    if (dir == NULL) {
        return true;
    }
    for (const struct dirent *entry = readdir(dir); entry != NULL && *count < MAX_BESIDE;
         entry = readdir(dir)) {
        const char *environment = NULL;
        bool is_left_alone = false;
        enum bulla_file_role role = bulla_file_role(entry->d_name, &environment, &is_left_alone);
        if (role != BULLA_FILE_SAMPLE && role != BULLA_FILE_ENV) {
            continue;
        }
        names[*count] = bulla_strdup(entry->d_name, err);
        if (names[*count] == NULL) {
            return false;
        }
        (*count)++;
    }
    qsort(names, *count, sizeof *names, compare_names);
    return true;
}

static bool add_beside(struct check *check, const char *name, struct bulla_error *err)
{
    const char *environment = NULL;
    bool is_left_alone = false;
    bool is_sample = bulla_file_role(name, &environment, &is_left_alone) == BULLA_FILE_SAMPLE;
    struct env_text text = {.use = is_sample ? ENV_SAMPLE : ENV_OTHER};
    bulla_auto_str path = bulla_path_join(check->input->project->directory, name, err);
    if (path == NULL) {
        return false;
    }
    const char *rendered = check->input->output.path;
    bool is_rendered = rendered != NULL && strcmp(check_relative_name(check, path), rendered) == 0;
    return is_rendered || !bulla_file_is_regular(path) || add(check, text, path, err);
}

bool env_texts_read(struct check *check, struct bulla_error *err)
{
    if (check->input->project == NULL) {
        return true;
    }
    char *names[MAX_BESIDE] = {NULL};
    size_t count = 0;
    bool ok = add_project_files(check, BULLA_PROJECT_ENV, err) &&
              add_project_files(check, BULLA_PROJECT_ENV_FILE, err) &&
              list_folder(check->input->project->directory, names, &count, err);
    for (size_t i = 0; i < count; i++) {
        ok = ok && add_beside(check, names[i], err);
        bulla_free(names[i]);
    }
    return ok;
}
