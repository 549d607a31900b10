/* What is stated of a variable: a command, a length, a form. Steps 2 to 4. */
#include "infer/guess_steps.h"

#include <string.h>

#include "bulla/shape.h"
#include "infer/hint.h"

#include "base/banned.h"

/* Step 2: a command, wherever somebody wrote one for this variable. */
enum verdict guess_by_instruction(struct pool *pool, const struct bulla_evidence *evidence,
                                  struct bulla_guess *guess, struct bulla_error *err)
{
    char kind[INFER_KIND_MAX];
    for (size_t i = 0; evidence->messages != NULL && evidence->messages[i] != NULL; i++) {
        struct bulla_bytes message = bulla_bytes_of(evidence->messages[i]);
        if (infer_read_command(message, kind)) {
            return guess_generated(pool, guess, kind, BULLA_INFER_INSTRUCTION,
                                   "the compose file's message says how to make it", err);
        }
        if (infer_names_key_pair(message)) {
            return guess_provided(evidence, guess, BULLA_INFER_INSTRUCTION,
                                  "the compose file's message names a command for key pairs");
        }
    }
    if (!bulla_name_is_secret(evidence->name)) {
        return NO_OPINION;
    }
    struct bulla_bytes sample = guess_text(evidence->sample);
    if (infer_read_command(sample, kind)) {
        return guess_generated(pool, guess, kind, BULLA_INFER_INSTRUCTION,
                               "the sample value says how to make it", err);
    }
    struct bulla_bytes comment = guess_text(evidence->comment);
    if (infer_read_command(comment, kind)) {
        return guess_generated(pool, guess, kind, BULLA_INFER_INSTRUCTION,
                               "the comment beside it says how to make it", err);
    }
    if (infer_names_key_pair(comment)) {
        return guess_provided(evidence, guess, BULLA_INFER_INSTRUCTION,
                              "the comment beside it names a command for key pairs");
    }
    return NO_OPINION;
}

/* Step 3: a length or an alphabet that somebody stated. Third parties' values have theirs too. */
enum verdict guess_by_constraint(struct pool *pool, const struct bulla_evidence *evidence,
                                 struct bulla_guess *guess, struct bulla_error *err)
{
    char kind[INFER_KIND_MAX];
    bool is_off = evidence->commented && !evidence->required && !evidence->plain;
    if (!bulla_name_is_secret(evidence->name) || bulla_name_third_party(evidence->name) != NULL ||
        is_off) {
        return NO_OPINION;
    }
    for (size_t i = 0; evidence->messages != NULL && evidence->messages[i] != NULL; i++) {
        if (infer_read_constraint(bulla_bytes_of(evidence->messages[i]), kind)) {
            return guess_generated(pool, guess, kind, BULLA_INFER_CONSTRAINT,
                                   "the compose file's message states its form", err);
        }
    }
    struct bulla_bytes sample = guess_text(evidence->sample);
    if (bulla_placeholder(sample) != NULL && infer_read_constraint(sample, kind)) {
        return guess_generated(pool, guess, kind, BULLA_INFER_CONSTRAINT,
                               "the sample value states its form", err);
    }
    if (infer_read_constraint(guess_text(evidence->comment), kind)) {
        return guess_generated(pool, guess, kind, BULLA_INFER_CONSTRAINT,
                               "the comment beside it states its form", err);
    }
    return NO_OPINION;
}

/*
 * Step 4: names whose form the project that reads them states. OpenSearch refuses a first password
 * without a letter of both cases, a digit and a symbol, SQL Server one of less than three classes.
 */
