/*
 * Preloaded into the program, looks at each of its system calls, before a program is started and at
 * its end through all memory that it may write, for pieces of secrets, and notes where one is that
 * is not in memory which is locked and left out of core dumps. Memory that was freed and the dead
 * part of the stack are looked through like the rest.
 *
 *     SCAN_PROGRAM   the name of the program; others are left alone
 *     SCAN_NEEDLES   a file of pieces: a byte with the length, then the bytes, each XOR 0x55, so
 * that they are nowhere as they are SCAN_REPORT    the file that gets a line for each find: "NEEDLE
 * REGION NUMBER CALL" SCAN_EVERY     look at every so many calls (1) SCAN_LOG       a file that
 * gets the name of each call SCAN_CORE      at this call, end with a core dump instead
 *
 * Where BULLA_IDENTITY is in the environment it begins when the program has taken it from there.
 */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "calls.h"

#define MASK 0x55
#define MAX_NEEDLES 512
#define MAX_NEEDLE_BYTES 32
#define CHUNK_BYTES 65536
#define SMAPS_BYTES ((size_t)1 << 20)
#define NAME_BYTES 128

struct needle {
    uint16_t next; /* another that begins with the same byte, its place and 1; 0 for none */
    uint8_t len;
    uint8_t masked[MAX_NEEDLE_BYTES];
};

/* A mapping, as /proc/self/smaps has it. */
struct region {
    uintptr_t start;
    uintptr_t end;
    bool is_written;
    bool is_locked; /* and left out of core dumps */
    char name[NAME_BYTES];
};

static pid_t process; /* 0: nothing to do here */
static bool is_waiting;
static bool is_looking;
static unsigned long every;
static unsigned long core_at;
static unsigned long seen;
static int report = -1;
static int call_log = -1;
static struct needle needles[MAX_NEEDLES];
static size_t needle_count;
static uint16_t first[256]; /* the first that begins with that masked byte, its place and 1 */
/* What is looked at is copied here, which is itself never looked at. */
static uint8_t chunk[CHUNK_BYTES + MAX_NEEDLE_BYTES];
static char smaps[SMAPS_BYTES];

static unsigned long number_of(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoul(text, NULL, 10);
}

/* Our own calls go to the kernel directly, past calls.c. */
static size_t read_file(const char *path, void *to, size_t room)
{
    size_t len = 0;
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && len < room) {
        long got = syscall(SYS_read, fd, (char *)to + len, room - len);
        if (got <= 0) {
            break;
        }
        len += (size_t)got;
    }
    if (fd >= 0) {
        (void)syscall(SYS_close, fd);
    }
    return len;
}

static int make_file(const char *path)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                        0600);
}

static void read_needles(const char *path)
{
    size_t len = read_file(path, chunk, sizeof chunk);
    for (size_t at = 0; at < len && needle_count < MAX_NEEDLES; at += 1 + (size_t)chunk[at]) {
        struct needle *needle = &needles[needle_count];
        if (chunk[at] == 0 || chunk[at] > MAX_NEEDLE_BYTES || at + 1 + chunk[at] > len) {
            _exit(98);
        }
        needle->len = chunk[at];
        memcpy(needle->masked, chunk + at + 1, needle->len);
        needle_count++;
        needle->next = first[needle->masked[0]];
        first[needle->masked[0]] = (uint16_t)needle_count;
    }
}

__attribute__((constructor)) static void read_orders(void)
{
    const char *program = getenv("SCAN_PROGRAM");
    const char *file = getenv("SCAN_NEEDLES");
    const char *to = getenv("SCAN_REPORT");
    if (program == NULL || file == NULL || to == NULL ||
        strcmp(program, program_invocation_short_name) != 0) {
        return;
    }
    read_needles(file);
    report = make_file(to);
    call_log = getenv("SCAN_LOG") != NULL ? make_file(getenv("SCAN_LOG")) : -1;
    every = number_of("SCAN_EVERY", 1);
    core_at = number_of("SCAN_CORE", 0);
    is_waiting = getenv("BULLA_IDENTITY") != NULL;
    process = getpid();
}

static void write_find(size_t needle, const char *region, const char *call)
{
    char line[NAME_BYTES * 2 + 64];
    int len = snprintf(line, sizeof line, "%zu %s %lu %s\n", needle, region, seen, call);
    if (len > 0) {
        (void)syscall(SYS_write, report, line, (size_t)len);
    }
}

static bool is_at(const struct needle *needle, const uint8_t *at, size_t left)
{
    if (needle->len > left) {
        return false;
    }
    for (size_t i = 0; i < needle->len; i++) {
        if ((at[i] ^ MASK) != needle->masked[i]) {
            return false;
        }
    }
    return true;
}

static void look_through(const uint8_t *bytes, size_t len, const char *region, const char *call)
{
    for (size_t at = 0; at < len; at++) {
        for (size_t i = first[bytes[at] ^ MASK]; i != 0; i = needles[i - 1].next) {
            if (is_at(&needles[i - 1], bytes + at, len - at)) {
                write_find(i - 1, region, call);
            }
        }
    }
}

