/* What is there before there is a vault: the values of env files, and those of samples. */
#include <stdio.h>
#include <string.h>

#include "init.h"
#include "message.h"
#include "value_input.h"

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

bool init_is_unusable(const struct invocation *in, const char *name, struct bulla_bytes value)
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
    if (value == NULL || value->source == BULLA_FROM_PREVIOUS) {
        return true;
    }
    bool is_new = done->created || (find_surveyed(init->survey, value->variable.name, &index) &&
                                    !bulla_survey_variable(init->survey, index)->is_known);
    return value->source == BULLA_FROM_VAULT || value->variable.role == BULLA_ROLE_DERIVED ||
           (value->variable.role == BULLA_ROLE_SETTING && !is_new);
}

#define MAX_BLANKS 64

/*
 * Where a value of an env file names a variable that the file does not set. Compose reads a blank
 * there, or what the environment has: that is whoever runs this one's own, and whoever wrote the
 * file shall not get it sealed for everybody by naming it.
 */
struct blank {
    struct bulla_pos pos;
    bool is_in_environment;
    bool has_operand; /* "${NAME:-text}": the file has something in its place */
};

struct blanks {
    struct blank at[MAX_BLANKS];
    size_t count;
};

static void note_blank(void *ctx, struct bulla_bytes name, struct bulla_pos pos)
{
    struct blanks *blanks = ctx;
    struct bulla_bytes value;
    if (blanks->count < MAX_BLANKS) {
        blanks->at[blanks->count++] = (struct blank){
            .pos = pos,
            .is_in_environment = workspace_env_lookup(NULL, name, &value) == BULLA_LOOKUP_SET,
        };
    }
}

/* The references of a file that have an operand. */
struct operands {
    struct blanks *blanks;
    struct bulla_bytes text; /* of the file */
    const struct bulla_dotenv *entries;
    const struct bulla_dotenv_entry *entry; /* whose value is looked at */
};

/* Compose reads no blank for one, but what the environment has comes before what the file has. */
static bool note_operand(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    const struct operands *in = ctx;
    struct bulla_bytes value;
    size_t at = in->entry->value_start + ref->start;
    bool is_escaped = in->entry->quote == BULLA_QUOTE_DOUBLE && in->text.data[at - 1] == '\\';
    (void)err;
    if (ref->op == BULLA_REF_PLAIN || ref->name.len == 0 || is_escaped) {
        return true;
    }
    const struct bulla_dotenv_entry *own = bulla_dotenv_find(in->entries, ref->name);
    bool is_set_before = own != NULL && own->start < in->entry->start;
    if (!is_set_before && in->blanks->count < MAX_BLANKS &&
        workspace_env_lookup(NULL, ref->name, &value) == BULLA_LOOKUP_SET) {
        in->blanks->at[in->blanks->count++] =
            (struct blank){.pos = bulla_text_pos(in->text, at), .has_operand = true};
    }
    return true;
}

static bool note_operands(struct operands *in, struct bulla_error *err)
{
    for (size_t i = 0; i < bulla_dotenv_count(in->entries); i++) {
        in->entry = bulla_dotenv_get(in->entries, i);
        struct bulla_bytes raw = bulla_bytes_slice(in->text, in->entry->value_start,
                                                   in->entry->value_end - in->entry->value_start);
        struct bulla_error unread = BULLA_ERROR_INIT;
        if (in->entry->references > 0 && in->blanks->count < MAX_BLANKS &&
            !bulla_interpolate_scan(raw, note_operand, in, NULL, &unread) &&
            unread.code == BULLA_E_NOMEM) {
            return bulla_error_nomem(err);
        }
    }
    return true;
}

/* One of them in ENTRY's value, which ends before the line BEHIND, or NULL. */
static const struct blank *find_blank(const struct blanks *blanks,
                                      const struct bulla_dotenv_entry *entry, uint32_t behind)
{
    const struct blank *found = NULL;
    for (size_t i = 0; i < blanks->count; i++) {
        const struct blank *blank = &blanks->at[i];
        if (blank->pos.line >= entry->pos.line && blank->pos.line < behind &&
            (found == NULL || (blank->is_in_environment && !found->is_in_environment))) {
            found = blank;
        }
    }
    return found;
}

