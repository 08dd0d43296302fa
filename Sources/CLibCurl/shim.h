// What Swift cannot call of libcurl: its variadic functions. One shim per type of argument.
#ifndef MSGGW_CLIBCURL_SHIM_H
#define MSGGW_CLIBCURL_SHIM_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <signal.h>

/// `curl_prereq_callback`, by a name that older libraries do not lack.
typedef int (*msggw_curl_begin_callback)(void *context, char *peer, char *own, int peer_port, int own_port);

/// libcurl is told never to touch signals (`CURLOPT_NOSIGNAL`); so a peer that hangs up must not kill the process either.
static inline CURLcode msggw_curl_initialise(void) {
    signal(SIGPIPE, SIG_IGN);
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

static inline CURLcode msggw_curl_set_long(CURL *handle, CURLoption option, long value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode msggw_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode msggw_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode msggw_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return (curl_easy_setopt)(handle, option, value);
}

/// libcurl keeps a copy of the bytes.
static inline CURLcode msggw_curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count) {
    struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
    return (curl_easy_setopt)(handle, option, &blob);
}

static inline CURLcode msggw_curl_set_data_callback(CURL *handle, CURLoption option, curl_write_callback callback) {
    return (curl_easy_setopt)(handle, option, callback);
}

static inline CURLcode msggw_curl_set_seek_callback(CURL *handle, curl_seek_callback callback) {
    return (curl_easy_setopt)(handle, CURLOPT_SEEKFUNCTION, callback);
}

static inline CURLcode msggw_curl_set_progress_callback(CURL *handle, curl_xferinfo_callback callback) {
    return (curl_easy_setopt)(handle, CURLOPT_XFERINFOFUNCTION, callback);
}

/// Called each time a request is about to be written to a connection. Not known to libraries older than 7.80.
static inline CURLcode msggw_curl_set_begin_callback(CURL *handle, msggw_curl_begin_callback callback, void *context) {
#if LIBCURL_VERSION_NUM >= 0x075000
    CURLcode code = (curl_easy_setopt)(handle, CURLOPT_PREREQDATA, context);
    return code == CURLE_OK ? (curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, callback) : code;
#else
    (void)handle; (void)callback; (void)context;
    return CURLE_UNKNOWN_OPTION;
#endif
}

static inline CURLcode msggw_curl_set_tls_callback(CURL *handle, curl_ssl_ctx_callback callback) {
    return (curl_easy_setopt)(handle, CURLOPT_SSL_CTX_FUNCTION, callback);
}

static inline CURLcode msggw_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode msggw_curl_get_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
    return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode msggw_curl_get_string(CURL *handle, CURLINFO info, const char **value) {
    return (curl_easy_getinfo)(handle, info, value);
}

// The last response's field of that name. The header API came in 7.83; an older library knows no field.
static inline const char *msggw_curl_answer_header(CURL *handle, const char *name) {
#if LIBCURL_VERSION_NUM >= 0x075300
    struct curl_header *header = NULL;
    if (curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK || header == NULL) return NULL;
    return header->value;
#else
    (void)handle; (void)name;
    return NULL;
#endif
}

/// Restricts a handle to `protocols` (comma separated, as the library spells them) and redirects to nothing.
/// `mask` says the same for libraries older than 7.85.
static inline CURLcode msggw_curl_set_protocols(CURL *handle, const char *protocols, long mask) {
#if LIBCURL_VERSION_NUM >= 0x075500
    (void)mask;
    return (curl_easy_setopt)(handle, CURLOPT_PROTOCOLS_STR, protocols);
#else
    (void)protocols;
    return (curl_easy_setopt)(handle, CURLOPT_PROTOCOLS, mask);
#endif
}

#endif
