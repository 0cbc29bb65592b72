import Extractor
import Loader
import Testing

@testable import Sync

@Suite("What a run has read")
struct StreamStatsTests {
    private func error(_ code: ExtractorError.Code, _ status: Int? = nil) -> ExtractorError {
        var error = ExtractorError(code, "no")
        error.status = status
        return error
    }

    /// Notes a failure that leaves its stream as it is.
    private func fail(_ stats: StreamStats, _ stream: String, _ error: ExtractorError) -> Bool {
        stats.fail(stream: stream, message: "no", error: error, stops: false)
    }

    @Test("three lists in a row that a failing platform does not bring end a run that has read nothing")
    func outageFromTheStart() {
        let stats = StreamStats()
        #expect(!fail(stats, "courses", error(.platformFailed, 503)))
        #expect(!fail(stats, "courses", error(.platformFailed, 500)))
        #expect(fail(stats, "courses", error(.platformFailed, 503)))
        #expect(stats.nothingWasRead?.status == 503)
    }

    @Test("a refusal is no outage: every list is asked for")
    func refusals() {
        let stats = StreamStats()
        for stream in ["terms", "courses", "learners", "grades", "events"] {
            #expect(!fail(stats, stream, error(.platformFailed, 403)))
        }
        #expect(stats.nothingWasRead?.status == 403, "and yet nothing was read")
    }

    @Test("later on lists of three streams in a row end it, and any answer between them does not let it")
    func outageLaterOn() {
        let stats = StreamStats()
        stats.noteAnswer(stream: "courses")
        for _ in 0..<10 { #expect(!fail(stats, "grades", error(.platformFailed, 500)), "one stream may be broken") }
        #expect(!fail(stats, "events", error(.timedOut)))
        stats.noteAnswer(stream: "learners")
        #expect(!fail(stats, "progress", error(.platformFailed, 503)))
        #expect(!fail(stats, "grades", error(.platformFailed, 503)))
        #expect(fail(stats, "events", error(.platformFailed, 503)))
        #expect(stats.nothingWasRead == nil)
    }

    @Test(
        "what counts as an outage",
        arguments: [
            (ExtractorError.Code.unreachable, nil, true), (.timedOut, nil, true), (.connectionLost, nil, true),
            (.throttled, 429, true), (.badAnswer, 200, true), (.platformFailed, 500, true),
            (.platformFailed, 503, true), (.platformFailed, 408, true), (.platformFailed, 404, false),
            (.platformFailed, 403, false), (.objectUnreadable, 401, false), (.tooLarge, nil, false),
        ]
    )
    func outages(_ code: ExtractorError.Code, _ status: Int?, _ isOutage: Bool) {
        #expect(error(code, status).isOutage == isOutage)
    }

    @Test("a run that read nothing is failed and 69, whatever the platform answered")
    func nothingRead() {
        var refused = error(.platformFailed, 403)
        refused.exitOverride = .credentialsRefused
        for error in [refused, error(.throttled, 429), error(.platformFailed, 503)] {
            let outcome = RunOutcome(nothingRead: error, noAPI: ExtractorError(.noAPI, "no Grow API"))
            #expect(outcome.exitCode == .unavailable)
            #expect(outcome.status == .failed)
            #expect(outcome.message == "nothing could be read: \(error)")
        }
        let missing = RunOutcome(nothingRead: error(.platformFailed, 404), noAPI: ExtractorError(.noAPI, "no Grow API"))
        #expect(missing.message == "nothing could be read: no Grow API")
    }

    @Test("what has to wait says until when")
    func until() {
        var paused = error(.pauseTooLong, 429)
        paused.notBeforeMicroseconds = 1_767_600_000_000_000
        let outcome = RunOutcome(error: paused)
        #expect(outcome.exitCode == .tryLater)
        #expect(
            outcome.message?.hasSuffix("; try again after 2026-01-05T08:00:00Z") == true,
            "\(outcome.message ?? "")"
        )
    }
}
