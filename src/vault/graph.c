/* Parents and children, an order with ancestors first, segments, heads. */
#include <stdlib.h>
#include <string.h>

#include "vault/judge.h"
#include "vault/lines.h"

#include "base/banned.h"

static uint32_t *new_array(struct bulla_vault *vault, size_t count, struct bulla_error *err)
{
    return pool_alloc(vault->judged, (count + 1) * sizeof(uint32_t), err);
}

static bool refuse_missing(const struct bulla_vault *vault, const struct record *record,
                           const char *field, struct bulla_bytes id, struct bulla_error *err)
{
    (void)vault_refuse(vault, record, err, "names record %.8s in '%s', which is not in the file",
                       (const char *)id.data, field);
    return bulla_error_hint(err,
                            "a line was dropped, or one was picked without others: 'bulla git fix' "
                            "brings them; or one was altered: take the file from git again");
}

/* What names parent EDGE, which is not in the file. */
static bool refuse_edge(const struct bulla_vault *vault, uint32_t edge, struct bulla_error *err)
{
    const struct graph *graph = &vault->graph;
    size_t i = 0;
    while (i + 1 < vault->count && graph->first_parent[i + 1] <= edge) {
        i++;
    }
    const struct record *record = &vault->records[i];
    return refuse_missing(vault, record, "p",
                          record_parent(&record->t, edge - graph->first_parent[i]), err);
}

/* Parents that are looked for together: where they are is as good as random. */
struct looks {
    struct bulla_bytes ids[INTERN_MANY];
    size_t count;
};

/* Looks for all of LOOKS, which go behind the USED that were found. */
static bool find_parents(struct bulla_vault *vault, struct looks *looks, uint32_t *used,
                         struct bulla_error *err)
{
    uint32_t *found = vault->graph.parents + *used;
    intern_find_many(&vault->ids, looks->ids, looks->count, found);
    for (uint32_t i = 0; i < looks->count; i++) {
        if (found[i] == NONE) {
            return refuse_edge(vault, *used + i, err);
        }
    }
    *used += (uint32_t)looks->count;
    looks->count = 0;
    return true;
}

static bool resolve_parents(struct bulla_vault *vault, struct bulla_error *err)
{
    struct graph *graph = &vault->graph;
    graph->first_parent = new_array(vault, vault->count + 1, err);
    graph->parents = new_array(vault, vault->edges, err);
    if (graph->first_parent == NULL || graph->parents == NULL) {
        return false;
    }
    struct looks looks;
    looks.count = 0;
    uint32_t used = 0;
    for (size_t i = 0; i < vault->count; i++) {
        const struct record *record = &vault->records[i];
        graph->first_parent[i + 1] = graph->first_parent[i] + record->t.parent_count;
        for (uint32_t j = 0; j < record->t.parent_count; j++) {
            struct bulla_bytes id = record_parent(&record->t, j);
            __builtin_prefetch(id.data);
            looks.ids[looks.count++] = id;
            if (looks.count == INTERN_MANY && !find_parents(vault, &looks, &used, err)) {
                return false;
            }
        }
    }
    return find_parents(vault, &looks, &used, err);
}

/* `of` and `keep` name sets of the same name, `from` any set. */
static bool resolve_version(struct bulla_vault *vault, const struct record *record,
                            enum meta_key key, uint32_t *ret_record, struct bulla_error *err)
{
    *ret_record = NONE;
    struct bulla_bytes id = record_value(&record->t, key);
    if (id.len == 0) {
        return true;
    }
    uint32_t found = intern_find(&vault->ids, id);
    if (found == NONE) {
        return refuse_missing(vault, record, record_meta_name(key), id, err);
    }
    const struct record *version = &vault->records[found];
    if (version->t.kind != RECORD_SET ||
        (key != META_FROM && version->subject != record->subject)) {
        return vault_refuse(vault, record, err, "names in '%s' what is no 'set'%s",
                            record_meta_name(key), key == META_FROM ? "" : " of its name");
    }
    *ret_record = found;
    return true;
}

