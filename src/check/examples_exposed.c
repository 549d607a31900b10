/* Examples of family 4, exposed: secrets in compose files and Dockerfiles. */
#include "check/examples.h"

#include "base/banned.h"

const struct bulla_rule_example example_literal_secret[] = {
    {.about = "in an environment",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:16\n"
            "    environment:\n"
            "      POSTGRES_PASSWORD: hunter2\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: postgres:16\n"
             "    environment:\n"
             "      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n"
             "-- .env --\n"
             "DB_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "inside a URL",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      - DATABASE_URL=postgres://app:hunter2@db/app\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      - DATABASE_URL=postgres://app:${DB_PASSWORD:?}@db/app\n"
             "-- .env --\n"
             "DB_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "in the content of a config",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    configs: [app]\n"
            "configs:\n"
            "  app:\n"
            "    content: |\n"
            "      listen = 8080\n"
            "      password = hunter2\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    configs: [app]\n"
             "configs:\n"
             "  app:\n"
             "    content: |\n"
             "      listen = 8080\n"
             "      password = ${DB_PASSWORD:?}\n"
             "-- .env --\n"
             "DB_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "in the contract, whose values of secrets are in the vaults",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:16\n"
            "    environment:\n"
            "      POSTGRES_PASSWORD: ${DB_PASSWORD-}\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "environments = dev\n"
            "[DB_PASSWORD]\n"
            "kind    = provided\n"
            "default = nK4vQx81pLz0WnTr5Bs2\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: postgres:16\n"
             "    environment:\n"
             "      POSTGRES_PASSWORD: ${DB_PASSWORD-}\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "environments = dev\n"
             "[DB_PASSWORD]\n"
             "kind     = provided\n"
             "optional = yes\n"},
    {0}};

