/*
 * Any text is a project, whatever its problems: places lie in the text, what is found there is the
 * reference, and services are the project's own.
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bulla/compose.h"

/* Half of all names are set, some of them to nothing. */
static enum bulla_lookup_state look(void *ctx, struct bulla_bytes name,
                                    struct bulla_bytes *ret_value)
{
    (void)ctx;
    unsigned sum = 0;
    for (size_t i = 0; i < name.len; i++) {
        sum += name.data[i];
    }
    *ret_value = bulla_bytes_of(sum % 4 == 1 ? "v${X}" : "");
    return sum % 4 == 1 ? BULLA_LOOKUP_SET : sum % 4 == 2 ? BULLA_LOOKUP_EMPTY : BULLA_LOOKUP_UNSET;
}

static void check_pos(struct bulla_pos pos, struct bulla_pos end)
{
    FUZZ_ASSERT(pos.line > 0 && pos.col > 0);
    FUZZ_ASSERT(end.line > pos.line || (end.line == pos.line && end.col >= pos.col));
}

static void check_project(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        FUZZ_ASSERT(ref->name[0] != '\0' && ref->path != NULL);
        check_pos(ref->pos, ref->end);
        fuzz_touch(bulla_bytes(ref->text, ref->text_len));
        fuzz_touch(bulla_bytes(ref->operand, ref->operand_len));
        FUZZ_ASSERT(ref->text_at < ref->text_end && ref->text_end <= ref->text_len);
        FUZZ_ASSERT(!(ref->in_key && ref->evaluated));
        for (size_t j = 0; j < ref->service_count; j++) {
            FUZZ_ASSERT(bulla_project_find_service(project, ref->services[j]->name) ==
                        ref->services[j]);
        }
    }
    for (size_t i = 0; i < project->service_count; i++) {
        const struct bulla_project_service *service = project->services[i];
        for (size_t j = 0; j < service->environment_count; j++) {
            const struct bulla_project_env *entry = &service->environment[j];
            FUZZ_ASSERT(entry->key != NULL && entry->pos.line > 0);
            fuzz_touch(bulla_bytes(entry->value, entry->value_len));
        }
        for (size_t j = 0; j < service->resource_count; j++) {
            FUZZ_ASSERT(service->resources[j]->name != NULL);
        }
    }
    for (size_t i = 0; i < project->problem_count; i++) {
        FUZZ_ASSERT(project->problems[i].message[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("compose", MFD_CLOEXEC);
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
    bulla_auto_project project = bulla_project_load(&options, &err);
    (void)close(fd);
    if (project == NULL) {
        fuzz_check_error(&err);
        return 0;
    }
    check_project(project);
    return 0;
}
