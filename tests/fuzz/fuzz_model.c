/*
 * Any text has a model or a reason why not; values lie in memory, and a masked sentence is never
 * longer than the whole one by more than its marks.
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bulla/model.h"

/* Half of all names are set, some of them to nothing. */
static enum bulla_lookup_state look(void *ctx, struct bulla_bytes name,
                                    struct bulla_bytes *ret_value)
{
    (void)ctx;
    unsigned sum = 0;
    for (size_t i = 0; i < name.len; i++) {
        sum += name.data[i];
    }
    *ret_value = bulla_bytes_of(sum % 4 == 1 ? "8${X}" : "");
    return sum % 4 == 1 ? BULLA_LOOKUP_SET : sum % 4 == 2 ? BULLA_LOOKUP_EMPTY : BULLA_LOOKUP_UNSET;
}

static void check_value(const struct bulla_value *value, unsigned depth)
{
    FUZZ_ASSERT(depth < 200);
    fuzz_touch(bulla_value_text(value));
    for (size_t i = 0; i < bulla_value_count(value); i++) {
        struct bulla_bytes key;
        const struct bulla_value *item = bulla_value_item(value, i, &key);
        FUZZ_ASSERT(item != NULL);
        fuzz_touch(key);
        FUZZ_ASSERT(bulla_value_kind(value) != BULLA_VALUE_MAP ||
                    bulla_value_get(value, key) == item);
        check_value(item, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("model", MFD_CLOEXEC);
    FUZZ_ASSERT(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    const char *files[] = {path};
    const struct bulla_project_options options = {.directory = "/proc/self/fdinfo",
                                                  .files = files,
                                                  .file_count = 1,
                                                  .environment = look,
                                                  .eager = size % 2 == 1};
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_model model = bulla_model_load(&options, &err);
    (void)close(fd);
    if (model == NULL) {
        fuzz_check_error(&err);
        return 0;
    }
    FUZZ_ASSERT((model->root == NULL) == (model->failure_count > 0));
    for (size_t i = 0; i < model->failure_count; i++) {
        fuzz_touch(model->failures[i].text);
        FUZZ_ASSERT(model->failures[i].text.len > 0 && model->failures[i].masked[0] != '\0');
    }
    if (model->root != NULL) {
        check_value(model->root, 0);
    }
    return 0;
}
