/* The rendered file: is it what the vault holds, else whose? B503. */
#include <stdio.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/render.h"
#include "check/counted.h"
#include "check/families.h"

#include "base/banned.h"

#define REMEDY_MAX 160
#define READ_MAX 300

/* The rendered file beside the values that it should have. */
struct comparison {
    struct check *check;
    const struct bulla_environment *environment;
    const struct bulla_dotenv *file;
    struct place place;
    struct counted old;   /* names that differ */
    const char *rival;    /* another environment that is rendered there, or NULL */
    const char *owner;    /* the one whose values the file has instead, or NULL */
    struct counted taken; /* the names of those */
};

static struct bulla_vault *vault_of(const struct check *check, const char *environment)
{
    for (size_t i = 0; i < check->input->other_count; i++) {
        if (strcmp(check->input->others[i].environment, environment) == 0) {
            return check->input->others[i].vault;
        }
    }
    return NULL;
}

/* The values of RIVAL, its vault being closed the defaults alone; NULL where nobody can tell. */
static bool resolve_rival(const struct comparison *comparison,
                          const struct bulla_environment *rival, struct bulla_values **ret_theirs,
                          struct bulla_error *err)
{
    const struct bulla_check_input *input = comparison->check->input;
    *ret_theirs = bulla_values_resolve_at(
        input->contract, rival->name, vault_of(comparison->check, rival->name), input->now, err);
    bool ok = *ret_theirs != NULL || err->code != BULLA_E_NOMEM;
    if (ok) {
        bulla_error_clear(err);
    }
    return ok;
}

/* What VALUE, which has none here, has in the file is one that RIVAL's vault has or had. */
static bool is_left_of(const struct comparison *comparison, const struct bulla_environment *rival,
                       const struct bulla_value *value, bool *ret_is, struct bulla_error *err)
{
    struct bulla_vault *vault = vault_of(comparison->check, rival->name);
    enum bulla_held held = BULLA_HELD_NEVER;
    struct bulla_bytes text;
    if (vault != NULL &&
        bulla_rendered_is_left(comparison->check->input->values, value, comparison->file, &text) &&
        !bulla_vault_held(vault, value->variable.name, text, &held, err)) {
        return false;
    }
    *ret_is = held == BULLA_HELD;
    return true;
}

/* Counts in TAKEN what the file has of RIVAL's. */
static bool compare_rival(const struct comparison *comparison,
                          const struct bulla_environment *rival, struct counted *taken,
                          struct bulla_error *err)
{
    const struct bulla_check_input *input = comparison->check->input;
    bulla_auto_values theirs = NULL;
    if (!resolve_rival(comparison, rival, &theirs, err)) {
        return false;
    }
    for (size_t i = 0; theirs != NULL && i < bulla_values_count(input->values); i++) {
        const struct bulla_value *value = bulla_values_get(input->values, i);
        bool is_theirs = false;
        if ((bulla_rendered_differs(input->values, value, comparison->file) &&
             !bulla_rendered_is_from(input->values, theirs, value->variable.name, comparison->file,
                                     &is_theirs, err)) ||
            (!is_theirs && !is_left_of(comparison, rival, value, &is_theirs, err))) {
            return false;
        }
        if (is_theirs) {
            counted_add(taken, value->variable.name);
        }
    }
    return true;
}

/* Of several the one that has the most of it. */
static bool find_owner(struct comparison *comparison, struct bulla_error *err)
{
    const struct bulla_contract *contract = comparison->check->input->contract;
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        const struct bulla_environment *other = bulla_contract_environment(contract, i);
        if (!bulla_environment_shares_output(other, comparison->environment)) {
            continue;
        }
        struct counted taken = {0};
        comparison->rival = comparison->rival == NULL ? other->name : comparison->rival;
        if (!compare_rival(comparison, other, &taken, err)) {
            return false;
        }
        if (taken.count > comparison->taken.count) {
            comparison->owner = other->name;
            comparison->taken = taken;
        }
    }
    return true;
}

/* What is not this environment's own is what a service starts with: no old value of its own. */
static bool say_owner(const struct comparison *comparison, const char *help,
                      struct bulla_error *err)
{
    char rest[COUNTED_REST];
    char reads[READ_MAX] = "";
    const struct bulla_check_input *input = comparison->check->input;
    const struct bulla_project_service *reader =
        input->project != NULL ? bulla_project_reader(input->project, input->output.opens) : NULL;
    if (reader != NULL) {
        (void)snprintf(reads, sizeof reads, ", and '%s' reads it", reader->name);
    }
    return check_add_as(comparison->check, RULE_RENDERED_OLD,
                        reader != NULL ? BULLA_ERROR : BULLA_WARNING, &comparison->place, help, err,
                        "holds the values of '%s'%s: %s%s", comparison->owner, reads,
                        comparison->taken.names, counted_rest(&comparison->taken, rest));
}

static bool say_old(struct comparison *comparison, struct bulla_error *err)
{
    struct check *check = comparison->check;
    char rest[COUNTED_REST];
    char flag[CHECK_FLAG_BYTES];
    char help[REMEDY_MAX];
    char rival[BULLA_MAX_MEMBER_BYTES + 48] = "";
    if (!find_owner(comparison, err)) {
        return false;
    }
    /* Render refuses a file that git tracks, and B402 has told what is to be done. */
    (void)snprintf(help, sizeof help, "%sbulla render%s, and docker compose up -d for what uses it",
                   check->input->output.git == BULLA_GIT_TRACKED ? "git rm --cached it, then " : "",
                   check_env_flag(check, flag));
    if (comparison->owner != NULL) {
        return say_owner(comparison, help, err);
    }
    if (comparison->old.count == 0) {
        return true;
    }
    if (comparison->rival != NULL) {
        (void)snprintf(rival, sizeof rival, " ('%s' is rendered to this file, too)",
                       comparison->rival);
    }
    return check_add(check, RULE_RENDERED_OLD, &comparison->place, help, err, "out of date: %s%s%s",
                     comparison->old.names, counted_rest(&comparison->old, rest), rival);
}

