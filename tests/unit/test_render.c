#include <stdio.h>
#include <string.h>

#include "bulla/mem.h"
#include "bulla/render.h"

#include "fake_vault.h"
#include "unit.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof(array)[0]))

static struct bulla_contract *parse(const char *text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_contract *contract = bulla_contract_parse(bulla_bytes_of(text), "bulla.ini", &err);
    assert_ok(contract != NULL, err);
    return contract;
}

/* Values without a vault: settings with defaults are all that rendering needs to know. */
static const char sample[] = "[A]\nkind = setting\ndefault = one\n"
                             "[B]\nkind = setting\ndefault = two words $HOME \"q\" \\ '#x\n"
                             "[C]\noptional = yes\n"
                             "[D]\nkind = setting\ndefault =\n"
                             "[E]\nkind = derived\nvalue = <{{ A }}>\n";

#define B_WRITTEN "\"two words \\$HOME \\\"q\\\" \\\\ '#x\""
#define REST_B "B=" B_WRITTEN "\n"
#define REST_D "D=\"\"\n"
#define REST_E "E=\"<one>\"\n"
#define HEADING "\n# Not in the template:\n"

static bool render(const char *contract_text, const char *template, enum bulla_env_format format,
                   struct bulla_buf *out, struct bulla_error *err)
{
    bulla_auto_contract contract = parse(contract_text);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, err);
    if (values == NULL) {
        return false;
    }
    const struct bulla_render_options options = {
        .format = format,
        .template_text = bulla_bytes_of(template),
        .template_name = ".env.example",
    };
    return bulla_render(values, &options, out, err);
}

static const struct {
    const char *what;
    const char *template;
    const char *want;
} templates[] = {
    {"comments, order, blank lines and unknown lines stay",
     "# top\n\nUNKNOWN=${X:?needed} # why\nE=x\n\n  # more\nA=old\nD=\nB=\n",
     "# top\n\nUNKNOWN=${X:?needed} # why\nE=\"<one>\"\n\n  # more\nA=one\nD=\"\"\nB=" B_WRITTEN
     "\n"},
    {"a second line of a name gets the value too", "A=x\nB=\nA=y\nD=\nE=\n",
     "A=one\n" REST_B "A=one\n" REST_D REST_E},
    {"a commented line stays", "#A=x\n# A=y\nA=\nB=\nD=\nE=\n",
     "#A=x\n# A=y\nA=one\n" REST_B REST_D REST_E},
    {"a reference in a known line is replaced, others stay", "A=${Z}\nZ=${A}x\nB=\nD=\nE=\n",
     "A=one\nZ=${A}x\n" REST_B REST_D REST_E},
    {"export and blanks around the name stay", "export A=x\n  B = y\nD: z\nE=\n",
     "export A=one\n  B = " B_WRITTEN "\nD: \"\"\nE=\"<one>\"\n"},
    {"a comment behind a value stays", "A=x # one\nB=y # two\nD= # three\nE='z' # four\n",
     "A=one # one\nB=" B_WRITTEN " # two\nD= \"\"\nE=\"<one>\" # four\n"},
    {"a comment that Compose would take for the value", "A=\"x\"#c\nB=''\t#c\nD=\nE=\n",
     "A=\"one\"#c\nB=" B_WRITTEN "\t#c\n" REST_D REST_E},
    {"statements that share a line", "A=\"x\" B=\"y\"D='z' E=\n",
     "A=\"one\" B=" B_WRITTEN "D=\"\" E=\"<one>\"\n"},
    {"a value over several lines", "A=\"x\n# y\nz\"\nB=\nD=\nE=\n", "A=one\n" REST_B REST_D REST_E},
    {"a bare name", "A\nB=\nexport D\nE=\n", "A=one\n" REST_B "export D=\"\"\n" REST_E},
    {"a name without a value", "export C=x # c\nA=\nB=\nD=\nE=\n",
     "# C is not set # c\nA=one\n" REST_B REST_D REST_E},
    {"a name without a value before another", "C=\"x\" A=y\nB=\nD=\nE=\n",
     "# C is not set\n A=one\n" REST_B REST_D REST_E},
    {"an empty line of a name without a value stays",
     "C=\nexport C=''\nC: \"\"\nC\nC=$X\nA=\nB=\nD=\nE=\n",
     "C=\nexport C=''\nC: \"\"\n# C is not set\n# C is not set\nA=one\n" REST_B REST_D REST_E},
    {"names that it lacks follow", "D=\nX=1", "D=\"\"\nX=1\n" HEADING "A=one\n" REST_B REST_E},
    {"CRLF stays", "# c\r\nA=x\r\nB=y # z\r\nD=\r\n",
     "# c\r\nA=one\r\nB=" B_WRITTEN
     " # z\r\nD=\"\"\r\n\r\n# Not in the template:\r\nE=\"<one>\"\r\n"},
    {"a template of comments alone", "# nothing\n",
     "# nothing\n" HEADING "A=one\n" REST_B REST_D REST_E},
    {"no template", "", "A=one\n" REST_B REST_D REST_E},
};

