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
    {.about = "the profile of the service is not active: Compose refuses all the same",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "  tools:\n"
            "    image: example/tools\n"
            "    profiles: [tools]\n"
            "    environment:\n"
            "      TOOLS_TOKEN: ${TOOLS_TOKEN:?only for tools}\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "  tools:\n"
             "    image: example/tools\n"
             "    profiles: [tools]\n"
             "    environment:\n"
             "      TOOLS_TOKEN: ${TOOLS_TOKEN:-}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "it stands in for another one that has no value either",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      SERVICE_KEY: ${SERVICE_KEY:-${SIGNING_KEY:?one of the two}}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      SERVICE_KEY: ${SERVICE_KEY:-${SIGNING_KEY:?one of the two}}\n"
             "-- .env --\n"
             "SIGNING_KEY=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "the name is misspelt in .env, and the finding says so",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
            "-- .env --\n"
            "API_TOKNE=4d1f0c5b7e92a8367f08d31c9be4a652\n",
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
    {.about = "an empty variable of the shell hides the value in the file",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: \"example/api:${TAG:?which version}\"\n"
            "-- .env --\n"
            "TAG=1.4.2\n"
            "$ TAG= bulla check\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: \"example/api:${TAG:?which version}\"\n"
             "-- .env --\n"
             "TAG=1.4.2\n"
             "$ bulla check\n"},
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
    {.about = "a secret is set, to nothing",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      SESSION_SECRET: ${SESSION_SECRET}\n"
            "-- .env --\n"
            "SESSION_SECRET=\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      SESSION_SECRET: ${SESSION_SECRET:?}\n"
             "$ bulla init\n"},
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

static const struct bulla_rule_example required_elsewhere[] = {
    {.about = "the two stand in different files, and Compose is not always given both",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      SMTP_PASSWORD: ${SMTP_PASSWORD}\n"
            "-- compose.override.yaml --\n"
            "services:\n"
            "  worker:\n"
            "    image: example/worker\n"
            "    environment:\n"
            "      SMTP_PASSWORD: ${SMTP_PASSWORD:?from the mail provider}\n"
            "-- .env --\n"
            "SMTP_PASSWORD=hG5nTq0xYw8rKd2sVb7mLc4p\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      SMTP_PASSWORD: ${SMTP_PASSWORD:?from the mail provider}\n"
             "-- compose.override.yaml --\n"
             "services:\n"
             "  worker:\n"
             "    image: example/worker\n"
             "    environment:\n"
             "      SMTP_PASSWORD: ${SMTP_PASSWORD:?from the mail provider}\n"
             "-- .env --\n"
             "SMTP_PASSWORD=hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {.about = "it has no value: the finding is that of the place that requires it",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  auth:\n"
            "    image: example/auth\n"
            "    environment:\n"
            "      PG_PASS: ${PG_PASS:?database password required}\n"
            "      AUTHENTIK_POSTGRESQL__PASSWORD: ${PG_PASS}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  auth:\n"
             "    image: example/auth\n"
             "    environment:\n"
             "      PG_PASS: ${PG_PASS:?database password required}\n"
             "      AUTHENTIK_POSTGRESQL__PASSWORD: ${PG_PASS:?database password "
             "required}\n"
             "-- .env --\n"
             "PG_PASS=hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {0}};

static const struct bulla_rule_example not_in_sample[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
            "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"
            "-- .env.example --\n"
            "# how much is logged\n"
            "LOG_LEVEL=info\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
             "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"
             "-- .env.example --\n"
             "# how much is logged\n"
             "LOG_LEVEL=info\n"
             "# openssl rand -hex 16\n"
             "API_TOKEN=\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

static const struct bulla_rule_example secret_file_missing[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:17\n"
            "    secrets: [db_password]\n"
            "secrets:\n"
            "  db_password:\n"
            "    file: ./secrets/db.txt\n",
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
    {.about = "a config whose file has another name",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  cache:\n"
            "    image: redis:8\n"
            "    configs: [redis.conf]\n"
            "configs:\n"
            "  redis.conf:\n"
            "    file: ./redis.conf\n"
            "-- conf/redis.conf --\n"
            "appendonly yes\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  cache:\n"
             "    image: redis:8\n"
             "    configs: [redis.conf]\n"
             "configs:\n"
             "  redis.conf:\n"
             "    file: ./conf/redis.conf\n"
             "-- conf/redis.conf --\n"
             "appendonly yes\n"},
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
                "Compose refuses every command on the project, also where the profile of the "
                "service is not active, and names one such variable only, "
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
            .summary = "a variable without a value would silently become blank",
            .text = "${NAME} without a default becomes an empty string when NAME has no value. "
                    "Compose warns, goes on, and the service starts with an empty setting or "
                    "secret. A secret that is set to nothing becomes blank without a warning; "
                    "one that a third party gives out is only noted then. Those that the contract "
                    "lets be blank (`optional = yes`) are told of together, in a note.",
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
                "its value is made, checked and turned, and render and run do not provide it. A "
                "name that only the rendered file sets is told of in a note: render keeps its "
                "line. A comment that ignores this rule silences the finding; what keeps init "
                "from adding the name, too, is the head of its section as a comment in bulla.ini: "
                "; [NAME].",
            .help = "bulla init gives it a section in bulla.ini; or write one, with its kind",
            .examples = not_in_contract,
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
            .examples = required_elsewhere,
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
            .examples = not_in_sample,
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
            .examples = secret_file_missing,
        },
};
