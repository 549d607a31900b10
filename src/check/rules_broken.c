/* Family 2, broken. */
#include "check/rules.h"

#include "base/banned.h"

static const struct bulla_rule_example colon_in_message[] = {
    {.about = "behind a key: the file is no YAML any more",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    command: serve ${REGION:?Error: REGION not set}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    command: \"serve ${REGION:?Error: REGION not set}\"\n"
             "-- .env --\n"
             "REGION=eu-central\n"},
    {.about = "in a list item: half the reference becomes a key",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      - TOKEN=${TOKEN:?Error: TOKEN not set}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      - \"TOKEN=${TOKEN:?Error: TOKEN not set}\"\n"
             "-- .env --\n"
             "TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

static const struct bulla_rule_example hash_in_message[] = {{.bad = "-- compose.yaml --\n"
                                                                    "services:\n"
                                                                    "  api:\n"
                                                                    "    image: "
                                                                    "app:${TAG:?see issue #12}\n",
                                                             .good =
                                                                 "-- compose.yaml --\n"
                                                                 "services:\n"
                                                                 "  api:\n"
                                                                 "    image: "
                                                                 "\"app:${TAG:?see issue #12}\"\n"
                                                                 "-- .env --\n"
                                                                 "TAG=1.4.2\n"},
                                                            {0}};

static const struct bulla_rule_example invalid_reference[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    command: sh -c 'echo ${1}'\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    command: sh -c 'echo $${1}'\n"},
    {0}};

static const struct bulla_rule_example unreadable[] = {{.bad = "-- compose.yaml --\n"
                                                               "services:\n"
                                                               "  api:\n"
                                                               "    image: example/api\n"
                                                               "    env_file: settings.env\n",
                                                        .good = "-- compose.yaml --\n"
                                                                "services:\n"
                                                                "  api:\n"
                                                                "    image: example/api\n"
                                                                "    env_file:\n"
                                                                "      - path: settings.env\n"
                                                                "        required: false\n"},
                                                       {0}};

static const struct bulla_rule_example wrong_shape[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  bot:\n"
            "    image: example/bot\n"
            "    environment:\n"
            "      MAX_POSITION_SIZE: ${MAX_POSITION_SIZE:?}\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "format       = 1\n"
            "environments = prod\n"
            "[MAX_POSITION_SIZE]\n"
            "kind    = setting\n"
            "type    = number\n"
            "default = lots\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  bot:\n"
             "    image: example/bot\n"
             "    environment:\n"
             "      MAX_POSITION_SIZE: ${MAX_POSITION_SIZE:?}\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "format       = 1\n"
             "environments = prod\n"
             "[MAX_POSITION_SIZE]\n"
             "kind    = setting\n"
             "type    = number\n"
             "default = 10000\n"},
    {0}};

static const struct bulla_rule_example relation[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    ports: [\"${API_PORT:?}:80\", \"${ADMIN_PORT:?}:81\"]\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "format       = 1\n"
            "environments = prod\n"
            "[API_PORT]\n"
            "kind    = setting\n"
            "default = 8080\n"
            "[ADMIN_PORT]\n"
            "kind    = setting\n"
            "differs = API_PORT\n"
            "default = 8080\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    ports: [\"${API_PORT:?}:80\", \"${ADMIN_PORT:?}:81\"]\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "format       = 1\n"
             "environments = prod\n"
             "[API_PORT]\n"
             "kind    = setting\n"
             "default = 8080\n"
             "[ADMIN_PORT]\n"
             "kind    = setting\n"
             "differs = API_PORT\n"
             "default = 8081\n"},
    {0}};

static const struct bulla_rule_example env_not_read[] = {
    {.bad = "-- docker/compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: \"example/api:${TAG:-latest}\"\n"
            "-- .env --\n"
            "TAG=1.4.2\n"
            "$ bulla check -f docker/compose.yaml\n",
     .good = "-- docker/compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: \"example/api:${TAG:-latest}\"\n"
             "-- docker/.env --\n"
             "TAG=1.4.2\n"
             "$ bulla check -f docker/compose.yaml\n"},
    {0}};

static const struct bulla_rule_example contested[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "$ git init -q -b main\n"
            "$ bulla init\n"
            "$ git add . && git commit -q -m 'adopt bulla'\n"
            "$ git checkout -q -b turn-it\n"
            "$ bulla rotate --yes API_TOKEN\n"
            "$ git commit -q -a -m 'turn it'\n"
            "$ git checkout -q main\n"
            "$ bulla rotate --yes API_TOKEN\n"
            "$ git commit -q -a -m 'turn it, too'\n"
            "$ git merge -q -m 'both' turn-it\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "$ git init -q -b main\n"
             "$ bulla init\n"
             "$ git add . && git commit -q -m 'adopt bulla'\n"
             "$ git checkout -q -b turn-it\n"
             "$ bulla rotate --yes API_TOKEN\n"
             "$ git commit -q -a -m 'turn it'\n"
             "$ git checkout -q main\n"
             "$ git merge -q turn-it\n"},
    {0}};

