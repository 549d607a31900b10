/* Family 5, stale: names of env files that nothing reads. B505, B506. */
#include <string.h>

#include "check/counted.h"
#include "check/families.h"
#include "check/reading.h"
#include "check/siblings.h"

#include "base/banned.h"

/* --- env files and samples -------------------------------------------------------------------- */

/*
 * A name that may be shown: a line of a key that somebody left unquoted is no name. Its characters
 * are those of a variable, in one case.
 */
static bool is_sayable(const struct bulla_dotenv_entry *entry)
{
    bool has_upper = false;
    bool has_lower = false;
    for (size_t i = 0; i < entry->name.len; i++) {
        uint8_t c = entry->name.data[i];
        has_upper = has_upper || (c >= 'A' && c <= 'Z');
        has_lower = has_lower || (c >= 'a' && c <= 'z');
        if (c != '_' && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
            !(i > 0 && c >= '0' && c <= '9')) {
            return false;
        }
    }
    return !entry->bare && entry->name.len <= 64 && has_upper != has_lower;
}

/* What reads names: the loaded files, and others that lie beside them. */
struct readers {
    struct reading reading;
    struct siblings siblings;
};

/* The names of TEXT that nothing reads, as one finding at the first of them. */
static bool check_text(struct check *check, enum rule rule, struct readers *readers,
                       const struct env_text *text, struct bulla_error *err)
{
    struct place place = {.file = text->name};
    struct counted unread = {.count = 0};
    size_t count = text->entries != NULL ? bulla_dotenv_count(text->entries) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(text->entries, i);
        const char *name = (const char *)entry->name.data;
        bool is_read = !is_sayable(entry) || reading_has(&readers->reading, name);
        if (!is_read &&
            !siblings_have(&readers->siblings, check->input->project, name, &is_read, err)) {
            return false;
        }
        if (is_read) {
            continue;
        }
        place.pos = unread.count == 0 ? entry->pos : place.pos;
        counted_add(&unread, name);
    }
    char rest[COUNTED_REST];
    /* A file of which the most is not read here is something else's. */
    bool is_ours = unread.count * 2 <= count;
    return unread.count == 0 || !is_ours ||
           check_add(check, rule, &place, NULL, err,
                     rule == RULE_UNUSED_IN_SAMPLE
                         ? "no compose file reads %s%s of this sample"
                         : "%s%s: set here, and read by no compose file and handed to no service",
                     unread.names, counted_rest(&unread, rest));
}

static bool check_all(struct check *check, struct readers *readers, struct bulla_error *err)
{
    const struct reading *reading = &readers->reading;
    if (reading->everything) {
        return true;
    }
    if (check->input->contract != NULL && check->input->environment != NULL &&
        !check_unused_contract(check, reading, err)) {
        return false;
    }
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if ((text->use == ENV_PROJECT &&
             !check_text(check, RULE_NEVER_INJECTED, readers, text, err)) ||
            (text->use == ENV_SAMPLE &&
             !check_text(check, RULE_UNUSED_IN_SAMPLE, readers, text, err))) {
            return false;
        }
    }
    return true;
}

/* In a file that is no YAML it is not known what reads what. */
static bool is_whole(const struct bulla_project *project)
{
    for (size_t i = 0; i < project->file_count; i++) {
        if (project->files[i]->kind <= BULLA_PROJECT_EXTENDED && !project->files[i]->valid) {
            return false;
        }
    }
    return true;
}

bool check_unused(struct check *check, struct bulla_error *err)
{
    if (!is_whole(check->input->project)) {
        return true;
    }
    struct readers readers = {.siblings = {.is_read = false}};
    bool ok = reading_collect(&readers.reading, check, check->input->project, err) &&
              check_all(check, &readers, err);
    reading_release(&readers.reading);
    siblings_release(&readers.siblings);
    return ok;
}
