/// A path below `/learn/api/public`, taken apart.
enum BlackboardRoute: Sendable {
    case version
    case terms
    case term(String)
    case courses
    case course(String)
    case children(String)
    case users
    case user(String)
    case userMemberships(String)
    case memberships(String)
    case membership(course: String, user: String)
    case columns(String)
    case column(course: String, column: String)
    case categories(String)
    case grades(course: String, column: String)
    case lastChanged(course: String, column: String)
    case grade(course: String, column: String, user: String)
    case learnerGrades(course: String, user: String)
    case attempts(course: String, column: String)
    case reviewStatus(String)
    case logs(String)
    case unknown

    init(_ path: ArraySlice<String>) {
        let parts = Array(path)
        guard parts.count >= 2 else {
            self = .unknown
            return
        }
        switch (parts[0], parts[1], parts.count) {
        case ("v1", "system", 3) where parts[2] == "version": self = .version
        case ("v1", "terms", 2): self = .terms
        case ("v1", "terms", 3): self = .term(parts[2])
        case ("v3", "courses", 2): self = .courses
        case ("v3", "courses", 3): self = .course(parts[2])
        case ("v1", "users", 2): self = .users
        case ("v1", "users", 3): self = .user(parts[2])
        case ("v1", "users", 4) where parts[3] == "courses": self = .userMemberships(parts[2])
        case ("v1", "courses", 4...): self = Self.belowCourse(parts[2], parts.dropFirst(3))
        case ("v3", "courses", 4) where parts[3] == "children": self = .children(parts[2])
        case ("v2", "courses", 5...) where parts[3] == "gradebook":
            self = Self.gradebook(parts[2], Array(parts.dropFirst(4)))
        default: self = .unknown
        }
    }

    private static func belowCourse(_ course: String, _ rest: ArraySlice<String>) -> BlackboardRoute {
        let rest = Array(rest)
        switch (rest[0], rest.count) {
        case ("users", 1): return .memberships(course)
        case ("users", 2): return .membership(course: course, user: rest[1])
        case ("children", 1): return .children(course)
        case ("performance", 2) where rest[1] == "contentReviewStatus": return .reviewStatus(course)
        case ("gradebook", 2) where rest[1] == "categories": return .categories(course)
        case ("gradebook", 2) where rest[1] == "logs": return .logs(course)
        default: return .unknown
        }
    }

    private static func gradebook(_ course: String, _ rest: [String]) -> BlackboardRoute {
        switch (rest[0], rest.count) {
        case ("users", 2): return .learnerGrades(course: course, user: rest[1])
        case ("columns", 1): return .columns(course)
        case ("columns", 2): return .column(course: course, column: rest[1])
        case ("columns", 3) where rest[2] == "users": return .grades(course: course, column: rest[1])
        case ("columns", 3) where rest[2] == "attempts": return .attempts(course: course, column: rest[1])
        case ("columns", 4) where rest[2] == "users" && rest[3] == "lastChanged":
            return .lastChanged(course: course, column: rest[1])
        case ("columns", 4) where rest[2] == "users":
            return .grade(course: course, column: rest[1], user: rest[3])
        default: return .unknown
        }
    }

    /// The name under which calls are counted.
    var name: StaticString {
        switch self {
        case .version: "version"
        case .terms: "terms"
        case .term: "terms_one"
        case .courses: "courses"
        case .course: "courses_one"
        case .children: "children"
        case .users: "users"
        case .user: "users_one"
        case .userMemberships: "user_memberships"
        case .memberships: "memberships"
        case .membership: "memberships_one"
        case .columns: "columns"
        case .column: "columns_one"
        case .categories: "categories"
        case .grades: "grades"
        case .lastChanged: "last_changed"
        case .grade: "grades_one"
        case .learnerGrades: "learner_grades"
        case .attempts: "attempts"
        case .reviewStatus: "review_status"
        case .logs: "logs"
        case .unknown: "unknown"
        }
    }
}
