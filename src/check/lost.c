/* What of a rendered file is no loss, as the project itself has it for everybody to read. */
#include "bulla/file.h"
#include "check/names.h"
#include "check/published.h"

#include "base/banned.h"

static bool is_passing(struct bulla_error *err)
{
    if (err->code == BULLA_E_NOMEM || err->code == BULLA_E_BUG) {
        return false;
    }
    bulla_error_clear(err);
    return true;
}

/* What an env file that is not there or not one says is nothing. */
static bool read_template(const char *path, struct bulla_dotenv **ret_entries,
                          struct bulla_error *err)
{
    const struct bulla_dotenv_options options = {.no_expand = true};
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    *ret_entries = NULL;
    if (path == NULL || !bulla_file_is_regular(path)) {
        return true;
    }
    if (!bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return is_passing(err);
    }
    *ret_entries = bulla_dotenv_parse(bulla_buf_view(&text), path, &options, err);
    return *ret_entries != NULL || is_passing(err);
}

static bool is_in(const struct bulla_dotenv *template, const struct known *known)
{
    const struct bulla_dotenv_entry *entry =
        template != NULL ? bulla_dotenv_find(template, bulla_bytes_of(known->name)) : NULL;
    return entry != NULL && entry->set && bulla_secret_bytes_equal(entry->value, known->value);
}

static bool has(const struct bulla_dotenv *template, struct bulla_bytes secret)
{
    for (size_t i = 0; template != NULL && i < bulla_dotenv_count(template); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(template, i);
        if (entry->set && !entry->bare && bulla_secret_bytes_equal(entry->value, secret)) {
            return true;
        }
    }
    return false;
}

/* What is made of others is public where its secret is, under whatever name. */
static bool is_made_of_public(const struct check *check, const struct bulla_dotenv *template,
                              const struct bulla_value *value, struct bulla_bytes text)
{
    struct bulla_bytes secret = bulla_lost_secret(value, text);
    return value->variable.role == BULLA_ROLE_DERIVED && secret.len > 0 &&
           (has(template, secret) || published_under_any_name(check, secret));
}

static void leave(struct bulla_lost *lost, const struct check *check,
                  const struct bulla_dotenv *template)
{
    size_t count = 0;
    for (size_t i = 0; i < lost->count; i++) {
        const struct known known = {.name = lost->items[i]->variable.name,
                                    .value = bulla_lost_value(lost, i)};
        if (!is_in(template, &known) && !published_by_project(check, &known) &&
            !is_made_of_public(check, template, lost->items[i], known.value)) {
            lost->items[count++] = lost->items[i];
        }
    }
    lost->count = count;
}

bool bulla_lost_leave_published(struct bulla_lost *lost, const struct bulla_project *project,
                                const char *template_path, struct bulla_error *err)
{
    const struct bulla_check_input input = {.project = project};
    struct check check = {.input = &input};
    bulla_auto_dotenv template = NULL;
    bool ok = lost->count == 0 || (read_template(template_path, &template, err) &&
                                   env_texts_read(&check, err) && check_names_sort(&check, err));
    if (ok) {
        leave(lost, &check, template);
    }
    check_names_release(&check);
    env_texts_release(&check.texts);
    return ok;
}
