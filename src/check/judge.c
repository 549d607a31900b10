/* Each value that is there, by itself: B205, B206, B301, B303 to B306, B310. */
#include <stdio.h>
#include <string.h>

#include "bulla/limits.h"
#include "bulla/secret.h"
#include "bulla/shape.h"
#include "check/families.h"
#include "check/known.h"
#include "check/published.h"
#include "check/stated.h"

#include "base/banned.h"

#define HELP_MAX 256
#define WORDS_MAX 256
#define REASON_MAX 1024

/* Below these a secret can be tried out. */
#define LEAST_PASSWORD 12
#define LEAST_KEY 16
#define LEAST_BITS 50

struct judged {
    struct check *check;
    struct known *known;
};

static bool say(const struct judged *judged, enum rule rule, enum bulla_severity severity,
                const char *words, struct bulla_error *err)
{
    char help[HELP_MAX];
    judged->known->faulty = true;
    return check_add_as(judged->check, rule, severity, &judged->known->place,
                        known_help(judged->check, judged->known, help, sizeof help), err, "%s %s",
                        judged->known->name, words);
}

/* --- placeholders and published values ------------------------------------------------------- */

/* What works, and is told of where the server has it, stops nobody. */
static enum bulla_severity severity_of(const struct judged *judged)
{
    return published_for_server(judged->check, judged->known->value) ? BULLA_WARNING : BULLA_ERROR;
}

static bool judge_placeholder(const struct judged *judged, struct bulla_error *err)
{
    const struct known *known = judged->known;
    const char *placeholder = known_placeholder(known);
    if (placeholder == NULL) {
        return true;
    }
    char words[WORDS_MAX];
    (void)snprintf(words, sizeof words, "is still a placeholder: %s", placeholder);
    bool is_setting = known->has_section && known->variable.role == BULLA_ROLE_SETTING;
    return say(judged, RULE_PLACEHOLDER, is_setting ? BULLA_WARNING : severity_of(judged), words,
               err);
}

static bool judge_published(const struct judged *judged, struct bulla_error *err)
{
    char where[WORDS_MAX - 32];
    char words[WORDS_MAX];
    const struct known *known = judged->known;
    if (!known->secret || known->derived || bulla_is_switch(known->value) ||
        !published_where(judged->check, known, where, sizeof where)) {
        return true;
    }
    (void)snprintf(words, sizeof words, "has a value that is published %s", where);
    return say(judged, RULE_PUBLISHED, severity_of(judged), words, err);
}

/* --- what the contract says ------------------------------------------------------------------ */

static bool say_verdict(const struct judged *judged, enum bulla_verdict verdict, const char *reason,
                        struct bulla_error *err)
{
    enum rule rule = verdict == BULLA_VERDICT_SHAPE      ? RULE_WRONG_SHAPE
                     : verdict == BULLA_VERDICT_RELATION ? RULE_RELATION
                                                         : RULE_WARN_WHEN;
    return say(judged, rule, bulla_rule(rule)->severity, reason, err);
}

static bool add_verdict(void *ctx, enum bulla_verdict verdict, const char *reason,
                        struct bulla_error *err)
{
    return say_verdict(ctx, verdict, reason, err);
}

/* The kind and the own checks of an env file's entry, as bulla_values_judge does it for a vault. */
static bool judge_entry_shape(const struct judged *judged, struct bulla_buf *reason,
                              struct bulla_error *err)
{
    const struct known *known = judged->known;
    struct bulla_kind kind;
    bool fits = true;
    if (known->variable.role == BULLA_ROLE_GENERATED) {
        if (bulla_kind_parse(bulla_bytes_of(known->variable.kind.text), &kind, err)) {
            fits = bulla_kind_check(&kind, known->value, reason);
        } else {
            bulla_error_clear(err);
        }
    }
    if (fits && !bulla_variable_check(&known->variable, known->value, &fits, reason, err)) {
        return false;
    }
    const char *text = fits ? "" : bulla_buf_text(reason, err);
    return fits || (text != NULL && say_verdict(judged, BULLA_VERDICT_SHAPE, text, err));
}

/* The words of LIST that name a variable with a value on disk. */
static bool judge_entry_relation(const struct judged *judged, const struct bulla_setting *list,
                                 bool want_same, struct bulla_error *err)
{
    struct bulla_bytes word = {0};
    for (size_t i = 0; bulla_setting_word(list, i, &word, NULL); i++) {
        char name[BULLA_MAX_NAME_BYTES + 1];
        char words[WORDS_MAX];
        (void)snprintf(name, sizeof name, "%.*s", (int)word.len, (const char *)word.data);
        const struct known *other = known_find(judged->check, name);
        if (other == NULL || other->derived ||
            bulla_secret_bytes_equal(judged->known->value, other->value) == want_same) {
            continue;
        }
        (void)snprintf(words, sizeof words, "is %sthe same as '%s'", want_same ? "not " : "", name);
        if (!say_verdict(judged, BULLA_VERDICT_RELATION, words, err)) {
            return false;
        }
    }
    return true;
}

