#include "staged_keys.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bulla/age.h"
#include "bulla/mem.h"
#include "bulla/text.h"
#include "git_blobs.h"
#include "staged_vaults.h"

#define MAX_FILE_BYTES ((size_t)256 * 1024)
#define MIN_KEY_CHARS 74 /* AGE-SECRET-KEY-1 and the 58 characters behind it */
#define MAX_LIST_BYTES ((size_t)256 * 1024 * 1024)
#define AGE_START "AGE-SECRET-KEY-"
#define PEM_START "-----BEGIN "
#define PEM_END "-----END "
#define MAX_HEAD_BYTES 100 /* of "-----BEGIN OPENSSH PRIVATE KEY-----" and its like */
#define MAX_PEM_BYTES ((size_t)16 * 1024)
#define PRIVATE_WORDS "PRIVATE KEY-----"

struct staged_key_file {
    char *path;
    char object[GIT_ID_CHARS + 1];
    size_t size;
    bool is_read; /* a file, and no large one */
};

void staged_keys_init(struct staged_keys *keys, const char *tree, const char *index_file,
                      struct git_objects *objects)
{
    *keys = (struct staged_keys){.tree = tree, .index_file = index_file, .objects = objects};
    bulla_buf_init_secret(&keys->text, MAX_FILE_BYTES + 1);
    bulla_buf_init_secret(&keys->block, MAX_PEM_BYTES);
}

void staged_keys_release(struct staged_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        bulla_free(keys->files[i].path);
    }
    bulla_free(keys->files);
    bulla_buf_release(&keys->block);
    bulla_buf_release(&keys->text);
    key_members_release(&keys->members);
}

bool staged_keys_add(struct staged_keys *keys, const struct git_staged *file,
                     struct bulla_error *err)
{
    if (!bulla_grow(&keys->files, &keys->cap, keys->count + 1, sizeof *keys->files, err)) {
        return false;
    }
    struct staged_key_file *added = &keys->files[keys->count++];
    *added = (struct staged_key_file){.path = bulla_strdup(file->path, err)};
    memcpy(added->object, file->object, sizeof file->object);
    return added->path != NULL;
}

/* What begins at START of TEXT as far as a key of age goes. */
static struct bulla_bytes take_word(struct bulla_bytes text, size_t start)
{
    size_t end = start;
    while (end < text.len && text.data[end] != '\0' &&
           strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", text.data[end]) != NULL) {
        end++;
    }
    return bulla_bytes_slice(text, start, end - start);
}

/* The blanks before START of TEXT in its line; *RET_FIRST where nothing else stands there. */
static size_t count_indent(struct bulla_bytes text, size_t start, bool *ret_first)
{
    size_t at = start;
    while (at > 0 && (text.data[at - 1] == ' ' || text.data[at - 1] == '\t')) {
        at--;
    }
    *ret_first = at == 0 || text.data[at - 1] == '\n';
    return start - at;
}

static bool begins_private(struct bulla_bytes text)
{
    struct bulla_bytes head = bulla_bytes_slice(text, 0, MAX_HEAD_BYTES);
    const uint8_t *lf = head.len > 0 ? memchr(head.data, '\n', head.len) : NULL;
    return lf != NULL && memmem(head.data, (size_t)(lf - head.data), PRIVATE_WORDS,
                                strlen(PRIVATE_WORDS)) != NULL;
}

/* The lines at the beginning of TEXT to the one that ends its PEM, or none. */
static struct bulla_bytes take_private(struct bulla_bytes text)
{
    struct bulla_bytes block = bulla_bytes_slice(text, 0, MAX_PEM_BYTES);
    const uint8_t *end = memmem(block.data, block.len, "\n" PEM_END, strlen("\n" PEM_END));
    if (end == NULL) {
        return bulla_bytes_slice(text, 0, 0);
    }
    size_t before = (size_t)(end - text.data) + 1;
    const uint8_t *lf = memchr(end + 1, '\n', text.len - before);
    return bulla_bytes_slice(text, 0, lf != NULL ? (size_t)(lf - text.data) + 1 : text.len);
}

