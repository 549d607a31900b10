/* Examples of rules whose table would grow too long with them; private to check/. */
#ifndef BULLA_CHECK_EXAMPLES_H
#define BULLA_CHECK_EXAMPLES_H

#include "bulla/check.h"

extern const struct bulla_rule_example example_required_unset[];
extern const struct bulla_rule_example example_required_empty[];
extern const struct bulla_rule_example example_silently_blank[];
extern const struct bulla_rule_example example_no_value[];
extern const struct bulla_rule_example example_secret_source_unset[];
extern const struct bulla_rule_example example_not_in_contract[];
extern const struct bulla_rule_example example_required_elsewhere[];
extern const struct bulla_rule_example example_not_in_sample[];
extern const struct bulla_rule_example example_secret_file_missing[];

extern const struct bulla_rule_example example_published_value[];
extern const struct bulla_rule_example example_breaks_url[];
extern const struct bulla_rule_example example_shared_between_environments[];
extern const struct bulla_rule_example example_not_as_stated[];

extern const struct bulla_rule_example example_literal_secret[];
extern const struct bulla_rule_example example_secret_in_command[];
extern const struct bulla_rule_example example_secret_in_label[];
extern const struct bulla_rule_example example_secret_in_image[];
extern const struct bulla_rule_example example_secret_as_build_arg[];
extern const struct bulla_rule_example example_build_arg_not_passed[];
extern const struct bulla_rule_example example_owner_ignored[];
extern const struct bulla_rule_example example_read_only_secret[];
extern const struct bulla_rule_example example_external_without_swarm[];
extern const struct bulla_rule_example example_secret_copied[];
extern const struct bulla_rule_example example_env_file_too_wide[];
extern const struct bulla_rule_example example_key_file[];

extern const struct bulla_rule_example example_certificate_ends[];
extern const struct bulla_rule_example example_rendered_old[];
extern const struct bulla_rule_example example_unused_in_contract[];
extern const struct bulla_rule_example example_unused_in_sample[];
extern const struct bulla_rule_example example_never_injected[];
extern const struct bulla_rule_example example_shadowed[];

#endif
