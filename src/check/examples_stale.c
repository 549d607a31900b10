/* Examples of family 5, stale. */
#include "check/examples.h"

#include "base/banned.h"

const struct bulla_rule_example example_certificate_ends[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    secrets: [cert]\n"
            "secrets:\n"
            "  cert:\n"
            "    file: ./cert.pem\n"
            "$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
            "key.pem -out cert.pem -subj /CN=example.org -days 10\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    secrets: [cert]\n"
             "secrets:\n"
             "  cert:\n"
             "    file: ./cert.pem\n"
             "$ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
             "key.pem -out cert.pem -subj /CN=example.org -days 200\n"},
    {0}};

const struct bulla_rule_example example_rendered_old[] = {
    {.bad = "-- compose.yaml --\n"
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
            "kind = hex:32\n"
            "$ bulla init\n"
            "$ bulla render\n"
            "$ echo 4d1f0c5b7e92a8367f08d31c9be4a6524d1f0c5b7e92a8367f08d31c9be4a652 | bulla set "
            "API_TOKEN\n",
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
             "kind = hex:32\n"
             "$ bulla init\n"
             "$ bulla render\n"},
    {0}};

const struct bulla_rule_example example_unused_in_contract[] = {
    {.bad = "-- compose.yaml --\n"
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
            "kind = hex:32\n"
            "[OLD_TOKEN]\n"
            "kind = hex:32\n"
            "$ bulla init\n",
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
             "kind = hex:32\n"
             "$ bulla init\n"},
    {0}};

const struct bulla_rule_example example_unused_in_sample[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
            "-- .env.example --\n"
            "API_TOKEN=\n"
            "OLD_TOKEN=\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
             "-- .env.example --\n"
             "API_TOKEN=\n"},
    {0}};

const struct bulla_rule_example example_never_injected[] = {
    {.bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
            "LOG_LEVEL=debug\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "      LOG_LEVEL: ${LOG_LEVEL:-info}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
             "LOG_LEVEL=debug\n"},
    {0}};

const struct bulla_rule_example example_shadowed[] = {
    {.about = "by the shell",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment:\n"
            "      API_TOKEN: ${API_TOKEN:?}\n"
            "-- .env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"
            "$ API_TOKEN=0a93b1e6c7d84f52a1b0c9d8e7f60514 bulla check\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    environment:\n"
             "      API_TOKEN: ${API_TOKEN:?}\n"
             "-- .env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {.about = "by an entry of the service that passes nothing on",
     .bad = "-- compose.yaml --\n"
            "services:\n"
            "  api:\n"
            "    image: example/api\n"
            "    environment: [API_TOKEN]\n"
            "    env_file: api.env\n"
            "-- api.env --\n"
            "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n",
     .good = "-- compose.yaml --\n"
             "services:\n"
             "  api:\n"
             "    image: example/api\n"
             "    env_file: api.env\n"
             "-- api.env --\n"
             "API_TOKEN=4d1f0c5b7e92a8367f08d31c9be4a652\n"},
    {0}};
