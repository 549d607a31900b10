/* Every limit on what comes from outside, in one place. */
#ifndef BULLA_LIMITS_H
#define BULLA_LIMITS_H

#define BULLA_MAX_TEXT_BYTES ((size_t)4 * 1024 * 1024) /* compose, env and other text files */
#define BULLA_MAX_CONTRACT_BYTES ((size_t)1024 * 1024) /* bulla.ini */
#define BULLA_MAX_IDENTITY_BYTES                                                                   \
    ((size_t)16 * 1024 * 1024)                           /* age's own limit for identity files     \
                                                          */
#define BULLA_MAX_VALUE_BYTES ((size_t)64 * 1024)        /* one secret value: docs/vault.5.md 11 */
#define BULLA_MAX_VAULT_LINE_BYTES ((size_t)128 * 1024)  /* docs/vault.5.md 11 */
#define BULLA_MAX_VAULT_BYTES ((size_t)64 * 1024 * 1024) /* docs/vault.5.md 11 */
#define BULLA_MAX_VAULT_PARENTS 64                       /* docs/vault.5.md 11 */
#define BULLA_MAX_VAULT_COPIES 64                        /* lines of one id: docs/vault.5.md 11 */
#define BULLA_MAX_META_BYTES 4096                        /* docs/vault.5.md 11 */
#define BULLA_MAX_NAME_BYTES 128                         /* a secret's name: docs/vault.5.md 3.1 */
#define BULLA_MAX_MEMBER_BYTES 32      /* members, environments: docs/vault.5.md 3.1 */
#define BULLA_MAX_RECIPIENT_CHARS 2048 /* one age recipient; post-quantum ones are long */
/* Looks at membership records while a vault is judged, and signatures per line: the same place. */
#define BULLA_MAX_VAULT_STEPS ((uint64_t)1 << 27)
#define BULLA_MAX_VAULT_TRIES 4
#define BULLA_MAX_YAML_DEPTH 64
#define BULLA_MAX_YAML_NODES 100000  /* in one file, aliases expanded; Compose: in a document */
#define BULLA_MAX_REF_DEPTH 32       /* ${A:-${B:-…}} */
#define BULLA_MAX_ENV_ENTRIES 100000 /* statements in one env file */
#define BULLA_MAX_ENV_BYTES ((size_t)16 * 1024 * 1024) /* all its values, expanded */
#define BULLA_MAX_FINDINGS 1000
#define BULLA_MAX_COMPOSE_FILES 256
#define BULLA_MAX_IGNORES 10000        /* `# bulla: ignore` in one file */
#define BULLA_MAX_DOCKERFILES 256      /* that one check reads */
#define BULLA_MAX_PROJECT_USES 1000000 /* a service and a place that reaches it */
#define BULLA_MAX_OUTPUT_BYTES ((size_t)64 * 1024 * 1024)

#endif
