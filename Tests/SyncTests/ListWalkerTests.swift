import Extractor
import JSON
import Logging
import NIOCore
import Platforms
import Records
import Synchronization
import Testing

@testable import Sync

/// Answers with pages that were written down beforehand: the path's, in their order; the last one again and again.
private final class ScriptedTransport: HTTPTransport {
    private let script: Mutex<[String: [String]]>
    private let asked = Mutex<[String]>([])

    init(_ script: [String: [String]]) {
        self.script = Mutex(script)
    }

    var targets: [String] { asked.withLock { $0 } }

    func send(_ request: TransportRequest) async throws(TransportFailure) -> TransportResponse {
        asked.withLock { $0.append(request.target) }
        let text = script.withLock { script -> String? in
            guard let pages = script[request.target], let first = pages.first else { return nil }
            if pages.count > 1 { script[request.target] = Array(pages.dropFirst()) }
            return first
        }
        guard let text else { return TransportResponse(status: 404) }
        return TransportResponse(status: 200, body: ByteBuffer(string: text))
    }

    func shutdown() async {}
}

/// `{"pages": 2, "total": 3, "items": ["a", "b"]}`, by `?page=`; numbers are those of the walk, which may begin later.
private struct ScriptedPaging: PagingRule {
    var path = "/list"
    var firstPage = 1
    var first: APIRequest { request(forPage: 1) }

    func request(forPage number: Int) -> APIRequest {
        APIRequest(path, query: [("page", String(number + firstPage - 1))], stream: "learners")
    }

    func read(_ page: Page, asked number: Int) -> PageReading {
        page.document.withRoot { root in
            let pages = root["pages"]?.int64.map(Int.init) ?? 1
            let info = PageInfo(
                number: number,
                totalPages: pages,
                totalItems: root["total"]?.int64.map(Int.init),
                next: number + firstPage - 1 < pages ? .page(number + 1) : .end
            )
            return .page(info)
        }
    }
}

private struct ScriptedReader: ListReader {
    private var tally = KeyTally()
    private var total: Int?
    let itemsBefore: Int

    init(itemsBefore: Int = 0) {
        self.itemsBefore = itemsBefore
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        page.document.withRoot { root in tally.note(page: root["items"]?.elements.compactMap(\.string) ?? []) }
        total = info.totalItems ?? total
        return ParsedPage()
    }

    var items: Int { tally.items }
    var isComplete: Bool { !tally.hasRepeats && total.map { tally.items + itemsBefore >= $0 } ?? true }
}

@Suite("One list is walked from its first page to its last")
struct ListWalkerTests {
    private func list(_ path: String = "/list", alternative: ListRead? = nil) -> ListRead {
        let paging = ScriptedPaging(path: path)
        return ListRead(
            stream: "learners",
            request: paging.first,
            paging: paging,
            rules: StatusRules(),
            pagesAtOnce: 0,
            resuming: { resume in
                let rest = ScriptedPaging(path: path, firstPage: resume.page)
                return ListRead(
                    stream: "learners",
                    request: rest.first,
                    paging: rest,
                    rules: StatusRules(),
                    pagesAtOnce: 0,
                    makeReader: { ScriptedReader(itemsBefore: resume.items) }
                )
            },
            alternative: { _ in alternative },
            makeReader: { ScriptedReader() }
        )
    }

    private func walk(
        _ list: ListRead,
        from resumption: WalkResume? = nil,
        _ script: [String: [String]]
    ) async throws -> (outcome: WalkOutcome, targets: [String], pages: [Int]) {
        let transport = ScriptedTransport(script)
        let time = HeldTime()
        let client = APIClient(
            origin: try APIOrigin(parsing: "http://127.0.0.1:1"),
            transport: transport,
            limiter: RateLimiter(RateLimits(perSecond: 1_000, burst: 1_000, inFlight: 4), time: time),
            time: time,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let walker = ListWalker(client: client, clock: ServerClock(time: time))
        var pages: [Int] = []
        let walked = try await walker.walk(list, from: resumption, pagesAhead: 0) { step in
            if step.info != nil { pages.append(step.page) }
        }
        return (walked.outcome, transport.targets, pages)
    }

    private func page(_ items: [String], pages: Int = 1, total: Int? = nil) -> String {
        let list = items.map { "\"\($0)\"" }.joined(separator: ", ")
        return #"{"pages": \#(pages), "total": \#(total.map(String.init) ?? "null"), "items": [\#(list)]}"#
    }

    @Test("page by page; the outcome says what was met")
    func walks() async throws {
        let (outcome, targets, pages) = try await walk(
            list(),
            [
                "/list?page=1": [page(["a", "b"], pages: 2, total: 3)], "/list?page=2": [page(["c"], pages: 2, total: 3)],
            ]
        )
        #expect(targets == ["/list?page=1", "/list?page=2"] && pages == [1, 2])
        #expect(outcome.isComplete && outcome.items == 3 && outcome.expected == 3 && outcome.statesTotal)
        #expect(!outcome.isResumed && !outcome.isPart)
    }

    @Test("again where rows moved, and a walk that holds together counts")
    func repeats() async throws {
        let (outcome, targets, _) = try await walk(
            list(),
            [
                "/list?page=1": [page(["a", "b"], pages: 2, total: 4)],
                "/list?page=2": [page(["b"], pages: 2, total: 4), page(["c", "d"], pages: 2, total: 4)],
            ]
        )
        #expect(targets.count == 4 && outcome.isComplete && outcome.items == 4)
    }

    @Test("three times at most; then it is not complete")
    func givesUp() async throws {
        let (outcome, targets, _) = try await walk(list(), ["/list?page=1": [page(["a"], total: 5)]])
        #expect(targets.count == ListWalker.attempts && !outcome.isComplete && outcome.items == 1)
    }

    @Test("a total that shrinks while it is read is no whole list")
    func shrinks() async throws {
        let (outcome, _, _) = try await walk(
            list(),
            [
                "/list?page=1": [page(["a", "b"], pages: 3, total: 3)], "/list?page=2": [page(["c"], pages: 2, total: 3)],
            ]
        )
        #expect(!outcome.isComplete)
    }

    @Test("goes on after an interruption where the total is the one that was known")
    func resumes() async throws {
        let script = [
            "/list?page=1": [page(["a", "b"], pages: 2, total: 3)], "/list?page=2": [page(["c"], pages: 2, total: 3)],
        ]
        let resumption = WalkResume(page: 2, items: 2, total: 3)
        let (outcome, targets, pages) = try await walk(list(), from: resumption, script)
        #expect(targets == ["/list?page=2"] && pages == [2])
        #expect(outcome.isComplete && outcome.isResumed && outcome.items == 3)
        let changed = try await walk(list(), from: WalkResume(page: 2, items: 2, total: 9), script)
        #expect(changed.targets == ["/list?page=2", "/list?page=1", "/list?page=2"], "it changed meanwhile: from the beginning")
        #expect(changed.outcome.isComplete && !changed.outcome.isResumed)
    }

    @Test("asks otherwise where the list knows another way, and fails where it knows none")
    func alternatives() async throws {
        let other = list("/other")
        let (outcome, targets, _) = try await walk(list(alternative: other), ["/other?page=1": [page(["a"], total: 1)]])
        #expect(targets.first == "/list?page=1" && targets.last == "/other?page=1" && outcome.items == 1)
        await #expect(throws: ExtractorError.self) { try await walk(list(), [:]) }
    }
}
