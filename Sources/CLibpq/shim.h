#ifndef REGISTRAR_CLIBPQ_SHIM_H
#define REGISTRAR_CLIBPQ_SHIM_H

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* What Swift's Glibc module does not import. */
static inline int registrar_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

static inline int registrar_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

static inline int registrar_memory_file(void) { return (int)syscall(SYS_memfd_create, "registrar", 1 /* MFD_CLOEXEC */); }

extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

static inline void registrar_ignore_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

/* libpq's own receiver prints notices, and with them row data, to stderr. */
static inline void registrar_silence_notices(PGconn *connection) {
    PQsetNoticeReceiver(connection, registrar_ignore_notice, NULL);
}

#endif