/* TEXT, as far as a key goes, without the blanks that its lines begin with; it is in KEYS. */
static struct bulla_bytes take_indent_off(struct staged_keys *keys, struct bulla_bytes text)
{
    struct bulla_bytes rest = bulla_bytes_slice(text, 0, MAX_PEM_BYTES);
    bulla_buf_clear(&keys->block);
    while (rest.len > 0) {
        size_t blanks = 0;
        while (blanks < rest.len && (rest.data[blanks] == ' ' || rest.data[blanks] == '\t')) {
            blanks++;
        }
        rest = bulla_bytes_slice(rest, blanks, rest.len);
        const uint8_t *lf = rest.len > 0 ? memchr(rest.data, '\n', rest.len) : NULL;
        size_t len = lf != NULL ? (size_t)(lf - rest.data) + 1 : rest.len;
        bulla_buf_add_bytes(&keys->block, bulla_bytes_slice(rest, 0, len));
        rest = bulla_bytes_slice(rest, len, rest.len);
    }
    return bulla_buf_view(&keys->block);
}

/* The private key whose PEM begins at START of TEXT, in a block of YAML perhaps; else nothing. */
static struct bulla_bytes find_private(struct staged_keys *keys, struct bulla_bytes text,
                                       size_t start)
{
    bool is_first = false;
    size_t indent = count_indent(text, start, &is_first);
    struct bulla_bytes rest = bulla_bytes_slice(text, start, text.len);
    if (!is_first || !begins_private(rest)) {
        return bulla_bytes_slice(rest, 0, 0);
    }
    return take_private(indent > 0 ? take_indent_off(keys, rest) : rest);
}

/* Whose key RECIPIENT is: the vaults are read only where a file has one. */
static bool find_member(struct staged_keys *keys, const char *recipient, const char **ret_member,
                        struct bulla_error *err)
{
    if (!keys->has_members &&
        !staged_vaults_members(keys->tree, keys->index_file, keys->objects, &keys->members, err)) {
        return false;
    }
    keys->has_members = true;
    *ret_member = key_members_find(&keys->members, recipient);
    return true;
}

/* Whether TEXT is a private key, and whose; RET is left where it is none to refuse. */
static bool judge(struct staged_keys *keys, struct bulla_bytes text, struct staged_key *ret,
                  struct bulla_error *err)
{
    bool is_age = bulla_bytes_start(text, AGE_START);
    const char *member = NULL;
    bulla_auto_identities identities = bulla_identities_parse(text, "", err);
    if (err->code == BULLA_E_NOMEM) {
        return false;
    }
    /* Refused: a post-quantum one, which this build cannot use. */
    bool is_key = identities != NULL || (is_age && err->code == BULLA_E_REFUSED);
    bulla_error_clear(err);
    if (identities != NULL &&
        !find_member(keys, bulla_identities_recipient(identities, 0), &member, err)) {
        return false;
    }
    if (is_key && (is_age || member != NULL)) {
        ret->pos = (struct bulla_pos){1, 1};
        ret->member = member;
    }
    return true;
}

static bool look_for(struct staged_keys *keys, const char *start_word, struct staged_key *ret,
                     struct bulla_error *err)
{
    struct bulla_bytes text = bulla_buf_view(&keys->text);
    size_t len = strlen(start_word);
    bool is_age = strcmp(start_word, AGE_START) == 0;
    for (size_t from = 0; ret->pos.line == 0 && from < text.len;) {
        const uint8_t *at = memmem(text.data + from, text.len - from, start_word, len);
        if (at == NULL) {
            return true;
        }
        size_t start = (size_t)(at - text.data);
        struct bulla_bytes key = is_age ? take_word(text, start) : find_private(keys, text, start);
        /* A mention of a key may stand before one: what begins in a block is looked at, too. */
        from = start + (is_age && key.len > len ? key.len : len);
        if (key.len >= MIN_KEY_CHARS && !judge(keys, key, ret, err)) {
            return false;
        }
        if (ret->pos.line > 0) {
            ret->pos = bulla_text_pos(text, start);
        }
    }
    return true;
}

