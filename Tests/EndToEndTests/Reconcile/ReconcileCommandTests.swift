import Foundation
import Glibc
import LMSSimulator
import RegistrarTesting
import Testing

@Suite("registrar reconcile as a command", .serialized)
struct ReconcileCommandTests {
    private static let small = SchoolOptions(school: GeneratedSchool.make(.init(courses: 3, learners: 12), seed: 421))

    private struct Answer: Decodable {
        struct Source: Decodable {
            var id: String
            var differences: [Difference]
            var found: Int
            var repaired: Int
            var remaining: Int
        }
        struct Difference: Decodable {
            var stream: String
            var key: [String: String]
            var kind: String
            var columns: [String]
        }
        var sources: [Source]
    }

    private func answer(_ ending: RegistrarProcess.Ending) throws -> Answer.Source {
        try #require(try JSONDecoder().decode(Answer.self, from: Data(ending.output.utf8)).sources.first)
    }

    @Test(
        "answers with the contract's JSON and exit codes: 1 while differences remain, else 0",
        .timeLimit(.minutes(2))
    )
    func json() async throws {
        try await withInstallation(Self.small) { place in
            #expect(try await place.run("baseline").code == 0)
            let lost = try await place.harness.sql(
                "DELETE FROM lms.grades WHERE ctid = (SELECT min(ctid) FROM lms.grades) RETURNING course_id, learner_id, assessment_id"
            )[0]
            try await place.harness.sql("UPDATE lms.courses SET title = 'x', code = 'y' WHERE course_id = 'course-2'")
            let found = try await place.start("reconcile", "--full", "--json").wait()
            #expect(found.code == 1 && found.errors == "", "\(found.errors)")
            let source = try answer(found)
            #expect(source.id == "acme" && source.found == 2 && source.remaining == 2)
            let grade = try #require(source.differences.first { $0.stream == "grades" })
            #expect(grade.kind == "missing_here" && grade.columns == [])
            #expect(
                grade.key == ["course_id": lost[0] ?? "", "learner_id": lost[1] ?? "", "assessment_id": lost[2] ?? ""]
            )
            let course = try #require(source.differences.first { $0.stream == "courses" })
            #expect(
                course.kind == "different" && course.columns == ["title", "code"]
                    && course.key == ["course_id": "course-2"]
            )

            let text = try await place.start("reconcile", "--full").wait()
            #expect(
                text.code == 1 && text.output.contains("different courses course_id=course-2: title, code"),
                "\(text.output)"
            )
            let alone = try await place.start("reconcile", "--stream", "grades").wait()
            #expect(alone.output.contains("found with --full"), "\(alone.output)")
            let repair = try await place.start("reconcile", "--full", "--repair", "--json").wait()
            #expect(repair.code == 0)
            let mended = try answer(repair)
            #expect(mended.found == 2 && mended.repaired == 2 && mended.remaining == 0)
            let clean = try await place.start("reconcile", "--full", "--json").wait()
            #expect(clean.code == 0)
            #expect(try answer(clean).differences.isEmpty)
        }
    }

    @Test(
        "ends with 75 while another run holds the source, and with 1 where nothing was ever loaded",
        .timeLimit(.minutes(2))
    )
    func refusals() async throws {
        try await withInstallation(Self.small) { place in
            let early = try await place.run("reconcile")
            #expect(early.code == 1 && early.errors.contains("baseline"), "\(early.errors)")
            #expect(place.harness.simulator.requests.total == 0)
            #expect(try await place.run("baseline").code == 0)
            place.harness.simulator.resetRequests()
            place.harness.simulator.faults.onlyPaths = "/v2/users"
            place.harness.simulator.faults.stalledCalls = 1_000
            let first = try place.start("sync", "--full")
            #expect(try await first.waits { (place.harness.simulator.requests.routes["users"] ?? 0) > 0 })
            let second = try await place.run("reconcile")
            #expect(second.code == 75 && second.errors.contains("holds it since"), "\(second.errors)")
            first.signal(SIGTERM)
            #expect(try await first.wait().code == 143)
            place.harness.simulator.resetFaults()
            #expect(try await place.run("reconcile").code == 0)
            let usage = try await place.start("reconcile", "--stream", "nonsense").wait()
            #expect(usage.code == 78)
        }
    }
}
