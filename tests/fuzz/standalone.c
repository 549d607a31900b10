/*
 * Runs a fuzz target over every file of the folders (or files) that are given, without a fuzzing
 * engine: the corpus stays a regression test with any compiler.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool run_file(const char *path, long long size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    /* Exactly the input's size, so that a sanitizer sees one byte too many. */
    uint8_t *data = size > 0 ? malloc((size_t)size) : NULL;
    size_t len = data != NULL ? fread(data, 1, (size_t)size, file) : 0;
    bool ok = len == (size_t)size;
    (void)fclose(file);
    if (ok) {
        (void)LLVMFuzzerTestOneInput(data, len);
    } else {
        (void)fprintf(stderr, "%s: cannot read\n", path);
    }
    free(data);
    return ok;
}

static bool run_path(const char *path, unsigned depth, unsigned *count)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        perror(path);
        return false;
    }
    if (!S_ISDIR(st.st_mode)) {
        ++*count;
        return run_file(path, (long long)st.st_size);
    }
    DIR *folder = depth > 0 ? opendir(path) : NULL;
    if (folder == NULL) {
        perror(path);
        return false;
    }
    bool ok = true;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char inner[4096];
        if (entry->d_name[0] == '.') {
            continue;
        }
        int len = snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        ok = len > 0 && (size_t)len < sizeof inner && run_path(inner, depth - 1, count) && ok;
    }
    (void)closedir(folder);
    return ok;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    bool ok = true;
    for (int i = 1; i < argc; i++) {
        ok = run_path(argv[i], 2, &count) && ok;
    }
    (void)printf("%u inputs\n", count);
    return ok && count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
