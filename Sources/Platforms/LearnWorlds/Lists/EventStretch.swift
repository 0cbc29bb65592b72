import Records

/// One stretch of a walk over the event log: where it begins.
///
/// A deep page is expensive for the platform, so a long log is read in stretches, each from the last rows of the one before.
struct EventStretch: Sendable {
    /// Pages of one stretch, as a rule.
    static let pages = 200

    /// Pages of this one at most.
    let pages: Int
    /// The lower bound, in whole seconds for the platform; `nil` for the log's beginning.
    let after: Timestamp?
    /// The ids of entries that the stretch before has handed on, and this one begins with.
    let known: Set<String>
    /// Entries from here on are remembered by id, where the warehouse does not store them.
    let remembersFrom: Timestamp?

    init(
        after: Timestamp?,
        known: Set<String> = [],
        remembersFrom: Timestamp? = nil,
        pages: Int = EventStretch.pages
    ) {
        (self.after, self.known, self.remembersFrom, self.pages) = (after, known, remembersFrom, pages)
    }

    /// The stretch that follows where this one ends before its window does.
    ///
    /// - Parameters:
    ///   - time: Where the next one begins; `nil` where this one has shown nothing new: so much happened in one second that the
    ///     next stretch has to begin there too, and reads deeper.
    ///   - known: The entries that the next one would bring again.
    func next(after time: Timestamp?, known: Set<String>) -> EventStretch {
        guard let time else {
            return EventStretch(after: after, known: self.known, remembersFrom: remembersFrom, pages: pages * 2)
        }
        return EventStretch(after: time, known: known, remembersFrom: remembersFrom)
    }
}

/// What the walk over a stretch has seen, for whoever has asked for it.
struct StretchWalk: ReadNote {
    var key: Int { 0 }
    static var lifetime: ReadNoteLifetime { .reading }

    /// The stretch that follows; `nil` once the window was read to its end.
    var next: EventStretch?
    /// The entries, where their rows are not stored.
    var rows: [ChangedRow] = []
    /// The ids of the newest of them.
    var remembered: [String] = []
    /// When the newest of the entries handed on happened.
    var newest: Timestamp?
    /// The entries of the last walk; of one that was not complete they prove nothing.
    var shown = ShownEvents()
    var isComplete = false
    /// The ids of walks that were made again.
    var former: Set<String> = []

    /// What a walk has seen that was made again.
    func joined(with later: Self) -> Self {
        var all = later
        all.rows = rows + later.rows
        all.remembered = remembered + later.remembered
        all.newest = [newest, later.newest].compactMap { $0 }.max()
        all.former = former.union(isComplete ? [] : shown.ids)
        return all
    }

    mutating func note(_ events: [Event], remembersFrom: Timestamp?) {
        for event in events {
            if let from = remembersFrom, event.occurredAt >= from { remembered.append(event.eventID) }
            var values = ["event_id": event.eventID, "occurred_at": String(event.occurredAt.microseconds)]
            values["activity"] = event.activity
            values["learner_id"] = event.learnerID
            values["course_id"] = event.courseID
            rows.append(ChangedRow(isNew: true, values: values))
        }
    }
}

extension ReadSlice {
    /// What the walk over a stretch has seen; nothing where it was not made.
    var stretch: StretchWalk { notes[StretchWalk.self, 0] ?? StretchWalk() }
}
