import Extractor
import Loader
import Synchronization
import Testing

@testable import Sync

@Suite("Calls are told as they are made", .timeLimit(.minutes(1)))
struct RequestTellerTests {
    private final class Told: Sendable {
        private let news = Mutex<[RequestNews]>([])
        func add(_ more: RequestNews) { news.withLock { $0.append(more) } }
        var totals: [String: Int] { news.withLock { $0.last?.totals ?? [:] } }
        var spent: Int { news.withLock { $0.reduce(0) { $0 + $1.spent.values.reduce(0, +) } } }
    }

    private struct Refused: Error {}

    private func make(_ tally: RequestTally, _ stream: String, token: Bool = false) {
        tally.counter(RequestEvent(kind: token ? .token : .data, stream: stream, isRepetition: false))
    }

    @Test("all of them, token calls too, also those of work that fails")
    func all() async {
        let (tally, told) = (RequestTally(time: HeldTime()), Told())
        await #expect(throws: Refused.self) {
            try await RequestTeller(tally: tally) { told.add($0) }.beside { () async throws -> Void in
                for _ in 0..<50 { make(tally, "courses") }
                make(tally, "token", token: true)
                make(tally, "grades")
                throw Refused()
            }
        }
        #expect(told.totals == ["courses": 50, "grades": 1, "token": 1])
        #expect(told.spent == 52)
        #expect(tally.total == 51)
    }

    @Test("what a write could not tell goes with the next one, once")
    func putBack() async {
        let (tally, told) = (RequestTally(time: HeldTime()), Told())
        let refuses = Mutex(true)
        let written = AsyncStream<Void>.makeStream()
        await RequestTeller(tally: tally) { news in
            let isRefused = refuses.withLock { refuses in
                defer { refuses = false }
                return refuses
            }
            defer { written.continuation.yield() }
            if isRefused { throw Refused() }
            told.add(news)
        }.beside { () async -> Void in
            make(tally, "courses")
            for await _ in written.stream { break }
            make(tally, "courses")
        }
        #expect(told.totals == ["courses": 2])
        #expect(told.spent == 2)
    }
}
