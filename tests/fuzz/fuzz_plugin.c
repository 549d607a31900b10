/* Any bytes as what a plugin says, in both conversations: it ends, well or with an error. */
#include "fuzz.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "age/plugin.h"
#include "bulla/file.h"

static bool answer(void *ctx, const char *prompt, struct bulla_buf *buf, struct bulla_error *err)
{
    (void)ctx;
    fuzz_touch(bulla_bytes_of(prompt));
    bulla_buf_puts(buf, "answer");
    return bulla_buf_ok(buf, err);
}

static void say(void *ctx, const char *plugin, const char *text)
{
    (void)ctx;
    (void)plugin;
    fuzz_touch(bulla_bytes_of(text));
}

static bool confirm(void *ctx, const char *question, const char *yes, const char *no, bool *ret_yes,
                    struct bulla_error *err)
{
    (void)ctx;
    (void)err;
    fuzz_touch(bulla_bytes_of(question));
    fuzz_touch(bulla_bytes_of(yes));
    *ret_yes = no == NULL;
    return true;
}

static void hear(struct bulla_bytes said, bool is_wrapping)
{
    const struct bulla_age_host host = {
        .ask_secret = answer, .ask_public = answer, .say = say, .confirm = confirm};
    struct bulla_error err = BULLA_ERROR_INIT;
    struct age_keys keys = {{0}};
    const struct plugin_key key = {.name = "fuzz"};
    bulla_auto_buf stanzas;
    bulla_auto_buf labels;
    bulla_buf_init(&stanzas, (size_t)1024 * 1024);
    bulla_buf_init(&labels, 65536);
    struct plugin_talk talk = {
        .key = &key, .keys = &keys, .stanzas = is_wrapping ? &stanzas : NULL, .labels = &labels};
    talk.peer = (struct plugin_peer){.host = &host, .name = key.name, .pid = -1};
    bulla_buf_init_secret(&talk.peer.in, PLUGIN_MAX_MESSAGE_BYTES + 4096);
    talk.peer.to = open("/dev/null", O_WRONLY | O_CLOEXEC);
    talk.peer.from = memfd_create("fuzz", MFD_CLOEXEC);
    FUZZ_ASSERT(talk.peer.to >= 0 && talk.peer.from >= 0 &&
                bulla_fd_write(talk.peer.from, "fuzz", said, &err) &&
                lseek(talk.peer.from, 0, SEEK_SET) == 0);
    bool ok = plugin_converse(&talk, bulla_bytes_of("-> done\n\n"), &err);
    plugin_end(&talk.peer, ok);
    if (!ok) {
        fuzz_check_error(&err);
    }
    fuzz_touch(bulla_buf_view(&stanzas));
    fuzz_touch(bulla_buf_view(&labels));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    hear(bulla_bytes(data, size), true);
    hear(bulla_bytes(data, size), false);
    return 0;
}