/* True for a value of a file that bulla has too, and judges there: what was imported may differ. */
static bool is_repeated(const struct check *check, const struct known *known)
{
    const struct bulla_value *value =
        check->input->values != NULL ? bulla_values_find(check->input->values, known->name) : NULL;
    return value != NULL && value->state == BULLA_VALUE_SET && value->bytes.len > 0 &&
           bulla_secret_bytes_equal(value->bytes, known->value);
}

static bool judge_entry(const struct judged *judged, struct bulla_error *err)
{
    const struct known *known = judged->known;
    const char *warn_when = known->variable.warn_when.text;
    if (!known->has_section || known->derived || is_repeated(judged->check, known)) {
        return true;
    }
    bulla_auto_buf reason;
    bulla_buf_init(&reason, REASON_MAX);
    if (!judge_entry_shape(judged, &reason, err) ||
        !judge_entry_relation(judged, &known->variable.differs, false, err) ||
        !judge_entry_relation(judged, &known->variable.same_as, true, err)) {
        return false;
    }
    if (warn_when == NULL || !bulla_secret_bytes_equal(known->value, bulla_bytes_of(warn_when))) {
        return true;
    }
    return say_verdict(judged, BULLA_VERDICT_WARN_WHEN, "has the value that 'warn-when' warns of",
                       err);
}

/* A key of somebody else's that was cut when it was copied; a `match` of the contract says better.
 */
static bool judge_token(const struct judged *judged, struct bulla_error *err)
{
    const struct known *known = judged->known;
    bool is_stated = known->has_section && known->variable.match.text != NULL;
    const char *what =
        known->secret && !known->derived && !is_stated ? bulla_token_cut_short(known->value) : NULL;
    if (what == NULL) {
        return true;
    }
    char words[WORDS_MAX];
    (void)snprintf(words, sizeof words, "begins as %s does, and is too short to be one", what);
    return say(judged, RULE_WRONG_SHAPE, BULLA_WARNING, words, err);
}

/* --- strength -------------------------------------------------------------------------------- */

/* True for what somebody here chose and could choose better. */
static bool is_ours_to_choose(const struct known *known)
{
    if (!known->secret || known->derived ||
        (known->has_section && known->variable.role == BULLA_ROLE_PROVIDED) ||
        bulla_name_third_party(known->name) != NULL) {
        return false;
    }
    /* What bulla made is as strong as its kind, and the contract says which. */
    bool is_made = known->row != NULL && known->row->made_as != NULL &&
                   strcmp(known->row->made_as, BULLA_KIND_IMPORTED) != 0;
    return !is_made;
}

/* What the project says of the value's form, where no contract does. */
static bool judge_stated(const struct judged *judged, struct bulla_error *err)
{
    const struct known *known = judged->known;
    char words[WORDS_MAX];
    if (!known->secret || known->derived || known->has_section ||
        bulla_name_third_party(known->name) != NULL) {
        return true;
    }
    return stated_judge(judged->check, known, words, sizeof words, err) &&
           (words[0] == '\0' || say(judged, RULE_NOT_AS_STATED, BULLA_WARNING, words, err));
}

static bool judge_strength(const struct judged *judged, struct bulla_error *err)
{
    const struct known *known = judged->known;
    char words[WORDS_MAX];
    if (!is_ours_to_choose(known) || !bulla_shape_is_chosen(known->value)) {
        return true;
    }
    size_t least =
        bulla_name_family(known->name) == BULLA_NAME_PASSWORD ? LEAST_PASSWORD : LEAST_KEY;
    if (known->value.len < least) {
        (void)snprintf(words, sizeof words, "has %zu character%s: %zu are the least",
                       known->value.len, known->value.len == 1 ? "" : "s", least);
        return say(judged, RULE_SHORT, BULLA_WARNING, words, err);
    }
    if (bulla_guess_bits(known->value) < LEAST_BITS) {
        return say(judged, RULE_GUESSABLE, BULLA_WARNING,
                   "is made of words, repeats or rows that can be guessed", err);
    }
    return true;
}

static bool judge_one(struct check *check, struct known *known, struct bulla_error *err)
{
    struct judged judged = {check, known};
    if (known->value.len > 0 &&
        (!judge_placeholder(&judged, err) || (!known->faulty && !judge_published(&judged, err)))) {
        return false;
    }
    if (known->faulty) {
        return true;
    }
    if (known->row != NULL) {
        if (!bulla_values_judge(check->input->values, known->row_index, add_verdict, &judged,
                                err)) {
            return false;
        }
    } else if (known->value.len > 0 && !judge_entry(&judged, err)) {
        return false;
    }
    return known->value.len == 0 || ((known->faulty || judge_token(&judged, err)) &&
                                     (known->faulty || judge_stated(&judged, err)) &&
                                     (known->faulty || judge_strength(&judged, err)));
}

bool check_each_value(struct check *check, struct bulla_error *err)
{
    for (size_t i = 0; i < check->knowns.count; i++) {
        if (!judge_one(check, &check->knowns.items[i], err)) {
            return false;
        }
    }
    return true;
}
