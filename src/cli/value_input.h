/* A secret value on its way in: from a prompt, a file, a descriptor or standard input. */
#ifndef BULLA_CLI_VALUE_INPUT_H
#define BULLA_CLI_VALUE_INPUT_H

#include "workspace.h"

struct value_input {
    const char *file; /* NULL: none */
    long fd;          /* -1: none */
    bool exact;       /* keep a line end at the end */
};

/* BULLA_E_USAGE where more than one place is named. */
BULLA_MUST_CHECK bool value_input_check(const struct value_input *input, struct bulla_error *err);

/* True when the value will be asked for on the terminal. */
bool value_input_asks(const struct value_input *input);

/*
 * What keeps VALUE from every consumer, whatever the contract says, as words that go on behind the
 * name ("has a NUL byte, …"): such a value is not sealed, whoever forces it. NULL: nothing.
 */
const char *value_input_fault(struct bulla_bytes value);

/* Refuses a VALUE of NAME that has such a fault: BULLA_E_REFUSED. */
BULLA_MUST_CHECK bool value_input_check_fault(const char *name, struct bulla_bytes value,
                                              struct bulla_error *err);

/*
 * Reads the value of NAME into VALUE, a secret buffer for BULLA_MAX_VALUE_BYTES and 2 more, and
 * drops one line end unless the input is exact. BULLA_E_LIMIT, BULLA_E_REFUSED for what
 * value_input_fault finds, and what reading or asking gives.
 */
BULLA_MUST_CHECK bool value_input_read(const struct invocation *in, const struct value_input *input,
                                       const char *name, struct bulla_buf *value,
                                       struct bulla_error *err);

/*
 * Checks VALUE against the kind and the shape of VARIABLE: BULLA_E_REFUSED with every reason, none
 * of which quotes the value.
 */
BULLA_MUST_CHECK bool value_input_judge(const struct bulla_variable *variable,
                                        struct bulla_bytes value, struct bulla_error *err);

#endif
