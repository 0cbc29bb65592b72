import Extractor
import JSON
import Testing

@testable import Platforms

@Suite("MATRIX answers and requests")
struct MatrixRulesTests {
    private static let pause = Duration.seconds(65)
    private static let calls = MatrixCalls(key: Secret("fake-secret-key"))

    private func judge(
        _ status: Int,
        _ body: String,
        headers: [(String, String)] = [("Content-Type", "application/json; charset=utf-8")],
        sincePause: Duration? = nil,
        repetitions: Int = 0,
        shape: MatrixRules.Shape = .list,
        followsGoodAnswer: Bool = false
    ) -> String {
        let document = try? JSONDocument(parsing: Array(body.utf8))
        let answer = Answer(
            request: Self.calls.request(.allUsers, [("page", "1")], stream: "learners"),
            status: status,
            headers: ResponseHeaders(headers),
            document: document,
            documentFault: document == nil ? "no JSON" : nil,
            byteCount: body.utf8.count,
            isHTML: body.hasPrefix("<"),
            sincePause: sincePause,
            repetitions: repetitions,
            followsGoodAnswer: followsGoodAnswer
        )
        switch MatrixRules(shape, ratePause: Self.pause).judge(answer) {
        case .good: return "good"
        case .retry: return "retry"
        case .pauseHost(_, let atLeast): return atLeast == Self.pause ? "pause" : "short pause"
        case .credentialsDenied: return "denied"
        case .noAPI: return "no API"
        case .fail(let failure): return "fail \(failure.message ?? "")"
        default: return "other"
        }
    }

    @Test("good answers are of the function's kind")
    func good() {
        #expect(judge(200, "[]") == "good")
        #expect(judge(200, #"{"version":1}"#, shape: .version) == "good")
        for status in [404, 405, 410] {
            #expect(judge(status, "{}", shape: .version) == "no API", "every site has this function")
            #expect(judge(status, "{}") == "fail ", "and not every one the others")
        }
        #expect(judge(200, #"{"users":[]}"#) == "retry")
        #expect(judge(200, "") == "retry")
        #expect(judge(200, "[1,") == "retry")
    }

    @Test("a key that was good is asked with once more before it counts as refused")
    func doubt() {
        let body = #"{"message":"Invalid API key"}"#
        #expect(judge(401, body) == "denied")
        #expect(judge(401, body, followsGoodAnswer: true) == "retry")
        #expect(judge(401, body, repetitions: 1, followsGoodAnswer: true) == "denied")
        #expect(judge(401, body, sincePause: .seconds(3), repetitions: 1, followsGoodAnswer: true) == "pause")
    }

    @Test("a web page with status 200 is a wrong address or an API that is off")
    func webPages() {
        #expect(judge(200, "<html>login</html>") == "denied")
        #expect(judge(200, "sign in", headers: [("Content-Type", "text/html")]) == "denied")
        let redirect = Answer(
            request: Self.calls.request(.version, stream: "courses"),
            status: 302,
            headers: ResponseHeaders([("Location", "/login")]),
            document: nil,
            byteCount: 0
        )
        guard case .credentialsDenied = MatrixRules(ratePause: Self.pause).judgeRedirect(redirect) else {
            Issue.record("a login page is no answer")
            return
        }
    }

    @Test(
        "the rate limit in every status and wording",
        arguments: [400, 403, 503, 429, 200]
    )
    func rateLimit(status: Int) {
        for text in ["API rate limit exceeded", "You have exceeded your quota", "Limit reached", "rate-limited"] {
            #expect(judge(status, #"{"message":"\#(text)"}"#) == "pause")
        }
        #expect(judge(429, "") == "pause")
    }

    @Test("400 is the catch-all: one repeat, then the message")
    func catchAll() {
        let body = #"{"message":"Failed to generate the list"}"#
        #expect(judge(400, body) == "retry")
        #expect(judge(400, body, repetitions: 1) == "fail Failed to generate the list")
        #expect(judge(200, body, repetitions: 1) == "fail Failed to generate the list")
        #expect(judge(403, body) == "fail Failed to generate the list")
        #expect(judge(500, "oops") == "retry")
        #expect(judge(503, "") == "retry")
    }