static bool resolve_versions(struct bulla_vault *vault, struct bulla_error *err)
{
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = &vault->records[i];
        if (!resolve_version(vault, record, META_OF, &record->of, err) ||
            !resolve_version(vault, record, META_KEEP, &record->keep, err) ||
            !resolve_version(vault, record, META_FROM, &record->from, err)) {
            return false;
        }
    }
    return true;
}

/* What only the building of the graph needs. */
struct scratch {
    uint32_t *count; /* per record: children so far, then parents to wait for */
    uint32_t *least; /* of the newest parents from a position on */
    uint8_t *named;  /* as a parent */
};

static bool make_scratch(struct bulla_vault *vault, struct scratch *scratch,
                         struct bulla_error *err)
{
    scratch->count = new_array(vault, vault->count, err);
    scratch->least = scratch->count == NULL ? NULL : new_array(vault, vault->count, err);
    scratch->named =
        scratch->least == NULL ? NULL : pool_alloc(vault->judged, vault->count + 1, err);
    return scratch->named != NULL;
}

static bool link_children(struct bulla_vault *vault, const struct scratch *scratch,
                          struct bulla_error *err)
{
    struct graph *graph = &vault->graph;
    graph->first_child = new_array(vault, vault->count + 1, err);
    graph->children = new_array(vault, vault->edges, err);
    if (graph->first_child == NULL || graph->children == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->edges; i++) {
        graph->first_child[graph->parents[i] + 1]++;
    }
    for (size_t i = 0; i < vault->count; i++) {
        graph->first_child[i + 1] += graph->first_child[i];
    }
    for (uint32_t i = 0; i < vault->count; i++) {
        struct links parents = graph_parents(vault, i);
        for (uint32_t j = 0; j < parents.count; j++) {
            uint32_t parent = parents.at[j];
            graph->children[graph->first_child[parent] + scratch->count[parent]++] = i;
        }
    }
    return true;
}

static bool find_root(struct bulla_vault *vault, struct bulla_error *err)
{
    vault->graph.root = NONE;
    for (size_t i = 0; i < vault->count; i++) {
        if (vault->records[i].t.kind != RECORD_ROOT) {
            continue;
        }
        if (vault->graph.root != NONE) {
            return vault_refuse(vault, &vault->records[i], err,
                                "is a second root: a vault has exactly one");
        }
        vault->graph.root = (uint32_t)i;
    }
    if (vault->graph.root == NONE) {
        return bulla_error_at(err, BULLA_E_VERIFY, vault->path, (struct bulla_pos){1, 1},
                              "the vault has no root record");
    }
    return true;
}

/* Kahn's algorithm; the order array is its queue. */
static bool sort_records(struct bulla_vault *vault, const struct scratch *scratch,
                         struct bulla_error *err)
{
    struct graph *graph = &vault->graph;
    uint32_t *waiting = scratch->count;
    uint32_t *order = new_array(vault, vault->count, err);
    graph->position = order == NULL ? NULL : new_array(vault, vault->count, err);
    if (graph->position == NULL) {
        return false;
    }
    uint32_t queued = 0;
    for (uint32_t i = 0; i < vault->count; i++) {
        waiting[i] = graph_parents(vault, i).count;
        if (waiting[i] == 0) {
            order[queued++] = i;
        }
    }
    for (uint32_t i = 0; i < queued; i++) {
        graph->position[order[i]] = i;
        struct links children = graph_children(vault, order[i]);
        for (uint32_t j = 0; j < children.count; j++) {
            uint32_t child = children.at[j];
            if (--waiting[child] == 0) {
                order[queued++] = child;
            }
        }
    }
    graph->order = order;
    return queued == vault->count ||
           bulla_error(err, BULLA_E_VERIFY, "records name each other in a circle");
}

/*
 * A segment ends in a record that every other one is an ancestor or a descendant of: records of
 * different segments are never concurrent, and in a history without branches each is its own. Such
 * a record is the only head of what stands before it, and everything behind it has a parent that is
 * not before it.
 */
