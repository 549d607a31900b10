/*
 * The contract: refusals have a place; what is accepted can be read in every environment, every
 * place lies in the text, and each setting that can be written reads back.
 */
#include "fuzz.h"

#include "bulla/contract.h"
#include "bulla/limits.h"

static void check_setting(const struct bulla_setting *setting, struct bulla_bytes text)
{
    if (setting->text == NULL) {
        return;
    }
    size_t lines = 1;
    for (size_t i = 0; i < text.len; i++) {
        lines += text.data[i] == '\n';
    }
    size_t len = strlen(setting->text);
    fuzz_touch(bulla_bytes(setting->text, len));
    struct bulla_pos start = bulla_setting_pos(setting, 0);
    struct bulla_pos end = bulla_setting_pos(setting, len);
    FUZZ_ASSERT(start.line == setting->pos.line && start.line > 0 && start.col > 0);
    FUZZ_ASSERT(end.line >= start.line && end.line <= lines && end.col > 0);
    struct bulla_bytes word = {0};
    for (size_t i = 0; i < 300 && bulla_setting_word(setting, i, &word, NULL); i++) {
        fuzz_touch(word);
    }
}

static void check_written(const struct bulla_setting *setting)
{
    if (setting->text == NULL) {
        return;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf out = {0};
    bulla_buf_init(&out, 2 * BULLA_MAX_CONTRACT_BYTES);
    bulla_buf_puts(&out, "[V]\nkind = setting\n");
    if (!bulla_contract_write_setting("default", setting->text, &out, &err)) {
        fuzz_check_error(&err);
        return;
    }
    bulla_auto_contract again = bulla_contract_parse(bulla_buf_view(&out), "again", &err);
    FUZZ_ASSERT(again != NULL);
    struct bulla_variable variable;
    bulla_contract_variable(again, 0, NULL, &variable);
    FUZZ_ASSERT(strcmp(variable.preset.text, setting->text) == 0);
}

static void check_value(const struct bulla_variable *variable)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    bulla_auto_buf reason = {0};
    bulla_buf_init(&reason, 4096);
    bool fits = false;
    if (!bulla_variable_check(variable, bulla_bytes_of("12.5MB"), &fits, &reason, &err)) {
        fuzz_check_error(&err);
        FUZZ_ASSERT(!fits);
        return;
    }
    FUZZ_ASSERT(fits == (bulla_buf_view(&reason).len == 0));
}

static void check_variable(const struct bulla_contract *contract, size_t index,
                           const char *environment, struct bulla_bytes text)
{
    struct bulla_variable variable;
    bulla_contract_variable(contract, index, environment, &variable);
    const struct bulla_setting *settings[] = {
        &variable.kind,     &variable.value,   &variable.preset,    &variable.match,
        &variable.one_of,   &variable.range,   &variable.differs,   &variable.same_as,
        &variable.requires, &variable.restart, &variable.warn_when, &variable.note,
        &variable.apply,    &variable.group,   &variable.owner,     &variable.obtain,
    };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        check_setting(settings[i], text);
    }
    check_written(&variable.note);
    check_written(&variable.preset);
    check_value(&variable);
    size_t found = 0;
    FUZZ_ASSERT(bulla_contract_find_variable(contract, variable.name, &found) && found == index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 16384) {
        return 0;
    }
    struct bulla_error err = BULLA_ERROR_INIT;
    struct bulla_bytes text = bulla_bytes(data, size);
    bulla_auto_contract contract = bulla_contract_parse(text, "bulla.ini", &err);
    if (contract == NULL) {
        fuzz_check_error_at(&err);
        return 0;
    }
    size_t environments = bulla_contract_environment_count(contract);
    FUZZ_ASSERT(environments > 0);
    for (size_t i = 0; i < bulla_contract_variable_count(contract) && i < 64; i++) {
        check_variable(contract, i, NULL, text);
        for (size_t j = 0; j < environments && j < 4; j++) {
            check_variable(contract, i, bulla_contract_environment(contract, j)->name, text);
        }
    }
    for (size_t i = 0; i < bulla_contract_apply_count(contract); i++) {
        struct bulla_apply apply;
        bulla_contract_apply(contract, i, NULL, &apply);
        check_setting(&apply.user, text);
    }
    for (size_t i = 0; i < bulla_contract_rule_count(contract); i++) {
        FUZZ_ASSERT(bulla_contract_rule(contract, i)->rule != NULL);
    }
    return 0;
}
