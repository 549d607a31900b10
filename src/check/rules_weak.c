/* Family 3, weak. */
#include "check/examples.h"
#include "check/rules.h"

#include "base/banned.h"

static const struct bulla_rule_example placeholder[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      JWT_SECRET: ${JWT_SECRET:?}\n"
            "-- .env --\n"
            "JWT_SECRET=CHANGE_ME_IN_PRODUCTION\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      JWT_SECRET: ${JWT_SECRET:?}\n"
             "$ bulla init\n"},
    {.about = "written out in a compose file: a warning",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      JWT_SECRET: <your-secret-here>\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      JWT_SECRET: ${JWT_SECRET:?}\n"
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

static const struct bulla_rule_example too_short[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: example/db\n"
            "    environment:\n"
            "      DB_PASSWORD: ${DB_PASSWORD:?}\n"
            "-- .env --\n"
            "DB_PASSWORD=tR7wkLm9\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: example/db\n"
             "    environment:\n"
             "      DB_PASSWORD: ${DB_PASSWORD:?}\n"
             "-- .env --\n"
             "DB_PASSWORD=tR7wkLm94xQbP2vZ5nHs\n"},
    {.about = "a server is given an empty one",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:16\n"
            "    environment:\n"
            "      - POSTGRES_PASSWORD=\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: postgres:16\n"
             "    environment:\n"
             "      - POSTGRES_PASSWORD=${DB_PASSWORD:?}\n"
             "-- .env --\n"
             "DB_PASSWORD=tR7wkLm94xQbP2vZ5nHs\n"},
    {0}};

static const struct bulla_rule_example low_entropy[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: example/db\n"
            "    environment:\n"
            "      DB_PASSWORD: ${DB_PASSWORD:?}\n"
            "-- .env --\n"
            "DB_PASSWORD=tradebot_secure_pass_123\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: example/db\n"
             "    environment:\n"
             "      DB_PASSWORD: ${DB_PASSWORD:?}\n"
             "-- .env --\n"
             "DB_PASSWORD=tR7wkLm94xQbP2vZ5nHs\n"},
    {0}};

static const struct bulla_rule_example shared_value[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      JWT_SECRET: ${JWT_SECRET:?}\n"
            "      ENCRYPTION_KEY: ${ENCRYPTION_KEY:?}\n"
            "-- .env --\n"
            "JWT_SECRET=4d1f0c5b7e92a8367f08d31c9be4a652\n"
            "ENCRYPTION_KEY=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      JWT_SECRET: ${JWT_SECRET:?}\n"
             "      ENCRYPTION_KEY: ${ENCRYPTION_KEY:?}\n"
             "-- .env --\n"
             "JWT_SECRET=4d1f0c5b7e92a8367f08d31c9be4a652\n"
             "ENCRYPTION_KEY=8be30a97c4d25f1160e8a94d7c3b5f02\n"},
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
                "or a word that everybody tries first. Where such a text is written out in a "
                "compose file, it is what the service gets.",
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
    [RULE_PUBLISHED - RULE_WEAK] =
        {
            .id = "B304",
            .name = "published-value",
            .severity = BULLA_ERROR,
            .summary = "a secret has a value that is published",
            .text =
                "The value looks real, and everybody can read it: it stands in the sample file or "
                "as a default in a compose file of the project, so that all who copied them have "
                "the same one; or a product prints it in its documentation. It counts as not set. "
                "A URL "
                "with the password that a compose file itself has for a server works, and is a "
                "warning.",
            .help = "give it a value of its own: bulla generate makes one",
            .examples = example_published_value,
        },
    [RULE_SHORT - RULE_WEAK] =
        {
            .id = "B305",
            .name = "too-short",
            .severity = BULLA_WARNING,
            .summary = "a secret is so short that it can be tried out",
            .text =
                "A password has fewer than 12 characters, or a key fewer than 16; or a server is "
                "given an empty password. What a third party gives out is not judged, nor is "
                "what bulla made of a kind that the contract names.",
            .help = "give it a longer value: bulla generate makes one",
            .examples = too_short,
        },
    [RULE_GUESSABLE - RULE_WEAK] =
        {
            .id = "B306",
            .name = "low-entropy",
            .severity = BULLA_WARNING,
            .summary = "a secret is long, and made of what is guessed first",
            .text =
                "The value is made of words, names, rows like 123 or abc, and repeats. A guesser "
                "that knows such parts needs fewer than 2^50 tries, whatever the length. Six or "
                "seven words that were drawn at random are well above that.",
            .help = "give it a random value: bulla generate makes one",
            .examples = low_entropy,
        },
    [RULE_URL_UNSAFE - RULE_WEAK] =
        {
            .id = "B307",
            .name = "breaks-url",
            .severity = BULLA_ERROR,
            .summary = "a password breaks the URL that it is put into",
            .text =
                "In a URL the characters @ / ? # and some others end the part that a password "
                "stands in, so that the rest of it is taken for a host, a path or nothing at all. "
                "They have to be written as %40 and the like there, which Compose does not do. A "
                "value of letters and digits needs no such care.",
            .help = "give it a value of letters and digits",
            .examples = example_breaks_url,
        },
    [RULE_SHARED - RULE_WEAK] =
        {
            .id = "B308",
            .name = "shared-value",
            .severity = BULLA_WARNING,
            .summary = "two secrets have the same value",
            .text = "Who has one of the two has the other, and one cannot be turned without the "
                    "other. Nothing is said of passwords, which may be the two ends of one "
                    "connection; one variable for both keeps those together. "
                    "What the contract says with `same-as` or `differs` is not said again.",
            .help = "give each its own value, or use one variable in both places",
            .examples = shared_value,
        },
    [RULE_SHARED_ENVIRONMENT - RULE_WEAK] =
        {
            .id = "B309",
            .name = "shared-between-environments",
            .severity = BULLA_WARNING,
            .summary = "a secret has the same value in two environments",
            .text = "Who may read the one, a developer or a test machine, has the other. The "
                    "vaults of the "
                    "other environments are compared where the key at hand opens them, and without "
                    "a vault the env files "
                    "that lie beside the one that is checked. A value that is a placeholder or "
                    "published is a finding of "
                    "its own.",
            .help = "give each environment its own value",
            .examples = example_shared_between_environments,
        },
    [RULE_NOT_AS_STATED - RULE_WEAK] =
        {
            .id = "B310",
            .name = "not-as-stated",
            .severity = BULLA_WARNING,
            .summary = "a secret has not the form that the project states",
            .text = "A comment in the sample file or the message of a required reference says what "
                    "the value has to look like, \"64 hex characters\" for example, or the name "
                    "has one form only, as a Fernet key has; and the value is of another form. "
                    "Applications refuse such a key when they start, or when they first use it. "
                    "Where a contract says what the variable is, that is judged instead.",
            .help = "give it a value of that form: bulla generate makes one",
            .examples = example_not_as_stated,
        },
};