static const struct bulla_rule_example project_note[] = {{.bad = "-- compose.yaml --\n"
                                                                 "services:\n"
                                                                 "  api:\n"
                                                                 "    image: example/api\n"
                                                                 "-- docker-compose.yml --\n"
                                                                 "services:\n"
                                                                 "  api:\n"
                                                                 "    image: example/api\n",
                                                          .good = "-- compose.yaml --\n"
                                                                  "services:\n"
                                                                  "  api:\n"
                                                                  "    image: example/api\n"},
                                                         {0}};

static const struct bulla_rule_example values_not_looked_at[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "$ bulla init\n"
            "$ mv ~/.config/bulla/identity.txt ~/elsewhere.txt\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "$ bulla init\n"
             "$ mv ~/.config/bulla/identity.txt ~/elsewhere.txt\n"
             "$ bulla check --identity ~/elsewhere.txt\n"},
    {0}};

static const struct bulla_rule_example foreign_env_file[] = {{.bad = "-- compose.yaml --\n"
                                                                     "services:\n"
                                                                     "  api:\n"
                                                                     "    image: example/api\n"
                                                                     "    env_file: .env\n"
                                                                     "-- bulla.ini --\n"
                                                                     "[bulla]\n"
                                                                     "format       = 1\n"
                                                                     "environments = dev, prod\n"
                                                                     "default      = dev\n"
                                                                     "$ bulla init\n"
                                                                     "$ bulla render\n"
                                                                     "$ bulla check -e prod\n",
                                                              .good = "-- compose.yaml --\n"
                                                                      "services:\n"
                                                                      "  api:\n"
                                                                      "    image: example/api\n"
                                                                      "    env_file: .env.prod\n"
                                                                      "-- bulla.ini --\n"
                                                                      "[bulla]\n"
                                                                      "format       = 1\n"
                                                                      "environments = dev, prod\n"
                                                                      "default      = dev\n"
                                                                      "$ bulla init\n"
                                                                      "$ bulla render -e prod\n"
                                                                      "$ bulla check -e prod\n"},
                                                             {0}};

