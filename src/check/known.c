#include "check/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/shape.h"

#include "base/banned.h"

void knowns_release(struct knowns *knowns)
{
    bulla_free(knowns->by_name);
    bulla_free(knowns->items);
}

static bool add(struct check *check, const struct known *known, struct bulla_error *err)
{
    struct knowns *knowns = &check->knowns;
    if (!bulla_grow(&knowns->items, &knowns->cap, knowns->count + 1, sizeof *known, err)) {
        return false;
    }
    knowns->items[knowns->count++] = *known;
    return true;
}

static bool is_secret_role(enum bulla_role role)
{
    return role == BULLA_ROLE_GENERATED || role == BULLA_ROLE_PROVIDED;
}

static bool add_values(struct check *check, struct bulla_error *err)
{
    const struct bulla_values *values = check->input->values;
    size_t count = values != NULL ? bulla_values_count(values) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct bulla_value *row = bulla_values_get(values, i);
        if (row->state != BULLA_VALUE_SET) {
            continue;
        }
        struct known known = {.name = row->variable.name,
                              .value = row->bytes,
                              .place = {.file = check_contract_name(check),
                                        .pos = row->variable.pos,
                                        .variable = row->variable.name},
                              .secret = is_secret_role(row->variable.role),
                              .derived = row->source == BULLA_FROM_DERIVED,
                              .has_section = true,
                              .variable = row->variable,
                              .row = row,
                              .row_index = i};
        if (!add(check, &known, err)) {
            return false;
        }
    }
    return true;
}

static bool add_entry(struct check *check, const struct env_text *text,
                      const struct bulla_dotenv_entry *entry, struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    const char *name = (const char *)entry->name.data;
    struct known known = {.name = name,
                          .value = entry->value,
                          .place = {.file = text->name, .pos = entry->pos, .variable = name},
                          .secret = bulla_name_is_secret(name),
                          .entry = entry,
                          .text = text};
    size_t index = 0;
    if (contract != NULL && check->input->environment != NULL &&
        bulla_contract_find_variable(contract, name, &index)) {
        bulla_contract_variable(contract, index, check->input->environment, &known.variable);
        known.has_section = true;
        known.secret = is_secret_role(known.variable.role);
        known.derived = known.variable.role == BULLA_ROLE_DERIVED;
    }
    known.derived = known.derived || entry->references > 0;
    return add(check, &known, err);
}

static bool add_files(struct check *check, enum env_use use, struct bulla_error *err)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        for (size_t k = 0; text->use == use && k < text->sorted_count; k++) {
            if (env_text_counts(text, k) && !add_entry(check, text, text->sorted[k], err)) {
                return false;
            }
        }
    }
    return true;
}

/* By name; what feeds the interpolation behind the rest, and a later --env-file behind others. */
static int compare_known(const void *a, const void *b)
{
    const struct known *left = *(const struct known *const *)a;
    const struct known *right = *(const struct known *const *)b;
    int order = strcmp(left->name, right->name);
    if (order == 0) {
        order = known_feeds(left) - known_feeds(right);
    }
    return order != 0 ? order : (left > right) - (left < right);
}

static bool sort_by_name(struct knowns *knowns, struct bulla_error *err)
{
    if (knowns->count == 0) {
        return true;
    }
    knowns->by_name = bulla_alloc(knowns->count, sizeof *knowns->by_name, err);
    if (knowns->by_name == NULL) {
        return false;
    }
    for (size_t i = 0; i < knowns->count; i++) {
        knowns->by_name[i] = &knowns->items[i];
    }
    qsort(knowns->by_name, knowns->count, sizeof *knowns->by_name, compare_known);
    return true;
}

bool knowns_collect(struct check *check, struct bulla_error *err)
{
    return add_values(check, err) && add_files(check, ENV_PROJECT, err) &&
           add_files(check, ENV_SERVICE, err) && sort_by_name(&check->knowns, err);
}

bool known_feeds(const struct known *known)
{
    return known->row != NULL || known->text->use == ENV_PROJECT;
}

/* How many come before or are called NAME: those called so end there. */
static size_t count_up_to(const struct knowns *knowns, const char *name)
{
    size_t low = 0;
    size_t high = knowns->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(knowns->by_name[middle]->name, name) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const struct known *known_find(const struct check *check, const char *name)
{
    const struct knowns *knowns = &check->knowns;
    size_t end = count_up_to(knowns, name);
    const struct known *found = end > 0 ? knowns->by_name[end - 1] : NULL;
    bool is_found = found != NULL && strcmp(found->name, name) == 0 && known_feeds(found);
    return is_found ? found : NULL;
}

const struct known *known_find_in(const struct check *check, const struct bulla_project_file *file,
                                  const char *name)
{
    const struct knowns *knowns = &check->knowns;
    for (size_t at = count_up_to(knowns, name); at > 0; at--) {
        const struct known *known = knowns->by_name[at - 1];
        if (strcmp(known->name, name) != 0) {
            break;
        }
        if (known->text != NULL && known->text->file == file) {
            return known;
        }
    }
    return NULL;
}

/* The part of VALUE that has to be secret: all of it, or the password of a URL. */
static struct bulla_bytes secret_part(const struct known *known)
{
    struct bulla_bytes password;
    if (bulla_url_password(known->name, known->value, &password)) {
        return password;
    }
    return known->secret ? known->value : bulla_bytes(NULL, 0);
}

/* A setting may well be a common word (POSTGRES_USER=postgres); a secret may not. */
const char *known_placeholder(const struct known *known)
{
    bool is_vaults = known->row != NULL;
    if (known->derived) {
        return NULL;
    }
    if (is_vaults && known->variable.role == BULLA_ROLE_SETTING) {
        return bulla_is_common_word(known->value) ? NULL : bulla_placeholder(known->value);
    }
    return bulla_placeholder(secret_part(known));
}

const char *known_help(const struct check *check, const struct known *known, char *out, size_t cap)
{
    const char *file =
        check->input->contract != NULL ? bulla_contract_file(check->input->contract) : "bulla.ini";
    if (known->row == NULL) {
        (void)snprintf(out, cap, "give it another value here: bulla generate makes one");
        return out;
    }
    switch (known->row->source) {
    case BULLA_FROM_CONTRACT:
        (void)snprintf(out, cap, "change `default` of [%s] in %s", known->name, file);
        break;
    case BULLA_FROM_DERIVED:
        (void)snprintf(out, cap, "change `value` of [%s] in %s, or what it is made from",
                       known->name, file);
        break;
    case BULLA_FROM_VAULT:
    case BULLA_FROM_PREVIOUS:
    case BULLA_FROM_NOWHERE:
        (void)snprintf(out, cap, "bulla %s -e %s %s",
                       known->variable.role == BULLA_ROLE_GENERATED ? "rotate" : "set",
                       check->input->environment, known->name);
        break;
    }
    return out;
}
