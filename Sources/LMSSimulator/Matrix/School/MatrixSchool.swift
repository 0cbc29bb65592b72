/// A MATRIX school: everything the platform knows, in a compact form that pages are rendered from.
package struct MatrixSchool: Sendable {
    var users: [MatrixUser] = []
    var classes: [MatrixClass] = []
    var organizations: [MatrixOrganization] = []
    var certificates: [MatrixCertificate] = []
    /// The order in which each list is walked; deleted records are not in it.
    var userOrder: [Int32] = []
    var classOrder: [Int32] = []
    var organizationOrder: [Int32] = []
    /// Indices by the platform's ids.
    private(set) var userByID: [Int: Int32] = [:]
    private(set) var classByID: [Int: Int32] = [:]
    /// The next id of whatever is created.
    var nextID = 2_000_000

    /// An empty school.
    package init() {}

    @discardableResult
    mutating func add(_ user: MatrixUser) -> Int32 {
        let index = Int32(users.count)
        users.append(user)
        userByID[user.id] = index
        userOrder.append(index)
        return index
    }

    @discardableResult
    mutating func add(_ course: MatrixClass) -> Int32 {
        let index = Int32(classes.count)
        classes.append(course)
        classByID[course.id] = index
        classOrder.append(index)
        return index
    }

    @discardableResult
    mutating func add(_ organization: MatrixOrganization) -> Int32 {
        let index = Int32(organizations.count)
        organizations.append(organization)
        organizationOrder.append(index)
        return index
    }

    @discardableResult
    mutating func add(_ certificate: MatrixCertificate) -> Int32 {
        certificates.append(certificate)
        return Int32(certificates.count - 1)
    }

    mutating func newID() -> Int {
        defer { nextID += 1 }
        return nextID
    }

    /// Records of each kind that exist now.
    var counts: [String: Int] {
        let live = classOrder.map { classes[Int($0)] }
        return [
            "users": userOrder.count,
            "classes": classOrder.count,
            "active_classes": live.count { !$0.isArchived },
            "organizations": organizationOrder.count,
            "roster_rows": live.reduce(0) { $0 + $1.enrollments.count { !users[Int($0.user)].isDeleted } },
            "assignments": live.reduce(0) { $0 + $1.assignments.count { !$0.isDeleted } },
            "completions": live.reduce(0) {
                $0 + $1.enrollments.count { $0.isCompleted && !users[Int($0.user)].isDeleted }
            },
        ]
    }
}
