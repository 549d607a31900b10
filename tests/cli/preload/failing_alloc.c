/*
 * Preloaded into the program, makes its allocation number FAIL_ALLOC_AT fail (counted from main's
 * libraries on: 1 is the first), whoever asks for it: the program, libsodium, libyaml, inih, PCRE2,
 * the C library. With FAIL_ALLOC_FROM every one from that number on fails. FAIL_ALLOC_MARK names a
 * file that is made when the first one fails, so that a test knows when it has seen them all.
 * Programs with another name than FAIL_ALLOC_PROGRAM are left alone. glibc only; for one thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static unsigned long fail_at;
static bool fail_all_after;
static unsigned long seen;
static bool marked;
static char mark[4096];

static unsigned long number_of(const char *name)
{
    const char *text = getenv(name);
    return text == NULL ? 0 : strtoul(text, NULL, 10);
}

__attribute__((constructor)) static void read_orders(void)
{
    const char *program = getenv("FAIL_ALLOC_PROGRAM");
    const char *file = getenv("FAIL_ALLOC_MARK");
    if (program == NULL || strcmp(program, program_invocation_short_name) != 0) {
        return;
    }
    if (file != NULL && strlen(file) < sizeof mark) {
        memcpy(mark, file, strlen(file) + 1);
    }
    unsigned long from = number_of("FAIL_ALLOC_FROM");
    fail_all_after = from != 0;
    fail_at = from != 0 ? from : number_of("FAIL_ALLOC_AT");
}

static bool is_to_fail(void)
{
    if (fail_at == 0) {
        return false;
    }
    seen++;
    if (seen != fail_at && !(fail_all_after && seen > fail_at)) {
        return false;
    }
    if (!marked && mark[0] != '\0') {
        marked = true;
        int fd = open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd >= 0) {
            (void)close(fd);
        }
    }
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return is_to_fail() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return is_to_fail() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return is_to_fail() ? NULL : __libc_realloc(memory, size);
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(memory, bytes);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return is_to_fail() ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    int before = errno;
    void *memory = is_to_fail() ? NULL : __libc_memalign(alignment, size);
    errno = before;
    if (memory == NULL) {
        return ENOMEM;
    }
    *ret_memory = memory;
    return 0;
}

/* Pages without a file behind them: libsodium's guarded allocations. */
void *mmap(void *address, size_t len, int protection, int flags, int fd, off_t offset)
{
    if ((flags & MAP_ANONYMOUS) != 0 && is_to_fail()) {
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, address, len, protection, flags, fd, offset);
}
