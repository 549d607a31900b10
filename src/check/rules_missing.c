/* Family 1, missing. */
#include "check/rules.h"

#include "base/banned.h"

static const struct bulla_rule_example required_unset[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?where the token is from}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

static const struct bulla_rule_example required_empty[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: \"example/api:${TAG:?which version}\"\n"
            "-- .env --\n"
            "TAG=\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: \"example/api:${TAG:?which version}\"\n"
             "-- .env --\n"
             "TAG=1.4.2\n"},
    {0}};

static const struct bulla_rule_example silently_blank[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      LOG_LEVEL: ${LOG_LEVEL}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"},
    {0}};

static const struct bulla_rule_example no_value[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    env_file: .env\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "format       = 1\n"
            "environments = prod\n"
            "[BINANCE_API_KEY]\n"
            "kind = provided\n"
            "$ bulla init\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    env_file: .env\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "format       = 1\n"
             "environments = prod\n"
             "[BINANCE_API_KEY]\n"
             "kind = provided\n"
             "$ bulla init\n"
             "$ openssl rand -hex 32 | bulla set BINANCE_API_KEY\n"},
    {0}};

static const struct bulla_rule_example secret_source_unset[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:17\n"
            "    secrets: [db_password]\n"
            "secrets:\n"
            "  db_password:\n"
            "    environment: DB_PASSWORD\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: postgres:17\n"
             "    secrets: [db_password]\n"
             "secrets:\n"
             "  db_password:\n"
             "    environment: DB_PASSWORD\n"
             "-- .env --\n"
             "DB_PASSWORD=hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {0}};

static const struct bulla_rule_example not_in_contract[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:-}\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "format       = 1\n"
            "environments = prod\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:-}\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "format       = 1\n"
             "environments = prod\n"
             "[API_TOKEN]\n"
             "kind = hex:32\n"
             "$ bulla init\n"},
    {0}};

const struct bulla_rule rules_missing[] = {
    [RULE_REQUIRED_UNSET - RULE_MISSING] =
        {
            .id = "B101",
            .name = "required-unset",
            .severity = BULLA_ERROR,
            .summary = "a required variable has no value",
            .text =
                "A compose file says ${NAME:?message} or ${NAME?message}, and NAME has no value. "
                "Compose refuses every command on the project, and names one such variable only, "
                "chosen at random, without file or line.",
            .help = "give it a value in .env, or let bulla make one: bulla init",
            .examples = required_unset,
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
            .examples = required_empty,
        },
    [RULE_BLANK - RULE_MISSING] =
        {
            .id = "B103",
            .name = "silently-blank",
            .severity = BULLA_WARNING,
            .summary = "an unset variable would silently become blank",
            .text =
                "${NAME} without a default becomes an empty string when NAME has no value. "
                "Compose warns, goes on, and the service starts with an empty setting or secret.",
            .help = "write ${NAME:?where to get it}, or with a default, ${NAME:-}",
            .examples = silently_blank,
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
            .examples = no_value,
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
            .examples = secret_source_unset,
        },
    [RULE_NOT_IN_CONTRACT - RULE_MISSING] =
        {
            .id = "B106",
            .name = "not-in-contract",
            .severity = BULLA_WARNING,
            .summary = "the contract does not know a variable",
            .text =
                "A compose file uses a variable that bulla.ini does not list, so nobody says how "
                "its value is made, checked and turned, and render and run do not provide it.",
            .help = "give it a section in bulla.ini: kind = hex:32, or another kind",
            .examples = not_in_contract,
        },
};