START_TEST(render_keeps_the_template)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out = {0};
    bulla_buf_init_secret(&out, 65536);
    bulla_buf_puts(&out, "before\n");
    assert_ok(render(sample, templates[_i].template, BULLA_ENV_COMPOSE, &out, &err), err);
    const char *text = bulla_buf_text(&out, &err) + strlen("before\n");
    ck_assert_msg(strcmp(text, templates[_i].want) == 0, "%s:\n%s\nwant:\n%s", templates[_i].what,
                  text, templates[_i].want);
}
END_TEST

/* The vault knows GONE alone; C is optional and has no value. */
static const struct {
    const char *what;
    const char *template;
    const char *old;
    const char *want;
    const char *kept;
} old_files[] = {
    {"without a template it serves as one", "", "# c\n\nB=x # b\nX=1\nA=y",
     "# c\n\nB=" B_WRITTEN " # b\nX=1\nA=one\n" REST_D REST_E, "X "},
    {"what has no value stays, what the vault knows goes", "",
     "C=mine\nGONE=x # g\nA=\nB=\nD=\nE=\n",
     "C=mine\n# GONE is not set # g\nA=one\n" REST_B REST_D REST_E, "C! "},
    {"an empty value stays and is not told of", "", "C=\nX=\nA=\nB=\nD=\nE=\n",
     "C=\nX=\nA=one\n" REST_B REST_D REST_E, "X "},
    {"its line in the place of the template's", "X=sample # x\nC=sample\nA=\nB=\nD=\nE=\n",
     "C='my own'\nexport X=1\n", "export X=1 # x\nC='my own'\nA=one\n" REST_B REST_D REST_E,
     "C! X "},
    {"what the template says too is the template's", "X=1\nC=\nA=\nB=\nD=\nE=\n", "X='1'\nC=\n",
     "X=1\nC=\nA=one\n" REST_B REST_D REST_E, ""},
    {"what has no value stays where the template says the same", "C=1 # c\nA=\nB=\nD=\nE=\n",
     "C='1'\n", "C='1' # c\nA=one\n" REST_B REST_D REST_E, "C! "},
    {"at the end what the template lacks",
     "A=\nB=\nD=\nE=", "Y=\"1\n2\"\nGONE=1\nX=1\nX=2 # last\nBARE\n",
     "A=one\n" REST_B REST_D REST_E
     "\n# Kept from the file that was here:\nY=\"1\n2\"\nX=2\nBARE\n",
     "Y X BARE "},
    {"behind the template's line there is more", "X=\"a\"B=\"b\"\nA=\nD=\nE=\n", "X=z\n",
     "X=z\nB=" B_WRITTEN "\nA=one\n" REST_D REST_E, "X "},
    {"derived values are no one's own", "A=\nB=\nD=\nE=\n", "E=old\nF=old\n",
     "A=one\n" REST_B REST_D REST_E, ""},
};

static bool list_kept(void *ctx, const char *name, bool known, struct bulla_error *err)
{
    (void)err;
    char *out = ctx;
    size_t len = strlen(out);
    (void)snprintf(out + len, 256 - len, "%s%s ", name, known ? "!" : "");
    return true;
}

