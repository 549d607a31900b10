/*
 * What `init` makes of any folder: NULs part the input into a compose file, an env file, the one of
 * an environment and a sample. A contract comes out that reads back, twice the same, or a reason
 * why not; and no password of a URL in the env file stands in it, unless the project publishes it.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bulla/dotenv.h"
#include "bulla/infer.h"
#include "bulla/limits.h"
#include "bulla/shape.h"

static const char *const names[] = {"compose.yaml", ".env", ".env.prod", ".env.example"};
enum { FILE_COUNT = sizeof names / sizeof names[0], ENV = 1 };

#define LEAST_PASSWORD 12 /* a shorter one may stand there by chance */

static char folder[] = "/dev/shm/bulla-fuzz-survey-XXXXXX";
static char paths[FILE_COUNT][sizeof folder + 32];

static void leave(void)
{
    for (size_t i = 0; i < FILE_COUNT; i++) {
        (void)unlink(paths[i]);
    }
    (void)rmdir(folder);
}

static void enter(void)
{
    if (paths[0][0] == '\0') {
        FUZZ_ASSERT(mkdtemp(folder) != NULL && atexit(leave) == 0);
        for (size_t i = 0; i < FILE_COUNT; i++) {
            (void)snprintf(paths[i], sizeof paths[i], "%s/%s", folder, names[i]);
        }
    }
}

static void unpack(struct bulla_bytes text, struct bulla_bytes ret_parts[FILE_COUNT])
{
    for (size_t i = 0; i < FILE_COUNT; i++) {
        const uint8_t *nul =
            text.len > 0 && i + 1 < FILE_COUNT ? memchr(text.data, '\0', text.len) : NULL;
        size_t len = nul != NULL ? (size_t)(nul - text.data) : text.len;
        ret_parts[i] = bulla_bytes_slice(text, 0, len);
        text = bulla_bytes_slice(text, len + 1, SIZE_MAX);
        FILE *file = fopen(paths[i], "wb");
        FUZZ_ASSERT(file != NULL);
        FUZZ_ASSERT(fwrite(ret_parts[i].len > 0 ? (const void *)ret_parts[i].data : "", 1,
                           ret_parts[i].len, file) == ret_parts[i].len &&
                    fclose(file) == 0);
    }
}

static bool survey(struct bulla_buf *out)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_survey_options options = {.root = folder};
    bulla_auto_survey found = bulla_survey_new(&options, &err);
    if (found == NULL || !bulla_survey_write_contract(found, out, &err)) {
        fuzz_check_error(&err);
        return false;
    }
    return true;
}

static bool has(struct bulla_bytes text, struct bulla_bytes part)
{
    return text.len > 0 && memmem(text.data, text.len, part.data, part.len) != NULL;
}

/* PARTS are the files; the rest of the env file is not published, but may say the same elsewhere.
 */
static void check_passwords(const struct bulla_bytes parts[FILE_COUNT], struct bulla_bytes contract)
{
    static const struct bulla_dotenv_options options = {.no_expand = true};
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_dotenv file = bulla_dotenv_parse(parts[ENV], ".env", &options, &err);
    for (size_t i = 0; file != NULL && i < bulla_dotenv_count(file); i++) {
        struct bulla_url url;
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(file, i);
        if (!bulla_url_split(entry->value, &url) || url.password.len < LEAST_PASSWORD ||
            bulla_guess_bits(url.password) < 64 || entry->references > 0) {
            continue;
        }
        bool is_public = has(parts[0], url.password) || has(parts[FILE_COUNT - 1], url.password);
        size_t times = 0;
        for (struct bulla_bytes rest = parts[ENV]; has(rest, url.password); times++) {
            const uint8_t *at = memmem(rest.data, rest.len, url.password.data, url.password.len);
            rest = bulla_bytes_slice(rest, (size_t)(at - rest.data) + 1, SIZE_MAX);
        }
        FUZZ_ASSERT(is_public || times != 1 || !has(contract, url.password));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_bytes parts[FILE_COUNT] = {0};
    struct bulla_error err = BULLA_ERROR_INIT;
    if (size > 16384) {
        return 0;
    }
    enter();
    unpack(bulla_bytes(data, size), parts);
    bulla_auto_buf once;
    bulla_auto_buf twice;
    bulla_buf_init(&once, BULLA_MAX_CONTRACT_BYTES);
    bulla_buf_init(&twice, BULLA_MAX_CONTRACT_BYTES);
    if (!survey(&once)) {
        return 0;
    }
    FUZZ_ASSERT(survey(&twice));
    struct bulla_bytes text = bulla_buf_view(&once);
    FUZZ_ASSERT(bulla_bytes_equal(text, bulla_buf_view(&twice)));
    bulla_auto_contract contract = bulla_contract_parse(text, "bulla.ini", &err);
    FUZZ_ASSERT(contract != NULL);
    check_passwords(parts, text);
    return 0;
}
