/* Family 5, stale. */
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
            .text = "The contract's `rotate` period has passed since the current version was made.",
            .help = "bulla rotate --due",
            .examples = overdue,
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
