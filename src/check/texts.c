/* Env files as texts: names that are set twice, quotes and dollar signs. B214, B215, B217. */
#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"
#include "bulla/secret.h"
#include "bulla/shape.h"
#include "check/families.h"
#include "check/known.h"

#include "base/banned.h"

#define HELP_MAX 256

static struct place place_of_entry(const struct env_text *text,
                                   const struct bulla_dotenv_entry *entry)
{
    return (struct place){
        .file = text->name, .pos = entry->pos, .variable = (const char *)entry->name.data};
}

/* --- one name twice -------------------------------------------------------------------------- */

static bool check_twice(struct check *check, const struct env_text *text, size_t index,
                        struct bulla_error *err)
{
    const struct bulla_dotenv_entry *entry = text->sorted[index];
    const struct bulla_dotenv_entry *before = index > 0 ? text->sorted[index - 1] : NULL;
    if (before == NULL ||
        strcmp((const char *)before->name.data, (const char *)entry->name.data) != 0) {
        return true;
    }
    struct place place = place_of_entry(text, entry);
    bool is_same = bulla_secret_bytes_equal(before->value, entry->value);
    char help[HELP_MAX];
    (void)snprintf(help, sizeof help, "delete line %u or this one", before->pos.line);
    return check_add_as(check, RULE_DUPLICATE, is_same ? BULLA_NOTE : BULLA_WARNING, &place, help,
                        err, "%s is set in line %u already%s", (const char *)entry->name.data,
                        before->pos.line, is_same ? "" : ", to another value: this one counts");
}

/* --- quotes ---------------------------------------------------------------------------------- */

/* True where LINE begins as a statement does whose value is quoted: NAME=" */
static bool begins_statement(struct bulla_bytes line)
{
    size_t at = 0;
    while (at < line.len &&
           (line.data[at] == '_' || (line.data[at] >= 'A' && line.data[at] <= 'Z') ||
            (at > 0 && line.data[at] >= '0' && line.data[at] <= '9'))) {
        at++;
    }
    return at > 1 && at < line.len && line.data[at] == '=';
}

/* The first line that ENTRY's quoted value runs over and that looks like a statement; 0: none. */
static uint32_t line_run_over(const struct env_text *text, const struct bulla_dotenv_entry *entry)
{
    struct bulla_bytes view = bulla_buf_view(&text->text);
    uint32_t line = entry->value_pos.line;
    for (size_t at = entry->value_start; at < entry->value_end && at < view.len; at++) {
        if (view.data[at] != '\n') {
            continue;
        }
        line++;
        if (at + 1 < entry->value_end &&
            begins_statement(bulla_bytes_slice(view, at + 1, entry->value_end - at - 1))) {
            return line;
        }
    }
    return 0;
}

static bool check_quote(struct check *check, const struct env_text *text,
                        const struct bulla_dotenv_entry *entry, struct bulla_error *err)
{
    if (entry->quote == BULLA_QUOTE_NONE || text->raw) {
        return true;
    }
    uint32_t line = line_run_over(text, entry);
    if (line == 0) {
        return true;
    }
    struct place place = place_of_entry(text, entry);
    place.pos = entry->value_pos;
    return check_add_as(check, RULE_QUOTE, BULLA_WARNING, &place, "close the quote in this line",
                        err,
                        "the quote that %s opens here takes in line %u, which looks like a "
                        "variable of its own",
                        (const char *)entry->name.data, line);
}

/* --- what is cut off ------------------------------------------------------------------------- */

/* `PASSWORD=ab #cd`: a comment that begins with a blank and no blank behind the # is none. */
static bool check_cut(struct check *check, const struct env_text *text,
                      const struct bulla_dotenv_entry *entry, struct bulla_error *err)
{
    struct bulla_bytes view = bulla_buf_view(&text->text);
    const char *name = (const char *)entry->name.data;
    size_t at = entry->value_end;
    if (text->raw || entry->quote != BULLA_QUOTE_NONE || !bulla_name_is_secret(name) ||
        entry->value.len == 0) {
        return true;
    }
    while (at < view.len && view.data[at] == ' ') {
        at++;
    }
    size_t end = at;
    while (end < view.len && strchr(" \t\r\n", view.data[end]) == NULL) {
        end++;
    }
    bool is_last = end == view.len || view.data[end] == '\n' || view.data[end] == '\r';
    if (at + 1 >= end || view.data[at] != '#' || !is_last) {
        return true;
    }
    struct place place = place_of_entry(text, entry);
    place.pos = entry->value_pos;
    return check_add(check, RULE_DOLLAR, &place, "put the value in single quotes", err,
                     "%s is cut off at ' #', where Compose sees a comment", name);
}

bool check_env_texts(struct check *check, struct bulla_error *err)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        bool is_read = text->use == ENV_PROJECT || text->use == ENV_SERVICE;
        for (size_t k = 0; is_read && k < text->sorted_count; k++) {
            if (!check_twice(check, text, k, err) ||
                !check_quote(check, text, text->sorted[k], err) ||
                !check_cut(check, text, text->sorted[k], err)) {
                return false;
            }
        }
    }
    return true;
}

