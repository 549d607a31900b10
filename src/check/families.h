/* What a finding's rule looks at, one function a topic; private to check/. */
#ifndef BULLA_CHECK_FAMILIES_H
#define BULLA_CHECK_FAMILIES_H

#include "check/check_internal.h"

/* One reference. */
bool check_braces(struct check *check, const struct bulla_project_ref *ref,
                  struct bulla_error *err);
bool check_url_reference(struct check *check, const struct bulla_project_ref *ref,
                         struct bulla_error *err);

/* The references of one name. */
bool check_sample(struct check *check, const struct bulla_project_ref *const *refs, size_t count,
                  struct bulla_error *err);

/* True where Compose finds an env file for the project. */
bool check_has_env_file(const struct check *check);

/* The sample that has a line of NAME, or NULL; its name is borrowed. */
const char *check_find_sample_of(const struct check *check, const char *name);

/*
 * Puts the path of the sample that lies beside PATH, an env file, by its name (`.env.example`,
 * `api.env.sample`) in *RET_SAMPLE, owned; NULL where there is none. False with BULLA_E_NOMEM.
 */
BULLA_MUST_CHECK bool check_find_sample(const char *path, char **ret_sample,
                                        struct bulla_error *err);

/* True for an unset `$name` in a value that is more likely a part of it; and the finding: B214. */
bool check_is_dollar(const struct bulla_project_ref *ref);
bool check_dollar(struct check *check, const struct bulla_project_ref *ref,
                  struct bulla_error *err);

/* True where FILE, an env file, is none because a quote is not closed. */
bool check_is_unterminated(const struct check *check, const struct bulla_project_file *file);

/* True where a problem of the project is about the text that REF stands in. */
bool check_has_problem_at(const struct check *check, const struct bulla_project_ref *ref);

/* True where a braces finding says already what PROBLEM, a bad template, does. */
bool check_braces_claim(const struct check *check, const struct bulla_project_problem *problem);

/* An unset reference in an env file that is more likely a part of the value: B214, else B103. */
bool check_env_blank(struct check *check, const struct bulla_project_problem *problem,
                     struct bulla_error *err);

/* The families. */
bool check_references(struct check *check, struct bulla_error *err);
bool check_lines(struct check *check, struct bulla_error *err);
bool check_merged(struct check *check, struct bulla_error *err);
bool check_problems(struct check *check, struct bulla_error *err);
bool check_certificates(struct check *check, struct bulla_error *err);
bool check_rendered(struct check *check, struct bulla_error *err);

/* awaited.c: VALUE, which is unset, where the sample asks for one. */
bool check_awaited(struct check *check, const struct bulla_value *value, struct bulla_error *err);

/* kept.c: lines of FILE, the rendered one, that are not from here. */
bool check_kept(struct check *check, const struct bulla_dotenv *file, struct bulla_error *err);
bool check_unused(struct check *check, struct bulla_error *err);
bool check_shadowed(struct check *check, struct bulla_error *err);
bool check_literals(struct check *check, struct bulla_error *err);
bool check_sections(struct check *check, struct bulla_error *err);
bool check_grants(struct check *check, struct bulla_error *err);
bool check_images(struct check *check, struct bulla_error *err);
bool check_resource_files(struct check *check, struct bulla_error *err);
bool check_foreign_files(struct check *check, struct bulla_error *err);
bool check_env_texts(struct check *check, struct bulla_error *err);
bool check_each_value(struct check *check, struct bulla_error *err);
bool check_missing_values(struct check *check, struct bulla_error *err);
bool check_url_values(struct check *check, struct bulla_error *err);
bool check_shared(struct check *check, struct bulla_error *err);
bool check_output(struct check *check, struct bulla_error *err);
bool check_env_file_states(struct check *check, struct bulla_error *err);
bool check_key_files(struct check *check, struct bulla_error *err);
bool check_versions(struct check *check, struct bulla_error *err);

/* precedence.c: takes out of the report what another finding of it says better. */
bool check_leave_out(struct check *check, struct bulla_error *err);

#endif
