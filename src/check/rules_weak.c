/* Family 3, weak. */
#include "check/rules.h"

#include "base/banned.h"

static const struct bulla_rule_example placeholder[] = {{.bad = "-- compose.yaml --\n"
                                                                "services:\n"
                                                                "  api:\n"
                                                                "    image: example/api\n"
                                                                "    environment:\n"
                                                                "      JWT_SECRET: "
                                                                "${JWT_SECRET:?}\n"
                                                                "-- .env --\n"
                                                                "JWT_SECRET="
                                                                "CHANGE_ME_IN_PRODUCTION\n",
                                                         .good = "-- compose.yaml --\n"
                                                                 "services:\n"
                                                                 "  api:\n"
                                                                 "    image: example/api\n"
                                                                 "    environment:\n"
                                                                 "      JWT_SECRET: "
                                                                 "${JWT_SECRET:?}\n"
                                                                 "$ bulla init\n"},
                                                        {0}};

static const struct bulla_rule_example guessable_default[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  grafana:\n"
            "    image: grafana/grafana\n"
            "    environment:\n"
            "      GF_SECURITY_ADMIN_PASSWORD"
            ": ${GRAFANA_PASSWORD:-admin}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  grafana:\n"
             "    image: grafana/grafana\n"
             "    environment:\n"
             "      GF_SECURITY_ADMIN_PASSWORD"
             ": ${GRAFANA_PASSWORD:?}\n"
             "$ bulla init\n"},
    {0}};

static const struct bulla_rule_example warn_when[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  bot:\n"
            "    image: example/bot\n"
            "    environment:\n"
            "      BINANCE_TESTNET: ${BINANCE_TESTNET:?}\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "format       = 1\n"
            "environments = prod\n"
            "[BINANCE_TESTNET]\n"
            "kind           = setting\n"
            "default        = true\n"
            "warn-when@prod = true\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  bot:\n"
             "    image: example/bot\n"
             "    environment:\n"
             "      BINANCE_TESTNET: ${BINANCE_TESTNET:?}\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "format       = 1\n"
             "environments = prod\n"
             "[BINANCE_TESTNET]\n"
             "kind           = setting\n"
             "default        = true\n"
             "default@prod   = false\n"
             "warn-when@prod = true\n"},
    {0}};

const struct bulla_rule rules_weak[] = {
    [RULE_PLACEHOLDER - RULE_WEAK] =
        {
            .id = "B301",
            .name = "placeholder",
            .severity = BULLA_ERROR,
            .summary = "a value is still a placeholder",
            .text =
                "The value is a text that stands in samples, such as changeme or your-key-here, "
                "or a word that everybody tries first.",
            .help = "give it a value of its own: bulla rotate NAME makes one",
            .examples = placeholder,
        },
    [RULE_GUESSABLE_DEFAULT - RULE_WEAK] =
        {
            .id = "B302",
            .name = "guessable-default",
            .severity = BULLA_WARNING,
            .summary = "a secret falls back to a default that everybody can read",
            .text = "${NAME:-default} on a secret: without a value the service starts with what "
                    "stands in the compose file.",
            .help = "write ${NAME:?} instead of a default, and give it a value",
            .examples = guessable_default,
        },
    [RULE_WARN_WHEN - RULE_WEAK] =
        {
            .id = "B303",
            .name = "warn-when",
            .severity = BULLA_WARNING,
            .summary = "a setting has a value that the contract warns of",
            .text = "The contract's `warn-when` names this value.",
            .help = "change the value, or take it out of warn-when",
            .examples = warn_when,
        },
};
