/* One value under two names, or in two environments: B309, B310. */
#include <stdio.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/secret.h"
#include "bulla/shape.h"
#include "check/families.h"
#include "check/known.h"

#include "base/banned.h"

#define HELP_MAX 256
#define MAX_COMPARED 2000 /* pairs grow with the square */

/* Short values and numbers are the same by chance. */
#define LEAST_SHARED 8

static bool is_compared(const struct known *known)
{
    return known->secret && !known->derived && !known->faulty && known->value.len >= LEAST_SHARED &&
           (known->entry == NULL || known->entry->references == 0);
}

/* True where LIST names NAME. */
static bool names(const struct bulla_setting *list, const char *name)
{
    struct bulla_bytes word = {0};
    for (size_t i = 0; bulla_setting_word(list, i, &word, NULL); i++) {
        if (bulla_bytes_are(word, name)) {
            return true;
        }
    }
    return false;
}

/* True where the contract says that the two are one, or says it of their difference elsewhere. */
static bool is_said(const struct known *a, const struct known *b)
{
    return (a->has_section &&
            (names(&a->variable.same_as, b->name) || names(&a->variable.differs, b->name))) ||
           (b->has_section &&
            (names(&b->variable.same_as, a->name) || names(&b->variable.differs, a->name)));
}

/* Two passwords may well be those of the two ends of one connection; keys never are. */
static bool is_pair_of_passwords(const struct known *a, const struct known *b)
{
    return bulla_name_family(a->name) == BULLA_NAME_PASSWORD ||
           bulla_name_family(b->name) == BULLA_NAME_PASSWORD;
}

static bool compare(struct check *check, const struct known *first, const struct known *second,
                    struct bulla_error *err)
{
    char help[HELP_MAX];
    bool is_same_name = strcmp(first->name, second->name) == 0;
    if (is_same_name || first->value.len != second->value.len || is_said(first, second) ||
        is_pair_of_passwords(first, second) ||
        !bulla_secret_bytes_equal(first->value, second->value)) {
        return true;
    }
    if (check->input->contract != NULL) {
        (void)snprintf(help, sizeof help,
                       "give each its own, or write `same-as = %s` in its section of %s",
                       first->name, bulla_contract_file(check->input->contract));
    } else {
        (void)snprintf(help, sizeof help, "give each its own value: who has one has the other");
    }
    return check_add(check, RULE_SHARED, &second->place, help, err, "%s has the same value as %s",
                     second->name, first->name);
}

static bool check_names(struct check *check, struct bulla_error *err)
{
    const struct knowns *knowns = &check->knowns;
    const struct known *compared[MAX_COMPARED];
    size_t count = 0;
    for (size_t i = 0; i < knowns->count && count < MAX_COMPARED; i++) {
        const struct known *known = &knowns->items[i];
        if (!is_compared(known)) {
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            if (!compare(check, compared[k], known, err)) {
                return false;
            }
        }
        compared[count++] = known;
    }
    return true;
}

#define SHARED_HELP "give each environment its own: who has one of them has both"

/* The value of NAME in VAULT; empty where there is none that this key opens. */
static bool find_value(struct bulla_vault *vault, const char *name, struct bulla_bytes *ret_value,
                       struct bulla_error *err)
{
    struct bulla_secret_info info;
    if (!bulla_vault_find(vault, name, &info) || info.current == NULL ||
        bulla_vault_get(vault, name, 0, ret_value, err)) {
        return true;
    }
    *ret_value = (struct bulla_bytes){0};
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/* The vaults of other environments. */
static bool check_others(struct check *check, const struct known *known, struct bulla_error *err)
{
    for (size_t i = 0; i < check->input->other_count; i++) {
        const struct bulla_check_other *other = &check->input->others[i];
        struct bulla_bytes value = {0};
        if (!find_value(other->vault, known->name, &value, err)) {
            return false;
        }
        if (value.len > 0 && bulla_secret_bytes_equal(value, known->value)) {
            return check_add(check, RULE_SHARED_ENVIRONMENT, &known->place, SHARED_HELP, err,
                             "%s has the same value in environment '%s'", known->name,
                             other->environment);
        }
    }
    return true;
}

/* True for an env file of another environment, and none that Compose reads for this one. */
static bool is_other(const struct check *check, const struct env_text *text)
{
    const struct bulla_project *project = check->input->project;
    bool is_behind = project != NULL && project->env_before != NULL &&
                     strcmp(bulla_path_base(text->path), ".env") == 0;
    return text->use == ENV_OTHER && !is_behind;
}

/* The env files of other environments that lie beside this one's. */
static bool check_beside(struct check *check, const struct known *known, struct bulla_error *err)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        const struct bulla_dotenv_entry *entry =
            is_other(check, text) ? env_text_find(text, known->name) : NULL;
        if (entry == NULL || entry->references > 0 ||
            !bulla_secret_bytes_equal(entry->value, known->value)) {
            continue;
        }
        return check_add(check, RULE_SHARED_ENVIRONMENT, &known->place, SHARED_HELP, err,
                         "%s has the same value in %s", known->name, text->name);
    }
    return true;
}

bool check_shared(struct check *check, struct bulla_error *err)
{
    for (size_t i = 0; i < check->knowns.count; i++) {
        const struct known *known = &check->knowns.items[i];
        bool is_vaults = check->input->other_count > 0;
        if (is_compared(known) && known_feeds(known) &&
            !(is_vaults ? check_others(check, known, err) : check_beside(check, known, err))) {
            return false;
        }
    }
    return check_names(check, err);
}
