/* URLs in sample files: which password they repeat; private to infer/. */
#ifndef BULLA_INFER_URL_H
#define BULLA_INFER_URL_H

#include "base/pool.h"
#include "bulla/infer.h"

/*
 * A template for the sample value TEXT of EVIDENCE's variable: its `${NAME}` references, or the
 * password that it repeats, as `{{ NAME | url }}`. Sets *ret_template to NULL where TEXT holds
 * neither. The string is POOL's. BULLA_E_NOMEM.
 */
bool infer_url_template(struct pool *pool, const struct bulla_evidence *evidence, const char *text,
                        const char **ret_template, struct bulla_error *err);

#endif
