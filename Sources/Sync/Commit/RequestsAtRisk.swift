import Synchronization

/// The calls of a baseline that a kill would make the next run repeat, and whether more of them may be made.
///
/// A call is at risk from when it is made until what it brought is committed. At most 1 % of the run's calls, or 8, may be at
/// once: so a kill costs no more, whatever the concurrency, and however long a commit takes. Where a part has to be read by
/// more calls than that, it goes alone.
final class RequestsAtRisk: Sendable {
    /// What a reading is told that wants to make calls.
    enum Answer: Sendable, Equatable {
        /// The calls are on the account of this reading.
        case admitted(Int)
        /// What is gathered has to be committed first.
        case publishFirst
        /// Others are at work: ask again after a change.
        case wait(Int)
    }

    private struct State {
        var expected = 0
        /// Calls of the readings under way: made, or to be made before anything of them can be committed.
        var open: [Int: Int] = [:]
        var nextReading = 0
        /// Calls whose answers are in the growing commit unit.
        var gathered = 0
        /// Calls whose answers are in commit units on their way.
        var committing = 0
        var version = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0

        var limit: Int { max(8, expected / 100) }
        var opened: Int { open.values.reduce(0, +) }
        var total: Int { opened + gathered + committing }
    }

    private let isLimited: Bool
    private let state = Mutex(State())

    /// - Parameter isLimited: Whether a kill would repeat calls at all: an increment's commit units are of another
    ///   measure.
    init(isLimited: Bool) { self.isLimited = isLimited }

    /// Tells how many calls the run is expected to make in all, as far as is known; only ever more.
    func expect(_ requests: Int) {
        change { $0.expected = max($0.expected, requests) }
    }

    /// How many calls may be at risk.
    var limit: Int { isLimited ? state.withLock { $0.limit } : .max }

    /// Whether the growing commit unit should go, so that the readings under way need not wait for it.
    var isUnitDue: Bool {
        isLimited && state.withLock { $0.gathered > 0 && $0.gathered >= ($0.limit - $0.opened) / 2 }
    }

    /// Whether the growing commit unit holds answers.
    var hasGathered: Bool { state.withLock { $0.gathered > 0 } }

    /// Asks for leave to begin a reading of so many calls, which are committed together.
    func begin(calls: Int) -> Answer {
        state.withLock { state in
            guard !isLimited || state.total + calls <= state.limit || state.total == 0 else {
                return Self.refusal(state)
            }
            state.nextReading += 1
            state.open[state.nextReading] = calls
            return .admitted(state.nextReading)
        }
    }

    /// Asks for leave to make another call of a reading. The one that began first has it once nothing else can be committed.
    func extend(_ reading: Int) -> Answer {
        state.withLock { state in
            let isFirst = state.gathered == 0 && state.committing == 0 && state.open.keys.min() == reading
            guard !isLimited || state.total < state.limit || isFirst else { return Self.refusal(state) }
            state.open[reading, default: 0] += 1
            return .admitted(reading)
        }
    }

    private static func refusal(_ state: State) -> Answer {
        state.gathered > 0 ? .publishFirst : .wait(state.version)
    }

    /// Answers of so many calls of a reading have joined the growing commit unit.
    func gather(_ reading: Int, calls: Int) {
        change { state in
            state.open[reading] = max(0, state.open[reading, default: 0] - calls)
            state.gathered += calls
        }
    }

    /// A reading has ended: what it has not gathered is asked for again anyway, or was never asked.
    func end(_ reading: Int) {
        change { $0.open[reading] = nil }
    }

    /// The growing commit unit is taken; returns the calls it holds the answers of.
    func take() -> Int {
        var taken = 0
        change { state in
            taken = state.gathered
            state.gathered = 0
            state.committing += taken
        }
        return taken
    }

    /// A commit unit with the answers of so many calls is committed.
    func commit(calls: Int) {
        change { $0.committing = max(0, $0.committing - calls) }
    }

    // MARK: Waiting

    /// Waits until something has changed since ``Answer/wait(_:)`` was answered.
    func change(since version: Int) async throws {
        let id = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.version == version, !Task.isCancelled else { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
        try Task.checkCancellation()
    }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            state.version += 1
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }
}
