/*
 * The steps of a guess, in the order in which they are asked (guess.c); private to infer/. The
 * first that decides fills the guess.
 */
#ifndef BULLA_INFER_GUESS_STEPS_H
#define BULLA_INFER_GUESS_STEPS_H

#include "base/pool.h"
#include "bulla/infer.h"

/* What a step says: it decided, it has nothing to say, or memory ran out. */
enum verdict { DECIDED, NO_OPINION, FAILED };

/* Fills GUESS: a value of KIND is made, or somebody has to provide one. */
enum verdict guess_generated(struct pool *pool, struct bulla_guess *guess, const char *kind,
                             enum bulla_infer_step step, const char *why, struct bulla_error *err);
enum verdict guess_provided(const struct bulla_evidence *evidence, struct bulla_guess *guess,
                            enum bulla_infer_step step, const char *why);

/* TEXT, empty for NULL. */
static inline struct bulla_bytes guess_text(const char *text)
{
    return text == NULL ? bulla_bytes(NULL, 0) : bulla_bytes_of(text);
}

/* guess_type.c: "PORT" and "…_PORT", but not "SUPPORT". */
bool guess_is_port_name(const char *name);
/* The type that the value TEXT of the setting NAME looks like. */
enum bulla_value_type guess_type(const char *name, struct bulla_bytes text);

/*
 * guess_feature.c: the sample has a switch for what the name belongs to, and it is off
 * (KAFKA_ENABLED=false and KAFKA_SASL_PASSWORD); or it leaves empty what nothing could do without
 * (SMTP_HOST= and SMTP_PASSWORD).
 */
bool guess_feature_is_off(const struct bulla_evidence *evidence);
bool guess_feature_is_bare(const struct bulla_evidence *evidence);

/* guess_stated.c */
enum verdict guess_by_instruction(struct pool *pool, const struct bulla_evidence *evidence,
                                  struct bulla_guess *guess, struct bulla_error *err);
enum verdict guess_by_constraint(struct pool *pool, const struct bulla_evidence *evidence,
                                 struct bulla_guess *guess, struct bulla_error *err);
enum verdict guess_by_known_name(struct pool *pool, const struct bulla_evidence *evidence,
                                 struct bulla_guess *guess, struct bulla_error *err);

/* guess_value.c */
enum verdict guess_by_shape(struct pool *pool, const struct bulla_evidence *evidence,
                            struct bulla_guess *guess, struct bulla_error *err);
enum verdict guess_by_hash(const struct bulla_evidence *evidence, struct bulla_guess *guess);
enum verdict guess_by_url(struct pool *pool, const struct bulla_evidence *evidence,
                          struct bulla_guess *guess, struct bulla_error *err);

/* guess_name.c */
enum verdict guess_by_third_party(const struct bulla_evidence *evidence, struct bulla_guess *guess);
enum verdict guess_by_link(struct pool *pool, const struct bulla_evidence *evidence,
                           struct bulla_guess *guess, struct bulla_error *err);
enum verdict guess_by_family(struct pool *pool, const struct bulla_evidence *evidence,
                             struct bulla_guess *guess, struct bulla_error *err);

#endif
