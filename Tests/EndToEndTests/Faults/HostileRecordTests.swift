import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("Hostile records", .serialized)
struct HostileRecordTests {
    /// Lists that carry records, and the stream each belongs to.
    static let lists = [
        "users": "learners", "courses": "courses", "grades": "grades", "certificates": "certificates",
        "enrollments": "enrollments", "progress": "progress", "responses": "assessment_responses", "events": "events",
    ]

    /// Whether a record must be rejected: a time that is part of the key or of a watermark cannot be left out.
    private static func isRejected(_ record: HostileRecord) -> Bool {
        record.kind.isRejected || record.kind == .milliseconds && ["events", "responses"].contains(record.list)
    }

    @Test(
        "are stored, mended or rejected with the reason, and everything else loads",
        .timeLimit(.minutes(3)),
        arguments: lists.keys.sorted()
    )
    func areHandled(list: String) async throws {
        let stream = try #require(Self.lists[list])
        let school = GeneratedSchool.make(.init(courses: 6, learners: 40), seed: 431)
        var faults = Faults()
        faults.hostile = HostileRecord.Kind.allCases.map { HostileRecord(list: list, kind: $0) }
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school, faults: faults)) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)

            let rejected = faults.hostile.filter(Self.isRejected)
            let rejects = try await harness.sql(
                "SELECT natural_key, reason, payload::text FROM sync.rejects WHERE stream = '\(stream)' ORDER BY reason"
            )
            #expect(rejects.count == rejected.count, "\(rejects)")
            let all = try await harness.count("SELECT count(*) FROM sync.rejects")
            #expect(all == rejects.count, "rejects of other streams")
            let hasKeys = rejects.count { $0[0] != nil }
            let withoutID = rejected.count { $0.kind == .missingId || $0.kind == .nullId }
            if list != "events" {
                #expect(hasKeys >= rejected.count - withoutID, "a reject lacks its natural key: \(rejects)")
            }
            let reasons = rejects.map { $0[1] ?? "" }
            for reason in ["duplicate key", "nested too deep", "text too long", "damaged name"] {
                #expect(reasons.contains { $0.hasPrefix(reason) }, "\(reason) is not among \(reasons)")
            }
            #expect(rejects.allSatisfy { ($0[2]?.utf8.count ?? 0) < 20_000 }, "a payload is too large")
            let counted = try await harness.count(
                "SELECT sum(rows_rejected) FROM sync.run_streams WHERE stream = '\(stream)'"
            )
            #expect(counted == rejected.count)
            // Values that were left out or mended are named.
            let drift = try await harness.sql(
                "SELECT field, json_type, kept FROM sync.schema_drift WHERE stream = '\(stream)'"
            )
            if list != "events" {
                #expect(drift.contains { $0[2] == "f" }, "what was left out is not named: \(drift)")
            }
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("that are most of a stream fail it, and leave its mark where it was", .timeLimit(.minutes(2)))
    func mostOfAStream() async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 40), seed: 432)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            harness.simulator.faults.hostile = Array(
                repeating: HostileRecord(list: "users", kind: .missingId),
                count: 120
            )
            let report = await harness.baseline()
            #expect(report.exitCode == 1, "\(report.story)")
            #expect(report.sources.first?.status == "partial")
            let mark = "SELECT position::text FROM sync.watermarks WHERE stream = 'learners' AND partition = ''"
            #expect(try await harness.value(mark) == nil, "a stream that failed has no baseline")
            let status = "SELECT status FROM sync.run_streams WHERE stream = 'learners' ORDER BY run_id DESC LIMIT 1"
            #expect(try await harness.value(status) == "failed")
            try await expectTruth(harness, ["courses", "course_units"])

            harness.simulator.faults = Faults()
            #expect(await harness.baseline().exitCode == 0)
            try await expectTruth(harness)
            #expect(try await harness.value(mark) != nil)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("that are most of the log's news fail the pull, and the log is read again", .timeLimit(.minutes(2)))
    func mostOfTheLog() async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 40), seed: 433)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let mark =
                "SELECT position ->> 'created_after' FROM sync.watermarks WHERE stream = 'events' AND partition = ''"
            let before = try await harness.value(mark)
            #expect(before != nil)
            harness.simulator.change(ChangeRequest(seed: 4_330, count: 20, secondsBetween: 20))
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.faults.hostile = Array(
                repeating: HostileRecord(list: "events", kind: .missingId),
                count: 150
            )
            let report = await harness.sync()
            #expect(report.exitCode == 1, "\(report.story)")
            #expect(try await harness.value(mark) == before)
            harness.simulator.faults = Faults()
            harness.simulator.advance(seconds: 100)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            #expect(try await harness.value(mark) != before)
        }
    }
}
