/* Families 4 and 5: what goes into an image. B408, B410, B414, B508. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/shape.h"
#include "check/images.h"
#include "check/literals.h"

#include "base/banned.h"

#define HELP_MAX 256

/* --- B408: values that an image keeps --------------------------------------------------------- */

static bool is_argument(const struct image *image, struct bulla_bytes name)
{
    const struct image_name *found = image_names_find(&image->names, name);
    return found != NULL && found->is_argument;
}

/* The value is `$NAME` or `${NAME}` of an argument that this file declares. */
static bool keeps_argument(const struct image *image, const struct bulla_docker_pair *pair)
{
    if (pair->keyword != BULLA_DOCKER_ENV || pair->references != 1 || pair->value[0] != '$') {
        return false;
    }
    bool braced = pair->value[1] == '{';
    struct bulla_bytes name = bulla_bytes(pair->value + 1 + braced, pair->value_len - 1 - braced);
    name.len -= braced && name.len > 0 && name.data[name.len - 1] == '}';
    return is_argument(image, name);
}

static bool check_pair(struct check *check, const struct image *image,
                       const struct bulla_docker_pair *pair, struct bulla_error *err)
{
    if (pair->value == NULL || pair->value_len == 0) {
        return true;
    }
    const char *keyword = bulla_docker_keyword_name(pair->keyword);
    const char *what = bulla_secret_in_clear(pair->name, bulla_bytes(pair->value, pair->value_len));
    struct place place = image_place(image, what != NULL ? pair->value_pos : pair->pos, pair->end);
    place.variable = pair->name;
    if (what != NULL) {
        return check_add_as(
            check, RULE_SECRET_IN_IMAGE, secret_severity(what, RULE_SECRET_IN_IMAGE), &place, NULL,
            err, "%s %s holds %s in the clear, and the image keeps it", keyword, pair->name, what);
    }
    return !bulla_name_is_secret(pair->name) || !keeps_argument(image, pair) ||
           check_add(check, RULE_SECRET_IN_IMAGE, &place, NULL, err,
                     "ENV %s keeps a build argument in the image, for docker inspect to show",
                     pair->name);
}

/* --- B414: files that an image takes in ------------------------------------------------------- */

