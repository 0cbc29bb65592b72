import JSON
import Records
import Transformer

extension BlackboardMapping {
    /// What the walk over a list of grades knows beyond its rows.
    struct GradeWalk: Sendable {
        /// Who is in the course, and in which child course of it.
        var roster: Roster
        /// The columns of the course.
        var gradebook: Gradebook
        /// The column that was asked for; `nil` where one learner's grades in all columns were.
        var column: GradebookColumn?
        /// The learner that was asked for; `nil` in lists of one column.
        var learner: String?
        /// Cells the warehouse has, by assessment and learner: only these are worth a row when they are empty.
        var stored: Set<Cell> = []
        /// When learners last handed in, where attempts are read.
        var submissions: SubmissionBook?
    }

    /// One place in the gradebook.
    struct Cell: Sendable, Hashable {
        var assessment: String
        var learner: String
    }

    private static let gradeShape = RecordShape(
        key: [.member("userId"), .member("columnId")],
        ignored: ["id", "status", "text", "score", "notes", "feedback", "firstRelevantDate", "gradedBy"],
        rejectPayload: ["userId", "columnId", "changeIndex", "lastRelevantDate"]
    )
    private static let displayShape = RecordShape(key: [], path: "displayGrade.")

    /// Reads one page of grades.
    ///
    /// The grade is `displayGrade`; `score` and `text` beside it are only what somebody set by hand, and `status` is
    /// declared unreliable by the vendor.
    ///
    /// - Returns: The largest change index on the page.
    func grades(
        _ items: JSONValue,
        walk: GradeWalk,
        into batch: inout Batch<Grade>,
        leavingOut isLeftOut: (String) -> Bool = { _ in false }
    ) -> Int64 {
        var largest: Int64 = 0
        for item in items.elements {
            largest = max(largest, grade(item, walk: walk, into: &batch, leavingOut: isLeftOut))
        }
        return largest
    }

    /// Reads one cell; its change index, 0 without one.
    func grade(
        _ item: JSONValue,
        walk: GradeWalk,
        into batch: inout Batch<Grade>,
        leavingOut isLeftOut: (String) -> Bool = { _ in false }
    ) -> Int64 {
        let shape = Self.gradeShape
        let course = walk.roster.course
        guard var reader = batch.reader(of: item, shape: shape, context: context, walk: course) else { return 0 }
        let learner = walk.learner ?? reader.key("userId")
        if walk.learner != nil { reader.ignore("userId") }
        let column: GradebookColumn
        if let asked = walk.column {
            reader.ignore("columnId")
            column = asked
        } else {
            let id = reader.key("columnId")
            // A column that the list of columns does not show is stored under its own id.
            column = walk.gradebook.column(id) ?? GradebookColumn(id: id, assessmentID: id)
        }
        let display = display(&reader, &batch.driftLog)
        let overriddenAt = reader.timestampISO("overridden")
        let exempt = reader.boolean("exempt") ?? false
        let isCorrupt = reader.boolean("corrupt") ?? false
        let notation = reader.text("gradeNotationId", emptyIsNull: true)
        let changeIndex = reader.integer("changeIndex")
        let gradedAt = reader.timestampISO("lastRelevantDate")
        if reader.failure == nil, isLeftOut(learner) { return changeIndex ?? 0 }
        let cell = Cell(assessment: column.assessmentID, learner: learner)
        let place = walk.roster.place(of: learner)
        var grade = Grade(courseID: place.course, learnerID: learner, assessmentID: column.assessmentID)
        let possible = display.possible ?? column.pointsPossible
        let submittedAt = walk.submissions?[cell]
        let isSomething = display.hasGrade || exempt || isCorrupt || overriddenAt != nil || submittedAt != nil
        if isSomething {
            grade.score = display.score
            grade.pointsPossible = possible
            grade.percent = display.score.flatMap { score in possible.flatMap { score.percent(of: $0) } }
            grade.letter = display.isText || notation != nil ? display.text : nil
        }
        grade.status = isCorrupt ? "error" : display.hasGrade ? "graded" : "not_graded"
        grade.exempt = exempt
        grade.overridden = overriddenAt != nil
        grade.overriddenAt = overriddenAt
        grade.submittedAt = submittedAt
        grade.gradedAt = gradedAt
        grade.changeIndex = changeIndex
        grade.parentCourseID = place.parent
        if reader.failure == nil, !isSomething, !walk.stored.contains(cell) {
            reader.note(in: &batch.driftLog, shape: shape)
            return changeIndex ?? 0
        }
        batch.append(grade, from: reader, shape: shape, walk: course)
        return changeIndex ?? 0
    }

    /// The row of a stored cell in which there is nothing any more.
    func emptied(learner: String, column: GradebookColumn, walk: GradeWalk) -> Grade {
        let place = walk.roster.place(of: learner)
        var grade = Grade(courseID: place.course, learnerID: learner, assessmentID: column.assessmentID)
        grade.status = "not_graded"
        grade.exempt = false
        grade.overridden = false
        grade.parentCourseID = place.parent
        return grade
    }

    /// A grade as people see it.
    struct DisplayGrade: Equatable {
        var score: Numeric?
        var possible: Numeric?
        var text: String?
        /// Whether the text is the grade and not its score once more.
        var isText = false

        var hasGrade: Bool { score != nil || text?.isEmpty == false }
    }

    /// Reads `displayGrade` of a cell or an attempt.
    func display(_ reader: inout RecordReader, _ drift: inout DriftLog) -> DisplayGrade {
        var display = DisplayGrade()
        inside(reader.object("displayGrade"), shape: Self.displayShape, drift: &drift) { reader in
            let scale = reader.text("scaleType")
            display.isText = scale == "Tabular" || scale == "Text"
            display.score = reader.numeric("score")
            display.possible = reader.numeric("possible")
            display.text = reader.text("text", emptyIsNull: true)
        }
        return display
    }
}
