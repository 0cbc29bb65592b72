import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A Blackboard Learn baseline")
struct BlackboardBaselineTests {
    @Test("leaves the warehouse equal to the site", .timeLimit(.minutes(5)), arguments: [7, 23] as [UInt64])
    func equalsTruth(seed: UInt64) async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: seed))) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.sources)")
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])
            #expect(try await harness.count("SELECT count(*) FROM sync.rejects") == 0)
            #expect(try await harness.sql("SELECT stream, field FROM sync.schema_drift") == [])
        }
    }

    @Test(
        "makes exactly the requests of the guide's formula, by column and by learner, on one page and on many",
        .timeLimit(.minutes(5)),
        arguments: [
            .init(terms: 3, courses: 5, learners: 400, membersPerCourse: 230, columnsPerCourse: 9),
            .init(courses: 105, learners: 60, membersPerCourse: 4, columnsPerCourse: 3),
        ] as [GeneratedBlackboardSchool.Shape]
    )
    func costs(shape: GeneratedBlackboardSchool.Shape) async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(shape, seed: 5))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let made = try await harness.requestsOfLastRun()
            #expect(made == BlackboardFormula(harness.simulator).baseline)
        }
    }

    @Test("reads the attempts where they are asked for", .timeLimit(.minutes(5)))
    func attempts() async throws {
        let options = SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(seed: 9),
            sourceLines: ["streams: [terms, assessment_responses, progress]"]
        )
        try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            // Attempts say when learners handed in, which the site's truth of the other streams leaves out.
            try await expectTruth(harness, leavingOut: ["grades.submitted_at"])
            #expect(try await harness.count("SELECT count(*) FROM lms.assessment_responses WHERE learner_id = ''") > 0)
            #expect(try await harness.count("SELECT count(*) FROM lms.grades WHERE submitted_at IS NOT NULL") > 0)
        }
    }

    @Test("copes with each way a site may page and spell", .timeLimit(.minutes(5)), arguments: manners)
    func copes(manner: String) async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 31))) { harness in
            try harness.simulator.setFaults(json: Array(manner.utf8))
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.sources)")
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}

/// Switches of the site, each set a way of its own.
private let manners = [
    #"{"next_page": "bare", "short_pages": true}"#,
    #"{"next_page": "absolute", "end_paging": "empty"}"#,
    #"{"end_paging": "null", "nulls": "explicit", "plain_decimals": true, "status_as_string": true}"#,
    #"{"omit_false": true, "empty_column": "204", "needs_grading_rows": true}"#,
    #"{"empty_column": "200", "version": "3900.0.0"}"#,
    #"{"page_size_caps": {"courses": 10, "users": 50, "memberships": 7, "columns": 5, "grades": 9}}"#,
    #"{"shifts": [{"list": "users", "afterPage": 1, "times": 1}], "page_size_caps": {"users": 20}}"#,
]
