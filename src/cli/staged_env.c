#include "staged_env.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bulla/dotenv.h"
#include "bulla/file.h"
#include "bulla/infer.h"
#include "bulla/limits.h"
#include "bulla/shape.h"
#include "staged_lines.h"
#include "staged_value.h"

#define MAX_SHOWN 3 /* names */
#define MAX_FILE_NAME 255

/* --- by the file's name ----------------------------------------------------------------------- */

static bool has_sample_word(const char *name)
{
    const char *const *words = bulla_sample_words();
    for (const char *at = name; *at != '\0';) {
        size_t len = strcspn(at, ".-_");
        for (size_t i = 0; words[i] != NULL; i++) {
            if (strlen(words[i]) == len && strncmp(words[i], at, len) == 0) {
                return true;
            }
        }
        at += len + (at[len] != '\0');
    }
    return false;
}

/* NAME in small letters, without what an editor or a person puts behind the name of a copy. */
static void fold_name(const char *name, char folded[static MAX_FILE_NAME + 1])
{
    static const char *const ends[] = {"~", ".bak", ".orig", ".old", ".save"};
    size_t len = 0;
    for (; len < MAX_FILE_NAME && name[len] != '\0'; len++) {
        folded[len] = (char)tolower((unsigned char)name[len]);
    }
    folded[len] = '\0';
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);
        if (len > end && strcmp(folded + len - end, ends[i]) == 0) {
            folded[len - end] = '\0';
            return;
        }
    }
}

