/* Inside map.c: the reading of a scalar's source, shared by its styles. */
#ifndef BULLA_YAML_MAP_READER_H
#define BULLA_YAML_MAP_READER_H

#include "yaml/yaml.h"

/*
 * Reads a scalar's source again the way libyaml does and notes where each decoded byte comes from.
 * What comes out is compared with libyaml's own result, so a difference can only cost precision.
 */
struct map_reader {
    struct yaml_map *map;
    const uint8_t *data;
    size_t at;
    size_t end;
    const char *want; /* the decoded text, len bytes */
    size_t want_len;
    size_t made; /* decoded bytes so far */
    bool differs;
    struct bulla_error *err;
    bool failed;
};

bool map_is_blank(const struct map_reader *r, size_t at);

/* Bytes of the line break at AT, 0 where none is: CRLF, CR, LF, NEL, LS, PS as in YAML 1.1. */
size_t map_break_len(const struct map_reader *r, size_t at);

/* LS and PS stay what they are, every other break is read as LF. */
bool map_break_is_lf(const struct map_reader *r, size_t at);

/* The source between FROM and TO is decoded as it stands. */
void map_add_copy(struct map_reader *r, size_t from, size_t to);

/* The line break at AT. */
void map_add_break(struct map_reader *r, size_t at);

/* Every break between FROM and TO; what else stands there is indentation. */
void map_add_breaks(struct map_reader *r, size_t from, size_t to);

/* The break at FIRST and those from REST to END, as folding joins them. */
void map_add_folded(struct map_reader *r, size_t first, size_t rest, size_t end);

/* A literal or folded scalar, from its "|" or ">" on. */
void map_read_block(struct map_reader *r, const struct yaml_node *node);

#endif
