#include "infer/url.h"

#include <string.h>

#include "bulla/interpolate.h"
#include "bulla/limits.h"
#include "bulla/mem.h"
#include "bulla/shape.h"

#include "base/banned.h"

static const char *known_name(const struct bulla_evidence *evidence, struct bulla_bytes name)
{
    for (size_t i = 0; evidence->names != NULL && evidence->names[i] != NULL; i++) {
        if (bulla_bytes_are(name, evidence->names[i])) {
            return evidence->names[i];
        }
    }
    return NULL;
}

/* Rewrites references as it meets them. */
struct rewrite {
    const struct bulla_evidence *evidence;
    struct bulla_bytes text;
    struct bulla_buf *out;
    size_t done; /* bytes of the text that are in OUT */
    size_t password_start, password_end;
    size_t replaced;
    bool unknown; /* a reference to a name that nobody knows, or to itself */
};

static bool add_reference(void *ctx, const struct bulla_ref *ref, struct bulla_error *err)
{
    (void)err;
    struct rewrite *rewrite = ctx;
    if (ref->depth > 0) {
        return true;
    }
    if (ref->name.len == 0 || known_name(rewrite->evidence, ref->name) == NULL ||
        bulla_bytes_are(ref->name, rewrite->evidence->name)) {
        rewrite->unknown = true;
        return true;
    }
    bool in_password = ref->start >= rewrite->password_start && ref->end <= rewrite->password_end;
    bulla_buf_add_bytes(
        rewrite->out, bulla_bytes_slice(rewrite->text, rewrite->done, ref->start - rewrite->done));
    bulla_buf_puts(rewrite->out, "{{ ");
    bulla_buf_add_bytes(rewrite->out, ref->name);
    bulla_buf_puts(rewrite->out, in_password ? " | url }}" : " }}");
    rewrite->done = ref->end;
    rewrite->replaced++;
    return true;
}

/* The words of the variables that hold the password of a scheme's server. */
static const struct {
    const char *scheme;
    const char *name_words[4];
} servers[] = {
    {"postgres", {"POSTGRES_PASSWORD", "DB_PASSWORD", "PG_PASSWORD", "DATABASE_PASSWORD"}},
    {"redis", {"REDIS_PASSWORD", "REDIS_PASS", NULL, NULL}},
    {"mongodb", {"MONGO_PASSWORD", "MONGODB_PASSWORD", NULL, NULL}},
    {"mysql", {"MYSQL_PASSWORD", "DB_PASSWORD", "DATABASE_PASSWORD", NULL}},
    {"mariadb", {"MARIADB_PASSWORD", "MYSQL_PASSWORD", "DB_PASSWORD", NULL}},
    {"amqp", {"RABBITMQ_PASSWORD", "RABBITMQ_DEFAULT_PASS", "RABBITMQ_PASS", NULL}},
};

static bool is_our_host(const struct bulla_evidence *evidence, struct bulla_bytes host)
{
    if (bulla_bytes_are(host, "localhost") || bulla_bytes_are(host, "127.0.0.1")) {
        return true;
    }
    for (size_t i = 0; evidence->services != NULL && evidence->services[i] != NULL; i++) {
        if (bulla_bytes_are(host, evidence->services[i])) {
            return true;
        }
    }
    return false;
}

/* The variable that the server HOST of the stack takes as its password, or NULL. */
static const char *host_variable(const struct bulla_evidence *evidence, struct bulla_bytes host)
{
    for (size_t i = 0; evidence->passwords != NULL && evidence->services[i] != NULL; i++) {
        if (evidence->passwords[i] != NULL && bulla_bytes_are(host, evidence->services[i]) &&
            strcmp(evidence->passwords[i], evidence->name) != 0) {
            return evidence->passwords[i];
        }
    }
    return NULL;
}

