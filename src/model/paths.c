#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "model/internal.h"

#include "base/banned.h"

struct bulla_bytes clean_path(struct model *m, struct bulla_bytes path)
{
    char *copy = store_string(&m->store, path.len > 0 ? path : bulla_bytes_of("."));
    if (copy[0] != '\0') {
        path_clean_text(copy);
    }
    return bulla_bytes_of(copy);
}

const char *join_path(struct model *m, const char *base, const char *name)
{
    bool both = base[0] != '\0' && name[0] != '\0';
    struct bulla_bytes path = store_printf(&m->store, "%s%s%s", base, both ? "/" : "", name);
    return path.len == 0 ? "" : (const char *)clean_path(m, path).data;
}

const char *parent_path(struct model *m, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return ".";
    }
    return slash == path ? "/" : store_string(&m->store, bulla_bytes(path, (size_t)(slash - path)));
}

const char *absolute_path(struct model *m, const char *path)
{
    return path[0] == '/' ? (const char *)clean_path(m, bulla_bytes_of(path)).data
                          : join_path(m, m->cwd, path);
}

const char *open_path(struct model *m, const char *path)
{
    return path[0] == '/' ? path : join_path(m, m->cwd, path);
}

const char *relative_path(struct model *m, const char *base, const char *path)
{
    base = absolute_path(m, base);
    path = absolute_path(m, path);
    size_t shared = 0;
    size_t i = 0;
    for (; base[i] != '\0' && base[i] == path[i]; i++) {
        shared = base[i] == '/' ? i : shared;
    }
    if ((base[i] == '\0' && (path[i] == '/' || path[i] == '\0')) ||
        (path[i] == '\0' && base[i] == '/')) {
        shared = i;
    }
    const char *up = "";
    for (const char *rest = base + shared; *rest != '\0'; rest++) {
        if (*rest == '/' && rest[1] != '\0') {
            up = (const char *)store_printf(&m->store, "../%s", up).data;
        }
    }
    const char *rest = path + shared + strspn(path + shared, "/");
    return join_path(m, "",
                     (const char *)store_printf(&m->store, "%s%s%s", up, rest,
                                                up[0] == '\0' && *rest == '\0' ? "." : "")
                         .data);
}
