/* What the project itself prints for everybody to read: no value that anybody has set. */
#include <string.h>

#include "bulla/shape.h"
#include "infer/references.h"

#include "base/banned.h"

bool bulla_survey_is_printed(const struct bulla_survey *survey, size_t index,
                             struct bulla_bytes value)
{
    const char *name = survey->variables[index].name;
    for (size_t i = 0; i < survey->sample_count; i++) {
        const struct bulla_dotenv_entry *entry = survey_last_entry(&survey->samples[i], name);
        if (entry != NULL && bulla_secret_bytes_equal(entry->value, value)) {
            return true;
        }
    }
    for (size_t i = 0; i < survey->environment_count; i++) {
        const struct bulla_project *project = survey->environments[i].project;
        for (size_t k = 0; k < project->ref_count; k++) {
            const struct bulla_project_ref *ref = &project->refs[k];
            if (strcmp(ref->name, name) == 0 &&
                (ref->op == BULLA_REF_DEFAULT || ref->op == BULLA_REF_DEFAULT_NONEMPTY) &&
                bulla_secret_bytes_equal(bulla_bytes(ref->operand, ref->operand_len), value)) {
                return true;
            }
        }
    }
    return false;
}

/* True for a URL with a password that a compose file itself hands a server: it works. */
static bool is_working_url(const struct bulla_survey *survey, struct bulla_bytes value)
{
    struct bulla_url url;
    return bulla_url_split(value, &url) && url.password.len > 0 &&
           references_have_literal_password(survey, url.password);
}

bool bulla_survey_is_published(const struct bulla_survey *survey, size_t index,
                               struct bulla_bytes value)
{
    const char *name = survey->variables[index].name;
    struct bulla_bytes password;
    return !is_working_url(survey, value) &&
           (bulla_survey_is_printed(survey, index, value) ||
            bulla_placeholder(bulla_url_password(name, value, &password) ? password : value) !=
                NULL);
}
