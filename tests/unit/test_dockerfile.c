#include "bulla/dockerfile.h"

#include <string.h>

#include "bulla/buf.h"
#include "bulla/mem.h"

#include "unit.h"

static const struct bulla_dockerfile *parse(const char *text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    const struct bulla_dockerfile *file =
        bulla_dockerfile_parse(bulla_bytes_of(text), "Dockerfile", &err);
    assert_ok(file != NULL, err);
    return file;
}

static const struct bulla_docker_pair *pair_of(const struct bulla_dockerfile *file,
                                               const char *name)
{
    for (size_t i = 0; i < file->pair_count; i++) {
        if (strcmp(file->pairs[i].name, name) == 0) {
            return &file->pairs[i];
        }
    }
    ck_abort_msg("no %s", name);
    return NULL;
}

#define assert_pos(got, want_line, want_col)                                                       \
    ck_assert_msg((got).line == (want_line) && (got).col == (want_col), "got %u:%u, want %u:%u",   \
                  (got).line, (got).col, (unsigned)(want_line), (unsigned)(want_col))

/* --- pairs ------------------------------------------------------------------------------------ */

static const struct {
    const char *text;
    const char *name;
    const char *value; /* NULL: none */
    size_t references;
    uint32_t line, col; /* of the value, of the name without one */
} pairs[] = {
    {"FROM a\nENV K=v\n", "K", "v", 0, 2, 7},
    {"FROM a\nENV A=1 K=v\n", "K", "v", 0, 2, 11},
    {"FROM a\nENV K=\"two words\"\n", "K", "two words", 0, 2, 7},
    {"FROM a\nENV K='a \"b\" $C'\n", "K", "a \"b\" $C", 0, 2, 7},
    {"FROM a\nENV K=a\\ b\n", "K", "a b", 0, 2, 7},
    {"FROM a\nENV K=\"a\\\"b\\c\"\n", "K", "a\"b\\c", 0, 2, 7},
    {"FROM a\nENV K=\\$A$B-${C:-d}\n", "K", "$A$B-${C:-d}", 2, 2, 7},
    {"FROM a\nENV K the rest of it\n", "K", "the rest of it", 0, 2, 7},
    {"FROM a\nENV   K    v  \n", "K", "v", 0, 2, 12},
    {"FROM a\nENV K=\n", "K", "", 0, 2, 7},
    {"FROM a\nenv K=v\n", "K", "v", 0, 2, 7},
    {"FROM a\nENV K=a=b\n", "K", "a=b", 0, 2, 7},
    {"FROM a\nENV A=1 \\\n    K=v\n", "K", "v", 0, 3, 7},
    {"FROM a\nENV A=1 \\\n  # a comment\n\n  K=v\n", "K", "v", 0, 5, 5},
    {"FROM a\r\nENV A=1 \\\r\n  K=v\r\n", "K", "v", 0, 3, 5},
    {"# escape=`\nFROM a\nENV A=1 `\n  K=c:\\x\n", "K", "c:\\x", 0, 4, 5},
    {"\xEF\xBB\xBF"
     "FROM a\nENV K=v\n",
     "K", "v", 0, 2, 7},
    {"ARG K=v\nFROM a\n", "K", "v", 0, 1, 7},
    {"FROM a\nARG K\n", "K", NULL, 0, 2, 5},
    {"FROM a\nARG A=1 K\n", "K", NULL, 0, 2, 9},
    {"FROM a\nLABEL \"K\"=\"v\"\n", "K", "v", 0, 2, 11},
    {"FROM a\nONBUILD ENV K=v\n", "K", "v", 0, 2, 15},
    {"FROM a\nENV \xC3\xA9=1 K=v\n", "K", "v", 0, 2, 11},
    {"FROM a\nENV K=a\\\\\n", "K", "a\\", 0, 2, 7},
    {"FROM a\nENV K=v", "K", "v", 0, 2, 7},
};

START_TEST(dockerfile_reads_names_and_values_as_the_builder_does)
{
    bulla_auto_dockerfile file = parse(pairs[_i].text);
    const struct bulla_docker_pair *pair = pair_of(file, pairs[_i].name);
    if (pairs[_i].value == NULL) {
        ck_assert_ptr_null(pair->value);
        assert_pos(pair->pos, pairs[_i].line, pairs[_i].col);
        return;
    }
    ck_assert_str_eq(pair->value, pairs[_i].value);
    ck_assert_uint_eq(pair->value_len, strlen(pairs[_i].value));
    ck_assert_uint_eq(pair->references, pairs[_i].references);
    assert_pos(pair->value_pos, pairs[_i].line, pairs[_i].col);
}
END_TEST

