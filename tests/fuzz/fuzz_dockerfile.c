/*
 * The first byte chooses: a Dockerfile that is refused with a place or taken with places in order,
 * or a `.dockerignore` whose first line is a path.
 */
#include "fuzz.h"

#include "bulla/dockerfile.h"

static bool is_before(struct bulla_pos a, struct bulla_pos b)
{
    return a.line < b.line || (a.line == b.line && a.col <= b.col);
}

static void check_text(const char *text)
{
    fuzz_touch(bulla_bytes(text, strlen(text) + 1));
}

static void check_pairs(const struct bulla_dockerfile *file)
{
    for (size_t i = 0; i < file->pair_count; i++) {
        const struct bulla_docker_pair *pair = &file->pairs[i];
        check_text(pair->name);
        FUZZ_ASSERT(pair->stage <= file->stage_count);
        FUZZ_ASSERT(pair->pos.line > 0 && is_before(pair->pos, pair->end));
        if (pair->value != NULL) {
            fuzz_touch(bulla_bytes(pair->value, pair->value_len + 1));
            FUZZ_ASSERT(is_before(pair->pos, pair->value_pos));
            FUZZ_ASSERT(is_before(pair->value_pos, pair->end));
        }
    }
}

static void check_dockerfile(struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_dockerfile file = bulla_dockerfile_parse(text, "fuzz", &err);
    if (file == NULL) {
        fuzz_check_error_at(&err);
        return;
    }
    check_pairs(file);
    for (size_t i = 0; i < file->use_count; i++) {
        check_text(file->uses[i].name);
        FUZZ_ASSERT(file->uses[i].name[0] != '\0');
        FUZZ_ASSERT(is_before(file->uses[i].pos, file->uses[i].end));
    }
    for (size_t i = 0; i < file->source_count; i++) {
        check_text(file->sources[i].path);
        FUZZ_ASSERT(is_before(file->sources[i].pos, file->sources[i].end));
        (void)bulla_docker_source_covers(file->sources[i].path, "a/.env");
    }
    for (size_t i = 0; i < file->stage_count; i++) {
        check_text(file->stages[i].image);
    }
    FUZZ_ASSERT(file->foreign || (file->stage_count > 0 && file->instruction_count > 0));
}

static void check_ignore(struct bulla_bytes text)
{
    char path[64] = {0};
    size_t len = 0;
    while (len < text.len && len < sizeof path - 1 && text.data[len] != '\n') {
        path[len] = (char)text.data[len];
        len++;
    }
    (void)bulla_dockerignore_excludes(bulla_bytes_slice(text, len, text.len), path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct bulla_bytes text = bulla_bytes(data + 1, size - 1);
    if ((data[0] & 1) != 0) {
        check_ignore(text);
    } else {
        check_dockerfile(text);
    }
    return 0;
}
