import Records
import Testing

@testable import Platforms

@Suite("What a parent that is back asks for")
struct ReturnsTests {
    private static let gone = Timestamp(microsecondsSinceEpoch: 1_740_787_200_000_000)
    private static let earlier = gone.advanced(by: .seconds(-86_400))

    /// A row that was marked at ``gone`` and is there again.
    private static func back(_ values: [String: String]) -> ChangedRow {
        ChangedRow(isNew: false, deletedAt: gone, values: values)
    }

    private static func text(_ entries: [PendingEntry]) -> Set<String> {
        Set(entries.map { "\($0.stream) \($0.partition) \($0.reason)" })
    }

    private static func text(_ changes: [StateChange]) -> Set<String> {
        text(changes.compactMap { change in if case .queue(let entry) = change { entry } else { nil } })
    }

    // MARK: LearnWorlds

    private static let learnWorlds = PlannedRun(
        kind: "grow",
        streams: [
            "courses", "course_units", "assessments", "learners", "enrollments", "progress", "certificates", "grades",
            "assessment_responses",
        ]
    )

    @Test("on LearnWorlds a course asks for its lists, its roster, the people marked with it and their responses")
    func learnWorldsCourse() async throws {
        var run = Self.learnWorlds
        for learner in ["l1", "l2", "l3"] { run.stored.add(Learner.table, ["learner_id": learner]) }
        run.stored.add(Enrollment.table, ["course_id": "c", "learner_id": "l1"], deletedAt: Self.gone)
        run.stored.add(Progress.table, ["course_id": "c", "learner_id": "l2"], deletedAt: Self.gone)
        // Gone before the course was, and gone with an account that is away still.
        run.stored.add(Enrollment.table, ["course_id": "c", "learner_id": "l3"], deletedAt: Self.earlier)
        run.stored.add(Enrollment.table, ["course_id": "c", "learner_id": "away"], deletedAt: Self.gone)
        run.stored.add(AssessmentResponse.table, ["course_id": "c", "assessment_id": "u"], deletedAt: Self.gone)
        let queue = try await LearnWorldsReturns(run: run).decide(["courses": [Self.back(["course_id": "c"])]])
        #expect(
            Self.text(queue) == [
                "assessments c whole", "grades c whole", "certificates c whole", "enrollments course:c whole",
                "enrollments l1 whole", "enrollments l2 whole", "progress l1 whole", "progress l2 whole",
                "assessment_responses u whole",
            ]
        )
        let new = ChangedRow(isNew: true, values: ["course_id": "c"])
        #expect(try await LearnWorldsReturns(run: run).decide(["courses": [new]]).isEmpty)
    }

    @Test("on LearnWorlds an account asks for what was marked with it in courses that are there")
    func learnWorldsLearner() async throws {
        var run = Self.learnWorlds
        run.stored.add(Course.table, ["course_id": "c"])
        for table in [Enrollment.table, Progress.table, Grade.table] {
            for course in ["c", "lost"] {
                run.stored.add(table, ["course_id": course, "learner_id": "l"], deletedAt: Self.gone)
            }
        }
        run.stored.add(Certificate.table, ["certificate_id": "x", "learner_id": "l"], deletedAt: Self.gone)
        for (unit, course) in [("u", "c"), ("v", "lost")] {
            run.stored.add(Assessment.table, ["assessment_id": unit, "course_id": course])
            run.stored.add(
                AssessmentResponse.table,
                ["assessment_id": unit, "learner_id": "l"],
                deletedAt: Self.gone
            )
        }
        let queue = try await LearnWorldsReturns(run: run).decide(["learners": [Self.back(["learner_id": "l"])]])
        #expect(
            Self.text(queue) == [
                "enrollments l whole", "progress l whole", "certificates learner:l whole", "grades c whole",
                "assessment_responses u whole",
            ]
        )
    }

    @Test("on LearnWorlds an enrollment asks for the progress that was marked with it, and for no other")
    func learnWorldsEnrollment() async throws {
        var run = Self.learnWorlds
        run.stored.add(Progress.table, ["course_id": "c", "learner_id": "l"], deletedAt: Self.gone)
        let rows = ["l", "other"].map { Self.back(["course_id": "c", "learner_id": $0]) }
        let queue = try await LearnWorldsReturns(run: run).decide(["enrollments": rows])
        #expect(Self.text(queue) == ["progress l whole"])
    }

    // MARK: Blackboard

    private static let blackboard = PlannedRun(kind: "blackboard", streams: [])

    private func blackboard(_ run: PlannedRun, _ changes: [String: [ChangedRow]]) async throws -> Set<String> {
        let streams: Set = ["enrollments", "assessments", "grades", "progress"]
        return Self.text(try await BlackboardReturns(streams: streams, run: run).decide(changes))
    }

    @Test("on Blackboard a course asks for all of its lists, a child of another one for none")
    func blackboardCourse() async throws {
        let rows = [Self.back(["course_id": "_1_1"]), Self.back(["course_id": "_2_1", "parent_course_id": "_9_1"])]
        let queue = try await blackboard(Self.blackboard, ["courses": rows])
        #expect(
            queue == [
                "enrollments _1_1 whole", "assessments _1_1 whole", "grades _1_1 whole", "progress _1_1 whole",
            ]
        )
    }

    @Test("on Blackboard a column asks for its cells, unless its course is read anyway")
    func blackboardColumn() async throws {
        let column = Self.back(["assessment_id": "_7_1", "course_id": "_1_1"])
        #expect(try await blackboard(Self.blackboard, ["assessments": [column]]) == ["grades _1_1/_7_1 whole"])
        let both = ["assessments": [column], "courses": [Self.back(["course_id": "_1_1"])]]
        #expect(try await !blackboard(Self.blackboard, both).contains("grades _1_1/_7_1 whole"))
    }

    @Test("on Blackboard a membership asks for the person's grades, unless it only moved within its parent's course")
    func blackboardMembership() async throws {
        var run = Self.blackboard
        run.stored.add(Enrollment.table, ["course_id": "_3_1", "learner_id": "moved", "parent_course_id": "_9_1"])
        let rows = [
            Self.back(["course_id": "_1_1", "learner_id": "_5_1"]),
            Self.back(["course_id": "_2_1", "learner_id": "moved", "parent_course_id": "_9_1"]),
        ]
        #expect(try await blackboard(run, ["enrollments": rows]) == ["grades _1_1/learner:_5_1 whole"])
    }

    @Test("on Blackboard an account asks for the members of the courses it once was in, those that are there")
    func blackboardLearner() async throws {
        var run = Self.blackboard
        for course in ["_1_1", "_9_1"] { run.stored.add(Course.table, ["course_id": course]) }
        run.stored.add(Enrollment.table, ["course_id": "_1_1", "learner_id": "l"], deletedAt: Self.earlier)
        run.stored.add(
            Enrollment.table,
            ["course_id": "_3_1", "learner_id": "l", "parent_course_id": "_9_1"],
            deletedAt: Self.earlier
        )
        run.stored.add(Enrollment.table, ["course_id": "lost", "learner_id": "l"], deletedAt: Self.earlier)
        let queue = try await blackboard(run, ["learners": [Self.back(["learner_id": "l"])]])
        #expect(queue == ["enrollments _1_1 whole", "enrollments _9_1 whole"])
    }

    // MARK: MATRIX

    private static let matrix = PlannedRun(
        kind: "matrix",
        streams: ["enrollments", "assessments", "certificates"]
    )

    @Test("on MATRIX a class asks for its lists whole, and for its awards where any was marked with it")
    func matrixClass() async throws {
        var run = Self.matrix
        run.stored.add(Certificate.table, ["course_id": "501", "learner_id": "9"], deletedAt: Self.gone)
        let rows = [Self.back(["course_id": "501"]), Self.back(["course_id": "502"])]
        let changes = try await MatrixFollowUps(run: run).decide(["courses": rows])
        #expect(
            Self.text(changes) == [
                "certificates 501 whole", "enrollments 501 whole", "assessments 501 whole", "enrollments 502 whole",
                "assessments 502 whole",
            ]
        )
        let edited = ChangedRow(isNew: false, values: ["course_id": "501"])
        let others = try await MatrixFollowUps(run: run).decide(["courses": [edited]])
        #expect(Self.text(others) == ["enrollments 501 class_changed", "assessments 501 class_changed"])
    }

    @Test("on MATRIX an account asks for rosters, taught classes and awards in classes that are there")
    func matrixLearner() async throws {
        var run = Self.matrix
        run.stored.add(Course.table, ["course_id": "501"])
        for course in ["501", "lost"] {
            run.stored.add(
                Enrollment.table,
                ["course_id": course, "learner_id": "9", "role": "instructor"],
                deletedAt: Self.gone
            )
            run.stored.add(Certificate.table, ["course_id": course, "learner_id": "9"], deletedAt: Self.gone)
        }
        let queue = try await MatrixReturns(run: run).decide(["learners": [Self.back(["learner_id": "9"])]])
        #expect(
            Self.text(queue) == ["enrollments 501 whole", "assessments 501 whole", "certificates 501:9 whole"]
        )
    }

    @Test("on MATRIX an assignment asks for its class's gradebook, unless that has shown its grades")
    func matrixAssignment() async throws {
        var run = Self.matrix
        run.stored.add(Grade.table, ["assessment_id": "6001", "learner_id": "9"], deletedAt: Self.gone)
        let assignment = Self.back(["assessment_id": "6001", "course_id": "501"])
        let queue = try await MatrixReturns(run: run).decide(["assessments": [assignment]])
        #expect(Self.text(queue) == ["enrollments 501 whole"])
        let shown = [
            "assessments": [assignment], "grades": [Self.back(["assessment_id": "6001", "learner_id": "9"])],
        ]
        #expect(try await MatrixReturns(run: run).decide(shown).isEmpty)
    }
}
