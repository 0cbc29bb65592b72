import CLibpq

/// One `PGconn` and the waits around it; used by one thread at a time.
///
/// Every statement is sent, flushed to the last byte and read to its end, with a deadline on each wait.
/// After a cancelled or overdue statement the connection is closed for good: a cancel may hit the next statement.
final class PostgresSession {
    let settings: PostgresSettings
    let signal: CancelSignal
    private(set) var connection: OpaquePointer?
    private var cancelHandle: OpaquePointer?

    /// A cancelled statement gets this long to end before the connection is closed under it.
    private static let drainLimit: Duration = .seconds(5)

    init(settings: PostgresSettings, signal: CancelSignal) {
        self.settings = settings
        self.signal = signal
    }

    deinit { close() }

    /// Takes over a connection, from its first moment on.
    func adopt(_ connection: OpaquePointer) {
        self.connection = connection
        LivePostgresObjects.addConnection(1)
    }

    func close() {
        if let cancelHandle { PQfreeCancel(cancelHandle) }
        cancelHandle = nil
        guard let connection else { return }
        self.connection = nil
        PQfinish(connection)
        LivePostgresObjects.addConnection(-1)
    }

    /// Prepares the cancel: making the handle later would need a working connection.
    func prepareCancel() {
        cancelHandle = connection.flatMap { PQgetCancel($0) }
    }

    /// The connection, if it can still be used.
    func usable() throws -> OpaquePointer {
        guard let connection else {
            throw PostgresError(.closed, "the connection to PostgreSQL is closed; make a new one")
        }
        return connection
    }

    var transactionStatus: PGTransactionStatusType {
        connection.map { PQtransactionStatus($0) } ?? PQTRANS_UNKNOWN
    }

    /// How one statement is waited for.
    struct Terms {
        let deadline: ContinuousClock.Instant
        /// False for work that must run to its end although the task is cancelled.
        let isCancellable: Bool

        init(_ duration: Duration, isCancellable: Bool = true) {
            deadline = .now.advanced(by: duration)
            self.isCancellable = isCancellable
        }
    }

    /// Runs one exchange with the server and turns an interrupted wait into the caller's error.
    func perform<Value>(_ terms: Terms, _ exchange: (OpaquePointer) throws -> Value) throws -> Value {
        let connection = try usable()
        if terms.isCancellable, signal.isRequested { throw CancellationError() }
        do {
            let value = try exchange(connection)
            if PQstatus(connection) == CONNECTION_BAD { close() }
            return value
        } catch let interruption as WaitInterruption {
            abandon(connection)
            switch interruption {
            case .cancelled:
                throw CancellationError()
            case .deadline:
                throw PostgresError(.deadlineExceeded, "PostgreSQL did not answer before the deadline")
            case .failed:
                throw PostgresError(.connectionLost, "the connection to PostgreSQL was lost")
            }
        } catch {
            if PQstatus(connection) == CONNECTION_BAD { close() }
            throw error
        }
    }

    func wait(_ events: SocketReadiness, _ connection: OpaquePointer, _ terms: Terms) throws -> SocketReadiness {
        try Postgres.wait(
            for: events,
            on: PQsocket(connection),
            until: terms.deadline,
            signal: terms.isCancellable ? signal : nil
        )
    }

    /// Sends what libpq has queued, to the last byte.
    ///
    /// Reads meanwhile: with both directions full, neither side would go on. A broken connection ends
    /// the loop silently, because the reason arrives with the results.
    func flush(_ connection: OpaquePointer, _ terms: Terms) throws {
        while PQflush(connection) == 1 {
            let ready = try wait([.readable, .writable], connection, terms)
            if ready.contains(.readable), PQconsumeInput(connection) == 0 { return }
        }
    }

    /// The next result, or `nil` at the end of the statement.
    func nextResult(_ connection: OpaquePointer, _ terms: Terms) throws -> ResultHandle? {
        while PQisBusy(connection) == 1 {
            if PQsslInUse(connection) == 1 {
                // Bytes already decrypted do not make the socket readable.
                guard PQconsumeInput(connection) == 1 else { break }
                guard PQisBusy(connection) == 1 else { break }
            }
            _ = try wait(.readable, connection, terms)
            guard PQconsumeInput(connection) == 1 else { break }
        }
        return PQgetResult(connection).map { ResultHandle($0) }
    }

    /// Cancels on the server, reads to the end of the statement, closes the connection.
    private func abandon(_ connection: OpaquePointer) {
        defer { close() }
        guard PQstatus(connection) == CONNECTION_OK, PQtransactionStatus(connection) == PQTRANS_ACTIVE else { return }
        if let cancelHandle {
            self.cancelHandle = nil
            CancelRequest(handle: cancelHandle).send()
        }
        let terms = Terms(Self.drainLimit, isCancellable: false)
        do {
            var isCopyEnded = false
            while let result = try nextResult(connection, terms) {
                switch PQresultStatus(result.pointer) {
                case PGRES_COPY_IN where !isCopyEnded:
                    isCopyEnded = true
                    try endCopy(connection, failure: "client abort", terms)
                case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                    return
                default:
                    continue
                }
            }
        } catch {
            // The server did not let go in time: closing the socket is all that is left.
        }
    }

    /// Queues the end of a COPY and sends it.
    ///
    /// A `failure` makes the server give up the COPY; `nil` completes it. Returns false when libpq refused, because
    /// the connection broke or the COPY is over.
    @discardableResult
    func endCopy(_ connection: OpaquePointer, failure: String?, _ terms: Terms) throws -> Bool {
        while true {
            switch PQputCopyEnd(connection, failure) {
            case 1:
                try flush(connection, terms)
                return true
            case 0:
                _ = try wait([.readable, .writable], connection, terms)
                guard PQconsumeInput(connection) == 1 else { return false }
            default:
                return false
            }
        }
    }
}
