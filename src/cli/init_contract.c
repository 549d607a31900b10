/* The text of bulla.ini: written from what lies here, or what is there with what is new behind it.
 */
#include <unistd.h>

#include "init.h"

static bool find_root(struct init *init, struct bulla_error *err)
{
    struct bulla_error missing = BULLA_ERROR_INIT;
    init->has_contract = workspace_find(init->in, &init->root, &missing);
    if (init->has_contract) {
        return true;
    }
    if (missing.code != BULLA_E_MISSING) {
        *err = missing;
        return false;
    }
    init->root = getcwd(NULL, 0);
    return init->root != NULL || bulla_error_sys(err, NULL, "cannot tell which folder this is");
}

/* The contract that is there, in the environment that it prefers, and its text. */
static bool read_contract(struct init *init, struct bulla_error *err)
{
    struct invocation in = *init->in;
    in.global.environment = NULL;
    bool ok = workspace_open(&init->before, &in, err) &&
              bulla_file_read(init->before.contract_path, BULLA_MAX_CONTRACT_BYTES,
                              &init->before_text, err);
    init->before.in = init->in;
    return ok;
}

static bool survey_folder(struct init *init, struct bulla_error *err)
{
    struct bulla_survey_options survey = {
        .root = init->root,
        .files = init->in->global.files.items,
        .file_count = init->in->global.files.count,
        .environment = workspace_env_lookup,
        .contract = init->before.contract,
        .contract_text = bulla_buf_view(&init->before_text),
        .no_import = init->no_import,
    };
    init->survey = bulla_survey_new(&survey, err);
    return init->survey != NULL;
}

bool init_contract(struct init *init, struct bulla_error *err)
{
    bulla_buf_init(&init->before_text, BULLA_MAX_CONTRACT_BYTES);
    bulla_buf_init(&init->contract, BULLA_MAX_CONTRACT_BYTES);
    if (!find_root(init, err) || (init->has_contract && !read_contract(init, err)) ||
        !survey_folder(init, err) ||
        !bulla_survey_write_contract(init->survey, &init->contract, err)) {
        return false;
    }
    for (size_t i = 0; init->has_contract && i < bulla_survey_variable_count(init->survey); i++) {
        init->added += !bulla_survey_variable(init->survey, i)->is_known;
    }
    /* What we write has to be readable: better no file than one that stops every command. */
    init->planned = bulla_contract_parse(bulla_buf_view(&init->contract), WORKSPACE_CONTRACT, err);
    return init->planned != NULL ||
           bulla_error_while(err, "reading the contract that would be written");
}
