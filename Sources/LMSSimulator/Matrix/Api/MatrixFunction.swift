/// The functions of the API that the simulator answers; their names are the route names under which calls are counted.
enum MatrixFunction: String, Sendable, CaseIterable {
    case version = "get_version"
    case users = "get_all_users"
    case usersWithIDs = "get_users_with_ids"
    case classes = "get_all_classes"
    case classesWithIDs = "get_classes_with_ids"
    case students = "get_students_for_class"
    case teachers = "get_teachers_for_class"
    case assignments = "get_assignments_for_class"
    case grades = "get_grades_for_class"
    case completions = "get_all_class_completions"
    case organizations = "get_all_organizations"
    case sessions = "get_session_details"

    /// The route of every other function: no connector may ever call one, since deletions are plain GETs too.
    static let forbidden: StaticString = "forbidden"

    var route: StaticString {
        switch self {
        case .version: "get_version"
        case .users: "get_all_users"
        case .usersWithIDs: "get_users_with_ids"
        case .classes: "get_all_classes"
        case .classesWithIDs: "get_classes_with_ids"
        case .students: "get_students_for_class"
        case .teachers: "get_teachers_for_class"
        case .assignments: "get_assignments_for_class"
        case .grades: "get_grades_for_class"
        case .completions: "get_all_class_completions"
        case .organizations: "get_all_organizations"
        case .sessions: "get_session_details"
        }
    }

    /// The name by which switches and hostile records speak of the list; nil for the version.
    var list: MatrixList? {
        switch self {
        case .version: nil
        case .users, .usersWithIDs: .users
        case .classes, .classesWithIDs: .classes
        case .students: .roster
        case .teachers: .teachers
        case .assignments: .assignments
        case .grades: .gradebook
        case .completions: .completions
        case .organizations: .organizations
        case .sessions: .sessions
        }
    }
}

/// The lists of the API by the names of switches and hostile records.
enum MatrixList: String, Sendable, CaseIterable {
    case users, classes, organizations, roster, teachers, assignments, gradebook, completions, sessions
}
