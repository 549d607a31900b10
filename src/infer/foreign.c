/*
 * Values of env files that somebody outside may have made: no command may invent another one in
 * their place.
 */
#include <string.h>

#include "bulla/generate.h"
#include "bulla/limits.h"
#include "bulla/shape.h"
#include "infer/references.h"

#include "base/banned.h"

/* Calls FN for each word of NAME, in lower case, until it says yes. */
static bool any_word(const char *name, bool (*fn)(const void *ctx, const char *word),
                     const void *ctx)
{
    char word[BULLA_MAX_NAME_BYTES + 1];
    while (*name != '\0') {
        size_t len = strcspn(name, "_");
        for (size_t i = 0; i < len && i < sizeof word - 1; i++) {
            word[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
        }
        word[len < sizeof word - 1 ? len : sizeof word - 1] = '\0';
        if (len > 0 && fn(ctx, word)) {
            return true;
        }
        name += len + (name[len] == '_');
    }
    return false;
}

static bool is_in(const void *ctx, const char *word)
{
    for (const char *const *at = ctx; *at != NULL; at++) {
        if (strcmp(*at, word) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_not_in(const void *ctx, const char *word)
{
    return !is_in(ctx, word);
}

/* A key by whose name an application signs or encrypts what it alone reads. */
static bool is_own_key(const char *name)
{
    static const char *const own[] = {"jwt",  "session", "cookie", "csrf",     "salt",    "pepper",
                                      "hmac", "signing", "inter",  "internal", "keybase", NULL};
    /* SECRET, SECRET_KEY, APP_SECRET, AUTH_SECRET_KEY, DJANGO_SECRET_KEY, SECRET_KEY_BASE. */
    static const char *const general[] = {
        "secret", "key",      "base",   "app",   "application", "auth",       "better",
        "flask",  "nextauth", "django", "rails", "master",      "encryption", NULL};
    static const char *const secret[] = {"secret", "master", "encryption", NULL};
    return any_word(name, is_in, own) ||
           (!any_word(name, is_not_in, general) && any_word(name, is_in, secret));
}

/* "ADMIN_PASSWORD", "DJANGO_SUPERUSER_PASSWORD": the account that the stack begins with. */
static bool is_first_account(const char *name)
{
    static const char *const words[] = {"admin",    "root", "superuser", "initial", "first",
                                        "password", "pass", "django",    NULL};
    return strchr(name, '_') != NULL && !any_word(name, is_not_in, words);
}

/* True where WORD is a service of the stack that is no program of the project's own. */
static bool is_service(const void *ctx, const char *word)
{
    static const char *const general[] = {"app", "api", "web", "bot", "mail", "smtp", NULL};
    const struct bulla_survey *survey = ctx;
    for (size_t i = 0; i < survey->environment_count && !is_in(general, word); i++) {
        const struct bulla_project *project = survey->environments[i].project;
        const struct bulla_project_service *service = bulla_project_find_service(project, word);
        if (service != NULL && service->image != NULL && service->build == NULL) {
            return true;
        }
    }
    return false;
}

/* True where the stack itself takes VARIABLE's value, so that turning it is a matter of its own. */
static bool is_own(const struct bulla_survey *survey, const struct bulla_survey_variable *variable)
{
    const char *name = variable->name;
    enum bulla_infer_step step = variable->guess.step;
    if (step == BULLA_INFER_INSTRUCTION || step == BULLA_INFER_KNOWN_NAME ||
        references_are_password(survey, name) || references_are_for_server(survey, name)) {
        return true;
    }
    return bulla_name_family(name) == BULLA_NAME_PASSWORD
               ? is_first_account(name) || any_word(name, is_service, survey)
               : is_own_key(name);
}

/* What somebody has to give from now on, and why. */
static bool take_back(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                      bool is_handed_out, struct bulla_error *err)
{
    struct bulla_guess *guess = &variable->guess;
    const char *kind = guess->kind != NULL ? guess->kind : "hex:32";
    const char *why =
        is_handed_out ? "the value in the env file looks like one that an outside party handed out"
                      : "the value in the env file may be somebody else's: it is not of the form "
                        "that its name lets expect";
    guess->why = pool_printf(survey->pool, err, "%s; to have it made here: kind = %s", why, kind);
    guess->role = BULLA_ROLE_PROVIDED;
    guess->step = BULLA_INFER_SHAPE;
    guess->kind = NULL;
    guess->preset = NULL;
    guess->optional = false;
    variable->presets = NULL;
    return guess->why != NULL && survey_find_unused(survey, variable, err);
}

static bool fits_kind(const char *text, struct bulla_bytes value, bool *ret_fits,
                      struct bulla_error *err)
{
    struct bulla_kind kind;
    bulla_auto_buf reason;
    bulla_buf_init(&reason, 256);
    if (!bulla_kind_parse(bulla_bytes_of(text), &kind, err)) {
        return false;
    }
    *ret_fits = bulla_kind_check(&kind, value, &reason);
    return true;
}

static bool look_at(struct bulla_survey *survey, size_t index, struct bulla_bytes value,
                    struct bulla_error *err)
{
    struct bulla_survey_variable *variable = &survey->variables[index];
    enum bulla_role role = variable->guess.role;
    bool is_handed_out = bulla_is_handed_out(value);
    bool is_asked = role == BULLA_ROLE_GENERATED || (role == BULLA_ROLE_SETTING && is_handed_out);
    if (variable->is_known || !is_asked || value.len == 0 ||
        bulla_survey_is_published(survey, index, value)) {
        return true;
    }
    bool fits = false;
    if (role == BULLA_ROLE_GENERATED && !is_handed_out &&
        !fits_kind(variable->guess.kind, value, &fits, err)) {
        return false;
    }
    bool is_left = !is_handed_out && (fits || is_own(survey, variable));
    return is_left || take_back(survey, variable, is_handed_out, err);
}

/* As when the names were collected: in locked memory, and nothing of it is kept. */
static bool look_at_file(struct bulla_survey *survey, const char *path, struct bulla_error *err)
{
    bulla_auto_dotenv entries = survey_read_values(path, err);
    for (size_t i = 0; entries != NULL && i < survey->variable_count; i++) {
        const struct bulla_dotenv_entry *entry =
            bulla_dotenv_find(entries, bulla_bytes_of(survey->variables[i].name));
        bool is_literal = entry != NULL && !entry->bare && entry->references == 0;
        if (is_literal && !look_at(survey, i, entry->value, err)) {
            return false;
        }
    }
    return entries != NULL;
}

bool survey_settle_foreign(struct bulla_survey *survey, struct bulla_error *err)
{
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_survey_environment *environment = &survey->environments[i];
        if (environment->existing != NULL && !look_at_file(survey, environment->existing, err)) {
            return false;
        }
        for (size_t k = 0; k < environment->existing_behind_count; k++) {
            if (!look_at_file(survey, environment->existing_behind[k], err)) {
                return false;
            }
        }
    }
    return true;
}
