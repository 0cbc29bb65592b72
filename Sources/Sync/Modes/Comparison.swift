import Loader
import Platforms
import Records
import Synchronization

/// What one run holds against the warehouse, and what it found.
///
/// Differences are kept up to a bound, so that memory does not grow with a warehouse that was lost; beyond it they are counted.
final class Comparison: Sendable, Equatable {
    /// One difference, and whether this run has mended it.
    struct Found: Sendable {
        let row: RowDifference
        let isRepaired: Bool
    }

    private struct State {
        var found: [Found] = []
        var seen: Set<UInt64> = []
        var counts: [String: DifferenceCounts] = [:]
        var total = 0
        var repaired = 0
        var asked: Set<RejectedKey> = []
        var rejectedAgain: [RejectedRecord] = []
        var arrived: Set<RejectedKey> = []
        var lagging: [String: Timestamp] = [:]
        var now: @Sendable () -> Timestamp = { Timestamp(microsecondsSinceEpoch: 0) }
        var withinBounds: [String: Int] = [:]
    }

    /// So many differences are kept with their keys.
    static let kept = 50_000
    /// So many are told apart, and so counted exactly.
    static let counted = 1_000_000

    let extent: ReconcileExtent
    /// Whether what differs is stored.
    let repairs: Bool
    /// Rejected records that are asked for again, instead of the extent; `nil` where the source is compared.
    let retried: [RejectedKey]?
    private let state = Mutex(State())

    init(extent: ReconcileExtent, repairs: Bool, retried: [RejectedKey]? = nil) {
        (self.extent, self.repairs, self.retried) = (extent, repairs, retried)
    }

    /// The rows that are compared.
    var scope: ComparisonScope {
        let tables =
            extent.streams.isEmpty || retried != nil
            ? nil : Set(Table.all.map(\.name).filter { extent.streams.contains(Self.stream(of: $0)) })
        return ComparisonScope(tables: tables, courses: extent.courses.isEmpty ? nil : Set(extent.courses))
    }

    /// Notes columns, as `table.column`, and until when no run has to bring what differs in them.
    ///
    /// - Parameter now: The platform's time, asked when differences come in: it is known only then.
    func note(lagging columns: [String: Timestamp], now: @escaping @Sendable () -> Timestamp) {
        state.withLock { state in
            state.lagging = columns
            state.now = now
        }
    }

    /// By `table.column`: rows that differ in columns alone which need not be current yet.
    var withinBounds: [String: Int] { state.withLock { $0.withinBounds } }

    /// Notes what a commit unit has shown; a row that is read more than once counts once.
    func add(_ rows: [RowDifference], isRepaired: Bool) {
        state.withLock { state in
            let now = state.now()
            let lagging = Set(state.lagging.filter { $0.value > now }.keys)
            for row in rows where state.seen.count < Self.counted && state.seen.insert(row.hash).inserted {
                let late = row.columns.map { "\(row.table).\($0)" }
                if row.kind == .different, !late.isEmpty, lagging.isSuperset(of: late) {
                    for column in late { state.withinBounds[column, default: 0] += 1 }
                    continue
                }
                state.total += 1
                if isRepaired { state.repaired += 1 }
                state.counts[Self.stream(of: row.table), default: DifferenceCounts()].add(row.kind)
                if state.found.count < Self.kept { state.found.append(Found(row: row, isRepaired: isRepaired)) }
            }
        }
    }

    /// Differences that this run leaves as they are.
    var remaining: Int { state.withLock { $0.total - $0.repaired } }

    /// Notes rejects whose records the platform is asked for.
    func note(asked keys: some Sequence<RejectedKey>) { state.withLock { $0.asked.formUnion(keys) } }

    /// Notes records that could not be transformed this time either, and those that arrived whole.
    func note(rejected records: [RejectedRecord], arrived: [(stream: String, naturalKey: String)]) {
        guard retried != nil else { return }
        state.withLock { state in
            state.rejectedAgain += records
            state.arrived.formUnion(arrived.map { RejectedKey(stream: $0.stream, naturalKey: $0.naturalKey) })
        }
    }

    /// Whether the platform has sent the record again, whole or broken.
    func hasAnswer(to key: RejectedKey) -> Bool {
        state.withLock { state in
            state.arrived.contains(key)
                || state.rejectedAgain.contains { $0.stream == key.stream && $0.naturalKey == key.naturalKey }
        }
    }

    /// Whether a reject stands for nothing that the platform still sends: its list was asked for, and the record came neither
    /// whole nor broken.
    func isUnfounded(_ reject: StoredReject) -> Bool {
        state.withLock { state in
            guard let key = reject.naturalKey else {
                return extent.streams.contains(reject.stream)
                    && !state.rejectedAgain.contains {
                        $0.stream == reject.stream && $0.naturalKey == nil && $0.reason == reject.reason
                    }
            }
            return state.asked.contains(RejectedKey(stream: reject.stream, naturalKey: key))
                && !state.rejectedAgain.contains { $0.stream == reject.stream && $0.naturalKey == key }
        }
    }

    /// The differences by stream and key.
    var found: [Found] {
        state.withLock { $0.found }.sorted { left, right in
            let (first, second) = (left.row, right.row)
            guard first.table == second.table else { return first.table < second.table }
            guard first.kind == second.kind else { return first.kind.rawValue < second.kind.rawValue }
            return first.key.sorted { $0.key < $1.key }.map(\.value)
                .lexicographicallyPrecedes(second.key.sorted { $0.key < $1.key }.map(\.value))
        }
    }

    /// How many there are in all, and of each kind by stream.
    var counts: (total: Int, repaired: Int, streams: [String: DifferenceCounts]) {
        state.withLock { ($0.total, $0.repaired, $0.counts) }
    }

    /// The stream that rows of a table belong to.
    static func stream(of table: String) -> String {
        table == UnitProgress.table.name ? Progress.table.name : table
    }

    static func == (left: Comparison, right: Comparison) -> Bool { left === right }
}

extension DifferenceCounts {
    fileprivate mutating func add(_ kind: RowDifference.Kind) {
        switch kind {
        case .missingHere: missingHere += 1
        case .goneThere: goneThere += 1
        case .different: different += 1
        }
    }
}
