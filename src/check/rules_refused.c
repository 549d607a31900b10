/* Family 2, broken: what Compose makes of the whole. */
#include "check/rules.h"

#include "base/banned.h"

static const struct bulla_rule_example lines_disagree[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      DATABASE_URL: ${DATABASE_URL:-postgres://db/${DB_NAME:?which one?}}\n"
            "-- .env --\n"
            "DATABASE_URL=postgres://other/api\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      DATABASE_URL: ${DATABASE_URL:-postgres://db/${DB_NAME:?which one?}}\n"
             "-- .env --\n"
             "DATABASE_URL=postgres://other/api\n"
             "DB_NAME=api\n"},
    {0}};

static const struct bulla_rule_example refused_value[] = {
    {.about = "a type",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    privileged: ${PRIVILEGED:-maybe}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    privileged: ${PRIVILEGED:-false}\n"},
    {.about = "a key",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    enviroment:\n"
            "      REGION: eu-central\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      REGION: eu-central\n"},
    {0}};

static const struct bulla_rule_example refused_parts[] = {{.bad = "-- compose.yaml --\n"
                                                                  "services:\n"
                                                                  "  api:\n"
                                                                  "    image: example/api\n"
                                                                  "    networks: [backend]\n",
                                                           .good = "-- compose.yaml --\n"
                                                                   "services:\n"
                                                                   "  api:\n"
                                                                   "    image: example/api\n"
                                                                   "    networks: [backend]\n"
                                                                   "networks:\n"
                                                                   "  backend:\n"},
                                                          {0}};

static const struct bulla_rule_example empty_section[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment: [LOG_LEVEL, LOG_FORMAT]\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "environments = dev\n"
            "[LOG_LEVEL]\n"
            "[LOG_FORMAT]\n"
            "kind = setting\n"
            "default = json\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment: [LOG_LEVEL, LOG_FORMAT]\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "environments = dev\n"
             "[LOG_LEVEL]\n"
             "kind = setting\n"
             "default = info\n"
             "[LOG_FORMAT]\n"
             "kind = setting\n"
             "default = json\n"},
    {0}};

const struct bulla_rule rules_refused[] = {
    [RULE_LINES_DISAGREE - RULE_REFUSED] =
        {
            .id = "B218",
            .name = "lines-disagree",
            .severity = BULLA_WARNING,
            .summary = "older and newer versions of Compose disagree about a reference",
            .text =
                "Up to 5.0.1 Compose evaluated the text behind :- and :+ also where it is not "
                "used: a variable that is required in there had to be set all the same, and one "
                "that is not set was warned of. Since 5.0.2 it looks only at what is used. A "
                "project that one machine takes may be refused on another. Which line check "
                "follows is said with --compose. A note where the older line only warns. So it is "
                "with the references in env files.",
            .help = "give the variable a value",
            .examples = lines_disagree,
        },
    [RULE_REFUSED_VALUE - RULE_REFUSED] =
        {
            .id = "B219",
            .name = "refused-value",
            .severity = BULLA_ERROR,
            .summary = "a value or a key that Compose does not take where it stands",
            .text =
                "Compose merges its files, puts in the variables and compares the result with what "
                "it knows: the types of numbers and booleans, the names of keys, the forms of "
                "ports, mounts, sizes and times. It refuses the project at the first thing that "
                "does not fit, and does not say in which line. The message is Compose's own, with "
                "… for what comes from a value. Nothing is said where it depends on a secret or on "
                "a variable that is missing.",
            .help = "docker compose config shows Compose's own words",
            .examples = refused_value,
        },
    [RULE_REFUSED_PARTS - RULE_REFUSED] =
        {
            .id = "B220",
            .name = "refused-parts",
            .severity = BULLA_ERROR,
            .summary = "parts of the project that do not go together",
            .text =
                "A service names a network, volume, secret, config or service that the project "
                "does not have, extends what is not there, depends on itself, has no image, or "
                "says two things that exclude each other: Compose refuses the project. Profiles "
                "count: a service that is not active is not there for others.",
            .help = "docker compose config shows Compose's own words",
            .examples = refused_parts,
        },
    [RULE_EMPTY_SECTION - RULE_REFUSED] =
        {
            .id = "B221",
            .name = "empty-section",
            .severity = BULLA_WARNING,
            .summary = "a section of bulla.ini says nothing about its variable",
            .text =
                "Without a line below it, a section makes its variable a secret that somebody has "
                "to give. Where two branches both add a section behind the same line, git finds "
                "the "
                "lines that are alike in both, and a conflict that is settled by keeping both "
                "heads "
                "leaves the first one without its own.",
            .help = "write what it was: kind = provided, kind = hex:32, …; or take its head out",
            .examples = empty_section,
        },
};
