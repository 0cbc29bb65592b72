import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("Blackboard gradebook and progress")
struct BlackboardGradebookMappingTests {
    @Test("the guide's column, the course's total, and a category that is not known yet")
    func columns() throws {
        let json = #"""
            [{"id":"_7001_1","externalId":"SIS-7","name":"Quiz 1","created":"2025-08-21T10:00:00.000Z","modified":"2025-09-02T10:00:00.000Z",
            "contentId":"_8801_1","score":{"possible":10.00000},"availability":{"available":"Yes"},
            "grading":{"type":"Attempts","due":"2025-09-15T21:59:00.000Z","attemptsAllowed":2,"scoringModel":"Highest"},
            "gradebookCategoryId":"_44_1","scoreProviderHandle":"resource/x-bb-asmt-test-link"},
            {"id":"_7009_1","name":"total","displayName":"Overall Grade","externalGrade":true,"score":{"possible":100.0},
            "availability":{"available":"No"},"grading":{"type":"Calculated"},"gradebookCategoryId":"_45_1",
            "scoreProviderHandle":"resource/x-bb-total"}]
            """#
        var columns: [GradebookColumn] = []
        let batch = try blackboardBatch(json) {
            columns = BlackboardMapping.plain.columns($0, course: "_501_1", categories: ["_44_1": "Test"], into: &$1)
        }
        #expect(
            batch.records == [
                Assessment(
                    assessmentID: "_7001_1",
                    courseID: "_501_1",
                    title: "Quiz 1",
                    type: "asmt-test-link",
                    scope: "assessment",
                    category: "Test",
                    categoryID: "_44_1",
                    pointsPossible: Numeric(10),
                    grading: "attempt",
                    available: true,
                    dueAt: learnTime("2025-09-15T21:59:00.000Z"),
                    externalID: "SIS-7",
                    createdAt: learnTime("2025-08-21T10:00:00.000Z"),
                    modifiedAt: learnTime("2025-09-02T10:00:00.000Z")
                ),
                Assessment(
                    assessmentID: "course:_501_1",
                    courseID: "_501_1",
                    title: "Overall Grade",
                    scope: "course",
                    categoryID: "_45_1",
                    pointsPossible: Numeric(100),
                    grading: "calculated",
                    available: false
                ),
            ]
        )
        #expect(columns.map(\.id) == ["_7001_1", "_7009_1"])
        #expect(columns.map(\.categoryID) == ["_44_1", "_45_1"])
        #expect(batch.drift.isEmpty)
    }

    @Test("a bare date in place of a moment is midnight in the source's zone")
    func bareDates() throws {
        let mapping = BlackboardMapping(dates: .zone("Europe/Bucharest"), now: BlackboardMapping.testNow)
        let json = #"[{"id":"_1_1","name":"N","created":"2025-03-08","grading":{"type":"Manual","due":"2025-03-08"}}]"#
        let batch = try blackboardBatch(json) { _ = mapping.columns($0, course: "_5_1", categories: [:], into: &$1) }
        let midnight = learnTime("2025-03-07T22:00:00Z")
        #expect(batch.records.map(\.dueAt) == [midnight] && batch.records.map(\.createdAt) == [midnight])
        #expect(batch.drift.isEmpty)
    }

    @Test("an id that comes as a number is the same id in every list")
    func numericIDs() throws {
        let json = #"[{"id":7.0,"name":"N","gradebookCategoryId":4e1,"externalId":12}]"#
        let batch = try blackboardBatch(json) {
            _ = BlackboardMapping.plain.columns($0, course: "_5_1", categories: ["40": "Test"], into: &$1)
        }
        let column = try #require(batch.records.first)
        #expect((column.assessmentID, column.categoryID, column.category) == ("7", "40", "Test"))
        #expect(column.externalID == "12")
    }

    private func grades(
        _ json: String,
        stored: Set<BlackboardMapping.Cell> = []
    ) throws -> (batch: Batch<Grade>, index: Int64) {
        var walk = BlackboardMapping.GradeWalk(roster: .merged, gradebook: .quiz)
        (walk.column, walk.stored) = (Gradebook.quiz.columns[0], stored)
        var index: Int64 = 0
        let batch = try blackboardBatch(json) { index = BlackboardMapping.plain.grades($0, walk: walk, into: &$1) }
        return (batch, index)
    }

    @Test("the guide's grades: displayGrade counts, the override beside it does not")
    func guide() throws {
        let (batch, index) = try grades(
            #"""
            [{"userId":"_310_1","columnId":"_7001_1","status":"Graded","displayGrade":{"scaleType":"Score","score":8.50000,
            "possible":10.000000000000000},"exempt":false,"changeIndex":7904733,"firstRelevantDate":"2025-09-16T08:00:00.000Z",
            "lastRelevantDate":"2025-09-20T12:10:44.101Z","feedback":"well done","notes":"private"},
            {"userId":"_311_1","columnId":"_7001_1","displayGrade":{"scaleType":"Tabular","score":9.00000,
            "possible":10.000000000000000,"text":"A"},"text":"F","score":1.00000,"overridden":"2025-09-22T09:30:00.000Z",
            "exempt":false,"changeIndex":7911020},
            {"userId":"_312_1","columnId":"_7001_1","exempt":true,"changeIndex":7902111}]
            """#
        )
        #expect(index == 7_911_020)
        #expect(
            batch.records == [
                Grade(
                    courseID: "_502_1",
                    learnerID: "_310_1",
                    assessmentID: "_7001_1",
                    score: Numeric(token: "8.5"),
                    pointsPossible: Numeric(10),
                    percent: Numeric(85),
                    status: "graded",
                    exempt: false,
                    overridden: false,
                    gradedAt: learnTime("2025-09-20T12:10:44.101Z"),
                    changeIndex: 7_904_733,
                    parentCourseID: "_501_1"
                ),
                Grade(
                    courseID: "_501_1",
                    learnerID: "_311_1",
                    assessmentID: "_7001_1",
                    score: Numeric(9),
                    pointsPossible: Numeric(10),
                    percent: Numeric(90),
                    letter: "A",
                    status: "graded",
                    exempt: false,
                    overridden: true,
                    overriddenAt: learnTime("2025-09-22T09:30:00.000Z"),
                    changeIndex: 7_911_020
                ),
                Grade(
                    courseID: "_501_1",
                    learnerID: "_312_1",
                    assessmentID: "_7001_1",
                    pointsPossible: Numeric(10),
                    status: "not_graded",
                    exempt: true,
                    overridden: false,
                    changeIndex: 7_902_111
                ),
            ]
        )
        #expect(batch.drift.isEmpty)
    }

    @Test(
        "zero is a grade, text alone is a letter, a share of nothing is null",
        arguments: [
            (#""displayGrade":{"scaleType":"Score","score":0.0,"possible":10.0}"#, "graded", "0", nil),
            (#""displayGrade":{"scaleType":"Text","text":"Pass"}"#, "graded", nil, "Pass"),
            (
                #""displayGrade":{"scaleType":"Score","text":"In progress"},"gradeNotationId":"_3_1""#, "graded", nil,
                "In progress"
            ),
            (#""displayGrade":{"scaleType":"Score","score":5,"possible":0}"#, "graded", nil, nil),
            (#""displayGrade":{"scaleType":"Score","score":5,"text":"5"},"corrupt":true"#, "error", "50", nil),
        ] as [(String, String, String?, String?)]
    )
    func values(json: String, status: String, percent: String?, letter: String?) throws {
        let grade = try #require(try grades(#"[{"userId":"_311_1",\#(json)}]"#).batch.records.first)
        #expect(grade.status == status && grade.percent?.token == percent && grade.letter == letter)
    }

    @Test("an empty cell is a row only where there was one before, and then without its old points")
    func emptyCells() throws {
        let json = #"[{"userId":"_311_1","exempt":false,"changeIndex":12},{"userId":"_310_1","displayGrade":{}}]"#
        let (batch, index) = try grades(json)
        #expect(batch.records.isEmpty && index == 12)
        let cell = BlackboardMapping.Cell(assessment: "_7001_1", learner: "_311_1")
        let known = try grades(json, stored: [cell]).batch.records
        #expect(known.map(\.learnerID) == ["_311_1"])
        #expect(known.first?.status == "not_graded" && known.first?.pointsPossible == nil)
    }

    @Test("one learner's list finds each column, the course's total by its own id")
    func byLearner() throws {
        var walk = BlackboardMapping.GradeWalk(roster: .merged, gradebook: .quiz)
        walk.learner = "_310_1"
        let json = #"""
            [{"columnId":"_7009_1","displayGrade":{"score":1,"possible":3}},
            {"userId":"_310_1","columnId":"_7777_1","displayGrade":{"score":1,"possible":4}},{"displayGrade":{"score":1}}]
            """#
        let batch = try blackboardBatch(json) { _ = BlackboardMapping.plain.grades($0, walk: walk, into: &$1) }
        #expect(batch.records.map(\.assessmentID) == ["course:_501_1", "_7777_1"])
        #expect(batch.records.map { $0.percent?.token } == ["33.333333333333", "25"])
        #expect(batch.rejects.map(\.reason) == ["missing key: columnId"])
    }

    @Test("review status as progress of the child course")
    func progress() throws {
        let json = #"""
            [{"courseId":"_501_1","userId":"_310_1","reviewedCount":7,"reviewableCount":12},
            {"userId":"_311_1","reviewedCount":0,"reviewableCount":12},{"userId":"_312_1","reviewedCount":3,"reviewableCount":3},
            {"userId":"_313_1","reviewedCount":0,"reviewableCount":0}]
            """#
        let batch = try blackboardBatch(json) { BlackboardMapping.plain.progress($0, roster: .merged, into: &$1) }
        #expect(batch.records.map(\.status) == ["in_progress", "not_started", "completed", "not_started"])
        #expect(batch.records.map { $0.progressRate?.token } == ["58.333333333333", "0", "100", nil])
        #expect(batch.records[0].courseID == "_502_1" && batch.records[0].parentCourseID == "_501_1")
        #expect(batch.records[0].lastAccessedAt == Timestamp(microsecondsSinceEpoch: 1_759_682_469_300_000))
    }

    @Test("attempts: the nameless belong to '', those in progress are none yet")
    func attempts() throws {
        let json = #"""
            [{"id":"_55001_1","userId":"_310_1","status":"Completed","displayGrade":{"scaleType":"Score","score":8.50000,
            "possible":10.000000000000000},"text":"8.50000","score":8.5,"exempt":false,"created":"2025-09-14T19:02:11.000Z",
            "attemptDate":"2025-09-14T19:40:51.120Z","modified":"2025-09-16T08:00:00.010Z","studentComments":"secret"},
            {"id":"_55002_1","status":"NeedsGrading"},{"id":"_55003_1","userId":"_311_1","status":"InProgress"}]
            """#
        let batch = try blackboardBatch(json) {
            BlackboardMapping.plain.attempts($0, column: Gradebook.quiz.columns[0], roster: .merged, into: &$1)
        }
        #expect(
            batch.records == [
                AssessmentResponse(
                    learnerID: "_310_1",
                    responseID: "_55001_1",
                    assessmentID: "_7001_1",
                    courseID: "_502_1",
                    submittedAt: learnTime("2025-09-14T19:40:51.120Z"),
                    score: Numeric(token: "8.5"),
                    percent: Numeric(85)
                ),
                AssessmentResponse(
                    learnerID: "",
                    responseID: "_55002_1",
                    assessmentID: "_7001_1",
                    courseID: "_501_1"
                ),
            ]
        )
    }
}
