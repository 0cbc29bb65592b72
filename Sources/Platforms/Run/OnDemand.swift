private import Synchronization

/// What somebody wants to have current now: some learners, some courses, and nothing else.
package struct OnDemand: Sendable, Equatable {
    package var learners: [String]
    package var courses: [String]

    package init(learners: [String] = [], courses: [String] = []) {
        self.learners = learners
        self.courses = courses
    }

    package var isEmpty: Bool { learners.isEmpty && courses.isEmpty }
}

/// What a pull on demand named and the platform does not have.
package struct UnknownRecord: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable { case learner, course }

    package let kind: Kind
    package let id: String

    package init(_ kind: Kind, _ id: String) {
        (self.kind, self.id) = (kind, id)
    }

    package var description: String { "\(kind.rawValue) \(id)" }
}

/// Collects what the platform does not have, while lists are being read.
package final class UnknownRecords: Sendable {
    private let found = Mutex<Set<UnknownRecord>>([])

    package init() {}

    package func note(_ record: UnknownRecord) { found.withLock { _ = $0.insert(record) } }

    /// Learners first, each kind in the order of its ids.
    package var all: [UnknownRecord] {
        found.withLock { records in
            records.sorted { left, right in
                left.kind == right.kind ? left.id < right.id : left.kind == .learner
            }
        }
    }

    package func contains(_ record: UnknownRecord) -> Bool { found.withLock { $0.contains(record) } }
}
