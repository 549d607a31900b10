/*
 * The env files that a check looks into: what Compose and the services read, the sample files, and
 * those of other environments beside them; private to check/.
 */
#ifndef BULLA_CHECK_FILES_H
#define BULLA_CHECK_FILES_H

#include "bulla/compose.h"
#include "bulla/dotenv.h"

enum env_use {
    ENV_PROJECT, /* feeds the interpolation: `.env`, --env-file, an include's */
    ENV_SERVICE, /* only a service's env_file */
    ENV_SAMPLE,  /* `.env.example` and its like: public */
    ENV_OTHER    /* beside them, and read by nobody in this run: `.env.prod` */
};

struct env_text {
    enum env_use use;
    const struct bulla_project_file *file; /* NULL for ENV_SAMPLE and ENV_OTHER */
    char *path;
    char *name; /* as findings name it */
    bool raw;   /* read as `format: raw` */
    struct bulla_buf text;
    /* Its statements, `$` forms as they are; NULL: it is not of its grammar. */
    struct bulla_dotenv *entries;
    /* Those that set a name, by name and, for one name, as they stand: the last one counts. */
    const struct bulla_dotenv_entry **sorted;
    size_t sorted_count;
    /* Of a sample: the words that begin a statement, commented out or not, sorted. */
    struct bulla_bytes *words;
    size_t word_count;
};

struct env_texts {
    struct env_text *items;
    size_t count;
    size_t cap;
};

struct check;

/* Reads them. A file that has gone meanwhile is left out. BULLA_E_NOMEM. */
bool env_texts_read(struct check *check, struct bulla_error *err);
void env_texts_release(struct env_texts *texts);

/* The statement of TEXT that gives NAME its value, or NULL. */
const struct bulla_dotenv_entry *env_text_find(const struct env_text *text, const char *name);

/* True where TEXT, a sample, says NAME, commented out or not. */
bool env_text_names(const struct env_text *text, const char *name);

/* True where the statement number INDEX of the sorted ones is the one that counts for its name. */
bool env_text_counts(const struct env_text *text, size_t index);

#endif
