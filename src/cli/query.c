#include "query.h"

#include <string.h>

#include "documents.h"
#include "output.h"

static bool list_commands(const struct invocation *in, struct bulla_error *err)
{
    (void)err;
    for (size_t i = 0; commands[i] != NULL; i++) {
        if ((commands[i]->flags & COMMAND_HIDDEN) == 0) {
            output_printf(in->out, "%s\n", commands[i]->name);
        }
    }
    return true;
}

const struct query queries[] = {
    {"commands", list_commands},
    {NULL, NULL},
};

const struct query *query_find(const char *name)
{
    for (const struct query *query = queries; query->name != NULL; query++) {
        if (strcmp(query->name, name) == 0) {
            return query;
        }
    }
    return NULL;
}
