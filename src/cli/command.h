/*
 * Commands as tables. A command is one file, cmd_<name>.c, that ends in a `const struct command`;
 * parsing, --help, the manual, the reference and the completions of three shells all read it.
 * docs/first-command.md adds one, step by step.
 *
 * A command of two words ("recipient add") is an entry of its own: file cmd_recipient_add.c or
 * several entries in cmd_recipient.c, and COMMAND(recipient_add). Nothing else is needed.
 *
 * No kind of option takes a secret: they come from --file PATH, --fd N, standard input or a
 * terminal prompt, so that a leak through `ps` cannot be expressed.
 */
#ifndef BULLA_CLI_COMMAND_H
#define BULLA_CLI_COMMAND_H

#include <limits.h>
#include <stddef.h>

#include "bulla/error.h"

struct env;
struct invocation;
struct output;
struct process;

/* What an option holds; the field of the options struct must have the type named here. */
enum opt_kind {
    OPT_END,
    OPT_FLAG,   /* bool: true when given */
    OPT_COUNT,  /* unsigned: how many times it was given */
    OPT_NUMBER, /* long: within min and max; `initial` when not given */
    OPT_STRING, /* const char *: borrowed from argv; NULL when not given */
    OPT_CHOICE, /* const char *: one of `choices` (the table's pointer); the first by default */
    OPT_LIST    /* struct string_list: every value, in the order given */
};

/* The values of an OPT_LIST; the strings are borrowed from argv. */
struct string_list {
    const char **items;
    size_t count;
    size_t cap;
};

/* What a shell offers for a value. */
enum complete {
    COMPLETE_NONE,
    COMPLETE_FILE,
    COMPLETE_DIR,
    COMPLETE_COMMAND, /* a program, for `run` */
    COMPLETE_QUERY    /* asks `bulla --list QUERY`; the queries are in query.c */
};

/* One option. Fill it with the macros below, never by hand: they check the field's type. */
struct opt {
    enum opt_kind kind;
    const char *name;           /* long, without dashes */
    char letter;                /* '\0' for none; 'h' is taken */
    size_t offset;              /* of the field in the options struct */
    const char *arg;            /* placeholder in capitals; NULL for a flag or count */
    const char *help;           /* one line, lower case, no full stop */
    const char *const *choices; /* OPT_CHOICE: NULL at the end; the first is the default */
    long initial, min, max;     /* OPT_NUMBER */
    enum complete complete;
    const char *query; /* COMPLETE_QUERY: which names */
    unsigned global;   /* rows of global_options only: the GLOBAL_ bit */
    bool is_hidden;    /* works, and is in no help or completion */
};

#define OPT_FIELD(type, field, wanted)                                                             \
    (offsetof(type, field) +                                                                       \
     0 * sizeof(                                                                                   \
             char[__builtin_types_compatible_p(__typeof__(((type *)0)->field), wanted) ? 1 : -1]))

#define FLAG(type, field, short_name, long_name, text)                                             \
    {                                                                                              \
        .kind = OPT_FLAG, .name = (long_name), .letter = (short_name),                             \
        .offset = OPT_FIELD(type, field, bool), .help = (text)                                     \
    }
#define COUNT(type, field, short_name, long_name, text)                                            \
    {                                                                                              \
        .kind = OPT_COUNT, .name = (long_name), .letter = (short_name),                            \
        .offset = OPT_FIELD(type, field, unsigned), .help = (text)                                 \
    }
#define NUMBER(type, field, short_name, long_name, placeholder, unset, least, most, text)          \
    {                                                                                              \
        .kind = OPT_NUMBER, .name = (long_name), .letter = (short_name),                           \
        .offset = OPT_FIELD(type, field, long), .arg = (placeholder), .initial = (unset),          \
        .min = (least), .max = (most), .help = (text)                                              \
    }
#define CHOICE(type, field, short_name, long_name, placeholder, words, text)                       \
    {                                                                                              \
        .kind = OPT_CHOICE, .name = (long_name), .letter = (short_name),                           \
        .offset = OPT_FIELD(type, field, const char *), .arg = (placeholder), .choices = (words),  \
        .help = (text)                                                                             \
    }
/* STRING and LIST take further members behind TEXT: `.complete = COMPLETE_FILE`, `.query = …`. */
#define STRING(type, field, short_name, long_name, placeholder, ...)                               \
    {                                                                                              \
        .kind = OPT_STRING, .name = (long_name), .letter = (short_name),                           \
        .offset = OPT_FIELD(type, field, const char *), .arg = (placeholder), .help = __VA_ARGS__  \
    }
#define LIST(type, field, short_name, long_name, placeholder, ...)                                 \
    {                                                                                              \
        .kind = OPT_LIST, .name = (long_name), .letter = (short_name),                             \
        .offset = OPT_FIELD(type, field, struct string_list), .arg = (placeholder),                \
        .help = __VA_ARGS__                                                                        \
    }
#define OPTIONS_END                                                                                \
    {                                                                                              \
        .kind = OPT_END                                                                            \
    }

/* What stands behind the options. A command has up to OPERANDS_MAX of them, filled in order. */
struct operand {
    const char *name; /* placeholder in capitals; NULL ends the list */
    unsigned min;
    unsigned max;     /* OPERANDS_ANY: no maximum; only the last operand may have max > min */
    const char *help; /* one line, lower case, no full stop */
    const char *const *choices; /* where only these words are allowed; NULL at the end */
    enum complete complete;
    const char *query;
    /* `run -- CMD`: the first of these ends the options, what follows is the child's. */
    bool is_rest;
};

#define OPERANDS_MAX 3
#define OPERANDS_ANY UINT_MAX

