/* A model as JSON, as `docker compose config --format json` shows it. */
#ifndef BULLA_TESTS_CONFORMANCE_MODEL_JSON_H
#define BULLA_TESTS_CONFORMANCE_MODEL_JSON_H

#include <jansson.h>

#include "bulla/model.h"

/* A new reference. */
json_t *model_json(const struct bulla_value *value);

/*
 * What stands at PATH (keys with "." between, which may hold dots themselves); "services" is the
 * sorted list of their names. A new reference, JSON's null where there is nothing.
 */
json_t *model_json_at(const struct bulla_value *root, const char *path);

#endif