static bool look_at(struct staged_keys *keys, const struct staged_key_file *file,
                    staged_keys_step *step, void *ctx, struct bulla_error *err)
{
    struct staged_key key = {.path = file->path, .pos = {0, 0}};
    if (!look_for(keys, AGE_START, &key, err) || !look_for(keys, PEM_START, &key, err)) {
        return false;
    }
    return key.pos.line == 0 || step(ctx, &key, err);
}

/* The ids of those files, or of those that are read; *RET_COUNT is how many. */
static void list_objects(const struct staged_keys *keys, bool is_read, struct bulla_buf *list,
                         size_t *ret_count)
{
    *ret_count = 0;
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->files[i].is_read || !is_read) {
            bulla_buf_puts(list, keys->files[i].object);
            bulla_buf_putc(list, '\n');
            ++*ret_count;
        }
    }
}

/* The size in the line "ID blob SIZE"; 0 where it is another object. */
static size_t read_size(const char *line)
{
    static const char word[] = " blob ";
    const char *at = line + strcspn(line, " \n");
    return strncmp(at, word, strlen(word)) == 0 ? (size_t)strtoull(at + strlen(word), NULL, 10) : 0;
}

/* A line for each; what is no file, or a large one, is not read. */
static bool read_sizes(struct staged_keys *keys, const char *answer, struct bulla_error *err)
{
    for (size_t i = 0; i < keys->count; i++) {
        struct staged_key_file *file = &keys->files[i];
        size_t len = strcspn(answer, "\n");
        if (answer[len] == '\0') {
            return git_refuse_states(err);
        }
        file->size = read_size(answer);
        file->is_read = file->size >= MIN_KEY_CHARS && file->size <= MAX_FILE_BYTES;
        answer += len + 1;
    }
    return true;
}

static bool find_sizes(struct staged_keys *keys, struct bulla_error *err)
{
    size_t count = 0;
    bulla_auto_buf wanted;
    bulla_auto_buf answer;
    bulla_buf_init(&wanted, MAX_LIST_BYTES);
    bulla_buf_init(&answer, MAX_LIST_BYTES);
    list_objects(keys, false, &wanted, &count);
    const char *const args[GIT_ARGS] = {GIT_GUARDED, keys->tree, "cat-file", "--batch-check", NULL};
    int status = -1;
    int input = git_input_of(&wanted, err);
    bool ok = input >= 0 && git_run(args, input, MAX_LIST_BYTES, &answer, &status, err);
    if (input >= 0) {
        (void)close(input);
    }
    const char *text = ok ? bulla_buf_text(&answer, err) : NULL;
    return text != NULL && (status == 0 || git_refuse_states(err)) && read_sizes(keys, text, err);
}

bool staged_keys_each(struct staged_keys *keys, staged_keys_step *step, void *ctx,
                      struct bulla_error *err)
{
    size_t count = 0;
    struct git_child child = {.fd = -1};
    bulla_auto_buf wanted;
    bulla_buf_init(&wanted, MAX_LIST_BYTES);
    if (keys->count == 0 || !find_sizes(keys, err)) {
        return keys->count == 0;
    }
    list_objects(keys, true, &wanted, &count);
    if (count == 0 || !git_start_batch(keys->tree, &wanted, &child, err)) {
        return count == 0;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < keys->count; i++) {
        const struct staged_key_file *file = &keys->files[i];
        ok = !file->is_read ||
             (git_read_blob(child.fd, file->object, file->size, &keys->text, err) &&
              look_at(keys, file, step, ctx, err));
    }
    (void)git_end(&child);
    return ok;
}
