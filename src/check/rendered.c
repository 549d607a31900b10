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
#define FORMAT_MAX 80

/* The rendered file beside the values that it should have. */
struct comparison {
    struct check *check;
    const struct bulla_environment *environment;
    struct bulla_rivals rivals;
    enum bulla_env_format format;
    struct bulla_bytes text;
    const struct bulla_dotenv *file; /* of it; NULL: it is none of FORMAT, or that is not read */
    struct place place;
    struct counted old; /* names that differ */
    struct bulla_rendered_owner owner;
};

/* A rival's vault that was opened for the check. */
static bool open_rival(void *ctx, const struct bulla_environment *rival,
                       struct bulla_vault **ret_vault, struct bulla_error *err)
{
    (void)err;
    const struct check *check = ctx;
    *ret_vault = NULL;
    for (size_t i = 0; i < check->input->other_count; i++) {
        if (strcmp(check->input->others[i].environment, rival->name) == 0) {
            *ret_vault = check->input->others[i].vault;
        }
    }
    return true;
}

/* What is not this environment's own is what a service starts with: no old value of its own. */
static bool say_owner(const struct comparison *comparison, const char *help,
                      struct bulla_error *err)
{
    const struct bulla_check_input *input = comparison->check->input;
    const struct bulla_rendered_owner *owner = &comparison->owner;
    struct counted taken = {0};
    char rest[COUNTED_REST];
    char reads[READ_MAX] = "";
    char format[FORMAT_MAX] = "";
    const struct bulla_project_service *reader =
        input->project != NULL ? bulla_project_reader(input->project, input->output.opens) : NULL;
    for (size_t i = 0; i < owner->name_count; i++) {
        counted_add(&taken, owner->names[i]);
    }
    if (owner->is_other_format) {
        (void)snprintf(format, sizeof format, " in its format '%s'", owner->owner->format);
    }
    if (reader != NULL) {
        (void)snprintf(reads, sizeof reads, ", and '%s' reads it", reader->name);
    }
    return check_add_as(comparison->check, RULE_RENDERED_OLD,
                        reader != NULL ? BULLA_ERROR : BULLA_WARNING, &comparison->place, help, err,
                        "holds the values of '%s'%s%s: %s%s", owner->owner->name, format, reads,
                        taken.names, counted_rest(&taken, rest));
}

static bool say_old(const struct comparison *comparison, const char *help, struct bulla_error *err)
{
    const struct bulla_environment *other = comparison->owner.rival;
    char rest[COUNTED_REST];
    char rival[BULLA_MAX_MEMBER_BYTES + 48] = "";
    if (other != NULL) {
        (void)snprintf(rival, sizeof rival, " ('%s' is rendered to this file, too)", other->name);
    }
    return check_add(comparison->check, RULE_RENDERED_OLD, &comparison->place, help, err,
                     "out of date: %s%s%s", comparison->old.names,
                     counted_rest(&comparison->old, rest), rival);
}