START_TEST(dockerfile_tells_where_a_pair_ends_on_a_continued_line)
{
    bulla_auto_dockerfile file = parse("FROM a\nENV K=one\\\ntwo L=x\n");
    const struct bulla_docker_pair *pair = pair_of(file, "K");
    ck_assert_str_eq(pair->value, "onetwo");
    assert_pos(pair->pos, 2, 5);
    assert_pos(pair->end, 3, 4);
    assert_pos(pair_of(file, "L")->pos, 3, 5);
}
END_TEST

/* --- stages and uses -------------------------------------------------------------------------- */

START_TEST(dockerfile_knows_the_stage_of_everything)
{
    bulla_auto_dockerfile file = parse("ARG BASE\nFROM --platform=$P $BASE AS build\nARG A\n"
                                       "FROM alpine as last\nENV B=$A\n");
    ck_assert_uint_eq(file->stage_count, 2);
    ck_assert_str_eq(file->stages[0].image, "$BASE");
    ck_assert_str_eq(file->stages[0].name, "build");
    ck_assert_str_eq(file->stages[1].name, "last");
    ck_assert_uint_eq(pair_of(file, "BASE")->stage, 0);
    ck_assert_uint_eq(pair_of(file, "A")->stage, 1);
    ck_assert_uint_eq(pair_of(file, "B")->stage, 2);
    ck_assert_uint_eq(file->use_count, 3);
    ck_assert_str_eq(file->uses[0].name, "P");
    ck_assert_uint_eq(file->uses[1].stage, 0);
    ck_assert_str_eq(file->uses[1].name, "BASE");
    assert_pos(file->uses[1].pos, 2, 20);
    assert_pos(file->uses[1].end, 2, 25);
    ck_assert_uint_eq(file->uses[2].stage, 2);
}
END_TEST

static const struct {
    const char *text; /* of the instruction behind FROM */
    const char *names;
} uses[] = {
    {"RUN echo $A ${B} \\$C \\${D}", "A B"},
    {"RUN sh -c 'echo $A'", "A"},
    {"ENV K='$A' L=\"$B\"", "B"},
    {"ENV K=${A:-${B:-c}}", "A? B?"},
    {"RUN x ${A:+y} ${B-z} ${C:?m} ${D%x} ${1} $1 $@", "A? B? C? D"},
    {"WORKDIR /srv/$A", "A"},
    {"CMD [\"sh\", \"-c\", \"echo $A\"]", "A"},
    {"RUN <<EOF\necho $A\nEOF", "A"},
    {"RUN <<'EOF'\necho $A\nEOF", "A"},
    {"COPY <<EOF /x\n$A\nEOF", "A"},
    {"COPY <<'EOF' /x\n$A\nEOF", ""},
    {"COPY <<-EOF 3<<MORE /x\n\t$A\n\tEOF\n$B\nMORE", "A B"},
    {"RUN [ -f x ] && cat <<EOF\n$A\nEOF", "A"},
    {"RUN awk '{print ${x}}'", "x"},
    {"HEALTHCHECK CMD test $A", "A"},
};

START_TEST(dockerfile_finds_the_variables_that_are_used)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str text = bulla_asprintf(&err, "FROM a\n%s\nUSER $LAST\n", uses[_i].text);
    bulla_auto_dockerfile file = parse(text);
    bulla_auto_buf names;
    bulla_buf_init(&names, 256);
    ck_assert_uint_gt(file->use_count, 0);
    for (size_t i = 0; i + 1 < file->use_count; i++) {
        bulla_buf_printf(&names, "%s%s%s", i > 0 ? " " : "", file->uses[i].name,
                         file->uses[i].fallback ? "?" : "");
    }
    ck_assert_str_eq(file->uses[file->use_count - 1].name, "LAST");
    ck_assert_str_eq(bulla_buf_text(&names, &err), uses[_i].names);
}
END_TEST

START_TEST(dockerfile_places_a_use_in_a_here_document)
{
    bulla_auto_dockerfile file = parse("FROM a\nRUN <<EOF\n  echo ${TOKEN}\nEOF\n");
    assert_pos(file->uses[0].pos, 3, 8);
    assert_pos(file->uses[0].end, 3, 16);
}
END_TEST

/* --- mounts and sources ----------------------------------------------------------------------- */

