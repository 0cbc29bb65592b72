#ifndef REGISTRAR_CPROCESS_H
#define REGISTRAR_CPROCESS_H

#include <stdbool.h>

/// Takes from the process what would let others look into its memory: core dumps, tracing by the same user, and its files
/// under /proc (environment and memory belong to root from here on). Linux only; elsewhere nothing happens.
void registrar_process_conceal(void);

/// Whether others may look into the process.
bool registrar_process_is_open(void);

#endif
