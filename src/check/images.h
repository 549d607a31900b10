/* Dockerfiles that a project's builds name; private to check/. */
#ifndef BULLA_CHECK_IMAGES_H
#define BULLA_CHECK_IMAGES_H

#include "bulla/dockerfile.h"
#include "bulla/mem.h"
#include "check/families.h"
#include "check/image_names.h"

/* One Dockerfile, and the first service that is built with it. */
struct image {
    const struct bulla_project_service *service;
    const struct bulla_project_build *build;
    const struct bulla_dockerfile *dockerfile; /* NULL: there is none to look at */
    struct image_names names;                  /* of that */
    char *name;                                /* as findings name its file */
    struct bulla_buf ignore;                   /* its `.dockerignore`, or empty */
    char *ignore_path; /* opens that; where there is none, the one that could be */
};

/*
 * Reads the Dockerfile of SERVICE's build: below the folder that the project names, no link out of
 * it is followed. What is wrong with it is a finding; a file that is not there is none.
 */
BULLA_MUST_CHECK bool image_read(struct check *check, const struct bulla_project_service *service,
                                 struct image *ret_image, struct bulla_error *err);
void image_release(struct image *image);

/* A place of the Dockerfile, moved to where an inlined one stands in its compose file. */
struct place image_place(const struct image *image, struct bulla_pos pos, struct bulla_pos end);

/* What a Dockerfile says by itself: B408, B414. */
BULLA_MUST_CHECK bool image_check_contents(struct check *check, const struct image *image,
                                           struct bulla_error *err);
/* What goes wrong between a Dockerfile and SERVICE's build arguments: B410, B508. */
BULLA_MUST_CHECK bool image_check_arguments(struct check *check, const struct image *image,
                                            const struct bulla_project_service *service,
                                            struct bulla_error *err);

#endif
