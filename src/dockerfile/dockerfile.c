/* Instructions, and what each of them says. */
#include "bulla/dockerfile.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "dockerfile/internal.h"

#include "base/banned.h"

static const char *const keywords[] = {
    [BULLA_DOCKER_ADD] = "ADD",
    [BULLA_DOCKER_ARG] = "ARG",
    [BULLA_DOCKER_CMD] = "CMD",
    [BULLA_DOCKER_COPY] = "COPY",
    [BULLA_DOCKER_ENTRYPOINT] = "ENTRYPOINT",
    [BULLA_DOCKER_ENV] = "ENV",
    [BULLA_DOCKER_EXPOSE] = "EXPOSE",
    [BULLA_DOCKER_FROM] = "FROM",
    [BULLA_DOCKER_HEALTHCHECK] = "HEALTHCHECK",
    [BULLA_DOCKER_LABEL] = "LABEL",
    [BULLA_DOCKER_MAINTAINER] = "MAINTAINER",
    [BULLA_DOCKER_ONBUILD] = "ONBUILD",
    [BULLA_DOCKER_RUN] = "RUN",
    [BULLA_DOCKER_SHELL] = "SHELL",
    [BULLA_DOCKER_STOPSIGNAL] = "STOPSIGNAL",
    [BULLA_DOCKER_USER] = "USER",
    [BULLA_DOCKER_VOLUME] = "VOLUME",
    [BULLA_DOCKER_WORKDIR] = "WORKDIR",
};
#define KEYWORDS (sizeof keywords / sizeof *keywords)

const char *bulla_docker_keyword_name(enum bulla_docker_keyword keyword)
{
    return (size_t)keyword < KEYWORDS ? keywords[keyword] : "";
}

struct owned {
    struct bulla_dockerfile info; /* first: it is what the caller has */
    struct pool *pool;
};

static bool word_is(const struct parser *p, struct word word, const char *text)
{
    if (word.end - word.start != strlen(text)) {
        return false;
    }
    for (size_t i = word.start; i < word.end; i++) {
        uint8_t c = p->line.data[i];
        uint8_t upper = c >= 'a' && c <= 'z' ? (uint8_t)(c - 'a' + 'A') : c;
        if (upper != (uint8_t)text[i - word.start]) {
            return false;
        }
    }
    return true;
}

static bool find_keyword(const struct parser *p, struct word word,
                         enum bulla_docker_keyword *ret_keyword)
{
    for (size_t i = 0; i < KEYWORDS; i++) {
        if (word_is(p, word, keywords[i])) {
            *ret_keyword = (enum bulla_docker_keyword)i;
            return true;
        }
    }
    return false;
}

/* --- FROM ------------------------------------------------------------------------------------- */

static bool read_from(struct parser *p, size_t start, size_t end)
{
    struct word image;
    struct word as;
    struct word name;
    size_t at = start;
    if (!docker_next_plain_word(p, &at, end, &image)) {
        return docker_refuse(p, 0, "FROM wants an image");
    }
    bool is_named = docker_next_plain_word(p, &at, end, &as);
    if (is_named && (!word_is(p, as, "AS") || !docker_next_plain_word(p, &at, end, &name))) {
        return docker_refuse(p, as.start, "behind FROM's image only 'AS NAME' can stand");
    }
    struct word more;
    if (docker_next_plain_word(p, &at, end, &more)) {
        return docker_refuse(p, more.start, "behind FROM's image only 'AS NAME' can stand");
    }
    struct bulla_docker_stage *stage = docker_add_row(p, &p->stages, sizeof *stage);
    if (stage == NULL) {
        return false;
    }
    p->stage = p->stages.count;
    stage->image = docker_copy(p, image.start, image.end);
    stage->name = is_named ? docker_copy(p, name.start, name.end) : NULL;
    stage->pos = docker_pos_of(p, image.start);
    return stage->image != NULL && (!is_named || stage->name != NULL);
}

/* --- COPY, ADD -------------------------------------------------------------------------------- */

static bool add_source(struct parser *p, enum bulla_docker_keyword keyword, struct word word)
{
    size_t len = 0;
    size_t references = 0;
    struct bulla_docker_source source = {.keyword = keyword, .stage = p->stage};
    source.path = docker_decode(p, word.start, word.end, &len, &references);
    source.pos = docker_pos_of(p, word.start);
    source.end = docker_end_of(p, word.end);
    if (source.path == NULL) {
        return false;
    }
    bool is_remote = strstr(source.path, "://") != NULL || strncmp(source.path, "git@", 4) == 0;
    if (is_remote || strncmp(source.path, "<<", 2) == 0) {
        return true;
    }
    struct bulla_docker_source *kept = docker_add_row(p, &p->sources, sizeof *kept);
    if (kept == NULL) {
        return false;
    }
    *kept = source;
    return true;
}

