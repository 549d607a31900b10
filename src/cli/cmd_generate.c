/* `bulla generate`: fresh values of a kind, without a vault. */
#include <stdio.h>

#include "bulla/bulla.h"
#include "command.h"
#include "message.h"
#include "output.h"
#include "reveal.h"

#define MAX_COUNT 10000
#define MAX_KIND_TEXT 1024

struct generate_opts {
    long count;
    const char *classes, *symbols, *exclude;
    bool kinds;
    const char *format;
};

static const char *const formats[] = {"human", "json", NULL};

static const struct opt options[] = {
    NUMBER(struct generate_opts, count, 'n', "count", "N", 1, 1, MAX_COUNT,
           "print N values, one a line"),
    STRING(struct generate_opts, classes, '\0', "classes", "CLASSES",
           "letters of 'luds': at least one of each class (password)"),
    STRING(struct generate_opts, symbols, '\0', "symbols", "CHARACTERS",
           "the symbols to choose from (password)"),
    STRING(struct generate_opts, exclude, '\0', "exclude", "CHARACTERS",
           "characters that never occur (password, alnum)"),
    FLAG(struct generate_opts, kinds, '\0', "kinds", "list the kinds, or describe one"),
    CHOICE(struct generate_opts, format, '\0', "format", "FORMAT", formats,
           "how to print the kinds"),
    OPTIONS_END,
};

/* "32 bytes": what a kind without a size makes. */
static void format_size(const struct bulla_kind_info *info, char *out, size_t cap)
{
    out[0] = '\0';
    if (info->size_unit != NULL) {
        (void)snprintf(out, cap, "%u %s", info->default_size, info->size_unit);
    }
}

/* The entropy of the kind without size and options; the table's own rows always parse. */
static double preset_entropy(const struct bulla_kind_info *info)
{
    struct bulla_error ignored = BULLA_ERROR_INIT;
    struct bulla_kind kind;
    return bulla_kind_parse(bulla_bytes_of(info->name), &kind, &ignored) ? bulla_kind_entropy(&kind)
                                                                         : 0;
}

static bool list_kinds(const struct invocation *in, struct bulla_error *err)
{
    static const char *const headings[] = {"KIND", "SIZE", "BITS", "VALUE"};
    auto_table table;
    table_init(&table, in->out, headings, 4);
    for (size_t i = 0; i < bulla_kind_count(); i++) {
        const struct bulla_kind_info *info = bulla_kind_info(i);
        char size[48];
        char bits[16];
        format_size(info, size, sizeof size);
        (void)snprintf(bits, sizeof bits, "%.0f", preset_entropy(info));
        table_styled(&table, STYLE_STRONG, info->name);
        table_cell(&table, size);
        table_cell(&table, bits);
        table_cell(&table, info->summary);
    }
    if (!table_write(&table, err)) {
        return false;
    }
    message_note(in, "other sizes and options: hex:16, password:24,classes=luds; "
                     "'bulla generate --kinds KIND' tells more");
    return true;
}

static void add_row(struct table *table, const char *label, const char *text)
{
    table_styled(table, STYLE_STRONG, label);
    table_cell(table, text);
}

static bool describe_kind(struct output *out, const struct bulla_kind_info *info,
                          struct bulla_error *err)
{
    char text[160];
    const char *const headings[] = {"KIND", info->name};
    auto_table table;
    table_init(&table, out, headings, 2);
    add_row(&table, "value", info->summary);
    add_row(&table, "form", info->form);
    if (info->size_unit != NULL) {
        (void)snprintf(text, sizeof text, "%u to %u %s, %u by default", info->least_size,
                       info->most_size, info->size_unit, info->default_size);
        add_row(&table, "size", text);
    }
    if (info->options[0] != '\0') {
        add_row(&table, "options", info->options);
    }
    (void)snprintf(text, sizeof text, "%.0f bits; weak below %.0f", preset_entropy(info),
                   info->floor_bits);
    add_row(&table, "entropy", text);
    add_row(&table, "example", info->example);
    return table_write(&table, err);
}

static void write_kind_json(struct json *json, const struct bulla_kind_info *info)
{
    json_begin_object(json);
    json_member(json, "name", info->name);
    json_member(json, "summary", info->summary);
    json_member(json, "form", info->form);
    json_member(json, "unit", info->size_unit);
    json_member_number(json, "size", info->default_size);
    json_member_number(json, "least", info->least_size);
    json_member_number(json, "most", info->most_size);
    json_member(json, "options", info->options[0] == '\0' ? NULL : info->options);
    json_member(json, "example", info->example);
    json_member_number(json, "bits", (long long)preset_entropy(info));
    json_end_object(json);
}

static bool find_kind(const char *text, const struct bulla_kind_info **ret_info,
                      struct bulla_error *err)
{
    struct bulla_kind kind;
    if (!bulla_kind_parse(bulla_bytes_of(text), &kind, err)) {
        err->code = BULLA_E_USAGE;
        err->pos = (struct bulla_pos){0, 0};
        return false;
    }
    *ret_info = bulla_kind_find(bulla_bytes_of(text));
    return true;
}

