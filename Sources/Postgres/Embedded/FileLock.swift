import Glibc

/// An exclusive lock between processes, held until the object is released.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Waits for the lock; blocks the calling thread.
    init(path: String, deadline: Duration) throws(PostgresError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw PostgresError(
                .embeddedServer,
                "cannot open the lock file \(path): \(String(cString: strerror(errno)))",
                remedy: "set REGISTRAR_DATA_DIR to a folder that this user may write"
            )
        }
        let end = ContinuousClock.now.advanced(by: deadline)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now < end else {
                throw PostgresError(
                    .embeddedServer,
                    "another registrar has been starting or stopping the embedded server for too long"
                )
            }
            usleep(50_000)  // flock knows no deadline, and this thread is ours
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
