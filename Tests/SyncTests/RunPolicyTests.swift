import Extractor
import Loader
import Platforms
import Records
import Testing

@testable import Sync

@Suite("What a run does with what it reads, by what it is for")
struct RunPolicyTests {
    private static let now = Timestamp(microsecondsSinceEpoch: 1_751_328_000_000_000)

    static let purposes: [RunPolicy.Purpose] = [
        .baseline, .increment, .target, .comparison(repairs: false), .comparison(repairs: true), .retry(repairs: true),
    ]

    @Test(
        "watermarks",
        arguments: [
            (RunPolicy.Purpose.baseline, "", RunPolicy.WatermarkFate.stored(isRemembered: true)),
            (.baseline, "7", .stored(isRemembered: false)), (.increment, "", .stored(isRemembered: true)),
            (.increment, "7", .stored(isRemembered: true)), (.target, "", .dropped), (.target, "7", .dropped),
            (.comparison(repairs: false), "7", .remembered), (.comparison(repairs: true), "7", .remembered),
            (.retry(repairs: true), "", .remembered),
        ]
    )
    func watermarks(purpose: RunPolicy.Purpose, partition: String, fate: RunPolicy.WatermarkFate) {
        #expect(RunPolicy(purpose).watermark(ofPartition: partition) == fate)
    }

    struct Queued: Sendable {
        var purpose: RunPolicy.Purpose
        var isWhole = false
        var isDue = true
        var fate: RunPolicy.QueueFate
    }

    @Test(
        "queue entries",
        arguments: [
            Queued(purpose: .baseline, fate: .stored), Queued(purpose: .baseline, isDue: false, fate: .stored),
            Queued(purpose: .increment, fate: .keptForThisRun), Queued(purpose: .increment, isDue: false, fate: .stored),
            Queued(purpose: .target, fate: .keptForThisRun), Queued(purpose: .target, isDue: false, fate: .stored),
            Queued(purpose: .comparison(repairs: false), fate: .dropped),
            Queued(purpose: .comparison(repairs: false), isWhole: true, fate: .dropped),
            Queued(purpose: .comparison(repairs: true), fate: .dropped),
            Queued(purpose: .comparison(repairs: true), isWhole: true, fate: .stored),
            Queued(purpose: .retry(repairs: true), isWhole: true, fate: .stored),
            Queued(purpose: .retry(repairs: true), fate: .dropped),
        ]
    )
    func queue(row: Queued) {
        let entry = PendingEntry(
            stream: "progress",
            partition: "7",
            reason: row.isWhole ? PendingEntry.whole : "event",
            dueAt: Self.now.advanced(by: .seconds(row.isDue ? 0 : 1))
        )
        #expect(RunPolicy(row.purpose).queueing(of: entry, now: Self.now) == row.fate)
    }

    @Test("rows that are gone", arguments: purposes)
    func deletions(purpose: RunPolicy.Purpose) {
        let policy = RunPolicy(purpose)
        let guarded = GoneRows(Course.table, "course_id", ["1"])
        let following = GoneRows(Grade.table, columns: ["course_id"], keys: [["1"]], following: Course.table)
        let free = GoneRows(Grade.table, columns: ["course_id"], keys: [["1"]], isGuarded: false)
        switch purpose {
        case .retry:
            #expect([guarded, following, free].allSatisfy { policy.deletion(of: $0) == .dropped })
        case .comparison(repairs: false):
            #expect([guarded, following, free].allSatisfy { policy.deletion(of: $0) == .marked })
        default:
            #expect(policy.deletion(of: guarded) == .heldBack && policy.deletion(of: following) == .heldBack)
            #expect(policy.deletion(of: free) == .marked)
        }
    }

    @Test("who pulls something named leaves marks, queue, quota and deletions to others", arguments: purposes)
    func targets(purpose: RunPolicy.Purpose) {
        let policy = RunPolicy(purpose)
        let isTarget = purpose == .target
        #expect(policy.keepsMarks == !isTarget && policy.takesUpQueue == !isTarget)
        #expect(policy.keepsToAllowance == !isTarget && policy.looksForAbsences == !isTarget)
        #expect(policy.isBaseline == (purpose == .baseline) && policy.resumes == policy.isBaseline)
        #expect(policy.followsChanges == !policy.isBaseline && policy.waitsForDisk == !policy.isBaseline)
    }

