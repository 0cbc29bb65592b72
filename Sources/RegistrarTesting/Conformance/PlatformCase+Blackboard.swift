package import LMSSimulator

extension SchoolOptions {
    /// A Blackboard Learn site.
    package init(
        blackboard school: BlackboardSchool,
        faults: BlackboardFaults = BlackboardFaults(),
        sourceLines: [String] = [],
        optionLines: [String] = []
    ) {
        self.init(
            kind: "blackboard",
            credentialLines: SchoolOptions.clientLines,
            secret: "fake-secret",
            sourceLines: sourceLines,
            optionLines: optionLines
        ) {
            try await Simulator.start(school, BlackboardSettings(faults: faults))
        }
    }
}

extension PlatformCase {
    package static let blackboard = PlatformCase(
        kind: "blackboard",
        school: { size, seed in
            var shape = GeneratedBlackboardSchool.Shape()
            if size == .thousandCalls {
                shape = .init(courses: 60, learners: 120, membersPerCourse: 20, columnsPerCourse: 14)
            }
            // The day's quota of a real site would end the longer tests.
            return SchoolOptions(
                blackboard: GeneratedBlackboardSchool.make(shape, seed: seed),
                sourceLines: ["requests_per_day: 1000000"]
            )
        },
        baselineRequests: { BlackboardFormula($0).baseline.values.reduce(0, +) },
        idleRequests: { BlackboardFormula($0).idle.values.reduce(0, +) },
        settling: 60,
        lateColumns: [],
        hostileList: ("users", "learners"),
        rejectedKinds: Set(HostileRecord.Kind.allCases.filter(\.isRejected)),
        refusal: #"{"refuse_secret": true, "revoke_tokens": true}"#,
        throttling: #"{"too_many_requests_calls": 2}"#,
        planting: #"{"plant_secrets": true, "ignore_fields": true}"#,
        // The gradebook's log is not read.
        unaskedSecrets: ["PLANTED-log-ip-address"]
    )
}

/// What a Blackboard Learn site costs in requests after Sources/Platforms/Blackboard/README.md §4 and §5, from the
/// site's own numbers.
package struct BlackboardFormula: Sendable {
    /// A course that is asked, with its members and columns.
    private struct Course {
        var id: String
        /// By it a baseline orders the courses: microseconds since 1970, those still to come before all others.
        var start: Double
        var members: Int
        var columns: [String]
    }

    private let courses: [Course]
    private let live: Int
    private let counts: [String: Int]
    /// Cells with something in them, by column.
    private let cells: [String: Int]

    package init(_ simulator: Simulator) {
        let all = TruthRows(simulator, "courses").rows
        let asked = all.filter { $0["parent_course_id"] == nil }
        let members = Dictionary(grouping: TruthRows(simulator, "enrollments").rows) {
            $0["parent_course_id"] ?? $0["course_id"] ?? ""
        }
        let columns = Dictionary(grouping: TruthRows(simulator, "assessments").rows) { $0["course_id"] ?? "" }
        let now = simulator.now.seconds * 1_000_000
        courses = asked.compactMap { row in
            guard let id = row["course_id"] else { return nil }
            let start = (row["starts_at"] ?? row["created_at"]).flatMap { Double($0) } ?? 0
            return Course(
                id: id,
                start: start > now ? now - start : start,
                members: members[id]?.count ?? 0,
                columns: (columns[id] ?? []).compactMap { $0["assessment_id"] }
            )
        }
        cells = TruthRows(simulator, "grades").counts(by: "assessment_id")
        counts = [
            "courses": all.count, "terms": TruthRows(simulator, "terms").rows.count,
            "learners": TruthRows(simulator, "learners").rows.count,
        ]
        let monthAgo = (simulator.now.seconds - 30 * 86_400) * 1_000_000
        live = asked.count { row in
            row["status"] != "archived" && (row["ends_at"].flatMap { Double($0) }.map { $0 >= monthAgo } ?? true)
        }
    }

    /// The baseline's calls by stream: Sources/Platforms/Blackboard/README.md §4; the release counts under courses.
    package var baseline: [String: Int] {
        [
            "courses": 1 + Self.pages(counts["courses"] ?? 0, 100),
            "terms": Self.pages(counts["terms"] ?? 0, 200),
            "learners": Self.pages(counts["learners"] ?? 0, 100),
            "enrollments": courses.reduce(0) { $0 + Self.pages($1.members, 200) } + disabledCheck,
            "assessments": courses.reduce(0) { $0 + Self.pages($1.columns.count, 200) + 1 },
            "grades": courses.reduce(0) { $0 + grades(of: $1) } + orientationCheck,
            "progress": courses.reduce(0) { $0 + Self.pages($1.members, 100) },
        ]
    }

    /// What a baseline asks beyond the formula, to find out what the vendor leaves open.
    package var checks: Int { disabledCheck + orientationCheck }

    /// The first five courses are also asked for their disabled memberships.
    private var disabledCheck: Int { min(5, courses.count) }

    /// The first course whose grades are read by learner is read by column too.
    private var orientationCheck: Int {
        let first = courses.filter { $0.members > 0 && isReadByLearner($0) }
            .max { ($0.start, $1.id) < ($1.start, $0.id) }
        return first.map { $0.columns.reduce(0) { $0 + Self.pages(cells[$1] ?? 0, 100) } } ?? 0
    }

    private func isReadByLearner(_ course: Course) -> Bool {
        course.columns.count * Self.pages(course.members, 100) > course.members
    }

    /// The cheaper way round; a column whose cells are mostly empty has fewer pages than
    /// Sources/Platforms/Blackboard/README.md §4 counts.
    private func grades(of course: Course) -> Int {
        guard !isReadByLearner(course) else { return course.members }
        return course.columns.reduce(0) { $0 + Self.pages(cells[$1] ?? 0, 100) }
    }

    /// The calls of a sync when nothing has changed: courses, accounts, logins, and every live course.
    package var idle: [String: Int] {
        ["courses": 1, "learners": 2, "enrollments": live].filter { $0.value > 0 }
    }

    static func pages(_ items: Int, _ size: Int) -> Int { max(1, (items + size - 1) / size) }
}
