import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("MATRIX rosters")
struct MatrixRosterTests {
    private func roster(_ json: String) throws -> MatrixRoster {
        try reading(json) { MatrixMapping.plain.roster($0, course: "501") }
    }

    @Test("the guide's example: a learner who has begun")
    func guideExample() throws {
        let roster = try roster(
            """
            [{"id":900101,"first_name":"Ana","last_name":"Moreau","password":"PLANTED","ssn":"PLANTED",\
            "enroll_type":"Catalog","enrolled_at":"2025-02-03T10:11+02:00","enrolled_by_id":900001,\
            "started_at":"2025-02-03T10:15+02:00","last_visited_at":"2025-03-01T07:40+02:00","time_spent":5400,\
            "completed_at":null,"unenrolled":false,"unenrolled_at":null,"deactivated":false,"deactivated_at":null,\
            "reactivated_at":null,"percent":null,"grade":null,"notes":[{"message":"PLANTED"}]}]
            """
        )
        #expect(
            roster.enrollments.records == [
                Enrollment(
                    courseID: "501",
                    learnerID: "900101",
                    role: "learner",
                    status: "active",
                    method: "Catalog",
                    enrolledAt: try matrixTime("2025-02-03T08:11:00Z"),
                    startedAt: try matrixTime("2025-02-03T08:15:00Z"),
                    lastAccessedAt: try matrixTime("2025-03-01T05:40:00Z")
                )
            ]
        )
        let progress = try #require(roster.progress.records.first)
        #expect((progress.status, progress.timeOnCourseSeconds) == ("in_progress", 5400))
        #expect(progress.progressRate == nil && progress.averageScoreRate == nil)
        #expect(roster.enrollments.drift.map(\.field) == ["enrolled_by_id"], "who clicked is dropped, and named")
    }

    @Test("states: ended, suspended, back again, completed")
    func states() throws {
        let roster = try roster(
            """
            [{"id":1,"unenrolled":true,"unenrolled_at":"2025-03-01T00:00Z","deactivated":true},\
            {"id":2,"deactivated":true,"deactivated_at":"2025-03-01T00:00Z"},\
            {"id":3,"deactivated":true,"deactivated_at":"2025-03-01T00:00Z","reactivated_at":"2025-03-02T00:00Z"},\
            {"id":4,"deactivated":true,"deactivated_at":"2025-03-03T00:00Z","reactivated_at":"2025-03-02T00:00Z"},\
            {"id":5,"completed_at":"2025-03-04T00:00Z","percent":"92.5%","grade":"A","started_at":"2025-03-01T00:00Z"},\
            {"id":6,"percent":"55","grade":"C"}]
            """
        )
        #expect(
            roster.enrollments.records.map(\.status) == [
                "ended", "suspended", "active", "suspended", "active", "active",
            ]
        )
        #expect(
            roster.enrollments.records.map(\.suspendedAt) == [
                nil, try matrixTime("2025-03-01T00:00:00Z"), nil, try matrixTime("2025-03-03T00:00:00Z"), nil, nil,
            ]
        )
        #expect(roster.progress.records.map(\.finalLetter) == [nil, nil, nil, nil, "A", nil], "once completed")
        #expect(roster.enrollments.records[0].endedAt == (try matrixTime("2025-03-01T00:00:00Z")))
        let progress = roster.progress.records
        #expect(progress[4].status == "completed" && progress[4].progressRate?.token == "100")
        #expect(progress[4].averageScoreRate?.token == "92.5")
        #expect(progress[5].status == "not_started" && progress[5].averageScoreRate == nil)
    }

    @Test("somebody twice has enrolled anew: the last one wins, whatever the order, and nothing is rejected")
    func twice() throws {
        let old = #"{"id":1,"enrolled_at":"2024-01-01T00:00Z","unenrolled":true,"time_spent":1}"#
        let new = #"{"id":1,"enrolled_at":"2025-01-01T00:00Z","unenrolled":false,"time_spent":2}"#
        for json in ["[\(old),\(new)]", "[\(new),\(old)]"] {
            let roster = try roster(json)
            #expect(roster.enrollments.records.map(\.status) == ["active"])
            #expect(roster.progress.records.map(\.timeOnCourseSeconds) == [2])
            #expect(roster.enrollments.rejects.isEmpty)
        }
    }

    @Test("teachers; who learns in the class too stays a learner")
    func teachers() throws {
        let batch = try reading(
            #"[{"id":900777,"first_name":"Radu","coteacher":false},{"id":8,"coteacher":true},{"id":9},{"id":"x"}]"#
        ) { root in
            var batch = Batch<Enrollment>(stream: "enrollments")
            MatrixMapping.plain.teachers(root, course: "501", learners: ["9"], into: &batch)
            return batch
        }
        #expect(batch.records.map(\.learnerID) == ["900777", "8"])
        #expect(batch.records.map(\.role) == ["instructor", "co_instructor"])
        #expect(batch.rejects.map(\.naturalKey) == ["501/x"])
    }

    @Test("embedded users go through the same allow-list")
    func embedded() throws {
        let json = #"[{"id":5,"first_name":"E","password":"PLANTED","ssn":"PLANTED","student":true,"coteacher":true}]"#
        var learners = try reading(json) { MatrixMapping.guarded.embeddedLearners($0) }
        learners[0].absentColumns = []
        #expect(
            learners == [
                Learner(learnerID: "5", firstName: "E", role: "learner", roles: ["learner"], status: "active")
            ]
        )
    }

    @Test("a field of an embedded user that nobody keeps is named; what the configuration keeps is known")
    func embeddedDrift() throws {
        let json = #"[{"id":5,"first_name":"E","Cost centre":"A","Badge":"7","parent_ids":[9],"phone":"1"}]"#
        let some = MatrixMapping(customFields: .named(["Badge"]), now: MatrixMapping.testNow)
        for (mapping, expected) in [
            (MatrixMapping.plain, ["Badge", "Cost centre", "parent_ids"]), (some, ["Cost centre", "parent_ids"]),
        ] {
            let roster = try reading(json) { mapping.roster($0, course: "501") }
            #expect(roster.enrollments.drift.map(\.field).sorted() == expected)
            var teachers = Batch<Enrollment>(stream: "enrollments")
            try reading(json) { mapping.teachers($0, course: "501", learners: [], into: &teachers) }
            #expect(teachers.drift.map(\.field).sorted() == expected)
            var awards = Batch<Certificate>(stream: "certificates")
            _ = try reading(#"[{"class":{"id":1,"new":2},"student":\#(json.dropFirst().dropLast())}]"#) {
                mapping.completions($0, into: &awards)
            }
            #expect(awards.drift.map(\.field).sorted() == ["class.new"] + expected.map { "student.\($0)" })
        }
    }
}
