/* What the project is called: -p, COMPOSE_PROJECT_NAME, the files' `name`, the folder. */
#include <stdlib.h>

#include "bulla/file.h"
#include "model/internal.h"

#include "base/banned.h"

static struct bulla_bytes normal_name(struct model *m, struct bulla_bytes name)
{
    char *copy = store_string(&m->store, name);
    size_t len = 0;
    for (size_t i = 0; i < name.len && copy[i] != '\0'; i++) {
        char c = copy[i] >= 'A' && copy[i] <= 'Z' ? (char)(copy[i] - 'A' + 'a') : copy[i];
        bool first = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (first || (len > 0 && (c == '-' || c == '_'))) {
            copy[len++] = c;
        }
    }
    return bulla_bytes(copy, len);
}

bool check_project_name(struct model *m, struct bulla_bytes name)
{
    return bulla_bytes_equal(normal_name(m, name), name) ||
           refuse(m, NULL,
                  "invalid project name %Q: must consist only of lowercase alphanumeric "
                  "characters, hyphens, and underscores as well as start with a letter or number",
                  name);
}

/* The `name` of one document as YAML has it, merge keys followed; NULL where none. */
static const struct bulla_value *name_of(struct model *m, const struct yaml_node *root,
                                         const char *file)
{
    const struct yaml_node *node = yaml_resolve(root);
    if (node->kind != YAML_MAPPING) {
        return NULL;
    }
    for (const struct yaml_node *key = node->first; key != NULL; key = key->next) {
        if (bulla_bytes_are(yaml_text(yaml_resolve(key)), "name") &&
            yaml_resolve(key->value)->kind == YAML_SCALAR) {
            struct resets ignored = {0};
            return decode_document(m, key->value, file, &ignored);
        }
    }
    return NULL;
}

static void warn_of_link(struct model *m, const char *directory)
{
    char *real = realpath(directory, NULL);
    struct bulla_bytes base = bulla_bytes_of(bulla_path_base(directory));
    if (real != NULL && !bulla_bytes_are(base, bulla_path_base(real))) {
        warn(m, "project has been loaded without an explicit name from a symlink. Using name %q",
             base);
    }
    free(real);
}

/* What the files call the project: the last document that has a name; it is interpolated alone. */
static bool read_written_name(struct model *m, const char *const *files, size_t count,
                              bool *ret_first)
{
    struct bulla_value *name = value_string(&m->store, "");
    *ret_first = false;
    for (size_t i = 0; i < count; i++) {
        bool ok = false;
        const struct yaml_document *document = read_documents(m, files[i], "open", &ok);
        if (!ok) {
            return false;
        }
        for (bool first = true; document != NULL; document = document->next, first = false) {
            const struct bulla_value *found = name_of(m, document->root, files[i]);
            struct bulla_bytes text = found == NULL || found->kind == BULLA_VALUE_NULL
                                          ? bulla_bytes("", 0)
                                          : value_show(&m->store, found);
            if (text.len > 0) {
                name = value_placed(value_text(&m->store, text), found);
                *ret_first = *ret_first || first;
            }
        }
    }
    if (!*ret_first) {
        warn_of_link(m, m->directory);
    }
    struct path at = {.key = bulla_bytes_of("name")};
    interpolate_value(m, &m->variables, name, &at);
    struct bulla_bytes normal = normal_name(m, name->text);
    if (normal.len > 0 || *ret_first) {
        m->name = store_string(&m->store, normal);
    }
    return go_on(m);
}

bool settle_project_name(struct model *m, const char *const *files, size_t count)
{
    struct bulla_bytes value = bulla_bytes("", 0);
    bool given = m->options->name != NULL && m->options->name[0] != '\0';
    if (given) {
        value = bulla_bytes_of(m->options->name);
    } else {
        (void)variables_find(&m->variables, bulla_bytes_of("COMPOSE_PROJECT_NAME"), &value);
    }
    if (value.len > 0) {
        m->name = store_string(&m->store, value);
        if (!check_project_name(m, value)) {
            return false;
        }
    } else {
        bool first = false;
        m->name =
            store_string(&m->store, normal_name(m, bulla_bytes_of(bulla_path_base(m->directory))));
        if (!read_written_name(m, files, count, &first)) {
            return false;
        }
    }
    m->variables.name = m->name;
    return true;
}
