/* `.dockerignore`, and the patterns of COPY. */
#include <string.h>

#include "bulla/dockerfile.h"

#include "base/banned.h"

/* Longer patterns match nothing; a path on Linux ends at 4,096 bytes. */
#define PATTERN_MAX 1024

/* One bit for each offset of a pattern: where a match may stand. */
struct states {
    bool at[PATTERN_MAX + 1];
};

/* The end of the class "[…]" that begins at AT; the pattern's length where it has none. */
static size_t class_end(struct bulla_bytes pattern, size_t at)
{
    for (at++; at < pattern.len && pattern.data[at] != ']'; at++) {
        at += pattern.data[at] == '\\';
    }
    return at < pattern.len ? at + 1 : pattern.len;
}

static bool class_has(struct bulla_bytes pattern, size_t at, size_t end, uint8_t c)
{
    bool negated = at + 1 < end && pattern.data[at + 1] == '^';
    bool found = false;
    for (at += negated ? 2 : 1; at + 1 < end;) {
        at += pattern.data[at] == '\\' && at + 2 < end;
        uint8_t low = pattern.data[at++];
        uint8_t high = low;
        if (at + 2 < end && pattern.data[at] == '-') {
            high = pattern.data[at + 1];
            at += 2;
        }
        found = found || (c >= low && c <= high);
    }
    return found != negated && c != '/';
}

static bool is_double_star(struct bulla_bytes pattern, size_t at)
{
    return at + 1 < pattern.len && pattern.data[at] == '*' && pattern.data[at + 1] == '*';
}

/* Adds the states that are reached without a byte. Ascending order reaches all of them. */
static void close_states(struct bulla_bytes pattern, struct states *states)
{
    for (size_t at = 0; at < pattern.len; at++) {
        if (!states->at[at] || pattern.data[at] != '*') {
            continue;
        }
        bool is_double = is_double_star(pattern, at);
        size_t behind = at + (is_double ? 2 : 1);
        states->at[behind] = true;
        /* "**" with its slash stands for no folder at all, too. */
        if (is_double && behind < pattern.len && pattern.data[behind] == '/') {
            states->at[behind + 1] = true;
        }
    }
}

/* The states behind the byte C. */
static void step(struct bulla_bytes pattern, const struct states *from, uint8_t c,
                 struct states *to)
{
    memset(to->at, 0, (pattern.len + 1) * sizeof *to->at);
    for (size_t at = 0; at < pattern.len; at++) {
        if (!from->at[at]) {
            continue;
        }
        uint8_t want = pattern.data[at];
        if (want == '*') {
            to->at[at] = to->at[at] || c != '/' || is_double_star(pattern, at);
        } else if (want == '?') {
            to->at[at + 1] = to->at[at + 1] || c != '/';
        } else if (want == '[') {
            size_t end = class_end(pattern, at);
            to->at[end] = to->at[end] || class_has(pattern, at, end, c);
        } else {
            size_t escaped = want == '\\' && at + 1 < pattern.len;
            size_t behind = at + escaped + 1;
            to->at[behind] = to->at[behind] || pattern.data[at + escaped] == c;
        }
    }
}

static bool matches(struct bulla_bytes pattern, const char *path, size_t len)
{
    struct states now = {.at = {true}};
    struct states next;
    if (pattern.len == 0 || pattern.len > PATTERN_MAX) {
        return false;
    }
    close_states(pattern, &now);
    for (size_t i = 0; i < len; i++) {
        step(pattern, &now, (uint8_t)path[i], &next);
        close_states(pattern, &next);
        memcpy(now.at, next.at, (pattern.len + 1) * sizeof *now.at);
    }
    return now.at[pattern.len];
}

/* PATTERN matches PATH or a folder above it. */
static bool covers(struct bulla_bytes pattern, const char *path)
{
    size_t len = strlen(path);
    for (size_t end = 1; end <= len; end++) {
        if ((end == len || path[end] == '/') && matches(pattern, path, end)) {
            return true;
        }
    }
    return false;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static struct bulla_bytes trim(struct bulla_bytes text)
{
    while (text.len > 0 && is_space(text.data[text.len - 1])) {
        text.len--;
    }
    while (text.len > 0 && is_space(text.data[0])) {
        text = bulla_bytes_slice(text, 1, text.len);
    }
    return text;
}

/* "/a/", "./a" and "a" are one pattern; "." is none. */
static struct bulla_bytes clean(struct bulla_bytes pattern)
{
    while (bulla_bytes_start(pattern, "/") || bulla_bytes_start(pattern, "./")) {
        pattern = bulla_bytes_slice(pattern, pattern.data[0] == '.' ? 2 : 1, pattern.len);
    }
    while (pattern.len > 0 && pattern.data[pattern.len - 1] == '/') {
        pattern.len--;
    }
    return bulla_bytes_are(pattern, ".") ? bulla_bytes(NULL, 0) : pattern;
}

bool bulla_dockerignore_excludes(struct bulla_bytes text, const char *path)
{
    bool excluded = false;
    if (bulla_bytes_start(text, "\xEF\xBB\xBF")) {
        text = bulla_bytes_slice(text, 3, text.len);
    }
    while (text.len > 0) {
        const uint8_t *lf = memchr(text.data, '\n', text.len);
        size_t len = lf != NULL ? (size_t)(lf - text.data) : text.len;
        struct bulla_bytes line = bulla_bytes(text.data, len);
        text = bulla_bytes_slice(text, len + 1, text.len);
        if (bulla_bytes_start(line, "#")) {
            continue;
        }
        line = trim(line);
        bool is_exception = bulla_bytes_start(line, "!");
        struct bulla_bytes pattern =
            clean(is_exception ? trim(bulla_bytes_slice(line, 1, line.len)) : line);
        if (pattern.len > 0 && is_exception == excluded && covers(pattern, path)) {
            excluded = !is_exception;
        }
    }
    return excluded;
}

bool bulla_docker_source_covers(const char *pattern, const char *path)
{
    struct bulla_bytes cleaned = clean(bulla_bytes_of(pattern));
    return cleaned.len == 0 || covers(cleaned, path);
}
