import Extractor
import Testing

@Suite("Building requests")
struct APIRequestTests {
    private func sent(_ request: APIRequest) async throws -> TransportRequest {
        let transport = FakeTransport { _, _ in .json("[]") }
        _ = try await makeRig(transport).client.fetch(request)
        return try #require(transport.requests.first)
    }

    @Test("arguments are encoded where they stand")
    func encodes() async throws {
        let request = APIRequest(
            "/v2/courses/{id}/users",
            pathArguments: ["a b/c?d#é%"],
            query: [("page", "1"), ("q[]", "x&y=z+ü")],
            secretQuery: [("api_key", Secret("k/1"))],
            stream: "courses"
        )
        let target = try await sent(request).target
        #expect(
            target
                == "/admin/api/v2/courses/a%20b%2Fc%3Fd%23%C3%A9%25/users?page=1&q%5B%5D=x%26y%3Dz%2B%C3%BC&api_key=k%2F1"
        )
    }

    @Test(
        "an id must not climb out of its place",
        arguments: ["", ".", "..", "../x", "a/../b", "a\\..\\b", "a\nb", "a\0"]
    )
    func refusesHostileIDs(_ id: String) async throws {
        let request = APIRequest("/v2/users/{id}", pathArguments: [id], stream: "learners")
        let error = await extractorError { _ = try await sent(request) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.stream == "learners")
    }

    @Test("template and arguments must agree", arguments: [[], ["a", "b"]])
    func counts(_ arguments: [String]) async throws {
        let request = APIRequest("/v2/users/{id}", pathArguments: arguments, stream: "learners")
        #expect(await extractorError { _ = try await sent(request) }?.code == .invalidRequest)
    }

    @Test("forms, headers and common headers are sent")
    func forms() async throws {
        let request = APIRequest(
            .post,
            "/oauth2/access_token",
            headers: [("X-One", "1")],
            body: .form([.init("grant_type", "client_credentials"), .init("client_secret", Secret("s&x"))]),
            stream: "token"
        )
        let sent = try await sent(request)
        #expect(sent.bodyText == "grant_type=client_credentials&client_secret=s%26x")
        #expect(sent.header("content-type") == "application/x-www-form-urlencoded")
        #expect(sent.header("x-one") == "1")
        #expect(sent.header("lw-client") == "client-1")
        #expect(sent.header("accept") == "application/json")
        #expect(sent.header("accept-encoding") == nil)
    }

    @Test("setting a query argument replaces it")
    func settingQuery() async throws {
        let request = APIRequest("/v2/users", query: [("page", "1"), ("n", "200")], stream: "learners")
        #expect(try await sent(request.settingQuery("page", to: "7")).target == "/admin/api/v2/users?page=7&n=200")
        #expect(try await sent(request.settingQuery("x", to: "y")).target == "/admin/api/v2/users?page=1&n=200&x=y")
    }
}
