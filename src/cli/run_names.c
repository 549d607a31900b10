#include "run_names.h"

#include <string.h>
#include <strings.h>

/* All names that begin so, in capitals or not (npm takes npm_config_* as well). */
static const char *const beginnings[] = {
    "ANSIBLE_",    "BASH_FUNC_",   "BUNDLE_",     "CARGO_",      "CORECLR_",
    "COR_ENABLE_", "COR_PROFILER", "DOTNET_ROOT", "DYLD_",       "ERL_",
    "GIT_",        "GRADLE_",      "LD_",         "LUA_CPATH",   "LUA_INIT",
    "LUA_PATH",    "MAVEN_",       "NPM_CONFIG_", "ORG_GRADLE_", "PERL5",
    "RUSTC",       "RUSTDOC",      "RUSTUP_",     "TF_CLI_",     "XDG_",
};

/* Of those, what people call values of their own, by its end. */
static const char *const own_ends[] = {
    "_BRANCH", "_COMMIT",   "_DATE",  "_EMAIL", "_HASH",       "_HOST",     "_NAME",
    "_ORG",    "_PASSWORD", "_REF",   "_REPO",  "_REPOSITORY", "_REVISION", "_SECRET",
    "_SHA",    "_TAG",      "_TOKEN", "_URL",   "_USER",       "_USERNAME", "_VERSION",
};

/* Beginnings that have no such names. */
static const char *const strict[] = {"BASH_FUNC_", "DYLD_",       "GIT_CONFIG",
                                     "LD_",        "NPM_CONFIG_", "XDG_"};

/* Interpreters whose own names have no underscore there: PYTHONPATH, but PYTHON_API_KEY is yours.
 */
static const char *const joined[] = {"PYTHON", "RUBY"};

static const char *const harmless[] = {"PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
                                       "PYTHONIOENCODING", "PYTHONUNBUFFERED", "PYTHONUTF8"};