START_TEST(render_loses_nothing_of_the_old_file)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char text[1024];
    (void)snprintf(text, sizeof text, "%s[F]\nkind = derived\noptional = yes\nvalue = {{ C }}\n",
                   sample);
    bulla_auto_contract contract = parse(text);
    const struct held held = {.name = "GONE"};
    struct bulla_vault vault = {&held, 1, true};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    char kept[256] = "";
    const struct bulla_render_options options = {
        .template_text = bulla_bytes_of(old_files[_i].template),
        .template_name = ".env.example",
        .old_text = bulla_bytes_of(old_files[_i].old),
        .old_name = ".env",
        .kept = list_kept,
        .kept_ctx = kept,
    };
    bulla_auto_buf out = {0};
    bulla_buf_init_secret(&out, 65536);
    assert_ok(bulla_render(values, &options, &out, &err), err);
    const char *written = bulla_buf_text(&out, &err);
    ck_assert_msg(strcmp(written, old_files[_i].want) == 0, "%s:\n%s\nwant:\n%s",
                  old_files[_i].what, written, old_files[_i].want);
    ck_assert_msg(strcmp(kept, old_files[_i].kept) == 0, "%s: %s", old_files[_i].what, kept);
}
END_TEST

START_TEST(render_places_a_broken_old_file)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    assert_ok(values != NULL, err);
    const struct bulla_render_options options = {.old_text = LIT("A=1\n<<<<<<< HEAD\n"),
                                                 .old_name = ".env"};
    bulla_auto_buf out = {0};
    bulla_buf_init_secret(&out, 65536);
    ck_assert(!bulla_render(values, &options, &out, &err));
    ck_assert_int_eq(err.code, BULLA_E_SYNTAX);
    ck_assert_str_eq(err.file, ".env");
    ck_assert_uint_eq(err.pos.line, 2);
    ck_assert_uint_eq(err.pos.col, 1);
    ck_assert_uint_eq(bulla_buf_view(&out).len, 0);
}
END_TEST

/* The values that are hard to write, each in templates that are hard to write into. */
static const char *const hard_values[] = {
    "",     "a b",  "a #b", "#a",    "$HOME",  "${X:?m}", "a$",  "$$",    "$(id)",
    "it's", "a\"b", "\"a",  "'a'",   "a'b\"c", "a\\",     "\\n", "\\\\$", "{\"a\":1}",
    "a=b",  "`x`",  "ä€",   "a\\\"", "=",      ",",       "!",   "a;b",   "export",
};
static const char *const hard_templates[] = {
    "V=x",
    "V=x # c",
    "V='x'#c",
    "V=\"x\" N=1",
    "V: x",
    "export V = 'x'\nN=2",
    "N=\"1\nV=3\"\n",
    "V=\"\"V=''\n",
    "V=\n\n\n",
    "N='it'\nV",
    "V=a\tb",
    "V=\\\nN=1\n",
};

START_TEST(render_writes_what_compose_reads_back)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    for (size_t i = 0; i < sizeof hard_values / sizeof hard_values[0]; i++) {
        bulla_auto_buf contract = {0};
        bulla_buf_init(&contract, 65536);
        bulla_buf_puts(&contract, "[V]\nkind = setting\n");
        assert_ok(bulla_contract_write_setting("default", hard_values[i], &contract, &err), err);
        bulla_auto_buf out = {0};
        bulla_buf_init_secret(&out, 65536);
        bool ok = render(bulla_buf_text(&contract, &err), hard_templates[_i], BULLA_ENV_COMPOSE,
                         &out, &err);
        ck_assert_msg(ok, "'%s' in '%s': %s", hard_values[i], hard_templates[_i], err.message);
        bulla_auto_dotenv file = bulla_dotenv_parse(bulla_buf_view(&out), "out", NULL, &err);
        assert_ok(file != NULL, err);
        const struct bulla_dotenv_entry *entry = bulla_dotenv_find(file, LIT("V"));
        ck_assert(entry != NULL && bulla_bytes_are(entry->value, hard_values[i]));
    }
}
END_TEST

