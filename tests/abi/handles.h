/* What this process has open and running. */
#ifndef ABI_HANDLES_H
#define ABI_HANDLES_H

/* Handles of this process. GetProcessHandleCount is not used: it is always 0 in Wine. */
unsigned handles_open(void);

/* Threads of this process. */
unsigned threads_running(void);

#endif
