/*
 * Included before everything else in each file of libdm: what it has that this
 * program cannot use, or would pay for in bytes.
 */
#include <limits.h>
#include <linux/limits.h>
#include <pthread.h>

/* Two path buffers are initialised, and so part of the file in full. No path
 * that libdm makes comes near this; every use of a buffer checks its size. */
#undef PATH_MAX
#define PATH_MAX 512

/* Only errors are listened to: the rest is not even made, backtraces above all.
 * The level is a constant everywhere; the lower three bits are syslog's. */
#define dm_log_with_errno(level, file, line, error, ...) \
	((void) (((level) & 7) <= 3 && \
		 ((dm_log_with_errno)(level, "", 0, error, __VA_ARGS__), 0)))

/* The environment of an initramfs holds words of the kernel command line; none
 * of them may change how device-mapper is spoken to, or end the program. */
#include <stdlib.h>
#define getenv(name) ((char *) 0)

/* There is one thread. */
#define pthread_mutex_lock(mutex) 0
#define pthread_mutex_unlock(mutex) 0
