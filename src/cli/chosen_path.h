/*
 * Paths that the contract chooses. It comes with what was cloned, so they may neither lead out of
 * the project nor to what git, Compose or bulla itself goes by.
 */
#ifndef BULLA_CLI_CHOSEN_PATH_H
#define BULLA_CLI_CHOSEN_PATH_H

#include "workspace.h"

/*
 * BULLA_E_REFUSED, at `output` of the contract, where PATH, the environment's output as it is
 * opened from here, is a symbolic link; where it lies outside the folder of bulla.ini, in what a
 * version control system (`.git`, `.hg`, …) or bulla keeps for itself or in a git directory of
 * another name, links of its folders followed; or where it is bulla.ini, a compose file or the
 * template, by name or by another link to the same file.
 */
BULLA_MUST_CHECK bool chosen_path_check_output(const struct workspace *workspace, const char *path,
                                               struct bulla_error *err);

/*
 * The same, before it is written, where git tracks PATH: the values would be one commit away from
 * everybody who reads the repository (HAS_SECRETS), and what a person wrote would be gone. Where
 * git gives no answer, rendered_git_warn says so.
 */
BULLA_MUST_CHECK bool chosen_path_check_untracked(const struct workspace *workspace,
                                                  const char *path, bool has_secrets,
                                                  struct bulla_error *err);

/*
 * BULLA_E_REFUSED, at `template`, where PATH, links followed, lies outside the folder of bulla.ini,
 * or in such a folder: its lines would stand in the rendered file. One that is not there is
 * left to whoever reads it.
 */
BULLA_MUST_CHECK bool chosen_path_check_template(const struct workspace *workspace,
                                                 const char *path, struct bulla_error *err);

#endif