static const struct {
    enum bulla_env_format format;
    const char *want;
} formats[] = {
    {BULLA_ENV_COMPOSE, "A=one\n" REST_B REST_D REST_E},
    {BULLA_ENV_DOCKER, "A=one\nB=two words $HOME \"q\" \\ '#x\nD=\nE=<one>\n"},
    {BULLA_ENV_SH, "A='one'\nB='two words $HOME \"q\" \\ '\\''#x'\nD=''\nE='<one>'\n"},
};

START_TEST(render_lists_in_other_notations)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out = {0};
    bulla_buf_init_secret(&out, 65536);
    assert_ok(render(sample, "", formats[_i].format, &out, &err), err);
    ck_assert_str_eq(bulla_buf_text(&out, &err), formats[_i].want);
}
END_TEST

static const struct {
    const char *what;
    const char *contract;
    const char *template;
    enum bulla_env_format format;
    enum bulla_code code;
    uint32_t line, col;
    const char *message;
} refused[] = {
    {"missing values are named, not what needs them",
     "[X]\nkind = derived\nvalue = {{ B }}\n[B]\n[A]\n[C]\nkind = hex:32\n", "", BULLA_ENV_COMPOSE,
     BULLA_E_MISSING, 0, 0, "without a value: B, A, C"},
    {"more than a handful of missing values", "[A]\n[B]\n[C]\n[D]\n[E]\n[F]\n[G]\n", "",
     BULLA_ENV_COMPOSE, BULLA_E_MISSING, 0, 0, "without a value: A, B, C, D, E and 2 more"},
    {"derived from an optional one that is not set",
     "[X]\nkind = derived\nvalue = {{ B }}\n[B]\noptional = yes\n", "", BULLA_ENV_COMPOSE,
     BULLA_E_MISSING, 0, 0, "without a value: X"},
    {"a template that Compose refuses", sample, "A=1\nB!=2\n", BULLA_ENV_COMPOSE, BULLA_E_SYNTAX, 2,
     2, ""},
    {"a template in Docker's notation", sample, "A=1\n", BULLA_ENV_DOCKER, BULLA_E_REFUSED, 0, 0,
     "'docker'"},
    {"a value that GitHub's name rule refuses", "[NODE_OPTIONS]\nkind = setting\ndefault = x\n", "",
     BULLA_ENV_GITHUB, BULLA_E_REFUSED, 0, 0, "NODE_OPTIONS"},
};

START_TEST(render_refuses_and_leaves_the_output)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out = {0};
    bulla_buf_init_secret(&out, 65536);
    bulla_buf_puts(&out, "kept");
    ck_assert_msg(
        !render(refused[_i].contract, refused[_i].template, refused[_i].format, &out, &err), "%s",
        refused[_i].what);
    ck_assert_msg(err.code == refused[_i].code, "%s: %s", refused[_i].what, err.message);
    ck_assert_uint_eq(err.pos.line, refused[_i].line);
    ck_assert_uint_eq(err.pos.col, refused[_i].col);
    ck_assert_msg(strstr(err.message, refused[_i].message) != NULL, "%s", err.message);
    ck_assert_str_eq(bulla_buf_text(&out, &err), "kept");
}
END_TEST

static const struct {
    struct held held;
    bool has_key;
    enum bulla_code code;
    const char *message;
} unreadable[] = {
    {{.name = "A", .value = "x"}, false, BULLA_E_IDENTITY, "no identity here opens A"},
    {{.name = "A", .value = "x", .contested = true},
     true,
     BULLA_E_REFUSED,
     "branches disagree about A"},
};

START_TEST(render_refuses_sealed_and_contested_values)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse("[B]\nkind = derived\nvalue = {{ A }}\n[A]\n[C]\n");
    struct bulla_vault vault = {&unreadable[_i].held, 1, unreadable[_i].has_key};
    bulla_auto_values values = bulla_values_resolve(contract, "dev", &vault, &err);
    assert_ok(values != NULL, err);
    bulla_auto_buf out = {0};
    bulla_buf_init_secret(&out, 65536);
    const struct bulla_render_options options = {.format = BULLA_ENV_COMPOSE};
    ck_assert(!bulla_render(values, &options, &out, &err));
    ck_assert_int_eq(err.code, unreadable[_i].code);
    ck_assert_str_eq(err.message, unreadable[_i].message);
}
END_TEST

