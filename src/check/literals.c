/*
 * Family 4, exposed: secrets that stand in a compose file, or are handed over where many can see
 * them. B405, B406, B407, B409.
 */
#include <stdio.h>
#include <string.h>

#include "bulla/shape.h"
#include "check/literals.h"

#include "base/banned.h"

struct bulla_bytes literal_value(const struct bulla_project_literal *literal)
{
    return bulla_bytes(literal->text.text + literal->value, literal->text.len - literal->value);
}

/* --- configs ---------------------------------------------------------------------------------- */

/* "NAME = VALUE" or "NAME: VALUE" in [START, END) of TEXT. */
static bool read_setting(const char *text, size_t start, size_t end, char name[NAME_MAX_SHOWN],
                         size_t *ret_value, size_t *ret_end)
{
    size_t at = start;
    while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '"')) {
        at++;
    }
    size_t from = at;
    while (at < end && is_name_byte(text[at]) && at - from < NAME_MAX_SHOWN - 1) {
        name[at - from] = text[at];
        at++;
    }
    name[at - from] = '\0';
    while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '"')) {
        at++;
    }
    if (name[0] == '\0' || at >= end || (text[at] != '=' && text[at] != ':')) {
        return false;
    }
    at++;
    while (at < end &&
           (text[at] == ' ' || text[at] == '\t' || text[at] == '"' || text[at] == '\'')) {
        at++;
    }
    while (end > at && strchr(" \t\r\"',;", text[end - 1]) != NULL) {
        end--;
    }
    *ret_value = at;
    *ret_end = end;
    return end > at;
}

static bool check_content(struct check *check, const struct bulla_project_literal *literal,
                          struct bulla_error *err)
{
    const char *text = literal->text.text;
    const char *whole = bulla_secret_in_clear(NULL, literal_value(literal));
    if (whole != NULL && strcmp(whole, "a private key") == 0) {
        struct place place = literal_place(check, literal, 0, literal->text.len);
        return check_add_as(check, RULE_LITERAL_SECRET, secret_severity(whole, RULE_LITERAL_SECRET),
                            &place, "give it as a secret with a file of its own", err,
                            "the config '%s' holds %s in the clear", literal->key, whole);
    }
    for (size_t start = 0; start < literal->text.len;) {
        const char *lf = memchr(text + start, '\n', literal->text.len - start);
        size_t end = lf != NULL ? (size_t)(lf - text) : literal->text.len;
        char name[NAME_MAX_SHOWN];
        size_t value = start;
        size_t value_end = end;
        bool is_setting = read_setting(text, start, end, name, &value, &value_end);
        const char *what = bulla_secret_in_clear(is_setting ? name : NULL,
                                                 bulla_bytes(text + value, value_end - value));
        struct place place = literal_place(check, literal, value, value_end);
        if (what != NULL &&
            !check_add_as(check, RULE_LITERAL_SECRET, secret_severity(what, RULE_LITERAL_SECRET),
                          &place, "write ${NAME:?} here: Compose expands it in `content` too", err,
                          "the config '%s' holds %s in the clear", literal->key, what)) {
            return false;
        }
        start = end + 1;
    }
    return true;
}

/* --- labels and arguments --------------------------------------------------------------------- */

static bool has_hash(struct bulla_bytes value)
{
    static const char *const marks[] = {"$apr1$", "$2y$", "$2a$", "$2b$"};
    for (size_t at = 0; at < value.len; at++) {
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            const char *mark = marks[i];
            size_t from = at;
            while (*mark != '\0' && from < value.len && value.data[from] == (uint8_t)*mark) {
                bool is_doubled =
                    *mark == '$' && from + 1 < value.len && value.data[from + 1] == '$';
                from += is_doubled ? 2 : 1;
                mark++;
            }
            if (*mark == '\0') {
                return true;
            }
        }
    }
    return false;
}

static bool check_label(struct check *check, const struct bulla_project_literal *literal,
                        struct bulla_error *err)
{
    struct bulla_bytes value = literal_value(literal);
    const char *what = bulla_secret_in_clear(literal->key, value);
    bool is_hash = what == NULL && has_hash(value);
    struct place place = literal_place(check, literal, literal->value, literal->text.len);
    if (is_hash) {
        return check_add_as(check, RULE_SECRET_IN_LABEL, BULLA_NOTE, &place,
                            "write ${NAME:?} here and keep the hash in .env", err,
                            "the label %s holds a password's hash, which can be guessed at",
                            literal->key);
    }
    return what == NULL ||
           check_add_as(check, RULE_SECRET_IN_LABEL, secret_severity(what, RULE_SECRET_IN_LABEL),
                        &place, NULL, err, "the label %s holds %s in the clear", literal->key,
                        what);
}

