/*
 * References that Compose ends elsewhere than their braces do: B213. Compose counts braces, skips
 * the byte behind each "{" and takes the last "}" of the line; whatever comes to stand inside the
 * operand that way is not looked at unless the operand is used. docs/compose.md 2.3.
 */
#include <stdio.h>
#include <string.h>

#include "check/families.h"

#include "base/banned.h"

/* Where the braces of the reference at AT end it: behind its "}"; 0 where one is missing. */
static size_t meant_end(const char *text, size_t len, size_t at)
{
    size_t depth = 0;
    for (size_t i = at + 1; i < len && text[i] != '\n'; i++) {
        depth += text[i] == '{';
        if (text[i] == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* The name of the first reference that begins in TEXT, or an empty view. */
static struct bulla_bytes first_name(const char *text, size_t len)
{
    for (size_t i = 0; i + 1 < len; i++) {
        if (text[i] != '$') {
            continue;
        }
        if (text[i + 1] == '$') {
            i++;
            continue;
        }
        size_t start = i + 1 + (text[i + 1] == '{');
        size_t end = start;
        while (end < len && (text[end] == '_' || (text[end] >= 'A' && text[end] <= 'Z') ||
                             (text[end] >= 'a' && text[end] <= 'z') ||
                             (end > start && text[end] >= '0' && text[end] <= '9'))) {
            end++;
        }
        if (end > start) {
            return bulla_bytes(text + start, end - start);
        }
    }
    return bulla_bytes(NULL, 0);
}

static bool has_operand(const struct bulla_project_ref *ref)
{
    return ref->braced && ref->op != BULLA_REF_PLAIN && ref->text != NULL && !ref->in_key &&
           ref->text_end <= ref->text_len;
}

/* How Compose reads a reference against what was meant. */
enum reading { READ_AS_MEANT, READ_TOO_FAR, READ_TOO_SHORT, READ_UNCLOSED };

static enum reading read_reference(const struct bulla_project_ref *ref,
                                   struct bulla_bytes *ret_swallowed)
{
    *ret_swallowed = bulla_bytes(NULL, 0);
    if (!has_operand(ref)) {
        return READ_AS_MEANT;
    }
    size_t meant = meant_end(ref->text, ref->text_len, ref->text_at);
    if (meant == 0) {
        /* "${V:-{a}" gives "{a", which may well be meant; a reference inside may not. */
        *ret_swallowed = first_name(ref->operand, ref->operand_len);
        return ret_swallowed->len > 0 ? READ_UNCLOSED : READ_AS_MEANT;
    }
    if (meant < ref->text_end) {
        *ret_swallowed = first_name(ref->text + meant, ref->text_end - meant);
        return READ_TOO_FAR;
    }
    return meant > ref->text_end ? READ_TOO_SHORT : READ_AS_MEANT;
}

bool check_braces(struct check *check, const struct bulla_project_ref *ref, struct bulla_error *err)
{
    struct bulla_bytes swallowed;
    struct place place = check_place_of(check, ref);
    int len = 0;
    switch (read_reference(ref, &swallowed)) {
    case READ_AS_MEANT:
        return true;
    case READ_TOO_SHORT:
        return check_add_as(check, RULE_BRACES, BULLA_WARNING, &place,
                            "leave '{{' out of the operand: give the text a variable of its own",
                            err,
                            "Compose counts braces in its own way and ends the reference to '%s' "
                            "before its last '}'",
                            ref->name);
    case READ_UNCLOSED:
        len = (int)swallowed.len;
        return check_add(check, RULE_BRACES, &place, "add the '}' that is missing", err,
                         "the reference to '%s' has no '}' of its own: that of '%.*s' ends it",
                         ref->name, len, (const char *)swallowed.data);
    case READ_TOO_FAR:
        break;
    }
    if (swallowed.len == 0) {
        return check_add_as(check, RULE_BRACES, BULLA_WARNING, &place,
                            "leave '{}' out of the operand: give the text a variable of its own",
                            err,
                            "Compose counts braces in its own way: the reference to '%s' goes on "
                            "to the last '}' of the line",
                            ref->name);
    }
    len = (int)swallowed.len;
    return check_add(check, RULE_BRACES, &place,
                     "leave '{}' out of the operand, or put the two references into two values",
                     err,
                     "'{}' in the operand of '%s' takes in the reference to '%.*s' behind it, "
                     "which is never checked where %s has a value",
                     ref->name, len, (const char *)swallowed.data, ref->name);
}

bool check_braces_claim(const struct check *check, const struct bulla_project_problem *problem)
{
    const struct bulla_project *project = check->input->project;
    struct bulla_bytes swallowed;
    for (size_t i = 0; i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        bool holds = ref->file == problem->file && ref->pos.line == problem->pos.line &&
                     ref->pos.col <= problem->pos.col && problem->pos.line <= ref->end.line;
        if (holds && read_reference(ref, &swallowed) != READ_AS_MEANT) {
            return true;
        }
    }
    return false;
}
