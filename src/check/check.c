#include "bulla/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "bulla/file.h"
#include "bulla/infer.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "check/families.h"
#include "check/known.h"
#include "check/names.h"

#include "base/banned.h"

#define MESSAGE_MAX 512

const char *check_relative_name(const struct check *check, const char *path)
{
    const char *root = check->input->root;
    size_t len = root != NULL ? strlen(root) : 0;
    bool is_below = len > 0 && strncmp(path, root, len) == 0 && path[len] == '/';
    return is_below ? path + len + 1 : path;
}

const char *check_contract_name(const struct check *check)
{
    return bulla_path_base(bulla_contract_file(check->input->contract));
}

const char *check_file_name(const struct check *check, const struct bulla_project_file *file)
{
    return bulla_project_file_name(file, check->input->root);
}

struct place check_place_of(const struct check *check, const struct bulla_project_ref *ref)
{
    return (struct place){
        .file = check_file_name(check, ref->file),
        .pos = ref->pos,
        .end = ref->end,
        .variable = ref->name,
        .service = ref->service_count > 0 ? ref->services[0]->name : NULL,
    };
}

const char *check_env_flag(const struct check *check, char out[static CHECK_FLAG_BYTES])
{
    const struct bulla_contract *contract = check->input->contract;
    const char *environment = check->input->environment;
    const char *preset =
        contract != NULL ? bulla_contract_default_environment(contract) : environment;
    bool is_named = environment != NULL && (preset == NULL || strcmp(preset, environment) != 0);
    (void)snprintf(out, CHECK_FLAG_BYTES, "%s%s", is_named ? " -e " : "",
                   is_named ? environment : "");
    return out;
}

/* One of the files that ENVIRONMENT lists, or those that Compose finds by itself. */
static bool names_file(const struct check *check, const struct bulla_environment *environment,
                       const char *path)
{
    const char *const *names =
        environment->compose[0] != NULL ? environment->compose : bulla_compose_default_names();
    bool is_named =
        environment->compose[0] == NULL && strstr(bulla_path_base(path), ".override.") != NULL;
    for (; *names != NULL && !is_named; names++) {
        struct bulla_error unused = BULLA_ERROR_INIT;
        bulla_auto_str file = bulla_path_join(check->input->root, *names, &unused);
        is_named = file != NULL && bulla_file_is_same(file, path);
    }
    return is_named;
}

/* True where -f has named a file that no environment has: `init` does not look at it. */
static bool has_foreign_file(const struct check *check)
{
    const struct bulla_check_input *input = check->input;
    bool is_asked = input->options != NULL && !input->options->listed && input->project != NULL;
    for (size_t i = 0; is_asked && i < input->project->file_count; i++) {
        const struct bulla_project_file *file = input->project->files[i];
        bool is_named = file->kind != BULLA_PROJECT_COMPOSE;
        for (size_t k = 0; k < bulla_contract_environment_count(input->contract); k++) {
            is_named = is_named || names_file(check, bulla_contract_environment(input->contract, k),
                                              file->path);
        }
        if (!is_named) {
            return true;
        }
    }
    return false;
}

void check_help_for(const struct check *check, const char *name, char *out, size_t cap)
{
    const struct bulla_contract *contract = check->input->contract;
    const char *environment = check->input->environment;
    size_t index = 0;
    bool is_listed = contract != NULL && bulla_contract_find_variable(contract, name, &index);
    if (!is_listed && bulla_name_is_foreign(name)) {
        /* Nobody's to make, and init adds it only where the rendered file has it. */
        (void)snprintf(out, cap, "%s%s, or export it where Compose runs",
                       contract == NULL ? "set it in .env" : "write its section in ",
                       contract == NULL ? "" : bulla_contract_file(contract));
        return;
    }
    if (contract == NULL || environment == NULL) {
        if (contract != NULL || check_has_env_file(check)) {
            (void)snprintf(out, cap, "give %s a value in .env, or let bulla init make one", name);
            return;
        }
        const char *sample = check_find_sample_of(check, name);
        (void)snprintf(out, cap,
                       "there is no .env yet: bulla init, then bulla render, makes it%s%s",
                       sample != NULL ? "; or copy " : "", sample != NULL ? sample : "");
        return;
    }
    const struct bulla_value *value =
        check->input->values != NULL ? bulla_values_find(check->input->values, name) : NULL;
    if (value != NULL && value->because != NULL) {
        (void)snprintf(out, cap, "it is made from %s: give that a value", value->because);
        return;
    }
    const char *verb = "set";
    if (is_listed) {
        struct bulla_variable variable;
        bulla_contract_variable(contract, index, environment, &variable);
        if (variable.role == BULLA_ROLE_GENERATED) {
            verb = NULL;
        }
    } else {
        (void)snprintf(out, cap,
                       has_foreign_file(check)
                           ? "write its section in %s; or name the file in 'compose' there"
                           : "bulla init adds it to %s; or write its section there",
                       bulla_contract_file(contract));
        return;
    }
    char flag[CHECK_FLAG_BYTES];
    (void)snprintf(out, cap, "bulla %s%s%s%s", verb == NULL ? "fill" : verb,
                   check_env_flag(check, flag), verb == NULL ? "" : " ", verb == NULL ? "" : name);
}

