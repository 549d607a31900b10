/* Examples of family 1, missing. */
#include "check/examples.h"

#include "base/banned.h"

const struct bulla_rule_example example_required_unset[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?where the token is from}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "the profile of the service is not active: Compose refuses all the same",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "  tools:\n"
            "    image: example/tools\n"
            "    profiles: [tools]\n"
            "    environment:\n"
            "      TOOLS_TOKEN: ${TOOLS_TOKEN:?only for tools}\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "  tools:\n"
             "    image: example/tools\n"
             "    profiles: [tools]\n"
             "    environment:\n"
             "      TOOLS_TOKEN: ${TOOLS_TOKEN:-}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "it stands in for another one that has no value either",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      SERVICE_KEY: ${SERVICE_KEY:-${SIGNING_KEY:?one of the two}}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      SERVICE_KEY: ${SERVICE_KEY:-${SIGNING_KEY:?one of the two}}\n"
             "-- .env --\n"
             "SIGNING_KEY=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "the name is misspelt in .env, and the finding says so",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
            "-- .env --\n"
            "API_TOKNE=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

const struct bulla_rule_example example_required_empty[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: \"example/api:${TAG:?which version}\"\n"
            "-- .env --\n"
            "TAG=\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: \"example/api:${TAG:?which version}\"\n"
             "-- .env --\n"
             "TAG=1.4.2\n"},
    {.about = "an empty variable of the shell hides the value in the file",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: \"example/api:${TAG:?which version}\"\n"
            "-- .env --\n"
            "TAG=1.4.2\n"
            "$ TAG= bulla check\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: \"example/api:${TAG:?which version}\"\n"
             "-- .env --\n"
             "TAG=1.4.2\n"
             "$ bulla check\n"},
    {0}};

const struct bulla_rule_example example_silently_blank[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      LOG_LEVEL: ${LOG_LEVEL}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"},
    {.about = "a secret is set, to nothing",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      SESSION_SECRET: ${SESSION_SECRET}\n"
            "-- .env --\n"
            "SESSION_SECRET=\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      SESSION_SECRET: ${SESSION_SECRET:?}\n"
             "$ bulla init\n"},
    {0}};

const struct bulla_rule_example example_no_value[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    env_file: .env\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "format       = 1\n"
            "environments = prod\n"
            "[BINANCE_API_KEY]\n"
            "kind = provided\n"
            "$ bulla init\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    env_file: .env\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "format       = 1\n"
             "environments = prod\n"
             "[BINANCE_API_KEY]\n"
             "kind = provided\n"
             "$ bulla init\n"
             "$ openssl rand -hex 32 | bulla set BINANCE_API_KEY\n"},
    {0}};

const struct bulla_rule_example example_secret_source_unset[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:17\n"
            "    secrets: [db_password]\n"
            "secrets:\n"
            "  db_password:\n"
            "    environment: DB_PASSWORD\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: postgres:17\n"
             "    secrets: [db_password]\n"
             "secrets:\n"
             "  db_password:\n"
             "    environment: DB_PASSWORD\n"
             "-- .env --\n"
             "DB_PASSWORD=hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {0}};

const struct bulla_rule_example example_not_in_contract[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:-}\n"
            "-- bulla.ini --\n"
            "[bulla]\n"
            "format       = 1\n"
            "environments = prod\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:-}\n"
             "-- bulla.ini --\n"
             "[bulla]\n"
             "format       = 1\n"
             "environments = prod\n"
             "[API_TOKEN]\n"
             "kind = hex:32\n"
             "$ bulla init\n"},
    {0}};

const struct bulla_rule_example example_required_elsewhere[] = {
    {.about = "the two stand in different files, and Compose is not always given both",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      SMTP_PASSWORD: ${SMTP_PASSWORD}\n"
            "-- compose.override.yaml --\n"
            "services:\n"
            "  worker:\n"
            "    image: example/worker\n"
            "    environment:\n"
            "      SMTP_PASSWORD: ${SMTP_PASSWORD:?from the mail provider}\n"
            "-- .env --\n"
            "SMTP_PASSWORD=hG5nTq0xYw8rKd2sVb7mLc4p\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      SMTP_PASSWORD: ${SMTP_PASSWORD:?from the mail provider}\n"
             "-- compose.override.yaml --\n"
             "services:\n"
             "  worker:\n"
             "    image: example/worker\n"
             "    environment:\n"
             "      SMTP_PASSWORD: ${SMTP_PASSWORD:?from the mail provider}\n"
             "-- .env --\n"
             "SMTP_PASSWORD=hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {.about = "it has no value: the finding is that of the place that requires it",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  auth:\n"
            "    image: example/auth\n"
            "    environment:\n"
            "      PG_PASS: ${PG_PASS:?database password required}\n"
            "      AUTHENTIK_POSTGRESQL__PASSWORD: ${PG_PASS}\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  auth:\n"
             "    image: example/auth\n"
             "    environment:\n"
             "      PG_PASS: ${PG_PASS:?database password required}\n"
             "      AUTHENTIK_POSTGRESQL__PASSWORD: ${PG_PASS:?database password "
             "required}\n"
             "-- .env --\n"
             "PG_PASS=hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {0}};

const struct bulla_rule_example example_not_in_sample[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
            "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"
            "-- .env.example --\n"
            "# how much is logged\n"
            "LOG_LEVEL=info\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?where the token is from}\n"
             "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"
             "-- .env.example --\n"
             "# how much is logged\n"
             "LOG_LEVEL=info\n"
             "# openssl rand -hex 16\n"
             "API_TOKEN=\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};

const struct bulla_rule_example example_secret_file_missing[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  db:\n"
            "    image: postgres:17\n"
            "    secrets: [db_password]\n"
            "secrets:\n"
            "  db_password:\n"
            "    file: ./secrets/db.txt\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  db:\n"
             "    image: postgres:17\n"
             "    secrets: [db_password]\n"
             "secrets:\n"
             "  db_password:\n"
             "    environment: DB_PASSWORD\n"
             "-- .env --\n"
             "DB_PASSWORD=hG5nTq0xYw8rKd2sVb7mLc4p\n"},
    {.about = "a config whose file has another name",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  cache:\n"
            "    image: redis:8\n"
            "    configs: [redis.conf]\n"
            "configs:\n"
            "  redis.conf:\n"
            "    file: ./redis.conf\n"
            "-- conf/redis.conf --\n"
            "appendonly yes\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  cache:\n"
             "    image: redis:8\n"
             "    configs: [redis.conf]\n"
             "configs:\n"
             "  redis.conf:\n"
             "    file: ./conf/redis.conf\n"
             "-- conf/redis.conf --\n"
             "appendonly yes\n"},
    {0}};
