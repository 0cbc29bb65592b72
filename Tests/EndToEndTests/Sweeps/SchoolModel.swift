import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

/// A school that changes at random, and what its kind wants of the model tests.
struct SchoolModel: Sendable, CustomTestStringConvertible {
    /// The seed of the school and of every change; printed with whatever fails.
    var seed: UInt64
    var options: SchoolOptions
    /// What happens between increments: visible, silent and undoing changes alike.
    var kinds: [ChangeKind]
    /// What happens once in a round.
    var rare: [ChangeKind] = []
    /// Switches of the site while the first sweep of a round reads, such as rows that move between its pages.
    var unrest = "{}"
    /// Each ends with a full sweep and the comparison with the truth.
    var rounds = TestScale.pick(2, long: 6)
    var steps = 3
    var changesAStep = 60
    /// So many changes must have found somebody they could happen to, in six rounds.
    var least = 1_000
    /// Seconds of the school's time before each sweep.
    var rest = 40_000.0
    /// `table.column`s that are not compared.
    var leavingOut: Set<String> = []

    var testDescription: String { "\(options.kind), seed \(seed), \(changesAStep) changes a step" }

    /// Lives through all rounds; after each full sweep the warehouse has to equal the truth in every table.
    func run() async throws {
        try await withSchool(options) { harness in
            // Of so few courses one is a large part.
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            let baseline = await harness.baseline()
            #expect(baseline.exitCode == 0, "seed \(seed): \(baseline.story)")
            var made = 0
            for round in 0..<rounds {
                var changes: [ChangeRecord] = []
                for step in 0..<steps {
                    let number = seed &* 100 &+ UInt64(round * 10 + step)
                    changes += harness.simulator.change(
                        ChangeRequest(seed: number, count: changesAStep, kinds: kinds, secondsBetween: 20)
                    )
                    harness.simulator.advance(seconds: 5_000)
                    let report = await harness.sync()
                    #expect(report.exitCode == 0, "seed \(seed), round \(round): \(report.story)")
                }
                if !rare.isEmpty {
                    changes += harness.simulator.change(
                        ChangeRequest(seed: seed &* 7 &+ UInt64(round), count: 1, kinds: rare)
                    )
                }
                made += changes.count
                try harness.simulator.setFaults(json: Array(unrest.utf8))
                harness.simulator.advance(seconds: rest)
                var report = await harness.sweep()
                #expect(report.exitCode == 0, "seed \(seed), round \(round): \(report.story)")
                harness.simulator.resetFaults()
                harness.simulator.advance(seconds: 4_000)
                report = await harness.sweep()
                #expect(report.exitCode == 0, "seed \(seed), round \(round): \(report.story)")
                let differences = try await harness.compareWithTruth(leavingOut: leavingOut)
                #expect(
                    differences.isEmpty,
                    """
                    seed \(seed), round \(round): \(differences.map(\.description).joined(separator: "\n"))
                    after \(changes.told(about: differences))
                    """
                )
                #expect(try await harness.bookkeepingFaults() == [])
            }
            #expect(made >= least * rounds / 6, "seed \(seed)")
        }
    }

    /// Silent changes are found by the rolling share alone, within the bound.
    ///
    /// - Parameters:
    ///   - bound: The configured bound, in days; a run every six hours.
    ///   - mostCalls: What no single run may cost.
    func findsSilentChanges(_ silent: [ChangeKind], count: Int, within bound: Int, mostCalls: Int) async throws {
        try await withSchool(options) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 21_600)
            #expect(await harness.sync().exitCode == 0)
            let made = harness.simulator.change(
                ChangeRequest(seed: seed, count: count, kinds: silent, secondsBetween: 30)
            )
            #expect(made.count == count, "seed \(seed)")
            var most = 0
            // The bound, and one interval more.
            for _ in 0..<(bound * 4 + 2) {
                harness.simulator.advance(seconds: 21_600)
                harness.simulator.resetRequests()
                let report = await harness.sync()
                #expect(report.exitCode == 0, "seed \(seed): \(report.story)")
                most = max(most, harness.simulator.requests.total)
            }
            let differences = try await harness.compareWithTruth(leavingOut: leavingOut)
            #expect(
                differences.isEmpty,
                """
                seed \(seed): \(differences.map(\.description).joined(separator: "\n"))
                after \(made.told(about: differences))
                """
            )
            #expect(most <= mostCalls, "\(most) calls in one run")
            let status = try await harness.service("status").status().sources[0]
            #expect(!status.bounds.isEmpty)
            let streams = status.streams
            #expect(streams.compactMap(\.oldestVerifiedAt).count >= 5)
        }
    }
}

extension [ChangeRecord] {
    /// Those that touched what differs, for the words of a failure.
    func told(about differences: [TruthDifference]) -> [String] {
        let text = differences.map(\.description).joined()
        return filter { change in
            [change.learnerId, change.courseId, change.unitId].compactMap { $0 }.contains { text.contains("\"\($0)\"") }
        }.map { "\($0.kind) \($0.learnerId ?? "-") \($0.courseId ?? "-") \($0.unitId ?? "-")" }
    }
}

extension SchoolHarness {
    /// Live rows of the warehouse are compared with the truth: none may be missing that the school still has.
    func expectNothingLost(_ what: String) async throws {
        let lost = try await compareWithTruth(limit: 1_000).filter { $0.stored == nil && $0.column == nil }
        #expect(lost.isEmpty, "\(what): \(lost.prefix(5).map(\.description))")
        #expect(try await bookkeepingFaults() == [])
    }
}