    @Test("401 right after a rate event is the pause, later the key")
    func unauthorized() {
        let body = #"{"message":"Invalid API key"}"#
        #expect(judge(401, body) == "denied")
        #expect(judge(401, body, sincePause: .seconds(80)) == "pause")
        #expect(judge(401, body, sincePause: .seconds(121)) == "denied")
    }

    @Test("a request prints its argument's names and never the key; the version is pinned; arrays have brackets")
    func requests() throws {
        let request = Self.calls.request(.usersWithIDs, "user_ids", ["1", "2"], stream: "learners")
        #expect("\(request)" == "GET /get_users_with_ids?api_version&user_ids[]&user_ids[]&api_key")
        #expect(!"\(request)\(dump(request))".contains("fake-secret"))
        let form = MatrixCalls(key: Secret("fake-secret-key"), sendsForm: true).request(.version, stream: "courses")
        #expect("\(form)" == "POST /get_version")
        #expect(form.method == .post)
    }

    @Test("only reading functions exist, and options cannot name another")
    func allowList() throws {
        #expect(MatrixFunction.allCases.count == 12)
        #expect(MatrixFunction.allCases.allSatisfy { $0.rawValue.hasPrefix("get_") })
        let moved = try MatrixOptions(["paths": .map(["/get_version": .string("/v1/get_version")])])
        #expect(moved.paths == ["/get_version": "/v1/get_version"])
        for value in ["/delete_users", "/get_all_users", "get_version"] {
            #expect(throws: ExtractorError.self) {
                try MatrixOptions(["paths": .map(["/get_version": .string(value)])])
            }
        }
    }

    @Test("defaults are those of the guide, and every option is described once")
    func options() throws {
        let options = try MatrixOptions.standard()
        #expect(options.ratePause == .seconds(65))
        #expect((options.completionsWindow, options.batch) == (2_000, 100))
        #expect(options.completedOverlap == .seconds(2 * 86_400))
        #expect(
            (options.usersMaxAge, options.classMinAge, options.settleAgain) == (
                .seconds(3_600), .seconds(3_600), .seconds(21_600)
            )
        )
        #expect(options.classMaxAge == .seconds(86_400) && options.archivedMaxAge == .seconds(30 * 86_400))
        #expect(options.assignmentsMaxAge == .seconds(7 * 86_400) && options.runTime == .seconds(600))
        #expect(!options.sendsForm && options.apiRoot == "/api")
        #expect(Set(MatrixOptions.descriptions.map(\.name)).count == MatrixOptions.descriptions.count)
        let form = try MatrixOptions(["key_in": .string("form"), "batch": .integer(5_000)])
        #expect(form.sendsForm && form.batch == 100)
    }

    private func page(_ json: String) throws -> Page {
        Page(
            document: try JSONDocument(parsing: Array(json.utf8)),
            request: Self.calls.request(.allUsers, stream: "learners"),
            fetchedAtMicroseconds: 0
        )
    }

    @Test("only an empty page ends a walk; an empty first page is the whole list")
    func paging() throws {
        let paging = MatrixPaging(Self.calls, .allUsers, stream: "learners", firstPage: 3)
        #expect("\(paging.first)" == "GET /get_all_users?api_version&page&api_key")
        guard case .page(let short) = paging.read(try page(#"[{"id":1}]"#), asked: 2), case .page(3) = short.next else {
            Issue.record("a short page does not end the list")
            return
        }
        guard case .pastEnd = paging.read(try page("[]"), asked: 2) else {
            Issue.record("an empty page ends the list")
            return
        }
        guard case .page(let only) = paging.read(try page("[]"), asked: 1), case .end = only.next else {
            Issue.record("an empty first page is a list")
            return
        }
    }

    @Test("a walk sees ids that come twice, and refuses a page that comes twice")
    func walks() throws {
        var reader = WalkReader { _ in ParsedPage() }
        let info = PageInfo(number: 1, next: .end)
        _ = try reader.read(try page(#"[{"id":1},{"id":2}]"#), info)
        _ = try reader.read(try page(#"[{"id":3},{"x":1}]"#), info)
        #expect(reader.isComplete && reader.items == 4)
        _ = try reader.read(try page(#"[{"id":2},{"id":5}]"#), info)
        #expect(!reader.isComplete)
        #expect(throws: ExtractorError.self) { _ = try reader.read(try page(#"[{"id":2},{"id":5}]"#), info) }
    }
}
