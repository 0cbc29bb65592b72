import LMSSimulator
import RegistrarTesting

/// What the connector guide says a Blackboard Learn site costs in requests, from the site's own numbers.
struct BlackboardFormula {
    /// Courses that are asked, each with its members and columns.
    private let courses: [(id: String, members: Int, columns: Int)]
    private let table: (String) -> TruthRows

    init(_ simulator: Simulator) {
        let table = { (name: String) in TruthRows(simulator, name) }
        self.table = table
        let asked = table("courses").rows.filter { $0["parent_course_id"] == nil }.compactMap { $0["course_id"] }
        let members = Dictionary(grouping: table("enrollments").rows) { $0["parent_course_id"] ?? $0["course_id"] ?? "" }
        let columns = table("assessments").counts(by: "course_id")
        courses = asked.map { ($0, members[$0]?.count ?? 0, columns[$0] ?? 0) }
    }

    /// The baseline's calls by stream: section 4 of the guide.
    var baseline: [String: Int] {
        [
            // The release is asked for once, too.
            "courses": 1 + Self.pages(table("courses").rows.count, 100),
            "terms": Self.pages(table("terms").rows.count, 200),
            "learners": Self.pages(table("learners").rows.count, 100),
            "enrollments": courses.reduce(0) { $0 + Self.pages($1.members, 200) },
            "assessments": courses.reduce(0) { $0 + Self.pages($1.columns, 200) + 1 },
            "grades": grades,
            "progress": courses.reduce(0) { $0 + Self.pages($1.members, 100) },
        ]
    }

    /// The cheaper way round for each course; a column whose cells are mostly empty has fewer pages than the guide counts.
    private var grades: Int {
        let cells = table("grades").counts(by: "assessment_id")
        let columns = Dictionary(grouping: table("assessments").rows) { $0["course_id"] ?? "" }
        return courses.reduce(0) { sum, course in
            guard course.columns * Self.pages(course.members, 100) <= course.members else { return sum + course.members }
            let ids = (columns[course.id] ?? []).compactMap { $0["assessment_id"] }
            return sum + ids.reduce(0) { $0 + Self.pages(cells[$1] ?? 0, 100) }
        }
    }

    /// The tables of the streams that are on by default.
    static let tables = ["terms", "courses", "learners", "enrollments", "progress", "assessments", "grades"]

    /// Calls of a sync when nothing changed: courses, accounts, logins, and every live course.
    func idle(live: Int) -> [String: Int] {
        ["courses": 1, "learners": 2, "enrollments": live].filter { $0.value > 0 }
    }

    static func pages(_ items: Int, _ size: Int) -> Int { max(1, (items + size - 1) / size) }
}