/* The variable that the server of the URL's scheme goes by, or NULL. */
static const char *server_variable(const struct bulla_evidence *evidence,
                                   const struct bulla_url *url)
{
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        if (!bulla_bytes_start(url->scheme, servers[i].scheme)) {
            continue;
        }
        for (size_t k = 0; k < 4 && servers[i].name_words[k] != NULL; k++) {
            const char *name = known_name(evidence, bulla_bytes_of(servers[i].name_words[k]));
            if (name != NULL) {
                return name;
            }
        }
    }
    return NULL;
}

static const char *sample_of(const struct bulla_evidence *evidence, const char *name)
{
    for (size_t i = 0; evidence->samples != NULL && evidence->names[i] != NULL; i++) {
        if (strcmp(evidence->names[i], name) == 0) {
            return evidence->samples[i];
        }
    }
    return NULL;
}

/*
 * The variable whose sample value or compose default the URL's password repeats, or that its server
 * takes or goes by. Several may share a sample value: then the server's own is meant.
 */
static const char *password_variable(const struct bulla_evidence *evidence,
                                     const struct bulla_url *url)
{
    const char *server = server_variable(evidence, url);
    const char *sample = server != NULL ? sample_of(evidence, server) : NULL;
    if (sample != NULL && bulla_bytes_are(url->password, sample)) {
        return server;
    }
    for (size_t i = 0; evidence->names != NULL && evidence->names[i] != NULL; i++) {
        sample = evidence->samples != NULL ? evidence->samples[i] : NULL;
        const char *preset = evidence->defaults != NULL ? evidence->defaults[i] : NULL;
        bool is_repeated = (sample != NULL && bulla_bytes_are(url->password, sample)) ||
                           (preset != NULL && bulla_bytes_are(url->password, preset));
        if (is_repeated && bulla_name_family(evidence->names[i]) == BULLA_NAME_PASSWORD) {
            return evidence->names[i];
        }
    }
    const char *host = host_variable(evidence, url->host);
    return host != NULL ? host : server;
}

static bool keep(struct pool *pool, struct bulla_buf *out, const char **ret_template,
                 struct bulla_error *err)
{
    const char *text = bulla_buf_text(out, err);
    if (text == NULL) {
        return false;
    }
    *ret_template = pool_strdup(pool, text, err);
    return *ret_template != NULL;
}

bool infer_url_template(struct pool *pool, const struct bulla_evidence *evidence, const char *text,
                        const char **ret_template, struct bulla_error *err)
{
    struct bulla_bytes view = bulla_bytes_of(text);
    struct bulla_url url = {0};
    bool is_url = bulla_url_split(view, &url);
    bulla_auto_buf out;
    bulla_buf_init(&out, BULLA_MAX_CONTRACT_BYTES);
    struct rewrite rewrite = {.evidence = evidence, .text = view, .out = &out};
    if (is_url && url.password.len > 0) {
        rewrite.password_start = (size_t)(url.password.data - view.data);
        rewrite.password_end = rewrite.password_start + url.password.len;
    }
    *ret_template = NULL;
    if (!bulla_interpolate_scan(view, add_reference, &rewrite, NULL, err)) {
        return false;
    }
    if (rewrite.unknown) {
        return true;
    }
    if (rewrite.replaced > 0) {
        bulla_buf_add_bytes(&out, bulla_bytes_slice(view, rewrite.done, view.len));
        return keep(pool, &out, ret_template, err);
    }
    if (!is_url || url.password.len == 0 || !is_our_host(evidence, url.host)) {
        return true;
    }
    const char *password = password_variable(evidence, &url);
    if (password == NULL) {
        return true;
    }
    bulla_buf_add_bytes(&out, bulla_bytes_slice(view, 0, rewrite.password_start));
    bulla_buf_printf(&out, "{{ %s | url }}", password);
    bulla_buf_add_bytes(&out, bulla_bytes_slice(view, rewrite.password_end, view.len));
    return keep(pool, &out, ret_template, err);
}
