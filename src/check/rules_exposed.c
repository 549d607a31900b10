/* Family 4, exposed. */
#include "check/rules.h"

#include "base/banned.h"

static const struct bulla_rule_example file_mode[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
            "$ chmod 644 .env\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
             "$ chmod 600 .env\n"},
    {0}};

static const struct bulla_rule_example file_tracked[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
            "$ git init -q\n"
            "$ git add .\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
             "-- .gitignore --\n"
             "/.env\n"
             "$ git init -q\n"
             "$ git add .\n"},
    {0}};

static const struct bulla_rule_example file_not_ignored[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
            "$ git init -q\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
             "-- .gitignore --\n"
             "/.env\n"
             "$ git init -q\n"},
    {0}};

static const struct bulla_rule_example exposed[] = {{0}};

const struct bulla_rule rules_exposed[] = {
    [RULE_FILE_MODE - RULE_IS_EXPOSED] =
        {
            .id = "B401",
            .name = "file-mode",
            .severity = BULLA_WARNING,
            .summary = "others may read a rendered file",
            .text = "The file holds secrets and its mode lets the group or everybody read it.",
            .help = "chmod 600 the file, or bulla render",
            .examples = file_mode,
        },
    [RULE_FILE_TRACKED - RULE_IS_EXPOSED] =
        {
            .id = "B402",
            .name = "file-tracked",
            .severity = BULLA_ERROR,
            .summary = "git tracks a rendered file",
            .text =
                "The file holds secrets, and every clone of the repository has them, its history "
                "too.",
            .help = "git rm --cached the file, then rotate what stood in it",
            .examples = file_tracked,
        },
    [RULE_FILE_NOT_IGNORED - RULE_IS_EXPOSED] =
        {
            .id = "B403",
            .name = "file-not-ignored",
            .severity = BULLA_WARNING,
            .summary = "git does not ignore a rendered file",
            .text = "The next \"git add .\" would commit it.",
            .help = "add a line for it to .gitignore",
            .examples = file_not_ignored,
        },
    [RULE_EXPOSED - RULE_IS_EXPOSED] =
        {
            .id = "B404",
            .name = "exposed",
            .severity = BULLA_WARNING,
            .summary = "somebody who has left could read a value",
            .text = "The version was sealed for a member who was removed since, or was marked "
                    "exposed. It stays a finding until the value is turned at its source: a "
                    "warning at first, so that nobody's leaving stops a deploy, and an error after "
                    "`exposed-grace` of [check] (14 days without it).",
            .help = "bulla rotate NAME",
            .examples = exposed,
        },
};
