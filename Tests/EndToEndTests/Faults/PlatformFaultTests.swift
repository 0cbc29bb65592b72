import Extractor
import LMSSimulator
import NIOCore
import RegistrarTesting
import Sync
import Synchronization
import Testing

@Suite("A platform", .serialized)
struct PlatformFaultTests {
    static func options(_ seed: UInt64) -> SchoolOptions {
        SchoolOptions(kind: .learnworlds, school: GeneratedSchool.make(.init(courses: 6, learners: 40), seed: seed))
    }

    /// A fault that passes, and how many calls it may cost beside those of a clean run.
    struct Passing: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var calls: Int
        var change: @Sendable (inout Faults) -> Void

        init(_ name: String, _ calls: Int, _ change: @escaping @Sendable (inout Faults) -> Void) {
            (testDescription, self.calls, self.change) = (name, calls, change)
        }
    }

    static let passing = [
        Passing("answers 500 in bursts", 5) { $0.serverErrorCalls = 5 },
        Passing("answers 503", 4) { ($0.serverErrorCalls, $0.serverErrorStatus) = (4, 503) },
        Passing("is asked too much", 4) { $0.tooManyRequestsCalls = 4 },
        Passing("cuts bodies", 5) { $0.truncatedCalls = 5 },
        Passing("closes connections", 5) { $0.closedCalls = 5 },
        Passing("says success is false with 200", 5) { $0.successFalseCalls = 5 },
        Passing("answers nothing with 200", 5) { $0.emptyBodyCalls = 5 },
        Passing("sends more than one document", 5) { $0.trailingBytesCalls = 5 },
        Passing("shows its login page now and then", 5) { $0.htmlCalls = 5 },
        Passing("mints tokens at the third try", 0) { $0.tokenErrorCalls = 2 },
        Passing("revokes its tokens", 8) { $0.revokeTokens = true },
    ]

    @Test("that fails for a moment costs a few calls and nothing else: it", .timeLimit(.minutes(2)), arguments: passing)
    func failsForAMoment(fault: Passing) async throws {
        try await withSchool(Self.options(441)) { harness in
            let formula = RequestFormula(baselineOf: harness.simulator)
            fault.change(&harness.simulator.faults)
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            let total = harness.simulator.requests.total
            #expect(total >= formula.total)
            #expect(total <= formula.total + fault.calls, "\(total) of \(formula.total)")
            #expect(harness.simulator.requests.token <= 3)
            let ledger = try await harness.count("SELECT sum(requests) FROM sync.runs")
            #expect(ledger == total, "the ledger counts repetitions too")
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("whose tokens die all the time is asked for one token a refusal", .timeLimit(.minutes(2)))
    func tokensDie() async throws {
        try await withSchool(Self.options(442)) { harness in
            let formula = RequestFormula(baselineOf: harness.simulator)
            harness.simulator.faults.tokenDiesAfterCalls = 30
            var leaping = harness
            leaping.parts.time = LeapingTime()
            let report = await leaping.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            let requests = harness.simulator.requests
            let refusals = requests.failures["400"] ?? 0
            #expect(refusals > 0)
            #expect(requests.total == formula.total + refusals)
            // Calls that were under way together are refused together, and share the next token.
            #expect(requests.token <= refusals + 1)
        }
    }

    @Test("that refuses every token ends the run with 77, and is left alone", .timeLimit(.minutes(2)))
    func accessDenied() async throws {
        try await withSchool(Self.options(443)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(ChangeRequest(seed: 4_430, count: 10, secondsBetween: 20))
            harness.simulator.advance(seconds: 4_000)
            let contents = try await harness.contents()
            harness.simulator.resetRequests()
            harness.simulator.faults.revokeTokens = true
            harness.simulator.faults.refuseSecret = true
            let report = await harness.sync()
            #expect(report.exitCode == 77, "\(report.story)")
            #expect(harness.simulator.requests.token <= 3)
            #expect(harness.simulator.requests.total <= 8)
            #expect(try await harness.contents().differing(from: contents) == [])
            harness.simulator.faults = Faults()
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
        }
    }

    @Test("that asks for silence gets it, for the whole host", .timeLimit(.minutes(2)), arguments: ["7", "120", "300"])
    func silence(seconds: String) async throws {
        try await withSchool(Self.options(444)) { harness in
            let time = LeapingTime()
            var leaping = harness
            leaping.parts.time = time
            harness.simulator.faults.onlyPaths = "/v2/users"
            harness.simulator.faults.tooManyRequestsCalls = 1
            harness.simulator.faults.retryAfter = seconds
            let report = await leaping.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            let asked = try #require(Int(seconds))
            #expect(time.longest > .seconds(asked - 2))
            #expect(time.longest <= .seconds(asked + 1))
            try await expectTruth(harness)
        }
    }

    @Test(
        "that asks for a long silence gets it from later runs too",
        .timeLimit(.minutes(2)),
        arguments: ["301", "86400", "1000000000000"]
    )
    func longSilence(seconds: String) async throws {
        try await withSchool(Self.options(445)) { harness in
            harness.simulator.faults.onlyPaths = "/v2/users"
            harness.simulator.faults.tooManyRequestsCalls = 1
            harness.simulator.faults.retryAfter = seconds
            let report = await harness.baseline()
            #expect(report.exitCode == 75, "\(report.story)")
            #expect(try await harness.lastRunStatus() == "partial")
            let left = try await harness.count(
                "SELECT extract(epoch FROM not_before - clock_timestamp())::bigint FROM sync.sources"
            )
            let asked = min(try #require(Int(seconds)), 86_400)
            #expect((asked - 30...asked + 1).contains(left), "\(left) seconds")
            let calls = harness.simulator.requests.total
            // A new process knows nothing of the pause but what is stored.
            var anew = harness
            anew.parts.limiters = RateLimiterRegistry()
            let next = await anew.sync()
            #expect(next.exitCode == 75, "\(next.story)")
            #expect(harness.simulator.requests.total == calls)
            try await harness.sql("UPDATE sync.sources SET not_before = clock_timestamp() - interval '1 s'")
            #expect(await anew.baseline().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("whose bodies end anywhere is asked again", .timeLimit(.minutes(3)))
    func bodiesEndAnywhere() async throws {
        try await withSchool(Self.options(446)) { harness in
            // Every page of every list is cut once, each at another place.
            let cuts = Mutex<(seen: Set<String>, cuts: Int)>(([], 0))
            let cutting = harness.altering { request, response in
                guard response.status == 200, request.method == .get else { return response }
                let place = cuts.withLock { state -> Int? in
                    guard state.seen.insert(request.target).inserted else { return nil }
                    state.cuts += 1
                    return state.cuts
                }
                guard let place else { return response }
                let length = response.body.readableBytes
                let end = place % 5 == 0 ? length - 1 : place * 97 % max(length, 1)
                let body = response.body.getSlice(at: response.body.readerIndex, length: end) ?? ByteBuffer()
                return TransportResponse(status: 200, headers: response.headers, body: body)
            }
            let report = await cutting.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(cuts.withLock { $0.cuts } > 50)
            try await expectTruth(harness)
            #expect(try await harness.count("SELECT count(*) FROM sync.rejects") == 0)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "that answers nothing, or drop by drop, is cut off and asked again",
        .timeLimit(.minutes(2)),
        arguments: [true, false]
    )
    func standsStill(isSilent: Bool) async throws {
        try await withSchool(Self.options(447)) { harness in
            harness.simulator.faults.onlyPaths = "/v2/users"
            if isSilent {
                harness.simulator.faults.stalledCalls = 4
            } else {
                harness.simulator.faults.dripCalls = 4
                harness.simulator.faults.dripBytesPerSecond = 1
            }
            let began = ContinuousClock.now
            let report = await harness.impatient(silence: .milliseconds(400)).baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            // With the transport's own patience it would be two minutes at least.
            #expect(ContinuousClock.now - began < .seconds(100))
            try await expectTruth(harness)
        }
    }

    @Test(
        "that redirects elsewhere is a security fault, and nobody is called there",
        .timeLimit(.minutes(2)),
        arguments: [301, 302, 303, 307, 308]
    )
    func redirects(status: Int) async throws {
        try await withSchool(Self.options(448)) { harness in
            let listener = try ForeignListener()
            harness.simulator.faults.onlyPaths = "/v2/users"
            harness.simulator.faults.redirectCalls = 1
            harness.simulator.faults.redirectStatus = status
            harness.simulator.faults.redirectTo = "http://127.0.0.1:\(listener.port)/admin/api/v2/users"
            let report = await harness.baseline()
            #expect(report.exitCode == 69, "\(report.story)")
            #expect(report.story.contains("another origin"))
            #expect(!listener.wasVisited)
            #expect(harness.simulator.faults.redirectCalls == 0)
            #expect(try await harness.lastRunStatus() == "failed")
            #expect(await harness.baseline().exitCode == 0, "the next run goes on")
            try await expectTruth(harness)
        }
    }

    @Test(
        "with one list that fails for good is partly read, and every run says so until it is read",
        .timeLimit(.minutes(2)),
        arguments: [500, 403, 422],
        ["contents", "grades"]
    )
    func oneListFails(status: Int, list: String) async throws {
        try await withSchool(Self.options(449)) { harness in
            let course = try #require(TruthRows(harness.simulator, "grades").rows.first?["course_id"])
            harness.simulator.faults.statusForPath = ["/v2/courses/\(course)/\(list)": status]
            let report = await harness.baseline()
            #expect(report.exitCode == 1, "\(report.story)")
            #expect(report.sources.first?.status == "partial")
            try await expectTruth(harness, ["courses", "learners", "certificates", "events"])
            #expect(try await harness.bookkeepingFaults() == [])
            // The next one asks again, the one after it waits for its time; a part is missing from both.
            for told in ["not read: ", "1 part since an earlier run"] {
                harness.simulator.advance(seconds: 60)
                let missing = await harness.sync()
                #expect(missing.exitCode == 1, "\(missing.story)")
                #expect(try await harness.lastRunStatus() == "partial")
                #expect(missing.sources.first?.message?.contains(told) == true, "\(missing.story)")
            }
            harness.simulator.faults = Faults()
            harness.simulator.advance(seconds: 90_000)
            let next = await harness.sync()
            #expect(next.exitCode == 0, "\(next.story)")
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
        }
    }

    @Test(
        "with a list of the whole school refused is never read well, however often",
        .timeLimit(.minutes(2)),
        arguments: [403, 404, 422]
    )
    func wholeListFails(status: Int) async throws {
        try await withSchool(Self.options(452)) { harness in
            harness.simulator.faults.statusForPath = ["/v2/users": status]
            for _ in 1...2 {
                let report = await harness.baseline()
                #expect(report.exitCode == 1, "\(report.story)")
                #expect(try await harness.lastRunStatus() == "partial")
                #expect(
                    try await harness.count("SELECT count(*) FROM sync.sources WHERE baseline_completed_at IS NOT NULL")
                        == 0
                )
            }
            harness.simulator.faults = Faults()
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness, ["courses", "learners", "certificates", "grades", "events"])
            // Who is on no roster was found by the accounts, and is read by the sync that follows.
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("that answers 401 for one object loses no token over it", .timeLimit(.minutes(2)))
    func unauthorizedObject() async throws {
        try await withSchool(Self.options(450)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(ChangeRequest(seed: 4_500, count: 6, kinds: [.visit], secondsBetween: 20))
            harness.simulator.change(ChangeRequest(seed: 4_501, count: 3, kinds: [.learnerDeleted], secondsBetween: 20))
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.faults.badIdIs401 = true
            harness.simulator.resetRequests()
            let report = await harness.sync()
            #expect([0, 1].contains(report.exitCode), "\(report.story)")
            #expect(harness.simulator.requests.token <= 2)
            let faults = try await harness.bookkeepingFaults()
            #expect(faults == [])
        }
    }

    @Test("may delete a learner between the event and the pull", .timeLimit(.minutes(2)))
    func learnerVanishes() async throws {
        try await withSchool(Self.options(451)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let kinds: [ChangeKind] = [.newLearner, .visit, .enrollment]
            harness.simulator.change(ChangeRequest(seed: 4_510, count: 20, kinds: kinds, secondsBetween: 20))
            let gone = Set(
                harness.simulator.change(
                    ChangeRequest(seed: 4_511, count: 8, kinds: [.learnerDeleted], secondsBetween: 20)
                ).compactMap(\.learnerId)
            )
            #expect(!gone.isEmpty)
            harness.simulator.advance(seconds: 4_000)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            // Those who are still there are as the school has them; those who left are marked by a sweep only.
            let differences = try await harness.compareWithTruth(
                ["courses", "learners", "enrollments", "progress"],
                leavingOut: ["learners.last_login_at"]
            )
            #expect(
                differences.filter { $0.truth != nil }.isEmpty,
                "\(differences.map(\.description).joined(separator: "\n"))"
            )
            harness.simulator.resetRequests()
            harness.simulator.advance(seconds: 100)
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.simulator.requests.total <= 6, "those who left are not asked for for ever")
        }
    }
}
