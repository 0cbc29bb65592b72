import Foundation
import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

/// One warehouse for schools of every platform.
@Suite("Four sources in one warehouse", .serialized)
struct FourSourcesTests {
    /// Opens a school of each kind, and lends a service for all of them.
    private func withFour(
        _ schools: [SchoolOptions],
        _ body: ([Simulator], SchoolHarness) async throws -> Void
    ) async throws {
        try await withSchool(schools[0]) { first in
            var others: [Simulator] = []
            do {
                for school in schools.dropFirst() { others.append(try await school.start()) }
                let simulators = [first.simulator] + others
                var lines = ["warehouse:", "  url: \"\(first.warehouseURL)\"", "sources:"]
                for (school, simulator) in zip(schools, simulators) {
                    lines += school.lines(id: school.kind, url: simulator.url).map {
                        $0.replacingOccurrences(of: "${SCHOOL_SECRET}", with: school.secret)
                    }
                }
                var harness = first
                harness.configuration = try RegistrarConfiguration(
                    parsing: Array((lines.joined(separator: "\n") + "\n").utf8),
                    file: "registrar.yaml",
                    environment: [:]
                )
                try await body(simulators, harness)
            } catch {
                for simulator in others { try? await simulator.stop() }
                throw error
            }
            for simulator in others { try await simulator.stop() }
        }
    }

    private static let streams = "streams: [courses, learners, enrollments, progress]"

    @Test(
        "OULAD behind each fills one warehouse, and one query reads it across sources",
        .enabled(if: FileManager.default.fileExists(atPath: OULADTests.directory), "the data set is not here"),
        .timeLimit(.minutes(10))
    )
    func oneQuery() async throws {
        let directory = OULADTests.directory
        let presentations = TestScale.presentations
        let school = try await OULADSchool.load(directory: directory, presentations: presentations, events: .none)
        let blackboard = try await OULADBlackboardSchool.load(directory: directory, presentations: presentations)
        let matrix = try await OULADMatrixSchool.load(directory: directory, presentations: presentations)
        // Of Grow and LearnWorlds by course: the call for each learner would take minutes in a debug build.
        let byCourse = "streams: [courses, certificates]"
        let schools = [
            SchoolOptions(kind: .grow, school: school, sourceLines: [byCourse]),
            SchoolOptions(kind: .learnworlds, school: school, sourceLines: [byCourse]),
            SchoolOptions(blackboard: blackboard, sourceLines: ["requests_per_day: 1000000", Self.streams]),
            SchoolOptions(matrix: matrix, sourceLines: [Self.streams.replacing("]", with: ", certificates]")]),
        ]
        try await withFour(schools) { simulators, harness in
            let report = await harness.service("baseline").baseline(sources: [], streams: [], restart: false)
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(report.sources.map(\.id) == ["grow", "learnworlds", "blackboard", "matrix"])
            let courses = try await harness.sql("SELECT source_id, count(*) FROM lms.courses GROUP BY 1 ORDER BY 1")
            #expect(courses.map { $0[1] } == Array(repeating: TestScale.pick("3", long: "22"), count: 4))
            let completions = try await harness.sql(
                """
                SELECT source_id, count(*) FILTER (WHERE p.status = 'completed'), count(*) FROM lms.progress p
                JOIN lms.courses c USING (source_id, course_id) GROUP BY source_id ORDER BY source_id
                """
            )
            #expect(completions.compactMap { $0[0] } == ["blackboard", "matrix"])
            #expect(completions.allSatisfy { $0[2] == "\(simulators[2].truthCount("progress"))" })
            let awards = try await harness.sql(
                "SELECT source_id, count(*) FROM lms.certificates GROUP BY 1 ORDER BY 1"
            )
            let all = "\(simulators[0].truthCount("certificates"))"
            #expect(awards == [["grow", all], ["learnworlds", all], ["matrix", all]])
        }
    }

    @Test("one that refuses, or is held by another run, never stops the others", .timeLimit(.minutes(5)))
    func independence() async throws {
        let schools = PlatformCase.all.map { $0.school(.small, 17) }
        try await withFour(schools) { simulators, harness in
            func baseline() async -> RunReport {
                await harness.service("baseline").baseline(sources: [], streams: [], restart: false)
            }
            let refusal = try #require(PlatformCase.all.first { $0.kind == "blackboard" }).refusal
            try simulators[2].setFaults(json: Array(refusal.utf8))
            let first = await baseline()
            #expect(first.exitCode == 1)
            #expect(first.sources.map(\.exitCode) == [0, 0, 77, 0], "\(first.story)")
            simulators[2].resetFaults()
            let only = await harness.service("baseline").baseline(sources: ["blackboard"], streams: [], restart: false)
            #expect(only.exitCode == 0, "\(only.story)")
            for (platform, simulator) in zip(PlatformCase.all, simulators) {
                let rows = try await harness.count(
                    "SELECT count(*) FROM lms.learners WHERE source_id = '\(platform.kind)' AND deleted_at IS NULL"
                )
                #expect(rows == simulator.truthCount("learners"), "\(platform)")
            }
            let leases = try await harness.count("SELECT count(DISTINCT source_id) FROM sync.leases")
            #expect(leases == 4)
            // A progress of every platform, in one query, without a cast or a case.
            let all = try await harness.sql(
                """
                SELECT p.source_id, count(*) FILTER (WHERE p.status = 'completed') > 0, avg(p.progress_rate) <= 100
                FROM lms.progress p JOIN lms.courses c USING (source_id, course_id) GROUP BY 1 ORDER BY 1
                """
            )
            #expect(all == ["blackboard", "grow", "learnworlds", "matrix"].map { [$0, "t", "t"] })
        }
    }
}
