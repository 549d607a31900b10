/* Parents and children, an order with ancestors first, segments, heads. */
#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "vault/vault_internal.h"

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
                            "brings them");
}

/* Where parents are is as good as random: their ids are fetched first, then where these lead. */
static void expect_parent(const struct bulla_vault *vault, size_t i)
{
    const size_t near = i + RECORDS_AHEAD;
    const size_t far = near + RECORDS_AHEAD;
    if (far < vault->count) {
        __builtin_prefetch(record_parent(&vault->records[far].t, 0).data);
    }
    if (near < vault->count && vault->records[near].t.parent_count > 0) {
        intern_expect(&vault->ids, record_parent(&vault->records[near].t, 0));
    }
}

static bool resolve_parents(struct bulla_vault *vault, struct bulla_error *err)
{
    struct graph *graph = &vault->graph;
    size_t edges = 0;
    for (size_t i = 0; i < vault->count; i++) {
        edges += vault->records[i].t.parent_count;
    }
    graph->parents = new_array(vault, edges, err);
    if (graph->parents == NULL) {
        return false;
    }
    uint32_t used = 0;
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = &vault->records[i];
        expect_parent(vault, i);
        record->first_parent = used;
        for (uint32_t j = 0; j < record->t.parent_count; j++) {
            struct bulla_bytes id = record_parent(&record->t, j);
            uint32_t parent = intern_find(&vault->ids, id);
            if (parent == NONE) {
                return refuse_missing(vault, record, "p", id, err);
            }
            graph->parents[used++] = parent;
        }
    }
    return true;
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

/* What only the building of the graph needs, small enough for the processor's cache. */
struct scratch {
    uint32_t *starts; /* where a record's children begin; the end of the last one's behind */
    uint32_t *count;  /* per record: children so far, then parents to wait for */
    uint32_t *least;  /* of the newest parents from a position on */
    uint8_t *named;   /* as a parent */
};

static bool make_scratch(const struct bulla_vault *vault, struct scratch *scratch,
                         struct bulla_error *err)
{
    scratch->starts = bulla_alloc(vault->count + 1, sizeof *scratch->starts, err);
    scratch->count =
        scratch->starts == NULL ? NULL : bulla_alloc(vault->count, sizeof *scratch->count, err);
    scratch->least =
        scratch->count == NULL ? NULL : bulla_alloc(vault->count + 1, sizeof *scratch->least, err);
    scratch->named = scratch->least == NULL ? NULL : bulla_alloc(vault->count, 1, err);
    return scratch->named != NULL;
}

static void free_scratch(struct scratch *scratch)
{
    bulla_free(scratch->starts);
    bulla_free(scratch->count);
    bulla_free(scratch->least);
    bulla_free(scratch->named);
}

