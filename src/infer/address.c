/*
 * Values of env files that are URLs with a password: secrets, whatever they are called; and where
 * the password is another secret's, made of that one, so that both turn together.
 */
#include <string.h>

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/shape.h"
#include "infer/env_values.h"
#include "infer/references.h"
#include "template/filter.h"

#include "base/banned.h"

#define PASSWORD_MIN_BYTES 8 /* a shorter one may be the same by chance */
#define RANDOM_BITS 64       /* what is harder to guess than this is no name of a host or a user */

/* What there is for each variable in an environment; NULL: not looked up yet. Views. */
struct texts {
    struct bulla_bytes *now; /* services run with it: the compose file's default too */
    struct bulla_bytes *own; /* it will have */
};

/* The env files of all environments, their values in locked memory. */
struct values {
    struct bulla_survey *survey;
    struct env_values files[SURVEY_MAX_ENVIRONMENTS];
    struct texts texts[SURVEY_MAX_ENVIRONMENTS];
    struct bulla_buf encoded; /* one for all: locked memory is dear */
};

static void close_values(struct values *values)
{
    for (size_t i = 0; i < SURVEY_MAX_ENVIRONMENTS; i++) {
        env_values_release(&values->files[i]);
        bulla_free(values->texts[i].now);
        bulla_free(values->texts[i].own);
    }
    bulla_buf_release(&values->encoded);
}

static bool open_values(struct values *values, struct bulla_error *err)
{
    for (size_t i = 0; i < values->survey->environment_count; i++) {
        if (!env_values_open(&values->files[i], &values->survey->environments[i], err)) {
            return false;
        }
    }
    return true;
}

/* What environment AT has for variable INDEX of the contract that is there; empty: not known. */
static struct bulla_bytes find_known(const struct values *values, size_t at, size_t index)
{
    const struct bulla_survey *survey = values->survey;
    struct bulla_bytes value = bulla_bytes(NULL, 0);
    bool is_known =
        survey->known != NULL && survey->known(survey->known_ctx, survey->environments[at].name,
                                               survey->variables[index].name, &value);
    return is_known ? value : bulla_bytes(NULL, 0);
}

/* The literal that environment AT's env files set variable INDEX to; empty where there is none. */
static struct bulla_bytes literal(const struct values *values, size_t at, size_t index)
{
    const struct bulla_dotenv_entry *entry =
        env_values_find(&values->files[at], values->survey->variables[index].name);
    bool is_literal = entry != NULL && !entry->bare && entry->value.len > 0 &&
                      memchr(entry->value.data, '$', entry->value.len) == NULL;
    return is_literal ? entry->value : bulla_bytes(NULL, 0);
}

/* The same where it is imported. */
static struct bulla_bytes imported(const struct values *values, size_t at, size_t index)
{
    struct bulla_bytes value = literal(values, at, index);
    return value.len > 0 && !bulla_survey_is_published(values->survey, index, value)
               ? value
               : bulla_bytes(NULL, 0);
}

/* The value that variable INDEX will have in environment AT: the vault's before the env file's. */
static struct bulla_bytes value_of(const struct values *values, size_t at, size_t index)
{
    return values->survey->variables[index].is_known ? find_known(values, at, index)
                                                     : imported(values, at, index);
}

/* What services of environment AT run with for variable INDEX. */
static bool find_now(const struct values *values, size_t at, size_t index,
                     struct bulla_bytes *ret_value, struct bulla_error *err)
{
    const struct bulla_survey_variable *variable = &values->survey->variables[index];
    *ret_value = variable->is_known ? find_known(values, at, index) : literal(values, at, index);
    const char *text = NULL;
    if (ret_value->len == 0 && !variable->is_known &&
        !references_find_default(values->survey, variable->name, &text, err)) {
        return false;
    }
    *ret_value = text != NULL ? bulla_bytes_of(text) : *ret_value;
    return true;
}

/* Every URL is compared with all of them. */
static bool look_up(struct values *values, size_t at, struct bulla_error *err)
{
    size_t count = values->survey->variable_count;
    struct texts *texts = &values->texts[at];
    if (texts->own != NULL) {
        return true;
    }
    texts->now = bulla_alloc(count, sizeof *texts->now, err);
    texts->own = texts->now != NULL ? bulla_alloc(count, sizeof *texts->own, err) : NULL;
    for (size_t i = 0; texts->own != NULL && i < count; i++) {
        if (!find_now(values, at, i, &texts->now[i], err)) {
            return false;
        }
        texts->own[i] = value_of(values, at, i);
    }
    return texts->own != NULL;
}

