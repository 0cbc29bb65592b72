/// Something that the platform's answers tell beside the rows they hold, and that later steps of the same run go by.
///
/// A reader leaves notes with the page that told them (``ParsedPage/notes``). The run keeps them; a plan finds them in the
/// ``ReadLog`` or in the ``ReadSlice`` of one reading. A note is a value of the connector's own, found again by its key.
package protocol ReadNote: Sendable {
    associatedtype Key: Hashable & Sendable

    /// What the note is about: a course, a learner, a pair of them.
    var key: Key { get }

    /// One note for two about the same; the later one, unless the kind of note says otherwise.
    func joined(with later: Self) -> Self

    /// How long notes of this kind are kept.
    static var lifetime: ReadNoteLifetime { get }
}

/// How long notes of a kind are kept.
package enum ReadNoteLifetime: Sendable {
    /// For the whole run, in its ``ReadLog``.
    case run
    /// For whoever has asked for the lists, in the ``ReadSlice`` of that reading.
    case reading
}

extension ReadNote {
    package func joined(with later: Self) -> Self { later }
    package static var lifetime: ReadNoteLifetime { .run }
}

/// Notes of every kind, by their keys.
package struct ReadNotes: Sendable {
    private var kinds: [ObjectIdentifier: any NotesOfKind] = [:]

    package init() {}

    package init<Note: ReadNote>(_ notes: [Note]) {
        add(notes)
    }

    package var isEmpty: Bool { kinds.isEmpty }

    /// The notes of one kind.
    package func all<Note: ReadNote>(_ kind: Note.Type) -> [Note.Key: Note] {
        (kinds[ObjectIdentifier(kind)] as? Notes<Note>)?.byKey ?? [:]
    }

    /// The note of one kind about something; `nil` where there is none.
    package subscript<Note: ReadNote>(_ kind: Note.Type, _ key: Note.Key) -> Note? {
        (kinds[ObjectIdentifier(kind)] as? Notes<Note>)?.byKey[key]
    }

    /// Adds a note, joined with the one about the same.
    package mutating func add(_ note: some ReadNote) { add([note]) }

    package mutating func add<Note: ReadNote>(_ notes: [Note]) {
        // Taken out while they grow: the dictionary inside would be copied otherwise.
        var known = kinds.removeValue(forKey: ObjectIdentifier(Note.self)) as? Notes<Note> ?? Notes<Note>()
        for note in notes { known.add(note) }
        kinds[ObjectIdentifier(Note.self)] = known
    }

    /// Takes the notes of one kind out: what a reader left for ``ListRead/refine`` alone.
    package mutating func take<Note: ReadNote>(_ kind: Note.Type) -> [Note.Key: Note] {
        (kinds.removeValue(forKey: ObjectIdentifier(kind)) as? Notes<Note>)?.byKey ?? [:]
    }

    /// Adds all notes of `others`.
    package mutating func merge(_ others: ReadNotes) { merge(others) { _ in true } }

    /// Adds the notes of `others` that are kept for so long.
    package mutating func merge(_ others: ReadNotes, keptFor lifetime: ReadNoteLifetime) {
        merge(others) { $0.lifetime == lifetime }
    }

    private mutating func merge(_ others: ReadNotes, _ isWanted: (any NotesOfKind) -> Bool) {
        for (kind, notes) in others.kinds where isWanted(notes) {
            guard let known = kinds.removeValue(forKey: kind) else {
                kinds[kind] = notes
                continue
            }
            kinds[kind] = known.merged(with: notes)
        }
    }
}

/// The notes of one kind.
private protocol NotesOfKind: Sendable {
    var lifetime: ReadNoteLifetime { get }
    consuming func merged(with others: any NotesOfKind) -> any NotesOfKind
}

private struct Notes<Note: ReadNote>: NotesOfKind {
    var byKey: [Note.Key: Note] = [:]

    var lifetime: ReadNoteLifetime { Note.lifetime }

    mutating func add(_ note: Note) {
        let key = note.key
        byKey[key] = byKey[key]?.joined(with: note) ?? note
    }

    consuming func merged(with others: any NotesOfKind) -> any NotesOfKind {
        guard let others = others as? Notes<Note> else { return self }
        var all = self
        for note in others.byKey.values { all.add(note) }
        return all
    }
}
