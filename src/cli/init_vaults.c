/* Each environment's vault: made or opened, then filled from what is there. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "filling.h"
#include "git.h"
#include "init.h"
#include "message.h"
#include "prompt.h"
#include "value_input.h"

/*
 * A vault that was here and is gone is not replaced by a new one with other values: what services
 * run with would be lost. Without a contract somebody begins anew, unless git has the file.
 */
static bool refuse_lost(const struct init *init, const struct workspace *ws,
                        struct bulla_error *err)
{
    char name[BULLA_MAX_MEMBER_BYTES + 32];
    (void)snprintf(name, sizeof name, ".bulla/%s.vault", ws->environment->name);
    bool is_tracked = false;
    bool was_here = false;
    struct bulla_vault_place place = workspace_place(ws);
    if (!git_tracks(init->root, name, &is_tracked, err) ||
        !bulla_vault_was_here(&place, &was_here, err)) {
        return false;
    }
    if (!is_tracked && (!was_here || !init->has_contract)) {
        return true;
    }
    (void)bulla_error_at(err, BULLA_E_REFUSED, ws->vault_path, (struct bulla_pos){0, 0},
                         "%s, and it is gone: a new one would have other values",
                         is_tracked ? "git tracks this vault" : "this machine knows a vault here");
    return is_tracked ? bulla_error_hint(err, "git restore %s", ws->vault_path)
                      : bulla_error_hint(err, "put it back from a copy; without bulla.ini, init "
                                              "begins anew");
}

static bool open_or_create(struct init *init, struct workspace *ws, bool *ret_created,
                           struct bulla_error *err)
{
    *ret_created = !workspace_has_vault(ws);
    if (!*ret_created) {
        return workspace_open_vault(ws, BULLA_VAULT_WRITE, WORKSPACE_KEY_REQUIRED, err);
    }
    if (!refuse_lost(init, ws, err) || !workspace_read_identity(ws, WORKSPACE_KEY_REQUIRED, err)) {
        return false;
    }
    struct bulla_vault_place place = workspace_place(ws);
    place.pinned_root = NULL; /* a pin names a vault that exists; this one is being made */
    ws->vault = bulla_vault_create(&place, init->member, init->now, err);
    return ws->vault != NULL;
}