static const struct {
    const char *name;
    const char *kind;
} known_names[] = {
    {"APP_KEY", "laravel"},
    {"AUTH_SECRET", "base64:32"},
    {"DD_SECRET_KEY", "hex:25"},
    {"DJANGO_SECRET_KEY", "alnum:50"},
    {"DOCMOST_APP_SECRET", "hex:32"},
    {"FERNET_KEY", "fernet"},
    {"LAGO_ENCRYPTION_DETERMINISTIC_KEY", "hex:16"},
    {"LAGO_ENCRYPTION_KEY_DERIVATION_SALT", "hex:16"},
    {"LAGO_ENCRYPTION_PRIMARY_KEY", "hex:16"},
    {"MEILI_MASTER_KEY", "alnum:32"},
    {"MSSQL_SA_PASSWORD", "password:32,classes=lud"},
    {"NEXTAUTH_SECRET", "base64:32"},
    {"OPENCTI_ADMIN_TOKEN", "uuid"},
    {"OPENSEARCH_INITIAL_ADMIN_PASSWORD", "password:32,classes=luds"},
    {"PAPERLESS_SECRET_KEY", "base64url:64"},
    {"PG_META_CRYPTO_KEY", "alnum:32"},
    {"RAILS_MASTER_KEY", "hex:16"},
    {"REALTIME_DB_ENC_KEY", "alnum:16"},
    {"SA_PASSWORD", "password:32,classes=lud"},
    {"SECRET_KEY_BASE", "hex:64"},
    {"SOGO_URL_ENCRYPTION_KEY", "alnum:16"},
    {"STATIC_CRON_TOKEN", "alnum:32"},
    {"VAULT_ENC_KEY", "alnum:32"},
};

/* The kind that a reader of NAME wants, or NULL. */
static const char *find_known(const char *name)
{
    for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++) {
        if (strcmp(name, known_names[i].name) == 0) {
            return known_names[i].kind;
        }
    }
    return NULL;
}

/* AIRFLOW__CORE__FERNET_KEY: the last part of a name that says where it belongs. */
static const char *last_part(const char *name)
{
    const char *part = name;
    for (const char *at = strstr(name, "__"); at != NULL; at = strstr(at + 1, "__")) {
        part = at[2] != '\0' ? at + 2 : part;
    }
    return part;
}

static bool is_jwt_key(const char *name)
{
    return strcmp(name, "SECRET_KEY") == 0 || strcmp(name, "JWT_SECRET") == 0 ||
           strcmp(name, "JWT_SECRET_KEY") == 0 || strcmp(name, "JWT_KEY") == 0;
}

enum verdict guess_by_known_name(struct pool *pool, const struct bulla_evidence *evidence,
                                 struct bulla_guess *guess, struct bulla_error *err)
{
    const char *kind = find_known(evidence->name);
    kind = kind != NULL ? kind : find_known(last_part(evidence->name));
    if (kind != NULL) {
        return guess_generated(pool, guess, kind, BULLA_INFER_KNOWN_NAME,
                               "projects that read this name want this form", err);
    }
    bool is_ours =
        bulla_name_is_secret(evidence->name) && bulla_name_third_party(evidence->name) == NULL;
    for (size_t i = 0; is_ours && evidence->keys != NULL && evidence->keys[i] != NULL; i++) {
        kind = find_known(evidence->keys[i]);
        if (kind != NULL) {
            return guess_generated(pool, guess, kind, BULLA_INFER_KNOWN_NAME,
                                   "what a service is handed it as wants this form", err);
        }
    }
    static const struct {
        const char *algorithm;
        const char *kind;
    } keys[] = {{"HS256", "jwt-hs256"}, {"HS384", "jwt-hs384"}, {"HS512", "jwt-hs512"}};
    for (size_t i = 0; evidence->jwt_algorithm != NULL && i < 3; i++) {
        if (is_jwt_key(evidence->name) && strcmp(evidence->jwt_algorithm, keys[i].algorithm) == 0) {
            return guess_generated(pool, guess, keys[i].kind, BULLA_INFER_KNOWN_NAME,
                                   "the project signs tokens with this algorithm", err);
        }
    }
    return NO_OPINION;
}
