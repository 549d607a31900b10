/* Family 4, exposed: secrets in command lines. B406. */
#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "check/literals.h"

#include "base/banned.h"

struct place literal_place(const struct check *check, const struct bulla_project_literal *literal,
                           size_t start, size_t end)
{
    return (struct place){
        .file = check_file_name(check, literal->text.file),
        .pos = bulla_project_text_pos(&literal->text, start),
        .end = bulla_project_text_pos(&literal->text, end),
        .service = literal->service,
    };
}

enum bulla_severity secret_severity(const char *what, enum rule rule)
{
    bool is_own = strcmp(what, "a password") == 0 || strcmp(what, "a secret") == 0 ||
                  strcmp(what, "a password in a URL") == 0;
    return is_own ? bulla_rule(rule)->severity : BULLA_ERROR;
}

static const char *name_of_kind(enum bulla_literal_kind kind)
{
    return kind == BULLA_LITERAL_COMMAND      ? "command"
           : kind == BULLA_LITERAL_ENTRYPOINT ? "entrypoint"
                                              : "healthcheck";
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* A word without the quotes around it. */
struct word {
    size_t start;
    size_t end;
};

/* Behind the "${…}" at AT, which may hold blanks; on the same line, as far as braces go. */
static size_t skip_reference(const char *text, size_t len, size_t at)
{
    size_t depth = 0;
    for (at++; at < len && text[at] != '\n'; at++) {
        depth += text[at] == '{';
        if (text[at] == '}' && --depth == 0) {
            return at + 1;
        }
    }
    return at;
}

static bool next_word(const char *text, size_t len, size_t *at, struct word *ret_word)
{
    size_t i = *at;
    while (i < len && is_blank(text[i])) {
        i++;
    }
    ret_word->start = i;
    while (i < len && !is_blank(text[i])) {
        bool is_reference = text[i] == '$' && i + 1 < len && text[i + 1] == '{';
        i = is_reference ? skip_reference(text, len, i) : i + 1;
    }
    *at = i;
    while (i > ret_word->start && strchr("\"';", text[i - 1]) != NULL) {
        i--;
    }
    while (ret_word->start < i && strchr("\"'", text[ret_word->start]) != NULL) {
        ret_word->start++;
    }
    ret_word->end = i;
    return *at > ret_word->start;
}

/* The option or variable that WORD begins with, "--db-password=x" or "PGPASSWORD=x". */
static void read_option(const char *text, struct word word, char name[NAME_MAX_SHOWN],
                        size_t *ret_value)
{
    size_t at = word.start;
    while (at < word.end && text[at] == '-') {
        at++;
    }
    size_t from = at;
    while (at < word.end && is_name_byte(text[at]) && at - from < NAME_MAX_SHOWN - 1) {
        name[at - from] = text[at];
        at++;
    }
    name[at - from] = '\0';
    *ret_value = word.end;
    if (at < word.end && text[at] == '=') {
        *ret_value = at + 1;
    } else if (at < word.end) {
        name[0] = '\0';
    }
}

/* Options that take a password and do not say so in words that shape/ knows. */
static const char *known_option(const char *name)
{
    return strcmp(name, "requirepass") == 0 || strcmp(name, "masterauth") == 0 ? "password" : name;
}

static bool add_in_command(struct check *check, const struct bulla_project_literal *literal,
                           struct word word, const char *what, struct bulla_error *err)
{
    struct place place = literal_place(check, literal, word.start, word.end);
    return check_add_as(check, RULE_SECRET_IN_COMMAND,
                        secret_severity(what, RULE_SECRET_IN_COMMAND), &place, NULL, err,
                        "the %s of '%s' holds %s in the clear", name_of_kind(literal->kind),
                        literal->service != NULL ? literal->service : "?", what);
}

bool literal_check_command(struct check *check, const struct bulla_project_literal *literal,
                           char option[NAME_MAX_SHOWN], struct bulla_error *err)
{
    const char *text = literal->text.text;
    struct word word;
    for (size_t at = 0; next_word(text, literal->text.len, &at, &word);) {
        char name[NAME_MAX_SHOWN];
        size_t value = word.end;
        read_option(text, word, name, &value);
        bool is_option = word.start < word.end && text[word.start] == '-';
        bool waits = value == word.end && is_option;
        const char *of = value < word.end ? name : option;
        value = value < word.end ? value : word.start;
        const char *what = waits
                               ? NULL
                               : bulla_secret_in_clear(of[0] != '\0' ? known_option(of) : NULL,
                                                       bulla_bytes(text + value, word.end - value));
        if (what != NULL &&
            !add_in_command(check, literal, (struct word){value, word.end}, what, err)) {
            return false;
        }
        (void)snprintf(option, NAME_MAX_SHOWN, "%s", waits ? name : "");
    }
    return true;
}
