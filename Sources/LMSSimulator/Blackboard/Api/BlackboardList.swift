/// The lists of the API, by the names under which switches know them.
enum BlackboardList: String, Sendable {
    case terms, courses, users, memberships, columns, categories, grades, attempts, children, logs
    case reviewStatus = "review_status"
    case learnerGrades = "learner_grades"
    case userMemberships = "user_memberships"

    /// Rows of a page where no limit is sent, and the largest limit (Sources/Platforms/Blackboard/README.md §2).
    var largestLimit: Int {
        switch self {
        case .memberships, .columns, .terms: 200
        default: 100
        }
    }

    /// Lists below a course exist many times.
    var isNested: Bool {
        switch self {
        case .terms, .courses, .users: false
        default: true
        }
    }

    /// The query parameters of the list with the release that brought each, from the swagger's "Since".
    var parameters: [String: LearnVersion] {
        var known = Dictionary(uniqueKeysWithValues: names.map { ($0, LearnVersion(3000, 0)) })
        known.merge(later) { $1 }
        return known
    }

    private var names: [String] {
        let paging = ["offset", "limit", "includePermissions", "fields"]
        switch self {
        case .terms: return paging + ["externalId", "dataSourceId", "availability.available"]
        case .courses:
            return paging + [
                "courseId", "name", "description", "externalId", "created", "createdCompare", "allowGuests",
                "availability.available", "dataSourceId", "termId", "organization", "sort",
            ]
        case .users:
            return paging + [
                "userName", "externalId", "created", "createdCompare", "dataSourceId", "name.family",
                "availability.available", "sort",
            ]
        case .memberships, .userMemberships:
            return paging + [
                "role", "created", "createdCompare", "dataSourceId", "availability.available", "sort", "expand",
            ]
        case .columns:
            return paging + [
                "contentId", "displayName", "name", "gradebookCategoryId", "created", "createdCompare", "modified",
                "modifiedCompare", "expand",
            ]
        case .categories: return ["offset", "limit", "includePermissions"]
        case .grades: return paging + ["includeUnpostedGrades", "includeDisabledMemberships"]
        case .learnerGrades: return paging
        case .attempts:
            return paging + [
                "userId", "attemptStatuses", "created", "createdCompare", "attemptDate", "attemptDateCompare",
            ]
        case .children: return paging + ["expand"]
        case .logs: return paging + ["since", "until", "user.userId", "sort"]
        case .reviewStatus: return paging + ["userId"]
        }
    }

    private var later: [String: LearnVersion] {
        switch self {
        case .courses: ["modified": .init(3500, 4), "modifiedCompare": .init(3500, 4)]
        case .users:
            [
                "modified": .init(3700, 1), "modifiedCompare": .init(3700, 1), "lastLogin": .init(3900, 9),
                "lastLoginCompare": .init(3900, 9), "institutionRoleIds": .init(3900, 61),
                "studentId": .init(3900, 80), "contact.email": .init(3900, 80),
            ]
        case .memberships, .userMemberships:
            [
                "modified": .init(3800, 9), "modifiedCompare": .init(3800, 9), "lastAccessed": .init(3300, 9),
                "lastAccessedCompare": .init(3300, 9),
            ]
        case .grades:
            [
                "changeIndex": .init(3300, 4), "firstRelevantDate": .init(3900, 78),
                "firstRelevantDateCompare": .init(3900, 78), "lastRelevantDate": .init(3900, 78),
                "lastRelevantDateCompare": .init(3900, 78),
            ]
        case .learnerGrades:
            [
                "firstRelevantDate": .init(3900, 78), "firstRelevantDateCompare": .init(3900, 78),
                "lastRelevantDate": .init(3900, 78), "lastRelevantDateCompare": .init(3900, 78),
            ]
        case .attempts: ["modified": .init(3800, 0), "modifiedCompare": .init(3800, 0)]
        default: [:]
        }
    }

    /// Whether `fields` has an effect: column grades ignore it, categories do not know it.
    var honoursFields: Bool { self != .grades && self != .categories }

    /// The release that brought the endpoint itself.
    var since: LearnVersion {
        switch self {
        case .logs: .init(3900, 71)
        case .reviewStatus: .init(3700, 15)
        default: .init(3000, 0)
        }
    }
}