static bool show_kinds(const struct invocation *in, bool as_json, struct bulla_error *err)
{
    const struct bulla_kind_info *one = NULL;
    if (in->operand_count > 0 && !find_kind(in->operands[0], &one, err)) {
        return false;
    }
    if (!as_json && one != NULL) {
        return describe_kind(in->out, one, err);
    }
    if (!as_json) {
        return list_kinds(in, err);
    }
    struct json json;
    json_begin_document(&json, in->out);
    json_member_array(&json, "kinds");
    for (size_t i = 0; i < bulla_kind_count(); i++) {
        if (one == NULL || one == bulla_kind_info(i)) {
            write_kind_json(&json, bulla_kind_info(i));
        }
    }
    json_end_array(&json);
    json_end_object(&json);
    return true;
}

static void add_option(struct bulla_buf *text, const char *name, const char *value)
{
    if (value != NULL) {
        bulla_buf_printf(text, ",%s=%s", name, value);
    }
}

/* The operand with the options behind it, parsed. */
static bool read_kind(const struct invocation *in, const struct generate_opts *opts,
                      struct bulla_buf *text, struct bulla_kind *ret_kind, struct bulla_error *err)
{
    bulla_buf_puts(text, in->operands[0]);
    add_option(text, "classes", opts->classes);
    add_option(text, "symbols", opts->symbols);
    add_option(text, "exclude", opts->exclude);
    const char *kind = bulla_buf_text(text, err);
    if (kind == NULL) {
        return false;
    }
    if (bulla_kind_parse(bulla_bytes_of(kind), ret_kind, err)) {
        return true;
    }
    unsigned column = err->pos.col;
    err->pos = (struct bulla_pos){0, 0};
    err->code = BULLA_E_USAGE;
    if (err->hint[0] == '\0') {
        (void)bulla_error_hint(err, "'bulla generate --kinds' lists the kinds");
    }
    if (column > 1) {
        (void)bulla_error_while(err, "%s, character %u", kind, column);
    }
    return false;
}

static bool print_values(const struct invocation *in, const struct bulla_kind *kind, long count,
                         struct bulla_error *err)
{
    bulla_auto_buf value;
    bulla_buf_init_secret(&value, BULLA_MAX_VALUE_BYTES);
    for (long i = 0; i < count; i++) {
        bulla_buf_clear(&value);
        if (!bulla_kind_generate(kind, &value, err)) {
            return false;
        }
        bulla_buf_putc(&value, '\n');
        if (!bulla_buf_ok(&value, err) || !output_secret(in->out, bulla_buf_view(&value), err)) {
            return false;
        }
    }
    return true;
}

static bool run(const struct invocation *in, struct bulla_error *err)
{
    const struct generate_opts *opts = in->opts;
    if (opts->kinds) {
        return show_kinds(in, opts->format == formats[1], err);
    }
    if (opts->format == formats[1]) {
        (void)bulla_error(err, BULLA_E_USAGE, "'--format json' is of the kinds, not of a value");
        return bulla_error_hint(err, "add --kinds, or leave it out: a value is one plain line");
    }
    if (in->operand_count == 0) {
        (void)bulla_error(err, BULLA_E_USAGE, "'generate' needs KIND");
        return bulla_error_hint(err, "'bulla generate --kinds' lists the kinds");
    }
    bulla_auto_buf text;
    bulla_buf_init(&text, MAX_KIND_TEXT);
    struct bulla_kind kind;
    if (!read_kind(in, opts, &text, &kind, err)) {
        return false;
    }
    if (bulla_kind_is_weak(&kind)) {
        message_warn(in, "a value of '%s' has %.0f bits; below %.0f it can be guessed",
                     bulla_buf_text(&text, err), bulla_kind_entropy(&kind),
                     bulla_kind_find(bulla_buf_view(&text))->floor_bits);
    }
    reveal_warn_readers(in);
    return print_values(in, &kind, opts->count, err);
}

static const struct example examples[] = {
    {"bulla generate hex:32", "what 'openssl rand -hex 32' prints"},
    {"bulla generate password:24,classes=luds", "a password that a policy asks for"},
    {"bulla generate --kinds", "everything that can be made"},
    {NULL, NULL},
};

const struct command cmd_generate = {
    .name = "generate",
    .summary = "print fresh values of a kind",
    .description =
        "Prints one fresh value of KIND and a line end. No stack and no vault are needed, and "
        "nothing is kept.\n\n"
        "A kind is NAME[:SIZE][,OPTION=VALUE]..., the same text as behind 'kind =' in bulla.ini. "
        "Every character is chosen uniformly from the system's random source. A kind with too few "
        "bits to resist guessing is warned of, and so is a file that others may read.",
    .group = GROUP_VALUES,
    .opts_size = sizeof(struct generate_opts),
    .options = options,
    .operands = {{.name = "KIND",
                  .min = 0,
                  .max = 1,
                  .help = "what to make: hex:32, password, uuid, …",
                  .complete = COMPLETE_QUERY,
                  .query = "kinds"}},
    .examples = examples,
    .without = GLOBAL_STACK,
    .run = run,
};