/*
 * What is imported is what services run with: what Compose reads. Where that is less than the text
 * of the file, the next `bulla render` ends the text, which may be the only copy of what was meant.
 */
static void warn_of_blank(const struct init *init, const struct init_environment *done,
                          const char *path, const struct blank *blank, const char *name)
{
    const char *what = blank->is_in_environment || blank->has_operand
                           ? "your environment has the variable that begins here"
                           : "Compose reads a blank for the variable that begins here";
    const char *so = blank->is_in_environment ? "is not imported; what is meant enters by"
                     : blank->has_operand     ? "is imported without it; what is meant enters by"
                                              : "is imported so; is the '$' a part of it:";
    char flag[48];
    message_warn(init->in, "%s:%u:%u: %s", path, blank->pos.line, blank->pos.col, what);
    message_hint(init->in, "'%s' %s bulla set%s %s", name, so, workspace_env_flag(&done->ws, flag),
                 name);
}

static void say_old_one_stays(const struct init *init)
{
    message_hint(init->in, "a database that runs keeps the old one until it is told");
}

/*
 * A secret of an env file that counts as not set. What is printed in the project was never given by
 * anybody; a placeholder, or a word that everybody tries, may be all that a service runs with.
 */
static void say_left_out(const struct init *init, const struct init_environment *done,
                         const struct bulla_variable *variable, bool is_printed)
{
    char flag[48];
    if (variable->role == BULLA_ROLE_GENERATED) {
        message_warn(init->in, "'%s' has a %s: a new one is made", variable->name,
                     is_printed ? "value that everybody can read" : "placeholder for a value");
        say_old_one_stays(init);
    } else if (!is_printed) {
        message_warn(init->in, "'%s' has a placeholder for a value, or in it: it is not imported",
                     variable->name);
        message_hint(init->in, "is it meant so: bulla set%s %s",
                     workspace_env_flag(&done->ws, flag), variable->name);
    }
}

/* One entry of an env file: imported where it really sets what the vault lacks. */
static bool import_entry(struct init *init, struct init_environment *done,
                         const struct bulla_values *values, const struct bulla_dotenv_entry *entry,
                         const char *why, struct bulla_error *err)
{
    struct workspace *ws = &done->ws;
    const struct bulla_value *value = bulla_values_find(values, (const char *)entry->name.data);
    if (is_settled(init, done, value) || !entry->set || entry->bare || entry->value.len == 0) {
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
        say_left_out(init, done, &value->variable,
                     bulla_survey_is_printed(init->survey, index, entry->value));
        return true;
    }
    if (is_setting && bulla_placeholder(entry->value) != NULL &&
        !bulla_is_common_word(entry->value)) {
        return true; /* it says that nobody has set it yet */
    }
    if (init_is_unusable(init->in, value->variable.name, entry->value)) {
        return true;
    }
    struct bulla_set_options options = {.kind = BULLA_KIND_IMPORTED, .why = why};
    if (!bulla_vault_set(ws->vault, value->variable.name, entry->value, &options, init->now, NULL,
                         err)) {
        return bulla_error_while(err, "importing '%s'", value->variable.name);
    }
    done->imported++;
    done->imported_secrets += !is_setting;
    return true;
}

/* The entries of the env file at PATH, and where they name what is not set; owned. */
static struct bulla_dotenv *read_env_file(const char *path, struct blanks *blanks,
                                          struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return NULL;
    }
    struct bulla_dotenv_options options = {.warn = note_blank, .warn_ctx = blanks};
    bulla_auto_dotenv entries = bulla_dotenv_parse(bulla_buf_view(&text), path, &options, err);
    struct operands operands = {
        .blanks = blanks, .text = bulla_buf_view(&text), .entries = entries};
    bool ok = entries != NULL && note_operands(&operands, err);
    return ok ? BULLA_STEAL(entries) : NULL;
}

