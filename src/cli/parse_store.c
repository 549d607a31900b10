#include "parse_store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/suggest.h"

const char *parse_nearest(const char *word, const char *const *words, size_t count)
{
    const char *begun = NULL;
    size_t begun_count = 0;
    for (size_t i = 0; word[0] != '\0' && i < count; i++) {
        if (strncmp(words[i], word, strlen(word)) == 0) {
            begun = words[i];
            begun_count++;
        }
    }
    return begun_count == 1 ? begun : bulla_suggest(word, words, count);
}

bool parse_refuse_choice(const char *what, const char *const *choices, const char *value,
                         struct bulla_error *err)
{
    size_t count = 0;
    char words[sizeof err->hint] = "one of ";
    for (; choices[count] != NULL; count++) {
        size_t len = strlen(words);
        (void)snprintf(words + len, sizeof words - len, "%s%s", count > 0 ? ", " : "",
                       choices[count]);
    }
    (void)bulla_error(err, BULLA_E_USAGE, "%s cannot be '%.64s'", what, value);
    return bulla_suggest_hint(err, parse_nearest(value, choices, count), words);
}

const char *parse_find_choice(const char *const *choices, const char *value)
{
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (strcmp(choices[i], value) == 0) {
            return choices[i];
        }
    }
    return NULL;
}

static bool store_choice(const struct opt *opt, const char *value, const char **field,
                         struct bulla_error *err)
{
    const char *choice = parse_find_choice(opt->choices, value);
    if (choice == NULL) {
        char what[80];
        (void)snprintf(what, sizeof what, "'--%s'", opt->name);
        return parse_refuse_choice(what, opt->choices, value, err);
    }
    *field = choice;
    return true;
}

static bool store_number(const struct opt *opt, const char *value, long *field,
                         struct bulla_error *err)
{
    char *end = NULL;
    errno = 0;
    long number = strtol(value, &end, 10);
    bool is_plain = (value[0] >= '0' && value[0] <= '9') || value[0] == '-';
    if (!is_plain || *end != '\0' || errno != 0 || number < opt->min || number > opt->max) {
        (void)bulla_error(err, BULLA_E_USAGE, "'--%s' cannot be '%.64s'", opt->name, value);
        return bulla_error_hint(err, "a whole number from %ld to %ld", opt->min, opt->max);
    }
    *field = number;
    return true;
}

static bool store_item(struct string_list *list, const char *value, struct bulla_error *err)
{
    if (!bulla_grow(&list->items, &list->cap, list->count + 1, sizeof *list->items, err)) {
        return false;
    }
    list->items[list->count++] = value;
    return true;
}

bool parse_store(const struct parse_target *to, const char *value, struct bulla_error *err)
{
    const struct opt *opt = to->opt;
    bool repeats = opt->kind == OPT_COUNT || opt->kind == OPT_LIST || opt->kind == OPT_FLAG;
    if ((*to->seen & to->bit) != 0 && !repeats) {
        return bulla_error(err, BULLA_E_USAGE, "'--%s' is given twice", opt->name);
    }
    if (value == NULL && opt->kind != OPT_FLAG && opt->kind != OPT_COUNT) {
        return bulla_error(err, BULLA_E_BUG, "'--%s' has come without its value", opt->name);
    }
    *to->seen |= to->bit;
    switch (opt->kind) {
    case OPT_FLAG:
        *(bool *)to->field = true;
        return true;
    case OPT_COUNT:
        ++*(unsigned *)to->field;
        return true;
    case OPT_NUMBER:
        return store_number(opt, value, to->field, err);
    case OPT_STRING:
        *(const char **)to->field = value;
        return true;
    case OPT_CHOICE:
        return store_choice(opt, value, to->field, err);
    case OPT_LIST:
        return store_item(to->field, value, err);
    case OPT_END:
        break;
    }
    return bulla_error(err, BULLA_E_BUG, "option '--%s' has no kind", opt->name);
}
