/*
 * The first byte says how to read, the rest is the file: refused with a place and a reason, or
 * taken with offsets that lie inside it. What is taken is then written in each notation of
 * Compose, and has to read back.
 */
#include "fuzz.h"

#include "bulla/dotenv.h"
#include "bulla/secret.h"

static enum bulla_lookup_state look_up(void *ctx, struct bulla_bytes name,
                                       struct bulla_bytes *ret_value)
{
    (void)ctx;
    fuzz_touch(name);
    *ret_value = name.len % 3 == 2 ? bulla_bytes_of("v") : bulla_bytes_of("");
    return (enum bulla_lookup_state)(name.len % 3);
}

static void warn(void *ctx, struct bulla_bytes name, struct bulla_pos pos)
{
    (void)ctx;
    fuzz_touch(name);
    FUZZ_ASSERT(pos.line > 0 && pos.col > 0);
}

static void check_round_trip(enum bulla_env_format format, struct bulla_bytes value)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out;
    bulla_buf_init_secret(&out, 1 << 22);
    if (!bulla_env_write(format, bulla_bytes_of("K"), value, &out, &err)) {
        fuzz_check_error(&err);
        FUZZ_ASSERT(out.len == 0 || err.code != BULLA_E_REFUSED);
        return;
    }
    const struct bulla_dotenv_options options = {
        .grammar = format == BULLA_ENV_DOCKER ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE};
    bulla_auto_dotenv file = bulla_dotenv_parse(bulla_buf_view(&out), "again", &options, &err);
    FUZZ_ASSERT(file != NULL && bulla_dotenv_count(file) == 1);
    FUZZ_ASSERT(bulla_secret_bytes_equal(bulla_dotenv_get(file, 0)->value, value));
}

static void check_entry(const struct bulla_dotenv *file, size_t index, size_t len)
{
    const struct bulla_dotenv_entry *entry = bulla_dotenv_get(file, index);
    FUZZ_ASSERT(entry->start <= entry->value_start && entry->value_start <= entry->value_end);
    FUZZ_ASSERT(entry->value_end <= entry->end && entry->end <= len);
    FUZZ_ASSERT(entry->pos.line > 0 && entry->value_pos.line >= entry->pos.line);
    fuzz_touch(bulla_bytes(entry->name.data, entry->name.len + 1));
    fuzz_touch(bulla_bytes(entry->value.data, entry->value.len + 1));
    FUZZ_ASSERT(!entry->set || bulla_dotenv_find(file, entry->name) != NULL);
    if (entry->set && index < 8) {
        for (enum bulla_env_format format = BULLA_ENV_COMPOSE; format <= BULLA_ENV_DOCKER;
             format++) {
            check_round_trip(format, entry->value);
        }
        for (enum bulla_env_format format = BULLA_ENV_SYSTEMD; format <= BULLA_ENV_RUBY; format++) {
            struct bulla_error err = BULLA_ERROR_INIT;
            bulla_auto_buf out;
            bulla_buf_init_secret(&out, 1 << 22);
            if (!bulla_env_write(format, bulla_bytes_of("K"), entry->value, &out, &err)) {
                fuzz_check_error(&err);
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    struct bulla_bytes text = bulla_bytes(data + 1, size - 1);
    struct bulla_dotenv_options options = {.grammar = (data[0] & 1) != 0 ? BULLA_DOTENV_RAW
                                                                         : BULLA_DOTENV_COMPOSE,
                                           .eager = (data[0] & 2) != 0,
                                           .no_expand = (data[0] & 4) != 0,
                                           .lookup = (data[0] & 8) != 0 ? look_up : NULL,
                                           .warn = warn};
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_dotenv file = bulla_dotenv_parse(text, "fuzz", &options, &err);
    bulla_auto_buf words;
    bulla_buf_init_secret(&words, 1 << 22);
    struct bulla_dotenv_failure failure;
    struct bulla_error other = BULLA_ERROR_INIT;
    if (bulla_dotenv_explain(text, &options, &words, &failure, &other)) {
        FUZZ_ASSERT((failure.problem == BULLA_DOTENV_OK) == (file != NULL));
        fuzz_touch(failure.name);
        fuzz_touch(failure.quoted);
    }
    if (file == NULL) {
        fuzz_check_error_at(&err);
        return 0;
    }
    for (size_t i = 0; i < bulla_dotenv_count(file); i++) {
        check_entry(file, i, text.len);
    }
    return 0;
}
