/* The edited text is read again: it has to say what the old one was meant to say. */
#include <string.h>

#include "fix/fix_internal.h"

#include "base/banned.h"

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_quoted(const struct yaml_node *node)
{
    return node->style == YAML_SINGLE || node->style == YAML_DOUBLE;
}

static bool is_mended(const struct file *file, const struct yaml_node *before)
{
    return before->mark != 0 && file->scalars[before->mark - 1].is_mended;
}

/* True where AFTER is BEFORE with pairs of "?:" swapped, which *SWAPS counts. */
static bool is_swapped(struct bulla_bytes before, struct bulla_bytes after, size_t *swaps)
{
    for (size_t i = 0; i < before.len && before.len == after.len; i++) {
        if (before.data[i] == after.data[i]) {
            continue;
        }
        if (!bulla_bytes_start(bulla_bytes_slice(before, i, 2), "?:") ||
            !bulla_bytes_start(bulla_bytes_slice(after, i, 2), ":?")) {
            return false;
        }
        ++*swaps;
        i++;
    }
    return before.len == after.len;
}

/* As deep as yaml_parse lets it be. */
static bool is_same(const struct file *file, const struct yaml_node *before,
                    const struct yaml_node *after, size_t *swaps)
{
    if (before == NULL || after == NULL) {
        return before == after;
    }
    if (before->kind != after->kind || before->count != after->count ||
        before->flow != after->flow || !is_same_text(before->tag, after->tag) ||
        !is_same_text(before->anchor, after->anchor)) {
        return false;
    }
    if (before->kind == YAML_SCALAR) {
        return is_swapped(yaml_text(before), yaml_text(after), swaps) &&
               (is_mended(file, before) ? is_quoted(after) : before->style == after->style);
    }
    const struct yaml_node *left = before->first;
    const struct yaml_node *right = after->first;
    for (; left != NULL && right != NULL; left = left->next, right = right->next) {
        if (!is_same(file, left, right, swaps) ||
            !is_same(file, left->value, right->value, swaps)) {
            return false;
        }
    }
    return left == right;
}

static bool are_same(const struct file *file, const struct yaml_document *before,
                     const struct yaml_document *after)
{
    size_t swaps = 0;
    while (before != NULL && after != NULL) {
        if (!is_same(file, before->root, after->root, &swaps)) {
            return false;
        }
        before = before->next;
        after = after->next;
    }
    return before == after && swaps == file->swaps;
}

/* Scalars that stay cut: keys, and what is no template. */
static bool has_rest(const struct file *file)
{
    for (size_t i = 0; i < file->scalar_count; i++) {
        if (!file->scalars[i].is_mended) {
            return true;
        }
    }
    return false;
}

bool verify_quotes(const struct file *file, bool *ret_ok, struct bulla_error *err)
{
    auto_pool pool = pool_new(err);
    struct yaml_source source;
    struct repaired repaired;
    struct bulla_error cause = BULLA_ERROR_INIT;
    *ret_ok = false;
    if (pool == NULL) {
        return false;
    }
    if (!yaml_source_init(&source, pool, bulla_buf_view(&file->after), file->info.name, &cause)) {
        if (cause.code != BULLA_E_SYNTAX) {
            *err = cause;
        }
        return cause.code == BULLA_E_SYNTAX;
    }
    if (!repair_parse(&source, pool, &repaired, err)) {
        return false;
    }
    bool is_gone = !repaired.is_cut && repaired.valid;
    *ret_ok = (is_gone || has_rest(file)) && are_same(file, file->repaired.first, repaired.first);
    return true;
}