static bool link_children(struct bulla_vault *vault, const struct scratch *scratch,
                          struct bulla_error *err)
{
    struct graph *graph = &vault->graph;
    uint32_t *starts = scratch->starts;
    size_t edges = 0;
    for (size_t i = 0; i < vault->count; i++) {
        edges += vault->records[i].t.parent_count;
    }
    for (size_t i = 0; i < edges; i++) {
        starts[graph->parents[i] + 1]++;
    }
    for (size_t i = 0; i < vault->count; i++) {
        starts[i + 1] += starts[i];
    }
    graph->children = new_array(vault, edges, err);
    if (graph->children == NULL) {
        return false;
    }
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = &vault->records[i];
        record->first_child = starts[i];
        record->child_count = starts[i + 1] - starts[i];
        for (uint32_t j = 0; j < record->t.parent_count; j++) {
            uint32_t parent = record_parents(vault, record)[j];
            graph->children[starts[parent] + scratch->count[parent]++] = (uint32_t)i;
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
    const uint32_t *starts = scratch->starts;
    uint32_t *waiting = scratch->count;
    uint32_t *order = new_array(vault, vault->count, err);
    if (order == NULL) {
        return false;
    }
    size_t queued = 0;
    for (size_t i = 0; i < vault->count; i++) {
        waiting[i] = vault->records[i].t.parent_count;
        if (waiting[i] == 0) {
            order[queued++] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < queued; i++) {
        for (uint32_t j = starts[order[i]]; j < starts[order[i] + 1]; j++) {
            uint32_t child = vault->graph.children[j];
            if (--waiting[child] == 0) {
                order[queued++] = child;
            }
        }
    }
    if (queued != vault->count) {
        return bulla_error(err, BULLA_E_VERIFY, "records name each other in a circle");
    }
    vault->graph.order = order;
    for (size_t i = 0; i < vault->count; i++) {
        record_down(vault, i)->position = (uint32_t)i;
    }
    return true;
}

/*
 * A segment ends in a record that every other one is an ancestor or a descendant of: records of
 * different segments are never concurrent, and in a history without branches each is its own. Such
 * a record is the only head of what stands before it, and everything behind it has a parent that is
 * not before it.
 */
static void cut_segments(struct bulla_vault *vault, const struct scratch *scratch)
{
    uint32_t *least = scratch->least;
    uint8_t *named = scratch->named;
    least[vault->count] = UINT32_MAX;
    for (size_t i = vault->count; i > 0; i--) {
        const struct record *record = record_up(vault, i - 1);
        uint32_t newest = 0;
        for (uint32_t j = 0; j < record->t.parent_count; j++) {
            uint32_t position = vault->records[record_parents(vault, record)[j]].position;
            newest = position > newest ? position : newest;
        }
        least[i - 1] = newest < least[i] ? newest : least[i];
    }
    uint32_t segment = 0;
    size_t heads = 0;
    for (size_t i = 0; i < vault->count; i++) {
        struct record *record = record_down(vault, i);
        record->segment = segment;
        heads++;
        for (uint32_t j = 0; j < record->t.parent_count; j++) {
            uint32_t parent = record_parents(vault, record)[j];
            heads -= named[parent] == 0;
            named[parent] = 1;
        }
        if (heads == 1 && least[i + 1] >= i) {
            segment++;
        }
    }
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
    graph->heads = new_array(vault, vault->count, err);
    if (graph->heads == NULL) {
        return false;
    }
    graph->head_count = 0;
    for (size_t i = 0; i < vault->count; i++) {
        if (vault->records[i].child_count == 0) {
            graph->heads[graph->head_count++] = (uint32_t)i;
        }
    }
    qsort_r(graph->heads, graph->head_count, sizeof *graph->heads, compare_ids, vault);
    return true;
}

bool graph_build(struct bulla_vault *vault, struct bulla_error *err)
{
    struct scratch scratch = {0};
    bool ok = find_root(vault, err) && resolve_parents(vault, err) &&
              resolve_versions(vault, err) && make_scratch(vault, &scratch, err) &&
              link_children(vault, &scratch, err) && sort_records(vault, &scratch, err);
    if (ok) {
        cut_segments(vault, &scratch);
    }
    free_scratch(&scratch);
    return ok && find_heads(vault, err);
}

void graph_mark_known(struct bulla_vault *vault)
{
    for (size_t i = vault->count; i > 0; i--) {
        const struct record *record = record_up(vault, i - 1);
        for (uint32_t j = 0; record->known && j < record->t.parent_count; j++) {
            vault->records[record_parents(vault, record)[j]].known = true;
        }
    }
}

void graph_mark_vouched(struct bulla_vault *vault)
{
    for (size_t i = vault->count; i > 0; i--) {
        struct record *record = record_up(vault, i - 1);
        record->vouched = record->vouched || (record->child_count == 0 && record->counts == 1);
        for (uint32_t j = 0; record->vouched && j < record->t.parent_count; j++) {
            vault->records[record_parents(vault, record)[j]].vouched = true;
        }
    }
}
