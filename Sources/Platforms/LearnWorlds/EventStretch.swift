import Records
import Synchronization

/// One stretch of a walk over the event log: where it begins, and what was seen of it.
///
/// A deep page is dear for the platform, so a long log is read in stretches, each from the last rows of the one before.
final class EventStretch: Sendable {
    /// Pages of one stretch, as a rule.
    static let pages = 200

    /// Pages of this one at most.
    let pages: Int
    /// The lower bound, in whole seconds for the platform; `nil` for the log's beginning.
    let after: Timestamp?
    /// The ids of entries that the stretch before has handed on, and this one begins with.
    let known: Set<String>
    /// Entries from here on are remembered by id, where the warehouse does not store them.
    private let remembersFrom: Timestamp?

    private struct State {
        var next: EventStretch?
        var rows: [ChangedRow] = []
        var remembered: [String] = []
        var shown: ShownEvents?
        /// The ids of walks that were made again.
        var former: Set<String> = []
        var newest: Timestamp?
    }
    private let state = Mutex(State())

    init(
        after: Timestamp?,
        known: Set<String> = [],
        remembersFrom: Timestamp? = nil,
        pages: Int = EventStretch.pages
    ) {
        (self.after, self.known, self.remembersFrom, self.pages) = (after, known, remembersFrom, pages)
    }

    /// The stretch that follows; `nil` once the window was read to its end.
    var next: EventStretch? { state.withLock { $0.next } }
    /// The entries, where their rows are not stored.
    var rows: [ChangedRow] { state.withLock { $0.rows } }
    /// The ids of the newest of them.
    var remembered: [String] { state.withLock { $0.remembered } }

    /// What the last walk has shown, where it was complete, and what walks before it had shown beside that.
    var shown: (events: ShownEvents, former: Set<String>)? {
        state.withLock { state in state.shown.map { ($0, state.former) } }
    }

    /// When the newest of the entries handed on happened.
    var newest: Timestamp? { state.withLock { $0.newest } }

    func note(newest time: Timestamp?) {
        guard let time else { return }
        state.withLock { $0.newest = max($0.newest ?? time, time) }
    }

    /// The walk begins, perhaps again.
    func begin() { state.withLock { $0.next = nil } }

    func endWalk(_ shown: ShownEvents, isComplete: Bool) {
        state.withLock { state in
            state.shown = isComplete ? shown : nil
            if !isComplete { state.former.formUnion(shown.ids) }
        }
    }

    /// The walk ends before the window does.
    func end(nextAfter time: Timestamp, known: Set<String>) {
        state.withLock { $0.next = EventStretch(after: time, known: known, remembersFrom: remembersFrom) }
    }

    /// The walk ends before the window does and has shown nothing new: so much happened in one second that the next stretch
    /// has to begin there too, and reads deeper.
    func endWithoutProgress() {
        state.withLock {
            $0.next = EventStretch(after: after, known: known, remembersFrom: remembersFrom, pages: pages * 2)
        }
    }

    func note(_ events: [Event]) {
        state.withLock { state in
            for event in events {
                if let from = remembersFrom, event.occurredAt >= from { state.remembered.append(event.eventID) }
                var values = ["event_id": event.eventID, "occurred_at": String(event.occurredAt.microseconds)]
                values["activity"] = event.activity
                values["learner_id"] = event.learnerID
                values["course_id"] = event.courseID
                state.rows.append(ChangedRow(isNew: true, values: values))
            }
        }
    }
}
