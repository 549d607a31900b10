/* Family 4, exposed: the rendered file, and other env files that hold secrets. B401 to B403. */
#include <stdio.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/shape.h"
#include "check/families.h"
#include "check/known.h"

#include "base/banned.h"

#define WORDS_MAX (BULLA_MAX_NAME_BYTES + 64)
#define MODE_HELP "chmod 600 it where nobody else has to read it"
#define EVERY_CLONE "every clone has it, the history too"
#define TRACKED_HELP                                                                               \
    "git rm --cached it and name it in .gitignore, then turn what stood in it: " EVERY_CLONE

#define REFUSED "git does not say whether it tracks this file"
#define REFUSED_HELP                                                                               \
    "git status says why; in another user's folder that you trust: git config --global --add "     \
    "safe.directory and the folder"

/* --- what holds secrets ----------------------------------------------------------------------- */

/* A secret that somebody put there: no placeholder, and nothing that is made of other variables. */
static bool is_real(const struct known *known)
{
    if (known->derived || known->value.len == 0 || known_placeholder(known) != NULL) {
        return false;
    }
    return known->has_section ? known->secret
                              : bulla_secret_in_clear(known->name, known->value) != NULL;
}

/* What FILE holds that others should not have: the first as its PLACE, and how many. */
static size_t find_secrets(const struct check *check, const struct bulla_project_file *file,
                           struct place *ret_place)
{
    size_t count = 0;
    for (size_t i = 0; i < check->knowns.count; i++) {
        const struct known *known = &check->knowns.items[i];
        if (known->text == NULL || known->text->file != file || !is_real(known)) {
            continue;
        }
        if (count == 0 || known->place.pos.line < ret_place->pos.line) {
            *ret_place = known->place;
        }
        count++;
    }
    return count;
}

/* True where ENTRY gives a secret a value: the contract's, or one that it does not know. */
static bool gives_secret(const struct check *check, const struct bulla_dotenv_entry *entry)
{
    const char *name = (const char *)entry->name.data; /* a NUL is behind it */
    const struct bulla_value *value = bulla_values_find(check->input->values, name);
    bool is_stored = value != NULL && (value->variable.role == BULLA_ROLE_GENERATED ||
                                       value->variable.role == BULLA_ROLE_PROVIDED);
    return entry->value.len > 0 && bulla_placeholder(entry->value) == NULL &&
           (is_stored || bulla_secret_in_clear(name, entry->value) != NULL);
}

static bool has_secret(const struct check *check, const struct bulla_dotenv *file)
{
    for (size_t i = 0; i < bulla_dotenv_count(file); i++) {
        if (gives_secret(check, bulla_dotenv_get(file, i))) {
            return true;
        }
    }
    return false;
}

/* Whether the rendered file holds a secret; one that is there and not read may. */
static bool look_for_secrets(const struct check *check, const struct bulla_check_output *output,
                             bool *ret_holds, struct bulla_error *err)
{
    static const struct bulla_dotenv_options options = {.grammar = BULLA_DOTENV_COMPOSE,
                                                        .no_expand = true};
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    *ret_holds = output->exists;
    bulla_auto_dotenv file = NULL;
    if (output->exists && output->opens != NULL &&
        bulla_file_read(output->opens, BULLA_MAX_TEXT_BYTES, &text, err)) {
        file = bulla_dotenv_parse(bulla_buf_view(&text), output->path, &options, err);
    }
    if (file != NULL) {
        *ret_holds = has_secret(check, file);
    } else if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/* Without a contract: an env file holds what stands in it, and one that is not read any secret. */
static bool project_holds_secrets(const struct check *check,
                                  const struct bulla_check_output *output)
{
    const struct env_text *text = NULL;
    if (!output->exists) {
        return false;
    }
    for (size_t i = 0; i < check->texts.count && output->opens != NULL; i++) {
        text =
            strcmp(check->texts.items[i].path, output->opens) == 0 ? &check->texts.items[i] : text;
    }
    struct place place;
    if (text != NULL && text->entries == NULL) {
        return false; /* that it cannot be read is told already (B204) */
    }
    return text == NULL || text->file == NULL || find_secrets(check, text->file, &place) > 0;
}

/* What is sealed is a secret whatever the contract calls it; a setting's default is none. */
static bool is_secret(const struct bulla_value *value)
{
    return value->variable.role != BULLA_ROLE_SETTING || value->source == BULLA_FROM_VAULT;
}

/* What the contract's secrets are rendered to holds them, or will. */
static bool holds_secrets(const struct check *check, const struct bulla_check_output *output,
                          bool *ret_holds, struct bulla_error *err)
{
    const struct bulla_values *values = check->input->values;
    if (values == NULL) {
        *ret_holds = project_holds_secrets(check, output);
        return true;
    }
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        if (is_secret(bulla_values_get(values, i))) {
            *ret_holds = true;
            return true;
        }
    }
    return look_for_secrets(check, output, ret_holds, err);
}

