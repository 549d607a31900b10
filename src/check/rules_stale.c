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
};
