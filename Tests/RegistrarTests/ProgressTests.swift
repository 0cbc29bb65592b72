import Logging
import Sync
import Synchronization
import Testing

@testable import registrar

@Suite struct ProgressTests {
    @Test("a source's line has requests, the plan's total, rate and time left")
    func source() throws {
        var board = ProgressBoard()
        board.apply(.workStarted(source: "grow", work: "baseline", planned: 887), at: 10)
        for second in 1...312 { board.apply(.request(source: "grow"), at: 10 + Double(second) / 2.5) }
        let summary = try #require(board.summary(of: "grow", at: 10 + 312 / 2.5))
        #expect(summary.requests == 312)
        #expect(
            ProgressText.live(summary, nameWidth: 4, width: 80) == "grow  312 of about 887 requests  2.5/s  ETA 3:50"
        )
        #expect(ProgressText.live(summary, nameWidth: 4, width: 20).count == 19)
    }

    @Test(
        "what a run will make is what was planned, or at least what it knows of",
        arguments: [
            (887, 0, 312, RequestForecast.Total.about(887)), (887, 900, 312, .about(900)), (10, 5, 12, .about(12)),
            (nil, 40, 12, .atLeast(40)), (nil, 12, 12, .unknown), (nil, 0, 0, .unknown), (0, 0, 0, .unknown),
        ] as [(Int?, Int, Int, RequestForecast.Total)]
    )
    func forecast(_ planned: Int?, _ known: Int, _ made: Int, _ total: RequestForecast.Total) {
        #expect(RequestForecast(planned: planned, known: known).total(made: made) == total)
    }

    @Test("the rate is that of the last half minute: a pause before it does not count")
    func rate() {
        var rate = RequestRate()
        rate.note(0, at: 0)
        #expect(rate.perSecond(0, at: 5) == nil)
        rate.note(10, at: 10)
        #expect(rate.perSecond(10, at: 10) == 1)
        for second in 0...60 { rate.note(10 + 4 * second, at: 1_000 + Double(second)) }
        #expect(rate.perSecond(250, at: 1_060) == 4)
    }

    @Test("a plan and doctor show that they work, and a run that was not planned what it knows of")
    func words() {
        var board = ProgressBoard()
        board.apply(.workStarted(source: "a", work: "plan", planned: nil), at: 0)
        board.apply(.request(source: "a"), at: 0)
        board.apply(.workStarted(source: "long", work: "incremental", planned: nil), at: 0)
        board.apply(.expected(source: "long", requests: 30), at: 0)
        board.apply(.expected(source: "long", requests: 20), at: 0)
        for number in 1...10 { board.apply(.request(source: "long"), at: Double(number)) }
        #expect(
            LiveBoard.lines(board.summaries(at: 10), width: 80) == [
                "a     plan  1 request  0.1/s", "long  10 of at least 30 requests  1.0/s  ETA 0:20 or later",
            ]
        )
        board.apply(.workFinished(source: "a"), at: 11)
        board.apply(.workFinished(source: "long"), at: 11)
        #expect(board.isEmpty)
    }

    @Test("a stream's line has lists done of lists known, and pages where it is one list")
    func streams() {
        var board = ProgressBoard()
        board.apply(.workStarted(source: "acme", work: "baseline", planned: nil), at: 10)
        board.apply(.lists(source: "acme", stream: "learners", done: 0, known: 1), at: 10)
        board.apply(.streamStarted(source: "acme", stream: "learners"), at: 10)
        board.apply(.page(source: "acme", stream: "learners", rows: 5_000, page: 25, total: 100), at: 20)
        board.apply(.lists(source: "acme", stream: "grades", done: 2, known: 8), at: 20)
        board.apply(.streamStarted(source: "acme", stream: "grades"), at: 10)
        board.apply(.page(source: "acme", stream: "grades", rows: 70, page: 3, total: 3), at: 20)
        // Read, and not told of yet: nothing of it runs.
        board.apply(.lists(source: "acme", stream: "courses", done: 1, known: 1), at: 20)
        #expect(
            LiveBoard.lines(board.summaries(at: 20), width: 80) == [
                "acme  0 requests",
                "  learners  5,000 rows  25 of 100 pages  500 rows/s  ETA 0:30",
                "  grades    70 rows  2 of 8 lists  7 rows/s  ETA 0:30",
            ]
        )
    }

    @Test("a finished stream's line has its own time, and the stream leaves the board")
    func finished() {
        let board = LiveBoard()
        _ = board.apply(.workStarted(source: "a", work: "baseline", planned: nil))
        _ = board.apply(.streamStarted(source: "a", stream: "x"))
        _ = board.apply(.lists(source: "a", stream: "x", done: 0, known: 1))
        #expect(board.lines(width: 80).count == 2)
        let summary = board.apply(.streamFinished(source: "a", stream: "x", rows: 1))
        #expect(summary.map(ProgressText.finished) == "a x: 1 row in 0:00")
        #expect(board.lines(width: 80).count == 1)
        #expect(board.apply(.note(source: "a", message: "m")) == nil)
    }

    @Test("without a terminal, how far a run and its streams are is logged at most twice a minute, source first")
    func logged() {
        let lines = Mutex<[String]>([])
        let time = Mutex(0.0)
        let keep: @Sendable (String) -> Void = { line in lines.withLock { $0.append(line) } }
        let logger = Logger(label: "x") { ConsoleLogHandler(label: $0, logLevel: .info, format: .text, write: keep) }
        let progress = LoggedProgress(logger: logger) { time.withLock { $0 } }
        progress.report(.workStarted(source: "a", work: "baseline", planned: 180))
        progress.report(.lists(source: "a", stream: "x", done: 0, known: 1))
        progress.report(.streamStarted(source: "a", stream: "x"))
        for second in 1...90 {
            time.withLock { $0 = Double(second) }
            progress.report(.request(source: "a"))
            progress.report(.page(source: "a", stream: "x", rows: second, page: second, total: 90))
        }
        progress.report(.streamFinished(source: "a", stream: "x", rows: 90))
        progress.report(.workFinished(source: "a"))
        progress.report(.note(source: "a", message: "paused"))
        let words = lines.withLock { $0 }.map { $0.split(separator: " ").dropFirst(2).joined(separator: " ") }
        #expect(words.filter { $0.hasPrefix("run progress") }.count == 3)
        #expect(words.filter { $0.hasPrefix("stream progress") }.count == 3)
        #expect(words.count == 11)
        #expect(
            words.contains(
                "run progress source=a eta_seconds=150 mode=baseline requests=30 requests_about=180 "
                    + "requests_per_second=1.0 seconds=30.0"
            ),
            "\(words)"
        )
        #expect(
            words.contains(
                "stream finished source=a stream=x eta_seconds=0 lists=0 lists_known=1 page=90 pages=90 rows=90 "
                    + "seconds=90.0"
            ),
            "\(words)"
        )
        #expect(words.last == "note source=a note=paused")
    }

    @Test(
        "numbers",
        arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (28785, "28,785"), (-1_234_567, "-1,234,567")]
    )
    func grouped(_ number: Int, _ text: String) {
        #expect(Numbers.grouped(number) == text)
    }

    @Test("counted things have their plural", arguments: [(0, "0 rows"), (1, "1 row"), (2_000, "2,000 rows")])
    func counted(_ number: Int, _ text: String) {
        #expect(Numbers.counted(number, "row") == text)
    }

    @Test("times", arguments: [(0.0, "0:00"), (7.4, "0:07"), (750, "12:30"), (25_320, "7:02:00"), (-1, "0:00")])
    func times(_ seconds: Double, _ text: String) {
        #expect(Numbers.time(seconds) == text)
    }

    @Test(
        "ages",
        arguments: [(-5.0, "0 s"), (59.9, "59 s"), (130, "2 min"), (5_400, "1 h"), (172_800, "2 d"), (3e6, "34 d")]
    )
    func ages(_ seconds: Double, _ text: String) {
        #expect(Age.text(seconds) == text)
    }

    @Test("what lies ahead by the platform's clock is told as a moment")
    func ahead() {
        #expect(Age.text(of: "2026-11-21T04:10:00.5Z", now: "2026-11-21T04:00:00Z") == "2026-11-21 04:10 UTC")
        #expect(Age.text(of: "2026-11-21T03:58:00.5Z", now: "2026-11-21T04:00:01.25Z") == "2 min ago")
        #expect(Age.text(of: "never", now: "2026-11-21T04:00:01Z") == "never")
    }
}
