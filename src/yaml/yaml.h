/*
 * YAML text to nodes with exact source positions, over libyaml's events; layer 1. Everything lives
 * in the caller's pool. Aliases stay aliases (a node that points at its target), merge keys stay
 * keys, tags are kept as written; the reader refuses what would make a walk over the nodes
 * unbounded, so that callers may recurse.
 */
#ifndef BULLA_YAML_YAML_H
#define BULLA_YAML_YAML_H

#include "base/pool.h"
#include "bulla/bytes.h"
#include "bulla/error.h"

/*
 * A text as UTF-8 without its byte order mark, and where its lines begin. Offsets everywhere in
 * this header are bytes of this text.
 */
struct yaml_source {
    const char *file; /* for messages; borrowed */
    struct bulla_bytes text;
    bool ascii;    /* a byte is a column */
    size_t *lines; /* offset at which line N + 1 begins */
    size_t line_count;
    /* The place that was last asked for: the next one is usually just behind it. */
    size_t last_offset;
    struct bulla_pos last_pos;
};

/*
 * Takes RAW (UTF-8, or UTF-16 with a byte order mark) as FILE's text. UTF-8 without a mark is
 * borrowed, else it is converted in POOL. BULLA_E_SYNTAX with the position where it is neither,
 * BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool yaml_source_init(struct yaml_source *source, struct pool *pool,
                                       struct bulla_bytes raw, const char *file,
                                       struct bulla_error *err);

/* Line (lines end at LF) and column (code points) of OFFSET; cheap for ascending offsets. */
struct bulla_pos yaml_source_pos(struct yaml_source *source, size_t offset);

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING, YAML_ALIAS };
enum yaml_style { YAML_PLAIN, YAML_SINGLE, YAML_DOUBLE, YAML_LITERAL, YAML_FOLDED };

struct yaml_node {
    enum yaml_kind kind;
    enum yaml_style style; /* scalars */
    bool flow;             /* stands inside [ ] or { } */
    uint8_t height;        /* levels below it, aliases followed */
    uint32_t weight;       /* nodes in it, itself and what aliases repeat included */
    uint32_t count;        /* items of a sequence, pairs of a mapping */
    uint32_t mark;         /* the caller's, 0 at first */
    const char *tag;       /* "!reset", "tag:yaml.org,2002:str"; NULL where none is written */
    const char *anchor;    /* its own name, for an alias its target's; NULL where none */
    size_t start;          /* of its first byte, an anchor or tag before it left out */
    size_t end;            /* behind its last byte */
    struct bulla_pos pos;  /* of start */
    char *text;            /* scalars: the decoded bytes, a NUL behind */
    size_t len;
    struct yaml_node *first;  /* first item, or first key; then item->next, or key->value */
    struct yaml_node *value;  /* of a key */
    struct yaml_node *next;   /* the next item or key */
    struct yaml_node *target; /* of an alias; never itself an alias */
};

struct yaml_document {
    struct yaml_node *root; /* an empty plain scalar for an empty document */
    struct yaml_document *next;
};

/*
 * Parses SOURCE into documents, in order; *ret_first is NULL for a text without any. Anchors are
 * seen in later documents too, as Compose's parser has it. BULLA_E_SYNTAX with the position for
 * what is not YAML, an unknown alias, one that contains itself; BULLA_E_INVALID for a key that
 * stands twice; BULLA_E_LIMIT (with the position) beyond BULLA_MAX_YAML_DEPTH levels or
 * BULLA_MAX_YAML_NODES nodes in the file, both counted with aliases followed; BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool yaml_parse(struct yaml_source *source, struct pool *pool,
                                 struct yaml_document **ret_first, struct bulla_error *err);

/*
 * BULLA_E_INVALID, with the place of the earliest one and the line of the first, where a key stands
 * in MAPPING twice; BULLA_E_NOMEM. yaml_parse asks it.
 */
BULLA_MUST_CHECK bool yaml_check_keys(const struct yaml_source *source,
                                      const struct yaml_node *mapping, struct bulla_error *err);

/* An alias's target, every other node itself; NULL stays NULL. */
const struct yaml_node *yaml_resolve(const struct yaml_node *node);
struct yaml_node *yaml_follow(struct yaml_node *node); /* the same, not const, and never of NULL */

struct bulla_bytes yaml_text(const struct yaml_node *node);

/* What a scalar means by YAML 1.2's rules as Compose's parser has them. */
enum yaml_type { YAML_STRING, YAML_NULL, YAML_BOOL, YAML_INT, YAML_FLOAT, YAML_TIMESTAMP };
enum yaml_type yaml_scalar_type(const struct yaml_node *node);

/*
 * Where the bytes of one decoded scalar come from. Runs that stand in the source as they are, and
 * pieces that were made from something else (an escape, a folded line break).
 */
struct yaml_segment {
    size_t decoded;
    size_t len;
    size_t source;
    size_t source_len; /* len for a copied run */
    bool copied;
};

/* Reusable: init once, build for one scalar after the other, release. */
struct yaml_map {
    struct yaml_segment *segments;
    size_t count;
    size_t cap;
    const struct yaml_node *node;
    bool exact; /* false: only the scalar's start is known */
};

/*
 * Reads NODE (a scalar of SOURCE) again. True also where the text could not be followed (the map
 * is not exact then); false with BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool yaml_map_build(struct yaml_map *map, const struct yaml_source *source,
                                     const struct yaml_node *node, struct bulla_error *err);
void yaml_map_release(struct yaml_map *map);

/* The source offset of decoded byte OFFSET, and the one behind decoded byte END - 1. */
size_t yaml_map_start(const struct yaml_map *map, size_t offset);
size_t yaml_map_end(const struct yaml_map *map, size_t end);

#endif
