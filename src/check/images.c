/* Finding and reading the Dockerfiles of a project, each once. */
#include "check/images.h"

#include <stdlib.h>
#include <string.h>

#include "bulla/file.h"
#include "bulla/limits.h"

#include "base/banned.h"

/* --- places ----------------------------------------------------------------------------------- */

/* The offset of POS in an inlined text. */
static size_t offset_of(const struct bulla_project_text *text, struct bulla_pos pos)
{
    size_t at = 0;
    for (uint32_t line = 1; line < pos.line && at < text->len; line++) {
        const char *lf = memchr(text->text + at, '\n', text->len - at);
        at = lf != NULL ? (size_t)(lf - text->text) + 1 : text->len;
    }
    for (uint32_t col = 1; col < pos.col && at < text->len; col++) {
        do {
            at++;
        } while (at < text->len && ((uint8_t)text->text[at] & 0xC0) == 0x80);
    }
    return at;
}

struct place image_place(const struct image *image, struct bulla_pos pos, struct bulla_pos end)
{
    struct place place = {
        .file = image->name, .pos = pos, .end = end, .service = image->service->name};
    const struct bulla_project_text *inlined = &image->build->inlined;
    if (inlined->text != NULL) {
        place.pos = bulla_project_text_pos(inlined, offset_of(inlined, pos));
        place.end = (struct bulla_pos){0, 0};
        if (end.line == pos.line) {
            place.end = bulla_project_text_pos(inlined, offset_of(inlined, end));
        }
    }
    return place;
}

/* --- files ------------------------------------------------------------------------------------ */

/* True where FOLDER, links followed, holds the resolved PATH. */
static bool holds(const char *folder, const char *path)
{
    bulla_auto_str resolved = realpath(folder, NULL);
    size_t len = resolved != NULL ? strlen(resolved) : 0;
    return len > 0 && strncmp(path, resolved, len) == 0 &&
           (path[len] == '/' || strcmp(resolved, "/") == 0);
}

enum reach { REACH_NONE, REACH_INSIDE, REACH_OUTSIDE };

/* Whether PATH is a file, and one below what the project names when links are followed. */
static bool reach_of(const struct check *check, const struct bulla_project_build *build,
                     const char *path, enum reach *ret_reach, struct bulla_error *err)
{
    *ret_reach = REACH_NONE;
    bulla_auto_str folder = bulla_path_dir(path, err);
    if (folder == NULL) {
        return false;
    }
    bulla_auto_str resolved = bulla_file_is_regular(path) ? realpath(path, NULL) : NULL;
    if (resolved == NULL) {
        return true;
    }
    bool inside = holds(folder, resolved) || holds(build->context, resolved) ||
                  holds(check->input->project->directory, resolved);
    *ret_reach = inside ? REACH_INSIDE : REACH_OUTSIDE;
    return true;
}

/* `NAME.dockerignore` beside the Dockerfile, else `.dockerignore` in the context. */
static bool read_ignore(struct check *check, struct image *image, struct bulla_error *err)
{
    const struct bulla_project_build *build = image->build;
    if (build->context == NULL) {
        return true;
    }
    bulla_auto_str own = build->dockerfile != NULL
                             ? bulla_asprintf(err, "%s.dockerignore", build->dockerfile)
                             : bulla_path_join(build->context, ".dockerignore", err);
    bulla_auto_str common = bulla_path_join(build->context, ".dockerignore", err);
    if (own == NULL || common == NULL) {
        return false;
    }
    const char *const paths[] = {own, common};
    for (size_t i = 0; i < 2; i++) {
        enum reach reach = REACH_NONE;
        if (!reach_of(check, build, paths[i], &reach, err)) {
            return false;
        }
        if (reach == REACH_INSIDE || i == 1) {
            image->ignore_path = bulla_strdup(paths[i], err);
            if (image->ignore_path == NULL) {
                return false;
            }
        }
        if (reach == REACH_INSIDE) {
            if (bulla_file_read(paths[i], BULLA_MAX_TEXT_BYTES, &image->ignore, err)) {
                return true;
            }
            bool is_fatal = err->code == BULLA_E_NOMEM;
            bulla_error_clear(err);
            return !is_fatal || bulla_error_nomem(err);
        }
    }
    return true;
}

static bool add_refusal(struct check *check, const struct image *image, struct bulla_error *err)
{
    const struct bulla_error cause = *err;
    if (cause.code == BULLA_E_NOMEM) {
        return false;
    }
    bulla_error_clear(err);
    struct place place = image_place(image, cause.pos, (struct bulla_pos){0, 0});
    return check_add_as(
        check, RULE_UNREADABLE, BULLA_WARNING, &place, "docker build says it in its own words", err,
        "the Dockerfile of '%s' cannot be read: %s", image->service->name, cause.message);
}

