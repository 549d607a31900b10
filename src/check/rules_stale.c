/* Family 5, stale. */
#include "check/examples.h"
#include "check/rules.h"

#include "base/banned.h"

static const struct bulla_rule_example overdue[] = {{.bad = "-- compose.yaml --\n"
                                                            "services:\n"
                                                            "  api:\n"
                                                            "    image: example/api\n"
                                                            "    environment:\n"
                                                            "      API_TOKEN: ${API_TOKEN:?}\n"
                                                            "-- bulla.ini --\n"
                                                            "[bulla]\n"
                                                            "format       = 1\n"
                                                            "environments = prod\n"
                                                            "[API_TOKEN]\n"
                                                            "kind   = hex:32\n"
                                                            "rotate = 1s\n"
                                                            "$ bulla init\n"
                                                            "$ sleep 3\n",
                                                     .good = "-- compose.yaml --\n"
                                                             "services:\n"
                                                             "  api:\n"
                                                             "    image: example/api\n"
                                                             "    environment:\n"
                                                             "      API_TOKEN: ${API_TOKEN:?}\n"
                                                             "-- bulla.ini --\n"
                                                             "[bulla]\n"
                                                             "format       = 1\n"
                                                             "environments = prod\n"
                                                             "[API_TOKEN]\n"
                                                             "kind   = hex:32\n"
                                                             "rotate = 90d\n"
                                                             "$ bulla init\n"},
                                                    {0}};

static const struct bulla_rule_example build_arg_not_declared[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    build:\n"
            "      context: .\n"
            "      args:\n"
            "        VERSION: \"3.1\"\n"
            "-- Dockerfile --\n"
            "FROM alpine\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    build:\n"
             "      context: .\n"
             "      args:\n"
             "        VERSION: \"3.1\"\n"
             "-- Dockerfile --\n"
             "FROM alpine\n"
             "ARG VERSION\n"
             "RUN fetch v$VERSION\n"},
    {0}};

static const struct bulla_rule_example ignore_unused[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:16\n"
            "    environment:\n"
            "      # bulla: ignore B405 a database for tests, thrown away with them\n"
            "      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n"
            "-- .env --\n"
            "DB_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: postgres:16\n"
             "    environment:\n"
             "      # bulla: ignore B405 a database for tests, thrown away with them\n"
             "      POSTGRES_PASSWORD: postgres\n"},
    {0}};

static const struct bulla_rule_example ignore_unclear[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:16\n"
            "    environment:\n"
            "      POSTGRES_PASSWORD: postgres # bulla: ignore B405\n",
     .good =
         "-- compose.yaml --\n"
         "services:\n"
         "  db:\n"
         "    image: postgres:16\n"
         "    environment:\n"
         "      POSTGRES_PASSWORD: postgres # bulla: ignore B405 thrown away after each test\n"},
    {0}};

