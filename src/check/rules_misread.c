/* Family 2, broken: what Compose reads otherwise than it was meant. */
#include "check/rules.h"

#include "base/banned.h"

static const struct bulla_rule_example swapped_operator[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      BASE_URL: ${BASE_URL?:the address of the site}\n"
            "-- .env --\n"
            "BASE_URL=https://shop.example.org\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      BASE_URL: ${BASE_URL:?the address of the site}\n"
             "-- .env --\n"
             "BASE_URL=https://shop.example.org\n"},
    {0}};

static const struct bulla_rule_example brace_count[] = {
    {.about = "'{}' takes in the reference behind it, which is never checked while "
              "LABELS has a value",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      SETTINGS: \"${LABELS:-{}} ${TOKEN:?set it}\"\n"
            "-- .env --\n"
            "LABELS=none\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      SETTINGS: \"${LABELS:-none} ${TOKEN:?set it}\"\n"
             "-- .env --\n"
             "TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "a brace is missing: the } of the second reference ends the first",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      URL: ${SCHEME:-http://${HOST:-localhost}\n"
            "-- .env --\n"
            "SCHEME=https\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      URL: ${SCHEME:-http}://${HOST:-localhost}\n"
             "-- .env --\n"
             "SCHEME=https\n"},
    {.about = "'{{' ends it too early: a } is left over",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      FORMAT: \"${FORMAT:-{{.Name}}}\"\n"
            "-- .env --\n"
            "FORMAT=json\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      FORMAT: \"${FORMAT:-json}\"\n"
             "-- .env --\n"
             "FORMAT=json\n"},
    {0}};

static const struct bulla_rule_example dollar_in_value[] = {
    {.about = "in an env file: everything from $ on is lost",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: example/db\n"
            "    environment:\n"
            "      DB_PASSWORD: ${DB_PASSWORD:?}\n"
            "-- .env --\n"
            "DB_PASSWORD=tR7w$kLm94xQbP2vZ\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: example/db\n"
             "    environment:\n"
             "      DB_PASSWORD: ${DB_PASSWORD:?}\n"
             "-- .env --\n"
             "DB_PASSWORD='tR7w$kLm94xQbP2vZ'\n"},
    {.about = "in an env file: a # that is no comment",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: example/db\n"
            "    environment:\n"
            "      DB_PASSWORD: ${DB_PASSWORD:?}\n"
            "-- .env --\n"
            "DB_PASSWORD=tR7wkLm94xQbP2vZ #8s\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: example/db\n"
             "    environment:\n"
             "      DB_PASSWORD: ${DB_PASSWORD:?}\n"
             "-- .env --\n"
             "DB_PASSWORD='tR7wkLm94xQbP2vZ #8s'\n"},
    {0}};

static const struct bulla_rule_example duplicate_key[] = {
    {.about = "in a compose file",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      LOG_LEVEL: info\n"
            "      PORT: \"8080\"\n"
            "      LOG_LEVEL: debug\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      PORT: \"8080\"\n"
             "      LOG_LEVEL: debug\n"},
    {.about = "in an env file",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"
            "-- .env --\n"
            "LOG_LEVEL=warning\n"
            "LOG_LEVEL=debug\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"
             "-- .env --\n"
             "LOG_LEVEL=debug\n"},
    {0}};

static const struct bulla_rule_example reference_in_key[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    labels:\n"
            "      \"traefik.http.routers.${ROUTER}.rule\": Host(`api.example.org`)\n"
            "-- .env --\n"
            "ROUTER=api\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    labels:\n"
             "      - "
             "\"traefik.http.routers.${ROUTER}.rule=Host(`api.example.org`)\"\n"
             "-- .env --\n"
             "ROUTER=api\n"},
    {0}};