    // MARK: Lists that could not be read

    private static func list(
        _ partition: String = "",
        queueable: Bool = false,
        waits: Bool = false,
        wholeStream: Bool? = nil
    ) -> ListRead {
        let request = APIRequest("/list", stream: "progress")
        var list = ListRead(
            stream: "progress",
            partition: partition,
            request: request,
            paging: SingleAnswer(first: request),
            rules: StatusRules(),
            isQueueable: queueable,
            makeReader: { preconditionFailure("nothing is read") }
        )
        list.waitsInQueue = waits
        if let wholeStream { list.isWholeStream = wholeStream }
        return list
    }

    struct Failed: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var list: ListRead
        var lasting = false
        var baseline = false
        /// Seconds from now; `nil` for not at all.
        var queued: Int64?
        var done = false
        var gap = false
    }

    static let failures: [Failed] = [
        Failed(testDescription: "a list of the whole school is a gap of the baseline", list: list(), baseline: true, gap: true),
        Failed(testDescription: "also where it is refused: it is asked for again", list: list(), lasting: true, baseline: true, gap: true),
        Failed(testDescription: "in an increment it is nothing", list: list()),
        Failed(testDescription: "a refused part is done for the baseline", list: list("7"), lasting: true, baseline: true, done: true),
        Failed(testDescription: "one that failed for a moment is not", list: list("7"), baseline: true),
        Failed(
            testDescription: "one that waits in the queue is queued at once, and done",
            list: list("7", waits: true), baseline: true, queued: 0, done: true
        ),
        Failed(
            testDescription: "unless it is refused",
            list: list("7", waits: true), lasting: true, baseline: true, done: true
        ),
        Failed(
            testDescription: "one that the queue can hold is queued at once by a baseline",
            list: list("7", queueable: true), lasting: true, baseline: true, queued: 0, done: true
        ),
        Failed(testDescription: "and after ten minutes by an increment", list: list("7", queueable: true), queued: 600),
        Failed(testDescription: "but not for the whole stream", list: list("", queueable: true)),
        Failed(
            testDescription: "a window of a whole stream is a gap too",
            list: list("2025-01", wholeStream: true), baseline: true, gap: true
        ),
    ]

    @Test("a list that failed", arguments: failures)
    func failure(row: Failed) {
        let failed = FailedList(row.list, isLasting: row.lasting, isBaseline: row.baseline, now: Self.now)
        #expect(failed.queuedAt.map { $0.since(Self.now) } == row.queued.map { .seconds($0) })
        #expect(failed.isDone == row.done && failed.isGap == row.gap)
    }

    @Test("an entry that fails again waits longer and longer, a day at most; a baseline's not at all")
    func retries() {
        func wait(_ attempts: Int, baseline: Bool = false) -> Duration {
            let entry = PendingEntry(stream: "x", partition: "7", reason: "event", dueAt: Self.now, attempts: attempts)
            let next = FailedList.retry(of: entry, isBaseline: baseline, now: Self.now)
            #expect(next.attempts == attempts + 1 && next.reason == "event")
            return next.dueAt.since(Self.now)
        }
        #expect(wait(0) == .seconds(600) && wait(1) == .seconds(1_200) && wait(5) == .seconds(19_200))
        #expect(wait(8) == .seconds(86_400) && wait(60) == .seconds(86_400))
        #expect(wait(3, baseline: true) == .zero)
    }

    @Test(
        "what lasts, and what the ledger says",
        arguments: [
            (ExtractorError.Code.platformFailed, 403, true, "refused"), (.platformFailed, 404, true, "gone"),
            (.platformFailed, 500, true, "failed"), (.objectUnreadable, nil, true, "refused"),
            (.timedOut, nil, false, "failed"), (.unreachable, nil, false, "failed"), (.tooLarge, nil, true, "failed"),
        ] as [(ExtractorError.Code, Int?, Bool, String)]
    )
    func errors(code: ExtractorError.Code, status: Int?, isLasting: Bool, outcome: String) {
        var error = ExtractorError(code, "x")
        error.status = status
        #expect(FailedList.isLasting(error) == isLasting)
        #expect(FailedList.outcome(of: error).rawValue == outcome)
    }
}
