// What the C library's own module leaves out.
#include <linux/sched.h>
#include <malloc.h>
#include <sys/timex.h>
