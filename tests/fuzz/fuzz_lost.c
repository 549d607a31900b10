/*
 * What is lost where an env file is written anew: the input up to a NUL is that file, what is
 * behind it the template, which everybody may read. What is told of are secrets, and values made of
 * such, that are set and no placeholders, and none that the template has; asking again takes
 * nothing more away.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bulla/check.h"
#include "bulla/file.h"
#include "bulla/render.h"
#include "bulla/shape.h"

/* A value that is held in place of a vault's: the default. */
static const char held[] = "Kq8vN2mX5wR7tY4uP9sD";
static const char contract_text[] = "[A]\nkind = alnum:32\ndefault = Kq8vN2mX5wR7tY4uP9sD\n"
                                    "[B_URL]\nkind = provided\ndefault = https://h/\n"
                                    "[C]\nkind = derived\nvalue = x{{ A }}\n"
                                    "[D]\nkind = setting\ndefault = d\n"
                                    "[E]\noptional = yes\n";

static char path[] = "/dev/shm/bulla-fuzz-lost-XXXXXX";

static void remove_file(void)
{
    (void)unlink(path);
}

static void write_template(struct bulla_bytes text)
{
    static bool is_there;
    struct bulla_error err = BULLA_ERROR_INIT;
    if (!is_there) {
        int made = mkstemp(path);
        FUZZ_ASSERT(made >= 0 && close(made) == 0 && atexit(remove_file) == 0);
        is_there = true;
    }
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    FUZZ_ASSERT(fd >= 0 && bulla_fd_write(fd, path, text, &err) && close(fd) == 0);
}

static void check_items(const struct bulla_lost *lost)
{
    for (size_t i = 0; i < lost->count; i++) {
        struct bulla_bytes value = bulla_lost_value(lost, i);
        struct bulla_bytes secret = bulla_lost_secret(lost->items[i], value);
        fuzz_touch(value);
        FUZZ_ASSERT(lost->items[i]->variable.role != BULLA_ROLE_SETTING);
        FUZZ_ASSERT(value.len > 0 && bulla_placeholder(secret) == NULL);
        FUZZ_ASSERT(!bulla_bytes_are(value, held));
    }
}

static void check_left(const struct bulla_values *values, const struct bulla_dotenv *file)
{
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        struct bulla_bytes text = bulla_bytes(NULL, 0);
        if (bulla_rendered_is_left(values, value, file, &text)) {
            fuzz_touch(text);
            FUZZ_ASSERT(bulla_dotenv_find(file, bulla_bytes_of(value->variable.name)) != NULL);
        }
    }
}

/* PUBLISHED is what stands in the template: with it the list is never longer. */
static void check_published(struct bulla_lost *lost, struct bulla_bytes published)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    size_t before = lost->count;
    write_template(published);
    FUZZ_ASSERT(bulla_lost_leave_published(lost, NULL, path, &err));
    FUZZ_ASSERT(lost->count <= before);
    check_items(lost);
    size_t once = lost->count;
    FUZZ_ASSERT(bulla_lost_leave_published(lost, NULL, path, &err) && lost->count == once);
}

/* As a file in a notation that is not read back. */
static void check_text(const struct bulla_values *values, struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_lost lost = {0};
    FUZZ_ASSERT(bulla_lost_collect_text(&lost, values, text, &err));
    for (size_t i = 0; i < lost.count; i++) {
        fuzz_touch(bulla_lost_value(&lost, i));
        FUZZ_ASSERT(bulla_lost_value(&lost, i).len > 0 && bulla_lost_pos(&lost, i).line > 0);
    }
    bulla_lost_release(&lost);
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        bool differs = false;
        FUZZ_ASSERT(bulla_rendered_text_differs(values, bulla_values_get(values, i), BULLA_ENV_SH,
                                                text, &differs, &err));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const uint8_t *nul = size > 0 ? memchr(data, '\0', size) : NULL;
    size_t len = nul != NULL ? (size_t)(nul - data) : size;
    struct bulla_bytes text = bulla_bytes(data, len);
    struct bulla_bytes behind = bulla_bytes_slice(bulla_bytes(data, size), len + 1, SIZE_MAX);
    if (size > 16384) {
        return 0;
    }
    bulla_auto_contract contract =
        bulla_contract_parse(bulla_bytes_of(contract_text), "bulla.ini", &err);
    FUZZ_ASSERT(contract != NULL);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    FUZZ_ASSERT(values != NULL);
    check_text(values, text);
    bulla_auto_dotenv file = bulla_rendered_read(BULLA_ENV_COMPOSE, text, ".env", &err);
    if (file == NULL) {
        fuzz_check_error(&err);
        return 0;
    }
    struct bulla_lost lost = {0};
    FUZZ_ASSERT(bulla_lost_collect(&lost, values, file, BULLA_ENV_COMPOSE, &err));
    check_items(&lost);
    check_left(values, file);
    check_published(&lost, behind);
    bulla_lost_release(&lost);
    return 0;
}