static bool is_secret(const struct bulla_survey_variable *variable)
{
    enum bulla_role role = variable->guess.role;
    return variable->is_known || role == BULLA_ROLE_GENERATED || role == BULLA_ROLE_PROVIDED;
}

/* How the secret VALUE stands in a URL as PASSWORD: as `{{ NAME | url }}`, as it is, or not. */
enum form { NOT_THERE, ENCODED, LITERAL };

static bool find_form(struct values *values, struct bulla_bytes value, struct bulla_bytes password,
                      enum form *ret_form, struct bulla_error *err)
{
    struct bulla_buf *encoded = &values->encoded;
    bool is_literal = bulla_secret_bytes_equal(value, password);
    bool may_be_encoded = is_literal || memchr(password.data, '%', password.len) != NULL;
    *ret_form = NOT_THERE;
    if (value.len < PASSWORD_MIN_BYTES || value.len > password.len || !may_be_encoded) {
        return true;
    }
    bulla_buf_clear(encoded);
    (void)filter_find(bulla_bytes_of("url"))->apply(value, encoded);
    if (!bulla_buf_ok(encoded, err)) {
        return false;
    }
    if (bulla_secret_bytes_equal(bulla_buf_view(encoded), password)) {
        *ret_form = ENCODED;
    } else if (is_literal) {
        *ret_form = LITERAL;
    }
    return true;
}

/* The one secret that is PASSWORD in environment AT, or NULL where none or several are. */
static bool find_owner(struct values *values, size_t at, size_t index, struct bulla_bytes password,
                       const struct bulla_survey_variable **ret_owner, enum form *ret_form,
                       struct bulla_error *err)
{
    const struct bulla_survey *survey = values->survey;
    size_t count = 0;
    *ret_owner = NULL;
    for (size_t i = 0; i < survey->variable_count; i++) {
        enum form form = NOT_THERE;
        if (i == index || !is_secret(&survey->variables[i])) {
            continue;
        }
        if (!find_form(values, values->texts[at].now[i], password, &form, err)) {
            return false;
        }
        if (form != NOT_THERE) {
            *ret_owner = &survey->variables[i];
            *ret_form = form;
            count++;
        }
    }
    *ret_owner = count == 1 ? *ret_owner : NULL;
    return true;
}

/* True where PIECE is a secret of environment AT by itself. */
static bool is_value(const struct values *values, size_t at, struct bulla_bytes piece)
{
    for (size_t i = 0; i < values->survey->variable_count; i++) {
        if (is_secret(&values->survey->variables[i]) &&
            bulla_secret_bytes_equal(values->texts[at].own[i], piece)) {
            return true;
        }
    }
    return false;
}

/* True for a name of a query's that asks for a secret: "?password=". */
static bool is_secret_name(struct bulla_bytes piece)
{
    char name[BULLA_MAX_NAME_BYTES + 1] = "";
    if (piece.len == 0 || piece.len >= sizeof name) {
        return piece.len > 0;
    }
    memcpy(name, piece.data, piece.len);
    return bulla_name_is_secret(name);
}

/* True where TEXT, a part of a URL around its password, holds nothing that could be a secret. */
static bool is_public(const struct values *values, size_t at, struct bulla_bytes text)
{
    for (size_t start = 0; start < text.len;) {
        size_t len = 0;
        while (start + len < text.len && strchr("/:@?&=#,;.", text.data[start + len]) == NULL) {
            len++;
        }
        struct bulla_bytes piece = bulla_bytes_slice(text, start, len);
        bool is_name = start + len < text.len && text.data[start + len] == '=';
        if (piece.len > 0 &&
            (bulla_guess_bits(piece) >= RANDOM_BITS || bulla_is_handed_out(piece) ||
             bulla_secret_in_clear(NULL, piece) != NULL || is_value(values, at, piece) ||
             (is_name && is_secret_name(piece)))) {
            return false;
        }
        start += len + 1;
    }
    return true;
}