static bool append(void *ctx, const char *name, enum bulla_difference difference,
                   struct bulla_error *err)
{
    (void)err;
    char *out = ctx;
    size_t len = strlen(out);
    (void)snprintf(out + len, 256 - len, "%c%s ", "=+~-"[difference], name);
    return true;
}

static const struct {
    const char *what;
    const char *on_disk;
    const char *wanted;
    const char *said;
} comparisons[] = {
    {"no file", "", "A=1\nB=2\n", "+A +B "},
    {"the same in other words", "# c\nexport B='2'\nA=\"1\"\n", "A=1\nB=2\n", "=A =B "},
    {"all kinds of differences", "OLD=1\nA=1\nB=3\nGONE=\n", "NEW=1\nA=1\nB=2\n",
     "+NEW =A ~B -OLD -GONE "},
    {"the last one counts", "A=1\nA=2\n", "A=1\nA=2\n", "=A "},
    {"an empty value is a value", "A=\n", "A=x\n", "~A "},
    {"a passed-through name is named", "HOST_NAME\nA=1\n", "A=1\n", "=A -HOST_NAME "},
    {"a line of a key is not", "A=1\nMIIEvQIBADANBgkqhkiG9w0\n", "A=1\n", "=A "},
    {"what the environment would have to give", "A=${X:?needed}\n", "A=1\n", "~A "},
};

START_TEST(render_compare_tells_what_differs)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char said[256] = "";
    assert_ok(bulla_render_compare(bulla_bytes_of(comparisons[_i].on_disk), ".env",
                                   bulla_bytes_of(comparisons[_i].wanted), append, said, &err),
              err);
    ck_assert_msg(strcmp(said, comparisons[_i].said) == 0, "%s: %s", comparisons[_i].what, said);
}
END_TEST

START_TEST(render_compare_places_a_broken_file)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    char said[256] = "";
    ck_assert(!bulla_render_compare(LIT("A=1\nB C=2\n"), ".env", LIT("A=1\n"), append, said, &err));
    ck_assert_int_eq(err.code, BULLA_E_SYNTAX);
    ck_assert_str_eq(err.file, ".env");
    ck_assert_uint_eq(err.pos.line, 2);
    ck_assert_uint_eq(err.pos.col, 2);
    ck_assert_str_eq(said, "");
}
END_TEST

/* --- what is on disk -------------------------------------------------------------------------- */

static const char two_environments[] =
    "[bulla]\nformat = 1\nenvironments = dev, prod\n[environment prod]\noutput = .env\n"
    "[A]\nkind = setting\ndefault = one\ndefault@prod = two\n"
    "[B]\nkind = setting\ndefault = same\n[C]\noptional = yes\n";

static const struct {
    const char *text;
    bool differs;
    bool is_prods;
} held[] = {
    {"A=one\n", false, false},
    {"A=two\n", true, true},
    {"A=${X:?}\nB=1\n", true, false},
    {"B=same\n", true, false},
};

START_TEST(rendered_file_tells_whose_value_it_has)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(two_environments);
    bulla_auto_values dev = bulla_values_resolve(contract, "dev", NULL, &err);
    bulla_auto_values prod = bulla_values_resolve(contract, "prod", NULL, &err);
    bulla_auto_dotenv file =
        bulla_rendered_read(BULLA_ENV_COMPOSE, bulla_bytes_of(held[_i].text), ".env", &err);
    assert_ok(dev != NULL && prod != NULL && file != NULL, err);
    ck_assert(bulla_rendered_differs(dev, bulla_values_find(dev, "A"), file) == held[_i].differs);
    bool is_from = false;
    assert_ok(bulla_rendered_is_from(dev, prod, "A", file, &is_from, &err), err);
    ck_assert(is_from == held[_i].is_prods);
    ck_assert(!bulla_rendered_differs(dev, bulla_values_find(dev, "C"), file));
    assert_ok(bulla_rendered_is_from(dev, prod, "NONE", file, &is_from, &err), err);
    ck_assert(!is_from);
}
END_TEST