/* A reference too: what is passed to a build stays in the image's history. */
static bool check_argument(struct check *check, const struct bulla_project_literal *literal,
                           struct bulla_error *err)
{
    struct bulla_bytes value = literal_value(literal);
    struct place place = literal_place(check, literal, literal->value, literal->text.len);
    place.variable = literal->key;
    const char *what = bulla_secret_in_clear(literal->key, value);
    if (what != NULL) {
        return check_add_as(check, RULE_SECRET_AS_BUILD_ARG,
                            secret_severity(what, RULE_SECRET_AS_BUILD_ARG), &place, NULL, err,
                            "the build argument %s holds %s in the clear", literal->key, what);
    }
    bool is_reference = value.len > 1 && value.data[0] == '$' && value.data[1] != '$';
    return !is_reference || !bulla_name_is_secret(literal->key) ||
           check_add(check, RULE_SECRET_AS_BUILD_ARG, &place, NULL, err,
                     "%s is passed as a build argument: the image's history keeps it",
                     literal->key);
}

/* --- references ------------------------------------------------------------------------------- */

/* The attribute of REF's service that holds it: "command", "labels", …; NULL for others. */
static const char *attribute_of(const struct bulla_project_ref *ref)
{
    static const char *const attributes[] = {"command", "entrypoint", "healthcheck", "labels"};
    static const char services[] = "services.";
    for (size_t i = 0; i < ref->service_count && i < 8; i++) {
        size_t len = strlen(ref->services[i]->name);
        if (strncmp(ref->path, services, sizeof services - 1) != 0 ||
            strncmp(ref->path + sizeof services - 1, ref->services[i]->name, len) != 0 ||
            ref->path[sizeof services - 1 + len] != '.') {
            continue;
        }
        const char *rest = ref->path + sizeof services + len;
        for (size_t j = 0; j < sizeof attributes / sizeof *attributes; j++) {
            size_t end = strlen(attributes[j]);
            if (strncmp(rest, attributes[j], end) == 0 && (rest[end] == '.' || rest[end] == '\0')) {
                return attributes[j];
            }
        }
    }
    return NULL;
}

static bool check_reference(struct check *check, const struct bulla_project_ref *ref,
                            struct bulla_error *err)
{
    struct place place = {.file = check_file_name(check, ref->file),
                          .pos = ref->pos,
                          .end = ref->end,
                          .variable = ref->name,
                          .service = ref->service_count > 0 ? ref->services[0]->name : NULL};
    /* One text may name a variable several times. */
    bool is_repeat = ref > check->input->project->refs && ref[-1].text == ref->text &&
                     strcmp(ref[-1].name, ref->name) == 0;
    if (is_repeat || ref->in_key || ref->depth > 0 || !check_is_secret(check, ref->name)) {
        return true;
    }
    if (ref->kind == BULLA_USE_BUILD_ARG) {
        return check_add(check, RULE_SECRET_AS_BUILD_ARG, &place, NULL, err,
                         "%s is passed as a build argument: the image's history keeps it",
                         ref->name);
    }
    const char *attribute = ref->kind == BULLA_USE_REFERENCE ? attribute_of(ref) : NULL;
    if (attribute == NULL) {
        return true;
    }
    if (strcmp(attribute, "labels") == 0) {
        return check_add(check, RULE_SECRET_IN_LABEL, &place, NULL, err,
                         "%s goes into a label: whoever may ask Docker sees it", ref->name);
    }
    return check_add(check, RULE_SECRET_IN_COMMAND, &place, NULL, err,
                     "%s goes into %s: ps and docker inspect show it", ref->name,
                     strcmp(attribute, "healthcheck") == 0  ? "a healthcheck's command"
                     : strcmp(attribute, "entrypoint") == 0 ? "an entrypoint"
                                                            : "a command");
}

static bool check_literal(struct check *check, const struct bulla_project_literal *literal,
                          char option[NAME_MAX_SHOWN], struct bulla_error *err)
{
    switch (literal->kind) {
    case BULLA_LITERAL_ENVIRONMENT:
        return literal_check_environment(check, literal, err);
    case BULLA_LITERAL_LABEL:
        return check_label(check, literal, err);
    case BULLA_LITERAL_COMMAND:
    case BULLA_LITERAL_ENTRYPOINT:
    case BULLA_LITERAL_HEALTHCHECK:
        return literal_check_command(check, literal, option, err);
    case BULLA_LITERAL_BUILD_ARG:
        return check_argument(check, literal, err);
    case BULLA_LITERAL_CONTENT:
        return check_content(check, literal, err);
    }
    return true;
}

bool check_literals(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    const struct bulla_project_literal *before = NULL;
    char option[NAME_MAX_SHOWN] = "";
    for (size_t i = 0; i < project->literal_count; i++) {
        const struct bulla_project_literal *literal = &project->literals[i];
        /* An option and its value may be two items of one list. */
        if (before == NULL || before->kind != literal->kind || before->service == NULL ||
            literal->service == NULL || strcmp(before->service, literal->service) != 0) {
            option[0] = '\0';
        }
        before = literal;
        if (!check_literal(check, literal, option, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < project->ref_count; i++) {
        if (!check_reference(check, &project->refs[i], err)) {
            return false;
        }
    }
    return true;
}