/* Names of files that are secret wherever they lie. */
static bool is_secret_file(const char *path)
{
    static const char *const names[] = {".env",     "id_rsa",  "id_ed25519",
                                        "id_ecdsa", ".pgpass", ".netrc"};
    const char *base = bulla_path_base(path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(base, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether stage INDEX (from 1) becomes the image that BUILD asks for. */
static bool is_final(const struct bulla_dockerfile *file, size_t index)
{
    size_t last = file->stage_count;
    for (size_t steps = 0; steps < file->stage_count; steps++) {
        if (last == index) {
            return true;
        }
        const char *image = file->stages[last - 1].image;
        size_t base = last - 1;
        while (base > 0 && (file->stages[base - 1].name == NULL ||
                            strcmp(file->stages[base - 1].name, image) != 0)) {
            base--;
        }
        if (base == 0) {
            return false;
        }
        last = base;
    }
    return false;
}

static bool add_copied(struct check *check, const struct image *image,
                       const struct bulla_docker_source *source, const char *path,
                       struct bulla_error *err)
{
    char help[HELP_MAX];
    struct place place = image_place(image, source->pos, source->end);
    bool is_named = strcmp(bulla_path_base(source->path), bulla_path_base(path)) == 0;
    if (is_named) {
        (void)snprintf(help, sizeof help, "mount it where it is needed: RUN --mount=type=secret");
    } else {
        (void)snprintf(help, sizeof help, "add the line '%s' to %s.dockerignore", path,
                       image->ignore.len > 0 ? "its " : "");
        place.line = path;
        place.line_file = image->ignore_path;
    }
    bool final = is_final(image->dockerfile, source->stage);
    return check_add_as(check, RULE_SECRET_COPIED, final ? BULLA_WARNING : BULLA_NOTE, &place, help,
                        err, "%s takes '%s' into %s of '%s'",
                        bulla_docker_keyword_name(source->keyword), path,
                        final ? "the image" : "a stage of the image", image->service->name);
}

/* PATH relative to the context, or NULL where it is elsewhere. */
static const char *below(const char *context, const char *path)
{
    size_t len = strlen(context);
    if (strcmp(context, ".") == 0 && path[0] != '/') {
        return path;
    }
    return strncmp(path, context, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

/* Says who takes PATH, a file that holds secrets. */
static bool check_file(struct check *check, const struct image *image, const char *path,
                       struct bulla_error *err)
{
    const char *inside = below(image->build->context, path);
    if (inside == NULL || bulla_dockerignore_excludes(bulla_buf_view(&image->ignore), inside)) {
        return true;
    }
    for (size_t i = 0; i < image->dockerfile->source_count; i++) {
        const struct bulla_docker_source *source = &image->dockerfile->sources[i];
        if (strchr(source->path, '$') == NULL && bulla_docker_source_covers(source->path, inside) &&
            !add_copied(check, image, source, inside, err)) {
            return false;
        }
    }
    return true;
}

static bool check_path(struct check *check, const struct image *image, const char *folder,
                       const char *name, struct bulla_error *err)
{
    name += strncmp(name, "./", 2) == 0 ? 2 : 0;
    bulla_auto_str path = bulla_path_join(folder, name, err);
    return path != NULL && check_file(check, image, path, err);
}

static bool check_files(struct check *check, const struct image *image, struct bulla_error *err)
{
    const struct bulla_check_input *input = check->input;
    const struct bulla_project *project = input->project;
    const char *root = input->root != NULL ? input->root : "";
    if (input->output.path != NULL && !check_path(check, image, root, input->output.path, err)) {
        return false;
    }
    size_t environments =
        input->contract != NULL ? bulla_contract_environment_count(input->contract) : 0;
    for (size_t i = 0; i < environments; i++) {
        const struct bulla_environment *environment =
            bulla_contract_environment(input->contract, i);
        bool is_this = input->environment != NULL && input->output.path != NULL &&
                       strcmp(environment->name, input->environment) == 0;
        if (!is_this && !check_path(check, image, project->directory, environment->output, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < project->resource_count; i++) {
        const struct bulla_project_resource *resource = project->resources[i];
        if (!resource->config && resource->source == BULLA_RESOURCE_FILE &&
            resource->text != NULL && strchr(resource->text, '$') == NULL &&
            !check_path(check, image, project->directory, resource->text, err)) {
            return false;
        }
    }
    for (size_t i = 0; i < image->dockerfile->source_count; i++) {
        const struct bulla_docker_source *source = &image->dockerfile->sources[i];
        if (is_secret_file(source->path) && strchr(source->path, '$') == NULL &&
            !add_copied(check, image, source, source->path, err)) {
            return false;
        }
    }
    return true;
}

bool image_check_contents(struct check *check, const struct image *image, struct bulla_error *err)
{
    for (size_t i = 0; i < image->dockerfile->pair_count; i++) {
        if (!check_pair(check, image, &image->dockerfile->pairs[i], err)) {
            return false;
        }
    }
    return image->build->context == NULL || check_files(check, image, err);
}

/* --- B410, B508: arguments -------------------------------------------------------------------- */

/* Arguments that the builder knows or that steer it. */
static bool is_predefined(const char *name)
{
    static const char *const names[] = {
        "HTTP_PROXY",     "http_proxy", "HTTPS_PROXY", "https_proxy",   "FTP_PROXY",
        "ftp_proxy",      "NO_PROXY",   "no_proxy",    "ALL_PROXY",     "all_proxy",
        "TARGETPLATFORM", "TARGETOS",   "TARGETARCH",  "TARGETVARIANT", "TARGETSTAGE",
        "BUILDPLATFORM",  "BUILDOS",    "BUILDARCH",   "BUILDVARIANT",  "SOURCE_DATE_EPOCH"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return strncmp(name, "BUILDKIT_", 9) == 0;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that BUILD passes, sorted; owned. */
static const char **sort_passed(const struct bulla_project_build *build, struct bulla_error *err)
{
    const char **names = bulla_alloc(build->arg_count + 1, sizeof *names, err);
    for (size_t i = 0; names != NULL && i < build->arg_count; i++) {
        names[i] = build->args[i].name;
    }
    if (names != NULL && build->arg_count > 1) {
        qsort(names, build->arg_count, sizeof *names, compare_texts);
    }
    return names;
}

/* What becomes of an argument without a value. */
enum need { NEED_NONE, NEED_BLANK, NEED_BASE };

static enum need need_of(const struct image *image, const struct bulla_docker_pair *arg)
{
    const struct image_name *name = image_names_find(&image->names, bulla_bytes_of(arg->name));
    if (name == NULL || name->has_value || name->has_fallback) {
        return NEED_NONE;
    }
    if (arg->stage == 0) {
        return name->is_in_from ? NEED_BASE : NEED_NONE;
    }
    return name->last_stage >= arg->stage ? NEED_BLANK : NEED_NONE;
}

static bool check_argument(struct check *check, const struct image *image,
                           const struct bulla_project_service *service, const char **passed,
                           const struct bulla_docker_pair *arg, struct bulla_error *err)
{
    enum need need = need_of(image, arg);
    if (arg->value != NULL || need == NEED_NONE || is_predefined(arg->name) ||
        bsearch(&arg->name, passed, service->build->arg_count, sizeof *passed, compare_texts) !=
            NULL) {
        return true;
    }
    struct place place = image_place(image, arg->pos, arg->end);
    place.variable = arg->name;
    place.service = service->name;
    return check_add_as(check, RULE_BUILD_ARG_NOT_PASSED,
                        need == NEED_BASE ? BULLA_WARNING : BULLA_NOTE, &place, NULL, err,
                        need == NEED_BASE
                            ? "FROM needs %s, which the build of '%s' does not pass"
                            : "%s is blank in RUN and the like: the build of '%s' does not pass it",
                        arg->name, service->name);
}

static bool check_declared(struct check *check, const struct image *image,
                           const struct bulla_project_service *service, struct bulla_error *err)
{
    const struct bulla_dockerfile *file = image->dockerfile;
    const char **passed = sort_passed(service->build, err);
    bool ok = passed != NULL;
    for (size_t i = 0; ok && i < file->pair_count; i++) {
        ok = file->pairs[i].keyword != BULLA_DOCKER_ARG ||
             check_argument(check, image, service, passed, &file->pairs[i], err);
    }
    bulla_free(passed);
    return ok;
}

bool image_check_arguments(struct check *check, const struct image *image,
                           const struct bulla_project_service *service, struct bulla_error *err)
{
    if (!check_declared(check, image, service, err)) {
        return false;
    }
    for (size_t i = 0; i < service->build->arg_count; i++) {
        const struct bulla_project_build_arg *arg = &service->build->args[i];
        struct place place = {.file = check_file_name(check, arg->file),
                              .pos = arg->pos,
                              .variable = arg->name,
                              .service = service->name};
        if (!is_argument(image, bulla_bytes_of(arg->name)) && !is_predefined(arg->name) &&
            strchr(arg->name, '$') == NULL &&
            !check_add(check, RULE_BUILD_ARG_NOT_DECLARED, &place, NULL, err,
                       "%s is passed for nothing: the Dockerfile of '%s' has no ARG of that name",
                       arg->name, service->name)) {
            return false;
        }
    }
    return true;
}
