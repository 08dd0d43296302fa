// The C library's own module leaves these headers out.
#include <malloc.h>
#include <sys/timex.h>
