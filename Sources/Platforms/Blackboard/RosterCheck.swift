import Synchronization

/// Finds out whether a site leaves disabled memberships out of the list of all: Sources/Platforms/Blackboard/README.md
/// §11.
final class RosterCheck: Sendable {
    private let state = Mutex((listed: Set<String>(), apart: Set<String>()))

    /// Under this name the connector's state holds where disabled memberships are: among the others, or `apart`.
    static let stateName = "disabled_memberships"

    /// Courses of a baseline that are asked both ways.
    static let courses = 5

    /// Notes the people of a page of the list of all, or of that of the disabled.
    func note(_ people: [String], apart isApart: Bool) {
        state.withLock { state in
            if isApart { state.apart.formUnion(people) } else { state.listed.formUnion(people) }
        }
    }

    /// Whether somebody disabled is missing from the list of all.
    var isLacking: Bool { state.withLock { !$0.apart.isSubset(of: $0.listed) } }
}