static bool has_braces(struct bulla_bytes text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.data[i] == '{' && text.data[i + 1] == '{') {
            return true;
        }
    }
    return false;
}

/* The template that gives TEXT, which environment AT sets variable INDEX to; NULL: there is none.
 */
static bool make_template(struct values *values, size_t at, size_t index, struct bulla_bytes text,
                          struct bulla_bytes password, const char **ret_template,
                          const char **ret_owner, struct bulla_error *err)
{
    const struct bulla_survey_variable *owner = NULL;
    enum form form = NOT_THERE;
    *ret_template = NULL;
    if (!look_up(values, at, err) || !find_owner(values, at, index, password, &owner, &form, err)) {
        return false;
    }
    size_t start = (size_t)(password.data - text.data);
    struct bulla_bytes before = bulla_bytes_slice(text, 0, start);
    struct bulla_bytes behind = bulla_bytes_slice(text, start + password.len, text.len);
    if (owner == NULL || has_braces(before) || has_braces(behind) ||
        !is_public(values, at, before) || !is_public(values, at, behind)) {
        return true;
    }
    bulla_auto_buf made;
    bulla_buf_init(&made, BULLA_MAX_CONTRACT_BYTES);
    bulla_buf_add_bytes(&made, before);
    bulla_buf_printf(&made, form == ENCODED ? "{{ %s | url }}" : "{{ %s }}", owner->name);
    bulla_buf_add_bytes(&made, behind);
    const char *result = bulla_buf_text(&made, err);
    *ret_template = result != NULL ? pool_strdup(values->survey->pool, result, err) : NULL;
    *ret_owner = owner->name;
    return *ret_template != NULL;
}

/* What the env files say of variable INDEX. */
struct address {
    bool is_there; /* some environment imports a URL with a password */
    bool is_alike; /* all of them have the same template: */
    const char *template_text;
    const char *owner;
};

static bool look_at(struct values *values, size_t index, struct address *address,
                    struct bulla_error *err)
{
    *address = (struct address){.is_alike = true};
    for (size_t at = 0; at < values->survey->environment_count; at++) {
        struct bulla_bytes text = imported(values, at, index);
        struct bulla_url url;
        const char *made = NULL;
        if (text.len == 0) {
            continue;
        }
        if (bulla_url_split(text, &url) && url.password.len > 0) {
            address->is_there = true;
            if (!make_template(values, at, index, text, url.password, &made, &address->owner,
                               err)) {
                return false;
            }
        }
        address->is_alike =
            address->is_alike && made != NULL &&
            (address->template_text == NULL || strcmp(address->template_text, made) == 0);
        address->template_text = made;
    }
    return true;
}

static bool settle(struct bulla_survey *survey, struct bulla_survey_variable *variable,
                   const struct address *address, struct bulla_error *err)
{
    struct bulla_guess *guess = &variable->guess;
    if (!address->is_alike && guess->role == BULLA_ROLE_PROVIDED) {
        return true; /* a secret already */
    }
    struct bulla_guess settled = {.step = BULLA_INFER_URL};
    if (address->is_alike) {
        settled.role = BULLA_ROLE_DERIVED;
        settled.value = address->template_text;
        settled.why = pool_printf(survey->pool, err,
                                  "the env file has it with the value of %s for its password",
                                  address->owner);
    } else {
        settled.role = BULLA_ROLE_PROVIDED;
        settled.why = "the env file has a URL with a password here";
    }
    *guess = settled;
    variable->presets = NULL;
    variable->unused = NULL;
    return guess->why != NULL && survey_find_unused(survey, variable, err);
}

bool survey_settle_addresses(struct bulla_survey *survey, struct bulla_error *err)
{
    struct values values = {.survey = survey};
    bulla_buf_init_secret(&values.encoded, BULLA_MAX_TEXT_BYTES);
    bool ok = open_values(&values, err);
    for (size_t i = 0; ok && i < survey->variable_count; i++) {
        struct bulla_survey_variable *variable = &survey->variables[i];
        enum bulla_role role = variable->guess.role;
        struct address address;
        if (variable->is_known || (role != BULLA_ROLE_SETTING && role != BULLA_ROLE_PROVIDED)) {
            continue;
        }
        ok = look_at(&values, i, &address, err) &&
             (!address.is_there || settle(survey, variable, &address, err));
    }
    close_values(&values);
    return ok;
}
