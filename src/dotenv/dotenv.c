#include "dotenv/dotenv_internal.h"

#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"

#include "base/banned.h"

#define FIRST_SLOTS ((size_t)64)

static const struct bulla_dotenv_options default_options = {.grammar = BULLA_DOTENV_COMPOSE};

static size_t hash_name(struct bulla_bytes name)
{
    uint64_t hash = 0xCBF29CE484222325; /* FNV-1a */
    for (size_t i = 0; i < name.len; i++) {
        hash = (hash ^ name.data[i]) * 0x100000001B3;
    }
    return (size_t)(hash ^ hash >> 32);
}

/* The slot that NAME has, or would get; there is always a free one. */
static uint32_t *find_slot(const struct bulla_dotenv *file, struct bulla_bytes name)
{
    size_t i = hash_name(name) & (file->slot_count - 1);
    while (file->slots[i] != 0 &&
           !bulla_bytes_equal(file->entries[file->slots[i] - 1].name, name)) {
        i = (i + 1) & (file->slot_count - 1);
    }
    return &file->slots[i];
}

static bool grow_slots(struct bulla_dotenv *file, struct bulla_error *err)
{
    if (file->slots_used + 1 <= file->slot_count / 2) {
        return true;
    }
    struct bulla_dotenv wider = *file;
    wider.slot_count = file->slot_count == 0 ? FIRST_SLOTS : file->slot_count * 2;
    wider.slots = bulla_alloc(wider.slot_count, sizeof *wider.slots, err);
    if (wider.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < file->slot_count; i++) {
        if (file->slots[i] != 0) {
            *find_slot(&wider, file->entries[file->slots[i] - 1].name) = file->slots[i];
        }
    }
    bulla_free(file->slots);
    file->slots = wider.slots;
    file->slot_count = wider.slot_count;
    return true;
}

bool dotenv_add(struct parser *p, struct bulla_dotenv_entry entry)
{
    struct bulla_dotenv *file = p->out;
    if (file->count == BULLA_MAX_ENV_ENTRIES) {
        return bulla_error_at(p->err, BULLA_E_LIMIT, p->file, entry.pos, "more than %d entries",
                              BULLA_MAX_ENV_ENTRIES);
    }
    const char *name = pool_strndup(file->pool, entry.name.data, entry.name.len, p->err);
    if (name == NULL ||
        !bulla_grow(&file->entries, &file->cap, file->count + 1, sizeof entry, p->err) ||
        !grow_slots(file, p->err)) {
        return false;
    }
    entry.name = bulla_bytes(name, entry.name.len);
    file->entries[file->count++] = entry;
    if (entry.set) {
        uint32_t *slot = find_slot(file, entry.name);
        file->slots_used += *slot == 0 ? 1 : 0;
        *slot = (uint32_t)file->count;
    }
    return true;
}

struct bulla_pos dotenv_pos(struct parser *p, size_t offset)
{
    return utf8_cursor_move(&p->cursor, p->text, offset);
}

bool dotenv_keep_failure(struct parser *p, enum bulla_dotenv_problem problem,
                         struct bulla_bytes name, struct bulla_bytes quoted)
{
    p->failure = (struct bulla_dotenv_failure){.problem = problem, .line = p->line};
    if (p->words == NULL) {
        return false;
    }
    bulla_buf_add_bytes(p->words, name);
    bulla_buf_add_bytes(p->words, quoted);
    struct bulla_bytes words = bulla_buf_view(p->words);
    p->failure.name = bulla_bytes_slice(words, 0, name.len);
    p->failure.quoted = bulla_bytes_slice(words, name.len, quoted.len);
    return false;
}

struct bulla_bytes dotenv_first_line(const struct parser *p, size_t start)
{
    const uint8_t *data = p->text.data + start;
    const uint8_t *lf = memchr(data, '\n', p->text.len - start);
    return bulla_bytes(data, lf != NULL ? (size_t)(lf - data) : p->text.len - start);
}