static const struct bulla_rule_example open_quote[] = {
    {.about = "no further quote: Compose refuses the file",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      TITLE: ${TITLE:-shop}\n"
            "-- .env --\n"
            "TITLE=\"My shop\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      TITLE: ${TITLE:-shop}\n"
             "-- .env --\n"
             "TITLE=\"My shop\"\n"},
    {.about = "the next quote ends it: LANGUAGE is not set (a warning)",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      TITLE: ${TITLE:-shop}\n"
            "      LANGUAGE: ${LANGUAGE:-en}\n"
            "-- .env --\n"
            "TITLE=\"My shop\n"
            "LANGUAGE=\"de\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      TITLE: ${TITLE:-shop}\n"
             "      LANGUAGE: ${LANGUAGE:-en}\n"
             "-- .env --\n"
             "TITLE=\"My shop\"\n"
             "LANGUAGE=\"de\"\n"},
    {0}};

const struct bulla_rule rules_misread[] = {
    [RULE_OPERATOR - RULE_MISREAD] =
        {
            .id = "B212",
            .name = "swapped-operator",
            .severity = BULLA_WARNING,
            .summary = "'?:' is written where ':?' is meant",
            .text = "Compose reads ${NAME?:message} as the operator ? and a message "
                    "that begins with a colon: it refuses an unset variable, but takes "
                    "an empty one. ${NAME:?message} refuses both.",
            .help = "write the colon before the question mark",
            .examples = swapped_operator,
        },
    [RULE_BRACES - RULE_MISREAD] =
        {
            .id = "B213",
            .name = "brace-count",
            .severity = BULLA_ERROR,
            .summary = "Compose ends a reference elsewhere than its braces do",
            .text =
                "A reference with an operand ends, for Compose, at the last } of its line, or "
                "earlier where counting braces comes to zero; and the byte behind each { is "
                "skipped in that count. So '{}' in an operand is counted wrongly, and a missing } "
                "is not noticed. What comes to stand in the operand that way, another reference, "
                "too, is evaluated only when the operand is used: a required variable there is "
                "not checked, and its value is missing in the result.",
            .help = "give the text with braces a variable of its own",
            .examples = brace_count,
        },
    [RULE_DOLLAR - RULE_MISREAD] =
        {
            .id = "B214",
            .name = "dollar-in-value",
            .severity = BULLA_WARNING,
            .summary = "a part of a secret is read as a variable or as a comment",
            .text =
                "A value with a $ in it, a password or a hash, is not taken as it is: in an env "
                "file without quotes or in double quotes, and in a compose file, Compose reads "
                "$name in it as a variable, and where that is not set the part is gone. In an env "
                "file ' #' ends a value without quotes.",
            .help = "in an env file put the value in single quotes, in a compose file write $$",
            .examples = dollar_in_value,
        },
    [RULE_DUPLICATE - RULE_MISREAD] =
        {
            .id = "B215",
            .name = "duplicate-key",
            .severity = BULLA_ERROR,
            .summary = "one name is set twice",
            .text = "In a compose file one key twice in a mapping is an error: Compose refuses the "
                    "file. "
                    "In an env file it is none: the last line counts, and whoever changes the "
                    "first one "
                    "wonders. There it is a warning, and a note where both values are the same.",
            .help = "delete one of the two",
            .examples = duplicate_key,
        },
    [RULE_IN_KEY - RULE_MISREAD] =
        {
            .id = "B216",
            .name = "reference-in-key",
            .severity = BULLA_WARNING,
            .summary = "a reference stands in a key, where Compose does not look for one",
            .text = "Compose interpolates values only. A ${NAME} in the key of a mapping, the name "
                    "of a "
                    "label or of a variable for example, stays as it is, and a ${NAME:?message} "
                    "there is "
                    "never checked. In the list form, - KEY=VALUE, the whole text is a value.",
            .help = "write the list form: - \"KEY=VALUE\"",
            .examples = reference_in_key,
        },
    [RULE_QUOTE - RULE_MISREAD] =
        {
            .id = "B217",
            .name = "open-quote",
            .severity = BULLA_ERROR,
            .summary = "a quote in an env file is not closed where it should be",
            .text =
                "A quoted value may go on over lines, until the next quote of its kind. Where one "
                "is forgotten, the lines behind it become a part of the value; without any "
                "further quote Compose refuses the file, and names its last line.",
            .help = "close the quote",
            .examples = open_quote,
        },
};
