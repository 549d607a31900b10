/* Here-documents of RUN, COPY and ADD: "<<EOF", "<<-EOF", "3<<'EOF'". */
#include <string.h>

#include "dockerfile/internal.h"

#include "base/banned.h"

struct heredoc {
    char *name;
    size_t len;
    bool chomp;  /* "<<-": tabs before its end are dropped */
    bool expand; /* the name is not quoted */
};

/* WORD as the beginning of a here-document; false where it is none. */
static bool read_heredoc(struct parser *p, struct word word, struct heredoc *ret_heredoc,
                         bool *ret_failed)
{
    const uint8_t *text = p->line.data;
    size_t at = word.start;
    while (at < word.end && text[at] >= '0' && text[at] <= '9') {
        at++;
    }
    if (word.end - at < 3 || text[at] != '<' || text[at + 1] != '<') {
        return false;
    }
    at += 2;
    ret_heredoc->chomp = text[at] == '-';
    at += ret_heredoc->chomp;
    if (at == word.end || memchr(text + at, '<', word.end - at) != NULL) {
        return false;
    }
    size_t references = 0;
    ret_heredoc->name = docker_decode(p, at, word.end, &ret_heredoc->len, &references);
    *ret_failed = ret_heredoc->name == NULL;
    ret_heredoc->expand = ret_heredoc->len == word.end - at;
    return ret_heredoc->name != NULL && ret_heredoc->len > 0;
}

/* Passes over one body; its references are KEYWORD's. */
static bool read_body(struct parser *p, enum bulla_docker_keyword keyword,
                      const struct heredoc *heredoc, size_t word)
{
    size_t start = p->at;
    while (p->at < p->text.len) {
        size_t end = p->at;
        struct bulla_bytes line = docker_raw_line(p);
        size_t tabs = 0;
        while (heredoc->chomp && tabs < line.len && line.data[tabs] == '\t') {
            tabs++;
        }
        line = bulla_bytes_slice(line, tabs, line.len);
        if (bulla_bytes_equal(line, bulla_bytes(heredoc->name, heredoc->len))) {
            bool counts = heredoc->expand || keyword == BULLA_DOCKER_RUN;
            return !counts || docker_note_body_uses(p, keyword, start, end);
        }
    }
    return docker_refuse(p, word, "a here-document without its end");
}

bool docker_read_heredocs(struct parser *p, enum bulla_docker_keyword keyword, size_t start,
                          size_t end)
{
    struct word word;
    for (size_t at = start; docker_next_word(p, &at, end, &word);) {
        struct heredoc heredoc = {.name = NULL};
        bool failed = false;
        if (read_heredoc(p, word, &heredoc, &failed) &&
            !read_body(p, keyword, &heredoc, word.start)) {
            return false;
        }
        if (failed) {
            return false;
        }
    }
    return true;
}
