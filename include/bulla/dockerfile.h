/*
 * Dockerfiles as the builder reads them: instructions with exact positions, the variables that they
 * set and use, the secrets that they mount and what they copy; and `.dockerignore`. Nothing is
 * built, run or fetched, no value is evaluated.
 */
#ifndef BULLA_DOCKERFILE_H
#define BULLA_DOCKERFILE_H

#include "bulla/bytes.h"
#include "bulla/error.h"

enum bulla_docker_keyword {
    BULLA_DOCKER_ADD,
    BULLA_DOCKER_ARG,
    BULLA_DOCKER_CMD,
    BULLA_DOCKER_COPY,
    BULLA_DOCKER_ENTRYPOINT,
    BULLA_DOCKER_ENV,
    BULLA_DOCKER_EXPOSE,
    BULLA_DOCKER_FROM,
    BULLA_DOCKER_HEALTHCHECK,
    BULLA_DOCKER_LABEL,
    BULLA_DOCKER_MAINTAINER,
    BULLA_DOCKER_ONBUILD,
    BULLA_DOCKER_RUN,
    BULLA_DOCKER_SHELL,
    BULLA_DOCKER_STOPSIGNAL,
    BULLA_DOCKER_USER,
    BULLA_DOCKER_VOLUME,
    BULLA_DOCKER_WORKDIR
};

/*
 * Members that all of the following share: KEYWORD is the instruction's (behind ONBUILD that of the
 * inner one); STAGE counts from 1, 0 is what stands before the first FROM, and every FROM line;
 * POS is the first character, END behind the last one. Texts end in a NUL.
 */

/* One name of an ENV, ARG or LABEL. */
struct bulla_docker_pair {
    enum bulla_docker_keyword keyword;
    size_t stage;
    const char *name;
    const char *value; /* without quotes and escapes, variables as written; NULL: ARG NAME */
    size_t value_len;
    size_t references; /* `$V` and `${V}` in the value */
    struct bulla_pos pos;
    struct bulla_pos value_pos;
    struct bulla_pos end;
};

/* One `$V` or `${V…}`. In RUN, CMD and the like it is the shell that expands it. */
struct bulla_docker_use {
    enum bulla_docker_keyword keyword;
    size_t stage;
    const char *name;
    bool fallback; /* `:-`, `-`, `:+`, `+`, `:?`, `?`, or a shell tests it: unset is dealt with */
    struct bulla_pos pos;
    struct bulla_pos end;
};

/* One `RUN --mount=type=secret`. */
struct bulla_docker_mount {
    size_t stage;
    const char *id; /* NULL where it is not said: the target's last part */
    bool required;
    struct bulla_pos pos;
};

/* One source of a COPY or ADD that is taken from the build context. */
struct bulla_docker_source {
    enum bulla_docker_keyword keyword;
    size_t stage;
    const char *path; /* a pattern; variables as written */
    struct bulla_pos pos;
    struct bulla_pos end;
};

struct bulla_docker_stage {
    const char *name; /* of `AS`; NULL */
    const char *image;
    struct bulla_pos pos;
};

struct bulla_dockerfile {
    /*
     * `# syntax=` names another builder than Docker's own (docker/dockerfile…): what the file means
     * is unknown, and the rest of this is empty.
     */
    bool foreign;
    size_t instruction_count;
    const struct bulla_docker_stage *stages; /* stages[0] is stage 1 */
    size_t stage_count;
    const struct bulla_docker_pair *pairs;
    size_t pair_count;
    const struct bulla_docker_use *uses;
    size_t use_count;
    const struct bulla_docker_mount *mounts;
    size_t mount_count;
    const struct bulla_docker_source *sources;
    size_t source_count;
};

/*
 * Parses TEXT; FILE is for messages. The caller owns the result: bulla_dockerfile_free. NULL with
 * BULLA_E_SYNTAX and the position for what the builder refuses: an unknown instruction, one before
 * FROM, a name without a value, a here-document without an end, a wrong `${…}`, a wrong escape
 * directive, no instruction at all; BULLA_E_LIMIT over BULLA_MAX_TEXT_BYTES; BULLA_E_NOMEM.
 * Source: Docker's Dockerfile reference; moby/buildkit frontend/dockerfile/parser and shell/lex.go.
 */
BULLA_API const struct bulla_dockerfile *
bulla_dockerfile_parse(struct bulla_bytes text, const char *file, struct bulla_error *err);
BULLA_API void bulla_dockerfile_free(const struct bulla_dockerfile *dockerfile);

/* The word itself, "ENV". */
BULLA_API const char *bulla_docker_keyword_name(enum bulla_docker_keyword keyword);

/*
 * True where the text of a `.dockerignore` leaves PATH (relative to the build context, "/" between
 * its parts) out: the last pattern that matches it or a folder above it decides. Takes time in the
 * product of both lengths at most. Source: moby/patternmatcher.
 */
BULLA_API bool bulla_dockerignore_excludes(struct bulla_bytes text, const char *path);

/*
 * True where the source PATTERN of a COPY takes in PATH: it is it, a folder above it, or a pattern
 * (Go's filepath.Match) that matches one of these.
 */
BULLA_API bool bulla_docker_source_covers(const char *pattern, const char *path);

BULLA_DEFINE_AUTO(bulla_auto_dockerfile_p, const struct bulla_dockerfile *, bulla_dockerfile_free)
#define bulla_auto_dockerfile BULLA_AUTO(bulla_auto_dockerfile_p) const struct bulla_dockerfile *

#endif
