#include "check/stated.h"

#include <stdio.h>
#include <string.h>

#include "bulla/infer.h"
#include "check/names.h"

#include "base/banned.h"

#define COMMENT_MAX 1024
#define COMMENT_LINES 6
#define MESSAGES_MAX 8
#define REASON_MAX 512

/* The offset where the line before the one at AT begins. */
static size_t line_before(struct bulla_bytes text, size_t at)
{
    size_t start = at > 0 ? at - 1 : 0;
    while (start > 0 && text.data[start - 1] != '\n') {
        start--;
    }
    return start;
}

/* The comment lines above NAME in TEXT, a sample, and what follows its value; cut to fit. */
static void read_comment(const struct env_text *text, const struct bulla_dotenv_entry *entry,
                         char *out, size_t cap)
{
    struct bulla_bytes view = bulla_buf_view(&text->text);
    size_t start = entry->start;
    for (size_t lines = 0; start > 0 && lines < COMMENT_LINES; lines++) {
        size_t before = line_before(view, start);
        if (view.data[before] != '#') {
            break;
        }
        start = before;
    }
    size_t end = entry->value_end;
    while (end < view.len && view.data[end] != '\n') {
        end++;
    }
    (void)snprintf(out, cap, "%.*s %.*s", (int)(entry->start - start),
                   (const char *)view.data + start, (int)(end - entry->value_end),
                   (const char *)view.data + entry->value_end);
}

/* What a sample says of NAME, or "". */
static void find_comment(const struct check *check, const char *name, char *out, size_t cap)
{
    out[0] = '\0';
    for (size_t i = 0; out[0] == '\0' && i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        const struct bulla_dotenv_entry *entry =
            text->use == ENV_SAMPLE ? env_text_find(text, name) : NULL;
        if (entry != NULL) {
            read_comment(text, entry, out, cap);
        }
    }
}

/* The messages of NAME's required references, as far as they fit into STORE. */
static void find_messages(const struct check *check, const char *name, char *store, size_t cap,
                          const char *messages[static MESSAGES_MAX + 1])
{
    size_t count = 0;
    size_t found = 0;
    const struct bulla_project_ref *const *refs = check_names_find(check, name, &count);
    for (size_t i = 0; i < count && found < MESSAGES_MAX; i++) {
        bool is_message =
            refs[i]->op == BULLA_REF_REQUIRED || refs[i]->op == BULLA_REF_REQUIRED_NONEMPTY;
        if (!is_message || refs[i]->operand_len == 0 || refs[i]->operand_len + 1 >= cap) {
            continue;
        }
        (void)snprintf(store, cap, "%.*s", (int)refs[i]->operand_len, refs[i]->operand);
        messages[found++] = store;
        store += refs[i]->operand_len + 1;
        cap -= refs[i]->operand_len + 1;
    }
    messages[found] = NULL;
}

/* True where LENGTH stands in the prose: a least length may have been rounded up. */
static bool says_length(const struct bulla_evidence *evidence, size_t length)
{
    char number[24];
    (void)snprintf(number, sizeof number, "%zu", length);
    bool is_said = strstr(evidence->comment, number) != NULL;
    for (size_t i = 0; evidence->messages[i] != NULL; i++) {
        is_said = is_said || strstr(evidence->messages[i], number) != NULL;
    }
    return is_said;
}

/* A length is a least one here: whether more is refused, prose does not tell. */
static bool is_judged(const struct bulla_evidence *evidence, const struct bulla_guess *guess,
                      const struct bulla_kind *kind, struct bulla_bytes value)
{
    size_t length = bulla_kind_length(kind);
    bool is_stated = guess->step == BULLA_INFER_CONSTRAINT;
    bool is_known = guess->step == BULLA_INFER_KNOWN_NAME && strcmp(guess->kind, "fernet") == 0;
    if (!is_stated && !is_known) {
        return false;
    }
    return strncmp(guess->kind, "alnum", 5) != 0 ||
           (value.len < length && says_length(evidence, length));
}

bool stated_judge(const struct check *check, const struct known *known, char *out, size_t cap,
                  struct bulla_error *err)
{
    char comment[COMMENT_MAX];
    char store[COMMENT_MAX];
    const char *messages[MESSAGES_MAX + 1];
    out[0] = '\0';
    find_comment(check, known->name, comment, sizeof comment);
    find_messages(check, known->name, store, sizeof store, messages);
    struct bulla_evidence evidence = {.name = known->name,
                                      .messages = messages,
                                      .comment = comment,
                                      .referenced = true,
                                      .required = messages[0] != NULL};
    bulla_auto_guesser guesser = bulla_guesser_new(err);
    struct bulla_guess guess;
    struct bulla_kind kind;
    if (guesser == NULL || !bulla_guess(guesser, &evidence, &guess, err)) {
        return false;
    }
    if (guess.role != BULLA_ROLE_GENERATED ||
        !bulla_kind_parse(bulla_bytes_of(guess.kind), &kind, err)) {
        bulla_error_clear(err);
        return true;
    }
    bulla_auto_buf reason;
    bulla_buf_init(&reason, REASON_MAX);
    if (!is_judged(&evidence, &guess, &kind, known->value) ||
        bulla_kind_check(&kind, known->value, &reason)) {
        return true;
    }
    const char *text = bulla_buf_text(&reason, err);
    if (text != NULL) {
        (void)snprintf(out, cap, "%s; %s", text, guess.why);
    }
    return text != NULL;
}
