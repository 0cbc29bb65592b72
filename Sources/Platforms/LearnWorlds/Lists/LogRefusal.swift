import Extractor

/// Whether the platform has refused the event log for good, not for a moment.
struct LogRefusal: ReadNote {
    var key: Int { 0 }
    static var lifetime: ReadNoteLifetime { .reading }

    /// Under this name the connector's state holds when that was.
    static let stateName = "log_refused_at"

    /// The list as a group that notes the refusal.
    ///
    /// - Parameter isTold: Whether the refusal counts as a list that could not be read. Of a log that is not kept here nobody
    ///   misses a row: nothing is read instead.
    static func group(_ list: ListRead, isTold: Bool) -> ReadGroup {
        let notes = ReadNotes([LogRefusal()])
        var group = ReadGroup(
            [list],
            publishesByPage: true,
            instead: { isTold || !isLasting($0) ? nil : Replacement(notes: notes) }
        )
        group.notesOnFailure = { isLasting($0) ? notes : ReadNotes() }
        return group
    }

    /// Whether asking again will not help before somebody gives the right.
    static func isLasting(_ error: ExtractorError) -> Bool {
        switch error.code {
        case .objectUnreadable: true
        case .platformFailed: (400..<500).contains(error.status ?? 0)
        default: false
        }
    }
}
