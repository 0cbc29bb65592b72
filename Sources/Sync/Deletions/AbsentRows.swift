import Platforms
import Synchronization

/// Rows that complete lists were found to lack, until the platform's plan takes them up.
///
/// Of a table of which more is missing than may ever be deleted nothing is handed out: asking for each of them would cost
/// many requests for a deletion that is refused in the end.
final class AbsentRows: Sendable {
    private struct Missing {
        var rows: [AbsentRow] = []
        var absent = 0
        /// So many are looked at, however large a part of the table they are.
        var alwaysLookedAt = AbsentRows.alwaysLookedAt
    }

    private struct State {
        var missing: [String: Missing] = [:]
        /// Live rows of the whole table, counted once many are missing.
        var live: [String: Int] = [:]
    }

    private let maxFraction: Double
    private let state = Mutex(State())

    /// Fewer missing rows than this are always looked at: a small course may end.
    static let alwaysLookedAt = 1_000

    init(maxFraction: Double) {
        self.maxFraction = maxFraction
    }

    /// - Parameter isConfirmedOneByOne: See ``Cover/isConfirmedOneByOne``.
    func add(_ rows: [AbsentRow], of table: String, absent: Int, isConfirmedOneByOne: Bool) {
        state.withLock { state in
            if isConfirmedOneByOne { state.missing[table, default: Missing()].alwaysLookedAt = 0 }
            state.missing[table, default: Missing()].rows += rows
            state.missing[table, default: Missing()].absent += absent
        }
    }

    /// Whether so much of the table is missing that its live rows have to be counted.
    func needsCount(of table: String) -> Bool {
        state.withLock { state in
            state.live[table] == nil && state.missing[table].map { $0.absent > $0.alwaysLookedAt } ?? false
        }
    }

    /// Notes the live rows of the whole table; parts of it that were read prove nothing about the rest.
    func note(live: Int, of table: String) {
        state.withLock { $0.live[table] = live }
    }

    /// What may be asked about of one table.
    func take(_ table: String) -> [AbsentRow] {
        state.withLock { state in
            guard let missing = state.missing[table], !Self.isTooMuch((table, missing), state, maxFraction) else { return [] }
            state.missing[table] = nil
            return missing.rows
        }
    }

    /// The tables of which too much is missing, each with how many of how many rows.
    var refused: [(table: String, absent: Int, live: Int)] {
        state.withLock { state in
            state.missing.filter { Self.isTooMuch($0, state, maxFraction) }.sorted { $0.key < $1.key }
                .map { ($0.key, $0.value.absent, state.live[$0.key] ?? 0) }
        }
    }

    private static func isTooMuch(
        _ missing: Dictionary<String, Missing>.Element,
        _ state: State,
        _ maxFraction: Double
    ) -> Bool {
        guard let live = state.live[missing.key] else { return false }
        let missing = missing.value
        return missing.absent > missing.alwaysLookedAt && Double(missing.absent) > maxFraction * Double(live)
    }
}
