#include "turns.h"

#include <stdio.h>

#include "secrets.h"
#include "when.h"

/* What follows and is not derived is what `previous-as` of another one shows. */
static bool is_previous_value(const struct bulla_turn *turn)
{
    return turn->step == BULLA_TURN_FOLLOW && turn->value->variable.role != BULLA_ROLE_DERIVED;
}

static const char *describe_kind(const struct bulla_turn *turn)
{
    return is_previous_value(turn) ? "previous" : secrets_kind(&turn->value->variable);
}

static void format_cause(const struct bulla_turn *turn, int64_t now, char *out, size_t cap)
{
    char span[WHEN_BYTES];
    switch (turn->cause) {
    case BULLA_TURN_GROUP:
        (void)snprintf(out, cap, "with its group %s", turn->with);
        break;
    case BULLA_TURN_WITH:
        (void)snprintf(out, cap,
                       is_previous_value(turn) ? "the previous value of %s" : "follows %s",
                       turn->with);
        break;
    case BULLA_TURN_EXPOSED:
        (void)snprintf(out, cap, "exposed");
        break;
    case BULLA_TURN_NAMED:
    case BULLA_TURN_DUE:
    case BULLA_TURN_ALL:
        if (turn->due > 0 && turn->due <= now) {
            (void)snprintf(out, cap, "was due %s ago", when_span(now - turn->due, span));
        } else {
            (void)snprintf(out, cap, "%s", "");
        }
        break;
    }
}

static void format_note(const struct bulla_turn *turn, int64_t now, char *out, size_t cap)
{
    char cause[256];
    char until[WHEN_BYTES];
    format_cause(turn, now, cause, sizeof cause);
    const char *comma = cause[0] != '\0' ? "; " : "";
    if (turn->step == BULLA_TURN_PROVIDE) {
        const char *obtain = turn->value->variable.obtain.text;
        (void)snprintf(out, cap, "%s%s%s", cause, obtain != NULL ? comma : "",
                       obtain != NULL ? obtain : "");
    } else if (turn->keep_until > 0) {
        (void)snprintf(out, cap, "%s%sthe old one stays valid until %s", cause, comma,
                       when_minute(turn->keep_until, until));
    } else {
        (void)snprintf(out, cap, "%s", cause);
    }
}

static const char *describe_step(const struct bulla_turn *turn, bool dry_run)
{
    switch (turn->step) {
    case BULLA_TURN_MAKE:
        return dry_run ? "would turn" : "turned";
    case BULLA_TURN_FOLLOW:
        return dry_run ? "would change" : "changed";
    case BULLA_TURN_KEEP:
        return "by name";
    case BULLA_TURN_PROVIDE:
        break;
    }
    return "by hand";
}

/* Nothing is done here. */
static bool is_left(const struct bulla_turn *turn)
{
    return turn->step == BULLA_TURN_PROVIDE || turn->step == BULLA_TURN_KEEP;
}

bool turns_write(const struct bulla_rotation *plan, int64_t now, bool dry_run, struct output *out,
                 struct bulla_error *err)
{
    static const char *const headings[] = {"STEP", "NAME", "KIND", "NOTE"};
    auto_table table;
    table_init(&table, out, headings, 4);
    for (size_t i = 0; i < bulla_rotation_count(plan); i++) {
        const struct bulla_turn *turn = bulla_rotation_get(plan, i);
        const struct bulla_variable *variable = &turn->value->variable;
        char note[512];
        format_note(turn, now, note, sizeof note);
        table_styled(&table, is_left(turn) ? STYLE_WARNING : STYLE_GOOD,
                     describe_step(turn, dry_run));
        table_styled(&table, STYLE_STRONG, variable->name);
        table_cell(&table, describe_kind(turn));
        table_cell(&table, note[0] != '\0' ? note : NULL);
    }
    return table_write(&table, err);
}

void turns_write_json(const struct bulla_turn *turn, struct json *json)
{
    static const char *const steps[] = {"turned", "by-hand", "changed", "by-name"};
    char at[WHEN_BYTES];
    json_begin_object(json);
    json_member(json, "name", turn->value->variable.name);
    json_member(json, "step", steps[turn->step]);
    json_member(json, "with", turn->with);
    if (turn->due > 0) {
        json_member(json, "due", when_iso(turn->due, at));
    }
    if (turn->keep_until > 0) {
        json_member(json, "until", when_iso(turn->keep_until, at));
    }
    json_end_object(json);
}
