/* Family 5, stale: certificates near their end. B502. */
#include <stdio.h>
#include <string.h>

#include "bulla/codec.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "check/families.h"

#include "base/banned.h"

#define SECONDS_PER_DAY 86400
#define DAYS_BEFORE_END 30

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