/* --- dollar signs ---------------------------------------------------------------------------- */

/* The text of FILE, or NULL. */
static const struct env_text *text_of(const struct check *check,
                                      const struct bulla_project_file *file)
{
    for (size_t i = 0; file != NULL && i < check->texts.count; i++) {
        if (strcmp(check->texts.items[i].path, file->path) == 0) {
            return &check->texts.items[i];
        }
    }
    return NULL;
}

/* The entry of TEXT whose value the line LINE belongs to, or NULL. */
static const struct bulla_dotenv_entry *entry_at(const struct env_text *text, uint32_t line)
{
    size_t low = 0;
    size_t high = text->entries != NULL ? bulla_dotenv_count(text->entries) : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (bulla_dotenv_get(text->entries, middle)->pos.line <= line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? bulla_dotenv_get(text->entries, low - 1) : NULL;
}

/* True where "$NAME" stands in VALUE without braces. */
static bool has_unbraced(struct bulla_bytes value, const char *name)
{
    size_t len = strlen(name);
    for (size_t at = 0; at + len < value.len; at++) {
        if (value.data[at] == '$' &&
            bulla_bytes_start(bulla_bytes_slice(value, at + 1, value.len), name)) {
            return true;
        }
    }
    return false;
}

bool check_is_unterminated(const struct check *check, const struct bulla_project_file *file)
{
    const struct env_text *text = text_of(check, file);
    if (text == NULL || text->entries != NULL || text->raw) {
        return false;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_dotenv_failure failure = {.problem = BULLA_DOTENV_OK};
    struct bulla_dotenv_options options = {.no_expand = true};
    bulla_auto_buf words;
    bulla_buf_init_secret(&words, BULLA_MAX_TEXT_BYTES);
    return bulla_dotenv_explain(bulla_buf_view(&text->text), &options, &words, &failure, &err) &&
           failure.problem == BULLA_DOTENV_UNTERMINATED;
}

bool check_env_blank(struct check *check, const struct bulla_project_problem *problem,
                     struct bulla_error *err)
{
    const struct env_text *text = text_of(check, problem->file);
    const struct bulla_dotenv_entry *entry =
        text != NULL ? entry_at(text, problem->pos.line) : NULL;
    struct place place = {.file = check_file_name(check, problem->file),
                          .pos = problem->pos,
                          .end = problem->end,
                          .service = problem->service,
                          .variable = problem->name};
    const char *name = entry != NULL ? (const char *)entry->name.data : "";
    if (entry == NULL || !bulla_name_is_secret(name) ||
        !has_unbraced(entry->value, problem->name)) {
        return check_add(check, RULE_BLANK, &place, problem->hint[0] != '\0' ? problem->hint : NULL,
                         err, "%s", problem->message);
    }
    place.variable = name;
    return check_add(check, RULE_DOLLAR, &place, "put the value in single quotes, or write $$", err,
                     "Compose reads a part of the value of %s, from '$' on, as a variable that is "
                     "not set",
                     name);
}

/* True where NAME is written as nobody writes a variable of Compose: some of it in lower case. */
static bool has_lower_case(const char *name)
{
    for (; *name != '\0'; name++) {
        if (*name >= 'a' && *name <= 'z') {
            return true;
        }
    }
    return false;
}

/* The last key of a path: "services.a.environment.X" or, for a list item, the name before "=". */
static bool stands_in_secret(const struct bulla_project_ref *ref)
{
    char name[BULLA_MAX_NAME_BYTES + 1];
    size_t len = strlen(ref->path);
    const char *dot = strrchr(ref->path, '.');
    if (len >= 2 && strcmp(ref->path + len - 2, "[]") == 0) {
        const char *equals = memchr(ref->text, '=', ref->text_at);
        if (equals == NULL) {
            return false;
        }
        (void)snprintf(name, sizeof name, "%.*s", (int)(equals - ref->text), ref->text);
    } else {
        (void)snprintf(name, sizeof name, "%s", dot != NULL ? dot + 1 : ref->path);
    }
    return bulla_name_is_secret(name);
}

bool check_is_dollar(const struct bulla_project_ref *ref)
{
    bool is_glued = ref->text_at > 0 && ref->text[ref->text_at - 1] != ' ' &&
                    ref->text[ref->text_at - 1] != '\n';
    return ref->kind == BULLA_USE_REFERENCE && !ref->braced && ref->text != NULL && is_glued &&
           has_lower_case(ref->name) && stands_in_secret(ref);
}

bool check_dollar(struct check *check, const struct bulla_project_ref *ref, struct bulla_error *err)
{
    struct place place = check_place_of(check, ref);
    return check_add(check, RULE_DOLLAR, &place, "write $$ for a dollar sign", err,
                     "Compose reads '$%s' in this value as a variable, and it is not set",
                     ref->name);
}