bool check_is_secret(const struct check *check, const char *name)
{
    const struct bulla_contract *contract = check->input->contract;
    size_t index = 0;
    if (contract == NULL || !bulla_contract_find_variable(contract, name, &index)) {
        return bulla_name_is_secret(name);
    }
    struct bulla_variable variable;
    bulla_contract_variable(contract, index, check->input->environment, &variable);
    return variable.role == BULLA_ROLE_GENERATED || variable.role == BULLA_ROLE_PROVIDED;
}

/* What the contract's [check] section makes of RULE in FILE: false where it is left out. */
static bool apply_contract(const struct check *check, const char *id, const char *file,
                           enum bulla_severity *severity)
{
    const struct bulla_contract *contract = check->input->contract;
    size_t count = contract != NULL ? bulla_contract_rule_count(contract) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct bulla_check_rule *rule = bulla_contract_rule(contract, i);
        bool is_elsewhere = rule->environment != NULL && check->input->environment != NULL &&
                            strcmp(rule->environment, check->input->environment) != 0;
        if (strcmp(rule->rule, id) != 0 || is_elsewhere) {
            continue;
        }
        if (rule->reason == NULL) {
            if (rule->off) {
                return false;
            }
            *severity = rule->severity;
        } else if (rule->file == NULL || (file != NULL && strcmp(rule->file, file) == 0)) {
            return false;
        }
    }
    return true;
}

static bool add(struct check *check, enum rule rule, enum bulla_severity severity,
                const struct place *place, const char *help, struct bulla_error *err,
                const char *fmt, va_list args) BULLA_PRINTF(7, 0);

static bool add(struct check *check, enum rule rule, enum bulla_severity severity,
                const struct place *place, const char *help, struct bulla_error *err,
                const char *fmt, va_list args)
{
    const struct bulla_rule *row = bulla_rule(rule);
    if (ignores_cover(check, row->id, place->file, place->pos.line) ||
        !apply_contract(check, row->id, place->file, &severity)) {
        return true;
    }
    char message[MESSAGE_MAX];
    text_put(message, sizeof message, fmt, args);
    struct bulla_finding finding = {
        .rule = row->id,
        .severity = severity,
        .message = message,
        .help = help != NULL ? help : row->help,
        .file = place->file,
        .pos = place->pos,
        .end = place->end,
        .variable = place->variable,
        .service = place->service,
        .environment = check->input->environment,
        .line = place->line,
        .line_file = place->line_file,
    };
    return bulla_report_add(check->report, &finding, err);
}

bool check_add(struct check *check, enum rule rule, const struct place *place, const char *help,
               struct bulla_error *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    bool ok = add(check, rule, bulla_rule(rule)->severity, place, help, err, fmt, args);
    va_end(args);
    return ok;
}

bool check_add_as(struct check *check, enum rule rule, enum bulla_severity severity,
                  const struct place *place, const char *help, struct bulla_error *err,
                  const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    bool ok = add(check, rule, severity, place, help, err, fmt, args);
    va_end(args);
    return ok;
}

/* What the families look at, besides the input. */
static bool read_facts(struct check *check, struct bulla_error *err)
{
    return env_texts_read(check, err) && knowns_collect(check, err) &&
           check_names_sort(check, err) && ignores_read_project(check, err);
}

static bool check_project(struct check *check, struct bulla_error *err)
{
    return check_problems(check, err) && check_references(check, err) && check_lines(check, err) &&
           check_merged(check, err) && check_literals(check, err) && check_grants(check, err) &&
           check_images(check, err) && check_resource_files(check, err) &&
           check_foreign_files(check, err) && check_env_texts(check, err) &&
           check_unused(check, err) && check_shadowed(check, err);
}

static bool run_families(struct check *check, struct bulla_error *err)
{
    return (check->input->project == NULL || check_project(check, err)) &&
           check_sections(check, err) && check_each_value(check, err) &&
           check_missing_values(check, err) && check_url_values(check, err) &&
           check_shared(check, err) && check_versions(check, err) && check_output(check, err) &&
           check_env_file_states(check, err) && check_key_files(check, err) &&
           check_certificates(check, err) && check_rendered(check, err) &&
           ignores_check(check, err);
}

bool bulla_check(const struct bulla_check_input *input, struct bulla_report *report,
                 struct bulla_error *err)
{
    struct check check = {.input = input, .report = report};
    bool ok = read_facts(&check, err) && run_families(&check, err) && check_leave_out(&check, err);
    check_names_release(&check);
    knowns_release(&check.knowns);
    env_texts_release(&check.texts);
    ignores_release(&check.ignores);
    if (ok) {
        bulla_report_sort(report);
    }
    return ok;
}