const struct bulla_rule rules_stale[] = {
    [RULE_OVERDUE - RULE_STALE] =
        {
            .id = "B501",
            .name = "overdue",
            .severity = BULLA_WARNING,
            .summary = "a secret is past its rotation period",
            .text =
                "The contract's `rotate` period has passed since the current version was made, or "
                "it has expired. A key that data is likely to be sealed with turns by name: "
                "only a period of its own section counts for it.",
            .help = "bulla rotate --due",
            .examples = overdue,
        },
    [RULE_CERTIFICATE_ENDS - RULE_STALE] =
        {
            .id = "B502",
            .name = "certificate-ends",
            .severity = BULLA_WARNING,
            .summary = "a certificate ends soon",
            .text = "A value of the vault, or a file that a secret or config names, holds a "
                    "certificate (PEM) that ends within 30 days; one that has ended is an error. "
                    "Of a chain the one that ends first counts. Nothing else of it is verified.",
            .help = "renew it, then bulla set the new one or replace the file",
            .examples = example_certificate_ends,
        },
    [RULE_RENDERED_OLD - RULE_STALE] =
        {
            .id = "B503",
            .name = "rendered-out-of-date",
            .severity = BULLA_WARNING,
            .summary = "the rendered file is not what the vault holds",
            .text = "The env file on disk and the vault disagree about a name: it was set or "
                    "turned since the file was written, or somebody has edited the file. Where "
                    "another environment is rendered to the same file and the file has what that "
                    "one has, it is named, and an error where a service reads the file "
                    "(env_file, a bind mount, a secret or a config); that two environments are "
                    "rendered to it in two formats is a note. A secret that the vault never had "
                    "under its name, and no such environment either, is somebody's edit, and so is "
                    "a derived value in which none of the vault's secrets stands: 'bulla "
                    "render' does not write over it. Names are told, values never. Without a key "
                    "that opens the vault "
                    "nothing is compared.",
            .help = "bulla render, and docker compose up -d for what uses it",
            .examples = example_rendered_old,
        },
    [RULE_UNUSED_IN_CONTRACT - RULE_STALE] =
        {
            .id = "B504",
            .name = "unused-in-contract",
            .severity = BULLA_NOTE,
            .summary = "the contract lists a variable that nothing uses",
            .text =
                "No compose file of this or another environment refers to it, no service reads it "
                "from an env file, no other variable is made from it and no live service is told "
                "of it. It is made, kept and turned for nothing, or a compose file misspells it. "
                "All of them are one finding, at the first one's section. Of names that a sample "
                "lists B505 tells.",
            .help = "take its section out, or correct the name where it is used",
            .examples = example_unused_in_contract,
        },
    [RULE_UNUSED_IN_SAMPLE - RULE_STALE] =
        {
            .id = "B505",
            .name = "unused-in-sample",
            .severity = BULLA_NOTE,
            .summary = "a sample lists names that nothing reads",
            .text =
                "The sample env file (the environment's template, else .env.example and its like) "
                "has names that no compose file refers to and no service is handed: people fill "
                "them in for nothing. Nothing is said where a service takes the whole file as "
                "env_file, nor where most of the file is not read here: it is something else's. A "
                "program that reads .env by itself, from a mounted folder, is not seen.",
            .help = "take the lines out, or ignore this rule for the file with a reason",
            .examples = example_unused_in_sample,
        },
    [RULE_NEVER_INJECTED - RULE_STALE] =
        {
            .id = "B506",
            .name = "never-injected",
            .severity = BULLA_NOTE,
            .summary = "a variable is set and never reaches a service",
            .text = ".env only gives values to ${NAME} in compose files; a container sees none of "
                    "it by itself. These names are set, and neither referred to nor handed over "
                    "with env_file. Nothing is said of a file of which the most is not read here.",
            .help = "name them in the environment of the service that wants them, or take them out",
            .examples = example_never_injected,
        },
    [RULE_SHADOWED - RULE_STALE] =
        {
            .id = "B507",
            .name = "shadowed",
            .severity = BULLA_WARNING,
            .summary = "a value is hidden by another source",
            .text =
                "Compose takes the first of several sources: a variable of the process that starts "
                "it beats every env file (empty ones too), the .env of the folder where it is "
                "started beats the project's, a service's `environment` beats its `env_file`, and "
                "an entry without a value that is set nowhere takes the env_file's value away. A "
                "finding is there only where the values differ and something uses the name; a "
                "secret that stands both in `environment` and in env_file is a note.",
            .help = "unset the one that is not meant, or make both the same",
            .examples = example_shadowed,
        },
    [RULE_BUILD_ARG_NOT_DECLARED - RULE_STALE] =
        {
            .id = "B508",
            .name = "build-arg-not-declared",
            .severity = BULLA_NOTE,
            .summary = "a build argument that the Dockerfile does not declare",
            .text = "`build.args` passes a name that no ARG of the Dockerfile takes: the builder "
                    "says that it was not consumed, and it has no effect.",
            .help = "drop it, or declare it: ARG NAME",
            .examples = build_arg_not_declared,
        },
    [RULE_IGNORE_UNUSED - RULE_STALE] =
        {
            .id = "B509",
            .name = "ignore-unused",
            .severity = BULLA_NOTE,
            .summary = "a comment that ignores nothing",
            .text = "A `# bulla: ignore` comment names a rule that finds nothing at its line: what "
                    "it was for is gone, and the next thing that the rule finds there would be "
                    "missed.\n\n"
                    "A comment behind something is about its own line, one that stands alone about "
                    "the next line that is no comment.",
            .help = "take the comment out",
            .examples = ignore_unused,
        },
    [RULE_IGNORE_UNCLEAR - RULE_STALE] =
        {
            .id = "B510",
            .name = "ignore-unclear",
            .severity = BULLA_NOTE,
            .summary = "a comment that does not say what it ignores and why",
            .text = "`# bulla: ignore B405 the reason`: the rule by its id or name, several with "
                    "commas and no blanks, and behind them why. Without a reason, or with a rule "
                    "that does not exist, nothing is ignored.",
            .help = "# bulla: ignore RULE the reason",
            .examples = ignore_unclear,
        },
};
