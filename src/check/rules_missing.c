/* Family 1, missing. */
#include "check/examples.h"
#include "check/rules.h"

#include "base/banned.h"

const struct bulla_rule rules_missing[] = {
    [RULE_REQUIRED_UNSET - RULE_MISSING] =
        {
            .id = "B101",
            .name = "required-unset",
            .severity = BULLA_ERROR,
            .summary = "a required variable has no value",
            .text =
                "A compose file says ${NAME:?message} or ${NAME?message}, and NAME has no value. "
                "Compose refuses every command on the project, also where the profile of the "
                "service is not active, and names one such variable only, "
                "chosen at random, without file or line.",
            .help = "give it a value in .env, or let bulla make one: bulla init",
            .examples = example_required_unset,
        },
    [RULE_REQUIRED_EMPTY - RULE_MISSING] =
        {
            .id = "B102",
            .name = "required-empty",
            .severity = BULLA_ERROR,
            .summary = "a required variable is empty",
            .text =
                "${NAME:?message} refuses an empty value too (${NAME?message} would take it). A "
                "line \"NAME=\" in an env file, or an empty variable of the process that runs "
                "Compose, is such a value and hides any other.",
            .help = "give it a value in .env, or let bulla make one: bulla init",
            .examples = example_required_empty,
        },
    [RULE_BLANK - RULE_MISSING] =
        {
            .id = "B103",
            .name = "silently-blank",
            .severity = BULLA_WARNING,
            .summary = "a variable without a value would silently become blank",
            .text = "${NAME} without a default becomes an empty string when NAME has no value. "
                    "Compose warns, goes on, and the service starts with an empty setting or "
                    "secret. A secret that is set to nothing becomes blank without a warning; "
                    "one that a third party gives out is only noted then. Those that the contract "
                    "lets be blank (`optional = yes`) are told of together, in a note.",
            .help = "write ${NAME:?where to get it}, or with a default, ${NAME:-}",
            .examples = example_silently_blank,
        },
    [RULE_NO_VALUE - RULE_MISSING] =
        {
            .id = "B104",
            .name = "no-value",
            .severity = BULLA_ERROR,
            .summary = "a variable of the contract has no value",
            .text =
                "The contract lists this variable without `optional = yes`, and the environment "
                "has no value for it.",
            .help = "bulla set NAME, or optional = yes in its section",
            .examples = example_no_value,
        },
    [RULE_SECRET_SOURCE_UNSET - RULE_MISSING] =
        {
            .id = "B105",
            .name = "secret-source-unset",
            .severity = BULLA_ERROR,
            .summary = "a secret or config takes its value from an unset variable",
            .text = "`secrets: NAME: environment: VARIABLE` is a reference without a dollar sign: "
                    "Compose loads the file and fails when it creates the container.",
            .help = "give it a value in .env, or let bulla make one: bulla init",
            .examples = example_secret_source_unset,
        },
    [RULE_NOT_IN_CONTRACT - RULE_MISSING] =
        {
            .id = "B106",
            .name = "not-in-contract",
            .severity = BULLA_WARNING,
            .summary = "the contract does not know a variable",
            .text =
                "A compose file uses a variable that bulla.ini does not list, so nobody says how "
                "its value is made, checked and turned, and render and run do not provide it. A "
                "name that only the rendered file sets is told of in a note: render keeps its "
                "line. A comment that ignores this rule silences the finding and, on every "
                "line that has the name, keeps init from adding it; so does the head of its "
                "section as a comment in bulla.ini: ; [NAME].",
            .help = "bulla init gives it a section in bulla.ini; or write one, with its kind",
            .examples = example_not_in_contract,
        },
    [RULE_REQUIRED_ELSEWHERE - RULE_MISSING] =
        {
            .id = "B107",
            .name = "required-elsewhere",
            .severity = BULLA_NOTE,
            .summary = "a variable is required in one place and plain in another",
            .text =
                "The author of one place says that nothing works without the variable, "
                "${NAME:?message}; another place takes a blank, ${NAME}. While both stand in the "
                "files that Compose reads, the first one guards the second. Where they stand in "
                "different files, a run without the first file starts with a blank.",
            .help = "write ${NAME:?} in every place",
            .examples = example_required_elsewhere,
        },
    [RULE_NOT_IN_SAMPLE - RULE_MISSING] =
        {
            .id = "B108",
            .name = "not-in-sample",
            .severity = BULLA_WARNING,
            .summary = "a required variable is named in no sample file",
            .text = "The project has a sample of its env file (.env.example and the like), and a "
                    "variable that Compose refuses to start without is not in it, not even in a "
                    "comment. Who copies the sample learns of the variable from an error.",
            .help = "add the name to the sample, with a word on what it is",
            .examples = example_not_in_sample,
        },
    [RULE_SECRET_FILE_MISSING - RULE_MISSING] =
        {
            .id = "B109",
            .name = "secret-file-missing",
            .severity = BULLA_WARNING,
            .summary = "the file of a secret or config is not there",
            .text = "`secrets: NAME: file: PATH`, or the same of a config, and a service that is "
                    "given it, but no such file, or a folder in its place. Compose loads the "
                    "project and does not look; the container cannot be made (\"bind source path "
                    "does not exist\"), or is given a folder. A relative path begins at the folder "
                    "of the project. Where the file is made on the machine that runs the stack, "
                    "say so in a comment: # bulla: ignore B109 and why.",
            .help = "make the file, or correct the path",
            .examples = example_secret_file_missing,
        },
};
