// The C library's own module leaves this header out.
#include <sys/timex.h>
