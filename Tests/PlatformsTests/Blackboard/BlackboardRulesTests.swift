import JSON
import Records
import Testing

@testable import Extractor
@testable import Platforms

@Suite("Blackboard answers and pages")
struct BlackboardRulesTests {
    private static let request = APIRequest(
        "/v1/courses/{courseId}/users",
        pathArguments: ["_501_1"],
        query: [("limit", "200"), ("sort", "created"), ("lastAccessed", "2025-01-01T00:00:00.000Z")],
        stream: "enrollments"
    )

    private func answer(_ status: Int, _ body: String) throws -> Answer {
        Answer(
            request: Self.request,
            status: status,
            headers: ResponseHeaders(),
            document: body.isEmpty ? nil : try JSONDocument(parsing: Array(body.utf8)),
            documentFault: body.isEmpty ? "the answer is empty" : nil,
            byteCount: body.utf8.count
        )
    }

    private func verdict(
        _ status: Int,
        _ body: String = #"{"status":0,"message":"no"}"#,
        _ shape: BlackboardRules.Shape = .list,
        list: String = "memberships",
        connectorState: ConnectorState = ConnectorState()
    ) throws -> String {
        let rules = BlackboardRules(shape, list: list, connectorState: connectorState)
        return switch rules.judge(try answer(status, body)) {
        case .good: "good"
        case .empty: "empty"
        case .credentialsRefused: "refused"
        case .credentialsDenied: "denied"
        case .retry: "retry"
        case .pauseHost: "pause"
        case .quotaSpent: "quota"
        case .fail: "fail"
        case .objectUnreadable: "unreadable"
        case .noAPI: "no API"
        }
    }

    @Test("each answer of the guide's table")
    func table() throws {
        #expect(try verdict(200, #"{"results":[],"paging":{}}"#) == "good")
        #expect(try verdict(200, #"{"paging":{}}"#) == "retry")
        #expect(try verdict(200, "") == "retry")
        #expect(try verdict(401, #"{"status":401,"message":"Bearer token is invalid"}"#) == "refused")
        #expect(try verdict(403) == "fail")
        #expect(try verdict(403, #"{"message":"The application is disabled"}"#) == "denied")
        #expect(try verdict(404) == "fail")
        #expect(try verdict(404, #"{"message":"Application not found"}"#) == "denied")
        #expect(try verdict(429) == "pause")
        #expect(try verdict(503) == "retry")
        #expect(try verdict(400) == "fail")
    }

    @Test(
        "nothing graded yet has several spellings",
        arguments: [(404, #"{"status":"404"}"#), (204, ""), (200, ""), (200, "{}")]
    )
    func nothingGraded(status: Int, body: String) throws {
        #expect(["empty", "good"].contains(try verdict(status, body, .grades)))
        #expect(try verdict(403, #"{"status":403}"#, .grades) == "fail", "a hidden column is no empty one")
    }

    @Test("a limit that is too large is learnt from the refusal")
    func limit() throws {
        let connectorState = ConnectorState()
        #expect(
            try verdict(
                400,
                #"{"status":400,"message":"Paging limit may not exceed 50"}"#,
                connectorState: connectorState
            ) == "fail"
        )
        let lists = try Self.lists(connectorState)
        #expect(lists.pageSize("memberships") == 50)
        #expect(lists.pageSize("columns") == 200)
    }

    @Test("an unknown filter is dropped from then on")
    func filter() throws {
        let connectorState = ConnectorState()
        #expect(
            try verdict(400, #"{"message":"Unknown query parameter: lastAccessed"}"#, connectorState: connectorState)
                == "fail"
        )
        let lists = try Self.lists(connectorState)
        #expect(!lists.accepts("lastAccessed", of: "memberships"))
        #expect(lists.accepts("modified", of: "memberships"))
    }

    @Test("the list of users may be refused: learners come otherwise")
    func users() throws {
        let connectorState = ConnectorState()
        #expect(try verdict(403, list: "users", connectorState: connectorState) == "empty")
        #expect(connectorState[BlackboardRules.usersRefused] != nil)
    }

    @Test("behind a gateway with a root of its own, only the query of the site's link is followed")
    func gateway() throws {
        let (origin, _) = try APIOrigin.split("https://learn.example.org")
        let paging = BlackboardPaging(first: Self.request, origin: origin, root: "/gateway/learn")
        let link = #"{"results":[],"paging":{"nextPage":"/learn/api/public/v1/courses/_501_1/users?offset=200"}}"#
        let page = Page(
            document: try JSONDocument(parsing: Array(link.utf8)),
            request: Self.request,
            fetchedAtMicroseconds: 0
        )
        guard case .page(let info) = paging.read(page, asked: 1), case .request(let next) = info.next else {
            Issue.record("the link is followed")
            return
        }
        #expect(
            try next.target(root: "/gateway/learn").hasPrefix(
                "/gateway/learn" + Self.request.pathOnly() + "?offset=200&"
            )
        )
    }

    @Test("a next page is a path of the same host, and gets back the filters it lost")
    func nextPage() throws {
        let (origin, _) = try APIOrigin.split("https://learn.example.org")
        let paging = BlackboardPaging(first: Self.request, origin: origin, root: "/learn/api/public")
        func read(_ body: String) throws -> PageReading {
            let page = Page(
                document: try JSONDocument(parsing: Array(body.utf8)),
                request: Self.request,
                fetchedAtMicroseconds: 0
            )
            return paging.read(page, asked: 1)
        }
        for end in [#"{"results":[]}"#, #"{"results":[],"paging":{}}"#, #"{"results":[],"paging":{"nextPage":null}}"#] {
            guard case .page(let info) = try read(end), case .end = info.next else {
                Issue.record("\(end) is the end")
                continue
            }
        }
        let link = #"{"results":[],"paging":{"nextPage":"/learn/api/public/v1/courses/_501_1/users?offset=200"}}"#
        guard case .page(let info) = try read(link), case .request(let next) = info.next else {
            Issue.record("a path is followed")
            return
        }
        #expect(next.query.map(\.name) == ["limit", "sort", "lastAccessed"])
        for foreign in ["https://evil.example.org/learn/api/public/v1/x", "//evil.example.org/learn", "/admin/x"] {
            guard case .broken(let error) = try read(#"{"results":[],"paging":{"nextPage":"\#(foreign)"}}"#) else {
                Issue.record("\(foreign) is refused")
                continue
            }
            #expect(error.code == .security)
        }
    }

    static func lists(_ connectorState: ConnectorState) throws -> BlackboardLists {
        BlackboardLists(
            options: BlackboardOptions([:]),
            mapping: .plain,
            connectorState: connectorState,
            origin: try APIOrigin.split("https://learn.example.org").0,
            terms: TermBook(),
            preview: PreviewUsers()
        )
    }
}
