/* A project without a contract: the env files that Compose reads. B301. */
#include "bulla/dotenv.h"
#include "bulla/file.h"
#include "bulla/limits.h"
#include "bulla/shape.h"
#include "check/check_internal.h"

#include "base/banned.h"

static bool check_file(struct check *check, const struct bulla_project_file *file,
                       struct bulla_error *err)
{
    bulla_auto_buf text;
    bulla_buf_init_secret(&text, BULLA_MAX_TEXT_BYTES);
    if (!bulla_file_read(file->path, BULLA_MAX_TEXT_BYTES, &text, err)) {
        return false;
    }
    struct bulla_dotenv_options options = {.no_expand = true};
    bulla_auto_dotenv entries =
        bulla_dotenv_parse(bulla_buf_view(&text), file->name, &options, err);
    if (entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < bulla_dotenv_count(entries); i++) {
        const struct bulla_dotenv_entry *entry = bulla_dotenv_get(entries, i);
        const char *name = (const char *)entry->name.data;
        if (!entry->set || entry->references > 0 || !bulla_name_is_secret(name)) {
            continue;
        }
        const char *placeholder = bulla_placeholder(entry->value);
        struct place place = {
            .file = check_file_name(check, file), .pos = entry->pos, .variable = name};
        if (placeholder != NULL &&
            !check_add(check, RULE_PLACEHOLDER, &place, "give it a real value, or let bulla init",
                       err, "%s is still a placeholder: %s", name, placeholder)) {
            return false;
        }
    }
    return true;
}

bool check_env_files(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    if (project == NULL || check->input->contract != NULL) {
        return true;
    }
    for (size_t i = 0; i < project->file_count; i++) {
        const struct bulla_project_file *file = project->files[i];
        if (file->kind == BULLA_PROJECT_ENV && file->read && file->valid &&
            !check_file(check, file, err)) {
            return false;
        }
    }
    return true;
}