START_TEST(dockerfile_finds_secret_mounts)
{
    bulla_auto_dockerfile file =
        parse("FROM a\nRUN --mount=type=cache,target=/x --mount=type=secret,id=npm,required \\\n"
              "  npm ci\nRUN --mount=type=secret,target=/run/t cat /run/t\n");
    ck_assert_uint_eq(file->mount_count, 2);
    ck_assert_str_eq(file->mounts[0].id, "npm");
    ck_assert(file->mounts[0].required);
    assert_pos(file->mounts[0].pos, 2, 34);
    ck_assert_ptr_null(file->mounts[1].id);
}
END_TEST

static const struct {
    const char *text;
    const char *sources;
} copies[] = {
    {"COPY a b /c/", "a b"},
    {"COPY --chown=1:1 . .", "."},
    {"COPY --from=build a b", ""},
    {"COPY --exclude=.env . .", ""},
    {"COPY [\"a b\", \"c\", \"/d/\"]", "a b c"},
    {"ADD https://example.com/x git@example.com:y .env /z/", ".env"},
    {"COPY <<EOF /x\ny\nEOF", ""},
    {"COPY one", ""},
};

START_TEST(dockerfile_finds_what_is_copied_from_the_context)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_str text = bulla_asprintf(&err, "FROM a\n%s\n", copies[_i].text);
    bulla_auto_dockerfile file = parse(text);
    bulla_auto_buf sources;
    bulla_buf_init(&sources, 256);
    for (size_t i = 0; i < file->source_count; i++) {
        bulla_buf_printf(&sources, "%s%s", i > 0 ? " " : "", file->sources[i].path);
    }
    ck_assert_str_eq(bulla_buf_text(&sources, &err), copies[_i].sources);
}
END_TEST

/* --- what is refused -------------------------------------------------------------------------- */

static const struct {
    const char *text;
    uint32_t line, col;
    const char *message;
} refused[] = {
    {"FROM a\nBUILD x\n", 2, 1, "an instruction that Docker does not know"},
    {"RUN x\nFROM a\n", 1, 1, "RUN before the first FROM"},
    {"", 1, 1, "no FROM: nothing to build"},
    {"# only\n", 2, 1, "no FROM: nothing to build"},
    {"FROM\n", 1, 1, "FROM wants an image"},
    {"FROM a b\n", 1, 8, "behind FROM's image only 'AS NAME' can stand"},
    {"FROM a AS\n", 1, 8, "behind FROM's image only 'AS NAME' can stand"},
    {"FROM a AS b c\n", 1, 13, "behind FROM's image only 'AS NAME' can stand"},
    {"FROM a\nENV K\n", 2, 5, "ENV wants a name and a value"},
    {"FROM a\nENV\n", 2, 1, "ENV wants a name and a value"},
    {"FROM a\nARG\n", 2, 1, "ARG wants a name"},
    {"FROM a\nENV A=1 \\\n  B\n", 3, 3, "a word of ENV without '='"},
    {"FROM a\nENV A=${}\n", 2, 7, "a reference that Docker cannot read"},
    {"FROM a\nENV A=${B\n", 2, 7, "a reference that Docker cannot read"},
    {"FROM a\nENV A=${B!c}\n", 2, 7, "a reference that Docker cannot read"},
    {"FROM a\nRUN <<EOF\nx\n", 2, 5, "a here-document without its end"},
    {"FROM a\nONBUILD ONBUILD RUN x\n", 2, 9, "an instruction that ONBUILD cannot hold"},
    {"FROM a\nONBUILD\n", 2, 8, "ONBUILD wants an instruction"},
    {"# escape=x\nFROM a\n", 1, 1, "the escape character has to be \\ or `"},
    {"# escape=`\n# escape=\\\nFROM a\n", 2, 1, "a parser directive stands twice"},
};

START_TEST(dockerfile_refuses_what_the_builder_refuses_with_the_place)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert_ptr_null(
        bulla_dockerfile_parse(bulla_bytes_of(refused[_i].text), "Dockerfile", &err));
    ck_assert_int_eq(err.code, BULLA_E_SYNTAX);
    ck_assert_str_eq(err.message, refused[_i].message);
    ck_assert_str_eq(err.file, "Dockerfile");
    assert_pos(err.pos, refused[_i].line, refused[_i].col);
}
END_TEST

START_TEST(dockerfile_leaves_another_builders_language_alone)
{
    bulla_auto_dockerfile file = parse("# syntax=example.com/other:1\nFROM a\nANYTHING goes\n");
    ck_assert(file->foreign);
    ck_assert_uint_eq(file->stage_count, 0);
    bulla_auto_dockerfile own = parse("#syntax = docker.io/docker/dockerfile:1-labs\nFROM a\n");
    ck_assert(!own->foreign);
}
END_TEST

