/* A command in one text, split as Compose's shell-like reader does it. */
#include <string.h>

#include "bulla/limits.h"
#include "model/internal.h"

#include "base/banned.h"

struct splitter {
    struct model *m;
    struct bulla_value *words;
    struct bulla_buf word;
    bool any; /* WORD is one, even where it is empty */
    bool escaped;
    bool single;
    bool dual;
    bool back;   /* between backticks */
    bool dollar; /* in $( ) */
};

static void end_word(struct splitter *s)
{
    if (s->any) {
        value_push(&s->m->store, s->words, value_text(&s->m->store, bulla_buf_view(&s->word)));
    }
    bulla_buf_clear(&s->word);
    s->any = false;
}

static void keep(struct splitter *s, char c)
{
    bulla_buf_putc(&s->word, c);
    s->any = true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum step { STEP_ON, STEP_END, STEP_BAD };

/* What is neither escaped, blank, nor a quote's. */
static enum step take_special(struct splitter *s, char c)
{
    bool quoted = s->single || s->dual;
    struct bulla_bytes word = bulla_buf_view(&s->word);
    if (c == '`' && !quoted && !s->dollar) {
        s->back = !s->back;
    } else if (c == ')' && !quoted && !s->back) {
        s->dollar = !s->dollar;
    } else if (c == '(' && !quoted && !s->back) {
        if (s->dollar || word.len == 0 || word.data[word.len - 1] != '$') {
            return STEP_BAD;
        }
        s->dollar = true;
    } else if (memchr(";&|<>", c, 5) != NULL && !quoted && !s->back && !s->dollar) {
        if (c == '>' && word.len > 0 && word.data[0] >= '0' && word.data[0] <= '9') {
            s->any = false;
        }
        return STEP_END;
    }
    keep(s, c);
    return STEP_ON;
}

static enum step take(struct splitter *s, char c)
{
    if (s->escaped) {
        s->escaped = false;
        keep(s, c == 't' ? '\t' : c == 'n' ? '\n' : c);
        return STEP_ON;
    }
    if (c == '\\' && !s->single) {
        s->escaped = true;
        return STEP_ON;
    }
    if (c == '\\') {
        bulla_buf_putc(&s->word, c);
        return STEP_ON;
    }
    if (is_blank(c)) {
        if (s->single || s->dual || s->back || s->dollar) {
            bulla_buf_putc(&s->word, c);
        } else {
            end_word(s);
        }
        return STEP_ON;
    }
    if (c == '"' && !s->single && !s->dollar) {
        s->any = s->any || s->dual;
        s->dual = !s->dual;
        return STEP_ON;
    }
    if (c == '\'' && !s->dual && !s->dollar) {
        s->any = s->any || s->single;
        s->single = !s->single;
        return STEP_ON;
    }
    return take_special(s, c);
}

struct bulla_value *split_command(struct model *m, struct bulla_bytes text)
{
    struct splitter s = {.m = m, .words = value_new(&m->store, BULLA_VALUE_LIST)};
    bulla_buf_init(&s.word, BULLA_MAX_OUTPUT_BYTES);
    enum step step = STEP_ON;
    for (size_t i = 0; step == STEP_ON && i < text.len; i++) {
        step = take(&s, (char)text.data[i]);
    }
    end_word(&s);
    bulla_buf_release(&s.word);
    bool open = s.escaped || s.single || s.dual || s.back || s.dollar;
    return step == STEP_BAD || open ? NULL : s.words;
}