/* Takes out of LOST what an environment has that is rendered to the file, or may have. */
static bool leave_rivals(const struct comparison *comparison, struct bulla_lost *lost,
                         struct bulla_error *err)
{
    const struct bulla_check_input *input = comparison->check->input;
    for (size_t i = 0; lost->count > 0 && i < bulla_contract_environment_count(input->contract);
         i++) {
        const struct bulla_environment *other = bulla_contract_environment(input->contract, i);
        if (!bulla_environment_shares_output(other, comparison->environment)) {
            continue;
        }
        bulla_auto_values theirs = NULL;
        if (!resolve_rival(comparison, other, &theirs, err)) {
            return false;
        }
        if (theirs == NULL || vault_of(comparison->check, other->name) == NULL) {
            lost->count = 0;
        } else if (!bulla_lost_leave(lost, theirs, err)) {
            return false;
        }
    }
    return true;
}

static bool leave_published(const struct comparison *comparison, struct bulla_lost *lost,
                            struct bulla_error *err)
{
    const struct bulla_project *project = comparison->check->input->project;
    const char *name = comparison->environment->template_file;
    bool has_template = lost->count > 0 && name != NULL && project != NULL;
    bulla_auto_str path = has_template ? bulla_path_join(project->directory, name, err) : NULL;
    return (!has_template || path != NULL) && bulla_lost_leave_published(lost, project, path, err);
}

/* What somebody has written into the file, and `bulla render` refuses to be the end of. */
static bool say_lost(const struct comparison *comparison, const struct bulla_lost *lost,
                     struct bulla_error *err)
{
    struct check *check = comparison->check;
    char flag[CHECK_FLAG_BYTES];
    (void)check_env_flag(check, flag);
    for (size_t i = 0; i < lost->count; i++) {
        const char *name = lost->items[i]->variable.name;
        struct place place = comparison->place;
        place.pos = bulla_dotenv_find(lost->file, bulla_bytes_of(name))->pos;
        place.variable = name;
        bulla_auto_str help =
            bulla_asprintf(err, "bulla set%s %s, or bulla render%s --replace", flag, name, flag);
        if (help == NULL || !check_add(check, RULE_RENDERED_OLD, &place, help, err,
                                       "'%s' has a value here that the vault never had", name)) {
            return false;
        }
    }
    return true;
}

static bool is_among(const struct bulla_lost *lost, const struct bulla_value *value)
{
    for (size_t i = 0; i < lost->count; i++) {
        if (lost->items[i] == value) {
            return true;
        }
    }
    return false;
}

static bool say_all(struct comparison *comparison, const struct bulla_lost *lost,
                    struct bulla_error *err)
{
    const struct bulla_values *values = comparison->check->input->values;
    bool is_left = false;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        struct bulla_bytes text;
        if (bulla_rendered_differs(values, value, comparison->file) && !is_among(lost, value)) {
            counted_add(&comparison->old, value->variable.name);
        }
        is_left = is_left || bulla_rendered_is_left(values, value, comparison->file, &text);
    }
    return say_lost(comparison, lost, err) &&
           ((comparison->old.count == 0 && !is_left) || say_old(comparison, err));
}

static bool compare_file(struct comparison *comparison, struct bulla_error *err)
{
    struct bulla_lost lost;
    bool ok = bulla_lost_collect(&lost, comparison->check->input->values, comparison->file, err) &&
              leave_rivals(comparison, &lost, err) && leave_published(comparison, &lost, err) &&
              say_all(comparison, &lost, err);
    bulla_lost_release(&lost);
    return ok;
}

static bool compare_text(struct comparison *comparison, enum bulla_env_format format,
                         struct bulla_bytes text, struct bulla_error *err)
{
    bulla_auto_dotenv file = bulla_rendered_read(format, text, comparison->place.file, err);
    if (file == NULL) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
        return check_add(comparison->check, RULE_RENDERED_OLD, &comparison->place, NULL, err,
                         "this is no env file that bulla render would have written");
    }
    comparison->file = file;
    return compare_file(comparison, err) &&
           (format == BULLA_ENV_DOCKER || check_kept(comparison->check, file, err));
}

/* The environment that is checked, where its rendered file can be read back; else NULL. */
static const struct bulla_environment *find_environment(const struct check *check,
                                                        enum bulla_env_format *ret_format)
{
    const struct bulla_check_input *input = check->input;
    const struct bulla_environment *environment =
        input->contract != NULL && input->environment != NULL
            ? bulla_contract_find_environment(input->contract, input->environment)
            : NULL;
    bool is_read = environment != NULL && bulla_env_format_find(environment->format, ret_format) &&
                   *ret_format <= BULLA_ENV_DOCKER;
    return is_read ? environment : NULL;
}

bool check_rendered(struct check *check, struct bulla_error *err)
{
    const struct bulla_check_output *output = &check->input->output;
    enum bulla_env_format format = BULLA_ENV_COMPOSE;
    struct comparison comparison = {.check = check,
                                    .environment = find_environment(check, &format),
                                    .place = {.file = output->path}};
    if (check->input->values == NULL || output->opens == NULL || !output->exists ||
        comparison.environment == NULL) {
        return true;
    }
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(output->opens, BULLA_MAX_TEXT_BYTES, &text, err)) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        /* Its owner may be somebody else; its mode and git's view were told of already. */
        bulla_error_clear(err);
        return true;
    }
    return compare_text(&comparison, format, bulla_buf_view(&text), err);
}
