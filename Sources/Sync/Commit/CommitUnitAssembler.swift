import Loader
import Platforms
import Records
import Synchronization
import Transformer

/// Collects what the streams bring into the commit unit that is published next.
///
/// Pages of long lists join it at once, the lists of one learner or course only when their group is whole.
final class CommitUnitAssembler: RecordStreams.Store {
    private struct Group {
        var unit: CommitUnit
        var stored = 0
        var expected: Int?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private struct State {
        /// Rows that ``takeFresh()`` has not handed out yet.
        var fresh: CommitUnit
        var settled: CommitUnit
        var groups: [Int: Group] = [:]
        var nextGroup = 0
        /// Learners whose records came with this run; only as many as an incremental run brings.
        var learners: Set<String> = []
    }

    private static let learnerLimit = 100_000

    private let empty: CommitUnit
    private let state: Mutex<State>

    init(sourceID: String, runID: Int64) {
        empty = CommitUnit(sourceID: sourceID, runID: runID)
        state = Mutex(State(fresh: empty, settled: empty))
    }

    func store<R: Record>(_ batch: Batch<R>) async throws {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if let learners = batch.records as? [Learner], state.learners.count < Self.learnerLimit {
                state.learners.formUnion(learners.map(\.learnerID))
            }
            guard let id = batch.group else {
                Self.add(batch, to: &state.fresh)
                return nil
            }
            Self.add(batch, to: &state.groups[id, default: Group(unit: empty)].unit)
            state.groups[id]?.stored += 1
            guard let group = state.groups[id], group.stored == group.expected else { return nil }
            return group.waiter
        }
        waiter?.resume()
    }

    private static func add<R: Record>(_ batch: Batch<R>, to unit: inout CommitUnit) {
        unit.append(batch.records, stream: batch.stream)
        for reject in batch.rejects {
            unit.reject(
                RejectedRecord(
                    stream: reject.stream,
                    naturalKey: reject.naturalKey,
                    reason: reject.reason,
                    payload: reject.payload?.text
                )
            )
        }
        for key in batch.arrivals { unit.resolveReject(batch.stream, naturalKey: key) }
        for note in batch.drift {
            unit.drift(note.stream, field: note.field, jsonType: note.jsonType, kept: note.kept)
        }
    }

    /// Whether the learner's own record came with this run.
    func hasMet(learner id: String) -> Bool {
        state.withLock { $0.learners.contains(id) }
    }

    // MARK: Groups

    func openGroup() -> Int {
        state.withLock { state in
            state.nextGroup += 1
            state.groups[state.nextGroup] = Group(unit: empty)
            return state.nextGroup
        }
    }

    /// Makes a group part of the next commit unit, once its `batches` have arrived, together with its own changes of
    /// state.
    func join(group id: Int, batches: Int, _ change: @Sendable (inout CommitUnit) -> Void) async {
        await withCheckedContinuation { continuation in
            let isWhole = state.withLock { state in
                guard let group = state.groups[id], group.stored < batches else { return true }
                state.groups[id]?.expected = batches
                state.groups[id]?.waiter = continuation
                return false
            }
            if isWhole { continuation.resume() }
        }
        state.withLock { state in
            guard var group = state.groups.removeValue(forKey: id) else { return }
            change(&group.unit)
            state.fresh.append(group.unit)
        }
    }

    /// Forgets a group that failed: nothing of it is published.
    func drop(group id: Int) {
        state.withLock { _ = $0.groups.removeValue(forKey: id) }
    }

    // MARK: The next commit unit

    /// Adds to the next commit unit.
    func change(_ body: (inout CommitUnit) -> Void) {
        state.withLock { body(&$0.fresh) }
    }

    var byteCount: Int {
        state.withLock { state in
            state.fresh.byteCount + state.settled.byteCount + state.groups.values.reduce(0) { $0 + $1.unit.byteCount }
        }
    }

    /// What arrived since the last call; it stays part of the next commit unit.
    func takeFresh() -> CommitUnit {
        state.withLock { state in
            let fresh = state.fresh
            state.fresh = empty
            state.settled.append(fresh)
            return fresh
        }
    }

    /// The next commit unit, whole; collecting begins anew.
    func takeAll() -> CommitUnit {
        state.withLock { state in
            var unit = state.settled
            if unit.isEmpty { unit = state.fresh } else { unit.append(state.fresh) }
            (state.settled, state.fresh) = (empty, empty)
            return unit
        }
    }
}