const struct bulla_rule rules_broken[] = {
    [RULE_COLON_IN_MESSAGE - RULE_BROKEN] =
        {
            .id = "B201",
            .name = "colon-in-message",
            .severity = BULLA_ERROR,
            .summary = "a colon and a blank inside an unquoted message break the YAML",
            .text =
                "In an unquoted YAML text \": \" starts a mapping. Behind a key the file is no "
                "longer YAML (\"mapping values are not allowed in this context\"); in a list item "
                "it silently becomes a mapping whose key holds half the reference, which then is "
                "never checked.",
            .help = "put the whole value in quotes",
            .examples = colon_in_message,
        },
    [RULE_HASH_IN_MESSAGE - RULE_BROKEN] =
        {
            .id = "B202",
            .name = "hash-in-message",
            .severity = BULLA_ERROR,
            .summary = "a blank and a # inside an unquoted reference start a comment",
            .text =
                "In an unquoted YAML text \" #\" starts a comment: the rest of the reference, its "
                "brace included, is gone.",
            .help = "put the whole value in quotes",
            .examples = hash_in_message,
        },
    [RULE_INVALID_REFERENCE - RULE_BROKEN] =
        {
            .id = "B203",
            .name = "invalid-reference",
            .severity = BULLA_ERROR,
            .summary = "a reference that Compose cannot read",
            .text =
                "After \"${\" Compose wants a name and then } or one of :- - :? ? :+ +. A literal "
                "dollar sign is written $$.",
            .help = "a literal dollar sign is written $$",
            .examples = invalid_reference,
        },
    [RULE_UNREADABLE - RULE_BROKEN] =
        {
            .id = "B204",
            .name = "unreadable",
            .severity = BULLA_ERROR,
            .summary = "a file that Compose would refuse",
            .text =
                "The file is missing, is not text, or is not of its grammar. What can be found in "
                "it all the same is checked.",
            .help = "docker compose config shows Compose's own words",
            .examples = unreadable,
        },
    [RULE_WRONG_SHAPE - RULE_BROKEN] =
        {
            .id = "B205",
            .name = "wrong-shape",
            .severity = BULLA_ERROR,
            .summary = "a value is not what the contract says",
            .text = "The value does not fit its kind, type, range, pattern, length or choice.\n\n"
                    "A secret that begins as the keys of a well-known provider do (sk_live_, ghp_, "
                    "AKIA and the like) with fewer characters than any of them has was cut when it "
                    "was copied: a warning, and none where the contract has a `match` for it.",
            .help = "change the value, or what the contract says of it",
            .examples = wrong_shape,
        },
    [RULE_RELATION - RULE_BROKEN] =
        {
            .id = "B206",
            .name = "relation",
            .severity = BULLA_ERROR,
            .summary = "two values do not go together as the contract says",
            .text = "`differs`, `same-as` and `requires` compare a variable with another one.",
            .help = "change one of the two values, or what the contract says of them",
            .examples = relation,
        },
    [RULE_ENV_NOT_READ - RULE_BROKEN] =
        {
            .id = "B207",
            .name = "env-not-read",
            .severity = BULLA_WARNING,
            .summary = "an env file that Compose does not read",
            .text = "Compose reads .env from the project directory: that of the first -f file. An "
                    ".env beside you is read only when that is the same folder, or with "
                    "--project-directory. A service may read it by env_file all the same; then it "
                    "is missed only where a compose file refers to a variable.",
            .help = "name it: docker compose --env-file .env, or move it beside the compose file",
            .examples = env_not_read,
        },
    [RULE_CONTESTED - RULE_BROKEN] =
        {
            .id = "B208",
            .name = "contested",
            .severity = BULLA_ERROR,
            .summary = "two branches, or somebody without the right, set one name",
            .text =
                "The vault was merged from branches that both changed this name, or the newest "
                "record of it is by somebody who had no right to write it, as after a removal that "
                "he did not know of. Reading it fails until somebody chooses.",
            .help = "bulla resolve NAME",
            .examples = contested,
        },
    [RULE_PROJECT_NOTE - RULE_BROKEN] =
        {
            .id = "B209",
            .name = "project-note",
            .severity = BULLA_NOTE,
            .summary = "something about the project that is easy to miss",
            .text =
                "More than one file with a default name lies side by side and Compose reads one "
                "of them, or a profile is asked for that no service has.",
            .help = "keep the one that is meant",
            .examples = project_note,
        },
    [RULE_NO_LOCAL_KEY - RULE_BROKEN] =
        {
            .id = "B210",
            .name = "values-not-looked-at",
            .severity = BULLA_NOTE,
            .summary = "values could not be looked at",
            .text = "No identity here opens the vault. What needs no key was checked: which names "
                    "have a value, their age, and who could read them; not whether the values fit.",
            .help = "give an identity, where there is one: --identity FILE",
            .examples = values_not_looked_at,
        },
    [RULE_FOREIGN_ENV_FILE - RULE_BROKEN] =
        {
            .id = "B211",
            .name = "foreign-env-file",
            .severity = BULLA_ERROR,
            .summary = "a service reads the rendered file of another environment",
            .text =
                "`env_file`, a bind mount, or the file of a secret or config is the one that "
                "another environment renders to: the service would start with that environment's "
                "values, and those of this one would not reach it. A service whose profile is not "
                "active in this environment starts with nothing.",
            .help = "write ${ENV_FILE:-.env} there, or output = .env in the environment's section",
            .examples = foreign_env_file,
        },
};
