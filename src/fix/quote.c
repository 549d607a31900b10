/*
 * Quotes around a scalar that YAML cuts inside of a reference: B201, B202 and, between brackets,
 * B204. The bytes between the quotes stay where they are, so lines fold as they did; a quote inside
 * of single quotes is doubled.
 */
#include <string.h>

#include "bulla/interpolate.h"
#include "bulla/mem.h"
#include "fix/fix_internal.h"

#include "base/banned.h"

static bool add_scalar(struct file *file, struct yaml_node *node, bool is_key,
                       struct bulla_error *err)
{
    if (!repair_is_cut(&file->repaired, &file->source, node)) {
        return true;
    }
    if (!bulla_grow(&file->scalars, &file->scalar_cap, file->scalar_count + 1,
                    sizeof *file->scalars, err)) {
        return false;
    }
    file->scalars[file->scalar_count++] = (struct scalar){
        .node = node, .end = yaml_source_pos(&file->source, node->end), .is_key = is_key};
    node->mark = (uint32_t)file->scalar_count;
    return true;
}

/* As deep as yaml_parse lets it be. */
static bool collect(struct file *file, struct yaml_node *node, bool is_key, struct bulla_error *err)
{
    if (node->kind == YAML_SCALAR) {
        return add_scalar(file, node, is_key, err);
    }
    for (struct yaml_node *child = node->first; child != NULL; child = child->next) {
        if (!collect(file, child, is_key || node->kind == YAML_MAPPING, err) ||
            (child->value != NULL && !collect(file, child->value, is_key, err))) {
            return false;
        }
    }
    return true;
}

bool quote_parse(struct bulla_fix_plan *plan, struct file *file, struct bulla_error *err)
{
    struct bulla_bytes raw = bulla_buf_view(&file->before);
    struct bulla_error cause = BULLA_ERROR_INIT;
    if (file->is_parsed) {
        return true;
    }
    file->is_parsed = true;
    if (!yaml_source_init(&file->source, plan->pool, raw, file->info.name, &cause)) {
        if (cause.code != BULLA_E_SYNTAX) {
            *err = cause;
        }
        return cause.code == BULLA_E_SYNTAX;
    }
    file->shift = raw.len - file->source.text.len;
    file->is_utf16 = raw.len >= 2 && (raw.data[0] == 0xff || raw.data[0] == 0xfe);
    if (!repair_parse(&file->source, plan->pool, &file->repaired, err)) {
        return false;
    }
    for (struct yaml_document *document = file->repaired.first; document != NULL;
         document = document->next) {
        if (!collect(file, document->root, false, err)) {
            return false;
        }
    }
    return true;
}

static bool is_before(struct bulla_pos a, struct bulla_pos b)
{
    return a.line < b.line || (a.line == b.line && a.col < b.col);
}

static struct scalar *find_scalar(struct file *file, struct bulla_pos pos)
{
    for (size_t i = 0; i < file->scalar_count; i++) {
        struct scalar *scalar = &file->scalars[i];
        if (!is_before(pos, scalar->node->pos) && is_before(pos, scalar->end)) {
            return scalar;
        }
    }
    return NULL;
}

static bool note_invalid(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    bool *has_invalid = ctx;
    (void)err;
    *has_invalid = *has_invalid || ref->name.len == 0;
    return true;
}

/* True in *ret_valid where Compose could read every reference of NODE's text. */
static bool is_template(const struct yaml_node *node, bool *ret_valid, struct bulla_error *err)
{
    bool has_invalid = false;
    struct bulla_error cause = BULLA_ERROR_INIT;
    if (!bulla_interpolate_scan(yaml_text(node), note_invalid, &has_invalid, NULL, &cause)) {
        has_invalid = true;
        if (cause.code == BULLA_E_NOMEM) {
            *err = cause;
            return false;
        }
    }
    *ret_valid = !has_invalid;
    return true;
}

/* True where an anchor or tag ends with NODE's first byte: a quote could not stand there. */
static bool runs_into(const struct file *file, const struct yaml_node *node)
{
    return (node->anchor != NULL || node->tag != NULL) && node->start > 0 &&
           strchr(" \t\r\n", file->source.text.data[node->start - 1]) == NULL;
}

static bool add_quotes(struct bulla_fix_plan *plan, struct file *file, const struct yaml_node *node,
                       struct bulla_error *err)
{
    struct bulla_bytes text =
        bulla_bytes_slice(file->source.text, node->start, node->end - node->start);
    bool is_single =
        memchr(text.data, '"', text.len) != NULL || memchr(text.data, '\\', text.len) != NULL;
    struct bulla_bytes quote = bulla_bytes_of(is_single ? "'" : "\"");
    size_t start = node->start + file->shift;
    if (!fixed_file_edit(plan, file, start, 0, quote, err)) {
        return false;
    }
    for (size_t i = 0; is_single && i < text.len; i++) {
        if (text.data[i] == '\'' && !fixed_file_edit(plan, file, start + i, 0, quote, err)) {
            return false;
        }
    }
    return fixed_file_edit(plan, file, start + text.len, 0, quote, err);
}

bool quote_at(struct bulla_fix_plan *plan, struct file *file, struct bulla_pos pos,
              const char **ret_reason, struct bulla_error *err)
{
    *ret_reason = NULL;
    if (!quote_parse(plan, file, err)) {
        return false;
    }
    struct scalar *scalar = find_scalar(file, pos);
    bool is_valid = false;
    if (scalar == NULL || scalar->is_mended) {
        *ret_reason = "";
    } else if (scalar->is_key) {
        *ret_reason = "it stands in a key, which Compose never fills in";
    } else if (file->is_utf16) {
        *ret_reason = "the file is UTF-16";
    } else if (runs_into(file, scalar->node)) {
        *ret_reason = "an anchor or tag runs into the value";
    } else if (!is_template(scalar->node, &is_valid, err)) {
        return false;
    } else if (!is_valid) {
        *ret_reason = "the value holds a reference that Compose could not read in quotes either";
    } else {
        scalar->is_mended = true;
        return add_quotes(plan, file, scalar->node, err);
    }
    return true;
}

bool fix_quotes(struct bulla_fix_plan *plan, const struct bulla_finding *finding,
                struct bulla_error *err)
{
    struct file *file = NULL;
    const char *reason = NULL;
    if (!fixed_compose_file(plan, finding, &file, err)) {
        return false;
    }
    if (file == NULL) {
        return true;
    }
    if (!quote_at(plan, file, finding->pos, &reason, err)) {
        return false;
    }
    if (reason == NULL) {
        return plan_add(plan, BULLA_FIX_TEXT, finding, finding->file, "puts the value in quotes",
                        err);
    }
    return reason[0] == '\0' || plan_leave(plan, finding, err, "%s", reason);
}
