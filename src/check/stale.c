/* Family 5, stale: certificates near their end, and a rendered file that is out of date. B502,
 * B503.
 */
#include <stdio.h>
#include <string.h>

#include "bulla/codec.h"
#include "bulla/dotenv.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "check/counted.h"
#include "check/families.h"

#include "base/banned.h"

#define SECONDS_PER_DAY 86400
#define DAYS_BEFORE_END 30

/* --- certificates ----------------------------------------------------------------------------- */

static bool check_certificate(struct check *check, struct bulla_bytes text,
                              const struct place *place, const char *what, const char *name,
                              struct bulla_error *err)
{
    int64_t begins = 0;
    int64_t ends = 0;
    if (check->input->now == 0 || !bulla_certificate_validity(text, &begins, &ends)) {
        return true;
    }
    int64_t days = (ends - check->input->now) / SECONDS_PER_DAY;
    if (ends <= check->input->now) {
        return check_add_as(check, RULE_CERTIFICATE_ENDS, BULLA_ERROR, place, NULL, err,
                            "the certificate in %s%s ended %lld days ago", what, name,
                            (long long)-days);
    }
    return days >= DAYS_BEFORE_END ||
           check_add(check, RULE_CERTIFICATE_ENDS, place, NULL, err,
                     "the certificate in %s%s ends in %lld days", what, name, (long long)days);
}

/* What a secret or config takes from a file; one that cannot be read is no concern of this rule. */
static bool check_file(struct check *check, const struct bulla_project_resource *resource,
                       struct bulla_error *err)
{
    struct place place = {.file = check_file_name(check, resource->file), .pos = resource->pos};
    bulla_auto_str path = bulla_path_join(check->input->project->directory, resource->text, err);
    if (path == NULL) {
        return false;
    }
    if (!bulla_file_is_regular(path)) {
        return true;
    }
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_VALUE_BYTES);
    if (!bulla_file_read(path, BULLA_MAX_VALUE_BYTES, &text, err)) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
        return true;
    }
    return check_certificate(check, bulla_buf_view(&text), &place,
                             resource->config ? "the file of the config "
                                              : "the file of the secret ",
                             resource->name, err);
}

bool check_certificates(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    const struct bulla_values *values = check->input->values;
    for (size_t i = 0; values != NULL && i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        struct place place = {.file = check_contract_name(check),
                              .pos = value->variable.pos,
                              .variable = value->variable.name};
        if (value->state == BULLA_VALUE_SET &&
            !check_certificate(check, value->bytes, &place, "", value->variable.name, err)) {
            return false;
        }
    }
    for (size_t i = 0; project != NULL && i < project->resource_count; i++) {
        const struct bulla_project_resource *resource = project->resources[i];
        if (resource->source == BULLA_RESOURCE_FILE && resource->text != NULL &&
            strchr(resource->text, '$') == NULL && !check_file(check, resource, err)) {
            return false;
        }
    }
    return true;
}

/* --- the rendered file ------------------------------------------------------------------------ */

static enum bulla_lookup_state look_up_nothing(void *ctx, struct bulla_bytes name,
                                               struct bulla_bytes *ret_value)
{
    (void)ctx;
    (void)name;
    *ret_value = bulla_bytes_of("x");
    return BULLA_LOOKUP_SET;
}

static void compare(const struct bulla_values *values, const struct bulla_dotenv *file,
                    struct counted *counted)
{
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        const struct bulla_dotenv_entry *entry =
            bulla_dotenv_find(file, bulla_bytes_of(value->variable.name));
        bool is_known = value->state == BULLA_VALUE_SET || value->state == BULLA_VALUE_UNSET;
        /* What is not from here stays in the file: kept.c. */
        bool is_same = value->state == BULLA_VALUE_SET
                           ? entry != NULL && bulla_secret_bytes_equal(entry->value, value->bytes)
                           : entry == NULL || entry->value.len == 0 ||
                                 !bulla_values_remembers(values, value->variable.name);
        if (is_known && !is_same) {
            counted_add(counted, value->variable.name);
        }
    }
}

