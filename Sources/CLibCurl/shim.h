// What Swift cannot call of libcurl: its variadic functions.
#ifndef MSGGW_CLIBCURL_SHIM_H
#define MSGGW_CLIBCURL_SHIM_H

#include <curl/curl.h>

#endif
