#include "base/path.h"

#include <stdbool.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/mem.h"

#include "base/banned.h"

void path_clean_text(char *path)
{
    bool absolute = path[0] == '/';
    size_t len = absolute ? 1 : 0;
    size_t floor = len; /* what ".." cannot remove */
    for (const char *from = path; *from != '\0';) {
        from += strspn(from, "/");
        size_t part = strcspn(from, "/");
        bool up = part == 2 && from[0] == '.' && from[1] == '.';
        if (up && len > floor) {
            while (len > floor && path[len - 1] != '/') {
                len--;
            }
            len -= len > floor ? 1 : 0;
        } else if (part > 0 && !(part == 1 && from[0] == '.') && !(up && absolute)) {
            if (len > 0 && path[len - 1] != '/') {
                path[len++] = '/';
            }
            /* What is written is never longer than what was read. */
            memmove(path + len, from, part);
            len += part;
            floor = up ? len : floor;
        }
        from += part;
    }
    if (len == 0) {
        path[len++] = '.';
    }
    path[len] = '\0';
}

char *bulla_path_resolve(const char *base, const char *name, struct bulla_error *err)
{
    char *path = bulla_path_join(base, name[0] != '\0' ? name : ".", err);
    if (path != NULL && path[0] != '\0') {
        path_clean_text(path);
    }
    return path;
}
