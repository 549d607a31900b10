#include "check/image_names.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"

#include "base/banned.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct image_name *)a)->name, ((const struct image_name *)b)->name);
}

static struct image_name of_pair(const struct bulla_docker_pair *pair)
{
    return (struct image_name){
        .name = pair->name,
        .is_argument = pair->keyword == BULLA_DOCKER_ARG,
        .has_value =
            pair->value != NULL && pair->keyword != BULLA_DOCKER_LABEL && pair->references == 0,
    };
}

static struct image_name of_use(const struct bulla_docker_use *use)
{
    return (struct image_name){
        .name = use->name,
        .has_fallback = use->fallback,
        .is_in_from = use->keyword == BULLA_DOCKER_FROM,
        .last_stage = use->keyword != BULLA_DOCKER_LABEL ? use->stage : 0,
    };
}

static void merge(struct image_name *into, const struct image_name *from)
{
    into->is_argument = into->is_argument || from->is_argument;
    into->has_value = into->has_value || from->has_value;
    into->has_fallback = into->has_fallback || from->has_fallback;
    into->is_in_from = into->is_in_from || from->is_in_from;
    into->last_stage = from->last_stage > into->last_stage ? from->last_stage : into->last_stage;
}

bool image_names_gather(struct image_names *ret, const struct bulla_dockerfile *file,
                        struct bulla_error *err)
{
    size_t count = file->pair_count + file->use_count;
    *ret = (struct image_names){.items = bulla_alloc(count + 1, sizeof *ret->items, err)};
    if (ret->items == NULL) {
        return false;
    }
    for (size_t i = 0; i < file->pair_count; i++) {
        ret->items[i] = of_pair(&file->pairs[i]);
    }
    for (size_t i = 0; i < file->use_count; i++) {
        ret->items[file->pair_count + i] = of_use(&file->uses[i]);
    }
    if (count > 1) {
        qsort(ret->items, count, sizeof *ret->items, compare_names);
    }
    for (size_t i = 0; i < count; i++) {
        struct image_name *last = ret->count > 0 ? &ret->items[ret->count - 1] : NULL;
        if (last != NULL && strcmp(last->name, ret->items[i].name) == 0) {
            merge(last, &ret->items[i]);
        } else {
            ret->items[ret->count++] = ret->items[i];
        }
    }
    return true;
}

void image_names_release(struct image_names *names)
{
    bulla_free(names->items);
}

/* As strcmp does of two texts, of which the second may have a NUL. */
static int compare_text(const char *name, struct bulla_bytes text)
{
    size_t len = strlen(name);
    size_t least = len < text.len ? len : text.len;
    int order = least > 0 ? memcmp(name, text.data, least) : 0;
    return order != 0 ? order : (len > text.len) - (len < text.len);
}

const struct image_name *image_names_find(const struct image_names *names, struct bulla_bytes name)
{
    size_t low = 0;
    size_t high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_text(names->items[middle].name, name);
        if (order == 0) {
            return &names->items[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}
