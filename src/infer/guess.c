#include <string.h>

#include "bulla/mem.h"
#include "bulla/shape.h"
#include "infer/guess_steps.h"
#include "infer/hint.h"

#include "base/banned.h"

struct bulla_guesser {
    struct pool *pool;
};

struct bulla_guesser *bulla_guesser_new(struct bulla_error *err)
{
    struct bulla_guesser *guesser = bulla_alloc(1, sizeof *guesser, err);
    if (guesser == NULL) {
        return NULL;
    }
    guesser->pool = pool_new(err);
    if (guesser->pool == NULL) {
        bulla_free(guesser);
        return NULL;
    }
    return guesser;
}

void bulla_guesser_free(struct bulla_guesser *guesser)
{
    if (guesser != NULL) {
        pool_free(guesser->pool);
        bulla_free(guesser);
    }
}

enum verdict guess_generated(struct pool *pool, struct bulla_guess *guess, const char *kind,
                             enum bulla_infer_step step, const char *why, struct bulla_error *err)
{
    guess->kind = pool_strdup(pool, kind, err);
    guess->role = BULLA_ROLE_GENERATED;
    guess->step = step;
    guess->why = why;
    return guess->kind != NULL ? DECIDED : FAILED;
}

enum verdict guess_provided(const struct bulla_evidence *evidence, struct bulla_guess *guess,
                            enum bulla_infer_step step, const char *why)
{
    const struct bulla_third_party *party = bulla_name_third_party(evidence->name);
    guess->role = BULLA_ROLE_PROVIDED;
    guess->obtain = party != NULL ? party->obtain : NULL;
    /* A placeholder in a file that a service reads whole says that somebody has to fill it in. */
    bool is_awaited = evidence->in_env_file && !evidence->referenced && evidence->sample != NULL &&
                      bulla_placeholder(bulla_bytes_of(evidence->sample)) != NULL;
    bool is_optional = evidence->commented || infer_says_optional(guess_text(evidence->comment));
    /* A blank switches a third party's DSN off; a key or a database that is named is wanted. */
    bool is_url = bulla_name_family(evidence->name) == BULLA_NAME_URL;
    bool is_needed =
        evidence->needed &&
        (bulla_name_is_secret(evidence->name) || (is_url && step != BULLA_INFER_THIRD_PARTY)) &&
        !(evidence->may_be_blank &&
          (guess_feature_is_off(evidence) || guess_feature_is_bare(evidence)));
    guess->optional = !evidence->required && (is_optional || !(is_awaited || is_needed));
    guess->step = step;
    guess->why = why;
    return DECIDED;
}

/* A secret-like name whose value is a switch: VERIFY_JWT, MUST_HAVE_PASSWORD. */
static bool is_switch(const struct bulla_evidence *evidence)
{
    const char *text = evidence->sample != NULL && evidence->sample[0] != '\0'
                           ? evidence->sample
                           : evidence->compose_default;
    return text != NULL && bulla_shape_of(bulla_bytes_of(text)) == BULLA_SHAPE_BOOLEAN;
}

/* True where TEXT refers to a variable, or has a dollar sign that is not written as it is read. */
static bool has_reference(const char *text)
{
    for (const char *at = strchr(text, '$'); at != NULL; at = strchr(at + 1, '$')) {
        if (at[1] == '$' || at[1] == '{' || at[1] == '_' || (at[1] >= 'A' && at[1] <= 'Z') ||
            (at[1] >= 'a' && at[1] <= 'z')) {
            return true;
        }
    }
    return false;
}

/* Step 9: configuration. What has no value yet and is needed has to be asked for. */
static void as_setting(const struct bulla_evidence *evidence, struct bulla_guess *guess)
{
    guess->role = BULLA_ROLE_SETTING;
    guess->step = BULLA_INFER_ASK;
    if (evidence->sample != NULL && evidence->sample[0] != '\0' &&
        (bulla_placeholder(bulla_bytes_of(evidence->sample)) == NULL ||
         bulla_is_common_word(bulla_bytes_of(evidence->sample))) &&
        !has_reference(evidence->sample)) {
        guess->preset = evidence->sample;
        guess->type = guess_type(evidence->name, bulla_bytes_of(evidence->sample));
        guess->why = "";
        return;
    }
    bool may_stay_unset = !evidence->plain || evidence->may_be_blank || evidence->sample != NULL ||
                          evidence->commented;
    guess->optional = !evidence->required && may_stay_unset;
    /* A placeholder asks for the project's own value, where no compose file has one. */
    guess->awaited = guess->optional && evidence->sample != NULL && evidence->sample[0] != '\0' &&
                     bulla_placeholder(bulla_bytes_of(evidence->sample)) != NULL &&
                     evidence->compose_default == NULL;
    if (evidence->compose_default != NULL && strchr(evidence->compose_default, '$') == NULL) {
        guess->type = guess_type(evidence->name, bulla_bytes_of(evidence->compose_default));
        guess->why = "unset: the compose file has a default";
    } else {
        guess->why = guess->optional ? "" : "give it a value: default = …, or bulla set";
    }
}

bool bulla_guess(struct bulla_guesser *guesser, const struct bulla_evidence *evidence,
                 struct bulla_guess *ret_guess, struct bulla_error *err)
{
    struct bulla_guess guess = {0};
    struct pool *pool = guesser->pool;
    enum verdict verdict = guess_by_instruction(pool, evidence, &guess, err);
    if (verdict == NO_OPINION && is_switch(evidence)) {
        as_setting(evidence, &guess);
        verdict = DECIDED;
    }
    if (verdict == NO_OPINION) {
        verdict = guess_by_hash(evidence, &guess);
    }
    if (verdict == NO_OPINION) {
        verdict = guess_by_constraint(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = guess_by_known_name(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = guess_by_shape(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = guess_by_url(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = guess_by_third_party(evidence, &guess);
        /* Of a party whose place we do not know a comment may say it. */
        if (verdict == DECIDED && guess.obtain == NULL &&
            guess_by_link(pool, evidence, &guess, err) == FAILED) {
            verdict = FAILED;
        }
    }
    if (verdict == NO_OPINION) {
        verdict = guess_by_link(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION) {
        verdict = guess_by_family(pool, evidence, &guess, err);
    }
    if (verdict == NO_OPINION && evidence->is_content) {
        verdict =
            guess_provided(evidence, &guess, BULLA_INFER_ASK, "a Compose secret is filled with it");
    }
    if (verdict == FAILED) {
        return false;
    }
    if (verdict == NO_OPINION) {
        as_setting(evidence, &guess);
    }
    if (guess.preset != NULL) {
        guess.preset = pool_strdup(pool, guess.preset, err);
        if (guess.preset == NULL) {
            return false;
        }
    }
    *ret_guess = guess;
    return true;
}
