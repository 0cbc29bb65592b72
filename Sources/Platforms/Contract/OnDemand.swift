private import Synchronization

/// What somebody wants to have current now: some learners, some courses, and nothing else.
package struct OnDemand: Sendable, Equatable {
    package var learners: [String]
    package var courses: [String]
    /// Whether other sources are asked as well: what one of them has, the others need not.
    package var isShared: Bool

    package init(learners: [String] = [], courses: [String] = [], isShared: Bool = false) {
        self.learners = learners
        self.courses = courses
        self.isShared = isShared
    }

    /// Each of them by itself.
    package var records: [NamedRecord] {
        learners.map { NamedRecord(.learner, $0) } + courses.map { NamedRecord(.course, $0) }
    }

    package var isEmpty: Bool { learners.isEmpty && courses.isEmpty }
}

/// A learner or a course by its id, as somebody has named it.
package struct NamedRecord: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable { case learner, course }

    package let kind: Kind
    package let id: String
    /// Whether the platform has it, and the source's scope leaves it out.
    package let isLeftOut: Bool

    package init(_ kind: Kind, _ id: String, isLeftOut: Bool = false) {
        (self.kind, self.id, self.isLeftOut) = (kind, id, isLeftOut)
    }

    package var description: String { "\(kind.rawValue) \(id)" }
}

/// Collects such records, while lists are being read.
package final class NamedRecords: Sendable {
    private let found = Mutex<Set<NamedRecord>>([])

    package init() {}

    package func note(_ record: NamedRecord) { found.withLock { _ = $0.insert(record) } }

    /// Learners first, each kind in the order of its ids.
    package var all: [NamedRecord] {
        found.withLock { records in
            records.sorted { left, right in
                left.kind == right.kind ? left.id < right.id : left.kind == .learner
            }
        }
    }

    package func contains(_ record: NamedRecord) -> Bool { found.withLock { $0.contains(record) } }
}
