import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("MATRIX fields that a site leaves out", .serialized)
struct MatrixAbsentFieldTests {
    /// Members of users, classes, rosters, assignments and gradebooks.
    private static let features = [
        "organization_id", "userid", "joined_at", "course_code", "description", "start", "finish", "parent",
        "enroll_type", "time_spent", "type", "points", "end", "internal",
    ]

    @Test("keep what is stored, while everything else moves on; a null clears", .timeLimit(.minutes(3)))
    func keepAndClear() async throws {
        let school = GeneratedMatrixSchool.make(
            MatrixShape(users: 120, classes: 10, learnersPerClass: 14, periodsShare: 0.5),
            seed: 71
        )
        try await withSchool(SchoolOptions(matrix: school)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let names = Self.features.map { "\"\($0)\"" }.joined(separator: ",")
            try harness.simulator.setFaults(json: Array(#"{"leaves_out": [\#(names)]}"#.utf8))
            harness.simulator.advance(seconds: 4_000)
            let kinds: [ChangeKind] = [
                .profileEdit, .login, .courseEdited, .courseArchived, .regrade, .unenrollment, .assignmentEdited,
                .learnerArchived, .uncompletion, .organizationEdited,
            ]
            let made = harness.simulator.change(
                ChangeRequest(seed: 72, count: 40, kinds: kinds, secondsBetween: 20)
            )
            #expect(Set(made.map(\.kind)).count == kinds.count)
            harness.simulator.advance(seconds: 4_000)
            let report = await harness.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(report.sources[0].rowsWritten > 0)
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])

            harness.simulator.resetFaults()
            let cleared = harness.simulator.change(ChangeRequest(seed: 73, count: 4, kinds: [.detailsCleared]))
            #expect(cleared.count == 4)
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }
}
