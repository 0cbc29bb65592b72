import JSON
import Records
import Transformer

/// What a class's gradebook holds.
struct MatrixGradebook: Sendable {
    var grades = Batch<Grade>(stream: "grades")
    /// Cells that hold nothing: rows only where the warehouse has one that must be emptied.
    var emptied: [Grade] = []
    /// The assignments that the cells name.
    var assignments: Set<String> = []
}

extension MatrixMapping {
    private static let learnerShape = RecordShape(
        key: [.member("user_id")],
        rejectPayload: ["user_id", "percent", "grade"]
    )
    private static let cellShape = RecordShape(
        key: [.member("id")],
        ignored: ["comment", "grader_id", "name", "type", "category", "weight", "grading"],
        rejectPayload: ["id", "score", "points", "percent", "grade", "submitted_at"],
        path: "grading_periods[].assignments[]."
    )
    private static let periodShape = RecordShape(
        key: [],
        ignored: ["name", "percent", "grade", "start"],
        path: "grading_periods[]."
    )

    private static let totalSources: [ColumnSource<Grade>] = [
        ColumnSource("percent", \.percent, "percent"), ColumnSource("letter", \.letter, "grade", "percent"),
    ]
    private static let cellSources: [ColumnSource<Grade>] = [
        ColumnSource("score", \.score, "score"), ColumnSource("percent", \.percent, "percent"),
        ColumnSource("letter", \.letter, "grade", "percent", "score"),
        ColumnSource("points_possible", \.pointsPossible, "points"),
        ColumnSource("submitted_at", \.submittedAt, "submitted_at"),
    ]
    /// What follows from the figures and the letter together.
    private static let markColumns = ColumnSet("status", "exempt", of: Grade.table)

    /// Reads a gradebook: one element a learner, everything nested.
    ///
    /// - Parameter periods: The class's own grading periods. Without any, the assignments hang under a default period
    ///   that is none (Sources/Platforms/Matrix/README.md §8, trap 16).
    func gradebook(_ items: JSONValue, course: String, periods: Set<String>) -> MatrixGradebook {
        var book = MatrixGradebook()
        for item in items.elements { learner(item, course: course, periods: periods, into: &book) }
        return book
    }

    private func learner(_ item: JSONValue, course: String, periods: Set<String>, into book: inout MatrixGradebook) {
        let shape = Self.learnerShape
        guard item.kind == .object else {
            book.grades.reject(item, shape: shape, context: context, walk: course, cause: .notAnObject)
            return
        }
        var reader = RecordReader(item, context: context)
        let learner = reader.integerKey("user_id")
        if let failure = reader.failure {
            book.grades.reject(
                item,
                shape: shape,
                context: context,
                walk: course,
                cause: failure.cause,
                field: failure.field
            )
            return
        }
        let frame = Grade(courseID: course, learnerID: learner, assessmentID: Self.totalID(ofCourse: course))
        keep(total(of: &reader, in: frame), in: &book)
        cells(of: &reader, learner: learner, course: course, into: &book)
        reader.forEach(in: "grading_periods") { element in
            guard element.kind == .object else {
                book.grades.reject(element, shape: shape, context: context, walk: course, cause: .notAnObject)
                return
            }
            var period = RecordReader(element, context: context)
            if !periods.isEmpty, let name = period.htmlText("name", emptyIsNull: true), name.utf8.count <= 400 {
                var frame = frame
                frame.assessmentID = Self.periodID(name, ofCourse: course)
                keep(total(of: &period, in: frame), in: &book)
            }
            cells(of: &period, learner: learner, course: course, into: &book)
            period.note(in: &book.grades.driftLog, shape: Self.periodShape)
        }
        reader.note(in: &book.grades.driftLog, shape: shape)
        book.grades.noteArrival(of: item, shape: shape, context: context, walk: course)
    }

    private func total(of reader: inout RecordReader, in frame: Grade) -> Grade {
        var grade = frame
        mark(&grade, percent: reader.lenientNumber("percent"), word: word(of: &reader))
        grade.overridden = false
        grade.absentColumns = reader.absentColumns(of: grade, from: Self.totalSources)
        if grade.status == "not_graded" {
            grade.absentColumns.formUnion(reader.absent(Self.markColumns, without: "percent", "grade"))
        }
        return grade
    }

    private func cells(
        of reader: inout RecordReader,
        learner: String,
        course: String,
        into book: inout MatrixGradebook
    ) {
        let shape = Self.cellShape
        let walk = "\(course)/\(learner)"
        reader.forEach(in: "assignments") { item in
            guard
                var cell = book.grades.reader(
                    of: item,
                    shape: shape,
                    context: context,
                    walk: walk
                )
            else { return }
            var grade = Grade(courseID: course, learnerID: learner, assessmentID: cell.integerKey("id"))
            let (score, percent) = (cell.lenientNumber("score"), cell.lenientNumber("percent"))
            grade.pointsPossible = cell.lenientNumber("points").number
            grade.submittedAt = time(&cell, "submitted_at")
            // Only there where somebody has set the grade in the gradebook.
            grade.overridden = cell.boolean("gradebook") ?? false
            mark(&grade, score: score, percent: percent, word: word(of: &cell))
            grade.absentColumns = cell.absentColumns(of: grade, from: Self.cellSources)
            if grade.score == nil, grade.percent == nil {
                let absent = cell.absent(Self.markColumns, without: "score", "percent", "grade")
                grade.absentColumns.formUnion(absent)
            }
            guard cell.failure == nil else {
                book.grades.append(grade, from: cell, shape: shape, walk: walk)
                return
            }
            book.assignments.insert(grade.assessmentID)
            book.grades.noteArrival(of: item, shape: shape, context: context, walk: walk)
            cell.note(in: &book.grades.driftLog, shape: shape)
            keep(grade, in: &book)
        }
    }

    private func word(of reader: inout RecordReader) -> String? {
        reader.text("grade", emptyIsNull: true, acceptsNumber: true)
    }

    private static let codes = ["X": "excused", "M": "missing", "I": "incomplete", "AB": "absent"]

    /// Fills in what a cell says: figures, letter, status.
    private func mark(
        _ grade: inout Grade,
        score: LenientNumber = LenientNumber(),
        percent: LenientNumber,
        word: String?
    ) {
        grade.score = score.number
        grade.percent = percent.number
        if let word, let status = Self.codes[word] {
            grade.status = status
            if status == "excused" { grade.exempt = true }
            return
        }
        // What stands in place of a figure is kept as the letter, if there is no better one.
        grade.letter = word ?? percent.text ?? score.text
        let isGraded = grade.letter != nil || !score.isEmpty || !percent.isEmpty
        grade.status = isGraded ? "graded" : grade.submittedAt != nil ? "submitted" : "not_graded"
    }

    private func keep(_ grade: Grade, in book: inout MatrixGradebook) {
        if grade.status == "not_graded" {
            book.emptied.append(grade)
        } else {
            book.grades.records.append(grade)
        }
    }
}