/* --- the rendered file ------------------------------------------------------------------------ */

static const char *holding(bool is_there)
{
    return is_there ? "it holds secrets" : "secrets are rendered to it";
}

/* In this order: render refuses a file that git tracks. */
static bool say_tracked(struct check *check, const struct place *place, bool is_there,
                        struct bulla_error *err)
{
    char flag[CHECK_FLAG_BYTES];
    char help[2 * CHECK_FLAG_BYTES + 192];
    if (check->input->values == NULL) {
        (void)snprintf(help, sizeof help, TRACKED_HELP);
    } else if (!is_there) {
        (void)snprintf(help, sizeof help, "git rm --cached it and name it in .gitignore");
    } else {
        (void)check_env_flag(check, flag);
        (void)snprintf(
            help, sizeof help,
            "git rm --cached it and name it in .gitignore, then bulla rotate%s --all and "
            "bulla render%s: " EVERY_CLONE,
            flag, flag);
    }
    return check_add(check, RULE_FILE_TRACKED, place, help, err, "git tracks this file, and %s",
                     holding(is_there));
}

bool check_output(struct check *check, struct bulla_error *err)
{
    const struct bulla_check_output *output = &check->input->output;
    struct place place = {.file = output->path};
    bool holds = false;
    if (output->path == NULL) {
        return true;
    }
    if (!holds_secrets(check, output, &holds, err)) {
        return false;
    }
    if (!holds) {
        return true;
    }
    if (output->exists && (output->mode & 077) != 0 &&
        !check_add(check, RULE_FILE_MODE, &place,
                   output->git == BULLA_GIT_TRACKED ? MODE_HELP : NULL, err,
                   "others may read this file (mode %04o)", output->mode)) {
        return false;
    }
    bool is_asked = output->git == BULLA_GIT_TRACKED || output->git == BULLA_GIT_REFUSED ||
                    output->git == BULLA_GIT_SEEN;
    bool is_there = output->exists;
    if (is_asked && check->input->values != NULL &&
        !look_for_secrets(check, output, &is_there, err)) {
        return false;
    }
    if (output->git == BULLA_GIT_TRACKED) {
        return say_tracked(check, &place, is_there, err);
    }
    if (output->git == BULLA_GIT_REFUSED) {
        return check_add_as(check, RULE_FILE_TRACKED, BULLA_WARNING, &place, REFUSED_HELP, err,
                            REFUSED ", and %s", holding(is_there));
    }
    if (output->git == BULLA_GIT_SEEN) {
        return check_add(check, RULE_FILE_NOT_IGNORED, &place, NULL, err,
                         "git does not ignore this file, and %s", holding(is_there));
    }
    return true;
}

/* --- env files that nobody renders ------------------------------------------------------------ */

static bool check_file(struct check *check, const struct bulla_check_file *file,
                       struct bulla_error *err)
{
    struct place place = {.file = NULL};
    bool is_private = (file->mode & 077) == 0;
    bool is_kept = file->git == BULLA_GIT_UNKNOWN || file->git == BULLA_GIT_IGNORED;
    size_t count = is_private && is_kept ? 0 : find_secrets(check, file->file, &place);
    if (count == 0) {
        return true;
    }
    char words[WORDS_MAX];
    char more[48] = "";
    if (count > 1) {
        (void)snprintf(more, sizeof more, ", %zu more with it", count - 1);
    }
    (void)snprintf(words, sizeof words, "and %s in it is a secret%s", place.variable, more);
    /* What every clone has needs no mode. */
    if (file->git == BULLA_GIT_TRACKED) {
        return check_add(check, RULE_FILE_TRACKED, &place, TRACKED_HELP, err,
                         "git tracks this file, %s", words);
    }
    if (file->git == BULLA_GIT_REFUSED &&
        !check_add_as(check, RULE_FILE_TRACKED, BULLA_WARNING, &place, REFUSED_HELP, err,
                      REFUSED ", %s", words)) {
        return false;
    }
    return (is_private ||
            check_add(check, RULE_FILE_MODE, &place, MODE_HELP, err,
                      "others may read this file (mode %04o), %s", file->mode, words)) &&
           (file->git != BULLA_GIT_SEEN ||
            check_add(check, RULE_FILE_NOT_IGNORED, &place, NULL, err,
                      "git does not ignore this file, %s", words));
}

bool check_env_file_states(struct check *check, struct bulla_error *err)
{
    for (size_t i = 0; i < check->input->file_count; i++) {
        if (!check_file(check, &check->input->files[i], err)) {
            return false;
        }
    }
    return true;
}