/*
 * What bulla renders has no reference; a file that somebody wrote has those to its own lines, and
 * where one is required that is set elsewhere, the file is read all the same.
 */
static struct bulla_dotenv *read_rendered(const struct check *check, struct bulla_bytes text,
                                          struct bulla_dotenv_options options,
                                          struct bulla_error *err)
{
    struct bulla_dotenv *file = bulla_dotenv_parse(text, check->input->output.path, &options, err);
    if (file == NULL && err->code != BULLA_E_NOMEM) {
        bulla_error_clear(err);
        options.lookup = look_up_nothing;
        file = bulla_dotenv_parse(text, check->input->output.path, &options, err);
    }
    return file;
}

static bool is_readable_format(const struct check *check, struct bulla_dotenv_options *ret_options)
{
    const struct bulla_environment *environment =
        check->input->contract != NULL && check->input->environment != NULL
            ? bulla_contract_find_environment(check->input->contract, check->input->environment)
            : NULL;
    enum bulla_env_format format = BULLA_ENV_COMPOSE;
    if (environment == NULL || !bulla_env_format_find(environment->format, &format) ||
        format > BULLA_ENV_DOCKER) {
        return false;
    }
    *ret_options = (struct bulla_dotenv_options){
        .grammar = format == BULLA_ENV_DOCKER ? BULLA_DOTENV_RAW : BULLA_DOTENV_COMPOSE};
    return true;
}

/* Another environment that is rendered to the same file, or NULL: the file may well be that one's.
 */
static const char *find_rival(const struct check *check)
{
    const struct bulla_contract *contract = check->input->contract;
    const struct bulla_environment *own =
        bulla_contract_find_environment(contract, check->input->environment);
    for (size_t i = 0; i < bulla_contract_environment_count(contract); i++) {
        const struct bulla_environment *other = bulla_contract_environment(contract, i);
        if (other != own && own != NULL && strcmp(other->output, own->output) == 0) {
            return other->name;
        }
    }
    return NULL;
}

static bool say_old(struct check *check, const struct place *place, const struct counted *counted,
                    struct bulla_error *err)
{
    char rest[COUNTED_REST];
    char flag[CHECK_FLAG_BYTES];
    char help[CHECK_FLAG_BYTES + 64];
    char rival[BULLA_MAX_MEMBER_BYTES + 48] = "";
    const char *other = find_rival(check);
    if (other != NULL) {
        (void)snprintf(rival, sizeof rival, " ('%s' is rendered to this file, too)", other);
    }
    (void)snprintf(help, sizeof help, "bulla render%s, and docker compose up -d for what uses it",
                   check_env_flag(check, flag));
    return check_add(check, RULE_RENDERED_OLD, place, help, err, "out of date: %s%s%s",
                     counted->names, counted_rest(counted, rest), rival);
}

static bool compare_text(struct check *check, struct bulla_bytes text, const struct place *place,
                         const struct bulla_dotenv_options *options, struct bulla_error *err)
{
    bulla_auto_dotenv file = read_rendered(check, text, *options, err);
    if (file == NULL) {
        if (err->code == BULLA_E_NOMEM) {
            return false;
        }
        bulla_error_clear(err);
        return check_add(check, RULE_RENDERED_OLD, place, NULL, err,
                         "this is no env file that bulla render would have written");
    }
    struct counted counted = {0};
    compare(check->input->values, file, &counted);
    return (counted.count == 0 || say_old(check, place, &counted, err)) &&
           (options->grammar != BULLA_DOTENV_COMPOSE || check_kept(check, file, err));
}

bool check_rendered(struct check *check, struct bulla_error *err)
{
    const struct bulla_check_output *output = &check->input->output;
    struct bulla_dotenv_options options;
    if (check->input->values == NULL || output->opens == NULL || !output->exists ||
        !is_readable_format(check, &options)) {
        return true;
    }
    struct place place = {.file = output->path};
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
    return compare_text(check, bulla_buf_view(&text), &place, &options, err);
}
