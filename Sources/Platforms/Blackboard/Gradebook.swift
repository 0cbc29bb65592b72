import Records

/// A gradebook column as its list shows it, or as the warehouse remembers it.
struct GradebookColumn: Sendable, Equatable {
    /// How the cells of a column come about: `grading.type`.
    enum Kind: String, Sendable {
        case attempts = "attempt"
        case manual
        /// Computed by the platform from other columns; its cells have no change index.
        case calculated
    }

    /// The platform's id; the keyword `finalGrade` where only the course's total is known.
    var id: String
    /// The id in `lms.assessments`.
    var assessmentID: String
    var kind: Kind?
    var pointsPossible: Numeric?
    var categoryID: String?
    var createdAt: Timestamp?
    var modifiedAt: Timestamp?
    var dueAt: Timestamp?

    /// The keyword by which the platform finds the column of a course's own total.
    static let finalGrade = "finalGrade"

    /// A column from its stored row.
    init?(row: [String: String]) {
        guard let assessment = row["assessment_id"] else { return nil }
        assessmentID = assessment
        id = row["scope"] == "course" ? Self.finalGrade : assessment
        kind = row["grading"].flatMap(Kind.init)
        pointsPossible = row["points_possible"].flatMap(Numeric.init(token:))
        dueAt = row["due_at"].flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:))
    }

    init(id: String, assessmentID: String) {
        (self.id, self.assessmentID) = (id, assessmentID)
    }

    /// The columns of `lms.assessments` that ``init(row:)`` reads.
    static let storedColumns = ["assessment_id", "course_id", "scope", "grading", "points_possible", "due_at"]

    var isTotal: Bool { assessmentID.hasPrefix("course:") }
}

/// The columns of one course.
struct Gradebook: Sendable {
    let course: String
    var columns: [GradebookColumn] = []

    /// The column with the platform's id.
    func column(_ id: String) -> GradebookColumn? { columns.first { $0.id == id } }

    var total: GradebookColumn? { columns.first(where: \.isTotal) }
}
