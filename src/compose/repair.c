#include "compose/repair.h"

#include <string.h>

#include "base/banned.h"

/* True where the bytes of NODE that MASKED hides from the parser would have ended it. */
static bool is_cut(const uint8_t *masked, struct bulla_bytes text, const struct yaml_node *node)
{
    if (node->kind != YAML_SCALAR || node->style != YAML_PLAIN || masked == NULL ||
        node->start >= text.len) {
        return false;
    }
    for (size_t i = node->start + 1; i < node->end; i++) {
        /* Block context takes braces; between [ ] or { } they end a plain scalar. */
        if (text.data[i] != masked[i] && (node->flow || memchr(" \t#", text.data[i], 3) != NULL)) {
            return true;
        }
    }
    return false;
}

bool repair_is_cut(const struct repaired *repaired, const struct yaml_source *source,
                   const struct yaml_node *node)
{
    return repaired->is_cut && is_cut((const uint8_t *)repaired->mask.text, source->text, node);
}

/* What one attempt at a text works with. */
struct attempt {
    struct yaml_source *source; /* its text is the masked one while it is parsed */
    struct bulla_bytes original;
    struct pool *pool;
    struct yaml_map map;
    struct repaired *ret;
    struct bulla_error *err;
};

/* Puts the masked bytes of NODE's text back. */
static bool restore_scalar(struct attempt *a, struct yaml_node *node)
{
    if (node->len == 0 || memchr(node->text, '$', node->len) == NULL) {
        return true;
    }
    if (!yaml_map_build(&a->map, a->source, node, a->err)) {
        return false;
    }
    for (size_t i = 0; a->map.exact && i < a->map.count; i++) {
        const struct yaml_segment *segment = &a->map.segments[i];
        if (segment->copied) {
            memcpy(node->text + segment->decoded, a->original.data + segment->source, segment->len);
        }
    }
    a->ret->is_cut = a->ret->is_cut || is_cut(a->source->text.data, a->original, node);
    return true;
}

static bool restore(struct attempt *a, struct yaml_node *node)
{
    if (node->kind == YAML_SCALAR) {
        return restore_scalar(a, node);
    }
    if (node->kind == YAML_ALIAS) {
        return true;
    }
    /* As deep as yaml_parse lets it be. */
    for (struct yaml_node *child = node->first; child != NULL; child = child->next) {
        if (!restore(a, child) || (child->value != NULL && !restore(a, child->value))) {
            return false;
        }
    }
    return true;
}

enum outcome { PARSED, NOT_YAML, FAILED };

/* True for what is wrong with a text, a key that is there twice included. */
static bool is_of_the_text(const struct bulla_error *cause)
{
    return cause->code == BULLA_E_SYNTAX || cause->code == BULLA_E_INVALID ||
           cause->code == BULLA_E_LIMIT;
}

/* Parses SOURCE; what only says that it is not YAML goes to *ret_cause. */
static enum outcome parse(struct yaml_source *source, struct pool *pool,
                          struct yaml_document **ret_first, struct bulla_error *ret_cause,
                          struct bulla_error *err)
{
    if (yaml_parse(source, pool, ret_first, ret_cause)) {
        return PARSED;
    }
    *ret_first = NULL;
    if (is_of_the_text(ret_cause)) {
        return NOT_YAML;
    }
    *err = *ret_cause;
    return FAILED;
}

/*
 * Parses with the bytes of references masked. PARSED leaves documents whose texts are those of the
 * file.
 */
static enum outcome parse_masked(struct attempt *a, bool flow)
{
    struct mask mask;
    if (!mask_references(a->pool, a->original, flow, &mask, a->err)) {
        return FAILED;
    }
    if (!mask.changed) {
        return NOT_YAML;
    }
    struct bulla_error cause = BULLA_ERROR_INIT;
    a->source->text = bulla_bytes(mask.text, a->original.len);
    enum outcome outcome = parse(a->source, a->pool, &a->ret->first, &cause, a->err);
    for (struct yaml_document *document = a->ret->first; outcome == PARSED && document != NULL;
         document = document->next) {
        outcome = restore(a, document->root) ? PARSED : FAILED;
    }
    a->source->text = a->original;
    if (outcome == PARSED && a->ret->is_cut) {
        a->ret->mask = mask;
    }
    return outcome;
}

/* Whether the text as it stands is YAML, without keeping what it gives. */
static bool look_at_original(struct attempt *a)
{
    auto_pool pool = pool_new(a->err);
    if (pool == NULL) {
        return false;
    }
    struct yaml_document *first = NULL;
    enum outcome outcome = parse(a->source, pool, &first, &a->ret->error, a->err);
    a->ret->valid = outcome == PARSED;
    return outcome != FAILED;
}

static bool parse_somehow(struct attempt *a)
{
    struct repaired *ret = a->ret;
    enum outcome outcome = parse_masked(a, false);
    if (outcome == PARSED && ret->is_cut) {
        return look_at_original(a);
    }
    if (outcome == NOT_YAML) {
        outcome = parse(a->source, a->pool, &ret->first, &ret->error, a->err);
    }
    if (outcome == NOT_YAML) {
        return parse_masked(a, true) != FAILED;
    }
    ret->valid = outcome == PARSED;
    return outcome == PARSED;
}

bool repair_parse(struct yaml_source *source, struct pool *pool, struct repaired *ret,
                  struct bulla_error *err)
{
    *ret = (struct repaired){.error = BULLA_ERROR_INIT};
    struct attempt attempt = {
        .source = source, .original = source->text, .pool = pool, .ret = ret, .err = err};
    bool ok = parse_somehow(&attempt);
    yaml_map_release(&attempt.map);
    return ok;
}