/* Imports all of ENTRIES; the names of what is no setting go to SECRETS, as many as are counted. */
static bool import_entries(struct init *init, struct init_environment *done, const char *path,
                           const struct bulla_dotenv *entries, const struct blanks *blanks,
                           const char **secrets, struct bulla_error *err)
{
    bulla_auto_values values = workspace_resolve(&done->ws, err);
    char why[160];
    (void)snprintf(why, sizeof why, "imported from %s", bulla_path_base(path));
    for (size_t i = 0; values != NULL && i < bulla_dotenv_count(entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(entries, i);
        /* A name that occurs twice: the last one counts. */
        if (bulla_dotenv_find(entries, entry->name) != entry) {
            continue;
        }
        bool is_last = i + 1 == bulla_dotenv_count(entries);
        uint32_t behind = is_last ? UINT32_MAX : bulla_dotenv_get(entries, i + 1)->pos.line;
        const struct blank *blank = find_blank(blanks, entry, behind);
        if (blank != NULL && blank->is_in_environment) {
            if (!is_settled(init, done,
                            bulla_values_find(values, (const char *)entry->name.data))) {
                warn_of_blank(init, done, path, blank, (const char *)entry->name.data);
            }
            continue;
        }
        size_t before = done->imported;
        size_t secrets_before = done->imported_secrets;
        if (!import_entry(init, done, values, entry, why, err)) {
            return false;
        }
        if (blank != NULL && done->imported > before) {
            warn_of_blank(init, done, path, blank, (const char *)entry->name.data);
        }
        if (done->imported_secrets > secrets_before) {
            *secrets++ = (const char *)entry->name.data;
        }
    }
    return values != NULL;
}

static bool mark(struct init *init, struct init_environment *done, const char *path,
                 const struct bulla_dotenv *entries, const char *const *secrets, size_t count,
                 struct bulla_error *err)
{
    struct init_import import = {
        .path = path, .entries = entries, .names = secrets, .count = count};
    return init_mark_exposed(init, done, &import, err);
}

bool init_import_file(struct init *init, struct init_environment *done, const char *path,
                      struct bulla_error *err)
{
    struct blanks blanks = {.count = 0};
    bulla_auto_dotenv entries = read_env_file(path, &blanks, err);
    if (entries == NULL) {
        return false;
    }
    const char **secrets = bulla_alloc(bulla_dotenv_count(entries) + 1, sizeof *secrets, err);
    size_t before = done->imported_secrets;
    bulla_vault_batch_begin(done->ws.vault);
    bool ok = secrets != NULL && import_entries(init, done, path, entries, &blanks, secrets, err) &&
              bulla_vault_batch_end(done->ws.vault, err) &&
              mark(init, done, path, entries, secrets, done->imported_secrets - before, err);
    bulla_free(secrets);
    return ok;
}

/* The index of the environment of DONE in the survey, or that behind the last. */
static size_t surveyed_at(const struct init *init, const struct init_environment *done)
{
    size_t at = 0;
    while (at < bulla_survey_environment_count(init->survey) &&
           strcmp(bulla_survey_environment(init->survey, at)->name, done->ws.environment->name) !=
               0) {
        at++;
    }
    return at;
}

bool init_say_left_unset(const struct init *init, struct init_environment *done, const char *path,
                         struct bulla_error *err)
{
    unsigned bit = 1U << surveyed_at(init, done);
    bulla_auto_values values = workspace_resolve(&done->ws, err);
    for (size_t i = 0; values != NULL && i < bulla_survey_variable_count(init->survey); i++) {
        const struct bulla_survey_variable *variable = bulla_survey_variable(init->survey, i);
        const struct bulla_value *value = bulla_values_find(values, variable->name);
        bool is_default = (variable->left_to_default & bit) != 0;
        if ((!is_default && (variable->left_empty & bit) == 0) || value == NULL ||
            value->variable.role != BULLA_ROLE_GENERATED || value->state == BULLA_VALUE_SET) {
            continue;
        }
        message_warn(init->in, "'%s' %s %s: a new one is made", variable->name,
                     is_default ? "has the compose file's default, and no value in"
                                : "has no value in",
                     bulla_path_base(path));
        say_old_one_stays(init);
    }
    return values != NULL;
}

bool init_seal_presets(const struct init *init, struct init_environment *done,
                       struct bulla_error *err)
{
    const struct workspace *ws = &done->ws;
    const struct bulla_survey *survey = init->survey;
    size_t at = surveyed_at(init, done);
    bulla_auto_values values = workspace_resolve(ws, err);
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

bool init_compare_derived(const struct init *init, const struct bulla_values *values,
                          const char *path, struct bulla_error *err)
{
    struct blanks blanks = {.count = 0};
    bulla_auto_dotenv entries = read_env_file(path, &blanks, err);
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
