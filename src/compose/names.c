#include "compose/internal.h"

#include <string.h>

#include "bulla/mem.h"

#include "base/banned.h"

bool list_add(struct list *list, void *item, struct bulla_error *err)
{
    if (!bulla_grow(&list->items, &list->cap, list->count + 1, sizeof *list->items, err)) {
        return false;
    }
    list->items[list->count++] = item;
    return true;
}

bool list_add_text(struct list *list, const char *text, struct bulla_error *err)
{
    /* Read only: nobody writes through the pointer. */
    return list_add(list, (void *)(uintptr_t)text, err);
}

void list_release(struct list *list)
{
    bulla_free(list->items);
    *list = (struct list){0};
}

struct names_slot {
    const void *owner;
    struct bulla_bytes name;
    void *value; /* NULL: free */
};

static size_t hash(const void *owner, struct bulla_bytes name)
{
    uint64_t sum = 14695981039346656037ULL ^ (uintptr_t)owner;
    for (size_t i = 0; i < name.len; i++) {
        sum = (sum ^ name.data[i]) * 1099511628211ULL;
    }
    return (size_t)(sum ^ sum >> 29);
}

/* Where NAME is, or would go. */
static struct names_slot *find_slot(struct names_slot *slots, size_t cap, const void *owner,
                                    struct bulla_bytes name)
{
    for (size_t i = hash(owner, name) & (cap - 1);; i = (i + 1) & (cap - 1)) {
        struct names_slot *slot = &slots[i];
        if (slot->value == NULL || (slot->owner == owner && bulla_bytes_equal(slot->name, name))) {
            return slot;
        }
    }
}

void *names_find(const struct names *names, const void *owner, struct bulla_bytes name)
{
    return names->cap == 0 ? NULL : find_slot(names->slots, names->cap, owner, name)->value;
}

bool names_put(struct names *names, const void *owner, struct bulla_bytes name, void *value,
               struct bulla_error *err)
{
    if (names->count * 2 >= names->cap) {
        size_t cap = names->cap == 0 ? 64 : names->cap * 2;
        struct names_slot *slots = bulla_alloc(cap, sizeof *slots, err);
        if (slots == NULL) {
            return false;
        }
        for (size_t i = 0; i < names->cap; i++) {
            const struct names_slot *old = &names->slots[i];
            if (old->value != NULL) {
                *find_slot(slots, cap, old->owner, old->name) = *old;
            }
        }
        bulla_free(names->slots);
        names->slots = slots;
        names->cap = cap;
    }
    struct names_slot *slot = find_slot(names->slots, names->cap, owner, name);
    names->count += slot->value == NULL ? 1 : 0;
    *slot = (struct names_slot){.owner = owner, .name = name, .value = value};
    return true;
}

void names_release(struct names *names)
{
    bulla_free(names->slots);
    *names = (struct names){0};
}
