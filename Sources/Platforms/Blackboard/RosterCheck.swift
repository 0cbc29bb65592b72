/// Finds out whether a site leaves disabled memberships out of the list of all: Sources/Platforms/Blackboard/README.md
/// §11.
struct RosterCheck: ReadNote {
    /// The course.
    let key: String
    /// The people of the list of all.
    var listed: Set<String> = []
    /// The people of the list of the disabled.
    var apart: Set<String> = []

    static var lifetime: ReadNoteLifetime { .reading }

    /// Under this name the connector's state holds where disabled memberships are: among the others, or `apart`.
    static let stateName = "disabled_memberships"

    /// Courses of a baseline that are asked both ways.
    static let courses = 5

    /// What a page of the list of all, or of that of the disabled, shows.
    init(course: String, _ people: [String], apart isApart: Bool) {
        key = course
        if isApart { apart = Set(people) } else { listed = Set(people) }
    }

    func joined(with later: RosterCheck) -> RosterCheck {
        var both = self
        both.listed.formUnion(later.listed)
        both.apart.formUnion(later.apart)
        return both
    }

    /// Whether somebody disabled is missing from the list of all.
    var isLacking: Bool { !apart.isSubset(of: listed) }
}