static bool cut_segments(struct bulla_vault *vault, const struct scratch *scratch,
                         struct bulla_error *err)
{
    struct graph *graph = &vault->graph;
    uint32_t *least = scratch->least;
    uint8_t *named = scratch->named;
    graph->segment = new_array(vault, vault->count, err);
    if (graph->segment == NULL) {
        return false;
    }
    least[vault->count] = UINT32_MAX;
    for (size_t i = vault->count; i > 0; i--) {
        struct links parents = graph_parents(vault, graph->order[i - 1]);
        uint32_t newest = 0;
        for (uint32_t j = 0; j < parents.count; j++) {
            uint32_t position = graph->position[parents.at[j]];
            newest = position > newest ? position : newest;
        }
        least[i - 1] = newest < least[i] ? newest : least[i];
    }
    uint32_t segment = 0;
    size_t heads = 0;
    for (size_t i = 0; i < vault->count; i++) {
        struct links parents = graph_parents(vault, graph->order[i]);
        graph->segment[graph->order[i]] = segment;
        heads++;
        for (uint32_t j = 0; j < parents.count; j++) {
            heads -= named[parents.at[j]] == 0;
            named[parents.at[j]] = 1;
        }
        if (heads == 1 && least[i + 1] >= i) {
            segment++;
        }
    }
    return true;
}

static int compare_ids(const void *a, const void *b, void *vault)
{
    const struct record *records = ((const struct bulla_vault *)vault)->records;
    return memcmp(records[*(const uint32_t *)a].id, records[*(const uint32_t *)b].id,
                  TEXT_ID_CHARS);
}

static bool find_heads(struct bulla_vault *vault, struct bulla_error *err)
{
    struct graph *graph = &vault->graph;
    graph->head_count = 0;
    for (uint32_t i = 0; i < vault->count; i++) {
        graph->head_count += graph_is_head(vault, i);
    }
    graph->heads = new_array(vault, graph->head_count, err);
    if (graph->heads == NULL) {
        return false;
    }
    graph->head_count = 0;
    for (uint32_t i = 0; i < vault->count; i++) {
        if (graph_is_head(vault, i)) {
            graph->heads[graph->head_count++] = i;
        }
    }
    qsort_r(graph->heads, graph->head_count, sizeof *graph->heads, compare_ids, vault);
    return true;
}

bool graph_build(struct bulla_vault *vault, struct bulla_error *err)
{
    struct scratch scratch = {0};
    return find_root(vault, err) && resolve_parents(vault, err) && resolve_versions(vault, err) &&
           make_scratch(vault, &scratch, err) && link_children(vault, &scratch, err) &&
           sort_records(vault, &scratch, err) && cut_segments(vault, &scratch, err) &&
           find_heads(vault, err);
}

void graph_mark_known(struct bulla_vault *vault)
{
    /* Who reads checks the same whether he knows it or not. */
    for (size_t i = vault->count; i > 0 && vault->access == BULLA_VAULT_WRITE; i--) {
        uint32_t number = vault->graph.order[i - 1];
        struct links parents = graph_parents(vault, number);
        for (uint32_t j = 0; vault->records[number].known && j < parents.count; j++) {
            vault->records[parents.at[j]].known = true;
        }
    }
}

bool graph_mark_vouched(struct bulla_vault *vault, struct bulla_error *err)
{
    struct graph *graph = &vault->graph;
    graph->vouched = pool_alloc(vault->judged, vault->count + 1, err);
    if (graph->vouched == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < graph->head_count; i++) {
        graph->vouched[graph->heads[i]] = vault->records[graph->heads[i]].counts == 1;
    }
    for (size_t i = vault->count; i > 0; i--) {
        uint32_t number = graph->order[i - 1];
        struct links parents = graph_parents(vault, number);
        for (uint32_t j = 0; graph->vouched[number] != 0 && j < parents.count; j++) {
            graph->vouched[parents.at[j]] = 1;
        }
    }
    return true;
}