START_TEST(dockerfile_takes_directives_at_the_top_only)
{
    bulla_auto_dockerfile file = parse("# a comment\n# escape=`\nFROM a\nENV K=a\\\nb\n");
    ck_assert_str_eq(pair_of(file, "K")->value, "ab");
}
END_TEST

/* --- .dockerignore ---------------------------------------------------------------------------- */

static const struct {
    const char *text;
    const char *path;
    bool excluded;
} ignores[] = {
    {".env\n", ".env", true},
    {".env\n", "a/.env", false},
    {"**/.env\n", "a/b/.env", true},
    {"**/.env\n", ".env", true},
    {"**.env\n", "a/b.env", true},
    {"a\n", "a/b/.env", true},
    {"/a/\n", "a/b", true},
    {"./a\n", "a", true},
    {".env*\n", ".env.prod", true},
    {"*.env\n", "a/x.env", false},
    {"*/x\n", "a/x", true},
    {"*/x\n", "a/b/x", false},
    {"?.env\n", "a.env", true},
    {"[a-c].env\n", "b.env", true},
    {"[^a-c].env\n", "b.env", false},
    {"\\*.env\n", "a.env", false},
    {"*\n!.env\n", ".env", false},
    {"*\n!.env\n", "x", true},
    {"!.env\n*\n", ".env", true},
    {"# .env\n", ".env", false},
    {"  .env  \r\n", ".env", true},
    {".\n", ".env", false},
    {"", ".env", false},
    {"secrets/**\n", "secrets/db/password", true},
    {"a/**/z\n", "a/z", true},
    {"a/**/z\n", "a/b/c/z", true},
    {".e\n", ".env", false},
};

START_TEST(dockerignore_decides_as_docker_does)
{
    ck_assert_msg(bulla_dockerignore_excludes(bulla_bytes_of(ignores[_i].text), ignores[_i].path) ==
                      ignores[_i].excluded,
                  "'%s' and '%s'", ignores[_i].text, ignores[_i].path);
}
END_TEST

START_TEST(dockerignore_takes_bounded_time_for_many_stars)
{
    char pattern[512];
    char path[512];
    memset(pattern, '*', sizeof pattern - 2);
    pattern[sizeof pattern - 2] = 'b';
    pattern[sizeof pattern - 1] = '\0';
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    ck_assert(!bulla_dockerignore_excludes(bulla_bytes_of(pattern), path));
}
END_TEST

START_TEST(docker_source_covers_what_copy_would_take)
{
    ck_assert(bulla_docker_source_covers(".", ".env"));
    ck_assert(bulla_docker_source_covers("./", "a/.env"));
    ck_assert(bulla_docker_source_covers("/", "a/.env"));
    ck_assert(bulla_docker_source_covers("*", ".env"));
    ck_assert(bulla_docker_source_covers(".env*", ".env"));
    ck_assert(bulla_docker_source_covers("a/", "a/.env"));
    ck_assert(!bulla_docker_source_covers("b", "a/.env"));
    ck_assert(!bulla_docker_source_covers("src/", ".env"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("dockerfile");
    TCase *tcase = tcase_create("dockerfile");
    tcase_add_loop_test(tcase, dockerfile_reads_names_and_values_as_the_builder_does, 0,
                        sizeof pairs / sizeof *pairs);
    tcase_add_test(tcase, dockerfile_tells_where_a_pair_ends_on_a_continued_line);
    tcase_add_test(tcase, dockerfile_knows_the_stage_of_everything);
    tcase_add_loop_test(tcase, dockerfile_finds_the_variables_that_are_used, 0,
                        sizeof uses / sizeof *uses);
    tcase_add_test(tcase, dockerfile_places_a_use_in_a_here_document);
    tcase_add_test(tcase, dockerfile_finds_secret_mounts);
    tcase_add_loop_test(tcase, dockerfile_finds_what_is_copied_from_the_context, 0,
                        sizeof copies / sizeof *copies);
    tcase_add_loop_test(tcase, dockerfile_refuses_what_the_builder_refuses_with_the_place, 0,
                        sizeof refused / sizeof *refused);
    tcase_add_test(tcase, dockerfile_leaves_another_builders_language_alone);
    tcase_add_test(tcase, dockerfile_takes_directives_at_the_top_only);
    tcase_add_loop_test(tcase, dockerignore_decides_as_docker_does, 0,
                        sizeof ignores / sizeof *ignores);
    tcase_add_test(tcase, dockerignore_takes_bounded_time_for_many_stars);
    tcase_add_test(tcase, docker_source_covers_what_copy_would_take);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
