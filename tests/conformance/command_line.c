#include "command_line.h"

#include <string.h>

static bool is_flag(const char *arg, const char *short_name, const char *long_name,
                    const char **ret_value)
{
    *ret_value = NULL;
    if (short_name != NULL && strncmp(arg, short_name, 2) == 0) {
        const char *rest = arg + 2 + (arg[2] == '=' ? 1 : 0);
        *ret_value = *rest != '\0' ? rest : NULL;
        return true;
    }
    size_t len = strlen(long_name);
    if (strncmp(arg, long_name, len) != 0 || (arg[len] != '\0' && arg[len] != '=')) {
        return false;
    }
    *ret_value = arg[len] == '=' ? arg + len + 1 : NULL;
    return true;
}

/* Takes the argument at *AT, and its value; false for one that is not known. */
static bool take_argument(struct command_line *line, const json_t *args, size_t *at)
{
    struct bulla_project_options *options = &line->options;
    const char *directory = NULL;
    const struct {
        const char *short_name;
        const char *long_name;
        const char **list;
        size_t *count;
        const char **one;
    } flags[] = {
        {"-f", "--file", line->files, &options->file_count, NULL},
        {NULL, "--env-file", line->env_files, &options->env_file_count, NULL},
        {NULL, "--profile", line->profiles, &options->profile_count, NULL},
        {"-p", "--project-name", NULL, NULL, &options->name},
        {NULL, "--project-directory", NULL, NULL, &options->project_directory},
        {NULL, "--workdir", NULL, NULL, &directory},
    };
    const char *arg = json_string_value(json_array_get(args, *at));
    for (size_t i = 0; arg != NULL && i < sizeof flags / sizeof flags[0]; i++) {
        const char *value = NULL;
        if (!is_flag(arg, flags[i].short_name, flags[i].long_name, &value)) {
            continue;
        }
        if (value == NULL) {
            value = json_string_value(json_array_get(args, ++*at));
        }
        if (value == NULL || (flags[i].count != NULL && *flags[i].count == MAX_ARGS)) {
            return false;
        }
        if (flags[i].count != NULL) {
            flags[i].list[(*flags[i].count)++] = value;
        } else {
            *flags[i].one = value;
        }
        options->project_directory = directory != NULL ? directory : options->project_directory;
        return true;
    }
    return false;
}

bool command_line_read(struct command_line *line, const json_t *args)
{
    for (size_t i = 0; i < json_array_size(args); i++) {
        if (!take_argument(line, args, &i)) {
            return false;
        }
    }
    line->options.files = line->files;
    line->options.env_files = line->env_files;
    line->options.profiles = line->profiles;
    return true;
}
