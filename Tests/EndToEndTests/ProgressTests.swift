import LMSSimulator
import RegistrarTesting
import Sync
import Synchronization
import Testing

/// Keeps every event, in order.
private final class EventLog: ProgressReporting {
    private let kept = Mutex<[ProgressEvent]>([])

    func report(_ event: ProgressEvent) { kept.withLock { $0.append(event) } }

    var events: [ProgressEvent] { kept.withLock { $0 } }
}

@Suite("Progress")
struct ProgressTests {
    @Test(
        "of a baseline: requests as in the ledger, lists done of lists known, and each stream's end when it is",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func baseline(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 81)) { harness in
            let log = EventLog()
            var harness = harness
            harness.progress = log
            _ = try await harness.service("plan").plan(sources: [], baseline: true)
            let atPlan = log.events
            #expect(Self.works(atPlan) == ["plan"])
            #expect(Self.requests(atPlan) > 0, "a plan shows its calls")
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            let events = Array(log.events.dropFirst(atPlan.count))
            let planned = try await harness.count("SELECT planned_requests FROM sync.runs")
            #expect(Self.works(events) == ["baseline \(planned)"])
            #expect(Self.requests(events) == report.sources[0].requests)
            if case .workFinished = events.last {} else { Issue.record("the end is not told") }
            try Self.expectOrder(events, of: report.sources[0])
        }
    }

    @Test("of a sync and of doctor is told, too", .timeLimit(.minutes(3)))
    func others() async throws {
        try await withSchool(SchoolOptions(school: GeneratedSchool.make(.init(courses: 3, learners: 20), seed: 82))) {
            harness in
            #expect(await harness.baseline().exitCode == 0)
            let log = EventLog()
            var harness = harness
            harness.progress = log
            _ = await harness.service("doctor").doctor()
            #expect(Self.works(log.events) == ["doctor"])
            #expect(Self.requests(log.events) > 0)
            let count = log.events.count
            harness.simulator.change(ChangeRequest(seed: 1, count: 10))
            harness.simulator.advance(seconds: 7_200)
            let report = await harness.sync()
            let events = Array(log.events.dropFirst(count))
            #expect(Self.works(events) == ["incremental"])
            #expect(Self.requests(events) == report.sources[0].requests)
            try Self.expectOrder(events, of: report.sources[0])
        }
    }

    /// Expects that nothing of a stream comes after its end, and that its lists were all read by then.
    private static func expectOrder(_ events: [ProgressEvent], of report: SourceReport) throws {
        var lists: [String: (done: Int, known: Int)] = [:]
        var ended: [String] = []
        var endsAmongPages = 0
        for (index, event) in events.enumerated() {
            switch event {
            case .lists(_, let stream, let done, let known):
                #expect(done <= known, "\(stream)")
                lists[stream] = (done, known)
            case .page(_, let stream, _, let page, let total):
                #expect(!ended.contains(stream), "\(stream) goes on after its end")
                #expect(page <= total ?? page, "\(stream): page \(page) of \(total ?? 0)")
            case .streamFinished(_, let stream, let rows):
                #expect(!ended.contains(stream), "\(stream) ends twice")
                #expect(lists[stream].map { $0.done == $0.known } ?? false, "\(stream): \(lists)")
                #expect(rows >= 0)
                ended.append(stream)
                let isMorePages = events[index...].contains { if case .page = $0 { true } else { false } }
                if isMorePages { endsAmongPages += 1 }
            default: break
            }
        }
        let started = Set(events.compactMap { if case .streamStarted(_, let stream) = $0 { stream } else { nil } })
        #expect(started == Set(ended))
        #expect(Set(report.streams.filter { $0.requests > 0 }.map(\.name)).isSubset(of: started))
        if report.mode == "baseline" { #expect(endsAmongPages >= 2, "not all at the end: \(ended)") }
    }

    private static func works(_ events: [ProgressEvent]) -> [String] {
        events.compactMap { event in
            guard case .workStarted(_, let work, let planned) = event else { return nil }
            return planned.map { "\(work) \($0)" } ?? work
        }
    }

    private static func requests(_ events: [ProgressEvent]) -> Int {
        events.count { if case .request = $0 { true } else { false } }
    }
}