const struct bulla_rule_example example_secret_in_command[] = {
    {.about = "a reference is expanded before the process starts",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  cache:\n"
            "    image: redis:7\n"
            "    command: redis-server --requirepass ${REDIS_PASSWORD:?}\n"
            "-- .env --\n"
            "REDIS_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  cache:\n"
             "    image: redis:7\n"
             "    command: redis-server /run/secrets/redis.conf\n"
             "    secrets: [redis.conf]\n"
             "secrets:\n"
             "  redis.conf:\n"
             "    file: ./redis.conf\n"
             "-- redis.conf --\n"
             "appendonly yes\n"},
    {.about = "written out",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    command: [serve, --db-password, hunter2]\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    command: [serve, --db-password-file, /run/secrets/db]\n"
             "    secrets: [db]\n"
             "secrets:\n"
             "  db:\n"
             "    file: ./db.txt\n"
             "-- db.txt --\n"
             "hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {0}};

const struct bulla_rule_example example_secret_in_label[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    labels:\n"
            "      backup.password: hunter2\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    labels:\n"
             "      backup.password-file: /run/secrets/backup\n"},
    {.about = "a password's hash can be guessed at by whoever reads the file",
     .bad =
         "-- compose.yaml --\n"
         "services:\n"
         "  api:\n"
         "    image: example/api\n"
         "    labels:\n"
         "      - "
         "traefik.http.middlewares.a.basicauth.users=me:$$apr1$$q8eZFHjF$$Fvmkk//V6Btlaf2i/ju5n/\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    labels:\n"
             "      - traefik.http.middlewares.a.basicauth.users=${USERS:?}\n"
             "-- .env --\n"
             "USERS='me:$apr1$q8eZFHjF$Fvmkk//V6Btlaf2i/ju5n/'\n"},
    {0}};

const struct bulla_rule_example example_secret_in_image[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    build: .\n"
            "-- Dockerfile --\n"
            "FROM alpine\n"
            "ENV API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    build: .\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "-- Dockerfile --\n"
             "FROM alpine\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "a build argument that ENV keeps",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    build: .\n"
            "-- Dockerfile --\n"
            "FROM alpine\n"
            "ARG API_TOKEN\n"
            "ENV API_TOKEN=$API_TOKEN\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    build: .\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "-- Dockerfile --\n"
             "FROM alpine\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

const struct bulla_rule_example example_secret_as_build_arg[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    build:\n"
            "      context: .\n"
            "      args:\n"
            "        API_TOKEN: ${API_TOKEN:?}\n"
            "-- Dockerfile --\n"
            "FROM alpine\n"
            "ARG API_TOKEN\n"
            "RUN fetch $API_TOKEN\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    build:\n"
             "      context: .\n"
             "      secrets: [token]\n"
             "secrets:\n"
             "  token:\n"
             "    environment: API_TOKEN\n"
             "-- Dockerfile --\n"
             "FROM alpine\n"
             "RUN --mount=type=secret,id=token fetch /run/secrets/token\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

const struct bulla_rule_example example_build_arg_not_passed[] = {
    {.about = "the base image depends on it",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    build: .\n"
            "-- Dockerfile --\n"
            "ARG BASE\n"
            "FROM $BASE\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    build: .\n"
             "-- Dockerfile --\n"
             "ARG BASE=alpine:3.22\n"
             "FROM $BASE\n"},
    {.about = "it becomes blank",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    build: .\n"
            "-- Dockerfile --\n"
            "FROM alpine\n"
            "ARG VERSION\n"
            "RUN fetch v$VERSION\n",
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

const struct bulla_rule_example example_owner_ignored[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    secrets:\n"
            "      - source: db\n"
            "        uid: \"1000\"\n"
            "        mode: 0400\n"
            "secrets:\n"
            "  db:\n"
            "    file: ./db.txt\n"
            "-- db.txt --\n"
            "hG5nTq0xYw8rKd2sVb7mLc4p\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    secrets:\n"
             "      - source: db\n"
             "        uid: \"1000\"\n"
             "        mode: 0400\n"
             "secrets:\n"
             "  db:\n"
             "    environment: DB_PASSWORD\n"
             "-- .env --\n"
             "DB_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

const struct bulla_rule_example example_read_only_secret[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    read_only: true\n"
            "    secrets: [db]\n"
            "secrets:\n"
            "  db:\n"
            "    environment: DB_PASSWORD\n"
            "-- .env --\n"
            "DB_PASSWORD=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    read_only: true\n"
             "    secrets: [db]\n"
             "secrets:\n"
             "  db:\n"
             "    file: ./db.txt\n"
             "-- db.txt --\n"
             "hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {0}};

const struct bulla_rule_example example_external_without_swarm[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    secrets: [db]\n"
            "secrets:\n"
            "  db:\n"
            "    external: true\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    secrets: [db]\n"
             "secrets:\n"
             "  db:\n"
             "    file: ./db.txt\n"
             "-- db.txt --\n"
             "hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {0}};

const struct bulla_rule_example example_secret_copied[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    build: .\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "-- Dockerfile --\n"
            "FROM alpine\n"
            "COPY . /app\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    build: .\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "-- Dockerfile --\n"
             "FROM alpine\n"
             "COPY . /app\n"
             "-- .dockerignore --\n"
             ".env\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

const struct bulla_rule_example example_env_file_too_wide[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  cache:\n"
            "    image: redis:7\n"
            "    env_file: .env\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  cache:\n"
             "    image: redis:7\n"
             "    env_file: cache.env\n"
             "  api:\n"
             "    image: example/api\n"
             "    env_file: .env\n"
             "-- cache.env --\n"
             "REDIS_PASSWORD=0a93b1e6c7d84f52a1b0c9d8e7f60514\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

const struct bulla_rule_example example_key_file[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "-- ci.txt --\n"
            "# public key: age1mknkjwpnj7pnwqesyuwuepp5w3tlq9wsx6w9wg72l8l2pmuzeucq48z0am\n"
            "AGE-SECRET-KEY-1N8NKSXR0CPMFMW2SLJF6PQ9VE7S07ZRP7XFEYW9V4K60VNAAP76QP8JZWG\n"
            "$ git init -q\n"
            "$ git add .\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "-- ci.txt --\n"
             "# public key: age1mknkjwpnj7pnwqesyuwuepp5w3tlq9wsx6w9wg72l8l2pmuzeucq48z0am\n"
             "AGE-SECRET-KEY-1N8NKSXR0CPMFMW2SLJF6PQ9VE7S07ZRP7XFEYW9V4K60VNAAP76QP8JZWG\n"
             "-- .gitignore --\n"
             "/ci.txt\n"
             "$ git init -q\n"
             "$ git add .\n"},
    {0}};
