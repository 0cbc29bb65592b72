import LMSSimulator
import RegistrarTesting
import Sync
import Testing

/// A new release takes up what the one before it has left: nothing is loaded or written again.
@Suite("A warehouse of the former release", .serialized)
struct UpgradeTests {
    private static let seed: UInt64 = 6_100

    /// Lets a school live, up to the moment at which the former release's warehouse was recorded; that release syncs meanwhile.
    private func live(_ platform: PlatformCase, _ simulator: Simulator, sync: () async -> Void) async {
        await sync()
        for round in 0..<3 as Range<UInt64> {
            simulator.advance(seconds: platform.settling)
            simulator.change(ChangeRequest(seed: Self.seed + round, count: 12, secondsBetween: 15))
            simulator.advance(seconds: 3 * 3_600)
            await sync()
        }
        simulator.advance(seconds: platform.settling)
        await sync()
        simulator.advance(seconds: 60)
        await sync()
        simulator.advance(seconds: 60)
    }

    @Test(
        "is current at once: an idle sync by this release costs the idle formula and writes no row version",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func current(platform: PlatformCase) async throws {
        let former = FormerWarehouse(kind: platform.kind, state: .current)
        try await withSchool(platform.school(.small, Self.seed)) { harness in
            guard !FormerWarehouse.isRecording else {
                var isFirst = true
                await live(platform, harness.simulator) {
                    let report = isFirst ? await harness.baseline() : await harness.sync()
                    #expect(report.exitCode == 0, "\(report.story)")
                    isFirst = false
                }
                return try former.record(harness)
            }
            await live(platform, harness.simulator) {}
            try await former.restore(harness) { harness in
                let versions = try await harness.rowVersions()
                #expect(try await harness.liveRows()["enrollments"] ?? 0 > 0)
                harness.simulator.resetRequests()
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report.story)")
                #expect(report.sources.map(\.mode) == ["incremental"])
                #expect(
                    harness.simulator.requests.total == platform.idleRequests(harness.simulator),
                    "\(harness.simulator.requests.routes)"
                )
                #expect(try await harness.rowVersions().differing(from: versions) == [])
                // And it is followed from there.
                let changes = harness.simulator.change(ChangeRequest(seed: Self.seed + 9, count: 12, secondsBetween: 15))
                harness.simulator.advance(seconds: platform.settling)
                #expect(await harness.sync().exitCode == 0)
                let late = platform.lateColumns.union(changes.flatMap(\.silentColumns))
                let differences = try await harness.compareWithTruth(leavingOut: late)
                #expect(differences.isEmpty, "\(differences.map(\.description))")
            }
        }
    }

    @Test(
        "goes on with an interrupted baseline where it was stopped",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func interrupted(platform: PlatformCase) async throws {
        let former = FormerWarehouse(kind: platform.kind, state: .interrupted)
        try await withSchool(platform.school(.small, Self.seed + 50)) { harness in
            let whole = platform.baselineRequests(harness.simulator)
            let made = whole / 2
            guard !FormerWarehouse.isRecording else {
                #expect(await harness.interruptedBaseline(atCall: made).exitCode == 130)
                return try former.record(harness)
            }
            try await former.restore(harness) { harness in
                let report = await harness.baseline()
                #expect(report.exitCode == 0, "\(report.story)")
                try await expectTruth(harness)
                // Calls under way when it was stopped are made again, and the list that was being walked from its last page on.
                let total = made + harness.simulator.requests.total
                #expect(total <= whole + max(whole / 8, 10), "\(total) of \(whole): \(harness.simulator.requests.routes)")
            }
        }
    }
}
