/// A path of the API below `/admin/api`, taken apart.
enum Route: Sendable {
    case courses
    case course(String)
    case contents(String)
    case roster(String)
    case grades(String)
    case users
    case user(String)
    case userCourses(String)
    case userProgress(String)
    case courseProgress(user: String, course: String)
    case certificates
    case responses(String)
    case events
    case unknown

    init(_ path: ArraySlice<String>, product: LearnWorldsProduct, faults: Faults) {
        let parts = Array(path)
        guard parts.first == "v2", parts.count >= 2 else {
            self = .unknown
            return
        }
        switch (parts[1], parts.count) {
        case ("courses", 2): self = .courses
        case ("courses", 3): self = .course(parts[2])
        case ("courses", 4) where parts[3] == "contents": self = .contents(parts[2])
        case ("courses", 4) where parts[3] == "users": self = .roster(parts[2])
        case ("courses", 4) where parts[3] == "grades": self = .grades(parts[2])
        case ("users", 2): self = .users
        case ("users", 3): self = .user(parts[2])
        case ("users", 4) where parts[3] == "courses": self = .userCourses(parts[2])
        case ("users", 4) where parts[3] == "progress": self = .userProgress(parts[2])
        case ("users", 6) where parts[3] == "courses" && parts[5] == "progress":
            self = .courseProgress(user: parts[2], course: parts[4])
        case ("certificates", 2): self = .certificates
        case ("assessments", 4) where parts[3] == "responses": self = .responses(parts[2])
        case (product.eventPath, 2) where faults.eventPath != "other": self = .events
        case (product.otherEventPath, 2) where faults.eventPath != "own": self = .events
        default: self = .unknown
        }
    }

    /// The name under which calls are counted.
    var name: StaticString {
        switch self {
        case .courses: "courses"
        case .course: "course"
        case .contents: "contents"
        case .roster: "roster"
        case .grades: "grades"
        case .users: "users"
        case .user: "user"
        case .userCourses: "enrollments"
        case .userProgress: "progress"
        case .courseProgress: "course_progress"
        case .certificates: "certificates"
        case .responses: "responses"
        case .events: "events"
        case .unknown: "unknown"
        }
    }
}
