import Postgres
import Synchronization

/// One connection's place: connects when needed, again when lost, and repeats transactions that may be repeated.
///
/// What is repeated is the decision, not the statement: a body reads what it depends on inside its own transaction.
package actor ConnectionLane {
    private let settings: PostgresSettings
    private let setUp: [String]
    private let timing: RetryTiming
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now
    private var open: (connection: PostgresConnection, memory: SessionMemory)?
    private let history: ConnectionHistory
    private var isClosed = false
    /// Transactions repeated since the lane began.
    package private(set) var repeats = 0

    init(
        settings: PostgresSettings,
        setUp: [String] = [],
        timing: RetryTiming,
        history: ConnectionHistory
    ) {
        (self.settings, self.setUp, self.timing, self.history) = (settings, setUp, timing, history)
    }

    /// Runs `body` in one transaction, repeated as ``RetrySchedule`` decides.
    ///
    /// - Throws: `PostgresError` of a bad row, for the caller to find; else `LoadError`.
    func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (isolated PostgresConnection, SessionMemory) throws -> Value
    ) async throws -> Value {
        let box = Mutex<(value: Value, made: Set<String>)?>(nil)
        return try await repeating { connection, memory in
            do {
                try await connection.transaction { connection in
                    memory.forgetUncommitted()
                    let value = try body(connection, memory)
                    box.withLock { $0 = (value, memory.takeUncommitted()) }
                }
            } catch let error as PostgresError where error.isCommitInDoubt {
                guard let id = error.transactionID, try await self.wasCommitted(id) else { throw error }
            }
            guard let done = box.withLock({ $0 }) else {
                throw LoadError(.brokenInvariant, "a transaction ended without a result")
            }
            memory.note(staging: done.made)
            return done.value
        }
    }

    /// Runs `body` outside a transaction: for reads, and for statements that are transactions of their own.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (isolated PostgresConnection) throws -> Value
    ) async throws -> Value {
        try await repeating { connection, _ in try await Self.run(on: connection, body) }
    }

    private static func run<Value: Sendable>(
        on connection: isolated PostgresConnection,
        _ body: @Sendable (isolated PostgresConnection) throws -> Value
    ) throws -> Value {
        try body(connection)
    }

    /// Gives the connection back; the lane can be used no more.
    func close() async {
        isClosed = true
        await drop()
    }

    // MARK: Repeating

    private func repeating<Value: Sendable>(
        _ work: (PostgresConnection, SessionMemory) async throws -> Value
    ) async throws -> Value {
        var schedule = RetrySchedule(timing: timing)
        while true {
            try Task.checkCancellation()
            do {
                let (connection, memory) = try await connected()
                schedule.noteConnected()
                return try await work(connection, memory)
            } catch let error as PostgresError {
                if error.kind == .badRow { throw error }
                let action = schedule.action(
                    for: error,
                    now: clock.now - start,
                    chance: .random(in: 0...1),
                    isFirst: !history.wasConnected
                )
                guard case .again(let pause, let reconnect) = action, !isClosed else {
                    if error.kind != .conflict { await drop() }
                    throw LoadError(error)
                }
                repeats += 1
                if reconnect { await drop() }
                try await clock.sleep(for: pause)
            } catch {
                throw error
            }
        }
    }

    private func connected() async throws -> (PostgresConnection, SessionMemory) {
        if let open {
            if await open.connection.isUsable { return open }
            await drop()
        }
        let made = try await PostgresConnection.connect(settings)
        let setUp = setUp
        do {
            try await Self.run(on: made) { connection in
                for statement in setUp { try connection.execute(statement) }
            }
        } catch {
            await made.close()
            throw error
        }
        history.noteConnected()
        if let open {  // another task connected while we waited
            await made.close()
            return open
        }
        let pair = (connection: made, memory: SessionMemory())
        open = pair
        return pair
    }

    private func drop() async {
        guard let connection = open?.connection else { return }
        open = nil
        await connection.close()
    }

    /// Asks what became of a transaction whose COMMIT got no answer; unknown counts as not committed, since doing the
    /// work again changes nothing.
    private func wasCommitted(_ id: String) async throws -> Bool {
        await drop()
        return try await PostgresConnection.resolve(transactionID: id, settings: settings) == .committed
    }
}

/// Whether the warehouse has ever answered this process: one that has is given longer to come back.
final class ConnectionHistory: Sendable {
    private let connected = Atomic<Bool>(false)

    var wasConnected: Bool { connected.load(ordering: .relaxed) }

    func noteConnected() { connected.store(true, ordering: .relaxed) }
}
