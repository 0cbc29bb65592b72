import LMSSimulator
import RegistrarTesting
import Sync
import Testing

/// What every platform must do, written once and run for each kind.
@Suite("Conformance", .serialized)
struct ConformanceTests {
    @Test(
        "a baseline equals the truth, costs what the guide's formula says, and its books balance",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func baseline(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 11)) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(report.sources.first?.status == "succeeded")
            try await expectTruth(harness)
            let formula = platform.baselineRequests(harness.simulator)
            #expect(harness.simulator.requests.total == formula, "\(harness.simulator.requests.routes)")
            #expect(report.sources.first?.requests == formula)
            #expect(harness.simulator.requests.token <= 1)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "increments equal the truth after random changes, in several rounds",
        .timeLimit(.minutes(5)),
        arguments: PlatformCase.all
    )
    func increments(platform: PlatformCase) async throws {
        let seed: UInt64 = 101
        try await withSchool(platform.school(.small, seed)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: platform.settling)
            var made = 0
            var late = platform.lateColumns
            for round in 0..<6 {
                let wish = ChangeRequest(seed: seed * 100 + UInt64(round), count: 40, secondsBetween: 15)
                let changes = harness.simulator.change(wish)
                made += changes.count
                late.formUnion(changes.flatMap(\.silentColumns))
                #expect(changes.allSatisfy { $0.visible })
                harness.simulator.advance(seconds: platform.settling)
                let report = await harness.sync()
                #expect(report.exitCode == 0, "round \(round) of seed \(seed): \(report.story)")
                let differences = try await harness.compareWithTruth(leavingOut: late)
                let kinds = Set(changes.map(\.kind.rawValue)).sorted()
                #expect(
                    differences.isEmpty,
                    "round \(round) of seed \(seed), \(kinds): \(differences.map(\.description))"
                )
            }
            #expect(made >= 200, "seed \(seed)")
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "a sync after nothing changed costs the guide's idle formula and writes no row version",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func noChange(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 21)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 900)
            #expect(await harness.sync().exitCode == 0)
            harness.simulator.advance(seconds: 60)
            let versions = try await harness.rowVersions()
            harness.simulator.resetRequests()
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(
                harness.simulator.requests.total == platform.idleRequests(harness.simulator),
                "\(harness.simulator.requests.routes)"
            )
            #expect(try await harness.rowVersions().differing(from: versions) == [])
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "a baseline interrupted and killed again and again equals an undisturbed one, at 1.15 times its requests at most",
        .timeLimit(.minutes(5)),
        arguments: PlatformCase.all
    )
    func resumes(platform: PlatformCase) async throws {
        let options = platform.school(.thousandCalls, 61)
        let undisturbed = try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            return (contents: try await harness.contents(), requests: harness.simulator.requests.total)
        }
        #expect(undisturbed.requests >= 1_000)
        try await withInstallation(options) { place in
            let harness = place.harness
            for share in [2, 10, 30, 31] {
                let report = await harness.interruptedBaseline(atCall: undisturbed.requests * share / 100)
                #expect(report.exitCode == 130, "at \(share) %: \(report.story)")
            }
            for share in [4, 6, 8] {
                let run = try place.start("baseline")
                let moment = max(harness.simulator.requests.total + 20, undisturbed.requests * share / 10)
                #expect(try await place.waits(for: run, requests: moment), "it ended before the kill at \(share)0 %")
                run.signal(9)
                #expect(try await run.wait().code == 128 + 9)
            }
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(try await harness.contents().differing(from: undisturbed.contents) == [])
            try await expectTruth(harness)
            let total = harness.simulator.requests.total
            #expect(Double(total) <= 1.15 * Double(undisturbed.requests), "\(total) of \(undisturbed.requests)")
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "hostile records are stored, mended or rejected with the reason, and everything else loads",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func hostileRecords(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 431)) { harness in
            let list = platform.hostileList
            let records = HostileRecord.Kind.allCases.map { #"{"list": "\#(list.list)", "kind": "\#($0.rawValue)"}"# }
            try harness.simulator.setFaults(json: Array(#"{"hostile": [\#(records.joined(separator: ","))]}"#.utf8))
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            let rejects = try await harness.sql("SELECT stream, natural_key, reason FROM sync.rejects")
            #expect(rejects.count == platform.rejectedKinds.count, "\(rejects)")
            #expect(rejects.allSatisfy { $0[0] == list.stream })
            let kept = "SELECT count(*) FROM sync.schema_drift WHERE NOT kept AND stream = '\(list.stream)'"
            #expect(try await harness.count(kept) > 0, "what was left out is not named")
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("refused credentials end in 77 and change nothing", .timeLimit(.minutes(2)), arguments: PlatformCase.all)
    func refused(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 443)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let contents = try await harness.contents()
            harness.simulator.advance(seconds: platform.settling)
            harness.simulator.resetRequests()
            try harness.simulator.setFaults(json: Array(platform.refusal.utf8))
            let report = await harness.sync()
            #expect(report.exitCode == 77, "\(report.story)")
            #expect(harness.simulator.requests.total + harness.simulator.requests.token <= 10)
            #expect(try await harness.contents().differing(from: contents) == [])
            harness.simulator.resetFaults()
            #expect(await harness.sync().exitCode == 0)
        }
    }

    @Test("being asked too much is survived", .timeLimit(.minutes(2)), arguments: PlatformCase.all)
    func throttled(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 445)) { harness in
            var leaping = harness
            leaping.parts.time = LeapingTime()
            try harness.simulator.setFaults(json: Array(platform.throttling.utf8))
            let report = await leaping.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}
