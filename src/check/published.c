#include "check/published.h"

#include <stdio.h>
#include <string.h>

#include "bulla/secret.h"
#include "bulla/shape.h"
#include "check/names.h"

#include "base/banned.h"

/*
 * Secrets that documentation and test kits print, so that everybody has them although they look
 * strong. What is weak in itself (postgres, changeme) is known as a placeholder already.
 */
static const struct {
    const char *value;
    const char *whose;
} table[] = {
    {"AKIAIOSFODNN7EXAMPLE", "in the AWS documentation"},
    {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "in the AWS documentation"},
    {"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
     "as the key of the Azure storage emulator"},
    {"C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==",
     "as the key of the Azure Cosmos DB emulator"},
    {"ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
     "as the first key of Hardhat and Anvil"},
    {"0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
     "as the first key of Hardhat and Anvil"},
    {"test test test test test test test test test test test junk",
     "as the phrase of Hardhat and Anvil"},
    {"6LeIxAcTAAAAAGG-vFI1TnRWxMZNFuojJ4WifJWe", "as Google's reCAPTCHA test secret"},
    {"1x0000000000000000000000000000000AA", "as Cloudflare's Turnstile test secret"},
    {"0x0000000000000000000000000000000000000000", "as hCaptcha's test secret"},
    {"your-256-bit-secret", "on jwt.io"},
    {"a-string-secret-at-least-256-bits-long", "on jwt.io"},
    {"46BKJoQYlPPOexq0OhDZnIlNepKFf87WFwLbfzqDDho=", "in the Airflow documentation"},
    {"cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=", "in the cryptography documentation"},
    {"yourStrong(!)Password", "in the SQL Server documentation"},
    {"Password123!", "in tutorials"},
    {"P@ssw0rd123", "in tutorials"},
    {"my-secret-pw", "in the MySQL image's documentation"},
    {"mysecretpassword", "in the PostgreSQL image's documentation"},
    {"my_password", "in tutorials"},
    {"foobared", "in Redis's sample configuration"},
    {"thisismysecret", "in tutorials"},
    {"keyboard cat", "in the express-session documentation"},
    {"JBSWY3DPEHPK3PXP", "in TOTP documentation"},
    {"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "in RFC 4226"},
};

static bool is_same(struct bulla_bytes value, const char *text, size_t len)
{
    return bulla_secret_bytes_equal(value, bulla_bytes(text, len));
}

static bool in_table(const struct known *known, char *out, size_t cap)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (is_same(known->value, table[i].value, strlen(table[i].value))) {
            (void)snprintf(out, cap, "%s", table[i].whose);
            return true;
        }
    }
    return false;
}

static bool in_sample(const struct check *check, const struct known *known, char *out, size_t cap)
{
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        if (text->use != ENV_SAMPLE) {
            continue;
        }
        const struct bulla_dotenv_entry *entry = env_text_find(text, known->name);
        if (entry != NULL && entry->value.len > 0 &&
            bulla_secret_bytes_equal(known->value, entry->value)) {
            (void)snprintf(out, cap, "in %s, line %u", text->name, entry->pos.line);
            return true;
        }
    }
    return false;
}

static bool is_default(const struct bulla_project_ref *ref)
{
    return ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY;
}

static bool in_compose(const struct check *check, const struct known *known, char *out, size_t cap)
{
    size_t count = 0;
    const struct bulla_project_ref *const *refs = check_names_find(check, known->name, &count);
    for (size_t i = 0; i < count; i++) {
        const struct bulla_project_ref *ref = refs[i];
        if (is_default(ref) && ref->operand_len > 0 &&
            is_same(known->value, ref->operand, ref->operand_len)) {
            (void)snprintf(out, cap, "as the default in %s, line %u",
                           check_file_name(check, ref->file), ref->pos.line);
            return true;
        }
    }
    return false;
}

bool published_by_project(const struct check *check, const struct known *known)
{
    char ignored[1];
    return known->value.len > 0 && (in_sample(check, known, ignored, sizeof ignored) ||
                                    in_compose(check, known, ignored, sizeof ignored));
}

static bool is_in_entry(const struct bulla_dotenv_entry *entry, struct bulla_bytes value)
{
    struct bulla_bytes password;
    return bulla_secret_bytes_equal(value, entry->value) ||
           (bulla_url_password((const char *)entry->name.data, entry->value, &password) &&
            bulla_secret_bytes_equal(value, password));
}

bool published_under_any_name(const struct check *check, struct bulla_bytes value)
{
    const struct bulla_project *project = check->input->project;
    for (size_t i = 0; i < check->texts.count; i++) {
        const struct env_text *text = &check->texts.items[i];
        for (size_t k = 0; text->use == ENV_SAMPLE && k < text->sorted_count; k++) {
            if (is_in_entry(text->sorted[k], value)) {
                return true;
            }
        }
    }
    for (size_t i = 0; project != NULL && i < project->ref_count; i++) {
        const struct bulla_project_ref *ref = &project->refs[i];
        if (is_default(ref) && is_same(value, ref->operand, ref->operand_len)) {
            return true;
        }
    }
    return false;
}

static bool hands_out(const struct bulla_project_service *service, struct bulla_bytes password)
{
    for (size_t i = 0; service->image != NULL && i < service->environment_count; i++) {
        const struct bulla_project_env *entry = &service->environment[i];
        const struct bulla_server *server = NULL;
        if (entry->value != NULL && is_same(password, entry->value, strlen(entry->value)) &&
            bulla_image_password(service->image, bulla_bytes_of(entry->key), &server) !=
                BULLA_PASSWORD_UNKNOWN) {
            return true;
        }
    }
    return false;
}

bool published_for_server(const struct check *check, struct bulla_bytes value)
{
    const struct bulla_project *project = check->input->project;
    struct bulla_url url;
    bool is_url = project != NULL && bulla_url_split(value, &url) && url.password.len > 0;
    for (size_t i = 0; is_url && i < project->service_count; i++) {
        if (hands_out(project->services[i], url.password)) {
            return true;
        }
    }
    return false;
}

bool published_where(const struct check *check, const struct known *known, char *out, size_t cap)
{
    return known->value.len > 0 &&
           (in_sample(check, known, out, cap) || in_compose(check, known, out, cap) ||
            in_table(known, out, cap));
}
