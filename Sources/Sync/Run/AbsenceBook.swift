import Platforms
import Synchronization

/// Rows that complete lists were found to lack, until the platform's plan takes them up.
///
/// Of a table of which more is missing than may ever be deleted nothing is handed out: asking for each of them would cost
/// many requests for a deletion that is refused in the end.
final class AbsenceBook: Sendable {
    private struct Missing {
        var rows: [AbsentRow] = []
        var absent = 0
        var live = 0
    }

    private let maxFraction: Double
    private let missing = Mutex<[String: Missing]>([:])

    /// Fewer missing rows than this are always looked at: a small course may end.
    static let alwaysLookedAt = 1_000

    init(maxFraction: Double) {
        self.maxFraction = maxFraction
    }

    func add(_ keys: [[String: String]], of table: String, absent: Int, live: Int) {
        missing.withLock { missing in
            missing[table, default: Missing()].rows += keys.map { AbsentRow(table: table, key: $0) }
            missing[table, default: Missing()].absent += absent
            missing[table, default: Missing()].live += live
        }
    }

    /// What may be asked about.
    func take() -> [AbsentRow] {
        missing.withLock { missing in
            defer { missing = missing.filter { isTooMuch($0.value) } }
            return missing.filter { !isTooMuch($0.value) }.sorted { $0.key < $1.key }.flatMap(\.value.rows)
        }
    }

    /// The tables of which too much is missing, each with how many of how many rows.
    var refused: [(table: String, absent: Int, live: Int)] {
        missing.withLock { missing in
            missing.filter { isTooMuch($0.value) }.sorted { $0.key < $1.key }
                .map { ($0.key, $0.value.absent, $0.value.live) }
        }
    }

    private func isTooMuch(_ missing: Missing) -> Bool {
        missing.absent > Self.alwaysLookedAt && Double(missing.absent) > maxFraction * Double(missing.live)
    }
}