/* direnv's, those of Docker's documentation, Flask's. */
static bool is_named(const char *folded)
{
    static const char *const names[] = {".envrc", "env.list", "envfile", ".envfile", ".flaskenv"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(folded, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* As `init` knows them, those with other words before or behind (".env.vps"), and some by their
 * name. */
enum staged_name staged_env_name(const char *name)
{
    char folded[MAX_FILE_NAME + 1];
    const char *environment = NULL;
    bool is_left_alone = false;
    fold_name(name, folded);
    if (has_sample_word(folded)) {
        return STAGED_NAME_SAMPLE;
    }
    bool is_env =
        is_named(folded) || bulla_file_role(folded, &environment, &is_left_alone) == BULLA_FILE_ENV;
    for (const char *at = folded; !is_env && (at = strstr(at, ".env")) != NULL; at++) {
        is_env = isalpha((unsigned char)at[strlen(".env")]) == 0;
    }
    return is_env ? STAGED_NAME_ENV : STAGED_NAME_OTHER;
}

/* --- what a line sets ------------------------------------------------------------------------- */

struct finding {
    const struct bulla_contract *contract;
    const struct bulla_dotenv *entries; /* NULL: TEXT is gone over line by line */
    struct bulla_bytes text;
    bool is_shell; /* a line may have several settings */
    struct staged_secret *ret;
    size_t count;
};

static bool is_known(void *ctx, struct bulla_bytes name)
{
    const struct finding *finding = ctx;
    char text[BULLA_MAX_NAME_BYTES + 1];
    size_t index = 0;
    if (name.len > BULLA_MAX_NAME_BYTES) {
        return false;
    }
    (void)snprintf(text, sizeof text, "%.*s", (int)name.len, (const char *)name.data);
    return bulla_contract_find_variable(finding->contract, text, &index) ||
           (finding->entries != NULL && bulla_dotenv_find(finding->entries, name) != NULL);
}

static bool is_real(struct finding *finding, const struct bulla_variable *variable,
                    const struct staged_line *line)
{
    const struct staged_value value = {.name = line->name,
                                       .text = line->value,
                                       .is_template = line->is_template,
                                       .is_derived = variable->role == BULLA_ROLE_DERIVED,
                                       .is_known = is_known,
                                       .ctx = finding};
    if (line->value.len == 0 || variable->role == BULLA_ROLE_SETTING ||
        bulla_placeholder(line->value) != NULL || staged_value_is_sealed(line->value)) {
        return false;
    }
    bool is_made = staged_value_is_made(&value);
    bool is_derived = variable->role == BULLA_ROLE_DERIVED &&
                      memchr(line->value.data, '$', line->value.len) == NULL;
    /* Of what is made of others all but a secret in it may be known. */
    return (!is_made && !is_derived) ||
           bulla_secret_in_clear(is_made ? NULL : variable->name, line->value) != NULL;
}

/* A name that is there already, by another contract or a second line, is not told again. */
static bool is_told(const struct staged_secret *ret, const char *name)
{
    char quoted[BULLA_MAX_NAME_BYTES + 3];
    (void)snprintf(quoted, sizeof quoted, "'%s'", name);
    return strstr(ret->names, quoted) != NULL;
}

static void tell(struct finding *finding, const struct staged_line *line)
{
    struct staged_secret *ret = finding->ret;
    size_t used = strlen(ret->names);
    size_t wanted = strlen(line->name) + strlen("', '' and 1234567 more");
    if (is_told(ret, line->name)) {
        return;
    }
    if (finding->count == 0 || line->pos.line < ret->pos.line) {
        ret->pos = line->pos;
    }
    ret->kind = STAGED_SECRET_SET;
    if (finding->count++ < MAX_SHOWN && (used == 0 || used + wanted < sizeof ret->names)) {
        (void)snprintf(ret->names + used, sizeof ret->names - used, "%s'%.*s'",
                       used > 0 ? ", " : "", (int)(sizeof ret->names - used - 30), line->name);
    }
}

static void judge(void *ctx, const struct staged_line *line)
{
    struct finding *finding = ctx;
    struct bulla_variable variable;
    size_t index = 0;
    if (bulla_contract_find_variable(finding->contract, line->name, &index)) {
        bulla_contract_variable(finding->contract, index, NULL, &variable);
        if (is_real(finding, &variable, line)) {
            tell(finding, line);
        }
    }
}

/* --- a file ----------------------------------------------------------------------------------- */

/*
 * TEXT without its mark of an order of bytes and without NUL, as which UTF-16 has every other byte
 * of a setting.
 */
static bool narrow(struct bulla_bytes text, struct bulla_buf *ret_text, struct bulla_error *err)
{
    static const char *const marks[] = {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (bulla_bytes_start(text, marks[i])) {
            text = bulla_bytes_slice(text, strlen(marks[i]), text.len);
        }
    }
    while (text.len > 0) {
        const uint8_t *nul = memchr(text.data, '\0', text.len);
        size_t len = nul != NULL ? (size_t)(nul - text.data) : text.len;
        bulla_buf_add(ret_text, text.data, len);
        text = bulla_bytes_slice(text, len + (nul != NULL), text.len);
    }
    return bulla_buf_ok(ret_text, err);
}

static bool look_by_contract(void *ctx, const struct bulla_contract *contract, const char *folder,
                             struct bulla_error *err)
{
    struct finding *finding = ctx;
    (void)folder;
    (void)err;
    finding->contract = contract;
    if (finding->is_shell) {
        staged_lines_each_more(finding->text, 1, judge, finding);
    }
    if (finding->entries == NULL) {
        staged_lines_each(finding->text, 1, judge, finding);
        return true;
    }
    for (size_t i = 0; i < bulla_dotenv_count(finding->entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(finding->entries, i);
        struct bulla_bytes raw = bulla_bytes_slice(finding->text, entry->value_start,
                                                   entry->value_end - entry->value_start);
        struct staged_line line = {.name = (const char *)entry->name.data,
                                   .value = entry->value,
                                   .is_template = entry->quote != BULLA_QUOTE_SINGLE,
                                   .pos = entry->pos};
        if (entry->set && !entry->bare) {
            judge(finding, &line);
        }
        /* A quote that somebody forgot takes the settings up to the next one for its value. */
        if (raw.len > 0 && memchr(raw.data, '\n', raw.len) != NULL) {
            staged_lines_each(raw, entry->value_pos.line, judge, finding);
        }
    }
    return true;
}

static void tell_rest(struct finding *finding)
{
    size_t shown = 0;
    for (const char *at = finding->ret->names; (at = strchr(at, '\'')) != NULL; at++) {
        shown++;
    }
    if (finding->count > shown / 2) {
        size_t used = strlen(finding->ret->names);
        (void)snprintf(finding->ret->names + used, sizeof finding->ret->names - used,
                       " and %zu more", finding->count - shown / 2);
    }
}

static bool is_shell_file(const char *path)
{
    char folded[MAX_FILE_NAME + 1];
    fold_name(bulla_path_base(path), folded);
    return strcmp(folded, ".envrc") == 0;
}

bool staged_env_look(struct staged_outputs *outputs, const char *path, struct bulla_bytes text,
                     struct staged_secret *ret, struct bulla_error *err)
{
    static const struct bulla_dotenv_options options = {.no_expand = true};
    bulla_auto_dotenv entries = bulla_dotenv_parse(text, path, &options, err);
    bulla_auto_buf narrowed;
    bulla_buf_init_secret(&narrowed, BULLA_MAX_TEXT_BYTES);
    if (entries == NULL) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
        if (!narrow(text, &narrowed, err)) {
            return false;
        }
        text = bulla_buf_view(&narrowed);
    }
    struct finding finding = {
        .entries = entries, .text = text, .is_shell = is_shell_file(path), .ret = ret};
    if (!staged_outputs_each_contract(outputs, path, look_by_contract, &finding, err)) {
        return false;
    }
    tell_rest(&finding);
    return true;
}

static bool find_secret(void *ctx, const struct bulla_contract *contract, const char *folder,
                        struct bulla_error *err)
{
    bool *has = ctx;
    (void)folder;
    (void)err;
    for (size_t i = 0; i < bulla_contract_variable_count(contract) && !*has; i++) {
        struct bulla_variable variable;
        bulla_contract_variable(contract, i, NULL, &variable);
        *has = variable.role != BULLA_ROLE_SETTING;
    }
    return true;
}

bool staged_env_has_secrets(struct staged_outputs *outputs, const char *path, bool *ret_has,
                            struct bulla_error *err)
{
    *ret_has = false;
    return staged_outputs_each_contract(outputs, path, find_secret, ret_has, err);
}