/* A command line that works, and why one would type it. tests/docs/examples.sh runs each. */
struct example {
    const char *line; /* begins with "bulla "; NULL ends the list */
    const char *why;  /* lower case, no full stop */
};

/* The heading of the overview under which a command stands. */
enum command_group {
    GROUP_START,  /* from nothing to a stack that starts */
    GROUP_VALUES, /* single values and their history */
    GROUP_PROVE,  /* what is wrong, and where */
    GROUP_DEPLOY, /* values to their consumers */
    GROUP_TURN,   /* rotation and its schedule */
    GROUP_PEOPLE, /* identities, recipients, the vault itself */
    GROUP_TOOLS,  /* the rest */
    GROUP_COUNT
};

/* Options that mean the same in every command. */
struct globals {
    const char *environment;  /* -e, else BULLA_ENV, else NULL: the contract's default */
    const char *directory;    /* -C; main has changed to it, so a command need not look */
    struct string_list files; /* -f, repeated: compose files, in order */
    const char *identity;     /* --identity FILE; else see docs/commands.md, Environment */
    const char *root;         /* --root ID, else BULLA_ROOT, else NULL */
    const char *color;        /* "auto", "always" or "never"; in->out knows the outcome */
    bool quiet;               /* -q: see message.h */
    unsigned verbose;         /* -v, counted */
    bool require_locked_memory;
    bool help;
    bool version;
    const char *list;  /* hidden: --list QUERY */
    const char *print; /* hidden: --print-documentation KIND */
};

/* Which of them a command does not take: struct command, `without`. */
enum {
    GLOBAL_ENVIRONMENT = 1 << 0,
    GLOBAL_FILES = 1 << 1,
    GLOBAL_IDENTITY = 1 << 2,
    GLOBAL_ROOT = 1 << 3,
    GLOBAL_LOCKED = 1 << 4,
    /* Those of a command that has nothing to do with a stack or a vault. */
    GLOBAL_STACK = GLOBAL_ENVIRONMENT | GLOBAL_FILES | GLOBAL_IDENTITY | GLOBAL_ROOT,
    /* Those of a command that handles no secret either. */
    GLOBAL_SECRETS = GLOBAL_STACK | GLOBAL_LOCKED
};

enum {
    COMMAND_HIDDEN = 1 << 0,        /* in no help, manual or completion */
    COMMAND_PRINTS_SECRETS = 1 << 1 /* the manual says where its output may go */
};

struct command {
    const char *name;        /* one word, or two with a blank: "recipient add" */
    const char *summary;     /* one line, lower case, no full stop, up to 56 columns */
    const char *description; /* paragraphs of plain text, "\n\n" between; wrapped when shown */
    enum command_group group;
    size_t opts_size;          /* 0 when there are no options */
    const struct opt *options; /* ends in OPTIONS_END; NULL when there are none */
    struct operand operands[OPERANDS_MAX];
    const char *surplus_hint;       /* for one operand too many; NULL: see 'bulla help' */
    const struct example *examples; /* at least one */
    const char *see_also;           /* names of commands, ", " between; NULL for none */
    unsigned flags;
    unsigned without; /* GLOBAL_ bits: refused as unknown, and BULLA_ENV is not looked at */
    /*
     * Does the work. False with ERR filled: main prints it once and exits with its code.
     * BULLA_E_REFUSED with an empty message prints nothing (findings were printed already):
     * `return command_refuse(err)`. True exits 0, or with *in->status where that was set.
     */
    bool (*run)(const struct invocation *in, struct bulla_error *err);
};

/* One parsed command line, and what a command works with. */
struct invocation {
    const struct command *command;
    struct globals global;
    const void *opts;            /* the command's options struct; NULL when it has none */
    const char *const *operands; /* borrowed from argv; NULL behind the last */
    size_t operand_count;
    const struct env *env;         /* env.h: the environment, read once */
    struct output *out;            /* output.h: standard output; main flushes it */
    struct output *messages;       /* standard error: use message.h */
    const struct process *process; /* process.h: what to give back to a child */
    int *status;                   /* the exit status when run() returns true; 0 at first */
    void *opts_memory;             /* private: what invocation_release frees */
};

/* The operand at INDEX, or NULL where fewer were given. */
const char *invocation_operand(const struct invocation *in, size_t index);

/* BULLA_E_REFUSED without a message: exit 1 with nothing more to say. Returns false. */
bool command_refuse(struct bulla_error *err);

/* Every command, sorted by name, NULL behind the last. */
extern const struct command *const commands[];

/* The options that every command takes; ends in OPTIONS_END. */
extern const struct opt global_options[];

/* The command called NAME ("recipient add" with one blank), or NULL. */
const struct command *command_find(const char *name);

/* True when NAME is the first word of commands of two words. */
bool command_is_family(const char *name);

/* True when COMMAND takes the global option OPT. */
bool command_takes(const struct command *command, const struct opt *opt);

/*
 * Parses ARGV (argv[0] is skipped) into *RET, whose env, out, messages, process and status are left
 * alone. Without a command ret->command is NULL; that is allowed only beside --help, --version and
 * the hidden requests. With --help the operands are not counted. BULLA_E_USAGE, with the nearest
 * name in the hint; BULLA_E_NOMEM. Release *RET in both cases.
 */
BULLA_MUST_CHECK bool invocation_parse(struct invocation *ret, int argc, const char *const *argv,
                                       struct bulla_error *err);
void invocation_release(struct invocation *in);

/*
 * Looks for mistakes in the tables: unsorted or repeated names, missing or badly worded text, the
 * letter -h, options that hide a global one. BULLA_E_BUG, naming the entry.
 */
BULLA_MUST_CHECK bool command_table_check(struct bulla_error *err);

/* The same for one command. */
BULLA_MUST_CHECK bool command_check(const struct command *command, struct bulla_error *err);

#endif
