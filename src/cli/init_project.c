/* Which project is meant: the one of the bulla.ini that is found, or one of this folder's own. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init.h"
#include "message.h"

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

/* What there is of another project is let go. */
static bool begin_own(struct init *init, const char *file, struct bulla_error *err)
{
    const char *name = workspace_below(file, init->here);
    message_note(init->in, "a project of its own: %s does not name '%s'",
                 init->before.contract_path, name != NULL ? name : file);
    workspace_release(&init->before);
    bulla_buf_clear(&init->before_text);
    bulla_free(init->root);
    init->has_contract = false;
    init->root = bulla_strdup(init->here, err);
    return init->root != NULL;
}

/* FILE is as -f names it. */
static bool refuse_other(const struct init *init, const char *file, struct bulla_error *err)
{
    const struct workspace *ws = &init->before;
    bulla_auto_str folder = bulla_path_dir(file, err);
    if (folder == NULL) {
        return false;
    }
    bool is_beside = bulla_file_is_same(folder, ws->root);
    (void)bulla_error_at(err, BULLA_E_REFUSED, ws->contract_path, ws->environment->compose_pos,
                         "'%s' is none of this stack's compose files", file);
    if (is_beside) {
        return bulla_error_hint(err,
                                "where it is a part of it: add it to 'compose' in "
                                "[environment %s]",
                                ws->environment->name);
    }
    bulla_auto_str word = bulla_word(folder, err);
    return word != NULL &&
           bulla_error_hint(err,
                            "a stack of its own: bulla -C %s init; a part of this one: add it "
                            "to 'compose' in [environment %s]",
                            word, ws->environment->name);
}

/* The names of another stack's files would go into this one's vaults, and its file into none. */
static bool check_files(const struct init *init, struct bulla_error *err)
{
    const struct string_list *files = &init->in->global.files;
    for (size_t i = 0; i < files->count; i++) {
        bool has = !bulla_file_is_regular(files->items[i]); /* reading it says so */
        if (!has && !workspace_has_compose_file(&init->before, files->items[i], &has, err)) {
            return false;
        }
        if (!has) {
            return refuse_other(init, files->items[i], err);
        }
    }
    return true;
}

bool init_find(struct init *init, struct bulla_error *err)
{
    struct bulla_error missing = BULLA_ERROR_INIT;
    bulla_auto_str apart = NULL;
    init->here = getcwd(NULL, 0);
    if (init->here == NULL) {
        return bulla_error_sys(err, NULL, "cannot tell which folder this is");
    }
    init->has_contract = workspace_find(init->in, &init->root, &missing);
    if (!init->has_contract && missing.code == BULLA_E_MISSING) {
        init->root = bulla_strdup(init->here, err);
        return init->root != NULL;
    }
    if (!init->has_contract) {
        *err = missing;
        return false;
    }
    if (!read_contract(init, err) || !workspace_find_apart(&init->before, &apart, err)) {
        return false;
    }
    bool is_above = strcmp(init->root, init->here) != 0;
    if (apart != NULL && is_above) {
        return begin_own(init, apart, err);
    }
    if (is_above) {
        message_note(init->in, "the project is that of %s", init->before.contract_path);
    }
    return check_files(init, err);
}

bool init_check_folder(const struct init *init, struct bulla_error *err)
{
    if (init->has_contract || bulla_survey_environment_count(init->survey) == 0) {
        return true;
    }
    const struct bulla_project *project = bulla_survey_environment(init->survey, 0)->project;
    const char *folder = workspace_below(project->directory, init->root);
    bulla_auto_str contract = bulla_path_join(project->directory, WORKSPACE_CONTRACT, err);
    if (contract == NULL) {
        return false;
    }
    if (folder == NULL || access(contract, F_OK) != 0) {
        return true;
    }
    (void)bulla_error(err, BULLA_E_REFUSED, "'%s' has a %s of its own", folder, WORKSPACE_CONTRACT);
    bulla_auto_str word = bulla_word(folder, err);
    return word != NULL && bulla_error_hint(err, "bulla -C %s init", word);
}
