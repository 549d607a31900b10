/* Where a program is that is called by its name. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bulla/file.h"
#include "bulla/mem.h"

#include "base/banned.h"

static bool is_program(const char *file)
{
    struct stat st;
    return stat(file, &st) == 0 && S_ISREG(st.st_mode) && access(file, X_OK) == 0;
}

bool bulla_program_find(const char *path, const char *name, char **ret_program,
                        struct bulla_error *err)
{
    *ret_program = NULL;
    while (*path != '\0') {
        size_t len = strcspn(path, ":");
        bulla_auto_str program = bulla_asprintf(err, "%.*s/%s", (int)len, path, name);
        if (program == NULL) {
            return false;
        }
        if (path[0] == '/' && is_program(program)) {
            *ret_program = BULLA_STEAL(program);
            return true;
        }
        path += len + (path[len] == ':' ? 1 : 0);
    }
    return true;
}