/* Takes the next mapping off *AT. */
static bool next_region(char **at, struct region *region)
{
    unsigned long start = 0;
    unsigned long end = 0;
    char rights[5] = "";
    char begin[256];
    char *line = *at;
    size_t len = strcspn(line, "\n");
    memset(region, 0, sizeof *region);
    if (len >= sizeof begin) {
        len = sizeof begin - 1;
    }
    memcpy(begin, line, len);
    begin[len] = '\0';
    /* A blank of the format would pass over the end of a line that has no name. */
    if (sscanf(begin, "%lx-%lx %4s %*s %*s %*s %127[^\n]", &start, &end, rights, region->name) <
        3) {
        return false;
    }
    region->start = start;
    region->end = end;
    region->is_written = rights[0] == 'r' && rights[1] == 'w';
    char *flags = strstr(line, "VmFlags:");
    char *stop = flags != NULL ? strchr(flags, '\n') : NULL;
    if (stop == NULL) {
        return false;
    }
    *stop = '\0';
    region->is_locked = strstr(flags, " lo") != NULL && strstr(flags, " dd") != NULL;
    *at = stop + 1;
    return true;
}

/* The part of the needle that a cut would hide is looked at with the next chunk again. */
static void scan_region(const struct region *region, const char *call)
{
    uintptr_t own = (uintptr_t)chunk;
    for (uintptr_t at = region->start; at < region->end; at += CHUNK_BYTES) {
        uintptr_t end = at + sizeof chunk < region->end ? at + sizeof chunk : region->end;
        if (at < own + sizeof chunk && end > own) {
            /* What is before or behind the buffer, in its chunk, is the buffer's neighbours only.
             */
            continue;
        }
        struct iovec to = {chunk, end - at};
        struct iovec from = {(void *)at, end - at};
        long got = syscall(SYS_process_vm_readv, process, &to, 1UL, &from, 1UL, 0UL);
        if (got > 0) {
            look_through(chunk, (size_t)got, region->name[0] != '\0' ? region->name : "anonymous",
                         call);
        }
    }
    memset(chunk, 0, sizeof chunk);
}

static void scan(const char *call)
{
    struct region region;
    size_t len = read_file("/proc/self/smaps", smaps, sizeof smaps - 1);
    smaps[len] = '\0';
    char *at = smaps;
    is_looking = true;
    while (next_region(&at, &region)) {
        if (region.is_written && !region.is_locked) {
            scan_region(&region, call);
        }
    }
    is_looking = false;
}

static void dump_core(void)
{
    (void)signal(SIGABRT, SIG_DFL);
    (void)kill(getpid(), SIGABRT);
}

bool call_begins(const struct call *call)
{
    if (process == 0 || process != getpid() || is_waiting || is_looking) {
        return true;
    }
    seen++;
    if (call_log >= 0) {
        (void)syscall(SYS_write, call_log, call->name, strlen(call->name));
        (void)syscall(SYS_write, call_log, "\n", 1UL);
    }
    if (core_at == seen) {
        dump_core();
    }
    if (core_at == 0 && seen % every == 0) {
        scan(call->name);
    }
    return true;
}

void call_ended(const struct call *call)
{
    (void)call;
}

long call_clock_offset(void)
{
    return 0;
}

static void look_at_words(char *const words[], const char *what, const char *path)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        look_through((const uint8_t *)words[i], strlen(words[i]), what, path);
    }
}

/* `run` gives its command the values: what it is exec'd with has them in its environment. */
void call_starts_program(const char *path, char *const argv[], char *const envp[])
{
    if (process == 0 || core_at != 0) {
        return;
    }
    look_at_words(argv, "arguments", path);
    if (envp != NULL && getenv("SCAN_GIVES_VALUES") == NULL) {
        look_at_words(envp, "environment", path);
    }
}

int unsetenv(const char *name)
{
    static int (*real)(const char *);
    if (real == NULL) {
        void *found = dlsym(RTLD_NEXT, "unsetenv");
        memcpy(&real, &found, sizeof real);
    }
    if (strcmp(name, "BULLA_IDENTITY") == 0) {
        is_waiting = false;
    }
    return real(name);
}

/* A core dump needs a process that may be dumped. */
int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
    if (core_at != 0 && resource == RLIMIT_CORE) {
        return 0;
    }
    return (int)syscall(SYS_prlimit64, 0, resource, limit, NULL);
}

int prctl(int option, ...);
int prctl(int option, ...)
{
    (void)option;
    return core_at != 0 ? 0 : (int)syscall(SYS_prctl, option, 0, 0, 0, 0);
}

__attribute__((destructor)) static void look_at_the_end(void)
{
    if (process != 0 && process == getpid() && core_at == 0) {
        scan("exit");
    }
}
