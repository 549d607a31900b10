/*
 * Whatever quotes are put into a text: it says the same as the old one was meant to say, it is YAML
 * where nothing else is wrong, nothing but quotes came in, and a second plan is empty.
 */
#include "fuzz.h"

#include "bulla/limits.h"
#include "bulla/mem.h"
#include "fix/fix_internal.h"

/* A plan without a project: the text is the only file. */
struct mending {
    struct bulla_fix_plan plan;
    struct file file;
    size_t left; /* scalars that stay cut */
};

static void mend(struct mending *mending, struct bulla_bytes text)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    *mending = (struct mending){.plan = {.pool = pool_new(&err)}, .file = {.info = {.name = "f"}}};
    FUZZ_ASSERT(mending->plan.pool != NULL);
    bulla_buf_init(&mending->file.before, 2 * BULLA_MAX_TEXT_BYTES);
    bulla_buf_init(&mending->file.after, 4 * BULLA_MAX_TEXT_BYTES);
    bulla_buf_add_bytes(&mending->file.before, text);
    FUZZ_ASSERT(quote_parse(&mending->plan, &mending->file, &err));
    for (size_t i = 0; i < mending->file.scalar_count; i++) {
        const char *reason = NULL;
        struct bulla_pos pos = mending->file.scalars[i].node->pos;
        FUZZ_ASSERT(quote_at(&mending->plan, &mending->file, pos, &reason, &err));
        FUZZ_ASSERT(reason == NULL || reason[0] != '\0');
        mending->left += reason != NULL;
    }
    FUZZ_ASSERT(fixed_file_finish(&mending->file, &err));
}

static void forget(struct mending *mending)
{
    fixed_file_release(&mending->file);
    pool_free(mending->plan.pool);
}

static void write_node(struct bulla_buf *out, const struct yaml_node *node)
{
    static const char kinds[] = {'s', 'l', 'm', 'a'};
    bulla_buf_printf(out, "%c%zu%s%s:", kinds[node->kind], node->len,
                     node->tag != NULL ? node->tag : "", node->anchor != NULL ? node->anchor : "");
    bulla_buf_add_bytes(out, yaml_text(node));
    for (const struct yaml_node *child = node->first; child != NULL; child = child->next) {
        write_node(out, child);
        if (child->value != NULL) {
            write_node(out, child->value);
        }
    }
    bulla_buf_putc(out, '.');
}

static void write_documents(struct bulla_buf *out, const struct yaml_document *document)
{
    bulla_buf_init(out, 64 * BULLA_MAX_TEXT_BYTES);
    for (; document != NULL; document = document->next) {
        write_node(out, document->root);
    }
}

/* AFTER is BEFORE with quotes put in. */
static void check_bytes(struct bulla_bytes before, struct bulla_bytes after)
{
    size_t at = 0;
    for (size_t i = 0; i < after.len; i++) {
        if (at < before.len && after.data[i] == before.data[at]) {
            at++;
        } else {
            FUZZ_ASSERT(after.data[i] == '"' || after.data[i] == '\'');
        }
    }
    FUZZ_ASSERT(at == before.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bulla_error err = BULLA_ERROR_INIT;
    struct mending once;
    struct mending twice;
    bool is_good = false;
    mend(&once, bulla_bytes(data, size));
    check_bytes(once.file.info.before, once.file.info.after);
    if (once.file.edits.count == 0) {
        forget(&once);
        return 0;
    }
    FUZZ_ASSERT(verify_quotes(&once.file, &is_good, &err));
    mend(&twice, once.file.info.after);
    FUZZ_ASSERT(twice.file.edits.count == 0);
    /* What is dropped, or found once only, is no YAML for another reason: a brace in a tag or key.
     */
    FUZZ_ASSERT(twice.left == once.left || !twice.file.repaired.valid);
    FUZZ_ASSERT(is_good || !twice.file.repaired.valid);
    FUZZ_ASSERT(!is_good || once.left > 0 || twice.file.repaired.valid);
    bulla_auto_buf before;
    bulla_auto_buf after;
    write_documents(&before, once.file.repaired.first);
    write_documents(&after, twice.file.repaired.first);
    FUZZ_ASSERT(bulla_buf_ok(&before, &err) && bulla_buf_ok(&after, &err));
    /* What would say something else is dropped, and the file stays as it is. */
    FUZZ_ASSERT(!is_good || bulla_bytes_equal(bulla_buf_view(&before), bulla_buf_view(&after)));
    forget(&twice);
    forget(&once);
    return 0;
}
