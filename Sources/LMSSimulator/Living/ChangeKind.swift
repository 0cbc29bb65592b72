/// Something that can happen in a living school, by its name; each platform's site says which kinds it knows.
package struct ChangeKind: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    init(_ name: String) {
        rawValue = name
    }

    package var description: String { rawValue }
}

extension ChangeKind {
    /// A learner works in a course: what was reviewed or visited, the time spent and the last access move.
    package static let study = ChangeKind("study")
    /// Somebody leaves a course that is over or archived.
    package static let archivedUnenrollment = ChangeKind("archived_unenrollment")
}
