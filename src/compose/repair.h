/*
 * A compose file parsed as its author meant it: references that YAML would cut in two are hidden
 * from the parser and put back. What reads the project and what mends its files share this.
 */
#ifndef BULLA_COMPOSE_REPAIR_H
#define BULLA_COMPOSE_REPAIR_H

#include "yaml/yaml.h"

/* A reference in raw text that YAML would cut in two. */
struct span {
    size_t start;
    size_t end;
    struct bulla_bytes name;
    bool colon;   /* ": " inside */
    bool comment; /* " #" inside */
};

/* mask.c */
struct mask {
    char *text; /* of the source's length */
    struct span *spans;
    size_t span_count;
    bool changed;
};
BULLA_MUST_CHECK bool mask_references(struct pool *pool, struct bulla_bytes text, bool flow,
                                      struct mask *ret_mask, struct bulla_error *err);

/* The documents of a source; their texts are those of the file, what was masked put back. */
struct repaired {
    struct yaml_document *first; /* NULL where it is not YAML even so, and where it is empty */
    bool valid;                  /* the text as it stands is YAML */
    bool is_cut;                 /* YAML as it stands cuts a scalar that was put together */
    struct mask mask;            /* of that text; only where is_cut */
    struct bulla_error error;    /* why it is not YAML as it stands */
};

/*
 * Parses SOURCE in POOL; also what is not YAML gives true. BULLA_E_NOMEM. A scalar's place is that
 * of all that its author meant to be in it.
 */
BULLA_MUST_CHECK bool repair_parse(struct yaml_source *source, struct pool *pool,
                                   struct repaired *ret, struct bulla_error *err);

/* True where YAML as it stands ends NODE (of REPAIRED, of SOURCE) inside of a reference. */
bool repair_is_cut(const struct repaired *repaired, const struct yaml_source *source,
                   const struct yaml_node *node);

#endif
