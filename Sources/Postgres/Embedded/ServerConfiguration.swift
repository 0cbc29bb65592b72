import Glibc

/// The settings of the embedded server, written anew before each start.
struct ServerConfiguration {
    let layout: ServerLayout
    let isDurable: Bool

    /// The text of `registrar.conf`, which the server's own file includes.
    var text: String {
        var lines = [
            "# Written by registrar before each start; changes here are lost.",
            "listen_addresses = ''",
            "port = \(ServerLayout.port)",
            "unix_socket_directories = '\(layout.runDirectory)'",
            "unix_socket_permissions = 0700",
            "max_connections = 60",
            // Taken page by page as it is used; a load writes less while the indexes it grows fit in.
            "shared_buffers = \(sharedBufferMegabytes)MB",
            "effective_cache_size = \(max(256, memoryMegabytes / 2))MB",
            "work_mem = 16MB",
            "maintenance_work_mem = 64MB",
            "temp_buffers = 32MB",
            "max_wal_size = 2GB",
            "checkpoint_timeout = 15min",
            "wal_compression = on",
            "random_page_cost = 1.1",
            "jit = off",
            "timezone = 'UTC'",
            "log_timezone = 'UTC'",
            "datestyle = 'iso, mdy'",
            // Statements and details quote rows: the server's log gets neither.
            "log_error_verbosity = terse",
            "log_min_error_statement = panic",
            "log_min_messages = log",
            "log_statement = 'none'",
            "log_checkpoints = off",
            "log_autovacuum_min_duration = -1",
        ]
        if !isDurable {
            lines += [
                "fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off",
                "max_connections = 150", "wal_level = minimal", "max_wal_senders = 0", "wal_compression = off",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var sharedBufferMegabytes: Int {
        switch memoryMegabytes {
        case ..<4_096: 128
        case ..<8_192: 256
        default: 512
        }
    }

    private var memoryMegabytes: Int {
        let bytes = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
        return max(0, bytes / 1_048_576)
    }
}
