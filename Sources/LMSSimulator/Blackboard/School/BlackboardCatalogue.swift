extension BlackboardSchool {
    /// `availability.duration` of terms and courses.
    enum Duration: Sendable, Equatable {
        case continuous
        case dateRange(start: Instant, end: Instant)
        case fixedDays(Int)
        /// The term's own dates; courses only.
        case useTerm

        var name: StaticString {
            switch self {
            case .continuous: "Continuous"
            case .dateRange: "DateRange"
            case .fixedDays: "FixedNumDays"
            case .useTerm: "UseTerm"
            }
        }

        /// Start and end, where they are dates.
        var dates: (start: Instant, end: Instant) {
            if case .dateRange(let start, let end) = self { (start, end) } else { (.none, .none) }
        }
    }

    /// A term, from `GET /v1/terms`.
    struct Term: Sendable {
        var externalID: String
        var name: String
        var isAvailable = true
        var duration: Duration
        var isDeleted = false
    }

    /// A course or an organization, from `GET /v3/courses`.
    struct Course: Sendable {
        /// `courseId`, the code shown to people.
        var code: String
        var name: String
        var description: String?
        var created: Instant
        var modified: Instant
        var isOrganization = false
        var isUltra = true
        /// `closedComplete`.
        var isClosed = false
        /// Index into `BlackboardSchool.terms`, or -1.
        var term: Int32 = -1
        var availability = Availability.yes
        var duration = Duration.continuous
        /// The number of its data source.
        var dataSource = BlackboardSite.dataSource
        /// The course this one is merged into, or -1.
        var parent: Int32 = -1
        var children: [Int32] = []
        var categories: [Category] = []
        /// Content items that can be reviewed.
        var reviewable: Int32 = 0
        var isDeleted = false
        /// Indexes into `BlackboardSchool.members` by time of creation, removed ones left out; empty in merged courses.
        var members: [Int32] = []
        /// Indexes into `BlackboardSchool.columns`, deleted ones left out.
        var columns: [Int32] = []
    }

    /// A gradebook category.
    struct Category: Sendable {
        /// The number in its id, unique in the school.
        var number: Int
        var title: String
    }
}
