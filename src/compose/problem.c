#include "compose/internal.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

#include "base/banned.h"

static bool put(struct loader *loader, const struct problem *problem, const char *message,
                const char *hint, struct bulla_error *err)
{
    struct bulla_project_problem *kept = pool_alloc(loader->pool, sizeof *kept, err);
    if (kept == NULL) {
        return false;
    }
    kept->kind = problem->kind;
    kept->fatal = problem->fatal;
    kept->file = problem->file;
    kept->pos = problem->pos;
    kept->end = problem->end;
    kept->name = problem->name;
    kept->service = problem->service;
    kept->path = problem->path;
    kept->text = (const char *)problem->text.data;
    kept->text_len = problem->text.len;
    kept->says = problem->says;
    kept->message = pool_strdup(loader->pool, message, err);
    kept->hint = hint != NULL ? pool_strdup(loader->pool, hint, err) : "";
    return kept->message != NULL && kept->hint != NULL && list_add(&loader->problems, kept, err);
}

bool add_problem(struct loader *loader, const struct problem *problem, struct bulla_error *err,
                 const char *fmt, ...)
{
    char message[512];
    va_list args;
    va_start(args, fmt);
    text_put(message, sizeof message, fmt, args);
    va_end(args);
    return put(loader, problem, message, problem->hint, err);
}

bool add_problem_error(struct loader *loader, const struct problem *problem,
                       const struct bulla_error *cause, struct bulla_error *err)
{
    if (cause->code == BULLA_E_NOMEM || cause->code == BULLA_E_BUG) {
        *err = *cause;
        return false;
    }
    struct problem placed = *problem;
    if (cause->pos.line != 0) {
        placed.pos = cause->pos;
        placed.end = (struct bulla_pos){0, 0};
    }
    char message[sizeof cause->message];
    if (problem->kind == BULLA_PROBLEM_UNREADABLE && problem->name != NULL) {
        (void)snprintf(message, sizeof message, "'%s': %.400s", problem->name, cause->message);
        return put(loader, &placed, message, problem->hint, err);
    }
    return put(loader, &placed, cause->message,
               cause->hint[0] != '\0' ? cause->hint : problem->hint, err);
}