static struct bulla_dotenv *new_file(size_t text_len, struct bulla_error *err)
{
    struct bulla_dotenv *file = bulla_alloc(1, sizeof *file, err);
    if (file == NULL) {
        return NULL;
    }
    file->pool = pool_new(err);
    file->arena = file->pool != NULL ? bulla_arena_new(text_len, err) : NULL;
    if (file->arena == NULL) {
        bulla_dotenv_free(file);
        return NULL;
    }
    return file;
}

/* The one way in; WORDS and RET_FAILURE are NULL but for bulla_dotenv_explain. */
static struct bulla_dotenv *parse(struct bulla_bytes text, const char *file,
                                  const struct bulla_dotenv_options *options,
                                  struct bulla_buf *words, struct bulla_dotenv_failure *ret_failure,
                                  struct bulla_error *err)
{
    if (text.len > BULLA_MAX_TEXT_BYTES) {
        (void)bulla_error_at(err, BULLA_E_LIMIT, file, (struct bulla_pos){0, 0},
                             "env file of more than %zu bytes", BULLA_MAX_TEXT_BYTES);
        return NULL;
    }
    struct parser p = {.text = text,
                       .file = file,
                       .options = options != NULL ? options : &default_options,
                       .words = words,
                       .line = 1,
                       .cursor = {0, {1, 1}},
                       .err = err};
    p.out = new_file(text.len, err);
    if (p.out == NULL) {
        return NULL;
    }
    if (bulla_bytes_start(text, "\xEF\xBB\xBF")) {
        p.at = p.cursor.offset = 3; /* a byte order mark is no column */
    }
    bulla_buf_init_secret(&p.expanded, BULLA_MAX_ENV_BYTES);
    bool ok =
        p.options->grammar == BULLA_DOTENV_RAW ? dotenv_parse_raw(&p) : dotenv_parse_compose(&p);
    bulla_buf_release(&p.expanded);
    if (ret_failure != NULL) {
        *ret_failure = p.failure;
    }
    if (!ok) {
        bulla_dotenv_free(p.out);
        return NULL;
    }
    return p.out;
}

struct bulla_dotenv *bulla_dotenv_parse(struct bulla_bytes text, const char *file,
                                        const struct bulla_dotenv_options *options,
                                        struct bulla_error *err)
{
    return parse(text, file, options, NULL, NULL, err);
}

bool bulla_dotenv_explain(struct bulla_bytes text, const struct bulla_dotenv_options *options,
                          struct bulla_buf *words, struct bulla_dotenv_failure *ret_failure,
                          struct bulla_error *err)
{
    struct bulla_dotenv_failure failure = {.problem = BULLA_DOTENV_OK};
    bulla_buf_clear(words);
    bulla_auto_dotenv file = parse(text, NULL, options, words, &failure, err);
    if (file == NULL && failure.problem == BULLA_DOTENV_OK) {
        return false;
    }
    if (!bulla_buf_ok(words, err)) {
        return false;
    }
    *ret_failure = failure;
    return true;
}

void bulla_dotenv_free(struct bulla_dotenv *file)
{
    if (file != NULL) {
        pool_free(file->pool);
        bulla_arena_free(file->arena);
        bulla_free(file->entries);
        bulla_free(file->slots);
        bulla_free(file);
    }
}

size_t bulla_dotenv_count(const struct bulla_dotenv *file)
{
    return file->count;
}

const struct bulla_dotenv_entry *bulla_dotenv_get(const struct bulla_dotenv *file, size_t index)
{
    return &file->entries[index];
}

const struct bulla_dotenv_entry *bulla_dotenv_find(const struct bulla_dotenv *file,
                                                   struct bulla_bytes name)
{
    if (file->slot_count == 0) {
        return NULL;
    }
    uint32_t found = *find_slot(file, name);
    return found != 0 ? &file->entries[found - 1] : NULL;
}