static const char *const names[] = {
    "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES",
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AZURE_CONFIG_DIR",
    "AZURE_EXTENSION_DIR",
    "BASHOPTS",
    "BASH_ENV",
    "BASH_LOADABLES_PATH",
    "BROWSER",
    "BUILDKIT_HOST",
    "BUILDX_CONFIG",
    "BULLA_IDENTITY",
    "BULLA_IDENTITY_FILE",
    "BULLA_ROOT",
    "BUN_OPTIONS",
    "CC",
    "CDPATH",
    "CLASSPATH",
    "CLOUDSDK_CONFIG",
    "CLOUDSDK_PYTHON",
    "CLOUDSDK_PYTHON_ARGS",
    "COMPOSER_HOME",
    "COMPOSE_ENV_FILES",
    "COMPOSE_FILE",
    "CONTAINERS_CONF",
    "CONTAINERS_CONF_OVERRIDE",
    "CONTAINER_HOST",
    "CURL_CA_BUNDLE",
    "CURL_HOME",
    "CVS_RSH",
    "CXX",
    "DOCKER_CERT_PATH",
    "DOCKER_CONFIG",
    "DOCKER_CONTEXT",
    "DOCKER_HOST",
    "DOCKER_TLS_VERIFY",
    "DOTNET_ADDITIONAL_DEPS",
    "DOTNET_CLI_HOME",
    "DOTNET_HOST_PATH",
    "DOTNET_SHARED_STORE",
    "DOTNET_STARTUP_HOOKS",
    "EDITOR",
    "ELIXIR_ERL_OPTIONS",
    "FPATH",
    "FZF_DEFAULT_COMMAND",
    "FZF_DEFAULT_OPTS",
    "GCONV_PATH",
    "GEM_HOME",
    "GEM_PATH",
    "GLIBC_TUNABLES",
    "GNUMAKEFLAGS",
    "GNUPGHOME",
    "GOENV",
    "GOFLAGS",
    "GOPATH",
    "GOPROXY",
    "GOROOT",
    "GOTOOLCHAIN",
    "GUILE_LOAD_PATH",
    "HELM_CONFIG_HOME",
    "HELM_DATA_HOME",
    "HELM_PLUGINS",
    "HGRCPATH",
    "HOME",
    "HOSTALIASES",
    "IFS",
    "INPUTRC",
    "JAVA_HOME",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "JULIA_LOAD_PATH",
    "KUBECONFIG",
    "KUBECTL_EXTERNAL_DIFF",
    "LESS",
    "LESSCLOSE",
    "LESSKEYIN",
    "LESSOPEN",
    "LIBMYSQL_PLUGINS",
    "LIBMYSQL_PLUGIN_DIR",
    "LOCPATH",
    "M2_HOME",
    "MAKEFILES",
    "MAKEFLAGS",
    "MANPAGER",
    "MFLAGS",
    "NETRC",
    "NIX_PATH",
    "NODE_EXTRA_CA_CERTS",
    "NODE_OPTIONS",
    "NODE_PATH",
    "NODE_REPL_EXTERNAL_MODULE",
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "NODE_V8_COVERAGE",
    "ODBCINI",
    "ODBCSYSINI",
    "OPENSSL_CONF",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "PAGER",
    "PATH",
    "PERLLIB",
    "PERL_MB_OPT",
    "PERL_MM_OPT",
    "PGPASSFILE",
    "PGSERVICEFILE",
    "PGSYSCONFDIR",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "PIP_CONFIG_FILE",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PROMPT_COMMAND",
    "PS0",
    "PS1",
    "PS4",
    "PSQLRC",
    "PSQL_EDITOR",
    "PSQL_PAGER",
    "REQUESTS_CA_BUNDLE",
    "RIPGREP_CONFIG_PATH",
    "RSYNC_RSH",
    "R_ENVIRON",
    "R_ENVIRON_USER",
    "R_LIBS",
    "R_LIBS_USER",
    "R_PROFILE",
    "R_PROFILE_USER",
    "SHELL",
    "SHELLOPTS",
    "SSH_ASKPASS",
    "SSH_AUTH_SOCK",
    "SSLKEYLOGFILE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "SUDO_ASKPASS",
    "SVN_SSH",
    "SYSTEMD_EDITOR",
    "SYSTEMD_PAGER",
    "TAR_OPTIONS",
    "TCLLIBPATH",
    "TERMINFO",
    "TERMINFO_DIRS",
    "TMPDIR",
    "VIMINIT",
    "VISUAL",
    "WGETRC",
    "YARN_PLUGINS",
    "YARN_RC_FILENAME",
    "YARN_YARN_PATH",
    "ZDOTDIR",
    "_JAVA_OPTIONS",
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static bool is_one_of(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(name, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool begins_as(const char *name, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strncasecmp(name, list[i], strlen(list[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool ends_as_own(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < COUNT(own_ends); i++) {
        size_t end = strlen(own_ends[i]);
        if (len > end && strcasecmp(name + len - end, own_ends[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_joined(const char *name)
{
    for (size_t i = 0; i < COUNT(joined); i++) {
        size_t len = strlen(joined[i]);
        if (strncasecmp(name, joined[i], len) == 0 && name[len] != '\0' && name[len] != '_') {
            return !is_one_of(name, harmless, COUNT(harmless));
        }
    }
    return false;
}

/* ENV is a file that an interactive sh reads, and in many stacks a word: production. */
static bool names_start_file(const char *name, struct bulla_bytes value)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (strcasecmp(name, "ENV") != 0) {
        return false;
    }
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '\0' || strchr(letters, value.data[i]) == NULL) {
            return true;
        }
    }
    return false;
}

bool run_name_changes_programs(const char *name, struct bulla_bytes value)
{
    if (is_one_of(name, names, COUNT(names)) || is_joined(name) ||
        begins_as(name, strict, COUNT(strict)) || names_start_file(name, value)) {
        return true;
    }
    return begins_as(name, beginnings, COUNT(beginnings)) && !ends_as_own(name);
}

bool run_name_is_for_file(struct bulla_bytes name)
{
    return bulla_bytes_are(name, "COMPOSE_FILE") || bulla_bytes_are(name, "COMPOSE_PATH_SEPARATOR");
}
