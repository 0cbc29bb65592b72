import CLibpq

/// One connection to the warehouse, whose every call into the C library runs on one thread of its own.
///
/// Each method exists twice: `async` for callers outside, where cancelling the task cancels the statement on
/// the server, and synchronous for the body of `transaction`, which the transaction's own cancellation covers.
/// A cancelled or overdue statement closes the connection; `isUsable` then is false and a new one is needed.
/// Statements are unnamed. Errors are `PostgresError`, or `CancellationError` when the task was cancelled.
package actor PostgresConnection {
    private let executor: DedicatedThreadExecutor
    private let signal: CancelSignal
    let session: PostgresSession

    /// Runs this actor's jobs on its own thread, which is allowed to block.
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init(settings: PostgresSettings) {
        executor = DedicatedThreadExecutor.lend()
        signal = CancelSignal()
        session = PostgresSession(settings: settings, signal: signal)
    }

    deinit { executor.giveBack() }

    /// Connects and sets the session up.
    ///
    /// - Throws: `PostgresError` that is retryable where the server may come up later.
    package static func connect(_ settings: PostgresSettings) async throws -> PostgresConnection {
        let connection = PostgresConnection(settings: settings)
        try await connection.open()
        return connection
    }

    /// Lends a new connection to `body` and closes it on every path.
    package static func withConnection<Value>(
        _ settings: PostgresSettings,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (PostgresConnection) async throws -> sending Value
    ) async throws -> sending Value {
        let connection = try await connect(settings)
        let value: Value
        do {
            value = try await body(connection)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        return value
    }

    private func open() async throws {
        try await cancellable { try session.connect() }
    }

    /// Closes the connection; harmless when it is closed already.
    package func close() { session.close() }

    /// Stops the statement that is running, if any; its caller gets a `CancellationError`.
    package nonisolated func cancel() { signal.request() }

    /// Whether statements can still be sent; a lost server shows only when one is.
    package var isUsable: Bool { session.connection != nil }

    /// What the connection was made with.
    package var settings: PostgresSettings { session.settings }

    /// The server's process for this connection.
    package var backendPID: Int32 { session.connection.map { PQbackendPID($0) } ?? 0 }

    /// The server's version as a number: 150020 is 15.20.
    package var serverVersion: Int { session.connection.map { Int(PQserverVersion($0)) } ?? 0 }

    /// Whether the connection is encrypted.
    package var isEncrypted: Bool { session.connection.map { PQsslInUse($0) == 1 } ?? false }

    /// Whether the role may do everything, which `doctor` warns of.
    package var isSuperuser: Bool {
        session.connection.map { session.parameter("is_superuser", $0) == "on" } ?? false
    }

    /// Runs `work`, which blocks only this connection's thread, until it ends or the task is cancelled.
    func cancellable<Value: Sendable>(_ work: () throws -> Value) async throws -> Value {
        let signal = signal
        signal.arm()
        defer { signal.disarm() }  // a late request is forgotten: it must not stop the next statement
        return try await withTaskCancellationHandler {
            // The use of `self` is what keeps this closure on our thread: without it, it would block the pool.
            self.preconditionIsolated()
            try Task.checkCancellation()
            return try work()
        } onCancel: {
            signal.request()
        }
    }
}
