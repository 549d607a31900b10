#include "check/rules.h"

#include <string.h>

#include "bulla/check.h"

#include "base/banned.h"

/* One row a rule; enum rule names the rows. docs/rules.md and `explain` are written from it. */
static const struct bulla_rule rules[RULE_COUNT] = {
    [RULE_REQUIRED_UNSET] =
        {"B101", "required-unset", BULLA_ERROR, "a required variable has no value",
         "A compose file says ${NAME:?message} or ${NAME?message}, and NAME has no value. Compose "
         "refuses every command on the project, also for services of inactive profiles, and names "
         "one such variable only, chosen at random, without file or line.",
         "environment: [\"TOKEN=${TOKEN:?set it}\"]   with TOKEN set nowhere",
         "bulla set TOKEN, or bulla fill where the contract says how to make it"},
    [RULE_REQUIRED_EMPTY] =
        {"B102", "required-empty", BULLA_ERROR, "a required variable is empty",
         "${NAME:?message} refuses an empty value too (${NAME?message} would take it). A line "
         "\"NAME=\" in an env file, or an empty variable of the process that runs Compose, is "
         "such a value and hides any other.",
         "TOKEN=   in .env, with ${TOKEN:?set it}", "TOKEN=some value"},
    [RULE_BLANK] =
        {"B103", "silently-blank", BULLA_WARNING, "an unset variable would silently become blank",
         "${NAME} without a default becomes an empty string when NAME has no value. Compose "
         "warns, goes on, and the service starts with an empty setting or secret.",
         "API_KEY: ${API_KEY}   with API_KEY set nowhere",
         "API_KEY: ${API_KEY:?where to get it}, or a default: ${API_KEY:-}"},
    [RULE_NO_VALUE] =
        {"B104", "no-value", BULLA_ERROR, "a variable of the contract has no value",
         "The contract lists this variable without `optional = yes`, and the environment has no "
         "value for it.",
         "[BINANCE_API_KEY] kind = provided   with nothing in the vault",
         "bulla set BINANCE_API_KEY, or optional = yes in its section"},
    [RULE_SECRET_SOURCE_UNSET] =
        {"B105", "secret-source-unset", BULLA_ERROR,
         "a secret or config takes its value from an unset variable",
         "`secrets: NAME: environment: VARIABLE` is a reference without a dollar sign: Compose "
         "loads the file and fails when it creates the container.",
         "secrets: {db: {environment: DB_PASSWORD}}   with DB_PASSWORD set nowhere",
         "bulla set DB_PASSWORD"},
    [RULE_NOT_IN_CONTRACT] =
        {"B106", "not-in-contract", BULLA_WARNING, "the contract does not know a variable",
         "A compose file uses a variable that bulla.ini does not list, so nobody says how its "
         "value is made, checked and turned, and render and run do not provide it.",
         "${NEW_TOKEN} in compose.yaml, no [NEW_TOKEN] in bulla.ini",
         "[NEW_TOKEN] with kind = hex:32 in bulla.ini"},
    [RULE_COLON_IN_MESSAGE] =
        {"B201", "colon-in-message", BULLA_ERROR,
         "a colon and a blank inside an unquoted message break the YAML",
         "In an unquoted YAML text \": \" starts a mapping. Behind a key the file is no longer "
         "YAML (\"mapping values are not allowed in this context\"); in a list item it silently "
         "becomes a mapping whose key holds half the reference, which then is never checked.",
         "command: serve ${TOKEN:?Error: TOKEN not set}",
         "command: \"serve ${TOKEN:?Error: TOKEN not set}\""},
    [RULE_HASH_IN_MESSAGE] =
        {"B202", "hash-in-message", BULLA_ERROR,
         "a blank and a # inside an unquoted reference start a comment",
         "In an unquoted YAML text \" #\" starts a comment: the rest of the reference, its brace "
         "included, is gone.",
         "image: app:${TAG:?see issue #12}", "image: \"app:${TAG:?see issue #12}\""},
    [RULE_INVALID_REFERENCE] =
        {"B203", "invalid-reference", BULLA_ERROR, "a reference that Compose cannot read",
         "After \"${\" Compose wants a name and then } or one of :- - :? ? :+ +. A literal dollar "
         "sign is written $$.",
         "command: echo ${1}", "command: echo $${1}"},
    [RULE_UNREADABLE] =
        {"B204", "unreadable", BULLA_ERROR, "a file that Compose would refuse",
         "The file is missing, is not text, or is not of its grammar. What can be found in it "
         "all the same is checked.",
         "a compose file with a tab as indentation", "two blanks"},
    [RULE_WRONG_SHAPE] =
        {"B205", "wrong-shape", BULLA_ERROR, "a value is not what the contract says",
         "The value does not fit its kind, type, range, pattern, length or choice.",
         "MAX_POSITION_SIZE=lots   with type = number", "MAX_POSITION_SIZE=10000"},
    [RULE_RELATION] = {"B206", "relation", BULLA_ERROR,
                       "two values do not go together as the contract says",
                       "`differs`, `same-as` and `requires` compare a variable with another one.",
                       "JWT_SECRET and ENCRYPTION_KEY with one value, and differs = JWT_SECRET",
                       "two values"},
    [RULE_ENV_NOT_READ] =
        {"B207", "env-not-read", BULLA_WARNING, "an env file that Compose does not read",
         "Compose reads .env from the project directory: that of the first -f file. An .env "
         "beside you is read only when that is the same folder, or with --project-directory.",
         "docker compose -f docker/docker-compose.yml up   with ./.env",
         "docker compose --project-directory . -f docker/docker-compose.yml up"},
    [RULE_CONTESTED] =
        {"B208", "contested", BULLA_ERROR, "two branches set one name to different values",
         "The vault was merged from branches that both changed this name. Reading it fails until "
         "somebody chooses.",
         "a merge of two rotations of one secret", "bulla set NAME with the value that is right"},
    [RULE_PROJECT_NOTE] =
        {"B209", "project-note", BULLA_NOTE, "something about the project that is easy to miss",
         "More than one file with a default name lies side by side and Compose reads one of them, "
         "or a profile is asked for that no service has.",
         "compose.yaml beside docker-compose.yml", "one of them"},
    [RULE_NO_LOCAL_KEY] =
        {"B210", "values-not-looked-at", BULLA_NOTE, "values could not be looked at",
         "No identity here opens the vault. What needs no key was checked: which names have a "
         "value, their age, and who could read them; not whether the values fit.",
         "a pull request from a fork", "an identity, where there is one: --identity FILE"},
    [RULE_FOREIGN_ENV_FILE] =
        {"B211", "foreign-env-file", BULLA_ERROR,
         "a service reads the rendered file of another environment",
         "`env_file` names the file that another environment renders to: the service would start "
         "with that environment's values, and those of this one would not reach it.",
         "env_file: .env   in the stack of prod, which renders .env.prod",
         "env_file: ${ENV_FILE:-.env}, or output = .env in [environment prod]"},
    [RULE_PLACEHOLDER] =
        {"B301", "placeholder", BULLA_ERROR, "a value is still a placeholder",
         "The value is a text that stands in samples, such as changeme or your-key-here, or a "
         "word that everybody tries first.",
         "JWT_SECRET=CHANGE_ME_IN_PRODUCTION", "bulla rotate JWT_SECRET"},
    [RULE_GUESSABLE_DEFAULT] =
        {"B302", "guessable-default", BULLA_WARNING,
         "a secret falls back to a default that everybody can read",
         "${NAME:-default} on a secret: without a value the service starts with what stands in "
         "the compose file.",
         "GF_SECURITY_ADMIN_PASSWORD: ${GRAFANA_PASSWORD:-admin}",
         "GF_SECURITY_ADMIN_PASSWORD: ${GRAFANA_PASSWORD:?run bulla fill}"},
    [RULE_WARN_WHEN] = {"B303", "warn-when", BULLA_WARNING,
                        "a setting has a value that the contract warns of",
                        "The contract's `warn-when` names this value.",
                        "BINANCE_TESTNET=true   with warn-when@prod = true",
                        "BINANCE_TESTNET=false"},
    [RULE_FILE_MODE] = {"B401", "file-mode", BULLA_WARNING, "others may read a rendered file",
                        "The file holds secrets and its mode lets the group or everybody read it.",
                        ".env with mode 0644", "chmod 600 .env, or bulla render"},
    [RULE_FILE_TRACKED] =
        {"B402", "file-tracked", BULLA_ERROR, "git tracks a rendered file",
         "The file holds secrets, and every clone of the repository has them, its history too.",
         ".env in git ls-files", "git rm --cached .env, then rotate what stood in it"},
    [RULE_FILE_NOT_IGNORED] = {"B403", "file-not-ignored", BULLA_WARNING,
                               "git does not ignore a rendered file",
                               "The next \"git add .\" would commit it.",
                               ".env missing in .gitignore", "/.env in .gitignore"},
    [RULE_EXPOSED] =
        {"B404", "exposed", BULLA_WARNING, "somebody who has left could read a value",
         "The version was sealed for a member who was removed since, or was marked exposed. It "
         "stays a finding until the value is turned at its source.",
         "bob was removed; DB_PASSWORD is what he could read", "bulla rotate DB_PASSWORD"},
    [RULE_OVERDUE] =
        {"B501", "overdue", BULLA_WARNING, "a secret is past its rotation period",
         "The contract's `rotate` period has passed since the current version was made.",
         "rotate = 90d, last turned 120 days ago", "bulla rotate --due"},
};

size_t bulla_rule_count(void)
{
    return RULE_COUNT;
}

const struct bulla_rule *bulla_rule(size_t index)
{
    return index < RULE_COUNT ? &rules[index] : NULL;
}

const struct bulla_rule *bulla_rule_find(const char *id)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (strcmp(rules[i].id, id) == 0 || strcmp(rules[i].name, id) == 0) {
            return &rules[i];
        }
    }
    return NULL;
}
