#include "CProcess.h"

// Variadic, so that Swift cannot call it.
#ifdef __linux__
#include <sys/prctl.h>

void registrar_process_conceal(void) { prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L); }

bool registrar_process_is_open(void) { return prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L) != 0; }
#else
void registrar_process_conceal(void) {}

bool registrar_process_is_open(void) { return true; }
#endif
