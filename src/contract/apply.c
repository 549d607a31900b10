#include "contract/contract_internal.h"

#include <string.h>

#include "base/banned.h"

#define DEFAULT_TIMEOUT_SECONDS 30

static const char *const driver_names[] = {"postgres", "redis",    "mariadb",
                                           "mysql",    "rabbitmq", "hook"};
static const char *const strategy_names[] = {"single", "overlap", "alternate"};
static const char *const tls_names[] = {"off", "verify"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* One [apply NAME] being read, in one environment. */
struct reading {
    const struct bulla_contract *contract;
    const struct ini_section *section;
    const char *environment;
    struct bulla_apply *apply;
    struct bulla_error *err;
};

static const struct ini_entry *find(const struct reading *in, enum key key)
{
    return entry_find(in->section, key, in->environment);
}

static bool need(const struct reading *in, enum key key, const char *why)
{
    if (find(in, key) != NULL) {
        return true;
    }
    return bulla_error_at(in->err, BULLA_E_INVALID, in->contract->file, in->section->pos, "%s",
                          why);
}

/* Refuses those of KEYS that are there. */
static bool refuse(const struct reading *in, const enum key *keys, size_t count, const char *why)
{
    for (size_t i = 0; i < count; i++) {
        const struct ini_entry *entry = find(in, keys[i]);
        if (entry != NULL) {
            return entry_refuse_key(in->contract, entry, in->err, "'%s' %s", entry->key, why);
        }
    }
    return true;
}

static bool read_through(const struct reading *in)
{
    static const enum key direct_keys[] = {KEY_HOST, KEY_PORT, KEY_TLS, KEY_CA};
    const struct ini_entry *entry = find(in, KEY_THROUGH);
    if (entry == NULL) {
        return need(in, KEY_THROUGH, "'through' is missing: exec:SERVICE or direct");
    }
    if (strcmp(entry->value.text, "direct") == 0) {
        in->apply->direct = true;
        return need(in, KEY_HOST, "through = direct needs 'host'");
    }
    if (strncmp(entry->value.text, "exec:", 5) != 0 || entry->value.text[5] == '\0') {
        (void)entry_refuse(in->contract, entry, in->err, "unknown way for 'through'");
        return bulla_error_hint(in->err, "exec:SERVICE (docker compose exec) or direct");
    }
    in->apply->service = entry->value.text + 5;
    return refuse(in, direct_keys, COUNT(direct_keys), "belongs to through = direct");
}

static bool read_connection(const struct reading *in)
{
    struct bulla_apply *apply = in->apply;
    const struct ini_entry *host = find(in, KEY_HOST);
    const struct ini_entry *ca = find(in, KEY_CA);
    uint64_t port = 0;
    size_t tls = 1;
    if (!entry_number(in->contract, find(in, KEY_PORT), 1, UINT16_MAX, &port, in->err) ||
        !entry_choice(in->contract, find(in, KEY_TLS), tls_names, COUNT(tls_names), &tls,
                      in->err)) {
        return false;
    }
    apply->port = (uint16_t)port;
    apply->tls = apply->direct && tls == 1;
    if (host != NULL) {
        apply->host = host->value;
    }
    if (ca != NULL) {
        apply->ca = ca->value;
    }
    if (ca != NULL && !apply->tls) {
        return entry_refuse_key(in->contract, ca, in->err, "'ca' has no use with tls = off");
    }
    return true;
}

static bool read_users(const struct reading *in)
{
    struct bulla_apply *apply = in->apply;
    const struct ini_entry *user = find(in, KEY_USER);
    const struct ini_entry *users = find(in, KEY_USERS);
    const struct ini_entry *admin = find(in, KEY_ADMIN);
    const struct ini_entry *admin_user = find(in, KEY_ADMIN_USER);
    size_t strategy = BULLA_APPLY_SINGLE;
    if (!entry_choice(in->contract, find(in, KEY_STRATEGY), strategy_names, COUNT(strategy_names),
                      &strategy, in->err) ||
        !entry_check_list(in->contract, users, in->err) ||
        !entry_check_variables(in->contract, admin, NULL, in->err)) {
        return false;
    }
    apply->strategy = (enum bulla_apply_strategy)strategy;
    apply->user = user == NULL ? apply->user : user->value;
    apply->users = users == NULL ? apply->users : users->value;
    apply->admin = admin == NULL ? apply->admin : admin->value;
    apply->admin_user = admin_user == NULL ? apply->admin_user : admin_user->value;
    struct bulla_bytes word = {0};
    if (apply->strategy == BULLA_APPLY_ALTERNATE) {
        if (users == NULL || !bulla_setting_word(&users->value, 1, &word, NULL)) {
            (void)entry_refuse(in->contract, find(in, KEY_STRATEGY), in->err,
                               "strategy = alternate needs two 'users'");
            return bulla_error_hint(in->err, "users = app_a, app_b");
        }
        return true;
    }
    if (users != NULL) {
        return entry_refuse_key(in->contract, users, in->err,
                                "'users' belongs to strategy = alternate");
    }
    /* Redis has a user without a name. */
    return apply->driver == BULLA_APPLY_REDIS ||
           need(in, KEY_USER, "'user' is missing: whose password changes");
}

static bool read_hook(const struct reading *in)
{
    static const enum key server_keys[] = {KEY_THROUGH,  KEY_USER,  KEY_ADMIN_USER, KEY_ADMIN,
                                           KEY_STRATEGY, KEY_USERS, KEY_HOST,       KEY_PORT,
                                           KEY_TLS,      KEY_CA};
    if (!need(in, KEY_HOOK, "driver = hook needs 'hook', the program to run")) {
        return false;
    }
    in->apply->hook = find(in, KEY_HOOK)->value;
    return refuse(in, server_keys, COUNT(server_keys), "has no meaning for driver = hook");
}

bool apply_resolve(const struct bulla_contract *contract, const struct ini_section *section,
                   const char *environment, struct bulla_apply *ret_apply, struct bulla_error *err)
{
    static const enum key hook_keys[] = {KEY_HOOK};
    struct bulla_apply apply = {
        .name = section->name, .pos = section->pos, .timeout_seconds = DEFAULT_TIMEOUT_SECONDS};
    const struct reading in = {contract, section, environment, &apply, err};
    const struct ini_entry *driver = find(&in, KEY_DRIVER);
    size_t index = 0;
    if (!need(&in, KEY_DRIVER, "'driver' is missing: the kind of service") ||
        !entry_choice(contract, driver, driver_names, COUNT(driver_names), &index, err) ||
        !entry_duration(contract, find(&in, KEY_TIMEOUT), &apply.timeout_seconds, err)) {
        return false;
    }
    apply.driver = (enum bulla_apply_driver)index;
    bool ok = apply.driver == BULLA_APPLY_HOOK
                  ? read_hook(&in)
                  : refuse(&in, hook_keys, COUNT(hook_keys), "belongs to driver = hook") &&
                        read_through(&in) && read_connection(&in) && read_users(&in);
    if (!ok) {
        return false;
    }
    *ret_apply = apply;
    return true;
}
