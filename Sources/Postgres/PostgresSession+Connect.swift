import CLibpq

extension PostgresSession {
    /// Makes the connection and sets it up.
    func connect() throws {
        let library = LibpqVersion.installed
        guard !library.isRefused else {
            throw PostgresError(
                .libraryTooOld,
                "libpq \(library) has known security faults; install the current libpq5 of your distribution"
            )
        }
        let terms = Terms(settings.connectDeadline)
        if signal.isRequested { throw CancellationError() }
        let connection = try start()
        do {
            try waitUntilConnected(connection, terms)
        } catch let interruption as WaitInterruption {
            close()
            switch interruption {
            case .cancelled: throw CancellationError()
            case .deadline, .failed: throw connectError("timed out", target: nil)
            }
        }
        try checkServer(connection)
        guard PQsetnonblocking(connection, 1) == 0 else {
            throw PostgresError(.connectFailed, "libpq refused to work without blocking")
        }
        prepareCancel()
        try configureSession()
    }

    private func start() throws -> OpaquePointer {
        let options = settings.connectionOptions.sorted { $0.key < $1.key }
        guard options.allSatisfy({ !$0.value.utf8.contains(0) }) else {
            throw PostgresError(.invalidSettings, "a connection option contains a NUL character")
        }
        let keywords = CStringArray(options.map(\.key))
        let values = CStringArray(options.map(\.value))
        guard let connection = PQconnectStartParams(keywords.pointers, values.pointers, 0) else {
            throw PostgresError(.connectFailed, "out of memory while connecting to PostgreSQL", kind: .noRoom)
        }
        adopt(connection)
        registrar_silence_notices(connection)
        // Puts the SQLSTATE of a refused login into its message, which libpq offers nowhere else.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        guard PQstatus(connection) != CONNECTION_BAD else {
            defer { close() }
            throw connectError(connection)
        }
        return connection
    }

    private func waitUntilConnected(_ connection: OpaquePointer, _ terms: Terms) throws {
        var events: SocketReadiness = .writable
        while true {
            _ = try wait(events, connection, terms)  // asks for the socket each time: it changes with the address
            switch PQconnectPoll(connection) {
            case PGRES_POLLING_OK:
                return
            case PGRES_POLLING_READING:
                events = .readable
            case PGRES_POLLING_WRITING:
                events = .writable
            default:
                defer { close() }
                throw connectError(connection)
            }
        }
    }

    private func checkServer(_ connection: OpaquePointer) throws {
        let version = Int(PQserverVersion(connection))
        guard version >= 140_000 else {
            throw PostgresError(
                .serverTooOld,
                "the server runs PostgreSQL \(version / 10_000); registrar needs 14 or newer"
            )
        }
        guard parameter("server_encoding", connection) == "UTF8" else {
            throw PostgresError(.serverSetup, "the warehouse database is not encoded in UTF8; create it anew with UTF8")
        }
        guard parameter("standard_conforming_strings", connection) == "on" else {
            throw PostgresError(.serverSetup, "the server has standard_conforming_strings off; turn it on")
        }
    }

    private static let sessionMark = "registrar.session"

    /// The session settings of every connection; a pooler or a variable may have set others.
    private func configureSession() throws {
        let settings = [
            ("statement_timeout", "\(self.settings.statementTimeout.wholeMilliseconds)"),
            ("lock_timeout", "\(self.settings.lockTimeout.wholeMilliseconds)"),
            ("idle_in_transaction_session_timeout", "30000"),
            ("search_path", self.settings.searchPath),
            ("timezone", "UTC"),
            ("datestyle", "ISO, MDY"),
            ("intervalstyle", "postgres"),
            ("bytea_output", "hex"),
            ("extra_float_digits", "1"),
            ("application_name", self.settings.connectionOptions["application_name"] ?? "registrar"),
        ]
        let calls = settings.indices.map { "set_config($\($0 * 2 + 1), $\($0 * 2 + 2), false)" }
        let parameters = settings.flatMap { [PostgresValue.text($0.0), .text($0.1)] }
        // A new session has no mark. One that has was handed on by a pooler, with all that others have set and made in it.
        let marked = try query(
            "SELECT current_setting('\(Self.sessionMark)', true), set_config('\(Self.sessionMark)', 'taken', false), "
                + calls.joined(separator: ", "),
            parameters
        )
        guard try marked.string(0, 0) ?? "" == "" else {
            close()
            throw PostgresError(
                .serverSetup,
                "\(self.settings.endpoint) is a pooler in transaction mode: it hands on sessions that others have used",
                remedy: "connect directly, or through the pooler in session mode with its server_reset_query"
            )
        }
        do {
            _ = try query("SELECT set_config('client_connection_check_interval', '1000', false)", [])
        } catch let error as PostgresError where error.kind == .badRow {
            // The server's platform has no way to notice a lost client: statement_timeout remains.
        }
    }

    func parameter(_ name: String, _ connection: OpaquePointer) -> String? {
        PQparameterStatus(connection, name).map { String(cString: $0) }
    }

    private func connectError(_ connection: OpaquePointer) -> PostgresError {
        func text(_ value: UnsafePointer<CChar>?) -> String { value.map { String(cString: $0) } ?? "" }
        return connectError(
            text(PQerrorMessage(connection)),
            target: ConnectFailure.Target(user: text(PQuser(connection)), database: text(PQdb(connection)))
        )
    }

    private func connectError(_ message: String, target: ConnectFailure.Target?) -> PostgresError {
        let failure = ConnectFailure(message: message, target: target ?? ConnectFailure.Target(user: "", database: ""))
        return PostgresError(
            .connectFailed,
            "cannot connect to PostgreSQL at \(settings.endpoint)\(failure.cause.map { ": \($0)" } ?? "")",
            kind: failure.kind,
            remedy: failure.remedy,
            sqlState: failure.sqlState,
            serverMessage: message
        )
    }
}