static bool say_differences(struct comparison *comparison, struct bulla_error *err)
{
    struct check *check = comparison->check;
    char flag[CHECK_FLAG_BYTES];
    char help[REMEDY_MAX];
    /* Render refuses a file that git tracks, and B402 has told what is to be done. */
    (void)snprintf(help, sizeof help, "%sbulla render%s, and docker compose up -d for what uses it",
                   check->input->output.git == BULLA_GIT_TRACKED ? "git rm --cached it, then " : "",
                   check_env_flag(check, flag));
    if (comparison->owner.owner != NULL) {
        return say_owner(comparison, help, err);
    }
    return comparison->old.count == 0 || say_old(comparison, help, err);
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
        place.pos = bulla_lost_pos(lost, i);
        place.variable = name;
        bool is_derived = lost->items[i]->variable.role == BULLA_ROLE_DERIVED;
        bulla_auto_str help =
            bulla_asprintf(err, "%sbulla set%s %s%s or bulla render%s --replace",
                           is_derived ? "kind = provided in bulla.ini, then " : "", flag, name,
                           is_derived ? ";" : ",", flag);
        if (help == NULL ||
            !check_add(check, RULE_RENDERED_OLD, &place, help, err, "'%s' has a value here that %s",
                       name,
                       is_derived ? "is not made of what the vault had" : "the vault never had")) {
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

/* True where anything of the file is not what it should be, so that it may be another one's. */
static bool is_suspect(const struct comparison *comparison)
{
    const struct bulla_values *values = comparison->check->input->values;
    bool is_suspect = comparison->file == NULL;
    for (size_t i = 0; !is_suspect && i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        struct bulla_bytes text;
        is_suspect = bulla_rendered_differs(values, value, comparison->file) ||
                     bulla_rendered_is_left(values, value, comparison->file, &text);
    }
    return is_suspect;
}

static bool differs(const struct comparison *comparison, const struct bulla_value *value,
                    bool *ret_differs, struct bulla_error *err)
{
    const struct bulla_values *values = comparison->check->input->values;
    if (comparison->file == NULL) {
        return bulla_rendered_text_differs(values, value, comparison->format, comparison->text,
                                           ret_differs, err);
    }
    *ret_differs = bulla_rendered_differs(values, value, comparison->file);
    return true;
}

static bool count_old(struct comparison *comparison, const struct bulla_lost *lost,
                      struct bulla_error *err)
{
    const struct bulla_values *values = comparison->check->input->values;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        bool is_old = false;
        if (!differs(comparison, value, &is_old, err)) {
            return false;
        }
        if (is_old && !is_among(lost, value)) {
            counted_add(&comparison->old, value->variable.name);
        }
    }
    return true;
}

static bool collect_lost(const struct comparison *comparison, struct bulla_lost *ret,
                         struct bulla_error *err)
{
    const struct bulla_values *values = comparison->check->input->values;
    return comparison->file != NULL
               ? bulla_lost_collect(ret, values, comparison->file, comparison->format, err)
               : bulla_lost_collect_text(ret, values, comparison->text, err);
}

/* What is lost is told of by itself, whoever has the rest. */
static bool compare_values(struct comparison *comparison, struct bulla_error *err)
{
    struct bulla_lost lost;
    bool ok = collect_lost(comparison, &lost, err) &&
              bulla_lost_leave_rivals(&lost, &comparison->rivals, err) &&
              leave_published(comparison, &lost, err) && say_lost(comparison, &lost, err) &&
              count_old(comparison, &lost, err) && say_differences(comparison, err);
    bulla_lost_release(&lost);
    return ok;
}

static bool judge(struct comparison *comparison, struct bulla_error *err)
{
    if (comparison->owner.is_other_format) {
        return say_differences(comparison, err);
    }
    if (comparison->file == NULL && comparison->format <= BULLA_ENV_DOCKER) {
        return check_add(comparison->check, RULE_RENDERED_OLD, &comparison->place,
                         "put right what is no NAME=VALUE (a merge's markers?), or move the file "
                         "away; then bulla render",
                         err, "this is no env file that bulla render would have written");
    }
    return compare_values(comparison, err) &&
           (comparison->format >= BULLA_ENV_DOCKER ||
            check_kept(comparison->check, comparison->file, err));
}

static bool compare_text(struct comparison *comparison, struct bulla_error *err)
{
    bulla_auto_dotenv file =
        bulla_rendered_read(comparison->format, comparison->text, comparison->place.file, err);
    if (file == NULL) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
    }
    comparison->file = file;
    bool ok = !is_suspect(comparison) ||
              bulla_rendered_find_owner(&comparison->owner, &comparison->rivals,
                                        comparison->check->input->values, comparison->text,
                                        comparison->place.file, err);
    ok = ok && judge(comparison, err);
    bulla_rendered_owner_release(&comparison->owner);
    return ok;
}

/* Two notations in one file: what reads it takes one of them. */
static bool note_formats(struct check *check, const struct bulla_environment *environment,
                         struct bulla_error *err)
{
    const struct bulla_contract *contract = check->input->contract;
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        const struct bulla_environment *other = bulla_contract_environment(contract, i);
        if (!bulla_environment_shares_output(other, environment) ||
            strcmp(other->format, environment->format) == 0) {
            continue;
        }
        const struct place place = {
            .file = check_contract_name(check),
            .pos = environment->format_pos.line > 0 ? environment->format_pos : other->format_pos};
        return check_add_as(check, RULE_RENDERED_OLD, BULLA_NOTE, &place,
                            "give one of them another output, or both the same format", err,
                            "'%s' and '%s' are rendered to %s in two formats: '%s' and '%s'",
                            environment->name, other->name, environment->output,
                            environment->format, other->format);
    }
    return true;
}

static bool compare_output(struct check *check, const struct bulla_environment *environment,
                           enum bulla_env_format format, struct bulla_error *err)
{
    const struct bulla_check_input *input = check->input;
    struct comparison comparison = {
        .check = check,
        .environment = environment,
        .format = format,
        .rivals = {.contract = input->contract,
                   .environment = environment,
                   .now = input->now,
                   .open = open_rival,
                   .ctx = check},
        .place = {.file = input->output.path},
    };
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(input->output.opens, BULLA_MAX_TEXT_BYTES, &text, err)) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        /* Its owner may be somebody else; its mode and git's view were told of already. */
        bulla_error_clear(err);
        return true;
    }
    comparison.text = bulla_buf_view(&text);
    return compare_text(&comparison, err);
}

bool check_rendered(struct check *check, struct bulla_error *err)
{
    const struct bulla_check_input *input = check->input;
    enum bulla_env_format format = BULLA_ENV_COMPOSE;
    const struct bulla_environment *environment =
        input->contract != NULL && input->environment != NULL
            ? bulla_contract_find_environment(input->contract, input->environment)
            : NULL;
    if (environment == NULL || !bulla_env_format_find(environment->format, &format)) {
        return true;
    }
    bool is_there = input->values != NULL && input->output.opens != NULL && input->output.exists;
    return note_formats(check, environment, err) &&
           (!is_there || compare_output(check, environment, format, err));
}
