#include "check/rules.h"

#include <string.h>

#include "base/banned.h"

static const struct {
    enum rule first;
    const struct bulla_rule *rows;
} families[] = {
    {RULE_MISSING, rules_missing}, {RULE_BROKEN, rules_broken}, {RULE_MISREAD, rules_misread},
    {RULE_REFUSED, rules_refused}, {RULE_WEAK, rules_weak},     {RULE_IS_EXPOSED, rules_exposed},
    {RULE_STALE, rules_stale},
};

size_t bulla_rule_count(void)
{
    return RULE_COUNT;
}

const struct bulla_rule *bulla_rule(size_t index)
{
    size_t family = sizeof families / sizeof families[0];
    if (index >= RULE_COUNT) {
        return NULL;
    }
    while (index < families[family - 1].first) {
        family--;
    }
    return &families[family - 1].rows[index - families[family - 1].first];
}

const struct bulla_rule *bulla_rule_find(const char *id)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        const struct bulla_rule *rule = bulla_rule(i);
        if (rule != NULL && (strcmp(rule->id, id) == 0 || strcmp(rule->name, id) == 0)) {
            return rule;
        }
    }
    return NULL;
}
