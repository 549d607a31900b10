#include "access_json.h"

#include <string.h>

#include "output.h"
#include "when.h"

/* Name, role, whether he may write, since when and by whom, in an object that goes on. */
static void begin_person(struct json *json, const struct bulla_member_info *person)
{
    char at[WHEN_BYTES];
    json_begin_object(json);
    json_member(json, "name", person->name);
    json_member(json, "role", person->role == 0 ? NULL : bulla_member_role_name(person->role));
    json_member_bool(json, "writes", access_writes(person));
    json_member(json, "since", person->since > 0 ? when_iso(person->since, at) : NULL);
    json_member(json, "by", person->by[0] != '\0' ? person->by : NULL);
}

/* Every version of SECRET that MEMBER could read, in an object that goes on. */
static void write_reading(struct json *json, const struct bulla_vault *vault, const char *member,
                          const char *secret)
{
    struct reading reading = access_reading(vault, member, secret);
    struct bulla_version_info version;
    char at[WHEN_BYTES];
    int64_t since = 0;
    json_member_bool(json, "reads", reading.now);
    json_member_bool(json, "exposed", reading.exposed);
    json_member(json, "readableSince", reading.count > 0 ? when_iso(reading.since, at) : NULL);
    json_member_array(json, "versions");
    for (size_t i = 0; bulla_vault_version(vault, secret, i, &version); i++) {
        if (bulla_vault_was_readable(vault, member, version.id, &since)) {
            json_number(json, version.number);
        }
    }
    json_end_array(json);
}

static long long total_of(struct access_count count)
{
    return (long long)count.secrets + (long long)count.settings;
}

static void write_people(struct json *json, const struct workspace *ws, const char *secret)
{
    json_member_array(json, "people");
    for (size_t i = 0; i < bulla_vault_people_count(ws->vault); i++) {
        struct bulla_member_info person;
        bulla_vault_member(ws->vault, i, &person);
        begin_person(json, &person);
        if (secret != NULL) {
            write_reading(json, ws->vault, person.name, secret);
        } else {
            json_member_number(json, "reads", total_of(access_count_readable(ws, person.name)));
        }
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_member(struct json *json, const struct workspace *ws, const char *member,
                         const char *secret)
{
    struct access_history history = {.member = member};
    struct access_word word;
    char at[WHEN_BYTES];
    json_member(json, "member", member);
    json_member_array(json, "history");
    while (access_next_word(ws->vault, &history, &word)) {
        json_begin_object(json);
        json_member(json, "role", word.role == 0 ? NULL : bulla_member_role_name(word.role));
        json_member(json, "since", when_iso(word.at, at));
        json_member(json, "by", word.by);
        json_member(json, "why", word.why);
        json_end_object(json);
    }
    json_end_array(json);
    json_member_array(json, "secrets");
    for (size_t i = 0; i < bulla_vault_count(ws->vault); i++) {
        struct bulla_secret_info info;
        bulla_vault_secret(ws->vault, i, &info);
        if ((secret != NULL && strcmp(secret, info.name) != 0) ||
            access_reading(ws->vault, member, info.name).count == 0) {
            continue;
        }
        json_begin_object(json);
        json_member(json, "name", info.name);
        write_reading(json, ws->vault, member, info.name);
        json_end_object(json);
    }
    json_end_array(json);
}

void access_write_json(struct json *json, const struct workspace *ws, const char *secret,
                       const char *member)
{
    json_begin_object(json);
    json_member(json, "environment", ws->environment->name);
    if (member != NULL) {
        write_member(json, ws, member, secret);
    } else {
        json_member(json, "name", secret);
        json_member_number(json, "values", total_of(access_count_values(ws)));
        write_people(json, ws, secret);
    }
    json_end_object(json);
}
