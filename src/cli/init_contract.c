/* The text of bulla.ini: written from what lies here, or what is there with what is new behind it.
 */
#include "init.h"

/* Where the contract lies above, -f means from here all the same. */
static bool survey_folder(struct init *init, struct bulla_error *err)
{
    struct workspace_loading loading = {.files = NULL};
    if (init->has_contract && !workspace_loading_init(&loading, &init->before, NULL, err)) {
        workspace_loading_release(&loading);
        return false;
    }
    struct init_known known = {.init = init};
    struct bulla_survey_options survey = {
        .root = init->root,
        .files = loading.files != NULL ? loading.files : init->in->global.files.items,
        .file_count = init->in->global.files.count,
        .environment = workspace_env_lookup,
        .contract = init->before.contract,
        .contract_text = bulla_buf_view(&init->before_text),
        .no_import = init->no_import,
        .known = init->has_contract ? init_known_find : NULL,
        .known_ctx = &known,
    };
    init->survey = bulla_survey_new(&survey, err);
    init_known_release(&known);
    workspace_loading_release(&loading);
    return init->survey != NULL;
}

bool init_contract(struct init *init, struct bulla_error *err)
{
    bulla_buf_init(&init->before_text, BULLA_MAX_CONTRACT_BYTES);
    bulla_buf_init(&init->contract, BULLA_MAX_CONTRACT_BYTES);
    if (!init_find(init, err) || !survey_folder(init, err) || !init_check_folder(init, err) ||
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
