import Logging
import Sync
import Synchronization
import Testing

@testable import registrar

@Suite struct ProgressTests {
    @Test("the board knows rate and time left")
    func board() throws {
        var board = ProgressBoard()
        board.apply(.streamStarted(source: "acme", stream: "learners", expectedPages: 100), at: 10)
        let applied = board.apply(
            .page(source: "acme", stream: "learners", pages: 25, rows: 5000, totalPages: nil),
            at: 20
        )
        let summary = try #require(applied)
        #expect(summary.rowsPerSecond == 500)
        #expect(summary.remaining == 30)
        let line = ProgressText.live(summary, nameWidth: 16, width: 80)
        #expect(line == "acme learners     5,000 rows  25 of 100 pages  500 rows/s  ETA 0:30")
        #expect(ProgressText.live(summary, nameWidth: 16, width: 20).count == 19)
    }

    @Test("streams are shown in the order they began, until they end")
    func order() {
        var board = ProgressBoard()
        board.apply(.streamStarted(source: "a", stream: "x", expectedPages: nil), at: 0)
        board.apply(.page(source: "b", stream: "y", pages: 1, rows: 2, totalPages: nil), at: 1)
        #expect(board.summaries(at: 2).map(\.stream) == ["x", "y"])
        #expect(board.summaries(at: 2).allSatisfy { $0.remaining == nil })
        let done = board.apply(.streamFinished(source: "a", stream: "x", rows: 7), at: 3)
        #expect(done?.rows == 7)
        #expect(board.summaries(at: 4).map(\.stream) == ["y"])
        board.apply(.streamFinished(source: "b", stream: "y", rows: 2), at: 5)
        #expect(board.isEmpty)
    }

    @Test("pages that outgrow what was expected have no time left")
    func outgrown() {
        var board = ProgressBoard()
        board.apply(.streamStarted(source: "a", stream: "x", expectedPages: 1), at: 0)
        let summary = board.apply(.page(source: "a", stream: "x", pages: 5, rows: 1, totalPages: nil), at: 1)
        #expect(summary?.pages == 5)
        #expect(summary?.remaining == nil)
    }

    @Test("without a terminal, pages are logged at most twice a minute")
    func logged() {
        let lines = Mutex<[String]>([])
        let time = Mutex(0.0)
        let keep: @Sendable (String) -> Void = { line in lines.withLock { $0.append(line) } }
        let logger = Logger(label: "x") { ConsoleLogHandler(label: $0, logLevel: .info, format: .text, write: keep) }
        let progress = LoggedProgress(logger: logger) { time.withLock { $0 } }
        progress.report(.streamStarted(source: "a", stream: "x", expectedPages: 90))
        for second in 1...90 {
            time.withLock { $0 = Double(second) }
            progress.report(.page(source: "a", stream: "x", pages: second, rows: second, totalPages: 90))
        }
        progress.report(.streamFinished(source: "a", stream: "x", rows: 90))
        progress.report(.note(source: "a", message: "paused"))
        let messages = lines.withLock { $0 }
        #expect(messages.count == 6)
        #expect(messages.filter { $0.contains("stream progress") }.count == 3)
        #expect(messages.last?.contains("note note=paused source=a") == true)
    }

    @Test(
        "numbers",
        arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (28785, "28,785"), (-1_234_567, "-1,234,567")]
    )
    func grouped(_ number: Int, _ text: String) {
        #expect(Numbers.grouped(number) == text)
    }

    @Test("times", arguments: [(0.0, "0:00"), (7.4, "0:07"), (750, "12:30"), (25_320, "7:02:00"), (-1, "0:00")])
    func times(_ seconds: Double, _ text: String) {
        #expect(Numbers.time(seconds) == text)
    }
}
