import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("reconcile of a school that went on living", .serialized)
struct LivingReconcileTests {
    @Test(
        "a full repair alone brings the warehouse to the truth, and the next one is clean",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func repairs(platform: PlatformCase) async throws {
        let seed: UInt64 = 731
        try await withSchool(platform.school(.small, seed)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            let made = harness.simulator.change(ChangeRequest(seed: seed, count: 60, secondsBetween: 20))
            #expect(made.count == 60, "seed \(seed)")
            harness.simulator.advance(seconds: 4_000)
            let mended = try await harness.reconcile(full: true, repair: true)
            #expect(mended.exitCode == 0, "\(mended.source.run)")
            #expect(mended.source.total > 0 && mended.source.repaired == mended.source.total)
            try await expectTruth(harness)
            let second = try await harness.reconcile(full: true)
            #expect(second.exitCode == 0 && second.names == [], "\(second.names.sorted())")
        }
    }
}