START_TEST(rendered_file_is_not_read_in_a_notation_without_a_reader)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    ck_assert_ptr_null(bulla_rendered_read(BULLA_ENV_SYSTEMD, LIT("A=1\n"), ".env", &err));
    ck_assert_int_eq(err.code, BULLA_E_REFUSED);
    bulla_error_clear(&err);
    ck_assert_ptr_null(bulla_rendered_read(BULLA_ENV_COMPOSE, LIT("A=1\nA B\n"), ".env", &err));
    ck_assert_int_eq(err.code, BULLA_E_SYNTAX);
    ck_assert_uint_eq(err.pos.line, 2);
}
END_TEST

/* --- what writing a file anew would be the end of --------------------------------------------- */

static const char lost_contract[] = "[A]\nkind = alnum:32\n[B_URL]\nkind = provided\n"
                                    "[C]\nkind = derived\nvalue = x{{ A }}\n"
                                    "[D]\nkind = setting\ndefault = d\n";
static const struct held lost_held[] = {
    {.name = "A", .value = "now-in-the-vault", .previous = "once-in-the-vault"},
    {.name = "B_URL", .value = "https://u:in-the-vault@h/"},
};

static const struct {
    const char *file;
    const char *lost; /* the names */
} losses[] = {
    {"A=Qm7rT2xK9vWdL4p\nB_URL=https://u:Qm7rT2xK9vWdL4p@h/\n", "A B_URL "},
    {"A=now-in-the-vault\nB_URL=https://u:in-the-vault@h/\n", ""},
    {"A=once-in-the-vault\n", ""},
    /* Nobody has set these, and those are made anew as they were. */
    {"A=changeme\nB_URL=https://u:changeme@h/\n", ""},
    {"A=\nB_URL\n", ""},
    {"D=Qm7rT2xK9vWdL4p\nE=Qm7rT2xK9vWdL4p\n", ""},
    /* What is made of others is lost without what the vault had, whatever stands around that. */
    {"C=Qm7rT2xK9vWdL4p\n", "C "},
    {"C=xonce-in-the-vault\n", ""},
    {"C=b25jZS1pbi10aGUtdmF1bHQ=\n", ""},
    {"C=<https://u:in-the-vault@h/>\n", ""},
    /* The last line of a name counts. */
    {"A=Qm7rT2xK9vWdL4p\nA=now-in-the-vault\n", ""},
    {"", ""},
};

static struct bulla_values *resolve_lost(struct bulla_vault *vault, struct bulla_contract **ret)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    *ret = parse(lost_contract);
    struct bulla_values *values = bulla_values_resolve(*ret, "dev", vault, &err);
    assert_ok(values != NULL, err);
    return values;
}

START_TEST(lost_are_the_secrets_that_nothing_else_has)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_vault vault = {.held = lost_held, .count = COUNT(lost_held), .has_key = true};
    bulla_auto_contract contract = NULL;
    bulla_auto_values values = resolve_lost(&vault, &contract);
    bulla_auto_dotenv file =
        bulla_rendered_read(BULLA_ENV_COMPOSE, bulla_bytes_of(losses[_i].file), ".env", &err);
    assert_ok(file != NULL, err);
    struct bulla_lost lost;
    char names[64] = "";
    assert_ok(bulla_lost_collect(&lost, values, file, BULLA_ENV_COMPOSE, &err), err);
    for (size_t i = 0; i < lost.count; i++) {
        size_t used = strlen(names);
        (void)snprintf(names + used, sizeof names - used, "%s ", lost.items[i]->variable.name);
        ck_assert(memmem(bulla_lost_value(&lost, i).data, bulla_lost_value(&lost, i).len,
                         "Qm7rT2xK9vWdL4p", 15) != NULL);
    }
    bulla_lost_release(&lost);
    ck_assert_str_eq(names, losses[_i].lost);
}
END_TEST

