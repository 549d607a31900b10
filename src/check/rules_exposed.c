/* Family 4, exposed. */
#include "check/examples.h"
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
    {.about = "the rendered file",
     .bad = "-- compose.yaml --\n"
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
    {.about = "an env file that a service reads",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:16\n"
            "    env_file: env/prod.env\n"
            "-- env/prod.env --\n"
            "POSTGRES_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n"
            "$ git init -q\n"
            "$ git add .\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: postgres:16\n"
             "    env_file: env/prod.env\n"
             "    environment:\n"
             "      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?}\n"
             "-- env/prod.env --\n"
             "PGDATA=/data\n"
             "-- .env --\n"
             "POSTGRES_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n"
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
            .summary = "others may read an env file that holds secrets",
            .text = "The file holds secrets and its mode lets the group or everybody read it: the "
                    "rendered file, or one that a service reads as `env_file` and that gives a "
                    "secret a real value, no placeholder and nothing that is made of other "
                    "variables.",
            .help = "chmod 600 the file, or bulla render",
            .examples = file_mode,
        },
    [RULE_FILE_TRACKED - RULE_IS_EXPOSED] =
        {
            .id = "B402",
            .name = "file-tracked",
            .severity = BULLA_ERROR,
            .summary = "git tracks an env file that holds secrets",
            .text = "The rendered file, or one that a service reads as `env_file` and that gives a "
                    "secret a real value: every clone of the repository has it, its history too. "
                    "Of an `env_file` the first secret is named and the others are counted; who "
                    "may read the file is not said besides. Settings, placeholders and what is "
                    "made of other variables may stand in such a file. Where git gives no answer, "
                    "as in "
                    "another user's folder that its `safe.directory` does not name, that is a "
                    "warning.",
            .help = "git rm --cached the file and name it in .gitignore, then rotate what stood in "
                    "it",
            .examples = file_tracked,
        },
    [RULE_FILE_NOT_IGNORED - RULE_IS_EXPOSED] =
        {
            .id = "B403",
            .name = "file-not-ignored",
            .severity = BULLA_WARNING,
            .summary = "git does not ignore an env file that holds secrets",
            .text = "The next \"git add .\" would commit it: the rendered file, or one that a "
                    "service reads as `env_file` and that gives a secret a real value.",
            .help = "add a line for it to .gitignore",
            .examples = file_not_ignored,
        },
    [RULE_EXPOSED - RULE_IS_EXPOSED] =
        {
            .id = "B404",
            .name = "exposed",
            .severity = BULLA_WARNING,
            .summary = "somebody outside may have a value",
            .text = "The version was sealed for a member who was removed since, or is marked "
                    "exposed, as what `init` imports from a file that git has. Current versions "
                    "alone are looked at: of one that is kept, `history` "
                    "says that it is exposed, and `rollback` to it warns. It stays a finding until "
                    "the value is turned at its source: a "
                    "warning at first, so that nobody's leaving stops a deploy, and an error after "
                    "`exposed-grace` of [check] (14 days without it).",
            .help = "bulla rotate --exposed",
            .examples = exposed,
        },
    [RULE_LITERAL_SECRET - RULE_IS_EXPOSED] =
        {
            .id = "B405",
            .name = "literal-secret",
            .severity = BULLA_WARNING,
            .summary = "a secret stands in a compose file or in bulla.ini",
            .text = "A password, key or token is written into a file that is committed and copied: "
                    "every clone of the repository has it, its history too, and it cannot be "
                    "turned without an edit. A token whose text says whose it is, or a private "
                    "key, is an error.",
            .help = "write ${NAME:?} here, give it a value in .env, and turn what stood here",
            .examples = example_literal_secret,
        },
    [RULE_SECRET_IN_COMMAND - RULE_IS_EXPOSED] =
        {
            .id = "B406",
            .name = "secret-in-command",
            .severity = BULLA_WARNING,
            .summary = "a command line holds a secret",
            .text = "Compose expands ${NAME} before it starts the process, so the value becomes an "
                    "argument: every user of the host sees it in ps, and docker inspect and docker "
                    "compose config print it.\n\nMost servers read a password from a file or from "
                    "their environment. Where only a shell can bring it there, write $$NAME: the "
                    "container's own shell expands that, and the file and docker inspect stay free "
                    "of it.",
            .help = "let it read a file (secrets:, NAME_FILE, a config file) or its environment",
            .examples = example_secret_in_command,
        },
    [RULE_SECRET_IN_LABEL - RULE_IS_EXPOSED] =
        {
            .id = "B407",
            .name = "secret-in-label",
            .severity = BULLA_WARNING,
            .summary = "a label holds a secret",
            .text = "Labels are meant to be read: by a proxy, by monitoring, by everybody who may "
                    "ask Docker's socket. A password's hash is a note: it belongs there, but not "
                    "into a committed file, where it can be guessed at forever.",
            .help = "give it to the one that reads the label some other way, as a file",
            .examples = example_secret_in_label,
        },
    [RULE_SECRET_IN_IMAGE - RULE_IS_EXPOSED] =
        {
            .id = "B408",
            .name = "secret-in-image",
            .severity = BULLA_WARNING,
            .summary = "a Dockerfile puts a secret into the image",
            .text = "What ENV and ARG say stays in the image: docker history and docker inspect "
                    "show it to everybody who can pull it. An ENV that takes over a build argument "
                    "keeps that too.",
            .help = "give it at run time (environment, secrets); for the build, RUN "
                    "--mount=type=secret",
            .examples = example_secret_in_image,
        },
    [RULE_SECRET_AS_BUILD_ARG - RULE_IS_EXPOSED] =
        {
            .id = "B409",
            .name = "secret-as-build-arg",
            .severity = BULLA_WARNING,
            .summary = "a secret is passed as a build argument",
            .text = "Build arguments are part of the image's history and of its provenance. "
                    "`build.secrets` hands a value to one RUN step and leaves nothing behind.",
            .help = "build: secrets: [NAME], and RUN --mount=type=secret,id=NAME in the Dockerfile",
            .examples = example_secret_as_build_arg,
        },
    [RULE_BUILD_ARG_NOT_PASSED - RULE_IS_EXPOSED] =
        {
            .id = "B410",
            .name = "build-arg-not-passed",
            .severity = BULLA_NOTE,
            .summary = "a Dockerfile wants an argument that the build does not pass",
            .text = "An ARG without a default that `build.args` does not give is blank. Where FROM "
                    "needs it the build fails, which is a warning. Arguments that the builder "
                    "itself knows, that have a default at any place of use, or that a shell tests "
                    "are left alone.",
            .help = "pass it in build: args:, or give the ARG a default",
            .examples = example_build_arg_not_passed,
        },
    [RULE_OWNER_IGNORED - RULE_IS_EXPOSED] =
        {
            .id = "B411",
            .name = "owner-ignored",
            .severity = BULLA_WARNING,
            .summary = "uid, gid and mode of a mounted file are ignored",
            .text = "Compose mounts a secret or config that comes from a file as that file is, "
                    "with its owner and mode on the host, and passes over `uid`, `gid` and `mode`. "
                    "What comes from `environment` or `content` is copied into the container, and "
                    "there they count.",
            .help = "chown and chmod the file on the host, or take the secret from `environment`",
            .examples = example_owner_ignored,
        },
    [RULE_READ_ONLY_SECRET - RULE_IS_EXPOSED] =
        {
            .id = "B412",
            .name = "read-only-secret",
            .severity = BULLA_ERROR,
            .summary = "a secret cannot be copied into a read-only service",
            .text = "A secret or config from `environment` or `content` is copied into the "
                    "container when it is created. With `read_only: true` Compose refuses that: "
                    "the file is checked without complaint, and `up` fails.",
            .help = "take it from a file",
            .examples = example_read_only_secret,
        },
    [RULE_EXTERNAL_WITHOUT_SWARM - RULE_IS_EXPOSED] =
        {
            .id = "B413",
            .name = "external-without-swarm",
            .severity = BULLA_ERROR,
            .summary = "an external secret without a swarm",
            .text = "`external: true` names a secret or config of a swarm, which only docker stack "
                    "deploy knows. docker compose up refuses it. Nothing is said where a service's "
                    "`deploy` shows that the file is for a swarm (placement, update_config, "
                    "rollback_config, endpoint_mode).",
            .help = "take it from a file or from `environment`",
            .examples = example_external_without_swarm,
        },
    [RULE_SECRET_COPIED - RULE_IS_EXPOSED] =
        {
            .id = "B414",
            .name = "secret-copied",
            .severity = BULLA_WARNING,
            .summary = "an image takes in a file that holds secrets",
            .text =
                "COPY or ADD takes the rendered file, the file of a secret or a private key out of "
                "the build context, and .dockerignore does not leave it out. Whoever can pull the "
                "image can read it. In a stage that only others copy from it is a note.",
            .help = "leave it out in .dockerignore",
            .examples = example_secret_copied,
        },
    [RULE_ENV_FILE_TOO_WIDE - RULE_IS_EXPOSED] =
        {
            .id = "B415",
            .name = "env-file-too-wide",
            .severity = BULLA_NOTE,
            .summary = "a service gets secrets of others",
            .text =
                "`env_file` hands every line of the file to the container. For published images "
                "whose variables are known (databases, caches, proxies) the secrets that they do "
                "not read are counted. Whoever breaks into the cache has them all.",
            .help = "name what it needs in `environment`, or give it a file of its own",
            .examples = example_env_file_too_wide,
        },
    [RULE_KEY_FILE - RULE_IS_EXPOSED] =
        {
            .id = "B416",
            .name = "key-file",
            .severity = BULLA_WARNING,
            .summary = "an identity lies in the repository",
            .text =
                "A file of the project holds a private key of age, where a plugin finds one, or "
                "the ssh key of a member of any environment, and git tracks it or does not ignore "
                "it. Whoever has the repository then has the key to its vault: where git tracks "
                "the key of a member it is an error. Small files are looked at whose names have "
                "no ending or one that keys and copies have (`.txt`, `.key`, `.pem`, `.age`, "
                "`.bak`, …) and that begin with the key, comments aside, to the fourth folder "
                "down and among the first 4,096 entries, at most 256 files (-v says where there "
                "are more); an identity behind a passphrase is not told from other files. What is "
                "about to be committed is looked at by the hook of 'bulla git "
                "install', whatever it is called, in files of up to 256 KiB.",
            .help = "move it out of the repository, or add a line for it to .gitignore",
            .examples = example_key_file,
        },
};