/* The next string of ["a", "b"]; a word with its quotes. */
static bool next_json_word(const struct parser *p, size_t *at, size_t end, struct word *ret_word)
{
    const uint8_t *text = p->line.data;
    size_t i = *at;
    while (i < end && text[i] != '"') {
        i++;
    }
    ret_word->start = i;
    for (i++; i < end && text[i] != '"'; i++) {
        i += text[i] == '\\';
    }
    ret_word->end = i < end ? i + 1 : end;
    *at = ret_word->end;
    return ret_word->start < end;
}

/* Every word but the last, which is where they go. */
static bool read_sources(struct parser *p, enum bulla_docker_keyword keyword, size_t start,
                         size_t end)
{
    bool is_json = docker_is_json(p, start, end);
    struct word word;
    struct word before = {0, 0};
    for (size_t at = start; is_json ? next_json_word(p, &at, end, &word)
                                    : docker_next_plain_word(p, &at, end, &word);) {
        if (before.end > 0 && !add_source(p, keyword, before)) {
            return false;
        }
        before = word;
    }
    return true;
}

/* --- flags ------------------------------------------------------------------------------------ */

/* What the flags before an instruction's words say that we want to know. */
struct flags {
    bool from;    /* --from: not the build context */
    bool exclude; /* --exclude: not all of it */
};

static bool starts(struct bulla_bytes text, const char *prefix, struct bulla_bytes *ret_rest)
{
    if (!bulla_bytes_start(text, prefix)) {
        return false;
    }
    *ret_rest = bulla_bytes_slice(text, strlen(prefix), text.len);
    return true;
}

/* "--mount=type=secret,id=x,required=true" at WORD. */
static bool read_mount(struct parser *p, struct word word, struct bulla_bytes options)
{
    struct bulla_docker_mount mount = {.stage = p->stage, .pos = docker_pos_of(p, word.start)};
    bool is_secret = false;
    while (options.len > 0) {
        const uint8_t *comma = memchr(options.data, ',', options.len);
        size_t len = comma != NULL ? (size_t)(comma - options.data) : options.len;
        struct bulla_bytes option = bulla_bytes(options.data, len);
        struct bulla_bytes value = bulla_bytes(NULL, 0);
        is_secret = is_secret || bulla_bytes_are(option, "type=secret");
        if (starts(option, "id=", &value)) {
            mount.id = pool_strndup(p->pool, value.data, value.len, p->err);
            if (mount.id == NULL) {
                return false;
            }
        }
        mount.required = mount.required || bulla_bytes_are(option, "required") ||
                         bulla_bytes_are(option, "required=true");
        options = bulla_bytes_slice(options, len + 1, options.len);
    }
    if (!is_secret) {
        return true;
    }
    struct bulla_docker_mount *kept = docker_add_row(p, &p->mounts, sizeof *kept);
    if (kept == NULL) {
        return false;
    }
    *kept = mount;
    return true;
}

/* Passes over "--name=value" words; *START moves behind them. */
static bool read_flags(struct parser *p, size_t *start, size_t end, struct flags *ret_flags)
{
    struct word word;
    for (size_t at = *start; docker_next_word(p, &at, end, &word);) {
        struct bulla_bytes text = bulla_bytes(p->line.data + word.start, word.end - word.start);
        struct bulla_bytes rest = bulla_bytes(NULL, 0);
        if (!bulla_bytes_start(text, "--")) {
            *start = word.start;
            return true;
        }
        ret_flags->from = ret_flags->from || bulla_bytes_start(text, "--from=");
        ret_flags->exclude = ret_flags->exclude || bulla_bytes_start(text, "--exclude=");
        if (starts(text, "--mount=", &rest) && !read_mount(p, word, rest)) {
            return false;
        }
        *start = at;
        if (text.len == 2) {
            return true;
        }
    }
    return true;
}

/* --- instructions ----------------------------------------------------------------------------- */

static bool takes_flags(enum bulla_docker_keyword keyword)
{
    return keyword == BULLA_DOCKER_RUN || keyword == BULLA_DOCKER_COPY ||
           keyword == BULLA_DOCKER_ADD || keyword == BULLA_DOCKER_FROM ||
           keyword == BULLA_DOCKER_HEALTHCHECK;
}

static bool takes_heredocs(enum bulla_docker_keyword keyword)
{
    return keyword == BULLA_DOCKER_RUN || keyword == BULLA_DOCKER_COPY ||
           keyword == BULLA_DOCKER_ADD;
}

static bool read_words(struct parser *p, enum bulla_docker_keyword keyword, size_t start,
                       size_t end, const struct flags *flags)
{
    if (keyword == BULLA_DOCKER_ENV || keyword == BULLA_DOCKER_ARG ||
        keyword == BULLA_DOCKER_LABEL) {
        return docker_read_pairs(p, keyword, start, end);
    }
    if (keyword == BULLA_DOCKER_FROM) {
        return read_from(p, start, end);
    }
    if ((keyword == BULLA_DOCKER_COPY || keyword == BULLA_DOCKER_ADD) && !flags->from &&
        !flags->exclude) {
        return read_sources(p, keyword, start, end);
    }
    return true;
}