static bool parse(struct check *check, struct image *image, struct bulla_bytes text,
                  struct bulla_error *err)
{
    image->dockerfile = bulla_dockerfile_parse(text, image->name, err);
    if (image->dockerfile == NULL) {
        return add_refusal(check, image, err);
    }
    if (image->dockerfile->foreign) {
        bulla_dockerfile_free(image->dockerfile);
        image->dockerfile = NULL;
        return true;
    }
    return image_names_gather(&image->names, image->dockerfile, err) &&
           read_ignore(check, image, err);
}

static bool read_file(struct check *check, struct image *image, struct bulla_error *err)
{
    const char *path = image->build->dockerfile;
    enum reach reach = REACH_NONE;
    image->name = bulla_strdup(check_relative_name(check, path), err);
    if (image->name == NULL || !reach_of(check, image->build, path, &reach, err)) {
        return false;
    }
    if (reach == REACH_OUTSIDE) {
        struct place place = {.file = check_file_name(check, image->build->file),
                              .pos = image->build->pos,
                              .service = image->service->name};
        return check_add_as(check, RULE_UNREADABLE, BULLA_NOTE, &place, "put the file itself there",
                            err,
                            "the Dockerfile of '%s' is a link that leads out of the project: it "
                            "was not read",
                            image->service->name);
    }
    if (reach == REACH_NONE) {
        return true;
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, BULLA_MAX_TEXT_BYTES);
    return bulla_file_read(path, BULLA_MAX_TEXT_BYTES, &text, err)
               ? ignores_read_text(check, image->name, bulla_buf_view(&text), err) &&
                     parse(check, image, bulla_buf_view(&text), err)
               : add_refusal(check, image, err);
}

bool image_read(struct check *check, const struct bulla_project_service *service,
                struct image *ret_image, struct bulla_error *err)
{
    const struct bulla_project_build *build = service->build;
    *ret_image = (struct image){.service = service, .build = build};
    bulla_buf_init(&ret_image->ignore, BULLA_MAX_TEXT_BYTES);
    if (build->inlined.text != NULL) {
        ret_image->name = bulla_strdup(check_file_name(check, build->inlined.file), err);
        return ret_image->name != NULL &&
               parse(check, ret_image, bulla_bytes(build->inlined.text, build->inlined.len), err);
    }
    return build->dockerfile == NULL || read_file(check, ret_image, err);
}

void image_release(struct image *image)
{
    image_names_release(&image->names);
    bulla_dockerfile_free(image->dockerfile);
    bulla_free(image->name);
    bulla_free(image->ignore_path);
    bulla_buf_release(&image->ignore);
}

/* --- all of them ------------------------------------------------------------------------------ */

static int compare_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? (a != NULL) - (b != NULL) : strcmp(a, b);
}

/* By Dockerfile and context, so that services that share both lie side by side. */
static int compare_builds(const void *a, const void *b)
{
    const struct bulla_project_service *left = *(const struct bulla_project_service *const *)a;
    const struct bulla_project_service *right = *(const struct bulla_project_service *const *)b;
    int order = compare_text(left->build->dockerfile, right->build->dockerfile);
    if (order == 0) {
        order = compare_text(left->build->inlined.text, right->build->inlined.text);
    }
    return order != 0 ? order : compare_text(left->build->context, right->build->context);
}

static bool check_sorted(struct check *check, const struct bulla_project_service **services,
                         size_t count, struct bulla_error *err)
{
    size_t read = 0;
    for (size_t i = 0; i < count && read < BULLA_MAX_DOCKERFILES; read++) {
        struct image image;
        bool ok = image_read(check, services[i], &image, err) &&
                  (image.dockerfile == NULL || image_check_contents(check, &image, err));
        size_t first = i;
        for (; ok && i < count && compare_builds(&services[first], &services[i]) == 0; i++) {
            ok = image.dockerfile == NULL || image_check_arguments(check, &image, services[i], err);
        }
        image_release(&image);
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool check_images(struct check *check, struct bulla_error *err)
{
    const struct bulla_project *project = check->input->project;
    const struct bulla_project_service **services =
        bulla_alloc(project->service_count + 1, sizeof(void *), err);
    if (services == NULL) {
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < project->service_count; i++) {
        if (project->services[i]->build != NULL) {
            services[count++] = project->services[i];
        }
    }
    if (count > 1) {
        qsort(services, count, sizeof(void *), compare_builds);
    }
    bool ok = check_sorted(check, services, count, err);
    bulla_free(services);
    return ok;
}
