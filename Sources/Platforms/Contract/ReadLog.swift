package import Records
private import Synchronization

/// How a run has read one list to its end.
package struct ListResult: Sendable, Equatable {
    /// What the list is called: ``ListRead/logName``.
    package var list: String
    /// The part that was read: a course, a learner, or `""`.
    package var partition: String
    /// Items met.
    package var items: Int
    /// Whether the walk was proved to have met every item.
    package var isComplete: Bool
    /// Whether all of the list was asked for, not only its newest part, and read by this run from its first page on.
    package var isWhole: Bool
    /// The platform's clock when the reading began.
    package var asOf: Timestamp

    package init(list: String, partition: String, items: Int, isComplete: Bool, isWhole: Bool, asOf: Timestamp) {
        (self.list, self.partition, self.items) = (list, partition, items)
        (self.isComplete, self.isWhole, self.asOf) = (isComplete, isWhole, asOf)
    }

    package var isEmpty: Bool { items == 0 }
}

/// What one reading has brought: returned by ``RunContext/read(_:)``.
package struct ReadSlice: Sendable {
    /// Whether every list was read to its end; one that fails alone goes on the ledger and makes this `false`.
    package var isComplete = true
    /// The notes that are kept for this reading alone.
    package var notes = ReadNotes()

    package init(isComplete: Bool = true, notes: ReadNotes = ReadNotes()) {
        (self.isComplete, self.notes) = (isComplete, notes)
    }

    package mutating func join(_ other: ReadSlice) {
        isComplete = isComplete && other.isComplete
        notes.merge(other.notes)
    }
}

/// What a run has read so far, as far as its plan goes by it: which lists to their end, and what their answers noted.
///
/// The run keeps it. Connectors ask it and keep nothing of that themselves.
package final class ReadLog: Sendable {
    private struct Key: Hashable {
        let list: String
        let partition: String
    }

    private struct State {
        var results: [Key: ListResult] = [:]
        var notes = ReadNotes()
    }

    private let state = Mutex(State())

    package init() {}

    // MARK: Lists

    /// How the run has read a list; `nil` where it has not.
    package func result(of list: String, _ partition: String = "") -> ListResult? {
        state.withLock { $0.results[Key(list: list, partition: partition)] }
    }

    /// Whether the run has read all of a list.
    package func hasRead(_ list: String, _ partition: String = "") -> Bool {
        result(of: list, partition)?.isWhole ?? false
    }

    /// Whether a list was read and answered with nothing.
    package func wasEmpty(_ list: String, _ partition: String = "") -> Bool {
        result(of: list, partition)?.isEmpty ?? false
    }

    /// How the run has read the lists of a name, by their parts.
    package func results(of list: String) -> [String: ListResult] {
        state.withLock { state in
            var results: [String: ListResult] = [:]
            for (key, result) in state.results where key.list == list { results[key.partition] = result }
            return results
        }
    }

    /// Whether any list of the name answered with something.
    package func hasItems(_ list: String) -> Bool {
        state.withLock { state in state.results.contains { $0.key.list == list && !$0.value.isEmpty } }
    }

    /// Notes how a list was read; for runs, and for estimates that take it to have been read.
    package func note(_ result: ListResult) {
        state.withLock { $0.results[Key(list: result.list, partition: result.partition)] = result }
    }

    // MARK: Notes

    /// The note of one kind about something; `nil` where there is none.
    package func note<Note: ReadNote>(_ kind: Note.Type, _ key: Note.Key) -> Note? {
        state.withLock { $0.notes[kind, key] }
    }

    /// The notes of one kind, by their keys.
    package func notes<Note: ReadNote>(_ kind: Note.Type) -> [Note.Key: Note] {
        state.withLock { $0.notes.all(kind) }
    }

    /// Adds what a plan has found out itself.
    package func add(_ note: some ReadNote) { state.withLock { $0.notes.add(note) } }

    /// Adds the notes that are kept for the whole run.
    package func add(_ notes: ReadNotes) {
        guard !notes.isEmpty else { return }
        state.withLock { $0.notes.merge(notes, keptFor: .run) }
    }
}