/* The instruction at [START, END) of the logical line. */
static bool read_instruction(struct parser *p, size_t start, size_t end)
{
    struct word word;
    enum bulla_docker_keyword keyword = BULLA_DOCKER_RUN;
    size_t at = start;
    if (!docker_next_plain_word(p, &at, end, &word)) {
        return docker_refuse(p, start, "ONBUILD wants an instruction");
    }
    if (!find_keyword(p, word, &keyword)) {
        return docker_refuse(p, word.start, "an instruction that Docker does not know");
    }
    if (p->stages.count == 0 && keyword != BULLA_DOCKER_ARG && keyword != BULLA_DOCKER_FROM) {
        return docker_refuse(p, word.start, "%s before the first FROM", keywords[keyword]);
    }
    while (at < end && docker_is_blank(p->line.data[at])) {
        at++;
    }
    if (keyword == BULLA_DOCKER_ONBUILD) {
        /* Docker refuses one inside another, so there is no second level. */
        size_t inner = at;
        struct word next;
        if (docker_next_plain_word(p, &inner, end, &next) &&
            (word_is(p, next, "ONBUILD") || word_is(p, next, "FROM"))) {
            return docker_refuse(p, next.start, "an instruction that ONBUILD cannot hold");
        }
        return read_instruction(p, at, end);
    }
    struct flags flags = {false, false};
    size_t words = at;
    if (takes_flags(keyword) && !read_flags(p, &words, end, &flags)) {
        return false;
    }
    return docker_note_uses(p, keyword, at, end) && read_words(p, keyword, words, end, &flags) &&
           (!takes_heredocs(keyword) || docker_is_json(p, words, end) ||
            docker_read_heredocs(p, keyword, words, end));
}

static bool parse(struct parser *p)
{
    if (!docker_read_directives(p) || p->foreign) {
        return p->foreign;
    }
    for (;;) {
        bool done = false;
        if (!docker_next_line(p, &done)) {
            return false;
        }
        size_t end = p->line.len;
        while (end > 0 && docker_is_blank(p->line.data[end - 1])) {
            end--;
        }
        if (end > 0) {
            p->instructions++;
            if (!read_instruction(p, 0, end)) {
                return false;
            }
        } else if (done) {
            break;
        }
    }
    return p->stages.count > 0 ||
           bulla_error_at(p->err, BULLA_E_SYNTAX, p->file, docker_pos(p, p->text.len),
                          "no FROM: nothing to build");
}

/* ROWS as an array in the pool; never NULL but for a failure. */
static const void *keep(struct parser *p, const struct rows *rows, size_t size)
{
    void *kept = pool_alloc(p->pool, rows->count * size + 1, p->err);
    if (kept != NULL && rows->count > 0) {
        memcpy(kept, rows->items, rows->count * size);
    }
    return kept;
}

static bool keep_all(struct parser *p, struct bulla_dockerfile *info)
{
    info->foreign = p->foreign;
    info->instruction_count = p->instructions;
    info->stage_count = p->stages.count;
    info->pair_count = p->pairs.count;
    info->use_count = p->uses.count;
    info->mount_count = p->mounts.count;
    info->source_count = p->sources.count;
    info->stages = keep(p, &p->stages, sizeof *info->stages);
    info->pairs = keep(p, &p->pairs, sizeof *info->pairs);
    info->uses = keep(p, &p->uses, sizeof *info->uses);
    info->mounts = keep(p, &p->mounts, sizeof *info->mounts);
    info->sources = keep(p, &p->sources, sizeof *info->sources);
    return info->stages != NULL && info->pairs != NULL && info->uses != NULL &&
           info->mounts != NULL && info->sources != NULL;
}

static void release(struct parser *p)
{
    bulla_buf_release(&p->line);
    bulla_free(p->segments.items);
    bulla_free(p->stages.items);
    bulla_free(p->pairs.items);
    bulla_free(p->uses.items);
    bulla_free(p->mounts.items);
    bulla_free(p->sources.items);
}

const struct bulla_dockerfile *bulla_dockerfile_parse(struct bulla_bytes text, const char *file,
                                                      struct bulla_error *err)
{
    if (text.len > BULLA_MAX_TEXT_BYTES) {
        (void)bulla_error_at(err, BULLA_E_LIMIT, file, (struct bulla_pos){0, 0}, "over %zu bytes",
                             BULLA_MAX_TEXT_BYTES);
        return NULL;
    }
    auto_pool pool = pool_new(err);
    struct owned *owned = pool != NULL ? pool_alloc(pool, sizeof *owned, err) : NULL;
    if (owned == NULL) {
        return NULL;
    }
    struct parser p = {.text = text, .file = file, .err = err, .pool = pool};
    bulla_buf_init(&p.line, BULLA_MAX_TEXT_BYTES);
    bool ok = parse(&p) && keep_all(&p, &owned->info);
    release(&p);
    if (!ok) {
        return NULL;
    }
    owned->pool = BULLA_STEAL(pool);
    return &owned->info;
}

void bulla_dockerfile_free(const struct bulla_dockerfile *dockerfile)
{
    if (dockerfile != NULL) {
        pool_free(((const struct owned *)dockerfile)->pool);
    }
}
