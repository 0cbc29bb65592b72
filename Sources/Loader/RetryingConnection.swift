import Foundation
import Postgres
import Records
import Synchronization

/// One connection's place: connects when needed, again when lost, and repeats transactions that may be repeated.
///
/// What is repeated is the decision, not the statement: a body reads what it depends on inside its own transaction.
package actor RetryingConnection {
    private let settings: PostgresSettings
    private let setUp: [String]
    private let timing: RetryTiming
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now
    private var open: (connection: PostgresConnection, memory: SessionMemory)?
    private let history: ConnectionHistory
    private let waits: WaitBoard
    private var isClosed = false

    init(
        settings: PostgresSettings,
        setUp: [String] = [],
        timing: RetryTiming,
        history: ConnectionHistory,
        waits: WaitBoard
    ) {
        (self.settings, self.setUp, self.timing) = (settings, setUp, timing)
        (self.history, self.waits) = (history, waits)
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

    /// Gives the connection back; it can be used no more.
    func close() async {
        isClosed = true
        await drop()
    }

    // MARK: Repeating

    private func repeating<Value: Sendable>(
        _ work: (PostgresConnection, SessionMemory) async throws -> Value
    ) async throws -> Value {
        var schedule = RetrySchedule(timing: timing)
        var isWaiting = false
        do {
            while true {
                do {
                    let value = try await attempt(work, &schedule)
                    if isWaiting { await endWait(goesOn: true) }
                    return value
                } catch let error as PostgresError {
                    if error.kind == .badRow { throw error }
                    let pause = try await pauseBeforeRepeating(error, &schedule)
                    if let wait = schedule.wait {
                        if !isWaiting { beginWait(wait, error) }
                        isWaiting = true
                        if error.kind == .noRoom { await showWait(wait, error) }
                        try await waits.pause(pause)
                    } else {
                        try await clock.sleep(for: pause)
                    }
                }
            }
        } catch {
            if isWaiting { await endWait(goesOn: false) }
            throw error
        }
    }

    private func attempt<Value: Sendable>(
        _ work: (PostgresConnection, SessionMemory) async throws -> Value,
        _ schedule: inout RetrySchedule
    ) async throws -> Value {
        try Task.checkCancellation()
        let (connection, memory) = try await connected()
        schedule.noteConnected()
        return try await work(connection, memory)
    }

    /// How long to wait before the work is done again; a connection that is of no more use is given up.
    ///
    /// - Throws: `LoadError` where it is not to be done again.
    private func pauseBeforeRepeating(_ error: PostgresError, _ schedule: inout RetrySchedule) async throws -> Duration
    {
        let action = schedule.action(
            for: error,
            now: clock.now - start,
            chance: .random(in: 0...1),
            isFirst: !history.wasConnected
        )
        guard case .again(let pause, let reconnect) = action, !isClosed else {
            let failure = await failure(error)
            if error.kind != .conflict { await drop() }
            throw failure
        }
        if reconnect { await drop() }
        return pause
    }

    /// An error that is not to be tried again; a refused right with what would give it.
    private func failure(_ error: PostgresError) async -> LoadError {
        guard error.sqlState == "42501", let connection = open?.connection, await connection.isUsable,
            let rights = try? await Self.run(on: connection, { try RightsQuery().missing($0) })
        else { return LoadError(error) }
        return LoadError(error, lacking: rights)
    }

    // MARK: Waiting

    private func beginWait(_ wait: (since: Duration, until: Duration), _ error: PostgresError) {
        let since = instant(wait.since)
        waits.begin(
            WarehouseWait(cause: error.summary, since: since, until: since.later(by: wait.until - wait.since)),
            isForRoom: error.kind == .noRoom
        )
    }

    private func endWait(goesOn: Bool) async {
        waits.end(goesOn: goesOn)
        await name(settings.sessionName)
    }

    /// Says in the session's name that it waits: a name is the one thing that a full disk lets it leave.
    private func showWait(_ wait: (since: Duration, until: Duration), _ error: PostgresError) async {
        guard let sqlState = error.sqlState else { return }
        let since = instant(wait.since)
        let title = SessionTitle(
            name: settings.sessionName,
            sqlState: sqlState,
            since: since,
            until: since.later(by: wait.until - wait.since)
        )
        await name(title.text)
    }

    /// Names the open session; one that cannot be named goes on under its old name.
    private func name(_ name: String) async {
        guard let connection = open?.connection, await connection.isUsable else { return }
        _ = try? await Self.run(on: connection) { connection in
            try connection.query("SELECT set_config('application_name', $1, false)", [.text(name)])
        }
    }

    /// The wall clock's time of an instant of the connection's clock, to the second.
    private func instant(_ moment: Duration) -> Timestamp {
        let ago = (clock.now - start) - moment
        let seconds = (Date().timeIntervalSince1970 - ago / .seconds(1)).rounded()
        return Timestamp(microsecondsSinceEpoch: Int64(seconds) * 1_000_000)
    }

    // MARK: Connecting

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

extension Timestamp {
    fileprivate func later(by duration: Duration) -> Timestamp {
        Timestamp(microsecondsSinceEpoch: microseconds + duration.components.seconds * 1_000_000)
    }
}