static const struct {
    const char *file;
    const char *lost; /* "NAME:LINE=VALUE " */
    const char *old;  /* the names that systemd's format has otherwise */
} texts[] = {
    {"A=\"now-in-the-vault\"\nB_URL=\"https://u:in-the-vault@h/"
     "\"\nC=\"xnow-in-the-vault\"\nD=\"d\"\n",
     "", ""},
    /* Of any notation, and without the last line's end. */
    {"C=\nB_URL=https://u:in-the-vault@h/\nA='once-in-the-vault'", "", "A B_URL C D "},
    {"A<<EOF\nonce-in-the-vault\nEOF\n", "A:1=EOF ", "A B_URL C D "},
    {"# A=no\nA=\"once-in-the-vault\" # note\n", "A:2=\"once-in-the-vault\" # note ",
     "A B_URL C D "},
    {"A=\"once-in-the-vaultx\"\nAB_URL=\"no\"\n\texport  B_URL = 'it''s'\n",
     "A:1=once-in-the-vaultx B_URL:3= 'it''s' ", "A B_URL C D "},
    /* What is made of others is looked for where the notation writes it as it is. */
    {"C=\"by-hand\"\n", "C:1=by-hand ", "A B_URL C D "},
    {"C=\"by\\\"hand\"\n", "", "A B_URL C D "},
    {"C<<EOF\nby-hand\nEOF\n", "", "A B_URL C D "},
    {"C='by-\nhand'\n", "", "A B_URL C D "},
    /* Nobody has set these, and those are made anew as they were. */
    {"A=\"changeme\"\nB_URL=\"https://u:changeme@h/\"\nC=\"xonce-in-the-vault\"\nD=\"e\"\n", "",
     "A B_URL C D "},
    {"A=\"\"\nB_URL\n", "", "A B_URL C D "},
    /* Each line of a name counts, which the last one may hide. */
    {"A=\"by-hand\"\nA=\"now-in-the-vault\"\n", "A:1=by-hand ", "B_URL C D "},
    {"A=\"now-in-the-vault\"\nA=\"by-hand\"\n", "A:2=by-hand ", "A B_URL C D "},
    {"A=\"by-hand\"\nA=\"\"\n", "A:1=by-hand ", "A B_URL C D "},
    {"A", "", "A B_URL C D "},
    {"export", "", "A B_URL C D "},
    {"", "", "A B_URL C D "},
};

static void name_old(const struct bulla_values *values, struct bulla_bytes text, char names[64])
{
    struct bulla_error err = BULLA_ERROR_INIT;
    for (size_t i = 0; i < bulla_values_count(values); i++) {
        const struct bulla_value *value = bulla_values_get(values, i);
        size_t used = strlen(names);
        bool differs = false;
        assert_ok(
            bulla_rendered_text_differs(values, value, BULLA_ENV_SYSTEMD, text, &differs, &err),
            err);
        (void)snprintf(names + used, 64 - used, "%s%s", differs ? value->variable.name : "",
                       differs ? " " : "");
    }
}

START_TEST(lost_of_a_notation_that_is_not_read_are_the_values_that_nobody_wrote_so)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_vault vault = {.held = lost_held, .count = COUNT(lost_held), .has_key = true};
    bulla_auto_contract contract = NULL;
    bulla_auto_values values = resolve_lost(&vault, &contract);
    struct bulla_bytes text = bulla_bytes_of(texts[_i].file);
    struct bulla_lost lost;
    char names[128] = "";
    char old[64] = "";
    assert_ok(bulla_lost_collect_text(&lost, values, text, &err), err);
    for (size_t i = 0; i < lost.count; i++) {
        size_t used = strlen(names);
        struct bulla_bytes value = bulla_lost_value(&lost, i);
        (void)snprintf(names + used, sizeof names - used, "%s:%u=%.*s ",
                       lost.items[i]->variable.name, bulla_lost_pos(&lost, i).line, (int)value.len,
                       (const char *)value.data);
    }
    bulla_lost_release(&lost);
    ck_assert_str_eq(names, texts[_i].lost);
    name_old(values, text, old);
    ck_assert_str_eq(old, texts[_i].old);
}
END_TEST