static bool find_surveyed(const struct bulla_survey *survey, const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < bulla_survey_variable_count(survey); i++) {
        if (strcmp(bulla_survey_variable(survey, i)->name, name) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static const char *existing_file(const struct bulla_survey *survey, const char *environment)
{
    for (size_t i = 0; survey != NULL && i < bulla_survey_environment_count(survey); i++) {
        const struct bulla_survey_environment *found = bulla_survey_environment(survey, i);
        if (strcmp(found->name, environment) == 0) {
            return found->existing;
        }
    }
    return NULL;
}

/* True with a warning for a value that nothing could be started with: it is left out. */
static bool is_unusable(const struct invocation *in, const char *name, struct bulla_bytes value)
{
    const char *fault = value_input_fault(value);
    if (fault != NULL) {
        message_warn(in, "'%s' %s: it is not taken", name, fault);
    }
    return fault != NULL;
}

/*
 * True where what an env file sets for VALUE is not asked after: the vault has one, or it is a
 * setting that was settled before, in bulla.ini, with which the file is merely not in step.
 */
static bool is_settled(const struct init *init, const struct init_environment *done,
                       const struct bulla_value *value)
{
    size_t index = 0;
    bool is_new = done->created || (find_surveyed(init->survey, value->variable.name, &index) &&
                                    !bulla_survey_variable(init->survey, index)->is_known);
    return value->source == BULLA_FROM_VAULT || value->variable.role == BULLA_ROLE_DERIVED ||
           (value->variable.role == BULLA_ROLE_SETTING && !is_new);
}

#define MAX_BLANKS 64

/* Where values of an env file name a variable that is not set: Compose reads a blank there. */
struct blanks {
    struct bulla_pos at[MAX_BLANKS];
    size_t count;
};

static void note_blank(void *ctx, struct bulla_bytes name, struct bulla_pos pos)
{
    struct blanks *blanks = ctx;
    (void)name;
    if (blanks->count < MAX_BLANKS) {
        blanks->at[blanks->count++] = pos;
    }
}

/* The first of them in ENTRY's value, which ends before the line BEHIND, or NULL. */
static const struct bulla_pos *find_blank(const struct blanks *blanks,
                                          const struct bulla_dotenv_entry *entry, uint32_t behind)
{
    for (size_t i = 0; i < blanks->count; i++) {
        if (blanks->at[i].line >= entry->pos.line && blanks->at[i].line < behind) {
            return &blanks->at[i];
        }
    }
    return NULL;
}

/*
 * What is imported is what services run with: what Compose reads. Where that is less than the text
 * of the file, the next `bulla render` ends the text, which may be the only copy of what was meant.
 */
static void warn_of_blank(const struct init *init, const struct init_environment *done,
                          const char *path, const struct bulla_pos *blank, const char *name)
{
    const struct workspace *ws = &done->ws;
    char flag[48];
    message_warn(init->in, "%s:%u:%u: Compose reads a blank for the variable that begins here",
                 path, blank->line, blank->col);
    message_hint(init->in, "'%s' is imported so; is the '$' a part of it: bulla set%s %s", name,
                 workspace_env_flag(ws, flag), name);
}

/* One entry of an env file: imported where it really sets what the vault lacks. */
static bool import_entry(struct init *init, struct init_environment *done,
                         const struct bulla_values *values, const struct bulla_dotenv_entry *entry,
                         const char *why, struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    const struct bulla_value *value = bulla_values_find(values, (const char *)entry->name.data);
    if (value == NULL || !entry->set || entry->bare || entry->value.len == 0 ||
        is_settled(init, done, value)) {
        return true;
    }
    size_t index = 0;
    bool is_setting = value->variable.role == BULLA_ROLE_SETTING;
    if (is_setting && value->state == BULLA_VALUE_SET &&
        bulla_secret_bytes_equal(value->bytes, entry->value)) {
        return true;
    }
    if (!is_setting && find_surveyed(init->survey, value->variable.name, &index) &&
        bulla_survey_is_published(init->survey, index, entry->value)) {
        if (value->variable.role == BULLA_ROLE_GENERATED) {
            message_warn(init->in, "'%s' has a value that everybody can read: a new one is made",
                         value->variable.name);
            message_hint(init->in, "a database that runs keeps the old one until it is told");
        }
        return true;
    }
    if (is_setting && bulla_placeholder(entry->value) != NULL &&
        !bulla_is_common_word(entry->value)) {
        return true; /* it says that nobody has set it yet */
    }
    if (is_unusable(init->in, value->variable.name, entry->value)) {
        return true;
    }
    struct bulla_set_options options = {.kind = BULLA_KIND_IMPORTED, .why = why};
    if (!bulla_vault_set(ws->vault, value->variable.name, entry->value, &options, init->now, NULL,
                         err)) {
        return bulla_error_while(err, "importing '%s'", value->variable.name);
    }
    done->imported++;
    return true;
}

static bool import_file(struct init *init, struct init_environment *done, const char *path,
                        struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return false;
    }
    struct blanks blanks = {.count = 0};
    struct bulla_dotenv_options options = {
        .lookup = workspace_env_lookup, .warn = note_blank, .warn_ctx = &blanks};
    bulla_auto_dotenv entries = bulla_dotenv_parse(bulla_buf_view(&text), path, &options, err);
    bulla_auto_values values = NULL;
    if (entries != NULL) {
        values =
            bulla_values_resolve_at(ws->contract, ws->environment->name, ws->vault, ws->now, err);
    }
    if (values == NULL) {
        return false;
    }
    char why[160];
    (void)snprintf(why, sizeof why, "imported from %s", bulla_path_base(path));
    bulla_vault_batch_begin(ws->vault);
    for (size_t i = 0; i < bulla_dotenv_count(entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(entries, i);
        /* A name that occurs twice: the last one counts. */
        if (bulla_dotenv_find(entries, entry->name) != entry) {
            continue;
        }
        size_t before = done->imported;
        if (!import_entry(init, done, values, entry, why, err)) {
            return false;
        }
        bool is_last = i + 1 == bulla_dotenv_count(entries);
        uint32_t behind = is_last ? UINT32_MAX : bulla_dotenv_get(entries, i + 1)->pos.line;
        const struct bulla_pos *blank = find_blank(&blanks, entry, behind);
        if (blank != NULL && done->imported > before) {
            warn_of_blank(init, done, path, blank, (const char *)entry->name.data);
        }
    }
    return bulla_vault_batch_end(ws->vault, err);
}

/* What the sample sets and bulla.ini cannot hold; an env file that is there had its say before. */
static bool seal_presets(const struct init *init, struct init_environment *done,
                         struct bulla_error *err)
{
    const struct workspace *ws = &done->ws;
    const struct bulla_survey *survey = init->survey;
    size_t at = 0;
    while (at < bulla_survey_environment_count(survey) &&
           strcmp(bulla_survey_environment(survey, at)->name, ws->environment->name) != 0) {
        at++;
    }
    bulla_auto_values values =
        bulla_values_resolve_at(ws->contract, ws->environment->name, ws->vault, ws->now, err);
    if (values == NULL) {
        return false;
    }
    struct bulla_set_options options = {.kind = BULLA_KIND_IMPORTED, .why = "the sample's value"};
    bulla_vault_batch_begin(ws->vault);
    for (size_t i = 0; i < bulla_survey_variable_count(survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(survey, i);
        const struct bulla_value *value = bulla_values_find(values, variable->name);
        if (variable->sealed == NULL || at == bulla_survey_environment_count(survey) ||
            variable->sealed[at] == NULL || value == NULL || value->source == BULLA_FROM_VAULT) {
            continue;
        }
        if (!bulla_vault_set(ws->vault, variable->name, bulla_bytes_of(variable->sealed[at]),
                             &options, ws->now, NULL, err)) {
            return bulla_error_while(err, "sealing '%s'", variable->name);
        }
        done->imported++;
    }
    return bulla_vault_batch_end(ws->vault, err);
}

/* A derived value that is not what the file had: the contract's template may need a look. */
static bool compare_derived(const struct init *init, const struct bulla_values *values,
                            const char *path, struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return false;
    }
    struct bulla_dotenv_options options = {.lookup = workspace_env_lookup};
    bulla_auto_dotenv entries = bulla_dotenv_parse(bulla_buf_view(&text), path, &options, err);
    if (entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        const struct bulla_dotenv_entry *entry =
            bulla_dotenv_find(entries, bulla_bytes_of(value->variable.name));
        if (value->source == BULLA_FROM_DERIVED && value->state == BULLA_VALUE_SET &&
            entry != NULL && !bulla_secret_bytes_equal(entry->value, value->bytes)) {
            message_warn(init->in, "'%s' in %s is not what bulla.ini derives", value->variable.name,
                         path);
            message_hint(init->in, "look at `value` of [%s]", value->variable.name);
        }
    }
    return true;
}

/* Asks for what somebody has to give, once, for the default environment; empty skips. */
static bool ask(struct workspace *ws, size_t *count, struct bulla_error *err)
{
    const char *preset = bulla_contract_default_environment(ws->contract);
    if (strcmp(preset, ws->environment->name) != 0 || !prompt_is_possible()) {
        return true;
    }
    bulla_auto_values values =
        bulla_values_resolve_at(ws->contract, ws->environment->name, ws->vault, ws->now, err);
    if (values == NULL) {
        return false;
    }
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        if (value->state != BULLA_VALUE_MISSING || value->variable.role == BULLA_ROLE_DERIVED) {
            continue;
        }
        char label[256];
        const char *obtain = value->variable.obtain.text;
        (void)snprintf(label, sizeof label, "%s%s%s%s (empty: later)", value->variable.name,
                       obtain != NULL ? ", from " : "", obtain != NULL ? obtain : "", "");
        bulla_auto_secret answer = prompt_secret(label, BULLA_MAX_VALUE_BYTES, PROMPT_ONCE, err);
        if (answer == NULL) {
            return false;
        }
        struct bulla_bytes given = bulla_secret_view(answer);
        if (given.len == 0 || is_unusable(ws->in, value->variable.name, given)) {
            continue;
        }
        struct bulla_set_options options = {.kind = value->variable.kind.text};
        if (!bulla_vault_set(ws->vault, value->variable.name, given, &options, ws->now, NULL,
                             err)) {
            return false;
        }
        (*count)++;
    }
    return true;
}

static bool fill_environment(struct init *init, struct init_environment *done,
                             struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    const char *existing = existing_file(init->survey, ws->environment->name);
    if (!open_or_create(init, ws, &done->created, err)) {
        return false;
    }
    if (existing != NULL && !init->no_import && !import_file(init, done, existing, err)) {
        return false;
    }
    if (!seal_presets(init, done, err) || !filling_make(ws, NULL, 0, NULL, &done->generated, err) ||
        !ask(ws, &done->asked, err)) {
        return false;
    }
    bulla_auto_values values =
        bulla_values_resolve_at(ws->contract, ws->environment->name, ws->vault, ws->now, err);
    if (values == NULL) {
        return false;
    }
    if (existing != NULL && done->created && !init->no_import &&
        !compare_derived(init, values, existing, err)) {
        return false;
    }
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        done->missing +=
            value->state == BULLA_VALUE_MISSING && value->variable.role != BULLA_ROLE_DERIVED;
    }
    return true;
}

bool init_vaults(struct init *init, struct bulla_error *err)
{
    bulla_auto_str folder = bulla_path_join(init->root, WORKSPACE_VAULT_FOLDER, err);
    if (folder == NULL) {
        return false;
    }
    init->makes_folder = !bulla_dir_exists(folder);
    size_t count = bulla_contract_environment_count(init->planned);
    for (size_t i = 0; i < count && i < INIT_MAX_ENVIRONMENTS; i++) {
        struct init_environment *done = &init->environments[init->environment_count++];
        done->in = *init->in;
        done->in.global.environment = bulla_contract_environment(init->planned, i)->name;
        if (!workspace_open_planned(&done->ws, &done->in, init->root,
                                    bulla_buf_view(&init->contract), err) ||
            !init_lend_identity(init, &done->ws, err)) {
            return false;
        }
        done->ws.beside = i > 0 ? init->environments[0].ws.vault : NULL;
        if (!fill_environment(init, done, err)) {
            return false;
        }
    }
    return true;
}
