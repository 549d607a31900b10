#include "key_members.h"

#include <string.h>

#include "bulla/mem.h"

bool key_members_add(struct key_members *members, const struct bulla_vault *vault,
                     struct bulla_error *err)
{
    size_t count = bulla_vault_member_count(vault);
    for (size_t i = 0; i < count; i++) {
        struct bulla_member_info info;
        bulla_vault_member(vault, i, &info);
        if (key_members_find(members, info.recipient) != NULL) {
            continue;
        }
        if (!bulla_grow(&members->items, &members->cap, members->count + 1, sizeof *members->items,
                        err)) {
            return false;
        }
        struct key_member *member = &members->items[members->count++];
        *member = (struct key_member){bulla_strdup(info.recipient, err), NULL};
        member->name = member->recipient != NULL ? bulla_strdup(info.name, err) : NULL;
        if (member->name == NULL) {
            return false;
        }
    }
    return true;
}

void key_members_release(struct key_members *members)
{
    for (size_t i = 0; i < members->count; i++) {
        bulla_free(members->items[i].recipient);
        bulla_free(members->items[i].name);
    }
    bulla_free(members->items);
    *members = (struct key_members){.items = NULL};
}

const char *key_members_find(const struct key_members *members, const char *recipient)
{
    for (size_t i = 0; i < members->count && recipient[0] != '\0'; i++) {
        if (strcmp(members->items[i].recipient, recipient) == 0) {
            return members->items[i].name;
        }
    }
    return NULL;
}