START_TEST(lost_survives_every_failed_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_vault vault = {.held = lost_held, .count = COUNT(lost_held), .has_key = true};
    bulla_auto_contract contract = NULL;
    bulla_auto_values values = resolve_lost(&vault, &contract);
    bulla_auto_dotenv file =
        bulla_rendered_read(BULLA_ENV_COMPOSE, bulla_bytes_of(losses[0].file), ".env", &err);
    assert_ok(file != NULL, err);
    for (unsigned long nth = 1;; nth++) {
        struct bulla_lost lost;
        bulla_mem_fail_at(nth);
        bool ok = bulla_lost_collect(&lost, values, file, BULLA_ENV_COMPOSE, &err);
        bulla_mem_fail_at(0);
        size_t count = lost.count;
        bulla_lost_release(&lost);
        if (ok) {
            ck_assert_uint_eq(count, 2);
            ck_assert_uint_gt(nth, 1);
            break;
        }
        ck_assert_int_eq(err.code, BULLA_E_NOMEM);
        bulla_error_clear(&err);
        ck_assert_uint_lt(nth, 1000);
    }
}
END_TEST

START_TEST(lost_of_a_text_survives_every_failed_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_vault vault = {.held = lost_held, .count = COUNT(lost_held), .has_key = true};
    bulla_auto_contract contract = NULL;
    bulla_auto_values values = resolve_lost(&vault, &contract);
    for (unsigned long nth = 1;; nth++) {
        struct bulla_lost lost;
        bulla_mem_fail_at(nth);
        bool ok = bulla_lost_collect_text(&lost, values, bulla_bytes_of(losses[0].file), &err);
        bulla_mem_fail_at(0);
        size_t count = lost.count;
        bulla_lost_release(&lost);
        if (ok) {
            ck_assert_uint_eq(count, 2);
            ck_assert_uint_gt(nth, 1);
            break;
        }
        ck_assert_int_eq(err.code, BULLA_E_NOMEM);
        bulla_error_clear(&err);
        ck_assert_uint_lt(nth, 1000);
    }
}
END_TEST

START_TEST(render_survives_every_failed_allocation)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_contract contract = parse(sample);
    bulla_auto_values values = bulla_values_resolve(contract, "dev", NULL, &err);
    assert_ok(values != NULL, err);
    const struct bulla_render_options options = {.template_text = LIT("A=1\nC=2\n"),
                                                 .template_name = "t",
                                                 .old_text = LIT("X=1\nC=3\n"),
                                                 .old_name = "o"};
    for (unsigned long nth = 1;; nth++) {
        bulla_auto_buf out = {0};
        bulla_buf_init_secret(&out, 65536);
        bulla_mem_fail_at(nth);
        bool ok = bulla_render(values, &options, &out, &err);
        bulla_mem_fail_at(0);
        if (ok) {
            ck_assert_uint_gt(nth, 3);
            break;
        }
        ck_assert_msg(err.code == BULLA_E_NOMEM, "%lu: %s", nth, err.message);
        ck_assert_uint_lt(nth, 1000);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("render");
    TCase *tcase = tcase_create("render");
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, render_keeps_the_template, 0, COUNT(templates));
    tcase_add_loop_test(tcase, render_loses_nothing_of_the_old_file, 0, COUNT(old_files));
    tcase_add_test(tcase, render_places_a_broken_old_file);
    tcase_add_loop_test(tcase, render_writes_what_compose_reads_back, 0, COUNT(hard_templates));
    tcase_add_loop_test(tcase, render_lists_in_other_notations, 0, COUNT(formats));
    tcase_add_loop_test(tcase, render_refuses_and_leaves_the_output, 0, COUNT(refused));
    tcase_add_loop_test(tcase, render_refuses_sealed_and_contested_values, 0, COUNT(unreadable));
    tcase_add_loop_test(tcase, render_compare_tells_what_differs, 0, COUNT(comparisons));
    tcase_add_test(tcase, render_compare_places_a_broken_file);
    tcase_add_loop_test(tcase, rendered_file_tells_whose_value_it_has, 0, COUNT(held));
    tcase_add_test(tcase, rendered_file_is_not_read_in_a_notation_without_a_reader);
    tcase_add_loop_test(tcase, lost_are_the_secrets_that_nothing_else_has, 0, COUNT(losses));
    tcase_add_test(tcase, lost_survives_every_failed_allocation);
    tcase_add_loop_test(tcase,
                        lost_of_a_notation_that_is_not_read_are_the_values_that_nobody_wrote_so, 0,
                        COUNT(texts));
    tcase_add_test(tcase, lost_of_a_text_survives_every_failed_allocation);
    tcase_add_test(tcase, render_survives_every_failed_allocation);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
