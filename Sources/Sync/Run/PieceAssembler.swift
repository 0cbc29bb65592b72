import Loader
import Platforms
import Records
import Synchronization
import Transformer

/// Collects what the streams bring into the piece that is published next.
///
/// Pages of long lists join it at once, the lists of one learner or course only when their group is whole.
final class PieceAssembler: RecordStreams.Store {
    private struct Group {
        var piece: Piece
        var stored = 0
        var expected: Int?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private struct State {
        /// Rows that ``takeFresh()`` has not handed out yet.
        var fresh: Piece
        var settled: Piece
        var groups: [Int: Group] = [:]
        var nextGroup = 0
        /// Learners whose records came with this run; only as many as an incremental run brings.
        var learners: Set<String> = []
    }

    private static let learnerLimit = 100_000

    private let empty: Piece
    private let state: Mutex<State>

    init(sourceID: String, runID: Int64) {
        empty = Piece(sourceID: sourceID, runID: runID)
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
            Self.add(batch, to: &state.groups[id, default: Group(piece: empty)].piece)
            state.groups[id]?.stored += 1
            guard let group = state.groups[id], group.stored == group.expected else { return nil }
            return group.waiter
        }
        waiter?.resume()
    }

    private static func add<R: Record>(_ batch: Batch<R>, to piece: inout Piece) {
        piece.append(batch.records, stream: batch.stream)
        for reject in batch.rejects {
            piece.reject(
                RejectedRecord(
                    stream: reject.stream,
                    naturalKey: reject.naturalKey,
                    reason: reject.reason,
                    payload: reject.payload?.text
                )
            )
        }
        for key in batch.arrivals { piece.resolveReject(batch.stream, naturalKey: key) }
        for note in batch.drift {
            piece.drift(note.stream, field: note.field, jsonType: note.jsonType, kept: note.kept)
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
            state.groups[state.nextGroup] = Group(piece: empty)
            return state.nextGroup
        }
    }

    /// Makes a group part of the next piece, once its `batches` have arrived, together with its own changes of state.
    func join(group id: Int, batches: Int, _ change: @Sendable (inout Piece) -> Void) async {
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
            change(&group.piece)
            state.fresh.append(group.piece)
        }
    }

    /// Forgets a group that failed: nothing of it is published.
    func drop(group id: Int) {
        state.withLock { _ = $0.groups.removeValue(forKey: id) }
    }

    // MARK: The next piece

    /// Adds to the next piece.
    func change(_ body: (inout Piece) -> Void) {
        state.withLock { body(&$0.fresh) }
    }

    var byteCount: Int {
        state.withLock { state in
            state.fresh.byteCount + state.settled.byteCount + state.groups.values.reduce(0) { $0 + $1.piece.byteCount }
        }
    }

    /// What arrived since the last call; it stays part of the next piece.
    func takeFresh() -> Piece {
        state.withLock { state in
            let fresh = state.fresh
            state.fresh = empty
            state.settled.append(fresh)
            return fresh
        }
    }

    /// The next piece, whole; collecting begins anew.
    func takeAll() -> Piece {
        state.withLock { state in
            var piece = state.settled
            if piece.isEmpty { piece = state.fresh } else { piece.append(state.fresh) }
            (state.settled, state.fresh) = (empty, empty)
            return piece
        }
    }
}
